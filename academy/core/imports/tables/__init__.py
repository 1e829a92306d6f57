"""Tables as people make them, CSV and workbooks: columns of a known kind, rows as records, template files."""

from .columns import Column, Problem
from .importer import TableImporter
from .reader import records, remarks
from .template import explained, template

__all__ = ["Column", "Problem", "TableImporter", "explained", "records", "remarks", "template"]
