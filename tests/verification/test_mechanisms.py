"""Each mechanism, switched on by table alone, moves its outcome in the direction that was stated.

Two small worlds make effects large: one of patients with heart failure, in which everything that is
noticed and answered in time is averted; one of requests to GPs, with nobody simulated one by one.
A mechanism compares the same worlds without and with it, replication by replication; the 95 %
interval of the difference excludes 0 and is no wider than stated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from parcours_sim.analysis.intervals import Estimate, t_interval
from parcours_sim.engine import simulate
from parcours_sim.scenario.resolve import load_scenario

Changes = Mapping[str, str | float]

SEED, REPLICATIONS = 1, 4
STANDARD = load_scenario("isole", fitted=False)
WITH_LAYERS = Path(__file__).parents[1] / "corpus" / "good" / "layers_stacked.toml"
"""Isolated practice with a CPTS and a PAERPA over it."""

PRACTICE = "organisation.practices.isole.model"
ACCESS, FOLLOW = f"{PRACTICE}.access", f"{PRACTICE}.follow"
CPTS, PAERPA = "organisation.layers.cpts", "organisation.layers.paerpa"
PATIENTS, HEART = "territory.conditions.heart_failure", "episodes.heart_failure"
LINKS, AFTER = "territory.links", "territory.after_discharge"
WORK, DEMAND, HOSPITAL = "territory.professionals", "territory.demand", "territory.hospital"
PEOPLE = "territory.people"

NOTHING_HAPPENS: Changes = {
    "horizon.years": 0.6,
    "horizon.warm_up_years": 0.15,
    "organisation.ramp_months": 0.0,
    f"{PEOPLE}.share_75_and_over": 0.0,
    f"{PEOPLE}.patients_without_gp_share": 0.0,
    f"{PEOPLE}.without_gp_share": 0.0,
    f"{HOSPITAL}.ed_visits_per_inhabitant_per_year": 0.0,
    f"{AFTER}.excess_hazard_ratio": 0.0,
    **{
        f"territory.conditions.{condition}.prevalence_{band}_share": 0.0
        for condition in STANDARD.territory.conditions
        for band in ("under_75", "75_and_over")
    },
    **{f"episodes.{kind}.rate_per_year": 0.0 for kind in STANDARD.episodes},
}
PLENTY: Changes = {
    f"{HOSPITAL}.ed_rooms_per_100k": 2000.0,
    f"{HOSPITAL}.beds_per_100k": 4000.0,
    f"{WORK}.nurses_per_100k": 2000.0,
}
HEART_FAILURE: Changes = {
    **NOTHING_HAPPENS,
    **PLENTY,
    "territory.inhabitants": 1000.0,
    f"{DEMAND}.gp_requests_per_inhabitant_per_year": 0.0,
    f"{PATIENTS}.prevalence_under_75_share": 0.2,
    f"{PATIENTS}.nurse_followed_share": 0.0,
    f"{PATIENTS}.gp_visits_per_year": 4.0,
    f"{PATIENTS}.dispensings_per_year": 4.0,
    f"{PATIENTS}.death_share_per_year": 0.05,
    f"{HEART}.rate_per_year": 2.0,
    f"{HEART}.window.sudden_share": 0.0,
    f"{HEART}.window.resolves_alone_share": 0.0,
    f"{HEART}.treatment.efficacy_share": 1.0,
    f"{HEART}.treatment.precaution_share": 0.0,
}
"""Two hundred patients whose heart failure decompensates twice a year, gradually."""
REQUESTS: Changes = {
    **NOTHING_HAPPENS,
    "territory.inhabitants": 3000.0,
    f"{DEMAND}.gp_requests_per_inhabitant_per_year": 3.9,
    f"{DEMAND}.unserved_to_ed_share": 1.0,
    f"{WORK}.gps_per_100k": 100.0,
}
"""Three GPs whose diaries are nearly full; whoever finds nothing goes to the ED."""
ONLY_PATIENTS_NOTICE: Changes = {
    f"{HEART}.noticing.gp_share": 0.0,
    f"{HEART}.noticing.patient_share": 1.0,
    f"{HEART}.noticing.patient_delay_days": 1.0,
}
ONLY_NURSES_NOTICE: Changes = {
    f"{PATIENTS}.nurse_followed_share": 1.0,
    f"{PATIENTS}.nurse_visits_per_week": 1.0,
    f"{HEART}.noticing.gp_share": 0.0,
    f"{HEART}.noticing.patient_share": 0.0,
    f"{HEART}.noticing.pharmacist_share": 0.0,
    f"{HEART}.noticing.nurse_share": 0.9,
}
CONTROL_MATTERS: Changes = {
    f"{PRACTICE}.nurse_in_team_share": 1.0,
    f"{PRACTICE}.pharmacist_in_team_share": 1.0,
    f"{PATIENTS}.gp_visits_per_year": 12.0,
    f"{PATIENTS}.dispensings_per_year": 12.0,
    f"{PATIENTS}.control.improvement_share": 1.0,
    f"{PATIENTS}.control.drift_per_year": 4.0,
    f"{PATIENTS}.control.good_hazard_ratio": 0.2,
    f"{PATIENTS}.control.poor_hazard_ratio": 2.0,
    f"{FOLLOW}.gp_protocol_share": 0.0,
}
DISCHARGE_MATTERS: Changes = {
    "horizon.years": 1.0,
    f"{HEART}.rate_per_year": 1.5,
    f"{AFTER}.excess_hazard_ratio": 5.0,
    f"{AFTER}.informed_relief_share": 1.0,
    f"{AFTER}.follow_up_days": 5.0,
    f"{AFTER}.nurse_share": 0.0,
}
NURSES_ARE_TOLD: Changes = {
    **DISCHARGE_MATTERS,
    f"{LINKS}.hospital_to_nurse.loss_share": 0.0,
    f"{LINKS}.hospital_to_nurse.delay_days": 0.1,
}
SHORT_STAYS: Changes = {
    "territory.inhabitants": 3000.0,
    f"{HOSPITAL}.safety_factor": 0.0,
    f"{HEART}.crisis.stay_days": 2.0,
    f"{HEART}.crisis.stay_sd_days": 1.0,
}
A_DOCTOR_SAW_THEM_FIRST: Changes = {
    f"{HOSPITAL}.doctor_first_under_75_share": 1.0,
    f"{HOSPITAL}.doctor_first_75_and_over_share": 1.0,
    f"{HOSPITAL}.direct_opens_hour": 0.0,
    f"{HOSPITAL}.direct_closes_hour": 24.0,
    f"{WORK}.calendar": "always_open",
    f"{HEART}.crisis.admitted_share": 1.0,
}
ANTICOAGULANTS: Changes = {
    f"{PATIENTS}.prevalence_under_75_share": 0.0,
    "territory.conditions.anticoagulated.prevalence_under_75_share": 0.2,
    "territory.conditions.anticoagulated.dispensings_per_year": 24.0,
    "episodes.anticoagulant.rate_per_year": 2.0,
    "episodes.anticoagulant.window.sudden_share": 0.0,
    "episodes.anticoagulant.noticing.patient_share": 0.0,
    "episodes.anticoagulant.noticing.gp_share": 0.0,
    "episodes.anticoagulant.noticing.pharmacist_share": 0.9,
    "episodes.anticoagulant.treatment.precaution_share": 0.0,
}
PROTOCOL = "msp_haute_loire_anticoagulants"
LAYER = "organisation.layers.anticoagulants"
NOTICED = f"{LAYER}.layer.noticing.anticoagulant"
UNDER_A_PROTOCOL: Changes = {
    **ANTICOAGULANTS,
    "episodes.anticoagulant.noticing.pharmacist_share": 0.1,
    f"{LAYER}.uptake_share": 1.0,
    f"{LAYER}.layer.protocol_visits_per_year": 0.0,
    f"{NOTICED}.gp_share": 0.0,
    f"{NOTICED}.nurse_share": 0.0,
}
"""Nearly nobody notices anything, but for what the layer has pharmacists notice."""
GROUPED: Changes = {
    f"{PRACTICE}.gps_per_practice": 3.0,
    f"{ACCESS}.colleagues_cover": "true",
}
LONG_LEAVE: Changes = {
    f"{WORK}.gp_leave_weeks": 8.0,
    f"{CPTS}.uptake_share": 1.0,
    f"{CPTS}.layer.shared_slots_per_gp_per_day": 0.0,
    f"{PAERPA}.uptake_share": 0.0,
}
"""GPs are away for long and nobody stands in, so it matters who else sees their patients."""
UP, DOWN = 1.0, -1.0


@dataclass(frozen=True)
class Mechanism:
    """What the mechanism does, the world it is seen in, and its table without and with it."""

    says: str
    off: Changes
    on: Changes
    moves: Mapping[str, tuple[float, float]]
    """Outcome: the direction stated, and the half-width that the interval may have at most."""
    world: Changes = field(default_factory=dict)
    base: Changes = field(default_factory=lambda: HEART_FAILURE)
    name: str | Path = "isole"
    slow: bool = False
    """Whether another one shows nearly the same, so that `make verify` is soon enough."""


@cache
def outcomes(name: str | Path, changes: frozenset[tuple[str, str | float]], replication: int):
    """Give the outcomes of everyone in one replication."""
    scenario = load_scenario(name, changes=dict(changes), fitted=False)
    rows = simulate(scenario, SEED, replication).rows
    return {outcome: value for outcome, group, value in rows if group == "all"}


def values(mechanism: Mechanism, switch: Changes, outcome: str) -> np.ndarray:
    """Give an outcome of each replication under a setting of the mechanism's table."""
    changes = frozenset({**mechanism.base, **mechanism.world, **switch}.items())
    return np.array(
        [
            outcomes(mechanism.name, changes, number).get(outcome, 0.0)
            for number in range(REPLICATIONS)
        ]
    )


