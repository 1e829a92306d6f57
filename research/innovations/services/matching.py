"""What a row of a list means here: which innovation it is, what would change, and why it cannot be used.

A row is a dict by column name, as `academy.core.imports.tables` reads it; `importing.COLUMNS` has the columns. It is
matched on its number, else on its title among the innovations of the hospitals that the actor manages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from academy.accounts.models import Organisation, User
from academy.core.errors import InvalidInput
from academy.core.imports.contract import Context, Outcome, Plan, refused

from ..cleaning import clean
from ..models import Innovation
from ..permissions import managed, manager_of
from ..record import FIELDS, PEOPLE, Record, empty, read, with_everything
from ..states import Outcome as State
from ..states import Stage
from ..vocabularies import DependencyState, Measure, MoneyKind
from .saving import refuse_unknown

FTE_PARTS = ("minutes_before", "minutes_after", "cases_per_year")
ASSESSED = ("trl", "value", "device", "ai")
HISTORY = ("stage", "stage_since", "outcome", "outcome_since", "wake_up_on", "outcome_reason_nl", "outcome_reason_en")


def fte_column(measure: str, part: str) -> str:
    """The column of one part of an FTE figure, such as `fte_estimate_minutes_before`."""
    return f"fte_{measure}_{part}"


@dataclass
class Match:
    """A row, the innovation it is about (None: a new one), and what is written of it."""

    plan: Plan
    innovation: Innovation | None = None
    values: Record = field(default_factory=dict)
    history: dict[str, Any] = field(default_factory=dict)
    assessed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What rows refer to, looked up once for a batch."""

    people: Mapping[str, User]
    by_number: Mapping[str, Innovation]
    by_title: Mapping[str, list[Innovation]]
    own: frozenset[str]
    everywhere: bool

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]], context: Context, *, lock: bool) -> "Known":
        """In a fixed number of queries; `lock` keeps the innovations until the transaction ends."""
        emails = {row.get(name, "").strip().lower() for row in rows for name in PEOPLE} - {""}
        people = {person.email.lower(): person for person in User.objects.filter(email__in=emails)} if emails else {}
        numbers = {row.get("number", "").strip() for row in rows} - {""}
        titles = {_folded(row.get(name, "")) for row in rows for name in ("title_nl", "title_en")} - {""}
        mine = Innovation.objects.all() if context.actor is None else managed(context.actor)
        named = Q(lower_nl__in=titles) | Q(lower_en__in=titles) | Q(number__in=numbers)
        found = list(_whole(mine.annotate(lower_nl=Lower("title_nl"), lower_en=Lower("title_en")).filter(named), lock))
        by_title: dict[str, list[Innovation]] = {}
        for one in found:
            for title in {_folded(one.title_nl), _folded(one.title_en)} - {""}:
                by_title.setdefault(title, []).append(one)
        keys = Organisation.objects.filter(pk__in=manager_of(context.actor)) if context.actor else []
        return cls(
            people,
            {one.number: one for one in found},
            by_title,
            frozenset(organisation.key for organisation in keys),
            context.actor is None,
        )


def _whole(innovations: QuerySet[Innovation], lock: bool) -> QuerySet[Innovation]:
    whole = with_everything(innovations)
    return whole.select_for_update(of=("self",)) if lock else whole


def _folded(title: str) -> str:
    return " ".join(title.split()).lower()


def match(rows: Sequence[Mapping[str, Any]], context: Context, *, lock: bool = False) -> list[Match]:
    """One match per row, in order."""
    known = Known.of(rows, context, lock=lock)
    return [_Row(row, known, context.actor).match() for row in rows]


