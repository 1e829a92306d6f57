"""Tables: figures that scroll sideways, and rows that become blocks on a phone."""

from typing import Any

from django import template
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_block_tag
def data_table(
    content: str, caption: str, caption_hidden: bool = False, scroll: bool = False, pin: bool = False, id: str = ""
) -> SafeString:
    """A table with `table_head` and `table_body` inside.

    Without `scroll` its rows become blocks on a phone; with it, it scrolls sideways and `pin` keeps the first column.
    A table that scrolls needs an `id`.
    """
    return render_to_string(
        "components/data_table.html",
        {
            "content": content,
            "caption": caption,
            "caption_hidden": caption_hidden,
            "scroll": scroll,
            "pin": pin,
            "id": id,
        },
    )


@register.inclusion_tag("components/table_head.html")
def table_head(*labels: Any, numbers: str = "", hidden: str = "") -> dict[str, Any]:
    """The head row; `numbers` and `hidden` name columns by position (`"2 3"`, from 1): right-aligned, unseen."""
    right, unseen = numbers.split(), hidden.split()
    columns = [
        {"label": label, "number": str(at) in right, "hidden": str(at) in unseen} for at, label in enumerate(labels, 1)
    ]
    return {"columns": columns}


@register.simple_block_tag
def table_body(content: str) -> SafeString:
    """The rows of a table."""
    return format_html('<tbody role="rowgroup">{}</tbody>', content)


@register.simple_block_tag
def row(content: str) -> SafeString:
    """One row: a `row_head` and cells."""
    return format_html('<tr role="row">{}</tr>', content)


@register.simple_block_tag
def row_head(content: str, nowrap: bool = False) -> SafeString:
    """The cell that names its row."""
    attributes = flatatt({"role": "rowheader", "scope": "row", "class": "nowrap" if nowrap else None})
    return format_html("<th{}>{}</th>", attributes, content)


@register.simple_block_tag
def cell(content: str, label: str = "", number: bool = False) -> SafeString:
    """A cell; `label` names it when the row is a block on a phone."""
    attributes = flatatt({"role": "cell", "data-label": label or None, "class": "num" if number else None})
    return format_html("<td{}>{}</td>", attributes, mark_safe(content.strip()))
