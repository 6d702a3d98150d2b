"""Both engines write the same record, bit for bit: named scenarios, and worlds of every sort.

Where a world fails, `python -m tests.engine.test_engines_agree 17` looks for a simpler one that
fails too.
"""

import sys
from collections import Counter
from functools import cache

import pytest
from hypothesis import given, settings
from tests.engine.identity import first_difference
from tests.engine.worlds import FEATURES, World, simplest, world, worlds

from parcours_sim.engine import Replication, simulate
from parcours_sim.engine.record import TEXTS, Trace
from parcours_sim.scenario.resolve import load_scenario, named_scenarios
from parcours_sim.scenario.scenario import Scenario

# What compiles the engine, once, takes its time with the first test.
pytestmark = pytest.mark.timeout(1800)

USUAL, ALL = 40, 200
"""How many worlds every run of the tests compares, and how many `make verify`."""
ENOUGH_EVENTS = 1000

SMALL = {
    "territory.inhabitants": 1500,
    "horizon.years": 0.4,
    "horizon.warm_up_years": 0.15,
    "organisation.ramp_months": 2.0,
}


def difference(scenario: Scenario, number: int, *, log: bool = True) -> str | None:
    """Say where the engines first differ about one replication of a scenario."""
    return compared(scenario, number, log=log)[1]


def compared(
    scenario: Scenario, number: int, *, log: bool = True
) -> tuple[Replication, str | None]:
    """Run both engines; give the reference's record, and where the other one first differs."""
    seed, replication = 1 + number, number % 3
    reference = simulate(scenario, seed, replication, log=log)
    other = simulate(scenario, seed, replication, log=log, engine="compiled")
    return reference, first_difference(reference, other)


@cache
def run_of(number: int) -> tuple[int, Counter[str], str | None]:
    """Give the events of a world's run, those of its log and its traces, and what differs first."""
    reference, found = compared(world(number).scenario(), number)
    told = Counter(entry.event for entry in reference.log or ())
    told.update({what.name: len(reference.traced(what)) for what in Trace})
    return reference.events, told, found


@pytest.mark.parametrize(
    "number",
    [*range(USUAL), *(pytest.param(n, marks=pytest.mark.verify) for n in range(USUAL, ALL))],
)
def test_the_engines_agree_in_a_world(number):
    found = run_of(number)[2]
    assert found is None, f"{found}, in {world(number)}"


@pytest.mark.parametrize("name", named_scenarios())
def test_the_engines_agree_on_a_small_named_scenario(name):
    for parameter_set in ("documents", "literature"):
        scenario = load_scenario(name, parameter_set=parameter_set, changes=SMALL)
        assert difference(scenario, 0) is None


@pytest.mark.verify
@pytest.mark.parametrize("name", named_scenarios())
def test_the_engines_agree_on_a_named_scenario_at_full_size(name):
    assert difference(load_scenario(name), 0) is None


@pytest.mark.verify
@pytest.mark.parametrize(
    ("inhabitants", "emergencies", "requests"), [(20, 1e4, 1e4), (19, 1e4, 5e3)]
)
def test_the_engines_agree_on_a_hamlet_with_a_thousand_events_an_hour(
    inhabitants, emergencies, requests
):
    # Far more events pass through an hour than ever wait at once.
    hamlet = {
        "territory.inhabitants": inhabitants,
        "horizon.years": 0.1,
        "horizon.warm_up_years": 0.0,
        "territory.hospital.ed_visits_per_inhabitant_per_year": emergencies,
        "territory.demand.gp_requests_per_inhabitant_per_year": requests,
    }
    assert difference(load_scenario("isole", changes=hamlet), 0) is None


def test_the_engines_agree_without_a_log():
    assert difference(world(8).scenario(), 8, log=False) is None


@pytest.mark.verify
@given(worlds())
@settings(max_examples=100, derandomize=True, database=None, deadline=None)
def test_the_engines_agree_in_whatever_world_hypothesis_makes(any_world):
    assert difference(any_world.scenario(), any_world.number) is None, any_world


def test_the_worlds_together_reach_every_event_of_the_log_and_every_trace():
    reached = sum((run_of(number)[1] for number in range(USUAL)), Counter())
    assert set(reached) == {*TEXTS, *(what.name for what in Trace)}


def test_most_worlds_are_full_of_events():
    busy = [number for number in range(USUAL) if run_of(number)[0] > ENOUGH_EVENTS]
    assert len(busy) >= 0.75 * USUAL


def test_the_worlds_together_take_every_option_of_every_feature():
    taken = {choice for number in range(USUAL) for choice in world(number).choices.items()}
    every = {(feature, option) for feature, options in FEATURES.items() for option in options}
    assert taken == every


def test_a_world_is_the_same_whenever_it_is_made():
    assert world(7).scenario() == world(7).scenario()
    assert world(7).scenario() != World(8, world(7).choices).scenario()


def test_a_world_that_is_wrong_is_made_as_usual_as_it_can_be():
    found = simplest(world(3), lambda each: each.choices["people"] == world(3).choices["people"])
    unusual = {name: option for name, option in found.choices.items() if option != "usual"}
    assert set(unusual) <= {"people"}


if __name__ == "__main__":
    start = world(int(sys.argv[1]))

    def is_wrong(tried: World) -> bool:
        return difference(tried.scenario(), tried.number) is not None

    found = simplest(start, is_wrong)
    print(f"{difference(found.scenario(), found.number)}, in {found}")
