"""Which channel each parameter of an organisation belongs to: one table, and how it is read.

A channel is a way in which an organisation can avoid a stay (docs/model.md). Every parameter
belongs to exactly one, but for two kinds: those that say whom an organisation reaches and when,
which all channels share, and those that are only counted, in money or in hours, and move nobody.
How scenarios are mixed from two organisations channel by channel lives in `coalitions.py`.
"""

from __future__ import annotations

import re

from .scenario import Scenario

WARNING, DISCHARGE, MEDICINES = "warning", "discharge", "medicines"
EXPERT, UNSCHEDULED, ADMISSION = "expert_advice", "unscheduled", "admission_route"
CONTROL, CAPACITY = "control", "capacity"
CHANNELS = (
    *(WARNING, DISCHARGE, MEDICINES, EXPERT),
    *(UNSCHEDULED, ADMISSION, CONTROL, CAPACITY),
)
"""In the order of docs/model.md, then capacity and pooling."""
REACH = "reach"
"""Whom it reaches, and from when on: not switched, since all channels work through it."""
ACCOUNTS = "accounts"
"""What is counted as cost or coordination and moves nobody: comes with any channel."""
BY_LINK, BY_KIND = "by link", "by kind"
"""Left to the link that is changed, and to the kind of episode that is noticed."""

OF_PARAMETER = {
    "ramp_months": REACH,
    "practices.*.share": REACH,
    "practices.*.model.nurse_in_team_share": REACH,
    "practices.*.model.pharmacist_in_team_share": REACH,
    "practices.*.model.links.*": BY_LINK,
    "practices.*.model.gps_per_practice": CAPACITY,
    "practices.*.model.coordination_share": CAPACITY,
    "practices.*.model.funding_per_practice_eur_per_year": ACCOUNTS,
    "practices.*.model.access.colleagues_cover": CAPACITY,
    "practices.*.model.access.own_gp_tolerance_days": CAPACITY,
    "practices.*.model.access.colleague_noticing_ratio": CAPACITY,
    "practices.*.model.access.slots_ratio": CAPACITY,
    "practices.*.model.access.urgent_slot_share": UNSCHEDULED,
    "practices.*.model.access.urgent_release_days": UNSCHEDULED,
    "practices.*.model.access.walk_in_days_per_week": UNSCHEDULED,
    "practices.*.model.follow.gp_protocol_share": CONTROL,
    "practices.*.model.follow.nurse_protocol_share": CONTROL,
    "practices.*.model.follow.pharmacist_protocol_share": CONTROL,
    "practices.*.model.follow.protocol_visits_per_year": CONTROL,
    "practices.*.model.follow.delegated_share": CAPACITY,
    "practices.*.model.follow.recall_share": DISCHARGE,
    "layers.*.uptake_share": REACH,
    "layers.*.layer.reaches": REACH,
    "layers.*.layer.links.*": BY_LINK,
    "layers.*.layer.noticing.*": BY_KIND,
    "layers.*.layer.recall_share": DISCHARGE,
    "layers.*.layer.protocol_visits_per_year": CONTROL,
    "layers.*.layer.doctor_first_share": ADMISSION,
    "layers.*.layer.direct_admission_share": ADMISSION,
    "layers.*.layer.shared_slots_per_gp_per_day": UNSCHEDULED,
    "layers.*.layer.added_slots_per_gp_per_day": UNSCHEDULED,
    "layers.*.layer.shared_within_days": UNSCHEDULED,
    "layers.*.layer.without_gp_taken_in_share": UNSCHEDULED,
    "layers.*.layer.patient_delay_ratio": WARNING,
    "layers.*.layer.expert_share": EXPERT,
    "layers.*.layer.experts_per_100k": EXPERT,
    "layers.*.layer.coordination_hours_per_patient_per_year": ACCOUNTS,
    "layers.*.layer.funding_per_inhabitant_eur_per_year": ACCOUNTS,
    "layers.*.layer.funding_per_patient_eur_per_year": ACCOUNTS,
}
"""By key path below `organisation`; a star stands for a name, at the end also for what is below."""

COUNTED_WITH_ACCOUNTS = (
    *("coordination_hours", "coordinated_years"),
    *("cost_coordination_eur", "cost_eur"),
)
"""Outcomes that hold what is only counted, so that no channel can be given them."""

_NAMES = r"(practices|layers)\.[^.]+\."
_BELOW = re.compile(r"(.*\.(?:links|noticing))\.([^.]+)\..*")


def channel_of(scenario: Scenario, key: str) -> str:
    """Return the channel of a parameter, or `reach` or `accounts`.

    Args:
        scenario: gives the channel of each link, and which kinds of episode are drug incidents.
        key: a key path below `organisation`, such as `layers.cpts.layer.recall_share`.

    Raises KeyError for a parameter that the table doesn't have.
    """
    pattern = re.sub(_NAMES, r"\1.*.", key, count=1)
    below = _BELOW.fullmatch(pattern)
    found = OF_PARAMETER[f"{below[1]}.*" if below else pattern]
    if below and found == BY_KIND:
        return MEDICINES if scenario.episodes[below[2]].drug_incident else WARNING
    if below and found == BY_LINK:
        return MEDICINES if _is_about_medicines(scenario, key) else _of_link(scenario, below[2])
    return found


def _of_link(scenario: Scenario, link: str) -> str:
    return scenario.territory.links[link].channel


def _is_about_medicines(scenario: Scenario, key: str) -> bool:
    """Whether a layer is for people whose every kind of episode is a drug incident.

    What passes over any link in such a layer is about their medicines.
    """
    kind, name, *_ = key.split(".")
    use = scenario.organisation.layers.get(name) if kind == "layers" else None
    if use is None:
        return False
    risks = [each for each in scenario.episodes.values() if each.at_risk == use.layer.reaches]
    return bool(risks) and all(each.drug_incident for each in risks)
