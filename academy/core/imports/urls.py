"""Addresses of imports; the path words follow the language, the kind does not."""

from django.urls import path
from django.utils.translation import pgettext_lazy

from . import views

app_name = "imports"
urlpatterns = [
    path(pgettext_lazy("path", "import/<slug:kind>/"), views.start, name="start"),
    path(pgettext_lazy("path", "import/<slug:kind>/template.<slug:ending>"), views.template, name="template"),
    path(pgettext_lazy("path", "import/<slug:kind>/<uuid:key>/"), views.job, name="job"),
    path(pgettext_lazy("path", "import/<slug:kind>/<uuid:key>/answer/"), views.answer, name="answer"),
    path(pgettext_lazy("path", "import/<slug:kind>/<uuid:key>/discard/"), views.discard, name="discard"),
    path(pgettext_lazy("path", "import/<slug:kind>/<uuid:key>/report.csv"), views.download, name="report"),
]
