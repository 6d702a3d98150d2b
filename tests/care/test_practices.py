"""GPs belong to the world; an organisation partitions them, and a larger share holds a smaller."""

import doctest
from dataclasses import replace

import pytest
from tests.care.world import (
    STACKED,
    draws,
    parameters,
    settled,
    someone,
    territory,
    with_layer,
)

from parcours_sim.care import practices
from parcours_sim.care.parameters import GP, HOSPITAL, NURSE, PATIENT, PHARMACIST
from parcours_sim.care.population import place_of
from parcours_sim.care.practices import (
    acceptance_share,
    direct_share,
    doctor_first_share,
    has_joined,
    in_team,
    is_delegated,
    is_meant,
    is_reached,
    is_reached_at,
    is_seen,
    joins_at,
    link_in_team,
    most_protocol_visits_per_year,
    noticing_share,
    patient_delay_ratio,
    practice_of,
    protocol_visits_per_year,
    reach,
    recall_share,
    replaced_share,
    shares_within_days,
    teams,
    uptake,
)


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


def test_the_territory_has_every_gps_practice_before_and_after_joining(mixed):
    found = settled(mixed)
    for when, shares in enumerate(mixed.practice_shares):
        for gp, team in enumerate(teams(shares, mixed, draws())):
            assert found.team_model[when, gp] == team.model
            first, end = found.team_first[when, gp], found.team_end[when, gp]
            assert found.team_members[when, first:end].tolist() == list(team.colleagues)


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


def test_nurses_and_pharmacists_reach_a_practice_if_they_are_in_its_team():
    shares = (0.7, 0.5)
    assert in_team(NURSE, GP, 0.69, 0.99, *shares)
    assert not in_team(NURSE, GP, 0.7, 0.0, *shares)
    assert in_team(HOSPITAL, NURSE, 0.69, 0.99, *shares)
    assert not in_team(HOSPITAL, NURSE, 0.7, 0.0, *shares)
    assert in_team(PHARMACIST, GP, 0.99, 0.49, *shares)
    assert not in_team(PHARMACIST, GP, 0.0, 0.5, *shares)
    assert in_team(PATIENT, GP, 0.99, 0.99, *shares)
    assert in_team(HOSPITAL, GP, 0.99, 0.99, *shares)


# What organisation makes of a patient's care at one moment, in a territory.


@pytest.fixture
def joined():
    """GPs who practise alone until they join a multi-professional practice, at different days."""
    return territory(parameters("msp", territory__inhabitants=20_000))


def own_practice(found, patient):
    return found.practices[practice_of(found, patient.gp)]


def test_a_gp_works_in_the_former_practice_until_the_day_of_joining(joined):
    alone, with_team = (joined.team_model[when] for when in (0, 1))
    for gp, joins in enumerate(joined.joins):
        for now, model in ((-1.0, alone), (joins - 0.01, alone), (joins, with_team)):
            joined.clock.now = now
            assert practice_of(joined, gp) == model[gp]
    assert set(alone).isdisjoint(with_team)


def test_who_would_join_at_once_still_works_as_before_in_the_warm_up():
    assert [has_joined(0.0, now) for now in (-365.0, -1e-9, 0.0, 1.0)] == [0, 0, 1, 1]


def test_a_link_is_the_practices_affair_for_patients_it_sees_whose_nurse_is_in_the_team(joined):
    joined.clock.now = joined.ramp_days
    patient = someone(joined, is_accepted=True, nurse_mark=0.0)
    assert link_in_team(joined, patient, NURSE, GP)
    patient.nurse_mark = own_practice(joined, patient).nurse_in_team_share
    assert not link_in_team(joined, patient, NURSE, GP)
    patient.nurse_mark, patient.is_accepted = 0.0, False
    assert not link_in_team(joined, patient, NURSE, GP)
    assert not link_in_team(joined, patient, HOSPITAL, GP)


