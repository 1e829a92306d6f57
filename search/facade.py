"""The door of this wing: rooms ask here, and say here what has to be indexed again."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from academy.accounts.permissions import viewer_tokens

from . import outbox
from .contract import EngineUnavailable, Health, Hit, Suggestion, Viewer
from .drain import Drained, Lag
from .drain import drain as _drain
from .drain import lag as _lag
from .engines import engine
from .errors import SearchUnavailable
from .listing import listing
from .pages import page
from .rebuild import Rebuilt
from .rebuild import rebuild as _rebuild
from .searching import search
from .walking import walk

__all__ = [
    "SearchUnavailable",
    "drain",
    "draining_paused",
    "health",
    "lag",
    "listing",
    "page",
    "rebuild",
    "requeue",
    "search",
    "similar",
    "suggest",
    "viewer_for",
    "walk",
]


def viewer_for(user: Any) -> Viewer:
    """What this person may find; an anonymous user finds what is public."""
    return Viewer.of(viewer_tokens(user))


def suggest(prefix: str, viewer: Viewer, language: str = "nl", n: int = 8) -> list[Suggestion]:
    """Records whose title or number begins like this. Raises SearchUnavailable."""
    try:
        return engine().suggest(prefix, viewer, n, language)
    except EngineUnavailable as error:
        raise SearchUnavailable from error


def similar(doc_id: str, viewer: Viewer, language: str = "nl", n: int = 5) -> list[Hit]:
    """Records that share rare words with this one ("type:pk"). Raises SearchUnavailable."""
    try:
        return engine().similar(doc_id, viewer, n, language)
    except EngineUnavailable as error:
        raise SearchUnavailable from error


def health() -> Health:
    """Whether search answers; raises nothing."""
    return engine().health()


def lag() -> Lag:
    """How far the index is behind: rows waiting, rows parked, age of the oldest."""
    return _lag()


def requeue(type_name: str, pks: Iterable[Any]) -> int:
    """Take these records again: for changes that send no signal (`QuerySet.update`, `bulk_create`, moved pages)."""
    return outbox.enqueue(type_name, pks)


def draining_paused() -> AbstractContextManager[None]:
    """A block in which saving only queues; call `drain` afterwards. For loading many records."""
    return outbox.paused()


def drain() -> Drained:
    """Bring the index up to date with everything that is queued."""
    return _drain()


def rebuild() -> Rebuilt:
    """Make the index anew beside the live one."""
    return _rebuild()
