"""Addresses of the catalogue; the path words follow the language."""

from django.urls import path
from django.utils.translation import pgettext_lazy

from . import views

app_name = "catalogue"
urlpatterns = [
    path(pgettext_lazy("path", "courses/"), views.catalogue, name="list"),
    path(pgettext_lazy("path", "courses/<str:code>/"), views.course_page, name="course"),
    path(pgettext_lazy("path", "tracks/<str:code>/"), views.track_page, name="track"),
]
