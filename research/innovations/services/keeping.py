"""Views of the portfolio that people keep for themselves; nobody else sees them, so the log does not tell of them."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from academy.accounts.models import User
from academy.core.errors import InvalidInput, Unknown

from ..models import SavedView

MOST = 20  # views of one person


@transaction.atomic
def keep_view(
    *, person: User, name: str, columns: Iterable[str], query: str = "", order: str = "", is_default: bool = False
) -> SavedView:
    """Keep it under this name, over the one that had it; raises `InvalidInput` without a name and for one too many."""
    User.objects.select_for_update().get(pk=person.pk)  # two clicks at once make one view
    name = " ".join(name.split())[:60]
    if not name:
        raise InvalidInput(fields={"name": [_("Give the view a name.")]})
    own = SavedView.objects.filter(person=person)
    if not own.filter(name=name).exists() and own.count() >= MOST:
        raise InvalidInput(fields={"name": [_("You have %(n)s views. Remove one first.") % {"n": MOST}]})
    if is_default:
        own.exclude(name=name).update(is_default=False)
    values = {"columns": list(columns), "query": query[:2000], "order": order, "is_default": is_default}
    return SavedView.objects.update_or_create(person=person, name=name, defaults=values)[0]


@transaction.atomic
def choose_default(*, person: User, pk: int, is_default: bool = True) -> SavedView:
    """The list opens with this view from now on, or with none; raises `Unknown` for a view of somebody else."""
    view = _own(person, pk)
    SavedView.objects.filter(person=person).update(is_default=False)
    view.is_default = is_default
    view.save(update_fields=["is_default"])
    return view


@transaction.atomic
def remove_view(*, person: User, pk: int) -> SavedView:
    """Gives what it was, so that it can be put back; raises `Unknown` for a view of somebody else."""
    view = _own(person, pk)
    SavedView.objects.filter(pk=view.pk).delete()
    return view


def _own(person: User, pk: int) -> SavedView:
    User.objects.select_for_update().get(pk=person.pk)
    view = SavedView.objects.filter(person=person, pk=pk).first()
    if view is None:
        raise Unknown
    return view
