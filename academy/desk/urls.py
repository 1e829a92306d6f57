"""Addresses of the desk."""

from django.urls import path
from django.utils.translation import pgettext_lazy

from . import views

app_name = "desk"
urlpatterns = [path(pgettext_lazy("path", "my-academy/"), views.home, name="home")]
