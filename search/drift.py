"""Whether index and database agree: every document by id and digest, both ways."""

from collections.abc import Callable
from dataclasses import dataclass, field

from . import outbox
from .engines import engine
from .reading import Key, chunks, every_record, read

PAGE = 1_000


@dataclass
class Drift:
    """What differs: records that are not in the index, that it has otherwise, or that it has too many."""

    checked: int = 0
    missing: list[Key] = field(default_factory=list)
    different: list[Key] = field(default_factory=list)
    surplus: list[Key] = field(default_factory=list)
    unreadable: dict[Key, str] = field(default_factory=dict)

    def records(self) -> set[Key]:
        """Every record to take again."""
        return {*self.missing, *self.different, *self.surplus}

    @property
    def clean(self) -> bool:
        """Nothing differs and every record could be read."""
        return not self.records() and not self.unreadable


def check(progress: Callable[[int, int], None] | None = None) -> Drift:
    """Compare all records with the live index; changes nothing."""
    kept = _stored()
    drift = Drift()
    keys = every_record()
    for batch in chunks(keys):
        found = read(batch, version=0)
        for key, operation in found.operations.items():
            digest = kept.pop(operation.id, None)
            if operation.doc is None:
                drift.surplus += [key] if digest is not None else []
            elif digest is None:
                drift.missing.append(key)
            elif digest != operation.doc.digest():
                drift.different.append(key)
        for key, error in found.failures.items():
            kept.pop(":".join(key), None)
            drift.unreadable[key] = f"{type(error).__name__}: {error}"
        drift.checked += len(batch)
        if progress:
            progress(drift.checked, len(keys))
    drift.surplus += [(doc_id.partition(":")[0], doc_id.partition(":")[2]) for doc_id in kept]
    return drift


def repair(drift: Drift) -> int:
    """Queue what differs; returns how many records."""
    return outbox.add(drift.records())


def _stored() -> dict[str, str]:
    kept: dict[str, str] = {}
    after = ""
    while page := engine().versions(after, PAGE):
        kept |= {entry.id: entry.digest for entry in page}
        after = page[-1].id
    return kept
