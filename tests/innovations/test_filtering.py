"""One set of filters for every page, picture and total."""

import pytest
from django.http import QueryDict
from django.utils.translation import override

from academy.strategy.models import Challenge, Programme, RoadmapLine
from research.innovations.filtering import CODES, LISTS, NAMES, NOTHING, Filter
from research.innovations.models import Innovation
from research.innovations.states import Outcome, Stage
from tests import factories as f
from tests.factories import innovations as made

pytestmark = pytest.mark.django_db


def of(query: str) -> Filter:
    return Filter.of(QueryDict(query))


def found(query: str) -> set[str]:
    return {one.number for one in of(query).apply(Innovation.objects.all())}


def test_every_filter_has_a_condition_and_a_place_in_the_bar():
    assert set(NAMES) == {"q", *LISTS, *CODES}
    bar = of("").bar()
    assert {group.name for group in (*bar.quick, *bar.more)} == {*LISTS, *CODES}


def test_nothing_asked_for_is_everything():
    one = made.published()
    assert not of("")
    assert of("").query_string == ""
    assert found("") == {one.number}


@pytest.mark.parametrize(
    "query",
    [
        "stage=nowhere",
        "trl=12",
        "trl=x",
        "pillar=p9",
        "goal=&goal=",
        "q=+++",
        "ai=%00",
        "dependency=moon",
        "horizon=h1",
    ],
)
def test_what_nobody_can_know_counts_for_nothing(query):
    one = made.published()
    assert of(query).query_string == ""
    assert found(query) == {one.number}


def test_several_values_widen_and_several_filters_narrow():
    mst, zgt = f.organisation("mst"), f.organisation("zgt")
    idea = made.published(mst)
    pilot = made.published(zgt, stage=Stage.PILOT_A)
    both = made.published(mst, zgt, stage=Stage.PILOT_A)
    assert found("stage=idea&stage=pilot_a") == {idea.number, pilot.number, both.number}
    assert found("organisation=mst") == {idea.number, both.number}
    assert found("organisation=mst&organisation=zgt") == {idea.number, pilot.number, both.number}
    assert found("organisation=mst&stage=pilot_a") == {both.number}


def test_partners_count_as_organisations():
    mst, insurer = f.organisation("mst"), f.organisation("insurer", kind="insurer", roles=["insurer"])
    one = made.published(mst, partners=[insurer.key])
    made.published(mst)
    assert found("organisation=insurer") == {one.number}


def test_an_innovation_stands_at_every_horizon_that_it_spans():
    made.horizons()
    long = made.published(horizon_from="h3_5", horizon_to="h20_30")
    short = made.published(horizon_from="h1", horizon_to="h1")
    none = made.published()
    assert found("horizon=h10") == {long.number}
    assert found("horizon=h1&horizon=h20_30") == {short.number, long.number}
    assert found(f"horizon={NOTHING}") == {none.number}
    assert found(f"horizon={NOTHING}&horizon=h1") == {none.number, short.number}


def test_one_horizon_only_is_where_it_stands():
    first, _second, third, _fourth = made.horizons()
    until, since = made.published(), made.published()
    Innovation.objects.filter(pk=until.pk).update(horizon_to=third)
    Innovation.objects.filter(pk=since.pk).update(horizon_from=first)
    assert found("horizon=h10") == {until.number}
    assert found("horizon=h1") == {since.number}
    assert found("horizon=h3_5") == set()


def test_lists_and_codes():
    pillar = made.pillar(2)
    RoadmapLine.objects.create(key="l1", pillar=pillar, title_nl="Lijn")
    Challenge.objects.create(key="c1", name_nl="Geld")
    Programme.objects.create(key="pr1", number="P-01", title_nl="Programma", type="x")
    made.goal("g2", 2)
    one = made.published(
        pillar=pillar.key,
        roadmap_line="l1",
        challenges=["c1"],
        programmes=["pr1"],
        goals=["g2"],
        dependencies=[{"kind": "epd", "name": "", "state": "open", "note_nl": "", "note_en": ""}],
    )
    Innovation.objects.filter(pk=one.pk).update(trl=4, ai="high", device="mdr_i", outcome=Outcome.SCALED)
    other = made.published()
    for query in (
        *("pillar=p2", "roadmap_line=l1", "challenge=c1", "programme=pr1", "goal=g2", "dependency=epd"),
        *("trl=4", "ai=high", "device=mdr_i", "outcome=scaled"),
    ):
        assert found(query) == {one.number}, query
    assert found(f"roadmap_line={NOTHING}") == {other.number}
    Innovation.objects.filter(pk=other.pk).update(pillar=None)
    assert found(f"pillar={NOTHING}") == {other.number}


