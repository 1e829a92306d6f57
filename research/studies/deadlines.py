"""Which deadlines follow from a study, from what was decided on it, and from the day: the rules as data.

A day as a limit lasts until the next midnight. Of a date of which only the month or the year is known a start means its
first day and an end its last.
"""

from calendar import isleap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from academy.core import clock

from .dates import earliest, latest
from .models import Approval, Contributor, Deadline, Review, Site, Study
from .record import ACCESS, CONDUCT, HOSPITALS
from .states import ApprovalState, ReviewState
from .vocabularies import ApprovalKind, ContributorRole, DateType, LegalRegime, RecruitmentStatus, ReviewKind

Kind = Deadline.Kind


@dataclass(frozen=True)
class Stage:
    """A moment of reminding: so many days before the day (negative: after it)."""

    name: str
    days_before: int

    @property
    def overdue(self) -> bool:
        return self.days_before < 0

    def comes_on(self, due_on: date) -> date:
        """The first day on which this stage is told."""
        return due_on - timedelta(days=self.days_before)


#: in the order in which they come; each is told once
STAGES: tuple[Stage, ...] = (
    Stage("month", 30),
    Stage("week", 7),
    Stage("overdue", -1),
    Stage("long_overdue", -30),
)


def stage_of(due_on: date, on: date | None = None) -> Stage | None:
    """The last stage that has come by this day (today when not given); None while it is still too early."""
    day = on or clock.today()
    return next((stage for stage in reversed(STAGES) if stage.comes_on(due_on) <= day), None)


def comes_after(stage: Stage, told: str) -> bool:
    """Whether this stage is later than the one that was told last; `told` is empty when none was."""
    names = [entry.name for entry in STAGES]
    return told not in names or names.index(stage.name) > names.index(told)


@dataclass(frozen=True)
class Due:
    """A deadline that follows; `site` is the primary key of one, or None where it is about the study as a whole."""

    kind: str
    site: int | None
    due_on: date
    done_on: date | None = None

    @property
    def key(self) -> tuple[str, int | None, date]:
        return self.kind, self.site, self.due_on


class Case:
    """A study as the rules look at it, on one day.

    Reads `study.sites` with their `reviews` and `approvals`, and `study.contributors` (prefetch them).
    `asking` holds which hospitals ask for a progress report at which kind of review: (organisation id, kind).
    """

    def __init__(self, study: Study, asking: frozenset[tuple[int, str]] = frozenset(), on: date | None = None) -> None:
        self.study, self.asking, self.today = study, asking, on or clock.today()

    @cached_property
    def sites(self) -> list[Site]:
        return list(self.study.sites.all())

    @cached_property
    def leading(self) -> list[Site]:
        """The leading hospital, when it approved the study: whoever did not has nothing to be told."""
        return [site for site in self.sites if site.leading and approved_on(site)]

    @cached_property
    def withdrawn(self) -> bool:
        return self.study.recruitment_status == RecruitmentStatus.WITHDRAWN

    @cached_property
    def started(self) -> bool:
        """Whether anybody takes part or took part, by the date or by the status that somebody wrote down."""
        first = earliest(self.study.first_enrolment)
        really = self.study.first_enrolment_type == DateType.ACTUAL and first is not None and first <= self.today
        return really or self.ended_on is not None or self.study.recruitment_status in _UNDER_WAY

    @cached_property
    def ended_on(self) -> date | None:
        """The day on which the study really ended."""
        if self.withdrawn or self.study.completion_type != DateType.ACTUAL:
            return None
        return latest(self.study.completion)

    @cached_property
    def stopped_early(self) -> bool:
        return self.study.recruitment_status == RecruitmentStatus.TERMINATED


