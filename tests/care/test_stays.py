"""A stay and what follows: what is counted of it, and who the patient is afterwards."""

import math
from dataclasses import replace

import pytest
from tests.care.world import counted, parameters, someone, territory, with_layer

from parcours_sim.care.hospital import is_readmission
from parcours_sim.care.stays import (
    come_home,
    count_admission,
    count_death_after_stay,
    count_year,
    follow_up,
    follows_late_letter,
    is_direct,
    is_sent_by_doctor,
    leave_bed,
    leave_place,
    nurse_is_written_to,
)
from parcours_sim.care.tallies import ALL, Count

KIND, OTHER_KIND = 1, 2
RETURNS = {
    Count.READMISSIONS_30_DAYS: 30.0,
    Count.READMISSIONS_90_DAYS: 90.0,
    Count.READMISSIONS_SAME_KIND_30_DAYS: 30.0,
    Count.READMISSIONS_SAME_KIND_180_DAYS: 180.0,
    Count.READMISSIONS_SAME_KIND_365_DAYS: 365.0,
}


@pytest.fixture
def found():
    return territory(parameters(), now=200.0)


@pytest.fixture
def patient(found):
    return someone(found)


def total(found, what):
    return counted(found, what)[ALL]


def any_of(patient, *traits):
    return any(getattr(patient, trait) for trait in traits)


def of_kind(found, what, kind=KIND):
    return counted(found, what)[found.kind_groups + kind]


def test_an_admission_counts_by_its_route_with_its_cost_and_its_avoidable_share(found, patient):
    count_admission(found, patient, KIND, Count.HOSPITALISATIONS_DIRECT)
    kind = found.kinds[KIND]
    for what, amount in (
        (Count.HOSPITALISATIONS, 1.0),
        (Count.HOSPITALISATIONS_DIRECT, 1.0),
        (Count.HOSPITALISATIONS_EMERGENCY, 0.0),
        (Count.HOSPITALISATIONS_AVOIDABLE, kind.avoidable_share),
        (Count.COST_CARE_EUR, kind.stay_eur),
    ):
        assert total(found, what) == of_kind(found, what) == amount


@pytest.mark.parametrize("days", [0.0, 30.0, 30.1, 90.0, 90.1, 180.0, 180.1, 365.0, 365.1])
def test_an_admission_is_a_return_within_its_days_after_the_last_discharge(found, patient, days):
    patient.discharged_at = found.left_hospital_at[patient.number, KIND] = found.clock.now - days
    count_admission(found, patient, KIND, Count.HOSPITALISATIONS_EMERGENCY)
    for what, within in RETURNS.items():
        assert total(found, what) == float(is_readmission(days, 0.0, within)), what


def test_a_return_of_the_same_kind_looks_at_the_last_stay_of_that_kind(found, patient):
    patient.discharged_at = found.clock.now - 10.0
    found.left_hospital_at[patient.number, OTHER_KIND] = found.clock.now - 10.0
    count_admission(found, patient, KIND, Count.HOSPITALISATIONS_EMERGENCY)
    assert total(found, Count.READMISSIONS_30_DAYS) == 1.0
    assert total(found, Count.READMISSIONS_SAME_KIND_365_DAYS) == 0.0


AFTER = {Count.READMISSIONS_AFTER_30_DAYS: 30.0, Count.READMISSIONS_AFTER_90_DAYS: 90.0}


@pytest.mark.parametrize("days", [0.0, 30.0, 30.1, 90.0, 90.1])
def test_a_return_counts_by_the_kind_of_the_stay_that_was_left_whatever_it_is_for(
    found, patient, days
):
    patient.discharged_at, patient.last_kind = found.clock.now - days, OTHER_KIND
    count_admission(found, patient, KIND, Count.HOSPITALISATIONS_EMERGENCY)
    for what, within in AFTER.items():
        returns = float(is_readmission(days, 0.0, within))
        assert total(found, what) == of_kind(found, what, OTHER_KIND) == returns, what
        assert of_kind(found, what, KIND) == 0.0


def test_somebodys_first_stay_is_no_return(found, patient):
    count_admission(found, patient, KIND, Count.HOSPITALISATIONS_EMERGENCY)
    assert {total(found, what) for what in (*RETURNS, *AFTER)} == {0.0}


def test_a_patient_counts_once_a_year_and_once_a_year_for_each_kind(found, patient):
    for kind, year in ((KIND, 0), (KIND, 0), (OTHER_KIND, 0), (KIND, 1), (KIND, 1)):
        count_year(found, patient, kind, year)
    assert total(found, Count.PATIENTS_HOSPITALISED) == 2.0
    assert of_kind(found, Count.PATIENTS_HOSPITALISED) == 2.0
    assert of_kind(found, Count.PATIENTS_HOSPITALISED, OTHER_KIND) == 1.0


