"""The reference validator of PDF/A and PDF/UA finds nothing wrong with our certificates."""

import subprocess

import pytest

from courses.certificates import render
from tests.certificates.building import FACTS, TOKEN
from tests.services import maven

pytestmark = pytest.mark.services

VERAPDF = "org.verapdf.apps:greenfield-apps:1.28.1:jar"
DIGEST = "916049db6c6335a4a4c624e098499cff152ef523f65693a0d835aec635b6dcbc"
CASES = {
    "plain": {},
    "english": {"language": "en"},
    "wide letters": {"name": "Nguyễn Thị Hồng Дмитрий דוד أحمد", "title": {"nl": "Ελληνικά", "en": ""}},
    "long": {"name": "Wilhelmina-Alexandra van " * 11, "points": FACTS["points"] * 4},
    "little": {"points": [], "valid_until": None},
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates")
    paths = []
    for number, changes in enumerate(CASES.values()):
        path = folder / f"{number}.pdf"
        path.write_bytes(render.render(facts={**FACTS, **changes}, token=TOKEN))
        paths.append(str(path))
    return paths


@pytest.mark.parametrize("flavour", ["3a", "ua1"])
def test_every_certificate_passes(files, flavour):
    jar = maven.fetch(VERAPDF, DIGEST)
    program = ["java", "-cp", str(jar), "org.verapdf.apps.GreenfieldCliWrapper"]
    checked = subprocess.run(
        [*program, "--flavour", flavour, "--format", "text", *files],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    verdicts = [line.split()[0] for line in checked.stdout.splitlines() if line.startswith(("PASS", "FAIL"))]
    assert verdicts == ["PASS"] * len(files), checked.stdout
