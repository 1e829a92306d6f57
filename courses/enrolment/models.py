"""Runs, sessions, seats and who takes part."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from academy.accounts.models import Organisation, User
from academy.core import clock
from academy.core.translation import pick
from courses.catalogue.models import Course, DeliveryMode

from .states import AttendanceState, EnrolmentState, Outcome, RunState


class CourseRunQuerySet(models.QuerySet):
    def with_seats_taken(self) -> "CourseRunQuerySet":
        """Annotates `seats_taken` (rows that hold a seat) and `waiting` (rows on the waiting list)."""
        held = Q(enrolments__state__in=EnrolmentState.holding_a_seat())
        waiting = Q(enrolments__state=EnrolmentState.QUEUED)
        return self.annotate(seats_taken=Count("enrolments", filter=held), waiting=Count("enrolments", filter=waiting))

    def in_state(self, *states: str, at: datetime | None = None) -> "CourseRunQuerySet":
        """Runs in one of these states; the same definition as `CourseRun.state`, in SQL."""
        today = clock.day_of(at or clock.now())
        found = Q(pk__in=[])
        for state in states:
            found |= _state_as_condition(state, today)
        return self.filter(found)

    def coming(self, at: datetime | None = None) -> "CourseRunQuerySet":
        """Runs that have not ended and are not cancelled, the next one first."""
        today = clock.day_of(at or clock.now())
        return self.filter(cancelled_at=None, ends_on__gte=today).order_by("starts_on", "pk")

    def taught_by(self, person: User) -> "CourseRunQuerySet":
        return self.filter(Exists(CourseRun.trainers.through.objects.filter(courserun=OuterRef("pk"), user=person)))


def _state_as_condition(state: str, today: date) -> Q:
    alive = Q(cancelled_at=None)
    window = Q(enrolment_opens_on__lte=today, enrolment_closes_on__gte=today)
    before, during = Q(starts_on__gt=today), Q(starts_on__lte=today, ends_on__gte=today)
    return {
        RunState.CANCELLED: ~alive,
        RunState.FINISHED: alive & Q(ends_on__lt=today),
        RunState.ONGOING_OPEN: alive & during & window,
        RunState.ONGOING_CLOSED: alive & during & ~window,
        RunState.UPCOMING: alive & before & Q(enrolment_opens_on__gt=today),
        RunState.ENROLMENT_OPEN: alive & before & window,
        RunState.ENROLMENT_CLOSED: alive & before & Q(enrolment_closes_on__lt=today),
    }[RunState(state)]


class CourseRun(ClusterableModel):
    """One edition of a course, with dates, seats and an enrolment window; days count in Europe/Amsterdam."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="runs", verbose_name=_("course"))
    number = models.CharField(_("number"), max_length=40, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(editable=False)
    sequence = models.PositiveSmallIntegerField(editable=False)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="runs",
        limit_choices_to={"kind": "hospital"},
        verbose_name=_("held by"),
    )
    language = models.CharField(
        _("language"), max_length=2, default="nl", choices=[("nl", _("Dutch")), ("en", _("English"))]
    )
    delivery_mode = models.CharField(_("form"), max_length=12, choices=DeliveryMode, default=DeliveryMode.CLASSROOM)
    seats = models.PositiveSmallIntegerField(_("seats"), validators=[MinValueValidator(1)])
    seats_min = models.PositiveSmallIntegerField(_("goes on from"), default=1, help_text=_("Participants needed."))
    waiting_list = models.BooleanField(_("waiting list"), default=True)
    enrolment_opens_on = models.DateField(_("enrolment opens on"))
    enrolment_closes_on = models.DateField(_("last day of enrolment"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    trainers = models.ManyToManyField(User, related_name="runs_taught", blank=True, verbose_name=_("trainers"))
    note_nl = models.TextField(_("note in Dutch"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancel_reason_nl = models.TextField(_("reason in Dutch"), blank=True, editable=False)
    cancel_reason_en = models.TextField(_("reason in English"), blank=True, editable=False)

    objects = CourseRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["course", "year", "sequence"], name="run_sequence_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="run_ends_after_start"),
            models.CheckConstraint(
                condition=Q(enrolment_closes_on__gte=F("enrolment_opens_on")), name="run_closes_after_opening"
            ),
        ]
        indexes = [models.Index(fields=["course", "ends_on"], name="run_of_course")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"{self.course.get_absolute_url()}#{self.number}"

    def get_desk_url(self) -> str:
        return reverse("enrolment:run-desk", kwargs={"number": self.number})

    @property
    def state(self) -> RunState:
        """The state at this moment, from dates alone."""
        return self.state_on(clock.today())

    def state_on(self, today: date) -> RunState:
        """The state on a day; a run is under way from its first day to the end of its last."""
        if self.cancelled_at:
            return RunState.CANCELLED
        if self.ends_on < today:
            return RunState.FINISHED
        in_window = self.enrolment_opens_on <= today <= self.enrolment_closes_on
        if self.starts_on <= today:
            return RunState.ONGOING_OPEN if in_window else RunState.ONGOING_CLOSED
        if today < self.enrolment_opens_on:
            return RunState.UPCOMING
        return RunState.ENROLMENT_OPEN if in_window else RunState.ENROLMENT_CLOSED

    @property
    def is_open(self) -> bool:
        return self.state in RunState.open()

    def next_change(self) -> datetime | None:
        """The next midnight at which `state` becomes another one, or None when it never will."""
        if self.cancelled_at:
            return None
        now = clock.now()
        moments = [clock.start_of(self.enrolment_opens_on), clock.end_of(self.enrolment_closes_on)]
        moments += [clock.start_of(self.starts_on), clock.end_of(self.ends_on)]
        return min((moment for moment in moments if moment > now), default=None)

    def clean(self) -> None:
        problems = {}
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            problems["ends_on"] = _("The last day lies before the first.")
        if self.enrolment_opens_on and self.enrolment_closes_on and self.enrolment_closes_on < self.enrolment_opens_on:
            problems["enrolment_closes_on"] = _("Enrolment would close before it opens.")
        if self.seats and self.seats_min and self.seats_min > self.seats:
            problems["seats_min"] = _("There are fewer seats than participants needed.")
        if problems:
            raise ValidationError(problems)


class Allotment(models.Model):
    """Seats kept for one organisation until the release date; then what is left joins the shared seats."""

    run = ParentalKey(CourseRun, on_delete=models.CASCADE, related_name="allotments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("organisation"))
    seats = models.PositiveSmallIntegerField(_("seats"))
    release_on = models.DateField(_("released on"))
    released_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("allotment")
        verbose_name_plural = _("allotments")
        constraints = [models.UniqueConstraint(fields=["run", "organisation"], name="allotment_once")]

    def __str__(self) -> str:
        return f"{self.organisation.short_name}: {self.seats}"


class Session(models.Model):
    """One meeting of a run, with time and place."""

    run = ParentalKey(CourseRun, on_delete=models.CASCADE, related_name="sessions")
    title_nl = models.CharField(_("title in Dutch"), max_length=200, blank=True)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    location = models.CharField(_("place"), max_length=80, blank=True, help_text=_("The town, or empty when online."))
    room_nl = models.CharField(_("room in Dutch"), max_length=120, blank=True)
    room_en = models.CharField(_("room in English"), max_length=120, blank=True)
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "pk"]

    def __str__(self) -> str:
        return f"{clock.day_of(self.starts_at)} {self.location}"

    @property
    def place(self) -> str:
        """Town and room, as people say it."""
        return ", ".join(part for part in (self.location, pick(self, "room")) if part)

    def clean(self) -> None:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The session ends before it starts.")})


class EnrolmentQuerySet(models.QuerySet):
    def active(self) -> "EnrolmentQuerySet":
        return self.filter(state__in=EnrolmentState.active())

    def holding_a_seat(self) -> "EnrolmentQuerySet":
        return self.filter(state__in=EnrolmentState.holding_a_seat())

    def queued(self) -> "EnrolmentQuerySet":
        """The waiting list, first in line first."""
        return self.filter(state=EnrolmentState.QUEUED).order_by("requested_at", "pk")

    def with_place_in_line(self) -> "EnrolmentQuerySet":
        """Annotates `ahead`: how many stand before each on the waiting list of its run."""
        same = Q(requested_at=OuterRef("requested_at"), pk__lt=OuterRef("pk"))
        line = Enrolment.objects.queued().filter(Q(requested_at__lt=OuterRef("requested_at")) | same)
        ahead = line.filter(run=OuterRef("run")).order_by().values("run").annotate(n=Count("pk")).values("n")
        return self.annotate(ahead=Coalesce(Subquery(ahead), 0))


class Enrolment(models.Model):
    """One person in one run; `state` is written by services only."""

    run = models.ForeignKey(CourseRun, models.PROTECT, related_name="enrolments", verbose_name=_("run"))
    person = models.ForeignKey(User, models.PROTECT, related_name="enrolments", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    state = models.CharField(_("state"), max_length=12, choices=EnrolmentState)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    requested_at = models.DateTimeField(_("requested"), default=clock.now)
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    reason = models.TextField(_("reason"), blank=True)
    over_enrolled = models.BooleanField(_("beyond the number of seats"), default=False)
    version = models.PositiveIntegerField(default=0)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["requested_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "person"],
                condition=Q(state__in=["pending", "queued", "offered", "associated"]),
                name="one_active_enrolment_per_run",
            ),
        ]
        indexes = [models.Index(fields=["run", "state"], name="enrolment_of_run")]

    def __str__(self) -> str:
        return f"{self.person}: {self.run} ({self.get_state_display()})"


class Attendance(models.Model):
    """Whether a participant was at a session, and who said so when."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="attendance")
    session = models.ForeignKey(Session, models.PROTECT, related_name="attendance")
    state = models.CharField(_("attendance"), max_length=8, choices=AttendanceState, default=AttendanceState.UNKNOWN)
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [models.UniqueConstraint(fields=["enrolment", "session"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.enrolment_id}/{self.session_id}: {self.state}"


class CompletedBefore(models.Model):
    """A course completed before this registry, or elsewhere, that counts as a prerequisite."""

    person = models.ForeignKey(User, models.CASCADE, related_name="completed_before", verbose_name=_("person"))
    course = models.ForeignKey(Course, models.CASCADE, related_name="+", verbose_name=_("course"))
    completed_on = models.DateField(_("completed on"))
    source = models.CharField(_("source"), max_length=40, default="imported")

    class Meta:
        verbose_name = _("earlier completion")
        verbose_name_plural = _("earlier completions")
        constraints = [models.UniqueConstraint(fields=["person", "course"], name="completed_before_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.course}"
