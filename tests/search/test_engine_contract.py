"""What every engine must give alike: sets, facet counts, visibility, marked words, versions."""

import pytest

from search.contract import FacetValue, Internal, Operation, Range, SearchQuery, Viewer
from tests.search.corpus import DOCUMENTS, MEMBERS, day, doc

PUBLIC = Viewer.public()
MEMBER = Viewer.of(MEMBERS)
OWNER = Viewer.of({"user:7"})


def found(engine, text="", viewer=PUBLIC, **more):
    """Ids in order."""
    return [hit.id for hit in engine.search(SearchQuery(text=text, **more), viewer).hits]


def counts(engine, viewer=PUBLIC, **more):
    """Facet values as name → {value: count}."""
    facets = engine.search(SearchQuery(**more), viewer).facets
    return {name: {entry.value: entry.count for entry in values} for name, values in facets.items()}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("reanimatie", {"course:1", "course:2"}),
        ("REANIMATIE VOLWASSENE", {"course:1"}),
        ("life support", {"course:1", "course:2"}),
        ("kind", {"course:2"}),
        ("kinderen", {"course:2"}),
        ("children", {"course:2"}),
        ("bls-01", {"course:1"}),
        ("BLS01", {"course:1"}),
        ("bls 01", {"course:1"}),
        ("bls", {"course:1"}),
        ("seh", {"track:5"}),
        ("ter haar", {"course:1"}),
        ("hartfalenpoli", {"course:3"}),
        ("hartfalen poli", {"course:3"}),
        ("patienten", {"course:3"}),
        ("patiënt", {"course:3"}),
        ("zon", set()),
        ("gezondheid", {"course:3"}),
        ("de reanimatie van een kind", {"course:2"}),
        ("reanimatie hartfalen", set()),
        ("<b>", {"course:1"}),
        ("!!!", set()),
        ("", {"course:1", "course:2", "course:3", "track:5"}),
    ],
)
def test_sets(engine, text, ids):
    result = engine.search(SearchQuery(text=text), PUBLIC)
    assert {hit.id for hit in result.hits} == ids
    assert result.count == len(ids)


def test_any_word(engine):
    assert set(found(engine, "reanimatie hartfalen", match="any")) == {"course:1", "course:2", "course:3"}


def test_joined_and_hyphenated_words_find_each_other(engine):
    for text in ("kinder-IC", "kinder ic", "kinderic"):
        assert found(engine, text, MEMBER) == ["course:4"]


def test_types_and_filters(engine):
    assert set(found(engine, types=("track",))) == {"track:5"}
    assert set(found(engine, filters={"mode": ("online",)})) == {"course:2", "course:3"}
    assert set(found(engine, filters={"mode": ("online", "classroom")})) == {"course:1", "course:2", "course:3"}
    assert set(found(engine, filters={"mode": ("online",), "place": ("almelo",)})) == {"course:3"}
    assert set(found(engine, filters={"language": ("en",)})) == {"course:1", "course:2", "course:3", "track:5"}
    assert set(found(engine, filters={"mode": ()})) == {"course:1", "course:2", "course:3", "track:5"}
    assert found(engine, filters={"mode": ("nothing like this",)}) == []


def test_ranges_are_half_open_and_need_the_value(engine):
    assert set(found(engine, ranges={"starts_at": Range(day(2), day(3))})) == {"course:2"}
    assert set(found(engine, ranges={"starts_at": Range(day(3))})) == {"course:1"}
    assert set(found(engine, ranges={"hours": Range(None, 4)})) == {"course:1", "course:3"}


def test_a_facet_leaves_out_its_own_choice_and_respects_the_others(engine):
    facets = counts(engine, facets=("mode", "place", "type"), filters={"mode": ("online",)}, types=("course",))
    assert facets["mode"] == {"classroom": 2, "online": 2}
    assert facets["place"] == {"almelo": 1, "hengelo": 1, "enschede": 0}
    assert facets["type"] == {"course": 2}


def test_facets_with_two_choices(engine):
    facets = counts(
        engine, text="reanimatie", facets=("mode", "place"), filters={"mode": ("online",), "place": ("enschede",)}
    )
    assert facets["mode"] == {"classroom": 1, "online": 0}
    assert facets["place"] == {"hengelo": 1, "enschede": 0, "almelo": 0}


