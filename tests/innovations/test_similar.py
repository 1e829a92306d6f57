"""What is like an idea: stopped ones included and marked, never a draft, never what one may not know of."""

import pytest
from django.urls import reverse
from rest_framework.throttling import UserRateThrottle

from research.innovations import similar
from research.innovations.models import Innovation
from research.innovations.record import IDEA
from research.innovations.states import Result
from search import facade
from search.contract import Hit, Results
from tests.factories import innovations, people
from tests.probes.indexing import own_index

pytestmark = pytest.mark.django_db
PAGE = "innovations:similar"


@pytest.fixture
def hospital():
    return people.organisation("mst", roles=["owner"])


@pytest.fixture
def member(hospital):
    return people.member(hospital)


@pytest.fixture
def client(client, member):
    client.force_login(member)
    return client


@pytest.fixture
def engine_that_tells_everything(monkeypatch):
    """An index that is behind: it still finds what was taken away or hidden meanwhile, drafts too."""

    def search(query, viewer):
        hits = [
            Hit(
                id=f"innovation:{one.pk}", type="innovation", number=one.number, title=one.title_nl, summary="", url="",
                language="nl", summary_language="nl", highlights={}, extra={},
            )
            for one in Innovation.objects.order_by("pk")
        ]  # fmt: skip
        return Results(count=len(hits), hits=tuple(hits))

    monkeypatch.setattr(facade, "search", search)


def stopped(*hospitals, **changed) -> Innovation:
    one = innovations.published(*hospitals, **changed)
    words = {"reason_nl": "De leverancier ging failliet.", "lessons_nl": "Vraag een tweede offerte."}
    innovations.decided(one, Result.STOP, **words)
    return one


@pytest.mark.usefixtures("engine_that_tells_everything")
class TestWhoSeesWhat:
    def test_only_what_the_reader_may_know_and_no_drafts(self, member, hospital):
        known = innovations.published(hospital)
        innovations.innovation(hospital)
        innovations.innovation(hospital, owner=member)
        innovations.published(hospital, visibility="team")
        innovations.published(people.organisation("zgt", roles=["owner"]), visibility="members")
        assert [one.innovation for one in similar.similar_to("thuis", member)] == [known]

    def test_not_the_one_that_is_being_written(self, member, hospital):
        mine, other = innovations.published(hospital, owner=member), innovations.published(hospital)
        assert [one.innovation for one in similar.similar_to("thuis", member, mine.number)] == [other]

    def test_stopped_ones_say_why_and_what_was_learned(self, client, hospital):
        stopped(hospital)
        told = client.get(reverse(PAGE), {"q": "thuis meten"}).json()
        assert told["count"] == 1
        for words in ("Gestopt", "De leverancier ging failliet.", "Vraag een tweede offerte."):
            assert words in told["html"]

    def test_those_that_go_on_have_no_mark(self, client, hospital):
        innovations.published(hospital, lessons_nl="Begin klein")
        told = client.get(reverse(PAGE), {"q": "thuis meten"}).json()
        assert "status" not in told["html"]
        assert "Begin klein" not in told["html"]

    def test_after_the_first_save_without_scripts(self, client, member, hospital):
        ended = stopped(hospital)
        draft = innovations.innovation(hospital, owner=member)
        page = client.get(reverse("innovations:step", kwargs={"number": draft.number, "step": IDEA}))
        assert [one.innovation for one in page.context["similar"]] == [ended]
        assert "De leverancier ging failliet." in page.content.decode()
        page = client.post(reverse("innovations:put_in"), {"title_nl": "", "problem_nl": "Thuis meten"})
        assert [one.innovation for one in page.context["similar"]] == [ended]

    @pytest.mark.parametrize("rows", [1, 3])
    def test_queries(self, client, hospital, django_assert_num_queries, rows):
        for _n in range(rows):
            stopped(hospital)
        client.get(reverse(PAGE), {"q": "thuis"})
        with django_assert_num_queries(5):  # one of them is that of the stand-in for the engine
            assert client.get(reverse(PAGE), {"q": "thuis"}).json()["count"] == rows


@pytest.mark.parametrize("engine", ["memory", "tantivy"])
def test_what_shares_words_is_found_nearest_first(settings, tmp_path, member, hospital, engine):
    if engine == "memory":
        settings.SEARCH_URL = "memory://"
    near = stopped(hospital, **about("Hartfalenapp met weegschaal thuis"))
    far = innovations.published(hospital, **about("Moestuin op het dak"))
    with own_index(settings, tmp_path):
        assert [one.innovation for one in similar.similar_to("Thuis meten bij hartfalen", member)] == [near]
        assert [one.innovation for one in similar.similar_to("Een moestuin", member)] == [far]
        assert similar.similar_to("Zwembad", member) == []


def about(words: str) -> dict[str, str]:
    """Texts of an innovation in which nothing else is told."""
    texts = dict.fromkeys(innovations.TEXTS, "")
    return {**texts, "title_nl": words, "problem_nl": words, "how_it_works_nl": words}


class TestEndpoint:
    def test_only_members(self, client):
        client.force_login(people.person())
        assert client.get(reverse(PAGE), {"q": "thuis"}).status_code == 404
        client.logout()
        assert client.get(reverse(PAGE), {"q": "thuis"}).status_code == 302

    @pytest.mark.parametrize("q", ["", "   ", "…", "%00", "a" * 5000])
    def test_odd_words_find_nothing(self, client, q):
        assert client.get(reverse(PAGE), {"q": q}).json()["count"] == 0

    def test_nothing_where_search_does_not_answer(self, client, monkeypatch):
        def broken(query, viewer):
            raise facade.SearchUnavailable

        monkeypatch.setattr(facade, "search", broken)
        answer = client.get(reverse(PAGE), {"q": "thuis"})
        assert (answer.status_code, answer.json()["count"]) == (200, 0)

    def test_not_without_end(self, client, monkeypatch):
        monkeypatch.setattr(UserRateThrottle, "rate", "2/min", raising=False)
        codes = [client.get(reverse(PAGE), {"q": "thuis"}).status_code for _n in range(3)]
        assert codes == [200, 200, 429]
