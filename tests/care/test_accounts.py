"""Closing the accounts: who lived how long, what contacts took and cost, what organising cost."""

from dataclasses import replace

import numpy as np
import pytest
from tests.care.world import STACKED, counted, parameters, someone, territory, with_practice

from parcours_sim.care.accounts import (
    MONTH_DAYS,
    close_accounts,
    coordinated_years,
    count_effort,
    covered_years,
    practice_funding,
    reached_years,
)
from parcours_sim.care.parameters import DAYS_PER_YEAR
from parcours_sim.care.practices import is_meant
from parcours_sim.care.tallies import ALL, OLDER, UNDER_75, Count

YEARS = 365.0 / DAYS_PER_YEAR


def at_the_end(of):
    return territory(of, now=of.ends)


@pytest.fixture
def isolated():
    return at_the_end(parameters())


def layered(**numbers):
    """Give a territory under one layer with these numbers, and nothing else that costs."""
    of = parameters("cpts", territory__inhabitants=2000)
    free = {
        "coordination_hours_per_year": 0.0,
        "funding_per_inhabitant_eur": 0.0,
        "funding_per_patient_eur": 0.0,
        "older_only": False,
    }
    layer = replace(of.layers[0], **{**free, **numbers})
    unfunded = with_practice(replace(of, layers=(layer,)), funding_eur_per_year=0.0)
    return at_the_end(unfunded)


def test_every_place_is_lived_in_over_the_whole_horizon(isolated):
    close_accounts(isolated)
    lived = counted(isolated, Count.PERSON_YEARS)
    older = sum(patient.age_group == OLDER for patient in isolated.patients)
    assert lived[ALL] == pytest.approx(len(isolated.patients) * YEARS)
    assert lived[OLDER] == pytest.approx(older * YEARS)
    assert lived[UNDER_75] == pytest.approx((len(isolated.patients) - older) * YEARS)
    for condition in range(len(isolated.conditions)):
        holders = sum(held.condition == condition for held in isolated.held)
        group = isolated.condition_groups + condition
        assert lived[group] == pytest.approx(holders * YEARS)


def test_contacts_take_their_mean_time_and_cost_their_unit_cost_in_every_group(isolated):
    width, work, costs = isolated.width, isolated.work, isolated.costs
    contacts = {
        Count.GP_CONTACTS: 3.0,
        Count.NURSE_CONTACTS: 5.0,
        Count.PHARMACIST_CONTACTS: 7.0,
        Count.ED_VISITS: 11.0,
    }
    for what, number in contacts.items():
        for group in range(width):
            isolated.tallies[what * width + group] = number * (1 + group)
    count_effort(isolated)
    scale = 1.0 + np.arange(width)
    nurse_hours = 5.0 * 24.0 * work.nurse_visit_days
    pharmacist_hours = 7.0 * 24.0 * work.dispensing_days
    euros = 3.0 * costs.gp_eur + 5.0 * costs.nurse_eur
    euros += 7.0 * costs.dispensing_eur + 11.0 * costs.ed_eur
    for what, each in (
        (Count.NURSE_HOURS, nurse_hours),
        (Count.PHARMACIST_HOURS, pharmacist_hours),
        (Count.COST_CARE_EUR, euros),
    ):
        assert counted(isolated, what) == pytest.approx(each * scale, rel=1e-12)


def test_stays_already_paid_for_stay_in_the_cost(isolated):
    isolated.tallies[Count.COST_CARE_EUR * isolated.width + ALL] = 1000.0
    count_effort(isolated)
    assert counted(isolated, Count.COST_CARE_EUR)[ALL] == 1000.0


def funded(before, after, ramp_months=0.0):
    """Give a territory where practices cost so much a year before and after the GPs join."""
    of = parameters("msp", territory__inhabitants=20_000, organisation__ramp_months=ramp_months)
    practices = tuple(
        replace(model, funding_eur_per_year=before if model.name == "isole" else after)
        for model in of.practices
    )
    return at_the_end(replace(of, practices=practices))


def practices_of(found, when):
    """Give how many practices there are."""
    return len(set(found.team_first[when].tolist()))


def test_a_practice_is_funded_once_however_many_gps_it_has():
    found = funded(0.0, 1000.0)
    assert practices_of(found, 1) < found.work.gps
    assert practice_funding(found) == pytest.approx(1000.0 * practices_of(found, 1) * YEARS)


def test_funding_starts_on_the_day_on_which_gps_join():
    found = funded(0.0, 1000.0, ramp_months=6.0)
    sizes = found.team_end[1] - found.team_first[1]
    days = sum((365.0 - found.joins) / sizes)
    assert practice_funding(found) == pytest.approx(1000.0 * days / DAYS_PER_YEAR)
    former = funded(1000.0, 0.0, ramp_months=6.0)
    assert practice_funding(former) == pytest.approx(1000.0 * sum(found.joins) / DAYS_PER_YEAR)


