"""The table of differences: pairing, units, and what stays empty."""

import math

import pandas as pd
import pytest
from tests.analysis.synthetic import ADDITIVE, EXPOSURE, table, values

from parcours_sim.analysis.paired import DIFFERENCE_COLUMNS, Exposure, paired_differences

STUDENT_2 = 0.95 * math.sqrt(2 / (4 * 0.975 * 0.025))  # quantile for 0.975, 2 degrees of freedom


def row_of(outcomes: pd.DataFrame, exposure: Exposure = EXPOSURE) -> pd.Series:
    differences = paired_differences(outcomes, "isole", exposure, ADDITIVE)
    assert len(differences) == 1
    return differences.iloc[0]


def test_a_study_computed_by_hand():
    # differences -10, -20, -30: mean -20, standard error 10 / sqrt(3)
    row = row_of(values("hospitalisations", isole=[100, 110, 120], msp=[90, 90, 90]))
    half = STUDENT_2 * 10 / math.sqrt(3)
    assert row["scenario"] == "msp"
    assert row["baseline"] == "isole"
    assert row["baseline_mean"] == 110
    assert row["mean_difference"] == -20
    assert (row["low"], row["high"]) == pytest.approx((-20 - half, -20 + half), rel=1e-12)
    assert row["percent"] == pytest.approx(-2000 / 110, rel=1e-12)
    assert row["per_100k"] == pytest.approx(-20 / 20_000 / 5 * 100_000, rel=1e-12)
    assert row["replications"] == 3
    assert row["variance_ratio"] == pytest.approx(1, rel=1e-12)


def test_the_columns_are_those_of_the_file_in_its_order():
    outcomes = values("hospitalisations", isole=[1, 2], msp=[1, 1])
    differences = paired_differences(outcomes, "isole", EXPOSURE, ADDITIVE)
    assert tuple(differences.columns) == DIFFERENCE_COLUMNS


def test_the_baseline_is_not_compared_with_itself_and_scenarios_keep_their_order():
    outcomes = values("hospitalisations", msp=[1, 2], isole=[1, 2], cpts=[2, 2])
    differences = paired_differences(outcomes, "isole", EXPOSURE, ADDITIVE)
    assert differences["scenario"].tolist() == ["msp", "cpts"]


def test_identical_results_differ_by_exactly_zero():
    numbers = [0.1, 1e9 / 3, 7.0]
    row = row_of(values("hospitalisations", isole=numbers, copy=numbers))
    zeros = ["mean_difference", "low", "high", "percent", "percent_low", "percent_high", "per_100k"]
    assert [repr(float(row[column])) for column in zeros] == ["0.0"] * len(zeros)
    assert math.isnan(row["variance_ratio"])


def test_one_replication_gives_figures_without_interval():
    row = row_of(values("hospitalisations", isole=[200], msp=[150]))
    assert row["mean_difference"] == -50
    assert row["percent"] == -25
    empty = ["low", "high", "percent_low", "percent_high", "variance_ratio"]
    assert row[empty].isna().all()


def test_replications_are_paired_by_number_whatever_their_order():
    outcomes = values("hospitalisations", isole=[10, 200, 3000], msp=[11, 201, 3001])
    row = row_of(outcomes.sample(frac=1, random_state=3).sort_values("scenario", kind="stable"))
    assert row["mean_difference"] == 1
    assert (row["low"], row["high"]) == (1, 1)


def test_a_mean_without_a_case_is_paired_where_both_scenarios_have_one():
    rows = [("isole", 0, "response_days", "all", 4.0), ("isole", 1, "response_days", "all", 8.0)]
    rows += [("isole", 2, "response_days", "all", 6.0), ("msp", 1, "response_days", "all", 5.0)]
    rows += [("msp", 2, "response_days", "all", 5.0), ("msp", 3, "response_days", "all", 99.0)]
    row = row_of(table(rows))
    assert row["replications"] == 2
    assert row["baseline_mean"] == 7  # of the pairs, not of all three
    assert row["mean_difference"] == -2


def test_a_group_that_the_baseline_lacks_gives_no_row():
    rows = [("isole", 0, "hospitalisations", "practice:isole", 4.0)]
    rows += [("msp", 0, "hospitalisations", "practice:msp", 4.0)]
    assert paired_differences(table(rows), "isole", EXPOSURE, ADDITIVE).empty


def test_only_additive_outcomes_are_shown_per_100000_inhabitants():
    row = row_of(values("gp_wait_mean_days", isole=[6.0, 7.0], msp=[5.0, 5.5]))
    assert math.isnan(row["per_100k"])


def test_a_baseline_of_zero_has_a_difference_and_no_percentage():
    row = row_of(values("hospitalisations", isole=[0, 0], paerpa=[1, 2]))
    assert row["mean_difference"] == 1.5
    assert row[["percent", "percent_low", "percent_high"]].isna().all()


def test_an_unknown_baseline_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match=r"'izole' is not in .*'isole'"):
        paired_differences(values("deaths", isole=[1]), "izole", EXPOSURE, ADDITIVE)


def test_another_scenario_changes_nothing_in_the_first_ones():
    two = values("hospitalisations", isole=[10, 12, 17], msp=[9, 12, 14])
    three = pd.concat([two, values("hospitalisations", cpts=[8, 9, 11, 30])])
    before = paired_differences(two, "isole", EXPOSURE, ADDITIVE)
    after = paired_differences(three, "isole", EXPOSURE, ADDITIVE)
    pd.testing.assert_frame_equal(after.iloc[:1], before, check_exact=True)


def test_rare_counts_are_paired_over_every_replication_not_only_those_with_a_case():
    every = [("isole", number, "deaths", "kind:rare", 1.0) for number in range(4)]
    every += [("msp", number, "deaths", "kind:rare", 1.0) for number in range(4)]
    rows = [("isole", 2, "hospitalisations", "kind:rare", 4.0)]
    differences = paired_differences(table(every + rows), "isole", EXPOSURE, ADDITIVE)
    row = differences[differences["outcome"] == "hospitalisations"].iloc[0]
    assert row["replications"] == 4
    assert row["mean_difference"] == -1
