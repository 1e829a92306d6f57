"""What of each group of fields an innovation can be found by: words, names, numbers, and values to choose from."""

from collections.abc import Iterable, Iterator

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from academy.core.translation import LANGUAGES
from academy.strategy.models import Horizon
from research.studies.findable import Part

from .models import Innovation
from .vocabularies import AiClass, DependencyKind, DeviceClass


def in_language(record: Model, field: str, language: str) -> str:
    """The field in this language; empty where it has none."""
    return str(getattr(record, f"{field}_{language}") or "")


def _names(rows: Iterable[Model | None], language: str, field: str = "name") -> Iterator[str]:
    for row in rows:
        if row is not None:
            yield in_language(row, field, language)


def _identity(innovation: Innovation, language: str) -> Iterator[str]:
    yield in_language(innovation, "problem", language)
    yield in_language(innovation, "how_it_works", language)
    yield from _names(innovation.specialties.all(), language)
    yield from _names(innovation.units.all(), language)
    for organisation in (*innovation.organisations.all(), *innovation.partners.all()):
        yield in_language(organisation, "name", language)
        yield organisation.short_name


def _strategy(innovation: Innovation, language: str) -> Iterator[str]:
    yield from _names([innovation.pillar, *innovation.other_pillars.all()], language)
    for name in ("goals", "needs", "concerns", "challenges"):
        yield from _names(getattr(innovation, name).all(), language)
    yield from _names([innovation.roadmap_line, *innovation.programmes.all()], language, "title")


def _aims(innovation: Innovation, language: str) -> Iterator[str]:
    """The classes in words, so that "AI" finds what is AI, whatever its texts call it."""
    yield in_language(innovation, "evidence_design", language)
    with override(language):
        if innovation.ai not in ("", AiClass.NONE):
            yield f"AI: {AiClass(innovation.ai).label}"
        if innovation.device not in ("", DeviceClass.NONE):
            yield f"{_('Medical device')}: {DeviceClass(innovation.device).label}"


def _dependencies(innovation: Innovation, language: str) -> Iterator[str]:
    for row in innovation.dependencies.all():
        with override(language):
            yield str(DependencyKind(row.kind).label)
        yield row.name
        yield in_language(row, "note", language)


def _funders(innovation: Innovation, language: str) -> Iterator[str]:
    for row in innovation.money.all():
        yield in_language(row.funder, "name", language) if row.funder else row.funder_name


def _lessons(innovation: Innovation, language: str) -> Iterator[str]:
    yield in_language(innovation, "lessons", language)
    yield in_language(innovation, "outcome_reason", language)


def _horizons(innovation: Innovation) -> Iterator[str]:
    """Every horizon from the first to the last; one end alone is that horizon."""
    ends = [horizon for horizon in (innovation.horizon_from, innovation.horizon_to) if horizon]
    if len(ends) == 2 and ends[1].order - ends[0].order > 1:
        between = Horizon.objects.filter(order__range=(ends[0].order, ends[1].order))
        yield from between.values_list("key", flat=True)
    else:
        yield from (horizon.key for horizon in ends)


def _keys(*relations: str):
    return lambda innovation: (row.key for name in relations for row in getattr(innovation, name).all())


def _key(column: str):
    return lambda innovation: (row.key,) if (row := getattr(innovation, column)) else ()


def _code(column: str):
    return lambda innovation: (str(value),) if (value := getattr(innovation, column)) not in (None, "") else ()


def _languages(innovation: Innovation) -> Iterator[str]:
    return (code for code in LANGUAGES if getattr(innovation, f"title_{code}"))


PARTS: dict[str, Part] = {
    "identity": Part(
        texts=_identity,
        facets={
            "organisation": _keys("organisations", "partners"),
            "specialty": _keys("specialties"),
            "language": _languages,
            "stage": _code("stage"),
            "outcome": _code("outcome"),
        },
    ),
    "people": Part(names=lambda innovation: (p.full_name for p in (innovation.owner, innovation.sponsor) if p)),
    "team": Part(names=lambda innovation: (member.person.full_name for member in innovation.team.all())),
    "strategy": Part(
        texts=_strategy,
        facets={
            "programme": _keys("programmes"),
            "pillar": _key("pillar"),
            "horizon": _horizons,
            "goal": _keys("goals"),
            "challenge": _keys("challenges"),
        },
    ),
    "aims": Part(
        texts=_aims,
        numbers=lambda innovation: (innovation.evidence_doi,),
        facets={"trl": _code("trl"), "ai": _code("ai"), "device": _code("device")},
    ),
    "dependencies": Part(
        texts=_dependencies,
        facets={"dependency": lambda innovation: (row.kind for row in innovation.dependencies.all())},
    ),
    "benefits": Part(texts=lambda innovation, language: _names(innovation.benefits.all(), language, "kpi")),
    "money": Part(texts=_funders),
    "links": Part(texts=lambda innovation, language: (in_language(innovation, "reuse", language),)),
    "lessons": Part(texts=_lessons),
}
#: the group whose visibility each facet has
FACET_GROUPS: dict[str, str] = {name: group for group, part in PARTS.items() for name in part.facets}
