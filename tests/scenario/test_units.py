"""The unit that the name of a key tells: every number has one, and one that suits its kind."""

from __future__ import annotations

import pytest

from parcours_sim.scenario import kinds
from parcours_sim.scenario.quantity import Quantity, Share
from parcours_sim.scenario.resolve import flat_keys, load_scenario, named_scenarios
from parcours_sim.scenario.units import UNITS, unit_of

UNITS_OF_KIND: dict[type[Quantity], set[str]] = {
    Share: {"share", "share per year", "ratio"},
    kinds.Ratio: {"ratio", "square roots of the mean load"},
    kinds.PositiveRatio: {"ratio"},
    kinds.Sigma: {"standard deviation of the logarithm"},
    kinds.Exponent: {"exponent"},
    kinds.Inhabitants: {"inhabitants"},
    kinds.Supply: {"per 100,000 inhabitants"},
    kinds.Count: {"per practice", "per pharmacy"},
    kinds.Slots: {"per year"},
    kinds.PositiveRate: {"per day", "minutes per day"},
    kinds.Rate: {
        *("per year", "per week", "per inhabitant and year", "per GP and day"),
        *("hours per patient and year", "per 100,000 inhabitants"),
    },
    kinds.Years: {"years"},
    kinds.WarmUpYears: {"years"},
    kinds.Time: {"minutes", "hours", "days", "months"},
    kinds.PositiveTime: {"minutes", "hours", "days"},
    kinds.Hour: {"hour of the day"},
    kinds.DayOfYear: {"day of the year"},
    kinds.DaysOfYear: {"days per year"},
    kinds.DaysOfWeek: {"days per week"},
    kinds.WeeksOfYear: {"weeks per year"},
    kinds.Euros: {
        *("euros", "euros per practice and year", "euros per inhabitant and year"),
        "euros per patient and year",
    },
}
"""What the numbers of each kind can be counted in; written beside the table, not read from it."""

KEYS = {key: item for name in named_scenarios() for key, item in flat_keys(load_scenario(name))}
NUMBERS = {key: item for key, item in KEYS.items() if isinstance(item, Quantity)}
OTHERS = KEYS.keys() - NUMBERS.keys()


def test_every_number_of_every_named_scenario_has_a_unit_that_suits_its_kind() -> None:
    for key, item in NUMBERS.items():
        assert unit_of(key) in UNITS_OF_KIND[type(item)], key


def test_every_unit_that_a_kind_allows_is_that_of_some_key() -> None:
    found = {(type(item), unit_of(key)) for key, item in NUMBERS.items()}
    assert found == {(kind, unit) for kind, units in UNITS_OF_KIND.items() for unit in units}


def test_the_longest_ending_in_whole_words_tells_the_unit_and_none_is_idle() -> None:
    used = set()
    for key in NUMBERS:
        name = key.split(".")[-1]
        endings = [ending for ending in UNITS if f"_{name}".endswith(f"_{ending}")]
        used.add(max(endings, key=len))
        assert unit_of(key) == UNITS[max(endings, key=len)], key
    assert used == set(UNITS)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("nurse_days", "days"),
        ("nurse_days_per_year", "days per year"),
        ("nurse_visits_per_day", "per day"),
        ("winter_peak_day", "day of the year"),
        ("shared_slots_per_gp_per_day", "per GP and day"),
        ("same_day_share", "share"),
        ("share_75_and_over", "share"),
        ("death_75_and_over_share_per_year", "share per year"),
        ("death_ratio_after_stay", "ratio"),
        ("death_ratio_days", "days"),
        ("gp_leave_weeks", "weeks per year"),
        ("consultation_sd_minutes", "minutes"),
        ("coordination_hours_per_patient_per_year", "hours per patient and year"),
        ("funding_per_practice_eur_per_year", "euros per practice and year"),
        ("stay_eur", "euros"),
    ],
)
def test_names_that_are_easily_misread_have_their_right_unit(name: str, unit: str) -> None:
    assert any(key.endswith(f".{name}") for key in NUMBERS)
    assert unit_of(f"some.table.{name}") == unit


def test_texts_and_booleans_have_no_unit() -> None:
    assert {key.split(".")[-1] for key in OTHERS} >= {"triage", "urgent", "start_date", "en"}
    for key in OTHERS:
        with pytest.raises(KeyError):
            unit_of(key)


@pytest.mark.parametrize(
    "name", ["holidays", "sharer", "market_shares", "days.ahead", "peak.day", ""]
)
def test_a_name_that_ends_with_no_whole_word_of_the_table_is_an_error(name: str) -> None:
    with pytest.raises(KeyError, match="those of no unit"):
        unit_of(f"territory.{name}")
