"""What is written to people about studies: every kind whole in both languages, and what each of them says."""

from datetime import timedelta

import pytest
from django.core import mail as outbox

from academy.core import clock, mail
from academy.core.models import Message
from research.studies import mail_words
from research.studies.models import Deadline
from tests.factories import people, studies

pytestmark = pytest.mark.django_db
NUMBER = "S-2026-0001"


def sent(kind: str, language: str = "en", **changed):
    """The mail of this kind as it leaves."""
    outbox.outbox.clear()
    Message.objects.all().delete()
    context = {
        "given_name": "<b>Noor</b>",
        "study": "HART & <i>vaten</i>",
        "number": NUMBER,
        "url": f"https://example.org/{language}/study/",
        "hospital": "MST",
        "site": "mst",
        "review_kind": "feasibility_review",
        "by": "Gerben te Lintelo",
        "level": "editor",
        "remarks": 3,
        "outcome": "approved_with_conditions",
        "reason": "te <i>klein</i>\nen te laat",
        "conditions_nl": "Eerst de werklijst.",
        "conditions_en": "First the work list.",
        "deadline": 7,
        "deadline_kind": "progress_report",
        "due_on": (clock.today() + timedelta(days=7)).isoformat(),
        "stage": "week",
        **changed,
    }
    mail.write(kind=kind, to="noor@example.org", language=language, event_key="test", context=context)
    assert mail.send_waiting() == 1
    return outbox.outbox[0]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", mail_words.KINDS)
def test_every_kind_is_whole_in_both_languages(kind, language):
    found = sent(kind, language)
    html = found.alternatives[0].content
    for text in (found.subject, found.body):
        assert "HART & <i>vaten</i>" in text
        assert not [mark for mark in ("&amp;", "&lt;", "None", "%(", "{{", "{%") if mark in text]
    assert "\n" not in found.subject
    assert "HART &amp; &lt;i&gt;vaten&lt;/i&gt;" in html
    assert "&lt;b&gt;Noor&lt;/b&gt;" in html
    assert "<b>Noor</b>" in found.body
    assert "<i>" not in html
    assert f'lang="{language}"' in html
    assert f"/{language}/" in found.body
    assert NUMBER in found.body


def test_an_invitation_without_an_account_asks_to_make_one():
    found = sent("study_invited", given_name="", level="viewer")
    assert "You can read a study." in found.body
    assert "Make an account: " in found.body
    assert "/accounts/signup/" in found.body
    assert "Hello,\n" in found.body
    other = sent("study_invited")
    assert "You can edit a study." in other.body
    assert "Gerben te Lintelo" in other.body
    assert "signup" not in other.body


def test_conditions_are_in_the_language_of_the_reader_or_else_in_the_other():
    assert "First the work list." in sent("study_decided").body
    assert "Eerst de werklijst." in sent("study_decided", "nl").body
    assert "Eerst de werklijst." in sent("study_decided", conditions_en="").body


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("approved", "MST approves your study."),
        ("approved_with_conditions", "MST approves your study, with conditions."),
        ("rejected", "MST does not approve your study."),
    ],
)
def test_a_decision_says_which(outcome, words):
    found = sent("study_decided", outcome=outcome, conditions_nl="", conditions_en="")
    assert words in found.body
    assert "Conditions" not in found.body
    assert "te <i>klein</i>\nen te laat" in found.body
    assert "te &lt;i&gt;klein&lt;/i&gt;<br>en te laat" in found.alternatives[0].content


def test_remarks_are_counted():
    assert sent("study_returned").subject == "MST has 3 remarks: HART & <i>vaten</i>"
    assert sent("study_returned", remarks=1).subject == "MST has 1 remark: HART & <i>vaten</i>"


@pytest.mark.parametrize("kind", Deadline.Kind.values)
@pytest.mark.parametrize(("stage", "days"), [("month", 30), ("week", 7), ("overdue", -1), ("long_overdue", -30)])
def test_every_deadline_is_told_in_every_stage(kind, stage, days):
    due_on = clock.today() + timedelta(days=days)
    found = sent("study_deadline", deadline_kind=kind, stage=stage, due_on=due_on.isoformat())
    late = days < 0
    assert (f"{-days} day" in found.subject) == late
    assert ("was" in found.body) == (late and kind != "embargo_lift")
    assert f"/en/research/{NUMBER}/deadlines/7/" in found.body
    assert "The researchers were told" not in found.body


def test_the_bureau_reads_that_the_researchers_were_told():
    due_on = (clock.today() - timedelta(days=1)).isoformat()
    found = sent("study_deadline", stage="overdue", due_on=due_on, for_bureau=True)
    assert "The researchers were told, too." in found.body
    assert "because you are of the science bureau" in found.body


def test_who_gets_which_address():
    mst = people.organisation("mst")
    study = studies.study(mst)
    assert f"/en/research/{study.number}/review/mst/" in sent("study_submitted", number=study.number).body
    assert f"/en/research/{study.number}/edit/check/" in sent("study_returned", number=study.number).body
    assert "https://example.org/en/study/" in sent("study_published").body
