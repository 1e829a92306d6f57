"""Debian packages are found by what they bring; what is missing is named in one line."""

import pytest

from tooling import debian

ABSENT = debian.Package("libabsent", library="libabsent.so.0")
PRESENT = debian.Package("dash", command="sh")


@pytest.fixture
def needs(monkeypatch):
    """A target that needs one package that is here and one that is not, on a machine without rights."""
    monkeypatch.setattr(debian, "can_install", lambda: False)

    def need(*, required):
        monkeypatch.setattr(debian, "NEEDS", {"run": [debian.Need((PRESENT, ABSENT), "no PDFs", required)]})

    return need


def test_what_can_be_done_without_is_told_in_one_line(needs, capsys):
    needs(required=False)
    debian.provide("run")
    debian.report("run")
    line = "Missing Debian packages: libabsent (no PDFs). To install them: sudo apt-get install libabsent\n"
    assert capsys.readouterr().out == line


def test_what_cannot_be_done_without_ends_the_run(needs):
    needs(required=True)
    with pytest.raises(SystemExit, match="sudo apt-get install libabsent"):
        debian.provide("run")


def test_root_installs_only_what_is_missing(needs, monkeypatch):
    needs(required=True)
    installed = []
    monkeypatch.setattr(debian, "can_install", lambda: True)
    monkeypatch.setattr(debian, "install", installed.append)
    debian.provide("run")
    assert installed == [["libabsent"]]


@pytest.mark.parametrize("target", ["reset", "bench"])
def test_a_target_may_need_nothing(target):
    assert debian.missing(target) == []
