"""The search page: what it shows, what it hides, how many queries it takes."""

import re

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils.translation import override

from academy.taxonomy.models import Specialty
from search import facade
from search.contract import EngineUnavailable
from search.engines.embedded import TantivyEngine

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(client, terms):
    """Fetch the page and read it."""

    def fetch(query="", language="en", status=200):
        with override(language):
            response = client.get(f"{reverse('search:search')}{query}")
        assert response.status_code == status
        return BeautifulSoup(response.content, "html.parser")

    return fetch


def titles(soup):
    return [link.text for link in soup.select(".result h3 a")]


def text_of(soup, selector):
    found = soup.select_one(selector)
    return re.sub(r"\s+", " ", found.text).strip() if found else None


def fill(terms, *names):
    for number, name in enumerate(names):
        terms.add(f"t{number}", name, joint=bool(number % 2))
    facade.drain()


def test_results_are_marked_and_counted(shown, terms):
    fill(terms, "Cardiologie", "Urologie", "Kindercardiologie & <b>zorg</b>")
    soup = shown("?q=cardiologie")
    assert text_of(soup, ".count-line") == "1 result"
    assert str(soup.select_one(".result h3 a").decode_contents()) == '<span lang="nl"><mark>Cardiologie</mark></span>'
    assert soup.select_one('input[name="q"]')["value"] == "cardiologie"
    soup = shown("?q=zorg")
    assert "&lt;<mark>b</mark>&gt;" not in str(soup)
    assert "&lt;b&gt;<mark>zorg</mark>&lt;/b&gt;" in str(soup)


def test_facets_and_chips(shown, terms):
    fill(terms, "Een", "Twee", "Drie")
    soup = shown("?q=alles&joint=yes&joint=no&sort=title")
    counts = {
        entry["value"]: (entry.has_attr("checked"), entry.find_next(class_="count").text)
        for entry in soup.select('input[name="joint"][type="checkbox"]')
    }
    assert counts == {"yes": (True, "1"), "no": (True, "2")}
    chips = [(chip.contents[0].strip(), chip["href"]) for chip in soup.select(".chips a:not(.clear)")]
    path = reverse_en()
    assert chips == [
        ("Yes", f"{path}?q=alles&joint=no&sort=title"),
        ("No", f"{path}?q=alles&joint=yes&sort=title"),
    ]
    assert soup.select_one(".chips .clear")["href"] == f"{path}?q=alles&sort=title"
    carried = {(entry["name"], entry["value"]) for entry in soup.select('.facets input[type="hidden"]')}
    assert carried == {("q", "alles"), ("sort", "title")}


def reverse_en():
    with override("en"):
        return reverse("search:search")


def test_a_tab_shows_the_chosen_kind_and_a_chip_what_was_left_out(shown, terms):
    fill(terms, "Cardiologie", "Urologie")
    soup = shown("?q=urologie&type=term&joint=no")
    assert [chip.contents[0].strip() for chip in soup.select(".chips a:not(.clear)")] == ["No"]
    assert soup.select_one(".chips .clear")["href"] == f"{reverse_en()}?q=urologie&type=term"
    assert "We left out this filter: Joint." in text_of(soup, ".alert")
    assert soup.select_one('input[name="joint"][value="no"][type="checkbox"]').has_attr("checked")


def test_pages(shown, terms):
    fill(terms, *(f"Naam {number:02}" for number in range(45)))
    soup = shown("?sort=title&page=3")
    assert titles(soup) == [f"Naam {number}" for number in range(40, 45)]
    assert text_of(soup, ".pagination [aria-current]") == "Page 3"
    assert titles(shown("?sort=title&page=999999")) == titles(soup)
    assert len(titles(shown("?page=abc"))) == 20
    assert len(titles(shown("?page=-1"))) == 20


def test_nothing_found_says_how_to_go_on(shown, terms):
    fill(terms, "Cardiologie")
    soup = shown("?q=qqqqqq")
    assert "Nothing found for ‘qqqqqq’" in soup.text
    assert soup.select_one("h2#further")


def test_what_was_relaxed_is_said(shown, terms):
    fill(terms, "Cardiologie", "Urologie")
    soup = shown("?q=cardiolgie")
    assert titles(soup) == ["Cardiologie"]
    assert text_of(soup, ".alert a") == "cardiologie"
    soup = shown("?q=urologie&joint=no")
    assert "We left out this filter: Joint." in text_of(soup, ".alert")
    soup = shown("?q=cardiologie+urologie")
    assert "at least one of your words" in text_of(soup, ".alert")


def test_hits_are_checked_against_the_database(shown, terms):
    fill(terms, "Cardiologie een", "Cardiologie twee", "Cardiologie drie")
    Specialty.objects.filter(key="t0").update(name_nl="DRAFT")
    Specialty.objects.filter(key="t1").delete()
    assert titles(shown("?q=cardiologie")) == ["Cardiologie drie"]


def test_hidden_records_show_nowhere(shown, terms):
    fill(terms, "Cardiologie", "MEMBERS cardiologie")
    soup = shown("?q=cardiologie")
    assert text_of(soup, ".count-line") == "1 result"
    assert titles(soup) == ["Cardiologie"]
    assert [entry["value"] for entry in soup.select('input[name="joint"]')] == ["no"]


def test_engine_down(shown, terms, monkeypatch):
    def down(*_args):
        raise EngineUnavailable("down")

    monkeypatch.setattr(TantivyEngine, "search", down)
    soup = shown("?q=cardiologie", status=503)
    assert "Search does not answer right now" in soup.text
    assert soup.select_one('input[name="q"]')["value"] == "cardiologie"


@pytest.mark.parametrize(
    "query",
    [
        "?q=" + "a" * 5_000,
        "?q=%00&joint=%00",
        "?q=<script>alert(1)</script>",
        "?joint=<b>&joint=&type=nothing&language=xx",
        "?sort=nonsense&page=1e9",
        "?q=%F0%9F%98%80",
        "?q=!!!",
        "?" + "&".join(f"joint={number}" for number in range(300)),
    ],
)
def test_odd_addresses(shown, terms, query):
    fill(terms, "Cardiologie")
    soup = shown(query)
    assert "<script>alert" not in str(soup)


def test_dutch_page_prefers_dutch(shown, terms):
    terms.add("t", "Hartzorg", name_en="Heart care")
    facade.drain()
    assert titles(shown("", language="nl")) == ["Hartzorg"]
    assert titles(shown("", language="en")) == ["Heart care"]


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_the_rows(client, terms, django_assert_num_queries, rows):
    fill(terms, *(f"Naam {number}" for number in range(rows)))
    client.get(reverse("search:search"))
    with django_assert_num_queries(3):  # the third asks whether the synonyms changed
        client.get(reverse("search:search"), {"q": "naam"})
