"""Shapley values of games solved by hand, and the axioms by which they are the only ones."""

import re

import numpy as np
import pytest

from parcours_sim.analysis.shapley import (
    members,
    players_of,
    shapley_values,
    values_alone,
    values_last,
)

GLOVES = np.array([0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0])
"""Player 0 has a left glove, players 1 and 2 a right one each; a pair is worth 1."""
MAJORITY = np.array([float(mask.bit_count() >= 2) for mask in range(8)])
AIRPORT = np.array([0.0, 8.0, 11.0, 11.0, 13.0, 13.0, 13.0, 13.0])
"""Planes that need runways costing 8, 11 and 13: a longer one serves the smaller planes too."""


def games(count: int, side_by_side: int = 3) -> np.ndarray:
    """Give games of random worths, that of nobody too."""
    return np.random.default_rng(count).normal(size=(1 << count, side_by_side))


def renamed(worths: np.ndarray, order: list[int]) -> np.ndarray:
    """Give the game in which the player `order[i]` plays the part of player i."""
    other = np.empty_like(worths)
    for mask in range(len(worths)):
        moved = sum(1 << order[player] for player in range(len(order)) if mask >> player & 1)
        other[moved] = worths[mask]
    return other


@pytest.mark.parametrize(
    ("worths", "values"),
    [
        (GLOVES, [2 / 3, 1 / 6, 1 / 6]),
        (MAJORITY, [1 / 3, 1 / 3, 1 / 3]),
        (AIRPORT, [8 / 3, 8 / 3 + 3 / 2, 8 / 3 + 3 / 2 + 2]),
        (np.array([3.0, 10.0]), [7.0]),
    ],
)
def test_games_that_are_solved_by_hand_have_their_values(worths, values):
    assert shapley_values(worths) == pytest.approx(values, rel=1e-12)


@pytest.mark.parametrize("count", range(1, 9))
def test_values_sum_to_what_all_players_add_in_every_game(count):
    worths = games(count)
    total = shapley_values(worths).sum(axis=0)
    assert total == pytest.approx(worths[-1] - worths[0], rel=1e-11)


@pytest.mark.parametrize("place", range(4))
def test_a_player_that_adds_nothing_anywhere_has_exactly_nothing(place):
    others = games(3)
    low = (1 << place) - 1
    worths = np.array([others[mask & low | mask >> 1 & ~low] for mask in range(16)])
    values = shapley_values(worths)
    assert (values[place] == 0.0).all()
    rest = [player for player in range(4) if player != place]
    assert values[rest] == pytest.approx(shapley_values(others), rel=1e-11)


def test_a_player_with_another_name_has_the_same_value():
    worths, order = games(4), [2, 0, 3, 1]
    values = shapley_values(renamed(worths, order))
    assert values[order] == pytest.approx(shapley_values(worths), rel=1e-11)


def test_players_that_do_the_same_have_the_same_value():
    worths = games(3)
    alike = (worths + renamed(worths, [1, 0, 2])) / 2.0
    values = shapley_values(alike)
    assert values[0] == pytest.approx(values[1], rel=1e-11)
    assert values[0] != pytest.approx(values[2], rel=0.01)


def test_values_of_a_sum_of_games_are_the_sums_of_their_values():
    one, two = games(4), games(4)[::-1]
    together = shapley_values(2.5 * one - two)
    assert together == pytest.approx(2.5 * shapley_values(one) - shapley_values(two), rel=1e-10)


def test_games_side_by_side_have_the_values_they_have_apart():
    worths = games(3, side_by_side=5)
    values = shapley_values(worths)
    for column in range(5):
        assert (values[:, column] == shapley_values(worths[:, column])).all()


def test_what_comes_first_and_what_goes_last_is_counted_from_nobody_and_from_all():
    assert values_alone(GLOVES).tolist() == [0.0, 0.0, 0.0]
    assert values_last(GLOVES).tolist() == [1.0, 0.0, 0.0]
    assert values_alone(AIRPORT).tolist() == [8.0, 11.0, 13.0]
    assert values_last(AIRPORT).tolist() == [0.0, 0.0, 2.0]


def test_without_players_there_are_no_values():
    nobody = games(0)
    assert [shapley_values(nobody).size, values_alone(nobody).size, values_last(nobody).size] == [
        *(0, 0, 0)
    ]


@pytest.mark.parametrize("count", [0, 3, 6, 12])
def test_a_number_of_coalitions_that_is_no_power_of_two_is_refused(count):
    found = re.escape(f"a game has 1, 2, 4, 8… coalitions, found: {count}")
    with pytest.raises(ValueError, match=found):
        players_of(np.zeros(count))


def test_members_of_a_coalition_are_those_whose_bits_are_set():
    names = ("a", "b", "c")
    assert [members(mask, names) for mask in (0, 1, 6, 7)] == [(), ("a",), ("b", "c"), names]
