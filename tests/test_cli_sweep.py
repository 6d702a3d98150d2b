"""The commands `sweep` and `merge`, studies by name, and what they write."""

import csv
import json

import pytest
from typer.testing import CliRunner

from parcours_sim.cli import app

SMALL = (
    *("--set", "territory.inhabitants=600", "--set", "horizon.years=0.2"),
    *("--set", "horizon.warm_up_years=0.05", "--workers", "1"),
)
DELAY = "territory.links.nurse_to_gp.delay_days"
UPTAKE = "organisation.layers.cpts.uptake_share"
TERRITORIES = """name,inhabitants,share_75_and_over,gps,nurses,pharmacies,ed_rooms,beds
North,500,0.11,1,1,1,1,1
South,700,0.09,1,1,1,1,1
"""
STUDY = """
title = { fr = "Ici", en = "Here" }
description = { fr = "Une étude.", en = "A study." }
scenarios = ["cpts"]
baseline = "mixte"
replications = 2
seed = 5
[set]
"territory.inhabitants" = 600
"horizon.years" = 0.2
"horizon.warm_up_years" = 0.05
[vary]
"organisation.layers.cpts.uptake_share" = [0, 1]
"""


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Call the command line from an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def table(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def stays(rows, **where):
    return [
        row
        for row in rows
        if row["outcome"] == "hospitalisations"
        and all(row[key] == value for key, value in where.items())
    ]


def test_a_sweep_of_one_key_writes_table_and_figures_and_prints_every_point(call, tmp_path):
    done = call(
        *("sweep", "cpts", "esp", "--baseline", "mixte", "--vary", f"{DELAY}=1:5:3"),
        *(*SMALL, "--replications", 2, "--out", "out"),
    )
    assert done.exit_code == 0, done.stderr
    rows = table(tmp_path / "out" / "sweep.csv")
    assert {row["scenario"] for row in rows} == {"mixte", "cpts", "esp"}
    assert {row[DELAY] for row in rows} == {"1.0", "3.0", "5.0"}
    assert len(stays(rows)) == 9
    for row in stays(rows, scenario="cpts"):
        difference = float(row["mean"]) - float(row["baseline_mean"])
        assert float(row["mean_difference"]) == pytest.approx(difference, abs=1e-9)
    figures = {path.name for path in (tmp_path / "out" / "figures").iterdir()}
    assert {f"sweep_hospitalisations{end}" for end in (".png", ".fr.png")} <= figures
    assert "3 " in done.stdout
    assert "Results: out" in done.stdout


def test_without_a_baseline_levels_are_shown(call):
    done = call(
        *("sweep", "cpts", "--vary", f"{UPTAKE}=0,1", "--outcome", "ed_visits", "--json"),
        *(*SMALL, "--replications", 2),
    )
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["outcome"], found["baseline"]) == ("ed_visits", None)
    assert [row[UPTAKE] for row in found["rows"]] == [0.0, 1.0]
    assert all(row["level"]["value"] > 0 for row in found["rows"])
    assert all(row["difference"]["value"] is None for row in found["rows"])


def test_no_uptake_at_all_differs_by_exactly_nothing(call):
    done = call(
        *("sweep", "cpts", "--baseline", "mixte", "--vary", f"{UPTAKE}=0,1", "--json"),
        *(*SMALL, "--replications", 3),
    )
    nobody, everyone = json.loads(done.stdout)["rows"][1::2]
    assert (nobody[UPTAKE], everyone[UPTAKE]) == (0.0, 1.0)
    assert nobody["difference"] == {"value": 0.0, "low": 0.0, "high": 0.0}


def test_the_same_command_again_simulates_nothing(call):
    words = ("sweep", "cpts", "--vary", f"{UPTAKE}=0,1", *SMALL, "--replications", 2, "--json")
    first, again = (json.loads(call(*words).stdout) for _ in range(2))
    assert (first["simulated"], again["simulated"]) == (4, 0)
    assert first["rows"] == again["rows"]


def test_territories_are_simulated_one_by_one_and_summed(call, tmp_path):
    (tmp_path / "t.csv").write_text(TERRITORIES)
    done = call(
        *("sweep", "esp", "--baseline", "isole", "--territories", "t.csv", "--out", "out"),
        *("--set", "horizon.years=0.2", "--workers", 1, "--replications", 3),
    )
    assert done.exit_code == 0, done.stderr
    rows = stays(table(tmp_path / "out" / "sweep.csv"), scenario="esp")
    by_name = {row["territory"]: row for row in rows}
    assert list(by_name) == ["North", "South", "all"]
    for column in ("mean", "mean_difference"):
        parts = sum(float(by_name[name][column]) for name in ("North", "South"))
        assert float(by_name["all"][column]) == pytest.approx(parts, abs=1e-9)


