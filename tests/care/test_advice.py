"""Expert advice: who is asked about, the queue of experts, and when an answer is there."""

from dataclasses import replace

import numpy as np
import pytest
from tests.care.world import counted, parameters, someone, territory, with_layer

from parcours_sim.care.advice import (
    NO_PLATFORM,
    answer_after,
    count_answer,
    platform_of,
    send_case,
)
from parcours_sim.care.tallies import ALL, Count

PLATFORM = "cpts_val_doise_teleexpertise"
KIND = 1


def found(now=10.0, **changes):
    return territory(with_layer(parameters(PLATFORM), **changes), now=now)


PLATFORM_LAYER = 1
"""After the CPTS itself."""


@pytest.fixture
def platform():
    """Give a territory all of whose patients the platform reaches, with two experts."""
    here = found(uptake=(1.0, 1.0), first_expert=0, end_expert=2)
    here.experts_free_at = np.full(2, -np.inf)
    return here


def test_nobody_is_asked_where_no_layer_has_a_platform():
    without = territory(parameters("cpts"), now=10.0)
    assert platform_of(without, without.patients[0], 0.0) == NO_PLATFORM
    assert len(without.experts_free_at) == 0


def test_a_mark_below_the_share_asks_and_of_two_platforms_the_larger_share_holds(platform):
    patient, shares = platform.patients[0], [each.expert_share for each in platform.layers]
    assert shares == [0.0, 0.8]
    assert platform_of(platform, patient, 0.8 - 1e-9) == PLATFORM_LAYER
    assert platform_of(platform, patient, 0.8) == NO_PLATFORM
    platform.layers = [replace(platform.layers[0], expert_share=0.9), platform.layers[1]]
    assert platform_of(platform, patient, 0.7) == 0
    assert platform_of(platform, patient, 0.85) == 0


def test_nobody_asks_about_a_patient_whom_the_platform_does_not_reach():
    here = found(uptake=(0.0, 0.0))
    assert platform_of(here, here.patients[0], 0.0) == NO_PLATFORM


def test_there_are_as_many_experts_as_the_platform_has_and_one_at_least():
    large = parameters(PLATFORM, territory__inhabitants=100_000)
    assert large.advice.experts == 3
    assert [(each.first_expert, each.end_expert) for each in large.layers] == [(0, 0), (0, 3)]
    assert parameters(PLATFORM).advice.experts == 1


def test_an_expert_reads_as_fast_as_the_minutes_given_to_it_each_day_allow():
    advice = parameters(PLATFORM).advice
    assert advice.reading_days == pytest.approx(5.0 / 60.0)
    slow = parameters(PLATFORM, territory__expert_advice__expert_minutes_per_day=5.0).advice
    assert slow.reading_days == pytest.approx(1.0)
    assert answer_after(slow, 0.01) == 1.0  # no answer before the case is read


def test_an_answer_takes_the_median_time_and_late_ones_come_at_the_limit():
    advice = parameters(PLATFORM).advice
    assert answer_after(advice, 0.5) == pytest.approx(17.0 / 24.0, rel=1e-12)
    assert answer_after(advice, 0.25) == pytest.approx(3.0 / 24.0, rel=0.1)  # L108: a quarter
    assert answer_after(advice, 0.75) == pytest.approx(5.0, rel=0.15)  # L108: a quarter later
    assert answer_after(advice, 0.999) == advice.answer_limit_days == 15.0


def test_cases_are_read_in_turn_and_the_third_waits_for_one_of_two_experts(platform):
    patient, advice = someone(platform), platform.advice
    answers = [send_case(platform, patient, KIND, PLATFORM_LAYER, 0.5) for _ in range(3)]
    first = 10.0 + answer_after(advice, 0.5)
    assert answers == pytest.approx([first, first, first + advice.reading_days])
    waits = counted(platform, Count.EXPERT_WAIT_DAYS)
    assert waits[ALL] == pytest.approx(advice.reading_days)


def test_a_request_counts_for_its_kind_and_takes_the_time_of_who_asks(platform):
    send_case(platform, someone(platform), KIND, PLATFORM_LAYER, 0.5)
    requests = counted(platform, Count.EXPERT_REQUESTS)
    assert requests[ALL] == requests[platform.kind_groups + KIND] == 1.0
    assert counted(platform, Count.GP_HOURS)[ALL] == pytest.approx(0.1)  # six minutes
    assert counted(platform, Count.EXPERT_REQUESTS_WAITING)[ALL] == 0.0


def test_a_case_whose_reading_begins_after_the_horizon_waits_at_its_end(platform):
    platform.experts_free_at[:] = platform.ends
    send_case(platform, someone(platform), KIND, PLATFORM_LAYER, 0.5)
    assert counted(platform, Count.EXPERT_REQUESTS_WAITING)[ALL] == 1.0


def test_an_answer_counts_by_its_own_date_with_the_time_it_took(platform):
    count_answer(platform, someone(platform), KIND, 2.5)
    assert counted(platform, Count.EXPERT_ANSWERS)[ALL] == 1.0
    assert counted(platform, Count.EXPERT_ANSWER_DAYS)[ALL] == 2.5
