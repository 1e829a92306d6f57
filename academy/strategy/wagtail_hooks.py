"""What the academy steers by, in the admin, for innovation managers."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from academy.accounts.models import Role
from academy.accounts.ownership import OwnedPermissionPolicy, OwnedViewSet
from academy.taxonomy.forms import RecordForm

from .forms import BodyForm, DocumentForm, ProgrammeForm
from .models import (
    Body,
    Challenge,
    Concern,
    Document,
    Goal,
    Horizon,
    Need,
    Pillar,
    Programme,
    RoadmapLine,
    Statement,
)
from .permissions import HOSPITAL

CHECKBOXES = forms.CheckboxSelectMultiple


def _shared(_organisations: frozenset[int]) -> Q:
    return Q()


OWNED = {
    Programme: lambda ids: Q(organisations__in=ids) | ~Q(organisations__kind=HOSPITAL),
    Body: lambda ids: Q(organisation__in=ids) | Q(organisation=None) | ~Q(organisation__kind=HOSPITAL),
}
for _model in (Body, Challenge, Concern, Document, Goal, Horizon, Need, Pillar, Programme, RoadmapLine, Statement):
    _policy = OwnedPermissionPolicy(
        _model, role=Role.INNOVATION_MANAGER, rule="strategy.change_record", owned=OWNED.get(_model, _shared)
    )
    register_permission_policy(_model, _policy)


def _both(name: str) -> FieldRowPanel:
    """A text in Dutch and English, side by side."""
    return FieldRowPanel([FieldPanel(f"{name}_nl"), FieldPanel(f"{name}_en")])


class TermViewSet(OwnedViewSet):
    """A list with an order of its own."""

    list_display = ["__str__", "name_en", "order"]
    search_fields = ["key", "name_nl", "name_en"]
    edit_handler = ObjectList(
        [FieldRowPanel([FieldPanel("key"), FieldPanel("order")]), _both("name")], base_form_class=RecordForm
    )


class PillarViewSet(OwnedViewSet):
    model = Pillar
    icon = "grip"
    list_display = ["__str__", "name_en", "number"]
    search_fields = ["key", "name_nl", "name_en"]
    edit_handler = ObjectList(
        [FieldRowPanel([FieldPanel("key"), FieldPanel("number")]), _both("name"), _both("short"), _both("summary")],
        base_form_class=RecordForm,
    )


class HorizonViewSet(TermViewSet):
    model = Horizon
    icon = "date"


class GoalViewSet(TermViewSet):
    model = Goal
    icon = "crosshairs"


class NeedViewSet(TermViewSet):
    model = Need
    icon = "help"


class ConcernViewSet(TermViewSet):
    model = Concern
    icon = "warning"


class ChallengeViewSet(TermViewSet):
    model = Challenge
    icon = "order-up"


class BodyViewSet(OwnedViewSet):
    model = Body
    icon = "group"
    list_display = ["__str__", "name_en", "organisation", "order"]
    list_filter = ["organisation"]
    search_fields = ["key", "name_nl", "name_en"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("key"), FieldPanel("order")]),
            _both("name"),
            FieldPanel("organisation"),
        ],
        base_form_class=BodyForm,
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("organisation")


class RoadmapLineViewSet(OwnedViewSet):
    model = RoadmapLine
    icon = "arrow-right-full"
    list_display = ["__str__", "title_en", "pillar", "order"]
    list_filter = ["pillar"]
    search_fields = ["key", "title_nl", "title_en"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("key"), FieldPanel("order"), FieldPanel("pillar")]),
            _both("title"),
            _both("summary"),
        ],
        base_form_class=RecordForm,
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("pillar")


class DocumentViewSet(OwnedViewSet):
    model = Document
    icon = "doc-full"
    list_display = ["__str__", "title_en", "order"]
    search_fields = ["key", "title_nl", "title_en"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("key"), FieldPanel("order")]),
            _both("title"),
            InlinePanel(
                "versions",
                [FieldRowPanel([FieldPanel("version"), FieldPanel("planned_on"), FieldPanel("actual_on")])],
                heading=_("Versions"),
                label=_("version"),
            ),
        ],
        base_form_class=DocumentForm,
    )


class StatementViewSet(OwnedViewSet):
    model = Statement
    icon = "openquote"
    list_display = ["__str__", "date", "source_nl"]
    search_fields = ["key", "text_nl", "text_en"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("key"), FieldPanel("date")]),
            _both("text"),
            _both("source"),
            FieldPanel("replaced_by"),
        ],
        base_form_class=RecordForm,
    )


MILESTONES = InlinePanel(
    "milestones",
    [_both("title"), FieldRowPanel([FieldPanel("planned_on"), FieldPanel("actual_on")])],
    heading=_("Milestones"),
    label=pgettext_lazy("of a programme", "milestone"),
)


class ProgrammeViewSet(OwnedViewSet):
    model = Programme
    icon = "folder-open-inverse"
    list_display = ["__str__", "number", "type", "pillar"]
    list_filter = ["type", "pillar", "organisations"]
    search_fields = ["number", "key", "title_nl", "title_en"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("number", read_only=True),
                    FieldRowPanel([FieldPanel("key"), FieldPanel("type"), FieldPanel("location")]),
                    FieldPanel("organisations", widget=CHECKBOXES),
                    MultiFieldPanel(
                        [
                            FieldPanel("pillar"),
                            FieldPanel("other_pillars", widget=CHECKBOXES),
                            FieldRowPanel([FieldPanel("horizon_from"), FieldPanel("horizon_to")]),
                            FieldPanel("roadmap_lines", widget=CHECKBOXES),
                            FieldPanel("goals", widget=CHECKBOXES),
                            FieldPanel("challenges", widget=CHECKBOXES),
                        ],
                        heading=_("What it adds to"),
                    ),
                    FieldRowPanel([FieldPanel("lead"), FieldPanel("contact_email")]),
                ],
                heading=_("Facts"),
            ),
            ObjectList([MILESTONES], heading=_("Milestones")),
            ObjectList([FieldPanel(f"{name}_nl") for name in ("title", "summary", "body")], heading="Nederlands"),
            ObjectList([FieldPanel(f"{name}_en") for name in ("title", "summary", "body")], heading="English"),
        ],
        base_form_class=ProgrammeForm,
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("pillar")


class StrategyGroup(SnippetViewSetGroup):
    items = (
        ProgrammeViewSet,
        PillarViewSet,
        HorizonViewSet,
        RoadmapLineViewSet,
        GoalViewSet,
        NeedViewSet,
        ConcernViewSet,
        ChallengeViewSet,
        BodyViewSet,
        DocumentViewSet,
        StatementViewSet,
    )
    menu_label = _("Strategy")
    menu_name = "strategy"
    menu_icon = "crosshairs"
    menu_order = 250


register_snippet(StrategyGroup)
