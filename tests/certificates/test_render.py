"""The certificate as a file: standards, languages, names, what it may and may not read."""

import io
import re

import pytest
import segno
from django.utils import translation
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from academy.core import pdf
from courses.certificates import render
from courses.certificates.render import needs_wider_font, page_context, pages

from .building import FACTS, TOKEN

NAMES = {
    "vietnamese": "Nguyễn Thị Hồng",
    "turkish": "Şule Çağlar",
    "greek": "Ναυσικά Παπαδοπούλου",
    "cyrillic": "Дмитрий Щербаков",
    "hebrew": "דוד כהן",
    "arabic": "أحمد محمد",
}


def printed(**changes):
    return render.render(facts={**FACTS, **changes}, token=TOKEN)


def opened(content):
    return PdfReader(io.BytesIO(content))


def text_of(content):
    return " ".join(opened(content).pages[0].extract_text().split())


@pytest.fixture(scope="module")
def content():
    return printed()


@pytest.fixture(scope="module")
def reader(content):
    return opened(content)


def resolved(value):
    return value.get_object() if isinstance(value, IndirectObject) else value


def elements(node):
    """Every structure element below this one."""
    node = resolved(node)
    if isinstance(node, list):
        for child in node:
            yield from elements(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        yield from elements(node.get("/K", []))


def test_the_file_says_that_it_is_pdf_a_3a_and_pdf_ua_1(reader):
    xmp = resolved(reader.trailer["/Root"]["/Metadata"]).get_data().decode()
    assert re.search(r'pdfaid:part="3" pdfaid:conformance="A"', xmp)
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert xmp.index("pdfaExtension:schemas") < xmp.index("</rdf:RDF>")


def test_the_file_has_what_the_standards_ask(reader):
    root = reader.trailer["/Root"]
    intent = resolved(root["/OutputIntents"][0])
    assert intent["/S"] == "/GTS_PDFA1"
    assert "/DestOutputProfile" in intent
    assert resolved(root["/MarkInfo"])["/Marked"]
    assert root["/Lang"] == "nl"
    assert reader.metadata.title.endswith("Basiscursus hartfalen · Noor van der Meulen")
    assert resolved(root["/ViewerPreferences"])["/DisplayDocTitle"]
    assert reader.metadata["/CreationDate"] == "D:20260316"


def test_the_structure_has_headings_and_one_figure_with_words(reader):
    tags = list(elements(reader.trailer["/Root"]["/StructTreeRoot"]["/K"]))
    kinds = [tag["/S"] for tag in tags]
    figures = [tag for tag in tags if tag["/S"] == "/Figure"]
    assert (kinds.count("/H1"), kinds.count("/H2"), len(figures)) == (1, 1, 1)
    assert figures[0]["/Alt"]


def test_every_font_is_embedded(reader):
    fonts = resolved(reader.pages[0]["/Resources"]["/Font"])
    descriptors = [resolved(resolved(font)["/DescendantFonts"][0])["/FontDescriptor"] for font in fonts.values()]
    assert len(descriptors) == 4
    assert all("/FontFile2" in resolved(descriptor) for descriptor in descriptors)


def test_the_artwork_is_decoration_behind_the_text(reader):
    operators = reader.pages[0].get_contents().get_data()
    assert operators.startswith(b"/Artifact BMC q /artwork Do Q EMC")


def test_the_same_facts_give_the_same_bytes(content):
    assert printed() == content


def test_no_signature_is_claimed(content):
    assert not re.search(r"ondertekend|signed|handtekening|signature", text_of(content), re.IGNORECASE)


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("nl", ("Basiscursus hartfalen", "6 uur", "12 maart 2026", "12 maart 2028", "Kwaliteitsregister V&V")),
        ("en", ("Heart failure: the basics", "6 hours", "12 March 2026", "Nursing quality register")),
    ],
)
def test_it_speaks_its_own_language(language, parts):
    with translation.override("en" if language == "nl" else "nl"):
        content = printed(language=language)
    words = text_of(content)
    for part in parts:
        assert part in words
    assert opened(content).trailer["/Root"]["/Lang"] == language


def test_the_words_of_the_two_languages_differ():
    dutch, english = ("".join(pages(facts={**FACTS, "language": code}, token=TOKEN)) for code in ("nl", "en"))
    for words in ("met goed gevolg heeft afgerond", "Controleer dit certificaat", "Uitgegeven op"):
        assert words in dutch
    for words in ("has completed with good results", "Check this certificate", "Issued on"):
        assert words in english


def test_a_missing_title_is_the_other_one_with_its_language():
    page = next(pages(facts={**FACTS, "language": "en", "title": {"nl": "Alleen Nederlands", "en": ""}}, token=TOKEN))
    assert '<h2 lang="nl">Alleen Nederlands</h2>' in page


def test_it_has_number_and_address(content):
    words = text_of(content)
    assert "7Q4M-2KXD" in words
    assert "testserver/verify/7Q4M-2KXD-P9TR-W6HB" in words


