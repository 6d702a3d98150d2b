"""Numbered worlds: small scenarios of every sort, on which two engines must write the same record.

A world takes one option of every feature below. Options of a feature come in turn, shuffled: few
worlds hold each of them several times, in ever other company. Whatever is left open is drawn by
address, by the world's number and the key, so a world is the same wherever and beside whatever it
is made, and a change of one feature leaves all the others as they are. Hypothesis alone would not
do: even derandomised, it tries the constants of whatever code is loaded at that moment.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st
from tests.engine.small import RATES

from parcours_sim.scenario.changes import change
from parcours_sim.scenario.resolve import dump_scenario, load_dump, load_scenario
from parcours_sim.scenario.scenario import Scenario

Tree = dict[str, Any]
CORPUS = Path(__file__).parents[1] / "corpus" / "good"
FILES = (
    *("mixte", "msp", "cpts", "paerpa"),
    *("msp_haute_loire_anticoagulants", "prado_ic", "landes_territoire_numerique"),
)
"""Named scenarios that together use every practice model and layer of the library."""


@dataclass(frozen=True)
class Between:
    """A number of this range, another one at each key."""

    low: float
    high: float


@dataclass(frozen=True)
class OneOf:
    """One of these, chosen at each key."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class Places:
    """So many professionals, rooms or beds in the whole territory."""

    count: int


Changes = dict[str, Any]
"""Key paths, `*` for every name at that place, and what to put there."""
Option = Changes | Callable[[Tree], None]

PRESSED: Changes = {
    "horizon.start_date": "2025-01-01",
    "horizon.years": 0.45,
    "horizon.warm_up_years": 0.15,
    "organisation.ramp_months": 2.0,
    "before.ramp_months": 0.0,
    "territory.inhabitants": 700,
    "territory.hospital.safety_factor": 0.0,
    "territory.hospital.ed_rooms_per_100k": Places(1),
    "territory.hospital.beds_per_100k": Places(5),
    "territory.hospital.ed_patience_hours": 2.0,
    "territory.professionals.gp_slots_per_year": 4000.0,
    "territory.professionals.gps_per_100k": Places(3),
    "territory.professionals.nurses_per_100k": Places(2),
    "territory.professionals.pharmacies_per_100k": Places(1),
    "territory.people.death_75_and_over_share_per_year": 0.3,
    "territory.people.patients_without_gp_share": 0.15,
    **{f"episodes.{kind}.rate_per_year": rate for kind, rate in RATES.items()},
    "episodes.*.treatment.precaution_share": 0.1,
    "episodes.*.noticing.patient_share": 0.8,
}
"""What every world starts from: little room, many episodes."""

PRACTICES, LAYERS, KINDS = "organisation.practices.*", "organisation.layers.*", "episodes.*"
CONDITIONS, LINKS = "territory.conditions.*", "territory.links.*"
NOTICED = "organisation.layers.*.layer.noticing.*"
WORK, HOSPITAL, DEMAND = "territory.professionals", "territory.hospital", "territory.demand"
PEOPLE, AFTER = "territory.people", "territory.after_discharge"
ACCESS, FOLLOW = f"{PRACTICES}.model.access", f"{PRACTICES}.model.follow"


def at(place: str, **values: Any) -> Changes:
    """Give changes of several keys of one table; double underscores stand for dots."""
    return {f"{place}.{key.replace('__', '.')}": value for key, value in values.items()}


def quantity(value: float) -> Tree:
    """Give a number as scenario files write it."""
    return {"value": value, "low": value, "high": value, "assumption": "chosen for a test"}


@cache
def table(scenario: str, *path: str) -> str:
    """Give a table of a scenario of the project or the corpus, as JSON."""
    found: Any = json.loads(dump_scenario(load_scenario(scenario)))
    for key in path:
        found = found[key]
    return json.dumps(found)


@cache
def models(kind: str, part: str) -> str:
    """Give the library's practice models or layers by name, as JSON."""
    uses = [json.loads(table(name, "organisation", kind)) for name in FILES]
    return json.dumps({name: use[part] for each in uses for name, use in each.items()})


def practise(*names: str) -> Callable[[Tree], None]:
    """Have the GPs in these practice models, in equal shares."""

    def reshape(tree: Tree) -> None:
        known = json.loads(models("practices", "model"))
        tree["organisation"]["practices"] = {
            name: {"share": quantity(1.0 / len(names)), "model": known[name]} for name in names
        }

    return reshape


def organise(*names: str) -> Callable[[Tree], None]:
    """Lay these layers over the practices."""

    def reshape(tree: Tree) -> None:
        known = json.loads(models("layers", "layer"))
        tree["organisation"]["layers"] = {
            name: {"uptake_share": quantity(0.6), "layer": known[name]} for name in names
        }
        suit_layers(tree, "organisation")

    return reshape


def suit_layers(tree: Tree, root: str) -> None:
    """Have layers reach people, and notice kinds of episode, that there are."""
    known = {*tree["territory"]["conditions"], "everyone", "age_75_and_over"}
    for use in tree[root]["layers"].values():
        layer = use["layer"]
        if layer["reaches"] not in known:
            layer["reaches"] = "everyone"
        noticed = layer["noticing"].items()
        layer["noticing"] = {kind: row for kind, row in noticed if kind in tree["episodes"]}


def reach_the_ill(tree: Tree) -> None:
    """Every layer is for people with a condition, each with another one."""
    names = sorted(tree["territory"]["conditions"])
    for place, use in enumerate(tree["organisation"]["layers"].values()):
        if names:
            use["layer"]["reaches"] = names[place % len(names)]


