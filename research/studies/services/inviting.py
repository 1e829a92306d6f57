"""Who of the team may read or edit a study."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
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
    _keep_an_editor(study, email, level)
    person = User.objects.filter(email=email, is_active=True).first()
    access, new = Access.objects.update_or_create(
        study=study,
        email=email,
        defaults={"level": level, "person": person},
        create_defaults={"level": level, "person": person, "invited_by": actor, "invited_at": clock.now()},
    )
    events.record(actor=actor, object=study, verb="invite", to_state=level, person=person.pk if person else None)
    if new:
        messages.invited(access)
    return access


@transaction.atomic
def withdraw_access(*, access: Access, actor: User) -> None:
    """Take somebody off the team; the last editor stays."""
    study = steps.lock(access.study)
    steps.check(actor, "studies.invite", study)
    _keep_an_editor(study, access.email, "")
    deleted, _rows = Access.objects.filter(pk=access.pk).delete()
    if deleted:
        events.record(
            actor=actor, object=study, verb="withdraw_access", from_state=access.level, person=access.person_id
        )


def _keep_an_editor(study: Study, email: str, level: str) -> None:
    editors = study.access.filter(level=Access.Level.EDITOR)
    if level != Access.Level.EDITOR and editors.exists() and not editors.exclude(email=email).exists():
        raise Refused(_("A study keeps at least one editor. Let somebody else edit first."))


@transaction.atomic
def claim_invitations(person: User) -> int:
    """Hand over the invitations for the person's own address; returns how many there were."""
    waiting = Access.objects.filter(email=person.email, person=None)
    facade.requeue("study", waiting.values_list("study", flat=True))
    return waiting.update(person=person)
