"""A row of validation in words: what stands in each cell, and why rows don't agree."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import get_args

import pytest
from tests.report.test_validation_table import FITTED, ROW

from parcours_sim.analysis.intervals import UNKNOWN, Estimate
from parcours_sim.analysis.validation import Role, Verdict
from parcours_sim.report.validation_words import (
    counted,
    figure_text,
    interval_text,
    range_text,
    role_text,
    role_word,
    stated_text,
    verdict_text,
    verdict_word,
    why_not,
)
from parcours_sim.report.words import say
from parcours_sim.scenario.evidence import load_ledger


@pytest.mark.parametrize(
    ("low", "high", "english", "french"),
    [
        (None, None, "", ""),
        (0.0, None, "0 or more", "0 ou plus"),
        (None, 0.0, "0 or less", "0 ou moins"),
        (-12.0, 0.12345, "−12 to 0.123", "−12 à 0,123"),
        (1234.5, 56789.0, "1,230 to 56,800", "1\u202f230 à 56\u202f800"),
    ],
)
def test_what_agrees_is_said_in_words(low, high, english, french):
    assert range_text(low, high) == english
    assert range_text(low, high, "fr") == french


def test_a_figure_that_is_not_known_is_a_dash():
    assert figure_text(math.nan) == interval_text(UNKNOWN) == "–"
    assert interval_text(Estimate(1.0, math.nan, math.nan, 1)) == "–"


def test_what_is_stated_is_a_figure_with_its_unit_or_a_direction_or_nothing():
    assert stated_text(replace(ROW, stated=1234.5), "fr") == "1\u202f234,5 séjours"
    assert stated_text(replace(ROW, stated=None)) == ""
    for sign, english, french in (
        ("decrease", "a decrease", "une baisse"),
        ("increase", "an increase", "une hausse"),
    ):
        row = replace(ROW, stated=None, sign=sign)
        assert (stated_text(row), stated_text(row, "fr")) == (english, french)


def test_the_step_and_the_best_figure_are_said_where_there_are_any():
    assert (role_text(FITTED), role_text(FITTED, "fr")) == ("fitted, step 3", "calé, étape 3")
    assert (role_text(ROW), role_text(ROW, "fr")) == ("validated", "validé")
    assert verdict_text(FITTED) == "out of reach, 0.667 at best in the worlds of the fit"
    assert verdict_text(FITTED, "fr") == "hors d’atteinte, 0,667 au mieux dans les mondes du calage"
    assert verdict_text(ROW) == "inside"


def test_every_verdict_role_and_origin_has_its_own_words_in_either_language():
    for language in ("en", "fr"):
        verdicts = [verdict_word(each, language) for each in get_args(Verdict)]
        roles = [role_word(each, language) for each in get_args(Role)]
        origins = {row.origin for row in load_ledger().rows()}
        found = [*verdicts, *roles, *(say(f"origin_{each}", language) for each in origins)]
        assert len(set(found)) == len(get_args(Verdict)) + len(get_args(Role)) + len(origins)


def test_why_a_row_does_not_agree_is_said_with_what_binds_and_every_note():
    (english,) = why_not([FITTED, ROW], "en")
    assert english == (
        "L085, stays, all: out of reach, 0.667 at best in the worlds of the fit "
        '(rate ≤ 1, share ≥ 0.5). said "so", and so on.'
    )
    (french,) = why_not([ROW, FITTED], "fr")
    assert french == (
        "L085, séjours, tous\u202f: hors d’atteinte, 0,667 au mieux dans les mondes du calage "
        "(rate ≤ 1, share ≥ 0.5). ainsi."
    )


def test_rows_are_counted_by_verdict_in_the_order_that_they_come_in():
    rows = [ROW, FITTED, ROW]
    assert counted(rows, "en") == "3 rows: 2 inside, 1 out of reach."
    assert counted(rows, "fr") == "3 lignes\u202f: 2 dans l’intervalle, 1 hors d’atteinte."
