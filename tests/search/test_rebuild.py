"""A new index beside the live one, the comparison of index and database, and the commands."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from academy.core import clock
from academy.taxonomy.models import Specialty
from search import drift, facade, locks, outbox, rebuild, schedule
from search.contract import SearchQuery, Viewer
from search.engines.embedded import TantivyEngine, TantivyGeneration
from search.models import SearchOutbox, SearchState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("terms")]


def found(text=""):
    return [hit.number for hit in facade.search(SearchQuery(text=text, sort="title"), Viewer.public()).hits]


def during_load(monkeypatch, action):
    """Do something after the first batch of a rebuild was written."""
    real = TantivyGeneration.apply
    done = []

    def apply(generation, operations):
        results = real(generation, operations)
        if not done:
            done.append(True)
            action()
        return results

    monkeypatch.setattr(TantivyGeneration, "apply", apply)


def test_rebuild_has_everything(terms):
    terms.add("a", "Cardiologie")
    terms.add("b", "DRAFT")
    result = facade.rebuild()
    assert (result.read, result.written, result.refused) == (2, 1, {})
    assert found() == ["a"]
    assert not SearchOutbox.objects.exists()
    assert SearchState.load().rebuilt_at is not None


def test_saves_during_a_rebuild_reach_both(terms, monkeypatch):
    term = terms.add("a", "Oud")
    facade.drain()

    def meanwhile():
        Specialty.objects.filter(pk=term.pk).update(name_nl="Nieuw")
        facade.requeue("term", [term.pk])
        terms.add("b", "Later")
        Specialty.objects.create(key="c", name_nl="Weg").delete()
        facade.drain()
        assert found() == ["b", "a"]  # the live one has it at once
        assert SearchOutbox.objects.exclude(done_at=None).count() == 3  # and keeps it for the new one

    during_load(monkeypatch, meanwhile)
    facade.rebuild()
    assert found("nieuw") == ["a"]
    assert found("later") == ["b"]
    assert found("oud") == []
    assert found() == ["b", "a"]
    assert not SearchOutbox.objects.exists()
    assert not SearchState.load().rebuilding


def test_saves_that_nobody_drained_reach_the_new_one_too(terms, monkeypatch):
    terms.add("a", "Oud")
    during_load(monkeypatch, lambda: terms.add("b", "Later"))
    facade.rebuild()
    assert found() == ["b", "a"]


def test_a_record_deleted_while_it_is_loaded_does_not_come_back(terms, monkeypatch):
    term = terms.add("a", "Oud")
    facade.drain()

    def meanwhile():
        term.delete()
        facade.drain()

    during_load(monkeypatch, meanwhile)
    facade.rebuild()
    assert found() == []


def test_a_rebuild_that_fails_changes_nothing(terms, monkeypatch):
    terms.add("a", "Oud")
    facade.drain()

    def meanwhile():
        terms.add("b", "Later")
        facade.drain()
        raise RuntimeError("disk full")

    during_load(monkeypatch, meanwhile)
    with pytest.raises(RuntimeError):
        facade.rebuild()
    assert found() == ["b", "a"]
    assert not SearchState.load().rebuilding
    assert not SearchOutbox.objects.exists()


def test_a_crash_between_swap_and_clearing_loses_nothing(terms, monkeypatch):
    terms.add("a", "Oud")
    real = TantivyEngine.point_to

    def point_and_die(engine, name):
        real(engine, name)
        raise KeyboardInterrupt

    terms.add("b", "Later")
    with monkeypatch.context() as patch:
        patch.setattr(TantivyEngine, "point_to", point_and_die)
        with pytest.raises(KeyboardInterrupt):
            facade.rebuild()
    assert SearchOutbox.objects.count() == 2


def test_a_killed_rebuild_is_forgotten_by_the_next_drain(terms):
    SearchState.load()
    SearchState.objects.update(rebuilding=True)
    term = terms.add("a", "Oud")
    facade.drain()
    assert found() == ["a"]
    assert not SearchState.load().rebuilding
    assert not SearchOutbox.objects.exists()
    with locks.held(locks.REBUILD):
        SearchState.objects.update(rebuilding=True)
        term.save()
        facade.drain()
        assert SearchOutbox.objects.exclude(done_at=None).count() == 1


def test_poison_in_a_rebuild_is_told_and_queued(terms):
    terms.add("bad", "POISON")
    terms.add("good", "Urologie")
    SearchOutbox.objects.all().delete()
    outbox.forget()
    result = facade.rebuild()
    assert list(result.refused.values()) == ["POISON"]
    assert found() == ["good"]
    assert SearchOutbox.objects.count() == 1


def test_only_one_rebuilds(terms):
    with locks.held(locks.REBUILD), pytest.raises(rebuild.RebuildRuns):
        facade.rebuild()


def test_old_generations_go_and_one_stays(terms, tmp_path):
    terms.add("a")
    for _turn in range(4):
        facade.rebuild()
    assert len([entry for entry in (tmp_path / "search").iterdir() if entry.is_dir()]) == 2


# Comparing ------------------------------------------------------------------------------------------------------------


def test_drift_is_seen_both_ways_and_repaired(terms, index):
    same, changed, gone = terms.add("a", "Gelijk"), terms.add("b", "Anders"), terms.add("c", "Weg")
    facade.drain()
    assert drift.check().clean
    Specialty.objects.filter(pk=changed.pk).update(name_nl="Heel anders")
    Specialty.objects.filter(pk=gone.pk)._raw_delete("default")
    new = Specialty.objects.bulk_create([Specialty(key="d", name_nl="Nieuw")])[0]
    hidden = terms.add("e", "Zichtbaar")
    facade.drain()
    Specialty.objects.filter(pk=hidden.pk).update(name_nl="DRAFT")
    result = drift.check()
    assert result.missing == [("term", str(new.pk))]
    assert result.different == [("term", str(changed.pk))]
    assert sorted(result.surplus) == sorted([("term", str(gone.pk)), ("term", str(hidden.pk))])
    assert ("term", str(same.pk)) not in result.records()
    assert schedule.compare() == 4
    facade.drain()
    assert drift.check().clean
    assert sorted(found()) == ["a", "b", "d"]


def test_the_worker_compares_once_a_day(terms):
    term = terms.add("a", "Oud")
    facade.rebuild()
    Specialty.objects.filter(pk=term.pk).update(name_nl="Nieuw")
    schedule.keep_up()
    assert found("nieuw") == []
    with clock.at(clock.now() + 2 * schedule.COMPARED_EVERY):
        schedule.keep_up()
    assert found("nieuw") == ["a"]


# Commands -------------------------------------------------------------------------------------------------------------


def run(name, *args):
    out = StringIO()
    call_command(name, *args, stdout=out, stderr=out)
    return out.getvalue()


def test_search_rebuild_and_going_back(terms):
    terms.add("a", "Oud")
    assert "1 records read, 1 documents in the index" in run("search_rebuild")
    terms.add("b", "Nieuw")
    facade.drain()
    run("search_rebuild")
    assert "is live again" in run("search_rebuild", "--back")
    facade.drain()
    assert found() == ["b", "a"]


def test_search_rebuild_says_what_it_refused(terms):
    terms.add("bad", "POISON")
    with pytest.raises(CommandError):
        run("search_rebuild")


def test_search_drain(terms):
    terms.add("a")
    assert "1 rows done, 0 failed, 0 waiting, 0 parked" in run("search_drain")
    terms.add("bad", "POISON")
    with pytest.raises(CommandError):
        run("search_drain")


def test_search_check(terms):
    term = terms.add("a")
    facade.drain()
    assert "0 missing, 0 different, 0 surplus" in run("search_check")
    Specialty.objects.filter(pk=term.pk).update(name_nl="Anders")
    with pytest.raises(CommandError):
        run("search_check")
    assert "1 records queued" in run("search_check", "--repair")


def test_search_status(terms, settings, tmp_path):
    terms.add("a")
    text = run("search_status")
    assert "Waiting     1 rows" in text
    settings.DATA_DIR = tmp_path / "nowhere"
    with pytest.raises(CommandError):
        run("search_status")