def have_noticed(tree: Tree, kinds: list[str]) -> None:
    """Have every layer notice more of these kinds of episode; how much is left open."""
    roles = ("gp_share", "nurse_share", "pharmacist_share")
    for use in tree["organisation"]["layers"].values():
        more = {kind: {role: quantity(0.5) for role in roles} for kind in kinds}
        use["layer"]["noticing"] = more


def notice_one_kind(tree: Tree) -> None:
    """Layers notice more of one kind of episode, if there is one."""
    have_noticed(tree, sorted(tree["episodes"])[:1])


def notice_every_kind(tree: Tree) -> None:
    """Layers notice more of every kind of episode."""
    have_noticed(tree, sorted(tree["episodes"]))


def notice_nothing_more(tree: Tree) -> None:
    """Layers have nothing noticed beyond what contacts notice anyway."""
    have_noticed(tree, [])


def reopen_links(tree: Tree, links: Tree) -> None:
    """Put other links in place; organisations change those that they changed before."""
    tree["territory"]["links"] = links
    ratio = {"delay_ratio": quantity(0.5), "loss_ratio": quantity(0.7)}
    for root in ("organisation", "before"):
        parts = [use["model"] for use in tree[root]["practices"].values()]
        parts += [use["layer"] for use in tree[root]["layers"].values()]
        for part in parts:
            part["links"] = {name: part["links"].get(name, ratio) for name in links}


def more_links(tree: Tree) -> None:
    """Nurses and hospitals have a second way of telling, and one link is used by nobody."""
    links = tree["territory"]["links"]
    for name in ("nurse_to_gp", "hospital_to_gp", "hospital_to_nurse"):
        links[f"another_{name}"] = deepcopy(links[name])
    links["unused"] = {**deepcopy(links["patient_to_gp"]), "receiver": "nurse"}
    reopen_links(tree, links)


def fewer_links(tree: Tree) -> None:
    """Only nurses can tell the GP, and only nurses get letters."""
    links = tree["territory"]["links"]
    reopen_links(tree, {name: links[name] for name in ("nurse_to_gp", "hospital_to_nurse")})


def no_links(tree: Tree) -> None:
    """Nobody tells anybody."""
    reopen_links(tree, {})


def keep_conditions(tree: Tree, names: tuple[str, ...]) -> None:
    """Leave these conditions, and the kinds of episode that people may have then."""
    groups = (*names, "everyone", "age_75_and_over")
    conditions, kinds = tree["territory"]["conditions"], tree["episodes"]
    tree["territory"]["conditions"] = {name: conditions[name] for name in names}
    tree["episodes"] = {name: row for name, row in kinds.items() if row["at_risk"] in groups}


def one_condition(tree: Tree) -> None:
    """Heart failure and nothing else, but age."""
    keep_conditions(tree, ("heart_failure",))


def no_condition(tree: Tree) -> None:
    """Nobody has a chronic condition; people of 75 and over have their acute needs."""
    keep_conditions(tree, ())


def no_kind(tree: Tree) -> None:
    """Nothing ever goes wrong."""
    tree["episodes"] = {}


def one_kind(tree: Tree) -> None:
    """Only one thing ever goes wrong."""
    tree["episodes"] = dict(sorted(tree["episodes"].items())[:1])


def asthma(tree: Tree) -> None:
    """Add a condition and a kind of episode of the user's own."""
    added = json.loads(table(str(CORPUS / "asthma_by_tables.toml")))
    tree["territory"]["conditions"]["asthma"] = added["territory"]["conditions"]["asthma"]
    tree["episodes"]["asthma_attack"] = added["episodes"]["asthma_attack"]


def everyones_kind(tree: Tree) -> None:
    """Add a kind that everyone simulated one by one can have, and one for each age band alone."""
    for name, group in (("fall", "everyone"), ("winter_fall", "age_75_and_over")):
        fall = json.loads(table("isole", "episodes", "copd"))
        tree["episodes"][name] = {**fall, "at_risk": group, "depends_on_control": True}


def asthma_that_nobody_has(tree: Tree) -> None:
    """Add a condition that nobody has, and with it a deadly kind."""
    asthma(tree)
    for band in ("under_75", "75_and_over"):
        row = tree["territory"]["conditions"]["asthma"]
        row[f"prevalence_{band}_share"] = quantity(0.0)
    tree["episodes"]["asthma_attack"]["crisis"]["death_ratio_after_stay"] = quantity(9.0)


def as_now(tree: Tree) -> None:
    """The organisation was there before time 0, with every layer."""
    tree["before"] = deepcopy(tree["organisation"])


def as_now_with_other_numbers(tree: Tree) -> None:
    """The same practice models and layers before time 0, but not with the same numbers."""
    as_now(tree)
    for use in tree["before"]["practices"].values():
        access, follow = use["model"]["access"], use["model"]["follow"]
        access["slots_ratio"] = quantity(0.6)
        access["walk_in_days_per_week"] = quantity(1.0)
        follow["protocol_visits_per_year"] = quantity(2.0)
    for use in tree["before"]["layers"].values():
        use["layer"]["shared_slots_per_gp_per_day"] = quantity(2.0)
        use["uptake_share"] = quantity(0.5)


def layers_given_up(tree: Tree) -> None:
    """Layers reach people until time 0, and fewer and fewer after it."""
    as_now(tree)
    tree["before"]["layers"] |= {
        name: {"uptake_share": quantity(0.7), "layer": layer}
        for name, layer in json.loads(models("layers", "layer")).items()
    }
    suit_layers(tree, "before")
    reopen_links(tree, tree["territory"]["links"])
    tree["organisation"]["layers"] = {}


