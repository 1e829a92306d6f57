"""Files of a study: what is taken in, under which name, and to whom it is given."""

import hashlib
import io
import zipfile

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from academy.accounts.models import Role
from academy.core import events
from academy.core.errors import InvalidInput, NotAllowed, Unknown
from academy.core.uploads import MAX_BYTES
from research.studies.models import Document
from research.studies.services import documents
from tests.factories import people, studies

from .test_reviewing import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    return Case()


def archive(*names: str, mimetype: str = "") -> bytes:
    """A zip with these entries; OpenDocument begins with its kind, stored as it is."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        if mimetype:
            made.writestr(zipfile.ZipInfo("mimetype"), mimetype, zipfile.ZIP_STORED)
        for name in names:
            made.writestr(name, "content")
    return file.getvalue()


WORD = archive("[Content_Types].xml", "word/document.xml")
SHEET = archive("[Content_Types].xml", "xl/workbook.xml")
OPEN = archive("content.xml", mimetype="application/vnd.oasis.opendocument.text")
PNG, JPEG, PDF = b"\x89PNG\r\n\x1a\n rest", b"\xff\xd8\xff\xe0 rest", b"%PDF-1.7 rest"


def add(case, name: str, content: bytes, actor=None) -> Document:
    return documents.add_document(study=case.study, actor=actor or case.editor, upload=ContentFile(content, name))


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("protocol.pdf", PDF, "application/pdf"),
        ("Protocol.PDF", PDF, "application/pdf"),
        ("brief.docx", WORD, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("lijst.xlsx", SHEET, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("brief.odt", OPEN, "application/vnd.oasis.opendocument.text"),
        ("notitie.txt", "Geen bijzonderheden: één".encode(), "text/plain; charset=utf-8"),
        ("schema.png", PNG, "image/png"),
        ("foto.jpg", JPEG, "image/jpeg"),
        ("foto.jpeg", JPEG, "image/jpeg"),
    ],
)
def test_what_it_is_and_what_it_is_called_fit(case, name, content, content_type):
    document = add(case, name, content)
    assert (document.content_type, document.size) == (content_type, len(content))
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    with document.file.open("rb") as file:
        assert file.read() == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("protocol.pdf", WORD),
        ("protocol.pdf", b"MZ a program"),
        ("protocol.pdf", b""),
        ("protocol.pdf", b"x" * 40 + PDF),
        ("brief.docx", SHEET),
        ("brief.docx", b"PK\x03\x04 broken"),
        ("brief.docx", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("lijst.xlsx", WORD),
        ("brief.odt", archive("content.xml")),
        ("brief.odt", archive("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet")),
        ("notitie.txt", b"\xff\xfe\x00binary"),
        ("notitie.txt", b"with a \x00 in it"),
        ("schema.png", JPEG),
        ("foto.jpg", PNG),
        ("script.svg", b"<svg onload='x'/>"),
        ("pagina.html", b"<script>"),
        ("protocol", PDF),
        ("protocol.pdf.exe", PDF),
        ("", PDF),
    ],
)
def test_everything_else_is_refused_with_a_reason(case, name, content):
    with pytest.raises(InvalidInput) as refusal:
        documents.add_document(study=case.study, actor=case.editor, upload=_file(name, content))
    assert list(refusal.value.fields) == ["document"]
    assert not Document.objects.exists()


def _file(name: str, content: bytes) -> ContentFile:
    file = ContentFile(content)
    file.name = name
    return file


def test_a_file_of_more_than_20_mb_is_refused(case):
    file = _file("protocol.pdf", PDF)
    file.size = MAX_BYTES + 1
    with pytest.raises(InvalidInput):
        documents.add_document(study=case.study, actor=case.editor, upload=file)


def test_the_same_file_again_is_the_same_document(case):
    first = add(case, "protocol.pdf", PDF)
    assert add(case, "protocol.pdf", PDF) == first
    assert add(case, "protocol v2.pdf", PDF) != first
    assert [event.verb for event in events.of(case.study)].count("add_document") == 2


def test_it_is_kept_where_no_address_leads(client, case):
    document = add(case, "protocol.pdf", PDF)
    assert document.file.path.startswith(str(settings.DATA_DIR / "private"))
    assert "protocol" not in document.file.name
    client.force_login(case.editor)
    assert client.get(document.file.url, follow=True).status_code == 404


def test_only_editors_and_involved_bureaus_add(case):
    add(case, "a.pdf", PDF, case.editor)
    add(case, "b.pdf", PDF, case.other)
    for person in (studies.viewer(case.study), people.member(case.mst, role=Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            add(case, "c.pdf", PDF, person)
    with pytest.raises(Unknown):
        add(case, "c.pdf", PDF, studies.bureau(people.organisation("elsewhere")))


def address(document: Document) -> str:
    return reverse("studies:document", kwargs={"number": document.study.number, "pk": document.pk})


def test_the_team_gets_the_exact_bytes_as_a_download(client, case):
    document = add(case, "protocol één.pdf", PDF)
    for person in (case.editor, case.bureau, case.other, studies.viewer(case.study), people.member(role=Role.AUDITOR)):
        client.force_login(person)
        response = client.get(address(document))
        assert b"".join(response.streaming_content) == PDF
        assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''protocol%20")
        assert response["Content-Type"] == "application/pdf"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in response["Cache-Control"]


def test_for_everybody_else_there_is_no_document_also_of_a_published_study(client):
    mst = people.organisation("mst")
    study = studies.published(mst)
    document = documents.add_document(study=study, actor=None, upload=_file("protocol.pdf", PDF))
    assert client.get(address(document)).status_code == 302
    for person in (people.member(mst), studies.researcher(mst), people.person()):
        client.force_login(person)
        assert client.get(address(document)).status_code == 404
        assert client.get(reverse("studies:documents", kwargs={"number": study.number})).status_code == 404


def test_a_document_stands_under_its_own_study_only(client, case):
    document = add(case, "protocol.pdf", PDF)
    other = studies.study(case.mst, editor=case.editor)
    client.force_login(case.editor)
    elsewhere = reverse("studies:document", kwargs={"number": other.number, "pk": document.pk})
    assert client.get(elsewhere).status_code == 404


def test_the_list_takes_one_more_and_says_what_is_wrong_with_another(client, case):
    client.force_login(case.editor)
    page = reverse("studies:documents", kwargs={"number": case.study.number})
    assert client.get(page).status_code == 200
    response = client.post(page, {"document": SimpleUploadedFile("protocol.pdf", b"MZ")})
    assert (response.status_code, Document.objects.count()) == (400, 0)
    assert client.post(page, {}).status_code == 400
    client.post(page, {"document": SimpleUploadedFile("protocol.pdf", PDF)})
    assert "protocol.pdf" in client.get(page).content.decode()
    client.force_login(studies.viewer(case.study))
    assert b'name="document"' not in client.get(page).content
    assert client.post(page, {"document": SimpleUploadedFile("b.pdf", PDF)}).status_code == 400
