"""How many replications: as many as make the intervals asked for as narrow as asked.

Here live a target as typed (`hospitalisations=1%`), the rule that says after each batch whether
another one is needed and how large, and what is reported of it. All is arithmetic on one value per
replication; whoever simulates and stores asks from outside.

The rule. First 40 replications. Then, until every half-width is as small as asked: as many in all
as the widest interval would need if the deviation seen so far were the true one, at least a tenth
more, at most twice as many. An interval without width, of a difference that never varied, counts
only once enough was looked at to have seen one (`never_seen_after`). How often such intervals hold
the true mean is measured in docs/precision.md.

Sources: Y. S. Chow and H. Robbins, "On the asymptotic theory of fixed-width sequential confidence
intervals for the mean", Ann. Math. Stat. 36 (1965), for stopping where Student's interval is narrow
enough; A. M. Law, "Simulation Modeling and Analysis", for doing so with replications, relative to a
mean; K. Hoad, S. Robinson and R. Davies, "Automated selection of the number of replications for a
discrete-event simulation", J. Oper. Res. Soc. 61 (2010), for the danger of stopping too soon;
C. Stein, "A two-sample test for a linear hypothesis whose power is independent of the variance",
Ann. Math. Stat. 16 (1945), for the size of a second batch from the variance of a first one;
J. A. Hanley and A. Lippman-Hand, "If nothing goes wrong, is everything all right?", JAMA 249
(1983), for what has not been seen yet.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from parcours_sim.analysis.intervals import CONFIDENCE, ROUNDING, FloatArray, t_interval
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.scenario.errors import Finding, ScenarioError, described, listed, nearest

OPTION = "--precision"
EXAMPLES = "hospitalisations=1% (of the baseline's mean) or hospitalisations=5 (in its own unit)"

FIRST_BATCH = 40
MAXIMUM = 1_000
RARE = 0.05
"""What happens in a smaller share of replications may have been missed so far."""
GIVEN_UP_AFTER = 59
"""Replications without a case after which nothing is expected to be relative to."""
SMALLEST_GROWTH, LARGEST_GROWTH = 0.1, 1.0
"""Of a batch, as a share of the replications done before it."""

UPPER = 0.5 + CONFIDENCE / 2
NORMAL = float(ndtri(UPPER))


@dataclass(frozen=True)
class Target:
    """A half-width asked for of the 95 % interval of an outcome.

    It is in the outcome's own unit, per replication, or, where relative, a fraction of the
    baseline's mean (without a baseline, of the mean itself).
    """

    outcome: str
    half_width: float
    relative: bool


@dataclass(frozen=True)
class Sample:
    """One outcome of one scenario, as far as it is known: a value for each replication in turn.

    `difference` is scenario minus baseline; without a baseline, both arrays are the scenario's own
    values. NaN stands where a replication has no such value, as for a mean without a case.
    """

    scenario: str
    outcome: str
    difference: FloatArray
    baseline: FloatArray


@dataclass(frozen=True)
class Reach:
    """How far a target is reached by one scenario.

    `half_width` and `wanted` are in the outcome's unit; `half_width` is infinite with fewer than
    two replications. `wanted` of a relative target is estimated, and 0 where the baseline's mean is
    0. `replications` are those that have the outcome, `needed` how many it takes in all if the
    deviation stays what it is; None where that can't be told.
    """

    scenario: str
    target: Target
    half_width: float
    wanted: float
    replications: int
    needed: int | None
    is_reached: bool

    @property
    def outcome(self) -> str:
        """The outcome that is asked for."""
        return self.target.outcome

    @property
    def never_varied(self) -> bool:
        """Whether all replications gave the same difference."""
        return self.half_width == 0

    @property
    def relative_half_width(self) -> float:
        """The half-width as a fraction of the baseline's mean; NaN for an absolute target."""
        if not self.target.relative or self.wanted == 0:
            return math.nan
        return self.half_width / self.wanted * self.target.half_width


