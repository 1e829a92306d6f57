"""What differs between two versions of a study, in words."""

from academy.core.differences import Difference, difference
from academy.core.translation import language_of

from . import facts
from .record import FIELDS, Record, changes


def differences(before: Record, after: Record, names: facts.Names) -> list[Difference]:
    """The fields that differ, in the order in which a study is told; nothing that reads the same in words."""
    told = (
        difference(
            facts.label_of(name),
            facts.lines(name, old, names=names),
            facts.lines(name, new, names=names),
            is_list=FIELDS[name].is_list,
            language=language_of(name),
        )
        for name, (old, new) in changes(before, after).items()
    )
    return [found for found in told if found]
