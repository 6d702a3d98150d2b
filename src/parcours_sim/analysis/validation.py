"""The model beside all evidence that it can be held against: one row a figure, with a verdict.

Targets of the calibration come first, then what nothing was fitted to, then what no outcome
measures. Figures are simulated in other random worlds than those of the calibration. Nothing is
left out because it looks bad.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from parcours_sim.scenario.evidence import load_ledger
from parcours_sim.scenario.files import is_file, read_toml
from parcours_sim.scenario.fitted import fitted_folder
from parcours_sim.scenario.targets import (
    Beside,
    Measure,
    NotComparable,
    Row,
    Rows,
    Step,
    Target,
    stated,
)
from parcours_sim.scenario.territory import Text

from .fits import Figures, tolerance_of
from .intervals import UNKNOWN, Estimate

Verdict = Literal["by construction", "inside", "outside", "out of reach", "not comparable"]
Role = Literal["fitted", "validated", "not compared"]

OUT_OF_REACH: Verdict = "out of reach"


@dataclass(frozen=True)
class Told:
    """What is told beside a row's figure, with nothing stated of it."""

    what: Text
    unit: Text
    simulated: Estimate


@dataclass(frozen=True)
class Compared:
    """A row: what evidence states, what the model gives, and what that makes."""

    evidence: str
    what: Text
    unit: Text
    role: Role
    step: int | None
    """Of the calibration, where it was fitted."""
    of: str
    against: str
    simulated: Estimate
    low: float | None
    """What counts as agreeing: the evidence's range, or the target's tolerance."""
    high: float | None
    stated: float | None
    stated_low: float | None
    stated_high: float | None
    origin: str
    """Of the evidence: documents, literature, unverified or assumption."""
    verdict: Verdict
    note: str = ""
    best: float | None = None
    """The nearest figure that the parameters' plausible ranges allow, if it is out of reach."""
    binding: tuple[str, ...] = ()
    beside: tuple[Told, ...] = ()


def validate(
    steps: Sequence[Step], rows: Rows, parameter_set: str, figures: Figures
) -> Iterator[Compared]:
    """Yield every row of evidence with the model's own figure, as it is simulated.

    Args:
        steps: of the calibration, whose targets come first.
        rows: what nothing was fitted to.
        parameter_set: `documents` or `literature`; claims of the documents are no targets of the
            latter, and then are compared like any row.
        figures: reads measures off replications, under the fitted values that scenarios use.
    """
    found = reached(parameter_set)
    for step in steps:
        for target in step.target:
            yield _of_target(step, target, parameter_set, figures, rows.replications, found)
    for row in rows.row:
        yield _of_row(row, figures, rows.replications)
    for absent in rows.not_comparable:
        yield _not_compared(absent)


def reached(parameter_set: str) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """Return what a calibration says of each target, by evidence and words; nothing without one."""
    path = fitted_folder() / f"{parameter_set}.toml"
    fits = read_toml(path).get("fit", []) if is_file(path) else []
    return {(fit["evidence"], fit["what"]): fit for fit in fits}


def _of_target(
    step: Step,
    target: Target,
    parameter_set: str,
    figures: Figures,
    replications: int,
    found: Mapping[tuple[str, str], Mapping[str, Any]],
) -> Compared:
    is_fitted = parameter_set in step.sets and parameter_set in target.sets
    count = max(replications, step.told_replications)
    simulated, beside = _read(target, figures, count)
    figure, low, high = stated(target)
    tolerance = tolerance_of(target)
    lowest, highest = _around(figure, tolerance)
    fit = found.get((target.evidence, target.what.en), {})
    is_near = lowest <= simulated.value <= highest
    verdict: Verdict = "outside"
    if is_fitted and (is_near or _was_met(fit, simulated, lowest, highest)):
        verdict = "by construction"
    elif is_near:
        verdict = "inside"
    elif is_fitted and "best" in fit:
        verdict = OUT_OF_REACH
    return Compared(
        target.evidence,
        target.what,
        target.unit,
        "fitted" if is_fitted else "validated",
        step.step if is_fitted else None,
        target.of,
        target.against or "",
        simulated,
        lowest,
        highest,
        figure,
        low,
        high,
        load_ledger()[target.evidence].origin,
        verdict,
        target.note or "",
        fit.get("best") if verdict == OUT_OF_REACH else None,
        tuple(fit.get("binding", ())) if verdict == OUT_OF_REACH else (),
        beside,
    )


def _was_met(fit: Mapping[str, Any], simulated: Estimate, low: float, high: float) -> bool:
    """Whether a target was met by the calibration, and is missed here by chance only."""
    return bool(fit.get("holds")) and simulated.low <= high and simulated.high >= low


def _around(figure: float | None, tolerance: float) -> tuple[float, float]:
    if figure is None:  # `tolerance_of` has refused it
        raise ValueError("a target states no figure")
    return figure - tolerance, figure + tolerance


def _of_row(row: Row, figures: Figures, replications: int) -> Compared:
    simulated, beside = _read(row, figures, replications)
    figure, low, high = stated(row)
    notes = (row.note, row.range_note and f"range: {row.range_note}", row.reason)
    return Compared(
        row.evidence,
        row.what,
        row.unit,
        "validated",
        None,
        row.of,
        row.against or "",
        simulated,
        low,
        high,
        figure,
        low,
        high,
        load_ledger()[row.evidence].origin,
        "inside" if _agrees(row, simulated, low, high) else "outside",
        "; ".join(filter(None, notes)),
        beside=beside,
    )


def _agrees(row: Row, simulated: Estimate, low: float | None, high: float | None) -> bool:
    """Whether a figure is in its range; a direction must be beyond chance."""
    if row.sign == "decrease":
        return simulated.high < 0.0
    if row.sign == "increase":
        return simulated.low > 0.0
    return (low is None or simulated.value >= low) and (high is None or simulated.value <= high)


def _not_compared(absent: NotComparable) -> Compared:
    row = load_ledger()[absent.evidence]
    unit = Text(fr=row.unit, en=row.unit)
    return Compared(
        absent.evidence,
        absent.what,
        unit,
        "not compared",
        None,
        "",
        "",
        UNKNOWN,
        row.low,
        row.high,
        row.value,
        row.low,
        row.high,
        row.origin,
        "not comparable",
        absent.reason,
    )


def _read(
    measure: Measure, figures: Figures, replications: int
) -> tuple[Estimate, tuple[Told, ...]]:
    besides = [_as_measure(measure, each) for each in measure.beside]
    simulated, *others = figures([measure, *besides], True, replications)
    told = zip(measure.beside, others, strict=True)
    return simulated, tuple(Told(each.what, each.unit, found) for each, found in told)


def _as_measure(measure: Measure, beside: Beside) -> Measure:
    return Measure(
        evidence=measure.evidence,
        what=beside.what,
        unit=beside.unit,
        of=measure.of,
        against=measure.against if beside.kind != "level" else None,
        kind=beside.kind,
        above=beside.above,
        below=beside.below,
        factor=beside.factor,
    )
