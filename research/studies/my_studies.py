"""Studies as their team sees them on the desk: how each hospital stands, what is missing and what is next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from academy.core import wording
from academy.core.badges import Badge
from academy.core.translation import Text, pick

from . import badges, checks
from . import record as records
from .deadlines import RULES
from .models import Access, Deadline, Review, Site, Study
from .permissions import access_of, bureaus_of
from .record import BASIS, CHECK
from .states import PublicationState


def title_of(study: Study) -> Text | str:
    """The title that people read, in their language where there is one."""
    return pick(study, "public_title") or pick(study, "scientific_title") or _("Untitled study")


def short_title(study: Study) -> str:
    """The acronym, else the title: short enough for a task."""
    return study.acronym or str(title_of(study))


@dataclass(frozen=True)
class DeadlineRow:
    """A deadline as a row, for somebody who may or may not say that it is done."""

    deadline: Deadline
    study: Study

    @property
    def title(self) -> str:
        return wording.capital(self.deadline.get_kind_display())

    @property
    def short_title(self) -> str:
        return short_title(self.study)

    @property
    def day(self) -> str:
        """The last day in words, for the hidden ending of a link."""
        return wording.long_date(self.deadline.due_on)

    @property
    def hospital(self) -> str:
        return self.deadline.site.organisation.short_name if self.deadline.site else ""

    @property
    def badge(self) -> Badge:
        """Done, so many days late, or still open."""
        if self.deadline.done_on:
            return Badge(_("Done"), "positive")
        return badges.of_due(self.deadline.due_on) or Badge(_("Open"), "neutral", "calendar")

    @property
    def url(self) -> str:
        return reverse("studies:meet", kwargs={"number": self.study.number, "pk": self.deadline.pk})

    @property
    def advice(self) -> str:
        """What to do; nothing once it is done."""
        return "" if self.deadline.done_on else str(RULES[self.deadline.kind].advice)


@dataclass(frozen=True)
class StudyRow:
    """A study as a row of "My studies"; needs what `for_rows` brings along."""

    study: Study
    level: str

    @property
    def title(self) -> Text | str:
        return title_of(self.study)

    @property
    def publication(self) -> Badge:
        return badges.of_publication(self.study)

    @property
    def sites(self) -> list[tuple[str, Badge]]:
        """The short name of each hospital with where its last review stands."""
        return [
            (site.organisation.short_name, badges.of_review(reviews[-1]))
            for site in self.study.sites.all()
            if (reviews := list(site.reviews.all()))
        ]

    @cached_property
    def completeness(self) -> checks.Completeness:
        return checks.completeness(records.current(self.study))

    @property
    def complete_words(self) -> str:
        """`19 of 24`."""
        return _("%(n)s of %(all)s") % {"n": len(self.completeness.given), "all": self.completeness.total}

    @property
    def missing_words(self) -> str:
        """What publishing still needs."""
        names = ", ".join(str(item.label) for item in self.completeness.needed)
        return _("Still needed to publish: %(names)s") % {"names": names} if names else ""

    @property
    def next_deadline(self) -> DeadlineRow | None:
        """The open one that comes first; overdue ones come before all."""
        row = next((row for row in self.study.deadlines.all() if row.done_on is None), None)
        return DeadlineRow(row, self.study) if row else None

    @property
    def edit_words(self) -> str:
        return _("Continue") if self.study.publication_state == PublicationState.DRAFT else _("Change")

    @property
    def edit_url(self) -> str:
        """Where to go on: the first step in which something is missing."""
        if self.level != Access.Level.EDITOR or self.study.publication_state == PublicationState.WITHDRAWN:
            return ""
        is_draft = self.study.publication_state == PublicationState.DRAFT
        steps = [item.step for item in self.completeness.needed if item.step]
        step = steps[0] if steps else CHECK if is_draft else BASIS
        return reverse("studies:step", kwargs={"number": self.study.number, "step": step})


def for_rows(studies: QuerySet[Study]) -> QuerySet[Study]:
    """Studies with what a row shows, in a fixed number of queries."""
    reviews = Review.objects.order_by("pk")
    sites = Site.objects.select_related("organisation").prefetch_related(Prefetch("reviews", reviews))
    deadlines = Deadline.objects.select_related("site__organisation")
    return records.with_everything(studies, sites).prefetch_related("access", Prefetch("deadlines", deadlines))


def rows_of(studies: Iterable[Study], person: Any) -> list[StudyRow]:
    """Rows for studies that `for_rows` prepared."""
    return [StudyRow(study, access_of(person, study) or "") for study in studies]


def of_team(person: Any, level: str = "") -> QuerySet[Study]:
    """The studies of whose team the person is (at this level), the last changed first."""
    held = Access.objects.filter(person=person)
    held = held.filter(level=level) if level else held
    return Study.objects.filter(pk__in=held.values("study")).order_by("-changed_at", "-pk")


def deadlines_at(organisations: Iterable[int]) -> Q:
    """Those that a hospital's bureau watches: at its own site, and those of the whole study where it leads."""
    own = Q(site__organisation__in=organisations)
    return own | Q(site=None, study__sites__in=Site.objects.filter(organisation__in=organisations, leading=True))


def watched_by(person: Any) -> QuerySet[Deadline]:
    """Every open deadline of the studies that the person edits and of the hospitals of the own bureau."""
    edited = Access.objects.filter(person=person, level=Access.Level.EDITOR).values("study")
    mine = Q(study__in=edited)
    if bureaus := bureaus_of(person):
        mine |= Q(pk__in=Deadline.objects.filter(deadlines_at(bureaus)).values("pk"))
    return Deadline.objects.open().filter(mine).select_related("study", "site__organisation")


def deadline_rows(deadlines: Iterable[Deadline]) -> list[DeadlineRow]:
    """Rows for deadlines whose study and site are loaded."""
    return [DeadlineRow(deadline, deadline.study) for deadline in deadlines]
