"""A PostgreSQL server for one test run: empty, fast instead of safe."""

import contextlib
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg

from tests.services.processes import Server, free_port, identity, own_folder

USER = "academy"
SPEED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "256MB"}
CONNECTIONS = 200


def program(name):
    """The newest installed PostgreSQL program of that name; Debian keeps them out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return found[-1] if found else shutil.which(name)


@contextlib.contextmanager
def postgresql():
    """Start a server with an empty cluster; gives a function that waits for it and returns its DATABASE_URL."""
    with own_folder("postgresql") as folder:
        data, port = folder / "data", free_port()
        subprocess.run(
            [program("initdb"), "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            check=True,
            **identity(),
        )
        options = [f"-c{key}={value}" for key, value in (SPEED | {"max_connections": CONNECTIONS}).items()]
        command = [program("postgres"), "-D", data, "-p", port, "-k", folder, "-h", "127.0.0.1", *options]
        server = Server("PostgreSQL", command, folder=folder)
        address = f"postgresql://{USER}@127.0.0.1:{port}/postgres"

        def ready():
            server.wait_until(lambda: answers(address), seconds=30)
            return address

        try:
            yield ready
        finally:
            server.stop(signal.SIGINT)  # ends open connections instead of waiting for them


def answers(address):
    try:
        psycopg.connect(address, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
