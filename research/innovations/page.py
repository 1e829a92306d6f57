"""What the page of an innovation shows to whom."""

from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.core import wording
from academy.core.badges import Badge
from academy.core.translation import Text, current, in_each_language, pick
from research.studies.sheet import MARKS

from . import assessed, badges, figures, gates, linked, linked_data, sections
from .deciding_showing import Missing, gate_words, history, missing_of
from .models import Decision, Innovation
from .permissions import level_of
from .record import IDEA
from .sheet import Sheet
from .states import Outcome, PublicationState, Result
from .track import track
from .vocabularies import AssessmentKind, Visibility


def page_of(innovation: Innovation, user: Any) -> dict[str, Any]:
    """The page as it stands, for this user; the innovation is one of `selectors.page_for`."""
    sheet = Sheet(innovation, level_of(user, innovation))
    may = _may(innovation, user)
    waiting = _waiting(innovation)
    studies = linked.studies(innovation, user)
    documents = list(innovation.documents.select_related("uploaded_by")) if sheet.is_near else []
    return {
        "innovation": innovation,
        "sheet": sheet,
        "summary": sheet.text("summary", "identity"),
        "pillar": innovation.pillar if sheet.sees("strategy") else None,
        "hospitals": _hospitals(sheet),
        "outcome": badges.of_outcome(innovation.outcome),
        "urgency": badges.of_urgency(innovation) if sheet.sees("strategy") else None,
        "may": may,
        "buttons": _buttons(innovation, may, waiting),
        "restriction": _restriction(innovation, may),
        "ended": _ended(innovation),
        "lessons": sheet.text("lessons", "lessons"),
        "problem": sheet.text("problem", "identity"),
        "how_it_works": sheet.text("how_it_works", "identity"),
        "track": track(innovation, waiting),
        "gate": _gate(innovation, waiting) if waiting else None,
        "missing": _missing(innovation) if may["edit"] else [],
        "decisions": history(innovation),
        "sees_people": sheet.sees("people"),
        **_figures(sheet),
        **_assessed(sheet),
        "compliance": sections.compliance(sheet, {document.pk: document for document in documents}),
        "compliance_mark": sheet.mark("compliance"),
        "dependencies": linked.dependencies(innovation) if sheet.sees("dependencies") else [],
        "sections": _sections(sheet, studies),
        "facts": sections.characteristics(sheet),
        "contact": innovation.contact_email if sheet.sees("people") else "",
        "belonging": _belonging(sheet, studies, user),
        "documents": documents,
        "team_mark": MARKS[Visibility.TEAM] if innovation.visibility != Visibility.TEAM else None,
        "similar": linked.similar(innovation, user),
        **_addresses(innovation),
    }


def _hospitals(sheet: Sheet) -> str:
    """`MST and ZGT`."""
    names = sorted(row.short_name for row in sheet.innovation.organisations.all())
    return get_text_list(names, _("and"))


def _figures(sheet: Sheet) -> dict[str, Any]:
    """Tables of what it brings, saves and costs, as far as they may be seen."""
    one = sheet.innovation
    return {
        "benefits": figures.benefits(one) if sheet.sees("benefits") else [],
        "figure_labels": list(figures.figure_labels().values()),
        "fte": figures.time_and_fte(one) if sheet.sees("fte") else [],
        "fte_method": sheet.text("fte_method", "fte"),
        "hours_per_fte": wording.number(one.hours_per_fte),
        "money": figures.money(one) if sheet.sees("money") else None,
        "money_mark": sheet.mark("money"),
    }


def _assessed(sheet: Sheet) -> dict[str, Any]:
    kinds = assessed.kinds(sheet.innovation, with_people=sheet.sees("people"))
    nasss = kinds.get(AssessmentKind.NASSS)
    return {
        "assessed": [kinds[kind] for kind in assessed.ORDER if kind in kinds],
        "nasss": nasss,
        "domains": assessed.domains(nasss.now.entry.assessment) if nasss else [],
    }


def _sections(sheet: Sheet, studies: dict[int, linked.Link]) -> list[sections.Section]:
    made = (
        sections.strategy(sheet),
        sections.evidence(sheet, studies.get(sheet.innovation.evidence_study_id)),
        sections.elsewhere(sheet),
    )
    return [section for section in made if section.rows]


def _belonging(sheet: Sheet, studies: dict[int, linked.Link], user: Any) -> list[linked.Link]:
    """Studies and courses that belong with it."""
    if not sheet.sees("links"):
        return []
    named = {study.pk for study in sheet.innovation.studies.all()}
    return [*(link for pk, link in studies.items() if pk in named), *linked.courses(sheet.innovation, user)]


# What can be done, and what needs attention ---------------------------------------------------------------------------


_ACTIONS = ("edit", "assess", "attach", "withdraw", "manage")


def _may(innovation: Innovation, user: Any) -> dict[str, bool]:
    """What this person can do from here."""
    return {name: user.has_perm(f"innovations.{name}", innovation) for name in _ACTIONS}


@dataclass(frozen=True)
class Button:
    """Something that the viewer may do."""

    text: str
    url: str
    icon: str = ""
    variant: str = "secondary"


