"""The mails of this room, in both languages."""

import pytest

from academy.core.mail import send_waiting
from courses.certificates import services

from . import building

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(services.render, "render", lambda **_facts: b"%PDF-1.7")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_awarded_and_revoked(mailoutbox, language):
    holder = building.person(preferred_language=language, given_name="Ann <b>")
    certificate = services.award(enrolment=building.completed(who=holder))
    services.make(certificate)
    services.revoke(certificate=certificate, actor=building.manager(), reason="Wrong <i> name")
    assert send_waiting() == 2
    awarded, revoked = mailoutbox
    title = {"nl": "Basiscursus hartfalen", "en": "Heart failure: the basics"}[language]
    for mail in mailoutbox:
        assert mail.to == [holder.email]
        assert title in mail.subject
        html = mail.alternatives[0].content
        assert f'<html lang="{language}"' in html
        assert "<b>,</p>" not in html
        assert "Ann <b>" in mail.body
        assert f"http://testserver/{language}/" in mail.body
    assert certificate.get_absolute_url() in awarded.body
    assert "Wrong <i> name" in revoked.body
    assert "Wrong &lt;i&gt; name" in revoked.alternatives[0].content
