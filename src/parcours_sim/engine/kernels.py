"""The few functions of care/ that the SimPy engine calls in compiled form: draws and books.

They are the same sources as in care/, compiled by Numba to the same bits; interpreted, they would
take most of the time of a run. This is the only module that imports Numba. Compiled code is kept
on disk in a folder that carries the model's version, since Numba does not notice when a function
that another one calls has changed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar, cast

import numba
from platformdirs import user_cache_path

from parcours_sim.care import access, appointments, distributions, draws

from .version import model_version

Function = TypeVar("Function", bound=Callable[..., Any])


def cache_folder() -> Path:
    """A writable folder for compiled code: the user's cache, or else a temporary one."""
    wanted = user_cache_path("parcours_sim") / model_version()[:16]
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=wanted):
            return wanted
    except OSError:
        return Path(tempfile.mkdtemp(prefix="parcours_sim-"))


def compiled(function: Function, **siblings: object) -> Function:
    """`function` compiled, with the functions of care/ that it calls replaced by compiled ones."""
    source = cast(FunctionType, function)
    twin = FunctionType(
        source.__code__, {**source.__globals__, **siblings}, source.__name__, source.__defaults__
    )
    twin.__module__, twin.__qualname__ = source.__module__, source.__qualname__
    return cast(Function, numba.njit(cache=True, nogil=True)(twin))


settings: Any = numba.config
_previous = settings.CACHE_DIR
settings.CACHE_DIR = str(cache_folder())
block = compiled(draws.block)
exponential = compiled(distributions.exponential)
standard_normal = compiled(distributions.standard_normal)
lognormal = compiled(distributions.lognormal, standard_normal=standard_normal)
duration = compiled(distributions.duration, exponential=exponential, lognormal=lognormal)
first_free = compiled(appointments.first_free)
soonest = compiled(access.soonest, first_free=first_free)
offer = compiled(access.offer, first_free=first_free, soonest=soonest)
settings.CACHE_DIR = _previous
