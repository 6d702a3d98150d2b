"""The territory before anything happens: who lives there, who works when, which slots there are.

Both engines begin with it. The tables are arrays of rows; see `care/setting.py` for each.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parcours_sim.care.calendar import day_codes
from parcours_sim.care.diary import (
    ADDED,
    DAYS_BEYOND,
    OFFERED,
    capacity_ratios,
    day_weight,
    leave_days,
    shared_slots,
)
from parcours_sim.care.parameters import (
    DAYS_PER_YEAR,
    ROLES,
    Advice,
    AfterDischarge,
    Condition,
    Costs,
    Demand,
    Hospital,
    Kind,
    Layer,
    Link,
    Parameters,
    People,
    Practice,
    Work,
)
from parcours_sim.care.person import Held, Person
from parcours_sim.care.population import Draw, list_weights, running_shares
from parcours_sim.care.practices import Team, joins_at, teams
from parcours_sim.care.setting import Clock, Setting
from parcours_sim.care.tables import as_rows, row_type
from parcours_sim.care.tallies import (
    OLDER,
    RESPONSE_BINS,
    UNDER_75,
    WAIT_BINS,
    Count,
    Groups,
    groups,
)
from parcours_sim.engine import kernels

Named = dict[str, Any]
"""Fields of a setting by name."""


def groups_of(parameters: Parameters) -> Groups:
    """The groups in which a scenario's outcomes are counted."""
    families = (parameters.kinds, parameters.practices, parameters.links, parameters.conditions)
    return groups(*([row.name for row in family] for family in families))


def settle(parameters: Parameters, clock: Clock, seed: int, replication: int) -> Setting:
    """The territory of one replication at the start of its warm-up.

    People are at home, books empty, nobody waits. The arguments alone decide.
    """
    p, draw = parameters, partial(kernels.block, seed, replication)
    days = math.ceil(p.ends - p.begins) + DAYS_BEYOND
    day_table = np.array(day_codes(p.start, int(p.begins), days, p.work.always_open), np.int8)
    weights = list_weights(p.work.gps, draw)
    tables = tables_of(p)
    staff = staff_of(p, draw)
    people = people_of(p, tables, weights, seed, replication)
    labels = groups_of(p)
    _sort_into_groups(people["patients"], staff["team_model"], labels)
    return Setting(
        clock=clock,
        seed=seed,
        replication=replication,
        begins=p.begins,
        ends=p.ends,
        first_day=int(p.begins),
        start_day=float(p.start.timetuple().tm_yday),
        inhabitants=p.inhabitants,
        ramp_days=p.ramp_days,
        day_table=day_table,
        seasons=seasons_of(p, days),
        requests_per_weight=requests_per_weight(p, people["patients"], weights, day_table),
        nurse_rounds=np.zeros((p.work.nurses, days), np.int32),
        nurses_free_at=np.full(p.work.office_nurses, -math.inf),
        counters=np.full(p.work.pharmacies * p.work.counters, -math.inf),
        experts_free_at=np.full(p.advice.experts, -math.inf),
        tallies=np.zeros(len(Count) * len(labels.labels)),
        waits=np.zeros(3 * WAIT_BINS),
        response_times=np.zeros(len(p.kinds) * RESPONSE_BINS),
        width=len(labels.labels),
        kind_groups=labels.kinds,
        practice_groups=labels.practices,
        link_groups=labels.links,
        condition_groups=labels.conditions,
        gp_groups=labels.gps,
        **tables,
        **staff,
        **people,
        **books_of(p, tables, staff, weights, day_table, draw),
    )


