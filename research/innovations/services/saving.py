"""Put in an innovation and change what is written in it; nobody's change is lost when two people edit at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from academy.accounts.models import Membership, Organisation, User
from academy.accounts.permissions import home_organisation, member_of
from academy.core import clock, events
from academy.core.errors import InvalidInput
from academy.core.merging import Clash, three_way
from academy.core.numbers import next_number
from courses.catalogue.models import Course
from research.studies.models import Study
from research.studies.permissions import visible_to as visible_studies

from .. import record as records
from ..cleaning import as_now, clean
from ..errors import Clashing
from ..models import Innovation, Passage
from ..permissions import manager_of
from ..record import FIELDS, PEOPLE, PEOPLE_IN_ROWS, Record
from ..selectors import record_at
from ..states import Stage
from . import steps
from .writing import write


@dataclass(frozen=True)
class Saved:
    """What became of a change: the innovation, which fields were written, and on which somebody has to decide."""

    innovation: Innovation
    changed: tuple[str, ...] = ()
    clashes: Mapping[str, Clash] = field(default_factory=dict)


@transaction.atomic
def put_in(
    *, actor: User, values: Mapping[str, Any] | None = None, source: str = "form", number: str = ""
) -> Innovation:
    """A new draft with its number, in the stage *idea*; who puts it in owns it unless `values` name another owner.

    The hospital of the actor is its hospital when no other is given. Raises `NotAllowed` to who is no member.
    """
    steps.check(actor, "innovations.put_in")
    written = clean(values or {})
    written.setdefault("owner", actor.pk)
    _refuse_strangers(actor, written, records.empty())
    refuse_unknown(actor, written, records.empty())
    if written["owner"] != actor.pk and actor.pk not in {row["person"] for row in written.get("team", [])}:
        written["team"] = [*written.get("team", []), {"person": actor.pk, "function": ""}]
    if not written.get("organisations"):
        written["organisations"] = _home(actor)
    innovation = create(actor=actor, values=written, source=source, number=number)
    events.record(actor=actor, object=innovation, verb="put_in", to_state=innovation.publication_state)
    return innovation


def _home(actor: User) -> list[str]:
    home = Organisation.objects.filter(pk=home_organisation(actor)).first()
    return [home.key] if home and "owner" in home.roles else []


def create(
    *,
    actor: User | None,
    values: Record,
    source: str,
    number: str = "",
    stage: Stage = Stage.IDEA,
    since: date | None = None,
) -> Innovation:
    """The row of a new innovation with its first passage and revision; `values` are clean."""
    moment, day = clock.now(), since or clock.today()
    innovation = Innovation(
        number=number or new_number(),
        stage=stage,
        stage_since=day,
        created_by=actor,
        created_at=moment,
        changed_at=moment,
    )
    innovation.save(force_insert=True)
    Passage.objects.create(innovation=innovation, stage=stage, since=day)
    write(innovation, values)
    steps.keep_revision(innovation, actor, source=source)
    return innovation


def new_number() -> str:
    """The next number of this year, such as I-2026-0001."""
    year = clock.today().year
    return f"I-{year}-{next_number(f'innovation:{year}'):04d}"


@transaction.atomic
def save(
    *,
    innovation: Innovation,
    actor: User | None,
    base_version: int,
    values: Mapping[str, Any],
    reason: str = "",
    source: str = "form",
    strict: bool = False,
    seen: Mapping[str, int] | None = None,
) -> Saved:
    """Write what the actor changed since `base_version`; `seen` has the version of fields that were seen in another.

    Fields that somebody else changed meanwhile to something else are left as they are and come back as clashes, all
    others are written; `strict` refuses everything with `Clashing` when there is another version. Raises
    `InvalidInput` for values that cannot be stored, and for a validated benefit or hospital that only an innovation
    manager may change.
    """
    innovation = steps.lock(innovation)
    steps.check(actor, "innovations.edit", innovation)
    mine = clean(values)
    fresh = steps.with_record(innovation)
    theirs = records.read(fresh)
    if strict and base_version != innovation.version:
        different = {name: value for name, value in mine.items() if value != theirs[name]}
        raise Clashing(version=innovation.version, mine=different, theirs={name: theirs[name] for name in different})
    merge = three_way(_base(innovation, theirs, base_version, seen or {}), mine, theirs)
    if merge.taken:
        _refuse_not_theirs(fresh, actor, merge.taken, theirs)
        _refuse_strangers(actor, merge.taken, theirs)
        refuse_unknown(actor, merge.taken, theirs)
        _stay_in_team(actor, merge.taken, theirs)
        fresh.version += 1
        fresh.changed_at = clock.now()
        write(fresh, merge.taken)
        steps.keep_revision(fresh, actor, reason=reason, source=source)
    return Saved(fresh, tuple(name for name in FIELDS if name in merge.taken), merge.clashes)


def _base(innovation: Innovation, theirs: Record, version: int, seen: Mapping[str, int]) -> Record:
    """Every field as the actor saw it before changing it."""
    known = {innovation.version: theirs}
    for wanted in {version, *seen.values()} - set(known):
        known[wanted] = as_now(record_at(innovation, wanted))
    return {**known[version], **{name: known[at][name] for name, at in seen.items() if name in FIELDS}}


def _refuse_not_theirs(innovation: Innovation, actor: User | None, taken: Record, theirs: Record) -> None:
    """Validated figures are for innovation managers; a hospital is taken off by its own."""
    if actor is None:
        return
    wrong: dict[str, list[str]] = {}
    if not actor.has_perm("innovations.manage", innovation):
        for name in ("benefits", "fte_figures"):
            if name in taken and _validated(name, taken[name]) != _validated(name, theirs[name]):
                wrong[name] = [_("An innovation manager of your hospital validates figures.")]
    if "organisations" in taken:
        own = set(Organisation.objects.filter(pk__in=manager_of(actor)).values_list("key", flat=True))
        if set(theirs["organisations"]) - set(taken["organisations"]) - own:
            wrong["organisations"] = [_("Only an innovation manager of that hospital can take it off.")]
    if wrong:
        raise InvalidInput(fields=wrong)


def _people_in(values: Record) -> dict[str, set[int]]:
    """The people that the fields name."""
    found = {name: {values[name]} for name in PEOPLE if name in values}
    found |= {name: {row[part] for row in values[name]} for name, part in PEOPLE_IN_ROWS.items() if name in values}
    return {name: keys - {None} for name, keys in found.items()}


def _refuse_strangers(actor: User | None, taken: Record, theirs: Record) -> None:
    """Only colleagues are named; an account that is no member anywhere stays unknown to who tries its key.

    Innovation managers know the people of partners.
    """
    if actor is None or manager_of(actor):
        return
    known = set().union(*_people_in(theirs).values())
    named = _people_in(taken)
    new = set().union(*named.values()) - known
    if not new:
        return
    colleagues = set(Membership.objects.filter(person__in=new).values_list("person", flat=True))
    wrong = {
        name: [_("Choose a colleague who has an account.")] for name, keys in named.items() if keys & new - colleagues
    }
    if wrong:
        raise InvalidInput(fields=wrong)


def _stay_in_team(actor: User | None, taken: Record, theirs: Record) -> None:
    """Whoever hands it over to another owner goes on seeing it, in the team."""
    if actor is None or theirs["owner"] != actor.pk or taken.get("owner", actor.pk) == actor.pk:
        return
    team = taken.get("team", theirs["team"])
    if actor.pk not in {row["person"] for row in team}:
        taken["team"] = [*team, {"person": actor.pk, "function": ""}]


def refuse_unknown(actor: User | None, taken: Record, theirs: Record) -> None:
    """A study or course that the actor may not know of is refused as one that does not exist."""
    wrong: dict[str, list[str]] = {}
    for name in LINKS:
        new = _linked(taken, name) - _linked(theirs, name)
        if new and actor is not None and (unknown := new - _known(name, new, actor)):
            wrong[name] = [_("“%(value)s” is not one of the choices.") % {"value": min(unknown)}]
    if wrong:
        raise InvalidInput(fields=wrong)


LINKS = ("studies", "evidence_study", "courses")


def _linked(values: Record, name: str) -> set[str]:
    value = values.get(name) or []
    return set(value) if isinstance(value, list) else {value}


def _known(name: str, keys: set[str], actor: User) -> set[str]:
    """Those of these numbers or codes that the actor may know of."""
    if name == "courses":
        return set(Course.objects.visible_to(member_of(actor)).filter(code__in=keys).values_list("code", flat=True))
    return set(visible_studies(Study.objects.filter(number__in=keys), actor).values_list("number", flat=True))


def _validated(name: str, rows: list[Record]) -> Any:
    if name == "benefits":
        return {row["key"]: row["validated"] for row in rows if row["validated"] is not None}
    return [row for row in rows if row["measure"] == "validated"]
