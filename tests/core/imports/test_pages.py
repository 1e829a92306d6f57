"""The pages: who may, check → look → answer → confirm → done, all of it without JavaScript."""

import csv
import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from academy.core.imports import jobs, limits, views
from academy.core.imports.models import ImportJob, JobState
from academy.core.imports.showing import Value
from academy.core.models import Event, NumberSequence
from tests import factories as f

from .counters import counters, stored

pytestmark = pytest.mark.django_db
START = "/en/import/counters/"


@pytest.fixture
def here(client, person):
    client.force_login(person)
    return client


def send(client, records, name="counters.json", **more):
    content = records if isinstance(records, bytes) else json.dumps(records).encode()
    return client.post(START, {"file": SimpleUploadedFile(name, content), "note": "", **more})


def looked_at(client, records, **more):
    """The address of the page of a file that the worker has checked."""
    answer = send(client, records, **more)
    assert answer.status_code == 302
    jobs.drain()
    return answer.url


def words(answer) -> str:
    """What the page says, without its frame."""
    main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("\xa0", " ").split())


def test_from_file_to_imported(importer, here):
    NumberSequence.objects.create(key="a", last=9)
    answer = send(here, counters(1, 2, -3, title="<script>alert(1)</script>", notes=["left out: <b>"]))
    assert re.fullmatch(r"/en/import/counters/[0-9a-f-]{36}/", answer.url)
    page = here.get(answer.url)
    assert "Nothing is imported yet" in words(page)
    assert 'hx-trigger="every 2s"' in page.content.decode()
    jobs.drain()
    page = here.get(answer.url)
    said = words(page)
    assert "Import 1 new and 1 changed records" in said
    assert "Last number no. 9" in said
    assert "below zero" in said
    assert "<script>alert" not in page.content.decode()
    assert "&lt;b&gt;" in page.content.decode()
    assert "every 2s" not in page.content.decode()
    assert stored() == {"a": 9}
    assert here.post(f"{answer.url}answer/", {"confirm": "yes"}).url == answer.url
    assert "Your file is being imported" in words(here.get(answer.url))
    jobs.drain()
    page = here.get(answer.url)
    assert "The file is imported" in words(page)
    assert 'href="/id/N-b"' in page.content.decode()
    assert stored() == {"a": 1, "b": 2}
    assert "counters.json" in words(here.get(START))


def test_views_by_outcome_and_pages(importer, here, monkeypatch):
    monkeypatch.setattr(views, "ROWS", 3)
    url = looked_at(here, counters(1, 2, -3, 4, 5, 6))
    assert words(here.get(url)).count("counters.json, record") == 3
    assert "record 6" in words(here.get(f"{url}?page=2"))
    refused = words(here.get(f"{url}?show=refused"))
    assert ("record 3" in refused, "record 1" in refused) == (True, False)
    assert "There are no such records" in words(here.get(f"{url}?show=changed"))
    assert here.get(f"{url}?show=nonsense&page=99").status_code == 200
    for label, count in [("All", 6), ("New", 5), ("Changed", 0), ("Unchanged", 0), ("Refused", 1)]:
        assert f"{label} {count}" in words(here.get(url))


@pytest.fixture
def asked(importer, here, monkeypatch):
    """The address of a file with questions on two pages."""
    monkeypatch.setattr(views, "ROWS", 2)
    importer.edited = frozenset("abcd")
    for key in "abcd":
        NumberSequence.objects.create(key=key, last=0)
    return looked_at(here, counters(1, 2, 3, 4))


def chosen(here, address):
    """Name and value of what is chosen on this page."""
    return dict(re.findall(r'name="(q-[\d-]+)" value="(\w+)" checked', here.get(address).content.decode()))


