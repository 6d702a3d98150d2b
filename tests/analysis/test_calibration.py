"""Fitting by least squares: known solutions, bounds, targets out of reach, ridges, rounds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from tests.analysis.fitting import (
    EVIDENCE,
    A,
    B,
    C,
    Figures,
    Formula,
    Said,
    at_work,
    near,
    place,
    solved,
    step,
    target,
    way_of,
)

from parcours_sim.analysis import calibration, evening
from parcours_sim.analysis.calibration import MOST_ROUNDS, calibrate
from parcours_sim.analysis.fits import Fit, Solved, tolerance_of
from parcours_sim.analysis.fitted_file import fitted_text
from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.reach import Reach
from parcours_sim.analysis.solving import MOST_TRIALS
from parcours_sim.analysis.trial import LEAST_WORLDS
from parcours_sim.scenario.errors import Finding, ScenarioError
from parcours_sim.scenario.evidence import load_ledger
from parcours_sim.scenario.targets import Free, Step


def linear(ways):
    return 50.0 + 20.0 * ways[A]


def text_of(found) -> str:
    return fitted_text(found, "documents", "model-1", 1)


# --- tolerances ---


def test_a_tolerance_is_in_the_figures_unit_or_in_per_cent_of_it():
    assert tolerance_of(target("x", -8.0, 2.5)) == 2.5
    percent = target("x", -8.0, tolerance_points=None, tolerance_percent=25.0)
    assert tolerance_of(percent) == pytest.approx(2.0, rel=1e-12)


@pytest.mark.parametrize(("unverified", "percent"), [(False, 10.0), (True, 20.0)])
def test_a_tolerance_is_a_tenth_and_a_fifth_where_the_evidence_is_unverified(unverified, percent):
    rows = [
        row
        for row in load_ledger().rows()
        if row.value and ("M" in (row.grade or "")) is unverified
    ]
    assert rows
    found = target("x", 40.0, tolerance_points=None, evidence=rows[0].id)
    assert tolerance_of(found) == pytest.approx(0.4 * percent, rel=1e-12)


def test_a_target_without_a_figure_cannot_be_fitted_to():
    without = next(row.id for row in load_ledger().rows() if row.value is None)
    with pytest.raises(ValueError, match=without):
        tolerance_of(target("x", None, tolerance_points=None, evidence=without))


@pytest.mark.parametrize(
    ("value", "holds"), [(8.9, False), (9.0, True), (11.0, True), (11.1, False)]
)
def test_a_target_holds_within_its_tolerance_either_way(value, holds):
    fit = Fit(1, target("x", 10.0), 10.0, 1.0, Estimate(value, value, value, 4))
    assert fit.holds is holds
    assert fit.off == pytest.approx(value - 10.0)


# --- what is found ---


@pytest.mark.parametrize("stated", [34.0, 45.0, 50.0, 58.0, 67.0])
def test_a_linear_target_is_found(stated):
    found = solved(Figures({"x": linear}), step(1, [A], target("x", stated)))
    (fit,) = found.fits
    assert fit.holds
    assert fit.best is None
    assert found.steps[1].ways[0] == near((stated - 50.0) / 20.0)
    assert way_of(found.values, A) == near((stated - 50.0) / 20.0)
    assert found.settled


def test_curved_targets_of_two_parameters_are_found():
    formulas = {
        "x": lambda ways: 10.0 * math.exp(1.2 * ways[A] + 0.3 * ways[B]),
        "y": lambda ways: 30.0 + 8.0 * ways[B] + 4.0 * ways[B] ** 3 - 3.0 * ways[A] * ways[B],
    }
    truth = {A: -0.55, B: 0.6}
    stated = {name: formula(truth) for name, formula in formulas.items()}
    found = solved(
        Figures(formulas), step(1, [A, B], *(target(name, stated[name], 0.2) for name in "xy"))
    )
    assert all(fit.holds for fit in found.fits)
    assert found.steps[1].ways == (near(-0.55, 0.05), near(0.6, 0.05))


def curved(random: np.random.Generator) -> tuple[Figures, Step]:
    """Three figures that bend and lean on three parameters, and what they are somewhere inside."""
    straight, bent = random.normal(size=(3, 3)), random.normal(size=(3, 3, 3))
    truth = random.uniform(-0.8, 0.8, 3)

    def figure(place: int, point: np.ndarray) -> float:
        return float(10.0 + 4.0 * straight[place] @ point + 2.4 * point @ bent[place] @ point)

    def formula(place: int) -> Formula:
        return lambda ways: figure(place, np.array([ways[key] for key in (A, B, C)]))

    names = ("x", "y", "z")
    aims = [target(name, figure(place, truth), 0.3) for place, name in enumerate(names)]
    formulas = {name: formula(place) for place, name in enumerate(names)}
    return Figures(formulas), step(1, [A, B, C], *aims)


def test_a_miss_is_not_believed_before_slopes_were_measured_where_it_is():
    random = np.random.default_rng(3)
    problems = [curved(random) for _ in range(40)]
    found = [solved(figures, one) for figures, one in problems]
    assert sum(all(fit.holds for fit in each.fits) for each in found) >= 36


def test_every_value_that_is_tried_or_found_is_within_the_range_of_the_library():
    figures = Figures({"x": linear})  # `way_of` sees that each is
    found = solved(figures, step(1, [A], target("x", 500.0)))
    assert all(-1.0 <= ways[A] <= 1.0 for ways in figures.asked)
    value = found.values.values["episodes", "heart_failure"]["rate_per_year"]
    assert place(A).low <= value.interval[0] <= value.value <= value.interval[1] <= place(A).high


@pytest.mark.parametrize(
    ("stated", "way", "sign", "best"), [(90.0, 1.0, "≤", 70.0), (12.0, -1.0, "≥", 30.0)]
)
def test_a_target_beyond_the_range_has_the_best_there_is_and_the_end_that_binds(
    stated, way, sign, best
):
    found = solved(Figures({"x": linear}), step(1, [A], target("x", stated)))
    (fit,) = found.fits
    assert not fit.holds
    assert fit.best == pytest.approx(best, rel=1e-3)
    assert fit.simulated.value == pytest.approx(best, rel=1e-3)
    end = place(A).high if way > 0 else place(A).low
    assert fit.binding == (f"{A} {sign} {end:g}",)
    assert found.steps[1].ways == (way,)
    assert found.settled  # as near as it can be


def test_the_best_of_a_target_is_the_corner_where_all_that_helps_is_at_its_end():
    """Least squares stop inside the bounds, where a weak slope lowers the squares too little."""
    formulas = {"x": lambda ways: 50.0 + 20.0 * ways[A] - 0.06 * ways[B]}
    found = solved(Figures(formulas), step(1, [A, B], target("x", 75.0)))
    (fit,) = found.fits
    assert found.steps[1].ways == (1.0, -1.0)
    assert fit.best == fit.simulated.value == pytest.approx(70.06, abs=1e-3)
    assert fit.binding == (f"{A} ≤ {place(A).high:g}", f"{B} ≥ {place(B).low:g}")


def test_a_target_far_beyond_the_ranges_takes_the_parameters_to_their_ends():
    """Where the squares can hardly fall, least squares stop well inside the bounds."""
    formulas = {"x": lambda ways: 56.0 - 6.0 * math.exp(-2.0 * (ways[A] + 1.0)) + 0.5 * ways[B]}
    found = solved(Figures(formulas), step(1, [A, B], target("x", 400.0)))
    assert found.steps[1].ways == (1.0, 1.0)
    assert found.fits[0].best == pytest.approx(found.fits[0].simulated.value, rel=1e-12)


def test_parameters_that_move_together_bind_each_at_its_own_end():
    free = [Free(keys=[A, B], why="a target")]
    found = solved(Figures({"x": linear}), step(1, [], target("x", 90.0), free=free))
    assert found.fits[0].binding == (f"{A} ≤ {place(A).high:g}", f"{B} ≤ {place(B).high:g}")


def test_the_best_of_a_target_is_read_in_the_same_worlds_as_its_figure():
    """Figures differ with the number of worlds, as they do by chance."""

    @dataclass
    class Noisy(Figures):
        def __call__(self, measures, fitted, replications):
            found = super().__call__(measures, fitted, replications)
            shift = 1.0 / replications
            return [Estimate(e.value + shift, e.low, e.high, e.replications) for e in found]

    asked = step(1, [A], target("x", 90.0), replications=12, told_replications=40)
    (fit,) = solved(Noisy({"x": linear}), asked).fits
    assert fit.best == fit.simulated.value == pytest.approx(70.0 + 1 / 40, rel=1e-9)


def test_a_target_that_the_ranges_allow_and_nothing_stands_against_is_missed_not_out_of_reach():
    """Figures that jump: least squares see a gentle slope, and the corner is far too high."""
    jumping = {"x": lambda ways: 50.0 + 0.2 * ways[A] if ways[A] < 0.9 else 80.0}
    (fit,) = solved(Figures(jumping), step(1, [A], target("x", 60.0))).fits
    assert fit.verdict == "missed"
    assert fit.best == fit.simulated.value < 50.2
    assert fit.binding == ()


def test_a_parameter_that_moves_nothing_binds_nothing():
    found = solved(Figures({"x": linear}), step(1, [A, B], target("x", 90.0)))
    assert found.fits[0].binding == (f"{A} ≤ {place(A).high:g}",)
    assert found.steps[1].ways[1] == near(0.0)


def test_a_parameter_that_moves_next_to_nothing_binds_nothing():
    formulas = {"x": lambda ways: 50.0 + 20.0 * ways[A] + 0.04 * ways[B]}
    found = solved(Figures(formulas), step(1, [A, B], target("x", 90.0)))
    assert found.fits[0].binding == (f"{A} ≤ {place(A).high:g}",)


def test_a_target_that_only_the_others_of_the_step_stand_against_says_so():
    formulas = {"x": linear, "y": linear}
    found = solved(Figures(formulas), step(1, [A], target("x", 40.0), target("y", 60.0)))
    assert found.steps[1].ways[0] == near(0.0)
    for fit in found.fits:
        assert not fit.holds
        assert fit.best == fit.simulated.value
        assert fit.binding == (f"other targets of its step: {EVIDENCE}",)
        assert fit.verdict == "out of reach"


def four_of_which_three_outweigh_one() -> tuple[Figures, Step]:
    """At 0.175 of the way all hold, by 0.975 tolerances; least squares put it at 0.012."""
    names = ("x", "y1", "y2", "y3")
    formulas: dict[str, Formula] = {name: lambda ways: 50.0 + 3.0 * ways[A] for name in names}
    aims = [target(name, 51.5 if name == "x" else 49.55) for name in names]
    return Figures(formulas), step(1, [A], *aims)


def test_where_all_targets_can_hold_they_do_though_squares_are_smaller_where_one_is_missed():
    found = solved(*four_of_which_three_outweigh_one())
    assert all(fit.holds for fit in found.fits)
    assert found.steps[1].ways[0] == near(0.175, 0.01)
    assert [fit.verdict for fit in found.fits] == ["reproduced"] * 4


def test_where_the_largest_miss_can_be_small_enough_parameters_stay_near_the_least_squares():
    """Half-way between them all would hold by 0.75 tolerances; less is enough."""
    names = ["x", *(f"y{number}" for number in range(8))]
    formulas: dict[str, Formula] = {name: lambda ways: 50.0 + 3.0 * ways[A] for name in names}
    aims = [target(name, 51.5 if name == "x" else 50.0) for name in names]
    found = solved(Figures(formulas), step(1, [A], *aims))
    assert all(fit.holds for fit in found.fits)
    assert found.fits[0].off == pytest.approx(-0.9, abs=0.02)


def test_a_step_that_keeps_leaves_the_librarys_values_where_it_reaches_too_little():
    found = solved(Figures({"x": linear}), step(1, [A], target("x", 90.0), out_of_reach="keep"))
    assert found.values.values == {}
    assert found.steps[1].kept
    (fit,) = found.fits
    assert fit.simulated.value == 50.0
    assert fit.best == pytest.approx(70.0, rel=1e-3)
    assert fit.binding == (f"{A} ≤ {place(A).high:g}",)
    assert found.settled


def test_a_target_that_no_parameter_moves_is_out_of_reach_and_nothing_binds_it():
    formulas = {"x": lambda ways: 50.0 + 0.01 * ways[A], "y": lambda ways: 30.0 + ways[A]}
    found = solved(Figures(formulas), step(1, [A, B], target("x", 60.0), target("y", 30.5)))
    unmoved, held = found.fits
    assert (unmoved.verdict, unmoved.against) == ("out of reach", "no parameter moves it")
    assert unmoved.binding == ()
    assert unmoved.best == unmoved.simulated.value
    assert held.holds


def test_a_target_that_is_moved_elsewhere_but_not_where_it_stands_is_missed():
    formulas = {"x": lambda ways: 50.0 + 4.0 * max(0.0, ways[A] - 0.5)}
    (fit,) = solved(Figures(formulas), step(1, [A], target("x", 60.0))).fits
    assert (fit.verdict, fit.against, fit.binding) == ("missed", None, ())
    assert fit.best == pytest.approx(52.0, abs=0.01)


def test_a_target_that_the_corner_just_serves_is_out_of_reach_for_others_not_for_ends():
    """At its own end x would hold by 0.5 tolerances; y would be lost there."""
    formulas = {"x": linear, "y": linear}
    found = solved(Figures(formulas), step(1, [A], target("x", 70.5), target("y", 50.0)))
    assert [fit.against for fit in found.fits] == ["other targets of its step"] * 2


def test_a_target_that_is_missed_already_is_not_lost_to_another_that_comes_nearer():
    """Far beyond the range, y gives way a little; x can be had then, and is."""
    formulas = {"x": linear, "y": lambda ways: 50.0 - 2.0 * ways[A]}
    found = solved(Figures(formulas), step(1, [A], target("x", 54.0), target("y", 90.0)))
    assert found.fits[0].holds
    assert (found.fits[1].verdict, found.fits[1].against) == ("out of reach", "ends of ranges")


def test_only_targets_that_are_about_as_far_off_stand_against_another():
    """x and y pull apart; z is missed by nothing there, and w by half as much."""
    formulas: dict[str, Formula] = dict.fromkeys(("x", "y"), linear)
    formulas |= {"z": lambda ways: 30.0 + ways[A], "w": lambda ways: 30.0 + ways[A]}
    evidence = {"x": "L085", "y": "L084", "z": "L186", "w": "L082"}
    stated = {"x": 40.0, "y": 60.0, "z": 30.0, "w": 25.0}
    aims = [target(name, stated[name], evidence=evidence[name]) for name in formulas]
    x, y, z, w = solved(Figures(formulas), step(1, [A], *aims)).fits
    assert x.binding == ("other targets of its step: L084",)
    assert y.binding == ("other targets of its step: L085",)
    assert z.holds
    assert w.against == "ends of ranges"


def test_what_was_tried_counts_for_the_best_where_the_librarys_values_are_kept():
    """x is nearest inside the range: beyond 0.5 what helped does harm."""
    formulas = {"x": lambda ways: 60.0 - 40.0 * (ways[A] - 0.5) ** 2}
    asked = step(1, [A], target("x", 90.0), out_of_reach="keep")
    found = solved(Figures(formulas), asked)
    (fit,) = found.fits
    assert found.steps[1].kept
    assert fit.simulated.value == 50.0
    assert fit.best == pytest.approx(60.0, abs=0.5)


def test_a_corner_that_does_worse_than_what_was_tried_proves_nothing():
    """The figure is highest inside the range, and rises still where its slope is measured from."""
    formulas = {"x": lambda ways: 60.0 - 40.0 * (ways[A] - 0.5) ** 2}
    trial, slopes = at_work(Figures(formulas), step(1, [A], target("x", 70.0))), np.array([[9.0]])
    (fit,) = trial.fits([0.5])
    was = Solved(trial.knobs, (0.5,), (fit,), (0.5,), (fit.off,))
    found = Reach(trial, was, slopes).of(fit, 0)
    assert (found.verdict, found.best, found.binding) == ("missed", 60.0, ())


def test_others_that_are_missed_anyway_do_not_stand_against_a_target():
    """x and y pull apart, whatever z is; z is served by a parameter of its own."""
    formulas = {"x": linear, "y": linear, "z": lambda ways: 30.0 + 10.0 * ways[B]}
    aims = [target("x", 40.0), target("y", 60.0), target("z", 30.0)]
    trial = at_work(Figures(formulas), step(1, [A, B], *aims))
    fits, slopes = trial.fits([0.0, 0.3]), trial.slopes(np.array([0.0, 0.3]))
    was = Solved(
        trial.knobs, (0.0, 0.3), fits, (0.0, 0.3), tuple(fit.off for fit in fits), "x, y, z"
    )
    x, _, z = (Reach(trial, was, slopes).of(fit, place) for place, fit in enumerate(fits))
    assert x.against == "other targets of its step"
    assert (z.verdict, z.against) == ("missed", None)
    assert z.best == pytest.approx(30.9, abs=0.1)


def test_a_target_is_out_of_reach_only_where_no_move_is_promised_to_serve_all():
    """Both can be had far from where the search begins: neither stands against the other."""
    formulas = {
        "x": lambda ways: 50.0 + 4.0 * (1.0 - ways[A]),
        "y": lambda ways: 50.95 + 0.7 * (ways[A] + 1.0) - 0.7 * (ways[B] + 1.0),
    }
    trial = at_work(Figures(formulas), step(1, [A, B], target("x", 50.0), target("y", 50.0)))
    at = np.array([-1.0, -1.0])
    fits = trial.fits(at)
    was = Solved(trial.knobs, (-1.0, -1.0), fits, (-1.0, -1.0), (8.0, 0.95))
    found = Reach(trial, was, trial.slopes(at)).of(fits[0], 0)
    assert (found.verdict, found.against) == ("missed", None)
    assert found.best == pytest.approx(50.0, abs=1.0)


def test_where_the_search_runs_out_of_trials_a_target_is_missed_and_no_more(monkeypatch):
    monkeypatch.setattr(evening, "MOST_ROUNDS", 1)
    figures = Figures({"x": linear, "y": linear})
    trial = at_work(figures, step(1, [A], target("x", 58.0), target("y", 50.0)))
    fits = trial.fits([0.0])
    was = Solved(trial.knobs, (0.0,), fits, (0.0,), (-8.0, 0.0))
    found = Reach(trial, was, trial.slopes(np.zeros(1))).of(fits[0], 0)
    assert (found.verdict, found.against) == ("missed", None)


def test_a_target_that_slopes_call_beyond_and_that_is_not_is_had():
    """What another step moves leaves x four off; A gives hardly anything at first, then enough."""

    def bent(ways):
        return 50.0 + 4.0 * ways[B] + (0.2 * ways[A] if ways[A] < 0.2 else 10.0 * ways[A] - 1.96)

    found = solved(
        Figures({"x": bent, "y": lambda ways: 30.0 + 10.0 * ways[B]}),
        step(1, [A], target("x", 50.0), repeated=False),
        step(2, [B], target("y", 20.0), repeated=False),
    )
    assert [fit.verdict for fit in found.fits] == ["reproduced"] * 2


def test_what_mending_one_step_moves_of_another_is_mended_in_turn():
    """C spoils y; what mends y, by B, moves x away, which A brings back."""
    formulas = {
        "x": lambda ways: 50.0 + 20.0 * ways[A] + 18.0 * ways[B],
        "y": lambda ways: 30.0 + 10.0 * ways[B] + 5.0 * ways[C],
        "z": lambda ways: 20.0 + 10.0 * ways[C],
    }
    found = solved(
        Figures(formulas),
        step(1, [A], target("x", 54.0), repeated=False),
        step(2, [B], target("y", 35.0), repeated=False),
        step(3, [C], target("z", 26.0), repeated=False),
    )
    assert all(fit.holds for fit in found.fits)


def test_where_mending_ends_with_fewer_targets_than_it_began_with_nothing_is_mended():
    """y can be had only at the cost of both of what the other steps have."""
    formulas = {
        "x": lambda ways: 50.0 + 2.0 * ways[A] + 18.0 * ways[B],
        "w": lambda ways: 40.0 + 18.0 * ways[B],
        "y": lambda ways: 30.0 + 10.0 * ways[B] + 5.0 * ways[C],
        "z": lambda ways: 20.0 + 10.0 * ways[C],
    }
    found = solved(
        Figures(formulas),
        step(1, [B], target("y", 30.0), repeated=False),
        step(2, [A], target("x", 50.0), target("w", 40.0), repeated=False),
        step(3, [C], target("z", 26.0), repeated=False),
    )
    y, *others = found.fits
    assert [fit.holds for fit in others] == [True] * 3
    assert (y.verdict, y.best) == ("missed", pytest.approx(31.0, abs=0.1))


def test_a_step_that_comes_to_miss_its_target_for_others_keeps_the_librarys_values_then():
    """x had been within reach, until B took it away."""
    formulas = {
        "x": lambda ways: 50.0 + 20.0 * ways[A] - 8.0 * ways[B],
        "y": lambda ways: 30.0 + 10.0 * ways[B],
    }
    found = solved(
        Figures(formulas),
        step(1, [A], target("x", 70.0), out_of_reach="keep", repeated=False),
        step(2, [B], target("y", 35.0), repeated=False),
    )
    assert found.steps[1].kept
    assert way_of(found.values, A) == 0.0
    assert found.fits[0].against == "ends of ranges"
    assert found.fits[0].best == pytest.approx(66.0, abs=0.1)


def test_many_parameters_each_too_weak_to_matter_are_no_proof_that_ends_bind():
    """Each moves x by four hundredths of a tolerance; three of them together bring it to hold."""
    weak = {"x": lambda ways: 51.08 - 0.04 * (ways[A] + ways[B] + ways[C])}
    trial = at_work(Figures(weak), step(1, [A, B, C], target("x", 50.0)))
    (fit,) = trial.fits([0.0, 0.0, 0.0])
    was = Solved(trial.knobs, (0.0,) * 3, (fit,), (0.0,) * 3, (fit.off,))
    found = Reach(trial, was, trial.slopes(np.zeros(3))).of(fit, 0)
    assert (found.verdict, found.against) == ("missed", None)
    assert found.best == pytest.approx(50.96, abs=0.01)


def test_where_no_parameter_is_strong_enough_to_be_at_an_end_no_end_binds():
    """Too weak each to be taken to its end, and together too strong to be said to move nothing."""
    weak = {"x": lambda ways: 50.0 + 0.03 * ways[A] + 0.03 * ways[B]}
    (fit,) = solved(Figures(weak), step(1, [A, B], target("x", 60.0))).fits
    assert (fit.verdict, fit.against, fit.binding) == ("missed", None, ())


def test_a_step_that_stands_at_the_librarys_values_comes_to_keep_them_too():
    """They are what it found, until another step takes its target away."""
    formulas = {
        "x": lambda ways: 50.0 + 0.2 * ways[A] + 8.0 * ways[B],
        "y": lambda ways: 30.0 + 10.0 * ways[B],
    }
    found = solved(
        Figures(formulas),
        step(1, [A], target("x", 50.0), out_of_reach="keep", repeated=False),
        step(2, [B], target("y", 35.0), repeated=False),
    )
    assert found.steps[1].kept
    assert place(A).key not in found.values.values.get(("episodes", "heart_failure"), {})


def test_a_step_that_still_misses_its_target_after_all_mending_keeps_the_librarys_values(
    monkeypatch,
):
    monkeypatch.setattr(calibration, "MOST_MENDS", 0)
    formulas = {
        "x": lambda ways: 50.0 + 20.0 * ways[A] - 8.0 * ways[B],
        "y": lambda ways: 30.0 + 10.0 * ways[B],
    }
    found = solved(
        Figures(formulas),
        step(1, [A], target("x", 68.0), out_of_reach="keep", repeated=False),
        step(2, [B], target("y", 35.0), repeated=False),
    )
    assert found.steps[1].kept


def test_a_target_that_one_parameter_alone_moves_at_its_end_is_not_called_unmoved():
    far = {"x": lambda ways: 50.0 + 20.0 * max(0.0, ways[A] - ways[B] - 0.5)}
    trial = at_work(Figures(far), step(1, [A, B], target("x", 70.0)))
    (fit,) = trial.fits([0.0, 0.0])
    was = Solved(trial.knobs, (0.0, 0.0), (fit,), (0.0, 0.0), (fit.off,))
    found = Reach(trial, was, trial.slopes(np.zeros(2))).of(fit, 0)
    assert (found.verdict, found.against) == ("missed", None)
    assert found.best == pytest.approx(60.0, abs=0.01)


def test_what_a_later_step_spoils_is_mended_though_other_targets_cannot_be_had():
    """x and y pull apart; z is served by B, and moved by what C is needed for."""
    formulas = {
        "x": linear,
        "y": linear,
        "z": lambda ways: 30.0 + 10.0 * ways[B] + 5.0 * ways[C],
        "w": lambda ways: 20.0 + 10.0 * ways[C],
    }
    found = solved(
        Figures(formulas),
        step(1, [A, B], target("x", 40.0), target("y", 60.0), target("z", 34.0)),
        step(2, [C], target("w", 26.0), repeated=False),
    )
    verdicts = {fit.target.what.en: fit.verdict for fit in found.fits}
    assert verdicts == {
        "x": "out of reach",
        "y": "out of reach",
        "z": "reproduced",
        "w": "reproduced",
    }


def test_the_best_of_a_target_against_others_serves_them_evenly():
    figures, asked = four_of_which_three_outweigh_one()
    aims = [target("x", 52.5), *asked.target[1:]]
    x = solved(figures, asked.model_copy(update={"target": aims})).fits[0]
    assert x.against == "other targets of its step"
    assert x.simulated.value == pytest.approx(50.3, abs=0.1)  # where least squares are
    assert x.best == pytest.approx((52.5 + 49.55) / 2.0, abs=0.05)


def test_a_step_that_keeps_is_fitted_where_its_target_is_within_reach():
    found = solved(Figures({"x": linear}), step(1, [A], target("x", 58.0), out_of_reach="keep"))
    assert not found.steps[1].kept
    assert way_of(found.values, A) == near(0.4)


# --- what is known of it ---


def test_two_parameters_that_do_the_same_are_a_ridge_and_stay_nearest_to_the_library():
    formulas = {"x": lambda ways: 50.0 + 20.0 * (ways[A] + ways[B])}
    found = solved(Figures(formulas), step(1, [A, B], target("x", 66.0)))
    (ridge,) = found.ridges
    assert (ridge.step, ridge.parameters) == (1, (A, B))
    assert ridge.moves == (near(math.sqrt(0.5)), near(-math.sqrt(0.5)))
    assert ridge.reach == math.inf
    assert found.fits[0].holds
    assert found.steps[1].ways == (near(0.4), near(0.4))


def test_a_parameter_that_hardly_helps_stays_near_where_the_library_has_it():
    figures = Figures({"x": lambda ways: ways[A] + 0.02 * ways[B]}, chance=1e-6)
    found = solved(figures, step(1, [A, B], target("x", 1.02)))
    far, hardly = found.steps[1].ways
    assert far > 0.95
    assert 0.0 <= hardly < 0.5


def test_parameters_that_work_against_each_other_are_a_ridge_of_the_other_sign():
    formulas = {"x": lambda ways: 50.0 + 20.0 * (ways[A] - ways[B])}
    found = solved(Figures(formulas), step(1, [A, B], target("x", 66.0)))
    (ridge,) = found.ridges
    assert ridge.moves == (near(math.sqrt(0.5)), near(math.sqrt(0.5)))
    assert found.steps[1].ways == (near(0.4), near(-0.4))


def test_more_parameters_than_targets_are_a_ridge_whatever_their_ranges_say():
    formulas = {"x": lambda ways: 50.0 + 20.0 * ways[A] + 9.0 * ways[B]}
    found = solved(Figures(formulas), step(1, [A, B, C], target("x", 60.0)))
    (ridge,) = found.ridges
    assert ridge.parameters == (A, B)
    assert 20.0 * ridge.moves[0] + 9.0 * ridge.moves[1] == pytest.approx(0.0, abs=0.1)
    assert found.steps[1].untold == (C,)


def test_doubts_are_of_the_slopes_at_the_solution():
    """The target answers less the farther the parameter has gone."""
    bent = Figures({"x": lambda ways: 50.0 + 20.0 * ways[A] - 8.0 * ways[A] ** 2})
    found = solved(bent, step(1, [A], target("x", 50.0 + 20.0 * 0.8 - 8.0 * 0.64)))
    assert found.steps[1].ways == (near(0.8, 0.05),)
    slope = 20.0 - 8.0 * 1.8  # from 0.8 to 1; it was 18.4 at the start
    expected = 1.0 / math.sqrt((1.96 * slope) ** 2 + 4.0)
    assert found.steps[1].errors[0] == pytest.approx(expected, rel=0.1)


def test_parameters_that_have_a_target_each_are_no_ridge():
    formulas = {"x": linear, "y": lambda ways: 30.0 + 10.0 * ways[B]}
    found = solved(Figures(formulas), step(1, [A, B], target("x", 58.0), target("y", 27.0)))
    assert found.ridges == []


def test_the_interval_of_a_value_holds_it_and_is_as_wide_as_target_and_chance_leave_it():
    key = ("episodes", "heart_failure")
    widths = {}
    for tolerance, chance in ((1.0, 0.01), (4.0, 0.01), (1.0, 3.0)):
        asked = step(1, [A], target("x", 54.0, tolerance))
        found = solved(Figures({"x": linear}, chance), asked)
        value = found.values.values[key]["rate_per_year"]
        assert value.interval[0] < value.value < value.interval[1]
        assert value.fitted == f"{EVIDENCE} (step 1)"
        widths[tolerance, chance] = found.steps[1].errors[0]
    # A tolerance is 1.96 standard errors of a target; over a slope of 20, and a range of 0.5.
    error = 1.0 / math.sqrt((20.0 / math.hypot(1.0 / 1.96, 0.01 / 1.96)) ** 2 + 4.0)
    assert widths[1.0, 0.01] == pytest.approx(error, rel=0.02)
    assert widths[4.0, 0.01] == pytest.approx(4.0 * error, rel=0.05)
    assert widths[1.0, 3.0] == pytest.approx(math.hypot(1.0, 3.0) * error, rel=0.05)


@pytest.mark.parametrize("way", [0.2, -0.5, 0.99])
def test_an_interval_ends_1_96_standard_errors_from_the_value_or_where_its_range_does(way):
    figures = Figures({"x": linear})
    found = solved(figures, step(1, [A], target("x", 50.0 + 20.0 * way, 4.0)))
    (at,), (error,) = found.steps[1].ways, found.steps[1].errors
    assert 0.05 < error < 0.2
    low, high = found.values.values["episodes", "heart_failure"]["rate_per_year"].interval
    assert low == place(A).at(at - 1.96 * error)
    assert high == place(A).at(min(1.0, at + 1.96 * error))


def test_a_stated_range_says_how_well_a_target_is_known():
    ranged = target("x", 54.0, low=44.0, high=64.0)
    (error,) = solved(Figures({"x": linear}), step(1, [A], ranged)).steps[1].errors
    assert error == pytest.approx(1.0 / math.sqrt((20.0 / (20.0 / 3.92)) ** 2 + 4.0), rel=0.02)


def test_intervals_hold_the_solution():
    formulas = {"x": linear, "y": lambda ways: 30.0 + 10.0 * ways[B] + 6.0 * ways[A]}
    for way in (-0.7, -0.1, 0.3, 0.8):
        truth = {A: way, B: -way / 2.0}
        targets = [target(name, formula(truth)) for name, formula in formulas.items()]
        found = solved(Figures(formulas), step(1, [A, B], *targets))
        for key in (A, B):
            where = place(key)
            value = found.values.values[where.folder, where.part][where.key]
            assert value.interval[0] <= where.at(truth[key]) <= value.interval[1]


# --- rounds ---


def test_steps_that_lean_on_one_another_settle_together():
    formulas = {
        "x": lambda ways: 50.0 + 20.0 * ways[A] + 6.0 * ways[B],
        "y": lambda ways: 30.0 + 10.0 * ways[B] + 3.0 * ways[A],
    }
    truth = {A: 0.5, B: -0.5}
    steps = [
        step(1, [A], target("x", formulas["x"](truth), 0.5)),
        step(2, [B], target("y", formulas["y"](truth), 0.5)),
    ]
    found = solved(Figures(formulas), *steps)
    assert 2 <= found.rounds <= MOST_ROUNDS == 6
    assert found.settled
    assert all(fit.holds for fit in found.fits)
    assert [fit.step for fit in found.fits] == [1, 2]
    assert (way_of(found.values, A), way_of(found.values, B)) == (near(0.5, 0.06), near(-0.5, 0.06))


def test_steps_that_undo_one_another_end_after_six_rounds_and_are_not_called_settled():
    formulas = {
        "x": lambda ways: 50.0 + 20.0 * ways[A] + 20.0 * ways[B],
        "y": lambda ways: 50.0 + 20.0 * ways[A] + 20.5 * ways[B],
    }
    steps = [step(1, [A], target("x", 49.0, 0.5)), step(2, [B], target("y", 51.0, 0.5))]
    found = solved(Figures(formulas), *steps)
    assert found.rounds == MOST_ROUNDS
    assert not found.settled
    assert not found.fits[0].holds


def test_a_step_whose_miss_is_as_it_was_is_left_alone():
    """What can’t be had in one round can’t in the next, and the others hold."""
    said = Said()
    formulas = {"x": linear, "y": lambda ways: 30.0 + 10.0 * ways[B]}
    steps = [step(1, [A], target("x", 90.0)), step(2, [B], target("y", 33.0))]
    found = calibrate(steps, "documents", Figures(formulas), said)
    assert (found.rounds, found.settled) == (2, True)
    assert sum(where.startswith("step 1, round 2") for where in said.places) == 1


def test_a_step_that_keeps_the_librarys_values_keeps_them_while_its_target_stays_out_of_reach():
    """Another step moves its target by eight tolerances, and that is not enough."""
    formulas = {
        "x": lambda ways: 50.0 + 2.0 * ways[A] + 10.0 * ways[B],
        "y": lambda ways: 30.0 + 10.0 * ways[B],
    }
    found = solved(
        Figures(formulas),
        step(1, [A], target("x", 90.0), out_of_reach="keep"),
        step(2, [B], target("y", 38.0)),
    )
    assert found.steps[1].kept
    assert found.fits[0].simulated.value == pytest.approx(58.0, abs=0.5)
    assert found.fits[0].best == pytest.approx(60.0, abs=0.5)


@pytest.mark.parametrize("repeated", [True, False])
def test_a_step_that_kept_the_librarys_values_is_fitted_once_others_bring_its_target_within_reach(
    repeated,
):
    """Alone it comes to 52; with what the other step finds after it, to 60."""
    formulas = {
        "x": lambda ways: 50.0 + 2.0 * ways[A] + 10.0 * ways[B],
        "y": lambda ways: 30.0 + 10.0 * ways[B],
    }
    steps = [
        step(1, [A], target("x", 60.5), out_of_reach="keep", repeated=repeated),
        step(2, [B], target("y", 38.0), repeated=repeated),
    ]
    said = Said()
    found = calibrate(steps, "documents", Figures(formulas), said)
    assert not found.steps[1].kept
    assert all(fit.holds for fit in found.fits)
    assert way_of(found.values, A) > 0.5
    # In the next round, so that others still can follow; or else at the end.
    again = "step 1, round 2" if repeated else "step 1, once more"
    assert [place for place in said.places if place.startswith(again)][1:]


def test_a_target_that_held_and_that_others_move_a_little_too_far_is_had_again():
    """It is off by 0.9 tolerances, then by 1.05: little has changed, but it held."""
    said = Said()
    figures, four = four_of_which_three_outweigh_one()
    formulas = dict(figures.formulas)
    formulas["x"] = lambda ways: 50.0 + 3.0 * ways[A] - 0.2 * ways[B]
    formulas["z"] = lambda ways: 30.0 + 10.0 * ways[B]
    steps = [four, step(2, [B], target("z", 33.0))]
    found = calibrate(steps, "documents", Figures(formulas), said)
    assert sum(where.startswith("step 1, round 2") for where in said.places) > 1
    assert found.rounds > 1


def test_targets_are_read_at_the_end_under_the_values_of_later_steps_too():
    formulas = {
        "x": lambda ways: 50.0 + 20.0 * ways[A] + 80.0 * ways[B],
        "y": lambda ways: 30.0 + 10.0 * ways[B],
    }
    steps = [step(1, [A], target("x", 60.0)), step(2, [B], target("y", 35.0), repeated=False)]
    found = solved(Figures(formulas), *steps)
    assert found.fits[0].simulated.value == pytest.approx(70.0, abs=1.0)
    assert found.fits[0].best == pytest.approx(70.0, abs=1.0)
    assert found.fits[0].binding == (f"{A} ≥ {place(A).low:g}",)


def test_what_a_later_step_undoes_is_had_again_at_the_end():
    formulas = {
        "x": lambda ways: 50.0 + 20.0 * ways[A] + 8.0 * ways[B],
        "y": lambda ways: 30.0 + 10.0 * ways[B],
    }
    steps = [step(1, [A], target("x", 54.0)), step(2, [B], target("y", 35.0), repeated=False)]
    found = solved(Figures(formulas), *steps)
    assert [fit.holds for fit in found.fits] == [True, True]
    assert found.steps[1].ways[0] == near((54.9 - 50.0 - 4.0) / 20.0)


def test_what_is_told_at_the_end_is_read_under_the_values_at_the_end():
    formulas = {"x": linear, "y": lambda ways: 30.0 + 10.0 * ways[B] + 5.0 * ways[A]}
    figures = Figures(formulas)
    found = solved(figures, step(1, [A], target("x", 58.0)), step(2, [B], target("y", 35.0)))
    at_end = {key: way_of(found.values, key) for key in (A, B, C)}
    for fit in found.fits:
        assert fit.simulated.value == pytest.approx(formulas[fit.target.what.en](at_end), rel=1e-12)


def test_steps_that_are_not_repeated_come_once_and_after_the_others():
    said = Said()
    figures = Figures({"x": linear, "y": lambda ways: 30.0 + 10.0 * ways[B] + 5.0 * ways[A]})
    steps = [
        step(1, [B], target("y", 33.0), repeated=False),
        step(2, [A], target("x", 58.0)),
    ]
    found = calibrate(steps, "documents", figures, said)
    firsts = [where for where, before in zip(said.places, ["", *said.places[:-1]], strict=True)
              if where.partition(",")[0] != before.partition(",")[0]]  # fmt: skip
    # At the end each is read once more, in order, and again.
    at_end = ("at the end", "once more")
    begun = [where.partition(",")[0] for where in firsts if not any(e in where for e in at_end)]
    assert begun == ["step 2", "step 1"]
    assert {where for where in said.places if where.startswith("step 1")} >= {
        "step 1, once, trial 1"
    }
    assert all(fit.holds for fit in found.fits)
    assert way_of(found.values, B) == near(0.1)


def test_steps_and_targets_of_another_parameter_set_are_left_alone():
    steps = [
        step(1, [A], target("x", 58.0), target("y", 99.0, sets=["literature"])),
        step(2, [B], target("z", 1.0), sets=["literature"]),
    ]
    found = solved(Figures({"x": linear}), *steps)
    assert list(found.steps) == [1]
    assert [fit.target.what.en for fit in found.fits] == ["x"]


# --- what says nothing to go by ---


def wrong(formula: Formula, **keys) -> Finding:
    asked = step(1, [A], target("y", 50.0), target("x", 58.0, **keys))
    with pytest.raises(ScenarioError) as error:
        solved(Figures({"x": formula, "y": linear}), asked)
    (finding,) = error.value.findings
    return finding


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"below": ["crises kind:copd"]}, "below"),
        ({}, "above"),
        ({"above": [], "definition": "d2"}, "definition"),
    ],
)
def test_a_target_without_a_case_is_told_by_its_key(keys, key):
    found = wrong(lambda _: math.nan, **keys)
    assert (found.file, found.key) == ("step 1", f"target.1.{key}")
    assert found.found == "no case in isole"


def test_a_target_that_has_no_case_for_some_values_only_is_told_too():
    assert wrong(lambda ways: 50.0 if ways[A] == 0.0 else math.nan).key == "target.1.above"


def test_a_target_without_a_case_is_told_of_both_scenarios_that_it_is_read_of():
    found = wrong(lambda _: math.nan, of="msp", against="isole", kind="percent")
    assert found.found == "no case in msp and isole"


def test_a_figure_that_is_not_of_what_is_stated_is_told_with_its_distance():
    found = wrong(lambda _: 1e200)
    assert (found.key, found.found) == ("target.1", "1e+200 simulated, 1e+200 tolerances off")


# --- what it costs, and that it is the same again ---


def test_slopes_are_measured_at_the_start_and_at_the_end_of_a_step_however_often_it_is_done():
    formulas = {
        "x": lambda ways: 50.0 + 20.0 * ways[A] + 6.0 * ways[B],
        "y": lambda ways: 30.0 + 10.0 * ways[B] + 3.0 * ways[A],
    }
    figures = Figures(formulas)
    steps = [
        step(1, [A], target("x", 57.0, 0.5), replications=30, told_replications=30),
        step(2, [B], target("y", 26.5, 0.5), replications=30, told_replications=30),
    ]
    found = solved(figures, *steps)
    assert found.rounds > 1
    # A fifth of a way off in half of the worlds: one trial where it stands, one a parameter. Once
    # to find the solution and once there.
    assert figures.counts.count(15) == 2 * 2 * (1 + 1)
    assert set(figures.counts) == {15, 30}


def test_slopes_are_measured_in_six_worlds_at_the_least():
    figures = Figures({"x": linear})
    solved(figures, step(1, [A, B, C], target("x", 57.0), replications=12))
    assert figures.counts.count(LEAST_WORLDS) == 2 * (1 + 3)


def test_slopes_are_measured_inside_the_range():
    figures = Figures({"x": linear, "y": lambda ways: 30.0 + 10.0 * ways[A] + ways[B]})
    solved(
        figures,
        step(1, [A], target("x", 90.0)),
        step(2, [A, B], target("y", 90.0), repeated=False),
    )
    assert all(-1.0 <= ways[key] <= 1.0 for ways in figures.asked for key in (A, B))


def test_least_squares_end_after_few_trials_where_the_figure_does_not_help():
    figures = Figures({"x": lambda ways: 50.0 + 40.0 * abs(math.sin(25.0 * ways[A]))})
    said = Said()
    calibrate([step(1, [A], target("x", 40.0))], "documents", figures, said)
    rounds = [where for where in said.places if where.startswith("step 1, round 1,")]
    assert 0 < len(rounds) <= 8 * MOST_TRIALS


def test_a_step_that_holds_is_left_alone_in_later_rounds():
    figures = Figures({"x": linear})
    said = Said()
    found = calibrate([step(1, [A], target("x", 58.0))], "documents", figures, said)
    assert found.rounds == 2
    assert sum(where.startswith("step 1, round 2") for where in said.places) == 1
    assert any(one != other for one, other in pairwise(said.places))
    assert said.texts == [
        f"step 1, round 1: {EVIDENCE}, x: {found.fits[0].simulated.value:.4g} for 58"
    ]


def test_the_same_steps_and_figures_give_the_same_values_and_the_same_text():
    formulas = {
        "x": lambda ways: 10.0 * math.exp(1.2 * ways[A] + 0.3 * ways[B]),
        "y": lambda ways: 30.0 + 8.0 * ways[B] - 3.0 * ways[A],
        "z": lambda ways: 5.0 + ways[C],
    }
    steps = [
        step(1, [A, B], target("x", 12.0, 0.1), target("y", 33.0, 0.1)),
        step(2, [C], target("z", 9.0, 0.1)),
    ]
    first, again = (solved(Figures(formulas), *steps) for _ in range(2))
    assert text_of(first) == text_of(again)
    assert first.values == again.values
