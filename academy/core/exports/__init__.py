"""Lists as files: CSV, XLSX and JSON Lines, one row at a time, safe to open in a spreadsheet."""

from .tables import Column, TooManyRows, csv_rows, json_lines, xlsx_file

__all__ = ["Column", "TooManyRows", "csv_rows", "json_lines", "xlsx_file"]
