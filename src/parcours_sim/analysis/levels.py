"""Each scenario's own mean of each outcome, with its interval: levels, not differences."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from parcours_sim.analysis.intervals import t_interval
from parcours_sim.analysis.tidy import by_replication, replications_of, scenario_names

LEVEL_COLUMNS = ("scenario", "outcome", "group", "mean", "low", "high", "replications")


def levels(outcomes: pd.DataFrame, additive: Collection[str]) -> pd.DataFrame:
    """Return mean, 95 % t interval and number of replications by scenario, outcome and group.

    Means are those of the replications that have the outcome, an additive one that is missing
    being 0 (see by_replication); an outcome that a scenario never has gives no row. Intervals are
    those of one scenario alone, so they must not be used to compare two scenarios.
    """
    wide = by_replication(outcomes, additive)
    rows = []
    for scenario in scenario_names(outcomes):
        for (outcome, group), values in _rows(replications_of(wide, scenario)):
            known = values[~np.isnan(values)]
            if len(known):
                found = t_interval(known)
                rows.append(
                    (
                        scenario,
                        outcome,
                        group,
                        found.value,
                        found.low,
                        found.high,
                        found.replications,
                    )
                )
    return pd.DataFrame(rows, columns=list(LEVEL_COLUMNS))


def _rows(table: pd.DataFrame) -> list[tuple[tuple[str, str], np.ndarray]]:
    return list(zip(table.index, table.to_numpy(dtype=np.float64), strict=True))
