"""What a command line asks for together with a study: which goes before which, and what can't be.

Shards that have nothing to do stand for whole runs: they read all that is asked for, and simulate
nothing.
"""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from parcours_sim.cli import app
from parcours_sim.experiment.sweep import MOST_AXES
from parcours_sim.scenario.study_file import MOST_KEYS

DELAY = "territory.links.nurse_to_gp.delay_days"
UPTAKE = "organisation.layers.cpts.uptake_share"
IDLE = ("--replications", 1, "--shard", "2/2", "--workers", 1)
SMALL = (
    *("--set", "territory.inhabitants=600", "--set", "horizon.years=0.2"),
    *("--set", "horizon.warm_up_years=0.05", "--workers", 1),
)
TERRITORIES = """name,inhabitants,share_75_and_over,gps,nurses,pharmacies,ed_rooms,beds
North,500,0.11,1,1,1,1,1
South,700,0.09,1,1,1,1,1
"""
STUDY = """
title = { fr = "Ici", en = "Here" }
description = { fr = "Une étude.", en = "A study." }
"""
COMPARISON = f"""{STUDY}
scenarios = ["cpts"]
[set]
"territory.inhabitants" = 600
"horizon.years.value" = 0.2
"horizon.warm_up_years" = 0.05
"""
SWEEP = f"""{STUDY}
scenarios = ["cpts"]
"""


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Call the command line from an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def written(tmp_path):
    """Write a study into a folder of its own, and return its path as one types it."""

    def write(text: str) -> str:
        (tmp_path / "own").mkdir(exist_ok=True)
        (tmp_path / "own" / "t.csv").write_text(TERRITORIES, encoding="utf-8")
        (tmp_path / "own" / "mine.toml").write_text(text, encoding="utf-8")
        return "own/mine.toml"

    return write


def folder(done) -> str:
    """Return the name of the folder that an idle shard was given."""
    assert done.exit_code == 0, done.stderr
    return Path(json.loads(done.stdout)["folder"]).name


def test_a_key_that_is_typed_goes_before_the_same_key_of_a_study_and_the_others_stay(call, written):
    typed = ("--set", "horizon.years=0.1", "--set", "horizon.warm_up_years.value=0.02")
    done = call("compare", written(COMPARISON), *typed, *IDLE, "--json")
    assert folder(done) == (
        "isole-cpts-territory.inhabitants=600-horizon.years=0.1-horizon.warm_up_years.value=0.02-"
        "shard=2_2"
    )


@pytest.mark.parametrize("command", [("show", "isole"), ("diff", "isole", "msp"), ("run", "isole")])
def test_one_key_under_two_spellings_is_refused_as_given_twice(call, command):
    for pair in ((DELAY, f"{DELAY}.value"), (f"{DELAY}.value", DELAY)):
        done = call(*command, *(word for key in pair for word in ("--set", f"{key}=5")))
        assert (done.exit_code, done.stdout) == (2, "")
        said = f"--set: {pair[1]}: found it a second time, allowed each key once\n"
        assert done.stderr == said


def test_an_axis_under_two_spellings_is_refused_as_given_twice(call):
    done = call("sweep", "msp", "--vary", f"{DELAY}=1,2", "--vary", f"{DELAY}.value=3,4")
    assert done.exit_code == 2
    assert f'--vary: found "{DELAY}.value" twice' in done.stderr


def test_a_study_names_a_table_of_territories_beside_it(call, written):
    study = written(f'{SWEEP}territories = "t.csv"')
    assert call("check", study).stdout == f"{study}: good\n"
    name = folder(call("sweep", study, *IDLE, "--json"))
    assert name == "sweep-cpts-territory=North-South-shard=2_2"


def test_a_key_that_is_typed_goes_before_the_territories_of_a_study(call, written):
    study = written(f'{SWEEP}territories = "t.csv"')
    name = folder(call("sweep", study, "--vary", f"{UPTAKE}=0,1", *IDLE, "--json"))
    assert name == f"sweep-cpts-{UPTAKE}=0.0-1.0-shard=2_2"


@pytest.mark.parametrize(
    ("command", "words", "told"),
    [
        ("compare", ("--shard", "1/1", "--events", "e.csv"), "--events: found it with --shard"),
        (
            "compare",
            ("--max-replications", 3, "--replications", 2),
            "--max-replications: found it without --precision",
        ),
        ("run", ("--max-replications", 3), "--max-replications: found it without --precision"),
        (
            "sweep",
            ("--territories", "own/t.csv", "--vary", f"{UPTAKE}=0,1", "--vary", f"{DELAY}=1,2"),
            "--vary: found 2 keys beside --territories, allowed one key at most beside it\n",
        ),
        (
            "sweep",
            (),
            "--vary: found no key, allowed one or two, or --territories FILE.csv and one at most\n",
        ),
    ],
)
def test_options_that_would_be_ignored_are_refused(call, tmp_path, written, command, words, told):
    written(SWEEP)
    done = call(command, "cpts", *words, *SMALL, "--out", "out")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(told)
    assert not (tmp_path / "out").exists()


