"""Values of a record into columns and rows; called under the lock, with values that `cleaning.clean` gave."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from academy.accounts.models import Organisation, User
from academy.core.errors import InvalidInput

from ..models import Benefit, Compliance, Dependency, FteFigure, Innovation, Money, TeamMember
from ..record import FIELDS, MANY_KEYS, ONE_KEY, PEOPLE, Record

OWNER = "owner"


def write(innovation: Innovation, values: Record) -> None:
    """Store these fields; raises `InvalidInput` when one names something that does not exist."""
    columns = {name: value for name, value in values.items() if name not in MANY_KEYS and name not in _WRITERS}
    for name, value in columns.items():
        setattr(innovation, name, _column(name, value))
    innovation.save(update_fields=[*columns, "version", "changed_at"])
    for name in FIELDS:
        if name in values and name in MANY_KEYS:
            getattr(innovation, name).set(_many(name, values[name]))
        elif name in values and name in _WRITERS:
            _WRITERS[name](innovation, values[name])
    if "hours_per_fte" in values and "fte_figures" not in values:
        _work_out_again(innovation)


def refuse(name: str, value: Any) -> InvalidInput:
    return InvalidInput(fields={name: [_("“%(value)s” is not one of the choices.") % {"value": value}]})


def _related(name: str) -> type[Model]:
    return Innovation._meta.get_field(name).related_model


def _column(name: str, value: Any) -> Any:
    if name in ONE_KEY:
        return _many(name, [value], ONE_KEY[name])[0] if value else None
    if name in PEOPLE:
        return _people(name, [value]).get(value) if value else None
    return value


def _many(name: str, keys: list[str], key: str = "") -> list[Model]:
    """The records of these keys; of organisations only owners are the hospitals of an innovation."""
    key = key or MANY_KEYS[name]
    found = {getattr(record, key): record for record in _related(name)._default_manager.filter(**{f"{key}__in": keys})}
    for wanted in keys:
        if wanted not in found or (name == "organisations" and OWNER not in found[wanted].roles):
            raise refuse(name, wanted)
    return [found[wanted] for wanted in keys]


def _people(name: str, keys: Iterable[int | None]) -> dict[int, User]:
    wanted = {key for key in keys if key}
    found = User.objects.in_bulk(wanted) if wanted else {}
    if missing := wanted - set(found):
        raise refuse(name, min(missing))
    return found


def _decimal(value: str | None) -> Decimal | None:
    return None if value in ("", None) else Decimal(value)


def _compliance(innovation: Innovation, rows: list[Record]) -> None:
    documents = (
        set(innovation.documents.values_list("pk", flat=True)) if any(row["document"] for row in rows) else set()
    )
    if wrong := {row["document"] for row in rows if row["document"]} - documents:
        raise refuse("compliance", min(wrong))
    innovation.compliance.all().delete()
    Compliance.objects.bulk_create(
        Compliance(
            innovation=innovation, kind=row["kind"], state=row["state"], on=row["on"], document_id=row["document"]
        )
        for row in rows
    )


def _dependencies(innovation: Innovation, rows: list[Record]) -> None:
    innovation.dependencies.all().delete()
    Dependency.objects.bulk_create(Dependency(innovation=innovation, **row) for row in rows)


def benefit_rows(innovation: Innovation, rows: list[Record], people: dict[int, User]) -> list[Benefit]:
    """Unsaved rows."""
    figures = ("baseline", "target", "estimate", "validated", "actual")
    return [
        Benefit(
            innovation=innovation,
            **{
                **row,
                "owner": people.get(row["owner"]),
                **{name: _decimal(row[name]) for name in figures},
            },
        )
        for row in rows
    ]


def _benefits(innovation: Innovation, rows: list[Record]) -> None:
    people = _people("benefits", [row["owner"] for row in rows])
    innovation.benefits.all().delete()
    Benefit.objects.bulk_create(benefit_rows(innovation, rows, people))


def fte_rows(innovation: Innovation, rows: list[Record]) -> list[FteFigure]:
    """Unsaved rows, hours and FTE worked out."""
    figures = [
        FteFigure(
            innovation=innovation,
            measure=row["measure"],
            minutes_before=Decimal(row["minutes_before"]),
            minutes_after=Decimal(row["minutes_after"]),
            cases_per_year=row["cases_per_year"],
        )
        for row in rows
    ]
    for row in figures:
        row.work_out(innovation.hours_per_fte)
    return figures


def _fte_figures(innovation: Innovation, rows: list[Record]) -> None:
    innovation.fte_figures.all().delete()
    FteFigure.objects.bulk_create(fte_rows(innovation, rows))


def _work_out_again(innovation: Innovation) -> None:
    for row in innovation.fte_figures.all():
        row.work_out(innovation.hours_per_fte)
        row.save(update_fields=["hours_per_year", "fte"])


def money_rows(innovation: Innovation, rows: list[Record], funders: dict[str, Organisation]) -> list[Money]:
    """Unsaved rows."""
    return [
        Money(
            innovation=innovation,
            year=row["year"],
            funder=funders.get(row["funder"]),
            funder_name=row["funder_name"],
            kind=row["kind"],
            budget_eur=_decimal(row["budget_eur"]),
            spent_eur=_decimal(row["spent_eur"]),
        )
        for row in rows
    ]


def _money(innovation: Innovation, rows: list[Record]) -> None:
    wanted = {row["funder"] for row in rows} - {""}
    funders = Organisation.objects.in_bulk(wanted, field_name="key") if wanted else {}
    if missing := wanted - set(funders):
        raise refuse("money", min(missing))
    innovation.money.all().delete()
    Money.objects.bulk_create(money_rows(innovation, rows, funders))


def _team(innovation: Innovation, rows: list[Record]) -> None:
    people = _people("team", [row["person"] for row in rows])
    innovation.team.all().delete()
    TeamMember.objects.bulk_create(
        TeamMember(innovation=innovation, person=people[row["person"]], function=row["function"]) for row in rows
    )


_WRITERS: dict[str, Callable[[Innovation, Any], None]] = {
    "compliance": _compliance,
    "dependencies": _dependencies,
    "benefits": _benefits,
    "fte_figures": _fte_figures,
    "money": _money,
    "team": _team,
}
