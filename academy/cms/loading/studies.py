"""Studies: registered, reviewed, published and followed through the services that people's clicks go through."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

from django.core.files.uploadedfile import SimpleUploadedFile

from academy.accounts.models import Role, User
from academy.core import clock
from academy.core.errors import Unknown
from academy.core.numbers import reserve
from research.studies.models import Access, Approval, Document, RecruitmentCount, Review, Study
from research.studies.record import Record
from research.studies.services import deadlines, inviting, publishing, reviewing, saving
from research.studies.services.documents import add_document
from research.studies.states import ApprovalState, PublicationState, ReviewState
from research.studies.vocabularies import ApprovalKind, DateType

from .agenda import Agenda
from .content import LANGUAGES, Calendar, Row, both, read
from .letters import letter
from .people import People
from .reference import Reference
from .report import Report
from .study_records import at_registration, dates_of, editors_of, later

# Days that the file does not tell.
WRITTEN_BEFORE_SUBMISSION, SUBMITTED_BEFORE_REQUEST, DRAFT_BEGAN = 21, 3, -12
# Parts of a working day.
REGISTERS, INVITES, SUBMITS, TAKES_UP, APPROVES, DECIDES, PUBLISHES = 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 0.8
CHANGES, PUBLISHES_CHANGES, MEETS = 0.3, 0.6, 0.85


@dataclass
class StudyPast:
    """The studies of the demo, while they are replayed."""

    what: ClassVar[str] = "studies"
    replayed: ClassVar[str] = "demo_studies_replayed"  # the event that says that it is done

    reference: Reference
    people: People
    calendar: Calendar
    studies: dict[str, Study] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows = read("studies")["studies"]
        self.date = dates_of(self.calendar)
        self.bureaus = held_by(Role.SCIENCE_BUREAU, self.people)
        self.researchers = {
            row["key"] for row in read("people")["people"] for entry in row["memberships"] if _researches(entry)
        }

    @property
    def size(self) -> int:
        return len(self.rows)

    @staticmethod
    def is_mixed() -> bool:
        """Whether people registered studies before the demo was complete."""
        return Study.objects.exists()

    def plan(self, agenda: Agenda) -> None:
        """Put everything that happened to the studies on the agenda."""
        for row in self.rows:
            _Plan(self, row, agenda).make()

    def finish(self, report: Report) -> None:
        """Deadlines as of today with their reminders, and numbers that go on after those that were given."""
        for study in self.studies.values():
            deadlines.refresh(study)
            _prefix, year, sequence = study.number.split("-")
            reserve(f"study:{year}", int(sequence))
        with clock.at(self.calendar.now):
            deadlines.remind()
        report.count(new=len(self.studies))

    def study(self, row: Row) -> Study:
        """As it is now; Unknown when registering was refused."""
        try:
            return Study.objects.get(pk=self.studies[row["key"]].pk)
        except KeyError:
            raise Unknown from None


def _researches(entry: Row) -> bool:
    return entry["role"] == Role.RESEARCHER


def held_by(role: str, people: People) -> dict[str, User]:
    """Somebody with this role at each hospital, by the hospital's key."""
    return {
        entry["organisation"]: people[row["key"]]
        for row in read("people")["people"]
        for entry in row["memberships"]
        if entry["role"] == role
    }


