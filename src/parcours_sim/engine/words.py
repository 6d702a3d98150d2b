"""Arithmetic of 64-bit words in one instruction each, for compiled code.

The sources in `care/draws.py` take words by halves, because NumPy warns of what wraps around; these
give the same bits.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

WORD, WIDE = ir.IntType(64), ir.IntType(128)


@intrinsic  # type: ignore[untyped-decorator]
def wide_product(_context: Any, word: Any, factor_high: Any, factor_low: Any) -> Any:
    """The upper and the lower 64 bits of a word times a factor, given by its 32-bit halves."""

    def lowered(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word, high, low = arguments
        factor = builder.or_(builder.shl(high, ir.Constant(WORD, 32)), low)
        product = builder.mul(builder.zext(word, WIDE), builder.zext(factor, WIDE))
        top = builder.trunc(builder.lshr(product, ir.Constant(WIDE, 64)), WORD)
        halves = (top, builder.trunc(product, WORD))
        return context.make_tuple(builder, signature.return_type, halves)

    both = types.UniTuple(types.uint64, 2)
    return both(types.uint64, types.uint64, types.uint64), lowered


@intrinsic  # type: ignore[untyped-decorator]
def wrapping_sum(_context: Any, one: Any, other: Any) -> Any:
    """A sum modulo 2**64."""

    def lowered(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.add(*arguments)

    return types.uint64(types.uint64, types.uint64), lowered
