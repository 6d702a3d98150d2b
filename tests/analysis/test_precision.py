"""The rule that says how many replications: targets, batches, and how often its intervals hold."""

import math

import numpy as np
import pytest
from benchmarks.coverage import STUDIES, Studies, measured
from benchmarks.populations import ABSOLUTE, NORMAL, RELATIVE, Population, gamma, rare

from parcours_sim.analysis.intervals import t_interval, t_quantile
from parcours_sim.analysis.precision import (
    FIRST_BATCH,
    MAXIMUM,
    Reach,
    Sample,
    Target,
    never_seen_after,
    next_batch,
    reached,
    read_target,
    read_targets,
    until_reached,
)
from parcours_sim.scenario.errors import Finding, ScenarioError

# Student's quantile for 0.975 with 2 degrees of freedom, which has a closed form: about 4.3027.
STUDENT_2 = 0.95 * math.sqrt(2 / (4 * 0.975 * 0.025))
STAYS = Target("hospitalisations", 5.0, relative=False)
SHARE = Target("hospitalisations", 0.01, relative=True)


def sample(difference, baseline=None, scenario="msp", outcome="hospitalisations") -> Sample:
    """A sample of these differences from a baseline of 100 stays, unless another is given."""
    values = np.asarray(difference, dtype=np.float64)
    there = np.full(len(values), 100.0) if baseline is None else np.asarray(baseline, float)
    return Sample(scenario, outcome, values, there)


def spread(count: int, deviation: float, mean: float = -8.0) -> np.ndarray:
    """So many values with exactly this mean and standard deviation."""
    steps = np.linspace(-1.0, 1.0, count)
    return mean + deviation * steps / steps.std(ddof=1)


def reach_of(difference, target: Target = STAYS, baseline=None) -> Reach:
    (found,) = reached([sample(difference, baseline)], [target])
    return found


def findings_of(*texts: str) -> tuple[Finding, ...]:
    with pytest.raises(ScenarioError) as caught:
        read_targets(texts)
    return caught.value.findings


# --- what is typed ---


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("hospitalisations=1%", Target("hospitalisations", 0.01, relative=True)),
        ("hospitalisations=5", Target("hospitalisations", 5.0, relative=False)),
        (" gp_wait_mean_days = 0.05 ", Target("gp_wait_mean_days", 0.05, relative=False)),
        ("cost_eur=0.5 %", Target("cost_eur", 0.005, relative=True)),
    ],
)
def test_a_target_is_an_outcome_and_a_half_width_in_its_unit_or_in_per_cent(text, target):
    assert read_target(text) == target


@pytest.mark.parametrize("text", ["", "hospitalisations", "=5", "hospitalisations=", "5%"])
def test_a_target_of_another_form_is_refused_with_examples(text):
    (found,) = findings_of(text)
    assert found.file == "--precision"
    assert "OUTCOME=HALF-WIDTH" in found.allowed


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "0%", "-1%", "nan%", "inf%", "1e-400"])
def test_a_half_width_that_is_no_number_above_0_is_refused(value):
    (found,) = findings_of(f"hospitalisations={value}")
    assert (found.file, found.key) == ("--precision", "hospitalisations")
    assert found.found == f'"{value}"'
    assert "above 0" in found.allowed


@pytest.mark.parametrize("value", ["100%", "250%"])
def test_a_half_width_as_large_as_the_baseline_itself_is_refused(value):
    (found,) = findings_of(f"hospitalisations={value}")
    assert "below 100%" in found.allowed


@pytest.mark.parametrize("value", ["1,5%", "five", "5 stays", "1%%"])
def test_what_is_no_number_is_refused(value):
    (found,) = findings_of(f"hospitalisations={value}")
    assert found.found == f'"{value}"'


def test_an_unknown_outcome_is_refused_with_the_nearest_one():
    (found,) = findings_of("hospitalizations=1%")
    assert found.nearest == "hospitalisations"
    assert str(found).startswith('--precision: found "hospitalizations", allowed one of')


