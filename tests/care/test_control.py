"""Control drifts down step by step, and a contact that follows the protocol moves it up one."""

import doctest
import itertools
import math
from dataclasses import replace

import pytest
from tests.care.world import parameters, someone, territory

from parcours_sim.care import control
from parcours_sim.care.control import drifted, improved, nurse_protocol_share, protocol_share
from parcours_sim.care.parameters import NURSE, PHARMACIST
from parcours_sim.care.routine import PROTOCOL_CALENDAR_DAYS

GOOD, FAIR, POOR = 0, 1, 2


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(control).failed == 0


def test_control_drifts_down_one_step_at_a_time_and_stops_at_poor():
    assert [drifted(level) for level in (GOOD, FAIR, POOR)] == [FAIR, POOR, POOR]


def test_a_protocol_contact_that_helps_moves_control_up_one_step_and_stops_at_good():
    assert [improved(level, 0.1, 0.5, 0.1, 0.5) for level in (GOOD, FAIR, POOR)] == [
        GOOD,
        GOOD,
        FAIR,
    ]


def test_a_contact_outside_the_protocol_or_one_that_does_not_help_changes_nothing():
    for level, (protocol, helps) in itertools.product(
        (GOOD, FAIR, POOR), ((0.5, 0.1), (0.1, 0.5), (0.9, 0.9))
    ):
        assert improved(level, protocol, 0.5, helps, 0.5) == level


def test_a_protocol_that_nobody_follows_never_helps():
    assert improved(POOR, 1e-16, 0.0, 1e-16, 1.0) == POOR


@pytest.fixture
def found():
    """A practice half of whose patients have nurse and pharmacist in the team, who do more."""
    made = territory(parameters())
    made.work = replace(made.work, nurse_protocol_share=0.1, pharmacist_protocol_share=0.2)
    team = {
        "nurse_in_team_share": 0.5,
        "pharmacist_in_team_share": 0.5,
        "nurse_protocol_share": 0.6,
        "pharmacist_protocol_share": 0.15,
    }
    made.practices = (replace(made.practices[0], **team),)
    return made


def test_professionals_of_the_team_follow_the_protocol_more_often_and_never_less(found):
    patient = someone(found, is_accepted=True, nurse_mark=0.4, pharmacist_mark=0.4)
    assert protocol_share(found, patient, NURSE) == 0.6
    assert protocol_share(found, patient, PHARMACIST) == 0.2
    patient.nurse_mark = patient.pharmacist_mark = 0.6
    assert protocol_share(found, patient, NURSE) == 0.1
    assert protocol_share(found, patient, PHARMACIST) == 0.2


def test_a_nurse_reviews_once_a_month_at_most_however_often_she_comes(found):
    patient = someone(found, is_accepted=True, nurse_mark=0.4)
    for interval, share in (
        (PROTOCOL_CALENDAR_DAYS / 30.0, 0.02),
        (PROTOCOL_CALENDAR_DAYS / 2.0, 0.3),
        (PROTOCOL_CALENDAR_DAYS, 0.6),
        (3.0 * PROTOCOL_CALENDAR_DAYS, 0.6),
        (math.inf, 0.6),
    ):
        patient.nurse_interval_days = interval
        assert nurse_protocol_share(found, patient) == pytest.approx(share, rel=1e-12)
