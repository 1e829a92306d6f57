"""What happens without a gate: on hold, resumed, scaled up, withdrawn; into the portfolio, given back, taken out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from academy.core import events
from academy.core.errors import DomainError, InvalidInput, Unknown
from academy.core.refusals import add_to_form
from academy.core.translation import pick
from academy.core.views import back_to
from research.studies.views.known import number_of

from .. import badges, gates
from ..deciding_forms import HoldForm, ReasonForm, WhyForm
from ..deciding_showing import changed_since, history, missing_of, title_of
from ..errors import ChangedMeanwhile, NoSuchStep
from ..models import Innovation
from ..record import FIELDS
from ..selectors import page_for
from ..services import outcomes, publishing
from ..states import NEXT_OUTCOME, NEXT_PUBLICATION, Outcome, PublicationState, Stage
from .known import known

Words = str | Promise


@dataclass(frozen=True)
class Step:
    """One thing that can be done: where it leads to, who may, with which form, and what is said before and after.

    `service(innovation=, actor=, **what the form gives)`; `danger` for what takes something away.
    """

    to: str
    permission: str
    form: type[forms.Form] | None
    service: Callable[..., Innovation]
    title: Words
    hint: Words
    button: Words
    done: Words
    danger: bool = False
    sees: bool = False


OUTCOMES: dict[str, Step] = {
    "hold": Step(
        Outcome.ON_HOLD,
        "innovations.manage",
        HoldForm,
        outcomes.put_on_hold,
        gettext_lazy("Put it on hold"),
        gettext_lazy("Nobody works on it until a day on which somebody looks again."),
        gettext_lazy("Put on hold"),
        gettext_lazy("On hold. An open gate stays open."),
    ),
    "resume": Step(
        Outcome.ACTIVE,
        "innovations.manage",
        ReasonForm,
        outcomes.resume,
        gettext_lazy("Go on with it"),
        gettext_lazy("It is active again, in the stage in which it was."),
        gettext_lazy("Go on"),
        gettext_lazy("It is active again."),
    ),
    "scale": Step(
        Outcome.SCALED,
        "innovations.manage",
        ReasonForm,
        outcomes.scale,
        gettext_lazy("It is scaled up"),
        gettext_lazy("It is ordinary work here, and others have taken it over."),
        gettext_lazy("Record that it is scaled up"),
        gettext_lazy("Recorded as scaled up."),
    ),
    "withdraw": Step(
        Outcome.WITHDRAWN,
        "innovations.withdraw",
        ReasonForm,
        outcomes.withdraw,
        gettext_lazy("Withdraw it"),
        gettext_lazy("It stays findable with the reason, so that nobody begins the same without knowing."),
        gettext_lazy("Withdraw"),
        gettext_lazy("Withdrawn. An innovation manager can bring it back."),
        danger=True,
    ),
}
PUBLICATION: dict[str, Step] = {
    "publish": Step(
        PublicationState.PUBLISHED,
        "innovations.manage",
        None,
        publishing.publish,
        gettext_lazy("Take it into the portfolio"),
        gettext_lazy("From then on others find it, as far as its visibility says so."),
        gettext_lazy("Take into the portfolio"),
        gettext_lazy("In the portfolio. The owner and the team get a mail."),
        sees=True,
    ),
    "give_back": Step(
        PublicationState.DRAFT,
        "innovations.manage",
        WhyForm,
        publishing.give_back,
        gettext_lazy("Give it back"),
        gettext_lazy("The owner reads what is still needed and can hand it in again."),
        gettext_lazy("Give back"),
        gettext_lazy("Given back. The owner gets a mail."),
    ),
    "take_offline": Step(
        PublicationState.OFFLINE,
        "innovations.manage",
        WhyForm,
        publishing.take_offline,
        gettext_lazy("Take it out of the portfolio"),
        gettext_lazy("The team and the innovation managers keep it; the team reads why. Nothing is deleted."),
        gettext_lazy("Take out of the portfolio"),
        gettext_lazy("Taken out of the portfolio. The team gets a mail."),
        danger=True,
    ),
}


def _possible_outcomes(innovation: Innovation) -> set[str]:
    possible = set(NEXT_OUTCOME[innovation.outcome])
    if innovation.stage not in (Stage.IMPLEMENTATION, Stage.IN_USE):
        possible.discard(Outcome.SCALED)
    return possible


def _possible_publications(innovation: Innovation) -> set[str]:
    possible = set(NEXT_PUBLICATION[innovation.publication_state])
    return possible - {PublicationState.SUBMITTED}  # handing in is for its team, on the form


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: HttpRequest, number: str) -> HttpResponse:
    """On hold, active again, scaled up, withdrawn: whatever may follow now, each with its reason."""
    return _page(request, number, OUTCOMES, _possible_outcomes, "outcome")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: HttpRequest, number: str) -> HttpResponse:
    """An idea to read, to take into the portfolio or to give back; and the way out of the portfolio."""
    return _page(request, number, PUBLICATION, _possible_publications, "publication")


def _page(
    request: HttpRequest,
    number: str,
    steps: Mapping[str, Step],
    possible: Callable[[Innovation], set[str]],
    name: str,
) -> HttpResponse:
    """POST carries out the one step that is named."""
    innovation = known(request, number, "innovations.see_team")
    sent, status = None, 200
    if request.method == "POST":
        wanted = request.POST.get("action", "")
        if wanted not in steps:
            raise Http404
        sent = _carry_out(request, innovation, wanted, steps[wanted])
        if sent is None:
            return redirect(back_to(request, reverse(f"innovations:{name}", kwargs={"number": number})))
        innovation, status = page_for(request.user, number), 400
    open_steps = {
        key: step
        for key, step in steps.items()
        if step.to in possible(innovation) and request.user.has_perm(step.permission, innovation)
    }
    context = {
        **_about(innovation),
        "offered": [
            {"name": key, "step": step, "form": sent.form if sent and sent.name == key else _form(step, key)}
            for key, step in open_steps.items()
        ],
        "sent": sent,
        "may_manage": request.user.has_perm("innovations.manage", innovation),
        "in_queue": request.user.has_perm("innovations.see_queue"),
        "next": back_to(request, ""),
    }
    return render(request, f"innovations/gates/{name}.html", context, status=status)


def _about(innovation: Innovation) -> dict[str, Any]:
    handed_in = events.of(innovation).filter(verb="submit").first()
    return {
        "innovation": innovation,
        "title": title_of(innovation),
        "outcome": badges.of_outcome(innovation.outcome),
        "reason": pick(innovation, "outcome_reason"),
        "publication": badges.of_publication(innovation.publication_state),
        "history": history(innovation),
        "missing": missing_of(innovation, Stage.EXPLORATION),
        "handed_in_on": handed_in.at if handed_in else None,
    }


def _form(step: Step, name: str, *args: Any) -> forms.Form:
    """The form of a step; an empty one for a step that asks nothing."""
    return (step.form or forms.Form)(*args, prefix=name)


@dataclass
class Sent:
    """A form that came back, with what changed meanwhile."""

    name: str
    form: forms.Form
    changed: list[str] | None = None


def _carry_out(request: HttpRequest, innovation: Innovation, name: str, step: Step) -> Sent | None:
    """Do it and say so; None when there is nothing to come back to."""
    if not request.user.has_perm(step.permission, innovation):
        raise PermissionDenied
    form = _form(step, name, request.POST)
    if not form.is_valid():
        return Sent(name, form)
    do = partial(step.service, innovation=innovation, actor=request.user, **form.cleaned_data)
    seen = number_of(request.POST.get("seen", ""))
    try:
        do(seen=seen) if step.sees else do()
    except Unknown:
        raise Http404 from None
    except NoSuchStep as error:
        _tell_state(request, innovation, step, error)
        return None
    except DomainError as error:
        return _refused(request, innovation, Sent(name, form), seen, error)
    messages.success(request, f"{title_of(innovation)}: {step.done}")
    return None


def _tell_state(request: HttpRequest, innovation: Innovation, step: Step, error: NoSuchStep) -> None:
    """A button pressed twice is no fault; anything else is said."""
    fresh = page_for(request.user, innovation.number)
    if step.to in (fresh.outcome, fresh.publication_state):
        messages.info(request, _("That was done already; nothing happens twice."))
    else:
        messages.error(request, str(error))


def _refused(request: HttpRequest, innovation: Innovation, sent: Sent, seen: int | None, error: DomainError) -> Sent:
    if isinstance(error, ChangedMeanwhile):
        sent.changed = changed_since(page_for(request.user, innovation.number), seen)
    if isinstance(error, InvalidInput) and not set(error.fields) & set(sent.form.fields):
        names = ", ".join(_names(error.fields))
        sent.form.add_error(None, _("Still missing: %(names)s.") % {"names": names})
    else:
        add_to_form(sent.form, error)
    return sent


def _names(missing: Iterable[str]) -> list[str]:
    """What the intake asks for, in words: items of the first gate, and fields of the record."""
    return [*gates.labels(missing), *(str(FIELDS[name].label) for name in missing if name == "organisations")]


urlpatterns = [
    path(pgettext_lazy("path", "<innovation:number>/outcome/"), outcome, name="outcome"),
    path(pgettext_lazy("path", "<innovation:number>/publication/"), publication, name="publication"),
]
