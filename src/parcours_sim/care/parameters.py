"""Flat parameters: a resolved scenario as the plain numbers that rules and engines read.

`flatten` is the one way from a `Scenario` to `Parameters`. Names become positions (conditions,
links, kinds and practice models in alphabetical order, with a stable id for their draws), shares
per year become hazards, and what depends on several keys (the ceiling of a hazard) is worked out
here once. No evidence, title or range is left.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from parcours_sim.scenario.episode import Episode
from parcours_sim.scenario.organisation import LinkRatio, Organisation, PracticeModel
from parcours_sim.scenario.scenario import Scenario
from parcours_sim.scenario.territory import Condition as ConditionTable
from parcours_sim.scenario.territory import Link as LinkTable

from .distributions import EXPONENTIAL, FIXED, LOGNORMAL
from .draws import stable_id

DAYS_PER_YEAR = 365.25
MINUTES_PER_DAY = 1440.0
LAWS = {"fixed": FIXED, "exponential": EXPONENTIAL, "lognormal": LOGNORMAL}
TRIAGE = {"immediate": 1, "urgent": 2, "standard": 3, "low": 4}
EVERYONE, OLDER = "everyone", "age_75_and_over"
ONLY_AFTER_DISCHARGE, RAISED_AFTER_DISCHARGE, UNCHANGED = 2, 1, 0
AFTER_DISCHARGE = {
    "only": ONLY_AFTER_DISCHARGE,
    "raised": RAISED_AFTER_DISCHARGE,
    "unchanged": UNCHANGED,
}


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
    control_ceiling: float


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it is where nobody has organised it."""

    name: str
    id: int
    sender: str
    receiver: str
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
    at_risk: str
    condition: int
    """Position of the condition that makes it likely, -1 for an age band or everyone."""
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
    older_only: bool
    links: tuple[tuple[float, float], ...]
    recall_share: float
    protocol_visits_per_year: float
    direct_admission_share: float
    shared_slots_per_day: float
    added_slots_per_day: float
    shared_within_days: float
    coordination_hours_per_year: float
    funding_per_inhabitant_eur: float
    funding_per_patient_eur: float


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
    older_share: float
    death_rates_per_day: tuple[float, float]
    older_gp_interval_days: float
    older_dispensing_interval_days: float
    without_gp_share: float
    patients_without_gp_share: float
    planned_booked_share: float
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
    nurse_visit_days: float
    pharmacies: int
    counters: int
    pharmacy_opens_hour: float
    pharmacy_closes_hour: float
    dispensing_days: float
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
    excess_ratio: float
    excess_ceiling: float
    excess_decay_days: float
    informed_relief_share: float
    follow_up_days: float
    follow_up_sigma: float
    recall_share: float
    nurse_after_share: float
    nurse_after_days: float
    nurse_after_sigma: float
    death_ratio_days: float
    gp_eur: float
    nurse_eur: float
    dispensing_eur: float
    ed_eur: float
    coordination_hour_eur: float


def interval_days(per_year: float) -> float:
    """Days between contacts that happen `per_year` times; infinite for none.

    >>> interval_days(0.0)
    inf
    """
    return DAYS_PER_YEAR / per_year if per_year > 0.0 else math.inf


def hazard_per_day(share_per_year: float) -> float:
    """The constant hazard (per day) under which this share meets the event within a year.

    >>> round(365.25 * hazard_per_day(0.13), 4)
    0.1393
    """
    return -math.log1p(-min(share_per_year, 0.999999)) / DAYS_PER_YEAR


def places(mean_load: float, safety: float) -> int:
    """Rooms or beds for a mean load (itself in places), with square-root staffing; at least one.

    >>> places(100.0, 1.0), places(0.2, 0.0)
    (110, 1)
    """
    return max(1, math.ceil(mean_load + safety * math.sqrt(mean_load) - 1e-9))


