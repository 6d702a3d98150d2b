"""What events are called: each one in both languages, with what it is about."""

from __future__ import annotations

from typing import get_args

import pytest

from parcours_sim.care.parameters import ROLES
from parcours_sim.engine.record import PURPOSES, TEXTS, Entry
from parcours_sim.report.event_words import DETAILS, EVENTS, Sort, event_name, event_text, sort_of
from parcours_sim.report.titles import Titles
from parcours_sim.scenario.territory import Text

TITLES = Titles(
    {},
    {
        "kind:copd": Text(fr="Exacerbation de BPCO", en="COPD exacerbation"),
        "link:nurse_to_gp": Text(fr="Infirmier vers médecin", en="Nurse to GP"),
    },
)


def test_every_event_of_the_log_has_a_name_in_each_language_and_a_sort():
    assert set(EVENTS) == set(TEXTS)
    assert {sort_of(event) for event in TEXTS} == set(get_args(Sort))
    for language in ("en", "fr"):
        assert len({event_name(event, language) for event in TEXTS}) == len(TEXTS)


def test_every_purpose_and_role_has_a_name():
    assert set(DETAILS) == {*PURPOSES, *ROLES}


@pytest.mark.parametrize(
    ("event", "detail", "english", "french"),
    [
        ("crisis", "copd", "crisis (COPD exacerbation)", "crise (Exacerbation de BPCO)"),
        ("message lost", "nurse_to_gp", "message lost (Nurse to GP)",
         "message perdu (Infirmier vers médecin)"),
        ("letter lost", "gp", "letter lost (GP)", "lettre perdue (médecin)"),
        ("gp consultation", "planned", "GP consultation (planned)",
         "consultation du médecin (prévu)"),
        ("dies", "", "dies", "décès"),
        ("crisis", "asthma", "crisis (asthma)", "crise (asthma)"),
    ],
)  # fmt: skip
def test_an_event_is_told_with_what_it_is_about(event, detail, english, french):
    entry = Entry(1.0, 7, 0, event, detail, 3)
    assert event_text(entry, TITLES, "en") == english
    assert event_text(entry, TITLES, "fr") == french
