"""From a resolved scenario to flat parameters: the one way from what users read to what engines do.

What depends on several keys is worked out here once: the ceiling of a hazard, the capacity that
rounding the number of professionals would change, rooms and beds for a stated load.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from parcours_sim.scenario import territory as tables
from parcours_sim.scenario.episode import Episode
from parcours_sim.scenario.organisation import Layer as LayerTable
from parcours_sim.scenario.organisation import LinkRatio, Organisation, PracticeModel
from parcours_sim.scenario.scenario import Scenario

from .distributions import EXPONENTIAL, FIXED, LOGNORMAL
from .draws import stable_id
from .parameters import (
    DAYS_PER_YEAR,
    GP,
    MINUTES_PER_DAY,
    NURSE,
    OLDER,
    ONLY_AFTER_DISCHARGE,
    PHARMACIST,
    RAISED_AFTER_DISCHARGE,
    ROLES,
    TRIAGE,
    UNCHANGED,
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
    SeverityClass,
    Work,
)

LAWS = {"fixed": FIXED, "exponential": EXPONENTIAL, "lognormal": LOGNORMAL}
AFTER_DISCHARGE = {
    "only": ONLY_AFTER_DISCHARGE,
    "raised": RAISED_AFTER_DISCHARGE,
    "unchanged": UNCHANGED,
}
PER = 100_000.0
"""Supply is given per 100,000 inhabitants."""
BEFORE = " before"
"""Ends the name of a practice model or layer whose table differs before time 0."""


def flatten(scenario: Scenario) -> Parameters:
    """Everything that rules and engines read of a resolved scenario."""
    territory, horizon = scenario.territory, scenario.horizon
    inhabitants = round(territory.inhabitants.value)
    links = [(name, territory.links[name]) for name in sorted(territory.links)]
    conditions = sorted(territory.conditions)
    models = _practice_models(scenario)
    layers = _layers(scenario, links, conditions, inhabitants / PER)
    return Parameters(
        start=date.fromisoformat(horizon.start_date),
        begins=-float(round(horizon.warm_up_years.value * DAYS_PER_YEAR)),
        ends=float(max(1, round(horizon.years.value * DAYS_PER_YEAR))),
        inhabitants=inhabitants,
        conditions=tuple(_condition(name, territory.conditions[name]) for name in conditions),
        links=tuple(_link(name, table) for name, table in links),
        kinds=tuple(_kind(name, scenario, conditions, links) for name in sorted(scenario.episodes)),
        practices=tuple(_practice(name, model, links) for name, model in models),
        layers=layers,
        practice_shares=(
            _shares(scenario.before, models),
            _shares(scenario.organisation, models),
        ),
        ramp_days=scenario.organisation.ramp_months.value * DAYS_PER_YEAR / 12.0,
        people=_people(territory.people),
        demand=_demand(territory.demand),
        work=_work(territory.professionals, inhabitants / PER),
        hospital=_hospital(territory.hospital, inhabitants / PER),
        after=_after(territory.after_discharge),
        advice=_advice(territory.expert_advice, layers),
        costs=_costs(territory.costs),
    )


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


def _people(people: tables.People) -> People:
    return People(
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
    )


def _demand(demand: tables.Demand) -> Demand:
    return Demand(
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
        surge_ratio=demand.surge_ratio.value,
        surge_begins=demand.surge_begins_days.value,
        surge_ends=demand.surge_begins_days.value + demand.surge_days.value,
    )


def _work(work: tables.Professionals, hundred_thousands: float) -> Work:
    exact_gps = work.gps_per_100k.value * hundred_thousands
    gps = max(1, round(exact_gps))
    exact_nurses = work.nurses_per_100k.value * hundred_thousands
    nurses = max(1, round(exact_nurses))
    worked_share = work.nurse_days_per_year.value / DAYS_PER_YEAR
    own_share = 1.0 - work.nurse_other_patients_share.value
    visits = exact_nurses / nurses * work.nurse_visits_per_day.value * worked_share * own_share
    on_duty = max(1, round(exact_nurses * worked_share * own_share))
    return Work(
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
        nurse_visits_per_day=visits,
        office_nurses=on_duty if work.nurse_access == "office" else 0,
        nurse_visit_law=LAWS[work.nurse_visit_law],
        nurse_visit_days=work.nurse_visit_minutes.value / MINUTES_PER_DAY,
        nurse_round_begins_hour=work.nurse_round_begins_hour.value,
        nurse_round_ends_hour=work.nurse_round_ends_hour.value,
        nurse_protocol_share=work.nurse_protocol_share.value,
        pharmacist_protocol_share=work.pharmacist_protocol_share.value,
        pharmacies=max(1, round(work.pharmacies_per_100k.value * hundred_thousands)),
        counters=max(1, round(work.pharmacy_counters_per_pharmacy.value)),
        pharmacy_opens_hour=work.pharmacy_opens_hour.value,
        pharmacy_closes_hour=work.pharmacy_closes_hour.value,
        dispensing_law=LAWS[work.dispensing_law],
        dispensing_days=work.dispensing_minutes.value / MINUTES_PER_DAY,
    )


def _hospital(hospital: tables.Hospital, hundred_thousands: float) -> Hospital:
    safety = hospital.safety_factor.value
    return Hospital(
        ed_visits_per_inhabitant_per_year=hospital.ed_visits_per_inhabitant_per_year.value,
        ed_low_acuity_share=hospital.ed_low_acuity_share.value,
        ed_other_admitted_share=hospital.ed_other_admitted_share.value,
        ed_day_share=hospital.ed_day_share.value,
        ed_rooms=places(hospital.ed_rooms_per_100k.value * hundred_thousands, safety),
        ed_law=LAWS[hospital.ed_care_law],
        ed_home_days=hospital.ed_care_home_minutes.value / MINUTES_PER_DAY,
        ed_admitted_days=hospital.ed_care_admitted_minutes.value / MINUTES_PER_DAY,
        ed_sd_ratio=hospital.ed_care_sd_ratio.value,
        ed_patience_days=hospital.ed_patience_hours.value / 24.0,
        ed_patience_sigma=hospital.ed_patience_sigma.value,
        beds=places(hospital.beds_per_100k.value * hundred_thousands, safety),
        other_stay_days=hospital.other_stay_days.value,
        other_stay_sd_days=hospital.other_stay_sd_days.value,
        doctor_first_shares=(
            hospital.doctor_first_under_75_share.value,
            hospital.doctor_first_75_and_over_share.value,
        ),
        direct_admission_share=hospital.direct_admission_share.value,
        direct_opens_hour=hospital.direct_opens_hour.value,
        direct_closes_hour=hospital.direct_closes_hour.value,
    )


def _after(after: tables.AfterDischarge) -> AfterDischarge:
    return AfterDischarge(
        excess_ratio=after.excess_hazard_ratio.value,
        excess_decay_days=after.excess_decay_days.value,
        informed_relief_share=after.informed_relief_share.value,
        follow_up_days=after.follow_up_days.value,
        follow_up_sigma=after.follow_up_sigma.value,
        recall_share=after.recall_share.value,
        nurse_after_share=after.nurse_share.value,
        nurse_after_days=after.nurse_days.value,
        nurse_after_sigma=after.nurse_sigma.value,
        death_ratio_days=after.death_ratio_days.value,
    )


def _advice(advice: tables.ExpertAdvice, layers: Sequence[Layer]) -> Advice:
    """What experts do; an expert who reads some minutes a day takes days for as many minutes."""
    minutes_per_day = advice.expert_minutes_per_day.value
    return Advice(
        experts=max((layer.end_expert for layer in layers), default=0),
        asking_days=advice.asking_minutes.value / MINUTES_PER_DAY,
        reading_days=advice.reading_minutes.value / minutes_per_day,
        answer_days=advice.answer_hours.value / 24.0,
        answer_sigma=advice.answer_sigma.value,
        answer_limit_days=advice.answer_limit_days.value,
        efficacy_share=advice.efficacy_share.value,
    )


def _costs(costs: tables.Costs) -> Costs:
    return Costs(
        gp_eur=costs.gp_consultation_eur.value,
        nurse_eur=costs.nurse_visit_eur.value,
        dispensing_eur=costs.dispensing_eur.value,
        ed_eur=costs.ed_visit_eur.value,
        expert_eur=costs.expert_advice_eur.value,
    )


def _condition(name: str, table: tables.Condition) -> Condition:
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
    )


def _link(name: str, table: tables.Link) -> Link:
    return Link(
        name=name,
        id=stable_id(name),
        sender=ROLES.index(table.sender),
        receiver=ROLES.index(table.receiver),
        delay_days=table.delay_days.value,
        delay_sigma=table.delay_sigma.value,
        urgent_ratio=table.urgent_delay_ratio.value,
        same_day_share=table.same_day_share.value,
        loss_share=table.loss_share.value,
    )


def _kind(
    name: str, scenario: Scenario, conditions: list[str], links: list[tuple[str, tables.Link]]
) -> Kind:
    table = scenario.episodes[name]
    window, notices = table.window, table.noticing
    treatment, crisis = table.treatment, table.crisis
    return Kind(
        name=name,
        id=stable_id(name),
        condition=conditions.index(table.at_risk) if table.at_risk in conditions else -1,
        older_only=table.at_risk == OLDER,
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
    table: dict[str, LinkRatio], links: list[tuple[str, tables.Link]]
) -> tuple[tuple[float, float], ...]:
    return tuple((table[name].delay_ratio.value, table[name].loss_ratio.value) for name, _ in links)


def _practice_models(scenario: Scenario) -> list[tuple[str, PracticeModel]]:
    """Every practice model in use, by name; twice where its table differs before time 0."""
    now, before = scenario.organisation.practices, scenario.before.practices
    models = {name: use.model for name, use in now.items()}
    for name, use in before.items():
        if models.setdefault(name, use.model) != use.model:
            models[f"{name}{BEFORE}"] = use.model
    return sorted(models.items())


def _practice(name: str, model: PracticeModel, links: list[tuple[str, tables.Link]]) -> Practice:
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


def _shares(
    organisation: Organisation, models: Sequence[tuple[str, PracticeModel]]
) -> tuple[float, ...]:
    """The share of GPs in each of these models."""
    shares = []
    for name, model in models:
        use = organisation.practices.get(name.removesuffix(BEFORE))
        shares.append(use.share.value if use is not None and use.model == model else 0.0)
    return tuple(shares)


def _layers(
    scenario: Scenario,
    links: list[tuple[str, tables.Link]],
    conditions: list[str],
    hundred_thousands: float,
) -> tuple[Layer, ...]:
    """Every layer in use; one whose table differs before time 0 stands twice, and is replaced.

    Each has its own experts: they are numbered from one layer to the next.
    """
    before, now = scenario.before.layers, scenario.organisation.layers
    kinds = sorted(scenario.episodes)
    rows: list[Layer] = []

    def add(
        name: str, layer: LayerTable, uptake: tuple[float, float], *, is_replaced: bool = False
    ) -> None:
        experts = _experts(layer, rows[-1].end_expert if rows else 0, hundred_thousands)
        rows.append(_layer(name, layer, uptake, is_replaced, experts, links, kinds, conditions))

    for name in sorted({*before, *now}):
        was = before[name].uptake_share.value if name in before else 0.0
        is_now = now[name].uptake_share.value if name in now else 0.0
        if name in before and name in now and before[name].layer != now[name].layer:
            add(f"{name}{BEFORE}", before[name].layer, (was, is_now), is_replaced=True)
            add(name, now[name].layer, (0.0, is_now))
        else:
            add(name, (now.get(name) or before[name]).layer, (was, is_now))
    return tuple(rows)


def _experts(layer: LayerTable, first: int, hundred_thousands: float) -> range:
    """A layer's experts, from the first number that is free; a platform has one at least."""
    if layer.expert_share.value <= 0.0:
        return range(first, first)
    return range(first, first + max(1, round(layer.experts_per_100k.value * hundred_thousands)))


