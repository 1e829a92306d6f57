"""The real site for the journeys: prepared once, copied per test process, served on a port of its own."""

import contextlib
import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "wachtwoord-voor-de-reis"
PATIENCE = 60  # seconds until the server has to answer


@dataclass(frozen=True)
class Site:
    """A running site: its address and where its data lie."""

    address: str
    data: Path

    def url(self, path: str) -> str:
        """The whole address of a path."""
        return f"{self.address}{path}"


def environment(data: Path, port: int) -> dict[str, str]:
    """What every process of the site is given; nothing of the test process reaches it."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    return kept | {
        "ACADEMY_ENV": "development",
        "DATA_DIR": str(data),
        "PORT": str(port),
        "DEMO_PASSWORD": PASSWORD,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "default",
    }


def prepared(shared: Path) -> Path:
    """The data folder that every process copies; the first that comes makes it, the others wait.

    JOURNEYS_DATA names a folder that is kept from one run to the next, to work on the journeys themselves.
    """
    folder = Path(os.environ.get("JOURNEYS_DATA") or shared / "prepared")
    shared.mkdir(parents=True, exist_ok=True)
    with (shared / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "staged").exists():
            _prepare(folder)
    return folder


def _prepare(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    given = environment(folder, 8000)
    tooling = given | {"PYTHONPATH": os.pathsep.join((str(ROOT / ".ci"), str(ROOT)))}
    for module in ("tooling.prepare", "tests.journeys.stage"):
        command = [sys.executable, "-m", module]
        done = subprocess.run(command, cwd=ROOT, env=tooling, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{module} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    (folder / "staged").touch()


@contextlib.contextmanager
def running(shared: Path):
    """A site of its own: server and worker, ended together; a log that is shown when the server does not start."""
    data = Path(tempfile.mkdtemp(prefix="academy-journey-"))
    shutil.copytree(prepared(shared), data, dirs_exist_ok=True)
    port = _free_port()
    given = environment(data, port)
    gunicorn = ["-m", "gunicorn", "academy.wsgi:application", f"--bind=127.0.0.1:{port}", "--threads=4"]
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, data, ignore_errors=True)
        log = stack.enter_context((data / "server.log").open("w"))
        server = stack.enter_context(_child([*gunicorn, "--no-control-socket", "--log-level=warning"], given, log))
        site = Site(f"http://localhost:{port}", data)
        _wait_for_answer(site, server)
        stack.enter_context(_child(["manage.py", "run_tasks"], given, log))
        yield site


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def _child(arguments, given, log):
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=given, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for_answer(site: Site, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(site.url("/readyz"), timeout=PATIENCE) as answer:
                answer.read()
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError((site.data / "server.log").read_text()[-4000:])