def test_everything_wrong_is_said_at_once_an_outcome_given_twice_too():
    found = findings_of("deaths=0", "crises", "cost_eur=1%", "cost_eur=5")
    assert [each.key for each in found] == ["deaths", "", "cost_eur"]
    assert found[-1].found == "it a second time"


# --- how far it is reached ---


def test_the_half_width_of_three_differences_is_the_one_computed_by_hand():
    found = reach_of([2, 4, 6])
    assert found.half_width == pytest.approx(STUDENT_2 * 2 / math.sqrt(3), rel=1e-12)
    assert found.wanted == 5.0
    assert found.is_reached
    assert (found.scenario, found.outcome, found.replications) == ("msp", "hospitalisations", 3)


def test_a_relative_target_is_a_share_of_the_baselines_mean():
    found = reach_of([2, 4, 6], SHARE, baseline=[300, 500, 700])
    assert found.wanted == pytest.approx(5.0, rel=1e-12)
    assert found.relative_half_width == pytest.approx(found.half_width / 500, rel=1e-12)
    assert found.is_reached
    assert not reach_of([2, 4, 6], SHARE, baseline=[300, 400, 500]).is_reached


def test_without_a_baseline_it_is_relative_to_the_scenarios_own_mean():
    found = reach_of([499, 500, 501], SHARE, baseline=[499, 500, 501])
    assert found.wanted == pytest.approx(5.0, rel=1e-12)
    assert found.half_width == pytest.approx(STUDENT_2 / math.sqrt(3), rel=1e-12)


def test_the_half_width_is_that_of_the_interval_that_is_shown():
    values = np.random.default_rng(3).normal(-8, 5, 77)
    shown = t_interval(values)
    assert reach_of(values).half_width == pytest.approx(shown.high - shown.value, rel=1e-12)


@pytest.mark.parametrize("deviation", [0.01, 1.0, 4.0, 5.0, 10.0, 30.0, 200.0])
def test_as_many_as_are_needed_reach_it_and_one_fewer_does_not(deviation):
    needed = reach_of(spread(50, deviation)).needed
    assert needed is not None
    assert reach_of(spread(needed, deviation)).half_width <= STAYS.half_width
    if needed > 2:
        assert reach_of(spread(needed - 1, deviation)).half_width > STAYS.half_width


@pytest.mark.parametrize("count", [2, 3, 4, 10, 40, 100, 900])
def test_at_the_border_a_hair_more_deviation_takes_one_replication_more(count: int):
    border = STAYS.half_width / (t_quantile(count - 1) / math.sqrt(count))
    assert reach_of(spread(50, border * (1 - 1e-9))).needed == count
    assert reach_of(spread(50, border * (1 + 1e-9))).needed == count + 1


def test_one_replication_reaches_nothing():
    found = reach_of([3.0])
    assert (found.half_width, found.needed, found.is_reached) == (math.inf, None, False)


def test_targets_come_in_their_order_each_with_all_its_scenarios():
    samples = [
        sample([1, 2], scenario=scenario, outcome=outcome)
        for scenario in ("msp", "esp")
        for outcome in ("deaths", "hospitalisations")
    ]
    found = reached(samples, [STAYS, Target("deaths", 1.0, relative=False)])
    assert [(each.outcome, each.scenario) for each in found] == [
        ("hospitalisations", "msp"),
        ("hospitalisations", "esp"),
        ("deaths", "msp"),
        ("deaths", "esp"),
    ]


def test_a_target_without_values_is_an_error():
    with pytest.raises(ValueError, match="no sample of 'deaths'"):
        reached([sample([1, 2])], [Target("deaths", 1.0, relative=False)])


# --- how many next ---


def test_the_first_batch_needs_no_values_and_keeps_to_the_maximum():
    assert next_batch([], [STAYS], 0) == FIRST_BATCH
    assert next_batch([], [STAYS], 15) == FIRST_BATCH - 15
    assert next_batch([], [STAYS], 0, maximum=12) == 12
    assert next_batch([], [STAYS], 12, maximum=12) == 0


