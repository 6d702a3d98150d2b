"""warm-up, on a territory so small that a replication takes a moment."""

import csv
import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from parcours_sim.analysis.log_series import SERIES, weekly_series, weeks_before_start
from parcours_sim.care.flatten import flatten
from parcours_sim.cli import app
from parcours_sim.cli.tables import MAIN_OUTCOMES
from parcours_sim.engine import simulate
from parcours_sim.scenario.resolve import load_scenario

SMALL = {"territory.inhabitants": "300", "horizon.years": "1.1", "horizon.warm_up_years": "0.1"}
ASKED = (
    *(part for key, value in SMALL.items() for part in ("--set", f"{key}={value}")),
    *("--warm-up-years", "2.2", "--replications", "2", "--workers", "1"),
)


def call(*args):
    return CliRunner().invoke(app, [str(arg) for arg in args])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Return what the command printed, and its folder."""
    folder = tmp_path_factory.mktemp("asked") / "warm-up"
    done = call("warm-up", "msp", *ASKED, "--out", folder)
    assert done.exit_code == 0, done.stderr
    return done, folder


@pytest.fixture(scope="module")
def again(asked):
    """Return the same once more, as JSON, and for what is simulated whether its log is kept."""
    simulated = []

    def simulate_as(scenario, seed, replication, **options):
        simulated.append(options.get("log", False))
        return simulate(scenario, seed, replication, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("parcours_sim.engine.simulate", simulate_as)
        done = call("warm-up", "msp", *ASKED, "--out", asked[1], "--json", "--language", "fr")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout), simulated


@pytest.fixture(scope="module")
def document(again):
    return again[0]


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_prints_every_series_and_the_main_outcomes_of_the_first_year_and_of_all(asked):
    done, folder = asked
    assert done.stderr == ""
    assert re.search(r"^Pluriprofessional|before the start: from the end of", done.stdout)
    for line in ("People in the emergency department", "Wait for a GP, visits wanted at once"):
        assert len(re.findall(rf"^ {line}", done.stdout, re.MULTILINE)) == 1
    assert len(re.findall(r"^ [ *] ED visits  ", done.stdout, re.MULTILINE)) == 2
    for span in ("the first measured year", "all measured years"):
        assert f"Outcomes of {span} after 0.1 and after 2.2 year(s) of warm-up: " in done.stdout
    assert "Under 5,000 inhabitants rare outcomes are noisy" in done.stdout
    assert f"Figures: {folder / 'figures'}: warm_up.png, warm_up.svg" in done.stdout


def test_the_figure_stands_in_its_folder_in_the_language_asked_for(asked, document):
    names = {path.name for path in (asked[1] / "figures").iterdir()}
    assert names == {f"warm_up{end}" for end in (".png", ".svg", ".fr.png", ".fr.svg")}
    assert [Path(file).name for file in document["files"]] == ["warm_up.fr.png", "warm_up.fr.svg"]


def test_what_is_compared_is_the_scenario_after_its_own_warm_up_and_after_the_longer_one(asked):
    for span, years in (("first_year", 1.0), ("all_years", 1.1)):
        folder = asked[1] / span
        scenarios = json.loads((folder / "scenarios.resolved.json").read_text(encoding="utf-8"))
        horizons = [one["horizon"] for one in scenarios]
        assert [one["years"]["value"] for one in horizons] == [years] * 2
        assert [one["warm_up_years"]["value"] for one in horizons] == [0.1, 2.2]
        assert [one["name"] for one in scenarios] == ["msp", "msp_longer_warm_up"]


def test_as_json_totals_are_those_of_a_year_of_the_outcomes_table(asked, document):
    (effect,) = [one for one in document["outcomes"]["all_years"] if one["outcome"] == "ed_visits"]
    visits = {"msp": [], "msp_longer_warm_up": []}
    for row in rows(asked[1] / "all_years" / "outcomes.csv"):
        if (row["outcome"], row["group"]) == ("ed_visits", "all"):
            visits[row["scenario"]].append(float(row["value"]) / 1.1)
    own, longer = (sum(values) / 2 for values in visits.values())
    assert effect["own"]["value"] == pytest.approx(own)
    assert effect["longer"]["value"] == pytest.approx(longer)
    assert effect["difference"]["value"] == pytest.approx(longer - own)
    assert [one["outcome"] for one in document["outcomes"]["first_year"]] == list(MAIN_OUTCOMES)


def test_series_are_those_of_the_logs_of_the_longer_warm_up(document):
    assert list(document["series"]) == list(SERIES)
    assert document["cut_week"] == 5
    changes = SMALL | {"horizon.warm_up_years": "2.2", "horizon.years": "0.5"}
    scenario = load_scenario("msp", changes=changes)
    weeks = weeks_before_start(flatten(scenario).begins)
    found = [
        weekly_series(simulate(scenario, 1, number, log=True).log.lines, weeks)["ed_present"]
        for number in range(2)
    ]
    assert document["series"]["ed_present"]["weekly"] == pytest.approx(sum(found) / 2)
    assert sum(found).sum() > 0


def test_the_same_command_simulates_logs_again_but_nothing_that_is_stored(again):
    assert again[1] == [True, True]


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_logs_are_simulated_by_the_engine_asked_for(elsewhere, monkeypatch, engine):
    used = []

    def simulate_as(scenario, seed, replication, *, log=False, engine="reference", **_):
        used.append((log, engine))
        return simulate(scenario, seed, replication, log=log)

    monkeypatch.setattr("parcours_sim.engine.simulate", simulate_as)
    monkeypatch.setattr("parcours_sim.report.page.save_figure", lambda *_: ())
    horizon = ("--set", "territory.inhabitants=100", "--set", "horizon.years=0.1")
    short = (*horizon, "--set", "horizon.warm_up_years=0", "--warm-up-years", "2")
    usual = ("--replications", 1, "--workers", 1)
    done = call("warm-up", "isole", *short, *usual, "--engine", engine)
    assert done.exit_code == 0, done.stderr
    assert used == [(False, engine), (False, engine), (True, engine)]
    (folder,) = Path("results").iterdir()
    assert folder.name.startswith("warm-up-isole-territory.inhabitants=100")
    assert folder.name.endswith("-2-years")
    assert {path.name for path in folder.iterdir()} == {"all_years", "figures"}


def test_the_longest_name_of_a_scenario_leaves_room_for_its_twins(elsewhere, monkeypatch):
    monkeypatch.setattr("parcours_sim.report.page.save_figure", lambda *_: ())
    about = 'title = { fr = "A", en = "A" }\ndescription = { fr = "A.", en = "A." }\n'
    Path(f"{'a' * 50}.toml").write_text(f'extends = "isole"\n{about}', encoding="utf-8")
    small = ("territory.inhabitants=100", "horizon.years=0.1", "horizon.warm_up_years=0")
    changes = [part for change in small for part in ("--set", change)]
    usual = ("--warm-up-years", 2, "--replications", 1, "--workers", 1, "--out", "o")
    done = call("warm-up", f"{'a' * 50}.toml", *changes, *usual)
    assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("isol",), 'scenario: found "isol".*nearest: isole'),
        (("isole", "--warm-up-years", 2.9), r"--warm-up-years: found 2\.9, allowed 3 .* to 10"),
        (("isole", "--warm-up-years", 11), r"--warm-up-years: found 11, allowed 3 .* to 10"),
        (("isole", "--warm-up-years", "nan"), "--warm-up-years: found nan, allowed 3"),
        (("isole", "--warm-up-years", "long"), "--warm-up-years"),
        (
            ("isole", "--set", "horizon.warm_up_years=1.5"),
            r"--warm-up-years: found 3, allowed 3\.5 \(horizon\.warm_up_years and 2 years\) to 10",
        ),
        (
            ("isole", "--set", "horizon.warm_up_years=9", "--warm-up-years", 10),
            "horizon.warm_up_years: found 9, allowed 8 or less",
        ),
        (("isole", "--set", "horizon.yeers=1"), "nearest: horizon.years"),
        (("isole", "--replications", 0), "--replications"),
        (("isole", "--seed", -1), "--seed"),
        (("isole", "--engine", "fast"), "--engine"),
        (("isole", "--language", "de"), "--language"),
        (("isole", "--parameter-set", "litterature"), "nearest: literature"),
        (("isole", "--out", ""), "--out"),
        (("isole", "msp"), "unexpected extra argument"),
        ((), "Missing argument"),
    ],
)
def test_wrong_input_is_refused_before_anything_is_written(elsewhere, args, said):
    done = call("warm-up", *args)
    assert done.exit_code == 2
    assert re.search(said, done.stderr)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert not list(elsewhere.iterdir())


def test_a_folder_of_another_question_is_refused(asked):
    done = call("warm-up", "isole", *ASKED, "--out", asked[1])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "another study" in done.stderr


def test_a_folder_of_a_comparison_is_refused_and_left_as_it_is(asked, elsewhere):
    shutil.copytree(asked[1] / "all_years", "study")
    before = sorted(Path("study").rglob("*"))
    done = call("warm-up", "msp", *ASKED, "--out", "study")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "study: holds results of another command; choose another --out\n"
    assert sorted(Path("study").rglob("*")) == before


def test_an_out_that_is_a_file_is_refused(elsewhere):
    Path("file").write_text("mine")
    done = call("warm-up", "isole", *ASKED, "--out", "file")
    assert (done.exit_code, done.stdout) == (2, "")
    assert Path("file").read_text() == "mine"


def test_help_explains_the_command(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert re.search(r"warm-up +Show whether", call("--help").stdout)
    text = " ".join(re.sub("[│\n]", " ", call("warm-up", "--help").stdout).split())
    for option, default in {"--warm-up-years": "3.0", "--replications": "20"}.items():
        after = text.partition(f"{option} ")[2].partition("[default: ")[2]
        assert after.startswith(default), option
