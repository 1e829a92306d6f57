"""Many made-up innovations for measurements: in every stage and outcome, with what the portfolio counts."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, product
from typing import Any

from django.db import transaction

from academy.accounts.models import Organisation, User
from academy.core import clock
from academy.strategy.models import Body, Challenge, Goal, Horizon, Pillar, Programme, RoadmapLine
from academy.taxonomy.models import Specialty
from research.innovations.models import Benefit, Decision, Dependency, FteFigure, Innovation, Money, Passage
from research.innovations.states import Outcome, PublicationState, Stage
from research.innovations.vocabularies import (
    AiClass,
    Aim,
    DependencyKind,
    DependencyState,
    DeviceClass,
    Measure,
    MoneyKind,
    Visibility,
)
from search import facade

from .content import LANGUAGES, both
from .records import link
from .report import Report

PREFIX = "I-1999-"  # a year in which nobody put an idea in
BATCH = 500
# 12 × 10 × 8 titles; beyond that they repeat with another number.
WHAT = [
    ("Thuismonitoring", "Home monitoring"),
    ("Spraakverslag", "Speech reports"),
    ("Slimme planning", "Smart scheduling"),
    ("Digitale intake", "Digital intake"),
    ("Beeldbellen", "Video calls"),
    ("Meetpleister", "Wearable patch"),
    ("Eén werkwijze", "One way of working"),
    ("Gedeelde wachtlijst", "Shared waiting list"),
    ("Medicatierobot", "Medication robot"),
    ("Keuzehulp", "Decision aid"),
    ("Lichte bewaking", "Light monitoring"),
    ("Flexpool", "Flexible staff pool"),
]
ABOUT = [
    ("hartfalen", "heart failure"),
    ("COPD", "COPD"),
    ("diabetes", "diabetes"),
    ("wonden", "wounds"),
    ("heupbreuken", "hip fractures"),
    ("zwangerschap", "pregnancy"),
    ("infusen", "infusions"),
    ("delier", "delirium"),
    ("operaties", "operations"),
    ("verslagen", "reports"),
]
WHERE = [
    ("op de poli", "in the clinic"),
    ("op de SEH", "in the emergency department"),
    ("op de OK", "in theatre"),
    ("thuis", "at home"),
    ("op de afdeling", "on the ward"),
    ("in de keten", "across the chain"),
    ("bij ouderen", "in older people"),
    ("bij kinderen", "in children"),
]
WORDS = list(product(WHAT, ABOUT, WHERE))
#: of 20 innovations so many have this outcome and this visibility; of 11 so many are in this stage
OUTCOMES = [Outcome.ACTIVE] * 14 + [Outcome.ON_HOLD] * 2 + [Outcome.STOPPED] * 2 + [Outcome.SCALED, Outcome.WITHDRAWN]
STAGES = [stage for stage, share in zip(Stage, (3, 2, 2, 1, 1, 1, 1), strict=True) for _turn in range(share)]
VISIBLE = [Visibility.PUBLIC] * 15 + [Visibility.MEMBERS] * 3 + [Visibility.TEAM] * 2


def seed(count: int, report: Report) -> None:
    """Bring the number of benchmark innovations up to `count`; the index is the caller's."""
    there = Innovation.objects.filter(number__startswith=PREFIX).count()
    report.count(unchanged=min(there, count))
    lists = _lists() if there < count else {}
    if there < count and not (lists["organisations"] and lists["pillar"]):
        report.refuse("innovations", "no hospitals or pillars yet; run load_demo first")
        return
    numbers = iter(range(there, count))
    while batch := list(islice(numbers, BATCH)):
        with facade.draining_paused(), transaction.atomic():
            _write(batch, lists)
        report.count(new=len(batch))
        report.progress("innovations", batch[-1] + 1, count)


def _lists() -> dict[str, list[Any]]:
    models = {
        "pillar": Pillar,
        "horizon": Horizon,
        "goals": Goal,
        "challenges": Challenge,
        "programmes": Programme,
        "specialties": Specialty,
        "line": RoadmapLine,
        "body": Body,
    }
    hospitals = list(Organisation.objects.filter(kind="hospital")[:2])
    people = list(User.objects.order_by("pk")[:50])
    return {name: list(model.objects.all()) for name, model in models.items()} | {
        "organisations": hospitals,
        "people": people,
    }


def _one(entries: list[Any], number: int) -> Any:
    return entries[number % len(entries)] if entries else None


