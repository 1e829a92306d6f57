"""What the views of the portfolio cost at 5,000 innovations: their queries, and their time beside the least possible.

The least is the same SQL, ready made, through a cursor, and the same template on the context ready made. Both take
turns in one process; CPU time counts, the database's included while it is SQLite.
"""

import gc
import io
import time
from collections.abc import Callable
from functools import cache, partial
from statistics import median
from typing import Any
from unittest import mock

from django.core.management.base import OutputWrapper
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils.translation import override

from academy.accounts.models import User
from academy.cms.loading import benchmark_innovations
from academy.cms.loading.report import Report
from academy.cms.planting import plant_site
from academy.strategy.models import Challenge, Programme, RoadmapLine
from academy.taxonomy.models import Specialty
from tests import factories as f
from tests.factories import innovations as made

INNOVATIONS = 5_000
ROUNDS, WARM_UP = 15, 3
MOST_QUERIES, LIMIT = 10, 1.5
#: name of a benchmark → name of the address, and the module in which its view calls `render`
VIEWS = {
    "overview": ("innovations:portfolio", "research.innovations.views.portfolio"),
    "board": ("innovations:board", "research.innovations.views.board"),
    "list": ("innovations:list", "research.innovations.views.lists"),
    "horizons": ("innovations:horizons", "research.innovations.views.board"),
    "stalled": ("innovations:stalled", "research.innovations.views.questions"),
    "fte": ("innovations:fte", "research.innovations.views.portfolio"),
    "goals": ("cms:goals", "academy.cms.views.strategy"),
}


@cache
def manager() -> int:
    """An innovation manager of one of two hospitals that have 5,000 innovations between them."""
    plant_site()
    hospitals = [f.organisation(key, kind="hospital") for key in ("mst", "zgt")]
    for number in (1, 2, 3):
        made.pillar(number)
    made.horizons(), made.body()
    for number in range(1, 9):
        made.goal(f"g{number}", number)
        Challenge.objects.create(key=f"c{number}", name_nl=f"Uitdaging {number}", order=number)
        Specialty.objects.create(key=f"s{number}", name_nl=f"Specialisme {number}")
        Programme.objects.create(key=f"pr{number}", number=f"P-{number:02d}", title_nl=f"Programma {number}", type="x")
        line = {"key": f"l{number}", "title_nl": f"Lijn {number}", "order": number}
        RoadmapLine.objects.create(pillar=made.pillar(1 + number % 3), **line)
    person = made.manager(hospitals[0])
    benchmark_innovations.seed(INNOVATIONS, Report(OutputWrapper(io.StringIO())))
    return person.pk


def visit(address: str, person: int) -> Any:
    """The view itself, without middleware, for this person as they come from the database."""
    request = RequestFactory().get(address)
    request.user, request.session = User.objects.get(pk=person), {}
    match = resolve(address)
    return match.func(request, *match.args, **match.kwargs)


def least(address: str, module: str, person: int) -> Callable[[], object]:
    """The SQL of the view up to its template, and that template on what the view gave it."""
    kept: dict[str, Any] = {}

    def instead(request: Any, template: str, context: dict[str, Any], **more: Any) -> Any:
        kept.update(request=request, template=template, context=context)
        kept["sql"] = [query["sql"] for query in captured.captured_queries]
        return None

    with CaptureQueriesContext(connection) as captured, mock.patch(f"{module}.render", instead):
        visit(address, person)

    def run() -> object:
        with connection.cursor() as cursor:
            for statement in kept["sql"]:
                cursor.execute(statement).fetchall()
        return render_to_string(kept["template"], kept["context"], kept["request"])

    return run


def spent(work: Callable[[], object]) -> float:
    gc.collect(0)
    started = time.process_time()
    work()
    return time.process_time() - started


def queries_of(address: str, person: int) -> int:
    """Of the whole request of somebody signed in, session and menu included."""
    client = Client()
    client.force_login(User.objects.get(pk=person))
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200, address
    return len(captured)


@cache
def measured(name: str) -> dict[str, float]:
    """Queries of one view, and milliseconds of it and of the least."""
    person = manager()
    with override("nl"):
        address, module = reverse(VIEWS[name][0]), VIEWS[name][1]
        ways = (partial(visit, address, person), least(address, module, person))
        times: tuple[list[float], list[float]] = ([], [])
        for turn in range(ROUNDS + WARM_UP):
            for place in (0, 1) if turn % 2 else (1, 0):
                times[place].append(spent(ways[place]))
        view, bare = (median(kept[WARM_UP:]) * 1_000 for kept in times)
        return {"queries": queries_of(address, person), "view_ms": view, "least_ms": bare}


def queries(name: str) -> dict[str, Any]:
    number = measured(name)["queries"]
    detail = f"queries of the page {name} at {INNOVATIONS:,} innovations, for an innovation manager"
    return {"ratio": number, "limit": MOST_QUERIES, "detail": detail}


def to_least(name: str) -> dict[str, Any]:
    found = measured(name)
    detail = "view {view_ms:.0f} ms, its SQL and the template on canned data {least_ms:.0f} ms".format(**found)
    return {"ratio": found["view_ms"] / found["least_ms"], "limit": LIMIT, "detail": detail}


BENCHMARKS: dict[str, Callable[[], dict[str, Any]]] = {
    f"portfolio, {name}: {what}": partial(measure, name)
    for name in VIEWS
    for what, measure in (("queries", queries), ("view ÷ (SQL + template)", to_least))
}
