"""Addresses of the plans, of which the words follow the language, and of files at the root of the site."""

from django.urls import path
from django.utils.translation import pgettext_lazy

from .views import root, strategy

app_name = "cms"
urlpatterns = [
    path(pgettext_lazy("path", "programmes/"), strategy.programmes_page, name="programmes"),
    path(pgettext_lazy("path", "programmes/<str:number>/"), strategy.programme_page, name="programme"),
    path(pgettext_lazy("path", "roadmap/"), strategy.roadmap_page, name="roadmap"),
    path(pgettext_lazy("path", "goals/"), strategy.goals_page, name="goals"),
    path(pgettext_lazy("path", "from-ambition-to-plan/"), strategy.documents_page, name="documents"),
]
#: without a language
root_urlpatterns = (
    [
        path("", root.front_door, name="front-door"),
        path("sitemap.xml", root.sitemap, name="sitemap"),
        path("robots.txt", root.robots, name="robots"),
        path(".well-known/security.txt", root.security, name="security"),
    ],
    "root",
)
