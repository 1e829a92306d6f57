"""The frame of every page: language, theme, menu, messages; and the pages that tell that something is not there."""

import re

import pytest
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

HOSTILE = '<script>alert("x")</script>'


def request_for(path, **cookies):
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    request.COOKIES.update(cookies)
    request._messages = CookieStorage(request)
    return request


def page(path="/nl/healthz", **cookies):
    """The frame around nothing; the menu is left empty, since other rooms fill it."""
    context = {"navigation": [], "help_links": []}
    return render_to_string("base.html", context, request=request_for(path, **cookies))


@pytest.mark.django_db
def test_frame_tells_its_language_and_the_way_to_the_other():
    with translation.override("en"):
        html = page("/en/?q=a")
    assert '<html lang="en">' in html
    assert '<a class="language" href="/nl/?q=a" lang="nl" hreflang="nl">Nederlands</a>' in html


@pytest.mark.django_db
@pytest.mark.parametrize(("cookie", "pressed"), [("", "auto"), ("dark", "dark"), ("light", "light"), ("pink", "auto")])
def test_frame_shows_the_chosen_theme(cookie, pressed):
    html = page(theme=cookie)
    assert re.findall(r'value="(\w+)" aria-pressed="true"', html) == [pressed]
    assert re.findall(r'data-theme="(\w+)"', html) == ([] if pressed == "auto" else [pressed])


@pytest.mark.django_db
def test_frame_has_its_landmarks_once():
    html = page()
    for part in ('href="#main"', '<main id="main"', "<header", "<footer", "<title>"):
        assert html.count(part) == 1
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script>|javascript:", html)


@pytest.mark.django_db
def test_messages_are_escaped_and_toned():
    request = request_for("/nl/")
    messages.success(request, "Je bent ingeschreven.")
    messages.error(request, HOSTILE)
    html = render_to_string("base.html", {"navigation": [], "help_links": []}, request=request)
    assert '<div class="toast"><span role="status">Je bent ingeschreven.</span></div>' in html
    assert 'class="alert tone-negative"' in html
    assert HOSTILE not in html


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_failures_are_told_without_request_or_database(name):
    html = get_template(name).render()
    assert html.count("<h1>") == 1
    assert name[:3] in html


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nl/bestaat-niet/", "/en/no-such-page/", "/bestaat-niet/", "/id/nothing"])
def test_unknown_addresses_get_our_page(client, path):
    response = client.get(path, follow=True)
    assert response.status_code == 404
    assert b"empty--page" in response.content


@pytest.mark.django_db
def test_a_form_from_another_time_gives_back_what_was_typed():
    typed = {"theme": "dark", "note": HOSTILE, "password": "secret words"}
    response = Client(enforce_csrf_checks=True).post("/theme/", typed, headers={"sec-fetch-site": "same-origin"})
    html = response.content.decode()
    assert response.status_code == 403
    assert '<input type="hidden" name="theme" value="dark">' in html
    assert "&lt;script&gt;" in html
    assert HOSTILE not in html
    assert "secret words" not in html


@pytest.mark.django_db
def test_a_form_from_elsewhere_gets_nothing_back():
    response = Client(enforce_csrf_checks=True).post(
        "/theme/", {"theme": "dark"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert response.status_code == 403
    assert b'value="dark"' not in re.sub(rb"<button.*?</button>", b"", response.content)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "login/",
        "signup/",
        "inactive/",
        "confirm-email/",
        "confirm-email/unknown-key/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/1-wrong/",
        "password/reset/key/done/",
    ],
)
def test_account_pages_have_our_frame(client, path):
    html = client.get(f"/accounts/{path}").content.decode()
    assert html.count("<h1>") == 1
    assert html.count('class="site-header"') == 1
    assert not re.search(r"\sstyle=|<script>|<p>\s*<label", html)


@pytest.mark.django_db
def test_a_refused_registration_keeps_what_was_typed(client):
    typed = {"email": "no address", "given_name": HOSTILE, "family_name": "ب" * 200, "password1": "123"}
    html = client.post("/accounts/signup/", typed).content.decode()
    assert 'class="error-summary"' in html
    assert 'value="no address"' in html
    assert "&lt;script&gt;" in html
    assert HOSTILE not in html
    assert 'value="123"' not in html
