"""Wagtail's rights are for a kind of record; here they are narrowed to the records of one's own organisation.

The policy answers for the views that ask about a record. The guard stands before every view that has a record in its
address, since many of Wagtail's views ask about the kind only.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.admin.utils import unquote
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet

from .permissions import roles_of

READING = frozenset({"view", "choose"})


class OwnedPermissionPolicy(ModelPermissionPolicy):
    """Changing needs the right on the kind, and `rule` about the record; reading only the right to read.

    `owned(ids)` is the condition for records of these organisations, those in which the person holds `role`.
    """

    def __init__(self, model: type[Model], *, role: str, rule: str, owned: Callable[[frozenset[int]], Q]) -> None:
        super().__init__(model)
        self.role, self.rule, self.owned = role, rule, owned

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        if not self.user_has_permission(user, action):
            return False
        return action in READING or user.has_perm(self.rule, instance)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet:
        held = {action for action in actions if self.user_has_permission(user, action)}
        records = self.model._default_manager.all()
        if held & READING:
            return records
        if not held:
            return records.none()
        owned = self.model._default_manager.filter(self.owned(roles_of(user).organisations(self.role)))
        return records.filter(pk__in=owned.values("pk"))


class OwnedViewSet(SnippetViewSet):
    """Views of records that have owners: a list of one's own, and no address for those of others."""

    copy_view_enabled = False
    inspect_view_enabled = True
    add_to_admin_menu = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return self.permission_policy.instances_user_has_any_permission_for(request.user, {"change", "view"})

    def construct_view(self, view_class: type, **kwargs: Any) -> Callable[..., HttpResponse]:
        view = super().construct_view(view_class, **kwargs)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **address: Any) -> HttpResponse:
            if "pk" in address:
                record = get_object_or_404(self.model, pk=unquote(str(address["pk"])))
                policy = self.permission_policy
                if not policy.user_has_any_permission_for_instance(request.user, ["change", "view"], record):
                    raise Http404
            return view(request, *args, **address)

        return guarded
