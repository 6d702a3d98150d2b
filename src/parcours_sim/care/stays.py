"""A stay and what follows: what is counted of it, and how it changes who the patient is now.

Rooms, beds and letters are the engines'; how long a stay lasts is in `hospital.py`.
"""

from __future__ import annotations

import math

from .calendar import WEEKDAY, clock_hour
from .hospital import goes_direct, is_readmission
from .parameters import DAYS_PER_YEAR
from .person import Person
from .practices import direct_share, doctor_first_share
from .setting import Setting
from .tallies import Count, count, count_for, is_measured

ONE_YEAR = 365.0
"""Deaths count as following a stay within this many days of the discharge (L170)."""
FOLLOW_UP_DAYS = 15.0
FIRST_MONTH_DAYS = 30.0
"""While the hazard of coming back is raised most (L092b)."""


def is_direct(
    territory: Setting, patient: Person, doctor_mark: float, direct_mark: float, is_treated: bool
) -> bool:
    """Whether a crisis goes straight to a bed, under what is organised for this patient now.

    A doctor has seen the patient beforehand who `is_treated` for this very episode.
    """
    now, hospital = territory.clock.now, territory.hospital
    return goes_direct(
        0.0 if is_treated else doctor_mark,
        doctor_first_share(territory, patient),
        direct_mark,
        direct_share(territory, patient),
        clock_hour(now),
        territory.day_table[math.floor(now) - territory.first_day] == WEEKDAY,
        hospital.direct_opens_hour,
        hospital.direct_closes_hour,
    )


def is_sent_by_doctor(
    territory: Setting, patient: Person, doctor_mark: float, is_treated: bool
) -> bool:
    """Whether a doctor was seen or called before a crisis came to the emergency department."""
    return is_treated or doctor_mark < doctor_first_share(territory, patient)


def count_admission(territory: Setting, patient: Person, kind: int, through: int) -> None:
    """Count a stay by the day it begins: its route, its cost, and whether it is a return.

    `through` is what counts its route: HOSPITALISATIONS_EMERGENCY or HOSPITALISATIONS_DIRECT.
    """
    row = territory.kinds[kind]
    count_for(territory, patient, Count.HOSPITALISATIONS, kind)
    count_for(territory, patient, through, kind)
    count_for(territory, patient, Count.HOSPITALISATIONS_AVOIDABLE, kind, row.avoidable_share)
    count_for(territory, patient, Count.COST_CARE_EUR, kind, row.stay_eur)
    left = patient.discharged_at
    count_return(territory, patient, Count.READMISSIONS_30_DAYS, kind, left, 30.0)
    count_return(territory, patient, Count.READMISSIONS_90_DAYS, kind, left, 90.0)
    if patient.last_kind >= 0:
        before = patient.last_kind
        count_return(territory, patient, Count.READMISSIONS_AFTER_30_DAYS, before, left, 30.0)
        count_return(territory, patient, Count.READMISSIONS_AFTER_90_DAYS, before, left, 90.0)
    left = territory.left_hospital_at[patient.number, kind]
    count_return(territory, patient, Count.READMISSIONS_SAME_KIND_30_DAYS, kind, left, 30.0)
    count_return(territory, patient, Count.READMISSIONS_SAME_KIND_180_DAYS, kind, left, 180.0)
    count_return(territory, patient, Count.READMISSIONS_SAME_KIND_365_DAYS, kind, left, 365.0)
    if is_measured(territory):
        year = math.floor(territory.clock.now / DAYS_PER_YEAR)
        count_year(territory, patient, kind, year)


def count_return(
    territory: Setting, patient: Person, what: int, kind: int, left: float, days: float
) -> None:
    """Count an admission that comes within some days of an earlier discharge."""
    if is_readmission(territory.clock.now, left, days):
        count_for(territory, patient, what, kind)


def count_year(territory: Setting, patient: Person, kind: int, year: int) -> None:
    """Count a patient once for each year with a stay, and once for each year with such a stay."""
    if patient.year_of_stay < year:
        patient.year_of_stay = year
        count_for(territory, patient, Count.PATIENTS_HOSPITALISED)
    if territory.year_of_stay[patient.number, kind] < year:
        territory.year_of_stay[patient.number, kind] = year
        count(territory, Count.PATIENTS_HOSPITALISED, territory.kind_groups + kind)


def leave_bed(territory: Setting, patient: Person, kind: int) -> None:
    """A stay is over, one way or the other."""
    patient.is_in_care = patient.is_in_bed = False
    territory.left_hospital_at[patient.number, kind] = territory.clock.now


def come_home(territory: Setting, patient: Person, kind: int) -> None:
    """The day of discharge: nobody is informed yet, a follow-up is awaited."""
    patient.discharged_at = territory.clock.now
    patient.last_kind = kind
    patient.is_relieved = patient.gp_has_letter = patient.nurse_has_letter = False
    patient.has_late_letter = False
    patient.awaits_follow_up = True
    count_for(territory, patient, Count.DISCHARGES, kind)


def nurse_is_written_to(patient: Person, is_ordered: bool) -> bool:
    """Whether the hospital writes to a nurse: one ordered at the discharge, or who comes anyway."""
    return is_ordered or patient.nurse_interval_days < math.inf


def follow_up(territory: Setting, patient: Person, is_informed: bool, by_gp: bool) -> bool:
    """What a contact means after a discharge: the follow-up, and relief if it is informed.

    Return whether it is the first informed one.
    """
    kind = patient.last_kind
    if by_gp and patient.awaits_follow_up:
        patient.awaits_follow_up = False
        days = territory.clock.now - patient.discharged_at
        count_for(territory, patient, Count.FOLLOW_UPS, kind)
        count_for(territory, patient, Count.FOLLOW_UP_TIME_DAYS, kind, days)
        if days <= FOLLOW_UP_DAYS:
            count_for(territory, patient, Count.FOLLOW_UPS_15, kind)
    if not is_informed or patient.is_relieved:
        return False
    patient.is_relieved = True
    count_for(territory, patient, Count.FOLLOW_UPS_INFORMED, kind)
    return True


def follows_late_letter(territory: Setting, patient: Person) -> bool:
    """Whether something begins in the first month after a discharge with a letter late or lost."""
    days = territory.clock.now - patient.discharged_at
    return patient.has_late_letter and days <= FIRST_MONTH_DAYS


def leave_place(territory: Setting, patient: Person) -> None:
    """A death: it is counted, and somebody alike comes into the place in the population."""
    count_for(territory, patient, Count.DEATHS)
    patient.generation += 1
    count_death_after_stay(territory, patient)
    patient.is_in_care = patient.is_in_bed = False
    patient.discharged_at = -math.inf
    patient.last_kind = -1
    patient.is_relieved = patient.gp_has_letter = patient.nurse_has_letter = False
    patient.has_late_letter = False
    patient.awaits_follow_up = False
    patient.year_of_stay = -1
    for kind in range(len(territory.kinds)):
        territory.left_hospital_at[patient.number, kind] = -math.inf
        territory.year_of_stay[patient.number, kind] = -1


def count_death_after_stay(territory: Setting, patient: Person) -> None:
    """Count a death within a year of a stay: once for the patient, and for each kind of stay."""
    follows = False
    for kind in range(len(territory.kinds)):
        left = territory.left_hospital_at[patient.number, kind]
        if is_readmission(territory.clock.now, left, ONE_YEAR):
            count(territory, Count.DEATHS_AFTER_STAY, territory.kind_groups + kind)
            follows = True
    if follows:
        count_for(territory, patient, Count.DEATHS_AFTER_STAY)
