"""What this room writes to people; every message is a row in the transaction of the state that it tells of."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from academy.accounts.models import Membership, Role, User
from academy.core import clock, mail
from academy.core.translation import pick

from .models import Access, Deadline, Decision, Review, Study
from .permissions import is_of_bureau
from .selectors import editors_of


def invited(access: Access) -> None:
    """Somebody may read or edit a study from now on; without an account they register with this address first."""
    inviter = access.invited_by.full_name if access.invited_by else ""
    _write(
        "study_invited",
        access.study,
        access.email,
        access.person,
        f"access:{access.pk}",
        level=access.level,
        by=inviter,
    )


def submitted(review: Review) -> None:
    """A hospital's bureau has a new or answered file."""
    to_bureau("study_submitted", review, f"review:{review.pk}:{review.submitted_at.isoformat()}")


def returned(review: Review, moment: str, remarks: int) -> None:
    """The bureau asks for more; `remarks` is how many remarks are open."""
    to_editors("study_returned", review.site.study, f"review:{review.pk}:{moment}", review=review, remarks=remarks)


def decided(decision: Decision) -> None:
    """A hospital has decided."""
    review = decision.review
    to_editors(
        "study_decided",
        review.site.study,
        f"decision:{decision.pk}",
        review=review,
        outcome=decision.outcome,
        reason=decision.reason,
        conditions_nl=decision.conditions_nl,
        conditions_en=decision.conditions_en,
    )


def review_withdrawn(review: Review, reason: str) -> None:
    """The researchers gave up a review that lay with the bureau."""
    to_bureau("study_review_withdrawn", review, f"withdrawn:{review.pk}", reason=reason)


def published(study: Study) -> None:
    """The study can be found now, or its changes can."""
    to_editors("study_published", study, f"published:{study.pk}:{study.version}:{_moment()}")


def _moment() -> str:
    """What may happen twice to one version is told each time; the caller's state keeps it from happening at once."""
    return clock.now().isoformat()


def changes_refused(study: Study, reason: str) -> None:
    to_editors("study_changes_refused", study, f"refused:{study.pk}:{study.version}", reason=reason)


def unpublished(study: Study, reason: str) -> None:
    to_editors("study_unpublished", study, f"unpublished:{study.pk}:{study.version}:{_moment()}", reason=reason)


def changes_proposed(study: Study) -> None:
    """The leading hospital's bureau has changes to look at; told once for as long as they wait."""
    leading = study.sites.select_related("organisation").filter(leading=True).first()
    for person in _bureau(leading.organisation_id) if leading else ():
        _write(
            "study_changes_proposed",
            study,
            person.email,
            person,
            f"proposed:{study.pk}:{study.proposed_at.isoformat()}",
            site=leading.organisation.key,
        )


def reminded(deadline: Deadline, stage: str, *, overdue: bool) -> None:
    """A deadline comes near or has passed: the editors hear it once per stage, the bureau once it has passed."""
    key = f"deadline:{deadline.pk}:{stage}"
    context = {
        "deadline": deadline.pk,
        "deadline_kind": deadline.kind,
        "due_on": deadline.due_on.isoformat(),
        "stage": stage,
        "hospital": deadline.site.organisation.short_name if deadline.site else "",
    }
    to_editors("study_deadline", deadline.study, key, **context)
    site = deadline.site or deadline.study.sites.filter(leading=True).first()
    for person in _bureau(site.organisation_id) if overdue and site else ():
        _write("study_deadline", deadline.study, person.email, person, key, for_bureau=True, **context)


def to_editors(kind: str, study: Study, event_key: str, review: Review | None = None, **context: Any) -> None:
    """To everybody with an account who edits the study."""
    if review is not None:
        context |= _of_review(review)
    for row in editors_of(study):
        _write(kind, study, row.person.email, row.person, event_key, **context)


def to_bureau(kind: str, review: Review, event_key: str, **context: Any) -> None:
    """To whom the review is assigned, else (also when they left it) to the whole science bureau of the hospital."""
    assigned = is_of_bureau(review.assigned_to, review)
    people = [review.assigned_to] if assigned else _bureau(review.site.organisation_id)
    context |= _of_review(review)
    for person in people:
        _write(kind, review.site.study, person.email, person, event_key, **context)


def _of_review(review: Review) -> dict[str, str]:
    hospital = review.site.organisation
    return {"hospital": hospital.short_name, "site": hospital.key, "review_kind": review.kind}


def _bureau(organisation: int) -> Iterable[User]:
    held = Membership.objects.in_force().filter(organisation=organisation, role=Role.SCIENCE_BUREAU)
    return User.objects.filter(pk__in=held.values("person"), is_active=True)


def _write(kind: str, study: Study, to: str, person: User | None, event_key: str, **context: Any) -> None:
    language = person.preferred_language if person else "nl"
    with override(language):
        address = settings.SITE_URL + reverse("studies:study", kwargs={"number": study.number})
        title = str(study.acronym or pick(study, "public_title") or study.number)
    mail.write(
        kind=kind,
        to=to,
        person=person,
        language=language,
        event_key=event_key,
        context={
            "given_name": person.given_name if person else "",
            "study": title,
            "number": study.number,
            "url": address,
            **context,
        },
    )
