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
#: pages with only the number of the study in their address
PAGES = ("study", "history", "preview", "documents", "team", "copy", "study-deadlines")
NOBODYS = "S-1999-9999"  # a number that no study has
SEEN = "zichtbaar"  # a word of what everybody sees


@dataclass
class Hidden:
    """What must not show of one study: words, facet values by facet; `asked_for` are those that are looked for.

    `known`: the viewer knows the study itself, so that its number and pages are no secret.
    """

    number: str
    words: tuple[str, ...]
    facets: dict[str, str] = field(default_factory=dict)
    known: bool = False
    asked_for: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.asked_for = (*(self.asked_for or self.words), *(() if self.known else (self.number,)))

    @property
    def secrets(self) -> tuple[str, ...]:
        return *self.words, *self.facets.values(), *(() if self.known else (self.number,))


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
    for name in PAGES:
        found += _both(f"studies:{name}", number=number)
    for kind in FORMATS:
        found.append(next(_both("studies:download", number=number, format=kind)))
    found += _both("studies:review", number=number, site="mst")
    return [*found, *(next(_both("studies:step", number=number, step=step)) for step in ("basis", "check"))]


def places() -> dict[str, str]:
    """The addresses of list and file in Dutch."""
    return {"list": next(_both("studies:list")), "csv": next(_both("studies:export", format="csv"))}


def asked(hidden: Hidden) -> dict[str, str]:
    """Addresses that ask for what is hidden, with the word that each contains itself."""
    (study_list, _english), (_dutch, search) = _both("studies:list"), _both("search:search")
    csv = next(_both("studies:export", format="csv"))
    asking = [study_list, search, csv]
    found = {}
    for word in hidden.asked_for:
        begun, mistyped = word[:-3], word[:3] + word[4] + word[3] + word[5:]
        found |= {f"{place}?q={quote(word)}": word for place in asking}
        found |= {f"/api/v1/search/?q={quote(typed)}": typed for typed in (word.lower(), mistyped, f"{SEEN} {word}")}
        found[f"/api/v1/suggest/?q={quote(begun)}"] = begun
    for name, value in hidden.facets.items():
        query = f"{name}={quote(value)}"
        found |= {f"{place}?{query}": value for place in (*asking, "/api/v1/search/", "/api/v1/studies/")}
    return found


def answer(client: Client, address: str, **headers: str) -> str:
    """Status, place and body, without what differs at every request; a workbook as its sheets."""
    response = client.get(address, headers=headers)
    assert response.status_code < 500, address
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = _of_workbook(body) if body.startswith(b"PK\x03\x04") else body.decode(errors="backslashreplace")
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
        if address in pages and not hidden.known and not _is_as_nobodys(client, address, hidden.number, text):
            found.add((address, "the page itself"))
    linked = answer(client, f"/id/{hidden.number}", accept="application/ld+json")
    return found | {("linked data", word) for word in _words_in(linked, hidden) if word != hidden.number}


def _words_in(text: str, hidden: Hidden) -> set[str]:
    lowered = text.lower()
    return {word for word in hidden.secrets if word.lower() in lowered}


def _is_as_nobodys(client: Client, address: str, number: str, text: str) -> bool:
    """Whether the page answers as it does for a study that nobody has: not found, not allowed, or sign in first."""
    other = answer(client, address.replace(number, NOBODYS))
    return text.partition("\n")[0].replace(number, NOBODYS) == other.partition("\n")[0]
