"""How allauth makes persons, writes its mails and keeps its secrets: through our tables."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils import translation

from . import mails


class AccountAdapter(DefaultAccountAdapter):
    """Names are asked at sign-up; mails become rows, in the language of the person, or else of the page."""

    def save_user(self, request, user, form, commit=True):
        for name in ("given_name", "infix", "family_name"):
            setattr(user, name, form.cleaned_data.get(name, ""))
        user.preferred_language = (translation.get_language() or "nl")[:2]
        return super().save_user(request, user, form, commit)

    def populate_username(self, request, user) -> None:
        """There is none: the e-mail address is the login."""

    def send_confirmation_mail(self, request, emailconfirmation, signup) -> None:
        address = emailconfirmation.email_address
        mails.write("email_confirmation", address.email, address.user, {"address": address.pk})

    def send_password_reset_mail(self, user, email, context) -> None:
        mails.write("password_reset_key", email, user, {"person": user.pk})

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        notice = template_prefix.rpartition("/")[2]
        if notice in mails.NOTICES:
            mails.write("notice", email or user.email, user, {"notice": notice})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """What is left: registering with an address that has an account, and asking for one that has none."""
        owner = EmailAddress.objects.filter(email__iexact=email).select_related("user").first()
        mails.write(template_prefix.rpartition("/")[2], email, owner.user if owner else None, {})


class MFAAdapter(DefaultMFAAdapter):
    """The secrets of second factors are of no use to whoever reads the database alone."""

    def encrypt(self, text: str) -> str:
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _vault().decrypt(encrypted_text.encode()).decode()


def _vault() -> MultiFernet:
    """Keys that follow from SECRET_KEY and its predecessors; the first one encrypts."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"second factor {secret}".encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
