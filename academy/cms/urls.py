"""Addresses at the root of the site, without a language."""

from django.urls import path

from . import views

app_name = "cms"
urlpatterns = [
    path("", views.front_door, name="front-door"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
]
