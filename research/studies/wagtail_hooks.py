"""Review routes in the admin, kept by each hospital's science bureau; studies themselves are in the public site."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from academy.accounts.models import Role
from academy.accounts.ownership import OwnedPermissionPolicy, OwnedViewSet

from .models import ReviewRoute
from .route_editing import RouteForm

register_permission_policy(
    ReviewRoute,
    OwnedPermissionPolicy(
        ReviewRoute,
        role=Role.SCIENCE_BUREAU,
        rule="studies.keep_routes",
        owned=lambda organisations: Q(organisation__in=organisations),
    ),
)


class BodiesColumn(Column):
    """Who is asked, in order; those beside each other with a plus between them."""

    def get_value(self, instance: ReviewRoute) -> str:
        by_order: dict[int, list[str]] = {}
        for step in instance.steps.all():
            by_order.setdefault(step.order, []).append(step.get_kind_display())
        return " → ".join(" + ".join(names) for _order, names in sorted(by_order.items()))


class ReviewRouteViewSet(OwnedViewSet):
    model = ReviewRoute
    icon = "tasks"
    list_display = ["__str__", "organisation", BodiesColumn("steps", label=_("Bodies")), "days"]
    list_filter = ["organisation", "kind"]
    inspect_view_fields = ["organisation", "kind", "days", "yearly_progress_report", "intro_nl", "intro_en"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("organisation"), FieldPanel("kind")]),
            FieldRowPanel([FieldPanel("days"), FieldPanel("yearly_progress_report")]),
            InlinePanel(
                "steps",
                heading=_("Bodies, in order"),
                label=_("body"),
                panels=[
                    FieldRowPanel([FieldPanel("order"), FieldPanel("kind")]),
                    FieldRowPanel([FieldPanel("body_nl"), FieldPanel("body_en")]),
                ],
            ),
            MultiFieldPanel([FieldPanel("intro_nl"), FieldPanel("intro_en")], heading=_("What researchers read")),
        ],
        base_form_class=RouteForm,
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("organisation").prefetch_related("steps")


class QueueItem(MenuItem):
    """Reviews themselves are done in the public site."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("studies.see_queue")


class ResearchGroup(SnippetViewSetGroup):
    items = (ReviewRouteViewSet,)
    menu_label = _("Research")
    menu_name = "research"
    menu_icon = "glasses"
    menu_order = 200

    def get_submenu_items(self) -> list[MenuItem]:
        queue = lazy(lambda: reverse("studies:queue"), str)()
        item = QueueItem(_("To review"), queue, name="review-queue", icon_name="tasks", order=10)
        return [item, *super().get_submenu_items()]


register_snippet(ResearchGroup)
