"""calibrate: its words, its file and its exit status, on a model that follows its parameters."""

from __future__ import annotations

import errno
import json
import os
import random
import re
import signal
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from parcours_sim.cli import app
from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.laboratory import MARK, STORE, open_laboratory
from parcours_sim.experiment.model import Model, installed_model
from parcours_sim.experiment.run import run_study
from parcours_sim.experiment.store import Store
from tests.analysis.fitting import A, B, step, target
from tests.experiment import fakes

LOW, HIGH = 0.2, 0.4
"""What heart failure's yearly rate may be, nearly."""
VISITS = {"above": ["ed_visits all"]}
STEPS = (
    step(1, [A], target("stays", 21.0), replications=2, told_replications=3),
    step(2, [B], target("visits", 900.0, **VISITS), replications=2, told_replications=2),
)
BOTH_AT_ONCE = (step(1, [A, B], target("stays", 21.0, above=["deaths all"]), replications=2),)
ALLOWED = '^--parameter-set: found "{}", allowed one of documents, literature'
COMMAND = ("calibrate", "--workers", 1, "--out", "lab")


class Begun(NamedTuple):
    """A simulation that began."""

    scenario: str
    parameter_set: str
    seed: int
    replication: int
    engine: str


def rows_of(scenario: Any, seed: int, replication: int) -> dict[str, float]:
    """What follows from two parameters, and a little chance."""
    chance = random.Random(f"{seed}-{replication}").random() * 0.1
    first, second = (
        scenario.episodes[name].rate_per_year.value for name in ("heart_failure", "copd")
    )
    return {
        "hospitalisations": 100.0 * first + chance,
        "ed_visits": 100.0 * second + chance,
        "deaths": 50.0 * (first + second / 4.0) + chance,
    }


def fake_model(rows: Callable[[Any, int, int], dict[str, float]], begun: list[Begun]) -> Model:
    """The installed model, but for what is simulated: rows by a formula, as quick as can be."""

    def simulate(scenario, seed, replication, *, engine="reference", **_):
        begun.append(Begun(scenario.name, scenario.parameter_set, seed, replication, engine))
        found = rows(scenario, seed, replication)
        measured = tuple((outcome, "all", value) for outcome, value in found.items())
        return fakes.Measured(measured, np.array([], dtype=np.int64), 1, 1, 0.0)

    return replace(
        installed_model(),
        simulate=simulate,
        version="model-1",
        own_version=partial(str, "model-1"),
        is_compiled=lambda: True,
        compile_engine=lambda: None,
    )