def _buttons(innovation: Innovation, may: dict[str, bool], waiting: Decision | None) -> list[Button]:
    """What this person can do, the main thing first; the history is for everybody."""

    def to(name: str, **more: Any) -> str:
        return reverse(f"innovations:{name}", kwargs={"number": innovation.number, **more})

    goes_on, key = innovation.outcome not in Outcome.ended(), waiting.pk if waiting else 0
    offered = (
        (may["manage"] and waiting, Button(_("Decide"), to("decide", pk=key))),
        (may["edit"], Button(_("Edit"), to("step", step=IDEA), "pencil")),
        (may["assess"], Button(_("Assess"), to("assess"))),
        (may["manage"] and goes_on and not waiting, Button(_("Ask for a decision"), to("open_gate"))),
        (may["withdraw"], Button(pgettext("of an innovation", "Outcome"), to("outcome"), variant="quiet")),
        (may["manage"], Button(_("Portfolio"), to("publication"), variant="quiet")),
    )
    found = [button for allowed, button in offered if allowed]
    if not found:
        return [Button(_("History"), to("history"))]
    return [replace(found[0], variant="primary"), *found[1:], Button(_("History"), to("history"), variant="quiet")]


@dataclass(frozen=True)
class Restriction:
    """Why not everybody sees this page, and what can be done about it."""

    title: str
    words: str = ""
    link: str = ""
    url: str = ""


def _restriction(innovation: Innovation, may: dict[str, bool]) -> Restriction | None:
    number, state = {"number": innovation.number}, innovation.publication_state
    if state == PublicationState.PUBLISHED:
        return _of_visibility(innovation.visibility)
    publication = reverse("innovations:publication", kwargs=number) if may["manage"] else ""
    edit = reverse("innovations:step", kwargs={**number, "step": IDEA}) if may["edit"] else ""
    only = _("Only its team and the innovation managers see this page.")
    if state == PublicationState.DRAFT:
        return Restriction(_("This idea is a draft."), only, _("Fill it in and hand it in") if edit else "", edit)
    if state == PublicationState.SUBMITTED:
        link = _("Take it into the portfolio, or give it back") if publication else ""
        return Restriction(_("This idea waits for the innovation manager."), only, link, publication)
    link = _("Put it into the portfolio again") if publication else ""
    return Restriction(_("This innovation was taken out of the portfolio."), only, link, publication)


def _of_visibility(visibility: str) -> Restriction | None:
    words = {
        Visibility.MEMBERS: _("Only members of the hospitals involved see this innovation."),
        Visibility.TEAM: _("Only its team and the innovation managers see this innovation."),
    }
    return Restriction(words[visibility]) if visibility in words else None


@dataclass(frozen=True)
class Ended:
    """That it stopped, was withdrawn, rests or was scaled up: when, why, and where the reason was decided."""

    code: str
    title: str
    why: str
    reason: Text
    wakes_up: str = ""
    late: Badge | None = None


def _ended(innovation: Innovation) -> Ended | None:
    """None for what goes on."""
    if innovation.outcome == Outcome.ACTIVE:
        return None
    day = wording.plain_date(innovation.outcome_since) if innovation.outcome_since else ""
    titles = {
        Outcome.STOPPED: (_("Stopped on %(day)s"), pgettext("of an innovation", "Why it stopped")),
        Outcome.WITHDRAWN: (_("Withdrawn on %(day)s"), _("Why it was withdrawn")),
        Outcome.ON_HOLD: (_("On hold since %(day)s"), _("Why it is on hold")),
        Outcome.SCALED: (_("Scaled up on %(day)s"), _("What it was scaled up to")),
    }
    title, why = titles[Outcome(innovation.outcome)]
    wakes = innovation.wake_up_on
    return Ended(
        innovation.outcome,
        title % {"day": day},
        why,
        pick(innovation, "outcome_reason"),
        wording.plain_date(wakes) if wakes else "",
        badges.of_due(wakes),
    )


def _waiting(innovation: Innovation) -> Decision | None:
    """The gate that a body still has to decide; what has ended waits for none."""
    if innovation.outcome in Outcome.ended():
        return None
    return next((row for row in innovation.decisions.all() if row.result == Result.OPEN), None)


@dataclass(frozen=True)
class Gate:
    """A gate that waits for a body."""

    decision: Decision
    title: str
    words: str
    question: str
    late: Badge | None

    @property
    def tone(self) -> str:
        return "negative" if self.late else "warning"


def _gate(innovation: Innovation, waiting: Decision) -> Gate:
    named = {"body": pick(waiting.body, "name"), "day": wording.long_date(waiting.due_on)}
    return Gate(
        waiting,
        _("Gate decision open: %(gate)s") % {"gate": gate_words(waiting.from_stage, waiting.gate)},
        _("%(body)s decides before %(day)s.") % named,
        str(gates.QUESTIONS[waiting.from_stage]),
        badges.of_due(waiting.due_on),
    )


def _missing(innovation: Innovation) -> list[Missing]:
    """What the next gate asks for and is not there yet; nothing is asked of what has ended."""
    if innovation.outcome in Outcome.ended():
        return []
    return missing_of(innovation, gates.gate_of(innovation.stage))


# Addresses -----------------------------------------------------------------------------------------------------------


def _addresses(innovation: Innovation) -> dict[str, Any]:
    """Where else this innovation is, and what machines read of it."""
    pages = in_each_language(lambda: f"{settings.SITE_URL}{innovation.get_absolute_url()}")
    is_public = (
        innovation.publication_state == PublicationState.PUBLISHED and innovation.visibility == Visibility.PUBLIC
    )
    return {
        "addresses": pages,
        "canonical": pages[current()],
        "is_public": is_public,
        "linked": linked_data.script(innovation) if is_public else "",
        "portfolio_url": reverse("innovations:portfolio"),
    }
