"""Every place where an innovation could show: pages, pictures, lists, files, search, API, plans, linked data."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from .study_surfaces import answer

SEEN = "zichtbaar"  # a word of what everybody sees
#: pages about all innovations, for everybody who comes along
OVERVIEWS = ("portfolio", "list", "board", "horizons", "stalled", "gates", "ended", "dependencies", "fte")
#: pages of people who are signed in: their own, and those of managers
DESKS = ("put_in", "mine", "intake", "steering")
#: pages of one innovation with only its number in their address
PAGES = (
    "innovation",
    "history",
    "assess",
    "open_gate",
    "record_decision",
    "outcome",
    "publication",
    "move",
    "documents",
)
#: pages of one innovation that need more than its number
WITH_MORE = ("step", "decide", "document")
#: addresses that carry no number and tell nothing of innovations by themselves
OTHERS = ("similar", "export", "totals", "steering_export", "save_view", "change_view")
PLANS = ("programmes", "roadmap", "goals")
FILTERS = {
    "organisation": "mst",
    "stage": "pilot_a",
    "outcome": "stopped",
    "dependency": "epd",
    "goal": "g1",
    "pillar": "p3",
    "ai": "high",
    "programme": "zichtbaar-programma",
    "horizon": "h1",
    "challenge": "opgave",
    "specialty": "mineralogie",
    "trl": "4",
    "device": "mdr_i",
}


def both(name: str, **arguments: str) -> list[str]:
    """The address in both languages."""
    return [_in(language, name, **arguments) for language in ("nl", "en")]


def dutch(name: str, **arguments: str) -> str:
    return _in("nl", name, **arguments)


def _in(language: str, name: str, **arguments: str) -> str:
    with override(language):
        return reverse(name, kwargs=arguments)


def always() -> Iterator[str]:
    """What everybody can ask for without knowing anything."""
    yield from ("/nl/", "/en/", "/sitemap.xml", "/nl/mijn-academie/")
    for name in OVERVIEWS:
        yield from both(f"innovations:{name}")
    yield from (dutch(f"innovations:{name}") for name in DESKS)
    yield from (dutch(f"cms:{name}") for name in PLANS)
    yield dutch("innovations:list") + "?sort=-days&column=fte&column=money&column=team&column=gate&column=owner"
    yield from (dutch("innovations:export", format=kind) for kind in ("csv", "xlsx"))
    yield from (dutch("innovations:totals", format=kind) for kind in ("xlsx", "pdf"))
    yield dutch("innovations:steering_export", format="xlsx")
    for name, value in FILTERS.items():
        query = f"?{name}={value}"
        yield from (dutch(page) + query for page in ("innovations:list", "search:search"))
        yield f"/api/v1/innovations/totals/{query}"
    yield from ("/api/v1/innovations/", "/api/v1/innovations/totals/", "/api/v1/programmes/")
    yield from ("/api/v1/search/", "/api/v1/search/?type=innovation", f"/api/v1/search/?q={SEEN}")
    yield f"/api/v1/suggest/?q={SEEN}"
    yield dutch("search:search") + f"?q={SEEN}&type=innovation"


def asking(words: Iterable[str]) -> Iterator[str]:
    """What asks for these words: whole, begun, mistyped, beside others, and while an idea is being typed."""
    lists = [dutch(f"innovations:{name}") for name in ("list", "ended", "portfolio")]
    files = [dutch("innovations:export", format="csv")]
    for word in words:
        begun, mistyped = word[:-3], word[:3] + word[4] + word[3] + word[5:]
        yield from (f"{place}?q={quote(word)}" for place in (*lists, *files, *both("search:search")))
        yield f"{dutch('search:search')}?q={quote(mistyped)}"
        yield from (f"/api/v1/search/?q={quote(typed)}" for typed in (word.lower(), mistyped, f"{SEEN} {word}"))
        yield f"/api/v1/innovations/?q={quote(word)}"
        yield f"/api/v1/innovations/totals/?q={quote(word)}"
        yield from (f"/api/v1/suggest/?q={quote(typed)}" for typed in (word, begun))
        yield f"{dutch('innovations:similar')}?q={quote(word)}"


def pages_of(number: str) -> Iterator[str]:
    """Every page of one innovation."""
    yield from (f"/id/{number}", f"/api/v1/innovations/{number}/")
    yield from both("innovations:innovation", number=number)
    yield from (dutch(f"innovations:{name}", number=number) for name in PAGES)
    yield from (dutch("innovations:step", number=number, step=step) for step in ("idea", "access"))
    yield from (dutch("innovations:decide", number=number, pk=str(pk)) for pk in (1, 2, 3))
    yield dutch("innovations:document", number=number, pk="1")


def answers(client: Client, addresses: Iterable[str]) -> dict[str, str]:
    """What stands at these addresses now; linked data of the permanent ones besides."""
    found = {address: answer(client, address) for address in dict.fromkeys(addresses)}
    for address in [address for address in found if address.startswith("/id/")]:
        found[f"{address} as linked data"] = answer(client, address, accept="application/ld+json")
    return found
