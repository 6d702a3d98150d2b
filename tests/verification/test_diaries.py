"""Worlds with perfect links, which D1 to D3 compare with, have almost the same waits for a GP.

Appointment books there answer to earlier requests, so waits may differ; what late information does
would else be mixed up with what a diary does. Printed with -s.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from parcours_sim.analysis.coordination import without_delays
from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.laboratory import Question, open_laboratory
from parcours_sim.experiment.model import installed_model
from parcours_sim.scenario.resolve import load_scenario

SEED, REPLICATIONS, THREADS = 2, 24, 2
TODAY = "mixte_etabli"
MOST_MOVED = {"gp_wait_mean_days": 1e-3, "gp_wait_median_days": 1e-2}
"""The most that a wait may move, as a share of it."""


@pytest.mark.verify
@pytest.mark.timeout(1200)
def test_perfect_links_hardly_move_the_wait_for_a_gp(tmp_path: Path):
    usual = load_scenario(TODAY)
    scenarios = usual, without_delays(usual, "all")
    how = How(THREADS, progress=False)
    with open_laboratory(tmp_path, "validation", installed_model(), how, SEED) as laboratory:
        found = [laboratory.answer(Question(one, REPLICATIONS)) for one in scenarios]
    print()
    for outcome, most in MOST_MOVED.items():
        own, perfect = (
            np.array([value for world in worlds for name, group, value in world.rows
                      if (name, group) == (outcome, "all")])
            for worlds in found
        )  # fmt: skip
        assert len(own) == len(perfect) == REPLICATIONS
        moved = perfect.mean() / own.mean() - 1.0
        print(f"{outcome}: {own.mean():.4g} days, {moved:+.4%} with perfect links")
        assert (own != perfect).any()
        assert abs(moved) < most
