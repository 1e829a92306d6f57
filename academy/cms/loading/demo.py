"""The whole demo, in phases that are each written whole or not at all, so that a load may be interrupted."""

from datetime import date

from django.db import transaction
from wagtail.models import Site

from academy.cms.planting import Planted, plant_site
from academy.cms.rights import sync_groups
from academy.core import clock, events
from academy.core.models import Event
from search import facade

from .aftermath import settle
from .agenda import Agenda
from .catalogue import load_catalogue
from .content import Calendar, read
from .innovations import InnovationPast
from .pages import highlight, load_pages
from .past import Past
from .people import demo_logins, load_people
from .reference import load_reference
from .report import Report
from .routes import load_routes
from .strategy import load_strategy
from .studies import StudyPast
from .synonyms import load_synonyms

BEGAN = "demo_began"
AUTHOR = "editor"  # the login who wrote the pages


def load(report: Report) -> None:
    """Load what is missing; the load day is that of the first load. Ends with a full search index."""
    with facade.draining_paused():
        planted = plant_site()
        sync_groups()
        calendar = Calendar(load_day=_load_day(planted.site))
        with transaction.atomic():
            reference = load_reference(report)
            people = load_people(reference, report)
            programmes = load_strategy(reference, people, calendar, report)
            courses = load_catalogue(reference, people, programmes, calendar, report)
            load_routes(reference, report)
            load_synonyms(report)
        with transaction.atomic():
            studies = StudyPast(reference, people, calendar)
            innovations = InnovationPast(reference, people, calendar, studies.studies)
            pasts = (Past(reference, people, courses, calendar), studies, innovations)
            _replay_once(pasts, planted, report)
        with transaction.atomic():
            author = next(people[row["key"]] for row in read("people")["people"] if row.get("login") == AUTHOR)
            load_pages(planted, author, courses, calendar, report)
            highlight(planted, programmes[read("programmes")["programmes"][0]["key"]])
    if report.counts["new"] or facade.health().needs_rebuild:
        report.progress("index", 0, 1)
        facade.rebuild()
        report.progress("index", 1, 1)


def _load_day(site: Site) -> date:
    """Today at the first load, and that day ever after."""
    began = _happened(BEGAN)
    if began is None:
        began = events.record(actor=None, object=site, verb=BEGAN, load_day=clock.today().isoformat())
    return date.fromisoformat(began.data["load_day"])


def _happened(verb: str) -> Event | None:
    return Event.objects.filter(verb=verb).last()


def _replay_once(pasts: tuple[Past, StudyPast, InnovationPast], planted: Planted, report: Report) -> None:
    """Each past happens once; afterwards it is history that people have gone on with."""
    agenda, planned = Agenda(), []
    for past in pasts:
        if _happened(past.replayed):
            report.count(unchanged=past.size)
        elif past.is_mixed():
            report.refuse(past.what, "people began before the demo was complete")
        else:
            past.plan(agenda)
            planned.append(past)
    if not planned:
        return
    agenda.replay(report)
    for past in planned:
        past.finish(report)
    settle(before=pasts[0].calendar.now, logins=demo_logins(pasts[0].people))
    for past in planned:
        events.record(actor=None, object=planted.site, verb=past.replayed)
