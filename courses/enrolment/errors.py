"""Why an enrolment was refused."""

from django.utils.translation import gettext_lazy as _

from academy.core.errors import InvalidInput, NotAllowed, Refused


class EnrolmentClosed(Refused):
    code = "enrolment_closed"
    message = _("You cannot enrol in this run now. Look whether there is another date.")


class RunFull(Refused):
    code = "run_full"
    message = _("This run is full and has no waiting list. Look whether there is another date.")


class AlreadyInCourse(Refused):
    code = "already_in_course"
    message = _("You already take part in another run of this course. Cancel that one first.")


class PrerequisitesMissing(Refused):
    code = "prerequisites_missing"
    message = _("You need to complete other courses first.")


class NoSuchStep(Refused):
    code = "no_such_step"
    message = _("That is not possible in the state this enrolment is in now. Load the page again to see it.")


class TooLateToCancel(Refused):
    code = "too_late_to_cancel"
    message = _("This run has already begun. Ask the course manager to take you off the list.")


class NotBegunYet(Refused):
    code = "not_begun_yet"
    message = _("This run has not begun yet.")


class MayNotSee(NotAllowed):
    code = "not_for_you"
    message = _("This run is not open to you.")


class ReasonMissing(InvalidInput):
    code = "reason_missing"
    message = _("Say why. The person reads it.")


class ChangedMeanwhile(Refused):
    code = "changed_meanwhile"
    message = _("Somebody else changed this meanwhile. Look at what is different and save again.")
