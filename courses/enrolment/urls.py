"""Addresses of enrolment; the path words follow the language."""

from django.urls import path
from django.utils.translation import pgettext_lazy

from . import desk_views, views

app_name = "enrolment"
urlpatterns = [
    path(pgettext_lazy("path", "enrol/<str:number>/"), views.enrol, name="enrol"),
    path(pgettext_lazy("path", "enrolments/<int:pk>/"), views.detail, name="detail"),
    path(pgettext_lazy("path", "enrolments/<int:pk>/cancel/"), views.cancel, name="cancel"),
    path(pgettext_lazy("path", "enrolments/<int:pk>/invitation.ics"), views.invitation, name="invitation"),
    path(pgettext_lazy("path", "approvals/"), views.approvals, name="approvals"),
    path(pgettext_lazy("path", "approvals/<int:pk>/"), views.decide, name="decide"),
    path(pgettext_lazy("path", "runs/"), desk_views.runs, name="runs"),
    path(pgettext_lazy("path", "runs/<str:number>/"), desk_views.run_desk, name="run-desk"),
    path(pgettext_lazy("path", "runs/<str:number>/add/"), desk_views.add_person, name="add-person"),
    path(pgettext_lazy("path", "runs/<str:number>/cancel/"), desk_views.cancel_run, name="cancel-run"),
    path(pgettext_lazy("path", "runs/<str:number>/complete/"), desk_views.complete_present, name="complete-present"),
    path(pgettext_lazy("path", "runs/<str:number>/sessions/<int:session>/"), desk_views.attendance, name="attendance"),
    path(pgettext_lazy("path", "runs/<str:number>/participants/<int:pk>/"), desk_views.outcome, name="outcome"),
]
