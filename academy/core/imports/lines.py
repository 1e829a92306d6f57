"""Lines of a file as bytes, in flat memory however long a line is."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

CHUNK = 256 * 1024


def of(file: BinaryIO, longest: int) -> Iterator[tuple[int, bytes | None]]:
    """Number (from 1) and content of each line, without its end and without a UTF-8 mark; None when it is too long."""
    for number, line in enumerate(_split(file, longest), 1):
        yield number, line.removeprefix(codecs.BOM_UTF8) if number == 1 and line else line


def is_utf16(start: bytes) -> bool:
    """Whether a file that begins like this says that it is UTF-16."""
    return start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _split(file: BinaryIO, longest: int) -> Iterator[bytes | None]:
    rest: list[bytes] = []
    length = 0
    while chunk := file.read(CHUNK):
        *ended, last = chunk.split(b"\n")
        for part in ended:
            yield b"".join([*rest, part]) if length + len(part) <= longest else None
            rest, length = [], 0
        length += len(last)
        if length > longest:
            rest = []  # what is left of a line that is too long is counted, not kept
        else:
            rest.append(last)
    if length:
        yield b"".join(rest) if length <= longest else None
