"""What makes a study, and what is refused."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.experiment.fakes import scenario

from parcours_sim.experiment.errors import StudyError
from parcours_sim.experiment.study import Study, Task
from parcours_sim.scenario.resolve import load_scenario, named_scenarios

CORPUS = Path(__file__).parents[1] / "corpus"

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


def refusal(*scenarios) -> str:
    with pytest.raises(StudyError) as refused:
        Study(scenarios, scenarios[0].name, 1, 1)
    return str(refused.value)


def test_a_difference_is_named_by_its_key_path_with_both_values():
    other = scenario("msp", before=SimpleNamespace(access=SimpleNamespace(value=0.3, note="new")))
    assert refusal(TWO[0], other).startswith(
        "before.access: 'msp' has 0.3 but the baseline 'isole' has 0.2"
    )


def test_what_is_only_said_about_a_value_changes_no_world():
    other = scenario("msp", before=SimpleNamespace(access=SimpleNamespace(value=0.2, low=0.1)))
    other.title = "another"
    assert Study((TWO[0], other), "isole", 1, 1).names == ("isole", "msp")


def test_the_order_of_episode_kinds_is_part_of_the_world():
    one, two = ({kind: {} for kind in kinds} for kinds in (("fall", "asthma"), ("asthma", "fall")))
    assert refusal(scenario("isole", episodes=one), scenario("msp", episodes=two)).startswith(
        "episodes: 'msp' has asthma, fall but the baseline 'isole' has fall, asthma"
    )


@pytest.mark.parametrize("parameter_set", ["documents", "literature"])
def test_named_scenarios_that_begin_alike_and_last_alike_can_be_compared(parameter_set):
    families = {}
    for name in named_scenarios():
        found = load_scenario(name, parameter_set=parameter_set)
        world = found.territory.model_dump_json()
        key = found.horizon.years.value, found.before.model_dump_json(), world
        families.setdefault(key, []).append(found)
    assert sorted(map(len, families.values()))[-1] > 10
    for family in families.values():
        names = tuple(each.name for each in family)
        assert Study(tuple(family), names[0], 1, 1).names == names


@pytest.mark.parametrize(
    ("name", "baseline"),
    [
        ("msp_bourgogne_franche_comte_diabete", "isole"),
        ("cpts_bretagne_soins_non_programmes", "mixte_etabli"),
        ("cpts_bretagne_creneaux_ajoutes", "mixte_etabli"),
        ("paerpa_toulouse", "isole"),
        ("msp_haute_loire_anticoagulants", "msp_deux_ans"),
    ],
)
def test_a_scenario_of_a_claim_can_be_compared_with_what_the_claim_is_about(name, baseline):
    scenarios = tuple(map(load_scenario, (baseline, name)))
    assert Study(scenarios, baseline, 1, 1).baseline == baseline


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("episodes.heart_failure.rate_per_year", "0.01"),
        ("territory.hospital.beds_per_100k", "7.0"),
        ("horizon.start_date", "2031-05-01"),
    ],
)
def test_a_scenario_that_changes_its_world_cannot_be_compared(tmp_path, key, found):
    text = f"'{found}'" if "-" in found else found
    file = tmp_path / "other.toml"
    file.write_text(
        "extends = 'msp'\ntitle = {fr = 'a', en = 'a'}\ndescription = {fr = 'a', en = 'a'}\n"
        f"[changes]\n'{key}' = {text}\n"
    )
    isole, other = load_scenario("isole"), load_scenario(file)
    assert refusal(isole, other).startswith(f"{key}: 'other' has {found} but the baseline")


def test_another_organisation_before_the_start_cannot_be_compared():
    other = load_scenario(CORPUS / "good" / "before_is_an_msp.toml")
    assert refusal(load_scenario("isole"), other).startswith("before.")
