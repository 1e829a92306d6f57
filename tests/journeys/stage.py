"""Who and what the journeys need besides the demo: `python -m tests.journeys.stage`.

Everything exists once per screen ("desktop", "phone"): each journey is made on both, and none waits for another.
"""

import os
from datetime import datetime, time, timedelta

import django

SCREENS = ("desktop", "phone")
PEOPLE = {
    "anna": ("Anna", "Wolters"),
    "bert": ("Bert", "Nijland"),
    "carla": ("Carla", "Dijkema"),
    "dora": ("Dora", "Kuipers"),  # nobody decides on hers, so that pages have something to show
}
RESEARCH = {  # name → names, hospital, role
    "rosa": ("Rosa", "Veldman", "zgt", "researcher"),
    "wies": ("Wies", "Haarman", "zgt", "science_bureau"),
    "mark": ("Mark", "Lentfert", "mst", "science_bureau"),
    "ivo": ("Ivo", "Scholten", "zgt", "researcher"),
    "mira": ("Mira", "Hofstede", "zgt", "innovation_manager"),
}


def address(name: str, screen: str) -> str:
    """The e-mail address that this person logs in with."""
    return f"{name}.{screen}@example.nl"


def stage() -> None:
    """Make the people and runs of every screen; needs the demo."""
    from academy.accounts.models import User

    trainer = User.objects.get(email="trainer@example.org")
    manager = User.objects.get(email="course-manager@example.org")
    for number, screen in enumerate(SCREENS):
        people = {name: _colleague(name, screen) for name in PEOPLE}
        _full_run(people, screen, day=30 + number)
        _waiting_for_approval(people, screen, day=34 + number)
        _taught(people, trainer, screen, began=12 + number)
        _revoked(people, manager, screen, began=90 + number)
        for name in RESEARCH:
            _of_research(name, screen)


def _person(name: str, screen: str, given: str, family: str):
    """Somebody who can log in."""
    from allauth.account.models import EmailAddress
    from django.conf import settings

    from academy.accounts.models import User

    person = User(email=address(name, screen), given_name=given, family_name=f"{family} ({screen})")
    person.set_password(settings.DEMO_PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def _colleague(name: str, screen: str):
    """A colleague of the demo's team manager."""
    from academy.accounts.models import Membership, Role, Unit

    person, unit = _person(name, screen, *PEOPLE[name]), Unit.objects.get(key="mst_seh")
    Membership.objects.create(person=person, organisation=unit.organisation, unit=unit, role=Role.MEMBER)
    return person


def _of_research(name: str, screen: str) -> None:
    """A researcher, or somebody of a science bureau."""
    from academy.accounts.models import Membership, Organisation, Role

    given, family, hospital, role = RESEARCH[name]
    person, organisation = _person(name, screen, given, family), Organisation.objects.get(key=hospital)
    for held in (Role.MEMBER, role):
        Membership.objects.create(person=person, organisation=organisation, role=held)


def _run(code: str, *, place: str, days: tuple[int, ...], **columns):
    """A run with a morning session on each of these days from today."""
    from academy.core import clock
    from courses.catalogue.models import Course
    from courses.enrolment import services

    first, last = (clock.today() + timedelta(days=day) for day in (days[0], days[-1]))
    mornings = [
        {
            "starts_at": datetime.combine(clock.today() + timedelta(days=day), time(9), tzinfo=clock.AMSTERDAM),
            "ends_at": datetime.combine(clock.today() + timedelta(days=day), time(12), tzinfo=clock.AMSTERDAM),
            "location": place,
            "room_nl": "Lokaal 4",
            "room_en": "Room 4",
        }
        for day in days
    ]
    course = Course.objects.get(code=code)
    opens, closes = (
        clock.today() - timedelta(days=60),
        max(first - timedelta(days=1), clock.today() - timedelta(days=9)),
    )
    return services.create_run(
        course=course,
        actor=None,
        organisation=course.owners.first(),
        enrolment_opens_on=opens,
        enrolment_closes_on=closes,
        starts_on=first,
        ends_on=last,
        sessions=mornings,
        **columns,
    )


def _full_run(people, screen: str, *, day: int) -> None:
    """One seat, which Carla has."""
    from courses.enrolment import services

    run = _run("PRIV-01", place=f"Hal {screen}", days=(day,), seats=1, waiting_list=True)
    services.enrol(person=people["carla"], run=run)


def _waiting_for_approval(people, screen: str, *, day: int) -> None:
    """Anna, Bert and Dora wait for their team manager."""
    from courses.enrolment import services

    run = _run("TTT-01", place=f"Zaal {screen}", days=(day,), seats=6, waiting_list=True)
    for name in ("anna", "bert", "dora"):
        services.enrol(person=people[name], run=run)


def _taught(people, trainer, screen: str, *, began: int) -> None:
    """Two sessions that have been held; nothing is recorded yet."""
    from academy.core import clock
    from courses.enrolment import services

    with clock.at(clock.now() - timedelta(days=began + 5)):
        run = _run("VAL-01", place=f"Lab {screen}", days=(5, 6), seats=6, waiting_list=True, trainers=[trainer])
        for name in ("anna", "bert"):
            services.enrol(person=people[name], run=run)


def _revoked(people, manager, screen: str, *, began: int) -> None:
    """Dora has completed a course and her certificate was revoked: it can be awarded again, by hand."""
    from academy.core import clock
    from courses.certificates.services import revoke
    from courses.enrolment import services
    from courses.enrolment.states import Outcome

    with clock.at(clock.now() - timedelta(days=began + 5)):
        run = _run("VAL-01", place=f"Aula {screen}", days=(5,), seats=6, waiting_list=True)
        enrolment = services.enrol(person=people["dora"], run=run)
    with clock.at(clock.now() - timedelta(days=began - 1)):
        services.record_outcome(enrolment=enrolment, outcome=Outcome.COMPLETED, actor=None)
        revoke(certificate=enrolment.certificates.get(), actor=manager, reason="De naam klopte niet.")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "academy.settings.development")
    django.setup()
    stage()