def effect(mechanism: Mechanism, outcome: str) -> Estimate:
    """Give the difference that the mechanism makes, with its paired interval."""
    return t_interval(
        values(mechanism, mechanism.on, outcome) - values(mechanism, mechanism.off, outcome)
    )


def share(key: str, off: float = 0.0, on: float = 1.0) -> dict[str, Changes]:
    """Give the table of a mechanism that one key switches."""
    return {"off": {key: off}, "on": {key: on}}


WARNING = [
    Mechanism(
        "a nurse's warning that is lost averts nothing",
        **share(f"{LINKS}.nurse_to_gp.loss_share"),
        world=ONLY_NURSES_NOTICE,
        moves={"crises": (UP, 16), "episodes_avoided": (DOWN, 16)},
    ),
    Mechanism(
        "a patient's call that is lost averts nothing",
        **share(f"{LINKS}.patient_to_gp.loss_share"),
        world=ONLY_PATIENTS_NOTICE,
        moves={"crises": (UP, 44), "hospitalisations": (UP, 47)},
    ),
    Mechanism(
        "a late message lets windows close",
        **share(f"{LINKS}.patient_to_gp.delay_days", 0.1, 20.0),
        world={**ONLY_PATIENTS_NOTICE, f"{LINKS}.patient_to_gp.same_day_share": 0.0},
        moves={"crises": (UP, 39), "information_delay_days": (UP, 1.3)},
    ),
    Mechanism(
        "an organisation makes a link faster by its ratio",
        **share(f"{PRACTICE}.links.patient_to_gp.delay_ratio", 10.0, 0.1),
        world=ONLY_PATIENTS_NOTICE,
        moves={"crises": (DOWN, 17), "response_days": (DOWN, 0.36)},
    ),
    Mechanism(
        "an organisation makes a link surer by its ratio",
        **share(f"{PRACTICE}.links.nurse_to_gp.loss_ratio", 4.0, 0.0),
        world={**ONLY_NURSES_NOTICE, f"{PRACTICE}.nurse_in_team_share": 1.0},
        slow=True,
        moves={"crises": (DOWN, 21), "messages_lost": (DOWN, 33)},
    ),
    Mechanism(
        "a nurse outside the team gains nothing from its links",
        **share(f"{PRACTICE}.nurse_in_team_share"),
        world={**ONLY_NURSES_NOTICE, f"{PRACTICE}.links.nurse_to_gp.loss_ratio": 0.0},
        moves={"messages_lost": (DOWN, 59)},
    ),
    Mechanism(
        "a nurse's later visit helps where the patient's own call was lost",
        **share(f"{HEART}.noticing.nurse_share", 0.0, 0.9),
        world={
            **ONLY_NURSES_NOTICE,
            **ONLY_PATIENTS_NOTICE,
            f"{LINKS}.patient_to_gp.loss_share": 1.0,
            f"{LINKS}.nurse_to_gp.loss_share": 0.0,
        },
        moves={"episodes_avoided": (UP, 16), "crises": (DOWN, 16)},
    ),
    Mechanism(
        "a link that is lost stays lost, however often the nurse comes",
        **share(f"{LINKS}.nurse_to_gp.loss_share", 0.0, 0.5),
        world={**ONLY_NURSES_NOTICE, f"{PATIENTS}.nurse_visits_per_week": 7.0},
        slow=True,
        moves={"episodes_avoided": (DOWN, 23), "crises": (UP, 23)},
    ),
    Mechanism(
        "a pharmacist who reaches the GP averts accidents of anticoagulants",
        **share(f"{LINKS}.pharmacist_to_gp.loss_share", 1.0, 0.0),
        world=ANTICOAGULANTS,
        moves={"drug_incidents": (DOWN, 16), "episodes_avoided": (UP, 8.6)},
    ),
    Mechanism(
        "a pharmacist who notices more averts accidents of anticoagulants",
        **share("episodes.anticoagulant.noticing.pharmacist_share", 0.1, 0.9),
        world=ANTICOAGULANTS,
        slow=True,
        moves={"drug_incidents": (DOWN, 23)},
    ),
    Mechanism(
        "a protocol that has pharmacists notice more averts accidents of anticoagulants",
        **share(f"{NOTICED}.pharmacist_share", 0.0, 0.9),
        world=UNDER_A_PROTOCOL,
        name=PROTOCOL,
        moves={"drug_incidents": (DOWN, 5), "episodes_avoided": (UP, 10)},
    ),
]
RACE = [
    Mechanism(
        "a patient who notices asks in time",
        **share(f"{HEART}.noticing.patient_share"),
        world={f"{HEART}.noticing.patient_delay_days": 1.0},
        moves={"crises": (DOWN, 35)},
    ),
    Mechanism(
        "a GP who notices treats at once",
        **share(f"{HEART}.noticing.gp_share"),
        moves={"crises": (DOWN, 8.4), "episodes_avoided": (UP, 9.8)},
    ),
    Mechanism(
        "a nurse who notices warns",
        **share(f"{HEART}.noticing.nurse_share"),
        world=ONLY_NURSES_NOTICE,
        moves={"crises": (DOWN, 13)},
    ),
    Mechanism(
        "a sudden window leaves no time for an answer",
        **share(f"{HEART}.window.sudden_share"),
        moves={"crises": (UP, 11)},
    ),
    Mechanism(
        "an episode that resolves alone is no crisis",
        **share(f"{HEART}.window.resolves_alone_share"),
        moves={"crises": (DOWN, 30), "episodes_resolved_alone": (UP, 29)},
    ),
    Mechanism(
        "a treatment that works averts the crisis",
        **share(f"{HEART}.treatment.efficacy_share"),
        moves={"crises": (DOWN, 15)},
    ),
    Mechanism(
        "a treatment that takes long comes too late",
        **share(f"{HEART}.treatment.delay_days", 1.0, 20.0),
        slow=True,
        moves={"crises": (UP, 7.2)},
    ),
    Mechanism(
        "winter brings episodes",
        **share(f"{HEART}.winter_amplitude_share", 0.0, 0.8),
        world={"horizon.years": 0.2},
        moves={"episodes": (UP, 17)},
    ),
    Mechanism(
        "a colleague who doesn't know the patient notices less",
        **share(f"{ACCESS}.colleague_noticing_ratio"),
        world={
            **GROUPED,
            f"{ACCESS}.own_gp_tolerance_days": 0.0,
            f"{WORK}.gps_per_100k": 300.0,
            f"{PATIENTS}.gp_visits_per_year": 26.0,
            f"{HEART}.noticing.patient_share": 0.0,
        },
        moves={"episodes_avoided": (UP, 17), "crises": (DOWN, 16)},
    ),
]
CONTROL = [
    Mechanism(
        "GP visits that follow the protocol improve control",
        **share(f"{FOLLOW}.gp_protocol_share"),
        world=CONTROL_MATTERS,
        moves={"episodes": (DOWN, 38)},
    ),
    Mechanism(
        "protocol consultations improve control",
        **share(f"{FOLLOW}.protocol_visits_per_year", 0.0, 12.0),
        world=CONTROL_MATTERS,
        moves={"episodes": (DOWN, 42), "hospitalisations": (DOWN, 35)},
    ),
    Mechanism(
        "pharmacists' interviews improve control",
        **share(f"{FOLLOW}.pharmacist_protocol_share"),
        world=CONTROL_MATTERS,
        slow=True,
        moves={"episodes": (DOWN, 35)},
    ),
    Mechanism(
        "nurses who follow the protocol improve control",
        **share(f"{FOLLOW}.nurse_protocol_share"),
        world={**CONTROL_MATTERS, f"{PATIENTS}.nurse_followed_share": 1.0},
        slow=True,
        moves={"episodes": (DOWN, 23)},
    ),
    Mechanism(
        "visits that the team's nurse takes over free the GPs' slots",
        **share(f"{FOLLOW}.delegated_share"),
        base={**REQUESTS, **PLENTY},
        world={
            f"{PRACTICE}.nurse_in_team_share": 1.0,
            f"{PATIENTS}.prevalence_under_75_share": 0.1,
            f"{PATIENTS}.gp_visits_per_year": 12.0,
        },
        moves={"gp_unserved_share": (DOWN, 0.0034), "protocol_contacts": (UP, 21)},
    ),
]
DISCHARGE = [
    Mechanism(
        "the weeks after a discharge are dangerous",
        **share(f"{AFTER}.excess_hazard_ratio", 0.0, 5.0),
        world=DISCHARGE_MATTERS,
        moves={"readmissions_30_days": (UP, 31), "hospitalisations": (UP, 35)},
    ),
    Mechanism(
        "an informed visit relieves the danger",
        **share(f"{AFTER}.informed_relief_share"),
        world=DISCHARGE_MATTERS,
        moves={"readmissions_90_days": (DOWN, 42)},
    ),
    Mechanism(
        "a lost letter leaves the GP uninformed",
        **share(f"{LINKS}.hospital_to_gp.loss_share"),
        world=DISCHARGE_MATTERS,
        moves={"follow_ups_informed": (DOWN, 54), "readmissions_90_days": (UP, 40)},
    ),
    Mechanism(
        "a late letter leaves the GP uninformed",
        **share(f"{LINKS}.hospital_to_gp.delay_days", 0.1, 60.0),
        world={**DISCHARGE_MATTERS, f"{LINKS}.hospital_to_gp.same_day_share": 0.0},
        moves={"follow_ups_informed": (DOWN, 25), "readmissions_90_days": (UP, 43)},
    ),
    Mechanism(
        "patients who are called in are seen sooner",
        **share(f"{FOLLOW}.recall_share"),
        world={**DISCHARGE_MATTERS, f"{AFTER}.recall_share": 0.0, f"{AFTER}.follow_up_days": 14.0},
        moves={"follow_up_days": (DOWN, 2.2), "follow_up_within_15_days": (UP, 0.074)},
    ),
    Mechanism(
        "a nurse ordered at the discharge comes informed",
        **share(f"{AFTER}.nurse_share"),
        world=NURSES_ARE_TOLD,
        moves={"follow_ups_informed": (UP, 5.2)},
    ),
    Mechanism(
        "a lost letter leaves the nurse uninformed",
        **share(f"{LINKS}.hospital_to_nurse.loss_share"),
        world={**NURSES_ARE_TOLD, f"{AFTER}.nurse_share": 1.0},
        moves={"follow_ups_informed": (DOWN, 6)},
    ),
    Mechanism(
        "death in hospital competes with readmission",
        **share(f"{HEART}.crisis.hospital_death_share", 0.0, 0.9),
        world=DISCHARGE_MATTERS,
        moves={"readmissions_90_days": (DOWN, 55), "deaths_in_hospital": (UP, 48)},
    ),
    Mechanism(
        "a stay raises the hazard of death",
        **share(f"{HEART}.crisis.death_ratio_after_stay", 1.0, 3.0),
        world={**DISCHARGE_MATTERS, f"{PATIENTS}.death_share_per_year": 0.2},
        moves={"deaths_after_stay": (UP, 14)},
    ),
    Mechanism(
        "whoever dies has no next stay",
        **share(f"{PATIENTS}.death_share_per_year", 0.05, 0.95),
        world=DISCHARGE_MATTERS,
        moves={"deaths": (UP, 58), "readmissions_90_days": (DOWN, 36)},
    ),
]
HOSPITAL_DOOR = [
    Mechanism(
        "some are admitted as a precaution",
        **share(f"{HEART}.treatment.precaution_share", 0.0, 0.5),
        world=ONLY_PATIENTS_NOTICE,
        moves={"hospitalisations_precautionary": (UP, 19), "hospitalisations": (UP, 12)},
    ),
    Mechanism(
        "surveillance finds more and admits some who needed nothing",
        **share(f"{HEART}.noticing.nurse_share", 0.0, 0.9),
        world={
            **ONLY_NURSES_NOTICE,
            f"{HEART}.window.resolves_alone_share": 1.0,
            f"{HEART}.treatment.precaution_share": 0.5,
        },
        moves={"hospitalisations": (UP, 9)},
    ),
    Mechanism(
        "patients wait in the emergency department where beds are few",
        **share(f"{HOSPITAL}.beds_per_100k", 4000.0, 140.0),
        world=SHORT_STAYS,
        moves={"boarding_hours": (UP, 5100), "ed_stay_minutes": (UP, 560)},
    ),
    Mechanism(
        "patients wait for a room where rooms are few",
        **share(f"{HOSPITAL}.ed_rooms_per_100k", 2000.0, 100.0),
        world={f"{HOSPITAL}.safety_factor": 0.0},
        moves={"ed_wait_minutes": (UP, 15)},
    ),
    Mechanism(
        "people of low acuity leave a full waiting room",
        **share(f"{HOSPITAL}.ed_patience_hours", 1000.0, 1.0),
        base={**REQUESTS, **PLENTY},
        world={
            f"{HOSPITAL}.ed_visits_per_inhabitant_per_year": 0.3,
            f"{HOSPITAL}.ed_rooms_per_100k": 30.0,
            f"{HOSPITAL}.safety_factor": 0.0,
        },
        moves={"ed_left_unseen": (UP, 40)},
    ),
    Mechanism(
        "full rounds leave visits out",
        **share(f"{WORK}.nurse_visits_per_day", 23.0, 1.0),
        world=ONLY_NURSES_NOTICE,
        slow=True,
        moves={"missed_contacts": (UP, 90), "crises": (UP, 14)},
    ),
]
ACCESS_TO_GPS = [
    Mechanism(
        "colleagues cover for each other",
        off={},
        on=GROUPED,
        base=REQUESTS,
        moves={"ed_visits_wait_driven": (DOWN, 85), "gp_unserved_share": (DOWN, 0.011)},
    ),
    Mechanism(
        "slots kept for urgent requests spare visits to the emergency department",
        **share(f"{ACCESS}.urgent_slot_share", 0.0, 0.5),
        base=REQUESTS,
        moves={"ed_visits_wait_driven": (DOWN, 4.7)},
    ),
    Mechanism(
        "walk-in days keep time for those who come, where bookings would fill it",
        **share(f"{ACCESS}.walk_in_days_per_week", 0.0, 2.0),
        base=REQUESTS,
        world={
            f"{WORK}.gp_slots_per_year": 3000.0,
            f"{ACCESS}.urgent_slot_share": 0.0,
            f"{DEMAND}.symptomatic_share": 0.5,
            f"{DEMAND}.booked_ahead_share": 0.5,
        },
        moves={"ed_visits_wait_driven": (DOWN, 97)},
    ),
    Mechanism(
        "slots shared inside existing diaries spare visits to the emergency department",
        **share(f"{CPTS}.layer.shared_slots_per_gp_per_day", 0.0, 4.0),
        base=REQUESTS,
        world=LONG_LEAVE,
        name=WITH_LAYERS,
        moves={"ed_visits_wait_driven": (DOWN, 340)},
    ),
    Mechanism(
        "slots added by a CPTS spare visits to the emergency department",
        **share(f"{CPTS}.layer.added_slots_per_gp_per_day", 0.0, 1.5),
        base=REQUESTS,
        world=LONG_LEAVE,
        name=WITH_LAYERS,
        moves={"ed_visits_wait_driven": (DOWN, 190), "gp_contacts": (UP, 200)},
    ),
    Mechanism(
        "coordination takes slots from the diaries",
        **share(f"{PRACTICE}.coordination_share", 0.0, 0.2),
        base=REQUESTS,
        moves={
            "gp_wait_mean_days": (UP, 0.47),
            "ed_visits_wait_driven": (UP, 200),
            "coordination_hours": (UP, 13),
        },
    ),
    Mechanism(
        "more slots shorten waits",
        **share(f"{ACCESS}.slots_ratio", 1.0, 1.2),
        base=REQUESTS,
        slow=True,
        moves={"gp_wait_mean_days": (DOWN, 0.067)},
    ),
    Mechanism(
        "whoever finds nothing in time leaves for the emergency department",
        **share(f"{DEMAND}.unserved_to_ed_share"),
        base=REQUESTS,
        moves={"ed_visits": (UP, 55)},
    ),
    Mechanism(
        "people without a GP use the emergency department",
        **share(f"{PEOPLE}.without_gp_share", 0.0, 0.5),
        base=REQUESTS,
        moves={"ed_visits": (UP, 98), "gp_contacts": (DOWN, 110)},
    ),
    Mechanism(
        "practices that see people without a GP spare them the emergency department",
        **share(f"{DEMAND}.practice_accepts_share"),
        base=REQUESTS,
        world={f"{PEOPLE}.without_gp_share": 0.5},
        moves={"ed_visits": (DOWN, 190)},
    ),
    Mechanism(
        "the impatient leave for the emergency department",
        **share(f"{DEMAND}.symptomatic_patience_days", 20.0, 2.0),
        base=REQUESTS,
        moves={"ed_visits_wait_driven": (UP, 76)},
    ),
    Mechanism(
        "visits booked ahead make the mean wait long",
        **share(f"{DEMAND}.booked_ahead_share", 0.0, 0.32),
        base=REQUESTS,
        slow=True,
        moves={"gp_wait_mean_days": (UP, 0.58)},
    ),
    Mechanism(
        "leave without a stand-in leaves people without an appointment",
        **share(f"{WORK}.gp_leave_weeks", 0.0, 8.0),
        base=REQUESTS,
        slow=True,
        moves={"gp_unserved_share": (UP, 0.046), "ed_visits_gp_absent": (UP, 240)},
    ),
    Mechanism(
        "winter brings requests",
        **share(f"{DEMAND}.winter_amplitude_share", 0.0, 0.3),
        base=REQUESTS,
        world={"horizon.years": 0.2},
        moves={"gp_requests": (UP, 110)},
    ),
    Mechanism(
        "patients without a GP go to the emergency department instead",
        **share(f"{PEOPLE}.patients_without_gp_share"),
        world={f"{DEMAND}.practice_accepts_share": 0.0},
        moves={"ed_visits_wait_driven": (UP, 9), "gp_contacts": (DOWN, 12)},
    ),
    Mechanism(
        "a warning that finds no slot becomes a crisis or a visit to the emergency department",
        **share(f"{WORK}.gp_slots_per_year", 5000.0, 100.0),
        world={**ONLY_PATIENTS_NOTICE, f"{DEMAND}.unserved_to_ed_share": 0.5},
        moves={"crises": (UP, 20), "ed_visits_wait_driven": (UP, 25)},
    ),
    Mechanism(
        "an organisation that comes into being slowly does less",
        **share("organisation.ramp_months", 24.0, 0.0),
        base=REQUESTS,
        world={**LONG_LEAVE, f"{CPTS}.layer.added_slots_per_gp_per_day": 1.5},
        name=WITH_LAYERS,
        slow=True,
        moves={"ed_visits_wait_driven": (DOWN, 150)},
    ),
]
UNDER_A_CPTS: Changes = {f"{CPTS}.uptake_share": 1.0, f"{PAERPA}.uptake_share": 0.0}
TREATMENT_FAILS: Changes = {
    f"{HEART}.treatment.efficacy_share": 0.0,
    "territory.expert_advice.efficacy_share": 1.0,
    "territory.expert_advice.answer_sigma": 0.5,
    f"{CPTS}.layer.experts_per_100k": 300.0,
}
LAYERS = [
    Mechanism(
        "an expert’s advice averts what the first treatment leaves",
        **share(f"{CPTS}.layer.expert_share"),
        world={**UNDER_A_CPTS, **TREATMENT_FAILS},
        name=WITH_LAYERS,
        moves={"expert_requests": (UP, 9), "episodes_avoided": (UP, 9), "crises": (DOWN, 8)},
    ),
    Mechanism(
        "experts who read slowly let cases wait",
        **share("territory.expert_advice.reading_minutes", 5.0, 800.0),
        world={**UNDER_A_CPTS, **TREATMENT_FAILS, f"{CPTS}.layer.expert_share": 1.0},
        name=WITH_LAYERS,
        moves={"expert_wait_minutes": (UP, 36_000), "expert_requests_waiting": (UP, 9)},
    ),
    Mechanism(
        "patients who have learnt to ask sooner are treated sooner",
        **share(f"{CPTS}.layer.patient_delay_ratio", 1.0, 0.2),
        world={
            **UNDER_A_CPTS,
            **ONLY_PATIENTS_NOTICE,
            f"{HEART}.noticing.patient_delay_days": 6.0,
        },
        name=WITH_LAYERS,
        moves={"response_days": (DOWN, 0.9), "crises": (DOWN, 20)},
    ),
    Mechanism(
        "a layer that has people without a GP seen spares them the emergency department",
        **share(f"{CPTS}.layer.without_gp_taken_in_share"),
        base=REQUESTS,
        world={
            **UNDER_A_CPTS,
            f"{DEMAND}.practice_accepts_share": 0.0,
            f"{PEOPLE}.without_gp_share": 0.5,
        },
        name=WITH_LAYERS,
        moves={"ed_visits": (DOWN, 150)},
    ),
    Mechanism(
        "a layer that has patients without a GP seen spares them the emergency department",
        **share(f"{CPTS}.layer.without_gp_taken_in_share"),
        world={
            **UNDER_A_CPTS,
            f"{DEMAND}.practice_accepts_share": 0.0,
            f"{PEOPLE}.patients_without_gp_share": 1.0,
        },
        name=WITH_LAYERS,
        moves={"ed_visits_wait_driven": (DOWN, 12), "gp_contacts": (UP, 8)},
    ),
    Mechanism(
        "a surge of demand brings requests and waits, and visits to the emergency department",
        **share(f"{DEMAND}.surge_ratio", 1.0, 1.5),
        base=REQUESTS,
        world={f"{DEMAND}.surge_days": 60.0},
        moves={"gp_requests": (UP, 50), "ed_visits_wait_driven": (UP, 105)},
    ),
]
MECHANISMS = [*WARNING, *RACE, *CONTROL, *DISCHARGE, *HOSPITAL_DOOR, *ACCESS_TO_GPS, *LAYERS]