def other_models(tree: Tree) -> None:
    """Other practice models before time 0, so that GPs change teams."""
    former = {"organisation": {}}
    practise("regroupe", "msp_sans_si")(former)
    tree["before"]["practices"] = former["organisation"]["practices"]
    reopen_links(tree, tree["territory"]["links"])


FEATURES: dict[str, dict[str, Option]] = {
    "size": {
        "usual": {"territory.inhabitants": 900},
        "small": {"territory.inhabitants": 300},
        "large": {"territory.inhabitants": 1500},
        "ten people": {"territory.inhabitants": 10},
    },
    "conditions": {
        "usual": {},
        "one": one_condition,
        "none": no_condition,
        "asthma": asthma,
        "asthma of nobody": asthma_that_nobody_has,
    },
    "kinds": {"usual": {}, "one for all": everyones_kind, "none": no_kind, "one": one_kind},
    "practices": {
        "usual": practise("isole"),
        "regroupe": practise("regroupe"),
        "esp": practise("esp"),
        "msp": practise("msp_avec_si"),
        "centre": practise("centre_de_sante"),
        "two": practise("isole", "msp_avec_si"),
        "three": practise("isole", "regroupe", "centre_de_sante"),
        "all": practise(*sorted(json.loads(models("practices", "model")))),
    },
    "layers": {
        "usual": organise("cpts", "paerpa"),
        "cpts": organise("cpts"),
        "paerpa": organise("paerpa"),
        "anticoagulants": organise("anticoagulants"),
        "returns and tools": organise("retour_a_domicile", "territoire_numerique"),
        "all": organise(*sorted(json.loads(models("layers", "layer")))),
        "none": organise(),
    },
    "links": {"usual": {}, "more": more_links, "fewer": fewer_links, "none": no_links},
    "horizon": {
        "usual": at("horizon", years=0.45, warm_up_years=0.15),
        "weeks": at("horizon", years=0.12, warm_up_years=0.0),
        "a year": at("horizon", years=1.0, warm_up_years=0.1),
        "years": at("horizon", years=2.2, warm_up_years=0.4),
        "one day": at("horizon", years=1.0 / 366.0, warm_up_years=0.0),
    },
    "start": {
        name: {"horizon.start_date": day}
        for name, day in {
            "usual": "2025-09-15",
            "new year": "2025-01-01",
            "new year's eve": "2027-12-31",
            "leap year": "2024-01-02",
            "leap day": "2028-02-29",
            "Easter": "2026-04-05",
            "Sunday": "2025-11-02",
            "Saturday": "2025-11-01",
            "earliest": "1900-01-01",
            "latest": "2200-12-31",
        }.items()
    },
    "ramp": {
        "usual": {"organisation.ramp_months": 2.0},
        "at once": {"organisation.ramp_months": 0.0},
        "long": {"organisation.ramp_months": 24.0},
    },
    "uptake": {
        "usual": {f"{LAYERS}.uptake_share": Between(0.3, 0.9)},
        "nobody": {f"{LAYERS}.uptake_share": 0.0},
        "everybody": {f"{LAYERS}.uptake_share": 1.0},
    },
    "people": {
        "usual": {},
        "old": {f"{PEOPLE}.share_75_and_over": 0.5},
        "none old": {f"{PEOPLE}.share_75_and_over": 0.0},
        "healthy": {
            f"{CONDITIONS}.prevalence_under_75_share": 0.0,
            f"{CONDITIONS}.prevalence_75_and_over_share": 0.0,
        },
        "nobody": {
            f"{PEOPLE}.share_75_and_over": 0.0,
            f"{CONDITIONS}.prevalence_under_75_share": 0.0,
            f"{CONDITIONS}.prevalence_75_and_over_share": 0.0,
        },
        "ill": {f"{CONDITIONS}.prevalence_75_and_over_share": 1.0},
    },
    "deaths": {
        "usual": {f"{PEOPLE}.death_75_and_over_share_per_year": 0.3},
        "never": {
            **at(PEOPLE, death_75_and_over_share_per_year=0.0, death_under_75_share_per_year=0.0),
            f"{CONDITIONS}.death_share_per_year": 0.0,
        },
        "frequent": {
            **at(PEOPLE, death_75_and_over_share_per_year=0.95, death_under_75_share_per_year=0.6),
            f"{CONDITIONS}.death_share_per_year": Between(0.5, 0.9999),
        },
        "all": {f"{CONDITIONS}.death_share_per_year": 1.0},
    },
    "routine": {
        "usual": {},
        "often": {
            f"{CONDITIONS}.gp_visits_per_year": Between(8.0, 40.0),
            f"{CONDITIONS}.dispensings_per_year": Between(6.0, 40.0),
        },
        "never": {
            f"{CONDITIONS}.gp_visits_per_year": 0.0,
            f"{CONDITIONS}.dispensings_per_year": 0.0,
            f"{PEOPLE}.gp_visits_75_and_over_per_year": 0.0,
            f"{PEOPLE}.dispensings_75_and_over_per_year": 0.0,
        },
        "rarely": {
            f"{CONDITIONS}.gp_visits_per_year": Between(0.3, 2.0),
            f"{CONDITIONS}.dispensings_per_year": Between(0.3, 2.0),
            f"{PEOPLE}.gp_visits_75_and_over_per_year": 0.5,
            f"{PEOPLE}.dispensings_75_and_over_per_year": 0.4,
        },
        "all booked": {f"{PEOPLE}.booked_ahead_share": 1.0},
        "none booked": {f"{PEOPLE}.booked_ahead_share": 0.0},
    },
    "nursing": {
        "usual": {f"{CONDITIONS}.nurse_followed_share": Between(0.1, 0.6)},
        "daily": {
            f"{CONDITIONS}.nurse_followed_share": Between(0.3, 1.0),
            f"{CONDITIONS}.nurse_visits_per_week": 7.0,
        },
        "thrice a day": {
            f"{CONDITIONS}.nurse_followed_share": 0.5,
            f"{CONDITIONS}.nurse_visits_per_week": OneOf((21.0, 1.0)),
        },
        "nobody": {f"{CONDITIONS}.nurse_followed_share": 0.0},
        "never": {
            f"{CONDITIONS}.nurse_followed_share": 1.0,
            f"{CONDITIONS}.nurse_visits_per_week": 0.0,
        },
    },
    "rounds": {
        "usual": at(WORK, nurse_visits_per_day=23.0),
        "full": at(WORK, nurse_visits_per_day=2.5, nurses_per_100k=Places(1)),
        "empty": at(WORK, nurse_visits_per_day=1e-6),
        "at one hour": at(WORK, nurse_round_begins_hour=7.0, nurse_round_ends_hour=7.0),
        "by night": at(WORK, nurse_round_begins_hour=0.0, nurse_round_ends_hour=24.0),
        "roomy": at(WORK, nurse_visits_per_day=200.0, nurse_other_patients_share=0.0),
        "at the office": at(
            WORK, nurse_access="office", nurse_visit_law="exponential", nurse_visit_minutes=60.0
        ),
        "at a crowded office": at(
            WORK, nurse_access="office", nurses_per_100k=Places(1), nurse_visit_minutes=120.0
        ),
    },
    "control": {
        "usual": {},
        "moving": {
            f"{CONDITIONS}.control.drift_per_year": Between(2.0, 12.0),
            f"{CONDITIONS}.control.improvement_share": Between(0.3, 1.0),
            f"{WORK}.nurse_protocol_share": 0.5,
            f"{WORK}.pharmacist_protocol_share": 0.5,
        },
        "standing": {
            f"{CONDITIONS}.control.drift_per_year": 0.0,
            f"{CONDITIONS}.control.improvement_share": 0.0,
        },
        "good": {
            f"{CONDITIONS}.control.starts_good_share": 1.0,
            f"{CONDITIONS}.control.starts_poor_share": 0.0,
        },
    },
    "pharmacy": {
        "usual": {},
        "one counter": at(WORK, pharmacy_counters_per_pharmacy=1.0, dispensing_minutes=90.0),
        "long and short": at(WORK, dispensing_law="exponential", dispensing_minutes=60.0),
        "two queues": at(WORK, pharmacies_per_100k=Places(2), dispensing_minutes=45.0),
        "an hour": at(WORK, pharmacy_opens_hour=11.75, pharmacy_closes_hour=12.75),
        "evenings": at(WORK, pharmacy_opens_hour=16.0, pharmacy_closes_hour=24.0),
    },
    "calendar": {
        "usual": {f"{WORK}.calendar": "france"},
        "open": {f"{WORK}.calendar": "always_open"},
    },
    "gps": {
        "usual": at(WORK, gps_per_100k=Places(3)),
        "one": at(WORK, gps_per_100k=Places(1)),
        "many": at(WORK, gps_per_100k=Places(9), gp_slots_per_year=900.0),
    },
    "diaries": {
        "usual": at(WORK, gp_slots_per_year=2500.0),
        "full": at(WORK, gp_slots_per_year=150.0),
        "free": at(WORK, gp_slots_per_year=20000.0),
        "none": at(WORK, gp_slots_per_year=1e-6),
    },
    "leave": {
        "usual": at(WORK, gp_leave_weeks=3.0),
        "none": at(WORK, gp_leave_weeks=0.0),
        "half the year": at(WORK, gp_leave_weeks=26.0),
        "the year": at(WORK, gp_leave_weeks=52.0),
    },
    "lists": {
        "usual": {},
        "even": at(WORK, list_capacity_exponent=0.0, saturday_slot_share=0.0),
        "uneven": at(WORK, list_capacity_exponent=2.0, saturday_slot_share=1.0),
    },
    "hours": {
        "usual": {},
        "around the clock": at(
            WORK, gp_opens_hour=0.0, gp_closes_hour=24.0, saturday_closes_hour=24.0
        ),
        "an hour": at(WORK, gp_opens_hour=9.0, gp_closes_hour=10.0, saturday_closes_hour=9.5),
    },
    "consultations": {
        "usual": {},
        "fixed": at(WORK, consultation_law="fixed", consultation_minutes=15.0),
        "exponential": at(WORK, consultation_law="exponential", consultation_minutes=25.0),
        "alike": at(WORK, consultation_sd_minutes=0.0, consultation_minutes=60.0),
    },
    "requests": {
        "usual": {f"{DEMAND}.gp_requests_per_inhabitant_per_year": 6.0},
        "none": at(DEMAND, gp_requests_per_inhabitant_per_year=0.0),
        "many": at(DEMAND, gp_requests_per_inhabitant_per_year=20.0),
        "of the simulated alone": at(DEMAND, gp_requests_per_inhabitant_per_year=0.5),
    },
    "reasons": {
        "usual": {},
        "symptoms": at(DEMAND, symptomatic_share=1.0, booked_ahead_share=0.0),
        "booked": at(DEMAND, symptomatic_share=0.1, booked_ahead_share=0.9),
        "soon": at(DEMAND, symptomatic_share=0.0, booked_ahead_share=0.0),
    },
    "leads": {
        "usual": {},
        "none": at(DEMAND, booking_lead_days=0.0),
        "equal": at(DEMAND, booking_lead_days=10.0, booking_lead_sigma=0.0),
        "long": at(DEMAND, booking_lead_days=150.0),
    },
    "patience": {
        "usual": {},
        "short": at(DEMAND, symptomatic_patience_days=0.05, other_patience_days=0.5),
        "endless": at(DEMAND, symptomatic_patience_days=200.0, other_patience_days=1000.0),
        "equal": at(
            DEMAND, symptomatic_patience_days=1.0, other_patience_days=7.0, patience_sigma=0.0
        ),
    },
    "season": {
        "usual": {},
        "none": {f"{DEMAND}.winter_amplitude_share": 0.0, f"{KINDS}.winter_amplitude_share": 0.0},
        "strong": {f"{DEMAND}.winter_amplitude_share": 1.0, f"{KINDS}.winter_amplitude_share": 1.0},
    },
    "surge": {
        "usual": {},
        "long": at(DEMAND, surge_ratio=2.0, surge_begins_days=20.0, surge_days=90.0),
        "fewer": at(DEMAND, surge_ratio=0.3, surge_begins_days=0.0, surge_days=60.5),
    },
    "without an answer": {
        "usual": {},
        "to the emergency department": at(DEMAND, unserved_to_ed_share=1.0),
        "nowhere": at(DEMAND, unserved_to_ed_share=0.0),
    },
    "without a GP": {
        "usual": {},
        "many": at(PEOPLE, without_gp_share=0.5, patients_without_gp_share=0.5),
        "all": {
            **at(PEOPLE, without_gp_share=1.0, patients_without_gp_share=1.0),
            f"{DEMAND}.practice_accepts_share": OneOf((0.0, 0.5, 1.0)),
        },
        "nobody": at(PEOPLE, without_gp_share=0.0, patients_without_gp_share=0.0),
    },
    "emergencies": {
        "usual": at(HOSPITAL, ed_visits_per_inhabitant_per_year=0.8),
        "none": at(HOSPITAL, ed_visits_per_inhabitant_per_year=0.0),
        "many": at(HOSPITAL, ed_visits_per_inhabitant_per_year=4.0),
        "all low": at(
            HOSPITAL,
            ed_visits_per_inhabitant_per_year=2.0,
            ed_low_acuity_share=1.0,
            ed_other_admitted_share=0.0,
        ),
        "all admitted": at(HOSPITAL, ed_low_acuity_share=0.0, ed_other_admitted_share=1.0),
    },
    "nights": {
        "usual": {},
        "only days": at(HOSPITAL, ed_day_share=1.0),
        "only nights": at(HOSPITAL, ed_day_share=0.0),
    },
    "rooms": {
        "usual": at(HOSPITAL, ed_rooms_per_100k=Places(2)),
        "one": at(HOSPITAL, ed_rooms_per_100k=Places(1)),
        "many": at(HOSPITAL, ed_rooms_per_100k=Places(20), safety_factor=1.0),
    },
    "beds": {
        "usual": at(HOSPITAL, beds_per_100k=Places(6)),
        "one": at(HOSPITAL, beds_per_100k=Places(1)),
        "many": at(HOSPITAL, beds_per_100k=Places(60)),
    },
    "care at the emergency department": {
        "usual": {},
        "fixed": at(
            HOSPITAL,
            ed_care_law="fixed",
            ed_care_home_minutes=120.0,
            ed_care_admitted_minutes=120.0,
        ),
        "exponential": at(HOSPITAL, ed_care_law="exponential"),
        "quick": at(HOSPITAL, ed_care_home_minutes=1.0, ed_care_admitted_minutes=1.0),
        "slow": at(
            HOSPITAL,
            ed_care_home_minutes=900.0,
            ed_care_admitted_minutes=1200.0,
            ed_care_sd_ratio=0.0,
        ),
    },
    "waiting room": {
        "usual": at(HOSPITAL, ed_patience_hours=2.0),
        "left at once": at(HOSPITAL, ed_patience_hours=0.001),
        "never left": at(HOSPITAL, ed_patience_hours=1000.0),
        "equal": at(HOSPITAL, ed_patience_hours=1.0, ed_patience_sigma=0.0),
    },
    "route": {
        "usual": {},
        "direct": at(
            HOSPITAL,
            direct_admission_share=1.0,
            doctor_first_under_75_share=1.0,
            doctor_first_75_and_over_share=1.0,
            direct_opens_hour=0.0,
            direct_closes_hour=24.0,
        ),
        "never direct": at(HOSPITAL, direct_admission_share=0.0),
    },
    "messages": {
        "usual": {},
        "at once": {f"{LINKS}.delay_days": 0.0},
        "the same day": {f"{LINKS}.same_day_share": 1.0},
        "slow": {f"{LINKS}.delay_days": 30.0, f"{LINKS}.same_day_share": 0.0},
        "equal": {f"{LINKS}.delay_days": 1.0, f"{LINKS}.delay_sigma": 0.0},
    },
    "loss": {
        "usual": {},
        "certain": {f"{LINKS}.loss_share": 1.0},
        "none": {f"{LINKS}.loss_share": 0.0},
        "of some": {f"{LINKS}.loss_share": OneOf((0.0, 0.5, 1.0))},
    },
    "rates": {
        "usual": {},
        "high": {f"{KINDS}.rate_per_year": Between(3.0, 9.0)},
        "some at zero": {f"{KINDS}.rate_per_year": OneOf((0.0, 2.0, 5.0))},
        "impossible for some": {
            f"{KINDS}.rate_per_year": OneOf((quantity(0.0), quantity(2.0), quantity(5.0)))
        },
    },
    "severities": {
        "usual": {},
        "far apart": {f"{CONDITIONS}.severities.*.hazard_ratio": Between(0.0, 4.0)},
        "harmless": {f"{CONDITIONS}.severities.*.hazard_ratio": OneOf((quantity(0.0), 1.0))},
    },
    "windows": {
        "usual": {},
        "sudden": at(f"{KINDS}.window", sudden_share=1.0, sudden_hours=Between(0.5, 8.0)),
        "gradual": at(f"{KINDS}.window", sudden_share=0.0, gradual_days=Between(10.0, 60.0)),
        "equal": at(f"{KINDS}.window", sudden_share=0.0, gradual_days=2.0, gradual_sigma=0.0),
        "mild": at(f"{KINDS}.window", resolves_alone_share=1.0),
        "hard": at(f"{KINDS}.window", resolves_alone_share=0.0),
    },
    "signs": {
        "usual": {},
        "seen": at(
            f"{KINDS}.noticing",
            gp_share=1.0,
            nurse_share=1.0,
            pharmacist_share=1.0,
            patient_share=1.0,
        ),
        "felt": at(f"{KINDS}.noticing", patient_share=1.0, patient_delay_days=0.02),
        "unseen": at(
            f"{KINDS}.noticing",
            gp_share=0.0,
            nurse_share=0.0,
            pharmacist_share=0.0,
            patient_share=0.0,
        ),
        "seen by nurses": at(f"{KINDS}.noticing", nurse_share=1.0, patient_share=0.2),
    },
    "treatment": {
        "usual": {},
        "at once": at(f"{KINDS}.treatment", delay_days=0.0, efficacy_share=1.0),
        "in vain": at(f"{KINDS}.treatment", efficacy_share=0.0),
        "slow": at(f"{KINDS}.treatment", delay_days=6.0, delay_sigma=0.8, efficacy_share=1.0),
    },
    "precaution": {
        "usual": {},
        "never": at(f"{KINDS}.treatment", precaution_share=0.0),
        "often": at(f"{KINDS}.treatment", precaution_share=0.6),
        "always": at(f"{KINDS}.treatment", precaution_share=1.0),
    },
    "crises": {
        "usual": {},
        "mild": at(f"{KINDS}.crisis", triage="low", admitted_share=0.2),
        "mixed": at(
            f"{KINDS}.crisis", triage=OneOf(("immediate", "urgent", "low")), admitted_share=0.7
        ),
        "admitted": at(f"{KINDS}.crisis", admitted_share=1.0),
        "sent home": at(f"{KINDS}.crisis", admitted_share=0.0),
    },
    "stays": {
        "usual": {},
        "equal": at(f"{KINDS}.crisis", stay_days=2.0, stay_sd_days=0.0),
        "short": at(f"{KINDS}.crisis", stay_days=Between(0.1, 1.0), stay_sd_days=0.3),
        "long": at(f"{KINDS}.crisis", stay_days=40.0),
        "deadly": at(
            f"{KINDS}.crisis", hospital_death_share=0.4, death_ratio_after_stay=Between(2.0, 9.0)
        ),
        "survived": at(f"{KINDS}.crisis", hospital_death_share=0.0, death_ratio_after_stay=0.0),
    },
    "nature": {
        "usual": {},
        "after discharge": {f"{KINDS}.after_discharge": OneOf(("raised", "unchanged", "only"))},
        "without control": {f"{KINDS}.depends_on_control": False, f"{KINDS}.urgent": False},
        "urgent": {f"{KINDS}.urgent": True, f"{LINKS}.urgent_delay_ratio": 0.0},
        "of medicines": {f"{KINDS}.drug_incident": True},
    },
    "after discharge": {
        "usual": {},
        "dangerous": at(AFTER, excess_hazard_ratio=15.0, informed_relief_share=1.0),
        "safe": at(AFTER, excess_hazard_ratio=0.0),
        "soon over": at(AFTER, excess_decay_days=2.0, death_ratio_days=20.0),
        "called in": at(AFTER, recall_share=1.0),
        "nurse ordered": at(AFTER, nurse_share=1.0, nurse_days=0.15),
        "nurse never": at(AFTER, nurse_share=0.0),
        "visit at once": at(AFTER, follow_up_days=0.01),
        "visit late": at(AFTER, follow_up_days=60.0, follow_up_sigma=0.0),
    },
    "cover": {
        "usual": {},
        "by colleagues": {
            f"{ACCESS}.colleagues_cover": True,
            f"{ACCESS}.own_gp_tolerance_days": Between(0.0, 2.0),
            f"{PRACTICES}.model.gps_per_practice": 3.0,
        },
        "by all at once": {
            f"{ACCESS}.colleagues_cover": True,
            f"{ACCESS}.own_gp_tolerance_days": 0.0,
            f"{ACCESS}.colleague_noticing_ratio": 0.2,
            f"{PRACTICES}.model.gps_per_practice": 50.0,
        },
        "by nobody": {f"{ACCESS}.colleagues_cover": False},
        "too late": {f"{ACCESS}.colleagues_cover": True, f"{ACCESS}.own_gp_tolerance_days": 400.0},
    },
    "kept slots": {
        "usual": {},
        "none": {f"{ACCESS}.urgent_slot_share": 0.0},
        "half": {f"{ACCESS}.urgent_slot_share": 0.5, f"{ACCESS}.urgent_release_days": 0.0},
        "all": {f"{ACCESS}.urgent_slot_share": 1.0, f"{ACCESS}.urgent_release_days": 2.0},
    },
    "walk-in days": {
        "usual": {},
        "one": {f"{ACCESS}.walk_in_days_per_week": 1.0},
        "some": {f"{ACCESS}.walk_in_days_per_week": OneOf((0.0, 2.0, 2.5, 3.0, 4.0))},
        "five": {f"{ACCESS}.walk_in_days_per_week": 5.0},
        "all": {f"{ACCESS}.walk_in_days_per_week": 7.0},
    },
    "slots of a practice": {
        "usual": {},
        "unequal": {f"{ACCESS}.slots_ratio": Between(0.3, 2.0)},
    },
    "coordination": {
        "usual": {},
        "much": {f"{PRACTICES}.model.coordination_share": 0.4},
        "all": {f"{PRACTICES}.model.coordination_share": 1.0},
        "none": {f"{PRACTICES}.model.coordination_share": 0.0},
    },
    "teams": {
        "usual": {},
        "whole": {
            f"{PRACTICES}.model.nurse_in_team_share": 1.0,
            f"{PRACTICES}.model.pharmacist_in_team_share": 1.0,
        },
        "GPs alone": {
            f"{PRACTICES}.model.nurse_in_team_share": 0.0,
            f"{PRACTICES}.model.pharmacist_in_team_share": 0.0,
        },
    },
    "protocols": {
        "usual": {},
        "many visits": {f"{FOLLOW}.protocol_visits_per_year": Between(2.0, 12.0)},
        "no visits": {f"{FOLLOW}.protocol_visits_per_year": 0.0},
        "always followed": at(
            FOLLOW, gp_protocol_share=1.0, nurse_protocol_share=1.0, pharmacist_protocol_share=1.0
        ),
    },
    "delegation": {
        "usual": {},
        "much": {
            f"{FOLLOW}.delegated_share": 0.6,
            f"{PRACTICES}.model.nurse_in_team_share": 1.0,
        },
        "all": {
            f"{FOLLOW}.delegated_share": 1.0,
            f"{PRACTICES}.model.nurse_in_team_share": 0.8,
        },
        "none": {f"{FOLLOW}.delegated_share": 0.0},
    },
    "recall": {
        "usual": {},
        "always": {f"{FOLLOW}.recall_share": 1.0},
        "never": {f"{FOLLOW}.recall_share": 0.0, f"{LAYERS}.layer.recall_share": 0.0},
    },
    "shared slots": {
        "usual": at(f"{LAYERS}.layer", shared_slots_per_gp_per_day=1.0),
        "none": at(
            f"{LAYERS}.layer", shared_slots_per_gp_per_day=0.0, added_slots_per_gp_per_day=0.0
        ),
        "many": at(f"{LAYERS}.layer", shared_slots_per_gp_per_day=30.0, shared_within_days=10.0),
        "added": at(f"{LAYERS}.layer", added_slots_per_gp_per_day=1.5),
        "added to the night": at(
            f"{LAYERS}.layer", added_slots_per_gp_per_day=60.0, shared_within_days=5.0
        ),
        "of the moment": at(f"{LAYERS}.layer", shared_within_days=0.0),
    },
    "work of layers": {
        "usual": {},
        "much": at(
            f"{LAYERS}.layer",
            protocol_visits_per_year=Between(2.0, 6.0),
            direct_admission_share=1.0,
            recall_share=0.8,
            coordination_hours_per_patient_per_year=3.0,
        ),
    },
    "experts": {
        "usual": {},
        "asked": at(f"{LAYERS}.layer", expert_share=0.6, experts_per_100k=300.0),
        "asked about all": {
            **at(f"{LAYERS}.layer", expert_share=1.0, experts_per_100k=0.0),
            **at("territory.expert_advice", reading_minutes=600.0, efficacy_share=1.0),
        },
        "at once": {
            **at(f"{LAYERS}.layer", expert_share=Between(0.0, 1.0)),
            **at("territory.expert_advice", answer_hours=0.0, answer_sigma=0.0, asking_minutes=0.0),
        },
    },
    "asking": {
        "usual": {},
        "sooner": at(f"{LAYERS}.layer", patient_delay_ratio=Between(0.2, 1.0)),
        "at once": at(f"{LAYERS}.layer", patient_delay_ratio=0.0),
        "taken in": at(f"{LAYERS}.layer", without_gp_taken_in_share=Between(0.4, 1.0)),
    },
    "people of layers": {
        "usual": {},
        "everyone": {f"{LAYERS}.layer.reaches": "everyone"},
        "the old": {f"{LAYERS}.layer.reaches": "age_75_and_over"},
        "the ill": reach_the_ill,
    },
    "signs that layers notice": {
        "usual": {},
        "of one kind": notice_one_kind,
        "of every kind": notice_every_kind,
        "none": notice_nothing_more,
    },
    "how many signs layers notice": {
        "usual": {f"{NOTICED}.*": Between(0.0, 1.0)},
        "all": {f"{NOTICED}.*": 1.0},
        "those of some": {f"{NOTICED}.*": OneOf((0.0, 0.5, 1.0))},
    },
    "doctor called first": {
        "usual": {},
        "always": {f"{LAYERS}.layer.doctor_first_share": 1.0},
        "never": {f"{LAYERS}.layer.doctor_first_share": 0.0},
        "of some": {f"{LAYERS}.layer.doctor_first_share": Between(0.0, 1.0)},
    },
    "links within the organisation": {
        "usual": {},
        "surest": at("organisation.*.*.*.links.*", loss_ratio=0.0, delay_ratio=0.0),
        "worse": at("organisation.*.*.*.links.*", loss_ratio=5.0, delay_ratio=3.0),
    },
    "costs": {
        "usual": {},
        "odd": {
            "territory.costs.*": Between(0.0, 300.0),
            f"{KINDS}.crisis.stay_eur": Between(0.0, 9000.0),
            f"{PRACTICES}.model.funding_per_practice_eur_per_year": Between(0.0, 90000.0),
            f"{LAYERS}.layer.funding_per_inhabitant_eur_per_year": Between(0.0, 20.0),
            f"{LAYERS}.layer.funding_per_patient_eur_per_year": Between(0.0, 200.0),
            f"{LAYERS}.layer.coordination_hours_per_patient_per_year": Between(0.0, 5.0),
        },
        "none": {
            "territory.costs.*": 0.0,
            f"{PRACTICES}.model.funding_per_practice_eur_per_year": 0.0,
            f"{LAYERS}.layer.funding_per_inhabitant_eur_per_year": 0.0,
        },
    },
    "crowding": {
        "usual": {},
        "for days": {
            **at(HOSPITAL, ed_rooms_per_100k=Places(1), beds_per_100k=Places(1)),
            **at(f"{KINDS}.crisis", stay_days=6.0, admitted_share=1.0),
            # Most are treated soon, but too late for the window.
            **at(f"{KINDS}.noticing", patient_share=1.0, patient_delay_days=0.1),
            **at(f"{KINDS}.window", sudden_share=0.0, gradual_days=5.0, resolves_alone_share=0.0),
            **at(f"{KINDS}.treatment", delay_days=12.0, efficacy_share=1.0, precaution_share=0.0),
            f"{KINDS}.rate_per_year": 6.0,
            f"{LINKS}.delay_days": 0.0,
            f"{LINKS}.loss_share": 0.0,
            f"{WORK}.gp_slots_per_year": 20000.0,
        },
    },
    "past": {
        "usual": {},
        "as now": as_now,
        "as now with other numbers": as_now_with_other_numbers,
        "layers given up": layers_given_up,
        "other practices": other_models,
    },
}
"""What a world is made of, in this order; the first option of a feature is the usual one."""

