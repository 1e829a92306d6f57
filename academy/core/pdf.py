"""The one door to WeasyPrint: pages in, tagged PDF/A-3a and PDF/UA-1 files out.

WeasyPrint needs Pango from the system and is imported on first use only, so that the site runs without it.
Everything a page refers to is a static file of the project or a ``data:`` URI; nothing is read from anywhere else.
"""

import atexit
import ctypes
import gc
import mimetypes
import sys
import threading
import warnings
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.utils.functional import cached_property

LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
# A host that cannot exist: addresses below it mean static files and are never looked up on a network.
STATIC_HOST = "static.invalid"
BASE_URL = f"https://{STATIC_HOST}/"
# PDF/UA is not among the schemas that PDF/A knows, so its one property has to be described beside it.
PDFUA_XMP = b"""<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Indicates which part of ISO 14289 the file follows</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""

# Pango and WeasyPrint are not safe in threads: one page at a time in a process.
_one_at_a_time = threading.Lock()


class PdfError(Exception):
    """A page could not become a PDF; the text says why, for the person who keeps the site."""


class PdfUnavailable(PdfError):
    """This machine lacks what PDFs need."""


class MissingGlyphs(PdfError):
    """No font on this machine draws some of the characters."""

    def __init__(self, characters):
        self.characters = "".join(sorted(characters))
        named = ", ".join(f"{character} (U+{ord(character):04X})" for character in self.characters)
        super().__init__(
            f"No font on this machine draws {named}. Install a font that does, "
            "for Chinese, Japanese and Korean fonts-noto-cjk, for other scripts fonts-noto-core."
        )


class DoesNotFit(PdfError):
    """Even the smallest setting runs over the one page."""


def available():
    """``(True, "")`` when PDFs can be made here, else ``(False, why)``, naming the Debian packages to install."""
    if sys.platform.startswith("linux"):
        missing = [package for library, package in LIBRARIES.items() if not _loads(library)]
        if missing:
            return False, f"PDFs cannot be made on this machine: missing Debian packages {' '.join(missing)}"
    try:
        _weasyprint()
    except (ImportError, OSError) as error:
        return False, f"PDFs cannot be made on this machine: {str(error).strip().splitlines()[0]}"
    return True, ""


def _loads(library):
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _weasyprint():
    import weasyprint

    return weasyprint


def _static_fetcher():
    """A fetcher that knows static files and ``data:`` and fails on everything else, so that a gap is seen at once."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class StaticFetcher(URLFetcher):
        def __init__(self):
            super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)

        def fetch(self, url, headers=None):
            address = urlsplit(url)
            if address.scheme == "data":
                return super().fetch(url, headers)
            content, mime = read_static(address)
            return URLFetcherResponse(url, BytesIO(content), {"Content-Type": mime})

    return StaticFetcher()


def read_static(address):
    """``(bytes, media type)`` of the static file that a split address means; PdfError for every other address."""
    if (address.scheme, address.netloc) != ("https", STATIC_HOST):
        raise PdfError(f"A PDF may only use static files of the project and data: URIs, not {address.geturl()}")
    try:
        path = finders.find(unquote(address.path).lstrip("/"))
    except SuspiciousFileOperation:
        path = None
    if not path:
        raise PdfError(f"There is no static file {address.path}")
    return Path(path).read_bytes(), mimetypes.guess_type(path)[0] or "application/octet-stream"


@contextmanager
def _tamed():
    """WeasyPrint stops at a refused address with an error that is no Exception, and leaves its ICC profile open."""
    from weasyprint.urls import FatalURLFetchingError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            yield
        except FatalURLFetchingError as error:
            raise PdfError(f"{error}: {error.__cause__}") from error


@dataclass(frozen=True)
class Drawing:
    """A form of vector shapes that is drawn once and put into many files: deflated operators and what they need."""

    operators: bytes
    box: tuple
    states: dict = field(default_factory=dict)
    parts: dict = field(default_factory=dict)

    def add_to(self, pdf):
        """The reference of a copy of this drawing in ``pdf``. Objects of pydyf belong to one file, bytes do not."""
        import pydyf

        parts = {name: part.add_to(pdf) for name, part in self.parts.items()}
        states = {name: pydyf.Dictionary(state) for name, state in self.states.items()}
        resources = pydyf.Dictionary({"ExtGState": pydyf.Dictionary(states), "XObject": pydyf.Dictionary(parts)})
        extra = {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": pydyf.Array(self.box),
            "Resources": resources,
            "Filter": "/FlateDecode",
        }
        form = pydyf.Stream([self.operators], extra)
        pdf.add_object(form)
        return form.reference