def test_facet_values_say_what_is_chosen_even_when_unknown(engine):
    result = engine.search(SearchQuery(facets=("mode",), filters={"mode": ("online", "no_such")}), PUBLIC)
    assert set(result.facets["mode"]) == {
        FacetValue("online", 2, True),
        FacetValue("classroom", 2, False),
        FacetValue("no_such", 0, True),
    }


def test_a_value_twice_on_a_document_counts_once(engine):
    engine.apply([Operation.upsert(doc("9", "Dubbel", facets={"mode": ("twice", "twice")}))])
    assert counts(engine, facets=("mode",), text="dubbel")["mode"]["twice"] == 1


def test_pages(engine):
    everything = found(engine, size=10, sort="title")
    assert [found(engine, size=3, page=page, sort="title") for page in (1, 2, 3)] == [
        everything[:3],
        everything[3:],
        [],
    ]
    result = engine.search(SearchQuery(size=0), PUBLIC)
    assert (result.count, result.hits) == (4, ())


def test_order(engine):
    assert found(engine, sort="title") == ["course:1", "course:3", "course:2", "track:5"]
    assert found(engine, sort="-title") == ["track:5", "course:2", "course:3", "course:1"]
    assert found(engine, sort="title", language="en") == ["course:1", "course:3", "course:2", "track:5"]
    assert found(engine, sort="starts_at", types=("course",)) == ["course:2", "course:1", "course:3"]
    assert found(engine, sort="-starts_at", types=("course",)) == ["course:1", "course:2", "course:3"]
    assert found(engine) == found(engine, sort="title")


def test_a_title_weighs_more_than_a_summary(engine):
    engine.apply([Operation.upsert(doc("8", "Iets anders", summary={"nl": "Ook reanimatie komt langs."}))])
    assert found(engine, "reanimatie")[-1] == "course:8"


@pytest.mark.parametrize(
    ("text", "language", "marked"),
    [
        ("volwassene", "nl", {"title": "Basale reanimatie <mark>volwassenen</mark>"}),
        ("adult", "en", {"title": "Basic life support for <mark>adults</mark>"}),
        ("adult", "nl", {}),
        ("hartfalenpoli", "nl", {"title": "<mark>Hartfalen</mark> <mark>poli</mark>"}),
        ("pop", "nl", {"summary": "Oefen borstcompressies &amp; beademen &lt;b&gt;op een <mark>pop</mark>&lt;/b&gt;."}),
    ],
)
def test_marked_words(engine, text, language, marked):
    result = engine.search(SearchQuery(text=text, language=language), PUBLIC)
    assert dict(result.hits[0].highlights) == marked


def test_a_word_of_the_body_gives_a_snippet(engine):
    snippet = engine.search(SearchQuery(text="patient"), PUBLIC).hits[0].highlights["body"]
    assert "<mark>patiënten</mark>" in snippet
    assert snippet.startswith("… ")
    assert snippet.endswith(" …")
    assert len(snippet) < 260


def test_nothing_is_marked_when_not_asked(engine):
    assert engine.search(SearchQuery(text="reanimatie", highlight=False), PUBLIC).hits[0].highlights == {}


def test_a_missing_language_is_filled_by_the_other(engine):
    hit = engine.search(SearchQuery(text="intensive", language="en"), MEMBER).hits[0]
    assert (hit.title, hit.language) == ("Intensive care voor kinderen: de kinder-IC", "nl")
    assert hit.url == "/en/course/4/"


# Visibility -----------------------------------------------------------------------------------------------------------


def test_documents_show_to_those_with_a_token_only(engine):
    assert "course:4" not in found(engine)
    assert "course:4" in found(engine, viewer=MEMBER)
    assert "track:6" not in found(engine, viewer=MEMBER)
    assert "track:6" in found(engine, viewer=OWNER)