@dataclass(frozen=True)
class Look:
    """What replications tell so far of several means: arrays with an element for each of them.

    `count` replications have the outcome, `half_width` is that of its interval, `wanted` the one
    asked for, and `least` how many replications an interval without width takes.
    """

    count: FloatArray
    half_width: FloatArray
    wanted: FloatArray
    least: FloatArray

    @property
    def is_reached(self) -> NDArray[np.bool_]:
        """Whether the interval is narrow enough, and not only because nothing was seen yet."""
        is_sure = (self.half_width > 0) | (self.count >= self.least)
        is_narrow = (self.half_width <= self.wanted) & (self.wanted > 0)
        return np.asarray(is_sure & is_narrow)

    @property
    def is_hopeless(self) -> NDArray[np.bool_]:
        """Whether nothing can be relative to the baseline's mean, which is 0 (or never known)."""
        return np.asarray(self.wanted == 0)

    @property
    def needed(self) -> FloatArray:
        """The fewest replications that reach it with the same deviation; infinite if not told."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            ratio = self.half_width / _half_width(self.count, 1.0) / self.wanted
            # With m replications Student's quantile squared is about z² (1 + (z² + 1) / 2m).
            count = np.ceil((NORMAL * ratio) ** 2 + (NORMAL**2 + 1) / 2)
            count = np.where(np.isfinite(count), count, np.inf)
            count += _half_width(count, ratio) > 1
            count -= (count > 2) & (_half_width(count - 1, ratio) <= 1)
        return np.where((self.half_width == 0) & (self.wanted > 0), self.least, count)


def read_target(text: str) -> Target:
    """Read what `--precision` asks for: OUTCOME=NUMBER, or OUTCOME=NUMBER% relative to a mean.

    Raises ScenarioError where the text is of another form, the outcome unknown, or the number not
    one of more than 0. 100 % and more is refused too: so wide an interval couldn't tell an
    organisation that avoids everything from one that avoids nothing.
    """
    outcome, equals, value = (part.strip() for part in text.partition("="))
    if not (outcome and equals and value):
        raise _refusal("", described(text), f"OUTCOME=HALF-WIDTH, such as {EXAMPLES}")
    if outcome not in OUTCOMES:
        raise _refusal("", described(outcome), listed(OUTCOMES), nearest(outcome, OUTCOMES))
    relative = value.endswith("%")
    half_width = _number(value.removesuffix("%")) / (100 if relative else 1)
    if not 0 < half_width < (1 if relative else math.inf):
        allowed = "a number above 0, such as 5, or per cent above 0% and below 100%, such as 1%"
        raise _refusal(outcome, described(value), allowed)
    return Target(outcome, half_width, relative)


def read_targets(texts: Sequence[str]) -> tuple[Target, ...]:
    """Read all targets; raises ScenarioError with all that is wrong, an outcome given twice too."""
    targets: dict[str, Target] = {}
    findings: list[Finding] = []
    for text in texts:
        try:
            target = read_target(text)
        except ScenarioError as error:
            findings.extend(error.findings)
            continue
        if target.outcome in targets:
            again = Finding(OPTION, target.outcome, "it a second time", "each outcome once")
            findings.append(again)
        targets[target.outcome] = target
    if findings:
        raise ScenarioError(findings)
    return tuple(targets.values())


def reached(samples: Sequence[Sample], targets: Sequence[Target]) -> tuple[Reach, ...]:
    """Return how far each target is reached, by target, then in the order of the samples.

    Raises ValueError where a target has no sample.
    """
    asked = list(_asked(samples, targets))
    look = _look(asked)
    needed = _needed_of_all(look, asked)
    return tuple(
        Reach(
            scenario=sample.scenario,
            target=target,
            half_width=float(look.half_width[place]),
            wanted=float(look.wanted[place]),
            replications=int(look.count[place]),
            needed=int(needed[place]) if math.isfinite(needed[place]) else None,
            is_reached=bool(look.is_reached[place]),
        )
        for place, (sample, target) in enumerate(asked)
    )


def next_batch(
    samples: Sequence[Sample], targets: Sequence[Target], done: int, maximum: int = MAXIMUM
) -> int:
    """Return how many replications to have next, after `done` of them; 0 where it ends.

    It ends when every target is reached for every sample, or with `maximum` replications. What
    can't be reached, being relative to a mean of 0, is given up at the first look from 59 on.
    Raises ValueError where a target has no sample; before the first batch none is looked at.
    """
    if done >= maximum:
        return 0
    if done < FIRST_BATCH:
        return min(FIRST_BATCH, maximum) - done
    asked = list(_asked(samples, targets))
    look = _look(asked)
    is_open = ~look.is_reached & ~(look.is_hopeless & (done >= GIVEN_UP_AFTER))
    if not is_open.any():
        return 0
    needed = _needed_of_all(look, asked)[is_open]
    total = next_total(np.full(needed.shape, float(done)), needed).max()
    return min(int(total), maximum) - done


def next_total(done: FloatArray, needed: FloatArray) -> FloatArray:
    """Return how many replications to have in all: those needed, in steps neither tiny nor huge."""
    least, most = (done + np.ceil(done * growth) for growth in (SMALLEST_GROWTH, LARGEST_GROWTH))
    return np.clip(needed, least, most)


def never_seen_after(share: FloatArray) -> FloatArray:
    """Return how many replications show with 95 % confidence what happens in a share of them.

    59 for one in twenty; about 3 / share; infinite for a share of 0.
    """
    with np.errstate(divide="ignore", over="ignore"):
        return np.ceil(math.log(1 - CONFIDENCE) / np.log1p(-share))


def least_without_width(wanted: FloatArray, is_whole: NDArray[np.bool_]) -> FloatArray:
    """Return how many replications must agree before an interval without width counts.

    59, which would have shown a difference in one of twenty. Where an outcome comes in whole
    numbers, one stay more in a share of replications as small as `wanted` moves the mean by as much
    as is asked to be known; then as many as would have shown that.
    """
    return never_seen_after(np.where(is_whole, np.minimum(wanted, RARE), RARE))


def until_reached(
    samples: Callable[[int], Sequence[Sample]], targets: Sequence[Target], maximum: int = MAXIMUM
) -> int:
    """Return how many replications it takes; `samples` gives those of so many first ones.

    It is asked for more and more, always in the same steps, whatever is stored already: so neither
    an interruption nor an earlier, longer study changes the number.
    """
    done = next_batch((), targets, 0, maximum)
    while more := next_batch(samples(done), targets, done, maximum):
        done += more
    return done


def _refusal(key: str, found: str, allowed: str, near: str | None = None) -> ScenarioError:
    return ScenarioError([Finding(OPTION, key, found, allowed, near)])


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _asked(samples: Sequence[Sample], targets: Sequence[Target]) -> Iterator[tuple[Sample, Target]]:
    for target in targets:
        concerned = [sample for sample in samples if sample.outcome == target.outcome]
        if not concerned:
            raise ValueError(f"no sample of {target.outcome!r}, for which a precision is asked")
        yield from ((sample, target) for sample in concerned)


def _look(asked: Sequence[tuple[Sample, Target]]) -> Look:
    columns = np.array([_seen(*each) for each in asked], dtype=np.float64).reshape(-1, 4).T
    count, half_width, wanted, is_whole = columns
    return Look(count, half_width, wanted, least_without_width(wanted, is_whole > 0))


def _seen(sample: Sample, target: Target) -> tuple[float, float, float, bool]:
    """Return count, half-width, wanted half-width, and whether differences are whole numbers."""
    known = ~(np.isnan(sample.difference) | np.isnan(sample.baseline))
    difference, baseline = sample.difference[known], sample.baseline[known]
    if not len(difference):
        return 0, math.inf, 0.0, False
    unit = abs(t_interval(baseline).value) if target.relative else 1.0
    is_whole = bool(np.all(difference == np.rint(difference)))
    half_width = _half_width_of(difference, baseline)
    return len(difference), half_width, target.half_width * unit, is_whole


def _half_width_of(difference: FloatArray, baseline: FloatArray) -> float:
    """Return the half-width of the interval that tables show; 0 where only rounding varies."""
    if len(difference) < 2:
        return math.inf
    scale = max(np.abs(difference).max(), np.abs(baseline).max())
    if np.ptp(difference) <= ROUNDING * scale:
        return 0.0
    interval = t_interval(difference)
    return (interval.high - interval.low) / 2


def _needed_of_all(look: Look, asked: Sequence[tuple[Sample, Target]]) -> FloatArray:
    """Return how many replications are needed in all, since some don't have the outcome."""
    done = np.array([len(sample.difference) for sample, _ in asked], dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.ceil(look.needed * done / look.count)
    return np.where(np.isnan(needed), np.inf, needed)


def _half_width(count: FloatArray, deviation: FloatArray | float) -> FloatArray:
    """Return the half-width of Student's interval; infinite with fewer than two values."""
    several = np.maximum(count, 2)
    width = stdtrit(several - 1, UPPER) * deviation / np.sqrt(several)
    return np.where(count < 2, np.inf, width)
