"""Of many small studies of the model, about 95 in 100 hold the long-run difference.

How intervals fare on populations with known means, and where a precision is asked, is measured by
`benchmarks/coverage.py`; here replications are the model's own, and the interval is the one that
`compare` shows. What is true comes from twice as many replications as all studies have together.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.stats import t as student_t

from parcours_sim.analysis.intervals import Estimate, t_interval
from parcours_sim.analysis.paired import Exposure, paired_differences
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.engine import simulate
from parcours_sim.scenario.resolve import load_scenario
from parcours_sim.scenario.scenario import Scenario

SEED, THREADS = 1, 2
STUDIES, EACH, LONG_RUN = 200, 10, 4_000
"""Small studies, the replications of each, and those from which the true difference comes."""
LEAST, MOST = 0.91, 0.98
"""Where intervals are right, the share of 200 studies falls outside by chance 15 times in 1,000."""
FREQUENT = ("gp_contacts", "messages_lost", "ed_visits_wait_driven")
WORLD: dict[str, str | float] = {
    "territory.inhabitants": 3_000,
    "horizon.years": 0.3,
    "horizon.warm_up_years": 0.1,
    "organisation.ramp_months": 0.0,
}
BASELINE, OTHER = "isole", "msp"

Values = dict[str, NDArray[np.float64]]
"""By outcome, one value for each replication."""


def values_of(scenario: Scenario, number: int) -> list[float]:
    """Give the outcomes of one replication, 0 where there was no case."""
    rows = simulate(scenario, SEED, number, engine="compiled").rows
    found = {outcome: value for outcome, group, value in rows if group == "all"}
    return [found.get(outcome, 0.0) for outcome in FREQUENT]


def simulated(replications: int) -> dict[str, Values]:
    """Simulate both organisations: first the studies' replications, then those of the long run."""
    found = {}
    with ThreadPoolExecutor(THREADS) as threads:
        for name in (BASELINE, OTHER):
            of = partial(values_of, load_scenario(name, changes=WORLD, fitted=False))
            table = np.array(list(threads.map(of, range(replications))))
            found[name] = dict(zip(FREQUENT, table.T, strict=True))
    return found


class Found(NamedTuple):
    """The intervals of all studies, and the long-run difference with its own interval."""

    studies: list[Estimate]
    truth: Estimate

    def covered(self, scale: float = 1.0) -> float:
        """The share of studies whose interval, made so much wider, holds the long-run value."""
        held = [
            abs(each.value - self.truth.value) <= scale * half_width(each) for each in self.studies
        ]
        return float(np.mean(held))


def half_width(estimate: Estimate) -> float:
    return (estimate.high - estimate.low) / 2.0


def study(values: dict[str, Values], numbers: range) -> dict[str, Estimate]:
    """Compare the two organisations over some replications, as a study would."""
    rows = [
        (name, "documents", number, outcome, "all", of[outcome][number], OUTCOMES[outcome].unit)
        for name, of in values.items()
        for number in numbers
        for outcome in FREQUENT
    ]
    columns = ("scenario", "parameter_set", "replication", "outcome", "group", "value", "unit")
    exposure = Exposure(WORLD["territory.inhabitants"], WORLD["horizon.years"])
    additive = [outcome for outcome in FREQUENT if OUTCOMES[outcome].additive]
    table = paired_differences(
        pd.DataFrame(rows, columns=list(columns)), BASELINE, exposure, additive
    )
    return {
        row.outcome: Estimate(row.mean_difference, row.low, row.high, row.replications)
        for row in table.itertuples()
    }


@cache
def found(studies: int, each: int, long_run: int) -> dict[str, Found]:
    """Run all studies, and the long run beside them."""
    first = studies * each
    values = simulated(first + long_run)
    shown = [study(values, range(start, start + each)) for start in range(0, first, each)]
    return {
        outcome: Found(
            [one[outcome] for one in shown],
            t_interval(values[OTHER][outcome][first:] - values[BASELINE][outcome][first:]),
        )
        for outcome in FREQUENT
    }


def of_80_per_cent() -> float:
    """How wide an interval of 80 % is over one of 95 %, for studies of this size."""
    return float(np.divide(*student_t.ppf((0.9, 0.975), EACH - 1)))


@pytest.mark.verify
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("outcome", FREQUENT)
def test_of_200_small_studies_about_95_per_cent_hold_the_long_run_difference(outcome):
    measured = found(STUDIES, EACH, LONG_RUN)[outcome]
    widths = [half_width(each) for each in measured.studies]
    print(
        f"\n{outcome}: {measured.covered():.3f} of {STUDIES} intervals of {EACH} replications hold "
        f"{measured.truth.value:.3f} ± {half_width(measured.truth):.3f}; "
        f"half-width {np.mean(widths):.3f} on average; of 80 %: "
        f"{measured.covered(of_80_per_cent()):.3f}"
    )
    assert half_width(measured.truth) < 0.1 * np.mean(widths)
    assert measured.truth.excludes_zero  # organisations differ, so 0 for both proves nothing
    assert min(widths) > 0.0
    assert LEAST <= measured.covered() <= MOST
    # Intervals that are too narrow, or too wide, are told from right ones.
    assert measured.covered(of_80_per_cent()) < LEAST
    assert measured.covered(2.0) > MOST


def test_a_study_shows_the_interval_of_its_own_replications():
    few = found(2, 3, 3)
    values = simulated(6)
    for outcome, measured in few.items():
        difference = values[OTHER][outcome] - values[BASELINE][outcome]
        assert measured.studies == [t_interval(difference[:3]), t_interval(difference[3:])]
        assert measured.truth.replications == 3
