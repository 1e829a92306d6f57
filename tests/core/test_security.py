"""The baseline, one test per line of it."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from academy.core import clock
from tests import factories as f

pytestmark = pytest.mark.django_db
STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "frame-ancestors": "'self'",
    "form-action": "'self'",
    "base-uri": "'self'",
}


def policy(response) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";")]
    return {name: value for name, _space, value in parts}


@pytest.mark.parametrize(
    "path", ["/nl/", "/en/", "/accounts/login/", "/verify/", "/dev/mail/", "/nl/bestaat-niet/", "/api/v1/courses/"]
)
def test_public_pages_have_the_strict_policy(client, path):
    found = policy(client.get(path))
    assert {name: found[name] for name in STRICT} == STRICT
    assert "unsafe" not in str(found)


def test_only_the_editor_and_the_api_documentation_are_wider(client):
    client.force_login(f.member(role="editor"))
    for path in ("/admin/", "/api/docs/"):
        assert policy(client.get(path))["script-src"] == "'self' 'unsafe-inline'"
    assert policy(client.get("/administratie/"))["script-src"] == "'self'"


@pytest.mark.parametrize("path", ["/nl/", "/accounts/login/", "/api/v1/courses/", "/nl/bestaat-niet/"])
def test_every_answer_has_the_other_headers(client, path):
    response = client.get(path)
    expected = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Frame-Options": "SAMEORIGIN",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    }
    assert {name: response[name] for name in expected} == expected


def test_personal_pages_are_kept_by_no_cache(client):
    assert "no-store" not in client.get("/nl/").get("Cache-Control", "")
    assert "no-store" in client.get("/accounts/login/")["Cache-Control"]
    client.force_login(f.person())
    for path in ("/nl/", reverse("desk:home"), "/api/v1/enrolments/"):
        assert client.get(path)["Cache-Control"] == "private, no-store"


def test_a_session_left_alone_ends(client):
    start = clock.now()
    client.force_login(f.person())
    address = reverse("accounts:profile")
    for minutes, status in ((0, 200), (50, 200), (105, 200), (166, 302)):
        with clock.at(start + timedelta(minutes=minutes)):
            assert client.get(address).status_code == status


def test_a_session_ends_twelve_hours_after_its_login_however_busy(client):
    start = clock.now()
    client.force_login(f.person())
    answers = []
    for half_hours in range(26):
        with clock.at(start + timedelta(minutes=30 * half_hours)):
            answers.append(client.get(reverse("accounts:profile")).status_code)
    assert answers == [200] * 24 + [302] * 2


def test_logging_in_gives_the_session_another_key(client):
    from allauth.account.models import EmailAddress

    person = f.person()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client.post(reverse("accounts:profile"), {"given_name": "x"})
    before = client.session.session_key
    client.post("/accounts/login/", {"login": person.email, "password": "wachtwoord voor de test"})
    assert before
    assert client.session.session_key != before


def test_limits_count_in_the_table_that_all_processes_share(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}
    call_command("createcachetable", verbosity=0)
    answers = [
        Client().post("/accounts/login/", {"login": f"x{n}@example.org", "password": "wrong"}).status_code
        for n in range(31)
    ]
    assert (answers[0], answers[-1]) == (200, 429)


def test_the_api_limits_whoever_asks_too_often(client, settings, monkeypatch):
    from rest_framework.throttling import AnonRateThrottle
    from rest_framework.views import APIView

    monkeypatch.setattr(APIView, "throttle_classes", [AnonRateThrottle])
    monkeypatch.setattr(AnonRateThrottle, "THROTTLE_RATES", {"anon": "3/min"})
    answers = [client.get("/api/v1/tracks/", headers={"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["code"] == "too_many_requests"


# Production -----------------------------------------------------------------------------------------------------------
WHOLE = {
    "ACADEMY_ENV": "production",
    "SECRET_KEY": "k" * 50,
    "DATABASE_URL": "postgresql://academy@localhost/academy",
    "EMAIL_URL": "smtp://mail.example.org:25",
    "SITE_URL": "https://academie.example.nl",
    "ALLOWED_HOSTS": "academie.example.nl",
    "DEFAULT_FROM_EMAIL": "Academie <academie@example.nl>",
    "TRUSTED_PROXIES": "1",
}


def production(tmp_path, code: str = "", **changes) -> subprocess.CompletedProcess:
    """Import the production settings in a process of its own; a change to None leaves the variable out."""
    environment = {name: value for name, value in {**WHOLE, **changes}.items() if value is not None}
    environment |= {"DATA_DIR": str(tmp_path), "PATH": os.environ["PATH"], "DJANGO_READ_DOT_ENV": "0"}
    command = f"import academy.settings.production as s; {code or 'print(1)'}"
    return subprocess.run(
        [sys.executable, "-c", command],
        env=environment,
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_names_every_reason_at_once(tmp_path):
    nothing = dict.fromkeys(WHOLE, None) | {"ACADEMY_ENV": "production"}
    failed = production(tmp_path, **nothing)
    assert failed.returncode != 0
    for name in (
        "SECRET_KEY",
        "DATABASE_URL",
        "EMAIL_URL",
        "SITE_URL",
        "ALLOWED_HOSTS",
        "DEFAULT_FROM_EMAIL",
        "TRUSTED_PROXIES",
    ):
        assert f"- {name}" in failed.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("DATABASE_URL", "sqlite:///x.sqlite3"),
        ("SITE_URL", "http://academie.example.nl"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "other.example.nl"),
        ("DEFAULT_FROM_EMAIL", None),
        ("TRUSTED_PROXIES", None),
    ],
)
def test_one_unsafe_value_is_enough(tmp_path, name, value):
    failed = production(tmp_path, **{name: value})
    reasons = [line for line in failed.stderr.splitlines() if line.startswith("- ")]
    assert len(reasons) == 1
    assert name in reasons[0]


def test_production_has_safe_cookies_https_and_second_factors(tmp_path):
    names = (
        "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SESSION_COOKIE_HTTPONLY "
        "SESSION_COOKIE_SAMESITE SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS SECURE_HSTS_INCLUDE_SUBDOMAINS "
        "SECOND_FACTOR_REQUIRED DEV_MAIL_PAGE DEBUG"
    ).split()
    shown = production(tmp_path, f"print([getattr(s, name) for name in {names!r}])")
    assert shown.returncode == 0, shown.stderr
    expected = ["__Host-sessionid", "__Host-csrftoken", True, True, True, "Lax", True, 31_536_000, True, True]
    assert shown.stdout.strip() == str([*expected, False, False])


def test_hsts_is_sent_over_https(client, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    fresh = Client()
    assert fresh.get("/healthz", secure=True)["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
