"""Drafts, and what is for others only, show nowhere for people who may not see them."""

from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils.translation import override
from wagtail.models import Page, PageViewRestriction
from wagtail.query import PageQuerySet

from academy.accounts.models import Organisation
from academy.core import clock
from academy.taxonomy.models import FunctionFamily, Specialty
from courses.catalogue.models import CatalogueQuerySet, Course, Visibility
from search import facade, registry
from tests import factories as f
from tests.cms import building

from .surfaces import answers, traces

pytestmark = pytest.mark.django_db
VIEWERS = ("nobody", "other hospital", "colleague")


@dataclass
class Hidden:
    """What must not show: words of title, summary and text, numbers, facet values by facet, addresses of pages."""

    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    facets: dict[str, str] = field(default_factory=dict)
    paths: tuple[str, ...] = ()


def paths_of(record) -> tuple[str, ...]:
    found = []
    for language in ("nl", "en"):
        with override(language):
            found.append(record.get_absolute_url())
    return tuple(found)


def course(**columns) -> Hidden:
    """A course with a run and a facet value that nothing else has."""
    specialty = Specialty.objects.create(key="fluorietkunde", name_nl="Fluorietkunde", name_en="Fluorietkunde")
    words = ("Kwartszoeker", "Malachietgids", "Obsidiaanboek")
    texts = {"title_nl": words[0], "title_en": words[0], "summary_nl": words[1], "outcomes_nl": words[2]}
    record = f.course(code="ZZQ-77", **texts, **columns)
    record.specialties = [specialty]
    record.save()
    run = f.run(record)
    run.sessions.update(location="Dolomietdorp")
    f.track(record, code="T-OPEN", title_nl="Zichtbare leerlijn")
    facets = {"specialty": "fluorietkunde", "location": "Dolomietdorp"}
    return Hidden(words, (record.code, run.number), facets, paths_of(record))


def track(**columns) -> Hidden:
    nurses = FunctionFamily.objects.create(key="agaatgroep", name_nl="Agaatgroep", name_en="Agaatgroep")
    words = ("Kwartsroute", "Malachietpad")
    record = f.track(f.course(code="OPEN-2"), code="T-ZZQ", title_nl=words[0], summary_nl=words[1], **columns)
    record.audience = [nurses]
    record.save()
    return Hidden(words, (record.code,), {"audience": "agaatgroep"}, paths_of(record))


WORDS = ("Kwartsnieuws", "Malachietbericht", "Obsidiaantekst")
SLUG = "andesietpagina"


def page_hidden(page) -> Hidden:
    return Hidden((*WORDS, SLUG), paths=(page.get_url(), page.get_url().replace("/nl/", "/en/")))


def page(kind=building.standard, *, live=False, **columns):
    key = "summary" if kind is building.news else "intro"
    body = [("paragraph", f"<p>{WORDS[2]}</p>")]
    return kind(WORDS[0], slug=SLUG, live=live, body=body, **{key: WORDS[1]}, **columns)


def scheduled() -> Hidden:
    planned = page()
    planned.go_live_at = clock.now() + timedelta(days=3)
    planned.save_revision().publish()
    assert not Page.objects.get(pk=planned.pk).live
    return page_hidden(planned)


def taken_back(kind=building.standard) -> Hidden:
    gone = page(kind, live=True)
    gone.unpublish()
    return page_hidden(gone)


def restricted(above=False) -> Hidden:
    shut = building.standard("Zichtbaar", slug="boven") if above else None
    inside = page(live=True)
    if shut:
        inside.move(shut, pos="last-child")
        inside.refresh_from_db()
    PageViewRestriction.objects.create(page=Page.objects.get(pk=(shut or inside).pk), restriction_type="login")
    return page_hidden(inside)


