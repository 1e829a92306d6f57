"""Processes beside this one: none outlives it, and Ctrl-C ends them through it, not by itself."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys

from tooling import ROOT

DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
ENDS_WITHIN = 10


@contextlib.contextmanager
def child(command, environment=None, **options):
    """Run command until the block ends; it finds the checkout, and the tooling only when environment says so."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment or {name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_die_with_parent,
        **options,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _die_with_parent():
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
