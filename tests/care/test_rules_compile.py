"""The rules of care that engines call compile as they are, and then give the same bits.

Rules that read a territory or its people are called on real ones, in both forms; see `twins.py`.
"""

import math

import numpy as np
import pytest
from tests.care.test_compilable import opening_hours, own_functions, request, uniform
from tests.care.twins import WORLDS, outcome, pair, set_clocks, state_of, twin

from parcours_sim.care import (
    access,
    accounts,
    advice,
    control,
    demand,
    diary,
    episodes,
    hazard,
    hospital,
    messages,
    population,
    practices,
    routine,
    stays,
    tallies,
)
from parcours_sim.care.diary import OFFERED
from parcours_sim.care.parameters import GP, NURSE, PHARMACIST
from parcours_sim.care.tallies import Count
from parcours_sim.engine.setting import severities_of

MODULES = (
    *(hazard, control, messages, episodes, hospital, demand, routine, access),
    *(practices, stays, accounts, tallies, diary, population, advice),
)
BEFORE_ANYTHING_HAPPENS = {
    "practices.teams",
    "practices.joins_at",
    "diary.capacity_ratios",
    "diary.leave_days",
    "diary.shared_slots",
    "population.list_weights",
    "population.rounded_shares",
    "population.running_shares",
    "tallies.groups",
}
"""Used only while a replication is put together, by Python for both engines."""
AFTER_EVERYTHING_HAPPENED = {"tallies.grouped_median", "tallies.rows"}
"""And these, when outcomes are worked out from the sums."""
CALLS = 2_000
CALLS_ON_A_TERRITORY = 400

RULES = {
    f"{module.__name__.rsplit('.', 1)[-1]}.{name}": function
    for module in MODULES
    for name, function in own_functions(module).items()
    if not name.startswith("_")  # those are called by one of the others here
}


def share(rng):
    """Give a probability, now and then none or certainty."""
    return float(rng.choice([0.0, 1.0, rng.random()], p=[0.1, 0.1, 0.8]))


def days(rng):
    return float(rng.exponential(9.0))


def level(rng):
    return int(rng.integers(3))


def either(rng):
    return bool(rng.integers(2))


def place_in(rng, rows):
    return int(rng.integers(len(rows)))


def several(makers):
    """Give a maker of arguments from one maker for each of them."""
    return lambda rng: tuple(make(rng) for make in makers)


def gps(rng):
    return np.zeros(int(rng.integers(3)), np.int64)


def asked(rng):
    """Give a request to some books, all of them the same GP's."""
    *books, _, day, now, until, mask, _, release = request(rng)
    own, within = int(rng.integers(-1, 1)), float(rng.exponential(1.0))
    patience, tolerance = until - now, float(rng.exponential(1.0))
    shared = int(rng.choice([0, 4]))
    return (
        *books, own, gps(rng), gps(rng), day, now, now, patience, tolerance,
        mask, shared, within, release,
    )  # fmt: skip


def asked_of_several(rng):
    *books, _, day, now, until, mask, _, release = request(rng)
    return (*books, gps(rng), day, now, until, mask, now, release)


def hour(rng):
    return float(rng.uniform(0.0, 24.0))


def a_slot(rng):
    counts = rng.integers(0, 3, 20)
    ends = np.cumsum(counts)
    day_first = np.concatenate(([0], ends)).astype(np.int32)[np.arange(4)[:, None] * 5 + range(6)]
    return (day_first, int(rng.integers(ends[-1]))) if ends[-1] else (day_first, 0)


def classes(rng):
    return (np.column_stack([rng.dirichlet(np.ones(3)), rng.random((3, 2))]), uniform(rng))


