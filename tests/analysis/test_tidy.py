"""What the tidy table may and may not hold."""

import pandas as pd
import pytest
from tests.analysis.synthetic import table, values

from parcours_sim.analysis.tidy import (
    by_replication,
    parameter_set_of,
    replications_of,
    scenario_names,
)


def test_rows_keep_the_order_of_the_table_and_replications_are_sorted():
    rows = [("b", 2, "stays", "all", 1.0), ("b", 0, "stays", "all", 3.0)]
    rows += [("a", 0, "deaths", "kind:x", 4.0), ("b", 0, "deaths", "all", 5.0)]
    wide = by_replication(table(rows), ())
    assert list(wide.index) == [("stays", "all"), ("deaths", "kind:x"), ("deaths", "all")]
    assert scenario_names(table(rows)) == ["b", "a"]
    assert list(replications_of(wide, "b").columns) == [0, 2]
    assert replications_of(wide, "b").loc[("stays", "all")].tolist() == [3.0, 1.0]


def test_a_value_given_twice_is_refused_and_named():
    twice = pd.concat([values("deaths", isole=[1.0]), values("deaths", isole=[2.0])])
    with pytest.raises(ValueError, match=r"given twice.*'isole'.*'deaths'"):
        by_replication(twice, ())


def test_two_parameter_sets_are_never_mixed():
    one = values("deaths", isole=[1.0])
    other = values("deaths", msp=[1.0]).assign(parameter_set="literature")
    with pytest.raises(ValueError, match=r"one parameter set.*documents.*literature"):
        by_replication(pd.concat([one, other]), ())
    assert parameter_set_of(one) == "documents"


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match=r"lacks the columns \['unit'\]"):
        by_replication(values("deaths", isole=[1.0]).drop(columns="unit"), ())


def test_a_count_without_a_row_is_zero_in_a_group_that_the_scenario_has():
    rows = [("a", 0, "stays", "kind:x", 3.0), ("a", 0, "wait", "kind:x", 2.0)]
    rows += [("a", 1, "crises", "kind:x", 1.0), ("b", 0, "crises", "kind:x", 1.0)]
    rows += [("b", 0, "stays", "practice:msp", 5.0)]
    wide = by_replication(table(rows), {"stays"})
    assert wide.loc[("stays", "kind:x"), ("a", 1)] == 0
    assert wide.loc[("stays", "kind:x"), ("b", 0)] == 0
    assert pd.isna(wide.loc[("wait", "kind:x"), ("a", 1)])  # a mean without a case
    assert pd.isna(wide.loc[("stays", "practice:msp"), ("a", 0)])  # not a group of that scenario
