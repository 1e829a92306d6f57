"""Places where a higher room leaves what a lower one shows: to-do items, addresses, personal data, prerequisites."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise


class Registry:
    """Callables by name, in order of registration; registering a name again replaces it."""

    def __init__(self) -> None:
        self._entries: dict[str, Callable[..., Any]] = {}

    def register(self, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorator that enters the function under this name."""

        def keep(function: Callable[..., Any]) -> Callable[..., Any]:
            self._entries[name] = function
            return function

        return keep

    def __iter__(self) -> Iterator[Callable[..., Any]]:
        return iter(list(self._entries.values()))

    def items(self) -> list[tuple[str, Callable[..., Any]]]:
        """Name and callable pairs."""
        return list(self._entries.items())


@dataclass(frozen=True)
class Todo:
    """One thing that a person has to do or to know next; `due` orders the list, overdue ones first."""

    title: str
    url: str
    action: str
    hint: str = ""
    status: str = ""
    tone: str = "neutral"
    icon: str = "calendar"
    due: date | None = None
    overdue: bool = False


@dataclass(frozen=True)
class Section:
    """A part of somebody's desk: a template and what it shows; sections stand in order of `rank`."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    rank: int = 50


@dataclass(frozen=True)
class Door:
    """A way to a workplace that this person has, such as the run desk."""

    label: str | Promise
    url: str
    icon: str
    count: int | None = None


@dataclass(frozen=True)
class Reminded:
    """What a round of reminders did: numbers for people, in words, and what could not be looked at."""

    summary: str
    failed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class SitemapEntry:
    """A page that everybody may see: its path per language in which it exists, and when it last changed."""

    paths: dict[str, str]
    changed: datetime | None = None


#: callable(person) -> list[Todo]
todo_sources = Registry()
#: callable(person) -> Section, for "Mijn academie"
desk_sections = Registry()
#: callable(person) -> list[Door]
doors = Registry()
#: callable(person) -> dict, for "export my data"
personal_data = Registry()
#: callable(number, user) -> absolute path, or None for what this user may not know of; for /id/<number>
addresses = Registry()
#: callable(number, user) -> dict of JSON-LD, or None for what is not there for everybody; for /id/<number>
linked_data = Registry()
#: callable(person) -> set of ids of courses that count as completed
prerequisite_checkers = Registry()
#: callable() -> iterable of SitemapEntry, of what everybody may see
sitemap_entries = Registry()
#: callable() -> whether this part of the house answers; for /readyz
health = Registry()
#: callable() -> Reminded, for `send_reminders`
reminders = Registry()
