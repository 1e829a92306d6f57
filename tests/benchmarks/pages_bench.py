"""What a course page costs: its queries, and its requests per second beside a view that does nothing."""

import time
from collections.abc import Callable
from functools import cache
from statistics import median
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path

from academy import urls
from academy.cms.planting import plant_site
from tests import factories as f

ROUNDS = 150
WARM_UP = 10
RUNS = 3
MOST_QUERIES = 12


def nothing(request: HttpRequest) -> HttpResponse:
    """The least that a view can do; middleware does the rest, as for every page."""
    return HttpResponse("")


urlpatterns = [path("nothing/", nothing), *urls.urlpatterns]


def seconds(address: str, client: Client) -> float:
    """Of one processor: what else the machine does is not the page's doing."""
    started = time.process_time()
    response = client.get(address)
    assert response.status_code == 200, address
    return time.process_time() - started


@cache
def measured() -> dict[str, float]:
    """Requests per second of both, and the queries of the page; both take turns in one process."""
    plant_site()
    course = f.course(title_nl="Reanimatie", outcomes_nl="Een\nTwee\nDrie")
    for n in range(RUNS):
        f.run(course, days=20 + n, sessions=2)
    page, client = course.get_absolute_url(), Client()
    seconds(page, client)
    with CaptureQueriesContext(connection) as captured:
        client.get(page)
    number = len(captured)  # read before the next request forgets them
    times: dict[str, list[float]] = {"/nothing/": [], page: []}
    with override_settings(ROOT_URLCONF=__name__):
        for _turn in range(ROUNDS + WARM_UP):
            for address, kept in times.items():
                kept.append(seconds(address, client))
    empty, full = (1 / median(kept[WARM_UP:]) for kept in times.values())
    return {"queries": number, "page_per_second": full, "empty_per_second": empty}


def queries() -> dict[str, Any]:
    """Queries of the page against the most that it may take."""
    number = measured()["queries"]
    detail = f"queries of a course page with {RUNS} runs, for a visitor"
    return {"ratio": number, "limit": MOST_QUERIES, "detail": detail}


def requests_per_second() -> dict[str, Any]:
    """The share of an empty view's requests per second; told, not limited."""
    found = measured()
    detail = "{page_per_second:.0f} pages/s, {empty_per_second:.0f}/s of an empty view, on one CPU".format(**found)
    return {"ratio": found["page_per_second"] / found["empty_per_second"], "limit": None, "detail": detail}


BENCHMARKS: dict[str, Callable[[], dict[str, Any]]] = {
    "course page: queries": queries,
    "course page: requests/s ÷ an empty view": requests_per_second,
}
