"""The check of the interface texts finds each kind of gap."""

import pytest
from babel.messages.catalog import Catalog

from tooling import translations


def catalogue(*messages):
    made = Catalog(locale="nl")
    for identity, text, *flags in messages:
        made.add(identity, text, flags=flags)
    return made


def found(template, *messages):
    return sorted(translations.problems(template, catalogue(*messages)))


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        (("Enrol", "Schrijf je in"), []),
        (("Enrol", ""), ["not translated: 'Enrol'"]),
        (("Enrol", "Inschrijven", "fuzzy"), ["unsure (fuzzy): 'Enrol'"]),
        (("Leave", "Ga weg"), ["missing: 'Enrol'", "no longer in the source: 'Leave'"]),
    ],
)
def test_a_text_is_there_whole_and_certain(message, problem):
    assert found(catalogue(("Enrol", "")), message) == problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Dag %(name)s", []),
        ("Dag", ["other placeholders (%(name)s): 'Hello %(name)s'"]),
        ("Dag %(naam)s", ["other placeholders (%(naam)s, %(name)s): 'Hello %(name)s'"]),
    ],
)
def test_placeholders_agree(text, problem):
    message = ("Hello %(name)s", text, "python-format")
    assert found(catalogue(message), message) == problem


def test_a_plural_needs_every_form():
    identity = ("%(n)s seat", "%(n)s seats")
    template = catalogue((identity, ("", ""), "python-format"))
    assert found(template, (identity, ("%(n)s plaats", "%(n)s plaatsen"), "python-format")) == []
    assert found(template, (identity, ("%(n)s plaats", ""), "python-format")) == ["not translated: '%(n)s seat'"]


def test_compiling_makes_the_file_that_django_reads_and_leaves_a_newer_one(tmp_path, monkeypatch):
    source = tmp_path / "nl" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid "Enrol"\nmsgstr "Schrijf je in"\n')
    monkeypatch.setattr(translations, "CATALOGUES", {"nl": source})
    translations.compile_all()
    made = source.with_suffix(".mo")
    assert b"Schrijf je in" in made.read_bytes()
    first = made.stat().st_mtime_ns
    translations.compile_all()
    assert made.stat().st_mtime_ns == first
    assert [path.name for path in source.parent.iterdir()] == ["django.po", "django.mo"]
