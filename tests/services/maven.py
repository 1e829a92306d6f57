"""Fetch a server or a tool by its coordinates from Maven Central, once per machine, and check what came."""

import hashlib
import os
import subprocess
from pathlib import Path

HOME = Path("~").expanduser()
PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get"


def fetch(coordinates, sha256):
    """The local path of "group:artifact:version:type"; RuntimeError when its content is not the expected one."""
    group, artifact, version, kind = coordinates.split(":")
    path = repository() / group.replace(".", "/") / artifact / version / f"{artifact}-{version}.{kind}"
    if not path.exists():
        options = ["-B", "-q", "-Dtransitive=false", f"-Dmaven.repo.local={repository()}"]
        if subprocess.run(
            ["mvn", *options, PLUGIN, f"-Dartifact={coordinates}"], stdin=subprocess.DEVNULL, check=False
        ).returncode:
            raise SystemExit(f"Maven could not fetch {coordinates}; its reason stands above.")
    with path.open("rb") as file:
        if (digest := hashlib.file_digest(file, "sha256").hexdigest()) != sha256:
            raise RuntimeError(f"{path} has SHA-256 {digest}, not the expected one; remove it and try again.")
    return path


def repository():
    """Maven's own folder, or one in the virtual environment where the home folder cannot be written."""
    return HOME / ".m2" / "repository" if os.access(HOME, os.W_OK) else Path(".venv/maven").resolve()
