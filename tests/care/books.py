"""Hand-made appointment books, and a territory of practices that has them."""

import math
from dataclasses import replace

import numpy as np
from tests.care.world import parameters, territory

from parcours_sim.care.appointments import ORDINARY

DAYS = 10
EVENING = 19.0 / 24.0


def books(*diaries):
    """Give the arrays of some GPs' books, each a list of (time, kind) or of plain times."""
    slots = [
        [entry if isinstance(entry, tuple) else (entry, ORDINARY) for entry in diary]
        for diary in diaries
    ]
    times = np.array([time for diary in slots for time, _ in diary], np.float64)
    kinds = np.array([kind for diary in slots for _, kind in diary], np.int8)
    day_first = np.zeros((len(slots), DAYS + 1), np.int32)
    begun = 0
    for gp, diary in enumerate(slots):
        for day in range(DAYS + 1):
            day_first[gp, day] = begun + sum(time < day for time, _ in diary)
        begun += len(diary)
    free_slots = np.diff(day_first, axis=1).astype(np.int32)
    return times, kinds, np.zeros(len(times), np.int8), day_first, free_slots


def practice(*diaries, teams=None, now=0.0, walk_in=(), layers=(), **rules):
    """Give a territory of these books, whose GPs work in `teams`, or else all together.

    `walk_in` are the (GP, day) at which a GP receives without appointment till the evening.
    """
    found, gps = territory(parameters(), now=now), len(diaries)
    teams = [list(range(gps))] if teams is None else teams
    usual = {"colleagues_cover": True, "own_gp_tolerance_days": 1.0, "urgent_release_days": 0.0}
    usual["walk_in_days_per_week"] = 5.0 if walk_in else 0.0
    found.practices = (replace(found.practices[0], **{**usual, **rules}),)
    found.layers, found.first_day, found.all_gps = layers, 0, np.arange(gps)
    found.joins, found.team_model = np.zeros(gps), np.zeros((2, gps), np.int64)
    found.team_members = np.tile([gp for team in teams for gp in team], (2, 1))
    ends = np.cumsum([len(team) for team in teams])
    of_gp = [next(place for place, team in enumerate(teams) if gp in team) for gp in range(gps)]
    found.team_end = np.tile(ends[of_gp], (2, 1))
    found.team_first = found.team_end - [len(teams[place]) for place in of_gp]
    books_of = books(*diaries)
    found.slot_time, found.slot_kind, found.slot_taken, found.day_first, found.free_slots = books_of
    found.walk_in_closes = np.full((gps, DAYS), -math.inf)
    for gp, day in walk_in:
        found.walk_in_closes[gp, day] = day + EVENING
    found.walk_in_free_at = np.full(gps, -math.inf)
    return found
