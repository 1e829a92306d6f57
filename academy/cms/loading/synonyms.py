"""Words that find each other in the search."""

from search.models import SynonymGroup

from .content import Row, read
from .records import make_missing
from .report import Report


def load_synonyms(report: Report) -> None:
    """The groups that are missing; what editors changed stays theirs."""
    make_missing(SynonymGroup, read("synonyms")["synonym_groups"], _terms, report)


def _terms(row: Row) -> dict[str, str]:
    return {f"terms_{code}": "\n".join(row[code]) for code in ("nl", "en")}
