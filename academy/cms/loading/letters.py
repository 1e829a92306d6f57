"""Letters of bodies, as PDF files of one page; written by hand, since a demo has more than a hundred of them."""

from collections.abc import Iterable

# Helvetica is one of the fonts that every reader brings along; it takes the letters of Windows-1252.
ENCODING = "cp1252"
LINE, TOP, LEFT = 18, 780, 72  # points


def letter(lines: Iterable[str]) -> bytes:
    """A4 with these lines, the first of which is the heading."""
    stream = "\n".join(_shown(line, place) for place, line in enumerate(lines)).encode(ENCODING, "replace")
    return _file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            (
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
                b" /Resources << /Font << /F1 5 0 R >> >> >>"
            ),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        ]
    )


def _shown(line: str, place: int) -> str:
    size = 11 if place else 16
    text = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F1 {size} Tf {LEFT} {TOP - LINE * (place + bool(place))} Td ({text}) Tj ET"


def _file(objects: list[bytes]) -> bytes:
    """The objects with the table that says at which byte each of them begins."""
    parts, at = [b"%PDF-1.4\n"], []
    for number, content in enumerate(objects, 1):
        at.append(sum(map(len, parts)))
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    table = sum(map(len, parts))
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in at)
    count = len(objects) + 1
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, rows))
    parts.append(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, table))
    return b"".join(parts)