def flatten(scenario: Scenario) -> Parameters:
    """Everything that rules and engines read of a resolved scenario."""
    territory, horizon = scenario.territory, scenario.horizon
    people, demand = territory.people, territory.demand
    work, hospital, after = territory.professionals, territory.hospital, territory.after_discharge
    inhabitants = round(territory.inhabitants.value)
    hundred_thousands = inhabitants / 100_000.0
    exact_gps = work.gps_per_100k.value * hundred_thousands
    gps = max(1, round(exact_gps))
    nurses = max(1, round(work.nurses_per_100k.value * hundred_thousands))
    links = [(name, territory.links[name]) for name in sorted(territory.links)]
    conditions = sorted(territory.conditions)
    names = sorted({*scenario.before.practices, *scenario.organisation.practices})
    return Parameters(
        start=date.fromisoformat(horizon.start_date),
        begins=-float(round(horizon.warm_up_years.value * DAYS_PER_YEAR)),
        ends=float(max(1, round(horizon.years.value * DAYS_PER_YEAR))),
        inhabitants=inhabitants,
        conditions=tuple(_condition(name, territory.conditions[name]) for name in conditions),
        links=tuple(_link(name, table) for name, table in links),
        kinds=tuple(_kind(name, scenario, conditions, links) for name in sorted(scenario.episodes)),
        practices=tuple(_practice(name, _model(name, scenario), links) for name in names),
        layers=_layers(scenario, links),
        practice_shares=(
            _shares(scenario.before, names),
            _shares(scenario.organisation, names),
        ),
        ramp_days=scenario.organisation.ramp_months.value * DAYS_PER_YEAR / 12.0,
        older_share=people.share_75_and_over.value,
        death_rates_per_day=(
            hazard_per_day(people.death_under_75_share_per_year.value),
            hazard_per_day(people.death_75_and_over_share_per_year.value),
        ),
        older_gp_interval_days=interval_days(people.gp_visits_75_and_over_per_year.value),
        older_dispensing_interval_days=interval_days(people.dispensings_75_and_over_per_year.value),
        without_gp_share=people.without_gp_share.value,
        patients_without_gp_share=people.patients_without_gp_share.value,
        planned_booked_share=people.booked_ahead_share.value,
        requests_per_inhabitant_per_year=demand.gp_requests_per_inhabitant_per_year.value,
        symptomatic_share=demand.symptomatic_share.value,
        booked_share=demand.booked_ahead_share.value,
        lead_days=demand.booking_lead_days.value,
        lead_sigma=demand.booking_lead_sigma.value,
        symptomatic_patience_days=demand.symptomatic_patience_days.value,
        other_patience_days=demand.other_patience_days.value,
        patience_sigma=demand.patience_sigma.value,
        winter_amplitude=demand.winter_amplitude_share.value,
        winter_peak_day=demand.winter_peak_day.value,
        unserved_to_ed_share=demand.unserved_to_ed_share.value,
        practice_accepts_share=demand.practice_accepts_share.value,
        always_open=work.calendar == "always_open",
        gps=gps,
        gp_capacity_ratio=exact_gps / gps,
        slots_per_year=work.gp_slots_per_year.value,
        list_exponent=work.list_capacity_exponent.value,
        leave_days=work.gp_leave_weeks.value * 7.0,
        opens_hour=work.gp_opens_hour.value,
        closes_hour=work.gp_closes_hour.value,
        saturday_closes_hour=work.saturday_closes_hour.value,
        saturday_slot_share=work.saturday_slot_share.value,
        consultation_law=LAWS[work.consultation_law],
        consultation_days=work.consultation_minutes.value / MINUTES_PER_DAY,
        consultation_sd_days=work.consultation_sd_minutes.value / MINUTES_PER_DAY,
        nurses=nurses,
        nurse_visits_per_day=work.nurses_per_100k.value
        * hundred_thousands
        / nurses
        * work.nurse_visits_per_day.value
        * (work.nurse_days_per_year.value / DAYS_PER_YEAR)
        * (1.0 - work.nurse_other_patients_share.value),
        nurse_visit_days=work.nurse_visit_minutes.value / MINUTES_PER_DAY,
        pharmacies=max(1, round(work.pharmacies_per_100k.value * hundred_thousands)),
        counters=max(1, round(work.pharmacy_counters_per_pharmacy.value)),
        pharmacy_opens_hour=work.pharmacy_opens_hour.value,
        pharmacy_closes_hour=work.pharmacy_closes_hour.value,
        dispensing_days=work.dispensing_minutes.value / MINUTES_PER_DAY,
        ed_visits_per_inhabitant_per_year=hospital.ed_visits_per_inhabitant_per_year.value,
        ed_low_acuity_share=hospital.ed_low_acuity_share.value,
        ed_other_admitted_share=hospital.ed_other_admitted_share.value,
        ed_day_share=hospital.ed_day_share.value,
        ed_rooms=places(
            hospital.ed_rooms_per_100k.value * hundred_thousands, hospital.safety_factor.value
        ),
        ed_law=LAWS[hospital.ed_care_law],
        ed_home_days=hospital.ed_care_home_minutes.value / MINUTES_PER_DAY,
        ed_admitted_days=hospital.ed_care_admitted_minutes.value / MINUTES_PER_DAY,
        ed_sd_ratio=hospital.ed_care_sd_ratio.value,
        ed_patience_days=hospital.ed_patience_hours.value / 24.0,
        ed_patience_sigma=hospital.ed_patience_sigma.value,
        beds=places(hospital.beds_per_100k.value * hundred_thousands, hospital.safety_factor.value),
        other_stay_days=hospital.other_stay_days.value,
        other_stay_sd_days=hospital.other_stay_sd_days.value,
        doctor_first_shares=(
            hospital.doctor_first_under_75_share.value,
            hospital.doctor_first_75_and_over_share.value,
        ),
        direct_admission_share=hospital.direct_admission_share.value,
        direct_opens_hour=hospital.direct_opens_hour.value,
        direct_closes_hour=hospital.direct_closes_hour.value,
        excess_ratio=after.excess_hazard_ratio.value,
        excess_ceiling=after.excess_hazard_ratio.high,
        excess_decay_days=after.excess_decay_days.value,
        informed_relief_share=after.informed_relief_share.value,
        follow_up_days=after.follow_up_days.value,
        follow_up_sigma=after.follow_up_sigma.value,
        recall_share=after.recall_share.value,
        nurse_after_share=after.nurse_share.value,
        nurse_after_days=after.nurse_days.value,
        nurse_after_sigma=after.nurse_sigma.value,
        death_ratio_days=after.death_ratio_days.value,
        gp_eur=territory.costs.gp_consultation_eur.value,
        nurse_eur=territory.costs.nurse_visit_eur.value,
        dispensing_eur=territory.costs.dispensing_eur.value,
        ed_eur=territory.costs.ed_visit_eur.value,
        coordination_hour_eur=territory.costs.coordination_hour_eur.value,
    )


