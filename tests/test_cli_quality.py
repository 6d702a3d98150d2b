"""quality: for whom each organisation is better or worse; what is printed, drawn and refused."""

from __future__ import annotations

import csv
import json

import pytest
from typer.testing import CliRunner

from parcours_sim.cli import app

TINY = (
    *("--set", "territory.inhabitants=1000", "--set", "horizon.years=0.2"),
    *("--set", "horizon.warm_up_years=0.05", "--replications", "3", "--workers", "1"),
)


def call(*args):
    return CliRunner().invoke(app, [str(arg) for arg in args])


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Return the folder of a finished comparison of esp and msp with isole."""
    folder = tmp_path_factory.mktemp("compared") / "study"
    done = call("compare", "esp", "msp", *TINY, "--out", folder)
    assert done.exit_code == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def judged(compared):
    """Return what `quality` prints of that comparison, and the rows of its table."""
    done = call("quality", compared)
    assert done.exit_code == 0, done.stderr
    with (compared / "quality.csv").open(encoding="utf-8", newline="") as file:
        return done.stdout, list(csv.DictReader(file))


def test_every_criterion_of_each_organisation_has_its_counts(judged):
    printed, rows = judged
    counted = printed.partition("For the worse")[0].splitlines()
    criteria = ("Accessibility", "Coordination", "Adequate orientation", "Attention to the person")
    for title in ("(ESP)", "(MSP)"):
        lines = [line for line in counted if title in line]
        assert [name in line for name, line in zip(criteria, lines, strict=True)] == [True] * 4
    msp = [row for row in rows if (row["scenario"], row["criterion"]) == ("msp", "accessibility")]
    verdicts = [row["verdict"] for row in msp]
    wanted = [str(verdicts.count(each)) for each in ("better", "worse", "untold", "same")]
    line = next(line for line in counted if "(MSP)" in line and "Accessibility" in line)
    assert line.split()[-4:] == wanted


def test_each_harm_is_listed_and_nothing_else(judged):
    printed, rows = judged
    harms = sum(row["verdict"] == "worse" for row in rows)
    listed = printed.partition("For the worse")[2].partition("·")[0]
    assert sum("(ESP)" in line or "(MSP)" in line for line in listed.splitlines()) == harms


def test_the_table_and_a_figure_of_each_organisation_are_written(compared, judged):
    drawn = {path.name for path in (compared / "figures").iterdir()}
    assert {f"quality_{name}.{end}" for name in ("esp", "msp") for end in ("png", "svg")} <= drawn
    assert {row["scenario"] for row in judged[1]} == {"esp", "msp"}
    assert {row["baseline"] for row in judged[1]} == {"isole"}


def test_one_organisation_is_shown_whole_with_the_definitions(compared, tmp_path):
    done = call("quality", compared, "--scenario", "msp", "--out", tmp_path / "one")
    assert done.exit_code == 0, done.stderr
    head = next(line for line in done.stdout.splitlines() if "Everyone" in line)
    assert ("Under 75" in head, "75 and over" in head) == (True, True)
    assert "(ESP)" not in done.stdout
    assert "(deaths): Deaths of people simulated one by one." in done.stdout
    # What leans on the definition above it has that one too.
    assert "(gp_wait_median_days): Median time in calendar days from request" in done.stdout


def test_the_same_study_gives_the_same_bytes_in_either_language(compared, judged, tmp_path):
    done = call("quality", compared, "--language", "fr", "--out", tmp_path / "fr")
    assert done.exit_code == 0, done.stderr
    again = (tmp_path / "fr" / "quality.csv").read_bytes()
    assert again == (compared / "quality.csv").read_bytes()
    assert "Prise en compte de la personne" in done.stdout
    assert "quality_msp.fr.png" in done.stdout
    assert (tmp_path / "fr" / "figures" / "quality_msp.fr.svg").exists()


def test_as_data_it_holds_counts_and_rows_of_whom_is_asked_for(compared, judged, tmp_path):
    args = ("--scenario", "esp", "--json", "--out", tmp_path / "json")
    document = json.loads(call("quality", compared, *args).stdout)
    assert (document["baseline"], document["parameter_set"]) == ("isole", "documents")
    (esp,) = document["organisations"]
    rows = [row for row in judged[1] if row["scenario"] == "esp"]
    assert [row["verdict"] for row in esp["rows"]] == [row["verdict"] for row in rows]
    told = sum(sum(found.values()) for found in esp["counts"].values())
    assert told == len(rows)
    assert all(row["low"] is None or isinstance(row["low"], float) for row in esp["rows"])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mps", '--scenario: found "mps", allowed one of esp, msp; nearest: msp'),
        ("isole", '--scenario: found "isole", allowed one of esp, msp'),
    ],
)
def test_an_organisation_that_was_not_compared_is_refused_and_nothing_is_written(
    compared, tmp_path, name, said
):
    out = tmp_path / "none"
    done = call("quality", compared, "--scenario", name, "--out", out)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert not out.exists()


def test_a_folder_without_a_comparison_is_refused(tmp_path):
    done = call("quality", tmp_path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "results folder" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_where_figures_cannot_be_written_nothing_is(compared, tmp_path):
    (tmp_path / "figures").write_text("a file", encoding="utf-8")
    folder = compared[0] if isinstance(compared, tuple) else compared
    done = call("quality", folder, "--out", tmp_path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert [path.name for path in tmp_path.iterdir()] == ["figures"]