OF_NUMBERS = {
    "hazard.excess_after_discharge": several(
        [days, days, lambda rng: days(rng) + 0.1, share, either]
    ),
    "hazard.onset_hazard": several([share, days, days, lambda rng: share(rng) + 0.5, level, days]),
    "hazard.is_kept": lambda rng: (uniform(rng), share(rng), 0.9),
    "hazard.death_hazard": several([share, days, days, days]),
    "control.drifted": several([level]),
    "control.improved": several([level, uniform, share, uniform, share]),
    "messages.loss": several([share, days]),
    "messages.delay": several([uniform, uniform, share, days, share, days]),
    "episodes.window": several([uniform, uniform, share, days, share, days, share]),
    "episodes.is_noticed": several([uniform, share, share]),
    "episodes.is_effective": several([uniform, share]),
    "episodes.needs_precaution": several([uniform, share]),
    "hospital.goes_direct": lambda rng: (
        uniform(rng),
        share(rng),
        uniform(rng),
        share(rng),
        hour(rng),
        either(rng),
        *opening_hours(rng)[:2],
    ),
    "hospital.stay": lambda rng: (uniform(rng), days(rng) + 0.1, days(rng)),
    "hospital.time_in_care": lambda rng: (uniform(rng), level(rng), days(rng) + 0.1, share(rng)),
    "hospital.boarding_hours": lambda rng: (days(rng) - 9.0, days(rng)),
    "hospital.is_readmission": several([days, lambda rng: days(rng) - 20.0, days]),
    "demand.next_arrival": several([share, uniform, days]),
    "demand.hour_of_request": lambda rng: (uniform(rng), *opening_hours(rng)[:2]),
    "demand.hour_of_emergency": lambda rng: (uniform(rng), 0.05 + 0.9 * share(rng)),
    "demand.kind_of_request": several([uniform, share, share]),
    "demand.is_received": several([either, uniform, share]),
    "demand.seasons": lambda rng: (
        np.zeros(20),
        int(rng.integers(-365, 2000)),
        share(rng),
        float(rng.uniform(1.0, 365.0)),
        float(rng.integers(1, 367)),
    ),
    "routine.planned_time": lambda rng: (
        -365.0,
        int(rng.integers(500)),
        uniform(rng),
        uniform(rng),
        days(rng),
    ),
    "routine.contact_number": lambda rng: (
        int(rng.integers(2**63)),
        int(rng.integers(2**20)),
        int(rng.integers(8)),
    ),
    "routine.is_planned": several([uniform, days]),
    "routine.waits_for_tomorrow": several([lambda rng: float(1 + level(rng)), either]),
    "routine.time_of_day": lambda rng: (days(rng) - 9.0, uniform(rng), 7.0, 19.0),
    "routine.round_capacity": lambda rng: (days(rng), int(rng.integers(-400, 2000))),
    "access.soonest": asked_of_several,
    "access.offer": asked,
    "access.gp_of_slot": a_slot,
    "episodes.turns_to_emergency": several([uniform, share, either]),
    "episodes.is_in_time": several([days, days, days]),
    "episodes.is_overtaken": several([either, days, days]),
    "practices.has_joined": several([lambda rng: days(rng) - 9.0, lambda rng: days(rng) - 9.0]),
    "practices.along_the_ramp": several([share, share, lambda rng: days(rng) - 5.0, days]),
    "practices.in_team": lambda rng: (
        int(rng.integers(5)),
        int(rng.integers(5)),
        *(share(rng) for _ in range(4)),
    ),
    "population.severity_class": classes,
    "population.mark_holders": lambda rng: (
        np.zeros(60, np.bool_),
        int(rng.integers(2**40)),
        int(rng.integers(9)),
        int(rng.integers(2**63)),
        int(rng.integers(20)),
        int(rng.integers(40, 61)),
        int(rng.integers(21)),
    ),
    "diary.day_weight": several([level, share]),
    "diary.carry": lambda rng: (9.0 * rng.random(4), int(rng.integers(4)), days(rng)),
    "diary.is_kept_slot": several([level, level, lambda rng: 1 + level(rng)]),
}
"""Rules that take numbers and plain arrays alone, and how to make their arguments."""