def test_before_the_gp_joins_there_is_no_nurse_in_the_team(joined):
    joined.clock.now = -1.0
    patient = someone(joined, is_accepted=True, nurse_mark=0.0)
    assert own_practice(joined, patient).nurse_in_team_share == 0.0
    assert not link_in_team(joined, patient, NURSE, GP)


def test_the_nurse_of_the_team_makes_the_share_of_planned_visits_that_is_delegated(joined):
    joined.clock.now = joined.ramp_days
    patient = someone(joined, is_accepted=True, nurse_mark=0.0)
    model = practice_of(joined, patient.gp)
    practice = replace(joined.practices[model], delegated_share=0.3)
    joined.practices = (*joined.practices[:model], practice, *joined.practices[model + 1 :])
    assert is_delegated(joined, patient, 0.29)
    assert not is_delegated(joined, patient, 0.30)
    patient.nurse_mark = practice.nurse_in_team_share
    assert not is_delegated(joined, patient, 0.29)


def under_one_layer(**numbers):
    """Give a territory under one layer with these numbers, which grows for a hundred days."""
    found = territory(with_layer(parameters("cpts"), **numbers))
    found.ramp_days = 100.0
    return found


def test_a_layer_reaches_the_same_people_and_more_as_it_grows():
    found = under_one_layer(uptake=(0.0, 0.8), older_only=False)
    patient = someone(found)
    for mark, now, reached in (
        (1e-16, -1.0, False),
        (0.5, 50.0, False),
        (0.5, 70.0, True),
        (0.9, 500.0, False),
    ):
        found.layer_marks[patient.number, 0] = mark
        found.clock.now = now
        assert is_reached(found, patient, 0) == reached
        found.clock.now = 0.0  # whom it reaches at another instant does not depend on this one
        assert is_reached_at(found, patient, 0, now) == reached


def test_a_layer_for_people_aged_75_and_over_reaches_nobody_younger():
    found = under_one_layer(uptake=(1.0, 1.0), older_only=True)
    assert is_reached(found, someone(found, older=True), 0)
    assert not is_reached(found, someone(found, older=False), 0)


def test_a_layer_for_people_with_a_condition_reaches_them_at_any_age_and_nobody_else():
    found = under_one_layer(uptake=(1.0, 1.0), older_only=False)
    ages = set()
    for condition in range(len(found.conditions)):
        found.layers = (replace(found.layers[0], condition=condition),)
        ages |= {patient.older for patient in found.patients if is_reached(found, patient, 0)}
        for patient in found.patients:
            has_it = place_of(patient, found.held, condition) >= 0
            assert is_meant(found, patient, 0) == has_it
            assert is_reached(found, patient, 0) == has_it
    assert ages == {False, True}


def test_of_people_with_a_condition_a_layer_reaches_those_whose_mark_is_below_its_uptake():
    found = under_one_layer(uptake=(0.4, 0.4), older_only=False, condition=0)
    ill = [patient for patient in found.patients if is_meant(found, patient, 0)]
    marks = [found.layer_marks[patient.number, 0] for patient in ill]
    assert [is_reached(found, patient, 0) for patient in ill] == [mark < 0.4 for mark in marks]
    assert min(marks) < 0.4 < max(marks)


@pytest.fixture
def layered():
    """Two layers over isolated practice, complete from the first day."""
    return territory(parameters(STACKED, organisation__ramp_months=0.0))


def reached_by(found, *layers, **traits):
    """Give a patient whom exactly these layers reach, all others aside."""
    patient = someone(found, older=True, **traits)
    for layer in range(len(found.layers)):
        found.layer_marks[patient.number, layer] = 0.0 if layer in layers else 1.0
    return patient


def with_layers(found, **numbers):
    """Set one number of each layer, in their order."""
    for name, values in numbers.items():
        pairs = zip(found.layers, values, strict=True)
        found.layers = tuple(replace(layer, **{name: value}) for layer, value in pairs)