class Press:
    """Prints pages that share a stylesheet and, behind the text, one artwork.

    ``stylesheet`` is the name of a static file. ``artwork``, if given, is a function that returns the HTML of a
    page with nothing but background pictures; it is drawn on the first use and from then on only copied.
    Fonts and stylesheet are read once. One press serves one process for its whole life.
    """

    def __init__(self, *, stylesheet, artwork=None):
        self.stylesheet = stylesheet
        self.artwork = artwork

    def print_page(self, candidates):
        """The bytes of a PDF of the first of the HTML ``candidates`` that fits on one page.

        A candidate names its language, title and dates itself (``lang``, ``title``, ``meta``), so that the same
        page gives the same facts whenever it is printed. Raises PdfUnavailable, MissingGlyphs, DoesNotFit or
        PdfError.
        """
        return self._print(lambda: self._first_that_fits(candidates))

    def print_document(self, html):
        """The bytes of a PDF of this HTML, over as many pages as it takes; an artwork stands behind the first one.

        The HTML names its language, title and dates itself. Raises PdfUnavailable, MissingGlyphs or PdfError.
        """
        return self._print(lambda: self._lay_out(html))

    def _print(self, lay_out):
        ready, reason = available()
        if not ready:
            raise PdfUnavailable(reason)
        with _one_at_a_time, _tamed():
            return lay_out().write_pdf(finisher=self._finish, pdf_variant="pdf/a-3a")

    def warm_up(self):
        """Read the fonts and draw the artwork now, which takes a second or two; from then on nothing happens.

        For a worker that prints inside a transaction: the first page must not hold its locks for so long.
        """
        if available()[0]:
            with _one_at_a_time, _tamed():
                _ready = self._css, self.artwork and self._drawing

    def _first_that_fits(self, candidates):
        for html in candidates:
            document = self._lay_out(html)
            if len(document.pages) == 1:
                return document
        raise DoesNotFit("The text does not fit on one page, not even at the smallest size.")

    def _lay_out(self, html):
        source = _weasyprint().HTML(string=html, base_url=BASE_URL, url_fetcher=self._fetcher)
        return source.render(font_config=self._fonts, stylesheets=[self._css])

    @cached_property
    def _fetcher(self):
        return _static_fetcher()

    @cached_property
    def _fonts(self):
        from weasyprint.text.fonts import FontConfiguration

        atexit.register(self._forget)
        return FontConfiguration()

    def _forget(self):
        """Let go of the fonts while the interpreter can still remove the folder that they were unpacked into."""
        for name in ("_css", "_fonts"):
            self.__dict__.pop(name, None)
        gc.collect()

    @cached_property
    def _css(self):
        return _weasyprint().CSS(
            url=urljoin(BASE_URL, self.stylesheet), url_fetcher=self._fetcher, font_config=self._fonts
        )

    @cached_property
    def _drawing(self):
        drawings = []
        self._lay_out(self.artwork()).write_pdf(finisher=lambda document, pdf: drawings.append(_drawing_of(pdf)))
        return drawings[0]

    def _finish(self, document, pdf):
        """Refuse what would be unreadable, put the artwork behind the text, say that the file is PDF/UA."""
        missing = {character for font in document.fonts.values() for character in map(chr, font.missing)}
        if missing:
            raise MissingGlyphs(missing)
        if self.artwork:
            _put_behind(pdf, self._drawing.add_to(pdf))
        metadata = _object(pdf, pdf.catalog["Metadata"])
        metadata.stream = [b"".join(metadata.stream).replace(b"</rdf:RDF>", PDFUA_XMP + b"</rdf:RDF>")]


def _object(pdf, reference):
    return pdf.objects[int(bytes(reference).split()[0])]


def _page(pdf):
    return pdf.objects[pdf.pages["Kids"][0]]


def _drawing_of(pdf):
    """The first page of ``pdf`` as a Drawing. Shapes only: a font or a picture would need objects of its own."""
    page = _page(pdf)
    return _drawing_from(pdf, _object(pdf, page["Contents"]), page["Resources"], page["MediaBox"])


def _drawing_from(pdf, stream, resources, box):
    import pydyf

    known = _object(pdf, resources)
    if known["Pattern"] or known["Shading"] or _object(pdf, known["Font"]):
        raise PdfError("An artwork may hold nothing but plain vector shapes.")
    parts = {}
    for name, reference in known["XObject"].items():
        part = _object(pdf, reference)
        if part.extra["Subtype"] != "/Form":
            raise PdfError("An artwork may hold nothing but plain vector shapes.")
        parts[name] = _drawing_from(pdf, part, part.extra["Resources"], part.extra["BBox"])
    operators = pydyf.Array(stream.stream).data[1:-1]
    states = {name: dict(state) for name, state in known["ExtGState"].items()}
    return Drawing(zlib.compress(operators, 9), tuple(box), states, parts)


def _put_behind(pdf, reference):
    page = _page(pdf)
    _object(pdf, page["Resources"])["XObject"]["artwork"] = reference
    # An artifact: decoration that a screen reader passes over.
    _object(pdf, page["Contents"]).stream.insert(0, b"/Artifact BMC q /artwork Do Q EMC")
