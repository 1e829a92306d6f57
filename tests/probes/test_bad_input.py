"""Every address and every form with what nobody should send, as people of several roles: refused, and never broken."""

import io
import re
from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.files.base import File
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from academy.accounts.models import Role
from courses.certificates import services as certificates
from courses.enrolment import services
from research.studies.services.documents import add_document
from search import facade
from tests import factories as f
from tests.certificates import building
from tests.cms.building import standard
from tests.factories import studies

pytestmark = pytest.mark.django_db
LONG = "x" * 10_000
MARKUP = "\"'><script>alert(7)</script>{{ 7 }}{% now %}"
QUERIES = [
    urlencode({"page": "abc", "size": "-1", "sort": "\x00", "q": MARKUP, "state": "nonsense", "next": "//evil.nl"}),
    urlencode({"page": "0", "q": "a\x00b", "specialty": "\x00", "number": "\x00", "email": "\x00", "run": "\x00"}),
    urlencode({"page": "9" * 30, "q": LONG, "audience": LONG, "state": LONG, "year": "1e9", "date": "2026-02-31"}),
    "q=%ff%fe&type=%ff&page=%D9%A3&organisation[]=1&" + "&".join(f"location={n}" for n in range(300)),
    urlencode({"q": '"" OR (a AND *:* [1 TO 2] ~^\\', "enrolment": "open'--", "language": "ﷺ💊\u202e", "p": "-1"}),
]
TYPED = ["", MARKUP, LONG, "a\x00b", "9" * 40, "ﷺ ½ 💊 \u202e\u0007"]
PARTS = [MARKUP, "a\x00b", "x" * 500, "..é💊%"]
NUMBERS = [0, 999_999_999_999_999_999_999]
#: Not ours to fill: what others serve, and static files.
ELSEWHERE = ("wagtail", "admin", "static", "schema", "api")


@pytest.fixture
def school(index):
    """One of everything, and a person of each role in the same house."""
    mst = f.organisation("mst")
    team = f.unit(mst)
    run = f.run(f.course(code="BLS-01", owners=[mst], approval_required=True), days=-1, sessions=2)
    f.track(run.course, code="T-SEH")
    member = f.member(at=team)
    enrolment = services.enrol(person=member, run=f.run(owners_course(mst)))
    certificate = certificates.award(enrolment=building.completed(who=member))
    standard("Over ons", slug="over-ons")
    trainer = f.member(mst)
    run.trainers.add(trainer)
    facade.rebuild()
    roles = {role: f.member(mst, role=role) for role in ROLES}
    for role, person in roles.items():
        person.groups.add(*Group.objects.filter(name=role))
    people = {"member": member, "trainer": trainer, "team_manager": f.member(at=team, role=Role.TEAM_MANAGER), **roles}
    arguments = {
        "code": "BLS-01",
        "number": run.number,
        "pk": enrolment.pk,
        "token": certificate.token,
        "enrolment": enrolment.pk,
        "session": run.sessions.first().pk,
        "key": "1",
        "uidb36": "1",
    }
    return SimpleNamespace(people=people, arguments=arguments | {"studies:": of_study(mst, roles[Role.RESEARCHER])})


def of_study(mst, editor) -> dict[str, object]:
    """A published study of the editor with a file, a review and a deadline, as its addresses name them."""
    study = studies.published(mst, editor=editor)
    document = add_document(study=study, actor=editor, upload=File(io.BytesIO(b"%PDF-1.4 brief"), name="brief.pdf"))
    study.deadlines.create(pk=document.pk, site=study.sites.get(), kind="progress_report", due_on="2026-01-01")
    return {"number": study.number, "pk": document.pk, "site": mst.key, "step": "basis", "format": "csv"}


def owners_course(owner):
    return f.course(code="BLS-02", owners=[owner])


ROLES = (Role.COURSE_MANAGER, Role.RESEARCHER, Role.SCIENCE_BUREAU, Role.ADMINISTRATOR, Role.AUDITOR)
WHO = ["nobody", "member", "trainer", "team_manager", *map(str, ROLES)]


