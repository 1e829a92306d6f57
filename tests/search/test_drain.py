"""From the outbox to the index: nothing is lost, nothing stale wins, one bad record holds up nobody."""

from datetime import timedelta

import pytest
from django.db import transaction

from academy.core import clock
from academy.taxonomy.models import Specialty
from search import drain as draining
from search import facade, locks, outbox, schedule
from search.contract import EngineUnavailable, SearchQuery, Viewer
from search.engines.embedded import TantivyEngine
from search.models import SearchOutbox, SearchSchedule, SearchState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms")]


def found(text="", viewer=None):
    return [hit.number for hit in facade.search(SearchQuery(text=text, sort="title"), viewer or Viewer.public()).hits]


def test_saved_changed_and_deleted_records(terms):
    term = terms.add("a", "Cardiologie")
    assert found() == []
    assert facade.drain().done == 1
    assert found("cardiologie") == ["a"]
    term.name_nl = "Urologie"
    term.save()
    facade.drain()
    assert found("cardiologie") == []
    assert found("urologie") == ["a"]
    term.delete()
    facade.drain()
    assert found() == []
    assert not SearchOutbox.objects.exists()


def test_a_draft_leaves_the_index(terms):
    term = terms.add("a", "Cardiologie")
    facade.drain()
    term.name_nl = "DRAFT Cardiologie"
    term.save()
    facade.drain()
    assert found() == []


def test_a_crash_after_writing_leaves_the_rows(terms, monkeypatch):
    terms.add("a", "Cardiologie")
    with monkeypatch.context() as patch:
        patch.setattr(draining, "settle", _killed)
        with pytest.raises(KeyboardInterrupt):
            facade.drain()
    assert SearchOutbox.objects.count() == 1
    assert facade.drain().done == 1
    assert found() == ["a"]


def test_a_crash_before_writing_leaves_the_rows(terms, monkeypatch):
    terms.add("a", "Cardiologie")
    with monkeypatch.context() as patch:
        patch.setattr(TantivyEngine, "apply", _killed)
        with pytest.raises(KeyboardInterrupt):
            facade.drain()
    assert SearchOutbox.objects.count() == 1
    facade.drain()
    assert found() == ["a"]


def _killed(*_args, **_kwargs):
    raise KeyboardInterrupt


def test_an_engine_that_is_down_costs_nothing(terms, monkeypatch):
    terms.add("a", "Cardiologie")
    with monkeypatch.context() as patch:
        patch.setattr(TantivyEngine, "apply", _down)
        result = facade.drain()
    assert (result.done, result.unavailable) == (0, "down")
    row = SearchOutbox.objects.get()
    assert (row.attempts, row.parked_at) == (0, None)
    assert facade.drain().done == 1


def _down(*_args, **_kwargs):
    raise EngineUnavailable("down")


def test_poison_is_put_off_then_parked_and_holds_up_nobody(terms):
    terms.add("bad", "POISON")
    terms.add("good", "Urologie")
    result = facade.drain()
    assert (result.done, result.failed) == (1, 1)
    assert found() == ["good"]
    for _turn in range(7):
        SearchOutbox.objects.update(not_before=clock.now())
        facade.drain()
    row = SearchOutbox.objects.get()
    assert row.attempts == 8
    assert row.parked_at is not None
    assert "POISON" in row.last_error
    assert facade.lag().parked == 1
    assert facade.drain().done == 0


def test_a_record_put_right_clears_its_parked_row(terms):
    term = terms.add("bad", "POISON")
    facade.drain()
    SearchOutbox.objects.update(parked_at=clock.now(), attempts=8)
    term.name_nl = "Beter"
    term.save()
    facade.drain()
    assert found() == ["bad"]
    assert not SearchOutbox.objects.exists()


def test_poison_keeps_what_was_findable(terms):
    term = terms.add("a", "Cardiologie")
    facade.drain()
    term.name_nl = "POISON"
    term.save()
    facade.drain()
    assert found("cardiologie") == ["a"]


