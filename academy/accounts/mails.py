"""Mails about accounts. A link that opens an account is made when its mail leaves: no row of the database holds one."""

from typing import Any

from allauth.account import app_settings
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy.core import clock, mail
from academy.core.translation import current

from .models import User

#: What changed, by allauth's name for its own mail about it, and the title and first line of ours.
NOTICES = {
    "password_changed": (_("Your password was changed"), _("The password of your account was changed.")),
    "password_reset": (_("Your password was changed"), _("The password of your account was changed.")),
    "password_set": (_("Your password was set"), _("Your account has a password now.")),
    "email_changed": (_("Your e-mail address was changed"), _("You log in with another e-mail address from now on.")),
    "email_deleted": (_("An e-mail address was removed"), _("An e-mail address was removed from your account.")),
    "totp_activated": (_("Two-step login is on"), _("We ask for a code from your app when you log in.")),
    "totp_deactivated": (_("Two-step login is off"), _("Your password alone opens your account now.")),
    "recovery_codes_generated": (
        _("New recovery codes"),
        _("New recovery codes were made for your account; the old ones do not work any more."),
    ),
}


def write(name: str, to: str, person: User | None, context: dict[str, Any]) -> None:
    """Write the mail; asked for again within the same minute, such as by a double click, it is the same mail."""
    about = context.get("notice", name)
    mail.write(
        kind=f"account_{name}",
        to=to,
        person=person,
        language=person.preferred_language if person else current(),
        event_key=f"{about}:{clock.now():%Y%m%d%H%M}",
        context=context,
    )


def _absolute(name: str, **parts: str) -> str:
    return f"{settings.SITE_URL}{reverse(name, kwargs=parts)}"


def _confirmation(context: dict[str, Any]) -> mail.Parts:
    key = EmailConfirmationHMAC(EmailAddress(pk=context["address"])).key
    return {"link": _absolute("account_confirm_email", key=key)}, []


def _password_reset(context: dict[str, Any]) -> mail.Parts:
    person = User.objects.get(pk=context["person"])
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    link = _absolute("account_reset_password_from_key", uidb36=user_pk_to_url_str(person), key=key)
    return {"link": link}, []


def _already_registered(context: dict[str, Any]) -> mail.Parts:
    return {"link": _absolute("account_reset_password")}, []


def _unknown(context: dict[str, Any]) -> mail.Parts:
    return {"link": _absolute("account_signup")}, []


def _notice(context: dict[str, Any]) -> mail.Parts:
    title, words = NOTICES[context["notice"]]
    return {"title": title, "words": words, "link": _absolute("account_reset_password")}, []


mail.enrich("account_email_confirmation", _confirmation)
mail.enrich("account_password_reset_key", _password_reset)
mail.enrich("account_account_already_exists", _already_registered)
mail.enrich("account_unknown_account", _unknown)
mail.enrich("account_notice", _notice)
