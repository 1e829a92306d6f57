"""The document chain, from ambition to final plan, and what was said on the way."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats

from academy.core.badges import Badge
from academy.core.translation import Text, pick
from academy.strategy.models import Document, DocumentVersion, Statement
from academy.strategy.progress import Progress
from academy.strategy.selectors import document_chain, statements


@dataclass(frozen=True)
class Step:
    """A document of the chain; without versions it is only named."""

    title: Text
    versions: list[DocumentVersion]

    @property
    def badge(self) -> Badge | None:
        """How far its last version is."""
        return self.versions[-1].badge if self.versions else None

    @property
    def is_done(self) -> bool:
        return bool(self.versions) and self.versions[-1].progress == Progress.DONE


@dataclass(frozen=True)
class Saying:
    """A statement with when and where it was said, what it replaces and what replaced it."""

    key: str
    when: str
    text: Text
    source: Text
    replaced_by: "Link | None"
    replaces: "list[Link]"


@dataclass(frozen=True)
class Link:
    """To another statement on the same page."""

    key: str
    when: str
    text: Text


def chain_of_documents() -> dict[str, Any]:
    """What the page of the document chain shows; the same to everybody."""
    steps = [_step(document) for document in document_chain()]
    return {
        "steps": steps,
        "late": [step.title for step in steps for version in step.versions if version.progress == Progress.OVERDUE],
        "statements": [_saying(statement) for statement in statements()],
    }


def _step(document: Document) -> Step:
    return Step(pick(document, "title"), list(document.versions.all()))


def _saying(statement: Statement) -> Saying:
    return Saying(
        key=statement.key,
        when=said_on(statement.date),
        text=pick(statement, "text"),
        source=pick(statement, "source"),
        replaced_by=_link(statement.replaced_by) if statement.replaced_by else None,
        replaces=[_link(earlier) for earlier in statement.statement_set.all()],
    )


def _link(statement: Statement) -> Link:
    return Link(statement.key, said_on(statement.date), pick(statement, "text"))


def said_on(written: str) -> str:
    """`2025-02` as `februari 2025`, `2025-02-11` as a day, `2025` and what is no date as it is."""
    try:
        day = date.fromisoformat(written if written.count("-") == 2 else f"{written}-01")
    except ValueError:
        return written
    return formats.date_format(day, "j F Y" if written.count("-") == 2 else "F Y")
