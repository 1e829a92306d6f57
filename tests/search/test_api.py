"""GET search and suggest, as the interface promises."""

import pytest

from search import facade
from search.contract import EngineUnavailable
from search.engines.embedded import TantivyEngine

pytestmark = pytest.mark.django_db
SEARCH, SUGGEST = "/api/v1/search/", "/api/v1/suggest/"


@pytest.fixture
def filled(terms):
    terms.add("car-01", "Cardiologie", name_en="Cardiology")
    terms.add("uro-02", "Urologie", joint=True)
    terms.add("sec-03", "MEMBERS cardiologie")
    facade.drain()
    return terms


def test_the_answer(client, filled):
    body = client.get(SEARCH, {"q": "cardiologie", "lang": "nl"}).json()
    took = body.pop("took_ms")
    assert took >= 0
    pk = body["results"][0]["id"].partition(":")[2]
    assert body == {
        "count": 1,
        "results": [
            {
                "id": f"term:{pk}",
                "type": "term",
                "number": "car-01",
                "title": "Cardiologie",
                "summary": "Alles over Cardiologie",
                "url": f"/nl/term/{pk}/",
                "highlights": {
                    "title": "<mark>Cardiologie</mark>",
                    "summary": "Alles over <mark>Cardiologie</mark>",
                },
            }
        ],
        "facets": {
            "type": [{"value": "term", "label": "Term", "count": 1, "selected": False}],
            "joint": [
                {"value": "no", "label": "No", "count": 1, "selected": False},
                {"value": "yes", "label": "Yes", "count": 0, "selected": False},
            ],
            "language": body["facets"]["language"],
        },
        "relaxed": [],
        "did_you_mean": "",
    }
    assert {entry["value"]: entry["count"] for entry in body["facets"]["language"]} == {"nl": 1, "en": 1}


def test_facets_repeat_and_language_of_the_answer(client, filled):
    body = client.get(f"{SEARCH}?joint=yes&joint=no&type=term&lang=en&sort=title").json()
    assert [entry["title"] for entry in body["results"]] == ["Cardiology", "Urologie"]
    assert {entry["value"]: entry["selected"] for entry in body["facets"]["joint"]} == {"no": True, "yes": True}


def test_paging(client, filled):
    body = client.get(SEARCH, {"size": 1, "page": 2, "sort": "title", "lang": "nl"}).json()
    assert (body["count"], [entry["number"] for entry in body["results"]]) == (2, ["uro-02"])
    assert client.get(SEARCH, {"page": 99}).json()["results"] == []


def test_relaxing_is_told(client, filled):
    body = client.get(SEARCH, {"q": "cardiolgie", "lang": "nl"}).json()
    assert body["did_you_mean"] == "cardiologie"
    assert body["relaxed"] == [{"kind": "spelling", "given_up": ["cardiolgie"]}]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"page": "x"}, "page"),
        ({"page": "0"}, "page"),
        ({"page": "100000", "size": "100"}, "page"),
        ({"size": "1000"}, "size"),
        ({"lang": "de"}, "lang"),
        ({"sort": "nonsense"}, "sort"),
        ({"q": "x" * 500}, "q"),
        ({"q": "a\x00b"}, "q"),
    ],
)
def test_refusals(client, filled, query, field):
    response = client.get(SEARCH, query)
    assert response.status_code == 400
    body = response.json()
    assert set(body) == {"code", "detail", "fields"}
    assert list(body["fields"]) == [field]


def test_suggestions(client, filled):
    body = client.get(SUGGEST, {"q": "car", "lang": "en"}).json()
    assert [(entry["title"], entry["number"]) for entry in body] == [("Cardiology", "car-01")]
    assert client.get(SUGGEST).json() == []
    assert client.get(SUGGEST, {"q": "mem", "lang": "nl"}).json() == []


@pytest.mark.parametrize("path", [SEARCH, SUGGEST])
def test_engine_down(client, filled, monkeypatch, path):
    def down(*_args):
        raise EngineUnavailable("down")

    monkeypatch.setattr(TantivyEngine, "search", down)
    monkeypatch.setattr(TantivyEngine, "suggest", down)
    response = client.get(path, {"q": "x"})
    assert response.status_code == 503
    assert response.json()["code"] == "search_unavailable"


def test_reading_only(client, filled):
    assert client.post(SEARCH).status_code == 405
