"""Organisations and their units, kept by their own administrators."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from academy.core import events
from academy.core.errors import InvalidInput, Refused

from ..errors import OtherOrganisation
from ..models import Organisation, Unit, User
from .belonging import follow_domains
from .steps import check, check_columns


@transaction.atomic
def change_organisation(*, organisation: Organisation, actor: User | None, **columns: Any) -> Organisation:
    """Write these columns; people with a confirmed address in a domain that came or went join or leave."""
    check(actor, "accounts.administer", organisation, OtherOrganisation)
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    changed = {name: value for name, value in columns.items() if getattr(organisation, name) != value}
    if not changed:
        return organisation
    before = set(organisation.mail_domains)
    for name, value in changed.items():
        setattr(organisation, name, value)
    check_columns(organisation)
    _check_domains(organisation)
    organisation.save(update_fields=list(changed))
    events.record(actor=actor, object=organisation, verb="change", fields=sorted(changed))
    for person in _with_address_in(before ^ set(organisation.mail_domains)):
        follow_domains(person=person, actor=actor)
    return organisation


def _check_domains(organisation: Organisation) -> None:
    """A domain belongs to one organisation: its confirmed addresses open what is for members only."""
    others = Organisation.objects.exclude(pk=organisation.pk).exclude(mail_domains=[])
    taken = {domain.lower() for other in others for domain in other.mail_domains}
    for domain in organisation.mail_domains:
        if "." not in domain or "@" in domain or domain != domain.strip().lower():
            raise InvalidInput(fields={"mail_domains": [_("%(domain)s is no e-mail domain.") % {"domain": domain}]})
        if domain in taken:
            words = _("%(domain)s belongs to another organisation already.") % {"domain": domain}
            raise InvalidInput(fields={"mail_domains": [words]})


def _with_address_in(domains: set[str]) -> list[User]:
    found = Q(pk__in=[])
    for domain in domains:
        found |= Q(email__iendswith=f"@{domain}")
    people = EmailAddress.objects.filter(found, verified=True).values("user")
    return list(User.objects.filter(pk__in=people))


@transaction.atomic
def save_unit(*, unit: Unit, actor: User | None) -> Unit:
    """Make or change a unit of an organisation that the actor administers; its columns are already set."""
    check(actor, "accounts.administer", unit.organisation, OtherOrganisation)
    if unit.parent and unit.parent.organisation_id != unit.organisation_id:
        raise InvalidInput(fields={"parent": [_("This unit belongs to another organisation.")]})
    verb = "change" if unit.pk else "make"
    check_columns(unit)
    unit.save()
    events.record(actor=actor, object=unit, verb=verb, name=unit.name_nl)
    return unit


@transaction.atomic
def delete_unit(*, unit: Unit, actor: User | None) -> None:
    """Remove a unit that nobody works in and nothing lies under."""
    check(actor, "accounts.administer", unit.organisation, OtherOrganisation)
    events.record(actor=actor, object=unit, verb="delete", name=unit.name_nl)
    try:
        unit.delete()
    except ProtectedError:
        raise Refused(_("People or other units still belong to it. Move them first."), code="unit_in_use") from None
