"""Who lives in the territory is drawn by address: the same under every organisation."""

import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.care.world import draws, parameters

from parcours_sim.care import population
from parcours_sim.care.population import (
    FAIR,
    GOOD,
    POOR,
    is_at_risk,
    list_weights,
    rounded_shares,
    settle,
    starting_control,
)

PREVALENCE = "territory__conditions__diabetes__prevalence_under_75_share"


def names_of(found, position):
    return {person.person for person in found if position in person.conditions}


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(population).failed == 0


def test_as_many_people_have_a_condition_as_its_prevalence_says():
    of = parameters()
    found = settle(of, draws())
    older = round(of.people.older_share * of.inhabitants)
    assert sum(person.older for person in found) == older
    for position, condition in enumerate(of.conditions):
        young, old = condition.prevalence
        expected = round(young * (of.inhabitants - older)) + round(old * older)
        assert len(names_of(found, position)) == expected


def test_people_are_simulated_one_by_one_if_they_are_chronic_or_75_and_over():
    found = settle(parameters(), draws())
    assert all(person.older or person.conditions for person in found)
    assert [person.person for person in found] == sorted({p.person for p in found})


def test_a_higher_prevalence_holds_everyone_whom_a_lower_one_held():
    position = [c.name for c in parameters().conditions].index("diabetes")
    few, many = (
        names_of(settle(parameters(**{PREVALENCE: share}), draws()), position)
        for share in (0.02, 0.05)
    )
    assert few < many


def test_an_organisation_changes_nobody():
    assert settle(parameters("isole"), draws()) == settle(parameters("msp"), draws())


def test_another_replication_is_another_world():
    of = parameters()
    assert settle(of, draws(0)) != settle(of, draws(1))
    assert settle(of, draws(0)) == settle(of, draws(0))


def test_list_sizes_sum_to_the_number_of_gps_and_spread_as_a_gamma_of_shape_4():
    weights = list_weights(4000, draws())
    assert math.fsum(weights) == pytest.approx(4000)
    spread = math.fsum((weight - 1.0) ** 2 for weight in weights) / 4000
    assert math.sqrt(spread) == pytest.approx(0.5, rel=0.05)


def test_patients_choose_gps_in_proportion_to_their_lists():
    of = parameters(territory__inhabitants=20_000)
    found = settle(of, draws())
    weights = list_weights(of.work.gps, draws())
    largest = max(range(of.work.gps), key=weights.__getitem__)
    seen = sum(person.gp == largest for person in found) / len(found)
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
    assert is_at_risk(failing, False, (failing.condition,))
    assert not is_at_risk(failing, True, ())
    assert is_at_risk(acute, True, ())
    assert not is_at_risk(acute, False, (failing.condition,))


def test_practices_see_their_own_patients_and_the_stated_share_of_the_others():
    everyone = {"territory__people__patients_without_gp_share": 1.0}
    for share in (0.0, 0.5, 1.0):
        found = settle(
            parameters(**everyone, territory__demand__practice_accepts_share=share), draws()
        )
        accepted = sum(person.is_accepted for person in found) / len(found)
        assert accepted == pytest.approx(share, abs=0.06)
        assert not any(person.has_gp for person in found)
    own = settle(parameters(territory__people__patients_without_gp_share=0.0), draws())
    assert all(person.has_gp and person.is_accepted for person in own)
