"""Words, dates and numbers in templates."""

from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from academy.core import wording
from academy.core.translation import Text, current, pick, pick_language

register = template.Library()

for _name in (
    "long_date",
    "row_date",
    "plain_date",
    "clock_time",
    "long_moment",
    "day_list",
    "hours",
    "percent",
    "file_size",
    "number_token",
):
    register.filter(_name, getattr(wording, _name))
register.filter("num", wording.number)
register.simple_tag(wording.time_range, name="time_range")


@register.filter
def marked(text: Any) -> SafeString:
    """The text, inside a `span lang` when it is in the other language than the page."""
    if isinstance(text, Text) and text.is_fallback:
        return format_html('<span lang="{}">{}</span>', text.language, str(text))
    return conditional_escape(text)


@register.simple_tag(name="text")
def text_of(record: Any, field: str) -> SafeString:
    """`{% text course "title" %}`: the field in the language of the page, else in the other one, marked."""
    return marked(pick(record, field))


@register.filter
def picked(record: Any, field: str) -> Text:
    """`{{ course|picked:"title" }}`: the words with their language, to pass on to a component."""
    return pick(record, field)


@register.filter
def picked_stream(record: Any, field: str) -> dict[str, Any]:
    """A StreamField in the language of the page, else in the other one: `value`, `language`, `is_fallback`."""
    language = pick_language(record, field)
    return {
        "value": getattr(record, f"{field}_{language}"),
        "language": language,
        "is_fallback": language != current(),
    }


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """The query of this page with some parameters changed; a list repeats one, None or "" takes it away.

    `<a href="{% query_with page=2 %}">`
    """
    query = context["request"].GET.copy()
    for name, value in changes.items():
        values = value if isinstance(value, (list, tuple)) else [value]
        query.setlist(name, [str(item) for item in values if item not in (None, "")])
    return f"?{query.urlencode()}"
