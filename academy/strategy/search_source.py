"""What may be found of programmes: everybody may see all of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from academy.accounts.models import Organisation, User
from academy.core.translation import LANGUAGES, in_each_language, pick
from search.contract import PUBLIC, SearchDoc, Viewer
from search.registry import Source, register

from .models import Challenge, Goal, Milestone, Pillar, Programme, RoadmapLine
from .selectors import programmes_for_list, programmes_for_page


def document(programme: Programme) -> SearchDoc:
    """The programme with the words of what it adds to and of its milestones."""
    return SearchDoc(
        id=f"programme:{programme.pk}",
        type="programme",
        number=programme.number,
        title=_both(programme, "title"),
        summary=_both(programme, "summary"),
        body={code: " · ".join(text for text in _texts(programme, code) if text) for code in LANGUAGES},
        url=in_each_language(programme.get_absolute_url),
        acl=frozenset({PUBLIC}),
        people=(programme.lead.full_name,) if programme.lead else (),
        identifiers=(programme.number,),
        facets=_facets(programme),
    )


def _both(record: Model, field: str) -> dict[str, str]:
    return {code: text for code in LANGUAGES if (text := getattr(record, f"{field}_{code}"))}


def _texts(programme: Programme, language: str) -> Iterable[str]:
    yield getattr(programme, f"body_{language}")
    yield programme.location
    yield from (pick(line, "title", language) for line in programme.roadmap_lines.all())
    yield from (pick(goal, "name", language) for goal in programme.goals.all())
    yield from (pick(milestone, "title", language) for milestone in programme.milestones.all())


def _facets(programme: Programme) -> dict[str, tuple[str, ...]]:
    pillars = [programme.pillar, *programme.other_pillars.all()]
    return {
        "programme": (programme.key,),
        "organisation": tuple(owner.key for owner in programme.organisations.all()),
        "pillar": tuple(pillar.key for pillar in pillars if pillar),
        "goal": tuple(goal.key for goal in programme.goals.all()),
        "challenge": tuple(challenge.key for challenge in programme.challenges.all()),
    }


def cards(pks: Sequence[Any], viewer: Viewer, language: str) -> Mapping[Any, Mapping[str, Any]]:
    """Programmes as entries of a list."""
    found = programmes_for_list().filter(pk__in=pks)
    return {programme.pk: {"meta": _meta(programme), "state": None} for programme in found}


def _meta(programme: Programme) -> list[str]:
    owners = ", ".join(owner.short_name for owner in programme.organisations.all())
    return [text for text in (programme.number, owners, programme.location) if text]


def _by(lookup: str) -> Callable[[Model], Iterable[int]]:
    return lambda record: Programme.objects.filter(**{lookup: record.pk}).values_list("pk", flat=True)


register(
    Source(
        type="programme",
        label=_("Programme"),
        label_plural=_("Programmes"),
        icon="sprout",
        rank=50,
        model=Programme,
        document=document,
        queryset=programmes_for_page,
        cards=cards,
        dependants={
            Milestone: lambda milestone: [milestone.programme_id],
            Organisation: _by("organisations"),
            User: _by("lead"),
            Pillar: _by("other_pillars"),
            RoadmapLine: _by("roadmap_lines"),
            Goal: _by("goals"),
            Challenge: _by("challenges"),
        },
    )
)
