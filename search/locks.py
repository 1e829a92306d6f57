"""One drain and one rebuild at a time, over all processes; a killed process frees its lock."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

DRAIN, REBUILD = "drain", "rebuild"


@contextmanager
def held(name: str, *, wait: bool = False) -> Iterator[bool]:
    """True when the lock is ours for the block; with `wait` it is in the end."""
    folder = Path(settings.DATA_DIR) / "search"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        with _among_machines(name, wait=wait) as ours:
            yield ours


@contextmanager
def _among_machines(name: str, *, wait: bool) -> Iterator[bool]:
    """On PostgreSQL several machines may share one index: an advisory lock of this session."""
    if connection.vendor != "postgresql":
        yield True
        return
    number = int.from_bytes(hashlib.sha256(f"search {name}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(%s)", [number])
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
            if not cursor.fetchone()[0]:
                yield False
                return
    try:
        yield True
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
