"""What every record as JSON-LD shares: its permanent address, words in both languages, the element on a page."""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from .translation import LANGUAGES

JsonLd = dict[str, Any]


def permanent_address(number: str) -> str:
    """The address of this number that stays, whatever happens to the site."""
    return f"{settings.SITE_URL}{reverse('permanent', kwargs={'number': number})}"


def words(record: Any, field: str) -> list[JsonLd]:
    """The field in each language in which it is filled in."""
    texts = [(code, getattr(record, f"{field}_{code}")) for code in LANGUAGES]
    return [{"@language": code, "@value": text} for code, text in texts if text]


def own_number(number: str) -> JsonLd:
    """A number that this site gave."""
    return {"@type": "PropertyValue", "propertyID": settings.WAGTAIL_SITE_NAME, "value": number}


def filled(document: JsonLd) -> JsonLd:
    """The document without what is empty."""
    return {name: value for name, value in document.items() if value not in (None, "", [], {})}


def as_script(document: JsonLd) -> SafeString:
    """The content of `<script type="application/ld+json">`: nothing in it can end the element."""
    text = json.dumps(document, ensure_ascii=False)
    return mark_safe(text.translate({ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}))
