"""Batches in one process: what is new, changed, unchanged, refused; one bad record never stops the others."""

import io
import json
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from academy.core.imports import run as running
from academy.core.imports.command import ImportCommand
from academy.core.imports.contract import Answer, Context, Raw, Unreadable
from academy.core.imports.contract import importer as registered
from academy.core.imports.run import Batch, SeenInMemory, import_file
from academy.core.models import NumberSequence

from .counters import CounterImporter, counters, stored

pytestmark = pytest.mark.django_db


def run(importer, records, name="c.json", context=None, **more):
    content = records if isinstance(records, bytes) else json.dumps(records).encode()
    return import_file(importer, io.BytesIO(content), name, context or Context(), **more)


def test_the_four_outcomes_and_a_second_time_changes_nothing():
    importer = CounterImporter()
    NumberSequence.objects.create(key="a", last=1)
    NumberSequence.objects.create(key="b", last=5)
    first = run(importer, counters(1, 2, 3, -4, 5))
    assert dict(first.counts) == {"unchanged": 1, "changed": 1, "new": 2, "refused": 1}
    assert (first.read, first.questions) == (5, 0)
    assert [(row.ordinal, row.position, row.plan.reason) for row in first.refusals] == [
        (4, "c.json, record 4", "below zero")
    ]
    assert stored() == {"a": 1, "b": 2, "c": 3, "e": 5}
    assert dict(run(importer, counters(1, 2, 3, -4, 5)).counts) == {"unchanged": 4, "refused": 1}


def test_a_dry_run_says_the_same_and_writes_nothing():
    importer = CounterImporter()
    NumberSequence.objects.create(key="a", last=9)
    dry = run(importer, counters(1, 2, -3, "crash", 5), dry_run=True)
    assert stored() == {"a": 9}
    assert dry.counts == run(importer, counters(1, 2, -3, "crash", 5)).counts
    assert stored() == {"a": 1, "b": 2, "e": 5}


def test_records_that_raise_are_refused_alone(caplog):
    importer = CounterImporter()
    summary = run(importer, counters(1, "crash", 3, 4, "invalid", 6, 7))
    assert stored() == {"a": 1, "c": 3, "d": 4, "f": 6, "g": 7}
    assert [(row.position, row.plan.reason) for row in summary.refusals] == [
        ("c.json, record 2", "This record could not be handled (ZeroDivisionError). It is in the log of the system."),
        ("c.json, record 5", "Check the fields below. last: a number, please"),
    ]
    assert "c.json, record 2 was refused" in caplog.text
    assert importer.applied["g"] == 1  # a batch without trouble is written once
    assert importer.applied["a"] == 2  # its batch was taken back, then written record by record


def test_what_a_failing_record_wrote_is_taken_back():
    class HalfWay(CounterImporter):
        def apply(self, batch, context):
            plans = super().apply(batch, context)
            if any(raw.data["key"] == "b" for raw in batch):
                raise ValueError("after writing")
            return plans

    assert dict(run(HalfWay(), counters(1, 2, 3)).counts) == {"new": 2, "refused": 1}
    assert stored() == {"a": 1, "c": 3}


def test_a_key_twice_in_one_file_is_refused_the_second_time():
    twice = [*counters(1, 2), {"key": "a", "last": 7}, *counters(1, 2, 3, 4)[2:], {"key": "b", "last": 8}]
    for dry_run in (True, False):
        summary = run(CounterImporter(), twice, dry_run=dry_run)
        assert [(row.position, row.plan.reason, row.plan.key) for row in summary.refusals] == [
            ("c.json, record 3", "c.json, record 1 has the same number (a).", "a"),
            ("c.json, record 6", "c.json, record 2 has the same number (b).", "b"),
        ]
    assert stored() == {"a": 1, "b": 2, "c": 3, "d": 4}


def test_a_refused_record_does_not_stand_in_the_way_of_a_good_one():
    assert dict(run(CounterImporter(), [*counters(-1), *counters(1)]).counts) == {"refused": 1, "new": 1}


def test_records_refused_while_reading_never_reach_the_importer():
    summary = run(CounterImporter(), b'[{"key": "a", "last": 1}, [], {"key": "b", "last": NaN}]')
    assert [row.plan.reason for row in summary.refusals] == [
        "This is a list, not an object with fields.",
        "NaN is not a number that JSON knows.",
    ]
    assert stored() == {"a": 1}