class _Plan:
    """What happened to one study."""

    def __init__(self, past: StudyPast, row: Row, agenda: Agenda) -> None:
        self.past, self.row, self.agenda = past, row, agenda
        self.key, self.people = row["key"], past.people
        self.leading = past.bureaus[row["leading_organisation"]]
        editors = editors_of(row)
        self.author = self.people[next(key for key in editors if key in past.researchers)]

    def make(self) -> None:
        submitted = [self._submitted_on(review) for review in self.row["reviews"] if _was_submitted(review)]
        began = min(submitted) - WRITTEN_BEFORE_SUBMISSION if submitted else DRAFT_BEGAN
        changes = later(self.row, self.people, self.past.date)
        record = at_registration(self.row, self.people, self.past.reference, self.past.date)
        # What was so from the start, or has no day of its own, is in the first version.
        for offset in [offset for offset in changes if offset <= began]:
            record |= changes.pop(offset)
        self._at(began, REGISTERS, "register", partial(self._register, began, record))
        self._at(began, INVITES, "invite", self._invite)
        for review in self.row["reviews"]:
            self._plan_review(review)
        for offset, values in changes.items():
            self._at(offset, CHANGES, "change", partial(self._change, values))
            self._at(offset, PUBLISHES_CHANGES, "publish changes of", self._publish_changes)
        self._plan_deadlines()
        self._at(0, MEETS, "figures of", self._figures)

    def _at(self, offset: int, of_day: float, what: str, do: Callable[[], Any]) -> None:
        moment = self.past.calendar.at(self.past.calendar.day(offset), of_day)
        self.agenda.add(moment, f"{what} {self.key}", do)

    # Registering -----------------------------------------------------------------------------------------------------

    def _register(self, began: int, record: Record) -> None:
        year = self.past.calendar.day(began).year
        number = f"S-{year}-{self.row['sequence']:04d}"
        self.past.studies[self.key] = saving.register(actor=self.author, values=record, number=number)

    def _invite(self) -> None:
        study, editors = self.past.study(self.row), editors_of(self.row)
        others = dict.fromkeys([*editors, *(entry["person"] for entry in self.row["team"])])
        for key in others:
            person = self.people[key]
            level = Access.Level.EDITOR if key in editors else Access.Level.VIEWER
            if person != self.author:
                inviting.invite(study=study, actor=self.author, email=person.email, level=level)

    # Reviews ---------------------------------------------------------------------------------------------------------

    def _submitted_on(self, review: Row) -> int:
        requested = min(entry["requested_offset_days"] for entry in review["approvals"])
        return requested - (0 if review["state"] == ReviewState.SUBMITTED else SUBMITTED_BEFORE_REQUEST)

    def _plan_review(self, review: Row) -> None:
        if not _was_submitted(review):
            return
        day, site = self._submitted_on(review), review["site"]
        self._at(day, SUBMITS, f"submit to {site}", partial(self._submit, review))
        if review["state"] == ReviewState.SUBMITTED:
            return
        self._at(day + SUBMITTED_BEFORE_REQUEST, TAKES_UP, f"{site} takes up", partial(self._take_up, review))
        for approval in review["approvals"]:
            if approval["state"] != ApprovalState.REQUESTED:
                said = approval["decision_offset_days"] or approval["requested_offset_days"]
                self._at(said, APPROVES, f"{approval['kind']} at {site} of", partial(self._say, review, approval))
        if review["state"] in ReviewState.positive():
            decided = max(approval["decision_offset_days"] for approval in review["approvals"])
            self._at(decided, DECIDES, f"{site} decides on", partial(self._decide, review))
            if self._leads(review) and self.row["publication_state"] == PublicationState.PUBLISHED:
                self._at(decided, PUBLISHES, "publish", self._publish)
            self._plan_conditions(review, decided)

    def _plan_conditions(self, review: Row, decided: int) -> None:
        """Whoever recruits has done what was asked."""
        first = self.row["dates"]["first_enrolment"]
        if first["type"] == DateType.ACTUAL:
            for approval in review["approvals"]:
                if approval.get("conditions"):
                    day = max(first["offset_days"], decided)
                    self._at(day, MEETS, "conditions of", partial(self._meet_conditions, review, approval))

    def _leads(self, review: Row) -> bool:
        return review["site"] == self.row["leading_organisation"]

    def _review(self, review: Row) -> Review:
        study = self.past.study(self.row)
        return Review.objects.select_related("site__organisation").get(
            site__study=study, site__organisation__key=review["site"]
        )

    def _submit(self, review: Row) -> None:
        reviewing.submit(study=self.past.study(self.row), actor=self.author, sites=[review["site"]])
        found, bureau = self._review(review), self.past.bureaus[review["site"]]
        if found.kind != review["kind"]:
            reviewing.change_kind(review=found, actor=bureau, kind=review["kind"])

    def _take_up(self, review: Row) -> None:
        """The bodies are those of the file: this study may have asked others than the hospital's route of today."""
        found, bureau = self._review(review), self.past.bureaus[review["site"]]
        Approval.objects.bulk_create(self._approval(found, approval) for approval in review["approvals"])
        reviewing.take_up(review=found, actor=bureau)
        if review["state"] == ReviewState.IN_REVIEW:
            reviewing.assign(review=found, actor=bureau, to=bureau)

    def _approval(self, review: Review, row: Row) -> Approval:
        return Approval(
            review=review,
            order=2 if row["kind"] == ApprovalKind.BOARD else 1,
            kind=row["kind"],
            state=ApprovalState.REQUESTED,
            requested_on=self.past.calendar.day(row["requested_offset_days"]),
            **both(row["body"], "body"),
        )

    def _say(self, review: Row, row: Row) -> None:
        found, bureau = self._review(review), self.past.bureaus[review["site"]]
        limit = row.get("valid_until_offset_days")
        reviewing.record_approval(
            approval=self._row_of(found, row),
            actor=bureau,
            state=row["state"],
            valid_until=None if limit is None else self.past.calendar.day(limit),
            document=self._letter(found, row, bureau) if row["document"] else None,
            **both(row.get("conditions"), "conditions"),
        )

    def _row_of(self, review: Review, row: Row) -> Approval:
        return review.approvals.get(kind=row["kind"], body_nl=row["body"]["nl"])

    def _letter(self, review: Review, row: Row, bureau: User) -> Document:
        words = [row["body"]["nl"], "", f"{self.row['acronym']}: {ApprovalState(row['state']).label}"]
        words += [f"{self.past.date(row['decision_offset_days'])}, {review.site.organisation.short_name}"]
        words += [row["conditions"][code] for code in LANGUAGES if "conditions" in row]
        words += ["", "Verzonnen brief voor de demo. Invented letter for the demo."]
        upload = SimpleUploadedFile(row["document"], letter(words), "application/pdf")
        return add_document(study=review.site.study, actor=bureau, upload=upload, site=review.site)

    def _meet_conditions(self, review: Row, row: Row) -> None:
        found = self._review(review)
        bureau = self.past.bureaus[review["site"]]
        reviewing.meet_conditions(approval=self._row_of(found, row), actor=bureau)

    def _decide(self, review: Row) -> None:
        """The conditions of the hospital are those of its bodies."""
        asked = [approval["conditions"] for approval in review["approvals"] if approval.get("conditions")]
        conditions = {code: "\n".join(text[code] for text in asked) for code in LANGUAGES}
        found, bureau = self._review(review), self.past.bureaus[review["site"]]
        reviewing.decide(review=found, actor=bureau, outcome=review["state"], **both(conditions, "conditions"))

    # What happened afterwards ----------------------------------------------------------------------------------------

    def _publish(self) -> None:
        publishing.publish(study=self.past.study(self.row), actor=self.leading)

    def _change(self, values: Record) -> None:
        study = self.past.study(self.row)
        saving.save(study=study, actor=self.author, base_version=study.version, values=values)

    def _publish_changes(self) -> None:
        """What an editor may not change at once waits for the bureau of the leading hospital."""
        study = self.past.study(self.row)
        if study.proposed:
            publishing.publish_changes(study=study, actor=self.leading)

    def _figures(self) -> None:
        sites = {site.organisation.key: site for site in self.past.study(self.row).sites.select_related("organisation")}
        RecruitmentCount.objects.bulk_create(
            RecruitmentCount(
                site=sites[entry["site"]],
                on=self.past.calendar.day(entry["month_start_offset_days"]),
                **{name: entry[name] for name in ("screened", "included", "withdrawn")},
            )
            for entry in self.row["recruitment"]
        )

    def _plan_deadlines(self) -> None:
        for entry in self.row["deadlines"]:
            if entry["done_offset_days"] is not None:
                self._at(entry["done_offset_days"], MEETS, f"{entry['kind']} of", partial(self._meet, entry))

    def _meet(self, entry: Row) -> None:
        study = self.past.study(self.row)
        deadlines.refresh(study)
        due = self.past.calendar.day(entry["due_offset_days"])
        near = (due - timedelta(days=1), due + timedelta(days=1))  # the file's years have no 29 February
        deadline = study.deadlines.filter(
            kind=entry["kind"], due_on__range=near, site__organisation__key=entry["site"]
        ).first()
        if deadline is None:
            raise Unknown
        if deadline.done_on is None:
            deadlines.meet(deadline=deadline, actor=self.author, on=self.past.calendar.day(entry["done_offset_days"]))


def _was_submitted(review: Row) -> bool:
    return review["state"] not in ReviewState.with_researcher()