def test_territories_are_summed_at_every_value_of_another_axis(call, tmp_path):
    (tmp_path / "t.csv").write_text(TERRITORIES)
    done = call(
        *("sweep", "cpts", "--territories", "t.csv", "--vary", f"{UPTAKE}=0,1", "--out", "out"),
        *("--set", "horizon.years=0.2", "--workers", 1, "--replications", 2),
    )
    assert done.exit_code == 0, done.stderr
    rows = stays(table(tmp_path / "out" / "sweep.csv"))
    means = {(row["territory"], row[UPTAKE]): float(row["mean"]) for row in rows}
    assert len(rows) == len(means) == 6
    for uptake in ("0.0", "1.0"):
        parts = means["North", uptake] + means["South", uptake]
        assert means["all", uptake] == pytest.approx(parts, abs=1e-9)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--vary", "no.such.key=1:2:3"), "--vary: no.such.key: found an unknown key"),
        (("--vary", f"{UPTAKE}=0:2:3"), f"--vary: {UPTAKE}"),
        (("--vary", f"{UPTAKE}=5"), f"--vary: {UPTAKE}"),
        (("--vary", "nonsense"), "--vary: found"),
        (("--vary", f"{UPTAKE}=0:1:3", "--vary", f"{UPTAKE}=1:2:3"), "twice"),
        ((), "--vary: found no key, allowed one or two"),
        (
            ("--vary", f"{UPTAKE}=0:1:3", "--outcome", "hospitalisation"),
            "nearest: hospitalisations",
        ),
        (("--territories", "nowhere.csv"), "nowhere.csv: found"),
        (("--vary", f"{UPTAKE}=0:1:3", "--baseline", "cpts"), "only the baseline"),
        (("--vary", f"{UPTAKE}=0:1:3", "--shard", "3/2"), "--shard: found '3/2'"),
    ],
)
def test_what_is_wrong_is_refused_before_anything_runs(call, tmp_path, words, told):
    done = call("sweep", "cpts", *words, *SMALL, "--out", "out")
    assert done.exit_code == 2, done.stderr
    assert told in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_study_says_what_options_would_and_options_go_before_it(call, tmp_path):
    (tmp_path / "mine.toml").write_text(STUDY, encoding="utf-8")
    found = json.loads(call("sweep", "mine.toml", "--workers", 1, "--json").stdout)
    assert (found["seed"], found["baseline"], len(found["rows"])) == (5, "mixte", 4)
    assert {row["replications"] for row in found["rows"]} == {2}
    words = ("--seed", 6, "--replications", 3, "--vary", f"{DELAY}=1,2", "--workers", 1, "--json")
    found = json.loads(call("sweep", "mine.toml", *words).stdout)
    assert (found["seed"], {row["replications"] for row in found["rows"]}) == (6, {3})
    assert {row[DELAY] for row in found["rows"]} == {1.0, 2.0}


def test_a_study_of_the_other_kind_is_refused_with_the_right_command(call):
    done = call("compare", "cpts_uptake")
    assert done.exit_code == 2
    assert '"cpts_uptake": found a study for `sweep`, allowed a comparison' in done.stderr
    assert call("sweep", "demo").exit_code == 2


def test_a_study_among_scenarios_is_refused(call):
    done = call("compare", "isole", "demo")
    assert done.exit_code == 2
    assert "a study among others" in done.stderr


def test_shards_of_a_comparison_merge_to_the_results_of_the_whole(call, tmp_path):
    words = ("compare", "isole", "esp", *SMALL, "--replications", 5)
    for shard in (1, 2):
        done = call(*words, "--shard", f"{shard}/2", "--out", f"shard{shard}")
        assert done.exit_code == 0, done.stderr
        assert f"Shard {shard}/2: {(6, 4)[shard - 1]} replications are stored" in done.stdout
    assert "4 are still missing" in call("merge", "shard1", "--out", "part").stdout
    merged = call("merge", "shard1", "shard2", "--out", "both")
    assert merged.exit_code == 0, merged.stderr
    assert call(*words, "--out", "whole").exit_code == 0
    for name in ("outcomes.csv", "differences.csv"):
        assert (tmp_path / "both" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_shards_of_a_sweep_merge_too(call, tmp_path):
    words = ("sweep", "cpts", "--vary", f"{UPTAKE}=0,1", *SMALL, "--replications", 3)
    for shard in (1, 2):
        assert call(*words, "--shard", f"{shard}/2", "--out", f"shard{shard}").exit_code == 0
    assert call("merge", "shard1", "shard2", "--out", "both").exit_code == 0
    assert call(*words, "--out", "whole").exit_code == 0
    both, whole = (tmp_path / name / "sweep.csv" for name in ("both", "whole"))
    assert both.read_bytes() == whole.read_bytes()


def test_check_reads_studies_too(call, tmp_path):
    (tmp_path / "good.toml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "bad.toml").write_text(STUDY.replace("[0, 1]", "[0, 7]"), encoding="utf-8")
    assert call("check", "good.toml").stdout == "good.toml: good\n"
    done = call("check", "bad.toml")
    assert done.exit_code == 2
    assert UPTAKE in done.stderr
