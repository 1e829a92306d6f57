"""Files of an innovation: who adds them, and to whom they are given."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from academy.accounts.models import Role
from academy.core import events
from academy.core.errors import InvalidInput, NotAllowed, Unknown
from research.innovations.models import Compliance, Document
from research.innovations.services import documents
from tests.factories import innovations as made
from tests.factories import people

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 rest"


def add(innovation, name="besluit.pdf", content=PDF, actor=None) -> Document:
    return documents.add_document(innovation=innovation, actor=actor, upload=ContentFile(content, name))


def address(document: Document) -> str:
    return reverse("innovations:document", kwargs={"number": document.innovation.number, "pk": document.pk})


def logged_in(client, person):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def mst():
    return people.organisation("mst")


def test_team_and_managers_add(mst):
    owner, colleague = people.member(mst), people.member(mst)
    innovation = made.published(mst, owner=owner, team=[{"person": colleague.pk, "function": ""}])
    for n, person in enumerate((owner, colleague, made.manager(mst))):
        assert add(innovation, f"{n}.pdf", actor=person).uploaded_by == person
    for person in (people.member(mst), made.manager(people.organisation("zgt")), people.member(role=Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            add(innovation, "nee.pdf", actor=person)
    draft = made.innovation(mst, owner=owner)
    with pytest.raises(Unknown):
        add(draft, "nee.pdf", actor=people.member(mst))


def test_the_same_file_again_is_the_same_document(mst):
    innovation = made.published(mst)
    first = add(innovation)
    assert add(innovation) == first
    assert add(innovation, "besluit v2.pdf") != first
    assert [event.verb for event in events.of(innovation)].count("add_document") == 2


def test_what_is_not_what_it_says_is_refused(mst):
    innovation = made.published(mst)
    with pytest.raises(InvalidInput) as refusal:
        add(innovation, "besluit.pdf", b"MZ a program")
    assert list(refusal.value.fields) == ["document"]
    assert not Document.objects.exists()


def test_the_team_gets_the_exact_bytes_as_a_download(client, mst):
    owner = people.member(mst)
    document = add(made.published(mst, owner=owner), "besluit één.pdf")
    for person in (owner, made.manager(mst), people.member(role=Role.AUDITOR)):
        response = logged_in(client, person).get(address(document))
        assert b"".join(response.streaming_content) == PDF
        assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''besluit%20")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in response["Cache-Control"]


def test_for_everybody_else_there_is_no_document(client, mst):
    document = add(made.published(mst))
    assert client.get(address(document)).status_code == 302
    for person in (people.member(mst), made.manager(people.organisation("zgt")), people.person()):
        assert logged_in(client, person).get(address(document)).status_code == 404


def test_a_document_stands_under_its_own_innovation_only(client, mst):
    owner = people.member(mst)
    document, other = add(made.published(mst, owner=owner)), made.published(mst, owner=owner)
    elsewhere = reverse("innovations:document", kwargs={"number": other.number, "pk": document.pk})
    assert logged_in(client, owner).get(elsewhere).status_code == 404


def test_a_row_that_outlived_its_file_is_not_there(client, mst):
    owner = people.member(mst)
    document = add(made.published(mst, owner=owner))
    document.file.storage.delete(document.file.name)
    assert logged_in(client, owner).get(address(document)).status_code == 404


def test_the_list_takes_one_more_and_says_what_is_wrong_with_another(client, mst):
    owner = people.member(mst)
    innovation = made.published(mst, owner=owner)
    page = reverse("innovations:documents", kwargs={"number": innovation.number})
    logged_in(client, owner)
    assert page in client.get(innovation.get_absolute_url()).content.decode()
    response = client.post(page, {"document": SimpleUploadedFile("besluit.pdf", b"MZ")})
    assert (response.status_code, Document.objects.count()) == (400, 0)
    assert client.post(page, {}).status_code == 400
    client.post(page, {"document": SimpleUploadedFile("besluit.pdf", PDF)})
    assert "besluit.pdf" in client.get(page).content.decode()
    logged_in(client, people.member(role=Role.AUDITOR))
    assert b'name="document"' not in client.get(page).content
    assert client.post(page, {"document": SimpleUploadedFile("b.pdf", PDF)}).status_code == 400
    for person in (people.member(mst), made.manager(people.organisation("zgt"))):
        logged_in(client, person)
        assert client.get(page).status_code == 404
        assert client.post(page, {"document": SimpleUploadedFile("b.pdf", PDF)}).status_code == 404
    assert Document.objects.count() == 1


def test_the_page_names_files_to_the_team_only(client, mst):
    owner = people.member(mst)
    innovation = made.published(mst, owner=owner)
    made.gate(innovation)
    document = add(innovation, "geheim.pdf")
    Compliance.objects.create(innovation=innovation, kind="dpia", state="approved", document=document)
    page = innovation.get_absolute_url()
    assert "geheim.pdf" not in client.get(page).content.decode()
    assert "geheim.pdf" not in logged_in(client, people.member(mst)).get(page).content.decode()
    assert logged_in(client, owner).get(page).content.decode().count("geheim.pdf") == 2
