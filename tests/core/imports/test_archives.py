"""Archives: every part on its own, nothing that a bomb could blow up."""

import io
import struct
import tracemalloc
import zipfile

import pytest

from academy.core.imports.contract import Raw, Unreadable
from academy.core.imports.limits import Limits
from academy.core.imports.reading import json_records


def archive(*parts, method=zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as packed:
        for name, content in parts:
            packed.writestr(name, content)
    return file.getvalue()


def read(content, limits=None):
    return list(json_records(io.BytesIO(content), "all.zip", **({"limits": limits} if limits else {})))


def refusal(content, limits=None):
    with pytest.raises(Unreadable) as caught:
        read(content, limits)
    return caught.value.code, str(caught.value).replace("\xa0", " ")


def test_parts_are_read_in_order_and_a_bad_one_stops_no_other():
    content = archive(
        ("b.json", '[{"b": 1}, {"b": 2}'),
        ("folder/", ""),
        ("folder/a.jsonl", '{"a": 1}\nno\n'),
        ("__MACOSX/._b.json", "junk"),
        ("folder/.DS_Store", "junk"),
        ("inner.zip", archive(("x.json", "{}"))),
        ("read.me", "hello"),
        ("empty.json", ""),
        ("LAST.JSON", '{"z": 1}'),
    )
    assert read(content) == [
        Raw("all.zip: b.json, record 1", {"b": 1}),
        Raw("all.zip: b.json, record 2", {"b": 2}),
        Raw(
            "all.zip: b.json",
            problem="all.zip: b.json cannot be read after record 2. It stops in the middle, in line 1.",
        ),
        Raw("all.zip: folder/a.jsonl, line 1", {"a": 1}),
        Raw("all.zip: folder/a.jsonl, line 2", problem="This line is not JSON."),
        Raw("all.zip: inner.zip", problem="An archive inside an archive is not opened."),
        Raw("all.zip: read.me", problem="Only these kinds of files are read: .json, .jsonl, .ndjson."),
        Raw("all.zip: empty.json", problem="all.zip: empty.json is empty."),
        Raw("all.zip: LAST.JSON, record 1", {"z": 1}),
    ]


def test_names_are_harmless():
    content = archive(("../../etc/a.json", "{}"), ("/abs/b.json", "{}"), ("x\n\u202e<b>.json", "{}"))
    assert [raw.position for raw in read(content)] == [
        "all.zip: etc/a.json, record 1",
        "all.zip: abs/b.json, record 1",
        "all.zip: x<b>.json, record 1",
    ]


def test_what_is_no_archive_or_an_empty_one():
    assert refusal(b"PK nonsense") == ("not_zip", "all.zip is not a ZIP archive.")
    assert refusal(archive()) == ("empty_file", "all.zip is empty.")
    assert refusal(archive(("__MACOSX/x", ""))) == ("empty_file", "all.zip is empty.")


def test_a_bomb_is_not_unpacked():
    code, words = refusal(archive(("a.json", "[" + " " * 30_000_000 + "]")))
    assert (code, words) == (
        "archive_too_large",
        "all.zip is not unpacked: it grows more than 200 times as large.",
    )


def test_many_small_parts_are_counted_together():
    parts = [(f"{n}.json", "[" + " " * 900 + "]") for n in range(5)]
    code, words = refusal(archive(*parts), Limits(unpacked=3000))
    assert (code, words) == ("archive_too_large", "all.zip holds more than 3 kB when unpacked.")
    assert refusal(archive(*parts), Limits(entries=4)) == ("too_many_parts", "all.zip has more than 4 parts.")


def test_sizes_in_the_header_are_not_believed():
    """A part that says it is small gives no more than it says, and the check of its sum fails."""
    content = bytearray(archive(("a.json", '[{"a": 1}, {"a": 2}]')))
    central = content.index(b"PK\x01\x02")
    content[central + 24 : central + 28] = struct.pack("<I", 9)
    problems = [raw.problem for raw in read(bytes(content)) if raw.problem]
    assert problems == ["This part of the archive is damaged."]


def test_a_password_or_damage_refuses_the_part_only():
    content = bytearray(archive(("a.json", '{"a": 1}'), ("b.json", '{"b": 1}'), method=zipfile.ZIP_STORED))
    locked = content.copy()
    locked[content.index(b"PK\x01\x02") + 8] |= 1
    assert [raw.problem for raw in read(bytes(locked))] == ["This part of the archive has a password.", ""]
    damaged = content.copy()
    damaged[damaged.index(b'{"a"')] = ord("[")
    assert [bool(raw.problem) for raw in read(bytes(damaged))] == [True, False]
    unknown = content.copy()
    for start in (unknown.index(b"PK\x03\x04") + 8, unknown.index(b"PK\x01\x02") + 10):
        unknown[start : start + 2] = struct.pack("<H", 97)
    packed = "This part is packed in a way that is not opened here. Make a usual ZIP."
    assert [raw.problem for raw in read(bytes(unknown))] == [packed, ""]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_the_usual_ways_of_packing_are_opened(method):
    """The others give back as much as they like at once, or ask for gigabytes before they give anything."""
    (part,) = read(archive(("a.json", '{"a": 1}'), method=method))
    assert part.problem == "This part is packed in a way that is not opened here. Make a usual ZIP."


def test_an_archive_of_nothing_but_names_is_not_even_listed():
    entry = archive(("a.json", "{}"))
    start, end = entry.index(b"PK\x01\x02"), entry.index(b"PK\x05\x06")
    names = entry[start:end] * 300_000
    tail = bytearray(entry[end:])
    tail[12:16] = struct.pack("<I", len(names))
    tracemalloc.start()
    assert refusal(entry[:start] + names + bytes(tail))[0] == "too_many_parts"
    assert tracemalloc.get_traced_memory()[1] < 100 * 10**6  # the file itself is half of that
    tracemalloc.stop()
