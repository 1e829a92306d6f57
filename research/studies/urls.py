"""Addresses of studies; put together from the parts of the room."""

from django.urls import include, path
from django.utils.translation import pgettext_lazy

from . import addresses  # noqa: F401  registers the converter `study`
from .views import desk, editing, finding, reviewing
from .views import record as pages

app_name = "studies"
_parts = [*finding.urlpatterns, *desk.urlpatterns, *reviewing.urlpatterns, *editing.urlpatterns, *pages.urlpatterns]
urlpatterns = [path(pgettext_lazy("path", "research/"), include(_parts))]