_UNDER_WAY = (
    RecruitmentStatus.RECRUITING,
    RecruitmentStatus.ENROLLING_BY_INVITATION,
    RecruitmentStatus.ACTIVE_NOT_RECRUITING,
    RecruitmentStatus.SUSPENDED,
    RecruitmentStatus.TERMINATED,
    RecruitmentStatus.COMPLETED,
)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the 28th where there is none."""
    year = day.year + years
    return date(year, day.month, 28 if (day.month, day.day) == (2, 29) and not isleap(year) else day.day)


def _live(site: Site) -> list[Review]:
    lost = (ReviewState.REJECTED, ReviewState.WITHDRAWN)
    return [review for review in site.reviews.all() if review.state not in lost]


def _positive(site: Site) -> list[Approval]:
    yes = (ApprovalState.APPROVED, ApprovalState.APPROVED_WITH_CONDITIONS)
    rows = [row for review in _live(site) for row in review.approvals.all() if row.state in yes and row.decided_on]
    return sorted(rows, key=lambda row: row.decided_on)


def _metc(site: Site) -> list[Approval]:
    return [row for row in _positive(site) if row.kind == ApprovalKind.METC]


def approval_of(site: Site) -> Approval | None:
    """The approval that counts: the METC's last one; without a METC the board's, else whoever said yes last.

    The METC's counts from its decision on, the others once the hospital has approved.
    """
    if metc := _metc(site):
        return metc[-1]
    rows = _positive(site) if any(review.state in ReviewState.positive() for review in _live(site)) else []
    return next((row for row in reversed(rows) if row.kind == ApprovalKind.BOARD), rows[-1] if rows else None)


def approved_on(site: Site) -> date | None:
    """The day of that approval, or of the hospital's decision where no body had to say anything."""
    if approval := approval_of(site):
        return approval.decided_on
    days = [r.decided_at for r in _live(site) if r.state in ReviewState.positive() and r.decided_at]
    return clock.day_of(max(days)) if days else None


Found = Iterator[tuple[Site | None, date, date | None]]


@dataclass(frozen=True)
class Rule:
    """What has to be done, where it is written, and when: `find` gives site, last day, and since when it is done.

    `advice` tells the researcher what to do; where that is in the study itself, `step` is the step of the form.
    `settled_within`: what was done for a day at most so many days away settles this one, too, so that a date that is
    put right does not ask for the same report again; None: whatever the day. `by_hand`: people say that it is done;
    where not, that follows from the record.
    """

    kind: str
    source: str | Promise
    advice: str | Promise
    find: Callable[[Case], Found]
    step: str = ""
    settled_within: int | None = 0
    by_hand: bool = True


def _approval_lapses(case: Case) -> Found:
    """A limit that the body wrote down itself goes before the year."""
    if case.started or case.withdrawn:
        return
    for site in case.sites:
        if approval := approval_of(site):
            yield site, approval.valid_until or years_after(approval.decided_on, 1), None
        elif day := approved_on(site):
            yield site, years_after(day, 1), None


def _progress_report(case: Case) -> Found:
    if case.withdrawn or case.study.legal_regime == LegalRegime.NWMO:
        return
    main = [site for site in case.sites if any(r.kind == ReviewKind.MAIN_REVIEW for r in _live(site))]
    decisions = [row.decided_on for site in main for row in _metc(site)]
    for site in case.sites:
        first = min(decisions, default=approved_on(site))
        if first and approved_on(site) and (site in main or _asks(case, site)):
            yield from ((site, day, None) for day in _years(first, case))


def _asks(case: Case, site: Site) -> bool:
    return any((site.organisation_id, review.kind) in case.asking for review in _live(site))


def _years(first: date, case: Case) -> Iterator[date]:
    """Every year that has passed and the next one, as long as the study runs."""
    for years in range(1, case.today.year - first.year + 3):
        day = years_after(first, years)
        if case.ended_on and day >= case.ended_on:
            return
        yield day
        if day >= case.today:
            return


#: days within which the end of a study is reported, where it is not `_END_DAYS`
_SHORTER = {LegalRegime.CTR: 15, LegalRegime.MDR_62_74: 15}
_END_DAYS, _PREMATURE_DAYS = 56, 15


def _end_of_study_report(case: Case) -> Found:
    if case.ended_on and not case.stopped_early:
        days = timedelta(days=_SHORTER.get(case.study.legal_regime, _END_DAYS))
        yield from ((site, case.ended_on + days, None) for site in case.leading)


