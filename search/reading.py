"""Records read from the database as operations for an engine."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError

from . import registry
from .contract import Operation

BATCH = 500
Key = tuple[str, str]


@dataclass
class Read:
    """Operations by record, and the records that could not be turned into a document, with the reason."""

    operations: dict[Key, Operation] = field(default_factory=dict)
    failures: dict[Key, Exception] = field(default_factory=dict)


def read(keys: Collection[Key], version: int) -> Read:
    """The records as they are now; what is missing, or may not be found, is a deletion."""
    result = Read()
    for type_name in sorted({name for name, _pk in keys}):
        pks = [pk for name, pk in keys if name == type_name]
        _read_type(type_name, pks, version, result)
    return result


def _read_type(type_name: str, pks: list[str], version: int, result: Read) -> None:
    source = registry.source(type_name)
    result.operations |= {(type_name, pk): Operation.delete(f"{type_name}:{pk}", version) for pk in pks}
    if source is None:
        return
    for record in source.queryset().filter(pk__in=_possible(source, pks)):
        _turn(source, record, version, result)


def _possible(source: registry.Source, pks: Iterable[str]) -> list[Any]:
    possible = []
    for pk in pks:
        try:
            possible.append(source.to_pk(pk))
        except ValidationError:
            continue
    return possible


def _turn(source: registry.Source, record: Any, version: int, result: Read) -> None:
    key = (source.type, str(record.pk))
    try:
        doc = source.document(record)
        if doc is not None:
            result.operations[key] = Operation.upsert(replace(doc, version=version))
    except Exception as error:  # noqa: BLE001  one record must not hold up the others; its row keeps the reason
        result.operations.pop(key, None)
        result.failures[key] = error


def every_record() -> list[Key]:
    """The records of every source, in order."""
    return [
        (source.type, str(pk))
        for source in registry.sources()
        for pk in dict.fromkeys(source.queryset().order_by("pk").values_list("pk", flat=True))
    ]


def chunks(keys: list[Key]) -> Iterator[list[Key]]:
    """The keys in batches."""
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
