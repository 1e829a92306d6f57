"""What a start of the demo notices about its data."""

import pytest

from tooling.schema import Prepared, meaning


@pytest.fixture
def migration(tmp_path):
    path = tmp_path / "0001_initial.py"
    path.write_text("# Made on Monday\noperations = [1]\n")
    return path


def test_a_comment_or_a_blank_line_does_not_change_what_a_migration_means(migration):
    before = meaning(migration)
    migration.write_text("# Made on Tuesday\n\noperations = [\n    1\n]\n")
    assert meaning(migration) == before


def test_another_operation_does(migration):
    before = meaning(migration)
    migration.write_text("# Made on Monday\noperations = [2]\n")
    assert meaning(migration) != before


def test_what_was_kept_is_read_back(tmp_path):
    prepared = Prepared(migrations={"a/0001.py": "x"}, database="db", packages="p", demo=True, index="i", static="s")
    prepared.keep_in(tmp_path)
    assert Prepared.kept_in(tmp_path) == prepared


@pytest.mark.parametrize("content", ["", "not json", "[]", '{"from_a_newer_version": 1}'])
def test_a_note_that_cannot_be_read_counts_as_none(tmp_path, content):
    (tmp_path / "prepared.json").write_text(content)
    assert Prepared.kept_in(tmp_path) == Prepared()


def test_a_rewritten_and_a_removed_migration_are_named_and_a_new_one_is_not():
    kept = Prepared(migrations={"a/0001.py": "old", "a/0002.py": "same", "b/0001.py": "gone"}, database="db")
    code = Prepared(migrations={"a/0001.py": "new", "a/0002.py": "same", "c/0001.py": "added"}, database="db")
    assert code.rewritten_since(kept) == ["a/0001.py", "b/0001.py"]


def test_another_database_has_no_rewritten_migrations():
    kept = Prepared(migrations={"a/0001.py": "old"}, database="sqlite")
    assert Prepared(migrations={"a/0001.py": "new"}, database="postgresql").rewritten_since(kept) == []
