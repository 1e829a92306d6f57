"""The page of a study: what stands on it for whom, in which language, at how many queries."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from academy.core import clock
from research.studies.exporting import FORMATS
from research.studies.models import Approval, Deadline, RecruitmentCount, Review, Study
from research.studies.services import publishing, saving
from tests import factories as f
from tests.factories import studies as made
from tests.probes.indexing import own_index

pytestmark = pytest.mark.django_db


@pytest.fixture
def mst():
    return f.organisation("mst", name_nl="Medisch Spectrum Twente", city="Enschede", ror="033xvax87")


@pytest.fixture
def zgt():
    return f.organisation("zgt", name_nl="Ziekenhuisgroep Twente", city="Almelo")


def page_of(client, study, **query):
    with override("nl"):
        address = study.get_absolute_url()
    answer = client.get(address, query)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def facts_of(page) -> dict[str, list[str]]:
    """Name and values of each row."""
    found = {}
    for row in page.select("dl.facts > div"):
        name = row.dt.get_text(" ", strip=True)
        found[name] = [" ".join(value.get_text(" ", strip=True).split()) for value in row.select("dd")]
    return found


def logged_in(client, person):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


FUNDER = {"organisation": "", "name": "Fonds Oost", "ror": "", "grant_number": "Z-17", "amount_eur": "480000.00"}
PLAN = {"state": "approved", "on": "2026-09-03", "owner": "Datadesk"}


def test_everybody_reads_the_record(client, mst, zgt):
    study = made.published(mst, zgt, funders=[FUNDER], identifiers=[{"authority": "doi", "number": "10.5555/demo"}])
    page = page_of(client, study)
    assert page.h1.get_text() == "HARTTHUIS: Thuis meten bij hartfalen"
    assert page.select_one(".lead").get_text() == "We vergelijken thuismonitoring met gewone controle."
    facts = facts_of(page)
    assert facts["Nummer"] == [study.number]
    assert page.find("a", href="https://doi.org/10.5555/demo").get_text() == "10.5555/demo"
    assert page.find("a", href="https://ror.org/033xvax87").get_text() == "Medisch Spectrum Twente"
    columns = [column.h3.get_text(strip=True) for column in page.select(".sites .site-column")]
    assert columns == ["MST, Enschede", "ZGT, Almelo"]


def test_a_text_in_the_other_language_is_marked(client, mst):
    study = made.published(mst, public_title_en="", summary_en="")
    page = BeautifulSoup(client.get(f"/en/research/{study.number}/").content, "html.parser")
    assert page.h1.span["lang"] == "nl"
    assert page.select_one(".lead span")["lang"] == "nl"
    assert page_of(client, study).h1.span is None


def test_what_is_for_the_team_leaves_no_trace_for_others(client, mst):
    editor = made.researcher(mst)
    study = made.published(mst, editor=editor, funders=[FUNDER], data_management_plan=PLAN)
    texts = {}
    for who, person in {"public": None, "member": f.member(mst), "team": editor}.items():
        client.logout()
        texts[who] = str(page_of(logged_in(client, person) if person else client, study).main)
    secrets = {"480.000": {"team"}, "Datadesk": {"member", "team"}, "is-internal": {"member", "team"}}
    assert {word: {who for who, text in texts.items() if word in text} for word in secrets} == secrets
    assert "visibility" not in texts["public"]


def test_who_may_not_know_it_gets_404(client, mst):
    draft = made.study(mst)
    members_only = made.published(mst, visibility="members")
    hidden = made.published(mst)
    publishing.unpublish(study=hidden, actor=made.bureau(mst), reason="Fout")
    for study in (draft, members_only, hidden):
        for name, more in (("study", {}), ("history", {}), ("download", {"format": "csv"})):
            address = reverse(f"studies:{name}", kwargs={"number": study.number, **more})
            assert client.get(address).status_code == 404, address
    logged_in(client, f.member(mst))
    assert client.get(members_only.get_absolute_url()).status_code == 200
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_an_embargo_ends_by_itself(client, mst):
    study = made.published(mst, visibility="members", embargo_until=clock.today() + timedelta(days=3))
    assert client.get(study.get_absolute_url()).status_code == 404
    with clock.at(clock.now() + timedelta(days=3)):
        assert client.get(study.get_absolute_url()).status_code == 200


def test_pages_of_people_who_are_signed_in_are_kept_by_nobody(client, mst):
    study = made.published(mst)
    assert "Cache-Control" not in client.get(study.get_absolute_url()).headers
    answer = logged_in(client, f.member(mst)).get(study.get_absolute_url())
    assert answer["Cache-Control"] == "private, no-store"


def test_what_is_written_but_not_published_shows_only_in_the_preview(client, mst):
    editor = made.researcher(mst)
    study = made.published(mst, editor=editor)
    saving.save(study=study, actor=editor, base_version=study.version, values={"public_title_nl": "Heel anders"})
    logged_in(client, editor)
    assert "Heel anders" not in str(page_of(client, study))
    preview = client.get(reverse("studies:preview", kwargs={"number": study.number}))
    assert BeautifulSoup(preview.content, "html.parser").h1.get_text() == "HARTTHUIS: Heel anders"
    assert logged_in(client, f.member(mst)).get(preview.request["PATH_INFO"]).status_code == 404


def test_the_preview_is_as_others_will_see_it(client, mst):
    editor = made.researcher(mst)
    study = made.study(mst, editor=editor, visibility="members", funders=[FUNDER], data_management_plan=PLAN)
    address = reverse("studies:preview", kwargs={"number": study.number})
    logged_in(client, editor)
    assert "Thuis meten" not in client.get(address).content.decode()
    member = client.get(f"{address}?as=members").content.decode()
    assert "Thuis meten" in member
    assert "Datadesk" in member
    assert "480.000" not in member


def test_the_figures_are_a_picture_and_a_table(client, mst, zgt):
    study = made.published(mst, zgt, first_enrolment="2026-01-12", completion="2027-12", sample_size_target=240)
    here, there = study.sites.all()
    counts = [(here, "2026-01-01", 9, 4), (here, "2026-03-01", 5, 3), (there, "2026-03-15", 8, 2)]
    for site, on, screened, included in counts:
        RecruitmentCount.objects.create(site=site, on=on, screened=screened, included=included, withdrawn=1)
    page = page_of(client, study)
    section = page.find(id="recruitment").find_parent("section")
    tables = [[[c.get_text() for c in r.select("th, td")] for r in t.select("tr")][1:] for t in section.select("table")]
    assert tables[0] == [["januari 2026", "4"], ["februari 2026", "4"], ["maart 2026", "9"]]
    assert [row[1:] for row in tables[1]] == [
        ["14", "7", "2", "100", "7\xa0%"],
        ["8", "2", "1", "100", "2\xa0%"],
        ["22", "9", "3", "240", "4\xa0%"],
    ]
    drawing = section.svg
    assert drawing["aria-label"].startswith("9 ")
    assert drawing.select_one(".line")["d"].count("L") == 3
    assert drawing.select_one(".line--target")


def test_without_figures_there_is_no_empty_picture(client, mst):
    page = page_of(client, made.published(mst))
    assert page.find(id="recruitment") is None
    assert page.svg


def test_the_team_sees_what_is_due_first(client, mst):
    editor = made.researcher(mst)
    study = made.published(mst, editor=editor)
    Deadline.objects.all().delete()
    for days, kind in ((20, "progress_report"), (-3, "end_of_study_report")):
        Deadline.objects.create(study=study, kind=kind, due_on=clock.today() + timedelta(days=days))
    assert page_of(client, study).find(id="due") is None
    page = page_of(logged_in(client, editor), study)
    assert "tone-negative" in page.select_one(".alert")["class"]
    assert len(page.find(id="due").find_parent("section").select("li")) == 2


def test_buttons_are_for_who_may(client, mst, zgt):
    editor = made.researcher(mst)
    study = made.published(mst, editor=editor)
    edit = reverse("studies:step", kwargs={"number": study.number, "step": "basis"})
    review = reverse("studies:review", kwargs={"number": study.number, "site": "mst"})
    people = {"nobody": None, "editor": editor, "reader": made.viewer(study), "bureau": made.bureau(mst)}
    seen = {}
    for who, person in people.items():
        client.logout()
        head = page_of(logged_in(client, person) if person else client, study).select_one(".page-head")
        seen[who] = [bool(head.find("a", href=address)) for address in (edit, review)]
    assert seen == {
        "nobody": [False, False],
        "editor": [True, False],
        "reader": [False, False],
        "bureau": [False, True],
    }


def test_related_records_are_those_that_may_be_seen(client, mst, settings, tmp_path):
    study, other = made.published(mst), made.published(mst, acronym="ANDERS")
    gone = made.published(mst, acronym="WEG")
    others()
    with own_index(settings, tmp_path):
        Study.objects.filter(pk=gone.pk).update(publication_state="withdrawn")
        titles = [link.get_text() for link in page_of(client, study).select("#related ~ ul a")]
    assert titles == [other.public_title_nl]


def others() -> None:
    """Courses about something else, so that the words of the studies are rare."""
    for n in range(30):
        f.course(title_nl=f"Iets{n}", title_en=f"Iets{n}", summary_nl=f"Iets{n}", summary_en=f"Iets{n}")


@pytest.fixture
def rich(mst, zgt):
    """A function that makes a study with so many rows of everything."""

    def make(rows: int) -> Study:
        hospitals = [mst, zgt, f.organisation("elders")][: max(1, rows)]
        people = [f.member(hospitals[0]) for _n in range(rows)]
        whole = made.values(*hospitals)
        study = made.published(
            *hospitals,
            contributors=whole["contributors"] + [{**whole["contributors"][0], "person": one.pk} for one in people],
            identifiers=[{"authority": "other", "number": f"X-{n}"} for n in range(rows)],
            funders=[FUNDER] * rows,
            outputs=[
                {"type": "article", "title_nl": f"A{n}", "title_en": "", "doi": "", "url": "", "published": "2026"}
                for n in range(rows)
            ],
        )
        for site in study.sites.all():
            review = Review.objects.get(site=site)
            for n in range(rows):
                Approval.objects.create(review=review, kind="metc", body_nl=f"Commissie {n}", state="approved")
                RecruitmentCount.objects.create(site=site, on=f"2026-0{n + 1}-01", included=2)
                due_on = clock.today() + timedelta(days=n)
                Deadline.objects.create(study=study, site=site, kind="progress_report", due_on=due_on)
        for n in range(rows):
            version = Study.objects.get(pk=study.pk).version
            values = {"contact_phone": f"053 {n}"}
            saving.save(study=study, actor=made.viewer(study, "editor"), base_version=version, values=values)
        return study

    return make


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_page(client, rich, settings, tmp_path, rows):
    study = rich(rows)
    for n in range(rows):
        made.published(f.organisation("mst"), acronym=f"LIJKT{n}")
    others()
    ContentType.objects.get_for_model(Study)
    with own_index(settings, tmp_path):
        page_of(client, study)
        with CaptureQueriesContext(connection) as captured:
            page = page_of(client, study)
        assert page.find(id="related")
        assert len(captured) == 12
        logged_in(client, made.viewer(study))
        page_of(client, study)
        with CaptureQueriesContext(connection) as captured:
            page_of(client, study)
        assert len(captured) == 23


WORD = "Kwartszoeker"
OUTCOME = {"measure_nl": WORD, "measure_en": WORD, "time_frame_nl": "", "time_frame_en": ""}
OUTPUT = {"type": "article", "title_nl": WORD, "title_en": WORD, "doi": "", "url": "", "published": ""}
SECRETS = {
    "identity": {
        "public_title_nl": WORD,
        "public_title_en": WORD,
        "summary_nl": WORD,
        "acronym": WORD,
        "keywords": [WORD],
    },
    "identifiers": {"identifiers": [{"authority": "other", "number": WORD}]},
    "sponsors": {"primary_sponsor": {"organisation": "", "name": WORD, "ror": ""}},
    "people": {"contact_name": WORD, "contact_email": f"{WORD}@example.org"},
    "population": {
        "inclusion_criteria_nl": WORD,
        "conditions": [{"code_system": "", "code": "", "name_nl": WORD, "name_en": WORD}],
    },
    "outcomes": {"primary_outcomes": [OUTCOME]},
    "recruitment": {"recruitment_status": "TERMINATED", "why_stopped_nl": WORD, "why_stopped_en": WORD},
    "data_management": {"data_management_plan": {"state": "approved", "on": None, "owner": WORD}},
    "results": {"outputs": [OUTPUT], "ipd_statement_nl": WORD, "results_summary_en": WORD},
}


def everywhere(client, study) -> str:
    """All that can be read of a study at its own addresses."""
    number = {"number": study.number}
    addresses = []
    for language in ("nl", "en"):
        with override(language):
            addresses += [reverse(f"studies:{name}", kwargs=number) for name in ("study", "history")]
    addresses += [reverse("studies:download", kwargs={**number, "format": name}) for name in FORMATS if name != "xlsx"]
    texts = []
    for address in addresses:
        answer = client.get(address)
        texts.append((b"".join(answer.streaming_content) if answer.streaming else answer.content).decode())
    texts.append(client.get(f"/id/{study.number}", headers={"accept": "application/ld+json"}).content.decode())
    return "\n".join(texts).casefold()


@pytest.mark.parametrize("group", SECRETS)
def test_a_hidden_part_is_read_nowhere(client, mst, group):
    editor = made.researcher(mst)
    study = made.published(mst, editor=editor, group_visibility={group: "team"})
    saving.save(study=study, actor=editor, base_version=study.version, values=SECRETS[group])
    if (study := Study.objects.get(pk=study.pk)).proposed:
        publishing.publish_changes(study=study, actor=made.bureau(mst))
    for person in (None, f.member(mst)):
        if person:
            logged_in(client, person)
        assert WORD.casefold() not in everywhere(client, study)
    assert WORD.casefold() in everywhere(logged_in(client, editor), study)


HOSTILE = ["page=abc&q=%00&sort=%00&as=%00", "page=999999&status=%00&as=members'--", "q=%ff%fe&page=%D9%A3&type=%ff"]


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_parameters_break_nothing(client, mst, settings, tmp_path, query):
    editor = made.researcher(mst)
    number = {"number": made.published(mst, editor=editor).number}
    addresses = [reverse("studies:list"), reverse("studies:export", kwargs={"format": "csv"})]
    addresses += [reverse(f"studies:{name}", kwargs=number) for name in ("study", "history", "preview")]
    with own_index(settings, tmp_path):
        for person in (None, editor):
            if person:
                logged_in(client, person)
            for address in addresses:
                answer = client.get(f"{address}?{query}")
                assert answer.status_code < 500, address
                assert b"Traceback" not in (b"".join(answer.streaming_content) if answer.streaming else answer.content)
