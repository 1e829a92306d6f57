"""The command around the load: where it refuses, and what an interruption leaves."""

import io
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from academy.cms.loading import demo
from academy.cms.loading.agenda import Agenda
from academy.cms.loading.report import Report
from academy.core import clock
from academy.core.errors import Refused
from academy.core.models import Event
from courses.catalogue.models import Course
from courses.enrolment.models import Enrolment

MONDAY = datetime(2026, 11, 23, 9, tzinfo=clock.AMSTERDAM)


class Terminal(io.StringIO):
    """A command's stdout as a terminal."""

    def write(self, text, ending=""):
        super().write(text + ending)

    def isatty(self):
        return True


class File(Terminal):
    def isatty(self):
        return False


@pytest.mark.django_db
def test_does_not_load_where_logins_would_be_known(settings):
    settings.DEMO_PASSWORD = ""
    with pytest.raises(CommandError, match="development only"):
        call_command("load_demo")
    assert not Course.objects.exists()


@pytest.mark.django_db
def test_an_interrupted_load_goes_on_with_the_same_load_day(monkeypatch):
    def interrupt(*_phase):
        raise KeyboardInterrupt

    monkeypatch.setattr(demo.facade, "rebuild", lambda: None)
    with monkeypatch.context() as patch, clock.at(MONDAY):
        patch.setattr(demo, "_replay_once", interrupt)
        with pytest.raises(CommandError, match="goes on with what is missing"):
            call_command("load_demo", stdout=io.StringIO())
    assert Course.objects.count() == 31
    assert not Enrolment.objects.exists()

    monkeypatch.setattr(demo, "_replay_once", lambda past, _planted, _report: None)
    with clock.at(MONDAY + timedelta(days=3)):
        report = Report(File())
        demo.load(report)
    assert report.counts["new"] == 13  # the pages
    assert [event.data["load_day"] for event in Event.objects.filter(verb="demo_began")] == ["2026-11-23"]


@pytest.mark.django_db
def test_does_not_mix_its_past_with_what_people_did(monkeypatch):
    from tests.factories import member, run

    Enrolment.objects.create(run=run(), person=member(), state="associated")
    monkeypatch.setattr(demo.facade, "rebuild", lambda: None)
    with pytest.raises(CommandError, match="make reset"):
        call_command("load_demo", stdout=io.StringIO())
    assert Enrolment.objects.count() == 1


def test_the_past_is_replayed_in_order_of_date():
    seen, agenda = [], Agenda()
    for days in (2, 0, 1):
        agenda.add(MONDAY + timedelta(days=days), f"day {days}", lambda: seen.append(clock.now()))
    agenda.add(MONDAY, "later added, same moment", lambda: seen.append("second"))
    agenda.replay(Report(File()))
    assert seen == [MONDAY, "second", MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)]


def test_what_is_refused_is_reported_and_the_rest_goes_on():
    def refuse():
        raise Refused("zo niet")

    report, seen, agenda = Report(File()), [], Agenda()
    agenda.add(MONDAY, "first", refuse)
    agenda.add(MONDAY, "second", lambda: seen.append(1))
    agenda.replay(report)
    assert (report.refused, seen) == (["first: zo niet"], [1])


def test_progress_moves_on_a_terminal_and_is_a_line_elsewhere():
    for out, expected in ((Terminal(), "\r\033[Kpast 1/2\r\033[Kpast 2/2\n"), (File(), "past 1/2\npast 2/2\n")):
        report = Report(out)
        report.progress("past", 1, 2)
        report.progress("past", 2, 2)
        assert out.getvalue() == expected
