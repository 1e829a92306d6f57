"""How each hospital reviews each kind of study."""

from research.studies.models import ReviewRoute, RouteStep

from .content import Row, both, read
from .reference import Reference
from .report import Report


def load_routes(reference: Reference, report: Report) -> None:
    """The routes that are missing; one that a bureau has changed stays as it is."""
    rows = read("review_routes")["review_routes"]
    known = set(ReviewRoute.objects.values_list("organisation__key", "kind"))
    new = [row for row in rows if (row["organisation"], row["kind"]) not in known]
    routes = ReviewRoute.objects.bulk_create(_route(row, reference) for row in new)
    RouteStep.objects.bulk_create(
        _step(route, step) for route, row in zip(routes, new, strict=True) for step in row["steps"]
    )
    report.count(new=len(new), unchanged=len(rows) - len(new))


def _route(row: Row, reference: Reference) -> ReviewRoute:
    return ReviewRoute(
        organisation=reference.organisations[row["organisation"]],
        kind=row["kind"],
        days=row["days"],
        yearly_progress_report=row["yearly_progress_report"],
        **both(row["intro"], "intro"),
    )


def _step(route: ReviewRoute, row: Row) -> RouteStep:
    return RouteStep(route=route, order=row["order"], kind=row["kind"], **both(row["body"], "body"))
