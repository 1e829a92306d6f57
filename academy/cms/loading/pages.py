"""Standard pages and news in both languages, linked as translations, published with a revision."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.html import escape

from academy.accounts.models import User
from academy.cms.models import HomePage, NewsPage, StandardPage
from academy.cms.planting import Planted
from academy.strategy.models import Programme
from courses.catalogue.models import Course

from .content import LANGUAGES, Calendar, Row, paragraphs, read
from .report import Report

PUBLISHED_DAYS_AGO = 365


def load_pages(planted: Planted, author: User, courses: dict[str, Course], calendar: Calendar, report: Report) -> None:
    """Pages that are missing, by their slug; where one language is there already, both are left alone."""
    rows = read("pages")["pages"]
    for done, row in enumerate(rows, 1):
        parents = planted.news if row["kind"] == "news" else planted.home
        if parents["nl"].get_children().filter(slug=row["slug"]["nl"]).exists():
            report.count(unchanged=1)
            continue
        _add_both(parents, row, author, courses, calendar)
        report.count(new=1)
        report.progress("pages", done, len(rows))


def highlight(planted: Planted, programme: Programme) -> None:
    """A home page that has no programme to show gets this one."""
    for home in HomePage.objects.filter(pk__in=[page.pk for page in planted.home.values()], programme=None):
        home.programme = programme
        home.save_revision(clean=False).publish()


def _add_both(parents: dict, row: Row, author: User, courses: dict[str, Course], calendar: Calendar) -> None:
    key = None
    for code in LANGUAGES:
        page = _page(row, code, courses, calendar)
        page.locale, page.owner = parents[code].locale, author
        if key:
            page.translation_key = key
        parents[code].add_child(instance=page)
        page.save_revision(user=author, clean=False).publish()
        key = page.translation_key


def _page(row: Row, code: str, courses: dict[str, Course], calendar: Calendar) -> NewsPage | StandardPage:
    offset = row.get("date_offset_days", -PUBLISHED_DAYS_AGO)
    shared = {
        "title": row["title"][code],
        "slug": row["slug"][code],
        "search_description": row["intro"][code],
        "first_published_at": calendar.at(calendar.day(offset), 0.5),
        "body": json.dumps(list(_blocks(row, code, courses))),
    }
    if row["kind"] == "news":
        return NewsPage(date=calendar.day(offset), summary=row["intro"][code], **shared)
    about = row["key"] == "page_about"
    return StandardPage(intro=row["intro"][code], show_in_menus=about, in_footer=not about, **shared)


def _blocks(row: Row, code: str, courses: dict[str, Course]) -> Iterator[dict[str, Any]]:
    """The blocks of one language as the database keeps them; questions in a row make one block."""
    questions: list[dict] = []
    for block in row["blocks"]:
        if block["type"] == "question":
            questions.append({"question": block["question"][code], "answer": _html(block["answer"][code])})
            continue
        yield from _faq(questions)
        questions = []
        yield BLOCKS[block["type"]](block, code)
    yield from _faq(questions)
    if codes := row.get("related", {}).get("courses"):
        yield {"type": "records", "value": {"courses": [courses[number].pk for number in codes], "tracks": []}}


def _faq(questions: list[dict]) -> Iterator[dict[str, Any]]:
    if questions:
        yield {"type": "faq", "value": {"questions": questions}}


def _html(text: str) -> str:
    return "".join(paragraphs(text))


def _paragraph(block: Row, code: str) -> dict[str, Any]:
    return {"type": "paragraph", "value": _html(block["text"][code])}


def _heading(block: Row, code: str) -> dict[str, Any]:
    return {"type": "heading", "value": block["text"][code]}


def _list(block: Row, code: str) -> dict[str, Any]:
    """A list is text with bullets."""
    items = "".join(f"<li>{escape(item[code])}</li>" for item in block["items"])
    return {"type": "paragraph", "value": f"<ul>{items}</ul>"}


def _quote(block: Row, code: str) -> dict[str, Any]:
    return {"type": "quote", "value": {"text": block["text"][code], "attribution": block["attribution"][code]}}


def _callout(block: Row, code: str) -> dict[str, Any]:
    value = {"tone": block["tone"], "title": block["title"][code], "text": _html(block["text"][code])}
    return {"type": "callout", "value": value}


def _figures(block: Row, code: str) -> dict[str, Any]:
    """A number may be written differently in English."""
    items = [
        {"value": item.get(f"value_{code}", item["value"]), "label": item["label"][code]} for item in block["items"]
    ]
    return {"type": "figures", "value": {"items": items}}


BLOCKS = {
    "paragraph": _paragraph,
    "heading": _heading,
    "list": _list,
    "quote": _quote,
    "callout": _callout,
    "figures": _figures,
}
