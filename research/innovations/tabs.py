"""The ways to look at the portfolio, which keep the filters when somebody goes from one to another."""

from functools import cache

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy

TABS: dict[str, str | Promise] = {
    "portfolio": pgettext_lazy("view of the portfolio", "Overview"),
    "board": pgettext_lazy("view of the portfolio", "Board"),
    "horizons": pgettext_lazy("view of the portfolio", "Roadmap"),
    "list": pgettext_lazy("view of the portfolio", "List"),
    "gates": pgettext_lazy("view of the portfolio", "Open gates"),
    "stalled": pgettext_lazy("view of the portfolio", "Stalled"),
    "dependencies": pgettext_lazy("view of the portfolio", "Dependencies"),
    "ended": pgettext_lazy("view of the portfolio", "Stopped"),
    "fte": pgettext_lazy("view of the portfolio", "FTE"),
}


def address(name: str, query: str = "") -> str:
    """The page of this name with these filters."""
    url = _path(name, get_language())
    return f"{url}?{query}" if query else url


@cache
def _path(name: str, language: str | None) -> str:
    """Kept, since a page of the portfolio has hundreds of links to a few pages."""
    return reverse(f"innovations:{name}")


def tabs(current: str, query: str = "") -> list[dict[str, object]]:
    """For the component `tabs`; `query` are the filters, as `Filter.query_string` gives them."""
    return [{"label": label, "url": address(name, query), "current": name == current} for name, label in TABS.items()]
