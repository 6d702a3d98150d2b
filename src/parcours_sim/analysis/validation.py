"""The model beside all evidence that it can be held against: one row a figure, with a verdict.

Targets of the calibration come first, then what nothing was fitted to, then what no outcome
measures. Figures are simulated in other random worlds than those of the calibration. Nothing is
left out because it looks bad.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from parcours_sim.scenario.evidence import load_ledger
from parcours_sim.scenario.fit_account import NO_PARAMETER, Account, FitTold
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

from .fits import Figures, figure_of, tolerance_of
from .intervals import UNKNOWN, Estimate

Verdict = Literal["by construction", "inside", "outside", "out of reach", "not comparable"]
Role = Literal["fitted", "validated", "not compared"]
Sign = Literal["", "decrease", "increase"]

MISSED_ELSEWHERE = Text(
    en="fitted, and reproduced then; in these random worlds it is missed by more than chance",
    fr="calé, et reproduit alors ; dans ces mondes aléatoires, manqué de plus que le hasard",
)
FELL_SHORT = Text(
    en="parameters were fitted to it, and the search fell short of it",
    fr="des paramètres y ont été calés, sans que la recherche y parvienne",
)
UNMOVED = Text(
    en="no parameter of its step moves it",
    fr="aucun paramètre de son étape ne l’influence",
)
RANGE = Text(en="range: {}", fr="intervalle : {}")


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
    sign: Sign
    """Of evidence that states a direction only."""
    origin: str
    """Of the evidence: documents, literature, unverified or assumption."""
    verdict: Verdict
    notes: tuple[Text, ...] = ()
    """What a reader must know beside the figure: what it counts, why this range, why it differs."""
    best: float | None = None
    """The nearest figure found within the parameters' plausible ranges, in the random worlds of the
    calibration, if it is out of reach."""
    binding: tuple[str, ...] = ()
    beside: tuple[Told, ...] = ()


def validate(
    steps: Sequence[Step], rows: Rows, account: Account, figures: Figures
) -> Iterator[Compared]:
    """Yield every row of evidence with the model's own figure, as it is simulated.

    Args:
        steps: of the calibration, whose targets come first.
        rows: what nothing was fitted to.
        account: what the calibration tells of its targets; a target that it doesn't tell of, such
            as a claim of the documents under the literature, is compared like any row.
        figures: reads measures off replications, under the fitted values that scenarios use.
    """
    for step in steps:
        for target in step.target:
            yield _of_target(step, target, account, figures, rows.replications)
    for row in rows.row:
        yield _of_row(row, figures, rows.replications)
    for absent in rows.not_comparable:
        yield _not_compared(absent)


def _of_target(
    step: Step, target: Target, account: Account, figures: Figures, replications: int
) -> Compared:
    simulated, beside = _read(target, figures, max(replications, step.told_replications))
    _, stated_low, stated_high = stated(target)
    figure, tolerance = figure_of(target), tolerance_of(target)
    low, high = figure - tolerance, figure + tolerance
    fit = account.of(target.evidence, target.what.en)
    is_fitted = fit is not None and not account.is_kept(step.step)
    verdict = _verdict(fit, simulated, low, high, is_fitted=is_fitted)
    is_beyond = fit is not None and verdict == "out of reach"
    notes = (target.note, target.range_note and _of_range(target.range_note))
    return Compared(
        evidence=target.evidence,
        what=target.what,
        unit=target.unit,
        role="fitted" if is_fitted else "validated",
        step=step.step if is_fitted else None,
        of=target.of,
        against=target.against or "",
        simulated=simulated,
        low=low,
        high=high,
        stated=figure,
        stated_low=stated_low,
        stated_high=stated_high,
        sign="",
        origin=load_ledger()[target.evidence].origin,
        verdict=verdict,
        notes=_there((*notes, _why_missed(fit, verdict, is_fitted=is_fitted))),
        best=fit.best if fit and is_beyond else None,
        binding=tuple(fit.binding) if fit and is_beyond else (),
        beside=beside,
    )


def _verdict(
    fit: FitTold | None, simulated: Estimate, low: float, high: float, *, is_fitted: bool
) -> Verdict:
    if low <= simulated.value <= high:
        return "by construction" if is_fitted else "inside"
    if fit is not None and fit.verdict == "out of reach":
        return "out of reach"
    was_met = is_fitted and fit is not None and fit.holds
    may_be_chance = simulated.low <= high and simulated.high >= low
    return "by construction" if was_met and may_be_chance else "outside"


def _why_missed(fit: FitTold | None, verdict: Verdict, *, is_fitted: bool) -> Text | None:
    """Say of a target why it is missed, where the ends of ranges or other targets don't."""
    if fit is None:
        return None
    if verdict == "out of reach":
        return UNMOVED if fit.against == NO_PARAMETER else None
    if verdict != "outside" or not is_fitted:
        return None
    return MISSED_ELSEWHERE if fit.holds else FELL_SHORT


def _of_row(row: Row, figures: Figures, replications: int) -> Compared:
    simulated, beside = _read(row, figures, replications)
    figure, low, high = stated(row)
    notes = (row.note, row.range_note and _of_range(row.range_note), row.reason)
    return Compared(
        evidence=row.evidence,
        what=row.what,
        unit=row.unit,
        role="validated",
        step=None,
        of=row.of,
        against=row.against or "",
        simulated=simulated,
        low=0.0 if row.sign == "increase" else low,
        high=0.0 if row.sign == "decrease" else high,
        stated=None if row.sign else figure,
        stated_low=low,
        stated_high=high,
        sign=row.sign,
        origin=load_ledger()[row.evidence].origin,
        verdict="inside" if _agrees(row, simulated, low, high) else "outside",
        notes=_there(notes),
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
    return Compared(
        evidence=absent.evidence,
        what=absent.what,
        unit=absent.unit,
        role="not compared",
        step=None,
        of="",
        against="",
        simulated=UNKNOWN,
        low=row.low,
        high=row.high,
        stated=row.value,
        stated_low=row.low,
        stated_high=row.high,
        sign="",
        origin=row.origin,
        verdict="not comparable",
        notes=(absent.reason,),
    )


def _of_range(note: Text) -> Text:
    return Text(en=RANGE.en.format(note.en), fr=RANGE.fr.format(note.fr))


def _there(notes: Sequence[Text | None]) -> tuple[Text, ...]:
    return tuple(note for note in notes if note)


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
