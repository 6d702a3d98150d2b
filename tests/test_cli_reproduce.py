"""reproduce: its words, its exit status and its JSON, on a comparison that takes a moment."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from parcours_sim.cli import app
from parcours_sim.cli.study import Finished
from parcours_sim.engine import simulate
from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.folder import ResultsFolder
from parcours_sim.experiment.run import run_study
from parcours_sim.experiment.study import Study
from parcours_sim.scenario.resolve import load_scenario

COMMAND = (sys.executable, "-c", "from parcours_sim.cli import main; main()")
TINY = {
    "territory.inhabitants": "1000",
    "horizon.years": "0.1",
    "horizon.warm_up_years": "0.05",
}
HERE = ("--engine", "reference", "--workers", "1")
UNCHANGED = "Nothing has changed since: model, libraries, platform and files are the same."
ALLOWED = r"(?s)--engine.*found \"both\",\W+allowed auto, reference,\W+compiled"


def call(*args):
    return CliRunner().invoke(app, [str(arg) for arg in args])


def digest(folder: Path) -> str:
    return json.loads((folder / "manifest.json").read_text())["outcomes"]["sha256"]


def change_scenarios(folder: Path, *, inhabitants: float, years: float = 0.1) -> None:
    """Make a folder's resolved scenarios larger or longer than those that were simulated."""
    path = folder / "scenarios.resolved.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    for scenario in found:
        scenario["territory"]["inhabitants"] |= {"value": inhabitants, "high": inhabitants}
        scenario["horizon"]["years"] |= {"value": years, "high": max(years, 5)}
    path.write_text(json.dumps(found), encoding="utf-8")


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Return the folder of a finished comparison of msp with isole."""
    folder = tmp_path_factory.mktemp("compared") / "study"
    scenarios = tuple(load_scenario(name, changes=TINY) for name in ("isole", "msp"))
    study = Study(scenarios, "isole", 2, 1)
    result = run_study(study, folder, How(1, "reference", progress=False))
    Finished(result, scenarios).tables()
    return folder


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Return the folder of a finished sweep of an outcome that isn't a main one."""
    folder = tmp_path_factory.mktemp("swept") / "sweep"
    small = [part for key, value in TINY.items() for part in ("--set", f"{key}={value}")]
    vary = ("--vary", "territory.links.nurse_to_gp.delay_days=1,5", "--outcome", "messages_sent")
    done = call("sweep", "msp", "--baseline", "isole", *small, *vary, "--out", folder, *HERE)
    assert done.exit_code == 0, done.stderr
    return folder


@pytest.fixture
def folder(compared, tmp_path):
    """Return a copy of it, to spoil."""
    return shutil.copytree(compared, tmp_path / "study")


@pytest.fixture
def otherwise(monkeypatch):
    """Let one more contact come out of the first replication of msp."""

    def simulate_otherwise(scenario, seed, replication, **options):
        found = simulate(scenario, seed, replication, **options)
        more = scenario.name == "msp" and replication == 0
        return replace(found, contacts=found.contacts + more)

    monkeypatch.setattr("parcours_sim.engine.simulate", simulate_otherwise)


@pytest.fixture
def of_another_version(monkeypatch):
    monkeypatch.setattr("parcours_sim.engine.model_version", lambda: "f" * 64)


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_a_folder_alone_is_enough_and_either_engine_reproduces_it(folder, monkeypatch, engine):
    open_any = Path.open

    def open_no_scenario(path, *args, **options):
        assert path.suffix != ".toml", "a scenario file was read"
        return open_any(path, *args, **options)

    monkeypatch.setattr(Path, "open", open_no_scenario)
    done = call("reproduce", folder, "--engine", engine, "--workers", 1)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines() == [
        UNCHANGED,
        "Reproduced. 4 of 4 replications were simulated again, all the same to the bit.",
        f"outcomes.csv as it would be written now: sha256 {digest(folder)}, as recorded.",
    ]
    assert done.stderr == ""


def test_a_sample_tells_its_seed_and_can_be_repeated_with_it(compared):
    done = call("reproduce", compared, "--sample", 2)
    assert done.exit_code == 0, done.stderr
    _, sample, verdict, table = done.stdout.splitlines()
    told = re.fullmatch(
        r"Sample: 2 of 4 replications; the same ones again with (--sample 2 --sample-seed \d+)",
        sample,
    )
    assert verdict == (
        f"Reproduced. 2 of 4 replications were simulated again ({told[1]}), all the same to the "
        "bit."
    )
    assert table == f"outcomes.csv and what is stored: sha256 {digest(compared)}, as recorded."
    again = call("reproduce", compared, *told[1].split())
    assert again.stdout == done.stdout


def test_another_version_of_the_model_is_told_and_may_reproduce(compared, of_another_version):
    there = json.loads((compared / "manifest.json").read_text())["model_version"]
    done = call("reproduce", compared, "--sample", 1)
    assert done.exit_code == 0, done.stderr
    first, _, verdict, _ = done.stdout.splitlines()
    assert first == f"Changed since: model version: there {there[:12]}, here ffffffffffff"
    assert verdict.startswith("Reproduced although the model version changed. 1 of 4 ")


def test_what_differs_is_named_with_status_1(compared, otherwise):
    done = call("reproduce", compared, *HERE)
    assert (done.exit_code, done.stderr) == (1, "")
    _, named, verdict, _ = done.stdout.splitlines()
    place = r"scenario 'msp', replication 0: stored contacts = (\d+); now contacts = (\d+)"
    stored, now = re.fullmatch(place, named).groups()
    assert int(now) == int(stored) + 1
    again = "4 of 4 replications were simulated again, 1 of them not the same."
    assert verdict == f"Not reproduced. {again}"


