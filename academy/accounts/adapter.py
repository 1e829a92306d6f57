"""How allauth makes persons and writes its mails: through our tables."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.utils import translation

from academy.core import mail


class AccountAdapter(DefaultAccountAdapter):
    """Names are asked at sign-up; mails become rows, in the language of the page."""

    def save_user(self, request, user, form, commit=True):
        for name in ("given_name", "infix", "family_name"):
            setattr(user, name, form.cleaned_data.get(name, ""))
        user.preferred_language = (translation.get_language() or "nl")[:2]
        return super().save_user(request, user, form, commit)

    def populate_username(self, request, user) -> None:
        """There is none: the e-mail address is the login."""
