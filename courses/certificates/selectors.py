"""Questions about certificates that several doors ask."""

from collections.abc import Mapping

from django.db.models import Exists, OuterRef, QuerySet

from academy.accounts.models import Role, User
from academy.accounts.permissions import is_auditor, roles_of
from courses.catalogue.models import Course
from courses.enrolment.models import Enrolment
from courses.enrolment.states import EnrolmentState, Outcome

from .models import Certificate
from .states import CertificateState
from .tokens import tidy


def by_token(typed: str) -> Certificate | None:
    """The certificate that somebody means, however the token was typed."""
    token = tidy(typed)
    return Certificate.objects.with_subject().filter(token=token).first() if token else None


def of_person(person: User) -> QuerySet[Certificate]:
    """A person's certificates, the newest first."""
    return Certificate.objects.with_subject().filter(person=person)


def seen_by(user: User) -> QuerySet[Certificate]:
    """What a course manager (own organisation) or an auditor (everything) works with."""
    found = Certificate.objects.with_subject()
    if is_auditor(user):
        return found
    return found.filter(enrolment__run__course__in=_courses_managed_by(user))


def matching(certificates: QuerySet[Certificate], filters: Mapping[str, str]) -> QuerySet[Certificate]:
    """Narrowed down by `run`, `email` of the holder, `number` of the certificate and `state`, each as a whole."""
    if run := filters.get("run", "").strip():
        certificates = certificates.filter(enrolment__run__number__iexact=run)
    if email := filters.get("email", "").strip():
        certificates = certificates.filter(person__email=email.lower())
    if number := filters.get("number", ""):
        certificates = certificates.filter(token=tidy(number))
    if state := filters.get("state", ""):
        certificates = certificates.filter(state=state)
    return certificates


def completed_without(user: User) -> QuerySet[Enrolment]:
    """Completed enrolments of the courses that a user manages, without a certificate that holds."""
    current = Certificate.objects.current().filter(enrolment=OuterRef("pk"))
    completed = Enrolment.objects.filter(state=EnrolmentState.FINISHED, outcome=Outcome.COMPLETED)
    managed = completed.filter(run__course__in=_courses_managed_by(user))
    return managed.filter(~Exists(current)).select_related("person", "run__course").order_by("-completed_on", "pk")


def waiting() -> QuerySet[Certificate]:
    """Awarded, but the file is not made yet; parked ones too."""
    return Certificate.objects.filter(state=CertificateState.PENDING)


def _courses_managed_by(user: User) -> QuerySet[Course]:
    # As a subquery, so that no row comes twice when a person manages for both hospitals.
    return Course.objects.filter(owners__in=roles_of(user).organisations(Role.COURSE_MANAGER)).values("pk")
