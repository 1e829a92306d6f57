"""Pages of innovation as pictures, small and large, light and dark, without a barrier that axe can find."""

import pytest
from django.urls import reverse

from .pictures import pictured

#: Who looks, and what they look at: name of the picture → name of the address with its arguments. Innovations are named
#: by the end of their number, since the year depends on the day of the load.
PAGES = {
    "": {
        "portfolio": ("innovations:portfolio", {}),
        "board": ("innovations:board", {}),
        "horizons": ("innovations:horizons", {}),
        "innovations": ("innovations:list", {}),
        "stalled": ("innovations:stalled", {}),
        "gates": ("innovations:gates", {}),
        "ended": ("innovations:ended", {}),
        "dependencies": ("innovations:dependencies", {}),
        "fte": ("innovations:fte", {}),
        "innovation": ("innovations:innovation", {"number": "0001"}),
        "innovation-stopped": ("innovations:innovation", {"number": "0016"}),
        "innovation-history": ("innovations:history", {"number": "0001"}),
        "programmes": ("cms:programmes", {}),
        "programme": ("cms:programme", {"number": "P-01"}),
        "roadmap": ("cms:roadmap", {}),
        "documents": ("cms:documents", {}),
        "goals": ("cms:goals", {}),
    },
    "innovation-manager@example.org": {
        "my-academy-innovation": ("desk:home", {}),
        "portfolio-manager": ("innovations:portfolio", {}),
        "board-manager": ("innovations:board", {}),
        "put-in": ("innovations:put_in", {}),
        "my-innovations": ("innovations:mine", {}),
        "intake": ("innovations:intake", {}),
        "steering": ("innovations:steering", {}),
        "innovation-near": ("innovations:innovation", {"number": "0020"}),
        "gate-record": ("innovations:record_decision", {"number": "0042"}),
        "outcome": ("innovations:outcome", {"number": "0042"}),
        "assessments": ("innovations:assess", {"number": "0001"}),
        "import-innovations": ("imports:start", {"kind": "innovations"}),
        **{
            f"innovation-edit-{step}": ("innovations:step", {"number": "0001", "step": step})
            for step in ("idea", "strategy", "evidence", "conditions", "benefits", "links", "access")
        },
    },
    "administrator@example.org": {"import-people": ("imports:start", {"kind": "people"})},
}


def numbers(page) -> dict[str, str]:
    """By the end of its number each innovation of the list."""
    page.goto(f"{reverse('innovations:list')}?size=100")
    links = page.locator("main a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    found = [part for link in links if link for part in link.split("/") if part.startswith("I-")]
    return {number.rpartition("-")[2]: number for number in found}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("email", PAGES, ids=lambda email: email.partition("@")[0] or "anybody")
def test_pages(visitors, screen, scheme, email):
    page = visitors.open(screen, email, color_scheme=scheme, java_script_enabled=True)
    known = numbers(page)
    barriers = []
    for name, (address, arguments) in PAGES[email].items():
        given = {**arguments, **({"number": known[arguments["number"]]} if arguments.get("number") in known else {})}
        answer = page.goto(reverse(address, kwargs=given))
        assert answer.status == 200, page.url
        barriers += pictured(page, name, screen, scheme)
    assert not barriers, "\n".join(barriers)