def test_a_file_that_breaks_off_leaves_nothing_half_done():
    with pytest.raises(Unreadable):
        run(CounterImporter(), json.dumps(counters(*range(9))).encode()[:-30])
    assert stored() == {}


def test_large_records_come_in_smaller_batches(monkeypatch):
    monkeypatch.setattr(running, "LARGEST", 500)
    importer = CounterImporter()
    for name, text in (("c.json", json.dumps), ("c.jsonl", lambda all: "\n".join(map(json.dumps, all)))):
        file = io.BytesIO(text([*counters(1, 2, title="t" * 600), *counters(*range(9))[2:]]).encode())
        found = running.batches(importer, importer.read(file, name), Context(), running.SeenInMemory())
        assert [(batch.first, len(batch.raws)) for batch in found] == [(1, 1), (2, 1), (3, 3), (6, 3), (9, 1)]


def test_a_file_without_records_is_said_to_be_one():
    for content in (b"[]", b'{"counters": []}'):
        with pytest.raises(Unreadable) as caught:
            run(CounterImporter(), content)
        assert str(caught.value) == "There are no records in c.json."


def test_questions_stay_ours_until_the_answer_takes_theirs():
    importer = CounterImporter(edited=["a"])
    NumberSequence.objects.create(key="a", last=1)
    summary = run(importer, counters(2))
    assert (dict(summary.counts), summary.questions, stored()) == ({"unchanged": 1}, 1, {"a": 1})
    run(importer, counters(2), context=Context(answers={("a", "last"): Answer(1, takes_source=True)}))
    assert stored() == {"a": 2}


def test_progress_is_told_per_batch():
    told = []
    run(CounterImporter(), counters(*range(7)), on_progress=lambda summary: told.append(summary.read))
    assert told == [3, 6, 7]


def test_a_database_that_is_away_is_no_record_s_fault():
    importer = CounterImporter()
    with patch.object(importer, "apply", side_effect=OperationalError("gone")), pytest.raises(OperationalError):
        run(importer, counters(1, 2))


def test_an_importer_that_loses_a_record_is_found_out():
    importer = CounterImporter()
    raws = [Raw("1", {"key": "a", "last": 1}), Raw("2", {"key": "b", "last": 2})]
    with patch.object(importer, "plan", side_effect=lambda batch, _context: []):
        plans = [row.plan for row in Batch(importer, 1, raws, Context(), SeenInMemory()).look()]
    assert [plan.outcome for plan in plans] == ["refused", "refused"]


@pytest.mark.parametrize("count", [3, 9])
def test_queries_per_batch_are_those_of_the_importer(django_assert_num_queries, count):
    batches = count // 3
    with django_assert_num_queries(batches * (2 + 3 + 1)):  # begin and commit, look-ups of the importer, one insert
        run(CounterImporter(), counters(*range(count)))


def test_registered_importers_are_found_by_kind(importer):
    assert registered("counters") is importer


class Command(ImportCommand):
    """As a room writes one."""

    def importer_for(self, options):
        return CounterImporter()


def test_the_command_says_what_it_did(tmp_path, capsys):
    good, bad, gone = tmp_path / "good.json", tmp_path / "bad.json", tmp_path / "gone.json"
    good.write_text(json.dumps(counters(1, 2)))
    bad.write_text(json.dumps(counters(1, -2)))
    call_command(Command(), good, dry_run=True)
    call_command(Command(), good)
    with pytest.raises(CommandError, match=r"not everything was imported: bad\.json, gone\.json"):
        call_command(Command(), bad, gone)
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "good.json, record 1: new a a",
        "good.json, record 2: new b b",
        "good.json: 2 read, 2 new, 0 changed, 0 unchanged, 0 refused (nothing written)",
        "good.json: 2 read, 2 new, 0 changed, 0 unchanged, 0 refused",
        "bad.json: 2 read, 0 new, 0 changed, 1 unchanged, 1 refused",
    ]
    assert err.splitlines() == ["bad.json, record 2: below zero", f"{gone}: No such file or directory"]


def test_the_command_names_a_broken_file(tmp_path, capsys):
    path = tmp_path / "broken.json"
    path.write_text("[{")
    with pytest.raises(CommandError):
        call_command(Command(), path)
    assert capsys.readouterr().err == "broken.json cannot be read. It stops in the middle, in line 1.\n"
    assert connection.savepoint_ids == []
