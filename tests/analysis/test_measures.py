"""A measure read off replications: the figure by hand, and how often its interval holds."""

from __future__ import annotations

import math

import numpy as np
import pytest

from parcours_sim.analysis.intervals import t_quantile
from parcours_sim.analysis.measures import INHABITANT_YEARS, figure, readings
from parcours_sim.scenario.targets import Measure

STAYS, EPISODES, WAIT = (
    ("hospitalisations", "all"),
    ("episodes", "all"),
    ("gp_wait_mean_days", "all"),
)
VISITS, ADMITTED = ("ed_visits", "all"), ("ed_visits_admitted", "all")
TEXT = {"fr": "A", "en": "A"}


def measure(kind: str = "level", **keys) -> Measure:
    """A measure of stays over episodes, unless `keys` says another."""
    usual = {"above": ["hospitalisations all"], "below": ["episodes all"]}
    against = {} if kind == "level" else {"against": "isole"}
    about = {"evidence": "L085", "what": TEXT, "unit": TEXT, "of": "msp", "kind": kind}
    return Measure(**(about | against | usual | keys))


def pairs(*values: tuple[float, float]) -> list[dict]:
    return [{STAYS: stays, EPISODES: episodes} for stays, episodes in values]


OWN = pairs((10.0, 100.0), (14.0, 100.0))
OTHERS = pairs((20.0, 100.0), (40.0, 100.0))


@pytest.mark.parametrize(
    ("kind", "factor", "value"),
    [
        ("level", 1.0, 0.12),
        ("level", 100.0, 12.0),
        ("points", 100.0, -18.0),
        ("percent", 1.0, -60.0),
        ("percent", 100.0, -60.0),
        ("ratio", 1.0, 0.4),
        ("ratio", 100.0, 0.4),
    ],
)
def test_levels_points_per_cent_and_ratios_are_those_computed_by_hand(kind, factor, value):
    others = () if kind == "level" else OTHERS
    found = figure(measure(kind, factor=factor), OWN, others)
    assert found.value == pytest.approx(value, rel=1e-12)
    assert found.replications == 2
    assert found.low <= found.value <= found.high


def test_replications_are_added_up_before_they_are_divided():
    found = figure(measure(), pairs((1.0, 10.0), (1.0, 90.0)))
    assert found.value == pytest.approx(0.02, rel=1e-12)


def test_the_interval_of_a_count_is_students():
    counts = [3.0, 7.0, 8.0]
    found = figure(measure(below=[]), [{STAYS: each} for each in counts])
    half = t_quantile(2) * np.std(counts, ddof=1) / math.sqrt(3)
    assert (found.low, found.high) == pytest.approx((6.0 - half, 6.0 + half), rel=1e-12)


def test_the_interval_of_a_ratio_is_the_delta_method_by_hand():
    found = figure(measure(factor=100.0), pairs((10.0, 100.0), (12.0, 80.0), (11.0, 120.0)))
    # 33 over 300; what each adds: stays less 0.11 of episodes, over the mean of episodes.
    moves = [
        100.0 * (top - 0.11 * below) / 100.0 for top, below in ((10, 100), (12, 80), (11, 120))
    ]
    half = t_quantile(2) * np.std(moves, ddof=1) / math.sqrt(3)
    assert found.value == pytest.approx(11.0, rel=1e-12)
    assert found.high - found.value == pytest.approx(half, rel=1e-12)
    assert found.value - found.low == pytest.approx(half, rel=1e-12)


@pytest.mark.parametrize("kind", ["points", "percent", "ratio"])
def test_chance_that_two_scenarios_share_is_no_part_of_the_interval(kind: str):
    worlds = np.random.default_rng(1).uniform(50.0, 150.0, 20)
    own, others = ([{STAYS: part * each} for each in worlds] for part in (0.9, 1.0))
    found = figure(measure(kind, below=[]), own, others)
    level = figure(measure(below=[]), own)
    if kind != "points":  # the same tenth in every world
        assert found.high - found.low == pytest.approx(0.0, abs=1e-9)
    else:
        assert found.high - found.low == pytest.approx((level.high - level.low) / 9.0, rel=1e-9)


@pytest.mark.parametrize("kind", ["level", "points", "percent", "ratio"])
def test_the_interval_holds_the_true_figure_in_about_95_per_cent_of_studies(kind: str):
    """Poisson counts in worlds of differing size: 40 episodes a unit, 8 or 10 stays."""
    random = np.random.default_rng(20)
    truth = {"level": 0.2, "points": -0.05, "percent": -20.0, "ratio": 0.8}[kind]
    held, studies = 0, 1200
    for _ in range(studies):
        sizes = random.uniform(0.6, 1.4, 24)
        counts = random.poisson(np.outer(sizes, [40.0, 8.0, 40.0, 10.0])).astype(float)
        own = pairs(*((stays, below) for below, stays, _, _ in counts))
        others = pairs(*((stays, below) for _, _, below, stays in counts))
        found = figure(measure(kind), own, () if kind == "level" else others)
        held += found.low <= truth <= found.high
    assert 0.93 <= held / studies <= 0.97


