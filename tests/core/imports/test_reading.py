"""Files of records: what can be read, and clear words about what cannot, with file and record."""

import io
import json
import tracemalloc

import pytest

from academy.core.imports import lines
from academy.core.imports.contract import Raw, Unreadable
from academy.core.imports.limits import Limits
from academy.core.imports.reading import base_name, json_records


def read(content, name="a.json", limits=None, **more):
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    return list(json_records(file, name, **more, **({"limits": limits} if limits else {})))


def data(content, name="a.json", **more):
    raws = read(content, name, **more)
    assert [raw.problem for raw in raws] == [""] * len(raws)
    return [raw.data for raw in raws]


def refusal(content, name="a.json", **more):
    with pytest.raises(Unreadable) as caught:
        read(content, name, **more)
    return caught.value.code, str(caught.value).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("content", "records"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ("{}", [{}]),
        ('[{"a": 1}, {"b": 2}]', [{"a": 1}, {"b": 2}]),
        ("[]", []),
        (' \n[ {"a" : [1, {"b": null}]} ] \n', [{"a": [1, {"b": None}]}]),
        ('{"total": 2, "studies": [{"a": 1}, {"b": 2}], "next": "x"}', [{"a": 1}, {"b": 2}]),
        ('{"studies": []}', []),
        ('{"studies": "none", "a": 1}', [{"studies": "none", "a": 1}]),
        ('\ufeff{"a": "é"}', [{"a": "é"}]),
        (r'{"a": "\ud83d\ude00 \\u0000"}', [{"a": "😀 \\u0000"}]),
        ('{"a": 1, "a": 2}', [{"a": 2}]),
        ('{"a": -12.5e1, "b": true}', [{"a": -125.0, "b": True}]),
    ],
)
def test_json_in_its_shapes(content, records):
    assert data(content, inside=("studies",)) == records


@pytest.mark.parametrize("chunk", [1, 2, 7])
def test_where_the_file_is_cut_into_chunks_does_not_matter(monkeypatch, chunk):
    monkeypatch.setattr("academy.core.imports.json_window.CHUNK", chunk)
    records = [{"n": 1234.5, "text": 'é😀"\\', "list": [1, [2]], "no": None}, {}, {"x": {"y": "z" * 50}}]
    for written in (json.dumps(records), json.dumps(records, indent=2, ensure_ascii=False)):
        assert data("\ufeff" + written) == records
        assert data(json.dumps({"count": 123, "studies": records}), inside=["studies"]) == records


def test_positions_say_file_and_record():
    assert [raw.position for raw in read("[{}, {}]", "C:\\temp\\studies.json")] == [
        "studies.json, record 1",
        "studies.json, record 2",
    ]
    assert [raw.position for raw in read("{}\n\n{}", "x.jsonl")] == ["x.jsonl, line 1", "x.jsonl, line 3"]


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        ("", "empty_file", "a.json is empty."),
        (" \n ", "empty_file", "a.json is empty."),
        ("hello", "not_json", "a.json is not JSON."),
        ("<html></html>", "not_json", "a.json is not JSON."),
        ('"text"', "not_json", "a.json is not JSON."),
        ("\x00\x01\x02", "not_json", "a.json is not JSON."),
        ("{", "broken_file", "a.json cannot be read. It stops in the middle, in line 1."),
        (
            '[{"a": 1},\n{"b": "2',
            "broken_file",
            "a.json cannot be read after record 1. It stops in the middle, in line 2.",
        ),
        ('[{"a": 1},\n{"b": 2],\n{}]', "broken_file", "after record 1. In line 2 it is no valid JSON any more."),
        ('[{"a": 1}] {"b": 2}', "broken_file", "after record 1. In line 1 it is no valid JSON any more."),
        ("[{},]", "broken_file", "after record 1. In line 1 it is no valid JSON any more."),
        ("[{} {}]", "broken_file", "after record 1. In line 1 it is no valid JSON any more."),
        ('{"a" 1}', "broken_file", "cannot be read. In line 1 it is no valid JSON any more."),
        ("{a: 1}", "broken_file", "cannot be read. In line 1 it is no valid JSON any more."),
        ("[" * 100_000, "too_much", "cannot be read. Lists and objects are nested more than 64 levels deep."),
        ("[" * 70 + "]" * 70, "too_much", "cannot be read. Lists and objects are nested more than 64 levels deep."),
        ('{"a":' * 5000, "too_much", "cannot be read. Lists and objects are nested more than 64 levels deep."),
        (b"\xff\xfe{\x00}\x00", "wrong_encoding", "a.json is not in UTF-8. Save it as UTF-8 and try again."),
        (b'[{"a": 1},\n{"a": "caf\xe9"}]', "wrong_encoding", "a.json is not in UTF-8: line 2 has another encoding."),
    ],
)
def test_a_file_that_cannot_be_read(content, code, words):
    found, said = refusal(content)
    assert (found, words in said) == (code, True), said


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        ("[1]", "This is a list, not an object with fields."),
        ("7", "This is a single value, not an object with fields."),
        ("null", "This is a single value, not an object with fields."),
        ('{"a": NaN}', "NaN is not a number that JSON knows."),
        ('{"a": [-Infinity]}', "-Infinity is not a number that JSON knows."),
        ('{"a": 1e999}', "1e999 is not a number that JSON knows."),
        (r'{"a": "x\u0000"}', "It has a character that cannot be stored (NUL, or half of a pair)."),
        (r'{"\ud83d": 1}', "It has a character that cannot be stored (NUL, or half of a pair)."),
    ],
)
def test_a_record_that_is_refused_and_the_others_go_on(record, problem):
    assert read(f'[{{"a": 1}}, {record}, {{"b": 2}}]') == [
        Raw("a.json, record 1", {"a": 1}),
        Raw("a.json, record 2", problem=problem),
        Raw("a.json, record 3", {"b": 2}),
    ]
    assert read(f'{{"a": 1}}\n{record}\n{{"b": 2}}', "a.jsonl")[1] == Raw("a.jsonl, line 2", problem=problem)


