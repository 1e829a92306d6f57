"""Pages of research as pictures, small and large, light and dark, without a barrier that axe can find."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from .pictures import pictured

#: Who looks, and what they look at: name of the picture → name of the address with its arguments. Studies are named by
#: their acronym in the demo, since the year in a number depends on the day of the load.
PAGES = {
    "": {
        "studies": ("studies:list", {}),
        "study": ("studies:study", {"number": "THUISHART"}),
        "study-stopped": ("studies:study", {"number": "HELDERNIER"}),
        "study-history": ("studies:history", {"number": "THUISHART"}),
    },
    "researcher@example.org": {
        "study-register": ("studies:register", {}),
        "my-studies": ("studies:mine", {}),
        "my-academy-researcher": ("desk:home", {}),
        "study-near": ("studies:study", {"number": "THUISHART"}),
        "study-preview": ("studies:preview", {"number": "THUISHART"}),
        "study-team": ("studies:team", {"number": "THUISHART"}),
        "study-documents": ("studies:documents", {"number": "THUISHART"}),
        "study-history-near": ("studies:history", {"number": "THUISHART"}),
        **{
            f"study-edit-{step}": ("studies:step", {"number": "THUISHART", "step": step})
            for step in ("basis", "kind", "design", "hospitals", "conduct", "access", "check")
        },
    },
    "science-bureau@example.org": {
        "queue": ("studies:queue", {}),
        "my-academy-bureau": ("desk:home", {}),
        "review": ("studies:review", {"number": "VROEGZIEN", "site": "mst"}),
        "review-decided": ("studies:review", {"number": "LICHTNACHT", "site": "mst"}),
        "import": ("imports:start", {"kind": "studies"}),
    },
    "science-bureau-zgt@example.org": {
        "review-submitted": ("studies:review", {"number": "VROEGZIEN", "site": "zgt"}),
        "review-other-hospital": ("studies:review", {"number": "VROEGZIEN", "site": "mst"}),
    },
}
LISTS = {"studies-en": "", "studies-nothing": "?q=zzzzqx", "studies-filtered": "?status=RECRUITING"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("email", PAGES, ids=lambda email: email.partition("@")[0] or "anybody")
def test_pages(visitors, screen, scheme, email):
    page = visitors.open(screen, email, color_scheme=scheme, java_script_enabled=True)
    barriers = []
    for name, (address, arguments) in PAGES[email].items():
        known = {"number": _number(page, arguments["number"])} if "number" in arguments else {}
        answer = page.goto(reverse(address, kwargs={**arguments, **known}))
        assert answer.status == 200, page.url
        barriers += pictured(page, name, screen, scheme)
    assert not barriers, "\n".join(barriers)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lists(visitors, screen, scheme):
    page, barriers = visitors.open(screen, color_scheme=scheme, java_script_enabled=True), []
    for name, query in LISTS.items():
        with override("en" if name.endswith("-en") else "nl"):
            page.goto(f"{reverse('studies:list')}{query}")
        barriers += pictured(page, name, screen, scheme)
    assert not barriers, "\n".join(barriers)


_numbers: dict[str, str] = {}


def _number(page, acronym: str) -> str:
    """The number of the demo's study with this acronym, as the search gives it to this person."""
    if acronym not in _numbers:
        found = page.request.get(f"/api/v1/search/?type=study&q={acronym}").json()["results"]
        _numbers[acronym] = found[0]["number"]
    return _numbers[acronym]
