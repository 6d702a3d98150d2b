"""GPs belong to the world; an organisation partitions them, and a larger share holds a smaller."""

import doctest
from dataclasses import replace

import pytest
from tests.care.world import draws, parameters

from parcours_sim.care import practices
from parcours_sim.care.practices import in_team, joins_at, reaches, teams, uptake


@pytest.fixture(scope="module")
def mixed():
    return parameters("mixte", territory__inhabitants=40_000)


def members(found, model):
    return {gp for gp, team in enumerate(found) if team.model == model}


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(practices).failed == 0


def test_every_gp_is_in_one_practice_with_all_its_members(mixed):
    found = teams(mixed.practice_shares[1], mixed, draws())
    assert len(found) == mixed.work.gps
    for gp, team in enumerate(found):
        assert gp in team.colleagues
        assert all(found[other] is team for other in team.colleagues)
        assert team.books.tolist() == list(team.colleagues)


def test_as_many_gps_work_in_a_model_as_its_share_says(mixed):
    shares = mixed.practice_shares[1]
    found = teams(shares, mixed, draws())
    for model, share in enumerate(shares):
        assert abs(len(members(found, model)) - share * mixed.work.gps) < 1.0


def test_practices_have_about_the_size_of_their_model(mixed):
    sizes = {}
    for team in teams(mixed.practice_shares[1], mixed, draws()):
        sizes.setdefault(team.model, set()).add(len(team.colleagues))
    for model, found in sizes.items():
        size = mixed.practices[model].gps_per_practice
        assert min(found) >= 1
        assert max(found) <= 2.0 * size + 1.0
    alone = [m.name for m in mixed.practices].index("isole")
    assert sizes[alone] == {1}


def test_a_share_of_40_per_cent_contains_that_of_30():
    of = parameters("msp", territory__inhabitants=40_000)
    names = [model.name for model in of.practices]
    alone, joined = names.index("isole"), names.index("msp_avec_si")

    def who_join(share):
        shares = [0.0] * len(names)
        shares[joined], shares[alone] = share, 1.0 - share
        return members(teams(shares, of, draws()), joined)

    assert who_join(0.3) < who_join(0.4)
    assert who_join(0.0) == set()


def test_gps_join_within_the_ramp(mixed):
    days = [joins_at(gp, mixed, draws()) for gp in range(mixed.work.gps)]
    assert min(days) > 0.0
    assert max(days) < mixed.ramp_days
    at_once = replace(mixed, ramp_days=0.0)
    assert {joins_at(gp, at_once, draws()) for gp in range(mixed.work.gps)} == {0.0}


def test_uptake_rises_in_a_straight_line_from_what_it_was():
    layer = replace(parameters("cpts").layers[0], uptake=(0.2, 0.8))
    found = [uptake(layer, day, 100.0) for day in (-1.0, 0.0, 50.0, 100.0, 500.0)]
    assert found == pytest.approx([0.2, 0.2, 0.5, 0.8, 0.8])
    assert uptake(layer, 0.0, 0.0) == 0.8


def test_a_layer_reaches_the_same_people_and_more_as_it_grows():
    layer = replace(parameters("cpts").layers[0], uptake=(0.0, 0.8), older_only=False)
    assert not reaches(layer, False, 1e-16, -1.0, 100.0)
    assert not reaches(layer, False, 0.5, 50.0, 100.0)
    assert reaches(layer, False, 0.5, 70.0, 100.0)
    assert not reaches(layer, False, 0.9, 500.0, 100.0)


def test_a_layer_for_people_aged_75_and_over_reaches_nobody_younger():
    layer = replace(parameters("cpts").layers[0], uptake=(1.0, 1.0), older_only=True)
    assert reaches(layer, True, 0.5, 0.0, 100.0)
    assert not reaches(layer, False, 0.5, 0.0, 100.0)


def test_nurses_and_pharmacists_reach_a_practice_if_they_are_in_its_team():
    shares = (0.7, 0.5)
    assert in_team("nurse", "gp", 0.69, 0.99, shares)
    assert not in_team("nurse", "gp", 0.7, 0.0, shares)
    assert in_team("hospital", "nurse", 0.69, 0.99, shares)
    assert not in_team("hospital", "nurse", 0.7, 0.0, shares)
    assert in_team("pharmacist", "gp", 0.99, 0.49, shares)
    assert not in_team("pharmacist", "gp", 0.0, 0.5, shares)
    assert in_team("patient", "gp", 0.99, 0.99, shares)
    assert in_team("hospital", "gp", 0.99, 0.99, shares)
