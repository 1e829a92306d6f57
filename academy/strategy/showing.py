"""What this room leaves with others: permanent addresses, linked data and the sitemap."""

from collections.abc import Iterable
from typing import Any

from academy.core import registries
from academy.core.registries import SitemapEntry
from academy.core.translation import in_each_language

from . import linked_data
from .models import Programme
from .selectors import programmes_for_page


@registries.addresses.register("strategy")
def address(number: str, user: Any) -> str | None:
    """The page of a programme by its number; everybody may see it."""
    programme = Programme.objects.filter(number=number).first()
    return programme.get_absolute_url() if programme else None


@registries.linked_data.register("strategy")
def document(number: str, user: Any) -> dict[str, Any] | None:
    """The programme, for programs."""
    programme = programmes_for_page().filter(number=number).first()
    return linked_data.document(programme) if programme else None


@registries.sitemap_entries.register("programmes")
def entries() -> Iterable[SitemapEntry]:
    """Every programme."""
    programmes = Programme.objects.only("number").order_by("number")
    return [SitemapEntry(in_each_language(programme.get_absolute_url)) for programme in programmes]
