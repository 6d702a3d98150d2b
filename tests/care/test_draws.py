"""Draws are Philox4x64-10, word for word, and depend on their address alone."""

import doctest

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from parcours_sim.care import draws
from parcours_sim.care.draws import block, stable_id
from parcours_sim.engine.kernels import block as compiled_block

WORD = 2**64
LARGEST = 2**63 - 1

parts = st.integers(0, LARGEST) | st.sampled_from([0, 1, 2**32 - 1, 2**32, LARGEST])
addresses = st.tuples(parts, parts, parts, parts, parts, parts)


def words_of_numpy(address):
    """Give NumPy's block: it advances its counter before the first one."""
    key = address[0] + address[1] * WORD
    counter = sum(word * WORD**place for place, word in enumerate(address[2:]))
    generator = np.random.Philox(key=key, counter=(counter - 1) % WORD**4)
    return [int(word) for word in generator.random_raw(4)]


def address_that_gives(words):
    """Run Philox backwards: find a legal address whose block consists of these four words."""
    multipliers = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
    steps = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
    inverses = [pow(multiplier, -1, WORD) for multiplier in multipliers]
    for seed in range(10_000):
        c0, c1, c2, c3 = words
        for turn in reversed(range(10)):
            key_0, key_1 = (seed + turn * steps[0]) % WORD, (turn * steps[1]) % WORD
            first, second = c3 * inverses[0] % WORD, c1 * inverses[1] % WORD
            c1 = c0 ^ key_0 ^ (second * multipliers[1] >> 64)
            c3 = c2 ^ key_1 ^ (first * multipliers[0] >> 64)
            c0, c2 = first, second
        if max(c0, c1, c2, c3) <= LARGEST:
            return (seed, 0, c0, c1, c2, c3)
    raise AssertionError("no legal address found")


@given(addresses)
@example((0, 0, 0, 0, 0, 0))
@example((LARGEST,) * 6)
@settings(max_examples=300, deadline=None)
def test_a_block_is_numpys_philox_word_for_word(address):
    expected = tuple(((word >> 12) + 0.5) * 2.0**-52 for word in words_of_numpy(address))
    assert block(*address) == expected
    assert compiled_block(*address) == expected


def test_every_word_of_the_address_counts():
    address = (5, 4, 3, 2, 1, 0)
    neighbours = [tuple(v + (i == place) for i, v in enumerate(address)) for place in range(6)]
    uniforms = {u for neighbour in [address, *neighbours] for u in block(*neighbour)}
    assert len(uniforms) == 4 * 7


@pytest.mark.parametrize("draw", [block, compiled_block], ids=["interpreted", "compiled"])
def test_even_the_extreme_words_stay_strictly_between_0_and_1(draw):
    lowest = draw(*address_that_gives((0, 0, 0, 0)))
    highest = draw(*address_that_gives((WORD - 1,) * 4))
    assert lowest == (2.0**-53,) * 4
    assert highest == (1.0 - 2.0**-53,) * 4


def test_neighbouring_addresses_give_uniform_and_unrelated_values():
    u = np.array([compiled_block(1, 0, entity, 7, 0, 0) for entity in range(50_000)])
    for column in u.T:
        assert stats.kstest(column, "uniform").pvalue > 1e-4
    lagged = np.hstack([u[:-1], u[1:]])
    correlations = np.corrcoef(lagged.T)[np.triu_indices(8, 1)]
    assert np.abs(correlations).max() < 5 / np.sqrt(len(lagged))


def test_a_name_keeps_its_number():
    # echo -n anticoagulated | sha256sum, its first 16 digits halved
    assert stable_id("anticoagulated") == 0x197AC3046DEF60CA >> 1


@given(st.text())
def test_numbers_of_names_fit_an_address(name):
    assert 0 <= stable_id(name) <= LARGEST


def test_other_names_have_other_numbers():
    names = [f"episode_{number}" for number in range(1000)]
    assert len({stable_id(name) for name in names}) == 1000


def test_the_examples_of_the_documentation_hold():
    result = doctest.testmod(draws)
    assert result.attempted > 0
    assert result.failed == 0
