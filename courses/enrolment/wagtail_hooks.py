"""Runs in the admin: one form, saved by the services; participants are on the run desk."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import log
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView

from academy.accounts.models import Role
from academy.accounts.ownership import OwnedPermissionPolicy, OwnedViewSet
from academy.core import wording
from academy.core.errors import DomainError
from academy.core.refusals import add_to_form

from .errors import ChangedMeanwhile
from .models import CourseRun
from .run_editing import RunForm
from .services import change_run, create_run

register_permission_policy(
    CourseRun,
    OwnedPermissionPolicy(
        CourseRun,
        role=Role.COURSE_MANAGER,
        rule="enrolment.manage_run",
        owned=lambda organisations: Q(course__owners__in=organisations),
    ),
)


class SavedByServices:
    """A refusal of a service comes back to the form, with everything that was typed."""

    def form_valid(self, form: RunForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except DomainError as error:
            add_to_form(form, error)
            self.produced_error_message = str(error)
            return self.form_invalid(form)


class RunCreateView(SavedByServices, CreateView):
    def save_instance(self) -> CourseRun:
        form, user = self.form, self.request.user
        run = create_run(
            course=form.cleaned_data["course"],
            actor=user,
            trainers=form.cleaned_data["trainers"],
            **form.columns(),
            **form.rows(),
        )
        log(instance=run, action="wagtail.create", user=user)
        self.new_revision = None
        return run


class RunEditView(SavedByServices, EditView):
    def save_instance(self) -> CourseRun:
        form, user = self.form, self.request.user
        run = CourseRun.objects.select_for_update().get(pk=self.object.pk)
        if different := form.changed_meanwhile(run):
            form.show_current(run)
            raise ChangedMeanwhile(
                _("Somebody else changed this run: %(what)s. Your entries are still here; save again to keep them.")
                % {"what": "; ".join(different)}
            )
        run = change_run(run=run, actor=user, trainers=form.cleaned_data["trainers"], **form.columns(), **form.rows())
        log(instance=run, action="wagtail.edit", user=user, content_changed=form.has_changed())
        self.new_revision = None
        return run

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        return [*super().header_more_buttons, _desk_button(self.object)]


class RunIndexView(IndexView):
    def get_list_more_buttons(self, instance: CourseRun) -> list[Any]:
        return [*super().get_list_more_buttons(instance), _desk_button(instance)]


def _desk_button(run: CourseRun) -> Button:
    return Button(_("Participants and attendance"), url=run.get_desk_url(), icon_name="group", priority=5)


class DayColumn(Column):
    """A day in full: how long ago is of no use for what lies ahead."""

    def get_value(self, instance: CourseRun) -> str:
        return wording.plain_date(super().get_value(instance))


class StateColumn(Column):
    """The state follows from the dates."""

    def get_value(self, instance: CourseRun) -> str:
        return instance.state.label


class RunViewSet(OwnedViewSet):
    model = CourseRun
    icon = "calendar-check"
    menu_label = gettext_lazy("Runs")
    menu_name = "runs"
    menu_order = 151
    add_to_admin_menu = True
    index_view_class = RunIndexView
    add_view_class = RunCreateView
    edit_view_class = RunEditView
    list_per_page = 30
    ordering = ["-starts_on", "-pk"]
    list_display = [
        "number",
        "course",
        DayColumn("starts_on", label=gettext_lazy("First day"), sort_key="starts_on"),
        StateColumn("state", label=gettext_lazy("State")),
        Column("seats_taken", label=gettext_lazy("Taken")),
        Column("seats", label=gettext_lazy("Seats"), sort_key="seats"),
        Column("waiting", label=gettext_lazy("Waiting")),
    ]
    list_filter = {
        "organisation": ["exact"],
        "language": ["exact"],
        "delivery_mode": ["exact"],
        "starts_on": ["gte", "lte"],
    }
    search_fields = ["number", "course__title_nl", "course__title_en"]
    inspect_view_fields = [
        "number",
        "course",
        "organisation",
        "seats",
        "starts_on",
        "ends_on",
        "enrolment_opens_on",
        "enrolment_closes_on",
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("course", widget=forms.Select),
                    FieldRowPanel([FieldPanel("organisation"), FieldPanel("language"), FieldPanel("delivery_mode")]),
                    MultiFieldPanel(
                        [
                            FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
                            FieldRowPanel([FieldPanel("enrolment_opens_on"), FieldPanel("enrolment_closes_on")]),
                        ],
                        heading=gettext_lazy("Days"),
                    ),
                    MultiFieldPanel(
                        [FieldRowPanel([FieldPanel("seats"), FieldPanel("seats_min"), FieldPanel("waiting_list")])],
                        heading=gettext_lazy("Seats"),
                    ),
                    InlinePanel(
                        "sessions",
                        heading=gettext_lazy("Sessions"),
                        label=gettext_lazy("session"),
                        panels=[
                            FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                            FieldPanel("location"),
                            FieldRowPanel([FieldPanel("room_nl"), FieldPanel("room_en")]),
                            FieldRowPanel([FieldPanel("title_nl"), FieldPanel("title_en")]),
                        ],
                    ),
                    InlinePanel(
                        "allotments",
                        heading=gettext_lazy("Seats kept for an organisation"),
                        label=gettext_lazy("allotment"),
                        panels=[
                            FieldRowPanel([FieldPanel("organisation"), FieldPanel("seats"), FieldPanel("release_on")])
                        ],
                    ),
                    FieldPanel("trainers"),
                    FieldPanel("seen"),
                ],
                heading=gettext_lazy("Facts"),
            ),
            ObjectList([FieldPanel("note_nl")], heading="Nederlands"),
            ObjectList([FieldPanel("note_en")], heading="English"),
        ],
        base_form_class=RunForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("course").with_seats_taken()


register_snippet(RunViewSet)
