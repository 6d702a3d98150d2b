"""The data that would replace assumptions: what the file may say, and that it leaves none out."""

from __future__ import annotations

from pathlib import Path

import pytest

from parcours_sim.scenario.better_data import read_better_data
from parcours_sim.scenario.coverage import coverage_of
from parcours_sim.scenario.errors import Finding, ScenarioError
from parcours_sim.scenario.files import named_scenarios
from parcours_sim.scenario.resolve import load_scenario

WORDS = "".join(f'{name} = {{ fr = "A", en = "A" }}\n' for name in ("title", "holder", "tells"))
DATA = f"""
[[data]]
name = "first"
{WORDS}evidence = ["L035"]
keys = ["territory.links.**", "episodes.*.rate_per_year", "organisation.layers.*.layer.fund*"]
"""
LATER = DATA.replace("first", "second").replace("L035", "L036")


def read(folder: Path, text: str):
    path = folder / "better.toml"
    path.write_text(text, encoding="utf-8")
    return read_better_data(path)


def refused(folder: Path, text: str) -> Finding:
    with pytest.raises(ScenarioError) as error:
        read(folder, text)
    (finding,) = error.value.findings
    assert finding.file.endswith("better.toml")
    return finding


@pytest.mark.parametrize(
    ("key", "is_meant"),
    [
        ("territory.links.nurse_to_gp.delay_days", True),
        ("territory.links", False),
        ("episodes.copd.rate_per_year", True),
        ("episodes.copd.window.rate_per_year", False),
        ("organisation.layers.cpts.layer.funding_per_patient_eur_per_year", True),
        ("before.layers.cpts.layer.funding_per_patient_eur_per_year", True),
        ("organisation.layers.cpts.layer.recall_share", False),
    ],
)
def test_a_star_means_a_name_or_its_end_and_two_mean_a_path(tmp_path, key, is_meant):
    assert (read(tmp_path, DATA).for_key(key) is not None) is is_meant


def test_the_first_data_that_names_a_key_counts(tmp_path):
    better = read(tmp_path, DATA + LATER)
    assert better.for_key("territory.links.a.b").name == "first"
    assert [better.for_row(row).name for row in ("L035", "L036")] == ["first", "second"]
    assert better.for_row("L037") is None


@pytest.mark.parametrize(
    ("text", "key", "code"),
    [
        (DATA.replace("L035", "L999"), "data.0.evidence.0", "unknown-name"),
        (DATA.replace('["L035"]', '["L035", "L035"]'), "data.0.evidence.1", "twice"),
        (DATA + DATA.replace("L035", "L036"), "data.1.name", "twice"),
        (DATA + DATA.replace("first", "second"), "data.1.evidence.0", "twice"),
        (DATA.replace("holder", "owner", 1), "", ""),
        (DATA.replace("territory.links", "links"), "data.0.keys.0", "bad-name"),
        (DATA.replace("links.**", "**.delay_days"), "data.0.keys.0", "bad-name"),
        ("data = []\n", "data", "wrong-type"),
    ],
)
def test_a_wrong_file_is_refused_with_its_key(tmp_path, text, key, code):
    if not key:
        with pytest.raises(ScenarioError) as error:
            read(tmp_path, text)
        assert {each.code for each in error.value.findings} == {"unknown-key", "missing-key"}
        return
    finding = refused(tmp_path, text)
    assert (finding.key, finding.code) == (key, code)


def test_an_unknown_row_is_refused_with_the_nearest(tmp_path):
    assert refused(tmp_path, DATA.replace("L035", "L0355")).found == '"L0355"'


@pytest.mark.parametrize("name", named_scenarios())
def test_every_assumption_and_every_unverified_row_in_use_has_data_that_would_replace_it(name):
    better, coverage = read_better_data(), coverage_of(load_scenario(name))
    assert [row for row in coverage.unverified if better.for_row(row) is None] == []
    of_ledger = {row for row in coverage.assumed if row}
    assert {row for row in of_ledger if better.for_row(row) is None} == set()
    assert [key for key in coverage.assumed[""] if better.for_key(key) is None] == []


def test_no_data_is_named_that_would_replace_nothing():
    better, used = read_better_data(), set()
    for name in named_scenarios():
        coverage = coverage_of(load_scenario(name))
        rows = [*coverage.unverified, *(row for row in coverage.assumed if row)]
        found = [better.for_row(row) for row in rows]
        found += [better.for_key(key) for key in coverage.assumed[""]]
        used |= {data.name for data in found if data}
    assert used == {data.name for data in better.data}
