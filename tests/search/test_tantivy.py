"""What only the embedded index has: a directory, a pointer, a lock, a stamp."""

import json
import subprocess
import sys
import threading

import pytest

from search.contract import EngineUnavailable, Operation, SearchQuery, Viewer
from search.engines import tantivy as door
from search.engines.embedded import TantivyEngine
from tests.search.conftest import make
from tests.search.corpus import DOCUMENTS, VALUES, doc

PUBLIC = Viewer.public()


@pytest.fixture
def engine(tmp_path):
    return make("tantivy", tmp_path)


def found(engine, text):
    return [hit.id for hit in engine.search(SearchQuery(text=text), PUBLIC).hits]


def test_another_process_sees_changes_and_swaps_at_once(engine, tmp_path):
    other = TantivyEngine(tmp_path / "search", values=VALUES, revision="1")
    assert found(other, "volwassenen") == ["course:1"]
    engine.apply([Operation.upsert(doc("9", "Nieuw", version=2))])
    assert found(other, "nieuw") == ["course:9"]
    generation = engine.new_generation()
    generation.apply([Operation.upsert(doc("10", "Swap"))])
    generation.promote()
    assert found(other, "swap") == ["course:10"]
    assert found(other, "volwassenen") == []


def test_a_second_writer_waits_and_then_gives_up(engine, monkeypatch):
    monkeypatch.setattr(door, "LOCK_PATIENCE", 0.2)
    with door.writing(engine._open().index), pytest.raises(EngineUnavailable, match="LockBusy"):
        engine.apply([Operation.upsert(DOCUMENTS[0])])
    assert engine.apply([Operation.upsert(DOCUMENTS[0])])[0].ok


def test_a_writer_that_ends_soon_is_waited_for(engine):
    held = engine._open().index.writer(door.FEW, 1)
    holder = [held]
    del held
    timer = threading.Timer(0.1, holder.clear)
    timer.start()
    assert engine.apply([Operation.upsert(DOCUMENTS[0])])[0].ok
    timer.join()


def test_another_layout_or_revision_asks_for_a_rebuild(engine, tmp_path):
    assert not engine.health().needs_rebuild
    revised = TantivyEngine(tmp_path / "search", values=VALUES, revision="2")
    assert revised.health().ok
    assert revised.health().needs_rebuild
    other = TantivyEngine(tmp_path / "search", values=(*VALUES, "more"), revision="1")
    assert not other.health().ok
    assert other.health().needs_rebuild
    with pytest.raises(EngineUnavailable):
        other.search(SearchQuery(), PUBLIC)


@pytest.mark.parametrize("damage", ["pointer", "meta", "stamp", "folder"])
def test_a_damaged_index_is_unavailable_and_can_be_made_anew(engine, tmp_path, damage):
    root = tmp_path / "search"
    folder = root / json.loads((root / "pointer.json").read_text())["current"]
    if damage == "pointer":
        (root / "pointer.json").write_text("{nonsense")
    elif damage == "meta":
        (folder / "index" / "meta.json").write_text("{nonsense")
    elif damage == "stamp":
        (folder / "stamp.json").unlink()
    else:
        engine.remove(folder.name)
    fresh = TantivyEngine(root, values=VALUES, revision="1")
    assert not fresh.health().ok
    with pytest.raises(EngineUnavailable):
        fresh.apply([Operation.upsert(DOCUMENTS[0])])
    generation = fresh.new_generation()
    generation.apply([Operation.upsert(doc("1", "Hersteld"))])
    generation.promote()
    assert found(fresh, "hersteld") == ["course:1"]


HOLD_THE_LOCK = """
import sys, time
from search.engines import embedded, tantivy as door
engine = embedded.TantivyEngine(sys.argv[1], values=sys.argv[2].split(","), revision="1")
with door.writing(engine._open().index):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_killed_writer_frees_the_lock(engine, tmp_path):
    command = [sys.executable, "-c", HOLD_THE_LOCK, str(tmp_path / "search"), ",".join(VALUES)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        process.kill()
    assert engine.apply([Operation.upsert(doc("9", "Spoedig", version=2))])[0].ok
    assert found(engine, "spoedig") == ["course:9"]


def test_reading_while_writing(engine):
    errors = []
    stop = threading.Event()

    def read():
        while not stop.is_set():
            try:
                assert found(engine, "volwassenen") == ["course:1"]
            except Exception as error:  # noqa: BLE001  told below
                errors.append(error)
                return

    readers = [threading.Thread(target=read) for _turn in range(3)]
    for reader in readers:
        reader.start()
    for version in range(2, 12):
        engine.apply([Operation.upsert(doc("9", f"Versie {version}", version=version))])
    stop.set()
    for reader in readers:
        reader.join()
    assert errors == []
    assert engine.health().documents == len(DOCUMENTS) + 1