def test_gps_who_join_after_the_end_are_funded_as_before():
    found = funded(500.0, 1000.0)
    found.joins[:] = 1e4
    assert practice_funding(found) == pytest.approx(500.0 * found.work.gps * YEARS)


def test_a_layer_reaches_a_patient_month_by_month_once_it_has_grown_to_their_mark():
    found = layered(uptake=(0.0, 0.8))
    found.ramp_days = 4.0 * MONTH_DAYS
    patient = someone(found)
    for mark, months in ((0.0, 11.0), (0.3, 10.0), (0.7, 8.0), (0.81, 0.0)):
        found.layer_marks[patient.number, 0] = mark
        # The last of the twelve months of a year of 365 days is a quarter of a day short.
        expected = months / 12.0 - (0.25 / DAYS_PER_YEAR if months else 0.0)
        assert reached_years(found, patient, 0) == pytest.approx(expected, rel=1e-9)


def test_a_layer_for_older_people_reaches_no_year_of_anyone_else():
    found = layered(uptake=(1.0, 1.0), older_only=True)
    assert reached_years(found, someone(found, older=True), 0) == pytest.approx(YEARS)
    assert reached_years(found, someone(found, older=False), 0) == 0.0


def test_a_layer_for_people_with_a_condition_reaches_their_years_and_costs_no_others():
    found = layered(uptake=(1.0, 1.0), condition=0, funding_per_patient_eur=100.0)
    ill = sum(is_meant(found, patient, 0) for patient in found.patients)
    years = [reached_years(found, patient, 0) for patient in found.patients]
    assert sum(years) == pytest.approx(ill * YEARS)
    assert set(years) == {0.0, max(years)}
    assert coordination(found)[1] == pytest.approx(100.0 * ill * YEARS)


@pytest.mark.parametrize(
    ("uptake", "years"),
    [((0.0, 0.5), YEARS), ((0.5, 0.0), YEARS), ((0.0, 0.0), 0.0)],
)
def test_a_territory_is_covered_where_a_layer_exists_or_has_existed(uptake, years):
    found = layered(uptake=uptake)
    assert covered_years(found, found.layers[0]) == pytest.approx(years)


def test_of_two_tables_of_one_layer_the_one_that_takes_the_others_place_is_paid():
    found = layered(uptake=(0.8, 0.8), is_replaced=True)
    assert covered_years(found, found.layers[0]) == 0.0


def test_years_are_coordinated_by_a_practice_with_time_for_it_that_sees_the_patient():
    of = with_practice(parameters("msp", territory__inhabitants=2000), coordination_share=0.05)
    found = at_the_end(replace(of, ramp_days=0.0))
    for is_accepted, years in ((True, found.ends / DAYS_PER_YEAR), (False, 0.0)):
        patient = someone(found, is_accepted=is_accepted)
        assert coordinated_years(found, patient) == pytest.approx(years)


@pytest.mark.parametrize(
    ("numbers", "share"),
    [
        ({"coordination_hours_per_year": 1.0}, 0.5),
        ({"funding_per_patient_eur": 100.0}, 0.5),
        ({"funding_per_inhabitant_eur": 100.0}, 0.0),
    ],
)
def test_years_are_coordinated_by_a_layer_with_time_for_it_or_funded_by_the_patient(numbers, share):
    found = layered(uptake=(0.5, 0.5), **numbers)
    found.practices = [replace(each, coordination_share=0.0) for each in found.practices]
    years = [coordinated_years(found, patient) for patient in found.patients]
    assert np.mean(years) == pytest.approx(share * found.ends / DAYS_PER_YEAR, rel=0.1)
    close_accounts(found)
    assert counted(found, Count.COORDINATED_YEARS)[ALL] == pytest.approx(sum(years))


def coordination(found):
    close_accounts(found)
    return (
        counted(found, Count.COORDINATION_HOURS)[ALL],
        counted(found, Count.COST_COORDINATION_EUR)[ALL],
    )


def test_coordination_is_time_of_gps_and_of_layers_for_those_they_reach():
    found = layered(uptake=(1.0, 1.0), coordination_hours_per_year=2.0)
    found.coordination_days = 3.0
    hours, _ = coordination(found)
    assert hours == pytest.approx(72.0 + 2.0 * YEARS * len(found.patients))


def test_a_layer_costs_by_the_patients_it_reaches_and_by_the_inhabitants_it_covers():
    by_patient = layered(uptake=(1.0, 1.0), funding_per_patient_eur=100.0)
    assert coordination(by_patient)[1] == pytest.approx(100.0 * YEARS * len(by_patient.patients))
    by_inhabitant = layered(uptake=(0.1, 0.1), funding_per_inhabitant_eur=11.0)
    assert coordination(by_inhabitant)[1] == pytest.approx(11.0 * YEARS * 2000)


def test_what_organising_costs_counts_for_everyone_and_for_no_group():
    found = at_the_end(parameters(STACKED))
    assert coordination(found)[1] > 0.0
    for what in (Count.COORDINATION_HOURS, Count.COST_COORDINATION_EUR):
        assert not any(counted(found, what)[1:])
