"""Lists as files: CSV, XLSX and JSON Lines, one row at a time, safe to open in a spreadsheet."""

from .tables import (
    Column,
    Sheet,
    TooManyRows,
    cell_text,
    csv_rows,
    json_lines,
    sheet_name,
    workbook,
    xlsx_file,
)

__all__ = [
    "Column",
    "Sheet",
    "TooManyRows",
    "cell_text",
    "csv_rows",
    "json_lines",
    "sheet_name",
    "workbook",
    "xlsx_file",
]
