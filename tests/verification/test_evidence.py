"""Simulated figures beside the evidence for steps 1 to 3 of the calibration.

The long run (`make verify`) prints the table and fails where a figure is off by more than a factor
of 1.5; the other tests check the table itself.
"""

from __future__ import annotations

import math

import pytest
from rich.console import Console
from rich.table import Table

from parcours_sim.analysis.calibration_check import (
    INHABITANT_YEARS,
    NOT_COMPARED,
    TARGETS,
    Check,
    Target,
    check,
    readings,
)
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.engine import simulate
from parcours_sim.scenario.evidence import load_ledger
from parcours_sim.scenario.resolve import load_scenario

REPLICATIONS, YEARS = 3, 3.0
STEPS_1_TO_3 = {
    *("L075", "L076", "L082", "L084", "L085", "L087"),
    *("L092b", "L093", "L094", "L098", "L125", "L129", "L170", "L173", "L186"),
    *("L028", "L030", "L060", "L061", "L062", "L063", "L066"),
}
IN_WORDS = {25.0: "a quarter"}

HALF = Target(1, "L030", "half of the rest", "%", (("crises", "all"),), (("episodes", "all"),), 100)


def simulated(changes: dict[str, float], replications: int) -> list[Check]:
    scenario = load_scenario("isole", changes=changes)
    rows = [simulate(scenario, 1, number).rows for number in range(replications)]
    inhabitants = scenario.territory.inhabitants.value
    return check(readings(rows, inhabitants, scenario.horizon.years.value))


def table_of(checks: list[Check]) -> Table:
    """Every target as a line: what is stated, what is simulated, and whether they agree."""
    table = Table(title="Simulated against evidence: isole, documents, 20,000 inhabitants")
    for header in ("Step", "Evidence", "What", "Unit"):
        table.add_column(header)
    for header in ("Stated", "Range", "Simulated", "Ratio", ""):
        table.add_column(header, justify="right")
    for row in checks:
        target = row.target
        stretch = "" if row.low is None or row.high is None else f"{row.low:g} to {row.high:g}"
        figures = (f"{row.stated:g}", stretch, f"{row.simulated:.3g}", f"{row.ratio:.2f}")
        verdict = "" if row.holds else "off"
        told = (str(target.step), target.evidence, target.what, target.unit)
        table.add_row(*told, *figures, verdict)
    return table


@pytest.mark.verify
@pytest.mark.timeout(3600)
def test_isolated_practice_is_within_a_factor_of_1_5_of_the_evidence():
    checks = simulated({"horizon.years": YEARS, "horizon.warm_up_years": 1.0}, REPLICATIONS)
    console = Console(width=130)
    console.print()
    console.print(table_of(checks))
    for evidence, reason in NOT_COMPARED.items():
        console.print(f"{evidence} is not compared: {reason}.")
    assert [f"{row.target.evidence}, {row.target.what}" for row in checks if not row.holds] == []


def test_a_short_run_gives_every_target_a_figure():
    few = {"territory.inhabitants": 4000.0, "horizon.years": 1.0, "horizon.warm_up_years": 0.0}
    checks = simulated(few, 1)
    assert [row.target for row in checks] == list(TARGETS)
    assert [row.target.what for row in checks if not math.isfinite(row.simulated)] == []
    assert sum(row.simulated > 0.0 for row in checks) > 0.8 * len(checks)


def test_every_evidence_of_steps_1_to_3_is_compared_or_it_is_said_why_not():
    compared = {target.evidence for target in TARGETS}
    assert compared | set(NOT_COMPARED) == STEPS_1_TO_3
    assert compared.isdisjoint(NOT_COMPARED)
    assert all(evidence in load_ledger() for evidence in STEPS_1_TO_3)


@pytest.mark.parametrize("target", [target for target in TARGETS if target.noted is not None])
def test_a_noted_figure_stands_in_the_note_of_its_row(target):
    words = IN_WORDS.get(target.noted, f"{target.noted:g}")
    assert words in load_ledger()[target.evidence].note


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: f"{target.evidence} {target.what}")
def test_a_target_names_outcomes_and_groups_that_exist(target):
    scenario = load_scenario("isole")
    groups = {
        *("all", "age:under_75", "age:75+"),
        *(f"kind:{kind}" for kind in scenario.episodes),
        *(f"condition:{condition}" for condition in scenario.territory.conditions),
    }
    keys = [key for key in (*target.above, *target.below) if key != INHABITANT_YEARS]
    assert {outcome for outcome, _ in keys} <= set(OUTCOMES)
    assert {group for _, group in keys} <= groups
    # Only totals can be added up or set in proportion.
    assert len(keys) == 1 or all(OUTCOMES[outcome].additive for outcome, _ in keys)


def test_a_target_is_a_ratio_of_sums_in_the_unit_of_the_evidence():
    rows = [("crises", "all", 4.0), ("episodes", "all", 100.0)]
    (row,) = check(readings([rows], 1000.0, 1.0), [HALF])
    assert (row.simulated, row.stated) == pytest.approx((4.0, load_ledger()["L030"].value))
    assert row.ratio == pytest.approx(0.8)
    assert row.holds


def test_the_range_is_the_ledgers_and_a_noted_figure_has_none():
    values = readings([[("ed_visits", "all", 5.0)]], 5.0, 2.0)
    visits = Target(3, "L060", "visits", "visits", (("ed_visits", "all"),), (INHABITANT_YEARS,))
    ledger, noted = check(values, [visits, Target(*[*_fields(visits)[:-1], 0.5])])
    row = load_ledger()["L060"]
    assert (ledger.stated, ledger.low, ledger.high) == (row.value, row.low, row.high)
    assert (noted.stated, noted.low, noted.high) == (0.5, None, None)
    assert noted.simulated == ledger.simulated == pytest.approx(0.5)


def _fields(target: Target) -> list[object]:
    return [getattr(target, name) for name in target.__dataclass_fields__]


@pytest.mark.parametrize(
    ("share", "holds"), [(0.032, False), (0.034, True), (0.05, True), (0.074, True), (0.076, False)]
)
def test_a_figure_holds_within_the_factor_either_way(share, holds):
    rows = [("crises", "all", share), ("episodes", "all", 1.0)]
    assert check(readings([rows], 1.0, 1.0), [HALF])[0].holds is holds


def test_replications_are_pooled_as_sums_before_the_ratio():
    first = [("crises", "all", 1.0), ("episodes", "all", 10.0)]
    second = [("crises", "all", 1.0), ("episodes", "all", 90.0)]
    assert check(readings([first, second], 1.0, 1.0), [HALF])[0].simulated == pytest.approx(2.0)


def test_a_missing_count_is_zero_and_a_missing_mean_is_left_out():
    first = [("crises", "all", 4.0), ("response_days", "all", 3.0)]
    values = readings([first, [("episodes", "all", 8.0)]], 1.0, 1.0)
    assert values["crises", "all"] == 2.0
    assert values["response_days", "all"] == 3.0


def test_a_target_without_a_case_is_not_a_number_and_does_not_hold():
    nothing = readings([[("crises", "all", 1.0)]], 1.0, 1.0)
    mean = Target(3, "L028", "a mean", "days", (("gp_wait_mean_days", "all"),))
    for row in check(nothing, [HALF, mean]):
        assert math.isnan(row.simulated)
        assert not row.holds


def test_no_replication_is_refused():
    with pytest.raises(ValueError, match="no replication"):
        readings([], 1.0, 1.0)


def test_unknown_evidence_is_refused_by_name():
    with pytest.raises(KeyError, match="L999"):
        check({}, [Target(1, "L999", "nothing", "days", ())])