def test_choices_are_kept_when_paging(here, asked):
    assert chosen(here, asked) == {"q-1-0": "ours", "q-2-0": "ours"}
    answer = here.post(f"{asked}answer/", {"q-1-0": "ours", "q-2-0": "theirs", "go": "?page=2"})
    assert answer.url == f"{asked}?page=2"
    here.post(f"{asked}answer/", {"q-3-0": "theirs", "q-4-0": "ours", "save": "yes", "go": "?page=2"})
    assert chosen(here, asked) == {"q-1-0": "ours", "q-2-0": "theirs"}
    assert chosen(here, f"{asked}?page=2") == {"q-3-0": "theirs", "q-4-0": "ours"}
    here.post(f"{asked}answer/", {"q-1-0": "theirs", "q-2-0": "theirs", "confirm": "yes"})
    jobs.drain()
    assert stored() == {"a": 1, "b": 2, "c": 3, "d": 0}
    assert "Ours stayed:" in words(here.get(f"{asked}?show=questions&page=2"))


def test_one_answer_for_all(here, asked):
    assert here.post(f"{asked}answer/", {"every": "theirs", "go": "?show=questions"}).url == f"{asked}?show=questions"
    assert set(chosen(here, asked).values()) == {"theirs"}
    here.post(f"{asked}answer/", {"every": "ours"})
    assert set(chosen(here, f"{asked}?page=2").values()) == {"ours"}


def test_choices_are_saved_by_htmx_without_a_word(here, asked):
    answer = here.post(f"{asked}answer/", {"q-1-0": "theirs", "go": "?"}, headers={"HX-Request": "true"})
    assert (answer.status_code, chosen(here, asked)["q-1-0"]) == (204, "theirs")


@pytest.mark.parametrize("name", ["q-1-9", "q-99-0", "q-x-0", "q-1-0-0"])
def test_answers_that_nobody_asked_for_change_nothing(here, asked, name):
    assert here.post(f"{asked}answer/", {name: "theirs"}).status_code == 302
    assert set(chosen(here, asked).values()) == {"ours"}


def test_an_answer_that_is_none_is_refused(here, asked):
    here.post(f"{asked}answer/", {"q-1-0": "mine", "q-2-0": "theirs"})
    assert set(chosen(here, asked).values()) == {"ours"}
    assert here.post(f"{asked}answer/", {"go": "//elsewhere.example"}).url == asked
    assert here.post(f"{asked}answer/", {"go": "?a\r\nb: é"}).url == f"{asked}?a%0D%0Ab:%20%C3%A9"


def test_the_report_is_a_safe_table(importer, here):
    url = looked_at(here, [*counters(1, title='=HYPERLINK("x")'), {"key": "n", "last": -1}])
    answer = here.get(f"{url}report.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="import-counters.csv"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    content = b"".join(answer.streaming_content).decode()
    lines = list(csv.reader(io.StringIO(content.removeprefix("\ufeff"))))
    assert lines[1:] == [
        ["counters.json, record 1", "New", "", "a", '\'=HYPERLINK("x")', "", "", "", ""],
        ["counters.json, record 2", "Refused", "", "n", "", "below zero", "", "", ""],
    ]
    assert Event.objects.filter(verb="export").count() == 1


def test_the_report_says_what_changed_and_what_was_asked(importer, here):
    importer.edited = frozenset("b")
    for key in "ab":
        NumberSequence.objects.create(key=key, last=0)
    url = looked_at(here, counters(1, 2))
    content = b"".join(here.get(f"{url}report.csv").streaming_content).decode()
    lines = list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))
    assert lines[0]["Changes"] == "Last number: no. 0 → no. 1"
    assert lines[1]["Questions"] == "Last number: here no. 0, in the source no. 2"


def test_discarding(importer, here):
    url = looked_at(here, counters(1))
    assert here.post(f"{url}discard/").url == START
    assert "Nothing of this file is imported" in words(here.get(url))
    assert "Import another file" in words(here.get(url))
    here.post(f"{url}answer/", {"confirm": "yes"})
    assert ImportJob.objects.get().state == JobState.DISCARDED


