"""Addresses of accounts: my account below the language, and doors that lead to the one login."""

from django.urls import path, re_path
from django.utils.translation import pgettext_lazy
from django.views.defaults import page_not_found
from django.views.generic import RedirectView

from . import views

app_name = "accounts"

#: Included below the language.
urlpatterns = [
    path(pgettext_lazy("path", "my-account/"), views.profile, name="profile"),
    path(pgettext_lazy("path", "my-account/tokens/"), views.tokens, name="tokens"),
    path(pgettext_lazy("path", "my-account/tokens/<int:pk>/withdraw/"), views.withdraw_token, name="withdraw-token"),
    path(pgettext_lazy("path", "my-account/data/"), views.data, name="data"),
    path(pgettext_lazy("path", "my-account/data/export/"), views.export, name="export"),
    path(pgettext_lazy("path", "my-account/sessions/end/"), views.end_other_sessions, name="end-sessions"),
    path("_util/login/", views.to_login),
]

#: Stand before Wagtail's own addresses, outside the languages. People and groups are kept by our own services only.
door_urlpatterns = [
    path("admin/login/", views.to_login),
    re_path(r"^admin/password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
    re_path(r"^admin/(?:users|groups)/", page_not_found, {"exception": None}),
    path("_util/login/", views.to_login),
]
