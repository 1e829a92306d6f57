"""An Elasticsearch server for one test run: a single node, without security, on this machine only."""

import contextlib
import os
import shutil
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from tests.services import maven
from tests.services.processes import Server, free_port, give_away, own_folder

DISTRIBUTION = "org.elasticsearch.distribution.integ-test-zip:elasticsearch:8.19.9:zip"
DIGEST = "6a0603db2b0406776dcf15df248294941f310e9183ca18a219bc8c6d57546ff0"
MEMORY = "-Xms1g -Xmx1g"
SETTINGS = """\
network.host: 127.0.0.1
http.port: {port}
transport.port: {transport_port}
discovery.type: single-node
path.data: {folder}/data
path.logs: {folder}/logs
xpack.security.enabled: false
"""


@contextlib.contextmanager
def elasticsearch():
    """Start a server with no index; gives a function that waits for it and returns its address."""
    archive = maven.fetch(DISTRIBUTION, DIGEST)
    with own_folder("elasticsearch") as folder:
        home, port = unpack(archive, folder), free_port()
        settings = SETTINGS.format(port=port, transport_port=free_port(), folder=folder)
        (home / "config" / "elasticsearch.yml").write_text(settings)
        give_away(folder)
        server = Server(
            "Elasticsearch",
            [home / "bin" / "elasticsearch"],
            folder=folder,
            environment={"PATH": os.environ["PATH"], "ES_JAVA_HOME": java_home(), "ES_JAVA_OPTS": MEMORY},
        )
        address = f"http://127.0.0.1:{port}"

        def ready():
            server.wait_until(lambda: answers(address), seconds=120)
            return address

        try:
            yield ready
        finally:
            server.stop()


def unpack(archive, folder):
    """Unzip with the programs executable, which Python's zipfile forgets; returns the server's home folder."""
    with zipfile.ZipFile(archive) as content:
        content.extractall(folder)
    (home,) = folder.glob("elasticsearch-*")
    for path in [*home.glob("bin/*"), *home.glob("lib/tools/**/*")]:
        path.chmod(0o755)
    return home


def java_home():
    return str(Path(shutil.which("java")).resolve().parent.parent)


def answers(address):
    try:
        with urllib.request.urlopen(
            f"{address}/_cluster/health?wait_for_status=yellow&timeout=1s", timeout=5
        ) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
