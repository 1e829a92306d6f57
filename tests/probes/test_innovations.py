"""Innovations that are not for everybody show nowhere to who may not see them: every answer is the same without them.

A blind oracle: everything is asked before the hidden innovation exists, words and number of it included, and again
afterwards. Not a byte may differ, in lists, counts, charts, files, search, suggestions, plans, API and linked data.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.test import Client

from academy.accounts.models import Role, User
from academy.core import clock
from academy.core.models import Message
from academy.strategy.models import Challenge, Programme
from academy.taxonomy.models import Specialty
from research.innovations.models import Innovation
from research.innovations.services import assessing, gates, outcomes, publishing, saving
from research.innovations.states import Result, Stage
from search import facade
from search.models import SynonymGroup
from tests import factories as f
from tests.factories import innovations, studies

from .innovation_surfaces import OTHERS, OVERVIEWS, PAGES, WITH_MORE, always, answers, asking, dutch, pages_of

pytestmark = pytest.mark.django_db
WORDS = ("Malachietidee", "Obsidiaanprobleem", "Turkooisles", "Leverzwavel")
PARTS = {"team": "Gneisman", "money": "Andesietfonds"}
OUTSIDE = ("nobody", "manager elsewhere")
EVERY = (*OUTSIDE, "colleague")


@pytest.fixture(autouse=True)
def house(index):
    """What everybody may see: innovations with all that is counted, a programme, a course, a study."""
    cache.clear()
    mst, zgt = f.organisation("mst"), f.organisation("zgt")
    innovations.horizons()
    innovations.goal()
    innovations.body()
    Specialty.objects.create(key="mineralogie", name_nl="Mineralogie")
    Challenge.objects.create(key="opgave", name_nl="Opgave")
    Programme.objects.create(key="zichtbaar-programma", number="P-07", title_nl="Zichtbaar programma", type="x")
    SynonymGroup.objects.create(key="shine", terms_nl="zichtbaar\nschijnend", terms_en="visible")
    study, course = studies.published(mst), f.course(code="ZICHT-01", title_nl="Zichtbare cursus")
    links = {"studies": [study.number], "courses": [course.code]}
    visible = innovations.published(
        mst, owner=_person("owner"), **_words("Zichtbaar", "zichtbare"), **_counted(), **links
    )
    innovations.published(zgt, **_words("Zichtbaar bij ZGT", "zichtbare"), **_counted())
    innovations.decided(innovations.published(mst, **_words("Zichtbaar gestopt", "x")), Result.STOP, lessons_nl="Les")
    return visible


def _person(name: str) -> User:
    """People of the house, made once, so that the hidden innovation brings nobody along."""
    hospital = f.organisation("zgt" if name.endswith("elsewhere") else "mst")
    role = {"role": Role.INNOVATION_MANAGER} if name.startswith("manager") else {}
    email = f"{name.replace(' ', '-')}@buiten.example"
    return User.objects.filter(email=email).first() or f.member(hospital, email=email, **role)


def _words(title: str, word: str) -> dict:
    return {
        "title_nl": title,
        "title_en": title,
        "summary_nl": f"Een {word} samenvatting",
        "summary_en": f"A {word} summary",
        "problem_nl": f"Een {word}",
        "problem_en": f"A {word}",
    }


def _counted() -> dict:
    """Something in every list, total and picture."""
    return {
        "goals": ["g1"],
        "challenges": ["opgave"],
        "programmes": ["zichtbaar-programma"],
        "specialties": ["mineralogie"],
        "horizon_from": "h1",
        "horizon_to": "h3_5",
        "dependencies": [{"kind": "epd", "note_nl": "Koppeling"}],
        "benefits": [{"category": "cost", "kpi_nl": "Kosten", "estimate": "10", "validated": "8", "actual": "7"}],
        "fte_figures": [
            {"measure": measure, "minutes_before": 30, "minutes_after": 10, "cases_per_year": 9000}
            for measure in ("estimate", "actual")
        ],
        "money": [{"year": 2026, "kind": "one_off", "budget_eur": "1000", "spent_eur": "500"}],
    }


def _hidden(owner: User | None = None, **more) -> Innovation:
    """A draft with words of its own in what everybody would see, and something in every total."""
    words = {**_words(WORDS[0], WORDS[1]), "lessons_nl": WORDS[2], "dependencies": [{"kind": "epd", "name": WORDS[3]}]}
    mst = f.organisation("mst")
    return innovations.innovation(mst, owner=owner or _person("owner"), **{**_counted(), **words, **more})


def _settled(one: Innovation) -> Innovation:
    """In a later stage for long, assessed, with an open gate: in every list and picture of the portfolio."""
    for kind, code in (("trl", "4"), ("ai", "high"), ("device", "mdr_i"), ("value", "9")):
        assessing.assess(innovation=one, actor=None, kind=kind, on=clock.today(), code=code)
    since = clock.today() - timedelta(days=200)
    one.passages.update(stage=Stage.PILOT_A, since=since)
    Innovation.objects.filter(pk=one.pk).update(stage=Stage.PILOT_A, stage_since=since)
    innovations.gate(one, due_in=-3, owner=_person("owner"))
    return one


def draft() -> Innovation:
    return _settled(_hidden())


def handed_in() -> Innovation:
    return publishing.submit(innovation=_settled(_hidden()), actor=None)


def taken_offline() -> Innovation:
    one = publishing.publish(innovation=_settled(_hidden()), actor=None)
    return publishing.take_offline(innovation=one, actor=None, reason="Vergissing")


def for_its_team() -> Innovation:
    return publishing.publish(innovation=_settled(_hidden(visibility="team")), actor=None)


def for_members() -> Innovation:
    return publishing.publish(innovation=_settled(_hidden(visibility="members")), actor=None)


def stopped_for_its_team() -> Innovation:
    one = for_its_team()
    gates.decide(
        decision=one.decisions.get(),
        actor=None,
        result=Result.STOP,
        decided_on=clock.today(),
        rationale_nl=WORDS[1],
        lessons_nl=WORDS[2],
    )
    return one


def withdrawn_for_members() -> Innovation:
    return outcomes.withdraw(innovation=for_members(), actor=None, reason_nl=WORDS[1])


CASES: dict[str, tuple[Callable[[], Innovation], tuple[str, ...]]] = {
    "draft": (draft, EVERY),
    "handed in": (handed_in, EVERY),
    "taken offline": (taken_offline, EVERY),
    "for its team": (for_its_team, EVERY),
    "for its team, stopped": (stopped_for_its_team, EVERY),
    "for members": (for_members, OUTSIDE),
    "for members, withdrawn": (withdrawn_for_members, OUTSIDE),
}


def client_of(viewer: str) -> Client:
    client = Client()
    if viewer != "nobody":
        client.force_login(_person(viewer), backend="django.contrib.auth.backends.ModelBackend")
    return client


def _next_number() -> str:
    """The number that the next innovation will get."""
    last = max(int(number[-4:]) for number in Innovation.objects.values_list("number", flat=True))
    return f"I-{clock.today().year}-{last + 1:04d}"


def _everything(house: Innovation) -> list[str]:
    """All addresses, those that ask for the hidden one by word and number, and the pages of what stands beside it."""
    study, course = house.studies.get(), house.courses.get()
    beside = [study.get_absolute_url(), course.get_absolute_url(), dutch("cms:programme", number="P-07")]
    number = _next_number()
    return [*always(), *asking((*WORDS, number)), *pages_of(number), *pages_of(house.number), *beside]


@pytest.mark.parametrize("case", CASES)
def test_nothing_differs_without_it(house, case):
    make, viewers = CASES[case]
    browsers = {viewer: client_of(viewer) for viewer in viewers}
    facade.rebuild()
    addresses = _everything(house)
    before = {viewer: answers(client, addresses) for viewer, client in browsers.items()}
    one = make()
    assert f"/id/{one.number}" in addresses
    facade.rebuild()
    moved = {
        (viewer, address)
        for viewer, client in browsers.items()
        for address, text in answers(client, addresses).items()
        if text != before[viewer][address]
    }
    assert moved == set()


def test_the_probe_sees_what_everybody_may_see(house):
    """The twin: the same innovation without its rules moves every list, picture, file, total and page."""
    client = client_of("nobody")
    facade.rebuild()
    addresses = _everything(house)
    before = answers(client, addresses)
    one = for_its_team()
    Innovation.objects.filter(pk=one.pk).update(visibility="public")
    facade.rebuild()
    moved = {address for address, text in answers(client, addresses).items() if text != before[address]}
    lists = {dutch(f"innovations:{name}") for name in OVERVIEWS if name != "ended"}
    files = {dutch("innovations:export", format=kind) for kind in ("csv", "xlsx")}
    files |= {dutch("innovations:totals", format="xlsx")}
    asked = {
        *("/sitemap.xml", f"/id/{one.number}", f"/id/{one.number} as linked data"),
        *(f"/api/v1/innovations/{rest}" for rest in ("", "totals/", f"{one.number}/", f"?q={WORDS[0]}")),
        *("/api/v1/search/?type=innovation", f"/api/v1/search/?q={WORDS[0].lower()}", f"/api/v1/suggest/?q={WORDS[0]}"),
        *(dutch("cms:programme", number="P-07"), dutch("cms:goals"), "/api/v1/programmes/"),
        dutch("innovations:innovation", number=one.number),
        dutch("innovations:history", number=one.number),
    }
    assert lists | files | asked - moved == lists | files | asked - moved
    assert (lists | files | asked) - moved == set()


def test_the_stopped_twin_moves_the_list_of_ended_ones(house):
    client = client_of("nobody")
    address = dutch("innovations:ended")
    before = answers(client, [address, f"{address}?q={WORDS[1]}"])
    one = stopped_for_its_team()
    Innovation.objects.filter(pk=one.pk).update(visibility="public")
    assert {place for place, text in answers(client, before).items() if text != before[place]} == set(before)


def test_who_may_see_it_sees_it(house):
    """The same places, for its owner and the manager of its hospital."""
    browsers = [client_of("owner"), client_of("manager of mst")]
    number = for_its_team().number
    facade.rebuild()
    places = [
        dutch("innovations:list"),
        dutch("innovations:gates"),
        dutch("innovations:stalled"),
        "/api/v1/innovations/",
    ]
    places += [f"/api/v1/search/?q={WORDS[0]}", dutch("innovations:innovation", number=number)]
    for client in browsers:
        assert [place for place, text in answers(client, places).items() if number not in text] == []


# Parts of what everybody may know of ----------------------------------------------------------------------------------


@contextmanager
def without_groups() -> Iterator[None]:
    """Every part as near as the record."""
    with patch("research.innovations.permissions.group_needs", lambda one: dict.fromkeys(_GROUPS, "public")):
        yield


_GROUPS = (
    *("identity", "people", "team", "strategy", "aims", "compliance", "dependencies", "benefits", "fte", "money"),
    *("links", "lessons", "access"),
)


@pytest.fixture
def with_parts() -> Innovation:
    """A public innovation with a team and money that members see."""
    colleague = f.member(f.organisation("mst"), given_name="Gea", family_name=PARTS["team"])
    one = innovations.published(
        f.organisation("mst"),
        owner=_person("owner"),
        team=[{"person": colleague.pk, "function": "arts"}],
        money=[{"year": 2026, "funder_name": PARTS["money"], "budget_eur": "98765"}],
        compliance=[{"kind": "dpia", "state": "rejected"}],
    )
    facade.rebuild()
    return one


def _with(client: Client, one: Innovation, words: tuple[str, ...]) -> set[str]:
    """Addresses, apart from those that ask for the words themselves, in whose answer one of them stands."""
    found = answers(client, [*always(), *pages_of(one.number)])
    return {address for address, text in found.items() if any(word in text for word in words)}


def test_team_money_and_rules_are_for_members(with_parts):
    words = (*PARTS.values(), "98765", "98.765", "98,765")
    for viewer in OUTSIDE:
        assert _with(client_of(viewer), with_parts, words) == set(), viewer
    member = _with(client_of("colleague"), with_parts, words)
    assert dutch("innovations:innovation", number=with_parts.number) in member
    assert f"/api/v1/innovations/{with_parts.number}/" in member


def test_nobody_finds_it_by_them(with_parts):
    for word in PARTS.values():
        for viewer, expected in (("nobody", 0), ("manager elsewhere", 0), ("colleague", 1)):
            said = client_of(viewer).get("/api/v1/search/", {"q": word, "type": "innovation"}).json()
            assert said["count"] == expected, (word, viewer)
            assert word.lower() not in said["did_you_mean"].lower()


def test_words_from_before_it_was_for_everybody_stay_with_its_team():
    """What stood in the draft, or in what only its team could see, is in no history for others."""
    owner = _person("owner")
    one = innovations.innovation(
        f.organisation("mst"), owner=owner, title_nl="Turkooisplan", problem_nl="Opaalprobleem"
    )
    saving.save(
        innovation=one,
        actor=owner,
        base_version=1,
        values={"title_nl": "Naam", "problem_nl": "Probleem"},
        reason="Agaatreden",
    )
    publishing.publish(innovation=one, actor=None)
    facade.rebuild()
    for viewer in EVERY:
        assert _with(client_of(viewer), one, ("Turkooisplan", "Opaalprobleem", "Agaatreden")) == set(), viewer


def test_links_lead_to_nothing_hidden():
    mst = f.organisation("mst")
    study = studies.published(mst, visibility="team", public_title_nl="Kwartsstudie", acronym="KWARTSACRO")
    course = f.course(code="KWARTS-01", title_nl="Kwartscursus", visibility="members", owners=[mst])
    one = innovations.published(
        mst, owner=_person("owner"), studies=[study.number], evidence_study=study.number, courses=[course.code]
    )
    facade.rebuild()
    secrets = ("Kwartsstudie", "KWARTSACRO", study.number, "Kwartscursus", course.code)
    for viewer in OUTSIDE:
        assert _with(client_of(viewer), one, secrets) == set(), viewer


# Mails ----------------------------------------------------------------------------------------------------------------


def test_mails_about_it_reach_only_who_may_see_it():
    for viewer in (*EVERY, "manager of mst"):
        _person(viewer)
    Message.objects.all().delete()
    owner, manager = _person("owner"), _person("manager of mst")
    one = publishing.submit(innovation=_hidden(visibility="team"), actor=owner)
    publishing.give_back(innovation=one, actor=manager, reason="Nog niet")
    publishing.submit(innovation=one, actor=owner)
    publishing.publish(innovation=one, actor=manager)
    gate = innovations.gate(one, owner=owner)
    gates.decide(decision=gate, actor=manager, result=Result.GO, decided_on=clock.today(), rationale_nl="Ja")
    publishing.take_offline(innovation=one, actor=manager, reason="Fout")
    people = {message.to for message in Message.objects.all()}
    assert people
    for email in people:
        assert User.objects.get(email=email).has_perm("innovations.see", one), email


def test_every_page_of_an_innovation_is_asked_for():
    """New addresses of innovations have to be added to the probe."""
    from research.innovations.urls import urlpatterns

    patterns = urlpatterns[0].url_patterns
    named = {entry.name for entry in patterns if "number" in entry.pattern.converters}
    assert named - {*PAGES, *WITH_MORE} == set()
    plain = {entry.name for entry in patterns} - named
    assert plain - {*OVERVIEWS, *OTHERS, "put_in", "mine", "intake", "steering"} == set()
