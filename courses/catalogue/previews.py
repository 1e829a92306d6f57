"""How the editor's preview shows a record: pages made by the views, which models may not import."""

from collections.abc import Callable
from typing import Any

#: model -> callable(request, record) -> response
preview_pages: dict[type, Callable[[Any, Any], Any]] = {}
