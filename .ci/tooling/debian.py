"""Debian packages that a target needs: found by what they bring, installed as root, otherwise named in one line."""

import ctypes
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tooling.progress import step


@dataclass(frozen=True)
class Package:
    """A Debian package and where it shows: a command on the PATH, a library's soname, or a glob of a file."""

    name: str
    command: str = ""
    library: str = ""
    file: str = ""

    def is_present(self):
        if self.command and shutil.which(self.command):
            return True
        if self.file and any(Path("/").glob(self.file)):
            return True
        return bool(self.library) and _loads(self.library)


def _loads(library):
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


CERTIFICATES = (
    Package("libpango-1.0-0", library="libpango-1.0.so.0"),
    Package("libpangoft2-1.0-0", library="libpangoft2-1.0.so.0"),
    Package("libharfbuzz-subset0", library="libharfbuzz-subset.so.0"),
    Package("fonts-dejavu-core", file="usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
)
TRANSLATIONS = (Package("gettext", command="xgettext"),)
BROWSER = (Package("chromium", command="chromium"), Package("libatomic1", library="libatomic.so.1"))
SERVICES = (
    Package("postgresql", command="initdb", file="usr/lib/postgresql/*/bin/initdb"),
    Package("openjdk-17-jre-headless", command="java"),
    Package("maven", command="mvn"),
    Package("poppler-utils", command="pdftotext"),
)


@dataclass(frozen=True)
class Need:
    """Packages for one purpose, and what happens without them; a need that is required stops the target."""

    packages: tuple[Package, ...]
    without: str
    required: bool = False


NEEDS = {
    "run": [Need(CERTIFICATES, "the site runs, but makes no certificate PDFs")],
    "test": [Need(CERTIFICATES, "tests of certificate PDFs fail")],
    "lint": [Need(TRANSLATIONS, "the check for missing translations is skipped")],
    "messages": [Need(TRANSLATIONS, "messages cannot be collected", required=True)],
    "browser": [
        Need(CERTIFICATES, "journeys that open a certificate fail"),
        Need(BROWSER, "there is no browser to drive", required=True),
    ],
    "services": [
        Need(CERTIFICATES, "tests of certificate PDFs fail"),
        Need(SERVICES, "the servers cannot be started", required=True),
    ],
}


def provide(target):
    """Install what target misses when root; otherwise a missing package that it cannot do without ends the run."""
    for need, names in missing(target):
        if can_install():
            install(names)
        elif need.required:
            raise SystemExit(_line(need, names))


def report(target):
    """Print one line for each need of target that is not met."""
    for need, names in missing(target):
        print(_line(need, names), flush=True)


def missing(target):
    """(need, names of its missing packages) for each need of target that is not met."""
    found = (
        (need, [package.name for package in need.packages if not package.is_present()])
        for need in NEEDS.get(target, ())
    )
    return [(need, names) for need, names in found if names]


def _line(need, names):
    names = " ".join(names)
    return f"Missing Debian packages: {names} ({need.without}). To install them: sudo apt-get install {names}"


def can_install():
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(names):
    """Install Debian packages by name, waiting for another apt; the lists are fetched when the first try fails."""
    apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=600"]
    wanted = [*apt, "install", "-y", "--no-install-recommends", *names]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with step(f"Installing Debian packages: {' '.join(names)}", seconds=30) as current:
        known = subprocess.run(
            [*wanted, "--download-only"], env=environment, capture_output=True, stdin=subprocess.DEVNULL, check=False
        )
        if known.returncode:
            current.run([*apt, "update"], env=environment)
        current.run(wanted, env=environment)
