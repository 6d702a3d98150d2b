"""Whether what a calibration told of its targets still is so of the targets of today.

A figure is called fitted or validated by what a file of fitted values tells. Where that is about
other targets, other steps or other parameters than there are now, it is refused; where it is of
another version of the model, or the calibration stopped before it had settled, it may still be
right, and that is said. The form of the file is checked in `scenario/fitted.py` and
`scenario/fit_account.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from parcours_sim.scenario.errors import (
    Finding,
    ScenarioError,
    described,
    key_path,
    listed,
    nearest,
)
from parcours_sim.scenario.files import shown
from parcours_sim.scenario.fit_account import (
    ENDS,
    OTHERS,
    Account,
    FitTold,
    leans_on,
    others_told,
    read_account,
)
from parcours_sim.scenario.fitted import AGAIN, Fitted, FittedValue, fitted_file, read_fitted
from parcours_sim.scenario.targets import Step, Target

from .asked import digest, fitted_to, steps_of
from .fits import figure_of, names_of, tolerance_of
from .fitted_file import as_written
from .knobs import Place, at_least, at_most, knobs_of

SHORT = 12
"""Characters of a version that a message repeats."""


def checked_account(parameter_set: str, steps: Sequence[Step]) -> Account:
    """Return what a calibration tells of the targets of a parameter set; nothing without a file.

    Raises:
        ScenarioError: with everything in which it isn't of these steps and targets.
    """
    account = read_account(parameter_set)
    if account.about is None:
        return account
    findings: list[Finding] = []
    fitted = read_fitted(parameter_set, findings)
    if findings:
        raise ScenarioError(findings)
    mine = steps_of(steps, parameter_set)
    targets = {
        (target.evidence, target.what.en): (step, target) for step in mine for target in step.target
    }
    findings += _of_fits(account.fit, targets)
    findings += _without_fit(account.fit, targets)
    findings += _of_binding(account.fit, mine)
    findings += _of_kept(account, mine)
    findings += _without_kept(account, mine)
    findings += _of_values(account, fitted, mine)
    findings += _torn(fitted, mine)
    # What words and digests show beside these would be the same once more.
    findings = findings or [*_fitted_to_others(fitted, mine), *_of_asked(account, mine)]
    if findings:
        file = shown(fitted_file(parameter_set))
        raise ScenarioError([replace(finding, file=file) for finding in findings])
    return account


def in_doubt(account: Account, parameter_set: str, version: str) -> list[str]:
    """Return a sentence for each reason why a fit may no longer be right; none without a file.

    Args:
        account: what the calibration tells.
        parameter_set: whose fit it is.
        version: of the model by which figures are simulated now.
    """
    if account.about is None:
        return []
    file, said, about = shown(fitted_file(parameter_set)), list[str](), account.about
    then = about.model
    if then != version:
        versions = f"{_short(then)} instead of {_short(version)}"
        said.append(f"{file}: about.model: fitted with another version of the model, {versions}")
    then, now = about.documents_sha256 or "", leans_on(parameter_set)
    if then != now:
        documents = f"{shown(fitted_file('documents'))}, {_short(then)} instead of {_short(now)}"
        said.append(f"{file}: about.documents_sha256: fitted upon another {documents}")
    said = [f"{each}; to fit anew: parcours-sim calibrate" for each in said]
    if not about.settled:
        rounds = f"the last of {about.rounds} rounds still moved parameters"
        said.append(f"{file}: about.settled: {rounds} of steps that lean on one another")
    return said


Targets = dict[tuple[str, str], tuple[Step, Target]]
"""By evidence and words in English, those that a parameter set is fitted to, each with its step."""


def _of_fits(fits: Sequence[FitTold], targets: Targets) -> Iterator[Finding]:
    """Yield what is told of no target, or of one that has become another."""
    for place, fit in enumerate(fits):
        if (fit.evidence, fit.what) not in targets:
            words = [what for evidence, what in targets if evidence == fit.evidence]
            found = f"{described(fit.what)} of {fit.evidence}"
            allowed = f"a target that this parameter set is fitted to; {AGAIN}"
            close = nearest(fit.what, words)
            yield Finding("", _at(place, "what"), found, allowed, close, "unknown-name")
            continue
        step, target = targets[fit.evidence, fit.what]
        told = {
            "step": (fit.step, step.step),
            "unit": (fit.unit, target.unit.en),
            "stated": (fit.stated, as_written(figure_of(target))),
            "tolerance": (fit.tolerance, as_written(tolerance_of(target))),
        }
        for key, (then, now) in told.items():
            if then != now:
                allowed = f"{described(now)}, as the target of {fit.evidence} has it; {AGAIN}"
                yield Finding("", _at(place, key), described(then), allowed, code="not-the-target")


def _without_fit(fits: Sequence[FitTold], targets: Targets) -> Iterator[Finding]:
    """Yield the targets that nothing is told of."""
    told = {(fit.evidence, fit.what) for fit in fits}
    if targets and not told:
        allowed = f"a fit of each of the {len(targets)} targets; {AGAIN}"
        yield Finding("", "fit", "none", allowed, code="missing-fit")
        return
    for evidence, what in targets:
        if (evidence, what) not in told:
            found = f"none of {evidence}, {described(what)}"
            yield Finding("", "fit", found, f"a fit of each target; {AGAIN}", code="missing-fit")


def _of_binding(fits: Sequence[FitTold], steps: Sequence[Step]) -> Iterator[Finding]:
    """Yield what is told to bind a target, and is no end of its step's ranges or none of it."""
    by_number = {step.step: step for step in steps}
    for place, fit in enumerate(fits):
        if not fit.binding or fit.step not in by_number:
            continue
        step, what, told = by_number[fit.step], f"{ENDS} of step", set(fit.binding)
        known = set(_ends(step))
        if fit.against == OTHERS:
            what, told = OTHERS, {each for text in fit.binding for each in others_told(text)}
            known = {each.evidence for each in step.target if each.what.en != fit.what}
        if not told or not told <= known:
            allowed = f"{what} {fit.step}; {AGAIN}"
            found = ", ".join(fit.binding)
            yield Finding("", _at(place, "binding"), found, allowed, code="unknown-name")


