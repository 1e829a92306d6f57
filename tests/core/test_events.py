"""The log is only ever added to, and outlives what it tells of."""

import pytest
from django.db import transaction

from academy.core import clock, events
from academy.core.models import Event
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_a_row_says_who_did_what_to_which_record():
    actor, record = f.person(), f.organisation("mst")
    with clock.at(clock.now()):
        event = events.record(
            actor=actor, object=record, verb="move", from_state="a", to_state="b", reason="why", extra=[1]
        )
        assert event.at == clock.now()
    event.refresh_from_db()
    assert event.actor_id == str(actor.pk)
    assert (event.object_type, event.object_id) == ("accounts.organisation", str(record.pk))
    assert (event.verb, event.from_state, event.to_state, event.reason) == ("move", "a", "b", "why")
    assert event.data == {"extra": [1]}


def test_the_system_is_nobody():
    assert events.record(actor=None, object=f.organisation("mst"), verb="x").actor_id == ""


def test_rows_are_neither_changed_nor_removed():
    event = events.record(actor=None, object=f.organisation("mst"), verb="x")
    event.verb = "y"
    for attempt in (
        event.save,
        event.delete,
        lambda: Event.objects.update(verb="y"),
        Event.objects.all().delete,
        lambda: Event.objects.bulk_update([event], ["verb"]),
    ):
        with pytest.raises(TypeError, match="append-only"), transaction.atomic():
            attempt()
    assert Event.objects.get().verb == "x"


def test_a_change_that_is_taken_back_leaves_no_row():
    with transaction.atomic():
        events.record(actor=None, object=f.organisation("mst"), verb="x")
        transaction.set_rollback(True)
    assert not Event.objects.exists()


def test_the_events_of_one_record_come_newest_first_and_outlive_it():
    record, other = f.organisation("a"), f.organisation("b")
    for verb in ("one", "two"):
        events.record(actor=None, object=record, verb=verb)
        events.record(actor=None, object=other, verb="other")
    found = events.of(record)
    record.delete()
    assert [event.verb for event in found] == ["two", "one"]
