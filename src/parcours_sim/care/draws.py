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

    No operation wraps around 2**64 (products are taken by 32-bit halves, the keys are advanced with
    their top bit apart), so the interpreted form gives the compiled form's bits without overflow
    warnings. It is some hundred times slower than the compiled form.

    >>> block(1, 0, 17, 3, 2, 0) == block(1, 0, 17, 3, 2, 0)
    True
    >>> block(1, 0, 17, 3, 2, 0) == block(1, 0, 18, 3, 2, 0)
    False
    """
    key_0, key_1 = np.uint64(seed), np.uint64(replication)
    word_0, word_1 = np.uint64(entity), np.uint64(decision)
    word_2, word_3 = np.uint64(occurrence), np.uint64(aspect)
    for _ in range(ROUNDS):
        low, high = word_0 & _LOW_HALF, word_0 >> _HALF
        bottom = low * _FIRST_LOW
        middle = high * _FIRST_LOW + (bottom >> _HALF)
        cross = low * _FIRST_HIGH + (middle & _LOW_HALF)
        first_top = high * _FIRST_HIGH + (middle >> _HALF) + (cross >> _HALF)
        first_bottom = (cross << _HALF) | (bottom & _LOW_HALF)

        low, high = word_2 & _LOW_HALF, word_2 >> _HALF
        bottom = low * _SECOND_LOW
        middle = high * _SECOND_LOW + (bottom >> _HALF)
        cross = low * _SECOND_HIGH + (middle & _LOW_HALF)
        second_top = high * _SECOND_HIGH + (middle >> _HALF) + (cross >> _HALF)
        second_bottom = (cross << _HALF) | (bottom & _LOW_HALF)

        word_0, word_1 = second_top ^ word_1 ^ key_0, second_bottom
        word_2, word_3 = first_top ^ word_3 ^ key_1, first_bottom
        # Addition modulo 2**64: the top bit of a sum is the exclusive or of the two and the carry.
        key_0 = ((key_0 & _BELOW_TOP) + (_FIRST_STEP & _BELOW_TOP)) ^ (
            (key_0 ^ _FIRST_STEP) & _TOP_BIT
        )
        key_1 = ((key_1 & _BELOW_TOP) + (_SECOND_STEP & _BELOW_TOP)) ^ (
            (key_1 ^ _SECOND_STEP) & _TOP_BIT
        )
    return (
        (float(word_0 >> _DROPPED_BITS) + 0.5) * _RESOLUTION,
        (float(word_1 >> _DROPPED_BITS) + 0.5) * _RESOLUTION,
        (float(word_2 >> _DROPPED_BITS) + 0.5) * _RESOLUTION,
        (float(word_3 >> _DROPPED_BITS) + 0.5) * _RESOLUTION,
    )


def stable_id(name: str) -> int:
    """Give the number (0 up to 2**63 - 1) that addresses the draws of what bears this name.

    It depends on the name alone (the first 63 bits of its SHA-256), so adding a kind of episode to
    a scenario doesn't move the draws of the others. Used when a replication is set up, never in its
    loop.

    >>> stable_id("heart_failure")
    8247757166610940264
    """
    return int.from_bytes(sha256(name.encode("utf-8")).digest()[:8], "big") >> 1
