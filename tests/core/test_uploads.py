"""Files that people hand in: their names, and what is found out about them."""

import hashlib

import pytest
from django.core.files.base import ContentFile

from academy.core.errors import InvalidInput
from academy.core.uploads import Checked, checked, harmless_name

PDF = b"%PDF-1.7 rest"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\x\\brief METC.PDF", "brief METC.pdf"),
        ("factuur\u202efdp.exe.pdf", "factuur fdp.exe.pdf"),
        ('a<b>"c|d?*:e.pdf', "a_b__c_d___e.pdf"),
        ("lijn\r\neinde.pdf", "lijn einde.pdf"),
        ("   .pdf", "document.pdf"),
        ("e\u0301e\u0301n.pdf", "één.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("", "document"),
    ],
)
def test_names_are_made_harmless(given, kept):
    assert harmless_name(given) == kept


def test_what_is_found_out_and_the_file_stands_at_its_beginning():
    upload = ContentFile(PDF, "map/Brief METC.PDF")
    digest = hashlib.sha256(PDF).hexdigest()
    assert checked(upload) == Checked("Brief METC.pdf", "application/pdf", len(PDF), digest)
    assert upload.read() == PDF


def test_a_refusal_names_the_field():
    with pytest.raises(InvalidInput) as refusal:
        checked(ContentFile(b"MZ", "brief.pdf"), field="letter")
    assert list(refusal.value.fields) == ["letter"]
