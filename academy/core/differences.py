"""What differs between two versions of a value, in words: short values side by side, long texts word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

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


def difference(
    label: str, before: list[str], after: list[str], *, is_list: bool = False, language: str = ""
) -> Difference | None:
    """What differs between two values in words, a line for each row; None when they read the same.

    `is_list` says that the lines are rows of which some went and others came.
    """
    if before == after:
        return None
    if is_list and len(before) + len(after) > 2:
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