def _premature_end_report(case: Case) -> Found:
    if case.ended_on and case.stopped_early:
        days = timedelta(days=_PREMATURE_DAYS)
        yield from ((site, case.ended_on + days, None) for site in case.leading)


def _results_summary(case: Case) -> Found:
    if case.ended_on:
        given_on = case.study.results_summary_given_on
        yield from ((site, years_after(case.ended_on, 1), given_on) for site in case.leading)


def _certificate_at_start(case: Case) -> Found:
    start = earliest(case.study.first_enrolment)
    if start is None or case.started or case.withdrawn:
        return
    rows = list(case.study.contributors.all())
    leading = next((site for site in case.sites if site.leading), None)
    at = {site.organisation_id: site for site in case.sites}
    for row in rows:
        if row.role == ContributorRole.PRINCIPAL_INVESTIGATOR:
            until = _certificate_of(row, rows)
            if until and until < start:
                yield at.get(row.site_id, leading), start, None


def _certificate_of(person: Contributor, rows: Iterable[Contributor]) -> date | None:
    """Until when the last of this person's certificates is valid; whatever role it was written at."""
    who = (person.person_id, person.name)
    return max((r.certificate_expires_on for r in rows if (r.person_id, r.name) == who and r.certificate_expires_on),
               default=None)  # fmt: skip


def _embargo_lift(case: Case) -> Found:
    """Once its day has come there is nothing left to do: the study is public by itself."""
    if day := case.study.embargo_until:
        yield None, day, day if day <= case.today else None


_SEND = _("Send the report to the committee, then write down here that you did.")
RULES: dict[str, Rule] = {
    rule.kind: rule
    for rule in (
        Rule(
            Kind.APPROVAL_LAPSES,
            _(
                "Research registry of the two hospitals: an approval lapses when the study does not start within a"
                " year."
            ),
            _("Fill in the day of the first participant once the study has started, or ask for a longer term."),
            _approval_lapses,
            step=CONDUCT,
        ),
        Rule(
            Kind.PROGRESS_REPORT,
            _(
                "CCMO: a progress report one year after the METC's decision and then yearly, by the hospital of the"
                " main review. Other hospitals may ask for it, too. Not for research outside the WMO."
            ),
            _SEND,
            _progress_report,
            settled_within=182,
        ),
        Rule(
            Kind.END_OF_STUDY_REPORT,
            _(
                "CCMO: the end of a study is reported within 56 days; within 15 days by article 37 of the CTR and"
                " article 77 of the MDR (studies of its articles 62 and 74)."
            ),
            _SEND,
            _end_of_study_report,
            settled_within=None,
        ),
        Rule(
            Kind.PREMATURE_END_REPORT,
            _("CCMO: the premature end of a study is reported within 15 days."),
            _SEND,
            _premature_end_report,
            settled_within=None,
        ),
        Rule(
            Kind.RESULTS_SUMMARY,
            _("CCMO: a summary of the results within a year after the end of the study."),
            _("Write the summary in the study and fill in on which day you gave it."),
            _results_summary,
            step=CONDUCT,
            settled_within=None,
            by_hand=False,
        ),
        Rule(
            Kind.CERTIFICATE_AT_START,
            _(
                "Research registry of the two hospitals: the BROK or GCP certificate of the principal investigator is"
                " valid at the start."
            ),
            _("Renew the certificate of the principal investigator and fill in until when it is valid."),
            _certificate_at_start,
            step=HOSPITALS,
        ),
        Rule(
            Kind.EMBARGO_LIFT,
            _("Research registry of the two hospitals: a study becomes public on the day on which its embargo ends."),
            _("From this day everybody sees the study. Is that too early? Choose another day."),
            _embargo_lift,
            step=ACCESS,
            by_hand=False,
        ),
    )
}


def derive(case: Case) -> list[Due]:
    """Every deadline of the study on that day, each once."""
    found = (
        Due(rule.kind, site.pk if site else None, due_on, done_on)
        for rule in RULES.values()
        for site, due_on, done_on in rule.find(case)
    )
    return list({due.key: due for due in found}.values())