@pytest.mark.parametrize(
    "mechanism",
    [
        pytest.param(each, id=each.says, marks=[pytest.mark.verify] if each.slow else [])
        for each in MECHANISMS
    ],
)
def test_a_mechanism_moves_its_outcomes_as_stated(mechanism):
    for outcome, (direction, half_width) in mechanism.moves.items():
        found = effect(mechanism, outcome).scaled(direction)
        assert found.low > 0.0, (outcome, found)
        assert (found.high - found.low) / 2.0 < half_width, (outcome, found)


DIRECT = [
    Mechanism(
        "an arrangement of the territory",
        **share(f"{HOSPITAL}.direct_admission_share"),
        world=A_DOCTOR_SAW_THEM_FIRST,
        moves={},
    ),
    Mechanism(
        "PAERPA for people aged 75 and over",
        **share(f"{PAERPA}.uptake_share"),
        world={
            **A_DOCTOR_SAW_THEM_FIRST,
            f"{HOSPITAL}.direct_admission_share": 0.0,
            f"{PEOPLE}.share_75_and_over": 0.2,
            f"{PATIENTS}.prevalence_under_75_share": 0.0,
            f"{PATIENTS}.prevalence_75_and_over_share": 1.0,
            f"{CPTS}.uptake_share": 0.0,
            f"{PAERPA}.layer.direct_admission_share": 1.0,
            f"{PAERPA}.layer.protocol_visits_per_year": 0.0,
            f"{PAERPA}.layer.recall_share": 0.0,
            **{
                f"{PAERPA}.layer.links.{link}.{ratio}_ratio": 1.0
                for link in ("hospital_to_gp", "hospital_to_nurse")
                for ratio in ("delay", "loss")
            },
        },
        name=WITH_LAYERS,
        moves={},
    ),
    Mechanism(
        "a layer that has a doctor called first",
        **share(f"{CPTS}.layer.doctor_first_share"),
        world={
            **A_DOCTOR_SAW_THEM_FIRST,
            f"{HOSPITAL}.doctor_first_under_75_share": 0.0,
            f"{HOSPITAL}.doctor_first_75_and_over_share": 0.0,
            f"{HOSPITAL}.direct_admission_share": 1.0,
            f"{CPTS}.uptake_share": 1.0,
            f"{PAERPA}.uptake_share": 0.0,
        },
        name=WITH_LAYERS,
        moves={},
    ),
]


