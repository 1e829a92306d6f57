"""What was sent to the API: an object, and what a serializer reads in it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from .errors import InvalidInput


def as_object(data: Any) -> Mapping[str, Any]:
    """Names and values; raises `InvalidInput` for a list or a bare value."""
    if not isinstance(data, Mapping):
        raise InvalidInput(_("Send an object with names and values."))
    return data


def read(kind: type[serializers.Serializer], data: Any) -> dict[str, Any]:
    """What this serializer takes from it, valid."""
    given = kind(data=data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def read_body(kind: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """The same from all that was sent."""
    return read(kind, request.data)