def _ends(step: Step) -> Iterator[str]:
    """Yield every end of a range of a step's parameters, as a file writes it."""
    for place in (place for knob in knobs_of(step) for place in knob.places):
        yield from (at_most(place), at_least(place))


def _of_kept(account: Account, steps: Sequence[Step]) -> Iterator[Finding]:
    """Yield steps told to keep the library's values that can't, or with other parameters."""
    may = {step.step: names_of(knobs_of(step)) for step in steps if step.out_of_reach == "keep"}
    for place, kept in enumerate(account.kept):
        if kept.step not in may:
            allowed = listed(map(str, may)) if may else "none"
            allowed = f"a step that keeps the library’s values out of reach: {allowed}; {AGAIN}"
            where = key_path(("kept", place, "step"))
            yield Finding("", where, str(kept.step), allowed, code="unknown-step")
        elif kept.parameters != may[kept.step]:
            found, allowed = (", ".join(each) for each in (kept.parameters, may[kept.step]))
            where = key_path(("kept", place, "parameters"))
            allowed = f"those of step {kept.step}: {allowed}; {AGAIN}"
            yield Finding("", where, found or "none", allowed, code="not-the-parameters")


def _without_kept(account: Account, steps: Sequence[Step]) -> Iterator[Finding]:
    """Yield the steps that are to keep the library's values, and of which nothing says so."""
    missed = {fit.step for fit in account.fit if not fit.holds}
    for step in (each.step for each in steps if each.out_of_reach == "keep"):
        if step in missed and not account.is_kept(step):
            found = f"nothing of step {step}"
            allowed = f"step {step}, which keeps the library’s values where a target is missed"
            yield Finding("", "kept", found, f"{allowed}; {AGAIN}", code="not-kept")


def _of_values(account: Account, fitted: Fitted, steps: Sequence[Step]) -> Iterator[Finding]:
    """Yield values of what isn't free, and what is free and has none."""
    free, there = _freed(steps), {place for place, _ in _each(fitted)}
    for place in sorted(there | free.keys()):
        step = free.get(place)
        is_meant = step is not None and not account.is_kept(step.step)
        if (place in there) == is_meant:
            continue
        found, allowed = "a value", "none: no step frees it"
        if step is not None and place in there:
            allowed = f"none: step {step.step} keeps the library’s"
        elif step is not None:
            found, allowed = "nothing", f"the value that step {step.step} found"
        where = key_path(("values", *place))
        yield Finding("", where, found, f"{allowed}; {AGAIN}", code="not-the-parameters")


def _fitted_to_others(fitted: Fitted, steps: Sequence[Step]) -> Iterator[Finding]:
    """Yield values that say they were fitted to something else than their step is."""
    said = {place: fitted_to(step.step, step.target) for place, step in _freed(steps).items()}
    for place, value in _each(fitted):
        if place in said and value.fitted != said[place]:
            allowed = f"{described(said[place])}; {AGAIN}"
            where = key_path(("values", *place, "fitted"))
            yield Finding("", where, described(value.fitted), allowed, code="not-the-target")


def _torn(fitted: Fitted, steps: Sequence[Step]) -> Iterator[Finding]:
    """Yield values that don't go the same part of their ways as those that they move with."""
    values = {place: value.value for place, value in _each(fitted)}
    for knob in (knob for step in steps for knob in knobs_of(step)):
        names = [_name(place) for place in knob.places]
        there = [values[name] for name in names if name in values]
        if len(there) == len(names) and not knob.may_be_at(there):
            found = ", ".join(f"{value:g}" for value in there)
            allowed = f"as far along its range as {knob.places[0].name}; {AGAIN}"
            where = key_path(("values", *names[-1]))
            yield Finding("", where, found, allowed, code="torn-apart")


def _freed(steps: Sequence[Step]) -> dict[tuple[str, str, str], Step]:
    """By folder, part and key, the step that frees a number."""
    return {
        _name(place): step for step in steps for knob in knobs_of(step) for place in knob.places
    }


def _name(place: Place) -> tuple[str, str, str]:
    return place.folder, place.part, place.key


def _each(fitted: Fitted) -> Iterator[tuple[tuple[str, str, str], FittedValue]]:
    """Yield every fitted value with its folder, part and key."""
    for part, keys in fitted.values.items():
        yield from (((*part, key), value) for key, value in keys.items())


def _of_asked(account: Account, steps: Sequence[Step]) -> Iterator[Finding]:
    """Yield steps that ask something else today than when they were solved."""
    today = {step.step: digest(step) for step in steps}
    for place, asked in enumerate(account.asked):
        now = today.pop(asked.step, "no such step")
        if asked.sha256 != now:
            found = f"{_short(asked.sha256)} of step {asked.step}"
            allowed = f"{_short(now)}, as its measures, figures and ranges are today; {AGAIN}"
            where = key_path(("asked", place, "sha256"))
            yield Finding("", where, found, allowed, code="not-the-step")
    for step in today:
        found = f"nothing of step {step}"
        yield Finding("", "asked", found, f"a digest of each step; {AGAIN}", code="not-the-step")


def _at(place: int, key: str) -> str:
    return key_path(("fit", place, key))


def _short(version: str) -> str:
    return version[:SHORT] or "none"
