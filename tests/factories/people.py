"""Persons, organisations, units and memberships."""

from itertools import count

from academy.accounts.models import Membership, Organisation, Role, Unit, User

_number = count(1)


def organisation(key: str = "", **columns) -> Organisation:
    """A hospital; the same key gives the same one."""
    key = key or f"org{next(_number)}"
    defaults = {"name_nl": f"Ziekenhuis {key}", "short_name": key.upper(), "kind": "hospital", "roles": ["owner"]}
    return Organisation.objects.get_or_create(key=key, defaults={**defaults, **columns})[0]


def unit(of: Organisation | None = None, parent: Unit | None = None, **columns) -> Unit:
    """A department of this organisation."""
    n = next(_number)
    owner = of or (parent.organisation if parent else organisation())
    return Unit.objects.create(
        **{"key": f"unit{n}", "organisation": owner, "parent": parent, "name_nl": f"Afdeling {n}", **columns}
    )


def person(email: str = "", **columns) -> User:
    """Somebody who can log in with the password "wachtwoord voor de test"."""
    n = next(_number)
    defaults = {"given_name": f"Voornaam{n}", "family_name": f"Achternaam{n}"}
    user = User(email=email or f"person{n}@example.org", **{**defaults, **columns})
    user.set_password("wachtwoord voor de test")
    user.save()
    return user


def member(of: Organisation | None = None, *, role: str = "", at: Unit | None = None, **columns) -> User:
    """A person who belongs to the organisation, and holds this role there (in the unit `at`)."""
    owner = of or (at.organisation if at else organisation())
    user = person(**columns)
    own_unit = at if role != Role.TEAM_MANAGER else None
    Membership.objects.create(person=user, organisation=owner, role=Role.MEMBER, unit=own_unit)
    if role:
        managed = at if role == Role.TEAM_MANAGER else None
        Membership.objects.create(person=user, organisation=owner, role=role, unit=managed)
    return user
