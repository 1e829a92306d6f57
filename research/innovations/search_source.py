"""What may be found of innovations, by whom, and the facets that innovations bring along.

Only the portfolio is found: a draft is nowhere, not even for its team, which has its own list. Whoever may know of an
innovation finds it by the groups of fields that need no more; the team and the money lie behind the tokens of those who
see them. Stopped ones are found like all others, and say so.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from django.db.models import Model, Prefetch, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from academy.accounts.models import Organisation, Unit, User
from academy.core import wording
from academy.core.badges import Badge
from academy.core.translation import LANGUAGES, in_each_language
from academy.strategy.models import Challenge, Concern, Goal, Horizon, Need, Pillar, Programme, RoadmapLine
from academy.taxonomy.models import Specialty
from courses.catalogue.search_source import names_from
from research.studies.permissions import covers
from search.contract import PUBLIC, Internal, SearchDoc, Viewer
from search.registry import FacetSpec, SortSpec, Source, register, register_facet, register_sort

from . import badges
from .findable import PARTS, in_language
from .models import Innovation, Money, TeamMember
from .permissions import group_needs, organisation_ids
from .selectors import with_rights
from .states import Outcome, PublicationState, Stage
from .vocabularies import AiClass, DependencyKind, DeviceClass, Visibility

INNOVATIONS = ("innovation",)
STEERED = ("innovation", "programme")  # both hang on pillars, goals and challenges
AUDITOR = "auditor"
_ONE = ("pillar", "horizon_from", "horizon_to", "roadmap_line", "owner", "sponsor")
_MANY = ("organisations", "partners", "units", "specialties", "other_pillars", "programmes")
_STEERS = ("goals", "needs", "concerns", "challenges", "dependencies", "benefits")


def innovations_with_words() -> QuerySet[Innovation]:
    """Innovations with everything that their documents read."""
    return Innovation.objects.select_related(*_ONE).prefetch_related(
        *_MANY,
        *_STEERS,
        Prefetch("money", Money.objects.select_related("funder")),
        Prefetch("team", TeamMember.objects.select_related("person")),
    )


def team_tokens(innovation: Innovation) -> frozenset[str]:
    """Who stands nearest: owner and team, the innovation managers of its hospitals, auditors."""
    owner = innovation.owner_id or innovation.created_by_id
    people = {f"user:{pk}" for pk in (owner, *(member.person_id for member in innovation.team.all())) if pk}
    managers = {f"innovation_manager:{pk}" for pk in organisation_ids(innovation)}
    return frozenset({AUDITOR, *people, *managers})


def member_tokens(innovation: Innovation) -> frozenset[str]:
    """Who belongs to one of its hospitals."""
    return frozenset(f"org:{pk}" for pk in organisation_ids(innovation))


def acl_of(innovation: Innovation, level: str) -> frozenset[str]:
    """The tokens of everybody who stands at least as near as this level."""
    if level == Visibility.PUBLIC:
        return frozenset({PUBLIC})
    return team_tokens(innovation) | (member_tokens(innovation) if level == Visibility.MEMBERS else frozenset())


def document(innovation: Innovation) -> SearchDoc | None:
    """The innovation as it may be found; None while it is not in the portfolio."""
    if innovation.publication_state != PublicationState.PUBLISHED:
        return None
    needs = group_needs(innovation)
    parts = [part for name, part in PARTS.items() if covers(innovation.visibility, needs[name])]
    return SearchDoc(
        id=f"innovation:{innovation.pk}",
        type="innovation",
        number=innovation.number,
        title=_both(innovation, "title") or dict.fromkeys(LANGUAGES, innovation.number),
        summary=_both(innovation, "summary"),
        body={code: _joined(text for part in parts for text in part.texts(innovation, code)) for code in LANGUAGES},
        url=in_each_language(innovation.get_absolute_url),
        acl=acl_of(innovation, innovation.visibility),
        people=_each(name for part in parts for name in part.names(innovation)),
        identifiers=_each(number for part in parts for number in part.numbers(innovation)),
        facets=_facets(innovation),
        values={
            "changed": innovation.changed_at,
            "stage": Stage(innovation.stage).place,
            "stage_since": datetime.combine(innovation.stage_since, time.min, UTC),
        },
        internal=_internal(innovation, needs),
    )


def _both(innovation: Innovation, field: str) -> dict[str, str]:
    return {code: text for code in LANGUAGES if (text := in_language(innovation, field, code))}


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _joined(texts: Iterable[str]) -> str:
    """One text; what stands beside each other by chance is kept apart, so that no word is read across."""
    return " · ".join(_each(texts))


def _facets(innovation: Innovation) -> dict[str, tuple[str, ...]]:
    """No group with a facet needs more than the record (`findable.FACET_GROUPS`)."""
    return {name: _each(values(innovation)) for part in PARTS.values() for name, values in part.facets.items()}


def _internal(innovation: Innovation, needs: Mapping[str, str]) -> tuple[Internal, ...]:
    """The words of groups that need more than the record, for members of its hospitals and its team."""
    hidden = [part for name, part in PARTS.items() if not covers(innovation.visibility, needs[name])]
    texts = {
        code: _joined(text for part in hidden for text in (*part.texts(innovation, code), *part.names(innovation)))
        for code in LANGUAGES
    }
    return (Internal(acl_of(innovation, Visibility.MEMBERS), texts),) if any(texts.values()) else ()


def cards(pks: Sequence[Any], viewer: Viewer, language: str) -> dict[Any, dict[str, Any]]:
    """Innovations as entries of a list, for those who may know of them now."""
    found = with_rights(Innovation.objects.published().filter(pk__in=pks))
    return {
        innovation.pk: _card(innovation)
        for innovation in found
        if viewer.tokens & acl_of(innovation, innovation.visibility)
    }


def _card(innovation: Innovation) -> dict[str, Any]:
    hospitals = ", ".join(organisation.short_name for organisation in innovation.organisations.all())
    return {
        "meta": [innovation.number, str(Stage(innovation.stage).label), hospitals],
        "state": _state(innovation),
    }


def _state(innovation: Innovation) -> Badge | None:
    """How it ended, or that it rests or was scaled up; one that goes on says so by its stage."""
    return None if innovation.outcome == Outcome.ACTIVE else badges.of_outcome(innovation.outcome)


def _by(*lookups: str) -> Callable[[Model], Iterable[int]]:
    """The innovations that have this record in one of these places."""

    def innovations(record: Model) -> Iterable[int]:
        wanted = Q()
        for lookup in lookups:
            wanted |= Q(**{lookup: record.pk})
        return Innovation.objects.filter(wanted).values_list("pk", flat=True).distinct()

    return innovations


register(
    Source(
        type="innovation",
        label=_("Innovation"),
        label_plural=_("Innovations"),
        icon="lightbulb",
        rank=40,
        model=Innovation,
        document=document,
        queryset=innovations_with_words,
        cards=cards,
        values=("changed", "stage", "stage_since"),
        dependants={
            TeamMember: lambda row: [row.innovation_id],
            Organisation: _by("organisations", "partners", "money__funder"),
            Unit: _by("units"),
            User: _by("owner", "sponsor", "team__person"),
            Specialty: _by("specialties"),
            Pillar: _by("pillar", "other_pillars"),
            Horizon: _by("horizon_from", "horizon_to"),
            RoadmapLine: _by("roadmap_line"),
            Programme: _by("programmes"),
            Goal: _by("goals"),
            Need: _by("needs"),
            Concern: _by("concerns"),
            Challenge: _by("challenges"),
        },
    )
)


def _labels(choices: type[TextChoices]) -> Callable[[Collection[str], str], Mapping[str, str]]:
    """Words for the codes of a list, each with a capital, as it begins a line."""

    def labels(codes: Collection[str], language: str) -> dict[str, str]:
        with override(language):
            return {code: wording.capital(label) for code, label in choices.choices if code in codes}

    return labels


def _choice(name: str, label: Any, choices: type[TextChoices], rank: int) -> FacetSpec:
    return FacetSpec(
        name=name, label=label, labels=_labels(choices), order=tuple(choices.values), types=INNOVATIONS, rank=rank
    )


def _levels(codes: Collection[str], _language: str) -> dict[str, str]:
    return {code: f"TRL {code}" for code in codes}


LEVELS = tuple(str(level) for level in range(1, 10))
for _spec in (
    _choice("stage", pgettext_lazy("facet", "Stage"), Stage, 10),
    _choice("outcome", pgettext_lazy("facet", "Outcome"), Outcome, 12),
    FacetSpec(name="pillar", label=_("Pillar"), labels=names_from(Pillar), types=STEERED, rank=14),
    FacetSpec(name="horizon", label=_("Horizon"), labels=names_from(Horizon), types=INNOVATIONS, rank=16),
    FacetSpec(name="goal", label=_("Goal"), labels=names_from(Goal), types=STEERED, rank=18),
    FacetSpec(
        name="challenge",
        label=pgettext_lazy("facet", "Addresses"),
        labels=names_from(Challenge),
        types=STEERED,
        rank=20,
    ),
    _choice("dependency", _("Depends on"), DependencyKind, 30),
    _choice("ai", pgettext_lazy("facet", "AI"), AiClass, 85),
    _choice("device", _("Medical device"), DeviceClass, 86),
    FacetSpec(name="trl", label=_("TRL"), labels=_levels, order=LEVELS, types=INNOVATIONS, rank=87),
):
    register_facet(_spec)
for _sort in (
    SortSpec(name="changed", label=_("Last changed"), value="-changed", types=INNOVATIONS),
    SortSpec(name="furthest", label=_("Furthest first"), value="-stage", types=INNOVATIONS),
    SortSpec(name="longest", label=_("Longest in its stage first"), value="stage_since", types=INNOVATIONS),
):
    register_sort(_sort)
