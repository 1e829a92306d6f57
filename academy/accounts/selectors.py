"""Which persons, organisations and messages somebody may see."""

from django.db.models import CharField, Prefetch, Q, QuerySet
from django.db.models.functions import Cast

from academy.core.models import Message

from .models import Membership, Organisation, Role, Unit, User
from .permissions import is_auditor, roles_of


def organisations_of(user: User) -> QuerySet[Organisation]:
    """Those that the user administers; the auditor sees all of them."""
    if is_auditor(user):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=roles_of(user).organisations(Role.ADMINISTRATOR))


def units_of(user: User) -> QuerySet[Unit]:
    """Units of the organisations above."""
    return Unit.objects.filter(organisation__in=organisations_of(user)).select_related("organisation", "parent")


def people_of(
    user: User, *, words: str = "", organisation: Organisation | None = None, role: str = ""
) -> QuerySet[User]:
    """People with a role, present or past, in an organisation that the user sees, by name.

    `words` is the beginning of a name, or a whole e-mail address; an address also finds who has no role anywhere.
    """
    memberships = Membership.objects.filter(organisation__in=organisations_of(user))
    if organisation is not None:
        memberships = memberships.filter(organisation=organisation)
    if role:
        memberships = memberships.in_force().filter(role=role)
    found = Q(pk__in=memberships.values("person"))
    if words and "@" in words:
        nobodys = Q(memberships=None) if not (organisation or role) else Q(pk__in=[])
        people = User.objects.filter(found | nobodys, email=words.lower())
    elif words:
        people = User.objects.filter(found).filter(Q(family_name__istartswith=words) | Q(given_name__istartswith=words))
    else:
        people = User.objects.filter(found)
    shown = Membership.objects.in_force().select_related("organisation", "unit__organisation").order_by("role")
    return people.prefetch_related(Prefetch("memberships", shown, to_attr="roles_now"))


def messages_of(user: User) -> QuerySet[Message]:
    """Messages to people of the organisations that the user sees, and to people who belong nowhere."""
    if is_auditor(user):
        return Message.objects.all()
    placed = Membership.objects.annotate(pid=Cast("person_id", CharField(max_length=40)))
    mine = placed.filter(organisation__in=organisations_of(user))
    return Message.objects.filter(Q(person_id__in=mine.values("pid")) | ~Q(person_id__in=placed.values("pid")))
