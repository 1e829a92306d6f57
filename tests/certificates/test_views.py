"""The holder's pages, the file, the course manager's pages."""

import pytest
from django.urls import reverse
from django.utils import translation

from academy.accounts.models import Role
from academy.core import events, pdf
from courses.certificates import services
from courses.certificates.models import Certificate

from . import building

pytestmark = pytest.mark.django_db
CONTENT = b"%PDF-1.7 exact bytes"


@pytest.fixture(autouse=True)
def _in_english(monkeypatch):
    monkeypatch.setattr(services.render, "render", lambda **_facts: CONTENT)
    with translation.override("en"):
        yield


@pytest.fixture
def certificate():
    return made()


def made(of=None, **details):
    certificate = services.award(enrolment=building.completed(of, **details))
    services.make(certificate)
    certificate.refresh_from_db()
    return certificate


def address(name, certificate=None, **arguments):
    if certificate:
        arguments["token"] = certificate.token
    return reverse(f"certificates:{name}", kwargs=arguments)


def text(response):
    return response.content.decode()


class TestDownload:
    def test_the_holder_gets_the_exact_bytes_twice(self, client, certificate):
        client.force_login(certificate.person)
        first, second = (client.get(address("download", certificate)) for _turn in range(2))
        assert first.content == second.content == CONTENT
        assert first["Content-Type"] == "application/pdf"
        assert first["ETag"] == f'"{certificate.file.sha256}"'
        assert set(first["Cache-Control"].split(", ")) == {"private", "no-store"}
        assert first["Content-Disposition"].startswith('attachment; filename="C-')
        assert first["X-Content-Type-Options"] == "nosniff"

    def test_a_browser_that_has_it_is_told_so(self, client, certificate):
        client.force_login(certificate.person)
        etag = client.get(address("download", certificate))["ETag"]
        response = client.get(address("download", certificate), headers={"if-none-match": etag})
        assert (response.status_code, response.content) == (304, b"")

    @pytest.mark.parametrize(
        ("role", "at", "status"),
        [
            (Role.COURSE_MANAGER, "mst", 200),
            (Role.AUDITOR, "zgt", 200),
            (Role.COURSE_MANAGER, "zgt", 404),
            (Role.ADMINISTRATOR, "mst", 404),
            (Role.TEAM_MANAGER, "mst", 404),
            (Role.MEMBER, "mst", 404),
            ("", "", 404),
        ],
    )
    def test_others(self, client, certificate, role, at, status):
        reader = building.person(role, at)
        client.force_login(reader)
        assert client.get(address("download", certificate)).status_code == status
        read = events.of(certificate).filter(verb="download", actor_id=reader.pk)
        assert read.exists() == (status == 200)

    def test_own_readings_are_not_logged(self, client, certificate):
        client.force_login(certificate.person)
        client.get(address("download", certificate))
        assert not events.of(certificate).filter(verb="download").exists()

    def test_nobody_signed_out(self, client, certificate):
        response = client.get(address("download", certificate))
        assert response.status_code == 302
        assert "login" in response["Location"]

    def test_what_is_not_made_yet_is_a_404(self, client):
        waiting = services.award(enrolment=building.completed())
        client.force_login(waiting.person)
        assert client.get(address("download", waiting)).status_code == 404

    @pytest.mark.parametrize("token", ["7Q4M", "x" * 300, "7Q4M2KXDP9TRW6HB"])
    def test_unknown_numbers(self, client, token):
        client.force_login(building.person())
        assert client.get(address("download", token=token)).status_code == 404

    def test_queries(self, client, certificate, django_assert_num_queries):
        client.force_login(certificate.person)
        client.get(address("download", certificate))
        with django_assert_num_queries(4):  # session, person, certificate, file
            client.get(address("download", certificate))


class TestMine:
    @pytest.mark.parametrize("rows", [1, 3])
    def test_queries(self, client, rows, django_assert_num_queries):
        holder = building.person()
        for _turn in range(rows):
            made(who=holder)
        client.force_login(holder)
        client.get(address("mine"))
        with django_assert_num_queries(4):  # session, person, certificates; the menu
            page = text(client.get(address("mine")))
        assert page.count("Download the PDF") == rows

    def test_only_my_own(self, client, certificate):
        client.force_login(building.person())
        page = text(client.get(address("mine")))
        assert "You have no certificates yet" in page
        assert certificate.token not in page

    def test_without_pango_it_says_so(self, client, monkeypatch):
        waiting = services.award(enrolment=building.completed())
        monkeypatch.setattr(pdf, "available", lambda: (False, "missing"))
        client.force_login(waiting.person)
        assert "Your certificate cannot be made yet" in text(client.get(address("mine")))

    def test_the_name_becomes_initials_and_back(self, client, certificate):
        client.force_login(certificate.person)
        for choice, expected in (("yes", True), ("yes", True), ("no", False)):
            client.post(address("initials", certificate), {"initials": choice})
            certificate.refresh_from_db()
            assert certificate.show_initials is expected

    def test_nobody_elses(self, client, certificate):
        client.force_login(building.manager())
        assert client.post(address("initials", certificate), {"initials": "yes"}).status_code == 404
        assert client.get(address("initials", certificate)).status_code == 405