USUALLY = {
    "size": 10,
    "conditions": 6,
    "kinds": 9,
    "practices": 2,
    "layers": 3,
    "horizon": 8,
    "start": 2,
    "people": 10,
    "requests": 6,
    "diaries": 6,
    "coordination": 6,
    "rounds": 8,
    "after discharge": 3,
    "crowding": 5,
    "past": 2,
    "shared slots": 3,
}
"""How often the usual option comes in turn, where it is not as often as all others together."""


@dataclass(frozen=True)
class World:
    """A choice of one option of every feature, and a number that decides what they leave open."""

    number: int
    choices: Mapping[str, str]

    def __str__(self) -> str:
        unusual = [f"{name}: {to}" for name, to in self.choices.items() if to != "usual"]
        return f"world {self.number} ({', '.join(unusual)})"

    def scenario(self) -> Scenario:
        """Give the resolved scenario."""
        tree: Tree = json.loads(table("isole"))
        tree["name"] = f"world_{self.number}"
        options: list[Option] = [PRESSED]
        # In the order of the features, whatever that of the choices: links reach every layer.
        options += [FEATURES[name][self.choices[name]] for name in FEATURES if name in self.choices]
        for option in options:
            if callable(option):
                option(tree)
            else:
                self._put(tree, option)
        return load_dump(json.dumps(tree))

    def _put(self, tree: Tree, changes: Changes) -> None:
        for pattern, value in changes.items():
            for path in matches(tree, pattern):
                finding = change(tree, path, self._settled(tree, path, value), typed=False)
                assert finding is None, finding

    def _settled(self, tree: Tree, path: str, value: Any) -> Any:
        mark = uniform(self.number, path)
        match value:
            case Between():
                return value.low + mark * (value.high - value.low)
            case OneOf():
                return value.values[int(mark * len(value.values))]
            case Places():
                inhabitants = tree["territory"]["inhabitants"]["value"]
                return min(100_000.0, value.count * 100_000.0 / inhabitants)
        return value


