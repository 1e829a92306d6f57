"""A line of progress on a terminal, and nothing anywhere else."""

from typing import TextIO


class Line:
    """A percentage that is written over and over."""

    def __init__(self, stream: TextIO, what: str) -> None:
        self._stream, self._what = stream, what
        self._shown = -1

    def __call__(self, done: int, total: int) -> None:
        percent = done * 100 // total if total else 100
        if self._stream.isatty() and percent != self._shown:
            self._shown = percent
            self._stream.write(f"\r{self._what} {percent:3d} % ({done} of {total})" + ("\n" if done >= total else ""))
            self._stream.flush()
