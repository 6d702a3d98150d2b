"""Weekly series of logs made by hand, and of a real one beside what the engine itself counted."""

import numpy as np
import pytest
from tests.engine.small import busy, value

from parcours_sim.analysis.log_series import (
    SERIES,
    Weeks,
    appointments_held,
    ed_present,
    episodes_begun,
    episodes_open,
    gp_wait_days,
    mean_present,
    patients_in_hospital,
    weekly_series,
    weeks_before_start,
)
from parcours_sim.engine import simulate
from parcours_sim.engine.record import ANSWER, FOLLOW_UP, LINE, PLANNED, What

TWO_WEEKS = Weeks(begins=-14.0, count=2)
BOOKED, GIVEN_BACK, SEEN = (
    What.APPOINTMENT_BOOKED,
    What.APPOINTMENT_GIVEN_BACK,
    What.GP_CONSULTATION,
)
WEEKS_OF_A_RUN = 20
NOBODY_GIVES_UP = {"territory__hospital__ed_patience_hours": 1e6}


def log(*lines: tuple, person: int = 1) -> np.ndarray:
    """A log from (time, event), and where they matter detail, occurrence and person."""
    usual = (0, -1, person)
    full = [(*line, *usual[len(line) - 2 :]) for line in lines]
    rows = [(time, who, 0, what, detail, number) for time, what, detail, number, who in full]
    return np.array(sorted(rows, key=lambda row: row[0]), LINE)


def test_the_weeks_before_the_start_are_whole_ones_from_the_very_beginning():
    weeks = weeks_before_start(-365.0)
    assert weeks.count == 52
    assert (weeks.edges[0], weeks.edges[-1]) == (-365.0, -1.0)
    assert weeks_before_start(-6.0).count == 0


def test_whoever_is_present_for_half_a_week_counts_for_one_half():
    begins, ends = np.array([-14.0, -10.5, -1.0]), np.array([3.0, 4.0, -7.0])
    assert mean_present(begins, ends, TWO_WEEKS) == pytest.approx([1.5, 1.0 + 1 / 7])


def test_whoever_never_leaves_is_present_to_the_end():
    assert mean_present(np.array([-10.5]), np.array([]), TWO_WEEKS) == pytest.approx([0.5, 1.0])


def test_the_emergency_department_holds_everyone_seen_or_not():
    found = ed_present(
        log(
            (-14.0, What.ARRIVES_AT_EMERGENCY_DEPARTMENT, 0, -1, -1),
            (-13.0, What.ARRIVES_AT_EMERGENCY_DEPARTMENT),
            (-12.0, What.GETS_A_ROOM),
            (-11.0, What.LEAVES_EMERGENCY_DEPARTMENT_UNSEEN, 0, -1, -1),
            (-6.0, What.LEAVES_EMERGENCY_DEPARTMENT),
        ),
        TWO_WEEKS,
    )
    assert found == pytest.approx([(3 + 6) / 7, 1 / 7])


def test_a_stay_ends_with_the_discharge_or_with_death_but_no_death_at_home_ends_one():
    found = patients_in_hospital(
        log(
            (-14.0, What.ADMITTED, 5, 0, 1),
            (-12.0, What.DIES, 0, -1, 2),
            (-10.0, What.DISCHARGED, 5, 0, 1),
            (-9.0, What.DIES, 0, -1, 1),
            (-7.0, What.ADMITTED, 5, 1, 3),
            (-3.0, What.DIES, 0, -1, 3),
            (-2.0, What.ADMITTED, 6, 0, 4),
        ),
        TWO_WEEKS,
    )
    assert found == pytest.approx([4 / 7, (4 + 2) / 7])


def test_a_wait_counts_in_the_week_of_its_booking_for_visits_wanted_at_once_that_took_place():
    found = gp_wait_days(
        log(
            (-14.0, BOOKED, ANSWER, 11),
            (-13.0, BOOKED, FOLLOW_UP, 12),
            (-12.0, BOOKED, PLANNED, 13),
            (-12.0, BOOKED, ANSWER, 14),
            (-11.0, GIVEN_BACK, ANSWER, 14),
            (-10.0, SEEN, ANSWER, 11),
            (-5.0, SEEN, FOLLOW_UP, 12),
            (-4.0, SEEN, PLANNED, 13),
        ),
        Weeks(-14.0, 2),
    )
    assert found[0] == pytest.approx((4 + 8) / 2)
    assert np.isnan(found[1])


