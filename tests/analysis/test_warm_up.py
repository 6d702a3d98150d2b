"""Welch's procedure on series whose transient is known, and the effects of a longer warm-up."""

import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from parcours_sim.analysis.warm_up import (
    HALF_WINDOW_WEEKS,
    WEEKS_PER_YEAR,
    cut_week,
    moving_average,
    settling,
    settlings,
    warm_up_effects,
)
from parcours_sim.experiment.result import StudyResult
from parcours_sim.experiment.study import Study

YEAR, CUT = WEEKS_PER_YEAR, WEEKS_PER_YEAR
WEEKS = np.arange(4 * YEAR)
PHI, LEVEL = 0.9, 20.0
TRANSIENT = LEVEL * (1 - PHI ** (WEEKS + 1))
"""The expectation of an autoregression that begins at 0."""
SEASON = 6 * np.cos(2 * math.pi * WEEKS / YEAR)


def alike(series: np.ndarray, replications: int = 3) -> np.ndarray:
    return np.tile(series, (replications, 1))


def autoregression(replications: int) -> np.ndarray:
    """Replications of x = PHI x' + (1 - PHI) LEVEL + noise of variance 1, from 0 on."""
    noise = np.random.default_rng(11).normal(size=(replications, len(WEEKS)))
    found = np.zeros_like(noise)
    last = np.zeros(replications)
    for week in WEEKS:
        last = PHI * last + (1 - PHI) * LEVEL + noise[:, week]
        found[:, week] = last
    return found


def moving_transient(week: int) -> float:
    """The moving average of TRANSIENT at a week, by the sum of a geometric series."""
    side = min(week, HALF_WINDOW_WEEKS)
    terms = sum(PHI ** (place + 1) for place in range(week - side, week + side + 1))
    return LEVEL * (1 - terms / (2 * side + 1))


def test_the_moving_average_is_welchs_with_a_window_that_grows_at_the_start():
    found = moving_average(np.array([1.0, 2.0, 6.0, 4.0, 5.0, 9.0]), half_window=2)
    assert found == pytest.approx([1.0, 3.0, 18 / 5, 26 / 5])


def test_it_averages_each_replication_by_itself_and_leaves_out_what_is_missing():
    found = moving_average(np.array([[1.0, math.nan, 5.0], [2.0, 2.0, 2.0]]), half_window=1)
    assert found == pytest.approx(np.array([[1.0, 3.0], [2.0, 2.0]]))


def test_the_moving_average_of_an_autoregression_is_the_one_known():
    found = settling(autoregression(2000), CUT)
    expected = [moving_transient(int(week)) for week in WEEKS[: len(found.moving)]]
    half = 1.96 / math.sqrt(1 - PHI**2) / math.sqrt(2000)  # wider than that of an average
    assert half < 0.01 * LEVEL
    assert np.abs(found.moving - expected).max() < 1.5 * half
    assert found.long_run.value == pytest.approx(LEVEL, rel=0.01)


def test_a_known_transient_settles_in_the_week_in_which_its_average_enters_the_band():
    entered = next(int(week) for week in WEEKS if moving_transient(int(week)) > 0.95 * LEVEL)
    assert 20 < entered < 40
    assert settling(alike(TRANSIENT), CUT).settled_week == entered
    assert settling(autoregression(2000), CUT).settled_week == pytest.approx(entered, abs=2)


def test_a_wider_band_is_entered_sooner():
    weeks = [settling(alike(TRANSIENT), CUT, band).settled_week for band in (1.0, 5.0, 20.0)]
    assert weeks == sorted(weeks, reverse=True)
    assert len(set(weeks)) == 3


def test_a_season_alone_is_settled_from_the_first_week_on():
    found = settling(alike(LEVEL + SEASON), CUT)
    assert found.settled_week == 0
    assert found.moving.max() > 1.2 * LEVEL  # though it is far from its mean
    assert found.before.value == pytest.approx(0.0, abs=1e-9)


def test_a_season_hides_no_transient():
    found = settling(alike(SEASON + TRANSIENT), CUT)
    plain = settling(alike(TRANSIENT), CUT)
    assert found.settled_week == pytest.approx(plain.settled_week, abs=5)
    assert found.before.value == pytest.approx(plain.before.value, rel=1e-6)


def test_what_leaves_the_band_again_has_not_settled_before():
    late = np.full(len(WEEKS), LEVEL)
    late[2 * YEAR + 10 : 2 * YEAR + 30] *= 1.5
    found = settling(alike(late), CUT)
    assert found.settled_week > 2 * YEAR
    assert not found.is_settled_by(CUT)


def test_what_is_out_of_the_band_at_the_end_has_never_settled():
    found = settling(alike(LEVEL * (1 + WEEKS / YEAR)), CUT)
    assert found.settled_week is None
    assert not found.is_settled_by(4 * YEAR)


