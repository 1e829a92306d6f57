"""Two people changed the same record: what can be put together, and where somebody has to choose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Clash(NamedTuple):
    """A field that both changed, to different values."""

    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Merge:
    """`taken`: the fields of mine to write. `clashes`: those on which somebody has to decide."""

    taken: dict[str, Any] = field(default_factory=dict)
    clashes: dict[str, Clash] = field(default_factory=dict)


def three_way(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merge:
    """Put `mine` (only the fields that are in it) onto `theirs`, both made from `base`.

    What I did not change stays as theirs; what only I changed is taken; what both changed to the same is no clash.
    A field that `base` or `theirs` lacks counts as None there.
    """
    merge = Merge()
    for name, value in mine.items():
        before, now = base.get(name), theirs.get(name)
        if value in (before, now):
            continue
        if now == before:
            merge.taken[name] = value
        else:
            merge.clashes[name] = Clash(before, value, now)
    return merge
