"""The command `diff`: every parameter that differs between two scenarios.

Here live the command, the reading of its two scenarios and the JSON document; what is printed for
people is in `side_by_side.py`. What counts as a difference is decided in `scenario/difference.py`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parcours_sim.scenario.errors import (
    Collecting,
    Finding,
    ScenarioError,
    described,
    listed,
    nearest,
)

from .errors import in_plain_words, refusal
from .options import Changes, Json, load
from .side_by_side import origin, print_differences, unit

if TYPE_CHECKING:
    from parcours_sim.scenario.difference import Difference, Side
    from parcours_sim.scenario.scenario import Scenario

SETS = {
    "documents": ("documents", "documents"),
    "literature": ("literature", "literature"),
    "both": ("documents", "literature"),
}
"""The parameter sets of A and of B, by what `--parameter-set` says."""


@in_plain_words
def diff(
    ctx: typer.Context,
    first: Annotated[
        str,
        typer.Argument(
            metavar="A",
            help="A scenario by name (see parcours-sim list), or the path of a .toml file.",
        ),
    ],
    second: Annotated[
        str | None,
        typer.Argument(
            metavar="B",
            help="Another one; with --parameter-set both it may be left out, and A is compared "
            "with itself.",
            show_default=False,
        ),
    ] = None,
    every: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Also each key of a part that only one of them has, each value's plausible range, "
            "and what has the same value but another range, source, reason or note.",
        ),
    ] = False,
    as_json: Json = False,
    changes: Changes = None,
    parameter_set: Annotated[
        str,
        typer.Option(
            metavar="|".join(SETS),
            help="Whose values to use, as in the other commands; both: A has those of the "
            "documents, B those of the literature.",
        ),
    ] = "documents",
) -> None:
    """List every parameter that differs between two scenarios: value, unit, what it rests on.

    Compared is what a simulation would use, wherever it was written. A practice model that only A
    has is set beside one that only B has (A's name|B's name). Exit status 0 whether or not anything
    differs.
    """
    from parcours_sim.scenario.difference import differences

    left, right = _sides((first, second), parameter_set, changes)
    found = differences(left, right)
    if as_json:
        typer.echo(json.dumps(_document(left, right, found), indent=2, ensure_ascii=False))
    else:
        labels = _labels((first, second or first), (left, right))
        print_differences(found, (left, right), labels, every=every)


def _sides(
    names: tuple[str, str | None], parameter_set: str, changes: Sequence[str] | None
) -> tuple[Scenario, Scenario]:
    """Load A and B; raise ScenarioError with everything that is wrong with either."""
    if parameter_set not in SETS:
        close = nearest(parameter_set, SETS)
        raise refusal("--parameter-set", described(parameter_set), listed(SETS), close)
    first, second = names
    if second is None and parameter_set != "both":
        raise refusal("scenario", "only one", "two, or one with --parameter-set both")
    asked = list(zip((first, second or first), SETS[parameter_set], strict=True))
    loaded: dict[tuple[str, str], Scenario] = {}
    findings: list[Finding] = []
    for values in dict.fromkeys(SETS[parameter_set]):
        alike = list(dict.fromkeys(name for name, its in asked if its == values))
        with Collecting(findings):
            scenarios = load(alike, values, changes)
            loaded |= {(name, values): it for name, it in zip(alike, scenarios, strict=True)}
    if findings:
        raise ScenarioError(findings)
    return loaded[asked[0]], loaded[asked[1]]


def _labels(typed: tuple[str, str], sides: tuple[Scenario, Scenario]) -> tuple[str, str]:
    """Return what to call A and B: the first kind of name that tells them apart."""
    left, right = sides
    names, sets = (left.name, right.name), (left.parameter_set, right.parameter_set)
    return next((pair for pair in (names, typed, sets) if pair[0] != pair[1]), ("A", "B"))


def _document(left: Scenario, right: Scenario, found: Sequence[Difference]) -> dict[str, Any]:
    return {
        "left": _about(left),
        "right": _about(right),
        "differences": [_record(each) for each in found if each.of_value],
        "same_value": [_record(each) for each in found if not each.of_value],
    }


def _about(scenario: Scenario) -> dict[str, Any]:
    from parcours_sim.scenario.resolve import scenario_hash

    return {
        "name": scenario.name,
        "title": scenario.title.model_dump(),
        "parameter_set": scenario.parameter_set,
        "hash": scenario_hash(scenario),
    }


def _record(difference: Difference) -> dict[str, Any]:
    return {
        "key": difference.key,
        "unit": unit(difference),
        "left": _of_side(difference.left),
        "right": _of_side(difference.right),
    }


def _of_side(side: Side | None) -> dict[str, Any] | None:
    from parcours_sim.scenario.quantity import Quantity

    if side is None:
        return None
    item = side.item
    if not isinstance(item, Quantity):
        return {"key": side.key, "value": item}
    about: dict[str, Any] = {"key": side.key, "value": item.value}
    about |= {"low": item.low, "high": item.high}
    if item.evidence:
        about |= {"evidence": item.evidence, "origin": origin(item)}
    else:
        about |= {"assumption": item.assumption}
    return about | {"note": item.note, "fitted": item.fitted}
