"""What differs between two scenarios: which keys, in which order, and what stands beside what."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise, permutations
from pathlib import Path

import pytest

from parcours_sim.scenario.difference import Difference, Item, differences, part_of, table_of
from parcours_sim.scenario.quantity import Quantity
from parcours_sim.scenario.resolve import flat_keys, load_scenario, named_scenarios
from parcours_sim.scenario.scenario import Scenario

Write = Callable[..., Path]

PAIRS = list(permutations(named_scenarios(), 2))
named = cache(load_scenario)


def by_key(found: tuple[Difference, ...]) -> dict[str, Difference]:
    keys = [each.key for each in found]
    assert len(set(keys)) == len(keys)
    return {each.key: each for each in found}


def parameters(scenario: Scenario) -> dict[str, Item]:
    return {
        key: item
        for key, item in flat_keys(scenario)
        if not key.endswith((".title.fr", ".title.en", ".description.fr", ".description.en"))
    }


def number(difference: Difference, side: str) -> float:
    item = getattr(difference, side).item
    assert isinstance(item, Quantity)
    return item.value


@pytest.mark.parametrize("name", named_scenarios())
def test_a_scenario_differs_in_nothing_from_itself(name: str) -> None:
    assert differences(named(name), load_scenario(name)) == ()


def test_one_value_set_is_the_only_difference_and_both_sides_are_given() -> None:
    changed = load_scenario("msp", changes={"episodes.copd.crisis.stay_days": 9})
    (found,) = differences(named("msp"), changed)
    assert found.key == "episodes.copd.crisis.stay_days"
    assert found.left
    assert found.right
    assert found.left.item == named("msp").episodes["copd"].crisis.stay_days
    assert found.right.item == changed.episodes["copd"].crisis.stay_days
    assert (found.left.key, found.right.key, found.of_value) == (found.key, found.key, True)


def test_texts_and_booleans_are_parameters_too() -> None:
    changes: dict[str, str | float] = {
        "episodes.copd.crisis.triage": "low",
        "episodes.copd.urgent": False,
    }
    found = by_key(differences(named("isole"), load_scenario("isole", changes=changes)))
    assert set(found) == set(changes)
    assert found["episodes.copd.urgent"].right.item is False  # type: ignore[union-attr]


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_every_key_of_either_scenario_is_named_exactly_where_it_differs(
    pair: tuple[str, str],
) -> None:
    left, right = map(named, pair)
    ours, theirs = parameters(left), parameters(right)
    found = differences(left, right)
    for key in ours.keys() & theirs.keys():
        assert any(each.key == key for each in found) == (ours[key] != theirs[key]), key
    for each in found:
        if each.left and each.right:
            assert ours[each.left.key] != theirs[each.right.key]
        assert each.left is None or each.left.item == ours[each.left.key]
        assert each.right is None or each.right.item == theirs[each.right.key]
    told_alone = {each.key for each in found if each.left is None or each.right is None}
    beside = {
        part_of(side.key)
        for each in found
        if "|" in each.key
        for side in (each.left, each.right)
        if side
    }
    alone = {key for key in ours.keys() ^ theirs.keys() if part_of(key) not in beside}
    assert told_alone == alone


@pytest.mark.parametrize("pair", PAIRS[::3], ids="-".join)
def test_the_other_way_round_the_same_keys_differ_with_their_sides_exchanged(
    pair: tuple[str, str],
) -> None:
    def sides(left: str, right: str) -> set[tuple[object, ...]]:
        return {
            (each.left and each.left.key, each.right and each.right.key)
            for each in differences(named(left), named(right))
        }

    assert sides(*pair) == {(right, left) for left, right in sides(*reversed(pair))}


@pytest.mark.parametrize("pair", PAIRS[::3], ids="-".join)
def test_keys_come_in_the_order_of_the_files_and_no_table_is_torn_apart(
    pair: tuple[str, str],
) -> None:
    left, right = map(named, pair)
    keys = [each.key for each in differences(left, right)]
    order = list(parameters(left))
    shared = [key for key in keys if key in order]
    assert shared == sorted(shared, key=order.index)
    for depth in range(1, 6):
        tables = [".".join(key.split(".")[:depth]) for key in keys]
        changes = sum(one != next_one for one, next_one in pairwise(tables))
        assert changes == len(set(tables)) - 1


def test_what_only_the_second_has_comes_behind_what_the_first_has_in_that_table() -> None:
    found = [each.key for each in differences(named("isole"), named("cpts"))]
    shares = [key.split(".")[2] for key in found if key.endswith(".share")]
    assert shares == list(named("cpts").organisation.practices)
    assert found[0] == "organisation.practices.isole.share"
    assert found[-1].startswith("organisation.layers.cpts.layer.")


def test_parameter_sets_differ_where_the_literature_has_a_value_of_its_own() -> None:
    sets = ("documents", "literature")
    found = differences(*(load_scenario("msp", parameter_set=s, fitted=False) for s in sets))
    world = load_scenario("msp").territory.links, load_scenario("msp").episodes
    assert {part_of(each.key) for each in found} == {
        *(f"territory.links.{link}" for link in world[0]),
        *(f"episodes.{kind}" for kind in world[1]),
        "organisation.practices.msp_avec_si.model",
        "organisation.practices.msp_sans_si.model",
    }
    visits = "organisation.practices.msp_avec_si.model.follow.protocol_visits_per_year"
    left = number(by_key(found)[visits], "left")
    assert left > 0.0
    assert number(by_key(found)[visits], "right") == pytest.approx(left / 2.0)


@pytest.mark.parametrize(
    "other",
    [
        'value = 5.0, low = 2.0, high = 10.0, evidence = "S26"',
        'value = 5.0, low = 1.0, high = 9.0, evidence = "S26"',
        'value = 5.0, low = 1.0, high = 10.0, evidence = "S25"',
        'value = 5.0, low = 1.0, high = 10.0, assumption = "the same, for no reason"',
        'value = 5.0, low = 1.0, high = 10.0, evidence = "S26", note = "as it says"',
    ],
)
def test_another_range_source_reason_or_note_is_told_but_is_no_other_value(
    write: Write, other: str
) -> None:
    path = write(f"[horizon]\nyears = {{ {other} }}\n")
    (found,) = differences(named("isole"), load_scenario(path))
    assert (found.key, found.of_value) == ("horizon.years", False)


def test_it_makes_no_difference_where_a_value_was_written(write: Write) -> None:
    row = '{ value = 2.0, low = 1.0, high = 10.0, evidence = "S26" }'
    in_table = load_scenario(write(f"[horizon]\nyears = {row}\n", name="table"))
    as_change = load_scenario(write(f'[changes]\n"horizon.years" = {row}\n', name="change"))
    assert differences(in_table, as_change) == ()


def test_names_titles_and_descriptions_are_no_parameters(write: Write) -> None:
    assert differences(named("isole"), load_scenario(write(""))) == ()
    keys = [each.key for each in differences(named("isole"), named("msp"))]
    assert not [key for key in keys if ".title" in key or ".description" in key]


def test_a_model_that_only_one_has_is_set_beside_each_in_whose_place_it_stands() -> None:
    found = by_key(differences(named("isole"), named("msp")))
    for model, delay in (("msp_avec_si", 0.17), ("msp_sans_si", 0.5)):
        link = "model.links.nurse_to_gp.delay_ratio"
        each = found[f"organisation.practices.isole|{model}.{link}"]
        assert each.left
        assert each.right
        assert each.left.key == f"organisation.practices.isole.{link}"
        assert each.right.key == f"organisation.practices.{model}.{link}"
        assert (number(each, "left"), number(each, "right")) == pytest.approx((1.0, delay))


def test_models_set_beside_each_other_show_every_key_at_which_they_differ() -> None:
    ours, theirs = parameters(named("isole")), parameters(named("msp"))
    found = by_key(differences(named("isole"), named("msp")))
    for model in ("msp_avec_si", "msp_sans_si"):
        start, other = (f"organisation.practices.{name}.model." for name in ("isole", model))
        inside = [key.removeprefix(start) for key in ours if key.startswith(start)]
        assert len(inside) > 20
        expected = [key for key in inside if ours[start + key] != theirs[other + key]]
        together = f"organisation.practices.isole|{model}.model."
        assert [k.removeprefix(together) for k in found if k.startswith(together)] == expected


def test_shares_are_of_one_model_and_are_never_set_beside_each_other() -> None:
    found = by_key(differences(named("esp"), named("regroupe")))
    for name, side in (("esp", "right"), ("regroupe", "left")):
        share = found[f"organisation.practices.{name}.share"]
        assert getattr(share, side) is None
        assert share.absent_part is None
    assert "organisation.practices.esp|regroupe.share" not in found


def test_where_several_models_could_stand_in_its_place_each_is_absent(write: Write) -> None:
    half = '{ value = 0.5, low = 0.0, high = 1.0, assumption = "half of the GPs" }'
    path = write(f"[organisation.practices]\nesp = {half}\nregroupe = {half}\n")
    found = differences(load_scenario(path), named("msp"))
    assert not [each for each in found if "|" in each.key]
    assert {each.absent_part for each in found} - {None} == {
        f"organisation.practices.{name}.model"
        for name in ("esp", "regroupe", "msp_avec_si", "msp_sans_si")
    }


def test_the_organisation_before_is_compared_in_the_same_way(write: Write) -> None:
    later = load_scenario(write('before = "esp"\n'))
    found = by_key(differences(named("isole"), later))
    link = "before.practices.isole|esp.model.links.nurse_to_gp.delay_ratio"
    assert number(found[link], "left") == pytest.approx(1.0)
    assert all(key.startswith("before.practices.") for key in found)


def test_the_same_link_under_two_practice_models_is_two_keys() -> None:
    link = "organisation.practices.msp_sans_si.model.links.nurse_to_gp.loss_ratio"
    (found,) = differences(named("msp"), load_scenario("msp", changes={link: 0.3}))
    assert found.key == link


def test_a_link_that_one_territory_lacks_is_absent_as_a_part_and_from_every_model() -> None:
    whole = named("msp")
    scenario = without_link(whole, "patient_to_gp")
    found = differences(scenario, whole)
    assert all(each.left is None for each in found)
    assert {each.absent_part for each in found} == {None, "territory.links.patient_to_gp"}
    of_models = [each.key for each in found if each.absent_part is None]
    ratios = ("delay_ratio", "loss_ratio")
    assert of_models == [
        f"{model}.links.patient_to_gp.{ratio}"
        for model in (
            "before.practices.isole.model",
            "organisation.practices.msp_avec_si.model",
            "organisation.practices.msp_sans_si.model",
        )
        for ratio in ratios
    ]


def without_link(scenario: Scenario, link: str) -> Scenario:
    tree = scenario.model_dump()
    organisations = (tree["before"], tree["organisation"])
    models = [use["model"] for each in organisations for use in each["practices"].values()]
    for part in (tree["territory"], *models):
        del part["links"][link]
    return Scenario.model_validate(tree)


def test_a_layer_that_one_lacks_is_an_absent_part_and_its_uptake_is_told_apart() -> None:
    found = differences(named("isole"), named("paerpa"))
    assert {each.left for each in found} == {None}
    uptake, *layer = found
    assert (uptake.key, uptake.absent_part) == ("organisation.layers.paerpa.uptake_share", None)
    assert {each.absent_part for each in layer} == {"organisation.layers.paerpa.layer"}
    assert len(found) == len(
        [key for key in parameters(named("paerpa")) if key.startswith("organisation.layers.")]
    )


def test_layers_are_never_set_beside_each_other() -> None:
    found = differences(named("cpts"), named("paerpa"))
    layers = [each for each in found if each.key.startswith("organisation.layers.")]
    assert layers
    assert all((each.left is None) != (each.right is None) for each in layers)


def test_an_episode_kind_that_one_lacks_is_an_absent_part(write: Write) -> None:
    path = write('episodes = ["copd", "heart_failure"]\n')
    found = differences(load_scenario(path), named("isole"))
    missing = named("isole").episodes.keys() - {"copd", "heart_failure"}
    assert {each.absent_part for each in found} == {f"episodes.{name}" for name in missing}


@pytest.mark.parametrize(
    ("key", "part", "table"),
    [
        ("horizon.years", None, "horizon"),
        ("territory.inhabitants", None, "territory"),
        ("territory.demand.booking_lead_days", None, "territory.demand"),
        ("territory.links.a.loss_share", "territory.links.a", "territory.links.a"),
        (
            "territory.conditions.a.severities.b.share",
            "territory.conditions.a",
            "territory.conditions.a",
        ),
        ("episodes.a.window.sudden_share", "episodes.a", "episodes.a"),
        ("organisation.practices.a.share", None, "organisation.practices"),
        (
            "before.practices.a|b.model.links.c.loss_ratio",
            "before.practices.a|b.model",
            "before.practices.a|b.model",
        ),
        ("organisation.layers.a.layer.reaches",) + ("organisation.layers.a.layer",) * 2,
        ("organisation.ramp_months", None, "organisation"),
    ],
)
def test_a_key_stands_in_a_part_or_else_in_a_table(key: str, part: str | None, table: str) -> None:
    assert (part_of(key), table_of(key)) == (part, table)
