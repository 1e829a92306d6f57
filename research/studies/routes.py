"""How the hospitals of a study will review it, by their routes: which bodies say something, in which order."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

from academy.accounts.models import Organisation
from academy.core.translation import pick

from .models import Review, RouteStep, Site, Study


@dataclass(frozen=True)
class Way:
    """The way through one hospital: its kind in words, what the hospital says about it, bodies by turn."""

    organisation: Organisation
    kind: str
    intro: str
    turns: list[list[str]]


def of_study(study: Study) -> list[Way]:
    """One for each hospital that takes part; reads the sites with their reviews."""
    sites = list(study.sites.all())
    # By their steps, in one query: a cluster asks for the steps of each route anew.
    found = RouteStep.objects.filter(route__organisation__in=[site.organisation_id for site in sites])
    steps = defaultdict(list)
    for step in found.select_related("route").order_by("order", "pk"):
        steps[step.route.organisation_id, step.route.kind].append(step)
    reviews = [(site, max(site.reviews.all(), key=lambda review: review.pk, default=None)) for site in sites]
    return [_way(site, review, steps[site.organisation_id, review.kind]) for site, review in reviews if review]


def _way(site: Site, review: Review, steps: list[RouteStep]) -> Way:
    intro = pick(steps[0].route, "intro") if steps else ""
    turns = [[pick(step, "body") for step in turn] for _order, turn in groupby(steps, key=lambda step: step.order)]
    return Way(site.organisation, review.get_kind_display(), intro, turns)