class _Row:
    """One row on its way to a plan."""

    def __init__(self, row: Mapping[str, Any], known: Known, actor: User | None) -> None:
        self.row, self.known, self.actor = row, known, actor
        self.number = row.get("number", "").strip()
        self.title = row.get("title_nl") or row.get("title_en") or ""
        self.key = self.number or _folded(self.title)
        self.problems: list[str] = []

    def match(self) -> Match:
        found = self._innovation()
        if self.problems:
            return Match(refused("\n".join(self.problems), key=self.key, title=self.title))
        match = self._changed(found) if found else self._new()
        if self.problems:
            return Match(refused("\n".join(self.problems), key=self.key, title=self.title))
        return match

    def _refuse(self, column: str, reason: str) -> None:
        told = {"column": column, "value": str(self.row.get(column, "")), "reason": reason}
        words = _("Column %(column)s, “%(value)s”: %(reason)s") if told["value"] else _("Column %(column)s: %(reason)s")
        self.problems.append(words % told)

    def _innovation(self) -> Innovation | None:
        if self.number:
            found = self.known.by_number.get(self.number)
            if found is None:
                self._refuse("number", _("no innovation of your hospital has it; leave it empty for a new one"))
            return found
        if not self.title:
            self._refuse("title_nl", _("a row needs a number or a title"))
            return None
        titles = {_folded(self.row.get(name, "")) for name in ("title_nl", "title_en")} - {""}
        found = {one.pk: one for title in titles for one in self.known.by_title.get(title, [])}
        if len(found) > 1:
            self._refuse("title_nl", _("more than one innovation has this title; give the number"))
        return next(iter(found.values()), None)

    def _values(self, before: Record) -> Record:
        """The fields that the row has, clean; what cannot be stored becomes a problem."""
        given = {name: self.row[name] for name in FIELDS if name in self.row and name not in (*PEOPLE, "dependencies")}
        for name in PEOPLE:
            if name in self.row:
                given[name] = self._person(name)
        given |= self._rows(before)
        if given.get("hours_per_fte") is None:
            given.pop("hours_per_fte", None)
        try:
            values = clean(given)
            refuse_unknown(self.actor, values, before)
            return values
        except InvalidInput as refusal:
            for name, messages in (refusal.fields or {}).items():
                self._refuse(name, " ".join(map(str, messages)))
            return {}

    def _person(self, name: str) -> int | None:
        email = self.row[name].strip().lower()
        if email and email not in self.known.people:
            self._refuse(name, _("nobody has an account with this e-mail address"))
        person = self.known.people.get(email)
        return person.pk if person else None

    def _rows(self, before: Record) -> Record:
        """Lists of rows of which a table shows a part; what it does not show stays."""
        rows: Record = {}
        if "dependencies" in self.row:
            kept = [entry for entry in before["dependencies"] if entry["kind"] in self.row["dependencies"]]
            new = set(self.row["dependencies"]) - {entry["kind"] for entry in kept}
            rows["dependencies"] = kept + [
                {"kind": kind, "name": "", "state": DependencyState.OPEN.value, "note_nl": "", "note_en": ""}
                for kind in self.row["dependencies"]
                if kind in new
            ]
        if figures := self._fte():
            others = [entry for entry in before["fte_figures"] if entry["measure"] not in figures]
            rows["fte_figures"] = others + [entry for entry in figures.values() if entry]
        if self.row.get("budget_year"):
            rows["money"] = self._money(before["money"])
        elif self.row.get("budget_eur") or self.row.get("spent_eur"):
            self._refuse("budget_year", _("money needs a year"))
        return rows

    def _fte(self) -> dict[str, Record | None]:
        """By measure the figure of the row; None where its three cells are empty."""
        figures: dict[str, Record | None] = {}
        for measure in Measure.values:
            cells = {part: self.row.get(fte_column(measure, part)) for part in FTE_PARTS}
            if not any(fte_column(measure, part) in self.row for part in FTE_PARTS):
                continue
            empty = all(cell is None for cell in cells.values())
            figures[measure] = None if empty else {"measure": measure, **cells}
        return figures

    def _money(self, before: list[Record]) -> list[Record]:
        kind = self.row.get("budget_kind") or MoneyKind.ONE_OFF.value
        same = (self.row["budget_year"], self.row.get("budget_funder", ""), kind)
        kept = [entry for entry in before if (entry["year"], entry["funder"], entry["kind"]) != same]
        replaced = next((entry for entry in before if entry not in kept), {"funder_name": ""})
        new = {
            **replaced,
            "year": same[0],
            "funder": same[1],
            "kind": kind,
            **{name: self.row.get(name, replaced.get(name)) for name in ("budget_eur", "spent_eur")},
        }
        return [new if entry is replaced else entry for entry in before] if replaced in before else [*kept, new]

    # New ------------------------------------------------------------------------------------------------------------

    def _new(self) -> Match:
        values = self._values(empty())
        self._check_hospitals(values)
        history = self._history()
        plan = Plan(Outcome.NEW, key=self.key, title=self.title)
        plan.changes = {name: (None, value) for name, value in self.row.items() if value not in (None, "", [])}
        return Match(plan, values=values, history=history, assessed=self._assessed())

    def _check_hospitals(self, values: Record) -> None:
        """Without one the own hospital; another one alone is for its own manager."""
        own = sorted(self.known.own)
        if not values.get("organisations"):
            if len(own) != 1:
                self._refuse("organisations", _("a new innovation needs a hospital"))
            values["organisations"] = own
        elif not self.known.everywhere and not self.known.own & set(values["organisations"]):
            self._refuse("organisations", _("your own hospital has to be among them"))

    def _assessed(self) -> dict[str, str]:
        """What is assessed in the row, by kind."""
        found = {name: self.row.get(name) for name in ASSESSED}
        for name, most in (("trl", 9), ("value", 10)):
            if found[name] is not None and found[name] not in range(1, most + 1):
                self._refuse(name, _("a whole number from 1 to %(most)s") % {"most": most})
        return {name: str(code) for name, code in found.items() if code not in (None, "")}

    def _history(self) -> dict[str, Any]:
        """Where a new one stands: its stage and outcome, with their days."""
        told = {name: self.row.get(name) or "" for name in HISTORY}
        told["stage"] = told["stage"] or Stage.IDEA.value
        told["outcome"] = told["outcome"] or State.ACTIVE.value
        if told["outcome"] == State.ON_HOLD and not told["wake_up_on"]:
            self._refuse("wake_up_on", _("on hold until when?"))
        if told["outcome"] == State.STOPPED and not (told["outcome_reason_nl"] or told["outcome_reason_en"]):
            self._refuse("outcome_reason_nl", _("stopped, but why?"))
        return told

    # Changed --------------------------------------------------------------------------------------------------------

    def _changed(self, innovation: Innovation) -> Match:
        before = read(innovation)
        values = {name: value for name, value in self._values(before).items() if value != before[name]}
        self._check_taken_off(values, before)
        assessed = {name: code for name, code in self._assessed().items() if code != str(_held(innovation, name) or "")}
        plan = Plan(Outcome.UNCHANGED, key=self.key, title=self.title, number=innovation.number)
        plan.changes = {name: (before[name], value) for name, value in values.items()}
        plan.changes |= {name: (_held(innovation, name), code) for name, code in assessed.items()}
        plan.notes = self._not_by_a_list(innovation)
        if plan.changes:
            plan.outcome = Outcome.CHANGED
        return Match(plan, innovation, values=values, assessed=assessed)

    def _check_taken_off(self, values: Record, before: Record) -> None:
        off = set(before["organisations"]) - set(values.get("organisations", before["organisations"]))
        if off and not self.known.everywhere and off - self.known.own:
            self._refuse("organisations", _("only an innovation manager of that hospital can take it off"))

    def _not_by_a_list(self, innovation: Innovation) -> list[Any]:
        """Stage and outcome change by decisions here, never by a list."""
        notes = []
        for name, now, label in (
            ("stage", innovation.stage, innovation.get_stage_display()),
            ("outcome", innovation.outcome, innovation.get_outcome_display()),
        ):
            if self.row.get(name) and self.row[name] != now:
                words = _("%(column)s stays “%(now)s”: a decision changes it, not a list.")
                notes.append(words % {"column": name, "now": label})
        return notes


def _held(innovation: Innovation, name: str) -> Any:
    """The assessment that holds now."""
    return getattr(innovation, {"value": "value_score"}.get(name, name))
