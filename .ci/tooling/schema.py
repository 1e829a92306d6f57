"""Which state of the code a data folder was prepared with, so that a start does only what has changed since."""

import hashlib
import io
import json
import tokenize
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tooling import ROOT

FILE_NAME = "prepared.json"
ROOMS = ("academy", "courses", "research", "search")
WITHOUT_MEANING = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}


@dataclass
class Prepared:
    """Digests by subject: each own migration, then what else a start depends on. Empty means: not yet done."""

    migrations: dict[str, str] = field(default_factory=dict)
    database: str = ""
    packages: str = ""
    demo: bool = False
    index: str = ""
    static: str = ""

    @classmethod
    def kept_in(cls, folder: Path):
        """What the folder was prepared with; nothing where it is new."""
        try:
            return cls(**json.loads((folder / FILE_NAME).read_text()))
        except (FileNotFoundError, json.JSONDecodeError, TypeError):
            return cls()

    @classmethod
    def of_the_code(cls, database: str):
        """What this checkout asks for, with database as the address of the database."""
        return cls(
            migrations={str(path.relative_to(ROOT)): meaning(path) for path in _files("migrations/[0-9]*.py")},
            database=_digest(database.encode()),
            packages=_digest((ROOT / "requirements.txt").read_bytes()),
            demo=True,
            index=_contents([*_files("search_source*.py"), *_under("search", "*.py")]),
            static=_contents(_files("static/**/*")),
        )

    def keep_in(self, folder: Path):
        """Write it down, whole or not at all."""
        draft = folder / f"{FILE_NAME}.new"
        draft.write_text(json.dumps(asdict(self), indent=1))
        draft.replace(folder / FILE_NAME)

    def rewritten_since(self, kept: "Prepared"):
        """Migrations that kept has applied and that this code no longer has, or has with another meaning."""
        if self.database != kept.database:
            return []
        return sorted(path for path, digest in kept.migrations.items() if self.migrations.get(path) != digest)


def meaning(path: Path):
    """A digest of a Python file that stays the same when only comments or white space differ."""
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text()).readline)
    return _digest("\n".join(token.string for token in tokens if token.type not in WITHOUT_MEANING).encode())


def _files(pattern):
    return [path for room in ROOMS for path in _under(room, pattern)]


def _under(room, pattern):
    return sorted(path for path in (ROOT / room).rglob(pattern) if path.is_file())


def _contents(paths):
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(ROOT)} {_digest(path.read_bytes())}\n".encode())
    return digest.hexdigest()


def _digest(content: bytes):
    return hashlib.sha256(content).hexdigest()