def _layer(
    name: str,
    layer: LayerTable,
    uptake: tuple[float, float],
    is_replaced: bool,
    experts: range,
    links: list[tuple[str, tables.Link]],
    kinds: list[str],
    conditions: list[str],
) -> Layer:
    return Layer(
        name=name,
        id=stable_id(name.removesuffix(BEFORE)),
        uptake=uptake,
        is_replaced=is_replaced,
        older_only=layer.reaches == OLDER,
        condition=conditions.index(layer.reaches) if layer.reaches in conditions else -1,
        links=_ratios(layer.links, links),
        noticing=tuple(_noticing(layer, kind) for kind in kinds),
        recall_share=layer.recall_share.value,
        protocol_visits_per_year=layer.protocol_visits_per_year.value,
        doctor_first_share=layer.doctor_first_share.value,
        direct_admission_share=layer.direct_admission_share.value,
        shared_slots_per_day=layer.shared_slots_per_gp_per_day.value,
        added_slots_per_day=layer.added_slots_per_gp_per_day.value,
        shared_within_days=layer.shared_within_days.value,
        without_gp_taken_in_share=layer.without_gp_taken_in_share.value,
        patient_delay_ratio=layer.patient_delay_ratio.value,
        expert_share=layer.expert_share.value,
        first_expert=experts.start,
        end_expert=experts.stop,
        coordination_hours_per_year=layer.coordination_hours_per_patient_per_year.value,
        funding_per_inhabitant_eur=layer.funding_per_inhabitant_eur_per_year.value,
        funding_per_patient_eur=layer.funding_per_patient_eur_per_year.value,
    )


def _noticing(layer: LayerTable, kind: str) -> tuple[float, ...]:
    """What a layer adds to noticing a kind of episode, by role."""
    added = layer.noticing.get(kind)
    by_role = dict.fromkeys(range(len(ROLES)), 0.0)
    if added is not None:
        by_role[NURSE] = added.nurse_share.value
        by_role[PHARMACIST] = added.pharmacist_share.value
        by_role[GP] = added.gp_share.value
    return tuple(by_role.values())
