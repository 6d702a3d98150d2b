"""Which engine a study runs on: the one asked for, or the one that would be done first."""

import io
import json
import os
import sys
from dataclasses import replace
from typing import get_args

import pytest
from tests.experiment import fakes

from parcours_sim.experiment import engines
from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.engines import (
    CHOICES,
    COMPILING,
    COMPILING_SECONDS,
    REFERENCE_SECONDS_PER_INHABITANT_YEAR,
    Used,
    chosen_engine,
    inhabitant_years,
    make_ready,
)
from parcours_sim.experiment.errors import ReplicationError
from parcours_sim.experiment.manifest import Manifest
from parcours_sim.experiment.run import run_study

WORTH_COMPILING = COMPILING_SECONDS / REFERENCE_SECONDS_PER_INHABITANT_YEAR


@pytest.fixture(autouse=True)
def four_processors(monkeypatch):
    monkeypatch.setattr(engines, "processors", lambda: 4)


@pytest.fixture
def uncompiled():
    return fakes.model(compiled=False)


def a_little(more_or_less: float) -> float:
    """Return the size of what the reference engine simulates in about the time of compiling."""
    return WORTH_COMPILING * more_or_less


@pytest.mark.parametrize("asked", ["reference", "compiled", "both"])
@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("size", [1, 1e9])
def test_an_engine_asked_for_is_taken(asked, compiled, size):
    model = fakes.model(compiled=compiled)
    assert chosen_engine(asked, model, [size], workers=1) == asked


def test_left_to_choose_it_takes_what_is_compiled_however_little_there_is_to_do():
    assert chosen_engine("auto", fakes.model(), [1], workers=1) == "compiled"


def test_it_compiles_only_where_the_reference_engine_would_take_longer(uncompiled):
    assert chosen_engine("auto", uncompiled, [a_little(0.99)], workers=1) == "reference"
    assert chosen_engine("auto", uncompiled, [a_little(1.01)], workers=1) == "compiled"


def test_the_work_is_that_of_all_replications(uncompiled):
    halves = [a_little(0.51), a_little(0.51)]
    assert chosen_engine("auto", uncompiled, halves[:1], workers=1) == "reference"
    assert chosen_engine("auto", uncompiled, halves, workers=1) == "compiled"


def test_the_warm_up_is_work_too():
    assert inhabitant_years(fakes.scenario("x", years=5.0, inhabitants=300.0)) == 1800


@pytest.mark.parametrize(
    ("workers", "replications", "engine"),
    [
        (1, 4, "compiled"),
        (2, 4, "compiled"),
        (4, 4, "reference"),
        (100, 4, "reference"),
        (4, 2, "compiled"),  # two of the four processes would have nothing to do
        (100, 12, "compiled"),  # there are four processors
    ],
)
def test_the_reference_engine_has_the_processes_that_there_are(
    uncompiled, workers, replications, engine
):
    size = {2: 1.2, 4: 0.9, 12: 0.4}[replications]
    sizes = [a_little(size)] * replications
    assert chosen_engine("auto", uncompiled, sizes, workers) == engine


def test_nobody_is_asked_for_nothing_to_do(uncompiled):
    assert chosen_engine("auto", uncompiled, [], workers=1) == "reference"


def test_what_can_be_asked_for_is_what_can_be_used_and_auto():
    assert set(CHOICES) == {"auto", *get_args(Used)}


@pytest.mark.parametrize("engine", ["compiled", "both"])
def test_compiling_is_said_before_it_begins_and_only_when_it_is_needed(uncompiled, engine):
    said = []

    def compile_engine():
        said.append("compiled")
        uncompiled.compile_engine()

    model = replace(uncompiled, compile_engine=compile_engine)
    make_ready(engine, model, said.append)
    assert said == [COMPILING, "compiled"]
    make_ready(engine, model, said.append)
    assert said == [COMPILING, "compiled", "compiled"]  # to load what is compiled


def test_for_the_reference_engine_nothing_is_compiled(uncompiled):
    said = []
    make_ready("reference", uncompiled, said.append)
    assert said == []
    assert not uncompiled.is_compiled()


