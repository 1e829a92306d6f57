"""The static files hold together: every address in a style sheet exists, nothing comes from elsewhere."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.template.loader import get_template

ROOT = Path(finders.find("academy/icons.svg")).parent
SHEETS = sorted((ROOT / "css").glob("*.css"))
ORDER = ["tokens", "base", "frame", "forms", "components", "weave", "charts", "print"]


def test_frame_links_every_sheet_in_order():
    html = get_template("frame.html").render()
    assert re.findall(r"academy/css/(\w+)\.css", html) == ORDER
    assert sorted(ORDER) == [sheet.stem for sheet in SHEETS]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_sheet_asks_for_nothing_outside(sheet):
    text = sheet.read_text()
    assert not re.search(r"@import|https?:|!important", text)
    for address in re.findall(r'url\("([^"]+)"\)', text):
        assert (sheet.parent / address).resolve().is_file(), address


def test_sheets_are_small():
    assert len(gzip.compress(b"".join(sheet.read_bytes() for sheet in SHEETS), 9)) < 16 * 1024


def test_every_vendored_file_has_its_licence():
    for licence in ("icons.LICENSE.txt", "fonts/OFL-bitter.txt", "fonts/OFL-source-sans-3.txt", "js/htmx.LICENSE.txt"):
        assert (ROOT / licence).is_file()


def test_names_with_a_digest_resolve_inside_the_sheets(tmp_path):
    storage = ManifestStaticFilesStorage(location=tmp_path, base_url="/static/")
    paths = {}
    for file in (path for path in ROOT.rglob("*") if path.is_file()):
        name = f"academy/{file.relative_to(ROOT)}"
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(file.read_bytes())
        paths[name] = (storage, name)
    problems = [outcome for _name, _hashed, outcome in storage.post_process(paths) if isinstance(outcome, Exception)]
    assert problems == []
    base = (tmp_path / storage.stored_name("academy/css/base.css")).read_text()
    assert re.search(r"fonts/source-sans-3-latin-wght\.[0-9a-f]{12}\.woff2", base)
