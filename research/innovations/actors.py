"""Who did something to an innovation, in words: the team reads names, everybody else what somebody does in it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.accounts.models import Membership, Role, User
from academy.core import wording

from .models import Innovation
from .permissions import organisation_ids


class Actors:
    """People by key, read together; `named` gives their names."""

    def __init__(self, innovation: Innovation, people: Iterable[int], *, named: bool) -> None:
        pks = set(people)
        self._names = {pk: user.full_name for pk, user in User.objects.in_bulk(pks).items()} if named and pks else {}
        self._roles = _managers(innovation, pks) if pks else {}
        if named:
            self._roles |= {row.person_id: wording.capital(row.function) for row in innovation.team.all()}
        if innovation.owner_id:
            self._roles[innovation.owner_id] = pgettext("of an innovation", "Owner")

    def of(self, person: int | None) -> tuple[str, str]:
        """Name (empty where it is not told) and role."""
        if person is None:
            return "", _("Automatically")
        return self._names.get(person, ""), self._roles.get(person) or _("Team")


def _managers(innovation: Innovation, people: Iterable[int]) -> dict[int, str]:
    """Those who are, or were, innovation manager of one of the hospitals."""
    held = Membership.objects.filter(person__in=people, role=Role.INNOVATION_MANAGER).select_related("organisation")
    hospitals = organisation_ids(innovation)
    return {
        row.person_id: _("Innovation manager, %(hospital)s") % {"hospital": row.organisation.short_name}
        for row in held
        if row.organisation_id in hospitals
    }
