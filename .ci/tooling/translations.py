"""The interface texts: `python -m tooling.translations compile | collect | check`.

compile   makes the .mo files with Babel, so that running the site needs no gettext
collect   brings locale/*/LC_MESSAGES/django.po up to date with the source (needs gettext)
check     exits 1 and lists what is missing, unfinished, obsolete or has other placeholders (needs gettext)
"""

import io
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tooling import ROOT

LOCALE = ROOT / "locale"
SOURCES = ("academy", "courses", "research", "search")
TEXTS = {".py", ".html", ".txt"}
LEFT_OUT = {"static", "migrations"}
PLACEHOLDERS = {
    "python-format": re.compile(r"%(?:\(\w+\))?[#0\- +]*[\d.]*[a-zA-Z]"),
    "python-brace-format": re.compile(r"\{[^{}]*\}"),
}
HEADER = """\
# Texts of the joint academy in {language}. Collected by `make messages`; written by hand."""


CATALOGUES = {"nl": LOCALE / "nl" / "LC_MESSAGES" / "django.po"}


def read(path):
    """The catalogue at path; an empty one when there is none yet."""
    language = path.parent.parent.name
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def compile_all():
    """Make each .mo that is missing or older than its .po; another process never sees half a file."""
    for path in filter(Path.exists, CATALOGUES.values()):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
            write_mo(file, read(path))
        Path(file.name).chmod(0o644)
        Path(file.name).replace(target)


def extract():
    """A catalogue of every text in the source, made by Django's makemessages in a copy of the checkout."""
    with tempfile.TemporaryDirectory(prefix="academy-messages-") as folder:
        for source in _source_files():
            copy = Path(folder) / source.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
        (Path(folder) / "locale").mkdir()
        command = [sys.executable, "-m", "django", "makemessages", "--locale", "nl", "--keep-pot", "--verbosity", "0"]
        subprocess.run(command, cwd=folder, check=True, env={"PATH": _path()})
        template = (Path(folder) / "locale" / "django.pot").read_text(encoding="utf-8")
        # gettext leaves the plural rule of a template open, which Babel cannot read.
        return read_po(
            io.StringIO(template.replace("nplurals=INTEGER; plural=EXPRESSION", "nplurals=2; plural=(n != 1)"))
        )


def _source_files():
    for name in SOURCES:
        for path in sorted((ROOT / name).rglob("*")):
            if path.suffix in TEXTS and path.is_file() and not LEFT_OUT & set(path.parts):
                yield path


def _path():
    return str(Path(shutil.which("xgettext") or sys.exit("xgettext is missing: apt-get install gettext")).parent)


def collect():
    """Add new texts, drop those that are gone, keep every translation; in order of file, without line numbers."""
    template = extract()
    for language, path in CATALOGUES.items():
        catalogue = read(path)
        catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
        catalogue.fuzzy = False  # its header is written
        catalogue.header_comment = HEADER.format(language=language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=120, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
        unfinished = sum(1 for message in catalogue if message.id and not is_translated(message))
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} texts, {unfinished} to translate")


def check():
    """What is wrong with the catalogues, one line each."""
    template = extract()
    return [
        f"{path.relative_to(ROOT)}: {problem}"
        for path in CATALOGUES.values()
        for problem in problems(template, read(path))
    ]


def problems(template: Catalog, catalogue: Catalog):
    """Yield what keeps catalogue from saying every text of template, and what it says too much."""
    known = {_key(message): message for message in catalogue if message.id}
    wanted = {_key(message): message for message in template if message.id}
    for key in wanted.keys() - known.keys():
        yield f"missing: {key[1]!r}"
    for key in known.keys() - wanted.keys():
        yield f"no longer in the source: {key[1]!r}"
    for message in catalogue.obsolete.values():
        yield f"obsolete: {message.id!r}"
    for key in known.keys() & wanted.keys():
        message = known[key]
        if message.fuzzy:
            yield f"unsure (fuzzy): {key[1]!r}"
        elif not is_translated(message):
            yield f"not translated: {key[1]!r}"
        elif difference := other_placeholders(message):
            yield f"other placeholders ({', '.join(sorted(difference))}): {key[1]!r}"


def _key(message):
    return message.context or "", message.id if isinstance(message.id, str) else message.id[0]


def _forms(text):
    return [text] if isinstance(text, str) else list(text)


def is_translated(message):
    return bool(message.string) and all(_forms(message.string))


def other_placeholders(message):
    """Placeholders that a translation invents or leaves out."""
    return _placeholders(message, message.id) ^ _placeholders(message, message.string)


def _placeholders(message, text):
    plain = " ".join(_forms(text)).replace("%%", "")
    return {found[0] for flag, form in PLACEHOLDERS.items() if flag in message.flags for found in form.finditer(plain)}


def main(verb):
    match verb:
        case "compile":
            compile_all()
        case "collect":
            collect()
        case "check":
            if found := check():
                sys.exit("\n".join(sorted(found)) + f"\n{len(found)} texts to mend; `make messages` collects them.")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1])