def test_each_layer_reaches_by_its_own_mark(layered):
    for reached in ((), (0,), (1,), (0, 1)):
        patient = reached_by(layered, *reached)
        assert [is_reached(layered, patient, layer) for layer in (0, 1)] == [
            0 in reached,
            1 in reached,
        ]


def test_a_patient_is_called_in_as_often_as_the_most_active_of_all_who_reach_them(layered):
    layered.after = replace(layered.after, recall_share=0.1)
    layered.practices = (replace(layered.practices[0], recall_share=0.2),)
    with_layers(layered, recall_share=(0.3, 0.4))
    for reached, share in (((), 0.2), ((0,), 0.3), ((1,), 0.4), ((0, 1), 0.4)):
        assert recall_share(layered, reached_by(layered, *reached)) == share
    layered.after = replace(layered.after, recall_share=0.9)
    assert recall_share(layered, reached_by(layered, 0, 1)) == 0.9


def test_direct_admission_is_as_arranged_by_the_territory_or_a_layer_that_reaches_the_patient(
    layered,
):
    layered.hospital = replace(layered.hospital, direct_admission_share=0.2)
    with_layers(layered, direct_admission_share=(0.1, 0.5))
    for reached, share in (((), 0.2), ((0,), 0.2), ((1,), 0.5), ((0, 1), 0.5)):
        assert direct_share(layered, reached_by(layered, *reached)) == share


def test_a_doctor_is_called_first_as_often_as_usual_or_as_a_layer_that_reaches_the_patient_says(
    layered,
):
    layered.hospital = replace(layered.hospital, doctor_first_shares=(0.1, 0.2))
    with_layers(layered, doctor_first_share=(0.15, 0.5))
    for reached, older, younger in (
        ((), 0.2, 0.1),
        ((0,), 0.2, 0.15),
        ((1,), 0.5, 0.1),  # the second layer is for older people
        ((0, 1), 0.5, 0.15),
    ):
        patient = reached_by(layered, *reached)
        assert doctor_first_share(layered, patient) == older
        patient.older = False
        assert doctor_first_share(layered, patient) == younger


def noticing(found, *by_layer, kind=1, role=NURSE):
    """Set what each layer notices of one kind by one role, and nothing else."""
    found.layer_noticing[:] = 0.0
    found.layer_noticing[:, kind, role] = by_layer
    shares = {f"{name}_share": 0.4 for name in ("gp", "nurse", "pharmacist")}
    found.kinds = tuple(replace(row, **shares) for row in found.kinds)


def test_each_layer_has_a_share_of_the_signs_noticed_that_were_missed_without_it(layered):
    noticing(layered, 0.5, 0.1)
    for reached, missed in (((), 0.6), ((0,), 0.3), ((1,), 0.54), ((0, 1), 0.27)):
        patient = reached_by(layered, *reached)
        found = noticing_share(layered, patient, 1, NURSE)
        assert found == pytest.approx(1.0 - missed, rel=1e-12)


def test_a_layer_notices_nothing_in_people_whom_it_does_not_reach(layered):
    noticing(layered, 1.0, 1.0)
    assert noticing_share(layered, reached_by(layered), 1, NURSE) == 0.4
    assert noticing_share(layered, reached_by(layered, 0), 1, NURSE) == 1.0
    layered.layers = tuple(replace(layer, uptake=(0.0, 1.0)) for layer in layered.layers)
    layered.clock.now = -1.0  # before the organisation begins
    assert noticing_share(layered, reached_by(layered, 0, 1), 1, NURSE) == 0.4


def test_a_layer_that_notices_one_kind_by_one_profession_leaves_the_others_as_they_are(layered):
    noticing(layered, 0.5, 0.5)
    patient = reached_by(layered, 0, 1)
    for kind in range(len(layered.kinds)):
        for role in (GP, NURSE, PHARMACIST):
            expected = 0.85 if (kind, role) == (1, NURSE) else 0.4
            found = noticing_share(layered, patient, kind, role)
            assert found == pytest.approx(expected, rel=1e-12)