def read(row, name):
    """Give a number of a row, in either form."""
    return row[name] if isinstance(row, np.void) else getattr(row, name)


def now(t):
    return float(read(t.clock, "now"))


def patient(rng, t):
    return t.patients[place_in(rng, t.patients)]


def of_patient(*makers):
    """Give a maker of arguments that begin with a territory and one of its patients."""
    return lambda rng, t: (t, patient(rng, t), *(make(rng, t) for make in makers))


def of_territory(*makers):
    return lambda rng, t: (t, *(make(rng, t) for make in makers))


def mark(rng, _):
    return uniform(rng)


def yes_or_no(rng, _):
    return either(rng)


def kind(rng, t):
    return place_in(rng, t.kinds)


def kind_row(rng, t):
    return t.kinds[kind(rng, t)]


def layer(rng, t):
    return place_in(rng, t.layers)


def layer_row(rng, t):
    return t.layers[layer(rng, t)]


def practice_row(rng, t):
    return t.practices[place_in(rng, t.practices)]


def link(rng, t):
    return place_in(rng, t.links)


def pharmacy(rng, t):
    return int(rng.integers(read(t.work, "pharmacies")))


def gp(rng, t):
    return place_in(rng, t.joins)


def role(rng, _):
    return int(rng.integers(5))


def professional(rng, _):
    return int(rng.choice([GP, NURSE, PHARMACIST]))


def offset(rng, t):
    return place_in(rng, t.day_table)


def amount(rng, _):
    return days(rng)


def instant(rng, t):
    """Give an instant of the replication; a whole day or an exact hour now and then."""
    time = float(rng.uniform(t.begins, t.ends))
    return float(rng.choice([time, math.floor(time), math.floor(time) + 0.375], p=[0.8, 0.1, 0.1]))


def before(rng, t):
    """Give an earlier instant, or never."""
    return float(rng.choice([-math.inf, now(t) - rng.exponential(60.0)]))


def what(rng, _):
    return int(rng.integers(len(Count)))


def group(rng, t):
    return int(rng.integers(t.width))


def age_group(rng, _):
    return int(rng.integers(1, 3))


def kind_or_none(rng, t):
    return int(rng.integers(-1, len(t.kinds)))


def on_offer(rng, t):
    """Give a place to take or to give back, (GP, time, slot): of a book, or as a walk-in."""
    if rng.random() < 0.2:
        return (gp(rng, t), instant(rng, t), access.WALK_IN)
    slot = place_in(rng, t.slot_time)
    return (access.gp_of_slot(t.day_first, slot), float(t.slot_time[slot]), slot)


def as_asked(rng, t):
    """Give a request for a GP: which, from when, with what patience, of what sort."""
    wanted = now(t) + (days(rng) if either(rng) else 0.0)
    return (t, gp(rng, t), wanted, days(rng), either(rng), either(rng))


def books_to_be(rng, t):
    """Give the arrays of books that are to be laid out: leave, capacities, layers' slots."""
    shape = t.walk_in_closes.shape
    away = rng.random(shape) < 0.1
    capacities = rng.uniform(0.5, 1.5, shape[0])
    layer_slots = rng.random((shape[1], 2))
    return away, capacities, layer_slots


def counting(rng, t):
    away, capacities, layer_slots = books_to_be(rng, t)
    counts = np.zeros((*away.shape, 4), np.int32)
    closes = np.full(away.shape, -math.inf)
    return (
        counts, closes, t.day_table, t.first_day, 3, away, capacities, t.joins, t.team_model,
        layer_slots, t.practices, t.work,
    )  # fmt: skip


def coordinating(rng, t):
    away, capacities, _ = books_to_be(rng, t)
    return (
        t.ends, t.day_table, t.first_day, away, capacities, t.joins, t.team_model, t.practices,
        t.work,
    )  # fmt: skip


