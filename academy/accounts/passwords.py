"""Passwords that others guessed before, from a list on this machine: no password travels to be checked."""

import re
from functools import cached_property

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: What people here think of first; digits and signs around a word make it no better.
NEAR = (
    "wachtwoord welkom ziekenhuis academie gezamenlijkeacademie medischspectrumtwente ziekenhuisgroeptwente enschede "
    "almelo hengelo twente verpleegkundige dokter zorgverlener lente zomer herfst winter voetbal fctwente geheim"
).split()
AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")


class GuessedPasswordValidator(CommonPasswordValidator):
    """Refuses breached passwords, and one such word with only digits and signs around it."""

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(self.passwords) | frozenset(NEAR)

    def validate(self, password: str, user=None) -> None:
        lowered = password.lower().strip()
        if {lowered, AROUND.sub("", lowered), re.sub(r"[\W_]+", "", lowered)} & self.words:
            raise ValidationError(_("Others guess this password first. Choose several words."), code="guessed")