def test_a_stay_of_the_warm_up_counts_for_no_year(found, patient):
    found.clock.now = -1.0
    count_admission(found, patient, KIND, Count.HOSPITALISATIONS_EMERGENCY)
    assert not any(found.tallies)
    assert patient.year_of_stay == -1
    found.clock.now = 1.0
    count_admission(found, patient, KIND, Count.HOSPITALISATIONS_EMERGENCY)
    assert patient.year_of_stay == found.year_of_stay[patient.number, KIND] == 0


def test_whoever_leaves_the_bed_is_out_of_care_and_has_been_in_hospital_for_this_kind(
    found, patient
):
    patient.is_in_care = patient.is_in_bed = True
    leave_bed(found, patient, KIND)
    assert not patient.is_in_care
    assert not patient.is_in_bed
    assert found.left_hospital_at[patient.number, KIND] == found.clock.now
    assert found.left_hospital_at[patient.number, OTHER_KIND] == -math.inf


def test_on_the_day_of_discharge_nobody_is_informed_and_a_follow_up_is_awaited(found, patient):
    patient.is_relieved = patient.gp_has_letter = patient.nurse_has_letter = True
    patient.has_late_letter = True
    come_home(found, patient, KIND)
    assert (patient.discharged_at, patient.last_kind) == (found.clock.now, KIND)
    assert not any_of(patient, "is_relieved", "gp_has_letter", "nurse_has_letter")
    assert not patient.has_late_letter
    assert patient.awaits_follow_up
    assert total(found, Count.DISCHARGES) == of_kind(found, Count.DISCHARGES) == 1.0


@pytest.fixture
def home(found, patient):
    come_home(found, patient, KIND)
    return patient


def test_the_first_visit_to_a_gp_is_the_follow_up_and_no_later_one(found, home):
    found.clock.now += 12.0
    assert not follow_up(found, home, False, True)
    found.clock.now += 12.0
    assert not follow_up(found, home, False, True)
    assert of_kind(found, Count.FOLLOW_UPS) == 1.0
    assert of_kind(found, Count.FOLLOW_UP_TIME_DAYS) == pytest.approx(12.0)
    assert of_kind(found, Count.FOLLOW_UPS_15) == 1.0
    assert not home.is_relieved


@pytest.mark.parametrize(("days", "early"), [(15.0, 1.0), (15.1, 0.0)])
def test_a_follow_up_is_early_up_to_fifteen_days(found, home, days, early):
    found.clock.now += days
    follow_up(found, home, False, True)
    assert total(found, Count.FOLLOW_UPS_15) == early


def test_a_nurse_is_no_follow_up_but_relieves_if_she_is_informed(found, home):
    assert not follow_up(found, home, False, False)
    assert follow_up(found, home, True, False)
    assert home.is_relieved
    assert home.awaits_follow_up
    assert total(found, Count.FOLLOW_UPS) == 0.0
    assert total(found, Count.FOLLOW_UPS_INFORMED) == 1.0


def test_only_the_first_informed_contact_relieves(found, home):
    assert follow_up(found, home, True, True)
    assert not follow_up(found, home, True, True)
    assert not follow_up(found, home, True, False)
    assert total(found, Count.FOLLOW_UPS_INFORMED) == 1.0


@pytest.mark.parametrize(("days", "follows"), [(0.0, True), (30.0, True), (30.1, False)])
def test_what_begins_in_the_month_after_a_letter_was_late_follows_it(found, home, days, follows):
    found.clock.now += days
    assert not follows_late_letter(found, home)  # in time, as far as anybody knows
    home.has_late_letter = True
    assert follows_late_letter(found, home) is follows


def test_nothing_follows_a_late_letter_of_somebody_who_was_never_in_hospital(found, patient):
    assert not follows_late_letter(found, patient)


def test_whoever_takes_a_place_has_nothing_of_the_one_who_died(found, home):
    home.is_in_care = home.is_in_bed = home.is_relieved = home.gp_has_letter = True
    home.nurse_has_letter = home.has_late_letter = True
    count_year(found, home, KIND, 0)
    found.left_hospital_at[home.number, KIND] = 3.0
    generation = home.generation
    leave_place(found, home)
    assert home.generation == generation + 1
    assert not any_of(home, "is_in_care", "is_in_bed", "awaits_follow_up")
    assert not any_of(home, "is_relieved", "gp_has_letter", "nurse_has_letter", "has_late_letter")
    assert home.discharged_at == -math.inf
    assert home.last_kind == home.year_of_stay == -1
    assert set(found.left_hospital_at[home.number].tolist()) == {-math.inf}
    assert set(found.year_of_stay[home.number].tolist()) == {-1}
    assert total(found, Count.DEATHS) == 1.0


