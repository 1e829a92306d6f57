"""The worker: checks, waits, imports; goes on where it stopped, and never does a record twice."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError

from academy.core import clock, events, registries, work
from academy.core.errors import InvalidInput
from academy.core.imports import asking, jobs, schedule
from academy.core.imports.contract import Unreadable
from academy.core.imports.models import ImportJob, JobState
from academy.core.models import NumberSequence

from .counters import counters, stored

pytestmark = pytest.mark.django_db


def fresh(job):
    return ImportJob.objects.get(pk=job.pk)


def rows(job, *fields):
    return list(job.rows.values_list(*fields))


def file_of(job):
    return settings.DATA_DIR / "private/imports" / str(job.key)


def test_from_file_to_imported(importer, upload, person):
    NumberSequence.objects.create(key="a", last=9)
    job = upload(counters(1, 2, -3, 4, notes=["left out: x"]), name="../my counters.json")
    assert (job.state, job.name, job.language) == (JobState.WAITING, "my counters.json", "en")
    assert oct(file_of(job).stat().st_mode)[-3:] == "600"
    assert jobs.drain() == 1
    job = fresh(job)
    assert (job.state, job.total, job.counts) == (JobState.CHECKED, 4, {"new": 2, "changed": 1, "refused": 1})
    assert stored() == {"a": 9}
    assert rows(job, "ordinal", "position", "outcome", "key", "reason") == [
        (1, "my counters.json, record 1", "changed", "a", ""),
        (2, "my counters.json, record 2", "new", "b", ""),
        (3, "my counters.json, record 3", "refused", "c", "below zero"),
        (4, "my counters.json, record 4", "new", "d", ""),
    ]
    assert rows(job, "changes", "notes")[:2] == [({"last": [9, 1]}, []), ({}, ["left out: x"])]
    assert jobs.drain() == 0  # it waits for the person
    asking.confirm(job=job, actor=person)
    assert jobs.drain() == 1
    job = fresh(job)
    assert (job.state, job.counts, job.lease) == (JobState.DONE, {"new": 2, "changed": 1, "refused": 1}, "")
    assert stored() == {"a": 1, "b": 2, "d": 4}
    assert [number for (number,) in rows(job, "number")] == ["N-a", "N-b", "", "N-d"]
    moves = [(event.from_state, event.to_state, event.actor_id) for event in events.of(job)][::-1]
    assert moves == [
        ("waiting", "waiting", str(person.pk)),
        ("waiting", "checking", ""),
        ("checking", "checked", ""),
        ("checked", "importing", str(person.pk)),
        ("importing", "done", ""),
    ]


def test_a_turn_ends_and_the_next_goes_on(importer, upload, person, monkeypatch):
    monkeypatch.setattr(jobs, "TURN", 0)
    job = upload(counters(*range(7)))
    seen = []
    while jobs.drain():
        seen.append((fresh(job).state, fresh(job).position, fresh(job).lease))
    assert seen == [("checking", 3, ""), ("checking", 6, ""), ("checking", 7, ""), ("checked", 7, "")]
    asking.confirm(job=job, actor=person)
    assert (fresh(job).position, fresh(job).counts) == (0, {})
    while jobs.drain():
        pass
    assert (fresh(job).state, fresh(job).counts) == (JobState.DONE, {"new": 7})
    assert set(importer.applied.values()) == {1}


def test_a_long_way_back_does_not_lose_the_job(importer, upload, monkeypatch):
    monkeypatch.setattr(jobs, "TURN", 0)
    monkeypatch.setattr(jobs, "SKIPPED", 3)
    job = upload(counters(*range(8)))
    jobs.drain()
    start, read = clock.now(), importer.read

    def slowly(file, name):
        for count, raw in enumerate(read(file, name), 1):
            with clock.at(start + 0.4 * count * jobs.LEASE):
                yield raw
                if count == 5:
                    assert jobs.claim() is None

    jobs.drain()
    importer.read = slowly
    jobs.drain()
    assert (fresh(job).position, fresh(job).attempts) == (8, 0)


def test_two_files_take_turns(upload, monkeypatch):
    monkeypatch.setattr(jobs, "TURN", 0)
    first, second = upload(counters(*range(6))), upload(counters(*range(3)))
    positions = []
    for _turn in range(3):
        jobs.drain()
        positions.append((fresh(first).position, fresh(second).position))
    assert positions == [(3, 0), (3, 3), (6, 3)]


class Killed(BaseException):
    """The process is gone: nothing of ours runs any more."""


def kill_at(importer, key):
    original = importer.apply

    def apply(batch, context):
        plans = original(batch, context)
        if any(raw.data["key"] == key for raw in batch):
            importer.apply = original
            raise Killed
        return plans

    importer.apply = apply


def test_a_killed_worker_s_job_is_taken_up_at_its_batch(importer, checked, person):
    job = checked(counters(*range(8)))
    asking.confirm(job=job, actor=person)
    kill_at(importer, "e")
    with pytest.raises(Killed):
        jobs.drain()
    assert (fresh(job).position, set(stored())) == (3, {"a", "b", "c"})  # the batch in hand was taken back
    assert jobs.drain() == 0  # its lease holds for a while
    with clock.at(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.drain() == 1
    job = fresh(job)
    assert (job.state, job.counts, job.attempts) == (JobState.DONE, {"new": 8}, 0)
    assert "did not give the job back" in job.last_error
    assert len(stored()) == 8
    assert [importer.applied[key] for key in "abcdefgh"] == [1, 1, 1, 2, 2, 2, 1, 1]  # d to f once in vain


def test_a_file_that_kills_every_worker_is_parked(importer, checked, person):
    job = checked(counters(1))
    asking.confirm(job=job, actor=person)
    moment = clock.now()
    for _attempt in range(work.PARKED_AFTER):
        kill_at(importer, "a")
        with clock.at(moment), pytest.raises(Killed):
            jobs.drain()
        moment += jobs.LEASE + timedelta(seconds=1)
    with clock.at(moment):
        assert jobs.drain() == 0
    assert (fresh(job).parked_at is not None, fresh(job).state) == (True, JobState.IMPORTING)
    with clock.at(moment):
        fresh(job).wake()
        assert jobs.drain() == 1
    assert fresh(job).state == JobState.DONE


def test_who_lost_the_job_writes_nothing_more(importer, checked, person):
    job = checked(counters(*range(6)))
    asking.confirm(job=job, actor=person)
    original = importer.apply

    def slow(batch, context):
        ImportJob.objects.filter(pk=job.pk).update(lease="somebody else")
        return original(batch, context)

    importer.apply = slow
    assert jobs.drain() == 1
    job = fresh(job)
    # The first batch held the row before it lost it; on a real second connection the update would have waited.
    assert (job.position, job.lease, len(stored())) == (3, "somebody else", 3)
    assert job.last_error == ""


def test_trouble_around_the_file_is_tried_again_later(importer, checked, person, caplog):
    job = checked(counters(1))
    asking.confirm(job=job, actor=person)
    original, importer.apply = importer.apply, lambda *_: (_ for _ in ()).throw(OperationalError("away"))
    jobs.drain()
    assert (fresh(job).attempts, fresh(job).lease, fresh(job).last_error) == (1, "", "OperationalError: away")
    importer.apply = original
    assert jobs.drain() == 0
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert jobs.drain() == 1
    assert fresh(job).state == JobState.DONE


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"hello", "counters.json is not JSON."),
        (b"[]", "There are no records in counters.json."),
        (
            b'[{"key": "a", "last": 1}',
            "counters.json cannot be read after record 1. It stops in the middle, in line 1.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_fails_with_words(checked, content, problem):
    job = checked(content)
    assert (job.state, job.problem.rstrip("."), job.lease) == (JobState.FAILED, problem.rstrip("."), "")
    assert jobs.drain() == 0


def test_a_missing_file_and_a_right_that_is_gone_fail_with_words(importer, upload, person):
    job = upload(counters(1))
    file_of(job).unlink()
    jobs.drain()
    assert (fresh(job).state, fresh(job).problem) == (JobState.FAILED, "The file is not there any more.")
    other = upload(counters(1))
    importer.allowed = set()
    jobs.drain()
    assert (fresh(other).state, fresh(other).problem) == (JobState.FAILED, "You may not import this any more.")


def test_words_are_in_the_language_of_the_upload(importer, upload):
    job = upload(counters(-1))
    ImportJob.objects.update(language="nl")
    jobs.drain()
    assert fresh(job).rows.get().position != ""
    assert fresh(job).language == "nl"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("x.pdf", b"%PDF", "wrong_extension"), ("x.json", b"", "empty_file"), ("x", b"{}", "wrong_extension")],
)
def test_files_that_are_not_even_kept(upload, name, content, code):
    with pytest.raises(Unreadable) as caught:
        upload(content, name=name)
    assert (caught.value.code, ImportJob.objects.count()) == (code, 0)


def test_duplicates_are_found_over_batches_and_turns(upload, person, monkeypatch):
    monkeypatch.setattr(jobs, "TURN", 0)
    job = upload([*counters(*range(6)), {"key": "b", "last": 9}])
    while jobs.drain():
        pass
    refusal = (7, "counters.json, record 2 has the same number (b).")
    assert list(job.rows.filter(outcome="refused").values_list("ordinal", "reason")) == [refusal]
    asking.confirm(job=job, actor=person)
    while jobs.drain():
        pass
    assert list(job.rows.filter(outcome="refused").values_list("ordinal", "reason")) == [refusal]
    assert stored()["b"] == 1


@pytest.fixture
def asked(importer, checked):
    """Three records whose number was edited here, one of them not."""
    importer.edited = frozenset("abc")
    for key in "abcd":
        NumberSequence.objects.create(key=key, last=0)
    return checked(counters(1, 2, 3, 4))


def finish(job, person):
    asking.confirm(job=job, actor=person)
    while jobs.drain():
        pass
    return stored()


def test_questions_keep_ours_unless_answered(asked, person):
    assert rows(asked, "questions", "asks")[0] == ({"last": [0, 1]}, True)
    asking.answer(job=asked, answers={2: {"last": "theirs"}, 3: {"last": "ours"}})
    assert finish(asked, person) == {"a": 0, "b": 2, "c": 0, "d": 4}


def test_one_answer_for_all_then_one_exception(asked, person):
    asking.answer(job=asked, answers={3: {"last": "ours"}})
    asking.answer_all(job=asked, takes_source=True)
    asking.answer(job=asked, answers={1: {"last": "ours"}})
    assert finish(asked, person) == {"a": 0, "b": 2, "c": 3, "d": 4}


def test_an_answer_holds_for_the_value_that_was_seen(asked, person):
    asking.answer_all(job=asked, takes_source=True)
    NumberSequence.objects.filter(key="b").update(last=99)  # edited once more meanwhile
    assert finish(asked, person) == {"a": 1, "b": 99, "c": 3, "d": 4}
    assert rows(asked, "questions")[1] == ({"last": [99, 2]},)


def test_answers_to_what_was_not_asked_are_refused(asked):
    for answers in ({1: {"key": "theirs"}}, {1: {"last": "mine"}}):
        with pytest.raises(InvalidInput):
            asking.answer(job=asked, answers=answers)


def test_only_a_checked_file_is_confirmed_and_twice_is_once(upload, person, importer):
    job = upload(counters(1))
    with pytest.raises(asking.NotNow):
        asking.confirm(job=job, actor=person)
    jobs.drain()
    for _time in range(2):
        assert asking.confirm(job=job, actor=person).state == JobState.IMPORTING
    jobs.drain()
    assert asking.confirm(job=job, actor=person).state == JobState.DONE
    assert importer.applied == {"a": 1}
    with pytest.raises(asking.NotNow):
        asking.answer_all(job=job, takes_source=True)
    with pytest.raises(asking.NotNow):
        asking.discard(job=job, actor=person)


def test_nothing_to_import_is_not_confirmed(checked, person):
    job = checked(counters(-1))
    with pytest.raises(asking.NotNow):
        asking.confirm(job=job, actor=person)


def test_answers_alone_are_something_to_import(importer, checked, person):
    importer.edited = frozenset("a")
    NumberSequence.objects.create(key="a", last=0)
    job = checked(counters(1))
    assert job.counts == {"unchanged": 1}
    asking.answer_all(job=job, takes_source=True)
    assert finish(job, person) == {"a": 1}


def test_discarding_deletes_the_file_and_stops_the_worker(
    upload, person, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(jobs, "TURN", 0)
    job = upload(counters(*range(6)))
    jobs.drain()
    with django_capture_on_commit_callbacks(execute=True):
        asking.discard(job=job, actor=person)
    assert jobs.drain() == 0
    assert (fresh(job).state, file_of(job).exists()) == (JobState.DISCARDED, False)


def test_a_file_discarded_in_the_middle_of_a_batch(importer, upload, person):
    job = upload(counters(*range(6)))
    original = importer.plan

    def meanwhile(batch, context):
        importer.plan = original
        asking.discard(job=job, actor=person)
        return original(batch, context)

    importer.plan = meanwhile
    jobs.drain()
    assert (fresh(job).state, fresh(job).position, job.rows.count()) == (JobState.DISCARDED, 0, 0)


def test_files_are_not_kept_for_long(upload, checked, person, django_capture_on_commit_callbacks):
    done, lapsed = checked(counters(1)), checked(counters(1))
    asking.confirm(job=done, actor=person)
    jobs.drain()
    schedule.clean()
    assert (file_of(done).exists(), file_of(lapsed).exists()) == (True, True)
    with clock.at(clock.now() + schedule.FILE_KEPT), django_capture_on_commit_callbacks(execute=True):
        schedule.clean()
    assert (file_of(done).exists(), file_of(lapsed).exists()) == (False, False)
    assert (fresh(done).state, fresh(lapsed).state) == (JobState.DONE, JobState.DISCARDED)
    with clock.at(clock.now() + schedule.JOB_KEPT):
        schedule.clean()
    assert ImportJob.objects.count() == 0


@pytest.mark.parametrize("count", [3, 9])
def test_queries_of_a_check_are_constant_per_batch(upload, django_assert_num_queries, count):
    upload(json.dumps(counters(*range(count))).encode())
    batches = count // 3
    # three look-ups of the importer; keys seen; savepoint with hold, rows, and how far we are
    with django_assert_num_queries(17 + batches * (3 + 1 + 2 + 3)):
        jobs.drain()


def test_what_is_kept_of_a_person_is_in_their_own_data(checked, person):
    job = checked(counters(1))
    (kept,) = dict(registries.personal_data.items())["imports"](person)
    assert (kept["name"], kept["state"], kept["created_at"]) == ("counters.json", "checked", job.created_at)
