"""Batches: looking at records and writing them, one bad record never stopping the others.

A batch is written in one transaction. When it fails, all of it is taken back and it is done again record by record,
each in a savepoint of its own, so that exactly the records that raise are refused. A second record of the same file
with the same key counts as such a failure.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO, Protocol

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from ..errors import DomainError
from .contract import Context, Importer, Outcome, Plan, Raw, Unreadable, refused

log = logging.getLogger(__name__)
LARGEST = 8 * 10**6  # characters of records that are in memory together, but for the last of them


class Stop(Exception):
    """Raised by `begin` or `end`: this process must not go on with the file."""


#: no record's fault: the database is away or was held too long by somebody else
PASSED_ON = (OperationalError, InterfaceError, Stop)


@dataclass(frozen=True)
class Row:
    """One record with its place in the file (from 1) and what importing it does or did."""

    ordinal: int
    position: str
    plan: Plan


class Seen(Protocol):
    """Keys of the records before this batch, and where those stood."""

    def where(self, keys: Iterable[str]) -> dict[str, str]: ...


class SeenInMemory:
    """For a run in one process."""

    def __init__(self) -> None:
        self._positions: dict[str, str] = {}

    def where(self, keys: Iterable[str]) -> dict[str, str]:
        return {key: self._positions[key] for key in keys if key in self._positions}

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if row.plan.key and row.plan.outcome != Outcome.REFUSED:
                self._positions.setdefault(row.plan.key, row.position)


class _Twice(Exception):
    """A key stands twice in the file: what the second record wrote is to be taken back."""


@dataclass
class Batch:
    """Consecutive records; `first` is the ordinal of the first one."""

    importer: Importer
    first: int
    raws: Sequence[Raw]
    context: Context
    seen: Seen

    def look(self) -> list[Row]:
        """What importing these records would do; reads only."""
        plans = self._planned()
        found = self._twins(plans)
        return self._rows([_second(plan, found[n]) if n in found else plan for n, plan in enumerate(plans)])

    def write(self, begin: Callable[[], object], end: Callable[[list[Row]], object]) -> list[Row]:
        """Write them; `begin()` and `end(rows)` are called first and last in the same transaction."""
        try:
            with transaction.atomic():
                begin()
                plans = self._merged(self._checked(self.importer.apply(self._good(), self.context)))
                if self._twins(plans):
                    raise _Twice
                rows = self._rows(plans)
                end(rows)
        except PASSED_ON:
            raise
        except Exception as error:  # noqa: BLE001 whatever it was, it belongs to one of these records
            log.info("a batch of %s is done one by one: %r", self.importer.kind, error)
            rows = self._write_one_by_one(begin, end)
        return rows

    def _write_one_by_one(self, begin: Callable[[], object], end: Callable[[list[Row]], object]) -> list[Row]:
        with transaction.atomic():
            begin()
            plans: list[Plan] = []
            for raw in self.raws:
                plans.append(self._write_one(raw, plans))
            rows = self._rows(plans)
            end(rows)
        return rows

    def _write_one(self, raw: Raw, before: list[Plan]) -> Plan:
        if raw.problem:
            return self._unread(raw)
        plan, twins = None, {}
        try:
            with transaction.atomic():
                (plan,) = self.importer.apply([raw], self.context)
                if twins := self._twins([*before, plan]):
                    raise _Twice
        except PASSED_ON:
            raise
        except _Twice:
            return _second(plan, twins[len(before)])
        except Exception as error:  # noqa: BLE001 the one that raises is the one that is refused
            return _failed(raw, error)
        return plan

    def _planned(self) -> list[Plan]:
        good = self._good()
        try:
            return self._merged(self._checked(self.importer.plan(good, self.context)))
        except PASSED_ON:
            raise
        except Exception as error:  # noqa: BLE001 as above
            log.info("a batch of %s is looked at one by one: %r", self.importer.kind, error)
            return self._merged([self._plan_one(raw) for raw in good])

    def _plan_one(self, raw: Raw) -> Plan:
        try:
            (plan,) = self.importer.plan([raw], self.context)
        except PASSED_ON:
            raise
        except Exception as error:  # noqa: BLE001 as above
            return _failed(raw, error)
        return plan

    def _good(self) -> list[Raw]:
        return [raw for raw in self.raws if not raw.problem]

    def _checked(self, plans: list[Plan]) -> list[Plan]:
        if len(plans) != len(self._good()):
            raise RuntimeError(f"{self.importer.kind} gave {len(plans)} plans for {len(self._good())} records")
        return plans

    def _merged(self, plans: Iterable[Plan]) -> list[Plan]:
        """Plans for all records, those included that were refused while reading."""
        rest = iter(plans)
        return [self._unread(raw) if raw.problem else next(rest) for raw in self.raws]

    def _unread(self, raw: Raw) -> Plan:
        return refused(raw.problem, title=self.importer.name_of(raw))

    def _twins(self, plans: list[Plan]) -> dict[int, str]:
        """Index of each plan whose key stood before, here or in an earlier batch, and where."""
        with_key = [(n, plan) for n, plan in enumerate(plans) if plan.key and plan.outcome != Outcome.REFUSED]
        places = self.seen.where(plan.key for _n, plan in with_key)
        found = {}
        for n, plan in with_key:
            if plan.key in places:
                found[n] = places[plan.key]
            places.setdefault(plan.key, self.raws[n].position)
        return found

    def _rows(self, plans: list[Plan]) -> list[Row]:
        pairs = zip(self.raws, plans, strict=True)
        return [Row(ordinal, raw.position, plan) for ordinal, (raw, plan) in enumerate(pairs, self.first)]


def batches(importer: Importer, raws: Iterator[Raw], context: Context, seen: Seen, first: int = 1) -> Iterator[Batch]:
    """The records from here on in batches of the importer's size, smaller ones where records are large."""
    while part := _next(raws, importer.batch):
        yield Batch(importer, first, part, context, seen)
        first += len(part)


