"""What the pages of the portfolio's lists share: the ways to look at it, and the filters."""

from typing import Any

from ..filtering import Filter
from ..tabs import address, tabs


def frame(name: str, wanted: Filter, user: Any) -> dict[str, Any]:
    """For `innovations/lists/frame.html`, on the page of this name."""
    bar = wanted.bar()
    return {
        "tabs": tabs(name, wanted.query_string),
        "bar": bar,
        "filtered": bool(wanted),
        "page_url": address(name),
        "clear_url": bar.clear_url,
    }