def test_a_wait_that_ends_after_the_last_week_is_known_all_the_same():
    lines = log((-1.0, BOOKED, ANSWER, 11), (1.0, BOOKED, ANSWER, 12), (2.0, SEEN, ANSWER, 11))
    assert gp_wait_days(lines, TWO_WEEKS)[1] == pytest.approx(3.0)


def test_a_slot_given_back_and_taken_by_somebody_else_is_two_appointments():
    lines = log(
        (-14.0, BOOKED, ANSWER, 11, 1),
        (-12.0, GIVEN_BACK, ANSWER, 11, 1),
        (-11.0, BOOKED, ANSWER, 11, 2),
        (-10.0, SEEN, ANSWER, 11, 2),
    )
    assert gp_wait_days(lines, TWO_WEEKS)[0] == pytest.approx(1.0)
    assert appointments_held(lines, TWO_WEEKS) == pytest.approx([(2 + 1) / 7, 0.0])


def test_an_appointment_is_held_from_booking_to_consultation_or_giving_back():
    lines = log(
        (-14.0, BOOKED, PLANNED, 11),
        (-13.0, BOOKED, PLANNED, 12),
        (-10.0, GIVEN_BACK, PLANNED, 12),
        (-9.0, BOOKED, PLANNED, 13),  # missed, or beyond the end: no line tells
        (-3.5, SEEN, PLANNED, 11),
    )
    assert appointments_held(lines, TWO_WEEKS) == pytest.approx([(7 + 3) / 7, 0.5])


def test_two_people_who_walk_in_hold_a_place_each():
    lines = log(
        (-14.0, BOOKED, ANSWER, -1, 1),
        (-14.0, BOOKED, ANSWER, -1, 2),
        (-13.0, SEEN, ANSWER, -1, 1),
        (-12.0, SEEN, ANSWER, -1, 2),
    )
    assert gp_wait_days(lines, TWO_WEEKS)[0] == pytest.approx(1.5)


@pytest.mark.parametrize(
    "end",
    [
        What.RESOLVES_ALONE,
        What.AVERTED,
        What.ADMITTED_AS_A_PRECAUTION,
        What.CRISIS,
        What.OVERTAKEN_IN_HOSPITAL,
        What.ENDS_WITH_DEATH,
    ],
)
def test_an_episode_is_open_from_its_first_sign_to_its_end_however_it_ends(end):
    lines = log((-14.0, What.EPISODE_BEGINS, 5, 0), (-12.0, What.TREATED, 5, 0), (-3.5, end, 5, 0))
    assert episodes_open(lines, TWO_WEEKS) == pytest.approx([1.0, 0.5])
    assert list(episodes_begun(lines, TWO_WEEKS)) == [1.0, 0.0]


def test_what_comes_after_the_last_week_is_in_none():
    lines = log((-8.0, What.EPISODE_BEGINS), (-7.0, What.EPISODE_BEGINS), (3.0, What.CRISIS))
    assert list(episodes_begun(lines, Weeks(-14.0, 1))) == [1.0]
    assert list(episodes_begun(lines, TWO_WEEKS)) == [1.0, 1.0]


def test_a_pattern_within_the_week_leaves_none_between_weeks():
    opened = [(float(day), What.EPISODE_BEGINS) for day in range(-70, 0) if day % 7 < 5]
    assert list(episodes_begun(log(*opened), Weeks(-70.0, 10))) == [5.0] * 10


def test_a_log_without_lines_has_every_series():
    found = weekly_series(np.array([], LINE), TWO_WEEKS)
    assert list(found) == list(SERIES)
    assert all(len(series) == 2 for series in found.values())


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_series_of_a_real_log_agree_with_what_the_engine_counted(engine):
    days = 7 * WEEKS_OF_A_RUN
    horizon = {"horizon__warm_up_years": 0.0, "horizon__years": days / 365.25}
    found = simulate(busy(**horizon, **NOBODY_GIVES_UP), 1, 0, log=True, engine=engine)
    series = weekly_series(found.log.lines, Weeks(0.0, WEEKS_OF_A_RUN))
    assert series["episodes_begun"].sum() == value(found, "episodes")
    assert 7 * series["patients_in_hospital"].sum() == pytest.approx(value(found, "bed_days"))
    assert series["patients_in_hospital"].mean() > 1
    in_ed = value(found, "ed_stay_minutes") / 1440 * value(found, "ed_visits")
    assert 7 * series["ed_present"].sum() == pytest.approx(in_ed, rel=0.02)  # some are there still
    assert 0 < np.nanmean(series["gp_wait_days"]) < 10
    assert series["appointments_held"][4:-4].min() > 0
