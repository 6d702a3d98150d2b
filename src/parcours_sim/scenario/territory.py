"""The world: who lives in a territory, who works there, and how demand arises.

Nothing here depends on how care is organised; that is `organisation.py`. What goes wrong with
people's health is in `episode.py`. Both are checked, frozen pydantic models.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from .kinds import (
    Count,
    DayOfYear,
    DaysOfYear,
    Euros,
    Exponent,
    Hour,
    Inhabitants,
    PositiveRate,
    PositiveRatio,
    PositiveTime,
    Rate,
    Ratio,
    Sigma,
    Slots,
    Supply,
    Time,
    WeeksOfYear,
)
from .quantity import MODEL, Name, Share, Words


class Text(BaseModel):
    """A text that users see, in French and in English."""

    model_config = MODEL
    fr: Words
    en: Words


class Severity(BaseModel):
    """A class of severity of a condition: how many have it, and their hazard against the mean."""

    model_config = MODEL
    share: Share
    hazard_ratio: Ratio


class Control(BaseModel):
    """How well a condition is held (good, fair, poor): drifts down, good contacts move it up."""

    model_config = MODEL
    starts_good_share: Share
    starts_poor_share: Share
    drift_per_year: Rate
    """Steps down per year without any contact that follows the protocol."""
    improvement_share: Share
    """Probability that one contact that follows the protocol moves control one step up."""
    good_hazard_ratio: Ratio
    poor_hazard_ratio: Ratio


class Condition(BaseModel):
    """A chronic condition: who has it, and the routine care it brings."""

    model_config = MODEL
    title: Text
    prevalence_under_75_share: Share
    prevalence_75_and_over_share: Share
    gp_visits_per_year: Rate
    dispensings_per_year: Rate
    nurse_followed_share: Share
    nurse_visits_per_week: Rate
    death_share_per_year: Share
    severities: dict[Name, Severity]
    control: Control


class Link(BaseModel):
    """A way in which information travels, as it is where nobody has organised it."""

    model_config = MODEL
    title: Text
    sender: Literal["patient", "nurse", "pharmacist", "hospital"]
    receiver: Literal["gp", "nurse"]
    channel: Literal["warning", "discharge", "medicines"]
    delay_days: Time
    """Median delay of a routine message that does not arrive the same day."""
    delay_sigma: Sigma
    """Spread of the delay: standard deviation of its logarithm."""
    urgent_delay_ratio: Ratio
    """Delay of an urgent message over that of a routine one."""
    same_day_share: Share
    """Messages that arrive at once."""
    loss_share: Share


class People(BaseModel):
    """The inhabitants, beyond their conditions."""

    model_config = MODEL
    share_75_and_over: Share
    death_under_75_share_per_year: Share
    death_75_and_over_share_per_year: Share
    gp_visits_75_and_over_per_year: Rate
    """Planned GP visits of people aged 75 and over without a chronic condition of the list."""
    dispensings_75_and_over_per_year: Rate
    without_gp_share: Share
    """Inhabitants who are not simulated one by one and have no usual GP."""
    patients_without_gp_share: Share
    """The same among patients simulated one by one."""
    booked_ahead_share: Share
    """Planned visits of patients that are booked ahead; the others are asked for on the day."""


class Demand(BaseModel):
    """Requests to GPs, of everyone: how many, what kind, and how long people will wait."""

    model_config = MODEL
    gp_requests_per_inhabitant_per_year: Rate
    """All requests, those of simulated patients included."""
    symptomatic_share: Share
    booked_ahead_share: Share
    booking_lead_days: Time
    booking_lead_sigma: Sigma
    symptomatic_patience_days: PositiveTime
    other_patience_days: PositiveTime
    patience_sigma: Sigma
    winter_amplitude_share: Share
    winter_peak_day: DayOfYear
    unserved_to_ed_share: Share
    """Symptomatic requests without an acceptable slot that go to the emergency department."""
    practice_accepts_share: Share
    """Probability that a practice sees someone without a usual GP."""
    surge_ratio: PositiveRatio
    """Demand of people not simulated one by one during a surge, over the usual: requests to GPs and
    visits to the emergency department."""
    surge_begins_days: Time
    """From the start of the measured years."""
    surge_days: Time
    """How long the surge lasts; 0 for none."""


class Professionals(BaseModel):
    """Who works in the territory, how much they can do and when."""

    model_config = MODEL
    calendar: Literal["france", "always_open"]
    gps_per_100k: Supply
    gp_slots_per_year: Slots
    list_capacity_exponent: Exponent
    """A GP's slots grow as the size of the list to this power."""
    gp_leave_weeks: WeeksOfYear
    """Weeks a year in which a GP is away and nobody stands in."""
    gp_opens_hour: Hour
    gp_closes_hour: Hour
    saturday_closes_hour: Hour
    saturday_slot_share: Share
    """Slots of a Saturday morning over those of a weekday."""
    consultation_law: Literal["lognormal", "exponential", "fixed"]
    consultation_minutes: PositiveTime
    consultation_sd_minutes: Time
    nurses_per_100k: Supply
    nurse_days_per_year: DaysOfYear
    nurse_visits_per_day: PositiveRate
    nurse_other_patients_share: Share
    """Nurses' visits to people who are not simulated one by one."""
    nurse_access: Literal["rounds", "office"]
    """Nurses go round; or patients come to an office that all nurses on duty share.

    There, who comes first is served first. It is open in the hours of the rounds.
    """
    nurse_visit_law: Literal["exponential", "fixed"]
    """How visits at an office vary; a round holds a number of visits however long they take."""
    nurse_visit_minutes: PositiveTime
    nurse_round_begins_hour: Hour
    nurse_round_ends_hour: Hour
    nurse_protocol_share: Share
    """Nurses' visits that follow a shared protocol where no team asks for it."""
    pharmacist_protocol_share: Share
    """Dispensings that do."""
    pharmacies_per_100k: Supply
    pharmacy_counters_per_pharmacy: Count
    pharmacy_opens_hour: Hour
    pharmacy_closes_hour: Hour
    dispensing_law: Literal["exponential", "fixed"]
    dispensing_minutes: PositiveTime