def test_the_warm_up_and_the_year_after_it_are_measured_against_later_years():
    levels = np.repeat([90.0, 99.0, 100.0, 101.0], YEAR)
    found = settling(alike(levels), CUT)
    assert found.long_run.value == pytest.approx(100.0)
    assert found.before.value == pytest.approx(-10.0)
    assert found.year_after.value == pytest.approx(100 * (99 / 101 - 1))
    noisy = levels + np.random.default_rng(5).normal(size=(40, len(levels)))
    assert settling(noisy, CUT).before.low < -10.0 < settling(noisy, CUT).before.high


def test_weeks_beyond_the_last_whole_year_belong_to_no_level():
    longer = np.concatenate([np.full(3 * YEAR, 10.0), np.full(30, 99.0)])
    assert settling(alike(longer), CUT).long_run.value == pytest.approx(10.0)


def test_chance_is_half_an_interval_of_the_moving_average():
    spread, count = 4.0, 400
    noise = spread * np.random.default_rng(3).normal(size=(count, len(WEEKS)))
    found = settling(LEVEL + noise, CUT)
    half = 1.966 * spread / math.sqrt(count * (2 * HALF_WINDOW_WEEKS + 1))
    assert found.chance_percent == pytest.approx(100 * half / LEVEL, rel=0.05)
    assert found.is_told
    assert not settling(LEVEL + noise[:20], CUT).is_told


def test_one_replication_says_nothing_of_chance():
    found = settling(alike(TRANSIENT, 1), CUT)
    assert math.isnan(found.chance_percent)
    assert not found.is_told
    assert not found.before.has_interval


def test_a_warm_up_of_no_week_has_nothing_before_it():
    found = settling(alike(TRANSIENT), 0)
    assert math.isnan(found.before.value)
    assert found.long_run.value == pytest.approx(TRANSIENT.mean())


def test_a_series_that_is_never_known_is_not_told():
    found = settling(np.full((3, len(WEEKS)), math.nan), CUT)
    assert found.settled_week is None
    assert not found.is_told


def test_weeks_that_some_replications_lack_are_left_out_there():
    gaps = alike(np.full(len(WEEKS), LEVEL))
    gaps[0, 3::10] = math.nan
    found = settling(gaps, CUT)
    assert found.weekly == pytest.approx(LEVEL)
    assert found.settled_week == 0


def test_fewer_than_two_years_after_the_cut_are_refused():
    with pytest.raises(ValueError, match="less than two years"):
        settling(alike(TRANSIENT[: 3 * YEAR - 1]), CUT)


def test_every_series_of_some_replications_is_looked_at():
    found = settlings([{"a": TRANSIENT, "b": SEASON + LEVEL}, {"a": TRANSIENT, "b": SEASON}], CUT)
    assert list(found) == ["a", "b"]
    assert found["b"].weekly == pytest.approx(SEASON + LEVEL / 2)
    with pytest.raises(ValueError, match="no replication"):
        settlings([], CUT)


def test_a_cut_is_in_whole_weeks():
    assert [cut_week(years) for years in (0.0, 0.05, 0.5, 1.0, 3.0)] == [0, 2, 26, 52, 156]


def study(**values: list[float]) -> StudyResult:
    """A study of one outcome: its values after the scenario's own warm-up and a longer one."""
    years = SimpleNamespace(value=5.0)
    scenarios = tuple(
        SimpleNamespace(
            name=name,
            parameter_set="documents",
            horizon=SimpleNamespace(years=years),
            territory=SimpleNamespace(inhabitants=SimpleNamespace(value=1_000)),
        )
        for name in ("isole", "isole_longer_warm_up")
    )
    (outcome,) = values
    replications = tuple(
        tuple(SimpleNamespace(rows=((outcome, "all", value),)) for value in column)
        for column in values[outcome]
    )
    asked = Study(scenarios, None, replications=len(replications[0]), seed=1)
    return StudyResult(asked, replications, unit=lambda _: "count", folder=Path())


@pytest.mark.parametrize(
    ("outcome", "factor"), [("hospitalisations", 1 / 5), ("gp_wait_mean_days", 1.0)]
)
def test_effects_are_longer_minus_own_and_totals_those_of_a_year(outcome, factor):
    found = study(**{outcome: [(100.0, 110.0, 90.0), (103.0, 116.0, 90.0)]})
    (effect,) = warm_up_effects(found, [outcome])
    assert effect.outcome == outcome
    assert effect.own.value == pytest.approx(100.0 * factor)
    assert effect.longer.value == pytest.approx(103.0 * factor)
    assert effect.difference.value == pytest.approx(3.0 * factor)
    half = 4.302653 * 3.0 / math.sqrt(3) * factor
    assert effect.difference.high - effect.difference.value == pytest.approx(half, rel=1e-5)
    assert effect.percent.value == pytest.approx(3.0)