def test_words_are_all_found_somewhere():
    one = made.published()
    other = made.published(title_nl="Flexpool", title_en="Staff pool", summary_nl="x", summary_en="x")
    assert found("q=Thuismonitoring+gewicht") == {one.number}
    assert found("q=flexpool") == {other.number}
    assert found(f"q={other.number}") == {other.number}
    assert found("q=Thuismonitoring+flexpool") == set()


def test_the_address_is_the_same_whatever_the_order():
    made.pillar(1), made.pillar(2)
    one = of("stage=pilot_a&pillar=p2&stage=idea&pillar=p1&pillar=p1&q=a++b&sort=title")
    assert one.query_string == "q=a+b&pillar=p1&pillar=p2&stage=idea&stage=pilot_a"
    assert of(one.query_string).query_string == one.query_string


def test_another_value_takes_the_place_of_what_was_there():
    made.pillar(1)
    one = of("stage=idea&stage=pilot_a&outcome=active")
    assert one.with_("stage", "in_use").query_string == "stage=in_use&outcome=active"
    assert one.with_("stage").query_string == "outcome=active"
    assert one.with_("outcome", "active", "on_hold").with_("pillar", "p1").query_string == (
        "pillar=p1&stage=idea&stage=pilot_a&outcome=active&outcome=on_hold"
    )
    assert one.query_string == "stage=idea&stage=pilot_a&outcome=active"


def test_the_bar_keeps_what_belongs_to_the_page():
    made.pillar(1)
    with override("en"):
        bar = of("stage=idea&stage=pilot_a&q=zorg&column=title&column=stage&sort=-title&page=3").bar()
    assert bar.hidden == [("column", "title"), ("column", "stage"), ("sort", "-title")]
    assert bar.clear_url == "?column=title&column=stage&sort=-title"
    assert [chip["label"] for chip in bar.chips] == ["“zorg”", "Stage: Idea", "Stage: Pilot A (small)"]
    assert bar.chips[1]["url"] == "?column=title&column=stage&sort=-title&q=zorg&stage=pilot_a"
    assert bar.words == "zorg"
    assert bar.chosen == 2


def test_a_choice_of_several_leaves_the_quick_ones():
    f.organisation("mst"), f.organisation("zgt")
    one, several = of("organisation=mst").bar(), of("organisation=mst&organisation=zgt").bar()
    assert [group.name for group in one.quick] == ["organisation", "programme", "challenge", "dependency"]
    assert [group.name for group in several.quick] == ["programme", "challenge", "dependency"]
    assert "organisation" in [group.name for group in several.more]


@pytest.mark.parametrize("query", ["", "stage=idea", "pillar=p3&goal=g1&horizon=h1&organisation=mst&q=thuis"])
def test_all_lists_are_read_in_one_query(query, django_assert_num_queries):
    made.published()
    made.goal(), made.horizons()
    one = of(query)
    with django_assert_num_queries(2):  # the lists, the innovations
        one.bar()
        list(one.with_("outcome", "active").apply(Innovation.objects.all()))


@pytest.mark.parametrize("query", ["stage=idea", "q=thuis&ai=high", "outcome=active&trl=3"])
def test_codes_need_no_list(query, django_assert_num_queries):
    with django_assert_num_queries(1):
        list(of(query).apply(Innovation.objects.all()))


def test_on_the_page(client):
    """The form sends to the page itself, keeps what is not a filter, and works without JavaScript."""
    made.published(f.organisation("mst"))
    page = client.get("/nl/innovaties/?stage=idea&organisation=mst&column=title").content.decode()
    assert '<input type="hidden" name="column" value="title">' in page
    assert '<option value="mst" selected>' in page
    assert '<input type="checkbox" name="stage" value="idea" checked>' in page
    assert 'href="?column=title&amp;organisation=mst"' in page
    assert client.get("/nl/innovaties/?stage=idea&pillar=zzz&trl=99").status_code == 200