def test_lines_of_their_own():
    content = b'\xef\xbb\xbf{"a": 1}\r\n\n{"b": \n{"c": "caf\xe9"}\n{"d": 4} {"e": 5}\n' + b"[" * 500 + b'\n{"f": 6}'
    raws = read(content, "x.jsonl")
    assert [(raw.position[9:], raw.data, raw.problem) for raw in raws] == [
        ("line 1", {"a": 1}, ""),
        ("line 3", None, "This line is not JSON."),
        ("line 4", None, "This line is not in UTF-8."),
        ("line 5", None, "This line is not JSON."),
        ("line 6", None, "This line is not JSON."),
        ("line 7", {"f": 6}, ""),
    ]


def test_lines_that_are_nothing_or_another_encoding():
    assert refusal("\n \n", "x.jsonl") == ("empty_file", "x.jsonl is empty.")
    assert refusal('{"a": 1}'.encode("utf-16"), "x.jsonl")[0] == "wrong_encoding"


def test_limits_have_words():
    small = Limits(file=1000, record=100, records=3)
    assert refusal("[" + " " * 1000, limits=small)[1].startswith("a.json is larger than 1 kB. Split it")
    long = read('[{}, {"a": "' + "x" * 200 + '"}, {}]', limits=small)
    assert [raw.problem for raw in long] == ["", "This record is longer than 100 characters.", ""]
    parts = ", ".join(f'"k{n}": "{"x" * 20}"' for n in range(9))
    assert refusal("{" + parts + "}", limits=small)[0] == "too_much"
    assert refusal("[{}, {}, {}, {}]", limits=small) == (
        "too_many_records",
        "a.json has more than 3 records. Split it into smaller files.",
    )
    long_line = read('{"a": 1}\n{"a": "' + "x" * 200 + '"}\n{"b": 2}', "x.jsonl", limits=small)
    assert [raw.problem for raw in long_line] == ["", "This record is longer than 100 characters.", ""]


def test_a_record_without_end_is_given_up_at_the_limit(monkeypatch):
    monkeypatch.setattr("academy.core.imports.json_window.CHUNK", 50)
    endless = io.BytesIO(b'[{"a": "' + b"x" * 100_000)
    with pytest.raises(Unreadable) as caught:
        list(json_records(endless, "a.json", limits=Limits(record=1000)))
    assert str(caught.value) == "a.json cannot be read. This record is longer than 1,000 characters."
    assert endless.tell() < 3000


def test_a_sparse_file_of_200_megabytes_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(200 * 10**6 + 1)
    with path.open("rb") as file, pytest.raises(Unreadable) as caught:
        next(json_records(file, "huge.json"))
    assert str(caught.value).startswith("huge.json is larger than 200\xa0MB.")


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_memory_is_flat_however_many_records(tmp_path, name):
    def peak(count):
        path = tmp_path / f"{count}-{name}"
        record = json.dumps({"title": "t" * 500, "places": [{"city": "Enschede", "n": n} for n in range(40)]})
        text = "\n".join([record] * count) if name == "a.jsonl" else f"[{','.join([record] * count)}]"
        path.write_text(text)
        tracemalloc.start()
        with path.open("rb") as file:
            assert sum(1 for _raw in json_records(file, name)) == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    few, many = peak(500), peak(5000)
    assert many < few * 1.2
    assert many < 5 * 10**6


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_a_number_without_end_is_the_problem_of_its_record_alone(name):
    records = ['{"n": 1}', f'{{"n": {"9" * 5000}}}', '{"n": -12}']
    raws = read("\n".join(records) if name == "a.jsonl" else f"[{','.join(records)}]", name)
    assert [(raw.data, raw.problem) for raw in raws] == [
        ({"n": 1}, ""),
        (None, f"{'9' * 40} is not a number that JSON knows."),
        ({"n": -12}, ""),
    ]


def test_one_line_without_end_is_counted_and_not_kept():
    class Endless:
        left = 40

        def read(self, size):
            self.left -= 1
            return b"x" * size if self.left else b""

    tracemalloc.start()
    assert list(lines.of(Endless(), 1000)) == [(1, None)]
    assert tracemalloc.get_traced_memory()[1] < 3 * lines.CHUNK
    tracemalloc.stop()


def test_names_are_shown_and_never_paths():
    assert base_name("../../etc/passwd") == "passwd"
    assert base_name("C:\\x\\y.json") == "y.json"
    assert base_name("a\x00\n\u202eb.json") == "ab.json"
    assert base_name("/") == "?"
    assert len(base_name("x" * 500 + ".json")) == 100
