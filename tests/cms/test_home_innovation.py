"""The way into innovation on the home page, and its highlighted programme."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser

from academy.cms import selectors
from academy.cms.models import HomePage
from research.innovations.services import outcomes
from tests import factories as f
from tests.cms.building import signed_in
from tests.factories import innovations, strategy

pytestmark = pytest.mark.django_db


@pytest.fixture
def mst():
    return f.organisation("mst")


def home(client) -> BeautifulSoup:
    return BeautifulSoup(client.get("/en/").content, "html.parser")


def test_home_counts_the_innovations_that_the_reader_may_know_of(client, mst):
    innovations.published(mst)
    outcomes.withdraw(innovation=innovations.published(mst), actor=None, reason_nl="Het werkte niet.")
    innovations.published(mst, visibility="team")
    innovations.innovation(mst)
    strategy.programme(mst)
    seen = selectors.innovation_counts(AnonymousUser())
    assert seen == selectors.InnovationCounts(innovations=2, active=1, programmes=1)
    assert selectors.innovation_counts(innovations.manager(mst)).innovations == 3
    (entrance,) = [part for part in home(client).select(".entrance") if part.h2.get_text() == "Innovate"]
    rows = [[span.get_text() for span in link.find_all("span")] for link in entrance.ul.find_all("a")]
    assert rows == [["Innovation portfolio", "2"], ["What somebody works on", "1"], ["Programmes", "1"], ["Roadmap"]]


def test_the_highlighted_programme_leads_to_its_page_and_counts_what_is_seen(client, mst):
    made = strategy.programme(mst, key="digital", number="P-01")
    HomePage.objects.update(programme=made)
    assert not home(client).select(".highlight .figures")
    f.course(programmes=[made])
    innovations.published(mst, programmes=["digital"], visibility="team")

    def shown(of):
        part = home(of).select_one(".highlight")
        assert part.h2.a["href"] == "/en/programmes/P-01/"
        return [link["href"] for link in part.select(".figures a")]

    courses, of_programme = "/en/courses/?programme=digital", "/en/innovations/list/?programme=digital"
    assert shown(client) == [courses]
    assert shown(signed_in(innovations.manager(mst))) == [courses, of_programme]
