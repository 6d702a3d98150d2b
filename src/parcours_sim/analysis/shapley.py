"""Shapley values of a game: what each player adds, on average over all orders of coming in.

Arithmetic alone. A game is an array with the worth of every coalition, in which coalition number
`m` is that of the players whose bits are set in `m`; further axes (replications, say) are games of
the same players side by side. Each function returns one row per player.

Source: L. S. Shapley, "A value for n-person games", Contributions to the Theory of Games II (1953).
"""

from __future__ import annotations

from math import factorial

import numpy as np

from .intervals import FloatArray


def players_of(worths: FloatArray) -> int:
    """Return how many players a game has; raises ValueError where it can't be a game.

    >>> players_of(np.zeros(8))
    3
    """
    count = len(worths).bit_length() - 1
    if len(worths) == 0 or len(worths) != 1 << count:
        raise ValueError(f"a game has 1, 2, 4, 8… coalitions, found: {len(worths)}")
    return count


def shapley_values(worths: FloatArray) -> FloatArray:
    """Return the Shapley values; they sum to the worth of all players minus that of none.

    >>> shapley_values(np.array([0.0, 1.0, 2.0, 5.0])).tolist()
    [2.0, 3.0]
    """
    count = players_of(worths)
    values = np.zeros((count, *worths.shape[1:]))
    for player in range(count):
        for others in _without(player, count):
            size = others.bit_count()
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            values[player] += weight * (worths[others | 1 << player] - worths[others])
    return values


def values_alone(worths: FloatArray) -> FloatArray:
    """Return what each player adds where it comes in first.

    >>> values_alone(np.array([0.0, 1.0, 2.0, 5.0])).tolist()
    [1.0, 2.0]
    """
    first = [worths[1 << player] - worths[0] for player in range(players_of(worths))]
    return np.array(first).reshape(-1, *worths.shape[1:])


def values_last(worths: FloatArray) -> FloatArray:
    """Return what each player adds where it comes in last: what goes with it.

    >>> values_last(np.array([0.0, 1.0, 2.0, 5.0])).tolist()
    [3.0, 4.0]
    """
    every = len(worths) - 1
    last = [worths[every] - worths[every ^ 1 << player] for player in range(players_of(worths))]
    return np.array(last).reshape(-1, *worths.shape[1:])


def members(coalition: int, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the players of a coalition by their names.

    >>> members(5, ("a", "b", "c"))
    ('a', 'c')
    """
    return tuple(name for place, name in enumerate(names) if coalition >> place & 1)


def _without(player: int, count: int) -> list[int]:
    return [mask for mask in range(1 << count) if not mask >> player & 1]
