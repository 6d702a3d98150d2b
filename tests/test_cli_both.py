"""run, compare and plot under both parameter sets: folders, figures, and what makes no sense."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from parcours_sim.cli import app
from parcours_sim.scenario.resolve import load_dump

BOTH = ("--parameter-set", "both")
SETS = ("documents", "literature")
WORLD = (
    *("--set", "territory.inhabitants=1000", "--set", "horizon.years=0.1"),
    *("--set", "horizon.warm_up_years=0.05"),
)
TINY = (*WORLD, "--replications", "2", "--workers", "1")
STUDY = """
title = { fr = "Ici", en = "Here" }
description = { fr = "Une étude.", en = "A study." }
scenarios = ["msp"]
parameter_set = "both"
replications = 2
set = { "territory.inhabitants" = 1000, "horizon.years" = 0.1, "horizon.warm_up_years" = 0.05 }
"""


def call(*args):
    return CliRunner().invoke(app, [str(arg) for arg in args])


def tree(folder: Path) -> dict[str, bytes]:
    """Return the tables and figures below a folder, with what is in them."""
    ends = (".csv", ".png")
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.suffix in ends}


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Return a finished comparison of msp with isole under both sets, and its folder."""
    folder = tmp_path_factory.mktemp("both") / "study"
    done = call("compare", "msp", *TINY, *BOTH, "--out", folder)
    assert done.exit_code == 0, done.stderr
    return done, folder


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_set_has_a_results_folder_that_holds_it_alone(compared):
    done, folder = compared
    assert {path.name for path in folder.iterdir()} == {*SETS, "figures"}
    for name in SETS:
        scenarios = json.loads((folder / name / "scenarios.resolved.json").read_text())
        loaded = [load_dump(json.dumps(each)) for each in scenarios]
        assert [each.parameter_set for each in loaded] == [name, name]
        assert {"outcomes.csv", "differences.csv", "figures"} <= {
            path.name for path in (folder / name).iterdir()
        }
        assert f"Parameter set {name}\nResults: {folder / name}\n" in done.stdout
    assert f"Figures: {folder / 'figures'}: avoided_under_both_sets.png" in done.stdout


def test_the_table_has_a_line_for_each_set(compared):
    done, _ = compared
    assert re.match(r"Compared .*, hospitalisations: documents \d+, literature \d+\n", done.stdout)
    assert re.search(r"^ Multi-\S+ .*documents +\S+ +\S+", done.stdout, re.MULTILINE)
    assert re.search(r"^ .* literature +\S+ +\S+", done.stdout, re.MULTILINE)


def test_a_set_alone_gives_the_tables_that_it_gives_under_both(compared, tmp_path):
    _, folder = compared
    for name in SETS:
        alone = tmp_path / name
        done = call("compare", "msp", *TINY, "--parameter-set", name, "--out", alone)
        assert done.exit_code == 0, done.stderr
        for table in ("outcomes.csv", "differences.csv"):
            assert (alone / table).read_bytes() == (folder / name / table).read_bytes()


def test_the_same_command_resumes_and_as_json_is_one_document(compared):
    _, folder = compared
    before = tree(folder)
    done = call("compare", "msp", *TINY, *BOTH, "--out", folder, "--json")
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    assert list(document["parameter_sets"]) == list(SETS)
    for name, one in document["parameter_sets"].items():
        assert one["parameter_set"] == name
        assert one["simulated"] == 0
        assert one["folder"] == str(folder / name)
        assert [each["scenario"] for each in one["organisations"]] == ["isole", "msp"]
    assert document["folder"] == str(folder)
    assert {Path(path).name for path in document["files"]} == {
        f"avoided_under_both_sets{end}" for end in (".png", ".svg", ".fr.png", ".fr.svg")
    }
    assert tree(folder) == before


def test_a_set_is_reproduced_and_plotted_from_its_own_folder(compared):
    _, folder = compared
    for name in SETS:
        done = call("reproduce", folder / name, "--workers", 1)
        assert done.exit_code == 0, done.stdout
        assert "Reproduced." in done.stdout
        assert call("plot", folder / name).exit_code == 0


def test_plot_draws_the_figure_of_both_again_in_either_language(compared):
    _, folder = compared
    for language, end in (("en", ""), ("fr", ".fr")):
        picture = folder / "figures" / f"avoided_under_both_sets{end}.png"
        before = picture.read_bytes()
        picture.unlink()
        done = call("plot", folder, "--language", language)
        assert done.exit_code == 0, done.stderr
        assert picture.read_bytes() == before
        assert picture.name in done.stdout


def test_run_shows_the_outcomes_of_both_sets_side_by_side(elsewhere):
    done = call("run", "isole", *TINY, *BOTH, "--out", "r")
    assert done.exit_code == 0, done.stderr
    head = next(line for line in done.stdout.splitlines() if line.startswith(" Outcome"))
    assert re.split(r"\s{2,}", head.strip())[2::2] == ["documents: mean", "literature: mean"]
    row = next(line for line in done.stdout.splitlines() if line.startswith(" ED visits  "))
    assert len(re.findall(r"\d to \d", row)) == 2
    assert {path.name for path in Path("r").iterdir()} == set(SETS)
    document = json.loads(call("run", "isole", *TINY, *BOTH, "--out", "r", "--json").stdout)
    assert [one["parameter_set"] for one in document["parameter_sets"].values()] == list(SETS)
    assert document["files"] == []
    assert call("plot", "r").exit_code == 2


