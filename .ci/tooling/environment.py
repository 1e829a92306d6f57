"""The virtual environment in .venv: made once, filled by uv, and filled again when a lock file has changed."""

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

from tooling import ROOT, VENV, VENV_PYTHON, debian
from tooling.progress import step

OLDEST = (3, 11, 2)
INSTALLER = ROOT / ".ci" / "uv.txt"
LOCKS = {"run": ROOT / "requirements.txt", "development": ROOT / "tests" / "requirements.txt"}
STAMP = VENV / "installed.json"


@contextlib.contextmanager
def alone():
    """Two `make` in one checkout prepare one after the other."""
    handle = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def provide(name):
    """Have every package of a lock (a key of LOCKS) in .venv; costs nothing while the lock stays the same."""
    lock = LOCKS[name]
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    installed = json.loads(STAMP.read_text()) if STAMP.exists() else {}
    if VENV_PYTHON.exists() and installed.get(name) == digest:
        return
    if not _runs("uv"):
        _make()
    with step("Installing Python packages", seconds=15) as current:
        current.run(
            [VENV_PYTHON, "-m", "uv", "pip", "install", "--python", VENV_PYTHON, "--requirement", lock],
            cwd=ROOT,
            env=_installer_environment(),
        )
    STAMP.write_text(json.dumps(installed | {name: digest}))


def _runs(module):
    if not VENV_PYTHON.exists():
        return False
    return subprocess.run([VENV_PYTHON, "-m", module, "--version"], capture_output=True, check=False).returncode == 0


def _make():
    """A fresh virtual environment with pip and uv; needs Debian's python3-venv."""
    if sys.version_info < OLDEST:
        raise SystemExit(f"Python {'.'.join(map(str, OLDEST))} or newer is needed; this is {sys.version.split()[0]}.")
    if importlib.util.find_spec("ensurepip") is None:
        if not debian.can_install():
            raise SystemExit("Python cannot make a virtual environment here. First: sudo apt-get install python3-venv")
        debian.install(["python3-venv"])
    with step("Making a virtual environment", seconds=8) as current:
        if not _runs("pip"):
            current.run([sys.executable, "-m", "venv", "--clear", VENV])
        current.run([VENV_PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", INSTALLER])


def _installer_environment():
    """uv keeps its cache in the home folder, or in .venv where that cannot be written."""
    environment = os.environ | {"UV_NO_PROGRESS": "1"}
    if not os.access(Path("~").expanduser(), os.W_OK):
        environment.setdefault("UV_CACHE_DIR", str(VENV / "cache"))
    return environment