def test_a_minus_sign_takes_an_outcome_away():
    visits = measure(above=["ed_visits all", "-ed_visits_admitted all"], below=[])
    assert figure(visits, [{VISITS: 10.0, ADMITTED: 3.0}]).value == 7.0
    assert figure(visits, [{VISITS: 10.0}]).value == 10.0


def test_terms_are_added_up_above_and_below():
    both = measure(
        above=["ed_visits all", "hospitalisations all"],
        below=["episodes all", "inhabitant_years all"],
    )
    found = figure(both, [{VISITS: 1.0, STAYS: 2.0, EPISODES: 4.0, INHABITANT_YEARS: 2.0}])
    assert found.value == 0.5


def test_a_count_that_a_replication_lacks_is_zero():
    assert figure(measure(), [{EPISODES: 8.0}, {STAYS: 4.0, EPISODES: 8.0}]).value == 0.25


def test_a_replication_without_a_mean_is_left_out():
    wait = measure(above=["gp_wait_mean_days all"], below=[])
    found = figure(wait, [{WAIT: 3.0}, {}, {WAIT: 5.0}])
    assert (found.value, found.replications) == (4.0, 2)
    assert found == figure(wait, [{WAIT: 3.0}, {WAIT: 5.0}])


def test_where_either_scenario_lacks_a_mean_the_pair_is_left_out():
    wait = measure("points", above=["gp_wait_mean_days all"], below=[])
    found = figure(wait, [{WAIT: 3.0}, {WAIT: 9.0}, {}], [{WAIT: 1.0}, {}, {WAIT: 7.0}])
    assert (found.value, found.replications) == (2.0, 1)


def test_one_replication_has_a_figure_without_an_interval():
    found = figure(measure(), pairs((1.0, 4.0)))
    assert found.value == 0.25
    assert math.isnan(found.low)
    assert math.isnan(found.high)


@pytest.mark.parametrize(
    ("kind", "own", "others"),
    [
        ("level", [], ()),
        ("level", [{STAYS: 3.0}], ()),
        ("percent", [{STAYS: 3.0, EPISODES: 3.0}], [{STAYS: 3.0}]),
        ("percent", [{STAYS: 3.0, EPISODES: 3.0}], [{EPISODES: 3.0}]),
        ("ratio", [{STAYS: 3.0, EPISODES: 3.0}], [{EPISODES: 3.0}]),
        ("points", [{EPISODES: 0.0}], [{STAYS: 3.0, EPISODES: 3.0}]),
    ],
)
def test_nothing_to_divide_by_is_no_figure(kind, own, others):
    found = figure(measure(kind), own, others)
    assert math.isnan(found.value)
    assert math.isnan(found.low)
    assert found.replications == 0


def test_a_mean_that_no_replication_has_is_no_figure():
    assert math.isnan(figure(measure(above=["gp_wait_mean_days all"], below=[]), [{}, {}]).value)


def test_worlds_of_two_scenarios_are_as_many():
    with pytest.raises(ValueError, match="zip"):
        figure(measure("percent"), OWN, OTHERS[:1])


def test_what_a_replication_measured_is_found_by_outcome_and_group_inhabitants_too():
    found = readings([("crises", "all", 3.0), ("crises", "kind:copd", 1.0)], 50.0)
    assert found == {("crises", "all"): 3.0, ("crises", "kind:copd"): 1.0, INHABITANT_YEARS: 50.0}


def test_a_definition_is_a_share_of_all_avoidable_stays():
    own = [{("d2", "hospital"): 2.0, ("d2", "all"): 5.0, ("avoidable", "all"): 10.0}]
    asked = measure(above=[], below=[], definition="d2", scope="hospital", factor=100.0)
    assert figure(asked, own).value == pytest.approx(20.0, rel=1e-12)
    other = asked.model_copy(update={"scope": "all"})
    assert figure(other, own).value == pytest.approx(50.0, rel=1e-12)


def test_users_of_the_emergency_department_are_set_in_proportion_to_others():
    own = [{("gp_contacts_per_year", "ed_users"): 6.0, ("gp_contacts_per_year", "others"): 4.0}]
    assert figure(measure(above=[], below=[], definition="ed_users"), own).value == 1.5