def _write(numbers: list[int], lists: dict[str, list[Any]]) -> None:
    made = Innovation.objects.bulk_create([_innovation(number, lists) for number in numbers])
    pairs = list(zip(numbers, made, strict=True))
    for field, every in (("organisations", 1), ("goals", 1), ("challenges", 2), ("programmes", 3), ("specialties", 1)):
        through = Innovation._meta.get_field(field).remote_field.through
        through.objects.bulk_create(
            row
            for number, one in pairs
            if lists[field] and number % every == 0
            for row in link(one, field, [_one(lists[field], number * 3 + number // 7)])
        )
    for maker in (_passages, _figures, _benefits, _money, _dependencies, _gates):
        rows = [row for number, one in pairs for row in maker(number, one, lists)]
        if rows:
            type(rows[0]).objects.bulk_create(rows)


def _innovation(number: int, lists: dict[str, list[Any]]) -> Innovation:
    words = WORDS[number * 7 % len(WORDS)]  # 7 shares no factor with their number: neighbours differ
    title = {code: f"{words[0][i]} {words[1][i]} {words[2][i]} {number}" for i, code in enumerate(LANGUAGES)}
    today, outcome = clock.today(), OUTCOMES[number * 3 % len(OUTCOMES)]
    horizons = lists["horizon"]
    first = number % len(horizons) if horizons else 0
    return Innovation(
        number=f"{PREFIX}{number:06d}",
        **both(title, "title"),
        **both(title, "summary"),
        **both(title, "problem"),
        **both(title, "how_it_works"),
        owner=_one(lists["people"], number),
        pillar=_one(lists["pillar"], number * 5) if number % 25 else None,
        horizon_from=horizons[first] if horizons and number % 9 else None,
        horizon_to=horizons[min(first + number % 2, len(horizons) - 1)] if horizons and number % 9 else None,
        roadmap_line=_one(lists["line"], number) if number % 3 else None,
        visibility=VISIBLE[number * 7 % len(VISIBLE)],
        stage=STAGES[number * 3 % len(STAGES)],
        stage_since=today - timedelta(days=number * 37 % 400),
        outcome=outcome,
        outcome_since=None if outcome == Outcome.ACTIVE else today - timedelta(days=number % 200),
        wake_up_on=today + timedelta(days=30 + number % 90) if outcome == Outcome.ON_HOLD else None,
        trl=1 + number % 9,
        value_score=1 + number * 3 % 10 if number % 4 else None,
        complexity=number * 5 % 8 if number % 5 else None,
        device=_one(DeviceClass.values, number),
        ai=_one(AiClass.values, number * 5),
        publication_state=PublicationState.PUBLISHED if number % 20 else PublicationState.DRAFT,
        published_at=clock.now() if number % 20 else None,
    )


def _passages(number: int, one: Innovation, lists: dict[str, list[Any]]) -> list[Passage]:
    return [Passage(innovation=one, stage=one.stage, since=one.stage_since)]


def _figures(number: int, one: Innovation, lists: dict[str, list[Any]]) -> list[FteFigure]:
    """Half of them have an estimate, some of these what came after it."""
    measures = [Measure.ESTIMATE, Measure.VALIDATED, Measure.ACTUAL][: number % 4] if number % 2 else []
    rows = [
        FteFigure(
            innovation=one,
            measure=measure,
            minutes_before=Decimal(10 + number % 50),
            minutes_after=Decimal(5 + number % 30),
            cases_per_year=100 + number * 13 % 9_000,
        )
        for measure in measures
    ]
    for row in rows:
        row.work_out(one.hours_per_fte)
    return rows


def _benefits(number: int, one: Innovation, lists: dict[str, list[Any]]) -> list[Benefit]:
    return [
        Benefit(
            innovation=one,
            key=f"b{n}",
            category=Aim.values[(number + n) % len(Aim.values)],
            disbenefit=(number + n) % 8 == 0,
            kpi_nl=f"Maat {n}",
            estimate=Decimal(n + 1),
            validated=Decimal(n + 2) if number % 2 else None,
            actual=Decimal(n + 3) if number % 4 == 1 else None,
        )
        for n in range(number % 3)
    ]


def _money(number: int, one: Innovation, lists: dict[str, list[Any]]) -> list[Money]:
    year = clock.today().year
    return [
        Money(
            innovation=one,
            year=year - n,
            kind=MoneyKind.values[n % 2],
            budget_eur=Decimal(1_000 * (1 + number % 90)),
            spent_eur=Decimal(900 * (1 + number % 90)) if n else None,
        )
        for n in range(number % 3)
    ]


def _dependencies(number: int, one: Innovation, lists: dict[str, list[Any]]) -> list[Dependency]:
    if number % 3:
        return []
    kind, state = _one(DependencyKind.values, number // 3), _one(DependencyState.values, number)
    return [Dependency(innovation=one, kind=kind, state=state)]


def _gates(number: int, one: Innovation, lists: dict[str, list[Any]]) -> list[Decision]:
    """One in six waits for a decision."""
    following = Stage(one.stage).next
    if number % 6 or following is None or not lists["body"]:
        return []
    due: date = clock.today() + timedelta(days=number % 60 - 20)
    body, owner = _one(lists["body"], number), _one(lists["people"], number + 1)
    return [Decision(innovation=one, from_stage=one.stage, gate=following, body=body, owner=owner, due_on=due)]
