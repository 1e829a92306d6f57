"""Who changed what: as the team reads it, as everybody reads it, and word by word."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from academy.core import clock
from research.studies.models import Study
from research.studies.services import publishing, saving
from tests import factories as f
from tests.factories import studies as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def mst():
    return f.organisation("mst")


@pytest.fixture
def editor(mst):
    return made.researcher(mst, given_name="Esmeralda", family_name="Vogelzang")


def change(study, editor, minutes=0, **values) -> Study:
    """The study after an edit so many minutes from now."""
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        return saving.save(study=study, actor=editor, base_version=study.version, values=values).study


def told(client, study, person=None) -> list[str]:
    """Each entry as one line of text, newest first."""
    client.logout()
    if person:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("studies:history", kwargs={"number": study.number}))
    assert answer.status_code == 200
    entries = BeautifulSoup(answer.content, "html.parser").select("article.decision")
    return [" ".join(entry.get_text(" ").split()) for entry in entries]


def test_the_team_reads_who_changed_what(client, mst, editor):
    study = made.study(mst, editor=editor)
    change(study, editor, minutes=5, acronym="NIEUW", sample_size_target=120, recruitment_status="RECRUITING")
    newest = told(client, study, editor)[0]
    assert "Esmeralda Vogelzang" in newest
    for words in ("HARTTHUIS", "NIEUW", "120"):
        assert words in newest
    assert "RECRUITING" not in newest


def test_edits_of_one_person_within_an_hour_are_one_entry(client, mst, editor):
    study = made.study(mst, editor=editor)
    other = made.viewer(study, "editor")
    before = len(told(client, study, editor))
    for minutes, acronym in ((5, "EEN"), (40, "TWEE"), (70, "DRIE")):
        study = change(study, editor, minutes=minutes, acronym=acronym)
    study = change(study, other, minutes=75, acronym="VIER")
    lines = told(client, study, editor)
    assert len(lines) == before + 3
    assert "HARTTHUIS" in lines[2]
    assert "TWEE" in lines[2]
    assert "EEN" not in lines[2].replace("TWEE", "")


def test_others_read_what_became_public_and_no_names(client, mst, editor):
    contributor = {**made.values(mst)["contributors"][0], "person": editor.pk, "role": "research_nurse"}
    whole = made.values(mst)["contributors"]
    study = made.study(mst, editor=editor, contributors=[*whole, contributor])
    study = change(study, editor, minutes=-100, acronym="VOORAF")
    study = publishing.publish(study=made.reviewed(study), actor=None)
    study = change(study, editor, minutes=100, contact_phone="053 1234567", public_title_nl="Geheim voorstel")
    lines = told(client, study)
    text = " ".join(lines)
    assert "053 1234567" in lines[0]
    assert "MST" in lines[0]
    for word in ("Geheim", "VOORAF", "Esmeralda", "Vogelzang"):
        assert word not in text
    assert "Geheim voorstel" in " ".join(told(client, study, editor))


def test_a_proposal_is_told_once_it_is_published(client, mst, editor):
    study = made.published(mst, editor=editor)
    study = change(study, editor, minutes=100, public_title_nl="Goed voorstel")
    hidden = told(client, study)
    study = publishing.publish_changes(study=study, actor=made.bureau(mst))
    assert "Goed" not in " ".join(hidden)
    assert "Goed voorstel" in told(client, study)[0]
    assert "Goed voorstel" in told(client, study, editor)[0]


def test_a_refused_proposal_is_never_told_to_others(client, mst, editor):
    study = made.published(mst, editor=editor)
    before = told(client, study)
    study = change(study, editor, minutes=100, public_title_nl="Slecht voorstel")
    study = publishing.refuse_changes(study=study, actor=made.bureau(mst), reason="Onduidelijk")
    study = change(study, editor, minutes=200, contact_phone="053 1")
    assert told(client, study)[1:] == before
    assert "Slecht" not in told(client, study)[0]
    assert "Onduidelijk" in " ".join(told(client, study, editor))


def test_hidden_fields_change_without_a_trace(client, mst, editor):
    plan = {"state": "approved", "on": None, "owner": "Datadesk"}
    study = made.published(mst, editor=editor)
    before = told(client, study)
    study = change(study, editor, minutes=100, data_management_plan=plan)
    study = publishing.publish_changes(study=study, actor=made.bureau(mst))
    assert told(client, study) == before
    assert "Datadesk" in " ".join(told(client, study, f.member(mst)))


def test_what_was_closed_then_stays_closed_in_the_history(client, mst, editor):
    """A part that is opened to everybody shows from then on, and not what it was before."""
    study = made.published(mst, editor=editor, contact_phone="053 0000", group_visibility={"people": "team"})
    bureau = made.bureau(mst)
    study = change(study, editor, minutes=100, contact_phone="053 1111")
    study = change(study, editor, minutes=200, group_visibility={})
    study = publishing.publish_changes(study=study, actor=bureau)
    study = change(study, editor, minutes=300, contact_phone="053 2222")
    text = " ".join(told(client, study))
    assert "053 0000" not in text
    assert "053 2222" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_the_entries(client, mst, editor, rows):
    study = made.published(mst, editor=editor)
    for n in range(rows):
        study = change(study, editor, minutes=100 * (n + 1), contact_phone=f"053 {n}", sample_size_actual=n)
    address = reverse("studies:history", kwargs={"number": study.number})
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert len(client.get(address).context["entries"]) == rows + 1
    assert len(captured) == 15


def test_pages(client, mst, editor):
    study = made.published(mst, editor=editor)
    for n in range(25):
        study = change(study, editor, minutes=100 * (n + 1), contact_phone=f"053 {n}")
    assert len(told(client, study)) == 20
    address = reverse("studies:history", kwargs={"number": study.number})
    assert len(client.get(f"{address}?page=2").context["entries"]) == 6
    assert client.get(f"{address}?page=nonsense").status_code == 200