def test_a_row_that_commits_late_with_a_lower_number_is_taken(terms):
    """On PostgreSQL a row may appear below those that are already gone: rows are deleted by number, never up to one."""
    term = terms.add("a", "Oud")
    low = SearchOutbox.objects.get()
    low_number = low.seq
    low.delete()
    outbox.forget()
    terms.add("b", "Urologie")
    assert SearchOutbox.objects.get().seq > low_number
    real = TantivyEngine.apply

    def apply_while_another_commits(engine, operations):
        Specialty.objects.filter(pk=term.pk).update(name_nl="Nieuw")
        SearchOutbox.objects.get_or_create(seq=low_number, type="term", record=str(term.pk), operation="upsert")
        TantivyEngine.apply = real
        return real(engine, operations)

    TantivyEngine.apply = apply_while_another_commits
    try:
        facade.drain()
    finally:
        TantivyEngine.apply = real
    assert found("nieuw") == ["a"]
    assert found("urologie") == ["b"]
    assert not SearchOutbox.objects.exists()


def test_versions_are_batches(terms, index):
    terms.add("a")
    facade.drain()
    first = index().versions("", 9)[0].version
    Specialty.objects.get().save()
    facade.drain()
    assert index().versions("", 9)[0].version > first
    assert SearchState.load().batch == index().versions("", 9)[0].version


def test_only_one_drains(terms):
    terms.add("a")
    with locks.held(locks.DRAIN) as ours:
        assert ours
        assert facade.drain().busy
    assert facade.drain().done == 1


def test_many_rows_in_batches(terms, monkeypatch):
    monkeypatch.setattr(draining, "BATCH", 3)
    for number in range(8):
        terms.add(f"t{number}")
    assert draining.drain(batches=2).done == 6
    assert draining.drain().done == 2
    assert len(found()) == 8


# Time -----------------------------------------------------------------------------------------------------------------


def test_a_record_is_taken_again_when_its_time_has_come(terms):
    start = clock.now()
    terms.CHANGES["a"] = start + timedelta(hours=1)
    terms.add("a", "Cardiologie")
    facade.drain()
    assert SearchSchedule.objects.get().changes_at == terms.CHANGES["a"]
    assert draining.requeue_due() == 0
    del terms.CHANGES["a"]
    with clock.at(start + timedelta(hours=2)):
        assert draining.requeue_due() == 1
        assert facade.drain().done == 1
    assert not SearchSchedule.objects.exists()


def test_the_schedule_follows_the_record(terms):
    terms.CHANGES["a"] = clock.now() + timedelta(hours=1)
    term = terms.add("a")
    facade.drain()
    terms.CHANGES["a"] = clock.now() + timedelta(hours=3)
    term.save()
    facade.drain()
    assert SearchSchedule.objects.get().changes_at == terms.CHANGES["a"]
    term.delete()
    facade.drain()
    assert not SearchSchedule.objects.exists()


def test_lag_says_how_far_behind(terms):
    assert facade.lag() == (0, 0, timedelta(0))
    terms.add("a")
    with clock.at(clock.now() + timedelta(minutes=5)):
        lag = facade.lag()
    assert (lag.waiting, lag.parked) == (1, 0)
    assert timedelta(minutes=5) <= lag.age < timedelta(minutes=6)


# Waking ---------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_save_is_findable_once_it_commits(terms, settings):
    settings.SEARCH_DRAIN_ON_COMMIT = True
    with transaction.atomic():
        terms.add("a", "Cardiologie")
        assert found() == []
    assert found() == ["a"]
    assert not SearchOutbox.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_paused_loading_drains_afterwards(terms, settings):
    settings.SEARCH_DRAIN_ON_COMMIT = True
    with facade.draining_paused():
        terms.add("a")
        terms.add("b")
        assert found() == []
    facade.drain()
    assert found() == ["a", "b"]


@pytest.mark.django_db(transaction=True)
def test_a_failing_drain_never_breaks_a_save(terms, settings, monkeypatch, caplog):
    settings.SEARCH_DRAIN_ON_COMMIT = True
    monkeypatch.setattr(draining, "process", _broken)
    terms.add("a")
    assert Specialty.objects.filter(key="a").exists()
    assert SearchOutbox.objects.count() == 1
    assert "could not be brought up to date" in caplog.text


def _broken(*_args, **_kwargs):
    raise RuntimeError("broken")


def test_the_worker_makes_a_missing_index(terms, index, settings, tmp_path):
    terms.add("a", "Cardiologie")
    settings.DATA_DIR = tmp_path / "elsewhere"
    assert not facade.health().ok
    schedule.keep_up()
    assert found() == ["a"]
    assert facade.health().ok
