"""Compiling: functions of care/, and those of the compiled engine, by Numba.

Sources know nothing of Numba: a function is compiled with every function of ours that it calls in
its compiled form, to the same bits. What is called from Python, an entry, is kept on disk in a
folder that carries the model's version, since Numba does not notice when a function that another
one calls has changed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dis import get_instructions
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar, cast

import numba
from platformdirs import user_cache_path

from parcours_sim.care import access, demand, diary, distributions, draws, population

from . import words
from .version import model_version

Function = TypeVar("Function", bound=Callable[..., Any])
OURS = ("parcours_sim.care.", "parcours_sim.engine.compiled.", "parcours_sim.engine.record.")
"""Modules whose functions are compiled along with those that call them."""

IN_ONE_INSTRUCTION: dict[Any, Any] = {
    draws.wide_product: words.wide_product,
    draws.wrapping_sum: words.wrapping_sum,
}
"""What is compiled from another source, to the same bits."""

settings: Any = numba.config
settings.DISABLE_JIT = (
    0  # views and words exist in compiled code only, whatever the environment says
)


@cache
def cache_folder() -> Path:
    """A writable folder for compiled code: the user's cache, or else a temporary one.

    Code that checks its bounds (NUMBA_BOUNDSCHECK) has a folder of its own.
    """
    name = model_version()[:16] + ("-checked" if settings.BOUNDSCHECK else "")
    wanted = user_cache_path("parcours_sim") / name
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=wanted):
            return wanted
    except OSError:
        return Path(tempfile.mkdtemp(prefix="parcours_sim-"))


def linked(function: Function, replace: Callable[[Any], Any]) -> Function:
    """A copy of a function that sees, under the names it uses, what `replace` makes of them."""
    source = cast(FunctionType, function)
    names = {name: source.__globals__[name] for name in _names_used(source)}
    replaced = {name: replace(value) for name, value in names.items()}
    seen = {**source.__globals__, **replaced}
    twin = FunctionType(source.__code__, seen, source.__name__, source.__defaults__)
    twin.__module__, twin.__qualname__ = source.__module__, source.__qualname__
    return cast(Function, twin)


@cache
def compiled(function: Callable[..., Any]) -> Any:
    """A function of ours compiled, and all that it calls; only compiled functions can call it."""
    options = {"nogil": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    dispatcher = numba.njit(**options)(linked(function, _compiled_if_ours))
    template_for = dispatcher.get_call_template

    def plainly(arguments: Any, named: Any) -> Any:
        """Numba would compile a function once for every constant that it is called with."""
        plain = tuple(_plain(each) for each in arguments)
        return template_for(plain, {name: _plain(each) for name, each in named.items()})

    dispatcher.get_call_template = plainly
    return dispatcher


def _plain(kind: Any) -> Any:
    """The type of a number, without what is known of its value."""
    kind = numba.types.unliteral(kind)
    return kind.dtype if isinstance(kind, numba.types.IntEnumMember) else kind


def entry(function: Function) -> Function:
    """The same for one that Python calls: its machine code is kept on disk."""
    with _cache_in(cache_folder()):
        kept: Any = numba.njit(cache=True, nogil=True)(linked(function, _compiled_if_ours))
    forgive(kept)
    return cast(Function, kept)


def forgive(kept: Any) -> None:
    """Make a damaged or full folder of compiled code cost time only: compile, and don't keep."""
    code = kept._cache
    load, save = code.load_overload, code.save_overload

    def load_if_whole(signature: Any, context: Any) -> Any:
        try:
            return load(signature, context)
        except Exception:  # whatever unpickling half a file may raise
            with suppress(OSError):
                code.flush()
            return None

    def save_if_possible(signature: Any, data: Any) -> None:
        with suppress(OSError):
            save(signature, data)

    code.load_overload, code.save_overload = load_if_whole, save_if_possible


def is_kept(kept: Any) -> bool:
    """Whether the machine code of an entry is on disk, for this processor and these sources."""
    try:
        overloads = kept._cache._cache_file._load_index()
    except Exception:  # as above
        return False
    here = kept.targetctx.codegen().magic_tuple()
    return any(magic == here for _signature, magic, _code in overloads)


def _names_used(function: FunctionType) -> set[str]:
    loads = (each for each in get_instructions(function) if each.opname == "LOAD_GLOBAL")
    return {each.argval for each in loads if each.argval in function.__globals__}


def _compiled_if_ours(value: Any) -> Any:
    if not isinstance(value, FunctionType) or not f"{value.__module__}.".startswith(OURS):
        return value
    return IN_ONE_INSTRUCTION.get(value) or compiled(value)


@contextmanager
def _cache_in(folder: Path) -> Iterator[None]:
    previous = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        settings.CACHE_DIR = previous


block = entry(draws.block)
exponential = entry(distributions.exponential)
lognormal = entry(distributions.lognormal)
duration = entry(distributions.duration)
offer = entry(access.offer)
mark_holders = entry(population.mark_holders)
settle = entry(population.settle)
count_slots = entry(diary.count_slots)
coordination_days = entry(diary.coordination_days)
lay_out_slots = entry(diary.lay_out_slots)
seasons = entry(demand.seasons)


def _with_search(value: Any) -> Any:
    """The search for a slot compiled; the policy around it is read as it stands."""
    if value is access.offer:
        return offer
    return linked(value, _with_search) if value is access.find_slot else value


find_offer = linked(access.find_offer, _with_search)
