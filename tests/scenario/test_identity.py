"""The hash, the dump and the key paths of a loaded scenario."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcours_sim.scenario.errors import ScenarioError
from parcours_sim.scenario.quantity import Quantity
from parcours_sim.scenario.resolve import (
    dump_scenario,
    flat_keys,
    load_dump,
    load_scenario,
    scenario_hash,
)
from parcours_sim.scenario.scenario import Scenario

BASELINE = load_scenario("isole")


def with_dump(edit: Any) -> Scenario:
    """Return the baseline after an edit of its dump."""
    tree = json.loads(dump_scenario(BASELINE))
    edit(tree)
    return load_dump(json.dumps(tree))


def rewrite_words(item: Any) -> None:
    """Give every name, title, source, reason and note of a dump other words."""
    if isinstance(item, dict):
        for key in item:
            if key in ("assumption", "note"):
                item[key] = "some other words"
            elif key in ("title", "description"):
                item[key] = {"fr": "autre", "en": "other"}
            elif key == "evidence":
                item[key] = "S01"
            else:
                rewrite_words(item[key])


def test_the_hash_ignores_names_titles_sources_and_reasons() -> None:
    def edit(tree: Any) -> None:
        tree["name"] = "renamed"
        rewrite_words(tree)

    renamed = with_dump(edit)
    assert renamed != BASELINE
    assert scenario_hash(renamed) == scenario_hash(BASELINE)


def replaced(item: Any, keys: list[str], new: Any) -> Any:
    """Return an object with another value at a key path, without checking whether it may be."""
    if not keys:
        return new
    first, *rest = keys
    if isinstance(item, dict):
        return {**item, first: replaced(item[first], rest, new)}
    return item.model_copy(update={first: replaced(getattr(item, first), rest, new)})


def one_path_of_each_key() -> list[tuple[str, Any]]:
    last_two = {tuple(path.split(".")[-2:]): (path, item) for path, item in flat_keys(BASELINE)}
    return [found for keys, found in last_two.items() if keys[0] not in ("title", "description")]


def test_every_key_but_names_and_sources_counts_in_the_hash() -> None:
    usual = scenario_hash(BASELINE)
    for path, item in one_path_of_each_key():
        if isinstance(item, Quantity):
            new: Any = item.model_copy(update={"value": item.value + 0.5})
        else:
            new = (not item) if isinstance(item, bool) else item + "x"
        assert scenario_hash(replaced(BASELINE, path.split("."), new)) != usual, path


@pytest.mark.parametrize("part", ["low", "high"])
def test_the_range_counts_in_the_hash(part: str) -> None:
    # The ceilings of hazards are made of the plausible highs.
    changed = replaced(BASELINE, ["horizon", "years", part], 9.5)
    assert scenario_hash(changed) != scenario_hash(BASELINE)


def test_a_condition_called_note_counts_in_the_hash() -> None:
    def edit(tree: Any, rate: float) -> None:
        conditions = tree["territory"]["conditions"]
        conditions["note"] = json.loads(json.dumps(conditions["copd"]))
        conditions["note"]["gp_visits_per_year"] |= {"value": rate, "low": 0.0, "high": 99.0}

    one, two = (with_dump(lambda tree, rate=rate: edit(tree, rate)) for rate in (1.0, 2.0))
    assert scenario_hash(one) != scenario_hash(two)


def test_the_hash_does_not_depend_on_the_hash_seed_of_the_process() -> None:
    code = (
        "from parcours_sim.scenario.resolve import load_scenario, scenario_hash;"
        "import sys; sys.stdout.write(scenario_hash(load_scenario('isole')))"
    )
    for seed in ("1", "2"):
        found = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert found.stdout == scenario_hash(BASELINE)


@settings(deadline=None, max_examples=40)
@given(st.floats(min_value=1e-6, max_value=1e6))
def test_any_number_comes_back_exactly_from_the_dump(euros: float) -> None:
    tree = json.loads(dump_scenario(BASELINE))
    tree["territory"]["costs"]["ed_visit_eur"] |= {"value": euros, "low": euros, "high": euros}
    scenario = load_dump(json.dumps(tree))
    again = load_dump(dump_scenario(scenario))
    assert again.territory.costs.ed_visit_eur.value == euros
    assert again == scenario


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "not-json"), ("{", "not-json"), ("[" * 100_000, "not-json"), ("3", "wrong-type")],
)
def test_what_is_no_dump_is_refused(text: str, code: str) -> None:
    with pytest.raises(ScenarioError) as error:
        load_dump(text)
    assert error.value.findings[0].code == code


def test_a_dump_with_wrong_shares_is_refused() -> None:
    def edit(tree: Any) -> None:
        tree["organisation"]["practices"]["isole"]["share"]["value"] = 0.5

    with pytest.raises(ScenarioError) as error:
        with_dump(edit)
    [finding] = error.value.findings
    assert (finding.code, finding.key) == ("sum", "organisation.practices")


@pytest.mark.parametrize("root", ["before", "organisation"])
def test_a_dump_that_lacks_a_link_is_refused(root: str) -> None:
    def edit(tree: Any) -> None:
        links = tree[root]["practices"]["isole"]["model"]["links"]
        links["nurse_to_doctor"] = links.pop("nurse_to_gp")

    with pytest.raises(ScenarioError) as error:
        with_dump(edit)
    place = f"{root}.practices.isole.model.links"
    assert [(finding.code, finding.key) for finding in error.value.findings] == [
        ("unknown-key", f"{place}.nurse_to_doctor"),
        ("missing-key", f"{place}.nurse_to_gp"),
    ]


@pytest.mark.parametrize("name", ["../../elsewhere", "", "My scenario", "n" * 51])
def test_a_dump_is_named_as_a_file_would_be(name: str) -> None:
    with pytest.raises(ScenarioError) as error:
        with_dump(lambda tree: tree.update(name=name))
    [finding] = error.value.findings
    assert (finding.code, finding.key) == ("bad-name", "name")


def test_key_paths_are_distinct_and_lead_to_quantities_texts_and_booleans() -> None:
    keys = list(flat_keys(BASELINE))
    assert len({path for path, _ in keys}) == len(keys)
    found = dict(keys)
    assert found["territory.inhabitants"] == BASELINE.territory.inhabitants
    assert found["territory.professionals.calendar"] == "france"
    assert found["episodes.copd.urgent"] is True
    assert not {"name", "parameter_set"} & set(found)
