"""Where results come from: the machine and the versions of what computed them."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

import parcours_sim

DEPENDENCIES = ("simpy", "numba", "numpy", "scipy", "pandas", "matplotlib", "pydantic", "pyarrow")


def now() -> str:
    """Return the present moment in UTC, to the second, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def versions() -> dict[str, str | None]:
    """Return the version of this package, of Python and of each dependency (None if absent)."""
    own = {"parcours_sim": parcours_sim.__version__, "python": platform.python_version()}
    return own | {name: _version(name) for name in DEPENDENCIES}


def machine() -> dict[str, str | int | None]:
    """Return what kind of machine this is; nothing that names it or its user."""
    return {"platform": platform.platform(), "cpu_count": os.cpu_count()}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
