"""What differs between two versions of a value, in words: short values side by side, long texts word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from academy.core.translation import language_of

from . import facts
from .record import FIELDS, Record, changes

SHORT = 80  # characters up to which both values simply stand side by side
MOST_WORDS = 1_500  # comparing takes time with the square of the length; longer texts are compared by paragraph
AROUND = 8  # words kept before and after a change
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Piece:
    """A run of words; `kind` is "same", "gone" or "new"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One field: both values when they are short, else `pieces`. Lists of rows tell which rows went and came."""

    label: str
    old: str = ""
    new: str = ""
    pieces: list[Piece] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    language: str = ""


def differences(before: Record, after: Record, names: facts.Names) -> list[Difference]:
    """The fields that differ, in the order in which a study is told; nothing that reads the same in words."""
    told = (_difference(name, old, new, names) for name, (old, new) in changes(before, after).items())
    return [difference for difference in told if difference]


def _difference(name: str, old: Any, new: Any, names: facts.Names) -> Difference | None:
    label, language = facts.label_of(name), language_of(name)
    before, after = facts.lines(name, old, names=names), facts.lines(name, new, names=names)
    if before == after:
        return None
    if FIELDS[name].is_list and len(before) + len(after) > 2:
        gone, added = [row for row in before if row not in after], [row for row in after if row not in before]
        return Difference(label, gone=gone, added=added) if gone or added else None
    left, right = "\n".join(before), "\n".join(after)
    if left and right and max(len(left), len(right)) > SHORT:
        return Difference(label, pieces=list(by_word(left, right)), language=language)
    return Difference(label, left, right, language=language)


def by_word(old: str, new: str) -> Iterator[Piece]:
    """Both texts as one, with what went and what came; long runs that stayed the same are cut short."""
    left, right = _parts(old, new)
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    steps = matcher.get_opcodes()
    for place, (step, i, j, k, m) in enumerate(steps):
        if step == "equal":
            yield Piece("same", _cut(left[i:j], first=place == 0, last=place == len(steps) - 1))
            continue
        if i < j:
            yield Piece("gone", "".join(left[i:j]))
        if k < m:
            yield Piece("new", "".join(right[k:m]))


def _parts(old: str, new: str) -> tuple[list[str], list[str]]:
    left, right = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(left), len(right)) > 2 * MOST_WORDS:
        return old.splitlines(keepends=True), new.splitlines(keepends=True)
    return left, right


def _cut(parts: list[str], *, first: bool, last: bool) -> str:
    """Words around a change; a run at the very beginning or end of the text has only one side to keep."""
    keep = 2 * AROUND  # words and the spaces between them
    head = "" if first else "".join(parts[:keep])
    tail = "" if last else "".join(parts[-keep:])
    if len(parts) <= 2 * keep:
        return "".join(parts)
    return f"{head} … {tail}".strip(" ") if head and tail else f"{head} …" if head else f"… {tail}"
