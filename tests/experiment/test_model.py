"""The real model in an experiment: found, sent to workers, and read back."""

import pytest

from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.model import installed_model
from parcours_sim.experiment.result import StudyResult
from parcours_sim.experiment.run import read_study, run_study
from parcours_sim.experiment.study import Study
from parcours_sim.scenario.resolve import load_scenario

SMALL = {"territory.inhabitants": 400, "horizon.years": 0.25, "horizon.warm_up_years": 0.1}


@pytest.fixture(scope="module")
def study() -> Study:
    names = ("isole", "msp")
    return Study(tuple(load_scenario(name, changes=SMALL) for name in names), "isole", 1, 3)


@pytest.fixture(scope="module")
def here(study, tmp_path_factory) -> StudyResult:
    """Return the study as the reference engine gives it, in this process."""
    folder = tmp_path_factory.mktemp("here")
    return run_study(study, folder, How(1, "reference", progress=False))


@pytest.mark.parametrize(
    ("engine", "workers"), [("reference", 2), ("compiled", 1), ("compiled", 2), ("both", 2)]
)
def test_the_real_model_gives_the_same_bytes_in_every_way(study, tmp_path, here, engine, workers):
    there = run_study(study, tmp_path, How(workers, engine, progress=False))
    assert here.digest == there.digest
    assert {name: stays[0].tolist() for name, stays in here.stays.items()} == {
        name: stays[0].tolist() for name, stays in there.stays.items()
    }


def test_the_results_of_the_real_model_are_read_back(here):
    assert next(row.unit for row in here.outcomes() if row.outcome == "bed_days") == "days"
    assert list(read_study(here.folder).outcomes()) == list(here.outcomes())


def test_a_copy_of_a_real_scenario_under_another_name_is_simulated_the_same(study):
    model = installed_model()
    original = study.scenarios[0]
    copy = original.model_copy(update={"name": "copy"})
    assert model.identify(copy) == model.identify(original)
    assert model.simulate(copy, 3, 0).rows == model.simulate(original, 3, 0).rows
