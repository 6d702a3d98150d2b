"""Asking a GP for an appointment, holding it, and giving it back.

Slots are found by `care/access.py`; when an appointment's time comes the territory's `consult` is
called. On walk-in days people are seen first come, first served, within the hours of the session.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import simpy

from parcours_sim.care import order
from parcours_sim.care.appointments import give_back, take
from parcours_sim.care.diary import ALL_KINDS, OTHERS_SHARED, OWN_ROUTINE
from parcours_sim.care.practices import uptake
from parcours_sim.care.tallies import WAIT_BINS
from parcours_sim.engine import kernels

from .state import Appointment, Patient, Territory

NO_GPS = np.zeros(0, np.int64)
WALK_IN = -1
SESSION_SEARCH_DAYS = 21
PLANNED, ANSWER, FOLLOW_UP = "planned", "answer", "follow-up"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a practice has for a request: a slot of a GP's book, or a place as a walk-in."""

    gp: int
    time: float
    slot: int
    """Position in the books, or WALK_IN."""


def find_offer(
    territory: Territory,
    gp: int,
    wanted: float,
    patience_days: float,
    *,
    unscheduled: bool,
    is_own: bool = True,
) -> Offer | None:
    """What a request is offered within its patience: the earlier of a slot and a walk-in's place.

    `wanted` is the time (days) from which it is wanted; someone who wants it now may also walk in.
    """
    slot = _find_slot(territory, gp, wanted, patience_days, unscheduled, is_own)
    best = None
    if slot >= 0:
        time = float(territory.books.slot_time[slot])
        best = Offer(bisect_right(territory.book_ends, slot), time, slot)
    if wanted <= territory.clock.now:
        walk_in = walk_in_offer(territory, gp, wanted + patience_days)
        if walk_in is not None and (best is None or walk_in.time < best.time):
            return walk_in
    return best


def _find_slot(
    territory: Territory,
    gp: int,
    wanted: float,
    patience_days: float,
    unscheduled: bool,
    is_own: bool,
) -> int:
    now, books = territory.clock.now, territory.books
    team = territory.team_of(gp, now)
    practice = territory.parameters.practices[team.model]
    within = shares_slots(territory, now) if unscheduled else 0.0
    return kernels.offer(
        books.slot_time,
        books.slot_kind,
        books.slot_taken,
        books.day_first,
        gp,
        team.books if practice.colleagues_cover else NO_GPS,
        territory.all_books if within > 0.0 else NO_GPS,
        math.floor(wanted) - territory.first_day,
        now,
        wanted,
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
    within = [
        layer.shared_within_days
        for layer in territory.parameters.layers
        if layer.shared_slots_per_day + layer.added_slots_per_day > 0.0
        and uptake(layer, now, ramp) > 0.0
    ]
    return max(within, default=0.0)


def receives_walk_ins(territory: Territory, gp: int) -> bool:
    """Whether a GP's practice has walk-in days now."""
    model = territory.team_of(gp, territory.clock.now).model
    return territory.parameters.practices[model].walk_in_days_per_week > 0.0


def walk_in_offer(territory: Territory, gp: int, until: float) -> Offer | None:
    """When a walk-in who comes now would be seen, by whoever of the practice is free first."""
    if not receives_walk_ins(territory, gp):
        return None
    now = territory.clock.now
    team = territory.team_of(gp, now)
    covers = territory.parameters.practices[team.model].colleagues_cover
    starts = [
        (next_session(territory, who, max(now, territory.walk_in_free_at[who])), who)
        for who in (team.colleagues if covers else (gp,))
    ]
    time, who = min(starts)
    return Offer(who, time, WALK_IN) if time <= until else None


def next_session(territory: Territory, gp: int, time: float) -> float:
    """The first instant from `time` on at which a GP receives without appointment."""
    opens = territory.parameters.work.opens_hour / 24.0
    closing_times = territory.books.walk_in_closes
    last = territory.first_day + closing_times.shape[1]
    for day in range(math.floor(time), min(math.floor(time) + SESSION_SEARCH_DAYS, last)):
        closes = closing_times[gp, day - territory.first_day]
        if max(time, day + opens) < closes:
            return max(time, day + opens)
    return math.inf


def accept(territory: Territory, offer: Offer, length_days: float) -> None:
    """Take what is on offer: the slot, or the GP's time on a walk-in day."""
    if offer.slot == WALK_IN:
        territory.walk_in_free_at[offer.gp] = offer.time + length_days
    else:
        take(territory.books.slot_taken, offer.slot)


def book(
    territory: Territory, patient: Patient, offer: Offer, purpose: str, number: int
) -> Appointment:
    """Accept an offer for a patient; the consultation comes by itself unless it is given back.

    `number` addresses the draws of the consultation (`care/routine.py`).
    """
    accept(territory, offer, territory.parameters.work.consultation_days)
    appointment = Appointment(offer.slot, offer.gp, offer.time, purpose, number)
    patient.appointments.append(appointment)
    territory.note(patient, "appointment booked", purpose, offer.slot)
    event = territory.clock.at(appointment.time, order.CONSULTATION)
    event.callbacks.append(partial(_time_has_come, territory, patient, appointment))
    return appointment


def release(territory: Territory, patient: Patient, appointment: Appointment) -> None:
    """Give an appointment back, for others to take."""
    if appointment.is_held:
        appointment.is_held = False
        patient.appointments.remove(appointment)
        if appointment.slot != WALK_IN:
            give_back(territory.books.slot_taken, appointment.slot)
        territory.note(patient, "appointment given back", appointment.purpose, appointment.slot)


def release_all(territory: Territory, patient: Patient) -> None:
    """Give back all of a patient's appointments, at a death."""
    for appointment in tuple(patient.appointments):
        release(territory, patient, appointment)


def fall_through(appointment: Appointment) -> None:
    """An appointment does not take place: its episode is open to other answers again."""
    episode = appointment.episode
    if episode is not None:
        episode.appointment = None
        episode.is_answered = episode.is_treated


def give_back_until(territory: Territory, patient: Patient, time: float) -> None:
    """Give back what is booked up to `time`: someone in hospital until then cannot come.

    A planned visit among them is missed.
    """
    for appointment in tuple(patient.appointments):
        if appointment.time > time:
            continue
        fall_through(appointment)
        if appointment.purpose == PLANNED:
            territory.count_for(patient, "missed_contacts")
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


def _time_has_come(
    territory: Territory, patient: Patient, appointment: Appointment, _event: simpy.Event
) -> None:
    if appointment.is_held:
        appointment.is_held = False
        patient.appointments.remove(appointment)
        territory.consult(territory, patient, appointment)
