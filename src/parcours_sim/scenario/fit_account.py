"""What a calibration tells of itself in the file of fitted values: each target, and what was kept.

Here live the form of that account, the reading of it, and what in it is at odds with itself.
Whether it is about the targets of today is for `analysis/fit_checks.py`; the values are read in
`fitted.py`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from .errors import Finding, ScenarioError, described, key_path
from .files import shown
from .findings import schema_findings
from .fitted import AGAIN, checked_interval, fitted_file, state_of, tables_of
from .quantity import MODEL, EvidenceId, Number, Words

Figure = float
"""An end of an interval; no number (`nan`) where one replication leaves it open."""
OPEN = MODEL | ConfigDict(extra="ignore")
"""For what a calibration tells: a later one may tell more."""
Verdict = Literal["reproduced", "out of reach", "missed"]
"""Of a target: within its tolerance; or beyond what the ranges of its step's parameters, or the
step's other targets, allow; or neither, so that the search for it fell short."""
Against = Literal["no parameter moves it", "ends of ranges", "other targets of its step"]
"""What was shown to stand against a target that is missed."""
NO_PARAMETER: Final = "no parameter moves it"
ENDS: Final = "ends of ranges"
OTHERS: Final = "other targets of its step"
OUT_OF_REACH: Final = "out of reach"
HALF_A_DIGIT = 5e-5
"""What digits left out of a file may change of a figure, in parts of it."""


class FitTold(BaseModel):
    """What a calibration tells of one target: the figure stated, and what it came to."""

    model_config = OPEN
    step: Annotated[int, Field(ge=1)]
    evidence: EvidenceId
    what: Words
    """In English; with the evidence it says which target it is."""
    unit: Words
    stated: Number
    tolerance: Annotated[Number, Field(gt=0.0)]
    """How far from the stated figure is near enough."""
    simulated: Number
    interval: Annotated[
        list[Figure], Field(min_length=2, max_length=2), AfterValidator(checked_interval)
    ]
    holds: bool
    """Whether the simulated figure is near enough."""
    verdict: Verdict
    best: Number | None = None
    """The nearest figure that was found within the ranges, where the target is missed: in the
    random worlds of the calibration."""
    against: Against | None = None
    """What was shown to stand against a nearer one; nothing where nothing was."""
    binding: list[Words] = []
    """Which ends of ranges, or which other targets, that is."""


class KeptTold(BaseModel):
    """The parameters of a step that stay as the library has them."""

    model_config = OPEN
    step: Annotated[int, Field(ge=1)]
    parameters: list[Words]


class AskedTold(BaseModel):
    """What a step asked when it was solved."""

    model_config = OPEN
    step: Annotated[int, Field(ge=1)]
    sha256: Words
    """Of its measures, figures, tolerances and ranges (`analysis/asked.py`)."""


class About(BaseModel):
    """What a file of fitted values tells of the calibration as a whole."""

    model_config = OPEN
    parameter_set: Words
    model: Words
    """Version of the model that the values were found with."""
    rounds: Annotated[int, Field(ge=0)]
    """How often the steps that lean on one another were done."""
    settled: bool
    """Whether the last of these moved hardly anything."""
    documents_sha256: Words | None = None
    """Of the documents' file as it was, where its values stand under those of this set."""


class Account(BaseModel):
    """What a file of fitted values tells of the calibration, target by target."""

    model_config = OPEN
    about: About | None = None
    """Nothing where there is no file."""
    fit: list[FitTold] = []
    kept: list[KeptTold] = []
    asked: list[AskedTold] = []

    def of(self, evidence: str, what: str) -> FitTold | None:
        """Return what is told of a target, by its evidence and its words in English, if it is."""
        found = (fit for fit in self.fit if (fit.evidence, fit.what) == (evidence, what))
        return next(found, None)

    def is_kept(self, step: int) -> bool:
        """Whether the parameters of a step stay as the library has them."""
        return any(kept.step == step for kept in self.kept)


def others_in_words(evidence: Iterable[str]) -> str:
    """Return other targets that stand against one in words, each once."""
    return f"{OTHERS}: {', '.join(dict.fromkeys(evidence))}"


def others_told(words: str) -> list[str]:
    """Return the evidence that such words name; none where they are other words."""
    name, _, evidence = words.partition(": ")
    return evidence.split(", ") if name == OTHERS and evidence else []


def read_account(parameter_set: str) -> Account:
    """Return what a calibration tells of each target; nothing where there is no file.

    Whether that is still so of the targets of today is for `analysis/fit_checks.py`.

    Raises:
        ScenarioError: with everything that is wrong in what it tells.
    """
    path = fitted_file(parameter_set)
    if not state_of(path):
        return Account()
    told = tables_of(path)
    lists = {key: told.get(key, []) for key in ("fit", "kept", "asked")}
    tables = {"about": told.get("about", {}), **lists}
    found = [finding for _, finding in schema_findings(Account, tables)]
    account = Account() if found else Account.model_validate(tables)
    found += _of_another_set(account, parameter_set)
    found += _told_twice(account)
    found += _at_odds(account.fit)
    if found:
        raise ScenarioError([replace(finding, file=shown(path)) for finding in found])
    return account


