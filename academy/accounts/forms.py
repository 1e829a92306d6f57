"""Registering and logging in."""

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.utils.translation import gettext_lazy as _


class SignupForm(AllauthSignupForm):
    """E-mail, name and password; the name is what a certificate will say."""

    given_name = forms.CharField(label=_("First name"), max_length=100)
    infix = forms.CharField(label=_("Infix"), max_length=30, required=False, help_text=_("Such as: van der"))
    family_name = forms.CharField(label=_("Last name"), max_length=150)
    field_order = ["given_name", "infix", "family_name", "email", "password1"]


class LoginForm(AllauthLoginForm):
    """E-mail and password."""
