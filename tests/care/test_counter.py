"""A counter serves in the order of arrival and waits as queueing theory says."""

import doctest
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit
from scipy import stats

from parcours_sim.care import counter
from parcours_sim.care.counter import first_start, serve, start_time, take_turn

fast_first_start, fast_start_time, fast_serve = njit(first_start), njit(start_time), njit(serve)


@njit
def mean_waits(servers, arrivals, durations, ignored):
    """Give the mean wait, and the share who wait, after the first `ignored` customers."""
    free_at = np.zeros(servers)
    waited, waiting = 0.0, 0
    for customer in range(len(arrivals)):
        server = fast_first_start(free_at, 0, servers, arrivals[customer])
        start = fast_start_time(free_at, server, arrivals[customer])
        fast_serve(free_at, server, start, durations[customer])
        if customer >= ignored and start > arrivals[customer]:
            waited += start - arrivals[customer]
            waiting += 1
    counted = len(arrivals) - ignored
    return waited / counted, waiting / counted


def erlang_c(servers, load):
    """Give the probability to wait in M/M/c at `load` erlangs."""
    full = load**servers / math.factorial(servers) * servers / (servers - load)
    return full / (sum(load**k / math.factorial(k) for k in range(servers)) + full)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.7), (3, 2.4), (10, 8.5)])
def test_waits_of_random_arrivals_agree_with_erlang_c(servers, load):
    runs, customers, ignored = 40, 100_000, 10_000
    rng = np.random.default_rng(servers)
    results = []
    for _ in range(runs):
        arrivals = np.cumsum(rng.exponential(1.0 / load, customers))
        results.append(mean_waits(servers, arrivals, rng.exponential(1.0, customers), ignored))
    wait, share = erlang_c(servers, load) / (servers - load), erlang_c(servers, load)
    for values, theory in zip(np.array(results).T, (wait, share), strict=True):
        half_width = stats.t.ppf(0.9995, runs - 1) * values.std(ddof=1) / math.sqrt(runs)
        assert half_width < 0.05 * theory  # otherwise agreement would mean little
        assert abs(values.mean() - theory) < half_width


visits = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), min_size=1, max_size=40)


@given(visits, st.integers(1, 4))
@settings(max_examples=300, deadline=None)
def test_starts_keep_the_order_of_arrival_and_no_server_has_two_at_once(unordered, servers):
    begin, end = 2, 2 + servers
    free_at = np.zeros(end + 1)
    starts, busy = [], {server: [] for server in range(begin, end)}
    for arrival, length in sorted(unordered):
        server = first_start(free_at, begin, end, float(arrival))
        start = start_time(free_at, server, float(arrival))
        idle = any(all(e <= arrival for _, e in stays) for stays in busy.values())
        assert start >= arrival
        assert (start == arrival) == idle
        assert serve(free_at, server, start, float(length)) == start + length
        starts.append(start)
        busy[server].append((start, start + length))
    assert starts == sorted(starts)
    for stays in busy.values():
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(stays))
    assert free_at[:begin].tolist() == [0.0, 0.0]
    assert free_at[end] == 0.0


customers = st.lists(
    # When one comes, how long one keeps a server, and what share of that one would with less work.
    st.tuples(st.floats(0.0, 40.0), st.floats(0.0, 12.0), st.floats(0.0, 1.0)),
    min_size=1,
    max_size=40,
).map(sorted)


def starts_of(served, servers):
    free_at = np.zeros(servers)
    return [take_turn(free_at, 0, servers, arrival, length) for arrival, length in served]


@given(customers, st.integers(1, 4), st.integers(1, 3))
@settings(max_examples=300, deadline=None)
def test_with_more_servers_nobody_is_served_later(came, servers, more):
    served = [(arrival, length) for arrival, length, _ in came]
    before, after = starts_of(served, servers), starts_of(served, servers + more)
    assert all(now <= then for then, now in zip(before, after, strict=True))


@given(customers, st.integers(1, 4))
@settings(max_examples=300, deadline=None)
def test_where_services_are_shorter_nobody_is_served_later(came, servers):
    before = starts_of([(arrival, length) for arrival, length, _ in came], servers)
    after = starts_of([(arrival, length * share) for arrival, length, share in came], servers)
    assert all(now <= then for then, now in zip(before, after, strict=True))


def test_one_more_server_or_shorter_services_do_help():
    came = [(0.0, 3.0), (0.0, 3.0), (1.0, 3.0)]
    assert starts_of(came, 1) == [0.0, 3.0, 6.0]
    assert starts_of(came, 2) == [0.0, 0.0, 3.0]
    assert starts_of([(arrival, 1.0) for arrival, _ in came], 1) == [0.0, 1.0, 2.0]


@pytest.mark.parametrize(
    ("free_at", "arrival", "server"),
    [
        ([4.0, 3.0, 5.0], 0.0, 1),
        ([4.0, 3.0, 3.0], 0.0, 1),  # both free at 3
        ([4.0, 3.0, 5.0], 4.0, 0),  # both idle on arrival
        ([4.0, 3.0, 5.0], 9.0, 0),
    ],
)
def test_the_soonest_server_serves_and_the_lowest_number_at_ties(free_at, arrival, server):
    assert first_start(np.array(free_at), 0, 3, arrival) == server


def test_a_counter_without_servers_serves_nobody():
    assert first_start(np.array([1.0]), 1, 1, 0.0) == -1


def test_a_busy_server_cannot_start_another():
    with pytest.raises(ValueError, match="still busy"):
        serve(np.array([5.0]), 0, 4.9, 1.0)


def test_the_examples_of_the_documentation_hold():
    result = doctest.testmod(counter)
    assert result.attempted > 0
    assert result.failed == 0
