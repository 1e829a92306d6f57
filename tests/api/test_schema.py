"""The description of the API is right, complete, and readable without another host."""

import re
import warnings
from io import StringIO

import pytest
import yaml
from django.core.management import call_command
from django.urls import reverse

from tests import factories as f

pytestmark = pytest.mark.django_db
PATHS = {
    "/api/v1/certificates/": {"get"},
    "/api/v1/certificates/verify/{token}": {"get"},
    "/api/v1/certificates/{token}/": {"get"},
    "/api/v1/courses/": {"get"},
    "/api/v1/courses/{number}/": {"get"},
    "/api/v1/enrolments/": {"get", "post"},
    "/api/v1/enrolments/{id}/": {"get"},
    "/api/v1/enrolments/{id}/cancel/": {"post"},
    "/api/v1/innovations/": {"get", "post"},
    "/api/v1/innovations/totals/": {"get"},
    "/api/v1/innovations/{number}/": {"get", "patch"},
    "/api/v1/innovations/{number}/assessments/": {"post"},
    "/api/v1/innovations/{number}/conditions/{condition}/meet/": {"post"},
    "/api/v1/innovations/{number}/gates/": {"post"},
    "/api/v1/innovations/{number}/gates/{gate}/decide/": {"post"},
    "/api/v1/innovations/{number}/give-back/": {"post"},
    "/api/v1/innovations/{number}/outcome/": {"post"},
    "/api/v1/innovations/{number}/publish/": {"post"},
    "/api/v1/innovations/{number}/submit/": {"post"},
    "/api/v1/innovations/{number}/take-offline/": {"post"},
    "/api/v1/programmes/": {"get"},
    "/api/v1/programmes/{number}/": {"get"},
    "/api/v1/runs/": {"get"},
    "/api/v1/runs/{number}/": {"get"},
    "/api/v1/search/": {"get"},
    "/api/v1/studies/": {"get", "post"},
    "/api/v1/studies/{number}/": {"get", "patch"},
    "/api/v1/studies/{number}/publish-changes/": {"post"},
    "/api/v1/studies/{number}/publish/": {"post"},
    "/api/v1/studies/{number}/refuse-changes/": {"post"},
    "/api/v1/studies/{number}/remarks/{remark}/answer/": {"post"},
    "/api/v1/studies/{number}/reviews/{site}/approvals/{approval}/": {"post"},
    "/api/v1/studies/{number}/reviews/{site}/approvals/{approval}/conditions-met/": {"post"},
    "/api/v1/studies/{number}/reviews/{site}/decide/": {"post"},
    "/api/v1/studies/{number}/reviews/{site}/return/": {"post"},
    "/api/v1/studies/{number}/reviews/{site}/take-up/": {"post"},
    "/api/v1/studies/{number}/submit/": {"post"},
    "/api/v1/studies/{number}/unpublish/": {"post"},
    "/api/v1/suggest/": {"get"},
    "/api/v1/tracks/": {"get"},
    "/api/v1/tracks/{number}/": {"get"},
}
CONFLICTS = {
    ("/api/v1/innovations/{number}/", "patch"): {"409"},
    ("/api/v1/studies/{number}/", "patch"): {"409"},
}


def described(client) -> dict:
    response = client.get(reverse("schema"))
    assert response.status_code == 200
    return yaml.safe_load(response.content)


def test_the_schema_is_valid_without_a_warning():
    out = StringIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert out.getvalue().startswith("openapi: 3.0.3")


def test_every_address_is_described(client):
    found = {path: set(verbs) - {"parameters"} for path, verbs in described(client)["paths"].items()}
    assert found == PATHS


def test_every_address_tells_of_its_refusals_and_posts_of_their_key(client):
    for path, verbs in described(client)["paths"].items():
        for verb, operation in verbs.items():
            refusals = {status for status in operation["responses"] if status >= "400"}
            assert refusals - CONFLICTS.get((path, verb), set()) == {"default"}, path
            names = {parameter["name"] for parameter in operation.get("parameters", ())}
            assert ("Idempotency-Key" in names) == (verb == "post"), path


def test_the_documentation_page_asks_no_other_host(client):
    client.force_login(f.member())
    page = client.get("/api/docs/")
    assert page.status_code == 200
    html = page.content.decode()
    addresses = re.findall(r"""(?:src|href)=["']([^"']+)""", html) + re.findall(r"""["'](https?://[^"']+)""", html)
    assert addresses
    assert [address for address in addresses if not address.startswith("/")] == []
    assert "'self'" in page.headers["Content-Security-Policy"]
    assert "http" not in page.headers["Content-Security-Policy"]
