"""Courses, tracks and runs over REST: shape, filters, pages, queries."""

from datetime import timedelta

import pytest

from academy.core import clock
from academy.taxonomy.models import FunctionFamily, Specialty
from courses.enrolment import services
from tests import factories as f

from .asking import BASE, Program, of

pytestmark = pytest.mark.django_db


def numbers(address, program=None):
    answer = (program or Program()).get(BASE + address)
    assert answer.status_code == 200, answer.content
    return [record["number"] for record in answer.json()["results"]]


def test_a_course():
    first = f.course(code="BLS-01")
    course = f.course(
        code="ALS-01",
        title_nl="Reanimatie",
        title_en="",
        outcomes_nl="Een\nTwee",
        hours="6.50",
        prerequisites=[first],
        owners=[f.organisation("mst"), f.organisation("zgt")],
    )
    assert Program().get(f"{BASE}courses/ALS-01/").json() == {
        "number": "ALS-01",
        "url": course.get_absolute_url(),
        "title_nl": "Reanimatie",
        "title_en": "",
        "summary_nl": course.summary_nl,
        "summary_en": "",
        "organisations": ["mst", "zgt"],
        "audience": [],
        "visibility": "public",
        "outcomes_nl": ["Een", "Twee"],
        "outcomes_en": [],
        "delivery_mode": "classroom",
        "languages": ["nl"],
        "hours": "6.50",
        "classroom_hours": "0.00",
        "online_norm_minutes": 0,
        "approval_required": False,
        "specialties": [],
        "care_domains": [],
        "programmes": [],
        "prerequisites": ["BLS-01"],
        "accreditation": [],
    }


def test_a_track():
    course, draft = f.course(code="BLS-01"), f.course(code="SECRET-1", live=False)
    track = f.track(course, draft, code="T-SEH", duration_months=12)
    assert Program(language="en").get(f"{BASE}tracks/T-SEH/").json() == {
        "number": "T-SEH",
        "url": track.get_absolute_url().replace("/nl/leerlijnen/", "/en/tracks/"),
        "title_nl": track.title_nl,
        "title_en": "",
        "summary_nl": track.summary_nl,
        "summary_en": "",
        "organisations": ["mst"],
        "audience": [],
        "visibility": "public",
        "duration_months": 12,
        "min_optional": 0,
        "parts": [{"course": "BLS-01", "order": 0, "mandatory": True}],
    }


def test_a_run():
    run = f.run(f.course(code="BLS-01"), seats=2, days=30)
    for _n in range(3):
        services.enrol(person=f.member(), run=run)
    body = Program().get(f"{BASE}runs/{run.number}/").json()
    (session,) = body.pop("sessions")
    assert body == {
        "number": run.number,
        "course": "BLS-01",
        "organisation": "mst",
        "url": run.get_absolute_url(),
        "state": "enrolment_open",
        "language": "nl",
        "delivery_mode": "classroom",
        "max_number_students": 2,
        "min_number_students": 1,
        "enrolled_number_students": 2,
        "queued_number_students": 1,
        "waiting_list": True,
        "enrolment_opens_on": f"{run.enrolment_opens_on}",
        "enrolment_closes_on": f"{run.enrolment_closes_on}",
        "starts_on": f"{run.starts_on}",
        "ends_on": f"{run.ends_on}",
    }
    assert (session["location"], session["room_nl"]) == ("Enschede", "Lokaal 2")
    assert session["starts_at"].startswith(f"{run.starts_on}T09:00:00+0")


def test_filters_are_the_facets_or_inside_and_between():
    heart, lung = (Specialty.objects.create(key=key, name_nl=key) for key in ("hart", "long"))
    nurse = FunctionFamily.objects.create(key="nurse", name_nl="Verpleegkundige")

    def course(code, specialties, audience=(), **columns):
        made = f.course(code=code, **columns)
        made.specialties, made.audience = specialties, list(audience)
        made.save()

    course("A-01", [heart], [nurse])
    course("B-01", [lung], [nurse], delivery_mode="online")
    course("C-01", [heart, lung], owners=[f.organisation("zgt")])
    course("D-01", [])
    assert numbers("courses/?specialty=hart") == ["A-01", "C-01"]
    assert numbers("courses/?specialty=hart&specialty=long") == ["A-01", "B-01", "C-01"]
    assert numbers("courses/?specialty=hart&specialty=long&audience=nurse") == ["A-01", "B-01"]
    assert numbers("courses/?organisation=zgt") == ["C-01"]
    assert numbers("courses/?delivery_mode=online&organisation=mst") == ["B-01"]
    assert numbers("courses/?specialty=nonsense") == []
    assert numbers("courses/?unknown=parameter&specialty=") == ["A-01", "B-01", "C-01", "D-01"]


