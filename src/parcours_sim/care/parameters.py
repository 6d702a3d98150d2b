"""Flat parameters: the plain numbers of a scenario that rules and engines read.

Names have become positions (conditions, links, kinds and practice models in alphabetical order,
with a stable id for their draws) and shares per year hazards. No evidence, title or range is left.
`flatten.py` makes them from a resolved scenario.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

DAYS_PER_YEAR = 365.25
MINUTES_PER_DAY = 1440.0
TRIAGE = {"immediate": 1, "urgent": 2, "standard": 3, "low": 4}
OLDER = "age_75_and_over"
ROLES = ("patient", "nurse", "pharmacist", "gp", "hospital")
PATIENT, NURSE, PHARMACIST, GP, HOSPITAL = range(len(ROLES))
"""Who sends and receives messages, as numbers."""
UNCHANGED, RAISED_AFTER_DISCHARGE, ONLY_AFTER_DISCHARGE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class SeverityClass:
    """A class of severity: its share, its hazard over the mean, and the highest plausible one."""

    share: float
    ratio: float
    ceiling: float


@dataclass(frozen=True, slots=True)
class Condition:
    """A chronic condition; rates per day, intervals in days (infinite: never)."""

    name: str
    id: int
    prevalence: tuple[float, float]
    """Share of people under 75, and of people aged 75 and over."""
    gp_interval_days: float
    dispensing_interval_days: float
    nurse_followed_share: float
    nurse_interval_days: float
    death_rate_per_day: float
    severities: tuple[SeverityClass, ...]
    starts_good_share: float
    starts_poor_share: float
    drift_mean_days: float
    improvement_share: float
    control_ratios: tuple[float, float, float]
    """Hazard under good, fair and poor control over that under fair control."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it is where nobody has organised it."""

    name: str
    id: int
    sender: int
    receiver: int
    """Roles (PATIENT, NURSE…)."""
    delay_days: float
    delay_sigma: float
    urgent_ratio: float
    same_day_share: float
    loss_share: float


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of episode; see `scenario/episode.py` for what each number means."""

    name: str
    id: int
    condition: int
    """Position of the condition that makes it likely, -1 for an age band or everyone."""
    older_only: bool
    """Without such a condition: whether only people aged 75 and over are at risk."""
    rate_per_day: float
    ceiling_per_day: float
    """Highest plausible hazard of a person of mean severity; candidates are drawn at it."""
    after_discharge: int
    depends_on_control: bool
    winter_amplitude: float
    urgent: bool
    drug_incident: bool
    sudden_share: float
    sudden_days: float
    sudden_sigma: float
    gradual_days: float
    gradual_sigma: float
    resolves_alone_share: float
    gp_share: float
    nurse_share: float
    pharmacist_share: float
    patient_share: float
    patient_delay_days: float
    patient_delay_sigma: float
    treatment_days: float
    treatment_sigma: float
    efficacy_share: float
    precaution_share: float
    triage: int
    admitted_share: float
    stay_days: float
    stay_sd_days: float
    hospital_death_share: float
    death_ratio_after_stay: float
    death_ratio_ceiling: float
    avoidable_share: float
    stay_eur: float
    link_ids: tuple[int, ...]
    """For each link, the aspect under which its messages about this kind are drawn."""


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice model; per link, (delay ratio, loss ratio)."""

    name: str
    gps_per_practice: float
    nurse_in_team_share: float
    pharmacist_in_team_share: float
    links: tuple[tuple[float, float], ...]
    colleagues_cover: bool
    own_gp_tolerance_days: float
    colleague_noticing_ratio: float
    urgent_slot_share: float
    urgent_release_days: float
    walk_in_days_per_week: float
    slots_ratio: float
    gp_protocol_share: float
    nurse_protocol_share: float
    pharmacist_protocol_share: float
    protocol_visits_per_year: float
    delegated_share: float
    recall_share: float
    coordination_share: float
    funding_eur_per_year: float


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer; `uptake` is (before time 0, once the organisation is complete)."""

    name: str
    id: int
    uptake: tuple[float, float]
    is_replaced: bool
    """Whether another table takes its place from time 0 on, under the same marks."""
    older_only: bool
    condition: int
    """Position of the condition that those whom it reaches have, -1 where none is asked for."""
    links: tuple[tuple[float, float], ...]
    noticing: tuple[tuple[float, ...], ...]
    """Per kind of episode, the share of signs otherwise missed that each role notices."""
    recall_share: float
    protocol_visits_per_year: float
    doctor_first_share: float
    direct_admission_share: float
    shared_slots_per_day: float
    added_slots_per_day: float
    shared_within_days: float
    without_gp_taken_in_share: float
    patient_delay_ratio: float
    expert_share: float
    first_expert: int
    end_expert: int
    """The layer's own experts among all that there are."""
    coordination_hours_per_year: float
    funding_per_inhabitant_eur: float
    funding_per_patient_eur: float


