"""Assess an innovation: TRL and complexity by its team, class of device and AI and value by an innovation manager."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from academy.accounts.models import User
from academy.core import clock, events
from academy.core.cleaning import is_sensible
from academy.core.errors import InvalidInput

from ..models import Assessment, Innovation
from ..vocabularies import EDITIONS, AiClass, AssessmentKind, Complexity, DeviceClass, Domain
from . import steps

#: who assesses what; the team knows how far and how hard it is, a manager classifies
NEEDS = {
    AssessmentKind.TRL: "innovations.assess",
    AssessmentKind.NASSS: "innovations.assess",
    AssessmentKind.DEVICE: "innovations.manage",
    AssessmentKind.AI: "innovations.manage",
    AssessmentKind.VALUE: "innovations.manage",
}
_CODES = {
    AssessmentKind.TRL: [str(level) for level in range(1, 10)],
    AssessmentKind.VALUE: [str(score) for score in range(1, 11)],
    AssessmentKind.DEVICE: DeviceClass.values,
    AssessmentKind.AI: AiClass.values,
}
COLUMN = {
    AssessmentKind.TRL: "trl",
    AssessmentKind.NASSS: "complexity",
    AssessmentKind.DEVICE: "device",
    AssessmentKind.AI: "ai",
    AssessmentKind.VALUE: "value_score",
}


@transaction.atomic
def assess(
    *,
    innovation: Innovation,
    actor: User | None,
    kind: str,
    on: date,
    code: str = "",
    domains: Mapping[str, Mapping[str, Any]] | None = None,
    note_nl: str = "",
    note_en: str = "",
    edition: str = "",
    by: User | None = None,
) -> Assessment:
    """A dated entry; the last one by date holds. `domains` are those of NASSS: `{domain: {level, note_nl, note_en}}`.

    `by` is who assessed it, the actor when not given. Raises `InvalidInput` for a code or domain that is not one of the
    list, for a NASSS without all seven domains and for a day that is still to come.
    """
    innovation = steps.lock(innovation)
    kind = AssessmentKind(kind)
    steps.check(actor, NEEDS[kind], innovation)
    if on > clock.today() or not is_sensible(on):
        raise InvalidInput(fields={"on": [_("Choose a day up to today.")]})
    entry = Assessment.objects.create(
        innovation=innovation,
        kind=kind,
        code=_code(kind, code),
        domains=_domains(domains or {}) if kind == AssessmentKind.NASSS else {},
        note_nl=note_nl,
        note_en=note_en,
        edition=edition or EDITIONS.get(kind, ""),
        on=on,
        by=by or actor,
    )
    before = getattr(innovation, COLUMN[kind])
    hold_last(innovation, kind)
    events.record(
        actor=actor,
        object=innovation,
        verb="assess",
        from_state="" if before is None else str(before),
        to_state=entry.code or str(entry.complex),
        kind=kind,
        assessment=entry.pk,
    )
    return entry


def _code(kind: AssessmentKind, code: str) -> str:
    if kind == AssessmentKind.NASSS:
        return ""
    if str(code) not in _CODES[kind]:
        raise InvalidInput(fields={"code": [_("“%(value)s” is not one of the choices.") % {"value": str(code)[:40]}]})
    return str(code)


def _domains(given: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    wrong = [name for name in Domain.values if given.get(name, {}).get("level") not in Complexity.values]
    if wrong or set(given) - set(Domain.values):
        raise InvalidInput(
            fields={"domains": [_("Choose simple, complicated or complex for each of the seven domains.")]}
        )
    return {
        name: {"level": given[name]["level"], **{part: given[name].get(part, "") for part in ("note_nl", "note_en")}}
        for name in Domain.values
    }


def hold_last(innovation: Innovation, kind: str) -> None:
    """Keep on the innovation what its last entry of this kind says."""
    last = innovation.assessments.filter(kind=kind).order_by("-on", "-pk").first()
    column = COLUMN[AssessmentKind(kind)]
    if kind == AssessmentKind.NASSS:
        value: Any = last.complex
    else:
        value = int(last.code) if kind in (AssessmentKind.TRL, AssessmentKind.VALUE) else last.code
    setattr(innovation, column, value)
    innovation.save(update_fields=[column])
