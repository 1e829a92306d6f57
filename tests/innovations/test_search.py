"""Who finds an innovation by what: every kind of person, every visibility, every outcome; never a draft.

The oracle asks the permissions about the person; the search knows only tokens.
"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import override

from academy.accounts.models import Role, Unit, User
from academy.core import clock
from academy.strategy.models import Challenge, Concern, Goal, Horizon, Need, Pillar, Programme, RoadmapLine
from academy.taxonomy.models import Specialty
from research.innovations import permissions
from research.innovations.findable import FACET_GROUPS, PARTS
from research.innovations.models import Innovation, TeamMember
from research.innovations.search_source import cards, document, innovations_with_words
from research.innovations.services import assessing, gates, outcomes, publishing, saving
from research.innovations.similar import similar_to
from research.innovations.states import Outcome, PublicationState, Result, Stage
from research.innovations.vocabularies import AssessmentKind
from search import engines, facade, outbox, registry
from search.contract import SearchQuery, Viewer
from search.models import SearchOutbox, SynonymGroup
from tests.factories import innovations, people

pytestmark = pytest.mark.django_db
PUBLIC, MEMBERS, TEAM = "public", "members", "team"
#: one word of each group that nothing else has
WORDS = {
    "identity": ("Kwartstitel", "Kwartskort", "Kwartsprobleem", "Kwartsidee", "Kwartskunde", "Kwartseenheid"),
    "people": ("Obsidiaan", "Bazalt"),
    "team": ("Gneis",),
    "strategy": ("Dolomietpijler", "Dolomietdoel", "Dolomietlijn", "Dolomietprogramma", "Dolomietopgave"),
    "aims": ("Graniettest", "10.5555/graniet"),
    "dependencies": ("Porfierleverancier", "Porfiernoot"),
    "benefits": ("Marmermaat",),
    "money": ("Andesietfonds",),
    "links": ("Leisteengebruik",),
    "lessons": ("Turkooisles",),
}
FACETS = {
    "organisation": {"mst", "zgt", "umc"},
    "specialty": {"mineralogy"},
    "programme": {"stones"},
    "language": {"nl"},
    "stage": {"pilot_a"},
    "outcome": {"active"},
    "pillar": {"p9"},
    "horizon": {"h1", "h3_5", "h10"},
    "goal": {"g9"},
    "challenge": {"ch9"},
    "trl": {"4"},
    "ai": {"high"},
    "device": {"mdr_i"},
    "dependency": {"epd", "supplier"},
}
NOTHING_MORE = {"title_en": "", "summary_en": "", "problem_en": "", "how_it_works_en": ""}


@pytest.fixture(params=["memory", "tantivy"])
def index(request, settings, tmp_path):
    """Both engines in turn, empty, behind the facade."""
    settings.DATA_DIR = tmp_path
    if request.param == "memory":
        settings.SEARCH_URL = "memory://"
    engines._engine.cache_clear()
    yield
    engines._engine.cache_clear()


def whole(colleague: User) -> dict:
    """A record with a word of its own in each group, and a value in each facet."""
    innovations.horizons()
    Pillar.objects.create(key="p9", number=9, name_nl="Dolomietpijler", short_nl="Dolomiet")
    Goal.objects.create(key="g9", name_nl="Dolomietdoel")
    Challenge.objects.create(key="ch9", name_nl="Dolomietopgave")
    Need.objects.create(key="n9", name_nl="Behoefte")
    Concern.objects.create(key="c9", name_nl="Zorg")
    RoadmapLine.objects.create(key="rl9", pillar=innovations.pillar(), title_nl="Dolomietlijn")
    Programme.objects.create(key="stones", number="P-77", title_nl="Dolomietprogramma", type="stones")
    Specialty.objects.create(key="mineralogy", name_nl="Kwartskunde")
    return NOTHING_MORE | {
        "title_nl": "Kwartstitel",
        "summary_nl": "Kwartskort",
        "problem_nl": "Kwartsprobleem",
        "how_it_works_nl": "Kwartsidee",
        "specialties": ["mineralogy"],
        "partners": ["umc"],
        "pillar": "p9",
        "horizon_from": "h1",
        "horizon_to": "h10",
        "goals": ["g9"],
        "needs": ["n9"],
        "concerns": ["c9"],
        "challenges": ["ch9"],
        "roadmap_line": "rl9",
        "programmes": ["stones"],
        "sponsor": colleague.pk,
        "evidence_design_nl": "Graniettest",
        "evidence_doi": "10.5555/graniet",
        "team": [{"person": colleague.pk, "function": ""}],
        "dependencies": [
            {"kind": "epd", "note_nl": "Porfiernoot"},
            {"kind": "supplier", "name": "Porfierleverancier"},
        ],
        "benefits": [{"category": "outcomes", "kpi_nl": "Marmermaat"}],
        "money": [{"year": 2026, "funder_name": "Andesietfonds"}],
        "reuse_nl": "Leisteengebruik",
        "lessons_nl": "Turkooisles",
    }


@pytest.fixture
def cast():
    """An innovation of mst and zgt, somebody of every kind by name, and two innovations that everybody finds."""
    mst, zgt, umc = (people.organisation(key) for key in ("mst", "zgt", "umc"))
    Unit.objects.filter(pk=innovations.unit(mst).pk).update(name_nl="Kwartseenheid")
    owner = people.member(mst, given_name="Otto", family_name="Obsidiaan")
    colleague = people.member(zgt, given_name="Gea", family_name="Gneis")
    one = innovations.published(mst, zgt, owner=owner, stage=Stage.PILOT_A, **whole(colleague))
    sponsor = people.member(umc, given_name="Bea", family_name="Bazalt")
    Innovation.objects.filter(pk=one.pk).update(sponsor=sponsor, trl=4, ai="high", device="mdr_i")
    for title in ("Zichtbaar", "Nog een zichtbare"):
        innovations.published(umc, **NOTHING_MORE, title_nl=title, summary_nl="Gewoon", problem_nl="Gewoon")
    return one, {
        "stranger": AnonymousUser(),
        "manager elsewhere": innovations.manager(umc),
        "sponsor": sponsor,
        "member": people.member(zgt),
        "owner": owner,
        "team": colleague,
        "manager": innovations.manager(zgt),
        "auditor": people.member(umc, role=Role.AUDITOR),
    }


def settle(one: Innovation, **columns) -> Innovation:
    """Bring the innovation into this state, and the index up to date."""
    Innovation.objects.filter(pk=one.pk).update(**columns)
    facade.requeue("innovation", Innovation.objects.values_list("pk", flat=True))
    facade.drain()
    return Innovation.objects.get(pk=one.pk)


def found(text, person, **more) -> set[int]:
    """Primary keys of the innovations that the person finds."""
    query = SearchQuery(text=text, types=("innovation",), highlight=False, **more)
    results = facade.search(query, facade.viewer_for(person))
    return set() if results.relaxed else {int(hit.pk) for hit in results.hits}


def in_portfolio(person) -> set[int]:
    """The oracle: by the permissions of the person, not by tokens."""
    return set(permissions.visible_to(Innovation.objects.published(), person).values_list("pk", flat=True))


def expected_words(one, person) -> set[str]:
    if one.pk not in in_portfolio(person):
        return set()
    groups = permissions.groups_for(one, permissions.level_of(person, one))
    return {word for group in WORDS if group in groups for word in WORDS[group]}


def check_everything(one, everybody) -> None:
    """Words, facet values and counts, cards, suggestions: as the oracle says, for everybody."""
    every = {word for words in WORDS.values() for word in words}
    pks = list(Innovation.objects.values_list("pk", flat=True))
    for name, person in everybody.items():
        viewer, known = facade.viewer_for(person), in_portfolio(person)
        assert {word for word in every if one.pk in found(word, person)} == expected_words(one, person), name
        assert found("", person) == known == set(cards(pks, viewer, "nl")), name
        assert suggested("Kwartsti", person, one) == suggested(one.number, person, one) == (one.pk in known), name
        for facet, values in FACETS.items():
            chosen = found("", person, filters={facet: tuple(values)})
            assert (one.pk in chosen) == (one.pk in known), (name, facet)
        query = SearchQuery(types=("innovation",), facets=tuple(FACETS), size=0)
        facets = facade.search(query, viewer).facets
        own = {facet: {entry.value for entry in facets[facet]} & values for facet, values in FACETS.items()}
        if one.pk in known:
            assert own == FACETS, name
        else:
            assert not own["specialty"] | own["pillar"] | own["goal"] | own["ai"] | own["dependency"], name


def suggested(typed, person, one) -> bool:
    return f"innovation:{one.pk}" in {entry.id for entry in facade.suggest(typed, facade.viewer_for(person))}


@pytest.mark.parametrize("visibility", [PUBLIC, MEMBERS, TEAM])
def test_everybody_finds_what_they_may_see_and_nothing_else(index, cast, visibility):
    one, everybody = cast
    facade.rebuild()
    check_everything(settle(one, visibility=visibility), everybody)


@pytest.mark.parametrize("state", [PublicationState.DRAFT, PublicationState.SUBMITTED, PublicationState.OFFLINE])
def test_what_is_not_in_the_portfolio_is_found_by_nobody(index, cast, state):
    one, everybody = cast
    facade.rebuild()
    one = settle(one, publication_state=state)
    check_everything(one, everybody)
    assert document(innovations_with_words().get(pk=one.pk)) is None
    assert found("Kwartstitel", everybody["owner"]) == set()


def test_the_twin_that_forgets_the_tokens_is_found_out(index, cast, monkeypatch):
    one, everybody = cast
    Innovation.objects.filter(pk=one.pk).update(visibility=TEAM)
    monkeypatch.setattr("research.innovations.search_source.acl_of", lambda one, level: frozenset({"public"}))
    facade.rebuild()
    with pytest.raises(AssertionError):
        check_everything(Innovation.objects.get(pk=one.pk), everybody)


def test_no_facet_stands_in_a_group_that_needs_more_than_the_record(cast):
    one, _everybody = cast
    for level in (PUBLIC, MEMBERS, TEAM):
        one.visibility = level
        needs = permissions.group_needs(one)
        assert {needs[group] for group in FACET_GROUPS.values()} == {level}
    assert set(PARTS) == set(WORDS)


@pytest.mark.parametrize("ended", [Outcome.STOPPED, Outcome.WITHDRAWN, Outcome.ON_HOLD, Outcome.SCALED, Outcome.ACTIVE])
def test_every_outcome_is_found_and_says_so(index, cast, ended):
    one, everybody = cast
    facade.rebuild()
    columns = {"outcome": ended, "outcome_reason_nl": "Zirkoonreden"}
    settle(one, wake_up_on=clock.today() if ended == Outcome.ON_HOLD else None, **columns)
    assert found("Zirkoonreden", everybody["stranger"]) == {one.pk}
    assert found("Kwartstitel", everybody["stranger"], filters={"outcome": (str(ended),)}) == {one.pk}
    card = cards([one.pk], Viewer.public(), "nl")[one.pk]
    with override("nl"):
        assert card["meta"] == [one.number, str(Stage.PILOT_A.label), "MST, ZGT"]
    assert (card["state"] and card["state"].text) == (None if ended == Outcome.ACTIVE else str(Outcome(ended).label))


def test_similar_ones_include_those_that_stopped(index):
    mst = people.organisation("mst")
    first = innovations.published(mst, title_nl="Hartfalenapp", summary_nl="Thuis meten bij hartfalen")
    second = innovations.published(mst, title_nl="Thuismeten hartfalen", summary_nl="Weegschaal en app")
    hidden = innovations.published(mst, title_nl="Hartfalen thuis", visibility=TEAM)
    draft = innovations.innovation(mst, title_nl="Hartfalen thuis")
    innovations.decided(first, Result.STOP, lessons_nl="Spreek af wie kijkt.")
    facade.rebuild()
    nobody = Viewer.public()
    assert [hit.pk for hit in facade.similar(f"innovation:{second.pk}", nobody)] == [str(first.pk)]
    assert facade.similar(f"innovation:{hidden.pk}", nobody) == facade.similar(f"innovation:{draft.pk}", nobody) == []
    with override("nl"):
        alike = similar_to("een app voor hartfalen", AnonymousUser())
        assert {one.innovation.pk for one in alike} == {first.pk, second.pk}
        (stopped,) = [one for one in alike if one.innovation.pk == first.pk]
        assert (stopped.badge.tone, stopped.lessons) == ("negative", "Spreek af wie kijkt.")


def test_ai_is_found_by_its_class_whatever_the_texts_call_it(index, cast):
    one, everybody = cast
    SynonymGroup.objects.create(key="ai", terms_nl="KI\nAI\nkunstmatige intelligentie", terms_en="AI")
    facade.rebuild()
    for text in ("AI kwartsprobleem", "Innovaties met KI tegen kwartsprobleem?", "kunstmatige intelligentie"):
        assert found(text, everybody["stranger"]) == {one.pk}, text
    settle(one, ai="none")
    assert found("AI", everybody["stranger"]) == set()


# What the index is told -----------------------------------------------------------------------------------------------


@pytest.fixture
def quiet():
    """No rows in the outbox but those of the test."""

    def start() -> None:
        SearchOutbox.objects.all().delete()
        outbox.forget()

    return start


def queued() -> list[str]:
    return list(SearchOutbox.objects.filter(type="innovation").values_list("record", flat=True))


@pytest.mark.parametrize(
    "change",
    [
        lambda one: saving.save(
            innovation=one, actor=None, base_version=one.version, values={"goals": [], "benefits": [], "title_nl": "A"}
        ),
        lambda one: saving.save(innovation=one, actor=None, base_version=one.version, values={"dependencies": []}),
        innovations.decided,
        lambda one: innovations.decided(one, Result.STOP, lessons_nl="Les"),
        lambda one: outcomes.put_on_hold(
            innovation=one, actor=None, wake_up_on=clock.today() + timedelta(days=9), reason_nl="Wacht"
        ),
        lambda one: outcomes.withdraw(innovation=one, actor=None, reason_nl="Toch niet"),
        lambda one: assessing.assess(innovation=one, actor=None, kind=AssessmentKind.TRL, on=clock.today(), code="5"),
        lambda one: publishing.take_offline(innovation=one, actor=None, reason="Fout"),
        lambda one: one.pillar.save(),
        lambda one: one.horizon_to.save(),
        lambda one: one.roadmap_line.save(),
        lambda one: one.goals.get().save(),
        lambda one: one.needs.get().save(),
        lambda one: one.concerns.get().save(),
        lambda one: one.challenges.get().save(),
        lambda one: one.programmes.get().save(),
        lambda one: one.specialties.get().save(),
        lambda one: one.units.first().save(),
        lambda one: one.partners.get().save(),
        lambda one: one.organisations.first().save(),
        lambda one: one.owner.save(),
        lambda one: one.sponsor.save(),
        lambda one: one.team.first().person.save(),
        lambda one: TeamMember.objects.filter(innovation=one).first().delete(),
        lambda one: one.programmes.clear(),
        lambda one: Goal.objects.get(key="g9").innovations.set([]),
        lambda one: one.delete(),
    ],
)
def test_what_an_innovation_is_found_by_queues_it_once(cast, quiet, change):
    one, _everybody = cast
    fresh = Innovation.objects.get(pk=one.pk)
    quiet()
    change(fresh)
    assert queued().count(str(one.pk)) == 1


def test_publishing_makes_it_findable(index):
    mst = people.organisation("mst")
    facade.rebuild()
    draft = innovations.innovation(mst, title_nl="Kwartstitel")
    facade.drain()
    assert found("Kwartstitel", AnonymousUser()) == set()
    publishing.publish(innovation=draft, actor=None)
    facade.drain()
    assert found("Kwartstitel", AnonymousUser()) == {draft.pk}
    gates.record_decision(
        innovation=draft, actor=None, body=innovations.body(), result=Result.GO, decided_on=clock.today(),
        rationale_nl="Ja",
    )  # fmt: skip
    facade.drain()
    assert found("", AnonymousUser(), filters={"stage": ("exploration",)}) == {draft.pk}


# Documents, cards, facets and orders ----------------------------------------------------------------------------------


def test_a_document(cast):
    one, _everybody = cast
    made = document(innovations_with_words().get(pk=one.pk))
    assert (made.title, made.summary, made.number) == ({"nl": "Kwartstitel"}, {"nl": "Kwartskort"}, one.number)
    assert {name: set(values) for name, values in made.facets.items()} == FACETS
    assert [(code, one.number in url) for code, url in made.url.items()] == [("nl", True), ("en", True)]
    (hidden,) = made.internal
    assert set(hidden.text["nl"].split(" · ")) == {"Gea Gneis", "Andesietfonds"}
    assert made.changes_at is None


def test_one_without_a_title_goes_by_its_number():
    one = innovations.published()
    Innovation.objects.filter(pk=one.pk).update(title_nl="", title_en="")
    made = document(innovations_with_words().get(pk=one.pk))
    assert made.title == {"nl": one.number, "en": one.number}
    assert made.all_facets()["language"] == ()


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_documents_and_cards(django_assert_num_queries, rows):
    mst, zgt = people.organisation("mst"), people.organisation("zgt")
    h1, h3_5, *_later = innovations.horizons()
    team = [{"person": people.member(zgt).pk, "function": ""}]
    money = [{"year": 2026, "funder": "zgt"}]
    ends = {"horizon_from": h1.key, "horizon_to": h3_5.key}
    made = [innovations.published(mst, zgt, team=team, money=money, **ends) for _n in range(rows)]
    pks = [one.pk for one in made]
    with django_assert_num_queries(15):
        assert len([document(one) for one in innovations_with_words().filter(pk__in=pks)]) == rows
    with django_assert_num_queries(3):
        assert len(cards(pks, Viewer.public(), "nl")) == rows


def labels(name, values, language):
    return {value: str(label) for value, label in registry.facet(name).labels(values, language).items()}


def test_facets_of_innovations():
    of_innovations = {spec.name for spec in registry.facets_for(("innovation",))}
    assert of_innovations >= {*FACETS, "type"}
    assert not {"stage", "trl", "ai"} & {spec.name for spec in registry.facets_for(("course",))}
    assert labels("stage", ["pilot_a"], "en") == {"pilot_a": "Pilot A (small)"}
    assert labels("trl", ["4"], "nl") == {"4": "TRL 4"}
    assert labels("ai", ["none"], "en") == {"none": "No AI"}


def test_orders(index):
    mst = people.organisation("mst")
    first = innovations.published(mst, title_nl="Een", stage=Stage.PILOT_A, days=50)
    second = innovations.published(mst, title_nl="Twee", stage=Stage.IN_USE, days=10)
    Innovation.objects.filter(pk=second.pk).update(changed_at=clock.now() - timedelta(days=1))
    facade.rebuild()

    def ordered(name):
        query = SearchQuery(types=("innovation",), sort=registry.sort(name).value)
        return [int(hit.pk) for hit in facade.search(query, Viewer.public()).hits]

    assert ordered("changed") == [first.pk, second.pk]
    assert ordered("furthest") == [second.pk, first.pk]
    assert ordered("longest") == [first.pk, second.pk]


def test_a_horizon_counts_for_the_years_between(cast):
    assert Horizon.objects.count() == 4
    one, _everybody = cast
    for first, last, expected in (("h1", None, {"h1"}), (None, "h10", {"h10"}), ("h3_5", "h3_5", {"h3_5"})):
        ends = {name: key and Horizon.objects.get(key=key) for name, key in (("from", first), ("to", last))}
        Innovation.objects.filter(pk=one.pk).update(horizon_from=ends["from"], horizon_to=ends["to"])
        made = document(innovations_with_words().get(pk=one.pk))
        assert set(made.facets["horizon"]) == expected