def _condition(name: str, table: ConditionTable) -> Condition:
    control = table.control
    return Condition(
        name=name,
        id=stable_id(name),
        prevalence=(
            table.prevalence_under_75_share.value,
            table.prevalence_75_and_over_share.value,
        ),
        gp_interval_days=interval_days(table.gp_visits_per_year.value),
        dispensing_interval_days=interval_days(table.dispensings_per_year.value),
        nurse_followed_share=table.nurse_followed_share.value,
        nurse_interval_days=interval_days(table.nurse_visits_per_week.value * DAYS_PER_YEAR / 7.0),
        death_rate_per_day=hazard_per_day(table.death_share_per_year.value),
        severities=tuple(
            SeverityClass(row.share.value, row.hazard_ratio.value, row.hazard_ratio.high)
            for _, row in sorted(table.severities.items())
        ),
        starts_good_share=control.starts_good_share.value,
        starts_poor_share=control.starts_poor_share.value,
        drift_mean_days=interval_days(control.drift_per_year.value),
        improvement_share=control.improvement_share.value,
        control_ratios=(control.good_hazard_ratio.value, 1.0, control.poor_hazard_ratio.value),
        control_ceiling=max(1.0, control.good_hazard_ratio.high, control.poor_hazard_ratio.high),
    )


def _link(name: str, table: LinkTable) -> Link:
    return Link(
        name=name,
        id=stable_id(name),
        sender=table.sender,
        receiver=table.receiver,
        delay_days=table.delay_days.value,
        delay_sigma=table.delay_sigma.value,
        urgent_ratio=table.urgent_delay_ratio.value,
        same_day_share=table.same_day_share.value,
        loss_share=table.loss_share.value,
    )


def _kind(
    name: str, scenario: Scenario, conditions: list[str], links: list[tuple[str, LinkTable]]
) -> Kind:
    table = scenario.episodes[name]
    window, notices = table.window, table.noticing
    treatment, crisis = table.treatment, table.crisis
    return Kind(
        name=name,
        id=stable_id(name),
        at_risk=table.at_risk,
        condition=conditions.index(table.at_risk) if table.at_risk in conditions else -1,
        rate_per_day=table.rate_per_year.value / DAYS_PER_YEAR,
        ceiling_per_day=_ceiling_per_day(table, scenario),
        after_discharge=AFTER_DISCHARGE[table.after_discharge],
        depends_on_control=table.depends_on_control,
        winter_amplitude=table.winter_amplitude_share.value,
        urgent=table.urgent,
        drug_incident=table.drug_incident,
        sudden_share=window.sudden_share.value,
        sudden_days=window.sudden_hours.value / 24.0,
        sudden_sigma=window.sudden_sigma.value,
        gradual_days=window.gradual_days.value,
        gradual_sigma=window.gradual_sigma.value,
        resolves_alone_share=window.resolves_alone_share.value,
        gp_share=notices.gp_share.value,
        nurse_share=notices.nurse_share.value,
        pharmacist_share=notices.pharmacist_share.value,
        patient_share=notices.patient_share.value,
        patient_delay_days=notices.patient_delay_days.value,
        patient_delay_sigma=notices.patient_delay_sigma.value,
        treatment_days=treatment.delay_days.value,
        treatment_sigma=treatment.delay_sigma.value,
        efficacy_share=treatment.efficacy_share.value,
        precaution_share=treatment.precaution_share.value,
        triage=TRIAGE[crisis.triage],
        admitted_share=crisis.admitted_share.value,
        stay_days=crisis.stay_days.value,
        stay_sd_days=crisis.stay_sd_days.value,
        hospital_death_share=crisis.hospital_death_share.value,
        death_ratio_after_stay=crisis.death_ratio_after_stay.value,
        death_ratio_ceiling=max(1.0, crisis.death_ratio_after_stay.high),
        avoidable_share=crisis.avoidable_share.value,
        stay_eur=crisis.stay_eur.value,
        link_ids=tuple(stable_id(f"{name} over {link}") for link, _ in links),
    )


