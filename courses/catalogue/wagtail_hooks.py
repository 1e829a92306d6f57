"""Courses, tracks and their lists in the admin: one form with tabs Facts | Nederlands | English."""

from django import forms
from django.contrib.admin.utils import quote
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.admin.ui.tables import Column, StatusTagColumn, UpdatedAtColumn
from wagtail.models import Revision
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import EditView, SnippetViewSet, SnippetViewSetGroup

from academy.accounts.models import Role
from academy.accounts.ownership import OwnedPermissionPolicy, OwnedViewSet

from .forms import CourseForm, TrackForm
from .models import CancellationRule, Competence, Course, Track
from .previews import preview_pages
from .views import course_context, track_context

for _model in (Course, Track):
    register_permission_policy(
        _model,
        OwnedPermissionPolicy(
            _model,
            role=Role.COURSE_MANAGER,
            rule="catalogue.change_record",
            owned=lambda organisations: Q(owners__in=organisations),
        ),
    )


def _preview_course(request: HttpRequest, course: Course) -> HttpResponse:
    return render(request, "catalogue/course.html", course_context(course, request.user))


def _preview_track(request: HttpRequest, track: Track) -> HttpResponse:
    return render(request, "catalogue/track.html", track_context(track))


preview_pages |= {Course: _preview_course, Track: _preview_track}


def _language(heading: str, code: str, *more: str) -> ObjectList:
    """The tab with the words of one language."""
    names = (f"title_{code}", f"summary_{code}", *(f"{name}_{code}" for name in more), f"body_{code}")
    return ObjectList([FieldPanel(name) for name in names], heading=heading)


def _choices(name: str) -> FieldPanel:
    """Several records to tick: a list box loses what was chosen at one wrong click."""
    return FieldPanel(name, widget=forms.CheckboxSelectMultiple)


class OwnersColumn(Column):
    """The short names of the owning hospitals."""

    def get_value(self, instance) -> str:
        return ", ".join(owner.short_name for owner in instance.owners.all())


class StateColumn(StatusTagColumn):
    """Live, draft or scheduled, from what the list read in one go."""

    def get_value(self, instance: Course | Track) -> str:
        if instance.is_scheduled:
            return _("scheduled")
        if instance.live:
            return _("live, with a draft") if instance.has_unpublished_changes else _("live")
        return _("draft")


class CatalogueEditView(EditView):
    """Whoever saves over a newer version of somebody else is told first, and sees what changed."""

    def is_valid(self, form: forms.ModelForm) -> bool:
        if not self.expects_json_response and self.is_out_of_date and self._by_somebody_else():
            self.produced_error_message = format_html(
                '{} <a href="{}">{}</a>',
                _("Somebody else saved a newer version. Your entries are still here; save again to keep them."),
                reverse(self.revisions_compare_url_name, args=[quote(self.object.pk), self._loaded(), "latest"]),
                _("See what changed"),
            )
            return False
        return super().is_valid(form)

    def _by_somebody_else(self) -> bool:
        return self.latest_revision.user_id != self.request.user.pk

    def _loaded(self) -> str:
        loaded = self.request.POST.get("loaded_revision_id", "")
        return loaded if loaded.isdigit() else "earliest"


class CatalogueViewSet(OwnedViewSet):
    edit_view_class = CatalogueEditView
    list_per_page = 30
    search_fields = ["code", "title_nl", "title_en"]
    inspect_view_fields_exclude = ["latest_revision", "live_revision"]

    def get_queryset(self, request):
        scheduled = Revision.objects.filter(
            base_content_type=ContentType.objects.get_for_model(self.model),
            object_id=Cast(OuterRef("pk"), CharField()),
            approved_go_live_at__isnull=False,
        )
        return super().get_queryset(request).prefetch_related("owners").annotate(is_scheduled=Exists(scheduled))


