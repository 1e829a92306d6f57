"""Pages that belong to no room: health, permanent addresses, kept forms, the mail page of development."""

import re
from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from academy.core import clock, kept, mail, registries
from academy.core.models import Message
from tests import factories as f

pytestmark = pytest.mark.django_db
OURS = {"Origin": "http://testserver"}
PASSWORD = "wachtwoord voor de test"


def test_healthz_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_says_which_part_does_not_answer_and_never_why(client, monkeypatch):
    def broken():
        raise OSError("password=secret")

    monkeypatch.setattr(registries, "health", registries.Registry())
    registries.health.register("search")(lambda: True)
    assert client.get("/readyz").json() == {"ready": True, "database": "ok", "search": "ok"}
    registries.health.register("search")(broken)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "database": "ok", "search": "unavailable"}
    assert b"secret" not in response.content


def test_readyz_asks_search():
    assert "search" in dict(registries.health.items())


def test_a_database_that_is_away_is_named(client, monkeypatch):
    from django.db import DatabaseError

    def away():
        raise DatabaseError

    monkeypatch.setattr("academy.core.views.connection.cursor", away)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["database"]) == (503, "unavailable")


@pytest.mark.parametrize(("language", "prefix"), [("nl", "/nl/"), ("en", "/en/")])
def test_a_number_leads_to_its_page_in_the_readers_language(client, language, prefix):
    course = f.course(code="BLS-01")
    response = client.get("/id/BLS-01", headers={"Accept-Language": language})
    assert response.status_code == 303
    assert response["Location"].startswith(prefix)
    assert "Accept-Language" in response["Vary"]
    assert client.get(f"/id/{course.code}-x").status_code == 404


def test_a_number_of_what_one_may_not_know_is_unknown(client):
    f.course(code="BLS-02", live=False)
    assert client.get("/id/BLS-02").status_code == 404


def test_password_managers_find_the_page(client):
    assert client.get("/.well-known/change-password")["Location"] == "/accounts/password/change/"


def test_the_theme_is_kept_in_a_cookie_and_leads_back_here_only(client):
    response = client.post("/theme/", {"theme": "dark", "next": "https://evil.example/"})
    assert (response["Location"], response.cookies["theme"].value) == ("/", "dark")
    assert client.post("/theme/", {"theme": "<script>"}).cookies["theme"].value == ""


# A form sent after the session had ended ------------------------------------------------------------------------------


def profile_form(**changes) -> dict[str, str]:
    return {"given_name": "Nieuw", "infix": "", "family_name": "Naam", "preferred_language": "nl", **changes}


def fields_of(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html))


@pytest.fixture
def person():
    from allauth.account.models import EmailAddress

    user = f.person()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def log_in(client, person, **changes):
    typed = {"login": person.email, "password": PASSWORD, "next": reverse("kept-form"), **changes}
    return client.post("/accounts/login/", typed)


def test_what_was_typed_survives_the_end_of_the_session(client, person):
    client.force_login(person)
    client.get(reverse("accounts:profile"))
    with clock.at(clock.now() + timedelta(hours=2)):
        sent = client.post(reverse("accounts:profile"), profile_form(password="geheim"), headers=OURS)
        assert sent["Location"] == "/accounts/login/?next=/kept-form/"
        assert log_in(client, person)["Location"] == "/kept-form/"
        page = client.get("/kept-form/")
        assert page["Cache-Control"].endswith("no-store, must-revalidate, private")
        fields = fields_of(page.content.decode())
        assert fields["given_name"] == "Nieuw"
        assert "password" not in fields
        assert page.context["action"] == reverse("accounts:profile")
        client.post(page.context["action"], fields)
    person.refresh_from_db()
    assert person.given_name == "Nieuw"


def test_somebody_else_on_the_same_browser_does_not_get_the_form(client, person):
    client.force_login(f.person())
    client.get(reverse("accounts:profile"))
    with clock.at(clock.now() + timedelta(hours=2)):
        client.post(reverse("accounts:profile"), profile_form())
        log_in(client, person)
        assert client.get("/kept-form/").status_code == 302
        assert kept.KEY not in client.session


def test_a_kept_form_is_forgotten_after_a_while_and_a_huge_one_is_not_kept(client, person):
    client.post(reverse("accounts:profile"), profile_form())
    with clock.at(clock.now() + timedelta(hours=1)):
        log_in(client, person)
        assert client.get("/kept-form/").status_code == 302
    other = Client()
    sent = other.post(reverse("accounts:profile"), profile_form(given_name="x" * kept.LARGEST))
    assert sent["Location"] == f"/accounts/login/?next={reverse('accounts:profile')}"


