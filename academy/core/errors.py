"""Refusals: why something did not happen, once for page, message and API."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class DomainError(Exception):
    """A refusal with a stable `code`, an HTTP `status`, words for the person, and errors per field if there are any."""

    code = "refused"
    status = 409
    message: Words = _("That is not possible now.")

    def __init__(
        self, message: Words | None = None, *, code: str | None = None, fields: Mapping[str, list[Words]] | None = None
    ) -> None:
        self.message = message or self.message
        self.code = code or self.code
        self.fields = dict(fields or {})
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)


class Refused(DomainError):
    """The state of things does not allow it (409)."""


class InvalidInput(DomainError):
    """What was sent cannot be used; `fields` says what to change where (400)."""

    code = "invalid"
    status = 400
    message = _("Check the fields below.")


class NotAllowed(DomainError):
    """This person may know that the record exists, but may not do this (403)."""

    code = "not_allowed"
    status = 403
    message = _("You may not do this.")


class Unknown(DomainError):
    """No such record, or none that this person may know of (404)."""

    code = "unknown"
    status = 404
    message = _("We could not find this.")
