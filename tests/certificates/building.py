"""Courses, runs and people as the tests of this room need them."""

from datetime import date, timedelta
from itertools import count

from academy.accounts.models import Membership, Organisation, Role, User
from academy.core import clock
from academy.taxonomy.models import Register
from courses.catalogue.models import Accreditation, Competence, Course, CourseCompetence
from courses.enrolment.models import CourseRun, Enrolment
from courses.enrolment.states import EnrolmentState, Outcome

_numbers = count(1)

FACTS = {
    "name": "Noor van der Meulen",
    "initials": "N.M.",
    "language": "nl",
    "course": "HF-01",
    "run": "HF-01.2026-03",
    "title": {"nl": "Basiscursus hartfalen", "en": "Heart failure: the basics"},
    "hours": "6.00",
    "completed_on": "2026-03-12",
    "issued_on": "2026-03-16",
    "valid_until": "2028-03-12",
    "points": [{"register": {"nl": "Kwaliteitsregister V&V", "en": "Nursing quality register"}, "points": "6.0"}],
    "organisations": [
        {"short_name": "MST", "name": {"nl": "Medisch Spectrum Twente", "en": "Medisch Spectrum Twente"}},
        {"short_name": "ZGT", "name": {"nl": "Ziekenhuisgroep Twente", "en": "Ziekenhuisgroep Twente"}},
    ],
}
TOKEN = "7Q4M2KXDP9TRW6HB"


def hospital(key="mst"):
    defaults = {"name_nl": key.upper(), "short_name": key.upper(), "kind": "hospital", "roles": ["owner"]}
    return Organisation.objects.get_or_create(key=key, defaults=defaults)[0]


def person(role="", at="mst", **fields):
    """A person, with a role at a hospital when one is named."""
    number = next(_numbers)
    names = {"given_name": "Noor", "family_name": f"Meulen {number}", **fields}
    made = User.objects.create_user(email=f"person{number}@example.org", password="x", **names)
    if role:
        Membership.objects.create(person=made, organisation=hospital(at), role=role)
    return made


def manager(at="mst"):
    return person(Role.COURSE_MANAGER, at)


def course(*, owner="mst", validity_months=None, points=None):
    made = Course.objects.create(
        code=f"C-{next(_numbers)}",
        title_nl="Basiscursus hartfalen",
        title_en="Heart failure: the basics",
        summary_nl="Kort.",
        hours=6,
        live=True,
    )
    made.owners.add(hospital(owner))
    made.save()
    if validity_months:
        competence = Competence.objects.create(key=f"k{next(_numbers)}", name_nl="Bekwaam")
        CourseCompetence.objects.create(course=made, competence=competence, validity_months=validity_months)
    if points:
        register = Register.objects.create(key=f"r{next(_numbers)}", name_nl="Kwaliteitsregister V&V")
        Accreditation.objects.create(course=made, register=register, points=points)
    return made


def run(of=None, *, ends_on: date | None = None):
    of = of or course()
    last = ends_on or clock.today() - timedelta(days=1)
    return CourseRun.objects.create(
        course=of,
        number=f"{of.code}.{next(_numbers)}",
        year=last.year,
        sequence=next(_numbers),
        organisation=of.owners.first(),
        seats=60,
        enrolment_opens_on=last - timedelta(days=60),
        enrolment_closes_on=last - timedelta(days=10),
        starts_on=last,
        ends_on=last,
    )


def completed(of=None, *, who=None):
    """An enrolment with the outcome completed, written as an import writes it: without the rule."""
    of = of or run()
    return Enrolment.objects.create(
        run=of,
        person=who or person(),
        state=EnrolmentState.FINISHED,
        outcome=Outcome.COMPLETED,
        completed_on=of.ends_on,
    )


def participating(of=None, *, who=None):
    return Enrolment.objects.create(run=of or run(), person=who or person(), state=EnrolmentState.ASSOCIATED)
