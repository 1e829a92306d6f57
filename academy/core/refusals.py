"""Refusals become messages on a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest

from .errors import DomainError, Unknown


@dataclass
class Outcome:
    """What happened in the block: `error` is the refusal, or None."""

    error: DomainError | None = None

    @property
    def ok(self) -> bool:
        return self.error is None


@contextmanager
def refusals_as_messages(request: HttpRequest) -> Iterator[Outcome]:
    """A refusal inside the block becomes an error message; `Unknown` passes on and becomes a 404."""
    outcome = Outcome()
    try:
        yield outcome
    except Unknown:
        raise
    except DomainError as error:
        outcome.error = error
        messages.error(request, str(error))


def add_to_form(form, error: DomainError) -> None:
    """Put a refusal where the person looks: at the fields it names, else above the form."""
    placed = False
    for name, problems in error.fields.items():
        if name in form.fields:
            placed = True
            for problem in problems:
                form.add_error(name, problem)
    if not placed:
        form.add_error(None, str(error))
