"""Records for measurements: as many as asked for, findable, and never in production."""

import io

import pytest
from django.core.management import CommandError, call_command

from academy.cms.loading import benchmark
from courses.catalogue.models import Course
from research.innovations.models import Decision, FteFigure, Innovation
from research.innovations.states import Outcome, Stage
from research.innovations.vocabularies import Visibility
from research.studies.models import Study
from tests.factories import organisation
from tests.factories.innovations import body, horizons, pillar

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rebuilt(monkeypatch):
    """How often the index was made anew; the real one would outlive the test's records."""
    calls = []
    monkeypatch.setattr(benchmark.facade, "rebuild", lambda: calls.append(1))
    return calls


def seed(courses=0, **counts):
    out = io.StringIO()
    call_command("seed_benchmark", courses=courses, stdout=out, **counts)
    return out.getvalue().splitlines()[-1]


def test_makes_as_many_as_asked_for_once(rebuilt):
    hospital = organisation("mst")
    assert seed(3) == "3 read, 3 new, 0 changed, 0 unchanged, 0 refused"
    assert seed(5) == "5 read, 2 new, 0 changed, 3 unchanged, 0 refused"
    assert seed(5) == "5 read, 0 new, 0 changed, 5 unchanged, 0 refused"
    assert len(rebuilt) == 2
    courses = Course.objects.order_by("code")
    assert [course.code for course in courses] == [f"BENCH-{n:06d}" for n in range(5)]
    assert all(course.live and list(course.owners.all()) == [hospital] for course in courses)
    assert len({course.title_nl.rsplit(" ", 1)[0] for course in courses}) == 5


def test_studies_beside_them(rebuilt):
    hospitals = [organisation("mst"), organisation("zgt")]
    assert seed(2, studies=3) == "5 read, 5 new, 0 changed, 0 unchanged, 0 refused"
    assert seed(2, studies=4) == "6 read, 1 new, 0 changed, 5 unchanged, 0 refused"
    assert len(rebuilt) == 2
    studies = Study.objects.order_by("pk")
    assert [study.imported.get().key for study in studies] == [f"NCT98{n:06d}" for n in range(4)]
    assert all(study.sites.get(leading=True).organisation in hospitals for study in studies)
    assert all(study.public_title_nl and study.public_title_en for study in Study.objects.public())
    assert len({study.public_title_en.rsplit(" ", 1)[0] for study in studies}) == 4


def test_studies_need_a_hospital():
    out = io.StringIO()
    call_command("seed_benchmark", studies=2, stdout=out)
    assert out.getvalue().splitlines() == [
        "1 read, 0 new, 0 changed, 0 unchanged, 1 refused",
        "refused: studies: no hospital leads studies yet; run load_demo first",
    ]


def test_innovations_beside_them(rebuilt):
    hospitals = {organisation("mst"), organisation("zgt")}
    for number in (1, 2, 3):
        pillar(number)
    horizons(), body()
    assert seed(0, innovations=7) == "7 read, 7 new, 0 changed, 0 unchanged, 0 refused"
    assert seed(0, innovations=60) == "60 read, 53 new, 0 changed, 7 unchanged, 0 refused"
    assert len(rebuilt) == 2
    innovations = Innovation.objects.all()
    assert {hospital for one in innovations for hospital in one.organisations.all()} == hospitals
    assert {one.stage for one in innovations} == set(Stage)
    assert {one.outcome for one in innovations} == set(Outcome)
    assert {one.visibility for one in innovations} == set(Visibility)
    assert FteFigure.objects.filter(measure="actual").exists()
    assert Decision.objects.open().exists()


def test_innovations_need_pillars():
    organisation("mst")
    assert seed(0, innovations=2).startswith("refused: innovations: no hospitals or pillars yet")


def test_not_in_production(settings):
    settings.ENVIRONMENT = "production"
    with pytest.raises(CommandError, match="production"):
        seed(1)
    assert not Course.objects.exists()