def test_protocol_consultations_of_practice_and_layers_add_up(layered):
    layered.practices = (
        replace(layered.practices[0], protocol_visits_per_year=4.0, nurse_in_team_share=0.5),
    )
    with_layers(layered, protocol_visits_per_year=(1.0, 2.0))
    ill = {"first_held": 0, "end_held": 1, "is_accepted": True, "nurse_mark": 0.4}
    for reached, visits in (((), 4.0), ((0,), 5.0), ((1,), 6.0), ((0, 1), 7.0)):
        assert protocol_visits_per_year(layered, reached_by(layered, *reached, **ill)) == visits
    for trait in ({"nurse_mark": 0.5}, {"end_held": 0}, {"is_accepted": False}):
        patient = reached_by(layered, 0, 1, **{**ill, **trait})
        assert protocol_visits_per_year(layered, patient) == 3.0


def test_nobody_ever_has_more_protocol_consultations_than_the_most_there_can_be():
    of = parameters("cpts", territory__inhabitants=20_000)
    found = territory(with_layer(of, protocol_visits_per_year=0.7))
    most = [most_protocol_visits_per_year(found, patient) for patient in found.patients]
    seen = set()
    for now in (-1.0, 0.0, 0.5 * of.ramp_days, of.ramp_days):
        found.clock.now = now
        visits = [protocol_visits_per_year(found, patient) for patient in found.patients]
        assert all(now_ <= ever for now_, ever in zip(visits, most, strict=True))
        seen |= {ever - now_ for now_, ever in zip(visits, most, strict=True)}
    assert 0.0 in seen  # the most is reached by somebody


def test_slots_are_shared_as_soon_as_the_slowest_of_the_layers_that_share_any_says(layered):
    for shared, added, expected in (
        ((0.0, 0.0), (0.0, 0.0), 0.0),
        ((1.0, 0.0), (0.0, 0.0), 3.0),
        ((0.0, 0.0), (0.0, 1.0), 2.0),
        ((1.0, 0.0), (0.0, 1.0), 3.0),
        ((0.0, 1.0), (1.0, 0.0), 3.0),
    ):
        with_layers(
            layered,
            shared_slots_per_day=shared,
            added_slots_per_day=added,
            shared_within_days=(3.0, 2.0),
        )
        assert shares_within_days(layered) == expected


def test_nobody_shares_slots_before_the_layer_exists_or_where_nobody_takes_part(layered):
    with_layers(layered, shared_slots_per_day=(1.0, 1.0))
    assert shares_within_days(layered) > 0.0
    layered.clock.now = -1.0
    assert shares_within_days(layered) == 0.0
    layered.clock.now = 1.0
    with_layers(layered, uptake=((0.0, 0.0), (0.0, 0.0)))
    assert shares_within_days(layered) == 0.0


def under_two_tables(was=0.8, is_now=0.8, **changes):
    """Give a territory in which another table takes a layer's place, both under the same marks."""
    of = parameters("cpts")
    before = replace(of.layers[0], uptake=(was, is_now), is_replaced=True, **changes)
    now = replace(of.layers[0], uptake=(0.0, is_now), **changes)
    found = territory(replace(of, layers=(before, now), ramp_days=100.0))
    found.layer_marks[:, 1] = found.layer_marks[:, 0]
    return found


