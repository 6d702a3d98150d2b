"""What an organisation has nothing to act on makes a difference of exactly 0.

A layer that nobody takes up, and links where there is neither delay nor loss to improve. Practice
models and layers are those of the library's folders, so one that is added is held to the same.
Worlds are busy, so that plenty could differ; controls show that it does as soon as it may.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from tests.engine.identity import difference_of_keys, difference_of_rows
from tests.engine.small import BUSY

from parcours_sim.care.appointments import SHARED
from parcours_sim.care.flatten import flatten
from parcours_sim.care.parameters import Parameters
from parcours_sim.care.setting import Setting
from parcours_sim.engine import Engine, simulate
from parcours_sim.engine.setting import settle
from parcours_sim.scenario.files import scenario_folder
from parcours_sim.scenario.quantity import Quantity
from parcours_sim.scenario.resolve import flat_keys, load_scenario
from parcours_sim.scenario.scenario import Scenario

Changes = Mapping[str, str | float]

LIBRARY = scenario_folder() / "library"
LAYERS, PRACTICES = (
    sorted(path.stem for path in (LIBRARY / kind).glob("*.toml"))
    for kind in ("layers", "practices")
)
PARENTS = ("isole", "mixte")
SEED = 1
SMALL: Changes = {**BUSY, "territory.inhabitants": 800, "horizon.years": 0.3}
LARGE: Changes = {
    "territory.inhabitants": 20_000,
    "horizon.years": 1.0,
    "horizon.warm_up_years": 0.5,
    "organisation.ramp_months": 2.0,
}
"""The standard territory as it is: nothing is pressed, so that other paths are the usual ones."""
SIZES = [
    pytest.param(SMALL, "reference", 1, id="small"),
    pytest.param(LARGE, "compiled", 5, id="large, compiled", marks=pytest.mark.verify),
]
PERFECT_LINKS: Changes = {
    f"territory.links.{link}.{what}": 0.0
    for link in load_scenario("isole").territory.links
    for what in ("delay_days", "loss_share")
}


def written(folder: Path, parent: str, table: str, name: str, share: float) -> Path:
    """Write the scenario that adds a layer to another, or that puts one practice model in it."""
    file = folder / f"{parent}_{name}.toml"
    reason = 'assumption = "chosen for a test only"'
    file.write_text(
        f'extends = "{parent}"\n'
        'title = { fr = "Essai", en = "Trial" }\n'
        'description = { fr = "Un essai.", en = "A trial." }\n'
        f"[organisation.{table}]\n"
        f"{name} = {{ value = {share}, low = 0.0, high = 1.0, {reason} }}\n"
    )
    return file


def numbers(scenario: Scenario, prefix: str) -> dict[str, Quantity]:
    """Give every number of a scenario below a path."""
    return {
        path: item
        for path, item in flat_keys(scenario)
        if path.startswith(prefix) and isinstance(item, Quantity)
    }


def strongest(scenario: Scenario, prefix: str) -> dict[str, float]:
    """Give the ends of plausible ranges at which a layer would do most."""
    found = numbers(scenario, prefix)
    return {key: item.low if key.endswith("_ratio") else item.high for key, item in found.items()}


def straight(scenario: Scenario, prefix: str) -> dict[str, float]:
    """Give the link ratios of an organisation, all of them 1."""
    return dict.fromkeys(numbers(scenario, f"{prefix}.links."), 1.0)


def first_difference(
    one: Scenario, other: Scenario, engine: Engine, replications: int
) -> str | None:
    """Say where outcomes or keys of stays of two scenarios first differ, in any replication."""
    for number in range(replications):
        pair = [simulate(each, SEED, number, engine=engine) for each in (one, other)]
        found = difference_of_rows(pair[0].rows, pair[1].rows) or difference_of_keys(*pair)
        if found:
            return f"replication {number}: {found}"
    return None


# A layer that nobody takes up.


@pytest.mark.parametrize(("world", "engine", "replications"), SIZES)
@pytest.mark.parametrize("parent", PARENTS)
@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_that_nobody_takes_up_differs_by_exactly_0_from_its_absence(
    tmp_path, layer, parent, world, engine, replications
):
    absent = load_scenario(parent, changes=world)
    file = written(tmp_path, parent, "layers", layer, 0.0)
    as_it_is = load_scenario(file, changes=world)
    most = strongest(as_it_is, f"organisation.layers.{layer}.layer.")
    as_strong_as_may_be = load_scenario(file, changes={**world, **most})
    assert layer not in absent.organisation.layers
    for found in (as_it_is, as_strong_as_may_be):
        assert layer in found.organisation.layers
        assert first_difference(absent, found, engine, replications) is None


@pytest.mark.parametrize("parent", PARENTS)
@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_that_somebody_takes_up_does_differ(tmp_path, layer, parent):
    found = load_scenario(written(tmp_path, parent, "layers", layer, 0.3), changes=SMALL)
    absent = load_scenario(parent, changes=SMALL)
    assert first_difference(absent, found, "compiled", 40) is not None  # few cases go to experts


class Start:
    """The clock of a territory before anything happens."""

    now = 0.0


def settled(parameters: Parameters) -> Setting:
    return settle(parameters, Start(), SEED, 0)


@pytest.mark.parametrize("parent", PARENTS)
@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_that_nobody_takes_up_lays_out_no_slot_and_makes_none_shared(
    tmp_path, layer, parent
):
    keys = {
        f"organisation.layers.{layer}.layer.{each}_slots_per_gp_per_day": 1.5
        for each in ("shared", "added")
    }
    books = {}
    for uptake in (0.0, 0.5):
        file = written(tmp_path, parent, "layers", layer, uptake)
        books[uptake] = settled(flatten(load_scenario(file, changes={**SMALL, **keys})))
    absent = settled(flatten(load_scenario(parent, changes=SMALL)))
    for name in ("slot_time", "slot_kind", "day_first", "free_slots", "walk_in_closes"):
        assert np.array_equal(getattr(books[0.0], name), getattr(absent, name)), name
    assert np.count_nonzero(absent.slot_kind == SHARED) == 0
    assert np.count_nonzero(books[0.5].slot_kind == SHARED) > 20
    assert len(books[0.5].slot_time) > len(absent.slot_time)


# Links where there is nothing to improve.


PART = {"practices": "model", "layers": "layer"}
ORGANISATIONS = [("practices", name) for name in PRACTICES] + [("layers", name) for name in LAYERS]


def pair(folder: Path, kind: str, name: str, world: Changes) -> tuple[Scenario, Scenario]:
    """Give an organisation as it is, and the same without anything done to links."""
    file = written(folder, "isole", kind, name, 1.0)
    as_it_is = load_scenario(file, changes=world)
    ratios = straight(as_it_is, f"organisation.{kind}.{name}.{PART[kind]}")
    assert len(ratios) == 2 * len(as_it_is.territory.links)
    return as_it_is, load_scenario(file, changes={**world, **ratios})


@pytest.mark.parametrize(("world", "engine", "replications"), SIZES)
@pytest.mark.parametrize(("kind", "name"), ORGANISATIONS)
def test_without_delay_and_loss_links_gain_an_organisation_exactly_nothing(
    tmp_path, kind, name, world, engine, replications
):
    one, other = pair(tmp_path, kind, name, {**world, **PERFECT_LINKS})
    assert first_difference(one, other, engine, replications) is None


def changes_links(kind: str, name: str) -> bool:
    """Whether a file of the library has a table of links at all."""
    return "[links." in (LIBRARY / kind / f"{name}.toml").read_text()


@pytest.mark.parametrize(("kind", "name"), [each for each in ORGANISATIONS if changes_links(*each)])
@pytest.mark.parametrize("perfect", ["delay_days", "loss_share"])
def test_where_either_is_left_links_do_differ(tmp_path, kind, name, perfect):
    half = {path: value for path, value in PERFECT_LINKS.items() if path.endswith(perfect)}
    one, other = pair(tmp_path, kind, name, {**SMALL, **half})
    assert first_difference(one, other, "compiled", 40) is not None


def test_only_isolated_practice_buses_experts_and_dedicated_lines_leave_links_as_they_are():
    unchanged = {name for kind, name in ORGANISATIONS if not changes_links(kind, name)}
    assert unchanged == {"isole", "bus_prevention", "plateforme_experts", "cpts_crise"}


@pytest.mark.parametrize("world", [SMALL, LARGE], ids=["small", "large"])
def test_without_delay_and_loss_every_message_arrives_at_once(world):
    shown = {**world, **PERFECT_LINKS}
    rows = simulate(load_scenario("isole", changes=shown), SEED, 0, engine="compiled").rows
    value = {outcome: number for outcome, group, number in rows if group == "all"}
    assert value["messages_sent"] > 50
    assert value["messages_lost"] == value["information_delay_days"] == 0.0