def test_the_qr_code_is_that_of_the_address():
    with translation.override("nl"):
        uri = page_context(FACTS, TOKEN)["qr"]
    expected = segno.make("http://testserver/verify/7Q4M-2KXD-P9TR-W6HB", error="m", micro=False)
    assert uri == expected.svg_data_uri(border=0, dark=render.INK, xmldecl=False, omitsize=True, nl=False)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_of_other_scripts_are_drawn_with_embedded_fonts(name):
    reader = opened(printed(name=name))
    fonts = resolved(reader.pages[0]["/Resources"]["/Font"])
    assert any("Fallback" in resolved(font)["/BaseFont"] for font in fonts.values())


@pytest.mark.parametrize("name", [NAMES["vietnamese"], NAMES["turkish"], NAMES["cyrillic"]])
def test_names_can_be_copied_from_the_file(name):
    assert name in text_of(printed(name=name))


def test_a_name_that_no_font_draws_is_refused_in_words():
    private = "\ue123"
    with pytest.raises(pdf.MissingGlyphs, match=r"U\+E123.*fonts-noto-cjk") as refusal:
        printed(name=f"Li {private}")
    assert refusal.value.characters == private


@pytest.mark.parametrize(("name", "wider"), [("Zoë Müller", False), ("O’Brien – x", False), ("Şule", True)])
def test_one_family_for_the_whole_name(name, wider):
    assert needs_wider_font(name) is wider


@pytest.mark.parametrize("length", [30, 60, 100, 282])
def test_long_names_stay_on_one_page(length):
    name = ("Wilhelmina-Alexandra van " * 20)[:length]
    words = text_of(printed(name=name, points=FACTS["points"] * 4, title={"nl": "W" * 200, "en": ""}))
    assert "Kwaliteitsregister" in words
    assert len(opened(printed(name=name)).pages) == 1


def test_a_name_without_spaces_is_broken():
    assert len(opened(printed(name="W" * 282)).pages) == 1


def test_what_cannot_fit_is_refused():
    with pytest.raises(pdf.DoesNotFit):
        printed(name="x" * 10_000)


def test_html_in_names_is_text():
    hostile = '<img src="http://example.org/x.png"><script>alert(1)</script> & "Jan"'
    assert "<script>alert(1)</script>" in text_of(printed(name=hostile))


class TestPress:
    """What a page may use."""

    def press(self, html):
        page = f'<html lang="nl"><title>t</title><body>{html}</body></html>'
        return pdf.Press(stylesheet="certificates/certificate.css").print_page([page])

    @pytest.mark.parametrize(
        "address",
        [
            "http://example.org/x.png",
            "https://static.invalid.example.org/x.png",
            "file:///etc/passwd",
            "https://static.invalid/../../manage.py",
            "https://static.invalid/certificates/%2e%2e/%2e%2e/%2e%2e/models.py",
            "https://static.invalid/certificates/missing.svg",
            "ftp://example.org/x",
        ],
    )
    @pytest.mark.parametrize("markup", ['<img alt="x" src="{}">', '<p style="background: url({})">x</p>'])
    def test_only_static_files_are_read(self, address, markup):
        with pytest.raises(pdf.PdfError):
            self.press(markup.format(address))

    def test_a_stylesheet_is_bound_to_the_same_list(self):
        with pytest.raises(pdf.PdfError):
            pdf.Press(stylesheet="http://example.org/x.css").print_page(['<html lang="nl"><title>t</title>x</html>'])

    def test_no_local_file_is_attached(self):
        with pytest.raises(pdf.PdfError):
            self.press('<link rel="attachment" href="file:///etc/passwd">')

    def test_static_files_and_data_are_fine(self):
        empty = "data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E"
        content = self.press(f'<img alt="Mark" src="certificates/mark.svg"><img alt="x" src="{empty}">')
        assert content.startswith(b"%PDF-1.7")

    def test_an_artwork_holds_shapes_only(self):
        press = pdf.Press(stylesheet="certificates/certificate.css", artwork=lambda: "<html lang='nl'>text</html>")
        with pytest.raises(pdf.PdfError, match="vector shapes"):
            press.print_page(['<html lang="nl"><title>t</title>x</html>'])

    def test_the_drawing_is_made_once(self, content):
        drawing = render.press._drawing
        printed()
        assert render.press._drawing is drawing

    def test_it_can_be_made_ready_beforehand(self):
        press = pdf.Press(stylesheet=render.press.stylesheet, artwork=render.press.artwork)
        press.warm_up()
        assert {"_fonts", "_css", "_drawing"} <= set(vars(press))


class TestAvailability:
    def test_missing_packages_are_named(self, monkeypatch):
        missing = {"libnowhere.so.0": "libpango-1.0-0", "libnone.so": "libharfbuzz-subset0"}
        monkeypatch.setattr(pdf, "LIBRARIES", missing)
        possible, why_not = pdf.available()
        assert not possible
        assert why_not.endswith("missing Debian packages libpango-1.0-0 libharfbuzz-subset0")
        with pytest.raises(pdf.PdfUnavailable, match="libharfbuzz-subset0"):
            printed()

    def test_here_they_are_there(self):
        assert pdf.available() == (True, "")