def test_it_ends_when_the_interval_is_narrow_enough():
    narrow = FIRST_BATCH * 5.0 / 13.0  # Student's quantile times root 40 is just below 13
    assert next_batch([sample(spread(FIRST_BATCH, narrow))], [STAYS], FIRST_BATCH) == 0
    assert next_batch([sample(spread(FIRST_BATCH, 1.1 * narrow))], [STAYS], FIRST_BATCH) > 0


def test_the_next_batch_makes_up_what_is_needed():
    values = spread(FIRST_BATCH, 20.0)
    needed = reach_of(values).needed
    assert FIRST_BATCH * 1.1 < needed < FIRST_BATCH * 2
    assert next_batch([sample(values)], [STAYS], FIRST_BATCH) == needed - FIRST_BATCH


def test_a_batch_is_at_least_a_tenth_and_at_most_as_much_as_all_before():
    assert next_batch([sample(spread(200, 36.0))], [STAYS], 200) == 20
    assert next_batch([sample(spread(200, 3_600.0))], [STAYS], 200) == 200


def test_never_more_than_the_maximum():
    wide = [sample(spread(200, 3_600.0))]
    assert next_batch(wide, [STAYS], 200, maximum=250) == 50
    assert next_batch(wide, [STAYS], 200, maximum=200) == 0
    assert next_batch(wide, [STAYS], 200, maximum=100) == 0


def test_the_scenario_and_the_outcome_that_need_most_decide():
    narrow, wide = sample(spread(60, 1.0)), sample(spread(60, 22.0), scenario="esp")
    deaths = sample(spread(60, 9.0), outcome="deaths")
    targets = [STAYS, Target("deaths", 2.0, relative=False)]
    alone = next_batch([wide], [STAYS], 60)
    assert next_batch([narrow, wide], [STAYS], 60) == alone > 0
    assert next_batch([narrow, wide, deaths], targets, 60) > alone


def test_replications_without_the_outcome_are_made_up_for():
    every = spread(60, 22.0)
    half = np.full(120, math.nan)
    half[::2] = every
    found = reach_of(half)
    assert found.replications == 60
    assert found.half_width == reach_of(every).half_width
    assert found.needed == 2 * reach_of(every).needed


def constant(difference: float):
    """What a study shows in which the difference never varies."""
    return lambda count: [sample(np.full(count, difference))]


@pytest.mark.parametrize("difference", [0.0, -3.0, -3.7])
def test_a_difference_that_never_varied_counts_after_59_replications(difference):
    shown = constant(difference)
    assert not reached(shown(58), [STAYS])[0].is_reached
    assert reached(shown(59), [STAYS])[0].is_reached
    assert reached(shown(59), [STAYS])[0].never_varied
    assert until_reached(shown, [STAYS]) == 59


def test_whole_numbers_that_never_varied_count_once_a_case_as_rare_as_what_is_asked_had_shown():
    precise = Target("hospitalisations", 0.01, relative=False)
    assert until_reached(constant(0.0), [precise]) == 299  # 0.99**299 is just below 0.05
    assert until_reached(constant(0.5), [precise]) == 59  # no whole number: nothing is known of it


def test_differences_that_vary_by_rounding_alone_never_varied():
    baseline = np.random.default_rng(2).uniform(1e7, 3e7, 50)
    assert reach_of((baseline + 0.1) - baseline, STAYS, baseline).never_varied


@pytest.mark.parametrize(("share", "count"), [(0.05, 59), (0.01, 299), (0.5, 5)])
def test_replications_enough_to_see_what_happens_in_a_share_of_them(share: float, count: int):
    assert never_seen_after(np.array(share)) == count
    assert (1 - share) ** count <= 0.05 < (1 - share) ** (count - 1)


def test_nothing_is_relative_to_a_baseline_of_0_and_it_is_given_up():
    def none_there(count: int) -> list[Sample]:
        return [sample(spread(count, 5.0), baseline=np.zeros(count))]

    stopped = until_reached(none_there, [SHARE])
    assert 59 <= stopped <= 2 * FIRST_BATCH
    (found,) = reached(none_there(stopped), [SHARE])
    assert (found.wanted, found.needed, found.is_reached) == (0.0, None, False)
    assert 0 < found.half_width < 5
    assert math.isnan(found.relative_half_width)


