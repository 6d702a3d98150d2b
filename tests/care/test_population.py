"""Who lives in the territory is drawn by address: the same under every organisation."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.care.world import draws, parameters, settled, territory

from parcours_sim.care import population
from parcours_sim.care.decisions import HAS_CONDITION
from parcours_sim.care.population import (
    FAIR,
    GOOD,
    POOR,
    is_at_risk,
    list_weights,
    mark_holders,
    place_of,
    rounded_shares,
    running_shares,
    severity_class,
    starting_control,
)

PREVALENCE = "territory__conditions__diabetes__prevalence_under_75_share"


def conditions_of(found, patient):
    """Give the conditions of a patient, by their positions."""
    return found.held["condition"][patient["first_held"] : patient["end_held"]].tolist()


def names_of(found, position):
    return {
        int(patient["person"])
        for patient in found.patients
        if position in conditions_of(found, patient)
    }


def everyone(found):
    """Give who lives in a territory and what they have, but for the groups they are counted in."""
    groups = ("practice_group", "gp_group")
    of_the_world = [name for name in found.patients.dtype.names if name not in groups]
    return found.patients[of_the_world].tolist(), found.held.tolist()


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(population).failed == 0


def test_as_many_people_have_a_condition_as_its_prevalence_says():
    of = parameters()
    found = settled(of)
    older = round(of.people.older_share * of.inhabitants)
    assert found.patients["older"].sum() == older
    for position, condition in enumerate(of.conditions):
        young, old = condition.prevalence
        expected = round(young * (of.inhabitants - older)) + round(old * older)
        assert len(names_of(found, position)) == expected
        assert (found.held["condition"] == position).sum() == expected


def test_people_are_simulated_one_by_one_if_they_are_chronic_or_75_and_over():
    found = settled(parameters())
    assert all(patient["older"] or conditions_of(found, patient) for patient in found.patients)
    people = found.patients["person"].tolist()
    assert people == sorted(set(people))
    assert found.patients["number"].tolist() == list(range(len(people)))


def test_the_conditions_of_patients_stand_side_by_side_in_their_order():
    found = settled(parameters())
    patients = found.patients
    assert patients["first_held"].tolist() == [0, *patients["end_held"][:-1].tolist()]
    assert patients["end_held"][-1] == len(found.held)
    for patient in patients:
        conditions = conditions_of(found, patient)
        assert conditions == sorted(set(conditions))


def test_where_a_condition_stands_is_said_for_those_who_have_it_only():
    found = territory(parameters())
    for patient in found.patients:
        own = [held.condition for held in found.held[patient.first_held : patient.end_held]]
        for condition in range(len(found.conditions)):
            place = place_of(patient, found.held, condition)
            assert (place >= 0) == (condition in own)
            if place >= 0:
                assert patient.first_held <= place < patient.end_held
                assert found.held[place].condition == condition


def test_a_higher_prevalence_holds_everyone_whom_a_lower_one_held():
    position = [c.name for c in parameters().conditions].index("diabetes")
    few, many = (
        names_of(settled(parameters(**{PREVALENCE: share})), position) for share in (0.02, 0.05)
    )
    assert few < many


def test_the_smallest_marks_within_the_age_band_have_the_condition():
    is_held = np.zeros(50, np.bool_)
    mark_holders(is_held, 1, 0, 77, 10, 40, 12)
    marks = {person: draws()(person, HAS_CONDITION, 0, 77)[0] for person in range(10, 40)}
    assert set(np.flatnonzero(is_held).tolist()) == set(sorted(marks, key=marks.get)[:12])


def test_an_organisation_changes_nobody():
    assert everyone(settled(parameters("isole"))) == everyone(settled(parameters("msp")))


def test_another_replication_is_another_world():
    of = parameters()
    assert everyone(settled(of, 0)) != everyone(settled(of, 1))
    assert everyone(settled(of, 0)) == everyone(settled(of, 0))


def test_at_the_start_everybody_is_at_home_and_nothing_has_happened_yet():
    patients = settled(parameters()).patients
    for name in ("home_at", "discharged_at"):
        assert set(patients[name].tolist()) == {-math.inf}
    for name in ("last_kind", "year_of_stay"):
        assert set(patients[name].tolist()) == {-1}
    for name in ("is_in_care", "is_in_bed", "is_relieved", "gp_has_letter", "awaits_follow_up"):
        assert not patients[name].any()
    assert not patients["generation"].any()


def test_control_drifts_for_the_first_time_after_the_beginning():
    of = parameters()
    held = settled(of).held
    assert (held["drifts_at"] > of.begins).all()
    assert set(held["drifts"].tolist()) == {1}


def test_a_class_of_severity_is_as_frequent_as_its_share_and_the_last_takes_the_rest():
    table = np.array([(0.2, 0.5, 1.0), (0.3, 1.0, 2.0), (0.5, 2.0, 3.0)])
    classes = [severity_class(table, (i + 0.5) / 100) for i in range(100)]
    assert [classes.count(number) for number in range(3)] == [20, 30, 50]
    assert severity_class(np.array([(0.2, 0.5, 1.0), (0.3, 1.0, 2.0)]), 0.99) == 1


def test_everyone_has_the_ratio_and_the_ceiling_of_one_class_of_their_condition():
    of = parameters()
    found = settled(of)
    for position, condition in enumerate(of.conditions):
        held = found.held[found.held["condition"] == position]
        pairs = set(zip(held["severity"].tolist(), held["severity_ceiling"].tolist(), strict=True))
        assert pairs <= {(each.ratio, each.ceiling) for each in condition.severities}


def test_running_shares_rise_to_the_whole():
    found = running_shares([3.0, 1.0, 4.0])
    assert found == pytest.approx([0.375, 0.5, 1.0])


def test_list_sizes_sum_to_the_number_of_gps_and_spread_as_a_gamma_of_shape_4():
    weights = list_weights(4000, draws())
    assert math.fsum(weights) == pytest.approx(4000)
    spread = math.fsum((weight - 1.0) ** 2 for weight in weights) / 4000
    assert math.sqrt(spread) == pytest.approx(0.5, rel=0.05)


def test_patients_choose_gps_in_proportion_to_their_lists():
    of = parameters(territory__inhabitants=20_000)
    found = settled(of)
    weights = list_weights(of.work.gps, draws())
    largest = max(range(of.work.gps), key=weights.__getitem__)
    seen = (found.patients["gp"] == largest).mean()
    assert seen == pytest.approx(weights[largest] / of.work.gps, rel=0.2)


@given(st.lists(st.floats(0.01, 1.0), min_size=1, max_size=6), st.integers(0, 500))
def test_rounded_shares_sum_to_the_whole_and_miss_no_share_by_one(parts, total):
    shares = [part / math.fsum(parts) for part in parts]
    counts = rounded_shares(shares, total)
    assert sum(counts) == total
    for count, share in zip(counts, shares, strict=True):
        assert abs(count - share * total) < 1.0 + 1e-6


def test_control_at_the_start_is_good_fair_and_poor_in_its_shares():
    condition = parameters().conditions[0]
    levels = [starting_control(condition, (i + 0.5) / 1000) for i in range(1000)]
    good, poor = condition.starts_good_share, condition.starts_poor_share
    assert levels.count(GOOD) == pytest.approx(1000 * good, abs=1)
    assert levels.count(POOR) == pytest.approx(1000 * poor, abs=1)
    assert levels == sorted(levels)
    assert FAIR in levels


def test_who_is_at_risk_of_a_kind_has_its_condition_or_its_age():
    kinds = {kind.name: kind for kind in parameters().kinds}
    failing, acute = kinds["heart_failure"], kinds["acute_need"]
    assert is_at_risk(failing, older=False, has_condition=True)
    assert not is_at_risk(failing, older=True, has_condition=False)
    assert is_at_risk(acute, older=True, has_condition=False)
    assert not is_at_risk(acute, older=False, has_condition=True)


def test_practices_see_their_own_patients_and_the_stated_share_of_the_others():
    nobody_has_one = {"territory__people__patients_without_gp_share": 1.0}
    for share in (0.0, 0.5, 1.0):
        accepting = {"territory__demand__practice_accepts_share": share}
        found = settled(parameters(**nobody_has_one, **accepting)).patients
        assert found["is_accepted"].mean() == pytest.approx(share, abs=0.06)
        assert not found["has_gp"].any()
    own = settled(parameters(territory__people__patients_without_gp_share=0.0)).patients
    assert own["has_gp"].all()
    assert own["is_accepted"].all()


def test_patients_are_seen_as_often_as_the_most_demanding_of_their_conditions_asks_for():
    of = parameters()
    found = settled(of)
    at_75 = of.people.older_gp_interval_days
    for patient in found.patients:
        own = [of.conditions[position] for position in conditions_of(found, patient)]
        days = [each.gp_interval_days for each in own] + [at_75] * bool(patient["older"])
        assert patient["gp_interval_days"] == min(days)
        rates = [each.death_rate_per_day for each in own]
        rates.append(of.people.death_rates_per_day[int(patient["older"])])
        assert patient["death_rate_per_day"] == max(rates)


def test_nurses_come_to_the_stated_share_of_people_with_a_condition():
    of = parameters(
        territory__conditions__diabetes__nurse_followed_share=0.5,
        territory__inhabitants=20_000,
    )
    found = settled(of)
    diabetes = [c.name for c in of.conditions].index("diabetes")
    alone = [p for p in found.patients if conditions_of(found, p) == [diabetes]]
    followed = [p for p in alone if p["nurse_interval_days"] < math.inf]
    assert len(followed) / len(alone) == pytest.approx(0.5, abs=0.06)
    interval = of.conditions[diabetes].nurse_interval_days
    assert {float(p["nurse_interval_days"]) for p in followed} == {interval}
