"""`make run`: prepare what has changed, start the server and the worker, end both together."""

import contextlib
import http.client
import os
import signal
import socket
import sys
import time

from tooling import debian, translations
from tooling.children import child
from tooling.progress import Failed, step
from tooling.site import Site, demo_logins, manage

WORKERS, THREADS = 2, 4
PATIENCE = 60
RESTART_AFTER = 5


class Stop(Exception):
    """Somebody asked to end: Ctrl-C, kill, or the terminal went away."""


def main():
    site = Site.from_environment()
    if site.is_production:
        sys.exit("`make run` starts the demo on one machine. For ACADEMY_ENV=production see docs/operations.md.")
    with site.alone():
        refuse_taken_port(site.port)
        translations.compile_all()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)
        with contextlib.suppress(Stop):
            prepare(site)
            serve(site)


def stop(number, frame):
    raise Stop


def refuse_taken_port(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            sys.exit(f"Port {port} cannot be used ({error.strerror}). Choose another: PORT={port + 1} make run")


def prepare(site):
    """Bring the data up to date in a process of its own, unless nothing has changed since the last start."""
    kept, wanted = site.state()
    if kept == wanted:
        return
    tooling = dict(os.environ)  # with the PYTHONPATH that finds it
    with child([sys.executable, "-m", "tooling.prepare"], environment=tooling) as preparation:
        if code := preparation.wait():
            sys.exit(code)


def serve(site):
    """Run the server and, once it answers, the worker; returns only when the server has ended."""
    with contextlib.ExitStack() as children:
        server = children.enter_context(child(server_command(site.port)))
        wait_for_answer(site, server)
        announce(site)
        worker = children.enter_context(child(manage("run_tasks")))
        while server.poll() is None:
            if worker.poll() is not None:
                print(f"The worker ended (exit code {worker.returncode}); it starts again.", flush=True)
                time.sleep(RESTART_AFTER)
                worker = children.enter_context(child(manage("run_tasks")))
            time.sleep(0.5)
        raise Failed(f"The server ended (exit code {server.returncode}).")


def server_command(port):
    processes = [f"--workers={WORKERS}", f"--threads={THREADS}"]
    quiet = ["--log-level=warning", "--no-control-socket"]  # that socket would lie in the home folder
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "academy.wsgi:application",
        f"--bind=127.0.0.1:{port}",
        *processes,
        *quiet,
    ]


def wait_for_answer(site, server):
    with step("Starting the server", seconds=6):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and server.poll() is None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
                connection.request("GET", "/healthz")
                connection.getresponse().read()
                return
            time.sleep(0.1)
    raise Failed("The server did not start; its reason stands above.")


def announce(site):
    """Tell where the site is and who can log in."""
    print(f"\nThe academy is at {site.address}   Mail it sends: {site.address}dev/mail/   To end: Ctrl-C\n")
    if logins := demo_logins():
        print(f"Log in with one of these and the password  {site.demo_password()}\n")
        width = max(len(email) for email, _, _ in logins)
        for email, name, organisation in logins:
            print(f"  {email:<{width}}  {name}, {organisation}")
    debian.report("run")
    print(flush=True)


if __name__ == "__main__":
    main()
