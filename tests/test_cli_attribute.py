"""attribute: its table, files, JSON and exit status, on a model that is a formula."""

from __future__ import annotations

import csv
import json
import random
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli_calibrate import Begun, call, fake_model, held

COMMAND = ("attribute", "paerpa", "--replications", 3, "--workers", 1, "--out", "lab")
CHANNELS = (
    *("warning", "discharge", "medicines", "expert_advice"),
    *("unscheduled", "admission_route", "control", "capacity"),
)
FILES = ("attribution.csv", "coalitions.csv", "attribution.json")
FIGURES = ("attribution.png", "attribution.svg", "attribution.fr.png", "attribution.fr.svg")


def rows_of(scenario: Any, seed: int, replication: int) -> dict[str, float]:
    """A hundred stays less for each share of recalls, ten less for each visit, and chance."""
    layer = scenario.organisation.layers.get("paerpa")
    recalls, visits = (
        (layer.layer.recall_share.value, layer.layer.protocol_visits_per_year.value)
        if layer
        else (0.0, 0.0)
    )
    chance = 1.0 + 0.01 * random.Random(f"{seed}-{replication}").random()
    stays = 1000.0 * chance - 100.0 * recalls - 10.0 * visits * chance
    return {"hospitalisations": stays, "ed_visits": 2.0 * stays}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch) -> Iterator[Path]:
    """An empty folder to work in; Ctrl-C is heard again afterwards."""
    usual = signal.getsignal(signal.SIGINT)
    place = tmp_path / "here"
    place.mkdir()
    monkeypatch.chdir(place)
    yield place
    signal.signal(signal.SIGINT, usual)


@pytest.fixture
def begun(monkeypatch) -> list[Begun]:
    """Put a model so small in place; return what is simulated from then on."""
    found: list[Begun] = []
    model = fake_model(rows_of, found)
    monkeypatch.setattr("parcours_sim.experiment.model.installed_model", lambda: model)
    return found


@pytest.fixture
def undrawn(monkeypatch) -> None:
    """Leave the figure out, where it isn't what is asked about."""
    monkeypatch.setattr(
        "parcours_sim.report.attribution_figure.draw_attribution", lambda *_: list[Path]()
    )