def test_what_cannot_be_read_is_said_on_its_page(importer, here):
    url = looked_at(here, b"<html>")
    assert "counters.json is not JSON. Nothing of it is imported." in words(here.get(url))


def test_nothing_to_import_has_no_button(importer, here):
    url = looked_at(here, counters(-1))
    assert "There is nothing to import" in words(here.get(url))
    assert 'name="confirm"' not in here.get(url).content.decode()


@pytest.mark.parametrize(
    ("records", "name", "problem"),
    [
        (b"", "x.json", "The submitted file is empty."),
        (b"x", "x.exe", "x.exe is of another kind. These can be used: .json, .jsonl, .zip."),
    ],
)
def test_files_that_are_refused_at_once(importer, here, records, name, problem):
    answer = send(here, records, name)
    assert (answer.status_code, problem in words(answer)) == (400, True)
    assert ImportJob.objects.count() == 0


def test_no_file_at_all(importer, here):
    answer = here.post(START, {})
    assert (answer.status_code, "Choose a file." in words(answer)) == (400, True)


def test_an_upload_that_is_too_large_is_let_go_of(importer, here, monkeypatch):
    monkeypatch.setattr(views, "USUAL", limits.Limits(file=100_000))
    answer = send(here, b"[" + b" " * 200_000 + b"]")
    assert answer.status_code == 400
    assert "The file is larger than" in words(answer)
    assert send(here, b"[" + b" " * 90_000 + b"]").status_code == 302


def test_a_large_upload_waits_on_disk_and_moves(importer, here, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    url = looked_at(here, counters(*range(20), title="t" * 100))
    assert "Import 20 new records" in words(here.get(url))


def test_the_token_against_forged_requests_is_asked_for(importer, person):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(person)
    assert send(careful, counters(1)).status_code == 403
    page = careful.get(START).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert send(careful, counters(1), csrfmiddlewaretoken=token).status_code == 302


def test_only_who_may_and_only_whose_it_is(importer, here, person, client):
    url = looked_at(here, counters(1))
    addresses = [(url, "get"), (f"{url}report.csv", "get"), (f"{url}answer/", "post"), (f"{url}discard/", "post")]
    other = Client()
    for address, method in [*addresses, (START, "get"), (START, "post")]:
        answer = getattr(other, method)(address)
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/accounts/login/")
    other.force_login(f.person())
    assert [getattr(other, method)(address).status_code for address, method in addresses] == [404] * 4
    assert other.get(START).status_code == 200
    assert "counters.json" not in words(other.get(START))
    importer.allowed = set()
    assert [getattr(here, method)(address).status_code for address, method in addresses] == [404] * 4
    assert here.get(START).status_code == 404
    assert send(here, counters(1)).status_code == 404
    assert here.get("/en/import/unknown/").status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_asks_the_database_as_often_for_one_record_as_for_thirty(
    importer, here, django_assert_num_queries, count
):
    url = looked_at(here, counters(*range(count)))
    here.get(url)
    with django_assert_num_queries(8):
        here.get(url)


def test_a_stuck_import_says_so(importer, here):
    url = send(here, counters(1)).url
    ImportJob.objects.update(parked_at="2026-01-01T00:00:00Z")
    assert "This import is stuck" in words(here.get(url))


def test_long_values_are_cut_where_they_differ():
    same, more = "a" * 500, "b" * 300
    old, new = Value.pair(same + "X" + more, same + "Y" + more)
    assert (old.short, new.short) == (f"…{'a' * 40}X{'b' * 119}…", f"…{'a' * 40}Y{'b' * 119}…")
    assert (old.whole, new.whole) == (same + "X" + more, same + "Y" + more)
    short, long = Value.pair("a", same)
    assert (short, long.short) == (Value("a"), f"{'a' * 160}…")
    longer, cut = Value.pair(same + "X", same)
    assert (longer.short, cut.short) == (f"…{'a' * 40}X", f"…{'a' * 40}")
    assert Value.pair("", "") == (Value(""), Value(""))