def test_an_enhanced_form_goes_to_the_login_as_a_whole_page(client):
    response = client.post(reverse("accounts:profile"), profile_form(), headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (204, "/accounts/login/?next=/kept-form/")


def test_forms_of_the_account_pages_are_never_kept(client):
    client.post("/accounts/password/change/", {"oldpassword": "a", "password1": "b", "note": "c"})
    assert kept.KEY not in client.session


def test_a_form_with_an_old_token_comes_back_and_goes_through(person):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    page = browser.post(reverse("accounts:profile"), profile_form(), headers=OURS)
    assert page.status_code == 403
    fields = fields_of(page.content.decode())
    assert fields["csrfmiddlewaretoken"]
    browser.post(page.context["action"], fields)
    person.refresh_from_db()
    assert person.given_name == "Nieuw"


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}, {}]
)
def test_a_form_from_elsewhere_is_not_handed_back_with_a_token(person, headers):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    page = browser.post(reverse("accounts:profile"), profile_form(), headers=headers)
    assert page.status_code == 403
    assert 'value="Nieuw"' not in page.content.decode()


# The mail page --------------------------------------------------------------------------------------------------------


@pytest.fixture
def mail_folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    return tmp_path


def test_whoever_registers_finds_the_link_on_the_mail_page(client, mail_folder):
    typed = {"email": "mia@example.org", "given_name": "M", "family_name": "D", "password1": "koffie met zeven ganzen"}
    client.post("/accounts/signup/", typed)
    assert Message.objects.get().sent_at is None
    listed = client.get("/dev/mail/")
    assert [one.to for one in listed.context["mails"]] == ["mia@example.org"]
    page = client.get(reverse("dev-mail-detail", args=[listed.context["mails"][0].key]))
    link = re.search(r'href="http://testserver(/accounts/confirm-email/[^"]+)"', page.content.decode())[1]
    assert client.get(link).status_code == 200


def test_mails_are_shown_newest_first_with_text_design_and_invitation(client, mail_folder):
    for n in (1, 2):
        sent = EmailMultiAlternatives(f"Ünderwerp {n}", f"Hallo\n\nhttp://testserver/nl/{n}", to=["p@example.org"])
        sent.attach_alternative("<html><style>p{color:red}</style><p>Hallo <b>É</b></p></html>", "text/html")
        sent.attach("a.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR", "text/calendar; method=REQUEST; charset=utf-8")
        sent.send()
    listed = client.get("/dev/mail/").context["mails"]
    assert [one.subject for one in listed] == ["Ünderwerp 2", "Ünderwerp 1"]
    html = client.get(reverse("dev-mail-detail", args=[listed[0].key])).content.decode()
    assert '<a href="http://testserver/nl/2"' in html
    assert "a.ics" in html
    assert "BEGIN:VCALENDAR" in html
    designed = client.get(reverse("dev-mail-html", args=[listed[0].key]))
    assert "<b>É</b>" in designed.content.decode()
    policy = designed["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in {part.strip() for part in policy.split(";")}


def test_hostile_mail_stays_text(client, mail_folder):
    EmailMultiAlternatives("<script>alert(1)</script>", "<script>alert(2)</script>", to=["p@example.org"]).send()
    one = client.get("/dev/mail/")
    page = client.get(reverse("dev-mail-detail", args=[one.context["mails"][0].key]))
    for html in (one.content.decode(), page.content.decode()):
        assert "<script>alert" not in html


@pytest.mark.parametrize("name", ["dev-mail", "dev-mail-detail", "dev-mail-html"])
def test_outside_development_the_page_does_not_exist(client, settings, mail_folder, name):
    settings.DEV_MAIL_PAGE = False
    mail.write(kind="account_unknown_account", to="p@example.org", language="nl", event_key="k", context={})
    assert client.get(reverse(name, args=[] if name == "dev-mail" else ["x"])).status_code == 404
    assert Message.objects.get().sent_at is None


def test_an_unknown_mail_is_unknown(client, mail_folder):
    assert client.get("/dev/mail/..%2f..%2fetc/").status_code == 404


@pytest.mark.parametrize("address", ["/id/a%00b", "/nl/cursussen/a%00b/", "/nl/a%00b/", "/verify/%00"])
def test_an_address_with_a_nul_character_names_nothing(client, address):
    assert client.get(address).status_code == 404
