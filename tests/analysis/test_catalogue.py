"""Every organisation of the catalogue moves the outcome that its description names.

Pairs of scenarios in the same random worlds, small and short; 95 % intervals that leave out 0.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from parcours_sim.analysis.intervals import t_interval
from parcours_sim.engine import simulate
from parcours_sim.scenario.difference import differences
from parcours_sim.scenario.resolve import load_scenario

SIZE = {"territory.inhabitants": 6_000, "horizon.years": 1.5, "organisation.ramp_months": 1.0}
WORLDS = 8
DELAY, UNSCHEDULED = "information_delay_days", "ed_visits_unscheduled"
STAYS = "hospitalisations_avoidable"

MOVED = [
    ("msp_sans_systeme_information", "isole", DELAY, "link:nurse_to_gp", -1),
    ("msp_avec_systeme_information", "msp_sans_systeme_information", DELAY, "link:nurse_to_gp", -1),
    ("msp_dans_cpts", "msp", UNSCHEDULED, "all", -1),
    ("france_2023", "mixte", UNSCHEDULED, "all", -1),
    ("territoire_sous_dense", "isole", "gp_wait_mean_days", "all", 1),
    ("territoire_sous_dense", "isole", UNSCHEDULED, "all", 1),
    ("territoire_sous_dense_organise", "territoire_sous_dense", STAYS, "all", -1),
    ("territoire_sous_dense_organise", "territoire_sous_dense", UNSCHEDULED, "all", 1),
    ("hybride_rural", "territoire_sous_dense", DELAY, "link:nurse_to_gp", -1),
    ("hybride_rural", "territoire_sous_dense", UNSCHEDULED, "all", 1),
    ("dac", "mixte", DELAY, "link:hospital_to_gp", -1),
    ("dac", "mixte", "follow_ups_informed", "all", 1),
    ("education_therapeutique", "isole", "messages_lost", "link:patient_to_gp", -1),
    ("education_therapeutique", "isole", "protocol_contacts", "all", 1),
    ("bus_prevention_grand_est", "territoire_sous_dense", "protocol_contacts", "all", 1),
    ("cpts_crise_sanitaire", "crise_sanitaire", UNSCHEDULED, "all", -1),
    ("cpts_crise_sanitaire", "crise_sanitaire", "gp_unserved_share", "all", -1),
    ("cpts_val_doise_teleexpertise", "cpts", "expert_answers", "all", 1),
    ("cpts_val_doise_teleexpertise", "cpts", "episodes_avoided", "all", 1),
    ("education_therapeutique", "isole", "response_days", "all", -1),
    ("nouveaux_metiers", "msp_avec_systeme_information", "gp_wait_mean_days", "all", -1),
    ("nouveaux_metiers", "msp_avec_systeme_information", "protocol_contacts", "all", 1),
]
"""A scenario, what it is compared with, the outcome and group that move, and which way."""


@cache
def outcomes(name: str) -> list[dict[tuple[str, str], float]]:
    scenario = load_scenario(name, changes=SIZE)
    found = (simulate(scenario, 1, world, engine="compiled") for world in range(WORLDS))
    return [{row[:2]: row[2] for row in each.rows} for each in found]


@pytest.mark.parametrize(("name", "parent", "outcome", "group", "sign"), MOVED)
def test_an_organisation_moves_the_outcome_that_it_names(name, parent, outcome, group, sign):
    moved = t_interval(
        np.array(
            [
                own[outcome, group] - other[outcome, group]
                for own, other in zip(outcomes(name), outcomes(parent), strict=True)
            ]
        )
    )
    assert sign * moved.value > 0.0
    assert moved.excludes_zero


def test_under_the_literature_dedicated_lines_take_in_half_as_many_and_still_some():
    key = "organisation.layers.cpts_crise.layer.without_gp_taken_in_share"
    shares, requests = [], []
    for changes in (SIZE, {**SIZE, key: 0.0}):
        scenario = load_scenario(
            "cpts_crise_sanitaire", parameter_set="literature", changes=changes
        )
        layer = scenario.organisation.layers["cpts_crise"].layer
        shares.append(layer.without_gp_taken_in_share.value)
        rows = simulate(scenario, 1, 0, engine="compiled").rows
        requests.append({row[:2]: row[2] for row in rows}["gp_unserved_share", "all"])
    assert shares == [0.3, 0.0]
    assert requests[0] < requests[1]


@pytest.mark.parametrize(("name", "parent"), sorted({row[:2] for row in MOVED}))
def test_an_organisation_differs_from_its_parent_in_effective_parameters(name, parent):
    assert list(differences(load_scenario(parent), load_scenario(name)))
