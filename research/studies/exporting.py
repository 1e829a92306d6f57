"""Studies as files: tables, JSON Lines and references; of each study only what the viewer may see.

Sources of the formats: RIS as Reference Manager wrote it, https://refdb.sourceforge.net/manual-0.9.6/c2007.html;
BibTeX's `@misc` for what is neither book nor article, http://www.bibtex.org/Format/.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from academy.core import events
from academy.core.exports import Column
from academy.core.exports.http import JSON_LINES, csv_download, text_download, xlsx_download
from academy.core.translation import Text

from . import facts
from .linked_data import permanent_address
from .models import Study
from .permissions import level_of, visible_to
from .record import FIELDS, Record, read, with_everything
from .sheet import Sheet
from .vocabularies import Authority, ContributorRole

AT_ONCE = 100
_ISO_DAYS = ("results_summary_given_on", "embargo_until")
_AS_WRITTEN = ("first_enrolment", "completion")


def sheets(pks: Iterable[Iterable[int]], user: Any) -> Iterator[Sheet]:
    """The studies of these keys in their order, those that the user may know of now, read some at a time."""
    studies = visible_to(with_everything(Study.objects.all()).prefetch_related("access"), user)
    for part in _parts(pks):
        found = {study.pk: study for study in studies.filter(pk__in=part)}
        for pk in part:
            if study := found.get(pk):
                yield Sheet(study, read(study), level_of(user, study))


def _parts(pks: Iterable[Iterable[int]]) -> Iterator[list[int]]:
    for some in pks:
        keys = list(some)
        for start in range(0, len(keys), AT_ONCE):
            yield keys[start : start + AT_ONCE]


def note(user: Any, of: Model, file_format: str, **details: Any) -> None:
    """Write down that somebody took studies along: their files have names of people in them."""
    if user.is_authenticated:
        events.record(actor=user, object=of, verb="export", format=file_format, **details)


def columns() -> list[Column]:
    """Number and address, and every field in words."""
    first = [
        Column("number", _("Number"), lambda sheet: sheet.study.number),
        Column("url", _("Address"), lambda sheet: permanent_address(sheet.study)),
        Column("published", _("Published"), lambda sheet: sheet.study.published_at),
    ]
    return first + [
        Column(name, facts.label_of(name), _cell(name)) for name, entry in FIELDS.items() if entry.group != "access"
    ]


def _cell(name: str) -> Callable[[Sheet], Any]:
    def cell(sheet: Sheet) -> Any:
        value = sheet.get(name)
        if name in _ISO_DAYS:
            return facts.as_date(value)
        if name in _AS_WRITTEN or isinstance(value, int):
            return value
        told = facts.lines(name, value, names=sheet.names)
        return told if FIELDS[name].is_list else "\n".join(told)

    return cell


def json_line(sheet: Sheet) -> str:
    """The record with its codes, for programs; fields that may not be seen are not there, people have no keys."""
    record = {name: value for name, value in sheet.record.items() if FIELDS[name].group != "access"}
    if "contributors" in record:
        record["contributors"] = [_named(row, sheet.names) for row in record["contributors"]]
    known = {"number": sheet.study.number, "url": permanent_address(sheet.study)}
    return json.dumps({**known, **record}, ensure_ascii=False) + "\n"


def _named(row: Record, names: facts.Names) -> Record:
    name = (names.person(row["person"]) if row["person"] else "") or row["name"]
    return {key: name if key == "name" else value for key, value in row.items() if key != "person"}


def _investigators(sheet: Sheet) -> list[str]:
    leading = ContributorRole.PRINCIPAL_INVESTIGATOR
    return [_named(row, sheet.names)["name"] for row in sheet.get("contributors") if row["role"] == leading]


def _numbers(sheet: Sheet) -> list[str]:
    rows = sheet.get("identifiers")
    return [f"{facts.choice(Authority, row['authority'])}: {row['number']}" for row in rows]


def _words(sheet: Sheet) -> list[str]:
    return [*(str(facts.both(row, "name")) for row in sheet.get("conditions")), *sheet.get("keywords")]


def _one_line(text: str) -> str:
    return " ".join(str(text).split())


def ris(sheet: Sheet) -> str:
    """One reference; lines end as the format asks."""
    published = sheet.study.published_at
    summary, scientific = sheet.both("summary"), sheet.both("scientific_title")
    tags = [
        ("TY", "GEN"),
        ("ID", sheet.study.number),
        ("TI", sheet.title),
        ("T2", scientific if scientific != sheet.title else ""),
        ("ST", sheet.get("acronym")),
        *(("AU", name) for name in _investigators(sheet)),
        ("PY", f"{published:%Y}" if published else ""),
        ("DA", f"{published:%Y/%m/%d/}" if published else ""),
        ("AB", summary),
        *(("KW", word) for word in _words(sheet)),
        ("M3", str(_("Study registration"))),
        ("PB", settings.WAGTAIL_SITE_NAME),
        ("AN", sheet.study.number),
        *(("N1", number) for number in _numbers(sheet)),
        ("LA", _language(summary)),
        ("UR", permanent_address(sheet.study)),
    ]
    lines = [f"{tag}  - {text}" for tag, value in tags if (text := _one_line(value))]
    return "\r\n".join([*lines, "ER  - ", "", ""])


def _language(text: Text) -> str:
    return text.language if text else ""


_SPECIAL = {character: f"\\{character}" for character in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_SPECIALS = re.compile(r"[&%$#_{}\\~^]")


def bibtex(sheet: Sheet) -> str:
    """One entry, its key the number of the study."""
    published = sheet.study.published_at
    # Each name in braces, or "and" inside a name would make two people of it.
    authors = " and ".join(f"{{{_escaped(name)}}}" for name in _investigators(sheet) if name)
    fields = [
        ("title", f"{{{_escaped(sheet.title)}}}"),
        ("author", authors),
        ("year", f"{published:%Y}" if published else ""),
        ("howpublished", _escaped(f"{_('Study registration')}, {settings.WAGTAIL_SITE_NAME}")),
        ("url", permanent_address(sheet.study)),
        ("note", _escaped("; ".join(_numbers(sheet)))),
        ("keywords", _escaped(", ".join(_words(sheet)))),
        ("abstract", _escaped(sheet.both("summary"))),
    ]
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields if value)
    return f"@misc{{{sheet.study.number},\n{body}\n}}\n\n"


def _escaped(text: str) -> str:
    return _SPECIALS.sub(lambda found: _SPECIAL[found[0]], _one_line(text))


def _texts(line: Callable[[Sheet], str], ending: str, content_type: str) -> Callable[..., HttpResponseBase]:
    def send(rows: Iterable[Sheet], name: str) -> HttpResponseBase:
        return text_download((line(sheet) for sheet in rows), f"{name}.{ending}", content_type)

    return send


#: format in an address → what people call it, and how studies are sent in it
FORMATS: dict[str, tuple[str, Callable[[Iterable[Sheet], str], HttpResponseBase]]] = {
    "csv": ("CSV", lambda rows, name: csv_download(columns(), rows, name)),
    "xlsx": ("Excel", lambda rows, name: xlsx_download(columns(), rows, name)),
    "jsonl": ("JSON Lines", _texts(json_line, "jsonl", JSON_LINES)),
    "ris": ("RIS", _texts(ris, "ris", "application/x-research-info-systems; charset=utf-8")),
    "bibtex": ("BibTeX", _texts(bibtex, "bib", "application/x-bibtex; charset=utf-8")),
}