def test_internal_words_find_a_document_for_insiders_only(engine):
    assert found(engine, "bezettingsgraad") == []
    assert found(engine, "bezettingsgraad", MEMBER) == ["track:5"]
    assert found(engine, "notitie", MEMBER) == []
    assert found(engine, "notitie", OWNER) == ["track:5"]
    assert found(engine, "bezettingsgraad", Viewer.of({"org:2"})) == []


def test_nothing_tells_that_a_hidden_record_exists(engine):
    """Blind probes: for the public, a hidden record and one that is not there answer alike, everywhere."""
    everything = SearchQuery(facets=("mode", "place", "type", "language"))
    with_hidden = engine.search(everything, PUBLIC)
    assert "secret_place" not in {entry.value for entry in with_hidden.facets["place"]}
    probes = [
        SearchQuery(text="reanimatierobot", facets=("mode", "place", "type")),
        SearchQuery(filters={"place": ("secret_place",)}, facets=("mode", "place", "type")),
        SearchQuery(types=("track",), facets=("mode", "place")),
        SearchQuery(text="notitie", facets=("type",)),
    ]
    before = [engine.search(probe, PUBLIC) for probe in probes]
    suggested, near = engine.suggest("geh", PUBLIC, 9), engine.near("reanimatierobt", PUBLIC, 9)
    similar = engine.similar("track:6", PUBLIC, 9)
    engine.apply([Operation.delete("track:6", 2), Operation.delete("course:4", 2)])
    assert engine.search(everything, PUBLIC) == with_hidden
    assert [engine.search(probe, PUBLIC) for probe in probes] == before
    assert engine.suggest("geh", PUBLIC, 9) == suggested == []
    assert engine.near("reanimatierobt", PUBLIC, 9) == near
    assert engine.similar("track:6", PUBLIC, 9) == similar == []


def test_hidden_values_count_for_insiders(engine):
    facets = counts(engine, OWNER, facets=("place",))
    assert facets["place"]["secret_place"] == 1


def test_suggestions(engine):
    assert {entry.id for entry in engine.suggest("rea", PUBLIC, 9)} == {"course:1", "course:2"}
    assert {entry.id for entry in engine.suggest("kinderen rea", PUBLIC, 9)} == {"course:2"}
    assert {entry.id for entry in engine.suggest("pbls", PUBLIC, 9)} == {"course:2"}
    assert {entry.id for entry in engine.suggest("Heart f", PUBLIC, 9, "en")} == {"course:3"}
    assert engine.suggest("heart f", PUBLIC, 9, "en")[0].title == "Heart failure clinic"
    assert engine.suggest("kinder", PUBLIC, 1) == engine.suggest("kinder", PUBLIC, 9)[:1]
    assert {entry.id for entry in engine.suggest("inten", MEMBER, 9)} == {"course:4"}
    assert engine.suggest("  ", PUBLIC, 9) == []


def test_similar_records(engine):
    assert [hit.id for hit in engine.similar("course:1", PUBLIC, 9)] == ["course:2"]
    assert engine.similar("course:404", PUBLIC, 9) == []
    assert engine.similar("course:4", PUBLIC, 9) == []


def test_near_words(engine):
    assert engine.near("reanimatei", PUBLIC, 1) == [("reanimatie", 2)]
    assert engine.near("artfalen", PUBLIC, 1) == [("hartfalen", 1)]
    assert engine.near("coordinatei", PUBLIC, 1) == []
    assert engine.near("coordinatei", MEMBER, 1) == [("coördinatie", 1)]
    assert engine.near("seh", PUBLIC, 1) == []


# Writing --------------------------------------------------------------------------------------------------------------


def statuses(results):
    return [result.status for result in results]


def test_a_newer_version_replaces_and_an_older_is_refused(engine):
    newer = doc("1", "Iets heel nieuws", version=5)
    older = doc("1", "Iets ouds", version=4)
    assert statuses(engine.apply([Operation.upsert(newer)])) == ["applied"]
    assert statuses(engine.apply([Operation.upsert(older)])) == ["stale"]
    assert found(engine, "nieuw") == ["course:1"]
    assert found(engine, "ouds") == []
    assert found(engine, "volwassenen") == []


def test_the_same_version_again_is_applied(engine):
    assert statuses(engine.apply([Operation.upsert(DOCUMENTS[0])])) == ["applied"]
    assert found(engine, "volwassenen") == ["course:1"]


