"""The board by stage, and the roadmap by pillar and horizon."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from academy.core.errors import Unknown
from academy.core.translation import pick

from ..board import SHOWN, decision_of, lanes
from ..filtering import NOTHING, Filter
from ..models import Innovation
from ..roadmap import Line, Part, Spot, roadmap
from ..selectors import innovation_for, portfolio
from ..states import Result
from ..tabs import address
from .framing import frame


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What somebody works on, by stage; cards that the viewer may decide about can be moved."""
    wanted = Filter.of(request.GET)
    found = lanes(wanted.apply(portfolio(request.user)), request.user)
    context = {
        **frame("board", wanted, request.user),
        "heading": _("Board by stage"),
        "lead": _(
            "Each innovation stands in the stage that it is in. From one stage to another is always a decision: you "
            "write down who took it, and why."
        ),
        "lanes": [(lane, _list(wanted, stage=lane.stage)) for lane in found],
        "count": sum(lane.active for lane in found),
        "on_hold": sum(lane.on_hold for lane in found),
        "may_move": any(card.moves for lane in found for card in lane.cards),
    }
    return render(request, "innovations/lists/board.html", context)


def _list(wanted: Filter, **places: str) -> str:
    """The list of what stands in one place of a picture."""
    kept = [outcome for outcome in wanted.values.get("outcome", ()) if outcome in SHOWN]
    wanted = wanted.with_("outcome", *(kept or SHOWN))
    for name, value in places.items():
        wanted = wanted.with_(name, value)
    return address("list", wanted.query_string)


@login_required
@require_safe
def move(request: HttpRequest, number: str) -> HttpResponse:
    """From a card to the decision that moves it: the open gate, or a decision that is recorded at once."""
    innovation = _decided_by(request.user, number)
    query = decision_of(innovation, request.GET.get("to", ""))
    if not query:
        return redirect("innovations:board")
    return redirect(f"{_decision(innovation)}?{urlencode(query)}")


def _decided_by(user: Any, number: str) -> Innovation:
    """The innovation, for who records decisions about it."""
    try:
        innovation = innovation_for(user, number)
    except Unknown:
        raise Http404 from None
    if not user.has_perm("innovations.manage", innovation):
        raise PermissionDenied
    return innovation


def _decision(innovation: Innovation) -> str:
    gate = innovation.decisions.filter(result=Result.OPEN).first()
    if gate:
        return reverse("innovations:decide", kwargs={"number": innovation.number, "pk": gate.pk})
    return reverse("innovations:record_decision", kwargs={"number": innovation.number})


@require_safe
def horizons(request: HttpRequest) -> HttpResponse:
    """What somebody works on, by pillar and line, at every horizon that it spans."""
    wanted = Filter.of(request.GET)
    found = roadmap(wanted.apply(portfolio(request.user)))
    context = {
        **frame("horizons", wanted, request.user),
        "heading": _("Roadmap"),
        "lead": _("What is on its way for each pillar and line, and when it is meant to be there."),
        "roadmap": found,
        "parts": [_part(part, wanted) for part in found.parts],
        "without_url": _list(wanted, horizon=NOTHING),
    }
    return render(request, "innovations/lists/horizons.html", context)


def _part(part: Part, wanted: Filter) -> dict[str, Any]:
    """A pillar with its lines, each place with its words and where its list is."""
    return {
        "pillar": part.pillar,
        "totals": [_place(spot, wanted, part, None) for spot in part.totals],
        "lines": [
            {"line": line.line, "spots": [_place(spot, wanted, part, line) for spot in line.spots]}
            for line in part.lines
        ],
    }


def _place(spot: Spot, wanted: Filter, part: Part, line: Line | None) -> dict[str, Any]:
    names = [pick(part.pillar, "short") if part.pillar else "", pick(line.line, "title") if line and line.line else ""]
    return {
        "count": spot.count,
        "items": spot.items,
        "more": spot.more,
        "url": partial(_place_url, spot, wanted, part, line),  # a template asks for few of them
        "label": ", ".join(filter(None, [*names, pick(spot.horizon, "name")])),
    }


def _place_url(spot: Spot, wanted: Filter, part: Part, line: Line | None) -> str:
    places = {"pillar": part.pillar.key if part.pillar else NOTHING, "horizon": spot.horizon.key}
    if line:
        places["roadmap_line"] = line.line.key if line.line else NOTHING
    return _list(wanted, **places)


urlpatterns = [
    path(pgettext_lazy("path", "board/"), board, name="board"),
    path(pgettext_lazy("path", "board/<innovation:number>/"), move, name="move"),
    path(pgettext_lazy("path", "horizons/"), horizons, name="horizons"),
]
