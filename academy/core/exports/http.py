"""Lists as downloads: streamed, with a name that is safe in every system, kept by no cache."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from .tables import Column, csv_rows, json_lines, xlsx_file

CSV = "text/csv; charset=utf-8"
JSON_LINES = "application/jsonl; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINES_AT_ONCE = 200

Columns = Sequence[Column]


def csv_download(columns: Columns, rows: Iterable[Any], name: str) -> HttpResponseBase:
    """The list as `name.csv`."""
    return text_download(csv_rows(columns, rows), f"{_stem(name)}.csv", CSV)


def json_lines_download(columns: Columns, rows: Iterable[Any], name: str) -> HttpResponseBase:
    """The list as `name.jsonl`."""
    return text_download(json_lines(columns, rows), f"{_stem(name)}.jsonl", JSON_LINES)


def xlsx_download(columns: Columns, rows: Iterable[Any], name: str) -> HttpResponseBase:
    """The list as `name.xlsx`; may raise `TooManyRows`."""
    return file_download(xlsx_file(columns, rows, name), f"{_stem(name)}.xlsx", XLSX)


#: format in an address → how the list is sent in it
DOWNLOADS: dict[str, Callable[[Columns, Iterable[Any], str], HttpResponseBase]] = {
    "csv": csv_download,
    "xlsx": xlsx_download,
    "jsonl": json_lines_download,
}


def text_download(lines: Iterable[str], file_name: str, content_type: str) -> HttpResponseBase:
    """Lines as they come, in the language of this request although they are made after it."""
    return _as_attachment(StreamingHttpResponse(_in_this_language(lines), content_type=content_type), file_name)


def file_download(file: IO[bytes], file_name: str, content_type: str) -> HttpResponseBase:
    """An open file, closed when it was sent."""
    return _as_attachment(FileResponse(file, content_type=content_type), file_name)


def _stem(name: str) -> str:
    return slugify(name)[:80] or "list"


def _as_attachment(response: HttpResponseBase, file_name: str) -> HttpResponseBase:
    response.headers["Content-Disposition"] = content_disposition_header(True, file_name)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _in_this_language(lines: Iterable[str]) -> Iterator[bytes]:
    language, rest = translation.get_language(), iter(lines)

    def parts() -> Iterator[bytes]:
        while True:
            with translation.override(language):
                part = "".join(islice(rest, LINES_AT_ONCE))
            if not part:
                return
            yield part.encode()

    return parts()
