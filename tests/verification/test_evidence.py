"""Fitted values reproduce what they were fitted to, in random worlds that the fit has not seen.

The file of fitted values says which targets its values reproduce (`make calibrate`). A model that
has changed since, or a fit to the chance of its own worlds, shows here.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from parcours_sim.analysis.figures_of import FiguresOf
from parcours_sim.analysis.fits import tolerance_of
from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.laboratory import open_laboratory
from parcours_sim.experiment.model import installed_model
from parcours_sim.scenario.evidence import load_ledger
from parcours_sim.scenario.fit_account import read_account
from parcours_sim.scenario.targets import Target, load_steps, stated

OTHER_SEED = 3
"""The calibration has 1 and `validate` 2."""
REPLICATIONS, THREADS = 60, 2
HALF_WIDTH = 1.0
"""The most that half an interval may have, in tolerances, for the comparison to mean something."""
TODAY = "mixte_etabli"


def of_today(parameter_set: str) -> list[Target]:
    """Targets of steps 1 to 4 that the fitted values reproduce, by the file that holds them."""
    account = read_account(parameter_set)
    fits = {(fit.evidence, fit.what): fit for fit in account.fit}
    return [
        target
        for step in load_steps()
        if step.step <= 4 and parameter_set in step.sets
        for target in step.target
        if fits[target.evidence, target.what.en].holds
    ]


@pytest.mark.verify
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("parameter_set", ["documents", "literature"])
def test_what_fitted_values_reproduce_they_reproduce_in_other_worlds(
    tmp_path: Path, parameter_set: str
):
    targets = of_today(parameter_set)
    assert {target.of for target in targets} == {TODAY}
    assert len(targets) > 25
    how = How(THREADS, progress=False)
    with open_laboratory(tmp_path, "validation", installed_model(), how, OTHER_SEED) as laboratory:
        found = FiguresOf(laboratory, parameter_set)(targets, True, REPLICATIONS)
    print()
    for target, figure in zip(targets, found, strict=True):
        tolerance, half_width = tolerance_of(target), (figure.high - figure.low) / 2.0
        off = (figure.value - _stated(target)) / tolerance
        print(f"{target.evidence:6} {target.what.en:70} {figure.value:9.4g} {off:6.2f}")
        assert half_width < HALF_WIDTH * tolerance, target.what.en
        assert abs(off) <= 1.0 + half_width / tolerance, target.what.en


def _stated(target: Target) -> float:
    figure = stated(target)[0]
    assert figure is not None
    return figure


@pytest.mark.parametrize("parameter_set", ["documents", "literature"])
def test_every_target_has_its_line_in_the_file_of_fitted_values(parameter_set: str):
    fits = {(fit.evidence, fit.what): fit for fit in read_account(parameter_set).fit}
    targets = [
        target
        for step in load_steps()
        for target in step.target
        if parameter_set in step.sets and parameter_set in target.sets
    ]
    assert set(fits) == {(target.evidence, target.what.en) for target in targets}
    for target in targets:
        fit = fits[target.evidence, target.what.en]
        assert fit.stated == _stated(target)
        assert fit.tolerance == pytest.approx(tolerance_of(target), rel=1e-3)
        near = abs(fit.simulated - fit.stated) <= fit.tolerance * 1.001
        assert fit.holds is near
        assert (fit.verdict == "reproduced") is near
        assert (fit.best is None) is near
        assert target.evidence in load_ledger()
