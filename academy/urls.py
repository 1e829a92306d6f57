"""Composition only; Wagtail comes last, since it takes whatever is left."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from academy import api
from academy.core import views as core
from courses.certificates.urls import verify_urlpatterns

urlpatterns = [
    path("", include("academy.cms.urls")),
    path("healthz", core.healthz),
    path("id/<str:number>", core.permanent_address, name="permanent"),
    path("theme/", core.set_theme, name="set-theme"),
    path("language/", set_language, name="set_language"),
    path("verify/", include(verify_urlpatterns)),
    path("accounts/", include("allauth.urls")),
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/v1/", include((api.urlpatterns, "api"), namespace="v1")),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="api-docs"),
]
urlpatterns += i18n_patterns(
    path("", include("academy.desk.urls")),
    path("", include("courses.catalogue.urls")),
    path("", include("courses.enrolment.urls")),
    path("", include("courses.certificates.urls")),
    path("", include("search.urls")),
    path("", include(wagtail_urls)),
)
