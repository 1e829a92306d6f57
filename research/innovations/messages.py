"""What this room writes to people; every message is a row in the transaction of the state that it tells of.

Nobody is told of what they did themselves, nor of an innovation that they may not know of.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from academy.accounts.models import Membership, Role, User
from academy.core import clock, mail
from academy.core.translation import pick

from .models import Condition, Decision, Innovation
from .permissions import level_of, may_know, organisation_ids
from .states import Outcome
from .vocabularies import Visibility

#: why somebody gets a mail
OWNER, TEAM, MANAGER, PREPARES, CONDITION = "owner", "team", "manager", "prepares", "condition"


def handed_in(innovation: Innovation, actor: User | None) -> None:
    """The innovation managers of its hospitals have an idea to look at."""
    about = _About(innovation, actor)
    about.write("innovation_handed_in", MANAGER, about.managers(), f"handed_in:{innovation.pk}:{_moment()}")


def given_back(innovation: Innovation, actor: User | None, reason: str) -> None:
    about = _About(innovation, actor)
    key = f"given_back:{innovation.pk}:{_moment()}"
    about.write("innovation_given_back", OWNER, about.owner(), key, reason=reason)


def published(innovation: Innovation, actor: User | None) -> None:
    _About(innovation, actor).to_team("innovation_published", f"published:{innovation.pk}:{_moment()}")


def taken_offline(innovation: Innovation, actor: User | None, reason: str) -> None:
    key = f"offline:{innovation.pk}:{_moment()}"
    _About(innovation, actor).to_team("innovation_offline", key, reason=reason)


def _moment() -> str:
    """What may happen again is told each time; the caller's state keeps it from happening at once."""
    return clock.now().isoformat()


def gate_asked(decision: Decision, actor: User | None, *, moved: bool = False, reason: str = "") -> None:
    """A body is asked to decide, or another day, body or owner is chosen."""
    about = _About(decision.innovation, actor)
    key = f"gate:{decision.pk}:{_moment()}" if moved else f"gate:{decision.pk}"
    context = _of_gate(decision) | {"moved": moved, "reason": reason}
    about.write("innovation_gate", OWNER, about.owner(), key, **context)
    about.write("innovation_gate", PREPARES, _some(decision.owner), key, **context)


def decided(decision: Decision, actor: User | None) -> None:
    """A body has decided: the team hears it, and everybody who has to see to a condition."""
    about = _About(decision.innovation, actor)
    conditions = list(decision.conditions.select_related("owner"))
    about.to_team(
        "innovation_decided",
        f"decision:{decision.pk}",
        **_of_gate(decision),
        result=decision.result,
        stage=about.innovation.stage,
        wake_up_on=_day(about.innovation.wake_up_on) if about.innovation.outcome == Outcome.ON_HOLD else "",
        next_review_on=_day(decision.next_review_on),
        rationale_nl=decision.rationale_nl,
        rationale_en=decision.rationale_en,
        conditions=[_of_condition(condition) for condition in conditions],
    )
    for condition in conditions:
        key = f"condition:{condition.pk}"
        about.write("innovation_condition", CONDITION, _some(condition.owner), key, **_assigned(condition, decision))


def gate_due(decision: Decision, stage: str, key: str) -> None:
    """A gate comes near or its day has passed: to who prepares it, or else to the innovation managers."""
    about = _About(decision.innovation)
    why, people = (PREPARES, _some(decision.owner)) if decision.owner else (MANAGER, about.managers())
    about.write("innovation_gate_due", why, people, key, due_stage=stage, **_of_gate(decision))


def condition_due(condition: Condition, stage: str, key: str) -> None:
    """A condition comes near or is overdue: to who sees to it, or else to the owner of the innovation."""
    about = _About(condition.decision.innovation)
    why, people = (CONDITION, _some(condition.owner)) if condition.owner else (OWNER, about.owner())
    context = _assigned(condition, condition.decision)
    about.write("innovation_condition_due", why, people, key, due_stage=stage, **context)


def woken(innovation: Innovation, key: str) -> None:
    """The day has come on which somebody looks again at what is on hold."""
    about = _About(innovation)
    about.write(
        "innovation_wake_up",
        MANAGER,
        about.managers(),
        key,
        wake_up_on=_day(innovation.wake_up_on),
        reason_nl=innovation.outcome_reason_nl,
        reason_en=innovation.outcome_reason_en,
    )


def _of_gate(decision: Decision) -> dict[str, Any]:
    return {
        "decision": decision.pk,
        "from_stage": decision.from_stage,
        "gate": decision.gate,
        "body_nl": decision.body.name_nl,
        "body_en": decision.body.name_en,
        "due_on": _day(decision.due_on),
        "prepared_by": decision.owner.full_name if decision.owner else "",
    }


def _assigned(condition: Condition, decision: Decision) -> dict[str, Any]:
    return {"decision": decision.pk, "gate": decision.gate, **_of_condition(condition)}


def _of_condition(condition: Condition) -> dict[str, Any]:
    return {
        "text_nl": condition.text_nl,
        "text_en": condition.text_en,
        "person": condition.owner.full_name if condition.owner else "",
        "due_on": _day(condition.due_on),
    }


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _some(person: User | None) -> list[User]:
    return [person] if person else []


class _About:
    """The innovation as it is now, with everybody who may have to hear of it."""

    def __init__(self, innovation: Innovation, actor: User | None = None) -> None:
        found = Innovation.objects.select_related("owner", "created_by")
        found = found.prefetch_related("organisations", "team__person")
        self.innovation, self.actor = found.get(pk=innovation.pk), actor

    def owner(self) -> list[User]:
        """Who owns it, or put it in while nobody does."""
        return _some(self.innovation.owner or self.innovation.created_by)

    def managers(self) -> list[User]:
        """The innovation managers of its hospitals."""
        held = Membership.objects.in_force().filter(
            organisation__in=organisation_ids(self.innovation), role=Role.INNOVATION_MANAGER
        )
        return list(User.objects.filter(pk__in=held.values("person")))

    def to_team(self, kind: str, event_key: str, **context: Any) -> None:
        """To the owner and the team."""
        self.write(kind, OWNER, self.owner(), event_key, **context)
        team = [member.person for member in self.innovation.team.all()]
        self.write(kind, TEAM, team, event_key, **context)

    def write(self, kind: str, why: str, people: Iterable[User], event_key: str, **context: Any) -> None:
        """To those of these people who are active and may know of the innovation."""
        for person in people:
            itself = self.actor is not None and person.pk == self.actor.pk
            if person.is_active and not itself and may_know(person, self.innovation):
                self._write(kind, person, event_key, {"why": why, **context})

    def _write(self, kind: str, person: User, event_key: str, context: dict[str, Any]) -> None:
        innovation, language = self.innovation, person.preferred_language
        with override(language):
            address = settings.SITE_URL + reverse("innovations:innovation", kwargs={"number": innovation.number})
            title = str(pick(innovation, "title") or innovation.number)
        mail.write(
            kind=kind,
            to=person.email,
            person=person,
            language=language,
            event_key=event_key,
            context={
                "given_name": person.given_name,
                "innovation": title,
                "number": innovation.number,
                "url": address,
                "near": level_of(person, innovation) == Visibility.TEAM,
                **context,
            },
        )