def test_what_differs_under_another_version_is_put_down_to_it(
    compared, otherwise, of_another_version
):
    done = call("reproduce", compared, *HERE)
    assert done.exit_code == 1
    assert "Not reproduced, differs: the model version changed. 4 of 4 " in done.stdout


def test_a_folder_that_is_not_as_recorded_is_no_reproduction(folder):
    (folder / "outcomes.csv").write_text("mine")
    done = call("reproduce", folder, "--sample", 1)
    assert done.exit_code == 1
    first, _, verdict, table = done.stdout.splitlines()
    assert first.startswith("Not as recorded: outcomes.csv: has sha256 ")
    assert verdict.startswith("Not reproduced: the folder isn't as recorded. 1 of 4 ")
    assert table == f"outcomes.csv as it was recorded: sha256 {digest(folder)}."


@pytest.mark.parametrize(("made", "table"), [("compared", "differences"), ("swept", "sweep")])
def test_another_analysis_is_no_reproduction(request, monkeypatch, made, table):
    folder = request.getfixturevalue(made)
    assert call("reproduce", folder, *HERE).exit_code == 0
    monkeypatch.setattr("parcours_sim.analysis.intervals.t_quantile", lambda _: 1.0)
    done = call("reproduce", folder, "--sample", 1, *HERE)
    assert done.exit_code == 1
    assert done.stdout.startswith(
        f"Not as recorded: {table}.csv: isn't the table that is made now of what is stored\n"
    )
    assert "Not reproduced: the folder isn't as recorded." in done.stdout


def test_a_table_of_differences_that_was_changed_is_no_reproduction(folder):
    with (folder / "differences.csv").open("a") as table:
        table.write("mine")
    done = call("reproduce", folder, "--sample", 1)
    assert done.exit_code == 1
    assert "Not as recorded: differences.csv: isn't the table" in done.stdout


def test_only_the_first_of_many_differences_are_printed(folder, monkeypatch):
    monkeypatch.setattr("parcours_sim.cli.reproduce.MOST_SHOWN", 1)
    change_scenarios(folder, inhabitants=1100)
    done = call("reproduce", folder, *HERE)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert [line.partition(" (")[0] for line in lines[:2]] == [
        f"Not as recorded: scenarios.resolved.json: holds {name}" for name in ("isole", "msp")
    ]
    assert lines[2].startswith("scenario 'isole', replication 0: stored ")
    assert lines[3] == "… and 3 more (--json lists all)"
    assert lines[4] == (
        "Not reproduced. 4 of 4 replications were simulated again, 4 of them not the same."
    )
    assert re.fullmatch(
        rf"outcomes\.csv .*: sha256 [0-9a-f]{{64}}, recorded {digest(folder)}\.", lines[5]
    )


def test_json_is_one_document_with_all_that_is_known(compared, otherwise, of_another_version):
    done = call("reproduce", compared, *HERE, "--json")
    assert (done.exit_code, done.stderr) == (1, "")
    document = json.loads(done.stdout)
    assert document["reproduced"] is False
    assert document["verdict"].startswith("Not reproduced, differs: the model version changed.")
    assert document["model_version"]["here"] == "f" * 64
    assert document["changed_since"][0].startswith("model version: ")
    assert document["not_as_recorded"] == []
    assert document["sample"] is None
    assert document["engine"] == "reference"
    assert document["replications"] == {"compared": 4, "of": 4}
    (difference,) = document["differences"]
    assert (difference["scenario"], difference["replication"]) == ("msp", 0)
    assert document["sha256"] == {"recorded": digest(compared), "now": digest(compared)}
    sampled = call("reproduce", compared, "--sample", 1, "--sample-seed", 5, "--json")
    assert json.loads(sampled.stdout)["sample"] == {"size": 1, "seed": 5}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("nowhere",), "does not exist"),
        ((".",), r"manifest\.json: can't be read; is this a results folder\?"),
        (("study", "--sample", "5"), "--sample: found 5, allowed 1 to 4"),
        (("study", "--sample", "0"), "--sample"),
        (("study", "--sample", "some"), "--sample"),
        (("study", "--sample-seed", "5"), "--sample-seed: found it without --sample"),
        (("study", "--sample", "1", "--sample-seed", "-1"), "--sample-seed"),
        (("study", "--engine", "both"), ALLOWED),
        (("study", "--workers", "0"), "--workers"),
        ((), "(?i)missing argument"),
    ],
)
def test_wrong_input_is_refused_with_status_2(folder, monkeypatch, args, said):
    monkeypatch.chdir(folder.parent)
    done = call("reproduce", *args)
    assert (done.exit_code, done.stdout) == (2, "")
    assert re.search(said, done.stderr)
    assert "Traceback" not in done.stderr


def test_a_study_that_is_not_finished_is_refused_with_status_2(folder):
    results = ResultsFolder(folder)
    results.write_manifest(results.read_manifest().model_copy(update={"outcomes": None}))
    done = call("reproduce", folder)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "isn't finished; the command that began it resumes" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_amid_a_long_replication_ends_within_seconds_and_changes_nothing(folder):
    change_scenarios(folder, inhabitants=60_000, years=40)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    command = [*COMMAND, "reproduce", "study", "--engine", "compiled", "--workers", "2"]
    with subprocess.Popen(
        command, cwd=folder.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline().startswith("Not as recorded: scenarios.resolved.json")
        time.sleep(2)
        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert time.monotonic() - pressed < 3
    assert process.returncode == 1
    assert err == (
        "interrupted: 0 of 4 replications were compared, 0 of them differ; nothing was written\n"
    )
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
