"""Asking a GP for an appointment, holding it, and giving it back.

Slots are found by `care/access.py`; when an appointment's time comes the territory's `consult` is
called. Walk-in days are first come, first served.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from functools import partial

import numpy as np
import simpy

from parcours_sim.care import order
from parcours_sim.care.appointments import give_back, take
from parcours_sim.care.calendar import is_open
from parcours_sim.care.diary import ALL_KINDS, OTHERS_SHARED, OWN_ROUTINE, is_walk_in_day
from parcours_sim.care.practices import Team, uptake
from parcours_sim.care.tallies import WAIT_BINS
from parcours_sim.engine import kernels

from .state import Appointment, Patient, Territory

NO_GPS = np.zeros(0, np.int64)


def find_slot(
    territory: Territory,
    gp: int,
    from_time: float,
    patience_days: float,
    *,
    unscheduled: bool,
    is_own: bool = True,
) -> int:
    """The slot that a request is offered within its patience, or -1. Nothing is taken yet."""
    now, books = territory.clock.now, territory.books
    team = territory.team_of(gp, now)
    practice = territory.parameters.practices[team.model]
    covers = practice.colleagues_cover and unscheduled
    within = shares_slots(territory, now) if unscheduled else 0.0
    return kernels.offer(
        books.slot_time,
        books.slot_kind,
        books.slot_taken,
        books.day_first,
        gp,
        team.books if covers else NO_GPS,
        territory.all_books if within > 0.0 else NO_GPS,
        math.floor(from_time) - territory.first_day,
        now,
        from_time,
        patience_days,
        practice.own_gp_tolerance_days if is_own else 0.0,
        ALL_KINDS if unscheduled else OWN_ROUTINE,
        OTHERS_SHARED if within > 0.0 else 0,
        within,
        practice.urgent_release_days,
    )


def shares_slots(territory: Territory, now: float) -> float:
    """How soon a slot shared over the territory must be, in days; 0 where nobody shares any."""
    ramp = territory.parameters.ramp_days
    return max(
        (
            layer.shared_within_days
            for layer in territory.parameters.layers
            if layer.shared_slots_per_day + layer.added_slots_per_day > 0.0
            and uptake(layer, now, ramp) > 0.0
        ),
        default=0.0,
    )


def walk_in_start(territory: Territory, gp: int, until: float) -> tuple[int, float]:
    """Who would see a walk-in first, and when: (GP, time), or (-1, infinity) within `until`."""
    now = territory.clock.now
    team = territory.team_of(gp, now)
    practice = territory.parameters.practices[team.model]
    if practice.walk_in_days_per_week <= 0.0:
        return -1, math.inf
    who = team.colleagues if practice.colleagues_cover else (gp,)
    gp = min(who, key=territory.walk_in_free_at.__getitem__)
    start = max(now, territory.walk_in_free_at[gp])
    start = next_session(territory, team, start)
    return (gp, start) if start <= until else (-1, math.inf)


def next_session(territory: Territory, team: Team, time: float) -> float:
    """The first instant from `time` on at which a practice receives without appointment."""
    p = territory.parameters
    practice = p.practices[team.model]
    for day in range(math.floor(time), math.floor(time) + 14):
        code = territory.day_codes[min(day - territory.first_day, len(territory.day_codes) - 1)]
        opening = max(time, day + p.work.opens_hour / 24.0)
        hour = (opening - day) * 24.0
        if is_walk_in_day(practice, (p.start.weekday() + day) % 7) and is_open(
            code, hour, p.work.opens_hour, p.work.closes_hour, p.work.saturday_closes_hour
        ):
            return opening
    return math.inf


def book(
    territory: Territory,
    patient: Patient,
    slot: int,
    gp: int,
    purpose: str,
    occurrence: int,
) -> Appointment:
    """Take a slot for a patient; the consultation comes by itself unless it is given back."""
    books = territory.books
    take(books.slot_taken, slot)
    appointment = Appointment(slot, gp, float(books.slot_time[slot]), purpose, occurrence)
    patient.appointments.append(appointment)
    territory.note(patient, "appointment booked", purpose, occurrence)
    event = territory.clock.at(appointment.time, order.CONSULTATION)
    event.callbacks.append(partial(_time_has_come, territory, patient, appointment))
    return appointment


def release(territory: Territory, patient: Patient, appointment: Appointment) -> None:
    """Give an appointment back, for others to take."""
    if appointment.is_held:
        appointment.is_held = False
        patient.appointments.remove(appointment)
        give_back(territory.books.slot_taken, appointment.slot)
        territory.note(patient, "appointment given back", appointment.purpose)


def release_all(territory: Territory, patient: Patient) -> None:
    """Give back all of a patient's appointments: at a crisis or a death."""
    for appointment in tuple(patient.appointments):
        if appointment.episode is not None:
            appointment.episode.appointment = None
        release(territory, patient, appointment)


def count_wait(
    territory: Territory, requested_at: float, time: float, groups: Sequence[int]
) -> None:
    """Count a request that found an appointment, by the date of the request."""
    if territory.clock.now < 0.0:
        return
    days = math.floor(time) - math.floor(requested_at)
    for group in groups:
        territory.count("gp_waits", group)
        territory.count("gp_wait_days", group, time - requested_at)
        if days <= 1:
            territory.count("gp_same_or_next_day", group)
        elif days >= 5:
            territory.count("gp_five_days_or_more", group)
        territory.waits[group][min(days, WAIT_BINS - 1)] += 1.0


def owner_of(territory: Territory, slot: int) -> int:
    """The GP in whose book a slot is."""
    return bisect_right(territory.book_ends, slot)


def _time_has_come(
    territory: Territory, patient: Patient, appointment: Appointment, _event: simpy.Event
) -> None:
    if appointment.is_held:
        appointment.is_held = False
        patient.appointments.remove(appointment)
        territory.consult(territory, patient, appointment)
