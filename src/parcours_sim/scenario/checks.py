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
from .findings import Location, unknown_key

Found = Iterator[tuple[Location, Finding, tuple[Location, ...]]]
"""Each mistake: where it is told, the finding, and the places of all the values it follows from."""

TOLERANCE = 1e-9
"""How far from 1 a sum of shares may be: rounding, not carelessness."""

GROUPS = ("age_75_and_over", "everyone")
"""People at risk of an episode kind who are not those with a condition."""

AT_MOST_1 = (
    (("territory", "conditions", "*", "control"), ("starts_good_share", "starts_poor_share")),
    (("territory", "demand"), ("symptomatic_share", "booked_ahead_share")),
    (("territory", "hospital"), ("ed_low_acuity_share", "ed_other_admitted_share")),
)
"""Shares of one whole that leave a rest; a star stands for every name."""

MOST_ROWS = ((("territory", "links"), 63), (("episodes",), 255))
"""An episode remembers the links that lost a message about it in the bits of one number; the key of
a stay has one byte for its kind."""

MOST_SLOTS = 1_000_000_000
"""In the books of all GPs over the horizon: their numbers have 32 bits, and layers may add some."""

USES = (
    *(("organisation", "practices", "model"), ("organisation", "layers", "layer")),
    *(("before", "practices", "model"), ("before", "layers", "layer")),
)
"""Where practice models and layers stand, and under which key."""

OPENINGS = (
    ("professionals", "gp_opens_hour", "gp_closes_hour"),
    ("professionals", "gp_opens_hour", "saturday_closes_hour"),
    ("professionals", "pharmacy_opens_hour", "pharmacy_closes_hour"),
    ("hospital", "direct_opens_hour", "direct_closes_hour"),
)
ROUNDS = (("professionals", "nurse_round_begins_hour", "nurse_round_ends_hour"),)
"""Hours that may be one and the same: a door that closes as it opens is never open, but all
patients can be seen at one hour."""


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


def _parts_leave_a_rest(tree: Tree) -> Found:
    for pattern, keys in AT_MOST_1:
        for place in _places(tree, pattern):
            shares = [_value(tree, *place, key) for key in keys]
            known = [share for share in shares if share is not None]
            if len(known) == len(keys) and math.fsum(known) > 1 + TOLERANCE:
                finding = _sum(place, math.fsum(known), f"at most 1 for {' and '.join(keys)}")
                yield place, finding, tuple((*place, key) for key in keys)


def _groups_keep_their_names(tree: Tree) -> Found:
    for name in GROUPS:
        if name in _table(tree, "territory", "conditions"):
            place = ("territory", "conditions", name)
            found, allowed = f"{described(name)}, a group of people", "another name"
            yield place, Finding("", key_path(place), found, allowed, code="bad-name"), (place,)


def _links_are_those_of_the_territory(tree: Tree) -> Found:
    if "territory" not in tree:
        return
    links = list(_table(tree, "territory", "links"))
    for root, kind, part in USES:
        for name in _table(tree, root, kind):
            start = (root, kind, name, part, "links")
            given = list(_table(tree, *start))
            for link in sorted({*links} ^ {*given}):
                place = (*start, link)
                finding = unknown_key(key_path(place), link, links, organised=True)
                if link in links:
                    allowed = "its delay_ratio and its loss_ratio"
                    finding = Finding("", key_path(place), "nothing", allowed, code="missing-key")
                yield place, finding, (place,)


def _people_at_risk_exist(tree: Tree) -> Found:
    known = [*_table(tree, "territory", "conditions"), *GROUPS]
    for name, episode in _table(tree, "episodes").items():
        group = episode.get("at_risk")
        if "territory" in tree and isinstance(group, str) and group not in known:
            yield _unknown(("episodes", name, "at_risk"), group, known)


def _people_reached_exist(tree: Tree) -> Found:
    known = [*_table(tree, "territory", "conditions"), *GROUPS]
    for place, layer in _layers(tree):
        group = layer.get("reaches")
        if "territory" in tree and isinstance(group, str) and group not in known:
            yield _unknown((*place, "reaches"), group, known)


def _kinds_noticed_exist(tree: Tree) -> Found:
    known = list(_table(tree, "episodes"))
    for place, layer in _layers(tree):
        for kind in _table(layer, "noticing"):
            if known and kind not in known:
                yield _unknown((*place, "noticing", kind), kind, known)


def _hours_follow_each_other(tree: Tree) -> Found:
    for keys in (*OPENINGS, *ROUNDS):
        table, begins_key, ends_key = keys
        begins = _value(tree, "territory", table, begins_key)
        ends = _value(tree, "territory", table, ends_key)
        if begins is None or ends is None or begins < ends or (keys in ROUNDS and begins == ends):
            continue
        place = ("territory", table, ends_key)
        found = f"{begins_key} {begins:g} and {ends_key} {ends:g}"
        finding = Finding("", key_path(place), found, "the first before the second", code="hours")
        yield place, finding, (place, ("territory", table, begins_key))


def _tables_are_not_endless(tree: Tree) -> Found:
    for place, most in MOST_ROWS:
        count = len(_table(tree, *place))
        if count > most:
            finding = Finding("", key_path(place), f"{count} tables", f"at most {most}")
            yield place, replace(finding, code="too-many"), (place,)


def _books_can_be_numbered(tree: Tree) -> Found:
    factors = (
        ("territory", "inhabitants"),
        ("territory", "professionals", "gps_per_100k"),
        ("territory", "professionals", "gp_slots_per_year"),
    )
    horizon = ("horizon", "years"), ("horizon", "warm_up_years")
    amounts = [_value(tree, *place) for place in factors]
    spans = [_value(tree, *place) for place in horizon]
    if None in amounts or None in spans:
        return
    slots = math.prod(filter(None, amounts)) / 100_000 * math.fsum(filter(None, spans))
    if slots > MOST_SLOTS:
        found = f"{slots:,.3g} slots of GPs over the horizon"
        allowed = f"at most {MOST_SLOTS:,}: a smaller territory, or fewer years"
        finding = Finding("", key_path(factors[0]), found, allowed, code="too-many")
        yield factors[0], finding, (*factors, *horizon)


RULES: tuple[Callable[[Tree], Found], ...] = (
    _practices_sum_to_1,
    _severities_sum_to_1,
    _parts_leave_a_rest,
    _groups_keep_their_names,
    _links_are_those_of_the_territory,
    _people_at_risk_exist,
    _people_reached_exist,
    _kinds_noticed_exist,
    _hours_follow_each_other,
    _tables_are_not_endless,
    _books_can_be_numbered,
)


def _layers(tree: Tree) -> Iterator[tuple[tuple[str, ...], Tree]]:
    """Yield each layer of the organisation and of the one before it, with its place."""
    for root in ("organisation", "before"):
        for name in _table(tree, root, "layers"):
            place = (root, "layers", name, "layer")
            yield place, _table(tree, *place)


def _unknown(
    place: tuple[str, ...], name: str, known: list[str]
) -> tuple[Location, Finding, tuple[Location, ...]]:
    """Return the finding for a name that means nobody and nothing."""
    found, close = described(name), nearest(name, known)
    finding = Finding("", key_path(place), found, listed(known), close, "unknown-name")
    return place, finding, (place,)


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


def _places(tree: Tree, pattern: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the places that a pattern means, a star in it standing for every name."""
    if "*" not in pattern:
        yield pattern
        return
    star = pattern.index("*")
    for name in _table(tree, *pattern[:star]):
        yield from _places(tree, (*pattern[:star], name, *pattern[star + 1 :]))


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