@pytest.mark.parametrize(("was", "is_now"), [(0.8, 0.8), (0.8, 0.3), (0.2, 0.9)])
@pytest.mark.parametrize("day", [-1.0, 0.0, 30.0, 99.0, 100.0, 400.0])
def test_a_table_that_takes_anothers_place_leaves_nobody_without_and_nobody_under_both(
    was, is_now, day
):
    found = under_two_tables(was, is_now)
    whole = replace(found.layers[0], is_replaced=False)
    for patient in found.patients:
        under = [is_reached_at(found, patient, layer, day) for layer in (0, 1)]
        expected = found.layer_marks[patient.number, 0] < uptake(whole, day, found.ramp_days)
        assert sum(under) == expected
    shares = [reach(layer, day, found.ramp_days) for layer in found.layers]
    assert sum(shares) == pytest.approx(uptake(whole, day, found.ramp_days))


def test_people_go_over_to_the_table_that_takes_its_place_along_the_ramp():
    found = under_two_tables()
    layer = found.layers[0]
    shares = [replaced_share(layer, day, 100.0) for day in (-1.0, 0.0, 50.0, 100.0)]
    assert shares == pytest.approx([0.0, 0.0, 0.4, 0.8])
    assert replaced_share(replace(layer, is_replaced=False), 50.0, 100.0) == 0.0


def test_patients_taught_to_ask_sooner_bear_signs_for_the_product_of_what_layers_say():
    found = under_two_layers(patient_delay_ratio=0.5)
    assert patient_delay_ratio(found, found.patients[0]) == 0.25
    found.clock.now = -1.0
    assert patient_delay_ratio(found, found.patients[0]) == 1.0


def under_two_layers(**changes):
    """Give a territory under two layers for everyone, from time 0 on."""
    of = parameters(STACKED)
    layers = (replace(layer, uptake=(0.0, 1.0), older_only=False, **changes) for layer in of.layers)
    return territory(replace(of, layers=tuple(layers), ramp_days=0.0))


def test_a_layer_has_its_share_seen_of_those_whom_no_practice_would_see():
    found = under_two_layers(without_gp_taken_in_share=0.5)
    owner = someone(found, has_gp=True, is_accepted=True, acceptance_mark=0.0)
    assert is_seen(found, owner)
    usual = found.demand.practice_accepts_share
    middle = usual + 0.5 * (1.0 - usual)
    for mark, seen in ((middle - 1e-9, True), (middle + 1e-9, False), (1.0, False)):
        patient = someone(found, has_gp=False, is_accepted=False, acceptance_mark=mark)
        assert is_seen(found, patient) is seen
    found.clock.now = -1.0  # the layers reach nobody yet
    assert not is_seen(found, someone(found, is_accepted=False, acceptance_mark=middle - 1e-9))


def test_the_mark_of_being_seen_is_that_of_the_territorys_own_share():
    of = parameters(territory__people__patients_without_gp_share=0.5)
    share = of.demand.practice_accepts_share
    without = [each for each in territory(of).patients if not each.has_gp]
    assert len(without) > 100
    assert all(each.is_accepted == (each.acceptance_mark <= share) for each in without)
    assert all(0.0 < each.acceptance_mark <= 1.0 for each in without)


@pytest.mark.parametrize(
    ("accepts", "uptakes", "expected"),
    [
        ((0.8, 0.0), (0.5, 0.5), 0.7),  # four tenths of the half whom no practice would see
        ((0.0, 0.0), (1.0, 1.0), 0.5),
        ((0.5, 0.5), (1.0, 1.0), 0.875),  # half, and half of who is left
    ],
)
def test_a_share_of_the_others_without_a_gp_is_seen_as_layers_are_taken_up(
    accepts, uptakes, expected
):
    of = parameters(STACKED, territory__demand__practice_accepts_share=0.5)
    layers = tuple(
        replace(layer, uptake=(0.0, uptake), older_only=False, without_gp_taken_in_share=share)
        for layer, share, uptake in zip(of.layers, accepts, uptakes, strict=True)
    )
    found = territory(replace(of, layers=layers, ramp_days=0.0))
    assert acceptance_share(found) == pytest.approx(expected)
    found.clock.now = -1.0
    assert acceptance_share(found) == 0.5