@dataclass(frozen=True, slots=True)
class People:
    """The inhabitants beyond their conditions; rates per day, intervals in days."""

    older_share: float
    death_rates_per_day: tuple[float, float]
    older_gp_interval_days: float
    older_dispensing_interval_days: float
    without_gp_share: float
    patients_without_gp_share: float
    planned_booked_share: float


@dataclass(frozen=True, slots=True)
class Demand:
    """Requests to GPs; leads and patience in days."""

    requests_per_inhabitant_per_year: float
    symptomatic_share: float
    booked_share: float
    lead_days: float
    lead_sigma: float
    symptomatic_patience_days: float
    other_patience_days: float
    patience_sigma: float
    winter_amplitude: float
    winter_peak_day: float
    unserved_to_ed_share: float
    practice_accepts_share: float
    surge_ratio: float
    surge_begins: float
    surge_ends: float


@dataclass(frozen=True, slots=True)
class Work:
    """Who works in the territory, how much they can do, and when; hours of the day, days."""

    always_open: bool
    gps: int
    gp_capacity_ratio: float
    """What rounding the number of GPs would take from or add to supply, given back to each."""
    slots_per_year: float
    list_exponent: float
    leave_days: float
    opens_hour: float
    closes_hour: float
    saturday_closes_hour: float
    saturday_slot_share: float
    consultation_law: int
    consultation_days: float
    consultation_sd_days: float
    nurses: int
    nurse_visits_per_day: float
    """Visits to patients simulated one by one that one nurse's round holds, every day."""
    office_nurses: int
    """Nurses on duty at once for them where nurses receive at an office; 0 where they go round."""
    nurse_visit_law: int
    nurse_visit_days: float
    nurse_round_begins_hour: float
    nurse_round_ends_hour: float
    nurse_protocol_share: float
    pharmacist_protocol_share: float
    pharmacies: int
    counters: int
    pharmacy_opens_hour: float
    pharmacy_closes_hour: float
    dispensing_law: int
    dispensing_days: float


@dataclass(frozen=True, slots=True)
class Hospital:
    """The emergency department and the beds behind it; times in days."""

    ed_visits_per_inhabitant_per_year: float
    ed_low_acuity_share: float
    ed_other_admitted_share: float
    ed_day_share: float
    ed_rooms: int
    ed_law: int
    ed_home_days: float
    ed_admitted_days: float
    ed_sd_ratio: float
    ed_patience_days: float
    ed_patience_sigma: float
    beds: int
    other_stay_days: float
    other_stay_sd_days: float
    doctor_first_shares: tuple[float, float]
    direct_admission_share: float
    direct_opens_hour: float
    direct_closes_hour: float


@dataclass(frozen=True, slots=True)
class AfterDischarge:
    """The weeks after a stay."""

    excess_ratio: float
    excess_decay_days: float
    informed_relief_share: float
    follow_up_days: float
    follow_up_sigma: float
    recall_share: float
    nurse_after_share: float
    nurse_after_days: float
    nurse_after_sigma: float
    death_ratio_days: float


@dataclass(frozen=True, slots=True)
class Advice:
    """Experts whom GPs can ask where a layer has a platform for it; times in days."""

    experts: int
    """Of all platforms together; 0 where there is none."""
    asking_days: float
    reading_days: float
    answer_days: float
    answer_sigma: float
    answer_limit_days: float
    efficacy_share: float


@dataclass(frozen=True, slots=True)
class Costs:
    """Unit costs."""

    gp_eur: float
    nurse_eur: float
    dispensing_eur: float
    ed_eur: float
    expert_eur: float


@dataclass(frozen=True, slots=True)
class Parameters:
    """All numbers of a scenario that rules and engines read. Times are days from the start date."""

    start: date
    begins: float
    """Start of the warm-up, zero or negative."""
    ends: float
    inhabitants: int
    conditions: tuple[Condition, ...]
    links: tuple[Link, ...]
    kinds: tuple[Kind, ...]
    practices: tuple[Practice, ...]
    layers: tuple[Layer, ...]
    practice_shares: tuple[tuple[float, ...], tuple[float, ...]]
    """Share of GPs per practice model before time 0, and in the organisation."""
    ramp_days: float
    people: People
    demand: Demand
    work: Work
    hospital: Hospital
    after: AfterDischarge
    advice: Advice
    costs: Costs
