"""Whether two scenarios share a world, so that their difference is one of organisation alone.

What a study does about scenarios that don't is in `study.py`.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from parcours_sim.scenario.identity import ABOUT

WORLD = ("parameter_set", "horizon", "territory", "episodes", "before")
"""Everything in a scenario that isn't its organisation."""

ABSENT = object()


class Difference(NamedTuple):
    """The key path at which two worlds part, and what each has there."""

    key: str
    here: str
    there: str


def difference_of_worlds(here: object, there: object) -> Difference | None:
    """Return the first key path at which the worlds of two scenarios differ, None if nowhere.

    A quantity counts by its value: its plausible range, its source and its reason change nothing
    that happens, nor do titles and notes.
    """
    sides = ({key: getattr(side, key, ABSENT) for key in WORLD} for side in (here, there))
    return next(_differences("", *sides), None)


def _differences(path: str, here: object, there: object) -> Iterator[Difference]:
    if hasattr(here, "value") and hasattr(there, "value"):
        yield from _differences(path, here.value, there.value)
        return
    ours, theirs = _parts(here), _parts(there)
    if ours is None or theirs is None:
        if here != there:
            yield Difference(path, _shown(here), _shown(there))
    elif list(ours) != list(theirs):  # their order counts: random streams may follow it
        yield Difference(path, _shown(here), _shown(there))
    else:
        for key, part in ours.items():
            yield from _differences(f"{path}.{key}".lstrip("."), part, theirs[key])


def _parts(item: object) -> Mapping[str, object] | None:
    """Return what an item is made of, by name; None when it is a plain value.

    Only fields are left out for being about a scenario: a condition that someone calls `note`
    counts like any other.
    """
    if isinstance(item, Mapping):
        return item
    if isinstance(item, list | tuple):
        return {str(number): part for number, part in enumerate(item)}
    if hasattr(item, "__dict__"):
        return {key: part for key, part in vars(item).items() if key not in ABOUT}
    return None


def _shown(item: object) -> str:
    if item is ABSENT:
        return "nothing"
    parts = _parts(item)
    if parts is None:
        return str(item)
    return str(item.value) if hasattr(item, "value") else ", ".join(parts) or "nothing"