def _next(raws: Iterator[Raw], most: int) -> list[Raw]:
    part, size = [], 0
    for raw in islice(raws, most):
        part.append(raw)
        size += raw.size
        if size >= LARGEST:
            break
    return part


@dataclass
class Summary:
    """How many records were read, with which outcome, and what was refused (the first `KEPT` of them)."""

    KEPT = 1000

    read: int = 0
    counts: Counter = field(default_factory=Counter)
    questions: int = 0
    refusals: list[Row] = field(default_factory=list)
    #: the rows that were counted last
    latest: Sequence[Row] = ()

    def add(self, rows: Sequence[Row]) -> None:
        """Count these rows."""
        self.latest = rows
        self.read += len(rows)
        self.counts.update(row.plan.outcome.value for row in rows)
        self.questions += sum(bool(row.plan.questions) for row in rows)
        space = self.KEPT - len(self.refusals)
        self.refusals += [row for row in rows if row.plan.outcome == Outcome.REFUSED][:space]


def import_file(
    importer: Importer,
    file: BinaryIO,
    name: str,
    context: Context,
    *,
    dry_run: bool = False,
    on_progress: Callable[[Summary], object] = lambda _summary: None,
) -> Summary:
    """Import a file in this process, batch by batch; `on_progress` is called after each.

    The file is read twice: once to its end, so that one that breaks off in the middle leaves nothing half done
    (`Unreadable`), then to import it. Interrupted, it is simply run again: what is there already is unchanged.
    """
    if not dry_run:
        for _raw in importer.read(file, name):
            pass
    summary, seen = Summary(), SeenInMemory()
    for batch in batches(importer, iter(importer.read(file, name)), context, seen):
        rows = batch.look() if dry_run else batch.write(lambda: None, lambda _rows: None)
        seen.add(rows)
        summary.add(rows)
        on_progress(summary)
    if not summary.read:
        raise nothing_in(name)
    return summary


def nothing_in(name: str) -> Unreadable:
    """The refusal of a file without a single record."""
    return Unreadable(_("There are no records in %(file)s.") % {"file": name}, code="no_records")


def _second(plan: Plan, position: str) -> Plan:
    words = _("%(position)s has the same number (%(key)s).") % {"position": position, "key": plan.key}
    return refused(words, key=plan.key, title=plan.title)


def _failed(raw: Raw, error: Exception) -> Plan:
    if isinstance(error, DomainError):
        return refused(_in_full(error))
    log.warning("%s was refused", raw.position, exc_info=error)
    words = _("This record could not be handled (%(error)s). It is in the log of the system.")
    return refused(words % {"error": type(error).__name__})


def _in_full(error: DomainError) -> str:
    """A refusal with what it says about fields."""
    details = [f"{name}: {problem}" for name, problems in error.fields.items() for problem in problems]
    return " ".join([str(error), *details])
