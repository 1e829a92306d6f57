"""What the pages show of other rooms, and which pages there are in a language."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from wagtail.models import Page

from academy.accounts.permissions import member_of
from academy.strategy.models import Programme
from courses.catalogue.models import Course, Track
from courses.enrolment.models import CourseRun
from courses.enrolment.rows import RunRow, run_rows
from courses.enrolment.states import RunState
from research.innovations.selectors import portfolio
from research.innovations.states import Outcome
from research.studies.models import Study
from research.studies.permissions import visible_to
from research.studies.vocabularies import RecruitmentStatus, Visibility

from .models import NewsIndexPage, NewsPage

AGENDA_LENGTH = 5
NEWS_LENGTH = 4


def agenda(user: Any) -> list[RunRow]:
    """The next runs that this person may see and that are not under way yet, with their seats."""
    visible = Course.objects.visible_to(member_of(user)).values("pk")
    runs = CourseRun.objects.coming().filter(course__in=visible).select_related("course", "organisation")
    return run_rows(_not_started(runs).prefetch_related("sessions", "allotments")[:AGENDA_LENGTH], user)


def _not_started(runs: QuerySet[CourseRun]) -> QuerySet[CourseRun]:
    before = (RunState.UPCOMING, RunState.ENROLMENT_OPEN, RunState.ENROLMENT_CLOSED)
    return runs.in_state(*before)


@dataclass(frozen=True)
class Counts:
    """How many courses and tracks a person can find."""

    courses: int
    tracks: int


def counts(user: Any) -> Counts:
    """Courses and tracks in the catalogue of this person; the same rule as the search."""
    organisations = member_of(user)
    return Counts(
        Course.objects.visible_to(organisations).count(),
        Track.objects.visible_to(organisations).count(),
    )


@dataclass(frozen=True)
class StudyCounts:
    """How many studies a person can find, and how many of those openly look for participants."""

    studies: int
    recruiting: int


def study_counts(user: Any) -> StudyCounts:
    """Published studies that this person may know of; a status that is hidden is not counted, as in the search."""
    studies = visible_to(Study.objects.published(), user)
    shown = Q(group_visibility__recruitment__isnull=True) | Q(group_visibility__recruitment=Visibility.PUBLIC)
    recruiting = shown & Q(recruitment_status=RecruitmentStatus.RECRUITING)
    return StudyCounts(**studies.aggregate(studies=Count("pk"), recruiting=Count("pk", filter=recruiting)))


@dataclass(frozen=True)
class InnovationCounts:
    """How many innovations the portfolio of a person has, on how many of those somebody works, and the programmes."""

    innovations: int
    active: int
    programmes: int


def innovation_counts(user: Any) -> InnovationCounts:
    """The portfolio of this person in three numbers."""
    active = Count("pk", filter=Q(outcome=Outcome.ACTIVE))
    found = portfolio(user).aggregate(innovations=Count("pk"), active=active)
    return InnovationCounts(programmes=Programme.objects.count(), **found)


def programme_courses(programme: Programme, user: Any) -> int:
    """How many courses of a programme this person can find."""
    return Course.objects.visible_to(member_of(user)).filter(programmes=programme).count()


def programme_innovations(programme: Programme, user: Any) -> int:
    """How many innovations of a programme this person can find."""
    return portfolio(user).filter(programmes=programme).count()


def shown_in(language: str, model: type[Page]) -> QuerySet:
    """Live, public pages in this language, and those of the other one that have no live page in this one."""
    pages = model.objects.live().filter(view_restrictions=None).select_related("locale")
    translated = Page.objects.live().filter(translation_key=OuterRef("translation_key"), locale__language_code=language)
    return pages.filter(Q(locale__language_code=language) | ~Exists(translated))


def news_in(language: str) -> QuerySet[NewsPage]:
    """News for a reader of this language, the latest first."""
    return shown_in(language, NewsPage).order_by("-date", "-pk")


def top_pages(language: str) -> list[Page]:
    """Pages right below home for a reader of this language, in the order of the tree, in one query.

    Each says `is_news` (the list of news) and `in_footer`.
    """
    pages = shown_in(language, Page).filter(depth=3).exclude(standardpage=None, newsindexpage=None)
    pages = pages.annotate(
        is_news=Exists(NewsIndexPage.objects.filter(pk=OuterRef("pk"))), in_footer=F("standardpage__in_footer")
    )
    return list(pages.order_by("path"))
