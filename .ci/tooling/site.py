"""The demo site's environment: where its data lies, its port and its logins, read without starting Django."""

import contextlib
import fcntl
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml
from environs import Env

from tooling import ROOT
from tooling.schema import Prepared

DATABASE_FILE = "academy.sqlite3"


@dataclass(frozen=True)
class Site:
    """What the settings of the site will be, as far as starting it depends on them."""

    data: Path
    port: int
    database: str
    password: str
    is_production: bool

    @classmethod
    def from_environment(cls):
        """Read the process's environment and .env, as academy.settings does."""
        env = Env()
        env.read_env(ROOT / ".env", recurse=False)
        data = Path(env.str("DATA_DIR", str(ROOT / "var"))).resolve()
        return cls(
            data=data,
            port=env.int("PORT", 8000),
            database=env.str("DATABASE_URL", "") or f"sqlite:///{data / DATABASE_FILE}",
            password=env.str("DEMO_PASSWORD", ""),
            is_production=env.str("ACADEMY_ENV", "development") == "production",
        )

    @property
    def address(self):
        return f"http://localhost:{self.port}/"

    def state(self):
        """(what the data was prepared with, what the code asks for): equal when there is nothing to do."""
        kept = Prepared.kept_in(self.data) if self.has_database() else Prepared()
        return kept, Prepared.of_the_code(self.database)

    def has_database(self):
        """False when the database is a file that does not exist yet."""
        if not self.database.startswith("sqlite"):
            return True
        return Path(self.database.partition("://")[2].removeprefix("/")).exists()

    def demo_password(self):
        """The password of every demo login: chosen, or made at the first start and kept."""
        kept = self.data / "demo-password"
        return self.password or (kept.read_text().strip() if kept.exists() else "")

    @contextlib.contextmanager
    def alone(self):
        """Only one `make run` or `make reset` at a time works in this data folder."""
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / "run.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                sys.exit(f"The academy is running already with the data in {self.data}. Stop it first (Ctrl-C there).")
            yield


def manage(*arguments):
    """The command line of a management command."""
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def demo_logins():
    """(e-mail, name, organisation) of each demo login; empty when the demo content is not there."""
    for path in ROOT.glob("academy/**/people.yaml"):
        people = yaml.load(path.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["people"]
        return [_login(person) for person in people if person.get("login")]
    return []


def _login(person):
    names = (person["given_name"], person.get("infix"), person["family_name"])
    return person["email"], " ".join(filter(None, names)), person["organisation"].upper()
