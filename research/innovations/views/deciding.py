"""Gates: asking a body, moving the day, recording what was decided, and meeting conditions."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from academy.core import clock
from academy.core.errors import DomainError, Unknown
from academy.core.refusals import add_to_form
from research.studies.views.known import number_of

from .. import badges, gates
from ..deciding_forms import Conditions, DecisionForm, GateForm, MetForm, MoveForm, RecordForm, with_errors
from ..deciding_showing import (
    DecisionLine,
    changed_since,
    decision_url,
    facts_of,
    gate_words,
    history,
    missing_of,
    question_of,
    title_of,
)
from ..errors import ChangedMeanwhile, NoSuchStep
from ..models import Condition, Decision, Document, Innovation
from ..selectors import page_for
from ..services import gates as services
from ..services.documents import add_document
from ..states import Outcome, Result
from .known import known

METHODS = ["GET", "HEAD", "POST"]


@dataclass
class Sent:
    """A decision form with its conditions, and why it came back: `version` is what the page showed before."""

    form: DecisionForm
    conditions: Conditions
    changed: list[str] | None = None
    had_file: bool = False

    @property
    def written(self) -> list[tuple[str, str]]:
        """The words of somebody whose decision came too late, with their labels."""
        names = ("rationale_nl", "rationale_en", "lessons_nl", "lessons_en")
        said = [(self.form.fields[name].label, self.form.data.get(name, "")) for name in names]
        asked = [
            (pgettext("of a decision", "Conditions"), form.data.get(form.add_prefix("text_nl"), ""))
            for form in self.conditions.filled
        ]
        return [(label, text) for label, text in (*said, *asked) if text]


@login_required
@require_http_methods(METHODS)
def open_gate(request: HttpRequest, number: str) -> HttpResponse:
    """Ask a body for the next gate; where one is open already, its page."""
    innovation = known(request, number, "innovations.manage")
    form = GateForm(request.POST or None, innovation=innovation, initial={"owner": request.user.email})
    if request.method == "POST" and form.is_valid():
        try:
            decision = services.open_gate(innovation=innovation, actor=request.user, **form.cleaned_data)
        except NoSuchStep as error:
            messages.info(request, _no_gate(innovation, error))
        except DomainError as error:
            add_to_form(form, error)
            return _asking(request, innovation, form)
        else:
            messages.success(request, _("The gate is open. Whoever prepares it and the owner get a mail."))
            return redirect(decision_url(decision))
    if found := _open_one(innovation):
        return redirect("innovations:decide", number=number, pk=found.pk)
    if innovation.outcome in Outcome.ended():
        return redirect("innovations:outcome", number=number)
    return _asking(request, innovation, form)


def _open_one(innovation: Innovation) -> Decision | None:
    return innovation.decisions.filter(result=Result.OPEN).first()


def _no_gate(innovation: Innovation, error: NoSuchStep) -> str:
    if _open_one(innovation):
        return _("This gate is open already.")
    return str(error)


def _asking(request: HttpRequest, innovation: Innovation, form: forms.Form) -> HttpResponse:
    gate = gates.gate_of(innovation.stage)
    context = {**_about(innovation, innovation.stage, gate), "form": form}
    return render(request, "innovations/gates/open.html", context, status=400 if form.errors else 200)


def _about(innovation: Innovation, from_stage: str, gate: str) -> dict[str, Any]:
    """What every page around a gate tells."""
    return {
        "innovation": innovation,
        "title": title_of(innovation),
        "outcome": badges.of_outcome(innovation.outcome),
        "gate_words": gate_words(from_stage, gate),
        "question": gates.QUESTIONS[from_stage],
        "missing": missing_of(innovation, gate),
        "facts": facts_of(innovation),
        "history": history(innovation),
    }


# Recording what was decided -------------------------------------------------------------------------------------------


@login_required
@require_http_methods(METHODS)
def record_decision(request: HttpRequest, number: str) -> HttpResponse:
    """A decision of a body that was not asked here before: asked and decided at once."""
    innovation = known(request, number, "innovations.manage")
    if request.method != "POST":
        if found := _open_one(innovation):
            return redirect("innovations:decide", number=number, pk=found.pk)
        form = RecordForm(innovation=innovation, initial={"owner": request.user.email, **_meant(request)})
        return _recording(request, innovation, Sent(form, Conditions(innovation)))
    sent = _sent(request, innovation, RecordForm)
    if isinstance(sent, Decision):
        return redirect("innovations:decide", number=number, pk=sent.pk)
    return _recording(request, page_for(request.user, number), sent, status=_status(sent))


def _meant(request: HttpRequest) -> dict[str, str]:
    """What a card of the board was moved to, for the form to begin with."""
    return {name: request.GET[name] for name in ("result", "back_to") if name in request.GET}


def _recording(request: HttpRequest, innovation: Innovation, sent: Sent, status: int = 200) -> HttpResponse:
    about = _about(innovation, innovation.stage, gates.gate_of(innovation.stage))
    last = max((line.decision.pk for line in about["history"]), default=0)
    context = {**about, "sent": sent, "open_gate": _open_one(innovation), "after": last}
    return render(request, "innovations/gates/record.html", context, status=status)


def _sent(
    request: HttpRequest, innovation: Innovation, kind: type[DecisionForm], decision: Decision | None = None
) -> Sent | Decision:
    """The decision when it is recorded; otherwise the form with everything that was typed."""
    if "add" in request.POST or "remove" in request.POST:
        return _other_rows(request, innovation, kind)
    form = kind(request.POST, request.FILES, innovation=innovation)
    sent = Sent(form, Conditions(innovation, request.POST), had_file=bool(request.FILES))
    if not all([form.is_valid(), sent.conditions.are_valid()]):
        if not sent.conditions.are_valid():
            with_errors(form, [_("Look at the conditions again.")])
        return sent
    try:
        return _recorded(request, innovation, sent, decision)
    except NoSuchStep as error:
        made = _same_made_before(request, innovation, form)
        if made is None:
            newer = _(
                "Another decision was recorded meanwhile; it stands below. Send yours again if it is another one."
            )
            with_errors(form, [newer if decision is None else str(error)])
            return sent
        messages.info(request, _("This decision was recorded already; nothing is recorded twice."))
        return made
    except DomainError as error:
        _refused(request, innovation, sent, error)
        return sent


def _other_rows(request: HttpRequest, innovation: Innovation, kind: type[DecisionForm]) -> Sent:
    """One row of conditions more or less; what was typed stays, and nothing is said about what is not ready."""
    form = kind(innovation=innovation)
    form.initial |= form.as_typed(request.POST)
    conditions = Conditions(innovation, request.POST, check=False)
    if "add" in request.POST:
        conditions.add()
    else:
        conditions.remove(request.POST["remove"])
    return Sent(form, conditions, had_file=bool(request.FILES))


def _recorded(request: HttpRequest, innovation: Innovation, sent: Sent, decision: Decision | None) -> Decision:
    """Keep the document and the decision together: one that is refused leaves nothing."""
    given = sent.form.given() | {"conditions": sent.conditions.given(), "seen": number_of(request.POST.get("seen", ""))}
    with transaction.atomic():
        given["document"] = _document(request, innovation, given["document"])
        if decision is None:
            after = number_of(request.POST.get("after", ""))
            made = services.record_decision(innovation=innovation, actor=request.user, after=after, **given)
        else:
            made = services.decide(decision=decision, actor=request.user, **given)
    messages.success(
        request, _("Recorded: %(result)s. The owner and the team get a mail.") % {"result": made.get_result_display()}
    )
    return made


def _document(request: HttpRequest, innovation: Innovation, upload: Any) -> Document | None:
    return add_document(innovation=innovation, actor=request.user, upload=upload) if upload else None


def _same_made_before(request: HttpRequest, innovation: Innovation, form: DecisionForm) -> Decision | None:
    """The decision that this person recorded with the same words just before: a button pressed twice."""
    words = {name: form.cleaned_data[name] for name in ("result", "decided_on", "rationale_nl", "rationale_en")}
    return innovation.decisions.filter(recorded_by=request.user, **words).order_by("-pk").first()


def _refused(request: HttpRequest, innovation: Innovation, sent: Sent, error: DomainError) -> None:
    """Say why; after a change by somebody else also what is new."""
    if isinstance(error, ChangedMeanwhile):
        seen = number_of(request.POST.get("seen", ""))
        sent.changed = changed_since(page_for(request.user, innovation.number), seen)
    rows = [str(problem) for problem in error.fields.get("conditions", [])]
    others = {name: found for name, found in error.fields.items() if name != "conditions"}
    sent.conditions.problems = rows
    if others or not rows:
        error.fields = others
        add_to_form(sent.form, error)
    with_errors(sent.form, rows)


def _status(sent: Sent) -> int:
    if sent.changed is not None:
        return 409
    return 400 if sent.form.errors else 200


# The page of a gate ---------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(METHODS)
def decide(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """An open gate to prepare, move and decide; a decided one to read, with conditions to meet."""
    try:
        innovation = known(request, number, "innovations.see_team")
    except PermissionDenied:
        return redirect("innovations:innovation", number=number)
    decision = get_object_or_404(_whole(), pk=pk, innovation=innovation)
    decision.innovation = innovation
    action = request.POST.get("action", "decide")
    if request.method == "POST" and action == "meet":
        return _meet(request, decision)
    if request.method == "POST":
        if not request.user.has_perm("innovations.manage", innovation):
            raise PermissionDenied
        return _move(request, decision) if action == "move" else _decide(request, decision)
    return _page(request, decision)


def _whole() -> QuerySet[Decision]:
    """Decisions with all that their page shows."""
    conditions = Condition.objects.select_related("owner")
    return Decision.objects.select_related("body", "owner", "document").prefetch_related(
        Prefetch("conditions", conditions)
    )


def _decide(request: HttpRequest, decision: Decision) -> HttpResponse:
    sent = _sent(request, decision.innovation, DecisionForm, decision)
    if isinstance(sent, Decision):
        return redirect(decision_url(decision))
    fresh = get_object_or_404(_whole(), pk=decision.pk)
    fresh.innovation = page_for(request.user, decision.innovation.number)
    return _page(request, fresh, sent=sent, status=409 if fresh.result != Result.OPEN else _status(sent))


def _move(request: HttpRequest, decision: Decision) -> HttpResponse:
    form = MoveForm(request.POST, innovation=decision.innovation, prefix="move")
    if form.is_valid():
        try:
            services.move_gate(decision=decision, actor=request.user, **form.cleaned_data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("Changed. Whoever prepares it and the owner get a mail."))
            return redirect(decision_url(decision))
    return _page(request, decision, moving=form, status=400)


def _meet(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Say that a condition is met; twice is once."""
    pk = number_of(request.POST.get("condition", ""))
    condition = get_object_or_404(Condition.objects.select_related("decision"), pk=pk, decision=decision)
    form = MetForm(request.POST, prefix=f"met-{condition.pk}")
    if form.is_valid():
        try:
            services.meet_condition(condition=condition, actor=request.user, **form.cleaned_data)
        except NoSuchStep:
            messages.info(request, _("This condition was met already."))
            return redirect(decision_url(decision))
        except Unknown:
            raise Http404 from None
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("Recorded that the condition is met."))
            return redirect(decision_url(decision))
    return _page(request, decision, meeting={condition.pk: form}, status=400)


