"""Who of the team may read or edit."""

import pytest

from academy.core.errors import InvalidInput, NotAllowed, Refused
from academy.core.models import Message
from research.studies.models import Access
from research.studies.selectors import mine
from research.studies.services import inviting
from tests.factories import people, studies

pytestmark = pytest.mark.django_db


def test_invited_person_reads_at_once_and_gets_one_mail():
    editor, guest = studies.researcher(), people.person()
    study = studies.study(editor=editor)
    for level in (Access.Level.VIEWER, Access.Level.EDITOR):
        inviting.invite(study=study, actor=editor, email=guest.email.upper(), level=level)
    assert guest.has_perm("studies.edit", study)
    assert list(mine(guest)) == [study]
    assert Message.objects.filter(kind="study_invited", to=guest.email).count() == 1


def test_invitation_of_an_address_without_account_waits_for_its_owner():
    editor = studies.researcher()
    study = studies.study(editor=editor)
    inviting.invite(study=study, actor=editor, email="nieuw@example.org", level="viewer")
    newcomer = people.person(email="nieuw@example.org")
    assert not newcomer.has_perm("studies.see", study)
    assert inviting.claim_invitations(newcomer) == 1
    assert type(study).objects.get(pk=study.pk) in mine(newcomer)


def test_last_editor_stays():
    editor = studies.researcher()
    study = studies.study(editor=editor)
    with pytest.raises(Refused):
        inviting.invite(study=study, actor=editor, email=editor.email, level="viewer")
    with pytest.raises(Refused):
        inviting.withdraw_access(access=study.access.get(), actor=editor)
    inviting.invite(study=study, actor=editor, email=people.person().email, level="editor")
    inviting.withdraw_access(access=study.access.get(person=editor), actor=editor)
    assert not mine(editor).exists()


def test_viewers_invite_nobody_and_wrong_input_is_told():
    editor = studies.researcher()
    study = studies.study(editor=editor)
    with pytest.raises(NotAllowed):
        inviting.invite(study=study, actor=studies.viewer(study), email="x@example.org", level="viewer")
    for email, level, field in (("nobody", "viewer", "email"), ("x@example.org", "owner", "level")):
        with pytest.raises(InvalidInput) as refused:
            inviting.invite(study=study, actor=editor, email=email, level=level)
        assert set(refused.value.fields) == {field}


def test_somebody_is_on_the_team_once_whatever_their_address():
    """A new address of a person changes what they may; taking them off takes them off."""
    editor, guest = studies.researcher(), people.person()
    study = studies.study(editor=editor)
    inviting.invite(study=study, actor=editor, email=guest.email, level="viewer")
    guest.email = "anders@example.org"
    guest.save()
    inviting.invite(study=study, actor=editor, email=guest.email, level="editor")
    access = study.access.get(person=guest)
    assert (access.level, access.email) == ("editor", "anders@example.org")
    inviting.invite(study=study, actor=editor, email="derde@example.org", level="viewer")
    guest.email = "derde@example.org"
    guest.save()
    inviting.claim_invitations(guest)
    assert study.access.get(person=guest).level == "editor"
    assert study.access.count() == 2


def test_last_editor_with_an_account_stays():
    editor = studies.researcher()
    study = studies.study(editor=editor)
    inviting.invite(study=study, actor=editor, email="nieuw@example.org", level="editor")
    with pytest.raises(Refused):
        inviting.withdraw_access(access=study.access.get(person=editor), actor=editor)
