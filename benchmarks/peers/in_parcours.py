"""The workload as a scenario for both engines: the tables of `town.toml`, and the workload's sizes.

A practice that receives without appointment is the queue of the GPs, an office that of the nurses,
a pharmacy's counters that of the pharmacists. How busy nurses and pharmacists are is what their
contacts take on average: the model adds up no other hours for them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from benchmarks.clock import SEED
from parcours_sim.care.parameters import DAYS_PER_YEAR
from parcours_sim.engine import Engine, simulate
from parcours_sim.scenario.resolve import load_scenario
from parcours_sim.scenario.scenario import Scenario

from .tally import Run
from .workload import (
    ADMITTED_SHARE,
    EMERGENCY_CARE,
    EPISODE_INTERVAL,
    HOURS,
    MINUTES,
    STAY,
    WARM_UP,
    Workload,
)

TOWN = Path(__file__).with_name("town.toml")
WEEK = 7.0
MEMBER, EPISODE = "territory.conditions.member", "episodes.acute"
PRACTICE = "organisation.practices.isole.model"
KINDS = ("gp", "nurse", "pharmacist")
WORK, HOSPITAL = "territory.professionals", "territory.hospital"


@cache
def scenario(workload: Workload) -> Scenario:
    """The tables at the size of a workload."""
    gp, nurse, pharmacist = workload.roles
    per_100k = 100_000.0 / workload.people
    care_minutes = EMERGENCY_CARE / MINUTES
    changes: dict[str, str | float] = {
        "horizon.years": workload.days / DAYS_PER_YEAR,
        "horizon.warm_up_years": WARM_UP / DAYS_PER_YEAR,
        "territory.inhabitants": workload.people,
        f"{MEMBER}.gp_visits_per_year": DAYS_PER_YEAR / gp.interval,
        f"{MEMBER}.nurse_visits_per_week": WEEK / nurse.interval,
        f"{MEMBER}.dispensings_per_year": DAYS_PER_YEAR / pharmacist.interval,
        f"{EPISODE}.rate_per_year": DAYS_PER_YEAR / EPISODE_INTERVAL,
        f"{EPISODE}.crisis.admitted_share": ADMITTED_SHARE,
        f"{EPISODE}.crisis.stay_days": STAY,
        f"{EPISODE}.crisis.stay_sd_days": STAY,
        f"{PRACTICE}.gps_per_practice": gp.servers,
        f"{WORK}.gps_per_100k": gp.servers * per_100k,
        f"{WORK}.consultation_minutes": gp.service / MINUTES,
        f"{WORK}.nurses_per_100k": nurse.servers * per_100k,
        f"{WORK}.nurse_visit_minutes": nurse.service / MINUTES,
        f"{WORK}.pharmacies_per_100k": per_100k,
        f"{WORK}.pharmacy_counters_per_pharmacy": pharmacist.servers,
        f"{WORK}.dispensing_minutes": pharmacist.service / MINUTES,
        f"{HOSPITAL}.ed_rooms_per_100k": workload.rooms * per_100k,
        f"{HOSPITAL}.ed_care_home_minutes": care_minutes,
        f"{HOSPITAL}.ed_care_admitted_minutes": care_minutes,
        f"{HOSPITAL}.beds_per_100k": workload.beds * per_100k,
    }
    return load_scenario(TOWN, changes=changes)


def run(workload: Workload, number: int, engine: Engine) -> Run:
    """One run of the workload on one of the engines."""
    done = simulate(scenario(workload), SEED, number, engine=engine)
    value = {outcome: value for outcome, group, value in done.rows if group == "all"}
    rooms_minutes = value["ed_visits"] * (value["ed_stay_minutes"] - value["ed_wait_minutes"])
    admissions = value["hospitalisations"]
    waits = (
        value["gp_wait_mean_days"] / MINUTES,
        value["nurse_wait_minutes"],
        value["pharmacy_wait_minutes"],
    )
    statistics = {}
    for role, kind, wait in zip(workload.roles, KINDS, waits, strict=True):
        hours = value[f"{kind}_hours"]
        statistics[f"{role.name} contacts"] = value[f"{kind}_contacts"]
        statistics[f"{role.name} wait, minutes"] = wait
        statistics[f"{role.name} busy"] = hours * HOURS / role.servers / workload.days
    statistics |= {
        "contacts missed": value["missed_contacts"],
        "ED visits": value["ed_visits"],
        "ED wait, minutes": value["ed_wait_minutes"],
        "rooms busy": rooms_minutes * MINUTES / workload.rooms / workload.days,
        "admissions": admissions,
        "wait for a bed, hours": value["boarding_hours"] / admissions,
        "beds in use": value["bed_days"] / workload.days,
    }
    return Run(done.contacts, statistics)