@contextmanager
def with_foreign_members_let_in():
    """The catalogue without its rule of who belongs."""
    with ExitStack() as open_:
        live = lambda self, _organisations: self.filter(live=True)  # noqa: E731
        open_.enter_context(patch.object(CatalogueQuerySet, "visible_to", live))
        for room in ("catalogue", "enrolment"):
            open_.enter_context(patch(f"courses.{room}.search_source.acl_of", lambda _record: frozenset({"public"})))
        open_.enter_context(patch("courses.catalogue.views.sees_record", lambda *_who: True))
        yield


@contextmanager
def with_drafts_let_out():
    """The catalogue and its search without the rule that a draft is no record yet."""
    kept = registry.sources()
    everything = lambda self, _organisations: self.distinct()  # noqa: E731
    for source in kept:
        if source.type in ("course", "track"):
            registry.register(replace(source, document=lambda record, make=source.document: make(_as_live(record))))
    try:
        with patch.object(CatalogueQuerySet, "visible_to", everything):
            yield
    finally:
        for source in kept:
            registry.register(source)


def _as_live(record):
    shown = copy(record)
    shown.live = True
    return shown


@contextmanager
def with_every_page_live_and_public():
    """Wagtail's tree without its two filters."""
    unfiltered = lambda self: self  # noqa: E731
    with (
        patch.object(PageQuerySet, "live", unfiltered),
        patch.object(PageQuerySet, "public", unfiltered),
        patch("academy.cms.selectors.Page.objects.live", Page.objects.all, create=True),
    ):
        yield


@dataclass
class Case:
    """`make` makes it, `viewers` may not see it; without its rule (`unruled`) it shows in `everywhere`."""

    make: Callable[[], Hidden]
    viewers: tuple[str, ...]
    unruled: Callable
    everywhere: tuple[str, ...]


CATALOGUE = (
    "/nl/cursussen/",
    "/nl/zoeken/",
    "/nl/zoeken/?q=",
    "/api/v1/search/",
    "/api/v1/suggest/?q=",
    "/sitemap.xml",
)
COURSE = (*CATALOGUE, "/api/v1/courses/", "/api/v1/runs/", "/nl/")
TRACK = (*CATALOGUE, "/api/v1/tracks/")
PAGE = ("/nl/zoeken/", "/api/v1/search/", "/api/v1/suggest/?q=", "/sitemap.xml")
MEMBERS = {"visibility": Visibility.MEMBERS}
CASES = {
    "course that is a draft": Case(lambda: course(live=False), VIEWERS, with_drafts_let_out, COURSE),
    "track that is a draft": Case(lambda: track(live=False), VIEWERS, with_drafts_let_out, TRACK),
    "course for members": Case(lambda: course(**MEMBERS), VIEWERS[:2], with_foreign_members_let_in, COURSE),
    "track for members": Case(lambda: track(**MEMBERS), VIEWERS[:2], with_foreign_members_let_in, TRACK),
    "page that is a draft": Case(lambda: page_hidden(page()), VIEWERS, with_every_page_live_and_public, PAGE),
    "news that is a draft": Case(
        lambda: page_hidden(page(building.news)), VIEWERS, with_every_page_live_and_public, PAGE
    ),
    "page of next week": Case(scheduled, VIEWERS, with_every_page_live_and_public, PAGE),
    "page that was taken back": Case(taken_back, VIEWERS, with_every_page_live_and_public, PAGE),
    "news that was taken back": Case(lambda: taken_back(building.news), VIEWERS, with_every_page_live_and_public, PAGE),
    "page behind a login": Case(restricted, VIEWERS[:1], with_every_page_live_and_public, PAGE),
    "page below one behind a login": Case(
        lambda: restricted(above=True), VIEWERS[:1], with_every_page_live_and_public, PAGE
    ),
}
TABLE = [pytest.param(case, viewer, id=f"{name}, {viewer}") for name, case in CASES.items() for viewer in case.viewers]


@pytest.fixture(autouse=True)
def house(index):
    """What everybody may see, beside the hidden record."""
    shown = f.run(f.course(code="OPEN-1", title_nl="Zichtbare cursus", title_en="Visible course")).course
    f.track(shown, code="T-EEN", title_nl="Zichtbaar begin")
    building.standard("Zichtbaar", slug="zichtbaar")
    building.news("Zichtbaar nieuws", slug="zichtbaar-nieuws")