def laying_out(rng, t):
    counts = rng.integers(0, 9, (*t.walk_in_closes.shape, 4)).astype(np.int32)
    room = int(counts.sum())
    times, kinds = np.zeros(room), np.zeros(room, np.int8)
    first, free = np.zeros_like(t.day_first), np.zeros_like(t.free_slots)
    return (times, kinds, first, free, counts, t.day_table, t.first_day, t.work)


def a_day(rng, t):
    today = rng.integers(0, 9, 4).astype(np.int32)
    today[OFFERED] += 4
    hours = 17.0 + 6.0 * rng.random()
    return (np.zeros(99), np.zeros(99, np.int8), 3, 7, hours, today, t.work)


def settling(rng, t):
    """Give what it takes to fill in who the people of this territory are, in another world."""
    holders = np.zeros((len(t.conditions), t.inhabitants), np.bool_)
    people = [t.patients[number] for number in range(len(t.patients))]
    for row in people:
        for place in range(read(row, "first_held"), read(row, "end_held")):
            holders[read(t.held[place], "condition"), read(row, "person")] = True
    older = sum(bool(read(row, "older")) for row in people)
    return (
        int(rng.integers(9)), 3, t.begins, older, holders, t.conditions, SEVERITIES,
        np.cumsum(rng.dirichlet(np.ones(len(t.joins)))), rng.integers(2**62, size=len(t.layers)),
        t.people, t.demand, t.work, t.patients, t.held, t.layer_marks,
    )  # fmt: skip


SEVERITIES = severities_of(WORLDS["cpts"])

