"""From stored results to a comparison."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np

from parcours_sim.analysis.of_study import ADDITIVE, compare_study
from parcours_sim.engine.record import stay_key
from parcours_sim.experiment.result import StudyResult
from parcours_sim.experiment.study import Study


def scenario(name: str) -> SimpleNamespace:
    return SimpleNamespace(
        name=name,
        parameter_set="documents",
        horizon=SimpleNamespace(
            start_date="2025-01-01",
            years=SimpleNamespace(value=2.0),
            warm_up_years=SimpleNamespace(value=1.0),
        ),
        territory=SimpleNamespace(inhabitants=SimpleNamespace(value=1_000)),
    )


def stored(*stays: int) -> SimpleNamespace:
    rows = (
        ("hospitalisations", "all", float(len(stays))),
        ("hospitalisations", "kind:copd", float(sum((key >> 24) & 255 == 0 for key in stays))),
        ("hospitalisations", "kind:falls", float(sum((key >> 24) & 255 == 1 for key in stays))),
    )
    return SimpleNamespace(rows=rows, stays=np.array(sorted(stays), dtype=np.int64))


def test_a_stored_study_is_compared_with_its_baseline():
    copd, fall = stay_key(1, 0, 1), stay_key(2, 1, 1)
    study = Study((scenario("msp"), scenario("isole")), "isole", replications=2, seed=1)
    replications = ((stored(copd), stored()), (stored(copd, fall), stored(copd)))
    result = StudyResult(study, replications, unit=lambda outcome: "count", folder=Path())
    found = compare_study(result, ["copd", "falls"])
    assert found.baseline == "isole"
    assert found.difference("msp", "hospitalisations").value == -1
    assert found.gross_stays("msp", "avoided", "kind:falls").value == 0.5
    assert found.differences["per_100k"].iloc[0] == -1 / 1_000 / 2 * 100_000


def test_which_outcomes_are_additive_is_read_from_the_registry():
    assert "hospitalisations" in ADDITIVE
    assert "gp_wait_mean_days" not in ADDITIVE