def run(folder, study=None, **how):
    model = how.pop("model", fakes.model())
    how = How(**{"workers": 1, "progress": False} | how)
    return run_study(study or fakes.study(), folder, how, model)


def recorded(folder) -> list[str]:
    return [one["engine"] for one in json.loads((folder / "manifest.json").read_text())["runs"]]


def test_it_chooses_by_what_is_missing(tmp_path, journal, uncompiled):
    size = 1.01 * WORTH_COMPILING / 6 / 4  # four are worth compiling for, three are not

    def study(replications):
        scenario = fakes.scenario("isole", inhabitants=size)
        return fakes.study(scenario, replications=replications)

    run(tmp_path, study(3), model=uncompiled)
    run(tmp_path, study(6), model=uncompiled)
    assert not uncompiled.is_compiled()
    run(tmp_path, study(10), model=uncompiled)
    assert uncompiled.is_compiled()
    run(tmp_path, study(11), model=uncompiled)
    assert recorded(tmp_path) == ["reference", "reference", "compiled", "compiled"]
    assert [begun.engine for begun in journal()] == ["reference"] * 6 + ["compiled"] * 5


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_the_engine_asked_for_runs_and_the_manifest_says_so(tmp_path, journal, engine, workers):
    run(tmp_path, engine=engine, workers=workers)
    assert {begun.engine for begun in journal()} == {engine}
    assert recorded(tmp_path) == [engine]


def test_the_compiled_engine_runs_on_threads_and_the_reference_engine_on_processes(
    tmp_path, journal
):
    for engine in ("compiled", "reference"):
        run(tmp_path / engine, engine=engine, workers=2)
    for begun in journal():
        assert (begun.process == os.getpid()) == (begun.engine == "compiled")
        assert begun.thread.startswith("ThreadPool") == (begun.engine == "compiled")


def test_results_of_one_engine_are_taken_for_those_of_the_other(tmp_path):
    first = run(tmp_path, engine="reference")
    again = run(tmp_path, engine="compiled")
    assert (again.simulated, again.digest) == (0, first.digest)
    assert recorded(tmp_path) == ["reference"]


def test_a_run_of_a_manifest_that_names_no_engine_was_on_the_reference_engine(tmp_path):
    run(tmp_path, engine="compiled")
    old = json.loads((tmp_path / "manifest.json").read_text())
    for key in ("engine", "agreed"):
        del old["runs"][0][key]
    assert Manifest.model_validate_json(json.dumps(old)).runs[0].engine == "reference"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
@pytest.mark.parametrize("progress", [True, False])
@pytest.mark.parametrize("compiled", [True, False])
def test_compiling_is_said_where_progress_is_shown(
    tmp_path, monkeypatch, stream, progress, compiled
):
    monkeypatch.setattr(sys, "stderr", stream())
    monkeypatch.setenv("COLUMNS", "100")
    model = fakes.model(compiled=compiled)
    run(tmp_path, model=model, engine="compiled", progress=progress)
    expected = stream is Terminal and progress and not compiled
    assert (f"{COMPILING}\n" in sys.stderr.getvalue()) == expected


@pytest.mark.parametrize("workers", [1, 2])
def test_everything_is_compiled_before_the_first_replication_begins(tmp_path, journal, workers):
    begun_when_compiled = []
    model = fakes.model(compiled=False)
    model = replace(model, compile_engine=lambda: begun_when_compiled.append(len(journal())))
    run(tmp_path, model=model, engine="compiled", workers=workers)
    assert begun_when_compiled == [0]


def test_a_failure_on_the_compiled_engine_keeps_what_was_finished(tmp_path):
    wicked = fakes.study(fakes.scenario("isole", mischief="fail"))
    with pytest.raises(ReplicationError, match="scenario 'isole', replication 2: CrookedError"):
        run(tmp_path, wicked, engine="compiled", workers=2)
    (record,) = json.loads((tmp_path / "manifest.json").read_text())["runs"]
    assert (record["simulated"] >= 2, record["finished"]) == (True, None)
