"""Which courses belong to the digital hospital? Answered on the demo's programmes, courses and innovations, by viewer.

Only the links of the demo are made here, so that the answer does not hang on the rest of its past.
"""

import re

import pytest
import yaml
from bs4 import BeautifulSoup

from academy.cms.loading.content import FOLDER, read
from academy.strategy.models import Programme
from research.innovations.models import Innovation
from research.innovations.states import PublicationState
from tests import factories as f
from tests.api.asking import BASE, Program
from tests.cms.building import signed_in
from tests.factories import innovations, strategy

pytestmark = pytest.mark.django_db
HOSPITALS = ("mst", "zgt")
QUESTIONS = FOLDER.parents[2] / "tests" / "demo" / "questions.yaml"
VIEWERS = ("logged_out", "member", "innovation_manager")


def answers() -> dict[str, dict[str, list[str]]]:
    questions = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))["questions"]
    (answer,) = [question["answers"] for question in questions if question["number"] == 9]
    return answer


@pytest.fixture
def programme() -> Programme:
    """The programmes, courses and innovations of the demo, with nothing but how they belong together."""
    made = {}
    for n, row in enumerate(read("programmes")["programmes"], 1):
        made[row["key"]] = strategy.programme(key=row["key"], number=f"P-{n:02d}")
    hospitals = {key: f.organisation(key) for key in HOSPITALS}
    courses = {}
    for row in read("courses")["courses"]:
        owners = list(hospitals.values()) if row["owner"] == "joint" else [hospitals[row["owner"]]]
        of = [made[key] for key in row["programmes"]]
        courses[row["code"]] = f.course(code=row["code"], owners=owners, programmes=of)
    for row in read("innovations")["innovations"]:
        one = Innovation.objects.create(
            number=f"I-2026-{row['sequence']:04d}",
            title_nl=row["title"]["nl"],
            visibility=row["visibility"],
            publication_state=PublicationState.PUBLISHED,
        )
        one.organisations.set(hospitals[key] for key in row["organisations"] if key in hospitals)
        one.programmes.set(made[key] for key in row["programmes"])
        one.courses.set(courses[code] for code in row.get("courses", ()))
    return made["prog_digital_hospital"]


@pytest.fixture
def viewers(programme):
    """Nobody, a member and an innovation manager, the last two of both hospitals."""
    both = [f.organisation(key) for key in HOSPITALS]
    member, manager = f.member(both[0]), innovations.manager(both[0])
    for person in (member, manager):
        person.memberships.create(organisation=both[1], role="member")
    manager.memberships.create(organisation=both[1], role="innovation_manager")
    return {"logged_out": None, "member": member, "innovation_manager": manager}


@pytest.mark.parametrize("viewer", VIEWERS)
def test_page_and_api_answer_the_same(client, programme, viewers, viewer):
    expected = answers()[viewer]
    browser = signed_in(viewers[viewer]) if viewers[viewer] else client
    soup = BeautifulSoup(browser.get(programme.get_absolute_url()).content, "html.parser")
    lists = soup.find(attrs={"aria-labelledby": "courses"}).find_all("ul")
    shown = [[entry.select_one(".meta").get_text(strip=True) for entry in part.find_all("li")] for part in lists]
    assert shown == [expected["linked"], expected["through_innovations"]]
    program = browser if viewers[viewer] else Program()
    body = program.get(f"{BASE}programmes/{programme.number}/").json()
    assert body["courses"] == expected["linked"]
    assert body["courses_through_innovations"] == expected["through_innovations"]


def test_both_languages_ask_for_the_same_courses(client, programme):
    found = []
    for language in ("nl", "en"):
        other = BeautifulSoup(client.get(f"/en/programmes/{programme.number}/").content, "html.parser")
        path = (
            other.select_one('a[hreflang="nl"]')["href"] if language == "nl" else f"/en/programmes/{programme.number}/"
        )
        found.append(re.findall(r"/(?:courses|cursussen)/([A-Z]+-[A-Z0-9]+)/", client.get(path).content.decode()))
    assert found[0] == found[1] != []
