"""What hangs together with an innovation, as far as this viewer may know of it: a link never leads nowhere."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext

from academy.accounts.permissions import member_of
from academy.core.badges import Badge
from academy.core.translation import Text, current, pick
from academy.strategy.models import Programme
from courses.catalogue.models import Course
from research.studies.models import Study
from research.studies.my_studies import title_of
from research.studies.permissions import visible_to as studies_visible_to
from search import facade

from . import badges
from .models import Dependency, Innovation
from .selectors import portfolio
from .similar import Similar, similar_to
from .vocabularies import DependencyKind

SIMILAR = 5
SCANNED = 20  # records of all kinds among which they are looked for
#: the programmes that do what others wait for
_PROGRAMMES = {DependencyKind.EPD: "prog_epd", DependencyKind.ICT_SERVICE_CENTRE: "prog_ict_service_centre"}


@dataclass(frozen=True)
class Link:
    """Another record: what kind it is, and its page."""

    title: Text | str
    url: str
    kind: str = ""


@dataclass(frozen=True)
class DependencyRow:
    """What has to happen elsewhere first; `url` is the programme that does it, "" where there is none."""

    dependency: Dependency
    url: str

    @property
    def name(self) -> str:
        kind = str(self.dependency.get_kind_display())
        return f"{kind}: {self.dependency.name}" if self.dependency.name else kind

    @property
    def note(self) -> Text:
        return pick(self.dependency, "note")

    @property
    def badge(self) -> Badge:
        return badges.of_dependency(self.dependency.state)


def dependencies(innovation: Innovation) -> list[DependencyRow]:
    """Reads `dependencies`."""
    rows = list(innovation.dependencies.all())
    keys = {_PROGRAMMES[row.kind] for row in rows if row.kind in _PROGRAMMES}
    programmes = {row.key: row for row in Programme.objects.filter(key__in=keys)} if keys else {}
    pages = {key: programme.get_absolute_url() for key, programme in programmes.items()}
    return [DependencyRow(row, pages.get(_PROGRAMMES.get(row.kind, ""), "")) for row in rows]


def courses(innovation: Innovation, user: Any) -> list[Link]:
    """Those of the catalogue that this viewer may see; reads `courses`."""
    keys = [course.pk for course in innovation.courses.all()]
    if not keys:
        return []
    found = Course.objects.visible_to(member_of(user)).filter(pk__in=keys).order_by("title_nl")
    kind = pgettext("kind of record", "Course")
    return [Link(pick(course, "title"), course.get_absolute_url(), kind) for course in found]


def studies(innovation: Innovation, user: Any) -> dict[int, Link]:
    """By primary key, those that this viewer may see; that of the evidence too. Reads `studies`."""
    keys = {study.pk for study in innovation.studies.all()} | {innovation.evidence_study_id} - {None}
    if not keys:
        return {}
    found = studies_visible_to(Study.objects.filter(pk__in=keys), user).order_by("number")
    kind = pgettext("kind of record", "Study")
    return {study.pk: Link(title_of(study), study.get_absolute_url(), kind) for study in found}


def similar(innovation: Innovation, user: Any) -> list[Similar]:
    """Innovations that are like it, the nearest first, whether they go on or have ended.

    First those that share its rare words, then those that share words of its title: a short text has few rare ones.
    They are looked up again, since an index is a moment behind. Nothing where search is silent.
    """
    try:
        hits = facade.similar(f"innovation:{innovation.pk}", facade.viewer_for(user), current(), SCANNED)
    except facade.SearchUnavailable:
        return []
    order = [int(hit.pk) for hit in hits if hit.type == "innovation"]
    found = portfolio(user).exclude(pk=innovation.pk).in_bulk(order)
    nearest = [Similar(found[pk]) for pk in order if pk in found]
    titled = similar_to(pick(innovation, "title"), user, besides=innovation.number)
    return [*nearest, *(one for one in titled if one.innovation.pk not in found)][:SIMILAR]
