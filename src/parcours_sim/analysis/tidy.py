"""The tidy outcomes table: its columns, what is refused, and its shape by replication.

Nothing is estimated here.
"""

from collections.abc import Collection

import pandas as pd

OUTCOME_COLUMNS = (
    "scenario",
    "parameter_set",
    "replication",
    "outcome",
    "group",
    "value",
    "unit",
)
ALL = "all"
KIND = "kind:"
LINK = "link:"
PRACTICE = "practice:"


def by_replication(outcomes: pd.DataFrame, additive: Collection[str]) -> pd.DataFrame:
    """Return one row per (outcome, group) and one column per (scenario, replication).

    Rows keep the table's order. An additive outcome that a replication doesn't have is 0 there,
    since a group in which nothing happened has no row; but not for a group that the scenario
    never has, such as another's practice model. Everything else that is missing is NaN.
    Raises ValueError where columns are missing, where two parameter sets are mixed (they are
    never compared with each other), or where a value is given twice.
    """
    _check(outcomes)
    rows = pd.MultiIndex.from_frame(outcomes[["outcome", "group"]].drop_duplicates())
    wide = outcomes.pivot(
        index=["outcome", "group"], columns=["scenario", "replication"], values="value"
    ).reindex(rows)
    counted = rows.get_level_values("outcome").isin(list(additive))
    for scenario, own in outcomes.groupby("scenario", sort=False):
        has_group = rows.get_level_values("group").isin(own["group"].unique())
        columns = wide.columns.get_level_values("scenario") == scenario
        cells = counted & has_group
        wide.loc[cells, columns] = wide.loc[cells, columns].fillna(0.0)
    return wide


def replications_of(wide: pd.DataFrame, scenario: str) -> pd.DataFrame:
    """Return one scenario's columns of by_replication(): its replications, ascending."""
    chosen = wide.loc[:, wide.columns.get_level_values("scenario") == scenario]
    return chosen.droplevel("scenario", axis="columns").sort_index(axis="columns")


def scenario_names(outcomes: pd.DataFrame) -> list[str]:
    """Return the names of the scenarios in the order in which the table has them."""
    return [str(name) for name in outcomes["scenario"].unique()]


def parameter_set_of(outcomes: pd.DataFrame) -> str:
    """Return the table's one parameter set; raises ValueError if it has none or several."""
    names = sorted(str(name) for name in outcomes["parameter_set"].unique())
    if len(names) != 1:
        raise ValueError(f"one parameter set is compared at a time, found: {names}")
    return names[0]


def _check(outcomes: pd.DataFrame) -> None:
    missing = [column for column in OUTCOME_COLUMNS if column not in outcomes.columns]
    if missing:
        raise ValueError(f"the outcomes table lacks the columns {missing}")
    parameter_set_of(outcomes)
    key = ["scenario", "replication", "outcome", "group"]
    twice = outcomes[outcomes.duplicated(key)]
    if not twice.empty:
        raise ValueError(f"given twice in the outcomes table: {twice[key].iloc[0].to_dict()}")
