"""Who of the team may read or edit a study."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from academy.accounts.models import User
from academy.core import clock, events
from academy.core.errors import InvalidInput, Refused
from search import facade

from .. import messages
from ..models import Access, Study
from . import steps


@transaction.atomic
def invite(*, study: Study, actor: User, email: str, level: str) -> Access:
    """Let the owner of this address read or edit; inviting again changes the level. They get a mail."""
    study = steps.lock(study)
    steps.check(actor, "studies.invite", study)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidInput(fields={"email": [_("Write an e-mail address, such as name@example.org.")]}) from None
    if level not in Access.Level.values:
        raise InvalidInput(fields={"level": [_("Choose whether they may read or edit.")]})
    person = User.objects.filter(email=email, is_active=True).first()
    access = _of_team(study, email, person) or Access(study=study, invited_by=actor, invited_at=clock.now())
    _keep_an_editor(study, access, level)
    new = access.pk is None
    access.level, access.email, access.person = level, email, person or access.person
    access.save()
    events.record(actor=actor, object=study, verb="invite", to_state=level, person=access.person_id)
    if new:
        messages.invited(access)
    return access


def _of_team(study: Study, email: str, person: User | None) -> Access | None:
    """The row of this address or of this person, who may have had another one; a second row of theirs goes."""
    owner = Q(email=email) if person is None else Q(email=email) | Q(person=person)
    rows = sorted(study.access.filter(owner), key=lambda row: row.person_id is None)
    for other in rows[1:]:
        other.delete()
    return rows[0] if rows else None


@transaction.atomic
def withdraw_access(*, access: Access, actor: User) -> None:
    """Take somebody off the team; the last editor stays."""
    study = steps.lock(access.study)
    steps.check(actor, "studies.invite", study)
    _keep_an_editor(study, access, "")
    deleted, _rows = Access.objects.filter(pk=access.pk).delete()
    if deleted:
        events.record(
            actor=actor, object=study, verb="withdraw_access", from_state=access.level, person=access.person_id
        )


def _keep_an_editor(study: Study, access: Access, level: str) -> None:
    editors = study.access.filter(level=Access.Level.EDITOR, person__is_active=True)
    if level != Access.Level.EDITOR and editors.exists() and not editors.exclude(pk=access.pk).exists():
        raise Refused(_("A study keeps at least one editor. Let somebody else edit first."))


@transaction.atomic
def claim_invitations(person: User) -> int:
    """Hand over the invitations for the person's own address; returns how many there were."""
    waiting = Access.objects.filter(email=person.email, person=None)
    facade.requeue("study", waiting.values_list("study", flat=True))
    for access in waiting.filter(study__access__person=person):
        if access.level == Access.Level.EDITOR:
            Access.objects.filter(study=access.study_id, person=person).update(level=access.level)
        access.delete()
    return waiting.update(person=person)
