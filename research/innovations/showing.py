"""What this room leaves with others about single innovations: permanent addresses, linked data and the sitemap."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from academy.core import registries
from academy.core.errors import Unknown
from academy.core.registries import SitemapEntry
from academy.core.translation import in_each_language

from . import linked_data
from .models import Innovation
from .record import with_everything
from .selectors import innovation_for


@registries.addresses.register("innovations")
def address(number: str, user: Any) -> str | None:
    """The page of an innovation by its number."""
    try:
        return innovation_for(user, number).get_absolute_url()
    except Unknown:
        return None


@registries.linked_data.register("innovations")
def document(number: str, user: Any) -> dict[str, Any] | None:
    """What everybody may see of a public innovation."""
    innovation = with_everything(Innovation.objects.public()).filter(number=number).first()
    return linked_data.document(innovation) if innovation else None


@registries.sitemap_entries.register("innovations")
def entries() -> Iterable[SitemapEntry]:
    """Public innovations. When they changed stays unsaid: that would tell of changes that not everybody may see."""
    numbers = Innovation.objects.public().order_by("number").values_list("number", flat=True)
    return [SitemapEntry(paths_of(number)) for number in numbers.iterator()]


def paths_of(number: str) -> dict[str, str]:
    """The page of an innovation in each language."""
    return in_each_language(lambda: reverse("innovations:innovation", kwargs={"number": number}))
