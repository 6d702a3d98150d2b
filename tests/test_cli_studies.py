"""run, compare and plot, on a territory so small that a replication takes a moment."""

import csv
import json
import re
import statistics
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from parcours_sim.cli import app
from parcours_sim.cli.asked import Asked
from parcours_sim.cli.study import with_baseline
from parcours_sim.engine import simulate
from parcours_sim.experiment.engines import processors
from parcours_sim.scenario.errors import ScenarioError

CORPUS = Path(__file__).parent / "corpus"
TINY = (
    *("--set", "territory.inhabitants=1000", "--set", "horizon.years=0.1"),
    *("--set", "horizon.warm_up_years=0.05", "--replications", "2", "--workers", "1"),
)


ENGINES_ALLOWED = r"(?s)--engine.*found \"fast\",\W+allowed auto, reference,\W+compiled,\W+both"


def call(*args):
    return CliRunner().invoke(app, [str(arg) for arg in args])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tree(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder, with what is in them."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def as_number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Return a finished comparison of msp with isole, and its folder."""
    folder = tmp_path_factory.mktemp("compared") / "study"
    done = call("compare", "msp", *TINY, "--out", folder)
    assert done.exit_code == 0, done.stderr
    return done, folder


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Return a finished run of isole with its event log, and its folder."""
    folder = tmp_path_factory.mktemp("ran") / "study"
    done = call("run", "isole", *TINY, "--out", folder, "--events", folder / "events.csv")
    assert done.exit_code == 0, done.stderr
    return done, folder


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_run_prints_mean_and_interval_of_the_main_outcomes(ran):
    done, folder = ran
    line = next(line for line in done.stdout.splitlines() if line.startswith(" ED visits  "))
    numbers = re.match(r" ED visits +count +(\S+) +(\S+) to (\S+) +(\S+)", line).groups()
    mean, low, high, per_100k = map(as_number, numbers)
    values = [
        float(row["value"])
        for row in rows(folder / "outcomes.csv")
        if (row["outcome"], row["group"]) == ("ed_visits", "all")
    ]
    half = 12.7062 * statistics.stdev(values) / 2**0.5  # Student's t with one degree of freedom
    assert mean == pytest.approx(statistics.mean(values), abs=0.005)
    assert (low, high) == pytest.approx((mean - half, mean + half), rel=1e-3, abs=0.01)
    assert per_100k == pytest.approx(mean * 1000, rel=0.01)  # 1,000 inhabitants, a tenth of a year


def test_run_says_where_its_folder_its_tables_and_its_event_log_are(ran):
    done, folder = ran
    assert f"Results: {folder}\n" in done.stdout
    assert "outcomes.csv\n" in done.stdout
    assert f"Events:  {folder / 'events.csv'}\n" in done.stdout
    assert "Figures" not in done.stdout
    assert done.stderr == ""


def test_run_as_json_is_one_document_with_all_outcomes(ran):
    _, folder = ran
    again = call("run", "isole", *TINY, "--out", folder, "--json")
    document = json.loads(again.stdout)
    assert document["simulated"] == 0
    assert document["scenario"] == "isole"
    found = {(row["outcome"], row["group"]): row for row in document["outcomes"]}
    in_table = {(row["outcome"], row["group"]) for row in rows(folder / "outcomes.csv")}
    assert set(found) == in_table
    assert found["ed_visits", "all"]["unit"] == "count"
    assert found["ed_visits", "all"]["low"] <= found["ed_visits", "all"]["mean"]


def test_the_event_log_is_that_of_the_first_replication(ran):
    _, folder = ran
    events = rows(folder / "events.csv")
    assert {(row["scenario"], row["replication"]) for row in events} == {("isole", "0")}
    times = [float(row["time_days"]) for row in events]
    assert times == sorted(times)
    assert min(times) < 0 < max(times)


def test_compare_adds_the_baseline_and_writes_its_tables_and_figures(compared):
    done, folder = compared
    assert {row["scenario"] for row in rows(folder / "outcomes.csv")} == {"isole", "msp"}
    (row,) = [
        row
        for row in rows(folder / "differences.csv")
        if (row["outcome"], row["group"]) == ("hospitalisations", "all")
    ]
    assert (row["scenario"], row["baseline"], row["replications"]) == ("msp", "isole", "2")
    figures = {path.name for path in (folder / "figures").iterdir()}
    assert {"avoided_hospitalisations.png", "waits_and_delays.svg"} <= figures
    assert "Compared with Isolated practice (isole)" in done.stdout
    for line in (f"Results: {folder}", f"Tables:  {folder}:", f"Figures: {folder / 'figures'}:"):
        assert f"{line}" in done.stdout
    assert done.stderr == ""


def test_the_command_that_made_the_results_is_in_their_manifest(compared):
    manifest = json.loads((compared[1] / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["runs"][0]["command"][0] == "parcours-sim"


def test_the_same_comparison_again_simulates_nothing_and_changes_no_table(compared):
    _, folder = compared
    before = {path.name: path.read_bytes() for path in folder.glob("*.csv")}
    again = call("compare", "isole", "msp", *TINY, "--out", folder, "--json")
    assert again.exit_code == 0
    document = json.loads(again.stdout)
    assert document["simulated"] == 0
    assert document["baseline"] == "isole"
    assert {Path(file).name for file in document["files"]} >= {"outcomes.csv", "differences.csv"}
    assert {path.name: path.read_bytes() for path in folder.glob("*.csv")} == before


def test_plot_draws_the_figures_again_in_either_language(compared):
    _, folder = compared
    picture = folder / "figures" / "avoided_hospitalisations.png"
    before = picture.read_bytes()
    picture.unlink()
    done = call("plot", folder)
    assert done.exit_code == 0
    assert picture.read_bytes() == before
    french = call("plot", folder, "--language", "fr")
    assert french.exit_code == 0
    assert "avoided_hospitalisations.fr.png" in french.stdout
    assert picture.with_suffix(".fr.png").read_bytes() != before


def test_plot_refuses_folders_without_a_comparison(ran, tmp_path):
    for folder, said in ((ran[1], "holds one scenario"), (tmp_path, "results folder")):
        done = call("plot", folder)
        assert (done.exit_code, done.stdout) == (2, "")
        assert said in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_folder_of_another_study_is_refused_and_left_as_it_is(compared):
    _, folder = compared
    before = tree(folder)
    done = call("compare", "msp", *TINY, "--seed", "2", "--out", folder)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "another study" in done.stderr
    assert "seed: there 1, asked for 2" in done.stderr
    assert tree(folder) == before


def test_an_out_that_is_a_file_is_refused(elsewhere):
    Path("file").write_text("mine")
    done = call("run", "isole", *TINY, "--out", "file")
    assert done.exit_code == 2
    assert done.stderr.startswith("file: can't be made")
    assert Path("file").read_text() == "mine"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("compare", "msp", "msp"), 'found "msp" twice'),
        (("compare", "isole"), "only the baseline"),
        (("compare", "msp", "--baseline", "isol"), "--baseline: .*nearest: isole"),
        (("compare", "msp", "--baseline", "no.toml"), "no.toml: found nothing there"),
        (("compare", "msp", CORPUS / "good" / "asthma_by_tables.toml"), "territory.conditions: "),
        (("compare", "msp", "--set", "horizon.yeers=1"), "nearest: horizon.years"),
        (("compare", CORPUS / "bad" / "title_missing.toml"), "title_missing.toml: title"),
        (("run", "isole", "--replications", "0"), "--replications"),
        (("run", "isole", "--replications", "ten"), "--replications"),
        (("run", "isole", "--workers", "0"), "--workers"),
        (("run", "isole", "--engine", "fast"), ENGINES_ALLOWED),
        (("compare", "msp", "--engine", ""), '--engine.*found ""'),
        (("run", "isole", "--seed", "-1"), "--seed"),
        (("run", "isole", "--seed", 2**63), "seed: found"),
        (("run", "isole", "--events", "log.txt"), r"--events: .*\.csv or \.parquet"),
        (("run", "isole", "--events", "no/log.csv"), "--events: .*existing folder"),
        (("run", "isole", "msp"), "unexpected extra argument"),
        (("plot", "nowhere"), "does not exist"),
        (("plot", ".", "--language", "de"), "--language"),
    ],
)
def test_wrong_input_is_refused_before_anything_is_written(elsewhere, args, said):
    done = call(*args)
    assert done.exit_code == 2
    assert re.search(said, done.stderr)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert not list(elsewhere.iterdir())


def test_compare_writes_one_event_log_for_all_its_scenarios(elsewhere):
    quick = ("--set", "organisation.ramp_months=0.1")
    asked = (*TINY[:-3], 1, *quick, "--workers", 1, "--events", "log.parquet")
    done = call("compare", "cpts", *asked)
    assert done.exit_code == 0, done.stderr
    logs: dict[str, list[dict]] = {}
    for row in parquet.read_table("log.parquet").to_pylist():
        logs.setdefault(row.pop("scenario"), []).append(row)
    assert list(logs) == ["isole", "cpts"]
    assert logs["isole"] != logs["cpts"]
    (folder,) = Path("results").iterdir()
    assert folder.name.startswith("isole-cpts-territory.inhabitants=1000-horizon.years=0.1")


def test_a_replication_that_fails_is_named_and_ends_with_status_1(elsewhere, monkeypatch):
    def broken(*_args, **_options):
        raise ZeroDivisionError("no beds")

    monkeypatch.setattr("parcours_sim.engine.simulate", broken)
    done = call("run", "isole", *TINY)
    assert done.exit_code == 1
    assert "scenario 'isole', replication 0: ZeroDivisionError: no beds" in done.stderr
    assert "the same command resumes" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def two_engines(monkeypatch):
    """Put the reference engine in place of both; return what each was asked for.

    `wrong` holds what the compiled engine is to measure instead.
    """
    engines = SimpleNamespace(asked=[], compiled=False, wrong={})

    def simulate_as(scenario, seed, replication, *, log=False, engine="reference", **_):
        engines.asked.append((scenario.name, replication, engine, log))
        found = simulate(scenario, seed, replication, log=log)
        return replace(found, **engines.wrong) if engine == "compiled" else found

    def compile_engine():
        engines.compiled = True

    monkeypatch.setattr("parcours_sim.engine.simulate", simulate_as)
    monkeypatch.setattr("parcours_sim.engine.is_compiled", lambda: engines.compiled)
    monkeypatch.setattr("parcours_sim.engine.compile_engine", compile_engine)
    return engines


def test_little_work_is_left_to_the_reference_engine_and_so_is_its_event_log(
    elsewhere, two_engines
):
    done = call("run", "isole", *TINY, "--events", "log.csv")
    assert done.exit_code == 0, done.stderr
    assert [engine for _, _, engine, _ in two_engines.asked] == ["reference"] * 3
    assert not two_engines.compiled


@pytest.mark.parametrize("engine", ["auto", "compiled", "both"])
def test_what_is_compiled_writes_the_event_log_too(elsewhere, two_engines, engine):
    two_engines.compiled = True
    done = call("compare", "msp", *TINY, "--events", "log.csv", "--engine", engine)
    assert done.exit_code == 0, done.stderr
    logs = [one for one in two_engines.asked if one[3]]
    assert logs == [("isole", 0, "compiled", True), ("msp", 0, "compiled", True)]


def test_an_event_log_of_stored_replications_has_the_engine_asked_for_made_ready(
    elsewhere, two_engines
):
    assert call("run", "isole", *TINY, "--engine", "reference", "--out", "o").exit_code == 0
    done = call("run", "isole", *TINY, "--engine", "compiled", "--out", "o", "--events", "o/l.csv")
    assert done.exit_code == 0, done.stderr
    assert two_engines.compiled
    assert two_engines.asked[2:] == [("isole", 0, "compiled", True)]


def test_both_engines_say_on_how_many_replications_they_agree(elsewhere, two_engines):
    both = ("compare", "msp", *TINY, "--engine", "both", "--out", "study")
    done = call(*both)
    assert done.exit_code == 0, done.stderr
    assert "Both engines agree on 4 replications.\n" in done.stdout
    assert len(two_engines.asked) == 8
    again = call(*both)
    assert "agree on 4 replications; 4 of them were compared before.\n" in again.stdout
    assert json.loads(call(*both, "--json").stdout)["engines_agree_on"] == 4
    one = call("compare", "msp", *TINY, "--out", "study", "--json")
    assert json.loads(one.stdout)["engines_agree_on"] is None
    assert len(two_engines.asked) == 8


def test_engines_that_differ_end_with_status_1_and_say_where(elsewhere, two_engines):
    two_engines.wrong = {"contacts": 3, "log": ()}
    done = call("run", "isole", *TINY, "--engine", "both", "--out", "study")
    assert (done.exit_code, done.stdout) == (1, "")
    first, *where, last = done.stderr.splitlines()
    assert first.startswith("2 of 2 replications differ, and nothing of them was added")
    for number, (outcome, event) in enumerate(zip(where[::2], where[1::2], strict=True)):
        place = rf"scenario 'isole', replication {number}: "
        assert re.fullmatch(
            place + r"reference engine contacts = \d+; compiled engine contacts = 3", outcome
        )
        assert re.fullmatch(
            r"  event 1: reference engine time -[\d.]+, patient -?\d+ .*; "
            r"compiled engine nothing more",
            event,
        )
    assert last == "This is a fault of the program, not of your input."
    assert not Path("study/outcomes.csv").exists()


def test_a_full_disk_while_figures_are_drawn_ends_with_status_1(compared, monkeypatch):
    def full(*_args, **_options):
        raise OSError(28, "No space left on device", "figures/a.png")

    monkeypatch.setattr("parcours_sim.report.figures.draw_figures", full)
    done = call("plot", compared[1])
    assert done.exit_code == 1
    assert done.stderr.startswith("figures/a.png: No space left on device")


def asked(**options) -> Asked:
    usual = {"replications": 10, "seed": 1, "changes": None, "workers": None}
    usual |= {"engine": "auto", "parameter_set": "documents", "out": None, "events": None}
    return Asked(**usual | options)


def test_the_usual_folder_says_what_the_results_are_of():
    assert asked().folder(["isole", "msp"]) == Path("results/isole-msp")
    other = asked(seed=3, parameter_set="literature", changes=["horizon.start_date=2025-02-01"])
    expected = "isole-literature-seed=3-horizon.start_date=2025-02-01"
    assert other.folder(["isole"]) == Path("results", expected)
    assert asked(out=Path("x")).folder(["isole"]) == Path("x")


def test_the_usual_folder_has_a_name_that_every_system_takes_and_is_its_own():
    weird = asked(changes=["a.b={value = 1, assumption = 'a/b'}"]).folder(["isole"])
    assert re.fullmatch(r"results/[\w.=-]+", weird.as_posix())
    long = [asked(changes=[f"{'a' * 200}={end}"]).folder(["isole"]) for end in (1, 2)]
    assert long[0] != long[1]
    assert all(len(folder.name) < 140 for folder in long)


def test_the_baseline_comes_first_whether_it_was_named_or_not():
    assert with_baseline(["msp", "cpts"], "isole") == ["isole", "msp", "cpts"]
    assert with_baseline(["msp", "isole", "cpts"], "isole") == ["isole", "msp", "cpts"]
    assert with_baseline(["msp", "my/own.toml"], "own") == ["my/own.toml", "msp"]
    assert with_baseline(["msp"], "my/own.toml") == ["my/own.toml", "msp"]


def test_an_unknown_baseline_names_the_nearest_of_those_given_too():
    with pytest.raises(ScenarioError) as refused:
        with_baseline(["msp", "my/own_practice.toml"], "own_practise")
    (finding,) = refused.value.findings
    assert (finding.file, finding.nearest) == ("--baseline", "own_practice")


def test_no_more_workers_are_started_than_there_are_replications_or_processors():
    assert asked().how(1, ()).workers == 1
    assert asked().how(1000, ()).workers == processors()
    assert asked(workers=7).how(1, ()).workers == 7


def test_a_precision_says_how_many_replications_it_took(tmp_path):
    words = (*("compare", "esp", "--baseline", "isole"), *TINY[:6], "--workers", "1")
    asked = ("--precision", "hospitalisations=50%", "--precision", "deaths=3")
    done = call(*words, *asked, "--out", tmp_path, "--json")
    assert done.exit_code == 0, done.stderr
    by_outcome = {one["outcome"]: one for one in json.loads(done.stdout)["precision"]}
    assert by_outcome.keys() == {"hospitalisations", "deaths"}
    for one in by_outcome.values():
        assert one["scenario"] == "esp"
        assert one["is_reached"]
        assert one["half_width"] <= one["wanted"]
    assert by_outcome["deaths"]["wanted"] == 3
    stored = json.loads((tmp_path / "manifest.json").read_text())["outcomes"]["replications"]
    assert stored == by_outcome["deaths"]["replications"] >= 40


def test_a_folder_that_holds_more_than_a_precision_takes_is_shown_whole(tmp_path):
    words = (*("run", "isole"), *TINY[:6], "--workers", "1", "--out", tmp_path)
    call(*words, "--replications", "62")
    done = call(*words, "--precision", "deaths=3")
    assert re.search(r"Precision: reached with (40|59) replications\.", done.stdout)
    assert "The folder holds 62 replications; tables and figures show them all." in done.stdout
    assert "replications: 62;" in done.stdout


def test_a_precision_beyond_the_maximum_is_told_and_resumes(tmp_path):
    words = (*("run", "isole"), *TINY[:6], "--workers", "1", "--out", tmp_path)
    asked = ("--precision", "hospitalisations=1%", "--max-replications")
    done = call(*words, *asked, 5)
    assert done.exit_code == 0, done.stderr
    assert "Precision: not reached with 5 replications" in done.stdout
    assert re.search(r"isole: hospitalisations ±.* asked for .* about [\d,]+ needed", done.stdout)
    again = call(*words, *asked, 8)
    assert "5 of 8" not in again.stdout
    assert "3 of 8 replications were simulated now" in again.stdout
    fewer = call(*words, *asked, 6)
    assert fewer.exit_code == 0, fewer.stderr  # what is there stays


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("--precision", "hospitalisation=1%"), "nearest: hospitalisations"),
        (("--precision", "deaths=0"), "--precision: deaths"),
        (("--precision", "deaths=1", "--replications", "5"), "it with --replications"),
        (("--precision", "deaths=1", "--shard", "1/2"), "--shard: found it with a precision"),
    ],
)
def test_a_precision_that_cannot_be_is_refused(tmp_path, asked, told):
    done = call("compare", "esp", *asked, "--out", tmp_path / "new")
    assert done.exit_code == 2
    assert told in done.stderr
    assert not (tmp_path / "new").exists()


def test_a_kind_that_only_one_organisation_knows_is_no_fault(tmp_path):
    changes = ("territory.inhabitants=100", "horizon.years=1", "horizon.warm_up_years=0.5")
    words = [word for change in changes for word in ("--set", change)]
    only_there = ("--seed", "77", "--replications", "1", "--workers", "1")
    done = call("compare", "msp", *words, *only_there, "--out", tmp_path / "new")
    assert done.exit_code == 0, done.stderr
