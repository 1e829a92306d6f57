"""What enrolling costs beside the same statements written by hand, one after another, in one transaction.

The hand-written one reads and writes the same rows and takes the same decision in the straight case; it has no rules,
no refusals, no vocabulary. Both take turns on runs of their own that fill at the same pace; CPU time counts, the
database's included while it is SQLite.
"""

import gc
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.test.utils import CaptureQueriesContext

from academy.accounts.models import Membership, Organisation, User
from academy.core import clock
from academy.core.models import Event, Message
from courses.catalogue.models import Course
from courses.enrolment import services
from courses.enrolment.models import Allotment, CompletedBefore, CourseRun, Enrolment
from search.models import SearchOutbox
from tests import factories as f

ROUNDS = 300
WARM_UP = 20
LIMIT = 1.5
MOST_STATEMENTS = 12
ACTIVE = ["pending", "queued", "offered", "associated"]
HOLDING = ["pending", "offered", "associated", "finished"]


def by_service(person: User, run: CourseRun) -> None:
    services.enrol(person=person, run=run, actor=person)


def by_hand(person: User, run: CourseRun) -> None:
    """The same statements in the same order."""
    now, today = clock.now(), clock.today()
    with transaction.atomic():
        run = CourseRun.objects.select_for_update(of=("self",)).select_related("course").get(pk=run.pk)
        User.objects.select_for_update().only("pk").get(pk=person.pk)
        mine = Enrolment.objects.filter(person=person, run__course=run.course_id, run__cancelled_at=None)
        if list(mine.filter(state__in=ACTIVE).select_related("run")):
            return
        here = Enrolment.objects.filter(person=person, outcome="completed", run__course=OuterRef("pk"))
        before = CompletedBefore.objects.filter(person=person, course=OuterRef("pk"))
        needed = Course.objects.filter(required_by=run.course_id)
        if list(needed.exclude(Exists(here)).exclude(Exists(before))):
            return
        allotments = list(Allotment.objects.filter(run=run))
        in_force = Q(starts_on=None) | Q(starts_on__lte=today), Q(ends_on=None) | Q(ends_on__gte=today)
        roles = list(Membership.objects.filter(*in_force, person=person).values_list("role", "organisation_id"))
        organisation = min((owner for role, owner in roles if role == "member"), default=None)
        held, waits = (Count("pk", filter=Q(state__in=states)) for states in (HOLDING, ["queued"]))
        counted = Enrolment.objects.filter(run=run).order_by().values_list("organisation").annotate(h=held, w=waits)
        taken = sum(h for _owner, h, _w in counted)
        kept = sum(row.seats for row in allotments if row.release_on > today)
        state = "associated" if taken < run.seats - kept else "queued"
        enrolment = Enrolment(run=run, person=person, organisation_id=organisation, state=state, requested_at=now)
        Enrolment.objects.bulk_create([enrolment])  # without signals: the next line is what they lead to
        SearchOutbox.objects.bulk_create([SearchOutbox(type="course", record=str(run.course_id), operation="upsert")])
        Event.objects.create(
            actor_id=str(person.pk),
            object_type="enrolment.enrolment",
            object_id=str(enrolment.pk),
            verb="enrol",
            to_state=state,
            data={"run": run.number},
        )
        message = Message(
            kind="enrolment_confirmed",
            to=person.email,
            person_id=str(person.pk),
            event_key=f"enrolment:{enrolment.pk}:0",
            language=person.preferred_language,
            context={"enrolment": enrolment.pk, "given_name": person.given_name, "position": 1},
        )
        Message.objects.bulk_create([message], ignore_conflicts=True)


def people(number: int, of: Organisation) -> list[int]:
    """Ids of so many members."""
    start = User.objects.count()
    rows = [
        User(email=f"bench{start + n}@example.org", given_name="Bo", family_name=f"Bench {n}") for n in range(number)
    ]
    made = User.objects.bulk_create(rows)
    Membership.objects.bulk_create([Membership(person=user, organisation=of) for user in made])
    return [user.pk for user in made]


def statements(way: Callable[[User, CourseRun], None], person: User, run: CourseRun) -> int:
    """How many statements it takes inside its BEGIN and COMMIT."""
    with CaptureQueriesContext(connection) as captured:
        way(person, run)
    return sum(query["sql"].split()[0] not in ("BEGIN", "COMMIT") for query in captured)


def measure(rounds: int = ROUNDS) -> dict[str, Any]:
    """Medians of CPU time in ms of both ways, their statements, and the ratio."""
    mst = f.organisation("mst")
    runs = {way: f.run(f.course(owners=[mst]), seats=30_000) for way in (by_service, by_hand)}
    guests = iter(people(2 * (rounds + WARM_UP + 1), mst))
    times: dict[Callable, list[float]] = {way: [] for way in runs}
    counts = {way: statements(way, User.objects.get(pk=next(guests)), run) for way, run in runs.items()}
    for turn in range(rounds + WARM_UP):
        gc.collect(0)
        for way in (by_service, by_hand) if turn % 2 else (by_hand, by_service):
            person = User.objects.get(pk=next(guests))
            started = time.process_time()
            way(person, runs[way])
            times[way].append(time.process_time() - started)
    ms = {way: median(values[WARM_UP:]) * 1000 for way, values in times.items()}
    seats = [run.enrolments.filter(state="associated").count() for run in runs.values()]
    assert seats == [rounds + WARM_UP + 1] * 2, seats
    assert counts[by_service] == counts[by_hand] <= MOST_STATEMENTS, counts
    return {
        "service_ms": ms[by_service],
        "by_hand_ms": ms[by_hand],
        "statements": counts[by_service],
        "service_to_by_hand": ms[by_service] / ms[by_hand],
    }


def enrolment_to_by_hand() -> dict[str, Any]:
    """The ratio in the form that `make bench` prints."""
    found = measure()
    detail = "CPU: service {service_ms:.2f} ms, by hand {by_hand_ms:.2f} ms, {statements} statements each".format(
        **found
    )
    return {"ratio": found["service_to_by_hand"], "limit": LIMIT, "detail": detail}


BENCHMARKS = {"enrolment ÷ transaction by hand": enrolment_to_by_hand}