def _page(
    request: HttpRequest,
    decision: Decision,
    *,
    sent: Sent | None = None,
    moving: forms.Form | None = None,
    meeting: dict[int, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    innovation, user = decision.innovation, request.user
    is_open = decision.result == Result.OPEN
    manages = user.has_perm("innovations.manage", innovation)
    waits = is_open and innovation.outcome not in Outcome.ended()
    if waits and manages and sent is None:
        sent = Sent(DecisionForm(innovation=innovation, initial=_meant(request)), Conditions(innovation))
    forms_to_meet = _meeting(decision, meeting or {}) if user.has_perm("innovations.meet", innovation) else {}
    line = DecisionLine(decision)
    context = {
        **_about(innovation, decision.from_stage, decision.gate),
        "decision": decision,
        "line": line,
        "history": [other for other in history(innovation) if is_open or other.is_before(line)],
        "question": question_of(decision),
        "state": badges.of_result(decision.result),
        "late": badges.of_due(decision.due_on) if is_open else None,
        "is_open": is_open,
        "waits": waits,
        "manages": manages,
        "sent": sent,
        "moving": moving or (_moving(decision) if waits and manages else None),
        "conditions": [(shown, forms_to_meet.get(shown.condition.pk)) for shown in line.conditions],
        "other_forms": [moving, *(meeting or {}).values()],
    }
    return render(request, "innovations/gates/decide.html", context, status=status)


def _moving(decision: Decision) -> MoveForm:
    initial = {
        "body": decision.body.key,
        "owner": decision.owner.email if decision.owner else "",
        "due_on": decision.due_on,
    }
    return MoveForm(innovation=decision.innovation, prefix="move", initial=initial)


def _meeting(decision: Decision, sent: dict[int, forms.Form]) -> dict[int, forms.Form]:
    """A form for each condition that is not met yet."""
    waiting = [condition.pk for condition in decision.conditions.all() if condition.met_on is None]
    made = {pk: MetForm(prefix=f"met-{pk}", initial={"on": clock.today()}) for pk in waiting}
    return made | sent


urlpatterns = [
    path(pgettext_lazy("path", "<innovation:number>/gates/new/"), open_gate, name="open_gate"),
    path(pgettext_lazy("path", "<innovation:number>/gates/record/"), record_decision, name="record_decision"),
    path(pgettext_lazy("path", "<innovation:number>/gates/<int:pk>/"), decide, name="decide"),
]
