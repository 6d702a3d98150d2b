"""Closing the accounts at the end of the horizon: who lived how long, and what organising cost."""

from __future__ import annotations

import math

from .parameters import DAYS_PER_YEAR, Layer
from .person import Person
from .practices import has_joined, is_reached_at, uptake
from .setting import Setting
from .tallies import ALL, Count, add

MONTH_DAYS = DAYS_PER_YEAR / 12.0


def close_accounts(territory: Setting) -> None:
    """Count what is counted once, at the end: person-years, effort, coordination."""
    years = territory.ends / DAYS_PER_YEAR
    for number in range(len(territory.patients)):
        patient = territory.patients[number]
        add(territory, patient, Count.PERSON_YEARS, -1, years)
        add(territory, patient, Count.COORDINATED_YEARS, -1, coordinated_years(territory, patient))
    count_effort(territory)
    hours = 24.0 * territory.coordination_days
    funding = practice_funding(territory)
    for position in range(len(territory.layers)):
        layer = territory.layers[position]
        reached = 0.0
        for number in range(len(territory.patients)):
            reached += reached_years(territory, territory.patients[number], position)
        covered = territory.inhabitants * covered_years(territory, layer)
        hours += layer.coordination_hours_per_year * reached
        funding += layer.funding_per_patient_eur * reached
        funding += layer.funding_per_inhabitant_eur * covered
    territory.tallies[Count.COORDINATION_HOURS * territory.width + ALL] += hours
    territory.tallies[Count.COST_COORDINATION_EUR * territory.width + ALL] += funding


def count_effort(territory: Setting) -> None:
    """Time and cost of the contacts counted, for every group, at the mean time and unit cost."""
    tallies, width = territory.tallies, territory.width
    work, costs = territory.work, territory.costs
    for group in range(width):
        nurse = tallies[Count.NURSE_CONTACTS * width + group]
        dispensed = tallies[Count.PHARMACIST_CONTACTS * width + group]
        seen = tallies[Count.GP_CONTACTS * width + group]
        visits = tallies[Count.ED_VISITS * width + group]
        tallies[Count.NURSE_HOURS * width + group] += nurse * work.nurse_visit_days * 24.0
        dispensing_hours = dispensed * work.dispensing_days * 24.0
        tallies[Count.PHARMACIST_HOURS * width + group] += dispensing_hours
        cost = seen * costs.gp_eur + nurse * costs.nurse_eur + dispensed * costs.dispensing_eur
        asked = tallies[Count.EXPERT_REQUESTS * width + group]
        cost += visits * costs.ed_eur + asked * costs.expert_eur
        tallies[Count.COST_CARE_EUR * width + group] += cost


def practice_funding(territory: Setting) -> float:
    """Collective funding of all practices over the measured horizon, from the day they join."""
    total = 0.0
    for gp in range(len(territory.joins)):
        joins = territory.joins[gp]
        for when in range(2):
            days = max(0.0, territory.ends - joins) if when else min(joins, territory.ends)
            practice = territory.practices[territory.team_model[when, gp]]
            members = territory.team_end[when, gp] - territory.team_first[when, gp]
            total += practice.funding_eur_per_year / members * days / DAYS_PER_YEAR
    return total


def reached_years(territory: Setting, patient: Person, position: int) -> float:
    """Years of the measured horizon in which a layer reaches a patient, month by month."""
    years = 0.0
    for month in range(measured_months(territory)):
        if is_reached_at(territory, patient, position, month * MONTH_DAYS):
            years += years_of_month(territory, month)
    return years


def coordinated_years(territory: Setting, patient: Person) -> float:
    """Years of the measured horizon in which somebody coordinates a patient's care.

    A practice with time for it that sees the patient, or a layer with time for it or funded by the
    patient; month by month.
    """
    years = 0.0
    for month in range(measured_months(territory)):
        if is_coordinated(territory, patient, month * MONTH_DAYS):
            years += years_of_month(territory, month)
    return years


def measured_months(territory: Setting) -> int:
    """Months of the measured horizon; the last may be cut short."""
    return math.ceil(territory.ends / MONTH_DAYS)


def years_of_month(territory: Setting, month: int) -> float:
    """How long a month of the measured horizon lasts, in years."""
    return min(MONTH_DAYS, territory.ends - month * MONTH_DAYS) / DAYS_PER_YEAR


def is_coordinated(territory: Setting, patient: Person, time: float) -> bool:
    """Whether somebody coordinates a patient's care at an instant."""
    joined = has_joined(territory.joins[patient.gp], time)
    practice = territory.practices[territory.team_model[joined, patient.gp]]
    if patient.is_accepted and practice.coordination_share > 0.0:
        return True
    for position in range(len(territory.layers)):
        layer = territory.layers[position]
        coordinates = layer.coordination_hours_per_year + layer.funding_per_patient_eur > 0.0
        if coordinates and is_reached_at(territory, patient, position, time):
            return True
    return False


def covered_years(territory: Setting, layer: Layer) -> float:
    """Years for which a layer's funding per inhabitant is paid: from the day it exists.

    Where another table takes its place at time 0, what that one costs is paid.
    """
    if layer.is_replaced:
        return 0.0
    exists = max(uptake(layer, territory.ends, territory.ramp_days), layer.uptake[0]) > 0.0
    return territory.ends / DAYS_PER_YEAR if exists else 0.0
