"""GP contacts of people who come to the emergency department, counted from a log made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from parcours_sim.analysis import ed_users
from parcours_sim.analysis.ed_users import contacts, contacts_of_ed_users
from parcours_sim.engine.record import LINE, Log, What
from parcours_sim.scenario.resolve import load_scenario

GP, ED, OTHER = (
    What.GP_CONSULTATION,
    What.ARRIVES_AT_EMERGENCY_DEPARTMENT,
    What.NURSE_VISIT,
)
YEAR = 365.25


def log(*lines: tuple[float, int, What]) -> Log:
    rows = [(time, person, 0, what, 0, 0) for time, person, what in lines]
    return Log(np.array(rows, dtype=LINE), ("",))


def test_whoever_came_is_a_user_and_whoever_only_saw_a_gp_is_not():
    found = contacts(
        log((1.0, 1, GP), (2.0, 1, GP), (3.0, 1, GP), (4.0, 1, ED), (5.0, 2, GP), (6.0, 3, GP)), 1.0
    )
    assert found == (3.0, 1.0)


def test_whoever_sees_no_gp_that_year_is_not_counted():
    assert contacts(log((1.0, 1, ED), (2.0, 2, ED), (3.0, 2, GP), (4.0, 4, OTHER)), 1.0) == (1.0, 0)


def test_who_is_a_user_is_asked_year_by_year():
    lines = log(
        *((10.0, 1, ED), (20.0, 1, GP), (30.0, 1, GP)),
        *((YEAR + 1.0, 1, GP), (2 * YEAR + 1.0, 1, GP)),
    )
    assert contacts(lines, 3.0) == (2.0, 1.0)


def test_the_last_day_of_a_year_is_of_that_year_and_the_next_of_the_other():
    lines = log((YEAR - 0.01, 1, ED), (YEAR - 0.02, 1, GP), (YEAR, 1, GP))
    assert contacts(lines, 2.0) == (1.0, 1.0)
    assert contacts(log((YEAR, 1, ED), (YEAR, 1, GP), (YEAR - 0.01, 1, GP)), 2.0) == (1.0, 1.0)


def test_people_are_told_apart_in_all_their_years():
    lines = log((2.9 * YEAR, 1, ED), (2.9 * YEAR, 1, GP), (0.1, 2, GP), (0.2, 2, GP))
    assert contacts(lines, 2.5) == (1.0, 2.0)


def test_the_last_hours_of_a_horizon_of_whole_days_are_of_its_last_year():
    """Three years are simulated to the end of day 1096, a quarter of a day more than they have."""
    lines = log((1095.8, 1, ED), (1095.9, 1, GP), (0.1, 2, GP), (0.2, 2, GP))
    assert contacts(lines, 3.0) == (1.0, 2.0)


def test_the_warm_up_and_people_who_are_not_simulated_one_by_one_do_not_count():
    lines = log((-1.0, 1, ED), (1.0, 1, GP), (2.0, -1, ED), (2.0, -1, GP), (3.0, -1, GP))
    assert contacts(lines, 1.0) == (0.0, 1.0)


def test_a_world_is_simulated_with_its_log_and_gives_two_rows():
    small = {"territory.inhabitants": 300.0, "horizon.years": 1.0, "horizon.warm_up_years": 0.0}
    scenario = load_scenario("isole", changes=small)
    found = contacts_of_ed_users(scenario, 1, 0, engine="reference")
    assert [row[:2] for row in found.rows] == [
        ed_users.CONTACTS_OF_USERS,
        ed_users.CONTACTS_OF_OTHERS,
    ]
    assert all(row[2] >= 1.0 for row in found.rows)
    whole = ed_users.simulate(scenario, 1, 0, log=True)
    assert tuple(row[2] for row in found.rows) == contacts(whole.log, 1.0)


def test_a_world_without_a_log_is_an_error(monkeypatch):
    scenario = load_scenario("isole", changes={"territory.inhabitants": 300.0})
    unlogged = type("Unlogged", (), {"log": None})()
    monkeypatch.setattr(ed_users, "simulate", lambda *_, **__: unlogged)
    with pytest.raises(ValueError, match="event log"):
        contacts_of_ed_users(scenario, 1, 0)
