"""Whoever is served keeps the GP, nurse or counter as long as that takes, and others wait for it.

In a queue that is busy for four fifths of the time, lengths of an exponential law make people wait
about twice as long as equal ones do (theory: 1.8 to 2 times, by the number of servers).
"""

import statistics

import pytest
from benchmarks.peers.in_parcours import scenario
from benchmarks.peers.workload import town

from parcours_sim.engine import simulate
from parcours_sim.scenario.vary import varied

RUNS = 12
WORK = "territory.professionals"


def mean_wait(scenario, outcome: str) -> statistics.NormalDist:
    waits = []
    for number in range(RUNS):
        rows = simulate(scenario, 1, number, engine="compiled").rows
        waits += [value for name, group, value in rows if (name, group) == (outcome, "all")]
    return statistics.NormalDist(statistics.fmean(waits), statistics.stdev(waits) / RUNS**0.5)


@pytest.mark.parametrize(
    ("law", "outcome"),
    [
        ("consultation_law", "gp_wait_mean_days"),
        ("nurse_visit_law", "nurse_wait_minutes"),
        ("dispensing_law", "pharmacy_wait_minutes"),
    ],
)
def test_lengths_that_vary_make_others_wait_twice_as_long(law, outcome):
    random = scenario(town(1_000))
    waits = [
        mean_wait(each, outcome)
        for each in (random, varied(random, {f"{WORK}.{law}": "fixed"}, {}))
    ]
    of_random, of_equal = waits
    ratio = of_random.mean / of_equal.mean
    half_width = 1.96 * ratio * sum((each.stdev / each.mean) ** 2 for each in waits) ** 0.5
    assert half_width < 0.3
    assert abs(ratio - 1.95) < half_width + 0.1
