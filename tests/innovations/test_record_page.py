"""The page of an innovation: what stands on it for whom, in which language, at how many queries."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from academy.accounts.models import Role
from academy.core import clock
from academy.strategy.models import Programme
from research.innovations.models import Innovation
from research.innovations.services import assessing, documents, gates, history, outcomes, publishing
from research.innovations.states import Result, Stage
from research.innovations.vocabularies import Domain
from research.studies.models import Study
from tests import factories as f
from tests.factories import innovations as made
from tests.factories import studies
from tests.probes.indexing import own_index

pytestmark = pytest.mark.django_db


@pytest.fixture
def mst():
    return f.organisation("mst", name_nl="Medisch Spectrum Twente")


@pytest.fixture
def zgt():
    return f.organisation("zgt", name_nl="Ziekenhuisgroep Twente")


def logged_in(client, person):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(client, innovation, person=None, language="en"):
    client.logout()
    if person:
        logged_in(client, person)
    with override(language):
        address = innovation.get_absolute_url()
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def words_of(element) -> str:
    return " ".join(element.get_text(" ").split())


def section(page, name):
    heading = page.find(id=name)
    return heading.find_parent("section") if heading else None


def table_of(part) -> list[list[str]]:
    """Every row as its cells."""
    return [[words_of(cell) for cell in row.select("th, td")] for row in part.select("table tr")]


def facts_of(page) -> dict[str, str]:
    return {
        words_of(row.dt): " | ".join(words_of(value) for value in row.select("dd")) for row in page.select("dl > div")
    }


BENEFIT = {
    "key": "heropnames",
    "category": "outcomes",
    "disbenefit": False,
    "owner": None,
    "kpi_nl": "Heropnames",
    "kpi_en": "Readmissions",
    "unit": "%",
    "baseline": "25.5",
    "target": "15",
    "estimate": "18",
    "validated": None,
    "actual": "0",
    "estimated_on": "2026-03-01",
    "measured_on": "2026-06-01",
}
FTE = {"measure": "estimate", "minutes_before": "38", "minutes_after": "21.5", "cases_per_year": 5200}
MONEY = {
    "year": 2026,
    "funder": "mst",
    "funder_name": "",
    "kind": "one_off",
    "budget_eur": "48000",
    "spent_eur": "1200.5",
}
RULE = {"kind": "dpia", "state": "approved", "on": "2026-02-03", "document": None}
EPD = {"kind": "epd", "name": "Koppelvlak", "state": "open", "note_nl": "Alleen lezen", "note_en": ""}


def test_everybody_reads_what_it_is(client, mst, zgt):
    innovation = made.published(mst, zgt, stage=Stage.PILOT_A, days=40)
    page = page_of(client, innovation, language="nl")
    assert page.h1.get_text() == "Thuismonitoring hartfalen"
    assert page.select_one(".lead").get_text() == "Mensen met hartfalen meten thuis; een team kijkt mee."
    kicker = words_of(page.select_one(".kicker"))
    for words in (innovation.number, "MST", "ZGT", "Kort 3"):
        assert words in kicker
    text = words_of(page.main)
    assert "Veel heropnames komen niet uit de lucht vallen." in text
    assert "De patiënt meet elke ochtend gewicht en bloeddruk." in text


def test_a_text_in_the_other_language_is_marked(client, mst):
    innovation = made.published(mst, title_en="", problem_en="")
    page = page_of(client, innovation)
    assert page.h1.span["lang"] == "nl"
    assert page.find("div", lang="nl").get_text(strip=True) == "Veel heropnames komen niet uit de lucht vallen."
    assert page_of(client, innovation, language="nl").h1.span is None


def test_an_idea_with_little_filled_in_has_no_empty_parts(client, mst):
    page = page_of(client, made.published(mst))
    assert {heading.get_text() for heading in page.main.select("h2")} == {
        "The problem",
        "How it works",
        "What it adds to",
        "Characteristics",
    }
    assert page.main.select("table, details, .alert") == []


def test_the_stages_with_the_days_on_which_they_began(client, mst):
    innovation = made.published(mst)
    today = clock.today()
    history.take_over(innovation=innovation, actor=None, stage="exploration", since=today)
    gates.record_decision(
        innovation=innovation,
        actor=None,
        body=made.body(),
        result=Result.GO,
        decided_on=today,
        rationale_nl="Goed",
    )
    gate = made.gate(innovation)
    steps = [words_of(step) for step in page_of(client, innovation).select(".stage-track li")]
    with override("en"):
        month, day = today.strftime("%B %Y"), f"{today.day} {today.strftime('%B %Y')}"
        due = f"{gate.due_on.day} {gate.due_on.strftime('%B %Y')}"
    assert steps == [
        f"Idea (done) {month}",
        f"Exploration (done) {month} imported, no decision",
        f"Development since {day}",
        f"Pilot A (small) decision before {due}",
        "Pilot B (wider)",
        "Implementation",
        "In use",
    ]
    current = page_of(client, innovation).select_one(".stage-track [aria-current=step]")
    assert current.contents[0] == "Development"


def test_where_it_went_back_the_later_stage_is_told(client, mst):
    innovation = made.published(mst, stage=Stage.PILOT_A, days=10)
    made.decided(innovation, Result.BACK, back_to=Stage.EXPLORATION)
    steps = [words_of(step) for step in page_of(client, innovation).select(".stage-track li")]
    assert "then back" in steps[3]
    assert steps[1].startswith("Exploration since")


def test_an_open_gate_is_told_with_body_day_and_what_is_missing(client, mst):
    owner = f.member(mst)
    innovation = made.published(mst, owner=owner)
    gate = made.gate(innovation, due_in=3)
    public = words_of(page_of(client, innovation).select_one(".alert.tone-warning"))
    assert public.startswith("Gate decision open: Idea → Exploration Board decides before")
    assert "Is this a problem people recognise?" in public
    assert "Still missing" not in public
    assert "All that this gate asks for is there." in words_of(page_of(client, innovation, owner).select_one(".alert"))
    Innovation.objects.filter(pk=innovation.pk).update(pillar=None)
    type(gate).objects.filter(pk=gate.pk).update(due_on=clock.today() - timedelta(days=9))
    late = page_of(client, innovation, owner).select_one(".alert.tone-negative")
    assert "9 days late" in words_of(late)
    assert late.find("a", href=reverse("innovations:step", kwargs={"number": innovation.number, "step": "idea"}))
    assert "Still missing: primary pillar" in words_of(late)


def test_benefits_and_disbenefits_with_what_was_measured(client, mst):
    owner = f.member(mst, given_name="Anna", family_name="Jansen")
    cost = {**BENEFIT, "key": "bellen", "disbenefit": True, "kpi_en": "Calls", "unit": "", "measured_on": None}
    innovation = made.published(mst, owner=owner, benefits=[cost, {**BENEFIT, "owner": owner.pk}])
    rows = table_of(section(page_of(client, innovation), "benefits"))[1:]
    assert rows == [
        ["Readmissions Outcomes of care · in % · measured on 1 June 2026", "25.5", "15", "18", "–", "0", "Anna Jansen"],
        ["Disbenefit: Calls Outcomes of care · estimated on 1 March 2026", "25.5", "15", "18", "–", "0", "–"],
    ]


def test_an_fte_is_never_bare(client, mst):
    told = made.published(mst, fte_figures=[FTE], fte_method_en="Measured for two weeks.", hours_per_fte=1500)
    part = section(page_of(client, told), "fte")
    assert table_of(part)[1] == ["Estimated", "38", "21.5", "5,200", "1,430", "0.95"]
    assert "Measured for two weeks." in words_of(part)
    assert "One FTE is 1,500 hours a year" in words_of(part)
    untold = made.published(mst, fte_figures=[FTE])
    assert "How the time was measured is not written down." in words_of(section(page_of(client, untold), "fte"))


def test_decisions_newest_first_with_their_conditions(client, mst):
    owner = f.member(mst, given_name="Anna", family_name="Jansen")
    innovation = made.published(mst, owner=owner)
    today = clock.today()
    first = made.decided(innovation, Result.NO_GO, rationale_nl="Nog niet")
    condition = {"text_nl": "Vaste bezetting", "text_en": "Fixed staff", "owner": owner, "due_on": today}
    later = made.decided(
        innovation,
        Result.GO_WITH_CONDITIONS,
        conditions=[condition, {**condition, "text_en": "Second", "due_on": None}],
        evidence_version="2.0",
        next_review_on=today + timedelta(days=90),
    )
    gates.meet_condition(condition=later.conditions.first(), actor=owner, on=today, note="Rooster rond")
    shown = section(page_of(client, innovation), "decisions").select("article")
    texts = [words_of(article) for article in shown]
    assert len(texts) == 2
    assert "Nog niet" in texts[1]
    for words in ("Go, with conditions", "Idea → Exploration", "Board", "Fixed staff", "Met on", "Rooster rond"):
        assert words in texts[0]
    for words in ("Anna Jansen", "Second Not met yet", "evidence 2.0", "Next review on"):
        assert words in texts[0]
    assert first.missing == []
    type(first).objects.filter(pk=first.pk).update(missing=["dpia", "gone"])
    assert "Missing when it was decided: a settled DPIA." in words_of(page_of(client, innovation).main)


def test_why_it_stopped_and_what_was_learned_stand_first(client, mst):
    """Question 5 of the domain: why was X stopped?"""
    innovation = made.published(mst, stage=Stage.PILOT_A, days=30)
    made.decided(
        innovation, Result.STOP, rationale_nl="Te druk", reason_en="The workload doubled.", lessons_en="Begin small."
    )
    page = page_of(client, innovation)
    headings = [heading.get_text() for heading in page.main.select("h2")]
    assert headings[:2] == ["Why it stopped", "What others can learn from it"]
    assert section(page, "ended").select_one(".lead").get_text(strip=True) == "The workload doubled."
    assert section(page, "lessons").select_one(".lead").get_text(strip=True) == "Begin small."
    assert "Stopped on" in words_of(section(page, "ended"))
    assert "Stop" in words_of(page.select_one(".kicker"))
    assert section(page, "decisions").select("article")


@pytest.mark.parametrize(
    ("verb", "heading"), [(outcomes.withdraw, "Why it was withdrawn"), (outcomes.scale, "What it was scaled up to")]
)
def test_how_it_ended_otherwise(client, mst, verb, heading):
    innovation = made.published(mst, stage=Stage.IN_USE, days=30)
    verb(innovation=innovation, actor=None, reason_nl="Elders", reason_en="Elsewhere")
    page = page_of(client, innovation)
    assert page.main.h2.get_text() == heading
    assert "Elsewhere" in words_of(section(page, "ended"))


def test_on_hold_says_until_when(client, mst):
    innovation = made.published(mst)
    wakes = clock.today() + timedelta(days=9)
    outcomes.put_on_hold(innovation=innovation, actor=None, wake_up_on=wakes, reason_en="No money")
    alert = words_of(page_of(client, innovation).select_one(".alert"))
    assert alert.startswith("On hold since")
    assert "No money" in alert
    assert "Somebody looks at it again on" in alert
    Innovation.objects.filter(pk=innovation.pk).update(wake_up_on=clock.today() - timedelta(days=2))
    assert "2 days late" in words_of(page_of(client, innovation).select_one(".alert"))


def assess(innovation, kind, by, day, **given):
    return assessing.assess(innovation=innovation, actor=None, kind=kind, on=date(2026, 1, day), by=by, **given)


def test_assessments_with_day_and_name_and_what_was_said_before(client, mst):
    by = f.member(mst, given_name="Anna", family_name="Jansen")
    innovation = made.published(mst)
    for day, code in ((5, "3"), (9, "7")):
        assess(innovation, "trl", by, day, code=code, note_en="Looked at together.")
    assess(innovation, "value", by, 6, code="8")
    assess(innovation, "device", by, 7, code="mdr_iia", note_en="Rule 11")
    assess(innovation, "ai", by, 8, code="limited")
    for day, level in ((3, "simple"), (4, "complex")):
        domains = {name: {"level": "simple"} for name in Domain.values} | {
            "value": {"level": level, "note_nl": "", "note_en": "Unclear"}
        }
        assess(innovation, "nasss", by, day, domains=domains)
    page = page_of(client, innovation)
    facts = facts_of(section(page, "assessed"))
    assert facts["TRL"].startswith("7. The prototype works in practice One team uses it, watched closely. Looked at")
    assert "9 January 2026, by Anna Jansen" in facts["TRL"]
    assert "3. The concept has been proved" in words_of(section(page, "assessed").details)
    assert facts["Value"] == "8 of 10 6 January 2026, by Anna Jansen"
    assert facts["Medical device"].startswith("MDR class IIa Rule 11")
    assert facts["AI"].startswith("Limited risk")
    nasss = section(page, "nasss")
    assert "1 of seven domains is complex" in words_of(nasss)
    rows = table_of(nasss)
    assert len(rows) == 8
    assert ["Value", "Complex", "Unclear"] in rows
    assert "0 of seven domains are complex" in words_of(nasss.details)


SECRETS = {
    "48,000": {"member", "manager", "owner", "auditor"},
    "DPIA": {"member", "manager", "owner", "auditor"},
    "Kaatje": {"member", "manager", "owner", "auditor"},
    "letter.pdf": {"manager", "owner", "auditor"},
    "is-internal": {"member", "manager", "owner", "auditor"},
    "Koppelvlak": {"nobody", "stranger", "member", "manager", "owner", "auditor"},
}


def test_who_sees_which_parts(client, mst, zgt):
    owner, colleague = f.member(mst), f.member(mst, given_name="Kaatje")
    team = [{"person": colleague.pk, "function": "Verpleegkundige"}]
    innovation = made.published(mst, owner=owner, money=[MONEY], compliance=[RULE], dependencies=[EPD], team=team)
    documents.add_document(innovation=innovation, actor=owner, upload=ContentFile(b"%PDF-1", "letter.pdf"))
    people = {
        "nobody": None,
        "stranger": made.manager(zgt),
        "member": f.member(mst),
        "manager": made.manager(mst),
        "owner": owner,
        "auditor": f.member(role=Role.AUDITOR),
    }
    texts = {who: str(page_of(client, innovation, person).main) for who, person in people.items()}
    assert {word: {who for who, text in texts.items() if word in text} for word in SECRETS} == SECRETS
    assert "visibility" not in texts["nobody"]


def test_money_by_year_and_funder_adds_up(client, mst):
    owner = f.member(mst)
    other = {**MONEY, "year": 2027, "funder": "", "funder_name": "Fonds Oost", "kind": "structural", "spent_eur": None}
    innovation = made.published(mst, owner=owner, money=[MONEY, other, {**other, "budget_eur": "0"}])
    assert table_of(section(page_of(client, innovation, owner), "money"))[1:] == [
        ["2026", "Medisch Spectrum Twente", "One-off", "€48,000", "€1,200.50"],
        ["2027", "Fonds Oost", "Structural", "€48,000", "–"],
        ["2027", "Fonds Oost", "Structural", "€0", "–"],
        ["Total", "", "", "€96,000", "€1,200.50"],
    ]


def test_dependencies_lead_to_the_programme_that_does_them(client, mst):
    programme = Programme.objects.create(key="prog_epd", number="P-03", title_nl="Gezamenlijk EPD")
    supplier = {**EPD, "kind": "supplier", "name": "Firma"}
    innovation = made.published(mst, dependencies=[EPD, supplier], programmes=[programme.key])
    page = page_of(client, innovation)
    links = {words_of(link): link["href"] for link in section(page, "depends").select("a")}
    assert links == {"Electronic patient record (EPD): Koppelvlak": "/en/programmes/P-03/"}
    assert "Supplier: Firma" in words_of(section(page, "depends"))
    assert section(page, "strategy").find("a", href="/en/programmes/P-03/")
    programme.delete()
    assert section(page_of(client, innovation), "depends").a is None


def test_links_lead_only_where_the_viewer_may_go(client, mst, zgt):
    courses = [f.course(title_en="Open"), f.course(title_en="Closed", visibility="members", owners=[zgt])]
    shown, hidden = studies.published(mst), studies.published(zgt, visibility="members")
    numbers = [shown.number, hidden.number]
    innovation = made.published(
        mst, courses=[course.code for course in courses], studies=numbers, evidence_study=hidden.number
    )
    page = page_of(client, innovation)
    assert [link["href"] for link in section(page, "belonging").select("a")] == [
        f"/en/research/{shown.number}/",
        f"/en/courses/{courses[0].code}/",
    ]
    assert hidden.number not in str(page)
    near = page_of(client, innovation, f.member(zgt))
    assert len(section(near, "belonging").select("a")) == 4
    assert section(near, "evidence").find("a", href=f"/en/research/{hidden.number}/")


def test_an_address_that_is_none_is_no_link(client, mst):
    innovation = made.published(mst)
    Innovation.objects.filter(pk=innovation.pk).update(catalogue_url="javascript:alert(1)")
    page = page_of(client, innovation)
    assert "javascript:alert(1)" in words_of(section(page, "elsewhere"))
    assert page.find("a", href="javascript:alert(1)") is None


@pytest.mark.parametrize("visibility", ["draft", "members", "team", "offline"])
def test_who_may_not_know_it_gets_404(client, mst, visibility):
    owner = f.member(mst)
    if visibility == "draft":
        innovation = made.innovation(mst, owner=owner)
    else:
        innovation = made.published(mst, owner=owner, **({} if visibility == "offline" else {"visibility": visibility}))
    if visibility == "offline":
        publishing.take_offline(innovation=innovation, actor=None, reason="Dubbel")
    address = innovation.get_absolute_url()
    for person in (None, f.person(), made.manager(f.organisation("elders"))):
        client.logout()
        if person:
            logged_in(client, person)
        assert client.get(address).status_code == 404
    member = logged_in(client, f.member(mst)).get(address).status_code
    assert member == (200 if visibility == "members" else 404)
    assert logged_in(client, owner).get(address).status_code == 200
    assert logged_in(client, made.manager(mst)).get(address).status_code == 200


def test_a_draft_says_so_and_what_can_be_done(client, mst):
    owner, manager = f.member(mst), made.manager(mst)
    innovation = made.innovation(mst, owner=owner)
    number = {"number": innovation.number}
    with override("en"):
        edit = reverse("innovations:step", kwargs={**number, "step": "idea"})
        publication = reverse("innovations:publication", kwargs=number)
    draft = page_of(client, innovation, owner).select_one(".alert")
    assert "This idea is a draft." in words_of(draft)
    assert draft.find("a", href=edit)
    publishing.submit(innovation=innovation, actor=owner)
    assert page_of(client, innovation, owner).select_one(".alert").a is None
    waits = page_of(client, innovation, manager).select_one(".alert")
    assert "waits for the innovation manager" in words_of(waits)
    assert waits.find("a", href=publication)


def test_buttons_are_for_who_may(client, mst):
    owner = f.member(mst)
    innovation = made.published(mst, owner=owner)
    people = {"nobody": None, "member": f.member(mst), "owner": owner, "manager": made.manager(mst)}

    def buttons(person):
        return [words_of(link) for link in page_of(client, innovation, person).select(".page-head .button")]

    assert {who: buttons(person) for who, person in people.items()} == {
        "nobody": ["History"],
        "member": ["History"],
        "owner": ["Edit", "Assess", "Outcome", "History"],
        "manager": ["Edit", "Assess", "Ask for a decision", "Outcome", "Portfolio", "History"],
    }
    made.gate(innovation)
    assert buttons(people["manager"]) == ["Decide", "Edit", "Assess", "Outcome", "Portfolio", "History"]
    assert buttons(owner) == ["Edit", "Assess", "Outcome", "History"]


def test_pages_of_people_who_are_signed_in_are_kept_by_nobody(client, mst):
    innovation = made.published(mst)
    answer = logged_in(client, f.member(mst)).get(innovation.get_absolute_url())
    assert answer["Cache-Control"] == "private, no-store"


def others() -> None:
    """Courses about something else, so that the words of the innovations are rare."""
    for n in range(30):
        f.course(title_nl=f"Iets{n}", title_en=f"Iets{n}", summary_nl=f"Iets{n}", summary_en=f"Iets{n}")


def test_similar_ones_are_those_that_may_be_seen_and_stopped_ones_are_marked(client, mst, settings, tmp_path):
    innovation, stopped = made.published(mst), made.published(mst)
    made.decided(stopped, Result.STOP, reason_en="Too dear", lessons_en="Begin small")
    made.published(mst, visibility="team")
    gone = made.published(mst)
    others()
    with own_index(settings, tmp_path):
        Innovation.objects.filter(pk=gone.pk).update(publication_state="offline")
        part = section(page_of(client, innovation), "similar")
    assert [link["href"] for link in part.select("a")] == [f"/en/innovations/{stopped.number}/"]
    for words in ("Stopped", "Too dear", "Begin small"):
        assert words in words_of(part)


@pytest.fixture
def rich(mst):
    """A function that makes an innovation with so many rows of everything."""

    def make(rows: int) -> Innovation:
        owner = f.member(mst)
        Programme.objects.get_or_create(key="prog_epd", defaults={"number": "P-03", "title_nl": "EPD"})
        innovation = made.published(
            mst,
            owner=owner,
            benefits=[{**BENEFIT, "key": f"b{n}", "owner": f.member(mst).pk} for n in range(rows)],
            fte_figures=[{**FTE, "measure": name} for name in ("estimate", "validated", "actual")[:rows]],
            money=[{**MONEY, "year": 2026 + n} for n in range(rows)],
            compliance=[{**RULE, "kind": kind} for kind in ("dpia", "ce", "nen_7510")[:rows]],
            dependencies=[{**EPD, "kind": kind} for kind in ("epd", "supplier", "standards")[:rows]],
            team=[{"person": f.member(mst).pk, "function": f"Rol {n}"} for n in range(rows)],
            goals=[made.goal(f"g{n}").key for n in range(rows)],
            programmes=["prog_epd"],
            courses=[f.course().code for _n in range(rows)],
            studies=[studies.published(mst).number for _n in range(rows)],
        )
        condition = {"text_nl": "Vast", "text_en": "", "due_on": None}
        for n in range(rows):
            for kind, code in (("trl", "3"), ("value", "7"), ("ai", "none"), ("device", "none")):
                assessing.assess(
                    innovation=innovation, actor=None, kind=kind, code=code, on=clock.today(), by=f.member(mst)
                )
            asked = [{**condition, "owner": f.member(mst)} for _m in range(rows)]
            made.decided(innovation, Result.NO_GO, owner=f.member(mst), conditions=asked)
            upload = ContentFile(b"%PDF-1", f"brief {n}.pdf")
            documents.add_document(innovation=innovation, actor=None, upload=upload)
        made.gate(innovation)
        return innovation

    return make


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_page(client, mst, rich, settings, tmp_path, rows):
    innovation = rich(rows)
    for _n in range(rows):
        made.published(mst)
    others()
    ContentType.objects.get_for_model(Study)
    counts = {}
    with own_index(settings, tmp_path):
        for who, person in {"visitor": None, "manager": made.manager(mst)}.items():
            assert section(page_of(client, innovation, person), "similar")
            with CaptureQueriesContext(connection) as captured:
                client.get(innovation.get_absolute_url())
            counts[who] = len(captured)
    assert counts == {"visitor": 32, "manager": 36}