@pytest.mark.parametrize("mechanism", DIRECT, ids=lambda mechanism: mechanism.says)
def test_direct_admission_moves_the_route_and_not_the_number_of_stays(mechanism):
    emergency = effect(mechanism, "hospitalisations_emergency")
    direct = effect(mechanism, "hospitalisations_direct")
    stays = effect(mechanism, "hospitalisations")
    assert emergency.high < 0.0 < direct.low
    assert stays.low < 0.0 < stays.high or stays.value == 0.0
    assert max(abs(stays.low), abs(stays.high)) < 0.02 * direct.value


def test_a_protocol_notices_nothing_in_people_whom_it_is_not_for():
    protocol = share(f"{NOTICED}.pharmacist_share", 0.0, 0.9)
    for_others = {f"{LAYER}.layer.reaches": "copd"}  # which nobody has
    mechanism = Mechanism(
        "", **protocol, moves={}, world={**UNDER_A_PROTOCOL, **for_others}, name=PROTOCOL
    )
    for outcome in ("drug_incidents", "episodes", "response_days"):
        found = [values(mechanism, switch, outcome) for switch in (mechanism.off, mechanism.on)]
        assert found[0].tolist() == found[1].tolist()
        assert found[0].min() > 0.0


def test_a_doctor_who_is_called_first_by_night_sends_to_the_emergency_department():
    layer = next(each for each in DIRECT if each.says == "a layer that has a doctor called first")
    at_no_hour = {**layer.world, f"{HOSPITAL}.direct_closes_hour": 0.01}
    mechanism = replace(layer, world=at_no_hour)
    for outcome in ("hospitalisations_direct", "hospitalisations_emergency"):
        moved = effect(mechanism, outcome)
        assert abs(moved.value) < 0.02 * values(mechanism, mechanism.off, "hospitalisations").mean()
    assert effect(mechanism, "ed_visits_after_doctor").low > 0.0