def test_the_usual_folder_says_both(elsewhere):
    assert call("compare", "msp", *TINY, *BOTH).exit_code == 0
    (folder,) = Path("results").iterdir()
    assert folder.name.startswith("isole-msp-both-territory.inhabitants=1000")


def test_a_precision_is_reached_under_each_set(elsewhere):
    words = ("compare", "esp", *WORLD, "--workers", 1, *BOTH, "--out", "p", "--json")
    done = call(*words, "--precision", "deaths=8")
    assert done.exit_code == 0, done.stderr
    for one in json.loads(done.stdout)["parameter_sets"].values():
        assert [each["is_reached"] for each in one["precision"]] == [True]
    again = json.loads(call(*words, "--precision", "deaths=8").stdout)
    assert [one["simulated"] for one in again["parameter_sets"].values()] == [0, 0]


def test_a_study_file_may_ask_for_both(elsewhere):
    Path("study.toml").write_text(STUDY, encoding="utf-8")
    assert call("check", "study.toml").exit_code == 0
    done = call("compare", "study.toml", "--workers", 1, "--out", "s")
    assert done.exit_code == 0, done.stderr
    assert {path.name for path in Path("s").iterdir()} == {*SETS, "figures"}
    one = call(
        "compare", "study.toml", "--workers", 1, "--parameter-set", "documents", "--out", "d"
    )
    assert one.exit_code == 0, one.stderr
    assert Path("d/outcomes.csv").read_bytes() == Path("s/documents/outcomes.csv").read_bytes()


def test_a_sweep_that_asks_for_both_is_told_by_its_file_and_key(elsewhere):
    Path("study.toml").write_text(STUDY + "vary = { 'horizon.years' = [1, 2] }", encoding="utf-8")
    said = (
        'study.toml: parameter_set: found "both", allowed one of documents, literature in a sweep'
    )
    for command in ("check", "sweep"):
        done = call(command, "study.toml")
        assert done.exit_code == 2
        assert said in done.stderr
    assert [path.name for path in elsewhere.iterdir()] == ["study.toml"]


def test_what_is_wrong_under_one_set_alone_is_refused_before_anything_runs(elsewhere):
    uptake = '{ value = 0.5, low = 0.1, high = 1.0, assumption = "for this test only"'
    wrong = f"{uptake}, literature = {uptake.replace('0.5', '5.0')} }} }}"
    Path("mine.toml").write_text(
        'extends = "isole"\ntitle = { fr = "a", en = "a" }\ndescription = { fr = "a", en = "a" }\n'
        f"[organisation.layers]\ncpts = {wrong}\n"
    )
    done = call("compare", "mine.toml", *TINY, *BOTH, "--out", "o")
    assert done.exit_code == 2
    assert "mine.toml: organisation.layers.cpts.literature" in done.stderr
    assert not Path("o").exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("compare", "msp", *BOTH, "--shard", "1/2"), "--shard: found it with parameter set both"),
        (("run", "msp", *BOTH, "--shard", "1/2"), "--shard: found it with parameter set both"),
        (("compare", "msp", *BOTH, "--events", "e.csv"), "--events: found it with parameter set"),
        (("compare", "msp", "--parameter-set", "bothe"), "literature, both; nearest: both"),
        (
            ("sweep", "msp", *BOTH, "--vary", "horizon.years=1:2:2"),
            '--parameter-set: found "both", allowed one of documents, literature',
        ),
        (("warm-up", "isole", *BOTH), '--parameter-set: found "both", allowed one of documents, l'),
        (("show", "isole", *BOTH), '--parameter-set: found "both", allowed one of documents, lit'),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_is_allowed(elsewhere, args, said):
    done = call(*args)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(elsewhere.iterdir())


def test_a_folder_of_one_set_or_of_another_study_is_refused_and_left_as_it_is(compared, elsewhere):
    _, folder = compared
    before = tree(folder)
    for out, said in (
        (folder / "documents", "holds results of one parameter set"),
        (folder, "another study"),
    ):
        done = call("compare", "esp", *TINY, *BOTH, "--out", out)
        assert (done.exit_code, done.stdout) == (2, "")
        assert said in done.stderr
    assert tree(folder) == before


def test_where_one_folder_is_taken_nothing_is_simulated_in_the_other(elsewhere):
    mine = ("--seed", 2, "--out", "o/literature", "--parameter-set", "literature")
    assert call("compare", "msp", *TINY, *mine).exit_code == 0
    done = call("compare", "msp", *TINY, *BOTH, "--out", "o")
    assert done.exit_code == 2
    assert "o/literature: holds the results of another study" in done.stderr
    assert not Path("o/documents").exists()
