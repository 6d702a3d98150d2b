"""Control drifts down step by step, and a contact that follows the protocol moves it up one."""

import doctest
import itertools

from parcours_sim.care import control
from parcours_sim.care.control import drifted, improved

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
