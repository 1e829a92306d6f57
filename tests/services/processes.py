"""Servers that a test run starts: as an unprivileged user, in a folder of their own, stopped by process number."""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

UNPRIVILEGED = "nobody"
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
STOPS_WITHIN = 20


def free_port():
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def identity():
    """The options that make subprocess start something as an unprivileged user; none when this user is one."""
    if os.geteuid():
        return {}
    user = pwd.getpwnam(UNPRIVILEGED)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def give_away(folder):
    """Make the unprivileged user the owner of folder and all that is in it."""
    if owner := identity():
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, owner["user"], owner["group"], follow_symlinks=False)


@contextlib.contextmanager
def own_folder(name):
    """A new folder that the unprivileged user may enter; removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=f"academy-{name}-"))
    try:
        give_away(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """A running server; `wait_until` tells when it is ready, `stop` ends it whatever happened before."""

    def __init__(self, name, command, *, folder, environment=None):
        self.name = name
        self.log = folder / "server.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                cwd=folder,
                env=environment or {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,
                **identity(),
            )

    def wait_until(self, is_ready, seconds):
        """Return once is_ready() is true; RuntimeError with the end of the log when it does not become so."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            if is_ready():
                return
            time.sleep(0.1)
        raise RuntimeError(f"{self.name} is not ready:\n{self.log.read_text(errors='replace')[-4000:]}")

    def stop(self, with_signal=signal.SIGTERM):
        """End the server, and what is left of its process group when it did not do that itself."""
        self.process.send_signal(with_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOPS_WITHIN)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _die_with_parent():
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
