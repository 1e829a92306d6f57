"""Every place where a study could show, in both languages: pages, list, files, search, API, sitemap, linked data."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import quote

from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from .surfaces import VARYING

FORMATS = ("csv", "jsonl", "ris", "bibtex")
SEEN = "zichtbaar"  # a word of what everybody sees


@dataclass
class Hidden:
    """What must not show of one study: words, numbers, facet values by facet.

    `known`: the viewer knows the study itself, so that its number and pages are no secret.
    """

    number: str
    words: tuple[str, ...]
    facets: dict[str, str] = field(default_factory=dict)
    known: bool = False

    @property
    def asked_for(self) -> tuple[str, ...]:
        return self.words if self.known else (*self.words, self.number)

    @property
    def secrets(self) -> tuple[str, ...]:
        return *self.asked_for, *self.facets.values()


def _both(name: str, **arguments: str) -> Iterator[str]:
    """The address in both languages."""
    for language in ("nl", "en"):
        with override(language):
            yield reverse(name, kwargs=arguments)


@cache
def always() -> tuple[str, ...]:
    """What everybody can ask for without knowing anything."""
    lists = list(_both("studies:list"))
    return (
        "/nl/",
        "/en/",
        *lists,
        *_both("search:search"),
        f"{lists[0]}?sort=title",
        *(next(_both("studies:export", format=kind)) for kind in (*FORMATS, "xlsx")),
        "/sitemap.xml",
        "/api/v1/studies/",
        "/api/v1/search/?type=study",
        f"/api/v1/search/?q={SEEN}",
        f"/api/v1/suggest/?q={SEEN}",
    )


def pages_of(number: str) -> list[str]:
    """Every page of one study."""
    found = [f"/id/{number}", f"/api/v1/studies/{number}/"]
    for name in ("study", "history", "preview", "documents", "team", "copy"):
        found += _both(f"studies:{name}", number=number)
    for kind in FORMATS:
        found += _both("studies:download", number=number, format=kind)
    found += _both("studies:review", number=number, site="mst")
    return [
        *found,
        *_both("studies:step", number=number, step="basis"),
        *_both("studies:step", number=number, step="check"),
    ]


def asked(hidden: Hidden) -> dict[str, str]:
    """Addresses that ask for what is hidden, with the word that each contains itself."""
    (study_list, _english), (_dutch, search) = _both("studies:list"), _both("search:search")
    csv = next(_both("studies:export", format="csv"))
    asking = [study_list, search, csv, "/api/v1/studies/"]
    found = {}
    for word in hidden.asked_for:
        begun, mistyped = word[:-3], word[:3] + word[4] + word[3] + word[5:]
        found |= {f"{place}?q={quote(word)}": word for place in asking}
        found |= {f"/api/v1/search/?q={quote(typed)}": typed for typed in (word.lower(), mistyped, f"{SEEN} {word}")}
        found[f"/api/v1/suggest/?q={quote(begun)}"] = begun
    for name, value in hidden.facets.items():
        found |= {f"{place}?{name}={quote(value)}": value for place in (*asking, "/api/v1/search/")}
    return found


def answer(client: Client, address: str, **headers: str) -> str:
    """Status, place and body, without what differs at every request; a workbook as its sheets."""
    response = client.get(address, headers=headers)
    assert response.status_code < 500, address
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = _of_workbook(body) if body.startswith(b"PK\x03\x04") else body.decode()
    return VARYING.sub(r"\1\2", f"{response.status_code} {response.headers.get('Location', '')}\n{text}")


def _of_workbook(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return "\n".join(parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/"))


def answers(client: Client) -> dict[str, str]:
    """What stands at the addresses that everybody knows."""
    return {address: answer(client, address) for address in always()}


def traces(client: Client, hidden: Hidden) -> set[tuple[str, str]]:
    """(address, word) of every place where something hidden shows, apart from what was asked itself."""
    pages = pages_of(hidden.number)
    addresses = dict.fromkeys(always(), "") | asked(hidden) | dict.fromkeys(pages, hidden.number)
    found = set()
    for address, typed in addresses.items():
        text = answer(client, address)
        found |= {(address, word) for word in _words_in(text, hidden) if word.lower() not in typed.lower()}
        if address in pages and not hidden.known and not _is_shut(client, text):
            found.add((address, "the page itself"))
    linked = answer(client, f"/id/{hidden.number}", accept="application/ld+json")
    return found | {("linked data", word) for word in _words_in(linked, hidden) if word != hidden.number}


def _words_in(text: str, hidden: Hidden) -> set[str]:
    lowered = text.lower()
    return {word for word in hidden.secrets if word.lower() in lowered}


def _is_shut(client: Client, text: str) -> bool:
    """Not found; or, to somebody who is not signed in, the way to sign in, as for a study that does not exist."""
    status, _space, rest = text.partition(" ")
    anonymous = "_auth_user_id" not in client.session
    return status == "404" or (anonymous and status in ("302", "401") and (status == "401" or "/login/" in rest[:80]))
