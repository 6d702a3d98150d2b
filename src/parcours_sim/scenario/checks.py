"""Rules that span several tables of a scenario: sums of shares, names that must exist, hours.

Each rule yields every place that breaks it. What one table alone may contain lives in
`territory.py`, `episode.py`, `organisation.py` and `quantity.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from .errors import Finding, described, key_path, listed, nearest
from .files import Tree
from .findings import Location

Found = Iterator[tuple[Location, Finding, tuple[Location, ...]]]
"""Each mistake: where it is told, the finding, and the places of all the values it follows from."""

TOLERANCE = 1e-9
"""How far from 1 a sum of shares may be: rounding, not carelessness."""

GROUPS = ("age_75_and_over", "everyone")
"""People at risk of an episode kind who are not those with a condition."""

MOST_ROWS = ((("territory", "links"), 63), (("episodes",), 255))
"""An episode remembers the links that lost a message about it in the bits of one number; the key of
a stay has one byte for its kind."""

OPENINGS = (
    ("professionals", "gp_opens_hour", "gp_closes_hour"),
    ("professionals", "gp_opens_hour", "saturday_closes_hour"),
    ("professionals", "pharmacy_opens_hour", "pharmacy_closes_hour"),
    ("hospital", "direct_opens_hour", "direct_closes_hour"),
)


def whole_findings(tree: Tree) -> Found:
    """Yield every mistake that only shows in the whole, with its places in the resolved scenario.

    Args:
        tree: the tables of a scenario; what is missing or no number is for the schema to refuse,
            and passed over here.
    """
    for rule in RULES:
        yield from rule(tree)


def _practices_sum_to_1(tree: Tree) -> Found:
    for root in ("organisation", "before"):
        yield from _sum_is_1(tree, (root, "practices"))


def _severities_sum_to_1(tree: Tree) -> Found:
    for name in _table(tree, "territory", "conditions"):
        yield from _sum_is_1(tree, ("territory", "conditions", name, "severities"))


def _control_starts_once(tree: Tree) -> Found:
    for name in _table(tree, "territory", "conditions"):
        place = ("territory", "conditions", name, "control")
        keys = ("starts_good_share", "starts_poor_share")
        good, poor = (_value(tree, *place, key) for key in keys)
        if good is not None and poor is not None and good + poor > 1 + TOLERANCE:
            finding = _sum(place, good + poor, "at most 1 for starts_good and starts_poor")
            yield place, finding, tuple((*place, key) for key in keys)


def _people_at_risk_exist(tree: Tree) -> Found:
    known = [*_table(tree, "territory", "conditions"), *GROUPS]
    for name, episode in _table(tree, "episodes").items():
        group = episode.get("at_risk")
        if "territory" in tree and isinstance(group, str) and group not in known:
            place = ("episodes", name, "at_risk")
            found, close = described(group), nearest(group, known)
            finding = Finding("", key_path(place), found, listed(known), close, "unknown-name")
            yield place, finding, (place,)


def _doors_open_before_they_close(tree: Tree) -> Found:
    for table, opens_key, closes_key in OPENINGS:
        opens = _value(tree, "territory", table, opens_key)
        closes = _value(tree, "territory", table, closes_key)
        if opens is not None and closes is not None and not opens < closes:
            place = ("territory", table, closes_key)
            found = f"{opens_key} {opens:g} and {closes_key} {closes:g}"
            allowed = "opening before closing"
            finding = Finding("", key_path(place), found, allowed, code="hours")
            yield place, finding, (place, ("territory", table, opens_key))


def _tables_are_not_endless(tree: Tree) -> Found:
    for place, most in MOST_ROWS:
        count = len(_table(tree, *place))
        if count > most:
            finding = Finding("", key_path(place), f"{count} tables", f"at most {most}")
            yield place, replace(finding, code="too-many"), (place,)


RULES: tuple[Callable[[Tree], Found], ...] = (
    _practices_sum_to_1,
    _severities_sum_to_1,
    _control_starts_once,
    _people_at_risk_exist,
    _doors_open_before_they_close,
    _tables_are_not_endless,
)


def _sum_is_1(tree: Tree, place: tuple[str, ...]) -> Found:
    """Check that the shares of a table of named parts sum to 1."""
    if _at(tree, *place) is None:
        return
    places = tuple((*place, name, "share") for name in _table(tree, *place))
    shares = [_value(tree, *each) for each in places]
    known = [share for share in shares if share is not None]
    if len(known) == len(shares) and abs(math.fsum(known) - 1) > TOLERANCE:
        yield place, _sum(place, math.fsum(known), "1"), places


def _sum(place: Location, total: float, allowed: str) -> Finding:
    return Finding("", key_path(place), f"a sum of {total:.10g}", allowed, code="sum")


def _at(tree: Tree, *place: str) -> Any:
    item: Any = tree
    for key in place:
        item = item.get(key) if isinstance(item, dict) else None
    return item


def _table(tree: Tree, *place: str) -> Tree:
    item = _at(tree, *place)
    return item if isinstance(item, dict) else {}


def _value(tree: Tree, *place: str) -> float | None:
    """Return the value of a quantity, or None where no finite number stands there."""
    number = _at(tree, *place, "value")
    if isinstance(number, bool) or not isinstance(number, int | float):
        return None
    return float(number) if abs(number) < 1e300 else None