def test_a_death_touches_nobody_elses_place(found, patient):
    other = found.patients[1]
    found.left_hospital_at[other.number, KIND] = 7.0
    found.year_of_stay[other.number, KIND] = 0
    leave_place(found, patient)
    assert found.left_hospital_at[other.number, KIND] == 7.0
    assert found.year_of_stay[other.number, KIND] == 0
    assert other.generation == 0


def test_a_death_within_a_year_of_stays_counts_once_and_for_each_kind_of_stay(found, patient):
    for kind, days in ((0, 365.0), (KIND, 1.0), (OTHER_KIND, 365.1)):
        found.left_hospital_at[patient.number, kind] = found.clock.now - days
    count_death_after_stay(found, patient)
    assert total(found, Count.DEATHS_AFTER_STAY) == 1.0
    assert [of_kind(found, Count.DEATHS_AFTER_STAY, kind) for kind in range(3)] == [1.0, 1.0, 0.0]


def test_a_death_without_a_stay_before_follows_none(found, patient):
    count_death_after_stay(found, patient)
    assert not any(found.tallies)


@pytest.fixture
def arranged():
    """A territory where the layer arranges direct admissions for everyone it reaches."""
    of = parameters("cpts", organisation__ramp_months=0.0)
    found = territory(with_layer(of, direct_admission_share=0.6, older_only=False))
    found.hospital = replace(
        found.hospital, direct_admission_share=0.1, doctor_first_shares=(0.2, 0.3)
    )
    assert of.start.weekday() == 2  # so day 5 is a Monday
    found.clock.now = 5.5
    return found


def test_a_crisis_goes_straight_to_a_bed_as_is_organised_for_this_patient(arranged):
    patient = someone(arranged, older=False)
    arranged.layer_marks[patient.number, 0] = 0.0
    assert is_direct(arranged, patient, 0.19, 0.59, False)
    arranged.layer_marks[patient.number, 0] = 1.0
    assert is_direct(arranged, patient, 0.19, 0.09, False)
    assert not is_direct(arranged, patient, 0.19, 0.11, False)


def test_a_doctor_sees_older_people_first_in_a_share_of_their_own(arranged):
    patient = someone(arranged, older=False)
    assert not is_direct(arranged, patient, 0.25, 0.0, False)
    patient.older = True
    assert is_direct(arranged, patient, 0.25, 0.0, False)


def test_a_doctor_who_treats_the_episode_has_seen_the_patient_whatever_is_drawn(arranged):
    patient = someone(arranged, older=False)
    assert not is_direct(arranged, patient, 0.99, 0.0, False)
    assert is_direct(arranged, patient, 0.99, 0.0, True)
    assert not is_direct(arranged, patient, 0.99, 0.99, True)


def test_a_doctor_is_called_first_where_a_layer_has_people_call_one(arranged):
    arranged.layers = (replace(arranged.layers[0], doctor_first_share=0.8),)
    for older, usual in ((False, 0.2), (True, 0.3)):
        patient = someone(arranged, older=older)
        for mark, layer_mark, is_called in (
            (usual - 0.01, 1.0, True),
            (usual, 1.0, False),
            (0.79, 0.0, True),
            (0.80, 0.0, False),
        ):
            arranged.layer_marks[patient.number, 0] = layer_mark
            assert is_direct(arranged, patient, mark, 0.0, False) is is_called
            assert is_sent_by_doctor(arranged, patient, mark, False) is is_called


def test_whoever_is_treated_for_the_episode_was_sent_by_a_doctor_even_at_night(arranged):
    patient = someone(arranged, older=False)
    arranged.clock.now += 0.4
    assert not is_sent_by_doctor(arranged, patient, 0.99, False)
    assert is_sent_by_doctor(arranged, patient, 0.99, True)


def test_the_hospital_writes_to_a_nurse_whom_it_orders_or_who_comes_anyway(arranged):
    patient = someone(arranged)
    patient.nurse_interval_days = math.inf
    assert not nurse_is_written_to(patient, False)
    assert nurse_is_written_to(patient, True)
    patient.nurse_interval_days = 7.0
    assert nurse_is_written_to(patient, False)


@pytest.mark.parametrize(("days", "direct"), [(0, True), (0.4, False), (5, False), (6, False)])
def test_nobody_goes_straight_to_a_bed_by_night_or_at_the_weekend(arranged, days, direct):
    arranged.clock.now += days
    assert is_direct(arranged, someone(arranged), 0.0, 0.0, False) == direct