def leans_on(parameter_set: str) -> str:
    """Return the SHA-256 of the documents' file, where its values stand under those of this set.

    However its lines are broken; nothing for the documents themselves, or where they have no file.
    """
    file = fitted_file("documents")
    if parameter_set == "documents" or not state_of(file):
        return ""
    return sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _of_another_set(account: Account, parameter_set: str) -> Iterator[Finding]:
    """Yield a finding where the file is another parameter set's."""
    own = account.about.parameter_set if account.about else parameter_set
    if own != parameter_set:
        allowed = f"{described(parameter_set)}, as the file is called; {AGAIN}"
        yield Finding("", "about.parameter_set", described(own), allowed, code="another-set")


def _told_twice(account: Account) -> Iterator[Finding]:
    """Yield a finding for each target, and each step, that is told of a second time."""
    lists: dict[str, list[tuple[Hashable, ...]]] = {
        "fit": [(fit.evidence, fit.what) for fit in account.fit],
        "kept": [(kept.step,) for kept in account.kept],
        "asked": [(asked.step,) for asked in account.asked],
    }
    for key, names in lists.items():
        for place, name in enumerate(names):
            if name in names[:place]:
                found = f"{', '.join(map(described, name))} a second time"
                yield Finding("", key_path((key, place)), found, "each once", code="twice")


def _at_odds(fits: Sequence[FitTold]) -> Iterator[Finding]:
    """Yield the first thing in each fit that goes against another."""
    for place, fit in enumerate(fits):
        for key, found, allowed in _oddities(fit):
            where = key_path(("fit", place, key))
            yield Finding("", where, found, f"{allowed}; {AGAIN}", code="at-odds")
            break


def _oddities(fit: FitTold) -> Iterator[tuple[str, str, str]]:
    """Yield the key of what goes against another, what was found, and what is allowed."""
    yield from _odd_verdict(fit)
    yield from _odd_best(fit)
    yield from _odd_reason(fit)


def _odd_verdict(fit: FitTold) -> Iterator[tuple[str, str, str]]:
    beside = f"beside holds = {described(fit.holds)}"
    if fit.holds != (fit.verdict == "reproduced"):
        allowed = '"reproduced" where it holds, and nowhere else'
        yield "verdict", f"{described(fit.verdict)} {beside}", allowed
    off = abs(_off(fit, fit.simulated))
    if fit.holds != (off <= 1.0) and abs(off - 1.0) > _slack(fit, fit.simulated):
        allowed = f"{fit.stated:g} ± {fit.tolerance:g} where it holds, and nowhere else"
        yield "simulated", f"{fit.simulated:g} {beside}", allowed
    low, high = fit.interval
    if fit.simulated < low or fit.simulated > high:
        found = f"{low:g} to {high:g} beside {fit.simulated:g} simulated"
        yield "interval", found, "an interval that holds what was simulated"


def _odd_best(fit: FitTold) -> Iterator[tuple[str, str, str]]:
    if fit.holds != (fit.best is None):
        told = "nothing" if fit.best is None else f"{fit.best:g}"
        allowed = "a figure where it doesn’t hold, and nowhere else"
        yield "best", f"{told} beside holds = {described(fit.holds)}", allowed
    if fit.best is None:
        return
    off, best, slack = _off(fit, fit.simulated), _off(fit, fit.best), _slack(fit, fit.best)
    found = f"{fit.best:g} beside {fit.simulated:g} simulated"
    if abs(best) > abs(off) + slack + _slack(fit, fit.simulated):
        yield "best", found, f"a figure that is no farther from {fit.stated:g}"
    crosses = best * off < 0.0 and min(abs(best), abs(off)) > slack
    if fit.against == ENDS and (crosses or abs(best) <= 1.0 - slack):
        yield "best", found, f"on the same side of {fit.stated:g} ± {fit.tolerance:g}: {ENDS}"
    if fit.against == NO_PARAMETER and fit.best != fit.simulated:
        yield "best", found, f"the same: {NO_PARAMETER}"


def _odd_reason(fit: FitTold) -> Iterator[tuple[str, str, str]]:
    told = described(fit.against) if fit.against else "nothing"
    if (fit.verdict == OUT_OF_REACH) != (fit.against is not None):
        allowed = f"what stands against a target {OUT_OF_REACH}, and of no other"
        yield "against", f"{told} beside {fit.verdict}", allowed
    if (fit.against in (ENDS, OTHERS)) != bool(fit.binding):
        allowed = f"which they are where {ENDS} or {OTHERS} stand against it"
        yield "binding", f"{len(fit.binding)} beside {told}", allowed


def _off(fit: FitTold, figure: float) -> float:
    """How far a figure is from the stated one, in tolerances."""
    return (figure - fit.stated) / fit.tolerance


def _slack(fit: FitTold, figure: float) -> float:
    """What digits that the file doesn't have may change of that."""
    written = abs(figure) + abs(fit.stated) + abs(figure - fit.stated)
    return HALF_A_DIGIT * written / fit.tolerance