def document(*more: object) -> dict[str, Any]:
    done = call(*COMMAND, *more, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads(done.stdout)


def refused(*arguments: object) -> str:
    done = call("attribute", *arguments, "--out", "lab")
    assert (done.exit_code, done.stdout) == (2, "")
    assert not Path("lab").exists()
    return done.stderr


@pytest.mark.usefixtures("begun", "undrawn")
def test_the_table_has_a_line_for_every_channel_and_the_total():
    done = call(*COMMAND)
    assert (done.exit_code, done.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    (control,) = [line for line in lines if line.startswith("Sustained follow-up (control) ")]
    assert re.fullmatch(r".* 10\.\d 10\.\d to 10\.\d 1\.00 20 10\.\d 10\.\d", control)
    assert "Discharge 40.0 40.0 to 40.0 3.99 80 40.0 40.0" in lines
    assert "Admission route 0.0 0.0 to 0.0 0.00 0 0.0 0.0" in lines
    assert "Warning 0 doesn’t move 0 0 0 0" in lines
    assert "Expert advice 0 doesn’t move 0 0 0 0" in lines
    (total,) = [line for line in lines if line.startswith("All channels ")]
    assert re.fullmatch(r".* 50\.\d 50\.\d to 50\.\d 4\.99 100", total)
    assert lines[0].startswith("PAERPA over isolated practice. Hospitalisations avoided per 100,0")
    assert any("compared with: Isolated practice (before)" in line for line in lines)
    assert "8 coalitions of 3 channels; 30 replications were simulated now." in lines


@pytest.mark.usefixtures("begun", "undrawn")
def test_parts_sum_to_the_total_in_what_is_printed_as_json():
    found = document()
    assert [each["channel"] for each in found["channels"]] == list(CHANNELS)
    parts = sum(each["value"] for each in found["channels"])
    assert parts == pytest.approx(found["total"]["value"], rel=1e-12)
    assert [each["channel"] for each in found["channels"] if each["moves"]] == [
        *("discharge", "admission_route", "control"),
    ]
    assert (found["scenario"], found["baseline"], found["replications"]) == ("paerpa", "before", 3)
    assert found["channels"][1]["share"] == pytest.approx(0.8, rel=0.01)


@pytest.mark.usefixtures("begun")
def test_files_are_named_and_are_there():
    done = call(*COMMAND)
    assert (done.exit_code, done.stderr) == (0, "")
    assert [" ".join(line.split()) for line in done.stdout.splitlines()][-3:] == [
        "Results: lab",
        "Tables: lab: attribution.csv, coalitions.csv",
        f"Figures: {Path('lab', 'figures')}: {', '.join(FIGURES)}",
    ]
    figures = [str(Path("figures", name)) for name in FIGURES]
    assert set(held(Path("lab"))) >= {*FILES, *figures}


@pytest.mark.usefixtures("begun", "undrawn")
def test_the_table_of_coalitions_gives_back_the_parts():
    found = document()
    with Path("lab/coalitions.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["outcome"] == "hospitalisations"]
    avoided = {row["channels"]: float(row["avoided"]) for row in rows}
    assert len(avoided) == 8
    assert avoided[""] == 0.0
    assert avoided["discharge+admission_route+control"] == pytest.approx(found["total"]["value"])
    assert avoided["discharge"] == pytest.approx(found["channels"][1]["alone"])
    with Path("lab/attribution.csv").open(encoding="utf-8", newline="") as file:
        outcomes = {row["outcome"] for row in csv.DictReader(file)}
    assert outcomes == {"hospitalisations", "ed_visits"}


@pytest.mark.usefixtures("undrawn")
def test_nothing_is_simulated_twice_and_more_replications_only_add(begun):
    first = document()
    assert (len(begun), first["simulated"]) == (30, 30)
    assert {one.engine for one in begun} == {"compiled"}
    begun.clear()
    again = document()
    assert (begun, again["simulated"]) == ([], 0)
    assert {**again, "simulated": 30} == first
    more = document("--replications", 4)
    assert {one.replication for one in begun} == {3}
    assert (more["simulated"], more["replications"]) == (10, 4)


@pytest.mark.usefixtures("begun", "undrawn")
def test_another_outcome_and_one_kind_may_be_asked_for():
    found = document("--outcome", "ed_visits", "--kind", "copd")
    assert (found["outcome"], found["group"]) == ("ed_visits", "kind:copd")
    assert found["total"]["value"] == 0.0
    assert document("--outcome", "ed_visits")["total"]["value"] == pytest.approx(100.1, rel=0.002)


@pytest.mark.usefixtures("begun")
def test_figures_of_other_outcomes_have_other_names():
    call(*COMMAND, "--outcome", "ed_visits", "--kind", "copd")
    assert Path("lab/figures/attribution-ed_visits-copd.fr.png").is_file()


@pytest.mark.usefixtures("begun", "undrawn")
def test_without_a_folder_its_name_says_what_it_is_of():
    done = call("attribute", "paerpa", "--replications", 1, "--baseline", "isole")
    assert done.exit_code == 0
    assert Path("results/attribute-paerpa-from-isole/attribution.csv").is_file()


@pytest.mark.usefixtures("begun", "undrawn")
@pytest.mark.parametrize(
    ("other", "differs"),
    [
        (("attribute", "prado_ic"), "scenario is paerpa there and prado_ic here"),
        (("attribute", "paerpa", "--seed", 2), "seed is 1 there and 2 here"),
        (("attribute", "paerpa", "--set", "horizon.years=1"), "scenario_hash is "),
        (("attribute", "paerpa", "--baseline", "isole"), "baseline is before there and isole here"),
    ],
)
def test_the_folder_of_another_attribution_is_refused_and_left_as_it_is(other, differs):
    document()
    before = Path("lab/attribution.csv").read_bytes()
    done = call(*other, "--replications", 1, "--out", "lab")
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"lab: holds results of something else: {differs}" in done.stderr
    assert Path("lab/attribution.csv").read_bytes() == before


@pytest.mark.usefixtures("begun", "undrawn")
def test_how_it_was_answered_is_kept():
    document()
    found = json.loads(Path("lab/attribution.json").read_text(encoding="utf-8"))
    assert (found["asked"]["scenario"], found["asked"]["seed"]) == ("paerpa", 1)
    assert found["made"]["replications"] == 3
    assert found["made"]["channels"] == ["discharge", "admission_route", "control"]
    assert found["made"]["model_version"] == "model-1"


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["paerpo"], r'^scenario: found "paerpo", .*; nearest: paerpa$'),
        (["paerpa", "--outcome", "ed_visit"], r"^--outcome: found .*; nearest: ed_visits$"),
        (["paerpa", "--outcome", "cost_eur"], r'^--outcome: found "cost_eur", allowed a count of'),
        (["paerpa", "--kind", "copds"], r'^--kind: found "copds", .*; nearest: copd$'),
        (["paerpa", "--parameter-set", "document"], r".*; nearest: documents$"),
        (["paerpa", "--baseline", "isol"], r'^scenario: found "isol", .*; nearest: isole$'),
        (["paerpa", "--set", "horizon.year=1"], r"^--set: horizon.year: .*nearest: horizon.years$"),
        (["isole"], r"^scenario: found 'isole', which moves no channel against its baseline"),
        (["msp", "--baseline", "msp_deux_ans"], r"^horizon.years: 'msp' has 5.0 but the baseline"),
        (["msp", "--baseline", "mixte"], r"^--baseline: organisation.practices: found isole 0.31"),
    ],
)
def test_wrong_input_is_said_in_a_line_before_a_folder_is_made(arguments, said):
    (line,) = refused(*arguments).splitlines()
    assert re.match(said, line), line


@pytest.mark.usefixtures("begun")
def test_a_folder_of_something_else_is_refused_and_left_as_it_is():
    Path("lab").mkdir()
    Path("lab/thesis.txt").write_text("mine", encoding="utf-8")
    done = call(*COMMAND)
    assert (done.exit_code, done.stdout) == (2, "")
    assert held(Path("lab")) == {"thesis.txt": b"mine"}


def test_an_end_that_is_not_what_it_should_be_is_a_fault_of_the_program(begun, monkeypatch):
    def wrong(scenario: Any, seed: int, replication: int) -> dict[str, float]:
        more = 1.0 if scenario.organisation.layers else 0.0  # though all channels are off
        return {"hospitalisations": 5.0 + more}

    model = fake_model(wrong, begun)
    monkeypatch.setattr("parcours_sim.experiment.model.installed_model", lambda: model)
    done = call(*COMMAND)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "switching channels doesn't give before at its end" in done.stderr
    assert not Path("lab/attribution.csv").exists()
