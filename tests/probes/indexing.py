"""An embedded search index of one's own, filled from the database of the test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from search import engines, facade


@contextmanager
def own_index(settings: Any, folder: Path) -> Iterator[None]:
    """Inside, the facade asks an index in this folder; `facade.rebuild()` fills it."""
    settings.DATA_DIR = folder
    engines._engine.cache_clear()
    facade.rebuild()
    yield
    engines._engine.cache_clear()
