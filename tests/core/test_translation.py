"""Dutch and English side by side; what is missing is shown in the other language and says so."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation

from academy.core.translation import current, pick, pick_language


@pytest.mark.parametrize(
    ("nl", "en", "wanted", "text", "language", "fallback"),
    [
        ("Brand", "Fire", "nl", "Brand", "nl", False),
        ("Brand", "Fire", "en", "Fire", "en", False),
        ("Brand", "", "en", "Brand", "nl", True),
        ("", "Fire", "nl", "Fire", "en", True),
        ("", "", "en", "", "en", False),
    ],
)
def test_a_field_in_the_language_or_else_the_other(nl, en, wanted, text, language, fallback):
    record = SimpleNamespace(title_nl=nl, title_en=en)
    found = pick(record, "title", wanted)
    assert (found, found.language, found.is_fallback) == (text, language, fallback)
    assert pick_language(record, "title", wanted) == language
    with translation.override(wanted):
        assert pick(record, "title") == text


def test_the_other_language_is_marked_and_escaped():
    record = SimpleNamespace(title_nl="<b>Brand</b>", title_en="")
    with translation.override("en"):
        html = Template("{% text record 'title' %}").render(Context({"record": record}))
    assert html == '<span lang="nl">&lt;b&gt;Brand&lt;/b&gt;</span>'


@pytest.mark.parametrize(("active", "expected"), [("nl", "nl"), ("en-gb", "en"), ("fr", "nl")])
def test_the_language_of_the_request_is_one_of_two(active, expected):
    with translation.override(active):
        assert current() == expected
