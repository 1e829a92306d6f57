"""Tables as people make them, CSV and workbooks: columns of a known kind, rows as records, template files."""

from .choices import of_records
from .columns import Column, Problem, names_of
from .importer import TableImporter
from .reader import records, remarks
from .template import explained, template

__all__ = [
    "Column",
    "Problem",
    "TableImporter",
    "explained",
    "names_of",
    "of_records",
    "records",
    "remarks",
    "template",
]