OF_A_TERRITORY = {
    "hazard.hazard_of_onset": of_patient(kind_row, amount, amount),
    "hazard.is_spared": of_patient(kind_row, amount, amount, mark, amount),
    "hazard.hazard_of_death": of_patient(),
    "hazard.death_ceiling": of_patient(),
    "hazard.can_happen_to": of_patient(kind_row),
    "hazard.severity_of": of_patient(kind_row),
    "control.protocol_share": of_patient(lambda rng, _: int(rng.choice([NURSE, PHARMACIST]))),
    "control.nurse_protocol_share": of_patient(),
    "messages.link_ratios": of_patient(link),
    "messages.is_lost": of_patient(link, mark),
    "messages.days_on_the_way": of_patient(link, yes_or_no, mark, mark),
    "episodes.window_of": lambda rng, t: (kind_row(rng, t), uniform(rng), uniform(rng)),
    "episodes.asks_after": lambda rng, t: (
        kind_row(rng, t),
        uniform(rng),
        uniform(rng),
        0.5 + share(rng),
        days(rng),
    ),
    "episodes.share_noticed": lambda rng, t: (kind_row(rng, t), professional(rng, t)),
    "hospital.time_in_ed": lambda rng, t: (t.hospital, uniform(rng), either(rng)),
    "demand.patience_median": lambda rng, t: (t.demand, level(rng)),
    "demand.surge": of_territory(offset),
    "demand.requests_on": of_territory(gp, offset),
    "demand.request_time": of_territory(offset, mark),
    "demand.emergencies_on": of_territory(offset),
    "demand.emergency_time": of_territory(offset, mark),
    "demand.is_other_admitted": lambda rng, t: (t.hospital, either(rng), uniform(rng)),
    "routine.days_ahead": lambda rng, t: (t.people, t.demand, uniform(rng), uniform(rng)),
    "routine.opening": of_territory(instant),
    "routine.errand": of_territory(instant, mark),
    "routine.round_time": of_patient(instant),
    "routine.round_time_after": of_patient(instant, instant),
    "routine.nurse_has_room": of_territory(lambda rng, t: place_in(rng, t.nurse_rounds)),
    "routine.nurse_begins": of_territory(lambda rng, t: place_in(rng, t.nurse_rounds), mark),
    "routine.dispensing_begins": of_territory(lambda rng, t: pharmacy(rng, t), mark),
    "routine.misses_visit": lambda rng, t: (patient(rng, t), instant(rng, t)),
    "access.is_away": of_territory(gp),
    "access.find_slot": as_asked,
    "access.find_offer": as_asked,
    "access.receives_walk_ins": of_territory(gp),
    "access.walk_in_offer": of_territory(gp),
    "access.next_session": of_territory(gp, instant),
    "access.accept": lambda rng, t: (t, *on_offer(rng, t), 0.01),
    "access.hand_back": lambda rng, t: (t, *on_offer(rng, t)),
    "practices.practice_of": of_territory(gp),
    "practices.uptake": lambda rng, t: (layer_row(rng, t), now(t), t.ramp_days),
    "practices.replaced_share": lambda rng, t: (layer_row(rng, t), now(t), t.ramp_days),
    "practices.reach": lambda rng, t: (layer_row(rng, t), now(t), t.ramp_days),
    "practices.is_meant": of_patient(layer),
    "practices.is_reached_at": of_patient(layer, instant),
    "practices.is_reached": of_patient(layer),
    "practices.is_delegated": of_patient(mark),
    "practices.link_in_team": of_patient(role, role),
    "practices.recall_share": of_patient(),
    "practices.direct_share": of_patient(),
    "practices.doctor_first_share": of_patient(),
    "practices.noticing_share": of_patient(kind, professional),
    "practices.patient_delay_ratio": of_patient(),
    "practices.is_seen": of_patient(),
    "practices.acceptance_share": of_territory(),
    "practices.protocol_visits_per_year": of_patient(),
    "practices.most_protocol_visits_per_year": of_patient(),
    "practices.shares_within_days": of_territory(),
    "stays.is_direct": of_patient(mark, mark, yes_or_no),
    "stays.is_sent_by_doctor": of_patient(mark, yes_or_no),
    "stays.follows_late_letter": of_patient(),
    "stays.nurse_is_written_to": lambda rng, t: (patient(rng, t), either(rng)),
    "stays.count_admission": of_patient(
        kind,
        lambda rng, _: int(
            rng.choice([Count.HOSPITALISATIONS_EMERGENCY, Count.HOSPITALISATIONS_DIRECT])
        ),
    ),
    "stays.count_return": of_patient(what, kind, before, amount),
    "stays.count_year": of_patient(kind, lambda rng, _: level(rng)),
    "stays.leave_bed": of_patient(kind),
    "stays.come_home": of_patient(kind),
    "stays.follow_up": of_patient(yes_or_no, yes_or_no),
    "stays.leave_place": of_patient(),
    "stays.count_death_after_stay": of_patient(),
    "accounts.close_accounts": of_territory(),
    "accounts.count_effort": of_territory(),
    "accounts.practice_funding": of_territory(),
    "accounts.reached_years": of_patient(layer),
    "accounts.measured_months": of_territory(),
    "accounts.years_of_month": of_territory(lambda rng, _: int(rng.integers(12))),
    "accounts.covered_years": of_territory(layer_row),
    "tallies.is_measured": of_territory(),
    "tallies.count": of_territory(what, group, amount),
    "tallies.count_for": of_patient(what, kind_or_none, amount),
    "tallies.add": of_patient(what, kind_or_none, amount),
    "tallies.count_clipped": of_patient(what, kind_or_none, instant, instant),
    "tallies.count_other": of_territory(what, amount),
    "tallies.count_other_at": of_territory(instant, what, amount),
    "tallies.count_wait": lambda rng, t: (
        t,
        patient(rng, t),
        now(t),
        now(t) + 4.0 * days(rng),
    ),
    "tallies.count_other_wait": lambda rng, t: (t, now(t), now(t) + 4.0 * days(rng)),
    "tallies.days_waited": lambda rng, t: (now(t), now(t) + 4.0 * days(rng)),
    "tallies.is_same_or_next_day": lambda rng, _: (int(rng.integers(9)),),
    "tallies.is_five_days_or_more": lambda rng, _: (int(rng.integers(9)),),
    "tallies.keep_wait": of_territory(lambda rng, _: int(rng.integers(200)), age_group),
    "advice.platform_of": of_patient(mark),
    "advice.answer_after": lambda rng, t: (t.advice, uniform(rng)),
    "advice.send_case": of_patient(kind, layer, mark),
    "advice.count_answer": of_patient(kind, amount),
    "accounts.coordinated_years": of_patient(),
    "accounts.is_coordinated": of_patient(instant),
    "tallies.count_response": of_patient(kind, amount),
    "tallies.count_message": of_territory(link, yes_or_no),
    "tallies.count_arrival": of_territory(link, amount),
    "diary.is_walk_in_day": lambda rng, t: (practice_row(rng, t), int(rng.integers(7))),
    "diary.count_slots": counting,
    "diary.coordination_days": coordinating,
    "diary.slots_per_weight": lambda rng, t: (
        t.day_table,
        rng.random(len(t.day_table)) < 0.1,
        0.5 + share(rng),
        t.work,
    ),
    "diary.session_end": lambda rng, t: (t.work, 7, 1 + int(rng.integers(2)), 9.0 * share(rng)),
    "diary.closing_hour": lambda rng, t: (t.work, level(rng)),
    "diary.lay_out_slots": laying_out,
    "diary.day_of_slots": a_day,
    "population.settle": settling,
    "population.is_at_risk": lambda rng, t: (kind_row(rng, t), either(rng), either(rng)),
    "population.place_of": lambda rng, t: (
        patient(rng, t),
        t.held,
        place_in(rng, t.conditions),
    ),
    "population.starting_control": lambda rng, t: (
        t.conditions[place_in(rng, t.conditions)],
        uniform(rng),
    ),
}
"""Rules that take a territory, or rows of its tables."""
FEW_CALLS = {
    "accounts.close_accounts": 20,
    "diary.count_slots": 3,
    "diary.coordination_days": 3,
    "diary.lay_out_slots": 3,
    "population.settle": 1,
}
"""Rules that go through everyone, or through all the days there are."""


