"""Numbers and typography in both languages."""

import re
import string
from pathlib import Path

import pytest

from parcours_sim.report import words
from parcours_sim.report.words import (
    FIXED,
    LANGUAGES,
    THIN,
    WORDS,
    between,
    decimals_for,
    number,
    say,
    typeset,
)

COMMENT = re.compile(r"(?:# .*|#)(?:\n(?:# .*|#))*")
ENTRY = re.compile(r'\[(?:\w+|"[^"\n]+")\]\nen = ".+"\nfr = ".+"')


@pytest.mark.parametrize(
    ("value", "decimals", "english", "french"),
    [
        (4.06, 1, "4.1", "4,1"),
        (-12345.6, 0, "−12,346", "−12\u202f346"),
        (1234567.25, 2, "1,234,567.25", "1\u202f234\u202f567,25"),
        (-0.04, 1, "0.0", "0,0"),
        (float("nan"), 1, "–", "–"),
    ],
)
def test_numbers_are_written_as_each_language_does(value, decimals, english, french):
    assert number(value, "en", decimals) == english
    assert number(value, "fr", decimals) == french


def test_a_signed_number_shows_its_sign_unless_it_is_zero():
    assert number(3, "en", signed=True) == "+3"
    assert number(-3, "en", signed=True) == "−3"
    assert number(0.2, "en", signed=True) == "0"


def test_french_punctuation_follows_a_narrow_space_that_does_not_break():
    assert typeset("« oui » : 4 % ; non !", "fr") == (
        "«\u202foui\u202f»\u202f: 4\u202f%\u202f; non\u202f!"
    )
    assert typeset("20 000 habitants", "fr") == "20\u202f000 habitants"
    assert typeset("in 2023 4 of 6", "fr") == "in 2023 4 of 6"


def test_english_breaks_no_line_before_per_cent():
    assert typeset("4.1 % of stays; no", "en") == "4.1\u00a0% of stays; no"


def test_an_interval_is_written_in_words():
    assert between(2, 6.2, "en", 1) == "2.0 to 6.2"
    assert between(-2, 6.2, "fr", 1) == "−2,0 à 6,2"


def test_small_figures_have_a_decimal_and_large_ones_none():
    assert decimals_for(3.2, -1.0, 12.0) == 1
    assert decimals_for(3.2, -41.0) == 0
    assert decimals_for(0.0, float("nan")) == 0


@pytest.mark.parametrize("key", sorted(WORDS))
def test_every_string_is_in_both_languages_and_in_no_other(key):
    assert list(WORDS[key]) == list(LANGUAGES)
    assert all(isinstance(text, str) and text.strip() for text in WORDS[key].values())


@pytest.mark.parametrize("key", sorted(WORDS))
def test_every_string_has_the_same_blanks_in_both_languages(key):
    blanks = [
        {name for _, name, _, _ in string.Formatter().parse(WORDS[key][language]) if name}
        for language in LANGUAGES
    ]
    assert blanks[0] == blanks[1]


def test_what_is_put_into_a_french_sentence_is_typeset_with_it():
    text = say("finding", "fr", who="MSP", what="4,1 % évitées", interval="2 à 6")
    assert text == "MSP\u202f: 4,1\u202f% évitées (intervalle à 95\u202f%\u202f: 2 à 6)"


def test_spaces_of_strings_are_plain_before_they_are_typeset():
    texts = [text for row in WORDS.values() for text in row.values()]
    assert [text for text in texts if FIXED in text or THIN in text] == []


def test_the_file_of_strings_is_written_in_one_way_throughout():
    file = Path(words.__file__).with_suffix(".toml").read_text(encoding="utf-8")
    entries = [part for part in file.strip().split("\n\n") if not COMMENT.fullmatch(part)]
    assert [part for part in entries if not ENTRY.fullmatch(part)] == []
    assert len(entries) == len(WORDS)
