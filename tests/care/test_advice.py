"""Expert advice: who is asked about, the queue of experts, and when an answer is there."""

import numpy as np
import pytest
from tests.care.world import counted, parameters, someone, territory, with_layer

from parcours_sim.care.advice import (
    answer_after,
    count_answer,
    expert_share,
    is_expert_asked,
    send_case,
)
from parcours_sim.care.tallies import ALL, Count

PLATFORM = "cpts_val_doise_teleexpertise"
KIND = 1


def found(now=10.0, **changes):
    return territory(with_layer(parameters(PLATFORM), **changes), now=now)


@pytest.fixture
def platform():
    here = found(uptake=(1.0, 1.0))
    here.experts_free_at = np.full(2, -np.inf)
    return here


def test_nobody_is_asked_where_no_layer_has_a_platform():
    without = territory(parameters("cpts"), now=10.0)
    assert expert_share(without, without.patients[0]) == 0.0
    assert not is_expert_asked(without, without.patients[0], 0.0)
    assert len(without.experts_free_at) == 0


def test_the_larger_share_of_layers_holds_and_a_mark_below_it_asks(platform):
    patient, share = platform.patients[0], max(each.expert_share for each in platform.layers)
    assert share == 0.8
    assert expert_share(platform, patient) == share
    assert is_expert_asked(platform, patient, share - 1e-9)
    assert not is_expert_asked(platform, patient, share)


def test_nobody_asks_about_a_patient_whom_the_platform_does_not_reach():
    here = found(uptake=(0.0, 0.0))
    assert not is_expert_asked(here, here.patients[0], 0.0)


def test_there_are_as_many_experts_as_the_platform_has_and_one_at_least():
    assert parameters(PLATFORM, territory__inhabitants=100_000).advice.experts == 3
    assert parameters(PLATFORM).advice.experts == 1


def test_an_answer_takes_the_median_time_and_late_ones_come_at_the_limit():
    advice = parameters(PLATFORM).advice
    assert answer_after(advice, 0.5) == pytest.approx(17.0 / 24.0, rel=1e-12)
    assert answer_after(advice, 0.25) == pytest.approx(3.0 / 24.0, rel=0.1)  # L108: a quarter
    assert answer_after(advice, 0.75) == pytest.approx(5.0, rel=0.15)  # L108: a quarter later
    assert answer_after(advice, 0.999) == advice.answer_limit_days == 15.0


def test_cases_are_read_in_turn_and_the_third_waits_for_one_of_two_experts(platform):
    patient, advice = someone(platform), platform.advice
    answers = [send_case(platform, patient, KIND, 0.5) for _ in range(3)]
    read_and_answered = advice.reading_days + answer_after(advice, 0.5)
    assert answers == pytest.approx(
        [10.0 + read_and_answered] * 2 + [10.0 + advice.reading_days + read_and_answered]
    )
    waits = counted(platform, Count.EXPERT_WAIT_DAYS)
    assert waits[ALL] == pytest.approx(advice.reading_days)


def test_a_request_counts_for_its_kind_and_takes_the_time_of_who_asks(platform):
    send_case(platform, someone(platform), KIND, 0.5)
    requests = counted(platform, Count.EXPERT_REQUESTS)
    assert requests[ALL] == requests[platform.kind_groups + KIND] == 1.0
    assert counted(platform, Count.GP_HOURS)[ALL] == pytest.approx(0.1)  # six minutes
    assert counted(platform, Count.EXPERT_REQUESTS_WAITING)[ALL] == 0.0


def test_a_case_whose_reading_begins_after_the_horizon_waits_at_its_end(platform):
    platform.experts_free_at[:] = platform.ends
    send_case(platform, someone(platform), KIND, 0.5)
    assert counted(platform, Count.EXPERT_REQUESTS_WAITING)[ALL] == 1.0


def test_an_answer_counts_by_its_own_date_with_the_time_it_took(platform):
    count_answer(platform, someone(platform), KIND, 2.5)
    assert counted(platform, Count.EXPERT_ANSWERS)[ALL] == 1.0
    assert counted(platform, Count.EXPERT_ANSWER_DAYS)[ALL] == 2.5
