"""Addressed randomness: every draw is a pure function of where it is used.

Here live the counter-based generator (Philox4x64-10, Salmon et al. 2011, "Parallel random numbers:
as easy as 1, 2, 3") and the stable numbers of names that address it. What a uniform is turned into
lives in distributions.py; which decision uses which aspect lives with the rules of care.
"""

from hashlib import sha256

import numpy as np

ROUNDS = 10

# The multipliers and the key increments (Weyl constants) of Philox4x64, multipliers cut in halves.
_FIRST_HIGH, _FIRST_LOW = np.uint64(0xD2E7470E), np.uint64(0xE14C6C93)
_SECOND_HIGH, _SECOND_LOW = np.uint64(0xCA5A8263), np.uint64(0x95121157)
_FIRST_STEP, _SECOND_STEP = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)

_HALF, _LOW_HALF = np.uint64(32), np.uint64(0xFFFFFFFF)
_TOP_BIT, _BELOW_TOP = np.uint64(1 << 63), np.uint64((1 << 63) - 1)

# 52 bits, not 53: with 53 the added half is rounded away above 1/2, and the largest word gives 1.0.
_DROPPED_BITS, _RESOLUTION = np.uint64(12), 2.0**-52


def block(
    seed: int, replication: int, entity: int, decision: int, occurrence: int, aspect: int
) -> tuple[float, float, float, float]:
    """Give four independent uniforms strictly between 0 and 1 for one address.

    One Philox4x64-10 block with key (seed, replication) and counter words (entity, decision,
    occurrence, aspect). All arguments are integers of at least 0 and below 2**63. Each uniform is
    the middle of one of 2**52 equal cells, so neither 0 nor 1 can come out, and 1 - u is exact.

    The interpreted form is some hundred times slower than the compiled one.

    >>> block(1, 0, 17, 3, 2, 0) == block(1, 0, 17, 3, 2, 0)
    True
    >>> block(1, 0, 17, 3, 2, 0) == block(1, 0, 18, 3, 2, 0)
    False
    """
    key_0, key_1 = np.uint64(seed), np.uint64(replication)
    word_0, word_1 = np.uint64(entity), np.uint64(decision)
    word_2, word_3 = np.uint64(occurrence), np.uint64(aspect)
    for _ in range(ROUNDS):
        first_top, first_bottom = wide_product(word_0, _FIRST_HIGH, _FIRST_LOW)
        second_top, second_bottom = wide_product(word_2, _SECOND_HIGH, _SECOND_LOW)
        word_0, word_1 = second_top ^ word_1 ^ key_0, second_bottom
        word_2, word_3 = first_top ^ word_3 ^ key_1, first_bottom
        key_0, key_1 = wrapping_sum(key_0, _FIRST_STEP), wrapping_sum(key_1, _SECOND_STEP)
    return (
        (float(word_0 >> _DROPPED_BITS) + 0.5) * _RESOLUTION,
        (float(word_1 >> _DROPPED_BITS) + 0.5) * _RESOLUTION,
        (float(word_2 >> _DROPPED_BITS) + 0.5) * _RESOLUTION,
        (float(word_3 >> _DROPPED_BITS) + 0.5) * _RESOLUTION,
    )


def wide_product(
    word: np.uint64, factor_high: np.uint64, factor_low: np.uint64
) -> tuple[np.uint64, np.uint64]:
    """Give the upper and the lower 64 bits of a word times a factor, given by its 32-bit halves.

    Taken by halves, so that no operation wraps around 2**64, of which NumPy would warn. Compiled
    code has one instruction for it (`engine/words.py`).

    >>> wide_product(np.uint64(2**63), np.uint64(0), np.uint64(6))
    (np.uint64(3), np.uint64(0))
    """
    low, high = word & _LOW_HALF, word >> _HALF
    bottom = low * factor_low
    middle = high * factor_low + (bottom >> _HALF)
    cross = low * factor_high + (middle & _LOW_HALF)
    top = high * factor_high + (middle >> _HALF) + (cross >> _HALF)
    return top, (cross << _HALF) | (bottom & _LOW_HALF)


def wrapping_sum(one: np.uint64, other: np.uint64) -> np.uint64:
    """Give a sum modulo 2**64: its top bit is the exclusive or of the two and the carry.

    >>> wrapping_sum(np.uint64(2**64 - 1), np.uint64(2))
    np.uint64(1)
    """
    return ((one & _BELOW_TOP) + (other & _BELOW_TOP)) ^ ((one ^ other) & _TOP_BIT)


def stable_id(name: str) -> int:
    """Give the number (0 up to 2**63 - 1) that addresses the draws of what bears this name.

    It depends on the name alone (the first 63 bits of its SHA-256), so adding a kind of episode to
    a scenario doesn't move the draws of the others. Used when a replication is set up, never in its
    loop.

    >>> stable_id("heart_failure")
    8247757166610940264
    """
    return int.from_bytes(sha256(name.encode("utf-8")).digest()[:8], "big") >> 1
