"""Who did something to a study, in words: the team reads names, everybody else the role and the hospital."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from academy.accounts.models import Membership, Role, User
from academy.core import wording

from . import facts
from .models import Contributor, Study
from .vocabularies import ContributorRole


class Actors:
    """People by key, read together; `named` gives their names. Roles are told only to who sees the people."""

    def __init__(self, study: Study, people: Iterable[int], groups: Collection[str], *, named: bool) -> None:
        pks = set(people)
        self._names = {pk: user.full_name for pk, user in User.objects.in_bulk(pks).items()} if named and pks else {}
        self._roles = _bureaus(study, pks) if pks else {}
        if "people" in groups:
            self._roles |= {row.person_id: _role(row) for row in study.contributors.all() if row.person_id}

    def of(self, person: int | None) -> tuple[str, str]:
        """Name (empty where it is not told) and role."""
        if person is None:
            return "", _("Automatically")
        return self._names.get(person, ""), self._roles.get(person) or _("Study team")


def _role(row: Contributor) -> str:
    role = facts.choice(ContributorRole, row.role)
    text = f"{role}, {row.site.short_name}" if row.site else role
    return wording.capital(text)


def _bureaus(study: Study, people: set[int]) -> dict[int, str]:
    """Those who belong, or belonged, to the science bureau of one of the hospitals."""
    held = Membership.objects.filter(person__in=people, role=Role.SCIENCE_BUREAU).select_related("organisation")
    sites = {site.organisation_id for site in study.sites.all()}
    return {
        row.person_id: _("Science bureau, %(hospital)s") % {"hospital": row.organisation.short_name}
        for row in held
        if row.organisation_id in sites
    }
