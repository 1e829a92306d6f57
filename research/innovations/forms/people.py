"""A colleague in a form: shown by name, chosen by the e-mail address of the account."""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.core.cleaning import Unfit
from academy.core.editing.controls import Control
from academy.core.editing.sources import Sources

ADDRESS = re.compile(r"[^\s<>(),;]+@[^\s<>(),;]+")
HINT = gettext_lazy("The e-mail address of a colleague.")


class Person(Control):
    """One colleague, or nobody; the value is the primary key."""

    def __init__(self, label: Any = "", hint: Any = HINT, **options: Any) -> None:
        super().__init__(label, hint, **options)

    def connect(self, sources: Sources, value: Any) -> None:
        self.sources = sources

    def fill(self, value: Any) -> str:
        return self.sources.person_words(value) if value else ""

    def read(self, typed: Any) -> int | None:
        """The account of the address that stands in the text."""
        if not (typed or "").strip():
            return None
        found = ADDRESS.search(typed)
        if found is None:
            raise Unfit(_("Write the e-mail address of a colleague."))
        person = self.sources.person_of(found[0].lower())
        if person is None:
            raise Unfit(_("No colleague has an account with the address “%(address)s”.") % {"address": found[0][:80]})
        return person.pk
