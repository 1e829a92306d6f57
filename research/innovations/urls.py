"""Addresses of innovations; put together from the parts of the room."""

from django.urls import include, path
from django.utils.translation import pgettext_lazy

from . import addresses  # noqa: F401  registers the converter `innovation`
from .views import (
    assessing,
    board,
    deciding,
    desk,
    documents,
    editing,
    exporting,
    lists,
    mine,
    outcomes,
    portfolio,
    questions,
)
from .views import record as pages

app_name = "innovations"
_views = (
    portfolio,
    board,
    lists,
    questions,
    exporting,
    desk,
    mine,
    editing,
    assessing,
    deciding,
    outcomes,
    documents,
    pages,
)
_parts = [one for view in _views for one in view.urlpatterns]
urlpatterns = [path(pgettext_lazy("path", "innovations/"), include(_parts))]
