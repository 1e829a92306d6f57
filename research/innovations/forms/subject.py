"""What the form of an innovation is about, and what it needs of the room."""

from functools import partial
from typing import Any

from academy.core.editing.subject import Lines, Subject

from .. import record as records
from ..cleaning import clean
from ..models import Innovation
from ..permissions import group_needs
from ..record import ACCESS, FIELDS, STEPS
from ..selectors import with_rights
from ..services import saving
from ..vocabularies import Visibility
from .asking import NEEDED
from .steps import SECTIONS
from .telling import Telling


def for_editing(innovations: Any) -> Any:
    """Innovations with their record and what the permissions read, in a fixed number of queries."""
    return with_rights(records.with_everything(innovations))


def _again(innovation: Innovation) -> Innovation:
    return for_editing(Innovation.objects.all()).get(pk=innovation.pk)


def _save(innovation: Innovation, **change: Any) -> saving.Saved:
    return saving.save(innovation=innovation, **change)


def _audiences(innovation: Innovation | None, step: str) -> dict[str, str]:
    """Who sees which field, where that is not everybody; the step that says so itself does not repeat it."""
    if innovation is None or step == ACCESS:
        return {}
    needs = group_needs(innovation)
    levels = {name: needs[entry.group] for name, entry in FIELDS.items()}
    return {name: str(Visibility(level).label) for name, level in levels.items() if level != Visibility.PUBLIC}


def _lines(user: Any, innovation: Innovation) -> Lines:
    return Telling(user).lines


def subject_for(user: Any) -> Subject:
    """The form as this person sees it: of what is linked only what they may know of."""
    return Subject(
        fields=FIELDS,
        steps=STEPS,
        sections=SECTIONS,
        needed=NEEDED,
        clean=clean,
        read=records.read,
        again=_again,
        save=_save,
        lines=partial(_lines, user),
        audiences=_audiences,
    )
