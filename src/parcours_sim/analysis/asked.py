"""What a step of the calibration asks under a parameter set: its targets, and what is free.

A digest of that stands in the file of fitted values, so that a fit of something else than is asked
today can be told from one of the same (`fit_checks.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256

from parcours_sim.scenario.targets import Step, Target, stated

from .fits import figure_of, tolerance_of
from .knobs import Knob, knobs_of

READ_BY = ("of", "against", "kind", "above", "below", "factor", "definition", "scope")
"""What says how the model's figure of a target is read off outcomes."""


def steps_of(steps: Iterable[Step], parameter_set: str) -> list[Step]:
    """Return the steps of a parameter set, each with the targets that it has there."""
    return [_of_set(step, parameter_set) for step in steps if parameter_set in step.sets]


def _of_set(step: Step, parameter_set: str) -> Step:
    targets = [target for target in step.target if parameter_set in target.sets]
    return step.model_copy(update={"target": targets})


def fitted_to(step: int, targets: Iterable[Target]) -> str:
    """Return the words for what a step's parameters are fitted to, such as `L084 (step 1)`."""
    evidence = ", ".join(dict.fromkeys(target.evidence for target in targets))
    return f"{evidence} (step {step})"


def digest(step: Step) -> str:
    """Return the SHA-256 of what a step asks: measures, figures, tolerances and ranges.

    Titles and notes are no part of it, nor is in how many worlds it is asked.
    """
    asked = {
        "repeated": step.repeated,
        "out_of_reach": step.out_of_reach,
        "free": [_ranges(knob) for knob in knobs_of(step)],
        "target": [_measured(target) for target in step.target],
    }
    return sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def _ranges(knob: Knob) -> list[list[object]]:
    return [[each.name, *map(float, (each.value, each.low, each.high))] for each in knob.places]


def _measured(target: Target) -> dict[str, object]:
    return {
        "evidence": target.evidence,
        **target.model_dump(include=set(READ_BY)),
        "stated": [figure_of(target), *stated(target)[1:]],
        "tolerance": tolerance_of(target),
    }