@pytest.mark.parametrize("difference", [0.0, 0.5])
def test_a_difference_that_never_varied_is_not_relative_to_a_baseline_of_0_either(difference):
    never = sample(np.full(400, difference), baseline=np.zeros(400))
    assert not reached([never], [SHARE])[0].is_reached


def test_an_outcome_that_no_replication_has_is_given_up():
    never = [sample(np.full(80, math.nan))]
    assert next_batch(never, [STAYS], 40) > 0
    assert next_batch(never, [STAYS], 80) == 0
    assert not reached(never, [STAYS])[0].is_reached


def test_the_number_depends_neither_on_interruptions_nor_on_a_longer_study_before():
    world = np.random.default_rng(8).normal(-8, 40, MAXIMUM)
    asked: list[int] = []

    def first(count: int) -> list[Sample]:
        asked.append(count)
        return [sample(world[:count])]

    stopped = until_reached(first, [STAYS])
    assert asked == sorted(set(asked))
    assert asked[0] == FIRST_BATCH
    assert asked[-1] == stopped < MAXIMUM
    assert reached(first(stopped), [STAYS])[0].is_reached
    assert until_reached(first, [STAYS], maximum=100) == 100


# --- how often its intervals hold the true mean ---


@pytest.mark.parametrize(
    "population", [NORMAL, gamma(4), rare(0.1), rare(0.01)], ids=lambda each: each.name
)
def test_the_measured_studies_get_as_many_replications_as_the_rule_says(population: Population):
    studies = Studies(population, np.random.default_rng(6), (40, 400))
    asked = population.deviation / 4.0
    target = Target("hospitalisations", asked, relative=False)
    for row, count in zip(studies.difference, studies.counts(asked), strict=True):
        stopped = until_reached(lambda done, row=row: [sample(row[:done])], [target], maximum=400)
        assert stopped == count


def test_relative_studies_too():
    studies = Studies(RELATIVE[0], np.random.default_rng(6), (40, 400))
    target = Target("hospitalisations", 0.011, relative=True)
    rows = zip(studies.difference, studies.baseline, studies.counts(0.011), strict=True)
    for left, right, count in rows:
        stopped = until_reached(
            lambda done, left=left, right=right: [sample(left[:done], right[:done])],
            [target],
            maximum=400,
        )
        assert stopped == count


@pytest.mark.parametrize("needed", [20, 60, 150])
def test_where_differences_are_normal_the_interval_holds_the_mean_in_95_per_cent(needed: int):
    found = measured(NORMAL, needed, studies=STUDIES)
    error = math.sqrt(0.95 * 0.05 / STUDIES)
    assert 0.94 <= found.covered <= 0.96
    assert found.within >= 0.95 - 3 * error
    assert found.taken <= max(FIRST_BATCH + 1, 1.1 * needed)


def test_a_study_that_ends_before_its_limit_has_an_interval_as_narrow_as_asked():
    studies = Studies(gamma(4), np.random.default_rng(4), (500, 400))
    count = studies.counts(0.4)
    assert (count < 400).all()
    assert (studies.half_width(count) <= 0.4).all()


# What docs/precision.md says of populations up to a skewness.
AT_LEAST = ((0.7, 0.94), (1.01, 0.935), (2.01, 0.915), (4, 0.82), (math.inf, 0.65))


@pytest.mark.verify
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("needed", [5, 20, 60, 100, 200, 500])
@pytest.mark.parametrize("population", [*ABSOLUTE, *RELATIVE], ids=lambda each: each.name)
def test_how_often_intervals_hold_the_mean_by_skewness(population: Population, needed: int):
    found = measured(population, needed, studies=2 * STUDIES)
    at_least = next(share for skewness, share in AT_LEAST if abs(population.skewness) <= skewness)
    error = math.sqrt(at_least * (1 - at_least) / STUDIES / 2)
    print(f"\n{population.name}, {needed} needed: {found.covered:.4f}, at least {at_least}")
    assert found.covered >= at_least - 3 * error
    assert found.taken <= max(1.5 * FIRST_BATCH, 1.3 * needed)
