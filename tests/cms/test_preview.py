"""The editor's preview: the page as it would be, in a frame of the site itself."""

import pytest
from django.urls import reverse

from academy.accounts.models import Role
from tests.cms.building import colleague, home, page_form, signed_in, standard

pytestmark = pytest.mark.django_db


def test_a_draft_is_previewed_as_it_would_be():
    page = standard("Contact", slug="contact")
    client = signed_in(colleague(Role.EDITOR))
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    answer = client.post(address, page_form("Contact", slug="contact", text="<p>Nog niet live</p>")).json()
    assert answer == {"is_valid": True, "is_available": True}
    response = client.get(address)
    text = response.content.decode()
    assert "Nog niet live" in text
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]


def test_a_new_page_is_previewed_before_it_is_saved():
    client = signed_in(colleague(Role.EDITOR))
    address = reverse("wagtailadmin_pages:preview_on_add", args=["cms", "standardpage", home().pk])
    assert client.post(address, page_form("Nieuw", text="<p>Eerste versie</p>")).json()["is_valid"]
    assert "Eerste versie" in client.get(address).content.decode()


def test_home_and_news_are_previewed():
    client = signed_in(colleague(Role.EDITOR))
    for language in ("nl", "en"):
        address = reverse("wagtailadmin_pages:view_draft", args=[home(language).pk])
        assert home(language).hero_title in client.get(address).content.decode()


def test_a_stranger_sees_no_draft():
    page = standard("Contact", slug="contact", live=False)
    address = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    trainee = colleague(Role.COURSE_MANAGER)
    assert signed_in(trainee).get(address).status_code in (302, 403)
