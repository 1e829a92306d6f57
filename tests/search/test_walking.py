"""Everything that a search finds, a part at a time."""

from dataclasses import replace
from itertools import chain

import pytest
from django.http import QueryDict

from search import facade, walking
from search.contract import Viewer
from search.listing import PAGE_SIZE
from tests.search.conftest import make
from tests.search.corpus import MEMBERS

PUBLIC = Viewer.public()
pytestmark = pytest.mark.django_db


@pytest.fixture(params=["memory", "tantivy"], autouse=True)
def corpus(request, tmp_path, monkeypatch):
    """The small corpus, read three records at a time."""
    engine = make(request.param, tmp_path)
    monkeypatch.setattr("search.searching.engine", lambda: engine)
    monkeypatch.setattr(walking, "AT_ONCE", 3)
    return engine


def ids(query, viewer=PUBLIC, **more):
    parts = facade.walk(QueryDict(query), viewer=viewer, language="nl", **more)
    return [[hit.id for hit in part] for part in parts]


@pytest.mark.parametrize("query", ["", "q=reanimatie", "sort=title", "mode=online", "q=hartfalen&page=7"])
@pytest.mark.parametrize("viewer", [PUBLIC, Viewer.of(MEMBERS)])
def test_it_is_the_list_of_the_page(query, viewer):
    parts = ids(query, viewer)
    page = facade.listing(QueryDict(query), viewer=viewer, language="nl", path="/")
    assert page.count <= PAGE_SIZE
    assert list(chain(*parts)) == [hit.id for hit in page.results.hits]
    assert all(len(part) <= 3 for part in parts)


def test_it_stays_within_the_kinds():
    assert {key.partition(":")[0] for part in ids("", types=("track",)) for key in part} == {"track"}


def test_what_was_searched_more_widely_is_what_the_page_shows():
    page = facade.listing(QueryDict("q=reanimatie qqqqqqq"), viewer=PUBLIC, language="nl", path="/")
    assert page.relaxed
    assert ids("q=reanimatie qqqqqqq") == [[hit.id for hit in page.results.hits]]


def test_a_record_that_slips_to_the_next_part_comes_once(corpus, monkeypatch):
    seen = []

    def asked(query, viewer, search=walking.search):
        seen.append(query.page)
        first_again = 2 if query.page == 3 else query.page
        return search(replace(query, page=first_again), viewer)

    monkeypatch.setattr(walking, "search", asked)
    found = list(chain(*ids("")))
    assert len(found) == len(set(found))
    assert max(seen) > 3


def test_nothing_is_nothing():
    assert ids("q=qqqqqqq") == []