def test_a_late_upsert_does_not_bring_a_deleted_record_back(engine):
    assert statuses(engine.apply([Operation.delete("course:1", 3)])) == ["applied"]
    assert statuses(engine.apply([Operation.upsert(doc("1", "Terug", version=2))])) == ["stale"]
    assert found(engine, "terug") == []
    assert statuses(engine.apply([Operation.upsert(doc("1", "Terug", version=4))])) == ["applied"]
    assert found(engine, "terug") == ["course:1"]


def test_deleting_what_was_never_there_counts_too(engine):
    assert statuses(engine.apply([Operation.delete("course:77", 3)])) == ["applied"]
    assert statuses(engine.apply([Operation.upsert(doc("77", "Laat", version=2))])) == ["stale"]


def test_several_operations_on_one_record_in_one_batch(engine):
    operations = [
        Operation.upsert(doc("9", "Eerste", version=2)),
        Operation.upsert(doc("9", "Tweede", version=3)),
        Operation.delete("course:1", 3),
        Operation.upsert(doc("1", "Oud", version=2)),
    ]
    assert statuses(engine.apply(operations)) == ["applied", "applied", "applied", "stale"]
    assert found(engine, "eerste") == []
    assert found(engine, "tweede") == ["course:9"]
    assert "course:1" not in found(engine)


def test_one_bad_document_does_not_stop_the_others(engine):
    bad = doc("9", "Slecht", values={"undeclared": 1})
    results = engine.apply([Operation.upsert(bad), Operation.upsert(doc("10", "Goed"))])
    assert statuses(results) == ["failed", "applied"]
    assert "undeclared" in results[0].error
    assert found(engine, "goed") == ["course:10"]


def test_internal_text_for_everybody_is_refused(engine):
    odd = doc("9", "Slecht", internal=(Internal(frozenset({"public"}), {"nl": "tekst"}),))
    assert statuses(engine.apply([Operation.upsert(odd)])) == ["failed"]


def test_versions_list_what_is_there(engine):
    engine.apply([Operation.delete("course:2", 2)])
    listed, after = [], ""
    while page := engine.versions(after, 2):
        listed += page
        after = page[-1].id
    assert {(entry.id, entry.digest) for entry in listed} == {
        (entry.id, entry.digest()) for entry in DOCUMENTS if entry.id != "course:2"
    }
    assert len(listed) == len(DOCUMENTS) - 1


def test_a_generation_is_invisible_until_promoted_and_one_can_go_back(engine):
    generation = engine.new_generation()
    generation.apply([Operation.upsert(doc("50", "Nieuwe wereld", version=9))])
    assert found(engine, "wereld") == []
    before = engine.health().generation
    generation.promote()
    assert found(engine) == ["course:50"]
    assert engine.health().documents == 1
    assert engine.go_back() == before
    assert found(engine, "wereld") == []
    assert engine.health().documents == len(DOCUMENTS)


def test_a_dropped_generation_leaves_nothing(engine):
    generation = engine.new_generation()
    generation.apply([Operation.upsert(doc("50", "Nieuwe wereld"))])
    generation.drop()
    assert found(engine, "wereld") == []
    assert engine.health().ok


@pytest.mark.parametrize(
    "text", ["a" * 10_000, "e\u0301" * 500, "漢字 かな", "שלום עולם", "\x00", "' OR 1=1 --", "AND OR NOT ( ~ *"]
)
def test_any_text_can_be_asked_and_indexed(engine, text):
    engine.apply([Operation.upsert(doc("60", f"Naam {text}", summary={"nl": text}, people=(text,)))])
    assert "course:60" in found(engine, "naam")
    engine.search(SearchQuery(text=text), PUBLIC)
    engine.suggest(text, PUBLIC, 5)
    engine.near(text, PUBLIC, 1)


def test_scripts_other_than_latin_are_found(engine):
    engine.apply([Operation.upsert(doc("61", "Курс реанимации")), Operation.upsert(doc("62", "שלום עולם"))])
    assert found(engine, "реанимации") == ["course:61"]
    assert found(engine, "עולם") == ["course:62"]