def client_of(viewer: str) -> Client:
    client = Client()
    if viewer != "nobody":
        client.force_login(f.member(f.organisation("zgt" if viewer == "other hospital" else "mst")))
    return client


@pytest.mark.parametrize(("case", "viewer"), TABLE)
def test_it_shows_nowhere(case, viewer):
    client, hidden = client_of(viewer), case.make()
    facade.rebuild()
    assert traces(client, hidden) == set()


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])
def test_the_probe_sees_what_has_no_rule(case):
    """The twin: the same record, its rule taken away."""
    client, hidden = client_of(case.viewers[-1]), case.make()
    with case.unruled():
        facade.rebuild()
        found = {address for address, _word in traces(client, hidden)}
    assert [place for place in case.everywhere if not any(address.startswith(place) for address in found)] == []


@pytest.mark.parametrize("make", [lambda: f.run(f.course(live=False)), lambda: f.course(visibility=Visibility.MEMBERS)])
def test_counts_and_facets_do_not_move(make):
    """Nothing that everybody sees differs by a hidden record, not even a number."""
    client = client_of("other hospital")
    Organisation.objects.get_or_create(key="mst")
    facade.rebuild()
    before = answers(client)
    made = make()
    facade.rebuild()
    assert answers(client) == before
    Course.objects.update(live=True, visibility=Visibility.PUBLIC)
    facade.rebuild()
    moved = {address for address, text in answers(client).items() if text != before[address]}
    assert {"/nl/", "/nl/cursussen/", "/api/v1/courses/", "/api/v1/search/", "/sitemap.xml"} <= moved, made


def test_changes_of_a_live_record_wait_until_they_are_published():
    record = f.course(code="ZZQ-77", title_nl="Zichtbaar", title_en="Zichtbaar")
    record.title_nl, record.summary_nl, record.outcomes_nl = "Kwartszoeker", "Malachietgids", "Obsidiaanboek"
    record.save_revision()
    shown = building.standard("Zichtbaar ook", slug="ook")
    shown.title, shown.intro = WORDS[:2]
    revision = shown.save_revision()
    facade.rebuild()
    hidden = Hidden(("Kwartszoeker", "Malachietgids", "Obsidiaanboek", *WORDS))
    client = client_of("nobody")
    assert traces(client, hidden) == set()
    for kept in (record.latest_revision, revision):
        kept.publish()
    facade.rebuild()
    found = {word for _address, word in traces(client, hidden)}
    assert {"Kwartszoeker", "Malachietgids", *WORDS[:2]} <= found


def test_a_hidden_course_is_not_named_by_what_belongs_to_it():
    """Nor by a public track, the course that comes after it, or a track for members on the page of a public course."""
    mst = f.organisation("mst")
    hidden = f.course(code="ZZQ-77", title_nl="Kwartszoeker", title_en="Kwartszoeker", owners=[mst], **MEMBERS)
    after = f.course(code="NA-01", title_nl="Zichtbaar vervolg", prerequisites=[hidden])
    around = f.track(hidden, code="T-OPEN", title_nl="Zichtbaar pad")
    f.track(after, code="T-ZZQ", title_nl="Malachietpad", owners=[mst], **MEMBERS)
    facade.rebuild()
    named = Hidden(("Kwartszoeker", "Malachietpad"), ("ZZQ-77", "T-ZZQ"))
    pages = [*paths_of(after), *paths_of(around), "/api/v1/courses/NA-01/", "/api/v1/tracks/T-OPEN/"]
    for viewer in ("nobody", "other hospital"):
        client = client_of(viewer)
        assert traces(client, named) == set()
        texts = [client.get(path).content.decode() for path in pages]
        assert [text for text in texts for word in (*named.words, *named.numbers) if word in text] == []
    texts = " ".join(client_of("colleague").get(path).content.decode() for path in pages)
    assert [word for word in (*named.words, *named.numbers) if word not in texts] == []
