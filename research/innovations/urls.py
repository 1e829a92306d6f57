"""Addresses of innovations; put together from the parts of the room."""

from django.urls import include, path
from django.utils.translation import pgettext_lazy

from . import addresses  # noqa: F401  registers the converter `innovation`

app_name = "innovations"
_parts: list = []
urlpatterns = [path(pgettext_lazy("path", "innovations/"), include(_parts))]
