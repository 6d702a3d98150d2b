"""What makes a study, and what is refused."""

import pytest
from tests.experiment.fakes import scenario

from parcours_sim.experiment.errors import StudyError
from parcours_sim.experiment.study import Study, Task

TWO = (scenario("isole"), scenario("msp"))


def test_tasks_come_replication_by_replication():
    tasks = list(Study(TWO, "isole", 2, 1).tasks())
    assert tasks == [Task(0, 0), Task(1, 0), Task(0, 1), Task(1, 1)]


@pytest.mark.parametrize(
    ("scenarios", "baseline", "replications", "seed", "told"),
    [
        ((), None, 1, 1, "at least one scenario"),
        (TWO, "isole", 0, 1, "replications: found 0, allowed 1 or more"),
        (TWO, "isole", 1, -1, "seed: found -1, allowed 0 to"),
        (TWO, "isole", 1, 2**63, "seed: found 9223372036854775808"),
        (TWO, "isol", 1, 1, "baseline: found 'isol', allowed isole, msp"),
        ((TWO[0], TWO[0]), "isole", 1, 1, "name: 2 scenarios are called 'isole'"),
    ],
)
def test_a_study_that_makes_no_sense_is_refused(scenarios, baseline, replications, seed, told):
    with pytest.raises(StudyError) as refused:
        Study(scenarios, baseline, replications, seed)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("key", "other"),
    [
        ("horizon.years", scenario("msp", years=4.0)),
        ("territory.inhabitants", scenario("msp", inhabitants=3000.0)),
        ("parameter_set", scenario("msp", parameter_set="literature")),
        ("episodes", scenario("msp", episodes={"asthma": {}})),
    ],
)
def test_scenarios_that_cannot_be_paired_are_refused_naming_the_key(key, other):
    with pytest.raises(StudyError, match=f"{key}: 'msp' has .* 'isole' has"):
        Study((TWO[0], other), "isole", 1, 1)
    assert Study((TWO[0], other), None, 1, 1).names == ("isole", "msp")


@pytest.mark.parametrize("key", ["start_date", "warm_up_years"])
def test_the_whole_horizon_is_the_same_for_all(key):
    other = scenario("msp")
    setattr(other.horizon, key, scenario("x", years=9.0).horizon.years)
    with pytest.raises(StudyError, match=rf"horizon\.{key}"):
        Study((TWO[0], other), "isole", 1, 1)


def test_everything_wrong_is_told_at_once():
    with pytest.raises(StudyError) as refused:
        Study(TWO, "esp", 0, -1)
    assert len(str(refused.value).splitlines()) == 3
