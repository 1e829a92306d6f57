"""Numbers of certificates, as made and as typed."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.core.wording import number_token
from courses.certificates.tokens import ALPHABET, LENGTH, new_token, tidy


def test_the_alphabet_has_32_letters_without_lookalikes():
    assert len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_new_tokens_differ_and_are_complete():
    tokens = {new_token() for _turn in range(1000)}
    assert len(tokens) == 1000
    assert all(len(token) == LENGTH and set(token) <= set(ALPHABET) for token in tokens)


@pytest.mark.parametrize(
    "typed",
    [
        "7Q4M-2KXD-P9TR-W6H0",
        "7q4m2kxdp9trw6h0",
        " 7Q4M 2KXD P9TR W6HO ",
        "7q4m–2kxd—p9tr-w6ho",
        "7Q4M_2KXD.P9TR W6H0\n",
    ],
)
def test_case_hyphens_and_lookalikes_are_forgiven(typed):
    assert tidy(typed) == "7Q4M2KXDP9TRW6H0"


def test_i_and_l_are_one():
    assert tidy("IlLi" + "0" * 12) == "1111" + "0" * 12


@pytest.mark.parametrize("typed", ["", "7Q4M", "7Q4M-2KXD-P9TR-W6HB-1", "<script>alert(1)", "é" * 16, "0" * 10_000])
def test_what_cannot_be_one_is_none(typed):
    assert tidy(typed) == ""


@given(st.text(ALPHABET, min_size=16, max_size=16), st.randoms(use_true_random=False))
def test_every_way_of_typing_it_is_the_same_token(token, random):
    shown = "".join(random.choice([letter, letter.lower()]) for letter in number_token(token))
    assert tidy(shown) == token


@given(st.text(string.printable, max_size=200))
def test_whatever_is_typed_gives_a_token_or_nothing(typed):
    assert len(tidy(typed)) in (0, LENGTH)
