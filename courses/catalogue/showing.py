"""What this room leaves with others: permanent addresses and the entry of the menu."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from academy.core import navigation, registries

from .models import Course, Track
from .permissions import sees_record


@registries.addresses.register("catalogue")
def address(number: str, user: Any) -> str | None:
    """The page of a course or track by its code."""
    for model in (Course, Track):
        record = model.objects.filter(code=number).prefetch_related("owners").first()
        if record and sees_record(user, record):
            return record.get_absolute_url()
    return None


def _menu(request: HttpRequest) -> list[navigation.Item]:
    return [navigation.item(request, _("Learn"), reverse("catalogue:list"))]


navigation.register(10, _menu)