def test_filters_of_runs():
    course = f.course(code="BLS-01")
    coming, later = f.run(course), f.run(days=40, language="en", organisation=f.organisation("zgt"))
    past = f.run(days=-20)
    assert numbers("runs/?course=BLS-01") == [coming.number]
    assert numbers("runs/?language=en") == numbers("runs/?organisation=zgt") == [later.number]
    assert numbers("runs/?state=finished") == [past.number]
    assert numbers("runs/?state=finished&state=enrolment_open") == [coming.number, later.number, past.number]
    assert numbers("runs/?location=Enschede&location=Almelo") == [coming.number, later.number, past.number]
    with clock.at(clock.now() + timedelta(days=400)):
        assert len(numbers("runs/?state=finished")) == 3


def test_a_filter_does_not_count_seats_once_per_session():
    run = f.run(sessions=3)
    for _n in range(2):
        services.enrol(person=f.member(), run=run)
    (found,) = Program().get(f"{BASE}runs/?location=Enschede").json()["results"]
    assert (found["enrolled_number_students"], found["queued_number_students"]) == (2, 0)


@pytest.mark.parametrize(
    "query",
    ["specialty=%00", "audience=a%00b", "organisation=%F0%9F%92%8A", "register=1%27--", "programme=" + "x" * 4_000],
)
@pytest.mark.parametrize("kind", ["courses", "tracks", "runs"])
def test_hostile_filters(kind, query):
    f.track(f.run().course)
    assert Program().get(f"{BASE}{kind}/?{query}&state={query[-9:]}&size=abc").status_code == 200


@pytest.mark.parametrize("kind", ["courses", "tracks", "runs"])
def test_pages_by_cursor_hold_every_record_once_also_when_one_is_added(kind):
    for _n in range(5):
        f.track(f.run().course)
    program, seen = Program(), []
    address = f"{BASE}{kind}/?size=2"
    while address:
        page = program.get(address).json()
        assert set(page) == {"next", "previous", "results"}
        assert len(page["results"]) <= 2
        seen += [record["number"] for record in page["results"]]
        address = page["next"]
        if len(seen) == 2:
            f.track(f.run().course)
    assert len(seen) == len(set(seen)) == 6
    back = program.get(program.get(f"{BASE}{kind}/?size=2").json()["next"]).json()["previous"]
    assert [record["number"] for record in program.get(back).json()["results"]] == seen[:2]


@pytest.mark.parametrize(("size", "most"), [("0", 25), ("-1", 25), ("1000", 100), ("x", 25), ("1", 1)])
def test_sizes(size, most):
    for _n in range(3):
        f.course()
    assert len(numbers(f"courses/?size={size}")) == min(3, most)


def test_members_see_the_courses_of_their_own():
    mst, zgt = f.organisation("mst"), f.organisation("zgt")
    hidden = f.run(f.course(code="MST-01", owners=[mst], visibility="members"))
    track = f.track(hidden.course, owners=[mst], visibility="members")
    for program, sees in ((Program(), False), (of(f.member(zgt)), False), (of(f.member(mst)), True)):
        assert numbers("courses/", program) == ["MST-01"] * sees
        assert numbers("runs/", program) == [hidden.number] * sees
        assert numbers("tracks/", program) == [track.code] * sees
        for address in (f"courses/{hidden.course.code}/", f"runs/{hidden.number}/", f"tracks/{track.code}/"):
            assert program.get(BASE + address).status_code == (200 if sees else 404)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("kind", "queries"), [("courses", 8), ("tracks", 4), ("runs", 2)])
def test_queries_of_a_record(django_assert_num_queries, kind, queries, rows):
    track = f.track(*(f.run(sessions=rows).course for _n in range(rows)))
    course = track.parts.first().course
    number = {"courses": course.code, "tracks": track.code, "runs": course.runs.get().number}[kind]
    with django_assert_num_queries(queries):
        Program().get(f"{BASE}{kind}/{number}/")


def test_courses_by_what_their_runs_say(client):
    full, open_, none = f.course(languages=["nl", "en"]), f.course(), f.course()
    services.enrol(person=f.member(), run=f.run(full, seats=1))
    run = f.run(open_, sessions=0)
    f.session(run, location="Hengelo")
    asked = {
        "enrolment=open": {open_.code},
        "enrolment=waiting_list": {full.code},
        "enrolment=closed": {none.code},
        "enrolment=open&enrolment=closed": {open_.code, none.code},
        "location=Hengelo": {open_.code},
        "language=en": {full.code},
        "language=en&enrolment=open": set(),
    }
    answers = {query: client.get(f"/api/v1/courses/?{query}").json()["results"] for query in asked}
    assert {query: {row["number"] for row in rows} for query, rows in answers.items()} == asked