def _ceiling_per_day(table: Episode, scenario: Scenario) -> float:
    """The product of the plausible highs: no hazard of a person of mean severity can pass it.

    It depends on the territory and the episodes alone, so candidates are the same people's same
    instants under every organisation.
    """
    excess = scenario.territory.after_discharge.excess_hazard_ratio.high
    factors = {"unchanged": 1.0, "raised": 1.0 + excess, "only": excess}
    ceiling = table.rate_per_year.high / DAYS_PER_YEAR * factors[table.after_discharge]
    ceiling *= 1.0 + table.winter_amplitude_share.high
    condition = scenario.territory.conditions.get(table.at_risk)
    if table.depends_on_control and condition is not None:
        control = condition.control
        ceiling *= max(1.0, control.good_hazard_ratio.high, control.poor_hazard_ratio.high)
    return ceiling


def _ratios(
    table: dict[str, LinkRatio], links: list[tuple[str, LinkTable]]
) -> tuple[tuple[float, float], ...]:
    return tuple((table[name].delay_ratio.value, table[name].loss_ratio.value) for name, _ in links)


def _model(name: str, scenario: Scenario) -> PracticeModel:
    uses = scenario.organisation.practices.get(name) or scenario.before.practices[name]
    return uses.model


def _practice(name: str, model: PracticeModel, links: list[tuple[str, LinkTable]]) -> Practice:
    access, follow = model.access, model.follow
    return Practice(
        name=name,
        gps_per_practice=model.gps_per_practice.value,
        nurse_in_team_share=model.nurse_in_team_share.value,
        pharmacist_in_team_share=model.pharmacist_in_team_share.value,
        links=_ratios(model.links, links),
        colleagues_cover=access.colleagues_cover,
        own_gp_tolerance_days=access.own_gp_tolerance_days.value,
        colleague_noticing_ratio=access.colleague_noticing_ratio.value,
        urgent_slot_share=access.urgent_slot_share.value,
        urgent_release_days=access.urgent_release_days.value,
        walk_in_days_per_week=access.walk_in_days_per_week.value,
        slots_ratio=access.slots_ratio.value,
        gp_protocol_share=follow.gp_protocol_share.value,
        nurse_protocol_share=follow.nurse_protocol_share.value,
        pharmacist_protocol_share=follow.pharmacist_protocol_share.value,
        protocol_visits_per_year=follow.protocol_visits_per_year.value,
        delegated_share=follow.delegated_share.value,
        recall_share=follow.recall_share.value,
        coordination_share=model.coordination_share.value,
        funding_eur_per_year=model.funding_per_practice_eur_per_year.value,
    )


def _shares(organisation: Organisation, names: Sequence[str]) -> tuple[float, ...]:
    uses = organisation.practices
    return tuple(uses[name].share.value if name in uses else 0.0 for name in names)


def _layers(scenario: Scenario, links: list[tuple[str, LinkTable]]) -> tuple[Layer, ...]:
    before, now = scenario.before.layers, scenario.organisation.layers
    rows = []
    for name in sorted({*before, *now}):
        layer = (now.get(name) or before[name]).layer
        rows.append(
            Layer(
                name=name,
                id=stable_id(name),
                uptake=(
                    before[name].uptake_share.value if name in before else 0.0,
                    now[name].uptake_share.value if name in now else 0.0,
                ),
                older_only=layer.reaches == OLDER,
                links=_ratios(layer.links, links),
                recall_share=layer.recall_share.value,
                protocol_visits_per_year=layer.protocol_visits_per_year.value,
                direct_admission_share=layer.direct_admission_share.value,
                shared_slots_per_day=layer.shared_slots_per_gp_per_day.value,
                added_slots_per_day=layer.added_slots_per_gp_per_day.value,
                shared_within_days=layer.shared_within_days.value,
                coordination_hours_per_year=layer.coordination_hours_per_patient_per_year.value,
                funding_per_inhabitant_eur=layer.funding_per_inhabitant_eur_per_year.value,
                funding_per_patient_eur=layer.funding_per_patient_eur_per_year.value,
            )
        )
    return tuple(rows)
