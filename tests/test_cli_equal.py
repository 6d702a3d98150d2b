"""compare --equal-resources: what is printed, kept, resumed and refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from parcours_sim.analysis import equal_resources
from parcours_sim.cli import app
from parcours_sim.cli.equal import FILE

WORLD = (
    *("--set", "territory.inhabitants=1000", "--set", "horizon.years=0.2"),
    *("--set", "horizon.warm_up_years=0.05", "--workers", "1"),
)
TINY = (*WORLD, "--replications", "2")
EQUAL = "--equal-resources"
ASKED = ("paerpa", "msp", EQUAL)
COPY = """
extends = "isole"
title = { fr = "Ici", en = "Here" }
description = { fr = "La même chose.", en = "The same." }
"""
OVER = """
extends = "paerpa"
title = { fr = "Trop", en = "Too much" }
description = { fr = "Plus de coordination que de médecins.", en = "More coordination than GPs." }

[changes]
"organisation.layers.paerpa.layer.coordination_hours_per_patient_per_year" = 500
"""


def call(*args):
    return CliRunner().invoke(app, [str(arg) for arg in args])


def words(text: str) -> str:
    """Return what is printed without its line breaks."""
    return " ".join(text.replace("\u00a0", " ").split())


def read(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


def hashes(folder: Path) -> dict[str, str]:
    return {one["name"]: one["hash"] for one in read(folder / "manifest.json")["scenarios"]}


def ratios(folder: Path) -> dict[str, list[float]]:
    """Return the slots ratios of all practice models, by scenario."""
    return {
        one["name"]: [
            use["model"]["access"]["slots_ratio"]["value"]
            for use in one["organisation"]["practices"].values()
        ]
        for one in read(folder / "scenarios.resolved.json")
    }


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Return a finished comparison at equal resources, and its folder."""
    folder = tmp_path_factory.mktemp("equal") / "study"
    done = call("compare", *ASKED, *TINY, "--out", folder)
    assert done.exit_code == 0, done.stderr
    return done, folder


@pytest.fixture
def without_pilot(monkeypatch):
    """Let no factor be found again."""

    def never(*_):
        raise AssertionError("factors are sought again")

    monkeypatch.setattr(equal_resources, "equalise", never)


def factors(folder: Path) -> dict[str, float]:
    return {one["scenario"]: one["factor"] for one in read(folder / FILE)["made"]["factors"]}


def test_the_table_says_that_resources_are_equal_and_by_which_factors(compared):
    done, folder = compared
    found = factors(folder)
    assert set(found) == {"paerpa", "msp"}
    assert max(found.values()) < 1.0
    note = words(done.stdout)
    assert "At equal resources: slots of GPs are multiplied until" in note
    assert "to 0.1 % in 4 random worlds" in note
    assert f"PAERPA over isolated practice: × {found['paerpa']:.3f} (−" in note
    assert f"health centres (MSP): × {found['msp']:.3f} (−" in note


def test_what_is_simulated_has_the_factors_and_the_baseline_none(compared):
    _, folder = compared
    found, own = factors(folder), ratios(folder)
    assert own["isole"] == [1.0]
    assert own["paerpa"] == [found["paerpa"]]
    assert own["msp"] == [found["msp"]] * 2


def test_the_baselines_own_practices_in_a_mix_are_scaled_there_and_not_in_the_baseline(tmp_path):
    done = call("compare", "dac", "--baseline", "mixte", EQUAL, *TINY, "--out", tmp_path / "mix")
    assert done.exit_code == 0, done.stderr
    own = ratios(tmp_path / "mix")
    factor = factors(tmp_path / "mix")["dac"]
    assert factor < 1.0
    assert len(own["mixte"]) == len(own["dac"]) > 2
    assert own["dac"] == pytest.approx([ratio * factor for ratio in own["mixte"]], rel=1e-12)


def test_the_same_command_again_simulates_nothing(compared, without_pilot):
    _, folder = compared
    before = (folder / FILE).read_bytes()
    again = call("compare", *ASKED, *TINY, "--out", folder, "--json")
    assert again.exit_code == 0, again.stderr
    document = json.loads(again.stdout)
    assert document["simulated"] == 0
    told = {one["scenario"]: one["factor"] for one in document["equal_resources"]}
    assert told == factors(folder)
    assert any(note.startswith("At equal resources") for note in document["notes"])
    assert (folder / FILE).read_bytes() == before


def test_what_is_left_in_the_worlds_compared_is_told(compared):
    from parcours_sim.analysis.professional_time import professional_hours
    from parcours_sim.experiment.run import read_study

    _, folder = compared
    result = read_study(folder)
    count = str(result.study.replications)
    again = call("compare", *ASKED, *WORLD, "--replications", count, "--out", folder, "--json")
    document = json.loads(again.stdout)
    hours = {
        scenario.name: professional_hours(scenario, 1, own).mean()
        for scenario, own in zip(result.study.scenarios, result.replications, strict=True)
    }
    left = {one["scenario"]: one["left"] for one in document["equal_resources"]}
    for name, share in left.items():
        assert share == pytest.approx(hours[name] / hours["isole"] - 1.0, abs=1e-9)
    most = 100.0 * max(map(abs, left.values()))
    assert most > 0.1  # per cent: fewer worlds than those in which factors were found
    notes = " ".join(document["notes"]).replace("\u00a0", " ")
    assert f"differ by {most:.2f} % at most" in notes


