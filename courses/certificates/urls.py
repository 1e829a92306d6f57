"""Addresses of this room: the check has the same one in every language, the pages of people have theirs."""

from django.urls import path
from django.utils.translation import pgettext_lazy

from .views import manage, mine, verify

app_name = "certificates"

#: Included without a namespace and outside the languages, below `/verify/`.
verify_urlpatterns = [
    path("", verify.form, name="verify-form"),
    path("<path:token>", verify.verify, name="verify"),
]

#: Included below the language.
urlpatterns = [
    path(pgettext_lazy("path", "my-academy/certificates/"), mine.mine, name="mine"),
    path(pgettext_lazy("path", "my-academy/certificates/<str:token>.pdf"), mine.download, name="download"),
    path(pgettext_lazy("path", "my-academy/certificates/<str:token>/name/"), mine.initials, name="initials"),
    path(pgettext_lazy("path", "certificates/"), manage.overview, name="overview"),
    path(pgettext_lazy("path", "certificates/award/<int:enrolment>/"), manage.award, name="award"),
    path(pgettext_lazy("path", "certificates/<str:token>/"), manage.detail, name="detail"),
]
