"""What the list of innovations shows: filters, columns and order, as an address or a saved view tells them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db.models import QuerySet

from .cells import ListColumn
from .columns import STANDARD, chosen, with_columns
from .filtering import Filter, Pairs
from .listing import STANDARD_ORDER, known_order, ordered
from .models import Innovation, SavedView
from .selectors import portfolio
from .tabs import address


@dataclass(frozen=True)
class Look:
    """The filters, the columns in the order of the list, and by what it is sorted."""

    wanted: Filter
    columns: list[ListColumn]
    order: str

    @classmethod
    def of(cls, query: Any, user: Any) -> "Look":
        """As the query of an address says (a `QueryDict`); whatever it does not say is standard."""
        columns = chosen(query.getlist("column"), user)
        return cls(Filter.of(query), columns, known_order(query.get("sort", "")))

    @property
    def filters(self) -> Pairs:
        return self.wanted.pairs

    @property
    def column_pairs(self) -> Pairs:
        """Nothing for the standard columns, which makes shorter addresses."""
        names = [column.name for column in self.columns]
        return [] if set(names) == set(STANDARD) else [("column", name) for name in names]

    @property
    def sort_pairs(self) -> Pairs:
        return [] if self.order == STANDARD_ORDER else [("sort", self.order)]

    @property
    def pairs(self) -> Pairs:
        return self.filters + self.column_pairs + self.sort_pairs

    def innovations(self, user: Any) -> QuerySet[Innovation]:
        """What this viewer's list is made of, with everything that the columns read."""
        return with_columns(ordered(self.wanted.apply(portfolio(user)), self.order), self.columns)


def view_address(view: SavedView) -> str:
    """The list as this view keeps it."""
    sort = [("sort", view.order)] if view.order else []
    return list_address(
        [*parse_qsl(view.query), *(("column", name) for name in view.columns), *sort], view=str(view.pk)
    )


def list_address(pairs: Iterable[tuple[str, str]], **more: str) -> str:
    return address("list", urlencode([*pairs, *more.items()]))
