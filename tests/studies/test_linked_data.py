"""Permanent addresses, JSON-LD, the sitemap and the menu."""

import json

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from research.studies import linked_data, showing
from research.studies.models import Study
from research.studies.record import with_everything
from tests import factories as f
from tests.factories import studies as made

pytestmark = pytest.mark.django_db
LD = "application/ld+json"


@pytest.fixture
def mst():
    return f.organisation("mst", name_nl="Medisch Spectrum Twente", name_en="", city="Enschede", ror="033xvax87")


def document(study) -> dict:
    return linked_data.document(with_everything(Study.objects.all()).get(pk=study.pk))


def test_a_trial_in_the_words_of_schema_org(mst, settings):
    settings.SITE_URL = "https://academie.example"
    study = made.published(
        mst,
        f.organisation("zgt"),
        recruitment_status="RECRUITING",
        identifiers=[{"authority": "clinicaltrials_gov", "number": "NCT01234567"}],
        funders=[{"organisation": "", "name": "Fonds", "ror": "", "grant_number": "Z-1", "amount_eur": "9000.00"}],
    )
    found = document(study)
    assert found["@type"] == "MedicalTrial"
    assert found["@id"] == f"https://academie.example/id/{study.number}"
    assert found["status"] == "https://schema.org/Recruiting"
    assert found["sameAs"] == ["https://clinicaltrials.gov/study/NCT01234567"]
    assert {"@language": "nl", "@value": "Thuis meten bij hartfalen"} in found["name"]
    assert found["sponsor"][0]["@id"] == "https://ror.org/033xvax87"
    assert found["healthCondition"][0]["code"]["codeValue"] == "I50"
    designs = {name.rpartition("/")[2] for name in found["trialDesign"]}
    assert designs == {"OpenTrial", "RandomizedTrial", "MultiCenterTrial"}
    assert "9000" not in json.dumps(found)


@pytest.mark.parametrize(
    ("kind", "type_name"),
    [("OBSERVATIONAL", "MedicalObservationalStudy"), ("EXPANDED_ACCESS", "ResearchProject"), ("", "ResearchProject")],
)
def test_other_kinds_of_research(mst, kind, type_name):
    study = made.published(mst)
    Study.objects.filter(pk=study.pk).update(study_type=kind, observational_model="COHORT")
    assert document(study)["@type"] == type_name


def test_hidden_groups_are_not_in_it(mst):
    study = made.published(mst, group_visibility={"people": "team", "sponsors": "members", "design": "members"})
    found = document(study)
    assert found["@type"] == "ResearchProject"
    assert not {"sponsor", "funder", "member"} & set(found)


def test_the_page_carries_it_and_nothing_ends_the_element(client, mst):
    study = made.published(mst, summary_nl="</script><script>alert(7)</script>")
    page = client.get(study.get_absolute_url()).content.decode()
    assert "<script>alert(7)" not in page
    content = BeautifulSoup(page, "html.parser").find("script", type=LD).string
    texts = [text["@value"] for text in json.loads(content)["description"]]
    assert "</script><script>alert(7)</script>" in texts


def test_it_is_the_answer_to_who_asks_for_it(client, mst):
    study = made.published(mst)
    answer = client.get(f"/id/{study.number}", headers={"accept": LD})
    assert (answer.status_code, answer["Content-Type"]) == (200, LD)
    assert answer.json()["@id"].endswith(study.number)
    assert "Accept" in answer["Vary"]


@pytest.mark.parametrize("accept", ["text/html,application/xhtml+xml,*/*;q=0.8", "*/*", ""])
def test_browsers_go_to_the_page(client, mst, accept):
    study = made.published(mst)
    answer = client.get(f"/id/{study.number}", headers={"accept": accept, "accept-language": "en"})
    assert (answer.status_code, answer["Location"]) == (303, f"/en/research/{study.number}/")


def test_what_is_not_for_everybody_has_no_address_and_no_data(client, mst):
    for study in (made.study(mst), made.published(mst, visibility="members")):
        for accept in (LD, "text/html"):
            assert client.get(f"/id/{study.number}", headers={"accept": accept}).status_code == 404
    member = f.member(mst)
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/id/{study.number}", headers={"accept": LD}).status_code == 404
    assert client.get(f"/id/{study.number}").status_code == 303
    assert LD not in client.get(study.get_absolute_url()).content.decode()


def test_records_without_linked_data_are_told_so(client):
    course = f.course()
    assert client.get(f"/id/{course.code}", headers={"accept": LD}).status_code == 404
    assert client.get(f"/id/{course.code}").status_code == 303


def test_the_sitemap_has_public_studies_only(client, mst):
    shown = made.published(mst)
    made.study(mst)
    made.published(mst, visibility="members")
    paths = [entry.paths for entry in showing.entries()]
    assert paths == [{code: f"/{code}/{word}/{shown.number}/" for code, word in _words().items()}]
    assert shown.number in client.get("/sitemap.xml").content.decode()


def _words() -> dict[str, str]:
    """The word for research in addresses."""
    return {code: path.split("/")[2] for code, path in showing.paths_of("S-2026-0001").items()}


def test_the_menu_leads_to_the_list(client, mst):
    page = BeautifulSoup(client.get(made.published(mst).get_absolute_url()).content, "html.parser")
    here = page.select_one("#site-nav a[aria-current]")
    assert here["href"] == reverse("studies:list")


def test_languages_and_address_are_told_to_search_engines(client, mst, settings):
    study = made.published(mst)
    page = BeautifulSoup(client.get(study.get_absolute_url()).content, "html.parser")
    assert page.find("link", rel="canonical")["href"] == settings.SITE_URL + study.get_absolute_url()
    assert {link["hreflang"] for link in page.find_all("link", rel="alternate")} == {"nl", "en"}
    assert page.find("meta", attrs={"name": "description"})["content"].startswith("We vergelijken")
