"""Blocks of mails: tables with fixed widths, since mail programs know little else."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .records import filled

register = template.Library()


@register.inclusion_tag("components/mail_button.html")
def mail_button(text: str, url: str) -> dict[str, Any]:
    """The one main action of a mail; the address is absolute."""
    return {"text": text, "url": url}


@register.inclusion_tag("components/mail_facts.html")
def mail_facts(rows: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    """When, where, how long: label and value pairs; a row without a value is left out."""
    return {"rows": filled(rows)}


@register.simple_block_tag
def mail_fact_table(content: str) -> SafeString:
    """The same table, written row by row with `mail_fact`."""
    table = '<table class="mail-facts" width="100%" cellpadding="0" cellspacing="0" border="0">{}</table>'
    return format_html(table, content)


@register.simple_block_tag
def mail_fact(content: str, label: str) -> SafeString:
    """One row of a `mail_fact_table`."""
    return render_to_string("components/mail_fact.html", {"content": content, "label": label})
