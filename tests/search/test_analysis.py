"""Text to tokens: tables of what must and must not meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis.documents import identifier_tokens, text_tokens, tokens_of
from search.analysis.marking import mark, marks_of
from search.analysis.queries import prefix_words, query_words
from search.analysis.stems import dutch, english
from search.analysis.words import fold, folded_words, order_key, replaced
from search.engines.common import distance, nearest
from tests.search.corpus import doc


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Café", "cafe"),
        ("COÖRDINATIE", "coordinatie"),
        ("patie\u0308nten", "patienten"),
        ("Straße", "strasse"),
        ("Ørsted", "orsted"),
        ("ĳsvogel", "ijsvogel"),
        ("foto's", "foto"),
        ("foto’s", "foto"),
        ("d'Angelo", "dangelo"),
        ("İstanbul", "istanbul"),
        ("Łódź", "lodz"),
    ],
)
def test_folding(word, folded):
    assert folded_words(word) == [folded]


def test_folding_comes_before_stemming():
    assert dutch(fold("coördinaties")) == dutch(fold("coordinatie"))
    assert dutch(fold("patiënten")) == dutch(fold("patient"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kinderen", "kind"),
        ("paden", "pad"),
        ("technologieën", "technologie"),
        ("therapieën", "therapie"),
        ("mensen", "mens"),
        ("infusen", "infuus"),
        ("brieven", "brief"),
        ("huizen", "huis"),
        ("cursussen", "cursus"),
        ("gesprekken", "gesprek"),
        ("geneesmiddelen", "geneesmiddel"),
        ("certificaten", "certificaat"),
        ("vaardigheden", "vaardigheid"),
        ("verpleegkundigen", "verpleegkundige"),
        ("opleidingen", "opleiding"),
        ("acute", "acuut"),
        ("wonden", "wond"),
        ("leerlijnen", "leerlijn"),
        ("operaties", "operatie"),
    ],
)
def test_dutch_words_that_belong_together(one, other):
    assert dutch(fold(one)) == dutch(fold(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gezondheid", "zon"),
        ("gezin", "zin"),
        ("getal", "tal"),
        ("gebruik", "bruikbaar"),
        ("gedrag", "drager"),
        ("gesprek", "spreker"),
        ("gegevens", "geven"),
        ("mens", "men"),
        ("data", "dat"),
        ("SEH", "sehn"),
    ],
)
def test_dutch_words_that_must_not_meet(one, other):
    assert dutch(fold(one)) != dutch(fold(other))


@pytest.mark.parametrize(
    ("one", "other"), [("children", "child"), ("courses", "course"), ("training", "trained"), ("women", "woman")]
)
def test_english_words_that_belong_together(one, other):
    assert english(one) == english(other)


def test_abbreviations_and_numbers_stay():
    assert [dutch(word) for word in ("seh", "ic", "af", "covid19", "2026")] == ["seh", "ic", "af", "covid19", "2026"]


def test_neighbours_count_as_one_word():
    assert dutch("hartfalenpoli") in text_tokens("Hartfalen poli", "nl")
    assert dutch("kinderic") in text_tokens("kinder-IC", "nl", join=False)
    assert dutch("zorgvoor") not in text_tokens("zorg voor ouderen", "nl")
    assert english("heartfailure") not in text_tokens("heart failure", "en")


@pytest.mark.parametrize(
    ("identifier", "tokens"),
    [
        ("BLS-01", {"bls-01", "bls01", "bls", "01"}),
        ("BLS-01.2026-03", {"bls-01.2026-03", "bls01202603", "bls", "01", "2026", "03", "bls01", "012026", "202603"}),
        ("T-SEH", {"t-seh", "tseh", "t", "seh"}),
        ("", set()),
        ("--", set()),
    ],
)
def test_identifiers_whole_and_in_part(identifier, tokens):
    assert set(identifier_tokens([identifier])) == tokens


def test_words_without_a_subject_count_only_when_alone():
    assert [word.typed for word in query_words("de zorg voor een kind")] == ["zorg", "kind"]
    assert [word.typed for word in query_words("over ons")] == ["over", "ons"] or query_words("over ons")
    assert [word.typed for word in query_words("de het een")] == ["de", "het", "een"]


def test_a_long_query_is_cut():
    assert len(query_words(" ".join(f"woord{number}" for number in range(500)))) == 16
    assert all(len(token) <= 60 for word in query_words("x" * 10_000) for token in (*word.stems, *word.exact))
    assert all(len(start) <= 15 for start in prefix_words("y" * 10_000))


def test_beginnings_come_from_the_title_and_the_number():
    tokens = tokens_of(doc("1", "Wondzorg", "Wound care", number="WZ-01"))
    assert {"w", "won", "wondzorg", "wz", "wz01"} <= set(tokens.starts["nl"])
    assert "wound" not in tokens.starts["nl"]
    assert "wound" in tokens.starts["en"]


@pytest.mark.parametrize(
    ("query", "text", "html"),
    [
        ("kind", "Kinderen & ouders", "<mark>Kinderen</mark> &amp; ouders"),
        ("patient", "De patiënt.", "De <mark>patiënt</mark>."),
        ("hartfalen", "Hartfalen-poli", "<mark>Hartfalen</mark>-poli"),
        ("hartfalenpoli", "Hartfalen-poli", "<mark>Hartfalen</mark>-<mark>poli</mark>"),
        ("hartfalenpoli", "de hartfalen poli", "de <mark>hartfalen</mark> <mark>poli</mark>"),
        ("script", "<script>alert(1)</script>", "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt;"),
        ("mark", '"mark" <mark>', "&quot;<mark>mark</mark>&quot; &lt;<mark>mark</mark>&gt;"),
        ("niets", "Geen woord", ""),
        ("foto", "foto's maken", "<mark>foto&#x27;s</mark> maken"),
        ("b", "a_b", "a_<mark>b</mark>"),
    ],
)
def test_marks(query, text, html):
    assert mark(text, marks_of(query_words(query)), "nl") == html


def test_marks_do_not_depend_on_what_was_marked_before():
    marks = marks_of(query_words("hartfalen poli zorg"))
    texts = ["zorg", "hartfalen poli", "poli", "hartfalen", "hartfalenpoli zorg"]
    first = [mark(text, marks, "nl") for text in texts]
    assert [mark(text, marks, "nl") for text in reversed(texts)] == first[::-1]


@given(st.text(max_size=80), st.text(max_size=20))
def test_marked_text_is_the_text(text, query):
    """Whatever is marked, the words and their order stay, and nothing but our own element is HTML."""
    html = mark(text, marks_of(query_words(query)), "nl")
    plain = html.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in plain
    assert ">" not in plain


@given(st.text(max_size=200))
def test_any_text_gives_tokens_without_white_space(text):
    tokens = tokens_of(doc("1", text, text, people=(text,), number=text, body={"nl": text}))
    for found in (tokens.title, tokens.body, tokens.names, tokens.identifiers, tokens.spelled, tokens.starts["nl"]):
        assert all(token and not any(letter.isspace() for letter in token) for token in found)


def test_order_of_titles():
    titles = ["Éen zorg", "een hart", "«Een Appel»", "Zorg", "aap"]
    assert sorted(titles, key=order_key) == ["aap", "«Een Appel»", "een hart", "Éen zorg", "Zorg"]


def test_replaced_words():
    assert (
        replaced("Tuismonitoring, hartfalen!", {"tuismonitoring": "thuismonitoring"}) == "thuismonitoring, hartfalen!"
    )


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("kat", "kat", 0),
        ("kat", "kta", 1),
        ("kat", "kart", 1),
        ("kat", "at", 1),
        ("abcd", "wxyz", 3),
        ("a", "abcde", 3),
    ],
)
def test_distance(one, other, edits):
    assert distance(one, other, 2) == min(edits, 3)


def test_nearest_prefers_near_then_frequent():
    known = [("hartfalen", 3), ("hartfilen", 9), ("hartfaalen", 1), ("iets", 99), ("hartfaln", 1)]
    assert nearest("hartfalen", known, 2) == [("hartfilen", 9), ("hartfaalen", 1)]
    assert nearest("ic", [("ik", 9)], 2) == []