def test_a_study_with_a_precision_takes_a_maximum_and_no_shard(call, written):
    study = written(COMPARISON.replace("[set]", 'precision = { deaths = "99%" }\n[set]'))
    done = call("compare", study, "--max-replications", 2, "--workers", 1, "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["replications"]["most"] == 2
    done = call("compare", study, "--shard", "1/2")
    assert done.exit_code == 2
    assert "--shard: found it with a precision, allowed it with --replications N" in done.stderr


def test_a_shard_without_a_replication_says_so(call):
    done = call("run", "isole", *SMALL, *IDLE[:4], "--out", "two")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("Shard 2/2 has nothing to do: there are fewer replications (1)")


def test_a_shard_without_a_replication_can_be_merged(call):
    for shard in (1, 2):
        words = ("--replications", 1, "--shard", f"{shard}/2", "--out", f"s{shard}", "--json")
        done = call("run", "isole", *SMALL, *words)
        found = json.loads(done.stdout)
        assert found == {
            "shard": f"{shard}/2",
            "replications": 2 - shard,
            "simulated": 2 - shard,
            "folder": f"s{shard}",
        }
    assert call("merge", "s2", "--out", "part", "--json").stdout.count('"missing": 1') == 1
    assert call("merge", "s1", "s2", "--out", "both").exit_code == 0


def test_merge_shows_the_outcome_of_a_sweep_that_is_asked_for(call, tmp_path):
    words = ("sweep", "cpts", "--vary", f"{UPTAKE}=0,1", *SMALL, "--replications", 2)
    done = call(*words, "--shard", "1/1", "--outcome", "discharges", "--out", "s")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.endswith("merge DIR DIR … --out DIR --outcome discharges\n")
    for wrong in ("discharge", "hospitalisation"):
        done = call("merge", "s", "--out", "both", "--outcome", wrong)
        assert (done.exit_code, done.stdout) == (2, "")
        assert f'--outcome: found "{wrong}"' in done.stderr
    assert not (tmp_path / "both").exists()
    merged = call("merge", "s", "--out", "both", "--outcome", "discharges", "--json")
    assert merged.exit_code == 0, merged.stderr
    assert json.loads(merged.stdout)["outcome"] == "discharges"
    assert (tmp_path / "both" / "figures" / "sweep_discharges.png").exists()
    assert json.loads(call("merge", "s", "--out", "b", "--json").stdout)["outcome"] == (
        "hospitalisations"
    )


def test_merge_refuses_an_outcome_for_what_is_no_sweep(call, tmp_path):
    done = call("run", "isole", *SMALL, *IDLE[:4], "--out", "s")
    done = call("merge", "s", "--out", "both", "--outcome", "deaths")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--outcome: found it with s, which is of no sweep" in done.stderr
    assert not (tmp_path / "both").exists()


@pytest.mark.parametrize(
    ("command", "more", "told"),
    [
        ("sweep", f'outcome = "death"\nvary = {{ "{UPTAKE}" = "0,1" }}', 'outcome: found "death"'),
        ("sweep", f'vary = {{ "{UPTAKE}" = "0,1", a = [1], b = [1] }}', "vary: found a table of 3"),
        ("sweep", f'vary = {{ "{UPTAKE}" = [0, 7] }}', f'vary."{UPTAKE}'),
        ("sweep", f'vary = {{ "{UPTAKE}" = "0:" }}', f'vary."{UPTAKE}": found "0:"'),
        ("sweep", 'territories = "no.csv"', "own/no.csv: found"),
        ("sweep", f'baseline = "cpts"\nvary = {{ "{UPTAKE}" = "0,1" }}', "scenarios: found only"),
        ("compare", 'baseline = "cpts"', "scenarios: found only the baseline"),
        ("compare", 'baseline = "isol"', 'baseline: found "isol"'),
        ("compare", 'precision = { death = "5%" }', 'precision: found "death"'),
        ("compare", "precision = { deaths = 0 }", 'precision.deaths: found "0"'),
        ("compare", 'set = { "horizon.yeers" = 1 }', 'set."horizon.yeers": found'),
        ("compare", f"seed = {2**63 - 1}\nreplications = 0", "replications: found 0, allowed a"),
    ],
)
def test_a_study_that_check_refuses_is_refused_in_the_same_words_by_a_run(
    call, tmp_path, written, command, more, told
):
    study = written(SWEEP + more)
    checked, ran = call("check", study), call(command, study, "--out", "out")
    assert (checked.exit_code, ran.exit_code) == (2, 2)
    assert checked.stderr == ran.stderr
    assert told in checked.stderr
    assert len(checked.stderr.splitlines()) == 1
    assert "own/" in checked.stderr
    for option in ("--vary", "--set", "--outcome", "--precision", "--baseline"):
        assert option not in checked.stderr
    assert not (tmp_path / "out").exists()


def test_scenarios_that_cannot_be_compared_are_found_by_check(call, written, tmp_path):
    study = written(f'{STUDY}scenarios = ["far.toml"]')
    far = f'extends = "isole"\n{STUDY}[changes]\n"territory.inhabitants" = '
    own = '{ value = 700, low = 500, high = 900, assumption = "as we count them" }'
    (tmp_path / "own" / "far.toml").write_text(far + own, encoding="utf-8")
    done = call("check", study)
    assert done.exit_code == 2
    assert "they can't be compared" in done.stderr
    assert call("compare", study).stderr == done.stderr


def test_an_option_that_is_wrong_beside_a_good_study_is_told_as_an_option(call, written):
    done = call("compare", written(COMPARISON), "--set", "horizon.yeers=1")
    assert done.exit_code == 2
    assert done.stderr.startswith("--set: horizon.yeers: found an unknown key")


def test_studies_allow_as_many_keys_as_sweeps_do():
    assert MOST_KEYS == MOST_AXES
