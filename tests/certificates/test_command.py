"""`manage.py issue_certificates`."""

import pytest
from django.core.management import CommandError, call_command

from academy.core import pdf
from courses.certificates import services
from courses.certificates.models import Certificate

from . import building

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(services.render, "render", lambda **_facts: b"%PDF-1.7")


def test_everything_that_waits_is_made(capsys):
    for _turn in range(12):
        services.award(enrolment=building.completed())
    call_command("issue_certificates")
    assert capsys.readouterr().out == "certificates: read 12, new 12, waiting 0\n"
    call_command("issue_certificates")
    assert capsys.readouterr().out == "certificates: read 0, new 0, waiting 0\n"


def test_what_fails_is_named(monkeypatch, capsys):
    waiting = services.award(enrolment=building.completed())

    def fail(**_facts):
        raise pdf.MissingGlyphs({"\ue123"})

    monkeypatch.setattr(services.render, "render", fail)
    with pytest.raises(CommandError, match="1 certificates could not be made"):
        call_command("issue_certificates")
    assert f"{waiting.token} {waiting.facts['name']}: MissingGlyphs: No font" in capsys.readouterr().out


def test_without_pango_it_says_what_to_install(monkeypatch):
    services.award(enrolment=building.completed())
    monkeypatch.setattr(pdf, "available", lambda: (False, "missing Debian packages libpango-1.0-0"))
    with pytest.raises(CommandError, match=r"libpango-1.0-0. 1 certificates wait"):
        call_command("issue_certificates")
    assert Certificate.objects.get().attempts == 0
