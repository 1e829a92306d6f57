"""Innovations in every state that tests ask for."""

from datetime import timedelta

from academy.accounts.models import Organisation, Role, Unit, User
from academy.core import clock
from academy.strategy.models import Body, Goal, Horizon, Pillar
from research.innovations.cleaning import clean
from research.innovations.models import Decision, Innovation
from research.innovations.services import gates, publishing, saving, steps, writing
from research.innovations.states import Result, Stage

from . import people

#: The texts of the intake.
TEXTS = {
    "title_nl": "Thuismonitoring hartfalen",
    "title_en": "Home monitoring for heart failure",
    "summary_nl": "Mensen met hartfalen meten thuis; een team kijkt mee.",
    "summary_en": "People with heart failure measure at home; a team watches.",
    "problem_nl": "Veel heropnames komen niet uit de lucht vallen.",
    "problem_en": "Many readmissions do not come out of the blue.",
    "how_it_works_nl": "De patiënt meet elke ochtend gewicht en bloeddruk.",
    "how_it_works_en": "Every morning the patient measures weight and blood pressure.",
}


def manager(of: Organisation, **columns) -> User:
    """An innovation manager of this hospital."""
    return people.member(of, role=Role.INNOVATION_MANAGER, **columns)


def pillar(number: int = 3) -> Pillar:
    found, _new = Pillar.objects.get_or_create(
        number=number, defaults={"key": f"p{number}", "name_nl": f"Pijler {number}", "short_nl": f"Kort {number}"}
    )
    return found


def horizons() -> list[Horizon]:
    """The four horizons, in order."""
    names = {"h1": "1 jaar", "h3_5": "3–5 jaar", "h10": "10 jaar", "h20_30": "20–30 jaar"}
    return [
        Horizon.objects.get_or_create(key=key, defaults={"name_nl": name, "order": order})[0]
        for order, (key, name) in enumerate(names.items(), start=1)
    ]


def goal(key: str = "g1", order: int = 1) -> Goal:
    return Goal.objects.get_or_create(key=key, defaults={"name_nl": f"Doel {key}", "order": order})[0]


def body(key: str = "body_innovation_board", **columns) -> Body:
    return Body.objects.get_or_create(key=key, defaults={"name_nl": "Innovatieraad", "name_en": "Board", **columns})[0]


def unit(of: Organisation) -> Unit:
    key = f"{of.key}_unit"
    return Unit.objects.get_or_create(key=key, defaults={"organisation": of, "name_nl": f"Unit {of.short_name}"})[0]


def values(*hospitals: Organisation, **changed) -> dict:
    """Everything that the intake asks for, of these hospitals."""
    return {
        **TEXTS,
        "organisations": sorted(hospital.key for hospital in hospitals),
        "units": sorted({unit(hospital).key for hospital in hospitals}),
        "pillar": pillar().key,
        **changed,
    }


def innovation(*hospitals: Organisation, owner: User | None = None, **changed) -> Innovation:
    """A complete draft of these hospitals (one when none is given), put in by `owner`."""
    hospitals = hospitals or (people.organisation(),)
    links = {name: changed.pop(name) for name in saving.LINKS if name in changed}
    made = saving.put_in(actor=owner or people.member(hospitals[0]), values=values(*hospitals, **changed))
    writing.write(made, clean(links))  # also to what the owner may not know of, as somebody else may have linked it
    return made


def published(*hospitals: Organisation, owner: User | None = None, stage: str = Stage.IDEA, days: int = 0, **changed):
    """One in the portfolio, in this stage since so many days (history imported, no decisions)."""
    made = publishing.publish(innovation=innovation(*hospitals, owner=owner, **changed), actor=None)
    since = clock.today() - timedelta(days=days)
    made.passages.update(since=since - timedelta(days=1) if stage != Stage.IDEA else since)
    if stage != Stage.IDEA:
        steps.enter(made, Stage(stage), on=since, decision=None)
    Innovation.objects.filter(pk=made.pk).update(stage_since=since)
    return Innovation.objects.get(pk=made.pk)


def gate(of: Innovation, *, due_in: int = 14, owner: User | None = None) -> Decision:
    """An open gate, due in so many days."""
    return gates.open_gate(
        innovation=of, actor=None, body=body(), due_on=clock.today() + timedelta(days=due_in), owner=owner
    )


def decided(of: Innovation, result: str = Result.GO, **given) -> Decision:
    """The next gate of it, asked and decided today."""
    return gates.record_decision(
        innovation=of,
        actor=None,
        body=body(),
        result=result,
        decided_on=clock.today(),
        rationale_nl=given.pop("rationale_nl", "Het werkt bij één team."),
        **given,
    )
