"""What the form of a study is about, and what it needs of the room."""

from typing import Any

from academy.core.editing.subject import Lines, Subject

from .. import facts
from .. import record as records
from ..checks import ITEMS, NEEDED_TO_SUBMIT
from ..cleaning import clean
from ..models import Study
from ..permissions import group_needs
from ..record import ACCESS, FIELDS, STEPS
from ..selectors import for_editing
from ..services import saving
from ..vocabularies import Visibility
from .steps import SECTIONS

#: Without these a study cannot be submitted or published; the label of every other field says that it may stay empty.
NEEDED = {name for item in ITEMS if item.needed for name in item.fields} | {name for name, *_rest in NEEDED_TO_SUBMIT}
#: Of these the label does not say so either: they have a value of their own, or are asked for when they are needed.
NEEDED |= {"visibility", "group_visibility", "why_stopped_nl", "why_stopped_en", "age_min_unit", "age_max_unit"}


def _again(study: Study) -> Study:
    return for_editing(Study.objects.all()).get(pk=study.pk)


def _save(study: Study, **change: Any) -> saving.Saved:
    return saving.save(study=study, **change)


def _lines(study: Study) -> Lines:
    names = facts.Names.of(study)
    return lambda name, value, language: facts.lines(name, value, language, names)


def _audiences(study: Study, step: str) -> dict[str, str]:
    """Who sees which field, where that is not everybody; the step that says so itself does not repeat it."""
    if step == ACCESS:
        return {}
    needs = group_needs(study)
    levels = {name: needs[entry.group] for name, entry in FIELDS.items()}
    return {name: str(Visibility(level).label) for name, level in levels.items() if level != Visibility.PUBLIC}


SUBJECT = Subject(
    fields=FIELDS,
    steps=STEPS,
    sections=SECTIONS,
    needed=frozenset(NEEDED),
    clean=clean,
    read=records.current,
    again=_again,
    save=_save,
    lines=_lines,
    audiences=_audiences,
)
