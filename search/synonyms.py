"""The synonyms as editors have them now."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max

from .contract import NO_SYNONYMS, Synonyms
from .models import SynonymGroup


@dataclass(frozen=True)
class _Kept:
    """The list as it was read last, and by what a newer one is told from it."""

    mark: Any = None
    synonyms: Synonyms = NO_SYNONYMS


_kept = _Kept()


def current() -> Synonyms:
    """Every group of synonyms; read again in each process once somebody changed one. One small query."""
    global _kept  # noqa: PLW0603  one list per process, swapped as a whole
    mark = SynonymGroup.objects.aggregate(Count("pk"), Max("changed_at"), Max("pk"))
    kept = _kept
    if mark != kept.mark:
        groups = tuple(group.terms for group in SynonymGroup.objects.order_by("pk"))
        kept = _kept = _Kept(mark, Synonyms(groups) if groups else NO_SYNONYMS)
    return kept.synonyms
