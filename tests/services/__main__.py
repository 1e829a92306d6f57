"""`make test-services`: the tests on PostgreSQL, with Elasticsearch beside it. Arguments go to pytest."""

import contextlib
import os
import signal
import subprocess
import sys
import time

from tests.services.elasticsearch import elasticsearch
from tests.services.postgresql import postgresql

CHOICE = ["-m", "not browser and not long", "--ignore=tests/journeys"]


def stop(number, frame):
    sys.exit(128 + number)


def main(arguments):
    signal.signal(signal.SIGTERM, stop)
    started = time.monotonic()
    print("Starting PostgreSQL and Elasticsearch", flush=True)
    with contextlib.ExitStack() as servers:
        search = servers.enter_context(elasticsearch())
        database = servers.enter_context(postgresql())
        addresses = {"DATABASE_URL": database(), "TEST_ELASTICSEARCH_URL": search()}
        print(f"Both answer after {time.monotonic() - started:.1f} s", flush=True)
        tests = subprocess.run(
            [sys.executable, "-m", "pytest", *CHOICE, *arguments], env=os.environ | addresses, check=False
        )
    return tests.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
