"""Words that find each other: what counts as a term, on every engine, and as soon as an editor saved it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from academy.accounts.models import Role
from academy.cms.loading.content import read
from academy.cms.rights import sync_groups
from search import facade
from search.analysis.asking import asked
from search.contract import Internal, SearchQuery, Synonyms, Viewer
from search.models import SynonymGroup
from search.synonyms import current
from tests.factories import people
from tests.search.conftest import make
from tests.search.corpus import doc

PUBLIC, OWNER = Viewer.public(), Viewer.of({"user:7"})
SYNONYMS = Synonyms(
    (
        {"nl": ("hartfalen", "decompensatio cordis"), "en": ("heart failure", "cardiac failure")},
        {"nl": ("KI", "kunstmatige intelligentie"), "en": ("AI", "artificial intelligence")},
        {"nl": ("OK", "operatiekamer"), "en": ("operating room", "OR")},
        {"nl": ("kinder-IC", "intensive care kinderen"), "en": ("PICU",)},
        {"nl": ("thuismonitoring", "zorg op afstand"), "en": ("telemonitoring",)},
        {"nl": ("SEH",), "en": ("A&E", "emergency department")},
    )
)
DOCUMENTS = [
    doc("1", "Hartfalen op de poli"),
    doc("2", "", "Heart failure clinic"),
    doc("3", "Decompensatio cordis", body={"nl": "Met kunstmatige intelligentie."}),
    doc("4", "", "Power failure", body={"en": "At the heart of the matter."}),
    doc("5", "Operatiekamers", "Theatres or rooms"),
    doc("6", "Kinderic", "PICU"),
    doc("7", "Zorg voor iedereen", body={"nl": "Op afstand."}),
    doc("8", "Wonen", body={"nl": "Goede zorg, ook op een afstand."}),
    doc("9", "Geheim", internal=(Internal(frozenset({"user:7"}), {"nl": "Over hartfalen thuis."}),)),
    doc("10", "e-learning hygiëne"),
    doc("11", "Zorg op afstand"),
]


@pytest.fixture(params=["memory", "tantivy"])
def engine(request, tmp_path):
    return make(request.param, tmp_path, DOCUMENTS)


def found(engine, text, viewer=PUBLIC, **more):
    query = SearchQuery(text=text, synonyms=SYNONYMS, **more)
    return [hit.pk for hit in engine.search(query, viewer).hits]


@pytest.mark.parametrize(
    ("text", "pks"),
    [
        ("hartfalen", {"1", "2", "3"}),
        ("heart failure", {"1", "2", "3", "4"}),  # what was typed is still found word by word
        ("cardiac failure", {"1", "2", "3"}),
        ("Decompensatio Cordis", {"1", "2", "3"}),
        ("cardiac failure poli", {"1"}),
        ("poli hartfalen", {"1"}),
        ("AI hartfalen", {"3"}),
        ("Innovaties met KI tegen hartfalen?", {"3"}),
        ("artificial", set()),
        ("OR", {"5"}),
        ("theatres or rooms", {"5"}),
        ("operatiekamer", {"5"}),
        ("kinder-IC", {"6"}),
        ("intensive care kinderen", {"6"}),
        ("telemonitoring", {"11"}),
        ("SEH", set()),
    ],
)
def test_each_finds_all_others(engine, text, pks):
    assert set(found(engine, text)) == pks


def test_the_word_itself_comes_before_its_synonyms(engine):
    assert found(engine, "hartfalen")[0] == "1"
    assert set(found(engine, "cardiac failure hartfalen kunstmatige", match="any")) == {"1", "2", "3"}


def test_hidden_words_are_found_by_synonyms_only_by_who_may_find_them(engine):
    assert "9" in found(engine, "decompensatio cordis", OWNER)
    assert "9" not in found(engine, "decompensatio cordis")


def test_facets_count_what_synonyms_find(engine):
    results = engine.search(SearchQuery(text="cardiac failure", synonyms=SYNONYMS, facets=("type",)), PUBLIC)
    assert (results.count, results.facets["type"][0].count) == (3, 3)


def test_what_was_found_is_marked(engine):
    (hit,) = engine.search(SearchQuery(text="AI hartfalen", synonyms=SYNONYMS), PUBLIC).hits
    assert hit.highlights["title"] == "<mark>Decompensatio</mark> <mark>cordis</mark>"


def test_the_longest_term_is_taken_once():
    parts = asked("loopt er al intensive care kinderen in Almelo", SYNONYMS)
    assert [part.typed for part in parts] == ["intensive care kinderen", "Almelo"]
    assert [bool(part.instead) for part in parts] == [True, False]


def test_plain_words_are_never_looked_for_instead():
    (part,) = asked("operatiekamer", SYNONYMS)
    assert ("or",) not in [one.stems for one in part.instead]
    (part,) = asked("SEH", SYNONYMS)
    assert [one.stems for one in part.instead] == [("seh",), ("emergenc", "depart")]


def test_without_synonyms_nothing_changes(engine):
    assert {hit.pk for hit in engine.search(SearchQuery(text="hartfalen"), PUBLIC).hits} == {"1"}


@pytest.mark.parametrize("text", ["", "!!!", "de het een", "loopt er al", "x " * 500, "\x00", "a & e"])
def test_odd_queries(engine, text):
    found(engine, text)


def test_every_term_of_the_demo_finds_itself():
    groups = read("synonyms")["synonym_groups"]
    synonyms = Synonyms(tuple({code: tuple(row[code]) for code in ("nl", "en")} for row in groups))
    terms = [term for row in groups for code in ("nl", "en") for term in row[code]]
    lost = [term for term in terms if len(asked(term, synonyms)) != 1 or not asked(term, synonyms)[0].instead]
    assert lost == []


# As editors keep them ------------------------------------------------------------------------------------------------


@pytest.fixture
def hearts(terms):
    terms.add("a", "Hartfalen")
    terms.add("b", "Decompensatio cordis")
    facade.drain()


def names(text):
    return {hit.title for hit in facade.search(SearchQuery(text=text), PUBLIC).hits}


def test_a_change_counts_at_once_without_a_new_index(hearts):
    assert names("hartfalen") == {"Hartfalen"}
    group = SynonymGroup.objects.create(key="heart", terms_nl="hartfalen\ndecompensatio  cordis\n")
    assert names("hartfalen") == {"Hartfalen", "Decompensatio cordis"}
    group.terms_nl = "hartfalen"
    group.save()
    assert names("hartfalen") == {"Hartfalen"}
    SynonymGroup.objects.create(key="again", terms_nl="hartfalen\ncordis")
    assert names("hartfalen") == {"Hartfalen", "Decompensatio cordis"}
    SynonymGroup.objects.all().delete()
    assert names("hartfalen") == {"Hartfalen"}


def test_a_misspelled_word_next_to_a_term_is_put_right(hearts):
    SynonymGroup.objects.create(key="heart", terms_nl="hartfalen\ndecompensatio cordis")
    results = facade.search(SearchQuery(text="hartfaln"), PUBLIC)
    assert results.did_you_mean == "hartfalen"
    assert results.count == 2


@pytest.mark.django_db
def test_one_query_a_search_and_the_list_only_when_it_changed(django_assert_num_queries):
    SynonymGroup.objects.create(key="heart", terms_nl="hartfalen", terms_en="heart failure")
    with django_assert_num_queries(2):
        first = current()
    with django_assert_num_queries(1):
        assert current() is first
    assert first.groups == ({"nl": ("hartfalen",), "en": ("heart failure",)},)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("terms_nl", "terms_en", "field"),
    [
        ("hartfalen", "", "terms_nl"),
        ("", " \n", "terms_nl"),
        ("hartfalen\nhartfalen", "hartfalen", "terms_nl"),
        ("x" * 81 + "\ny", "", "terms_nl"),
        ("a\nb", "\n".join(f"term {n}" for n in range(41)), "terms_en"),
    ],
)
def test_what_no_group_can_be(terms_nl, terms_en, field):
    with pytest.raises(ValidationError) as refused:
        SynonymGroup(key="one", terms_nl=terms_nl, terms_en=terms_en).full_clean()
    assert set(refused.value.message_dict) == {field}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.EDITOR, 200), (Role.COURSE_MANAGER, 302), (Role.INNOVATION_MANAGER, 302), (Role.ADMINISTRATOR, 302)],
)
def test_editors_keep_them(client, role, status):
    sync_groups()
    client.force_login(people.member(people.organisation(), role=role))
    response = client.get(reverse("wagtailsnippets_search_synonymgroup:add"))
    assert response.status_code == status
    given = {"key": "heart", "terms_nl": "hartfalen\r\ncordis", "terms_en": ""}
    client.post(reverse("wagtailsnippets_search_synonymgroup:add"), given)
    assert SynonymGroup.objects.exists() == (status == 200)


@pytest.mark.django_db
def test_auditors_read_them(client):
    sync_groups()
    SynonymGroup.objects.create(key="heart", terms_nl="hartfalen\ncordis")
    client.force_login(people.member(people.organisation(), role=Role.AUDITOR))
    assert "hartfalen" in client.get(reverse("wagtailsnippets_search_synonymgroup:list")).content.decode()