def uniform(*address: object) -> float:
    """Give a number from 0 to 1 that depends on its address alone."""
    return Random(" / ".join(map(str, address))).random()


def matches(tree: Tree, pattern: str) -> Iterator[str]:
    """Give the key paths that a pattern stands for; a name that is not there matches nothing."""
    places: list[tuple[list[str], Any]] = [([], tree)]
    for key in pattern.split("."):
        places = [
            ([*path, name], here[name])
            for path, here in places
            for name in ((here if isinstance(here, dict) else ()) if key == "*" else (key,))
            if isinstance(here, dict) and name in here
        ]
    return (".".join(path) for path, _ in places)


def options_in_turn(feature: str) -> list[str]:
    """Give the options of a feature, the usual one as often as it comes in a cycle."""
    usual, *others = FEATURES[feature]
    return [usual] * USUALLY.get(feature, len(others)) + others


@cache
def turns(feature: str, cycle: int) -> tuple[str, ...]:
    """Give the options of a feature in the order of one cycle."""
    options = options_in_turn(feature)
    order = sorted(range(len(options)), key=lambda i: uniform(feature, cycle, i))
    return tuple(options[i] for i in order)


def world(number: int) -> World:
    """Give the world of a number; the first few hold every option."""
    choices = {}
    for feature in FEATURES:
        cycle, turn = divmod(number, len(options_in_turn(feature)))
        choices[feature] = turns(feature, cycle)[turn]
    return World(number, choices)


def simplest(found: World, is_still_wrong: Callable[[World], bool]) -> World:
    """Give a world with as few unusual features as possible that is wrong in the same way."""
    for feature in FEATURES:
        tried = World(found.number, {**found.choices, feature: "usual"})
        if found.choices[feature] != "usual" and is_still_wrong(tried):
            found = tried
    return found


def worlds() -> st.SearchStrategy[World]:
    """Give a strategy of worlds with any choices, which Hypothesis makes as usual as it can."""
    choices = {name: st.sampled_from(list(options)) for name, options in FEATURES.items()}
    return st.builds(World, st.integers(0, 10_000), st.fixed_dictionaries(choices))
