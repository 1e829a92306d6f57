"""Persons with their memberships; the demo logins share one password, everybody else cannot log in with one."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password

from academy.accounts.models import Membership, RegisterNumber, Role, User

from .content import Row, both, read
from .reference import Reference
from .report import Report

People = dict[str, User]


def load_people(reference: Reference, report: Report) -> People:
    """Everybody by key; a person who is there already, by address, keeps name, password and roles."""
    rows = read("people")["people"]
    people = {row["key"]: row for row in rows}
    known = {user.email: user for user in User.objects.filter(email__in=[row["email"] for row in rows])}
    new = [row for row in rows if row["email"] not in known]
    password = make_password(settings.DEMO_PASSWORD)  # hashing takes a while: once for all of them
    made = [
        User(password=password if row.get("login") else make_password(None), **_columns(row, reference)) for row in new
    ]
    User.objects.bulk_create(made)
    known |= {user.email: user for user in made}
    found = {key: known[row["email"]] for key, row in people.items()}
    EmailAddress.objects.bulk_create(EmailAddress(user=u, email=u.email, verified=True, primary=True) for u in made)
    for row in new:
        for membership in _memberships(row, found[row["key"]], reference):
            membership.save()  # one by one: rights in the admin follow from each
    RegisterNumber.objects.bulk_create(
        RegisterNumber(
            person=found[row["key"]], register=reference.registers[entry["register"]], number=entry["number"]
        )
        for row in new
        for entry in row["register_numbers"]
    )
    report.count(new=len(new), unchanged=len(rows) - len(new))
    return found


def demo_logins(people: People) -> list[User]:
    """The persons somebody who tries the demo can be."""
    return [people[row["key"]] for row in read("people")["people"] if row.get("login")]


def _columns(row: Row, reference: Reference) -> dict:
    return {
        "email": row["email"],
        "given_name": row["given_name"],
        "infix": row["infix"] or "",
        "family_name": row["family_name"],
        "function_family": reference.function_families[row["function_family"]],
        "orcid": row.get("orcid") or "",
        "preferred_language": row["preferred_language"],
        **both(row["job_title"], "job_title"),
    }


def _memberships(row: Row, person: User, reference: Reference) -> list[Membership]:
    """One per role; a team manager has one per unit, a member is one of the own unit."""
    found = []
    for entry in row["memberships"]:
        organisation = reference.organisations[entry["organisation"]]
        units = [reference.units[key] for key in entry.get("manages", [])] or [None]
        own = reference.units.get(row["unit"])
        if entry["role"] == Role.MEMBER and own and own.organisation_id == organisation.pk:
            units = [own]
        found += [
            Membership(person=person, organisation=organisation, unit=unit, role=entry["role"], source=entry["source"])
            for unit in units
        ]
    return found
