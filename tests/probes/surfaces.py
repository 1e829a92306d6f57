"""Every place where a record could show: pages, lists, search, facets, counts, suggestions, API, sitemap, addresses."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.test import Client

VARYING = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+|("took_ms": ?)[\d.]+')
NL = {
    "catalogue": "/nl/cursussen/",
    "search": "/nl/zoeken/",
    "news": "/nl/nieuws/",
    "enrol": "/nl/inschrijven/",
    "runs": "/nl/edities/",
}
EN = {"catalogue": "/en/courses/", "search": "/en/search/", "news": "/en/news/"}
ALWAYS = [
    "/nl/",
    "/en/",
    *(pages[name] for pages in (NL, EN) for name in ("catalogue", "search", "news")),
    f"{NL['catalogue']}?sort=title",
    f"{NL['search']}?q=zichtbaar",
    f"{NL['search']}?q=zichtbare&sort=title",
    "/sitemap.xml",
    "/robots.txt",
    *(f"/api/v1/{name}/" for name in ("courses", "tracks", "runs", "search", "suggest", "schema")),
    "/api/v1/search/?q=zichtbaar&lang=en",
    "/api/v1/search/?type=course&type=track&type=page",
]


def asked(words: Iterable[str], numbers: Iterable[str], paths: Iterable[str], facets: dict[str, str]) -> dict[str, str]:
    """Addresses that ask for one hidden thing, with the words that they contain themselves."""
    found = {path: path for path in paths}
    for word in (*words, *numbers):
        begun, mistyped, more = word[:-3], word[:3] + word[4] + word[3] + word[5:], f"zichtbaar {word}"
        found |= {f"{page}?q={quote(word)}": word for page in (NL["catalogue"], NL["search"], EN["search"])}
        found |= {f"{NL['search']}?q={quote(typed)}": typed for typed in (mistyped, more)}
        found |= {f"/api/v1/search/?q={quote(typed)}": typed for typed in (word.lower(), mistyped, more)}
        found |= {f"/api/v1/suggest/?q={quote(typed)}": typed for typed in (word, begun)}
    for number in numbers:
        found |= {f"/id/{number}": number, f"{NL['enrol']}{number}/": number, f"{NL['runs']}{number}/": number}
        found |= {f"/api/v1/{kind}/{number}/": number for kind in ("courses", "tracks", "runs")}
        found |= {f"/api/v1/runs/?course={number}": number}
    for name, value in facets.items():
        query = f"{name}={quote(value)}"
        found |= {f"{path}?{query}": value for path in (NL["search"], NL["catalogue"], "/api/v1/search/")}
        found |= {f"/api/v1/{kind}/?{query}": value for kind in ("courses", "tracks", "runs")}
    return found


def answer(client: Client, address: str) -> str:
    """Status, place and body, without what differs at every request."""
    response = client.get(address)
    assert response.status_code < 500, address
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = f"{response.status_code} {response.headers.get('Location', '')}\n{body.decode()}"
    return VARYING.sub(r"\1\2", text)


def answers(client: Client) -> dict[str, str]:
    """What stands at the addresses that everybody knows."""
    found = {address: answer(client, address) for address in ALWAYS}
    assert [address for address, text in found.items() if not text.startswith("200")] == []
    return found


def traces(client: Client, hidden: Any) -> set[tuple[str, str]]:
    """(address, word) of every place where something of the hidden record shows, apart from what was asked itself."""
    secrets = (*hidden.words, *hidden.numbers, *hidden.facets.values())
    addresses = dict.fromkeys(ALWAYS, "") | asked(hidden.words, hidden.numbers, hidden.paths, hidden.facets)
    found = set()
    for address, typed in addresses.items():
        text = answer(client, address).lower()
        found |= {(address, word) for word in secrets if word.lower() in text and word.lower() not in typed.lower()}
        if address in hidden.paths and text.startswith("200"):
            found.add((address, "the page itself"))
    return found
