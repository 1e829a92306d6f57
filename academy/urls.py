"""Composition only; Wagtail comes last, since it takes whatever is left."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from academy import api
from academy.accounts.urls import door_urlpatterns
from academy.cms.urls import root_urlpatterns
from academy.core import dev_mail
from academy.core import views as core
from courses.certificates.urls import verify_urlpatterns

handler400 = api.bad_request
handler404 = api.not_found
handler500 = api.server_error

urlpatterns = [
    path("", include(root_urlpatterns)),
    path("", include(door_urlpatterns)),
    path("healthz", core.healthz),
    path("readyz", core.readyz),
    path(".well-known/change-password", core.change_password),
    path("kept-form/", core.kept_form, name="kept-form"),
    path("dev/mail/", dev_mail.index, name="dev-mail"),
    path("dev/mail/<str:key>/", dev_mail.detail, name="dev-mail-detail"),
    path("dev/mail/<str:key>/html/", dev_mail.as_html, name="dev-mail-html"),
    path("id/<str:number>", core.permanent_address, name="permanent"),
    path("theme/", core.set_theme, name="set-theme"),
    path("language/", set_language, name="set_language"),
    path("verify/", include(verify_urlpatterns)),
    path("accounts/", include("allauth.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/v1/", include((api.urlpatterns, "api"), namespace="v1")),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="api-docs"),
]
urlpatterns += i18n_patterns(
    path("", include("academy.desk.urls")),
    path("", include("academy.accounts.urls")),
    path("", include("academy.core.imports.urls")),
    path("", include("academy.cms.urls")),
    path("", include("research.innovations.urls")),
    path("", include("research.studies.urls")),
    path("", include("courses.catalogue.urls")),
    path("", include("courses.enrolment.urls")),
    path("", include("courses.certificates.urls")),
    path("", include("search.urls")),
    path("", include(wagtail_urls)),
)
