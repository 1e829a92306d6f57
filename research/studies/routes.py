"""How the hospitals of a study will review it, by their routes: which bodies say something, in which order."""

from dataclasses import dataclass
from itertools import groupby

from academy.accounts.models import Organisation
from academy.core.translation import pick

from .models import ReviewRoute, RouteStep, Study


@dataclass(frozen=True)
class Way:
    """The way through one hospital: its kind in words, what the hospital says about it, bodies by turn."""

    organisation: Organisation
    kind: str
    intro: str
    turns: list[list[str]]
    days: int | None


def of_study(study: Study) -> list[Way]:
    """One for each hospital that takes part; reads the sites with their reviews."""
    sites = list(study.sites.all())
    routes = ReviewRoute.objects.filter(organisation__in=[site.organisation_id for site in sites])
    known = {(route.organisation_id, route.kind): route for route in routes.prefetch_related("steps")}
    found = []
    for site in sites:
        review = max(site.reviews.all(), key=lambda review: review.pk, default=None)
        if review is not None:
            route = known.get((site.organisation_id, review.kind))
            found.append(_way(site.organisation, review.get_kind_display(), route))
    return found


def _way(organisation: Organisation, kind: str, route: ReviewRoute | None) -> Way:
    if route is None:
        return Way(organisation, kind, "", [], None)
    return Way(organisation, kind, pick(route, "intro"), _turns(list(route.steps.all())), route.days)


def _turns(steps: list[RouteStep]) -> list[list[str]]:
    return [[pick(step, "body") for step in turn] for _order, turn in groupby(steps, key=lambda step: step.order)]
