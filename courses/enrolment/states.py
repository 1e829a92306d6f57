"""Vocabularies and transition tables of enrolment; names as in OEAPI v6 where it has them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """Where a run is in its life; computed from dates, never stored."""

    UPCOMING = "upcoming", _("enrolment opens later")
    ENROLMENT_OPEN = "enrolment_open", _("enrolment open")
    ENROLMENT_CLOSED = "enrolment_closed", _("enrolment closed")
    ONGOING_OPEN = "ongoing_open", _("under way, enrolment open")
    ONGOING_CLOSED = "ongoing_closed", _("under way, enrolment closed")
    FINISHED = "finished", _("finished")
    CANCELLED = "cancelled", _("cancelled")

    @classmethod
    def open(cls) -> tuple["RunState", ...]:
        """States in which people can enrol."""
        return cls.ENROLMENT_OPEN, cls.ONGOING_OPEN


class EnrolmentState(models.TextChoices):
    PENDING = "pending", _("waits for approval")
    QUEUED = "queued", _("on the waiting list")
    OFFERED = "offered", _("offered a place")
    ASSOCIATED = "associated", _("enrolled")
    DENIED = "denied", _("not approved")
    CANCELLED = "cancelled", _("cancelled")
    FINISHED = "finished", _("finished")

    @classmethod
    def holding_a_seat(cls) -> tuple["EnrolmentState", ...]:
        """States that take one of the run's seats."""
        return cls.PENDING, cls.OFFERED, cls.ASSOCIATED, cls.FINISHED

    @classmethod
    def active(cls) -> tuple["EnrolmentState", ...]:
        """States in which a person is still in, or waits to get in."""
        return cls.PENDING, cls.QUEUED, cls.OFFERED, cls.ASSOCIATED


S = EnrolmentState
#: From which state an enrolment may go to which; a correction of the outcome stays in `finished`.
NEXT: dict[str, frozenset[str]] = {
    "": frozenset({S.PENDING, S.QUEUED, S.ASSOCIATED}),
    S.PENDING: frozenset({S.ASSOCIATED, S.DENIED, S.CANCELLED}),
    S.QUEUED: frozenset({S.PENDING, S.OFFERED, S.ASSOCIATED, S.DENIED, S.CANCELLED}),
    S.OFFERED: frozenset({S.ASSOCIATED, S.QUEUED, S.CANCELLED}),
    S.ASSOCIATED: frozenset({S.CANCELLED, S.FINISHED}),
    S.FINISHED: frozenset({S.FINISHED}),
    S.DENIED: frozenset(),
    S.CANCELLED: frozenset(),
}


class Outcome(models.TextChoices):
    COMPLETED = "completed", _("completed")
    NOT_PASSED = "not_passed", _("not passed")
    NO_SHOW = "no_show", _("did not come")
    INCOMPLETE = "incomplete", _("incomplete")


class AttendanceState(models.TextChoices):
    UNKNOWN = "unknown", _("not recorded")
    PRESENT = "present", _("present")
    ABSENT = "absent", _("absent")
