"""Approval by a second editor."""

import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState

#: What a revision holds besides the work of its author.
BOOKKEEPING = frozenset(
    {
        "draft_title",
        "first_published_at",
        "has_unpublished_changes",
        "last_published_at",
        "latest_revision",
        "latest_revision_created_at",
        "live",
        "live_revision",
        "locked",
        "locked_at",
        "locked_by",
        "wagtail_admin_comments",
    }
)

#: The rich text editor numbers paragraphs anew when it likes.
BLOCK_KEY = re.compile(r'data-block-key=\\?"\w+\\?"')


class SecondEditorTask(AbstractGroupApprovalTask):
    """Somebody of the groups approves who neither submitted the page nor wrote the version that would go live."""

    class Meta:
        verbose_name = _("approval by a second editor")
        verbose_name_plural = _("approvals by a second editor")

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """The submitter waits too, so that what is approved is what was read."""
        return super().locked_for_user(obj, user) or _submitted(obj, user)

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return super().user_can_lock(obj, user) and not _submitted(obj, user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        actions = super().get_actions(obj, user)
        if _submitted(obj, user):
            return []
        if _wrote_latest(obj, user) or _is_untranslated(obj):
            return [action for action in actions if action[0] != "approve"]
        return actions

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        states = super().get_task_states_user_can_moderate(user, **kwargs)
        return states.exclude(workflow_state__requested_by=user.pk)

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """The last door: a change saved in the same request makes its writer the author of what would go live."""
        if action_name == "approve":
            obj = task_state.workflow_state.content_object
            if action_name not in {name for name, _label, _modal in self.get_actions(obj, user)}:
                raise PermissionDenied(_("Somebody else has to approve this."))
        super().on_action(task_state, user, action_name, **kwargs)

    @classmethod
    def get_description(cls) -> Any:
        return _("A member of the chosen groups approves who did not submit the page")


def _submitted(obj: Any, user: Any) -> bool:
    state = obj.current_workflow_state
    return bool(state) and state.requested_by_id == user.pk


def _wrote_latest(obj: Any, user: Any) -> bool:
    """Whether what would go live is the user's; saving what was submitted without a change makes nobody an author."""
    latest, state = obj.get_latest_revision(), obj.current_workflow_task_state
    if latest is None:
        return False
    if state and state.revision_id != latest.pk and _words(state.revision) == _words(latest):
        latest = state.revision
    return latest.user_id == user.pk


def _words(revision: Any) -> dict[str, Any]:
    kept = {name: value for name, value in revision.content.items() if name not in BOOKKEEPING}
    return {name: BLOCK_KEY.sub("", value) if isinstance(value, str) else value for name, value in kept.items()}


def _is_untranslated(obj: Any) -> bool:
    """Whether the latest version is still the copy that a translation starts from."""
    latest = obj.get_latest_revision_as_object()
    check = getattr(latest, "is_untranslated_copy", None)
    return bool(check and check())
