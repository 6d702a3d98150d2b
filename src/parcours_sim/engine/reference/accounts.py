"""Closing the accounts at the end of the horizon: what is still open, and what organising cost."""

from __future__ import annotations

import math

from parcours_sim.care.parameters import DAYS_PER_YEAR, Layer
from parcours_sim.care.practices import reaches, uptake
from parcours_sim.care.tallies import ALL

from .state import Patient, Territory


def close_accounts(territory: Territory) -> None:
    """Count what is counted once, at the end: open episodes, person-years, coordination."""
    p = territory.parameters
    years = p.ends / DAYS_PER_YEAR
    for patient in territory.patients:
        territory.count_for(patient, "person_years", -1, years)
        for position in patient.who.conditions:
            territory.count("person_years", territory.groups.conditions + position, years)
        for episode in patient.open_episodes:
            territory.count_for(patient, "episodes_open", episode.position)
    count_effort(territory)
    hours = 24.0 * territory.books.coordination_days
    funding = practice_funding(territory)
    for position, layer in enumerate(p.layers):
        reached = math.fsum(
            reached_years(territory, layer, patient, patient.layer_marks[position])
            for patient in territory.patients
        )
        hours += layer.coordination_hours_per_year * reached
        funding += layer.funding_per_patient_eur * reached
        funding += (
            layer.funding_per_inhabitant_eur * p.inhabitants * covered_years(territory, layer)
        )
    territory.count("coordination_hours", ALL, hours)
    territory.count("cost_coordination_eur", ALL, funding)


def count_effort(territory: Territory) -> None:
    """Time and cost of the contacts counted, for every group, at the mean time and unit cost."""
    p = territory.parameters
    for group in range(len(territory.groups.labels)):
        nurse, dispensed, seen, visits = (
            territory.tallies[territory.row[name] + group]
            for name in ("nurse_contacts", "pharmacist_contacts", "gp_contacts", "ed_visits")
        )
        territory.count("nurse_hours", group, nurse * p.work.nurse_visit_days * 24.0)
        territory.count("pharmacist_hours", group, dispensed * p.work.dispensing_days * 24.0)
        cost = (
            seen * p.costs.gp_eur + nurse * p.costs.nurse_eur + dispensed * p.costs.dispensing_eur
        )
        territory.count("cost_care_eur", group, cost + visits * p.costs.ed_eur)


def practice_funding(territory: Territory) -> float:
    """Collective funding of all practices over the measured horizon, from the day they join."""
    p = territory.parameters
    total = 0.0
    for before, after, joins in zip(*territory.teams, territory.joins, strict=True):
        for team, days in ((before, min(joins, p.ends)), (after, max(0.0, p.ends - joins))):
            practice = p.practices[team.model]
            total += practice.funding_eur_per_year / len(team.colleagues) * days / DAYS_PER_YEAR
    return total


def reached_years(territory: Territory, layer: Layer, patient: Patient, mark: float) -> float:
    """Years of the measured horizon in which a layer reaches a patient, month by month."""
    p, month = territory.parameters, DAYS_PER_YEAR / 12.0
    months = math.ceil(p.ends / month)
    ends = p.ends
    return math.fsum(
        min(month, ends - i * month) / DAYS_PER_YEAR
        for i in range(months)
        if reaches(layer, patient.who.older, mark, i * month, p.ramp_days)
    )


def covered_years(territory: Territory, layer: Layer) -> float:
    """Years for which a layer's funding per inhabitant is paid: from the day it exists."""
    p = territory.parameters
    return (
        p.ends / DAYS_PER_YEAR if max(uptake(layer, p.ends, p.ramp_days), layer.uptake[0]) else 0.0
    )