def call(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def held(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def stored(folder: str) -> int:
    with closing(Store(Path(folder) / STORE)) as store:
        return len(store)


def a_study(folder: Path) -> None:
    run_study(fakes.study(replications=2), folder, How(1, progress=False), fakes.model())


def of_another_command(what: str, folder: Path) -> None:
    with open_laboratory(folder, what, fakes.model(), How(1, progress=False), 1):
        pass


def a_file_of_mine(folder: Path) -> None:
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")


def mistakes(other: str) -> list[tuple[Callable[[Path], None], str]]:
    """Folders that hold something else, and what is said of them."""
    return [
        (a_study, "lab: holds manifest.json"),
        (partial(of_another_command, other), f"lab: holds a {other}"),
        (a_file_of_mine, "lab: holds mine.txt"),
    ]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch) -> Iterator[Path]:
    """An empty folder to work in; Ctrl-C is heard again afterwards."""
    usual = signal.getsignal(signal.SIGINT)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    signal.signal(signal.SIGINT, usual)


@pytest.fixture
def begun(monkeypatch) -> list[Begun]:
    """Put steps and a model so small in place; return what is simulated from then on."""
    found: list[Begun] = []
    model = fake_model(rows_of, found)
    monkeypatch.setattr("parcours_sim.experiment.model.installed_model", lambda: model)
    monkeypatch.setattr("parcours_sim.scenario.targets.load_steps", lambda: list(STEPS))
    return found


@pytest.fixture
def printed(begun) -> list[str]:
    done = call(*COMMAND)
    assert done.exit_code == 0, done.stderr
    return [" ".join(line.split()) for line in done.stdout.splitlines()]


def test_every_target_is_printed_with_its_figures_and_a_verdict(printed):
    (stays,) = [line for line in printed if line.startswith("1 L085 stays")]
    assert re.fullmatch(r"1 L085 stays 21 A ± 1 \S+ \S+ to \S+ reproduced", stays)
    (visits,) = [line for line in printed if line.startswith("2 L085 visits")]
    name = re.escape(B)
    best = rf"out of reach: \S+ at best \({name} ≤ \S+\)"
    assert re.fullmatch(rf"2 L085 visits 900 A ± 1 \S+ \S+ to \S+ {best}", visits)


def test_it_says_how_the_steps_hold_together_and_where_the_values_are(printed):
    assert re.fullmatch(
        r"Steps that lean on one another: \d rounds; the last moved hardly anything\.", printed[-2]
    )
    assert printed[-1] == f"Fitted values: {Path('lab', 'documents.toml')}"
    assert not any("told only together" in line for line in printed)


def test_parameters_that_are_told_only_together_are_named(begun, monkeypatch):
    monkeypatch.setattr("parcours_sim.scenario.targets.load_steps", lambda: BOTH_AT_ONCE)
    told = f"Step 1: told only together: {A} (+"
    assert any(line.startswith(told) for line in call(*COMMAND).stdout.splitlines())


def test_the_file_has_the_values_that_reproduce_the_target(begun):
    assert call(*COMMAND).exit_code == 0
    found = tomllib.loads(Path("lab/documents.toml").read_text(encoding="utf-8"))
    about = found["about"]
    assert (about["parameter_set"], about["model"], about["seed"]) == ("documents", "model-1", 1)
    value = found["values"]["episodes"]["heart_failure"]["rate_per_year"]["value"]
    assert LOW < value < HIGH
    assert 100.0 * value == pytest.approx(21.0, abs=1.0)
    assert [fit["holds"] for fit in found["fit"]] == [True, False]


def test_worlds_are_those_of_the_seed_and_the_engine_is_the_compiled_one(begun):
    call(*COMMAND)
    assert {(one.seed, one.engine) for one in begun} == {(1, "compiled")}
    begun.clear()
    call(*COMMAND, "--seed", 5)
    assert {one.seed for one in begun} == {5}


def test_each_parameter_set_has_a_file_of_its_own(begun, monkeypatch):
    sets = ["documents", "literature"]
    steps = [each.model_copy(update={"sets": sets}) for each in STEPS]
    monkeypatch.setattr("parcours_sim.scenario.targets.load_steps", lambda: steps)
    for name in sets:
        assert call(*COMMAND, "--parameter-set", name).exit_code == 0
        assert {one.parameter_set for one in begun} == {name}
        begun.clear()
    found = [tomllib.loads(Path("lab", f"{name}.toml").read_text("utf-8")) for name in sets]
    assert [each["about"]["parameter_set"] for each in found] == sets


def test_as_json_every_target_is_an_object_and_nothing_else_is_printed(begun):
    done = call(*COMMAND, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["parameter_set"] == "documents"
    assert Path(found["file"]) == Path("lab", "documents.toml")
    assert Path(found["file"]).is_file()
    stays, visits = found["fits"]
    assert (stays["step"], stays["evidence"], stays["what"]) == (1, "L085", "stays")
    assert (stays["stated"], stays["tolerance"], stays["holds"]) == (21.0, 1.0, True)
    assert stays["low"] < stays["simulated"] < stays["high"]
    assert (stays["best"], stays["against"], stays["binding"]) == (None, None, [])
    assert visits["against"] == "ends of ranges"
    assert visits["holds"] is False
    assert visits["best"] == pytest.approx(visits["simulated"], abs=1.0)
    assert [text.partition(" ≤")[0] for text in visits["binding"]] == [B]
    assert (stays["verdict"], visits["verdict"]) == ("reproduced", "out of reach")
    assert (found["rounds"], found["settled"]) == (2, True)
    assert (found["ridges"], found["untold"], found["kept"]) == ([], [], [])
    value = next(each for each in found["values"] if f"{each['part']} {each['key']}" == A)
    assert value["interval"][0] <= value["value"] <= value["interval"][1]
    assert value["fitted"] == "L085 (step 1)"


def test_the_same_command_again_simulates_nothing_and_writes_the_same_bytes(begun):
    first = call(*COMMAND)
    wrote = Path("lab/documents.toml").read_bytes()
    assert len(begun) == stored("lab") > 5
    Path("lab/documents.toml").unlink()
    begun.clear()
    again = call(*COMMAND)
    assert begun == []
    assert Path("lab/documents.toml").read_bytes() == wrote
    assert again.stdout == first.stdout


def test_results_do_not_depend_on_the_number_of_workers(begun):
    for workers in (1, 2):
        assert call("calibrate", "--workers", workers, "--out", f"lab{workers}").exit_code == 0
    assert Path("lab1/documents.toml").read_bytes() == Path("lab2/documents.toml").read_bytes()


@pytest.mark.parametrize("count", [1, 9])
def test_ctrl_c_says_how_to_resume_and_what_follows_is_as_if_it_had_not_come(begun, count):
    assert call("calibrate", "--workers", 1, "--out", "whole").exit_code == 0
    total, whole = len(begun), Path("whole/documents.toml").read_bytes()
    with fakes.interrupted_when_stored(count):
        done = call(*COMMAND)
    said = "interrupted: what was simulated is stored in lab; the same command resumes\n"
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", said)
    assert not list(Path("lab").glob("*.toml*"))
    assert stored("lab") == count
    begun.clear()
    assert call(*COMMAND).exit_code == 0
    assert len(begun) == total - count
    assert Path("lab/documents.toml").read_bytes() == whole


def test_ctrl_c_leaves_a_former_file_as_it_was(begun):
    Path("lab").mkdir()
    Path("lab", MARK).write_text("calibration\n")
    Path("lab/documents.toml").write_text("former")
    with fakes.interrupted_when_stored(3):
        assert call(*COMMAND).exit_code == 1
    assert Path("lab/documents.toml").read_text() == "former"


def test_a_disk_that_is_full_leaves_a_former_file_as_it_was_and_ends_with_1(begun, monkeypatch):
    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    assert call(*COMMAND).exit_code == 0
    file = Path("lab/documents.toml")
    file.write_text("former")
    monkeypatch.setattr(os, "fsync", full)
    done = call(*COMMAND)
    said = f"{file}: can't be written: No space left on device\n"
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", said)
    assert file.read_text() == "former"
    assert not list(Path("lab").glob("*.part"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--parameter-set", "litterature"), rf"{ALLOWED.format('litterature')}.*: literature"),
        (("--parameter-set", "both"), ALLOWED.format("both")),
        (("--workers", 0), "--workers"),
        (("--seed", -1), "--seed"),
        (("--out", ""), "--out"),
        (("documents",), "unexpected extra argument"),
    ],
)
def test_wrong_input_is_refused_before_anything_is_simulated(begun, elsewhere, words, said):
    done = call(*COMMAND, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert re.search(said, done.stderr)
    assert "Traceback" not in done.stderr
    assert begun == []
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(("before", "said"), mistakes("validation"))
def test_a_folder_that_holds_something_else_is_refused_and_left_as_it_is(begun, before, said):
    before(Path("lab"))
    there = held(Path("lab"))
    done = call(*COMMAND)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"{said}, not a calibration; choose another --out\n"
    assert held(Path("lab")) == there
    assert begun == []


def test_an_out_that_is_a_file_is_refused(begun):
    Path("lab").write_text("mine")
    done = call(*COMMAND)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "lab: is a file, not a folder; choose another --out\n"
    assert Path("lab").read_text() == "mine"


def test_without_out_results_are_in_the_usual_folder(begun):
    assert call("calibrate", "--workers", 1).exit_code == 0
    assert Path("results/calibration/documents.toml").is_file()


def test_a_target_without_a_case_is_told_by_file_and_key_and_nothing_is_written(begun, monkeypatch):
    aim = target("stays", 21.0, below=["episodes kind:copd"])
    aim.found_at("calibration/1_stays.toml", "target.0")
    steps = [step(1, [A], aim, replications=2, told_replications=2)]
    monkeypatch.setattr("parcours_sim.scenario.targets.load_steps", lambda: steps)
    done = call(*COMMAND)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        "calibration/1_stays.toml: target.0.below: found no case in isole, "
        "allowed what happens in the random worlds of the step\n"
    )
    assert not list(Path("lab").glob("*.toml*"))


def test_what_fails_in_a_replication_ends_with_1_and_what_is_stored_is_kept(begun, monkeypatch):
    def rows(scenario, seed, replication):
        if replication == 1:
            raise fakes.CrookedError("no such patient", 7)
        return rows_of(scenario, seed, replication)

    broken = fake_model(rows, begun)
    monkeypatch.setattr("parcours_sim.experiment.model.installed_model", lambda: broken)
    done = call(*COMMAND)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "no such patient" in done.stderr
    assert "the same command resumes" in done.stderr
    assert not Path("lab/documents.toml").exists()
    assert stored("lab") == 1