class Hospital(BaseModel):
    """The emergency department and the beds behind it."""

    model_config = MODEL
    ed_visits_per_inhabitant_per_year: Rate
    """Visits of people not simulated one by one that no GP slot would have changed."""
    ed_low_acuity_share: Share
    ed_other_admitted_share: Share
    """Admitted among the visits of people not simulated one by one."""
    ed_day_share: Share
    """Arrivals between 8 and 20 o'clock."""
    ed_rooms_per_100k: Supply
    """Rooms that the mean load would fill; see `safety_factor`."""
    ed_care_law: Literal["lognormal", "exponential", "fixed"]
    ed_care_home_minutes: PositiveTime
    ed_care_admitted_minutes: PositiveTime
    ed_care_sd_ratio: Ratio
    """Standard deviation of the time in care over its mean."""
    ed_patience_hours: PositiveTime
    """Median wait after which someone of low acuity leaves unseen."""
    ed_patience_sigma: Sigma
    beds_per_100k: Supply
    """Beds that the mean load would fill; see `safety_factor`."""
    safety_factor: Ratio
    """Rooms and beds on top of the mean load, in square roots of that load."""
    other_stay_days: PositiveTime
    other_stay_sd_days: Time
    doctor_first_under_75_share: Share
    """Crises in which a doctor is seen or called before the emergency department."""
    doctor_first_75_and_over_share: Share
    direct_admission_share: Share
    """Of these, admitted straight to a bed where nobody has organised it."""
    direct_opens_hour: Hour
    direct_closes_hour: Hour


class AfterDischarge(BaseModel):
    """The weeks after a hospital stay."""

    model_config = MODEL
    excess_hazard_ratio: Ratio
    """What the usual hazard of an episode is raised by on the day of discharge, in multiples."""
    excess_decay_days: PositiveTime
    informed_relief_share: Share
    """Part of the excess that ends once an informed professional has seen the patient."""
    follow_up_days: PositiveTime
    """Median time to the visit that a patient plans by themselves."""
    follow_up_sigma: Sigma
    recall_share: Share
    """Discharged patients whom an informed GP calls in, where nobody has organised it."""
    nurse_share: Share
    nurse_days: PositiveTime
    nurse_sigma: Sigma
    death_ratio_days: PositiveTime
    """How long the raised mortality after a stay lasts."""


class ExpertAdvice(BaseModel):
    """What asking an expert about a worsening takes and does, where there is a platform for it."""

    model_config = MODEL
    asking_minutes: Time
    """Time of the GP who asks."""
    reading_minutes: Time
    """Time of the expert who answers."""
    expert_minutes_per_day: PositiveRate
    """Time that an expert gives to answering each day: how fast cases can be read."""
    answer_hours: Time
    """Median time to an answer from when it is a case's turn in the experts' queue."""
    answer_sigma: Sigma
    answer_limit_days: Time
    """The longest such time; what would take longer takes that."""
    efficacy_share: Share
    """Worsenings that the first treatment leaves and the changed one averts, if it acts in time."""


class Costs(BaseModel):
    """Unit costs; they move euros, not patients."""

    model_config = MODEL
    gp_consultation_eur: Euros
    nurse_visit_eur: Euros
    dispensing_eur: Euros
    ed_visit_eur: Euros
    expert_advice_eur: Euros
    """Both fees: of who asks and of who answers."""


class Territory(BaseModel):
    """A territory: the same under every organisation."""

    model_config = MODEL
    title: Text
    inhabitants: Inhabitants
    people: People
    conditions: dict[Name, Condition]
    links: dict[Name, Link]
    demand: Demand
    professionals: Professionals
    hospital: Hospital
    after_discharge: AfterDischarge
    expert_advice: ExpertAdvice
    costs: Costs


__all__ = ["Condition", "Control", "Link", "Severity", "Territory", "Text"]