class CourseViewSet(CatalogueViewSet):
    model = Course
    icon = "doc-full"
    menu_order = 100
    list_display = [
        "__str__",
        OwnersColumn("owners", label=_("Owners")),
        "delivery_mode",
        UpdatedAtColumn(label=_("Changed")),
        StateColumn("live", label=_("State"), sort_key="live", primary=lambda record: record.live),
    ]
    list_filter = ["live", "owners", "delivery_mode", "approval_required", "visibility"]
    list_export = ["code", "title_nl", "title_en", "delivery_mode", "hours", "live"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("code"), FieldPanel("visibility")]),
                    _choices("owners"),
                    MultiFieldPanel(
                        [
                            FieldPanel("delivery_mode"),
                            FieldPanel("languages"),
                            FieldRowPanel([FieldPanel("hours"), FieldPanel("classroom_hours")]),
                            FieldRowPanel([FieldPanel("online_norm_minutes"), FieldPanel("cost_price_eur")]),
                        ],
                        heading=_("Form and time"),
                    ),
                    MultiFieldPanel(
                        [
                            _choices("audience"),
                            _choices("specialties"),
                            _choices("care_domains"),
                            _choices("programmes"),
                        ],
                        heading=_("For whom and about what"),
                    ),
                    MultiFieldPanel(
                        [
                            _choices("prerequisites"),
                            FieldPanel("approval_required"),
                            FieldPanel("cancellation_rule"),
                        ],
                        heading=_("Enrolling"),
                    ),
                    InlinePanel("accreditation", heading=_("Accreditation"), label=_("register with points")),
                    InlinePanel("competences", heading=_("Competences it gives"), label=_("competence")),
                    PublishingPanel(),
                ],
                heading=_("Facts"),
            ),
            _language("Nederlands", "nl", "outcomes"),
            _language("English", "en", "outcomes"),
        ],
        base_form_class=CourseForm,
    )


class TrackViewSet(CatalogueViewSet):
    model = Track
    icon = "list-ol"
    menu_order = 110
    list_display = [
        "__str__",
        OwnersColumn("owners", label=_("Owners")),
        UpdatedAtColumn(label=_("Changed")),
        StateColumn("live", label=_("State"), sort_key="live", primary=lambda record: record.live),
    ]
    list_filter = ["live", "owners", "visibility"]
    list_export = ["code", "title_nl", "title_en", "duration_months", "live"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("code"), FieldPanel("visibility")]),
                    _choices("owners"),
                    _choices("audience"),
                    FieldRowPanel([FieldPanel("duration_months"), FieldPanel("min_optional")]),
                    FieldPanel("coordinator"),
                    InlinePanel("parts", heading=_("Parts, in order"), label=_("part")),
                    PublishingPanel(),
                ],
                heading=_("Facts"),
            ),
            _language("Nederlands", "nl"),
            _language("English", "en"),
        ],
        base_form_class=TrackForm,
    )


class CompetenceViewSet(SnippetViewSet):
    model = Competence
    icon = "success"
    menu_order = 130
    list_display = ["__str__", "key", "reserved_procedure"]
    list_filter = ["reserved_procedure"]
    search_fields = ["key", "name_nl", "name_en"]
    panels = [
        FieldPanel("key"),
        FieldRowPanel([FieldPanel("name_nl"), FieldPanel("name_en")]),
        FieldPanel("reserved_procedure"),
    ]


class CancellationRuleViewSet(SnippetViewSet):
    model = CancellationRule
    icon = "date"
    menu_order = 140
    list_display = ["__str__", "key", "deadline_days", "no_show_fee_eur"]
    panels = [
        FieldPanel("key"),
        FieldRowPanel([FieldPanel("deadline_days"), FieldPanel("no_show_fee_eur")]),
        FieldRowPanel([FieldPanel("title_nl"), FieldPanel("title_en")]),
        FieldPanel("text_nl"),
        FieldPanel("text_en"),
    ]


class CatalogueGroup(SnippetViewSetGroup):
    items = (CourseViewSet, TrackViewSet, CompetenceViewSet, CancellationRuleViewSet)
    menu_label = _("Courses")
    menu_name = "courses"
    menu_icon = "list-ul"
    menu_order = 150


register_snippet(CatalogueGroup)
