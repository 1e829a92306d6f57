"""Searching wider when nothing is found, and what happens when the engine does not answer."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from search import engines, facade
from search.contract import EngineUnavailable, Relaxation, SearchQuery, Viewer
from tests.search.conftest import make
from tests.search.corpus import MEMBERS

PUBLIC = Viewer.public()


@pytest.fixture(params=["memory", "tantivy"])
def corpus(request, tmp_path, monkeypatch):
    """The facade over the small corpus."""
    engine = make(request.param, tmp_path)
    monkeypatch.setattr("search.searching.engine", lambda: engine)
    return engine


def ask(text, viewer=PUBLIC, **more):
    return facade.search(SearchQuery(text=text, **more), viewer)


def ids(results):
    return {hit.id for hit in results.hits}


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]


def test_what_is_found_is_not_relaxed():
    results = ask("reanimatie kind")
    assert (ids(results), results.relaxed, results.did_you_mean) == ({"course:2"}, (), "")
    assert results.took_ms > 0


def test_spelling_is_put_right_and_told():
    results = ask("reanimatei kinderen")
    assert ids(results) == {"course:2"}
    assert results.did_you_mean == "reanimatie kinderen"
    assert results.relaxed == (Relaxation("spelling", ("reanimatei",)),)


def test_a_filter_is_left_out_and_told():
    results = ask("volwassenen", filters={"mode": ("online",)})
    assert ids(results) == {"course:1"}
    assert results.relaxed == (Relaxation("filter", ("mode",)),)


def test_of_two_filters_the_one_that_costs_least_goes_first():
    results = ask("hartfalen", filters={"mode": ("classroom",), "place": ("almelo",)})
    assert results.relaxed == (Relaxation("filter", ("mode",)),)
    results = ask("triage", filters={"mode": ("classroom",), "place": ("almelo",)})
    assert results.relaxed == (Relaxation("filter", ("mode", "place")),)
    assert ids(results) == {"track:5"}


def test_words_that_nothing_has_are_left_out_and_told():
    results = ask("reanimatie qqqqqqq")
    assert ids(results) == {"course:1", "course:2"}
    assert results.relaxed == (Relaxation("words", ("qqqqqqq",)),)


def test_any_word_at_last():
    results = ask("volwassenen hartfalen")
    assert ids(results) == {"course:1", "course:3"}
    assert results.relaxed == (Relaxation("any", ("volwassenen", "hartfalen")),)


def test_nothing_is_nothing():
    results = ask("qqqqqqq zzzzzz")
    assert (results.count, results.hits, results.relaxed, results.did_you_mean) == (0, (), (), "")


def test_without_words_filters_are_kept():
    results = ask("", filters={"mode": ("nothing",)})
    assert (results.count, results.relaxed) == (0, ())


def test_widening_never_reaches_what_is_hidden():
    assert ask("reanimatierobot", types=("track",)).count == 0
    assert ask("coordinatei").did_you_mean == ""
    assert ask("coordinatei", Viewer.of(MEMBERS)).did_you_mean == "coördinatie"
    assert "course:4" not in ids(ask("intensive volwassenen hartfalen"))


@pytest.mark.parametrize("name", ["search", "suggest", "similar"])
def test_an_engine_that_is_down_is_a_refusal(corpus, monkeypatch, name):
    def down(*_args, **_kwargs):
        raise EngineUnavailable("down")

    monkeypatch.setattr(type(corpus), name, down)
    monkeypatch.setattr("search.facade.engine", lambda: corpus)
    asked = SearchQuery(text="x") if name == "search" else "x"
    with pytest.raises(facade.SearchUnavailable) as refusal:
        getattr(facade, name)(asked, PUBLIC)
    assert refusal.value.status == 503


@pytest.mark.parametrize("url", ["http://localhost:9200/x", "https://u:p@search:9200/x", "ftp://x"])
def test_an_engine_that_is_not_built_in_says_so(settings, url):
    settings.SEARCH_URL = url
    with pytest.raises(ImproperlyConfigured, match="SEARCH_URL"):
        engines.engine()


def test_the_engine_in_memory(settings):
    settings.SEARCH_URL = "memory://"
    assert engines.engine().health().engine == "memory"
    assert engines.engine() is engines.engine()


def test_no_index_yet(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "new"
    health = facade.health()
    assert (health.ok, health.needs_rebuild) == (False, True)


def test_what_nobody_is_sees_what_is_public():
    from django.contrib.auth.models import AnonymousUser

    assert facade.viewer_for(AnonymousUser()) == PUBLIC
