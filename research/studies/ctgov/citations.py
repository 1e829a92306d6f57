"""References as PubMed writes them, as outputs of a study."""

import re

from ..dates import earliest
from ..models import LONG_TITLE, SHORT
from ..record import Record
from ..vocabularies import OutputType
from .nodes import cut

LONGEST = 4000  # characters
_DOI = re.compile(r"\bdoi:?\s*(10\.\d{4,9}/\S+)", re.IGNORECASE | re.ASCII)
# "Authors. Title. Journal. 2015 May 3;31(5):671-8. …"; a title may have points, the journal stands before the year.
_PARTS = re.compile(
    r"^[^.]+\.\s(?P<title>.+?[.?!])\s(?P<journal>[^.(]+(?:\([^)]*\))?)\.\s"
    r"(?P<year>(?:19|20)\d{2})(?:\s(?P<month>[A-Z][a-z]{2}))?(?:\s(?P<day>\d{1,2}))?\b"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def article(citation: str, pmid: str) -> Record | None:
    """The article that is cited; None when there is neither a text nor a number of PubMed."""
    citation = cut(citation, LONGEST)
    doi = _DOI.search(citation)
    number = pmid if pmid.isascii() and pmid.isdigit() and len(pmid) <= 12 else ""
    if not citation and not number:
        return None
    parts = _PARTS.match(citation)
    title = parts["title"].rstrip(".") if parts else citation or f"PubMed {number}"
    return {
        "type": str(OutputType.ARTICLE),
        "title_nl": "",
        "title_en": cut(title, LONG_TITLE),
        "doi": doi[1].rstrip(".,;)")[:SHORT] if doi else "",
        "url": f"https://pubmed.ncbi.nlm.nih.gov/{number}/" if number else "",
        "published": _published(parts) if parts else "",
    }


def _published(parts: re.Match[str]) -> str:
    """The year, with month and day as far as they are given."""
    if parts["month"] not in _MONTHS:
        return parts["year"]
    month = f"{parts['year']}-{_MONTHS.index(parts['month']) + 1:02d}"
    day = f"{month}-{int(parts['day'] or 0):02d}"
    return day if earliest(day) else month