def tables_of(p: Parameters) -> Named:
    """The parameters as rows."""
    links, kinds = len(p.links), len(p.kinds)
    return {
        "conditions": as_rows(p.conditions, Condition),
        "links": as_rows(p.links, Link),
        "kinds": as_rows(p.kinds, Kind),
        "practices": as_rows(p.practices, Practice),
        "layers": as_rows(p.layers, Layer),
        "people": as_rows([p.people], People)[0],
        "demand": as_rows([p.demand], Demand)[0],
        "work": as_rows([p.work], Work)[0],
        "hospital": as_rows([p.hospital], Hospital)[0],
        "after": as_rows([p.after], AfterDischarge)[0],
        "advice": as_rows([p.advice], Advice)[0],
        "costs": as_rows([p.costs], Costs)[0],
        "practice_links": _table([row.links for row in p.practices], (links, 2), np.float64),
        "layer_links": _table([row.links for row in p.layers], (links, 2), np.float64),
        "layer_noticing": _table(
            [row.noticing for row in p.layers], (kinds, len(ROLES)), np.float64
        ),
        "link_ids": _table([row.link_ids for row in p.kinds], (links,), np.int64),
    }


def seasons_of(p: Parameters, days: int) -> NDArray[np.float64]:
    """The season's factor of demand by day."""
    factors, demand = np.zeros(days), p.demand
    start_day = float(p.start.timetuple().tm_yday)
    amplitude, peak_day = demand.winter_amplitude, demand.winter_peak_day
    kernels.seasons(factors, int(p.begins), amplitude, peak_day, start_day)
    return factors


def _table(rows: list[Any], shape: tuple[int, ...], kind: Any) -> NDArray[Any]:
    """Rows of one shape as an array, which there may be none of."""
    return np.array(rows, kind).reshape(len(rows), *shape)


def staff_of(p: Parameters, draw: Draw) -> Named:
    """Who practises with whom, before and after joining the organisation."""
    both = [teams(shares, p, draw) for shares in p.practice_shares]
    return {
        "joins": np.array([joins_at(gp, p, draw) for gp in range(p.work.gps)]),
        "all_gps": np.arange(p.work.gps),
        "team_model": np.array([[team.model for team in each] for each in both], np.int64),
        **_members(both),
    }


def _members(both: list[list[Team]]) -> Named:
    """The members of every practice side by side, and where each GP's practice stands."""
    shape = (len(both), len(both[0]))
    first, end, members = (np.zeros(shape, np.int64) for _ in range(3))
    for when, each in enumerate(both):
        place = 0
        for gps in dict.fromkeys(team.colleagues for team in each):
            members[when, place : place + len(gps)] = gps
            first[when, list(gps)] = place
            place += len(gps)
            end[when, list(gps)] = place
    return {"team_first": first, "team_end": end, "team_members": members}


def people_of(
    p: Parameters, tables: Named, weights: list[float], seed: int, replication: int
) -> Named:
    """Everyone who is simulated one by one, and what they have."""
    older = round(p.people.older_share * p.inhabitants)
    is_held = np.zeros((len(p.conditions), p.inhabitants), np.bool_)
    for condition, holders in zip(p.conditions, is_held, strict=True):
        bands = ((older, p.inhabitants), (0, older))
        for (first, end), prevalence in zip(bands, condition.prevalence, strict=True):
            count = round(prevalence * (end - first))
            kernels.mark_holders(holders, seed, replication, condition.id, first, end, count)
    simulated: Any = is_held.any(axis=0)
    simulated[:older] = True
    patients: Any = np.zeros(np.count_nonzero(simulated), row_type(Person))
    patients["person"] = np.flatnonzero(simulated)
    held: Any = np.zeros(np.count_nonzero(is_held), row_type(Held))
    layer_marks = np.zeros((len(patients), len(p.layers)))
    kernels.settle(
        seed,
        replication,
        p.begins,
        older,
        is_held,
        tables["conditions"],
        severities_of(p),
        np.array(running_shares(weights)),
        np.array([layer.id for layer in p.layers], np.int64),
        tables["people"],
        tables["demand"],
        tables["work"],
        patients,
        held,
        layer_marks,
    )
    return {
        "patients": patients,
        "held": held,
        "layer_marks": layer_marks,
        "left_hospital_at": np.full((len(patients), len(p.kinds)), -math.inf),
        "year_of_stay": np.full((len(patients), len(p.kinds)), -1, np.int32),
    }