def test_more_replications_keep_the_factors(compared, without_pilot):
    _, folder = compared
    before = hashes(folder)
    more = call("compare", *ASKED, *WORLD, "--replications", "3", "--out", folder)
    assert more.exit_code == 0, more.stderr
    assert "3 of 9 replications were simulated now" in more.stdout
    assert hashes(folder) == before


def test_reproduce_plot_and_price_work_on_its_folder(compared):
    _, folder = compared
    assert call("reproduce", folder).exit_code == 0
    assert call("plot", folder, "--language", "fr").exit_code == 0
    price = call("price", folder, "--language", "fr")
    assert price.exit_code == 0, price.stderr
    assert "À moyens égaux" in price.stdout
    factor = f"{factors(folder)['paerpa']:.3f}".replace(".", ",")
    assert f"PAERPA\u202f: × {factor} (−" in price.stdout
    for language, said in (("", "at equal resources"), (".fr", "à moyens égaux")):
        for name in ("avoided_hospitalisations", "price", "waits_and_delays"):
            drawn = (folder / "figures" / f"{name}{language}.svg").read_text(encoding="utf-8")
            assert said in drawn.replace("\u202f", " "), name


def test_a_copy_of_the_baseline_has_factor_1_and_is_not_changed(tmp_path):
    copy = tmp_path / "copy.toml"
    copy.write_text(COPY, encoding="utf-8")
    folder = tmp_path / "study"
    done = call("compare", copy, EQUAL, *TINY, "--out", folder)
    assert done.exit_code == 0, done.stderr
    assert factors(folder) == {"copy": 1.0}
    assert "Here: × 1.000 (0 GP hours)" in words(done.stdout)
    assert hashes(folder)["copy"] == hashes(folder)["isole"]


@pytest.mark.parametrize("sets", [(), ("--parameter-set", "both")])
def test_equality_that_no_slots_reach_is_refused_and_nothing_is_written(
    tmp_path, monkeypatch, sets
):
    monkeypatch.chdir(tmp_path)
    Path("over.toml").write_text(OVER, encoding="utf-8")
    done = call("compare", "over.toml", EQUAL, *TINY, *sets)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--equal-resources: over takes +" in done.stderr
    assert "no number of GPs' slots makes up for it: it would take -" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["over.toml"]


def test_without_the_option_the_folder_is_another_studys(compared, tmp_path):
    _, folder = compared
    before = (folder / "manifest.json").read_bytes()
    plain = call("compare", "paerpa", "msp", *TINY, "--out", folder)
    assert (plain.exit_code, plain.stdout) == (2, "")
    assert "another study" in plain.stderr
    assert (folder / "manifest.json").read_bytes() == before


def test_a_folder_without_equal_resources_is_refused_before_anything_is_sought(
    tmp_path, without_pilot
):
    folder = tmp_path / "plain"
    assert call("compare", "paerpa", *TINY, "--out", folder).exit_code == 0
    done = call("compare", "paerpa", EQUAL, *TINY, "--out", folder)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "holds results of a comparison without --equal-resources" in done.stderr
    assert not (folder / FILE).exists()


def test_other_scenarios_are_refused_where_factors_are_kept(compared, without_pilot):
    _, folder = compared
    done = call("compare", "msp", EQUAL, *TINY, "--out", folder)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "holds results of something else: scenarios" in done.stderr


def test_factors_of_other_scenarios_beside_results_are_not_told_of_them(tmp_path, compared):
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / FILE).write_bytes((compared[1] / FILE).read_bytes())
    done = call("compare", "paerpa", "msp", *TINY, "--out", folder)
    assert done.exit_code == 0, done.stderr
    assert "At equal resources" not in done.stdout


@pytest.mark.parametrize("text", ["{", '{"asked": {}}', '{"asked": {}, "made": {"factors": 3}}'])
def test_damaged_factors_are_refused(tmp_path, compared, text):
    folder = tmp_path / "study"
    folder.mkdir()
    asked = read(compared[1] / FILE)["asked"]
    kept = text.replace('"asked": {}', f'"asked": {json.dumps(asked)}')
    (folder / FILE).write_text(kept, encoding="utf-8")
    done = call("compare", *ASKED, *TINY, "--out", folder)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{FILE}: is damaged" in done.stderr


def test_a_share_of_the_worlds_cannot_be_simulated_at_equal_resources(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call("compare", "paerpa", EQUAL, *TINY, "--shard", "1/2")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--equal-resources: found it with --shard" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_each_parameter_set_has_factors_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call("compare", "paerpa", EQUAL, *TINY, "--parameter-set", "both")
    assert done.exit_code == 0, done.stderr
    (folder,) = (tmp_path / "results").iterdir()
    assert folder.name.startswith("isole-paerpa-both-")
    assert folder.name.endswith("-equal-resources")
    found = [factors(folder / name)["paerpa"] for name in ("documents", "literature")]
    assert found[0] != found[1]
    for name, factor in zip(("documents", "literature"), found, strict=True):
        said = rf"{name}: At equal resources: .* × {factor:.3f} \("
        assert re.search(said, words(done.stdout))
    again = call("compare", "paerpa", EQUAL, *TINY, "--parameter-set", "both", "--json")
    assert again.exit_code == 0, again.stderr
    sets = json.loads(again.stdout)["parameter_sets"]
    assert [sets[name]["simulated"] for name in sets] == [0, 0]
