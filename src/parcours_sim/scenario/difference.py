"""What differs between two scenarios, key by key.

Compared are *effective* parameters: what a resolved scenario holds, after `extends`, the library,
`changes`, `--set` and the parameter set; it makes no difference where a value was written, nor
whether much or little follows from it. Names, titles and descriptions are no parameters.

A part that only one scenario has (a layer, an episode kind) is absent from the other. A practice
model is not just absent, since every GP works in some model: where one scenario has a single model
that the other lacks, it stands in the place of each model that only the other has, and is set
beside each of them. Their keys bear both names: `organisation.practices.isole|esp.model.…`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate, chain, product

from .identity import flat_keys
from .quantity import Quantity
from .scenario import Scenario

Item = Quantity | str | bool
"""What a key names."""
Places = Mapping[str, list[str]]
"""The tables in which a practice model is shown instead of its own."""

PARTS = (
    "territory.conditions.*",
    "territory.links.*",
    "episodes.*",
    "before.practices.*.model",
    "before.layers.*.layer",
    "organisation.practices.*.model",
    "organisation.layers.*.layer",
)
"""Tables that a scenario has or lacks as a whole."""

_PART = re.compile("|".join(re.escape(part).replace(r"\*", "[^.]+") for part in PARTS))
_TITLE = re.compile(r"\.(title|description)\.(fr|en)$")


@dataclass(frozen=True, slots=True)
class Side:
    """What one scenario has.

    Attributes:
        key: the key path in that scenario, as `--set` takes it.
        item: the quantity, text or boolean there.
    """

    key: str
    item: Item


@dataclass(frozen=True, slots=True)
class Difference:
    """One key at which two scenarios differ.

    Attributes:
        key: the key path; with both names where two practice models are set beside each other.
        left: what the first scenario has, or None.
        right: what the second scenario has, or None.
        absent_part: the part that the other scenario lacks as a whole, if it does.
    """

    key: str
    left: Side | None
    right: Side | None
    absent_part: str | None = None

    @property
    def of_value(self) -> bool:
        """Whether values differ; else only the range does, the source, the reason or the note."""
        if self.left is None or self.right is None:
            return True
        return _value(self.left.item) != _value(self.right.item)


def differences(left: Scenario, right: Scenario) -> tuple[Difference, ...]:
    """Return every key at which two scenarios differ, in the order of `flat_keys`.

    What only the second scenario has comes behind what stands in the same table of the first.

    Example:
        >>> from parcours_sim.scenario.resolve import load_scenario
        >>> short = load_scenario("isole", changes={"horizon.years": 2})
        >>> [each.key for each in differences(load_scenario("isole"), short)]
        ['horizon.years']
    """
    places = _places(left, right)
    ours, theirs = _by_key(left, places[0]), _by_key(right, places[1])
    parts = {part_of(key) for key in ours} & {part_of(key) for key in theirs}
    return tuple(
        Difference(key, ours.get(key), theirs.get(key), _missing(part_of(key), parts))
        for key in _in_order(ours, theirs)
        if not (key in ours and key in theirs and ours[key].item == theirs[key].item)
    )


def part_of(key: str) -> str | None:
    """Return the part that a key path stands in, or None.

    Example:
        >>> part_of("episodes.copd.crisis.triage"), part_of("horizon.years")
        ('episodes.copd', None)
    """
    found = _PART.match(key)
    return found[0] if found else None


def table_of(key: str) -> str:
    """Return the part that a key path stands in, or else the table: its first one or two names.

    Example:
        >>> table_of("organisation.practices.esp.share"), table_of("horizon.years")
        ('organisation.practices', 'horizon')
    """
    return part_of(key) or ".".join(key.split(".")[:-1][:2])


def _value(item: Item) -> float | str | bool:
    return item.value if isinstance(item, Quantity) else item


def _missing(part: str | None, shared: set[str | None]) -> str | None:
    return None if part in shared else part


def _places(left: Scenario, right: Scenario) -> tuple[Places, Places]:
    """Return for either scenario where its practice models are shown that stand beside others."""
    ours, theirs = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for root, one, other in (
        ("before", left.before.practices, right.before.practices),
        ("organisation", left.organisation.practices, right.organisation.practices),
    ):
        only_one = [name for name in one if name not in other]
        only_other = [name for name in other if name not in one]
        if 1 not in (len(only_one), len(only_other)):
            continue  # nothing tells which would stand in whose place
        for name, beside in product(only_one, only_other):
            together = f"{root}.practices.{name}|{beside}.model"
            ours[f"{root}.practices.{name}.model"].append(together)
            theirs[f"{root}.practices.{beside}.model"].append(together)
    return ours, theirs


def _by_key(scenario: Scenario, places: Places) -> dict[str, Side]:
    """Return a scenario's parameters by key path, practice models in the places given."""
    found: dict[str, Side] = {}
    for key, item in flat_keys(scenario):
        part = part_of(key) or ""
        for place in [] if _TITLE.search(key) else places.get(part, [part]):
            found[place + key.removeprefix(part)] = Side(key, item)
    return found


def _in_order(ours: Iterable[str], theirs: Iterable[str]) -> list[str]:
    """Return all keys once, each table where it is first met, so that no table is torn apart."""
    rank: dict[str, int] = {}
    ranks: dict[str, list[int]] = {}
    for key in chain(ours, theirs):
        tables = accumulate(key.split("."), "{}.{}".format)
        ranks[key] = [rank.setdefault(table, len(rank)) for table in tables]
    return sorted(ranks, key=ranks.__getitem__)
