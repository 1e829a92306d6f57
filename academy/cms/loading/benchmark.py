"""Many made-up courses for measurements: findable, with facets spread over them; no runs. And other records beside."""

import json
from itertools import islice, product

from django.db import transaction

from academy.accounts.models import Organisation
from academy.taxonomy.models import CareDomain, FunctionFamily, Specialty
from courses.catalogue.models import Course, DeliveryMode
from search import facade

from . import benchmark_innovations, benchmark_studies
from .content import LANGUAGES, both
from .records import link
from .report import Report

PREFIX = "BENCH-"
BATCH = 500
# 20 × 10 × 10 titles; beyond that they repeat with another number, as titles in a catalogue do.
SUBJECTS = [
    ("reanimatie", "resuscitation"),
    ("wondzorg", "wound care"),
    ("medicatieveiligheid", "medication safety"),
    ("triage", "triage"),
    ("hartfalen", "heart failure"),
    ("beroerte", "stroke"),
    ("infuus", "infusion"),
    ("katheterisatie", "catheterisation"),
    ("valpreventie", "fall prevention"),
    ("delier", "delirium"),
    ("sepsis", "sepsis"),
    ("pijnbehandeling", "pain management"),
    ("thuismonitoring", "home monitoring"),
    ("echografie", "ultrasound"),
    ("palliatieve zorg", "palliative care"),
    ("voedingszorg", "nutritional care"),
    ("oncologie", "oncology"),
    ("geboortezorg", "maternity care"),
    ("kindergeneeskunde", "paediatrics"),
    ("stralingsbescherming", "radiation protection"),
]
FORMS = [
    ("Basiscursus", "Foundation course"),
    ("Verdieping", "Advanced course"),
    ("Opfrisdag", "Refresher day"),
    ("Praktijktraining", "Hands-on training"),
    ("Werkplaats", "Workshop"),
    ("Simulatietraining", "Simulation training"),
    ("Toets", "Assessment"),
    ("Inleiding", "Introduction"),
    ("Leergang", "Programme"),
    ("Casusbespreking", "Case discussion"),
]
SETTINGS = [
    ("op de poli", "in the clinic"),
    ("op de SEH", "in the emergency department"),
    ("op de IC", "in intensive care"),
    ("op de OK", "in theatre"),
    ("thuis", "at home"),
    ("op de afdeling", "on the ward"),
    ("bij kinderen", "in children"),
    ("bij ouderen", "in older people"),
    ("in de keten", "across the chain"),
    ("in de nacht", "at night"),
]


def seed(report: Report, *, courses: int = 0, studies: int = 0, innovations: int = 0) -> None:
    """Bring the numbers of benchmark records up to these, and make the index anew when any came."""
    _seed_courses(courses, report)
    benchmark_studies.seed(studies, report)
    benchmark_innovations.seed(innovations, report)
    if report.counts["new"]:
        facade.rebuild()


def _seed_courses(count: int, report: Report) -> None:
    there = Course.objects.filter(code__startswith=PREFIX).count()
    report.count(unchanged=min(there, count))
    numbers = iter(range(there, count))
    while batch := list(islice(numbers, BATCH)):
        with facade.draining_paused(), transaction.atomic():
            _write([_course(number) for number in batch])
        report.count(new=len(batch))
        report.progress("courses", batch[-1] + 1, count)


def _course(number: int) -> Course:
    words = list(product(SUBJECTS, FORMS, SETTINGS))
    subject, form, place = words[number * 7 % len(words)]  # 7 shares no factor with their number: neighbours differ
    title = {code: f"{form[i]} {subject[i]} {place[i]} {number}" for i, code in enumerate(LANGUAGES)}
    return Course(
        code=f"{PREFIX}{number:06d}",
        live=True,
        **both(title, "title"),
        **both(title, "summary"),
        **both({code: _body(words) for code, words in title.items()}, "body"),
        delivery_mode=DeliveryMode.values[number % len(DeliveryMode.values)],
        languages=["nl", "en"] if number % 3 else ["nl"],
        hours=1 + number % 16,
    )


def _body(words: str) -> str:
    return json.dumps([{"type": "paragraph", "value": f"<p>{words}</p>"}])


def _write(courses: list[Course]) -> None:
    Course.objects.bulk_create(courses)
    choices = {
        "owners": list(Organisation.objects.filter(kind="hospital")[:2]),
        "specialties": list(Specialty.objects.all()),
        "care_domains": list(CareDomain.objects.all()),
        "audience": list(FunctionFamily.objects.all()),
    }
    for field, targets in choices.items():
        if targets:
            through = Course._meta.get_field(field).remote_field.through
            through.objects.bulk_create(
                entry for course in courses for entry in link(course, field, [targets[course.pk % len(targets)]])
            )