class TestOverview:
    def test_own_courses_only(self, client):
        own, other = made(), made(building.run(building.course(owner="zgt")))
        client.force_login(building.manager("mst"))
        page = text(client.get(address("overview")))
        assert own.facts["name"] in page
        assert other.facts["name"] not in page

    @pytest.mark.parametrize(
        ("role", "status"),
        [(Role.COURSE_MANAGER, 200), (Role.AUDITOR, 200), (Role.MEMBER, 404), (Role.ADMINISTRATOR, 404), ("", 404)],
    )
    def test_who_sees_it(self, client, role, status):
        client.force_login(building.person(role))
        assert client.get(address("overview")).status_code == status

    def test_filters(self, client):
        wanted, other = made(), made()
        client.force_login(building.manager())
        email, number = wanted.person.email.upper(), wanted.token.lower()
        for query in ({"run": wanted.facts["run"].lower()}, {"email": email}, {"number": number}):
            page = text(client.get(address("overview"), query))
            assert wanted.facts["name"] in page, query
            assert other.facts["name"] not in page, query
        assert "No certificates found" in text(client.get(address("overview"), {"state": "revoked"}))

    @pytest.mark.parametrize(
        "query", [{"state": "x"}, {"page": "x"}, {"page": "99"}, {"run": "x" * 500}, {"email": "\x00"}, {"number": "x"}]
    )
    def test_bad_filters_are_no_error(self, client, query):
        client.force_login(building.manager())
        assert client.get(address("overview"), query).status_code == 200

    def test_reading_the_list_is_logged(self, client, certificate):
        manager = building.manager()
        client.force_login(manager)
        client.get(address("overview"))
        assert events.of(manager).get(verb="list_certificates").data == {"certificates": [certificate.pk]}

    @pytest.mark.parametrize("rows", [1, 3])
    def test_queries(self, client, rows, django_assert_num_queries):
        for _turn in range(rows):
            made()
            building.completed()
        client.force_login(building.manager())
        client.get(address("overview"))
        with django_assert_num_queries(8):  # session, person, roles, page, count, missing, event; the menu
            client.get(address("overview"))


class TestDetail:
    def test_facts_and_history(self, client, certificate):
        client.force_login(building.manager())
        page = text(client.get(address("detail", certificate)))
        for part in (certificate.facts["name"], certificate.file.sha256, "awarded", "file made", "by rule"):
            assert part in page
        assert events.of(certificate).first().verb == "read"

    def test_revoke(self, client, certificate):
        client.force_login(building.manager())
        response = client.post(address("detail", certificate), {"reason": "Wrong person"})
        assert response.status_code == 302
        certificate.refresh_from_db()
        assert certificate.revoke_reason == "Wrong person"
        page = text(client.get(address("detail", certificate)))
        assert "Wrong person" in page
        assert "Revoke the certificate" not in page

    @pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
    def test_a_refused_reason_stays_with_its_error(self, client, certificate, reason):
        client.force_login(building.manager())
        response = client.post(address("detail", certificate), {"reason": reason})
        page = text(response)
        assert response.status_code == 400
        assert 'class="error-summary"' in page
        assert 'href="#id_reason"' in page
        assert reason.strip() in page
        certificate.refresh_from_db()
        assert certificate.revoked_at is None

    def test_two_tabs_revoke_once(self, client, certificate):
        client.force_login(building.manager())
        client.post(address("detail", certificate), {"reason": "First"})
        response = client.post(address("detail", certificate), {"reason": "Second"})
        assert response.status_code == 400
        assert "has been revoked before" in text(response)
        certificate.refresh_from_db()
        assert certificate.revoke_reason == "First"

    @pytest.mark.parametrize(
        ("role", "at", "seen", "revoked"),
        [
            (Role.COURSE_MANAGER, "mst", 200, 302),
            (Role.AUDITOR, "zgt", 200, 403),
            (Role.COURSE_MANAGER, "zgt", 404, 404),
            (Role.ADMINISTRATOR, "mst", 404, 404),
            (Role.MEMBER, "mst", 404, 404),
        ],
    )
    def test_who(self, client, certificate, role, at, seen, revoked):
        client.force_login(building.person(role, at))
        assert client.get(address("detail", certificate)).status_code == seen
        assert client.post(address("detail", certificate), {"reason": "x"}).status_code == revoked

    def test_why_a_file_is_missing(self, client):
        waiting = services.award(enrolment=building.completed())
        Certificate.objects.update(last_error="MissingGlyphs: U+E123")
        client.force_login(building.manager())
        assert "MissingGlyphs: U+E123" in text(client.get(address("detail", waiting)))

    @pytest.mark.parametrize("rows", [1, 3])
    def test_queries(self, client, certificate, rows, django_assert_num_queries):
        for _turn in range(rows):
            services.show_initials(certificate=certificate, actor=certificate.person, initials=bool(_turn % 2 == 0))
        client.force_login(building.manager())
        client.get(address("detail", certificate))
        with django_assert_num_queries(
            10
        ):  # session, person, certificate, roles, owners twice, event, history, names; the menu
            client.get(address("detail", certificate))


class TestAward:
    def test_by_hand_after_a_revocation(self, client, certificate):
        manager = building.manager()
        services.revoke(certificate=certificate, actor=manager, reason="Wrong name")
        client.force_login(manager)
        link = address("award", enrolment=certificate.enrolment_id)
        assert link in text(client.get(address("overview")))
        assert client.get(link).status_code == 200
        assert client.post(link, {"reason": ""}).status_code == 400
        assert client.post(link, {"reason": "Right name"}).status_code == 302
        assert client.post(link, {"reason": "Right name"}).status_code == 404
        assert Certificate.objects.current().get().sequence == 2

    @pytest.mark.parametrize("who", [lambda: building.manager("zgt"), lambda: building.person(Role.AUDITOR)])
    def test_nobody_else(self, client, who):
        enrolment = building.completed()
        client.force_login(who())
        link = address("award", enrolment=enrolment.pk)
        assert client.get(link).status_code == 404
        assert client.post(link, {"reason": "x"}).status_code == 404
