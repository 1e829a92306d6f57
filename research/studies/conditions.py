"""What studies are about, as one list to choose from: the same condition under one value, named in both languages.

Records from elsewhere name conditions in English only and with codes of other systems than ours; so the English name is
what two of them share.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.cache import cache
from django.db.models import Q

from academy.core import wording
from academy.core.translation import LANGUAGES

from .models import Study
from .vocabularies import Visibility

NAMES_KEPT_FOR = 300  # seconds
_KEY = "studies:conditions"
_RUN = re.compile(r"[a-z0-9]+")

Row = Mapping[str, Any]
Names = dict[str, dict[str, str]]


def value_of(row: Row) -> str:
    """What the condition is chosen by: its English name in lower case, else the Dutch one, else its code."""
    name = row.get("name_en") or row.get("name_nl") or f"{row.get('code_system', '')} {row.get('code', '')}"
    return " ".join(name.lower().split())


def values_of(rows: Iterable[Row]) -> tuple[str, ...]:
    """The values of a study's conditions, each once."""
    return tuple(dict.fromkeys(value for row in rows if (value := value_of(row))))


def labels(values: Collection[str], language: str) -> dict[str, str]:
    """Names of conditions in this language; one that has no name in it keeps its own words."""
    names = _names()
    return {value: wording.capital(names.get(value, {}).get(language) or value) for value in values}


def _names() -> Names:
    """The usual names of conditions that are named in both languages, from what everybody may read."""
    known: Names | None = cache.get(_KEY)
    if known is None:
        known = _read_names()
        cache.set(_KEY, known, NAMES_KEPT_FOR)
    return known


def _read_names() -> Names:
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for rows, parts in Study.objects.public().values_list("conditions", "group_visibility"):
        if parts.get("population", Visibility.PUBLIC) != Visibility.PUBLIC:
            continue
        for row in rows:
            if row.get("name_nl") and row.get("name_en"):
                for code in LANGUAGES:
                    counts[value_of(row), code][row[f"name_{code}"]] += 1
    found: Names = defaultdict(dict)
    for (value, code), names in counts.items():
        found[value][code] = min(names, key=lambda name: (-names[name], name))
    return dict(found)


def having(values: Collection[str]) -> Q:
    """Studies with one of these conditions; the column is a list, so what the database finds is looked at again."""
    maybe = Q(pk__in=[])
    for value in values:
        maybe |= Q(conditions__icontains=max(_RUN.findall(value), key=len, default=""))
    rows = Study.objects.filter(maybe).values_list("pk", "conditions")
    return Q(pk__in=[pk for pk, conditions in rows if set(values) & set(values_of(conditions))])
