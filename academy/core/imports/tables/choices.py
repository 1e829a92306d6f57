"""What the cells of a column may say, where that stands in the database."""

from collections.abc import Callable, Iterable
from typing import Any

from .columns import Choices


def of_records(
    records: Callable[[], Iterable[Any]], *, key: str = "key", names: tuple[str, ...] = ("name_nl", "name_en")
) -> Callable[[], Choices]:
    """The keys of these records, with what the columns `names` hold."""

    def found() -> Choices:
        return {getattr(record, key): tuple(getattr(record, name) for name in names) for record in records()}

    return found
