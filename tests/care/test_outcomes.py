"""What is counted is defined once, and means are worked out from sums."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcours_sim.care import outcomes, tallies
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.care.tallies import (
    POSITION,
    RATIOS,
    RESPONSE_BINS,
    WAIT_BINS,
    Count,
    grouped_median,
    groups,
    rows,
)

CRITERIA = {
    "accessibility",
    "coordination",
    "orientation",
    "attention to the person",
    "effort",
    "population",
}
LABELS = groups(["copd", "fall"], ["isole"], ["nurse_to_gp"], ["copd"]).labels
NO_WAITS = [0.0] * (3 * WAIT_BINS)
NO_TIMES = [0.0] * (2 * RESPONSE_BINS)
MEDIANS = {"gp_wait_median_days", "response_median_days"}


def worked_out(waits=NO_WAITS, times=NO_TIMES, **sums):
    counted = [0.0] * (len(Count) * len(LABELS))
    for name, value in sums.items():
        for group in (0, 3):
            counted[POSITION[name] * len(LABELS) + group] = value
    return {(name, group): value for name, group, value in rows(counted, LABELS, waits, times)}


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(outcomes).failed == 0
    assert doctest.testmod(tallies).failed == 0


@pytest.mark.parametrize("name", OUTCOMES)
def test_every_outcome_has_a_unit_titles_in_both_languages_and_a_definition(name):
    outcome = OUTCOMES[name]
    assert outcome.id == name
    assert outcome.criterion in CRITERIA
    assert outcome.unit in {
        "count", "days", "share", "hours", "EUR", "person-years", "minutes"
    }  # fmt: skip
    assert outcome.title_en != ""
    assert outcome.title_fr not in ("", outcome.id)
    assert outcome.definition.endswith(".")


def test_means_and_shares_are_exactly_the_outcomes_that_cannot_be_added():
    means = {name for name, outcome in OUTCOMES.items() if not outcome.additive}
    assert means == {*RATIOS, *MEDIANS}
    assert all(part in POSITION for above, below, _ in RATIOS.values() for part in (above, below))


def test_engines_add_up_every_total_and_what_is_behind_means_and_nothing_else():
    totals = {name for name, outcome in OUTCOMES.items() if outcome.additive} - {"cost_eur"}
    behind = {part for above, below, _ in RATIOS.values() for part in (above, below)}
    assert set(POSITION) == totals | behind
    assert (behind - totals).isdisjoint(OUTCOMES)


def test_every_sum_has_a_position_of_its_own_and_none_is_left_free():
    assert [each.value for each in Count] == list(range(len(Count)))
    assert [POSITION[each.name.lower()] for each in Count] == list(range(len(Count)))
    # A name given twice would be an alias of the first and have no position of its own.
    assert len(Count.__members__) == len(Count)


def test_every_family_of_groups_begins_where_its_labels_do():
    found = groups(["a", "b"], ["p"], ["l", "m"], ["c"])
    assert found.labels[found.kinds] == "kind:a"
    assert found.labels[found.practices] == "practice:p"
    assert found.labels[found.links] == "link:l"
    assert found.labels[found.conditions] == "condition:c"


def test_a_mean_is_its_sum_over_its_count_in_the_unit_of_the_outcome():
    found = worked_out(ed_wait_days=0.5, ed_rooms_granted=10.0)
    assert found["ed_wait_minutes", "all"] == pytest.approx(72.0)
    assert found["ed_wait_minutes", "kind:copd"] == pytest.approx(72.0)


def test_a_mean_without_a_case_is_absent_and_a_count_without_one_is_0_for_all():
    found = worked_out()
    assert ("ed_wait_minutes", "all") not in found
    assert found["hospitalisations", "all"] == 0.0
    assert ("hospitalisations", "kind:copd") not in found


def test_the_total_cost_is_that_of_care_and_of_coordination():
    found = worked_out(cost_care_eur=100.0, cost_coordination_eur=11.0)
    assert found["cost_eur", "all"] == 111.0


def test_outcomes_stand_in_the_order_of_the_registry():
    ones = [1.0] * (len(Count) * len(LABELS))
    names = [name for name, _, _ in rows(ones, LABELS, NO_WAITS, NO_TIMES)]
    assert list(dict.fromkeys(names)) == [name for name in OUTCOMES if name in names]


def test_the_median_wait_is_interpolated_within_its_day():
    waits = list(NO_WAITS)
    waits[2], waits[3] = 1.0, 3.0
    # Half of the four lie a third of the way into day 3, which reaches from 2.5 to 3.5.
    assert worked_out(waits)["gp_wait_median_days", "all"] == pytest.approx(2.5 + 1.0 / 3.0)


def test_each_age_band_has_a_median_of_its_own_waits_and_no_other_group_has_one():
    waits = list(NO_WAITS)
    for band, day in enumerate((4, 5, 6)):
        waits[band * WAIT_BINS + day] = 2.0
    medians = {
        group: value
        for (name, group), value in worked_out(waits).items()
        if name == "gp_wait_median_days"
    }
    assert medians == {"all": 4.0, "age:under_75": 5.0, "age:75+": 6.0}


def medians_of_responses(times):
    """Give the median time from sign to treatment by group."""
    found = worked_out(times=times)
    return {
        group: value for (name, group), value in found.items() if name == "response_median_days"
    }


def test_the_median_response_is_interpolated_within_its_quarter_of_a_day():
    times = list(NO_TIMES)
    times[8], times[9] = 1.0, 3.0
    # Half of the four lie a third of the way through the quarter that begins at 2.25 days.
    median = 2.25 + 0.25 / 3.0
    assert medians_of_responses(times) == pytest.approx({"all": median, "kind:copd": median})


def test_each_kind_has_a_median_of_its_own_responses_and_all_have_one_together():
    times = list(NO_TIMES)
    times[4], times[RESPONSE_BINS + 8] = 2.0, 2.0
    found = medians_of_responses(times)
    assert found == {"all": 1.25, "kind:copd": 1.125, "kind:fall": 2.125}
    assert medians_of_responses(NO_TIMES) == {}


def test_where_nothing_can_go_wrong_nobody_has_a_median_response():
    labels = groups([], ["isole"], [], []).labels
    found = rows([0.0] * (len(Count) * len(labels)), labels, NO_WAITS, [])
    assert "response_median_days" not in {name for name, _, _ in found}


@given(st.lists(st.integers(0, 30), min_size=1, max_size=20))
def test_the_median_day_has_half_of_the_waits_on_either_side(counts):
    median = grouped_median(counts)
    if sum(counts) == 0:
        assert median is None
    else:
        day = round(median) if median != 0.0 else 0
        assert sum(counts[: max(day - 1, 0)]) <= sum(counts) / 2
        assert sum(counts[: day + 2]) >= sum(counts) / 2