def severities_of(p: Parameters) -> NDArray[np.float64]:
    """(share, ratio, ceiling) by condition and class; the last class fills what is left over."""
    most = max((len(condition.severities) for condition in p.conditions), default=1)
    table = np.zeros((len(p.conditions), most, 3))
    for rows, condition in zip(table, p.conditions, strict=True):
        rows[:] = [(0.0, condition.severities[-1].ratio, condition.severities[-1].ceiling)]
        for row, each in zip(rows, condition.severities, strict=False):
            row[:] = each.share, each.ratio, each.ceiling
    return table


def _sort_into_groups(patients: NDArray[Any], team_model: NDArray[Any], labels: Groups) -> None:
    """By age, by having a GP or none, and by the practice model of the organisation under which
    their GP works."""
    patients["age_group"] = np.where(patients["older"], OLDER, UNDER_75)
    patients["gp_group"] = labels.gps + np.where(patients["has_gp"], 0, 1)
    patients["practice_group"] = labels.practices + team_model[1, patients["gp"]]


def books_of(
    p: Parameters,
    tables: Named,
    staff: Named,
    weights: list[float],
    day_table: NDArray[np.int8],
    draw: Draw,
) -> Named:
    """The appointment books of all GPs from the start of the warm-up to beyond the end."""
    gps, days, first_day = p.work.gps, len(day_table), int(p.begins)
    away = np.zeros((gps, days), np.bool_)
    for gp in range(gps):
        absent = leave_days(gp, first_day, first_day + days, p.work.leave_days, draw)
        away[gp, [day - first_day for day in absent if 0 <= day - first_day < days]] = True
    capacities = np.array(capacity_ratios(weights, p.work.list_exponent))
    counts = np.zeros((gps, days, 4), np.int32)
    walk_in_closes = np.full((gps, days), -math.inf)
    work, practices = tables["work"], tables["practices"]
    joins, models = staff["joins"], staff["team_model"]
    layer_slots = np.array([shared_slots(p, first_day + offset) for offset in range(days)])
    kernels.count_slots(
        counts, walk_in_closes, day_table, first_day, p.start.weekday(), away, capacities, joins,
        models, layer_slots, practices, work,
    )  # fmt: skip
    room = int(counts[:, :, OFFERED].sum() + counts[:, :, ADDED].sum())
    slot_time, slot_kind = np.zeros(room), np.zeros(room, np.int8)
    day_first = np.zeros((gps, days + 1), np.int32)
    free_slots = np.zeros((gps, days), np.int32)
    slots = kernels.lay_out_slots(
        slot_time, slot_kind, day_first, free_slots, counts, day_table, first_day, work
    )
    return {
        "slot_time": slot_time[:slots],
        "slot_kind": slot_kind[:slots],
        "slot_taken": np.zeros(slots, np.int8),
        "day_first": day_first,
        "free_slots": free_slots,
        "walk_in_closes": walk_in_closes,
        "walk_in_free_at": np.full(gps, -math.inf),
        "coordination_days": kernels.coordination_days(
            p.ends, day_table, first_day, away, capacities, joins, models, practices, work
        ),
    }


def requests_per_weight(
    p: Parameters, patients: NDArray[Any], weights: list[float], day_table: NDArray[np.int8]
) -> NDArray[np.float64]:
    """Requests to each GP of everyone who is not simulated one by one, on a day of weight 1.

    All requests of the territory (L022, L020) less the planned visits of those who are simulated.
    """
    planned = math.fsum(DAYS_PER_YEAR / patients["gp_interval_days"])
    others = max(0.0, p.demand.requests_per_inhabitant_per_year * p.inhabitants - planned)
    days = math.fsum(day_weight(int(code), p.work.saturday_slot_share) for code in day_table)
    per_weight = others / (days / len(day_table) * DAYS_PER_YEAR)
    return np.array([weight * per_weight / p.work.gps for weight in weights])
