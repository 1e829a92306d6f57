"""What differs between two values, in words."""

from hypothesis import given
from hypothesis import strategies as st

from academy.core.differences import by_word, difference


def test_short_values_stand_side_by_side():
    found = difference("Titel", ["Oud"], ["Nieuw"])
    assert (found.old, found.new, found.pieces) == ("Oud", "Nieuw", [])


def test_what_reads_the_same_is_no_difference():
    assert difference("Titel", ["Zelfde"], ["Zelfde"]) is None
    assert difference("Rijen", ["a", "b"], ["b", "a"], is_list=True) is None


def test_of_rows_those_that_went_and_came():
    found = difference("Rijen", ["a", "b"], ["b", "c"], is_list=True)
    assert (found.gone, found.added) == (["a"], ["c"])


@given(st.lists(st.sampled_from(["een", "twee", "drie", "vier"]), max_size=30), st.text(max_size=80))
def test_words_tell_both_texts(words, other):
    old, new = " ".join(words), other
    pieces = list(by_word(old, new))
    cut = any("…" in piece.text for piece in pieces)
    if not cut:
        assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
        assert "".join(piece.text for piece in pieces if piece.kind != "gone") == new


def test_long_texts_show_the_words_around_a_change():
    old = " ".join(f"woord{n}" for n in range(200))
    pieces = list(by_word(old, old.replace("woord100", "anders")))
    assert [piece.text for piece in pieces if piece.kind == "gone"] == ["woord100"]
    assert [piece.text for piece in pieces if piece.kind == "new"] == ["anders"]
    assert sum(len(piece.text) for piece in pieces) < 300


def test_enormous_texts_are_compared_by_paragraph():
    old = "\n".join(f"Alinea {n} met wat woorden." * 40 for n in range(40))
    new = old.replace("Alinea 7 ", "Alinea zeven ")
    pieces = list(by_word(old, new))
    assert {piece.kind for piece in pieces} == {"same", "gone", "new"}
