"""Programmes outside their pages: permanent address, JSON-LD, sitemap, search."""

import pytest

from academy.core.translation import in_each_language
from academy.strategy import linked_data
from academy.strategy.models import Programme
from academy.strategy.search_source import cards, document
from academy.strategy.selectors import programmes_for_page
from search import outbox
from search.contract import PUBLIC, Viewer
from search.models import SearchOutbox
from tests import factories as f
from tests.factories import innovations, strategy

pytestmark = pytest.mark.django_db
EVERYBODY = Viewer(frozenset({PUBLIC}))


@pytest.fixture
def mst():
    return f.organisation("mst", name_nl="Medisch Spectrum Twente", ror="033xvax87")


@pytest.fixture
def digital(mst):
    made = strategy.programme(
        mst,
        key="digital",
        number="P-01",
        title_nl="Digitaal ziekenhuis",
        title_en="Digital hospital",
        summary_nl="Eén <voordeur>.",
        body_nl="Alarmen en vragenlijsten.",
        location="Hengelo",
        lead=f.person(given_name="Iris", family_name="Bannenberg"),
        contact_email="digitaal@example.nl",
        pillar=innovations.pillar(3),
    )
    made.goals.add(innovations.goal("g2"))
    strategy.milestone(made, planned=10, title_nl="Eén nummer voor vragen")
    return made


def whole(programme: Programme) -> Programme:
    return programmes_for_page().get(pk=programme.pk)


# Addresses ------------------------------------------------------------------------------------------------------------


def test_the_permanent_address_leads_to_the_page_in_the_readers_language(client, digital):
    answer = client.get("/id/P-01", headers={"accept-language": "en"})
    assert (answer.status_code, answer["Location"]) == (303, "/en/programmes/P-01/")
    assert client.get("/id/P-99").status_code == 404


def test_a_programme_in_the_words_of_schema_org(client, settings, digital):
    settings.SITE_URL = "https://academie.example"
    found = client.get("/id/P-01", headers={"accept": "application/ld+json"}).json()
    assert found == linked_data.document(whole(digital))
    assert found == {
        "@context": "https://schema.org",
        "@type": "Project",
        "@id": "https://academie.example/id/P-01",
        "url": f"https://academie.example{digital.get_absolute_url()}",
        "name": [
            {"@language": "nl", "@value": "Digitaal ziekenhuis"},
            {"@language": "en", "@value": "Digital hospital"},
        ],
        "description": [{"@language": "nl", "@value": "Eén <voordeur>."}],
        "identifier": {"@type": "PropertyValue", "propertyID": settings.WAGTAIL_SITE_NAME, "value": "P-01"},
        "location": {"@type": "Place", "name": "Hengelo"},
        "email": "digitaal@example.nl",
        "parentOrganization": [
            {
                "@type": "Organization",
                "name": [{"@language": "nl", "@value": "Medisch Spectrum Twente"}],
                "@id": "https://ror.org/033xvax87",
            }
        ],
        "employee": {"@type": "Person", "name": "Iris Bannenberg"},
    }


def test_the_sitemap_has_programmes_and_plans_in_both_languages(client, digital):
    text = client.get("/sitemap.xml").content.decode()
    for path in in_each_language(digital.get_absolute_url).values():
        assert f"<loc>http://testserver{path}</loc>" in text
    assert "/en/roadmap/" in text


# Search ---------------------------------------------------------------------------------------------------------------


def test_a_programme_is_found_by_its_words_and_what_it_adds_to(digital):
    doc = document(whole(digital))
    assert (doc.type, doc.number, doc.acl) == ("programme", "P-01", {PUBLIC})
    assert doc.title == {"nl": "Digitaal ziekenhuis", "en": "Digital hospital"}
    assert doc.url["en"] == "/en/programmes/P-01/"
    assert doc.people == ("Iris Bannenberg",)
    for words in ("vragenlijsten", "Eén nummer voor vragen", "Doel g2", "Hengelo"):
        assert words in doc.body["nl"]
    facets = doc.all_facets()
    assert facets["programme"] == ("digital",)
    assert facets["organisation"] == ("mst",)
    assert (facets["pillar"], facets["goal"]) == (("p3",), ("g2",))


def test_a_card_has_number_hospitals_and_place(digital):
    assert cards([digital.pk], EVERYBODY, "nl") == {digital.pk: {"meta": ["P-01", "MST", "Hengelo"], "state": None}}


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made.save(),
        lambda made: made.milestones.first().save(),
        lambda made: made.organisations.first().save(),
        lambda made: made.lead.save(),
        lambda made: made.goals.first().save(),
        lambda made: made.goals.clear(),
    ],
)
def test_what_changes_is_taken_again(digital, change):
    SearchOutbox.objects.all().delete()
    outbox.forget()
    change(Programme.objects.get(pk=digital.pk))
    assert ("programme", str(digital.pk)) in set(SearchOutbox.objects.values_list("type", "record"))


@pytest.mark.parametrize("rows", [1, 3])
def test_documents_take_the_same_queries(mst, django_assert_num_queries, rows):
    for _n in range(rows):
        strategy.milestone(strategy.programme(mst, lead=f.person()), planned=5)
    with django_assert_num_queries(7):
        assert len([document(programme) for programme in programmes_for_page()]) == rows
