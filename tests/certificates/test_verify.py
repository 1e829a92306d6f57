"""The public check: status first, forgiving, minimal, never cached, limited."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from academy.core import clock
from academy.core.wording import number_token
from courses.certificates import services
from courses.certificates.models import Certificate

from . import building
from .building import TOKEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(monkeypatch):
    monkeypatch.setattr(services.render, "render", lambda **_facts: b"%PDF-1.7")
    made = services.award(enrolment=building.completed(building.run(building.course(validity_months=24, points=6))))
    services.make(made)
    made.refresh_from_db()
    return made


def check(client, certificate, language="en", **query):
    return client.get(certificate.get_absolute_url(), query, headers={"accept-language": language})


def text(response):
    return response.content.decode()


def revoke(certificate, reason="Private matter"):
    services.revoke(certificate=certificate, actor=building.manager(), reason=reason)


def test_valid_says_who_what_and_when(client, certificate):
    page = text(check(client, certificate))
    for part in (
        "This certificate is valid",
        certificate.facts["name"],
        "Heart failure: the basics",
        number_token(certificate.token),
        "6 · Kwaliteitsregister V&amp;V",
    ):
        assert part in page
    assert page.index("This certificate is valid") < page.index(certificate.facts["name"])
    assert certificate.person.email not in page


def test_revoking_shows_at_once_without_name_and_reason(client, certificate):
    assert "This certificate is valid" in text(check(client, certificate))
    revoke(certificate)
    page = text(check(client, certificate))
    assert "This certificate has been revoked" in page
    assert certificate.facts["name"] not in page
    assert "Private matter" not in page


def test_expired(client, certificate):
    with clock.at(clock.now() + timedelta(days=800)):
        assert "This certificate has expired" in text(check(client, certificate))


def test_being_made(client):
    waiting = services.award(enrolment=building.completed())
    assert "This certificate is being made" in text(check(client, waiting))


def test_initials_when_the_holder_wishes_so(client, certificate):
    services.show_initials(certificate=certificate, actor=certificate.person, initials=True)
    page = text(check(client, certificate))
    assert "N.M." in page
    assert certificate.facts["name"] not in page


@pytest.mark.parametrize("change", [str.lower, lambda typed: typed.replace("-", ""), lambda typed: f" {typed} "])
def test_the_number_may_be_typed_in_any_way(client, certificate, change):
    response = client.get(f"/verify/{change(number_token(certificate.token))}", headers={"accept-language": "en"})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "typed", [TOKEN, "7Q4M", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "é" * 16, "0" * 500, "..", "a b"]
)
def test_an_unknown_number_is_a_404_that_explains(client, typed):
    response = client.get(f"/verify/{typed}", headers={"accept-language": "en"})
    assert response.status_code == 404
    assert "We do not know this certificate" in text(response)
    assert "<script>alert" not in text(response)


@pytest.mark.parametrize("address", ["/verify/", f"/verify/{TOKEN}", "certificate"], ids=["form", "unknown", "known"])
def test_nothing_keeps_or_lists_the_answer(client, certificate, address):
    response = client.get(certificate.get_absolute_url() if address == "certificate" else address)
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert "Accept-Language" in response["Vary"]


@pytest.mark.parametrize(("language", "words"), [("en-GB,nl;q=0.5", "en"), ("nl-NL", "nl"), ("de", "nl")])
def test_the_page_speaks_the_readers_language(client, certificate, language, words):
    response = check(client, certificate, language)
    assert f'<html lang="{words}"' in text(response)
    assert response["Content-Language"] == words


def test_the_other_language_is_one_link_away_and_stays(client, certificate):
    response = check(client, certificate, "nl", lang="en")
    assert '<html lang="en"' in text(response)
    assert '<html lang="en"' in text(check(client, certificate, "nl"))
    assert f"{certificate.get_absolute_url()}?lang=nl" in text(response)


def test_an_unknown_language_changes_nothing(client, certificate):
    assert '<html lang="nl"' in text(check(client, certificate, "nl", lang="xx"))


def test_too_many_questions_are_refused(client, certificate, settings):
    settings.RATE_LIMIT_VERIFY = "3/m"
    statuses = [check(client, certificate).status_code for _turn in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert client.get(f"/api/v1/certificates/verify/{TOKEN}").status_code == 429
    cache.clear()
    assert check(client, certificate).status_code == 200


def test_the_form_leads_to_the_answer(client, certificate):
    response = client.get("/verify/", {"token": certificate.token.lower()})
    assert (response.status_code, response["Location"]) == (302, certificate.get_absolute_url())


def test_the_form_keeps_what_was_typed(client):
    response = client.get("/verify/", {"token": "7Q4M"}, headers={"accept-language": "en"})
    assert response.status_code == 400
    assert 'value="7Q4M"' in text(response)
    assert 'class="error-summary"' in text(response)
    assert 'aria-invalid="true"' in text(response)


@pytest.mark.parametrize("others", [0, 2])
def test_queries(client, certificate, others, django_assert_num_queries):
    for _turn in range(others):
        services.award(enrolment=building.completed())
    check(client, certificate)
    with django_assert_num_queries(2):  # the certificate; the menu
        check(client, certificate)


def test_nothing_is_rendered_to_check(client, certificate, monkeypatch):
    monkeypatch.setattr(services.render.press, "print_page", lambda _pages: pytest.fail("rendered"))
    check(client, certificate)
    assert Certificate.objects.count() == 1
