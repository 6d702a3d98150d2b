"""Each scenario's own means."""

import pandas as pd
import pytest
from tests.analysis.synthetic import table, values

from parcours_sim.analysis.levels import LEVEL_COLUMNS, levels


def test_a_level_is_the_mean_of_the_replications_that_have_the_outcome():
    rows = [("isole", 0, "response_days", "all", 2.0), ("isole", 4, "response_days", "all", 5.0)]
    rows += [("isole", 1, "deaths", "all", 1.0)]
    found = levels(table(rows), ()).set_index("outcome")
    assert found.loc["response_days", "mean"] == 3.5
    assert found.loc["response_days", "replications"] == 2
    assert found.loc["response_days", "low"] == pytest.approx(3.5 - 12.706204736 * 1.5, rel=1e-9)
    assert pd.isna(found.loc["deaths", "low"])


def test_an_outcome_that_a_scenario_never_has_gives_no_row():
    both = pd.concat([values("deaths", isole=[1, 2], msp=[2, 3]), values("crises", isole=[4, 5])])
    found = levels(both, ())
    assert tuple(found.columns) == LEVEL_COLUMNS
    assert found[["scenario", "outcome"]].to_numpy().tolist() == [
        ["isole", "deaths"],
        ["isole", "crises"],
        ["msp", "deaths"],
    ]
