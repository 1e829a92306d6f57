"""Saving, deleting and linking records queues them, and those that depend on them."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete

from . import outbox, registry
from .models import SearchOutbox

Dependant = tuple[str, Callable[[Any], Iterable[Any]]]
Key = tuple[str, str]
_gone = "_search_dependants_before_delete"
_NOT_FOUND_BY = {"last_login"}  # people log in all day, and nobody is found by when


def connect() -> None:
    """Listen to every model; what no source is interested in costs one look into a dictionary."""
    post_save.connect(_saved, dispatch_uid="search_saved")
    pre_delete.connect(_deleting, dispatch_uid="search_deleting")
    post_delete.connect(_deleted, dispatch_uid="search_deleted")
    m2m_changed.connect(_linked, dispatch_uid="search_linked")
    registry.on_change(_interests.clear)


_interests: dict[type[Model], tuple[tuple[str, ...], tuple[Dependant, ...]]] = {}


def interest(model: type[Model]) -> tuple[tuple[str, ...], tuple[Dependant, ...]]:
    """The types that records of this model are, and what else to take again when one changes."""
    if model not in _interests:
        _interests[model] = _look(model)
    return _interests[model]


def _look(model: type[Model]) -> tuple[tuple[str, ...], tuple[Dependant, ...]]:
    own = tuple(entry.type for entry in registry.sources() if issubclass(model, entry.model))
    others = tuple(
        (entry.type, function)
        for entry in registry.sources()
        for watched, function in entry.dependants.items()
        if issubclass(model, watched)
    )
    return own, others


def _keys(record: Model, own: Iterable[str], others: Iterable[Dependant]) -> set[Key]:
    keys = {(type_name, str(record.pk)) for type_name in own}
    return keys | {(type_name, str(pk)) for type_name, function in others for pk in function(record)}


def _saved(
    sender: type[Model], instance: Model, update_fields: frozenset[str] | None = None, **_kwargs: object
) -> None:
    if update_fields and update_fields <= _NOT_FOUND_BY:
        return
    own, others = interest(sender)
    if own or others:
        outbox.add(_keys(instance, own, others))


def _deleting(sender: type[Model], instance: Model, **_kwargs: object) -> None:
    """Once a record is gone its links are gone, too: ask for what depends on it before."""
    _own, others = interest(sender)
    if others:
        setattr(instance, _gone, _keys(instance, (), others))


def _deleted(sender: type[Model], instance: Model, **_kwargs: object) -> None:
    own, others = interest(sender)
    if others:
        outbox.add(instance.__dict__.pop(_gone, set()))
    if own:
        outbox.add({(type_name, str(instance.pk)) for type_name in own}, SearchOutbox.DELETE)


def _linked(
    instance: Model, action: str, reverse: bool, model: type[Model], pk_set: set[Any] | None, **_kwargs: object
) -> None:
    if not action.startswith("post_"):
        return
    own, others = interest(type(instance))
    keys = _keys(instance, own, others) if own or others else set()
    far, _far_others = interest(model)
    if reverse and far:
        keys |= {(type_name, str(pk)) for type_name in far for pk in pk_set or ()}
    if keys:
        outbox.add(keys)
