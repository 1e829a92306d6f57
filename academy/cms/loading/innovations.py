"""Innovations: put in, published, assessed and decided on through the services that people's clicks go through."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

from django.core.files.uploadedfile import SimpleUploadedFile

from academy.accounts.models import Role, User
from academy.core.errors import Unknown
from academy.core.numbers import reserve
from academy.strategy.models import Body
from research.innovations.models import Document, Innovation
from research.innovations.record import Record
from research.innovations.services import assessing, gates, history, outcomes, publishing, saving
from research.innovations.services.documents import add_document
from research.innovations.states import Outcome, Result
from research.innovations.vocabularies import AssessmentKind
from research.studies.models import Study

from .agenda import Agenda
from .content import Calendar, Row, both, read
from .innovation_records import after_intake, at_intake, before_gate, last_day, links
from .letters import letter
from .people import People
from .reference import Reference
from .report import Report
from .studies import held_by

# Days that the file does not tell.
OPENED_BEFORE_DUE, HELD_AFTER, SCALED_AFTER = 42, 60, 60
# Parts of a working day.
PUTS_IN, PUBLISHES, ENTERS, WRITES, ASSESSES, OPENS, DECIDES, ENDS, LINKS = (
    0.1,
    0.2,
    0.3,
    0.4,
    0.5,
    0.6,
    0.7,
    0.8,
    0.9,
)


@dataclass
class InnovationPast:
    """The innovations of the demo, while they are replayed."""

    what: ClassVar[str] = "innovations"
    replayed: ClassVar[str] = "demo_innovations_replayed"  # the event that says that it is done

    reference: Reference
    people: People
    calendar: Calendar
    studies: dict[str, Study]
    innovations: dict[str, Innovation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows = read("innovations")["innovations"]
        self.managers = held_by(Role.INNOVATION_MANAGER, self.people)
        self.bodies = {body.key: body for body in Body.objects.all()}

    @property
    def size(self) -> int:
        return len(self.rows)

    @staticmethod
    def is_mixed() -> bool:
        """Whether people put in innovations before the demo was complete."""
        return Innovation.objects.exists()

    def plan(self, agenda: Agenda) -> None:
        """Put everything that happened to the innovations on the agenda."""
        for row in self.rows:
            _Plan(self, row, agenda).make()

    def finish(self, report: Report) -> None:
        """Numbers go on after those that were given."""
        for innovation in self.innovations.values():
            _prefix, year, sequence = innovation.number.split("-")
            reserve(f"innovation:{year}", int(sequence))
        report.count(new=len(self.innovations))

    def innovation(self, row: Row) -> Innovation:
        """As it is now; Unknown when putting it in was refused."""
        try:
            return Innovation.objects.get(pk=self.innovations[row["key"]].pk)
        except KeyError:
            raise Unknown from None


class _Plan:
    """What happened to one innovation."""

    def __init__(self, past: InnovationPast, row: Row, agenda: Agenda) -> None:
        self.past, self.row, self.agenda = past, row, agenda
        self.people = past.people
        self.owner = self.people[row["owner"]]
        self.manager = next(past.managers[key] for key in row["organisations"] if key in past.managers)

    def make(self) -> None:
        entered = [(entry["stage"], entry["from_offset_days"]) for entry in self.row["stage_history"]]
        entered.append((self.row["stage"], self.row["stage_since_offset_days"]))
        (_stage, began), *later = entered
        self._at(began, PUTS_IN, "put in", partial(self._put_in, began))
        self._at(began, PUBLISHES, "publish", self._publish)
        passed = {entry["gate"] for entry in self.row["decisions"] if entry["result"] in Result.onward()}
        for stage, since in later:
            if stage not in passed:
                self._at(since, ENTERS, f"{stage} of", partial(self._take_over, stage, since))
        if decided := [entry["decided_offset_days"] for entry in self.row["decisions"] if entry["decided_offset_days"]]:
            before = max(min(decided) - 1, began)
            if before < last_day(self.row):
                self._at(before, WRITES, "prepare", partial(self._prepare, before))
        self._at(last_day(self.row), WRITES, "fill in", self._fill_in)
        self._plan_assessments()
        for entry in self.row["decisions"]:
            self._plan_decision(entry)
        self._plan_end()
        self._at(0, LINKS, "link", self._link)

    def _at(self, offset: int, of_day: float, what: str, do: Callable[[], Any]) -> None:
        moment = self.past.calendar.at(self.past.calendar.day(offset), of_day)
        self.agenda.add(moment, f"{what} {self.row['key']}", do)

    def _put_in(self, began: int) -> None:
        number = f"I-{self.past.calendar.day(began).year}-{self.row['sequence']:04d}"
        values = at_intake(self.row, self.people, self.past.reference)
        self.past.innovations[self.row["key"]] = saving.put_in(actor=self.owner, values=values, number=number)

    def _publish(self) -> None:
        innovation = publishing.submit(innovation=self.past.innovation(self.row), actor=self.owner)
        publishing.publish(innovation=innovation, actor=self.manager)

    def _take_over(self, stage: str, since: int) -> None:
        innovation, day = self.past.innovation(self.row), self.past.calendar.day(since)
        history.take_over(innovation=innovation, actor=self.manager, stage=stage, since=day)

    def _prepare(self, day: int) -> None:
        """What a body has before it when it decides for the first time: estimates, and what was settled by then."""
        self._save(self.manager, before_gate(self.row, self.people, self.past.calendar, day))

    def _fill_in(self) -> None:
        """A manager writes it, since validated figures are theirs."""
        named = [entry["document"] for entry in self.row.get("compliance", []) if entry["document"]]
        documents = {name: self._document(name).pk for name in named}
        self._save(self.manager, after_intake(self.row, self.people, self.past.calendar, documents))

    def _document(self, name: str) -> Document:
        words = [self.row["title"]["nl"], "", name, "Verzonnen document voor de demo. Invented document for the demo."]
        upload = SimpleUploadedFile(name, letter(words), "application/pdf")
        return add_document(innovation=self.past.innovation(self.row), actor=self.manager, upload=upload)

    def _link(self) -> None:
        numbers = {key: study.number for key, study in self.past.studies.items()}
        self._save(self.owner, links(self.row, numbers))

    def _save(self, actor: User, values: Record) -> None:
        innovation = self.past.innovation(self.row)
        saving.save(innovation=innovation, actor=actor, base_version=innovation.version, values=values)

    # Assessments -----------------------------------------------------------------------------------------------------

    def _plan_assessments(self) -> None:
        row, began = self.row, [entry["from_offset_days"] for entry in self.row["stage_history"]]
        since = max([self.row["stage_since_offset_days"] - 1, *began])  # for the gate to the stage of today
        if "trl" in row:
            told = both(row["trl"]["health_reading"], "note")
            self._assess(since, self.owner, kind=AssessmentKind.TRL, code=str(row["trl"]["level"]), **told)
        if "nasss" in row:
            domains = {
                name: {"level": entry["level"], **both(entry.get("note"), "note")}
                for name, entry in row["nasss"].items()
            }
            self._assess(since, self.owner, kind=AssessmentKind.NASSS, domains=domains)
        for kind in (AssessmentKind.DEVICE, AssessmentKind.AI):
            for entry in row.get(kind.value, []):
                self._assess(
                    entry["classified_offset_days"],
                    self.people[entry["classified_by"]],
                    kind=kind,
                    code=entry["class"],
                    edition=entry.get("vocabulary", ""),
                    **both(entry.get("rule"), "note"),
                )
        if "value_score" in row:
            score = str(row["value_score"])
            self._assess(
                row["scored_offset_days"], self.people[row["scored_by"]], kind=AssessmentKind.VALUE, code=score
            )

    def _assess(self, offset: int, actor: User, **entry: Any) -> None:
        def do() -> None:
            innovation, day = self.past.innovation(self.row), self.past.calendar.day(offset)
            assessing.assess(innovation=innovation, actor=actor, on=day, **entry)

        self._at(offset, ASSESSES, f"{entry['kind']} of", do)

    # Decisions -------------------------------------------------------------------------------------------------------

    def _plan_decision(self, entry: Row) -> None:
        due, decided = entry["due_offset_days"], entry["decided_offset_days"]
        before = [other["decided_offset_days"] for other in self.row["decisions"] if other["decided_offset_days"]]
        earliest = self.row["stage_since_offset_days"] if decided is None else max(before, default=due)
        opened = max(min(due - OPENED_BEFORE_DUE, -1), earliest) if decided is None else decided
        self._at(opened, OPENS, "open a gate of", partial(self._open, entry))
        if decided is not None:
            self._at(decided, DECIDES, "decide on", partial(self._decide, entry))

    def _open(self, entry: Row) -> None:
        gates.open_gate(
            innovation=self.past.innovation(self.row),
            actor=self.manager,
            body=self.past.bodies[entry["body"]],
            owner=self.people[entry["owner"]],
            due_on=self.past.calendar.day(entry["due_offset_days"]),
        )

    def _decide(self, entry: Row) -> None:
        innovation = self.past.innovation(self.row)
        decided_on = self.past.calendar.day(entry["decided_offset_days"])
        gates.decide(
            decision=innovation.decisions.get(result=Result.OPEN),
            actor=self.manager,
            result=entry["result"],
            decided_on=decided_on,
            evidence_version=entry["evidence_version"],
            next_review_on=self._day(entry["next_review_offset_days"]),
            conditions=self._conditions(entry),
            **both(entry["rationale"], "rationale"),
            **self._consequences(entry),
        )

    def _day(self, offset: int | None) -> Any:
        return None if offset is None else self.past.calendar.day(offset)

    def _conditions(self, entry: Row) -> list[Row]:
        """Who owns the decision sees to its conditions, until the next review."""
        if "conditions" not in entry:
            return []
        due = self._day(entry["next_review_offset_days"])
        return [{**both(entry["conditions"], "text"), "owner": self.people[entry["owner"]], "due_on": due}]

    def _consequences(self, entry: Row) -> Row:
        if entry["result"] == Result.HOLD:
            held = self.row["on_hold"]
            return {"wake_up_on": self._day(held["wake_up_offset_days"]), **both(held["reason"], "reason")}
        if entry["result"] == Result.STOP:
            return {**both(self.row["end_reason"], "reason"), **both(self.row["lessons"], "lessons")}
        return {}

    # Outcomes --------------------------------------------------------------------------------------------------------

    def _plan_end(self) -> None:
        outcome, since = self.row["outcome"], self.row["stage_since_offset_days"]
        held_by_a_body = any(entry["result"] == Result.HOLD for entry in self.row["decisions"])
        if outcome == Outcome.ON_HOLD and not held_by_a_body:
            self._at(min(since + HELD_AFTER, 0), ENDS, "put on hold", self._hold)
        elif outcome == Outcome.SCALED:
            self._at(min(since + SCALED_AFTER, 0), ENDS, "scale", self._scale)
        elif outcome == Outcome.WITHDRAWN:
            self._at(self.row["ended_offset_days"], ENDS, "withdraw", self._withdraw)

    def _hold(self) -> None:
        held = self.row["on_hold"]
        outcomes.put_on_hold(
            innovation=self.past.innovation(self.row),
            actor=self.manager,
            wake_up_on=self.past.calendar.day(held["wake_up_offset_days"]),
            **both(held["reason"], "reason"),
        )

    def _scale(self) -> None:
        reason = both(self.row.get("reuse"), "reason")
        outcomes.scale(innovation=self.past.innovation(self.row), actor=self.manager, **reason)

    def _withdraw(self) -> None:
        reason = both(self.row["end_reason"], "reason")
        outcomes.withdraw(innovation=self.past.innovation(self.row), actor=self.owner, **reason)
