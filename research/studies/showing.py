"""What this room leaves with others: permanent addresses, linked data, the sitemap and the entry of the menu."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from academy.core import navigation, registries
from academy.core.errors import Unknown
from academy.core.registries import SitemapEntry
from academy.core.translation import LANGUAGES

from . import linked_data
from .models import Study
from .record import with_everything
from .selectors import study_for


@registries.addresses.register("studies")
def address(number: str, user: Any) -> str | None:
    """The page of a study by its number."""
    try:
        return study_for(user, number).get_absolute_url()
    except Unknown:
        return None


@registries.linked_data.register("studies")
def document(number: str, user: Any) -> dict[str, Any] | None:
    """What everybody may see of a public study."""
    study = with_everything(Study.objects.public()).filter(number=number).first()
    return linked_data.document(study) if study else None


@registries.sitemap_entries.register("studies")
def entries() -> Iterable[SitemapEntry]:
    """Public studies. When they changed stays unsaid: that would tell of changes that not everybody may see."""
    numbers = Study.objects.public().order_by("number").values_list("number", flat=True)
    return [SitemapEntry(paths_of(number)) for number in numbers.iterator()]


def paths_of(number: str) -> dict[str, str]:
    """The page of a study in each language."""
    paths = {}
    for language in LANGUAGES:
        with override(language):
            paths[language] = reverse("studies:study", kwargs={"number": number})
    return paths


def _menu(request: HttpRequest) -> list[navigation.Item]:
    return [navigation.item(request, _("Research"), reverse("studies:list"))]


navigation.register(15, _menu)
