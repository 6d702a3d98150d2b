"""The loop, read as plain Python, plans what the reference engine plans, in the same order.

So an event of another class is seen even where nothing else happens at its instant.
"""

import sys
from functools import cache
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from tests.engine.compiled.rows import readable
from tests.engine.identity import first_difference
from tests.engine.small import busy

from parcours_sim.care import order
from parcours_sim.engine import Replication, kernels, simulate
from parcours_sim.engine.compiled import draws, loop, queue, simulation
from parcours_sim.engine.compiled.state import Step
from parcours_sim.engine.reference.clock import Clock
from parcours_sim.scenario.scenario import Scenario

COMPILED = "parcours_sim.engine.compiled."
WALK_IN = "organisation__practices__isole__model__access__walk_in_days_per_week"
SMALL = {
    "territory__inhabitants": 400,
    "horizon__years": 0.3,
    "horizon__warm_up_years": 0.1,
    "organisation__ramp_months": 0.5,
}
DELEGATED = "organisation__practices__msp_avec_si__model__follow__delegated_share"
WORLDS: dict[str, Scenario] = {
    "isole, some walk in": busy("isole", **SMALL, **{WALK_IN: 3.0}),
    "isole, one room and one bed": busy(
        "isole",
        **SMALL,
        territory__hospital__ed_rooms_per_100k=250.0,
        territory__hospital__beds_per_100k=250.0,
        territory__hospital__ed_visits_per_inhabitant_per_year=2.0,
    ),
    "msp, nurses see patients instead of GPs": busy("msp", **SMALL, **{DELEGATED: 0.9}),
    "paerpa, nurses have full rounds": busy(
        "paerpa", **SMALL, territory__professionals__nurse_visits_per_day=1.0
    ),
    "experts are asked": busy("cpts_val_doise_teleexpertise", **SMALL),
}


class Told(NamedTuple):
    """A replication and what was planned in it, as (time, class), in its order."""

    replication: Replication
    planned: list[tuple[float, int]]
    steps: set[int]


@cache
def read(world: str) -> Told:
    """Give a replication of the compiled engine, uncompiled."""
    planned, steps = [], set()

    def plan(territory, time, its_class, step, *rest):
        planned.append((max(time, territory.clock.now), int(its_class)))
        steps.add(step)
        plan_in_queue(territory, time, its_class, step, *rest)

    plan_in_queue = queue.plan
    with pytest.MonkeyPatch.context() as patch:
        for name, module in tuple(sys.modules.items()):
            plans = name.startswith(COMPILED) and getattr(module, "plan", None) is plan_in_queue
            if plans and module is not queue:
                patch.setattr(module, "plan", plan)
        patch.setattr(loop, "view", lambda territory: territory)
        patch.setattr(draws, "block", kernels.block)
        patch.setattr(simulation, "as_tuple", readable)
        uncompiled = {name: getattr(loop, name) for name in ("begin", "run", "finish")}
        patch.setattr(simulation, "entries", SimpleNamespace(**uncompiled))
        return Told(simulation.run(WORLDS[world], 1, 0, log=True), planned, steps)


@cache
def told_by_simpy(world: str) -> Told:
    """Give the same of the reference engine, without the steps, which it has none of."""
    planned, at = [], Clock.at

    def plan(clock, time, its_class):
        planned.append((max(time, clock.now), its_class))
        return at(clock, time, its_class)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Clock, "at", plan)
        return Told(simulate(WORLDS[world], 1, 0, log=True), planned, set())


@pytest.mark.parametrize("world", WORLDS)
def test_both_engines_plan_the_same_events_of_the_same_classes_in_the_same_order(world):
    ours, theirs = read(world).planned, told_by_simpy(world).planned
    different = [pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]]
    assert different[:3] == []
    assert len(ours) == len(theirs)


@pytest.mark.parametrize("world", WORLDS)
def test_the_compiled_engine_read_as_plain_python_writes_the_record_of_the_reference(world):
    assert first_difference(told_by_simpy(world).replication, read(world).replication) is None


def test_the_worlds_together_plan_events_of_every_class_and_step():
    classes = {value for name, value in vars(order).items() if name.isupper()}
    assert {its_class for world in WORLDS for _, its_class in read(world).planned} == classes
    assert set.union(*(read(world).steps for world in WORLDS)) == set(Step)