def names(patterns=None, space="") -> Iterator[tuple[str, tuple[str, ...]]]:
    """(name, argument names) of every address of ours."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLPattern):
            if entry.name:
                yield f"{space}{entry.name}", tuple(entry.pattern.regex.groupindex)
        elif not str(entry.pattern).startswith(ELSEWHERE) and entry.app_name not in ELSEWHERE:
            yield from names(entry.url_patterns, f"{space}{entry.namespace}:" if entry.namespace else space)


def addresses(arguments, hostile: bool) -> dict[str, str]:
    """Address by name; with arguments that fit, or (only those that take any) with hostile ones."""
    found = {}
    for name, needed in dict(names()).items():
        if hostile and not needed:
            continue
        for value in PARTS + NUMBERS if hostile else [None]:
            fitting = {"kind": "studies", **arguments, **arguments.get(f"{name.partition(':')[0]}:", {})}
            given = {key: fitting.get(key, "1") if value is None else value for key in needed}
            try:
                found[f"{name} {value!r:.20}"] = reverse(name, kwargs=given)
            except NoReverseMatch:
                continue  # the pattern itself refuses such a value
    return found


def signed_in(school, who: str) -> Client:
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client.force_login(school.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def broken(response) -> str:
    """What is wrong with an answer, if anything."""
    if response.status_code >= 500:
        return str(response.status_code)
    read_to_its_end(response)
    html = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
    return "unescaped" if html and b"<script>alert(7)" in response.content else ""


def read_to_its_end(response) -> None:
    """A file that is sent is closed once all of it was read."""
    if response.streaming:
        for _part in response.streaming_content:
            pass


def test_there_is_something_to_ask():
    found = set(dict(names()))
    assert found >= {
        "catalogue:list",
        "enrolment:outcome",
        "desk:home",
        "search:search",
        "account_login",
        "permanent",
        "studies:step",
    }
    assert len(found) > 50


@pytest.mark.parametrize("who", WHO)
def test_hostile_parameters(school, who):
    client, wrong = signed_in(school, who), {}
    for name, address in addresses(school.arguments, hostile=False).items():
        if "logout" not in name:
            for query in ["", *QUERIES]:
                if problem := broken(client.get(f"{address}?{query}")):
                    wrong[f"{address}?{query[:60]}"] = problem
    assert wrong == {}


@pytest.mark.parametrize("who", WHO)
def test_hostile_addresses(school, who):
    client, wrong = signed_in(school, who), {}
    for address in addresses(school.arguments, hostile=True).values():
        for method in (client.get, client.post):
            if problem := broken(method(address)):
                wrong[f"{method.__name__} {address[:90]}"] = problem
        cache.clear()  # or the limits of login and certificate check would answer for the pages
    assert wrong == {}


@pytest.mark.parametrize("who", WHO)
def test_every_form_with_everything(school, who):
    """Forms as they stand on the pages, all their fields filled with the same wrong thing."""
    wrong, tried = {}, set()
    for name, address in addresses(school.arguments, hostile=False).items():
        page = signed_in(school, who).get(address)
        read_to_its_end(page)
        if page.status_code != 200 or page.streaming or "html" not in page.headers["Content-Type"]:
            continue
        for action, fields in forms(page.content, address):
            if (action, tuple(fields)) in tried or "logout" in action:
                continue
            tried.add((action, tuple(fields)))
            for typed in TYPED:
                if problem := sent(school, who, action, dict.fromkeys(fields, typed)):
                    wrong[f"{name} → {action}: {typed[:20]!r}"] = problem
    assert tried
    assert wrong == {}


def forms(html: bytes, address: str) -> Iterator[tuple[str, list[str]]]:
    """Where each form goes, and the names of its fields."""
    for form in BeautifulSoup(html, "html.parser").find_all("form", method=re.compile("post", re.IGNORECASE)):
        fields = [field["name"] for field in form.select("[name]") if field["name"] != "csrfmiddlewaretoken"]
        yield form.get("action") or address, fields


def sent(school, who, action, data) -> str:
    """What is wrong with the answer to this form; whatever it did is undone."""
    cache.clear()
    before = transaction.savepoint()
    try:
        return broken(signed_in(school, who).post(action, data))
    finally:
        transaction.savepoint_rollback(before)


@pytest.mark.parametrize("who", ["course_manager", "administrator", "auditor"])
@pytest.mark.filterwarnings("ignore:Pagination may yield:django.core.paginator.UnorderedObjectListWarning")
def test_lists_of_the_editor_with_hostile_parameters(school, settings, who):
    """Without SQLite's full-text table, which comes with Wagtail's migrations only."""
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database.fallback"}}
    client, wrong = signed_in(school, who), {}
    home = client.get("/admin/").content.decode()
    lists = set(re.findall(r'"url": "(/admin/[a-z0-9_/-]+)', home)) - {"/admin/logout/", "/admin/account/"}
    assert lists
    for address in sorted(lists):
        for query in QUERIES:
            if problem := broken(client.get(f"{address}?{query}", follow=True)):
                wrong[f"{address}?{query[:60]}"] = problem
    assert wrong == {}


SCRIPTS = [
    "Ægir Þór",
    "Nguyễn Thị Minh Khai",
    "Владимир",
    "Αλέξανδρος",
    "محمد عبد الله",
    "אברהם",
    "山田太郎",
    "김철수",
    "สมชาย",
    "अमित",
    "Ọládélé",
    "O’Brien-d’Hondt",
    "𝒩oor 💊",
    "<b>Noor</b> & Zoon",
]


@pytest.mark.parametrize("name", SCRIPTS)
def test_names_of_every_script_are_kept_as_they_are(name):
    person = f.member()
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("accounts:profile")
    form = {"given_name": name, "infix": "", "family_name": name, "preferred_language": "nl"}
    assert client.post(address, form).status_code == 302
    person.refresh_from_db()
    assert (person.given_name, person.family_name) == (name, name)
    page = BeautifulSoup(client.get(address).content, "html.parser")
    assert page.find("input", {"name": "given_name"})["value"] == name
    assert page.find("b", string="Noor") is None


@pytest.mark.parametrize("typed", [LONG, "a\x00b"])
def test_names_that_cannot_be_kept_are_refused_at_the_field(typed):
    person = f.member(given_name="Noor")
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    form = {"given_name": typed, "infix": "", "family_name": "Meulen", "preferred_language": "nl"}
    answer = client.post(reverse("accounts:profile"), form)
    page = BeautifulSoup(answer.content, "html.parser")
    field = page.find("input", {"name": "given_name"})
    assert field["aria-invalid"] == "true"
    assert page.find("input", {"name": "family_name"})["value"] == "Meulen"
    person.refresh_from_db()
    assert person.given_name == "Noor"
