"""What this room leaves on the desk of owners, of who sees to a decision or condition, and of innovation managers."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Count, Min, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from academy.accounts.models import User
from academy.core import clock, registries, wording
from academy.core.models import Event
from academy.core.registries import Door, Section, Todo
from academy.core.translation import pick

from . import badges
from .deciding_showing import decision_url, missing_items, part_url, title_of
from .models import Assessment, Condition, Decision, Innovation, TeamMember
from .permissions import manager_of, may_know, own
from .record import IDEA, with_everything
from .selectors import with_rights
from .states import Outcome, PublicationState, Result
from .worklist import handed_in, overseen

SOON = timedelta(days=30)  # gates that come sooner are tasks
NEAR = timedelta(days=7)  # and conditions
MOST = 8  # of one kind; the rest stands behind a link
SHOWN = 5  # innovations on the desk
NAMED = 3  # missing things that a task names


# What waits for somebody who owns or prepares something ---------------------------------------------------------------


@registries.todo_sources.register("innovations")
def todo_of_owners(person: User) -> list[Todo]:
    """What waits for the owner of an innovation, a decision or a condition; few questions where there is nothing."""
    found = _conditions(person) + _prepares(person)
    owned = Innovation.objects.filter(Q(owner=person) | Q(owner=None, created_by=person))
    owned = owned.exclude(outcome__in=Outcome.ended()).exclude(publication_state=PublicationState.OFFLINE)
    by_state = dict(owned.order_by().values_list("publication_state").annotate(n=Count("pk")))
    if by_state.get(PublicationState.DRAFT):
        found += _given_back(owned)
    if set(by_state) - {PublicationState.DRAFT}:
        found += _missing(owned) + [_stalled(row) for row in owned.published().stalled().order_by("stage_since")[:MOST]]
    return found


def _conditions(person: User) -> list[Todo]:
    """Conditions of this person that are late or nearly so; of what they may not know of nothing is said."""
    rows = Condition.objects.filter(owner=person, met_on=None, due_on__lte=clock.today() + NEAR)
    rows = rows.exclude(decision__innovation__outcome__in=Outcome.ended())
    rows = rows.exclude(decision__innovation__publication_state=PublicationState.OFFLINE).order_by("due_on", "pk")
    rows = rows.select_related("decision").prefetch_related(_with_rights("decision__innovation"))
    return [_condition(row, person) for row in rows[: MOST + 1] if may_know(person, row.decision.innovation)]


def _with_rights(path: str) -> Prefetch:
    return Prefetch(path, with_rights(Innovation.objects.all()))


def _condition(row: Condition, person: User) -> Todo:
    innovation = row.decision.innovation
    may_meet = person.has_perm("innovations.meet", innovation)
    return Todo(
        title=_("Meet the condition: %(innovation)s") % {"innovation": title_of(innovation)},
        url=decision_url(row.decision) if may_meet else innovation.get_absolute_url(),
        action=_("See it"),
        hint=str(pick(row, "text")),
        **_urgency(row.due_on),
    )


def _urgency(due: Any) -> dict[str, Any]:
    """Status, tone, icon and order by the last day."""
    late = badges.of_due(due)
    if late:
        return {"status": late.text, "tone": late.tone, "icon": late.icon, "due": due, "overdue": True}
    return {"status": wording.row_date(due), "tone": "warning", "icon": "calendar", "due": due}


def _prepares(person: User) -> list[Todo]:
    """Open gates that this person prepares."""
    rows = _due_gates().filter(owner=person).prefetch_related(_with_rights("innovation"))
    return [_gate(row, person) for row in rows[:MOST] if may_know(person, row.innovation)]


def _due_gates() -> QuerySet[Decision]:
    rows = Decision.objects.open().filter(due_on__lte=clock.today() + SOON)
    rows = rows.exclude(innovation__publication_state=PublicationState.OFFLINE)
    return rows.select_related("body").order_by("due_on", "pk")


def _gate(row: Decision, person: User) -> Todo:
    near = person.has_perm("innovations.see_team", row.innovation)
    return Todo(
        title=_("Decision: %(innovation)s") % {"innovation": title_of(row.innovation)},
        url=decision_url(row) if near else row.innovation.get_absolute_url(),
        action=_("Prepare it"),
        hint=", ".join((str(pick(row.body, "name")), str(row.get_gate_display()), row.innovation.number)),
        **_urgency(row.due_on),
    )


def _given_back(owned: QuerySet[Innovation]) -> list[Todo]:
    """Ideas that an innovation manager sent back and that were not handed in again."""
    drafts = owned.filter(publication_state=PublicationState.DRAFT)
    drafts = list(drafts.order_by("-changed_at", "-pk")[:MOST])
    reasons = _last_reasons(drafts)
    return [
        Todo(
            title=_("Hand in again: %(innovation)s") % {"innovation": title_of(draft)},
            url=reverse("innovations:step", kwargs={"number": draft.number, "step": IDEA}),
            action=_("Change the idea"),
            hint=reasons[draft.pk],
            status=_("More is needed"),
            tone="warning",
            icon="message-square",
        )
        for draft in drafts
        if draft.pk in reasons
    ]


def _last_reasons(drafts: Iterable[Innovation]) -> dict[int, str]:
    """Why they were given back the last time; those that never were are left out."""
    pks = [str(draft.pk) for draft in drafts]
    happened = Event.objects.filter(object_type=Innovation._meta.label_lower, object_id__in=pks, verb="give_back")
    return {int(pk): reason for pk, reason in happened.order_by("pk").values_list("object_id", "reason")}


def _missing(owned: QuerySet[Innovation]) -> list[Todo]:
    """What is not filled in yet before an open gate."""
    gates = Decision.objects.filter(result=Result.OPEN)
    waiting = owned.filter(pk__in=gates.values("innovation"))
    rows = with_everything(waiting).prefetch_related(Prefetch("decisions", gates, to_attr="open_gates"))
    return [todo for row in rows[:MOST] if (todo := _fill_in(row))]


def _fill_in(row: Innovation) -> Todo | None:
    gate = row.open_gates[0]
    items = missing_items(row, gate.gate)
    if not items:
        return None
    names = ", ".join(str(item.label) for item in items[:NAMED])
    more = len(items) - NAMED
    hint = ngettext("%(names)s and %(n)s more", "%(names)s and %(n)s more", more) if more > 0 else "%(names)s"
    return Todo(
        title=_("Fill in: %(innovation)s") % {"innovation": title_of(row)},
        url=part_url(row, items[0].step),
        action=_("Fill in"),
        hint=hint % {"names": names, "n": more},
        status=_("Before the decision"),
        tone="warning",
        icon="pencil",
        due=gate.due_on,
    )


def _stalled(row: Innovation) -> Todo:
    return Todo(
        title=_("Nothing moves: %(innovation)s") % {"innovation": title_of(row)},
        url=row.get_absolute_url(),
        action=_("See it"),
        hint=", ".join((str(row.get_stage_display()), row.number)),
        status=badges.of_stillness(row).text,
        tone="warning",
        icon="clock",
    )


# What waits for an innovation manager ---------------------------------------------------------------------------------


@registries.todo_sources.register("innovations to manage")
def todo_of_managers(person: User) -> list[Todo]:
    """Ideas, gates, wake-ups and what is stalled, of the hospitals whose innovation manager the person is."""
    if not manager_of(person):
        return []
    return _ideas(person) + _gates(person) + _wake_ups(person) + _all_stalled(person)


def _ideas(person: User) -> list[Todo]:
    """All ideas as one task, since the oldest one."""
    found = handed_in(person).order_by().aggregate(n=Count("pk"), oldest=Min("handed_in_at"))
    if not found["n"]:
        return []
    title = ngettext("Look at %(n)s idea", "Look at %(n)s ideas", found["n"]) % {"n": found["n"]}
    return [
        Todo(
            title=title,
            url=reverse("innovations:intake"),
            action=_("See them"),
            hint=_("The oldest was handed in on %(day)s") % {"day": wording.long_date(found["oldest"])},
            status=_("Handed in"),
            tone="info",
            icon="lightbulb",
        )
    ]


def _gates(person: User) -> list[Todo]:
    """Gates that others prepare, too; what the person prepares is a task of its own already."""
    rows = _due_gates().filter(innovation__in=overseen(person).values("pk"))
    rows = rows.exclude(owner=person).prefetch_related(_with_rights("innovation"))
    found = [_gate(row, person) for row in rows[: MOST + 1]]
    if len(found) <= MOST:
        return found
    last = found[MOST]
    rest = Todo(
        title=_("More decisions"),
        url=reverse("innovations:steering"),
        action=_("See all"),
        due=last.due,
        overdue=last.overdue,
    )
    return [*found[:MOST], rest]


def _wake_ups(person: User) -> list[Todo]:
    rows = overseen(person).filter(outcome=Outcome.ON_HOLD, wake_up_on__lte=clock.today())
    rows = rows.exclude(publication_state=PublicationState.OFFLINE).order_by("wake_up_on", "pk")
    return [
        Todo(
            title=_("Look again: %(innovation)s") % {"innovation": title_of(row)},
            url=reverse("innovations:outcome", kwargs={"number": row.number}),
            action=_("Decide how it goes on"),
            hint=str(pick(row, "outcome_reason")),
            status=_("On hold until %(day)s") % {"day": wording.row_date(row.wake_up_on)},
            tone="warning",
            icon="pause",
            due=row.wake_up_on,
        )
        for row in rows[:MOST]
    ]


def _all_stalled(person: User) -> list[Todo]:
    """Everything that does not move as one task, with how much it is."""
    count = overseen(person).published().stalled().count()
    if not count:
        return []
    words = ngettext("%(n)s innovation does not move", "%(n)s innovations do not move", count)
    return [
        Todo(
            title=words % {"n": count},
            url=reverse("innovations:stalled"),
            action=_("See them"),
            hint=_("Longer than 90 days in the same stage"),
            status=_("Stalled"),
            tone="warning",
            icon="clock",
        )
    ]


# Sections, doors, own data --------------------------------------------------------------------------------------------


@registries.desk_sections.register("innovations")
def my_innovations(person: User) -> Section | None:
    """The innovations of whose team the person is, the last changed first; nothing where there are none."""
    rows = list(own(person).order_by("-changed_at", "-pk")[:SHOWN])
    if not rows:
        return None
    return Section("innovations/desk/section.html", {"rows": [_line(row) for row in rows]}, rank=25)


def _line(row: Innovation) -> tuple[Innovation, Any, str]:
    """What it is and how it stands: the stage once it is in the portfolio, before that what it waits for."""
    if row.publication_state != PublicationState.PUBLISHED:
        return row, title_of(row), badges.of_publication(row.publication_state).text
    standing = row.get_stage_display() if row.outcome == Outcome.ACTIVE else badges.of_outcome(row.outcome).text
    return row, title_of(row), str(standing)


@registries.doors.register("innovations to manage")
def doors(person: User) -> list[Door]:
    """Ideas and the agenda for innovation managers; the auditor reads."""
    if not person.has_perm("innovations.see_queue"):
        return []
    return [
        Door(gettext_lazy("Ideas handed in"), reverse("innovations:intake"), "lightbulb", handed_in(person).count()),
        Door(gettext_lazy("Steering group"), reverse("innovations:steering"), "calendar"),
    ]


@registries.personal_data.register("innovations")
def personal_data(person: User) -> dict[str, Any]:
    """Innovations that the person put in, owns or works on, with the decisions and conditions they saw to."""
    owned = Innovation.objects.filter(Q(owner=person) | Q(created_by=person))
    teams = TeamMember.objects.filter(person=person).select_related("innovation")
    conditions = Condition.objects.filter(owner=person).select_related("decision__innovation")
    return {
        "innovations": list(owned.order_by("pk").values("number", "title_nl", "title_en", "created_at")),
        "innovation_teams": [{"innovation": row.innovation.number, "function": row.function} for row in teams],
        "gate_decisions": list(
            Decision.objects.filter(Q(owner=person) | Q(recorded_by=person))
            .order_by("pk")
            .values("innovation__number", "gate", "due_on", "result", "decided_on")
        ),
        "conditions": [
            {
                "innovation": row.decision.innovation.number,
                "condition": row.text_nl or row.text_en,
                "due_on": row.due_on,
                "met_on": row.met_on,
                "note": row.met_note,
            }
            for row in conditions
        ],
        "assessments": list(
            Assessment.objects.filter(by=person).order_by("pk").values("innovation__number", "kind", "code", "on")
        ),
    }
