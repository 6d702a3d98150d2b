"""Little's law along the path: what the engine adds up person by person is the area under it."""

import pytest
from tests.engine.small import ALONE, busy, dotless, run

ENTERS = "arrives at emergency department"
LEFT = "leaves emergency department"
NOBODY_GIVES_UP = {"territory__hospital__ed_patience_hours": 1e6}


def area(found, up, down):
    """Give the area under the number present, and how many are left at the end."""
    total, present, last = 0.0, 0, found.territory.begins
    for entry in found.of(*up, *down):
        total += present * (entry.time_days - last)
        present += 1 if entry.event in up else -1
        last = entry.time_days
    return total + present * (found.territory.ends - last), present


@pytest.fixture(scope="module")
def emptied():
    """A run that begins and ends with an empty emergency department."""
    scenario = busy("isole", **NOBODY_GIVES_UP, horizon__warm_up_years=0.0, horizon__years=0.3)
    for replication in range(12):
        found = run(scenario, replication)
        if area(found, (ENTERS,), (LEFT,))[1] == 0:
            return found
    raise AssertionError("no replication ends with an empty emergency department")


def test_the_mean_number_present_is_arrivals_times_the_mean_time(emptied):
    days = emptied.territory.ends
    present, _ = area(emptied, (ENTERS,), (LEFT,))
    arrivals_per_day = emptied.count("ed_visits") / days
    mean_days = emptied.count("ed_stay_minutes") / 1440.0
    assert present / days == pytest.approx(arrivals_per_day * mean_days, rel=1e-9)
    assert present / days > 0.2


def test_the_mean_number_waiting_is_arrivals_times_the_mean_wait(emptied):
    days = emptied.territory.ends
    waiting, _ = area(emptied, (ENTERS,), ("gets a room",))
    mean_days = emptied.count("ed_wait_minutes") / 1440.0
    arrivals_per_day = emptied.count("ed_visits") / days
    assert waiting / days == pytest.approx(arrivals_per_day * mean_days, rel=1e-9)
    assert waiting / days > 0.01


def test_bed_days_are_the_area_under_the_beds_in_use_in_the_horizon():
    found = run(busy("isole", **dotless(ALONE)))
    ends, inside, occupied = found.territory.ends, {}, 0.0
    for entry in found.of("admitted", "discharged", "dies"):
        if entry.event == "admitted":
            inside[entry.person] = max(entry.time_days, 0.0)
        elif entry.person in inside:
            occupied += max(entry.time_days - inside.pop(entry.person), 0.0)
    occupied += sum(ends - since for since in inside.values())
    assert inside  # some are still there, and some came in the warm-up
    assert found.count("bed_days") == pytest.approx(occupied, rel=1e-9)