def test_places_of_the_dead_are_taken_by_others():
    mechanism = next(each for each in DISCHARGE if each.says == "whoever dies has no next stay")
    years = [values(mechanism, switch, "person_years") for switch in (mechanism.off, mechanism.on)]
    assert years[0].tolist() == years[1].tolist()
    assert years[0][0] > 0.0


def test_control_moves_no_episode_of_a_kind_that_does_not_depend_on_it():
    apart = {f"{HEART}.depends_on_control": "false"}
    protocol = share(f"{FOLLOW}.protocol_visits_per_year", 0.0, 12.0)
    mechanism = Mechanism("", **protocol, moves={}, world={**CONTROL_MATTERS, **apart})
    noticed_by_nobody = {f"{HEART}.noticing.{who}_share": 0.0 for who in ("gp", "nurse")}
    episodes = [
        values(mechanism, {**switch, **noticed_by_nobody}, "episodes")
        for switch in (mechanism.off, mechanism.on)
    ]
    assert episodes[0].tolist() == episodes[1].tolist()
    assert episodes[0].min() > 50


def test_a_message_without_delay_or_loss_is_still_no_treatment():
    # Everyone is told at once, and nothing works: every episode ends as a crisis.
    perfect = {
        f"{LINKS}.patient_to_gp.loss_share": 0.0,
        f"{LINKS}.patient_to_gp.delay_days": 0.0001,
        f"{HEART}.treatment.efficacy_share": 0.0,
    }
    mechanism = Mechanism("", {}, perfect, {}, world=ONLY_PATIENTS_NOTICE)
    assert values(mechanism, perfect, "episodes_avoided").tolist() == [0.0] * REPLICATIONS
