"""What machines look for at the root: sitemap, robots, security.txt."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from academy.cms.models import SiteSettings
from academy.core import clock
from courses.catalogue.models import Visibility
from tests import factories
from tests.cms.building import standard

pytestmark = pytest.mark.django_db
NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def sitemap(client) -> dict[str, set[str]]:
    """Addresses with the languages of their alternates."""
    response = client.get("/sitemap.xml")
    assert response.headers["Content-Type"] == "application/xml"
    root = ElementTree.fromstring(response.content)
    return {
        url.find("s:loc", NS).text: {link.get("hreflang") for link in url.findall("x:link", NS)}
        for url in root.findall("s:url", NS)
    }


def test_the_sitemap_has_what_everybody_may_see_in_both_languages(client):
    dutch = standard("Over ons", slug="over-ons")
    standard("About us", slug="about-us", language="en", of=dutch)
    standard("Privacy", slug="privacy")
    course = factories.course(code="BLS-01")
    track = factories.track(course, code="T-SEH")
    factories.course(code="DRAFT-01", live=False)
    factories.course(code="MEMBERS-01", visibility=Visibility.MEMBERS)
    found = sitemap(client)
    site = "http://testserver"
    assert found[f"{site}/nl/over-ons/"] == {"nl", "en"}
    assert found[f"{site}/en/about-us/"] == {"nl", "en"}
    assert found[f"{site}/nl/privacy/"] == set()
    assert f"{site}/en/privacy/" not in found
    for record in (course, track):
        addresses = [address for address in found if record.code in address]
        assert len(addresses) == 2
    assert not [address for address in found if "DRAFT" in address or "MEMBERS" in address]


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_sitemap(client, django_assert_num_queries, rows):
    for n in range(rows):
        standard(f"Pagina {n}", slug=f"pagina-{n}")
        factories.course()
    client.get("/sitemap.xml")
    with django_assert_num_queries(SITEMAP_QUERIES):
        client.get("/sitemap.xml")


def test_robots(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in text
    assert "Disallow: /verify/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


def test_security_txt_expires_within_a_year(client):
    SiteSettings.load()
    SiteSettings.objects.update(security_contact="lek@example.org")
    lines = dict(
        line.split(": ", 1) for line in client.get("/.well-known/security.txt").content.decode().splitlines() if line
    )
    assert lines["Contact"] == "mailto:lek@example.org"
    assert lines["Canonical"] == "http://testserver/.well-known/security.txt"
    expires = datetime.fromisoformat(lines["Expires"])
    assert clock.now() + timedelta(days=30) < expires < clock.now() + timedelta(days=365)


SITEMAP_QUERIES = 7
