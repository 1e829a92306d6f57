"""The engine that SEARCH_URL names: the embedded index, memory, or (with its own issue) Elasticsearch."""

from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .. import registry
from ..contract import SearchEngine


def engine() -> SearchEngine:
    """The engine of this process."""
    return _engine(settings.SEARCH_URL, str(settings.DATA_DIR), registry.revision())


@lru_cache(maxsize=4)
def _engine(url: str, data_dir: str, revision: str) -> SearchEngine:
    scheme = urlsplit(url).scheme
    if not url:
        from .embedded import TantivyEngine

        return TantivyEngine(f"{data_dir}/search", values=registry.value_names(), revision=revision)
    if scheme == "memory":
        from .memory import MemoryEngine

        return MemoryEngine(values=registry.value_names())
    if scheme in ("http", "https"):
        raise ImproperlyConfigured("SEARCH_URL names an Elasticsearch server; that engine is not built in yet.")
    raise ImproperlyConfigured("SEARCH_URL must be empty (the embedded index) or http(s)://user:password@host/prefix.")
