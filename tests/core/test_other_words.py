"""Django's and allauth's texts in our own Dutch."""

import pytest
from django import forms
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError

from academy.accounts.forms import LoginForm


def test_a_field_that_is_left_empty_speaks_informally():
    class Form(forms.Form):
        name = forms.CharField()

    assert Form({}).errors["name"] == ["Vul dit in."]
    assert str(LoginForm().fields["login"].label) == "E-mailadres"


def test_a_short_password_says_how_long_it_has_to_be():
    with pytest.raises(ValidationError) as refusal:
        MinimumLengthValidator(12).validate("kort")
    assert refusal.value.messages == ["Dit wachtwoord is te kort. Gebruik minstens 12 tekens."]
