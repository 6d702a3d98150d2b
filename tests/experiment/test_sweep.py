"""Sweeps: the same worlds at every point, each scenario simulated once, nothing kept in memory."""

import json
import tracemalloc
from dataclasses import replace

import pytest
from tests.experiment import fakes

from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.errors import FolderError, Interrupted, StudyError
from parcours_sim.experiment.result import Agreement
from parcours_sim.experiment.run import read_study
from parcours_sim.experiment.sweep import Axis, Sweep, run_sweep
from parcours_sim.scenario.errors import ScenarioError

SHARE = Axis("organisation.share", (0.1, 0.2, 0.4))
PEOPLE = Axis("territory.inhabitants", (1000.0, 2000.0))
NORTH_AND_SOUTH = Axis(
    "territory",
    ("north", "south"),
    ({"territory.inhabitants": 500.0}, {"territory.inhabitants": 700.0}),
)


def sweep(*axes, model=None, study=None):
    return Sweep(study or fakes.study(replications=3), axes or (SHARE,), model or fakes.model())


def run(folder, made=None, workers=1, **how):
    how = How(workers, **{"engine": "reference", "progress": False} | how)
    return run_sweep(made or sweep(), folder, how)


def values(result, outcome="hospitalisations"):
    return {(one.point, one.scenario): one.values for one in result.measured([outcome])}


def test_a_key_of_the_organisation_leaves_the_baseline_alone_which_is_simulated_once(
    tmp_path, journal
):
    result = run(tmp_path)
    assert result.simulated == len(journal()) == 3 * (1 + 3)
    found = values(result)
    assert len({tuple(found[(share,), "isole"].values()) for share in SHARE.values}) == 1
    for share in SHARE.values:
        alone = fakes.scenario("msp", share=share)
        expected = {number: fakes.measure(alone, 7, number).rows[0][2] for number in range(3)}
        assert found[(share,), "msp"] == expected


def test_a_key_of_the_world_moves_in_the_baseline_too(tmp_path, journal):
    result = run(tmp_path, sweep(PEOPLE))
    assert result.simulated == 3 * 2 * 2
    found = values(result)
    assert {scenario for _, scenario in found} == {"isole", "msp"}
    assert len(journal()) == 3 * 2 * 2


def test_two_axes_make_every_pair_of_values(tmp_path):
    result = run(tmp_path, sweep(SHARE, PEOPLE))
    assert len({point for point, _ in values(result)}) == 6
    assert result.simulated == 3 * (2 + 6)


def test_keys_that_move_together_are_one_axis(tmp_path):
    result = run(tmp_path, sweep(NORTH_AND_SOUTH))
    assert {point for point, _ in values(result)} == {("north",), ("south",)}
    assert result.simulated == 3 * 4


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_any_number_of_workers_gives_the_same_values(tmp_path, engine):
    here = values(run(tmp_path / "here"))
    assert values(run(tmp_path / "there", workers=2, engine=engine)) == here


def test_the_same_command_resumes_and_then_has_nothing_to_do(tmp_path):
    with fakes.interrupted_when_stored(5), pytest.raises(Interrupted, match="5 of 12"):
        run(tmp_path)
    assert run(tmp_path).simulated == 7
    assert run(tmp_path).simulated == 0


def test_both_engines_are_said_to_agree(tmp_path):
    first, again = (run(tmp_path, engine="both") for _ in range(2))
    assert (first.agreement, first.total) == (Agreement(12, 0), 12)
    assert again.agreement == Agreement(12, 12)
    assert run(tmp_path).agreement is None


def test_the_folder_is_of_this_sweep_and_of_no_other_study(tmp_path):
    run(tmp_path)
    with pytest.raises(FolderError, match=r"vary: there organisation.share=0.1,0.2,0.4, asked for"):
        run(tmp_path, sweep(PEOPLE))
    with pytest.raises(FolderError, match="holds a sweep, not a comparison"):
        read_study(tmp_path, fakes.model())
    (axis,) = json.loads((tmp_path / "manifest.json").read_text())["axes"]
    assert axis == {"key": "organisation.share", "values": [0.1, 0.2, 0.4], "moves": []}


def test_a_point_that_cannot_be_is_refused_before_anything_runs(tmp_path):
    with pytest.raises(ScenarioError, match=r"no\.such"):
        sweep(Axis("no.such.key", (1.0, 2.0)))


@pytest.mark.parametrize(
    ("axes", "told"),
    [
        ((SHARE, SHARE), "organisation.share twice"),
        ((SHARE, SHARE._replace(key="organisation.share.value")), "organisation.share twice"),
        ((PEOPLE, NORTH_AND_SOUTH), "territory.inhabitants twice"),
        ((SHARE, PEOPLE, SHARE), "found 3 keys"),
        ((Axis("a", (0.0,) * 200), Axis("b", (0.0,) * 101)), "more points than allowed, 20,000"),
    ],
)
def test_axes_that_are_too_many_or_move_the_same_key_are_refused(axes, told):
    with pytest.raises(StudyError, match=f"--vary: .*{told}"):
        sweep(*axes)


def test_a_failure_names_scenario_and_point(tmp_path):
    wicked = fakes.study(fakes.scenario("isole"), fakes.scenario("msp", mischief="fail"))
    with pytest.raises(Exception, match=r"'msp at organisation.share=0.1', replication 2"):
        run(tmp_path, sweep(study=wicked))


def peak_of(folder, points):
    """Return the most memory in bytes that a sweep of so many points takes while it runs."""
    axis = Axis("organisation.share", tuple(0.1 + place / 10_000 for place in range(points)))
    made = sweep(axis, study=replace(fakes.study(), replications=1))
    tracemalloc.start()
    result = run(folder, made)
    for _ in result.measured(["hospitalisations"]):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_number_of_points(tmp_path):
    peak_of(tmp_path / "first", 20)
    few, many = (peak_of(tmp_path / str(points), points) for points in (50, 500))
    # Of each scenario only its hash and its size are kept: some 300 bytes.
    assert many - few < 450 * 500