def test_every_rule_is_compared_here():
    compared = OF_NUMBERS.keys() | OF_A_TERRITORY.keys()
    assert compared | BEFORE_ANYTHING_HAPPENS | AFTER_EVERYTHING_HAPPENED == set(RULES)
    assert OF_NUMBERS.keys().isdisjoint(OF_A_TERRITORY)
    assert compared.isdisjoint(BEFORE_ANYTHING_HAPPENS | AFTER_EVERYTHING_HAPPENED)


@pytest.mark.parametrize("name", OF_NUMBERS)
def test_a_compiled_rule_gives_the_bits_of_the_interpreted_one(name):
    function = RULES[name]
    compiled = twin(function)
    streams = [np.random.default_rng(7) for _ in range(2)]
    for _ in range(CALLS):
        once, again = (OF_NUMBERS[name](rng) for rng in streams)
        assert outcome(compiled, once) == outcome(function, again), again


@pytest.mark.parametrize("name", OF_A_TERRITORY)
def test_a_compiled_rule_does_the_same_to_a_territory_as_the_interpreted_one(name):
    function = RULES[name]
    compiled = twin(function)
    for world in WORLDS:
        objects, rows = pair(world)
        assert state_of(rows) == state_of(objects)
        streams = [np.random.default_rng(7) for _ in range(2)]
        clock = np.random.default_rng(11)
        for _ in range(FEW_CALLS.get(name, CALLS_ON_A_TERRITORY)):
            set_clocks(objects, rows, instant(clock, objects))
            once, again = (
                OF_A_TERRITORY[name](rng, form)
                for rng, form in zip(streams, (rows, objects), strict=True)
            )
            assert outcome(compiled, once) == outcome(function, again)
        assert state_of(rows) == state_of(objects)
