"""Permanent addresses, JSON-LD and the sitemap."""

import json

import pytest
from bs4 import BeautifulSoup

from research.innovations import linked_data, showing
from research.innovations.models import Innovation
from research.innovations.record import with_everything
from tests import factories as f
from tests.factories import innovations as made
from tests.factories import studies

pytestmark = pytest.mark.django_db
LD = "application/ld+json"


@pytest.fixture
def mst():
    return f.organisation("mst", name_nl="Medisch Spectrum Twente", name_en="", ror="033xvax87")


def document(innovation) -> dict:
    return linked_data.document(with_everything(Innovation.objects.all()).get(pk=innovation.pk))


def test_a_project_in_the_words_of_schema_org(mst, settings):
    settings.SITE_URL = "https://academie.example"
    shown, hidden = studies.published(mst), studies.published(mst, visibility="members")
    innovation = made.published(
        mst,
        stage="pilot_a",
        goals=[made.goal().key],
        studies=[shown.number, hidden.number],
        evidence_doi="10.5555/demo",
        catalogue_url="https://catalogus.example/7",
        money=[
            {
                "year": 2026,
                "funder": "mst",
                "funder_name": "",
                "kind": "one_off",
                "budget_eur": "480000",
                "spent_eur": None,
            }
        ],
    )
    found = document(innovation)
    assert (found["@type"], found["@id"]) == ("Project", f"https://academie.example/id/{innovation.number}")
    assert found["name"] == [
        {"@language": "nl", "@value": "Thuismonitoring hartfalen"},
        {"@language": "en", "@value": "Home monitoring for heart failure"},
    ]
    assert found["parentOrganization"][0]["@id"] == "https://ror.org/033xvax87"
    assert found["sameAs"] == "https://catalogus.example/7"
    assert found["keywords"][:2] == ["Pilot A (small)", "Active"]
    assert [work["@id"] for work in found["subjectOf"]] == [
        f"https://academie.example/id/{shown.number}",
        "https://doi.org/10.5555/demo",
    ]
    assert "480000" not in json.dumps(found)


def test_an_idea_of_which_little_is_known(mst):
    innovation = made.published(mst, title_en="", summary_nl="Kort", summary_en="", contact_email="")
    assert set(document(innovation)) == {
        "@context",
        "@type",
        "@id",
        "url",
        "identifier",
        "name",
        "description",
        "parentOrganization",
        "keywords",
    }


def test_an_address_that_is_none_does_not_get_in(mst):
    innovation = made.published(mst)
    Innovation.objects.filter(pk=innovation.pk).update(catalogue_url="javascript:alert(1)")
    assert "sameAs" not in document(innovation)


def test_the_page_carries_it_and_nothing_ends_the_element(client, mst):
    innovation = made.published(mst, summary_nl="</script><script>alert(7)</script>")
    page = client.get(innovation.get_absolute_url()).content.decode()
    assert "<script>alert(7)" not in page
    content = BeautifulSoup(page, "html.parser").find("script", type=LD).string
    texts = [text["@value"] for text in json.loads(content)["description"]]
    assert "</script><script>alert(7)</script>" in texts


def test_it_is_the_answer_to_who_asks_for_it(client, mst):
    innovation = made.published(mst)
    answer = client.get(f"/id/{innovation.number}", headers={"accept": LD})
    assert (answer.status_code, answer["Content-Type"]) == (200, LD)
    assert answer.json()["@id"].endswith(innovation.number)
    answer = client.get(f"/id/{innovation.number}", headers={"accept-language": "en"})
    assert (answer.status_code, answer["Location"]) == (303, f"/en/innovations/{innovation.number}/")


@pytest.mark.parametrize("visibility", ["draft", "members", "team"])
def test_what_is_not_for_everybody_has_no_address_and_no_data(client, mst, visibility):
    owner = f.member(mst)
    draft = visibility == "draft"
    make = made.innovation if draft else made.published
    innovation = make(mst, owner=owner, **({} if draft else {"visibility": visibility}))
    for accept in (LD, "text/html"):
        assert client.get(f"/id/{innovation.number}", headers={"accept": accept}).status_code == 404
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/id/{innovation.number}", headers={"accept": LD}).status_code == 404
    assert client.get(f"/id/{innovation.number}").status_code == 303
    page = client.get(innovation.get_absolute_url()).content.decode()
    assert LD not in page
    assert 'content="noindex"' in page


def test_the_sitemap_has_public_innovations_only(client, mst):
    shown = made.published(mst)
    made.innovation(mst)
    made.published(mst, visibility="members")
    made.published(mst, visibility="team")
    assert [entry.paths["en"] for entry in showing.entries()] == [f"/en/innovations/{shown.number}/"]
    assert shown.number in client.get("/sitemap.xml").content.decode()
