"""Many made-up studies for measurements: shaped as ClinicalTrials.gov gives them, written as an import writes them."""

from datetime import date, timedelta
from itertools import islice, product
from typing import Any

from academy.core.imports.contract import Context
from research.studies.ctgov import SOURCE, Converted, convert
from research.studies.models import ImportedRecord
from research.studies.recognising import Recogniser
from research.studies.services.importing import import_records
from search import facade

from .report import Report

PREFIX = "NCT98"
BATCH = 250
# 16 × 10 × 8 titles; beyond that they repeat with another number.
CONDITIONS = [
    ("hartfalen", "Heart Failure"),
    ("beroerte", "Stroke"),
    ("diabetes type 2", "Type 2 Diabetes"),
    ("borstkanker", "Breast Cancer"),
    ("darmkanker", "Colorectal Cancer"),
    ("COPD", "COPD"),
    ("astma", "Asthma"),
    ("reuma", "Rheumatoid Arthritis"),
    ("heupbreuk", "Hip Fracture"),
    ("delier", "Delirium"),
    ("sepsis", "Sepsis"),
    ("migraine", "Migraine"),
    ("nierstenen", "Kidney Stones"),
    ("slaapapneu", "Sleep Apnea"),
    ("depressie", "Depression"),
    ("brandwonden", "Burns"),
]
INTERVENTIONS = [
    ("DEVICE", "thuismonitoring", "Home Monitoring"),
    ("DRUG", "een nieuw middel", "A New Drug"),
    ("PROCEDURE", "een kleinere operatie", "Smaller Surgery"),
    ("BEHAVIORAL", "leefstijlbegeleiding", "Lifestyle Coaching"),
    ("DIETARY_SUPPLEMENT", "extra eiwit", "Extra Protein"),
    ("DIAGNOSTIC_TEST", "een snelle test", "A Rapid Test"),
    ("RADIATION", "gerichte bestraling", "Targeted Radiation"),
    ("BIOLOGICAL", "vaccinatie", "Vaccination"),
    ("OTHER", "zorg door de verpleegkundige", "Care by Nurses"),
    ("COMBINATION_PRODUCT", "een pleister met middel", "A Medicated Patch"),
]
GROUPS = [
    ("ouderen", "Older Adults"),
    ("kinderen", "Children"),
    ("zwangeren", "Pregnant People"),
    ("mensen thuis", "People at Home"),
    ("mensen op de IC", "People in Intensive Care"),
    ("mensen na een operatie", "People after Surgery"),
    ("mensen met overgewicht", "People with Obesity"),
    ("mensen die werken", "Working People"),
]
STATUSES = ["RECRUITING", "COMPLETED", "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING", "ENROLLING_BY_INVITATION"]
WORDS = list(product(CONDITIONS, INTERVENTIONS, GROUPS))
FIRST_DAY, DAYS = date(2012, 1, 1), 5_000


def seed(count: int, report: Report) -> None:
    """Bring the number of benchmark studies up to `count`; the index is the caller's."""
    there = ImportedRecord.objects.filter(source=SOURCE, key__startswith=PREFIX).count()
    report.count(unchanged=min(there, count))
    hospitals = Recogniser().hospitals
    if there < count and not hospitals:
        report.refuse("studies", "no hospital leads studies yet; run load_demo first")
        return
    numbers = iter(range(there, count))
    while batch := list(islice(numbers, BATCH)):
        leading = hospitals[batch[0] // BATCH % len(hospitals)]
        context = Context(options={"organisation": leading.key, "publish": True})
        with facade.draining_paused():
            import_records(converted=[_study(number) for number in batch], context=context)
        report.count(new=len(batch))
        report.progress("studies", batch[-1] + 1, count)


def _study(number: int) -> Converted:
    condition, intervention, group = WORDS[number * 7 % len(WORDS)]  # 7 shares no factor with their number
    found = convert(_record(number, condition[1], intervention, group[1]))
    dutch = f"{intervention[1].capitalize()} bij {condition[0]}: {group[0]} {number}"
    found.values |= {"public_title_nl": dutch, "summary_nl": f"We onderzoeken {intervention[1]} bij {condition[0]}."}
    return found


def _record(number: int, condition: str, intervention: tuple[str, str, str], group: str) -> dict[str, Any]:
    """What ClinicalTrials.gov would give."""
    kind, _dutch, name = intervention
    title = f"{name} for {condition} in {group} {number}"
    start = FIRST_DAY + timedelta(days=number * 37 % DAYS)
    observing = number % 4 == 0
    design = {"observationalModel": "COHORT", "timePerspective": "PROSPECTIVE"}
    trial = {"allocation": "RANDOMIZED", "interventionModel": "PARALLEL", "primaryPurpose": "TREATMENT"}
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": f"{PREFIX}{number:06d}",
                "orgStudyIdInfo": {"id": f"BENCH-{number:06d}"},
                "briefTitle": title,
                "officialTitle": f"A Study of {title}",
            },
            "statusModule": {
                "overallStatus": STATUSES[number % len(STATUSES)],
                "startDateStruct": {"date": start.isoformat(), "type": "ACTUAL"},
                "completionDateStruct": {"date": f"{start.year + 2}-06", "type": "ESTIMATED"},
            },
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": f"Made-up Sponsor {number % 40}"}},
            "descriptionModule": {
                "briefSummary": f"We compare {name.lower()} with usual care for {condition.lower()}.",
                "detailedDescription": f"{title}. " * 20,
            },
            "conditionsModule": {"conditions": [condition], "keywords": [group, name]},
            "designModule": {
                "studyType": "OBSERVATIONAL" if observing else "INTERVENTIONAL",
                "phases": [] if observing else [f"PHASE{1 + number % 4}"],
                "designInfo": design if observing else trial,
                "enrollmentInfo": {"count": 20 + number % 500, "type": "ESTIMATED"},
            },
            "armsInterventionsModule": {"interventions": [{"type": kind, "name": name}]},
            "outcomesModule": {"primaryOutcomes": [{"measure": "Quality of life", "timeFrame": "6 months"}]},
            "eligibilityModule": {
                "eligibilityCriteria": f"Inclusion Criteria:\n\n* {condition}\n\nExclusion Criteria:\n\n* None",
                "sex": "ALL",
                "minimumAge": "18 Years",
            },
            "contactsLocationsModule": {
                "overallOfficials": [{"name": f"Researcher {number % 300}", "role": "PRINCIPAL_INVESTIGATOR"}],
                "locations": [
                    {"facility": f"Hospital {n}", "city": "Enschede", "country": "Netherlands"}
                    for n in range(1 + number % 12)
                ],
            },
        }
    }
