"""Writing what a calibration found: a file that people read and compare, and scenarios read.

The values stand first, by part of the library; then every target with its figure, and the
parameters that targets hardly tell apart, or hardly tell at all. `scenario/fitted.py` reads it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from .fits import Calibrated, Fit, Ridge, Solved, names_of

DIGITS = 5
"""Significant digits of a figure in the file."""
ABOUT = """\
# What `parcours-sim calibrate` found for the parameter set `{parameter_set}`. Made by a command,
# not by hand: the same command gives the same file. Scenarios use the values below in place of the
# library's; ranges, and what each number rests on, stay those of the library.
#
# An interval (95 %) says what the targets' own ranges, chance and the parameter's plausible range
# leave open. The range counts as two standard errors either way, and the interval ends where it
# ends: the two ends are the same where all of the interval would lie beyond.
# Below the values: each target with what was simulated; of one that is missed, the `best` figure
# found within the ranges, in the same random worlds, and what stands `against` a nearer one. Then
# `ridge`, parameters that the targets tell only together: how they move together, and the standard
# error along that, in parts of the way from the library's value to an end of the range; `untold`,
# parameters of which the ranges say more than the targets; `kept`, parameters that stay as the
# library has them, since a target was missed where the search went; `asked`, a digest of each
# step's targets and ranges: where it is another today, so is the step.

[about]
parameter_set = "{parameter_set}"
model = "{model}"
seed = {seed}
rounds = {rounds}
settled = {settled}
"""


def fitted_text(
    found: Calibrated, parameter_set: str, model: str, seed: int, leans_on: str = ""
) -> str:
    """Return the file's text.

    Args:
        found: what a calibration came to.
        parameter_set: whose values they are.
        model: version of the model that they were found with.
        seed: what chose the random worlds.
        leans_on: SHA-256 of the documents' file, where its values stand under those of this set.
    """
    settled = json.dumps(found.settled)
    about = ABOUT.format(
        parameter_set=parameter_set, model=model, seed=seed, rounds=found.rounds, settled=settled
    )
    if leans_on:
        about += f'documents_sha256 = "{leans_on}"\n'
    parts = [about, *_values(found), *map(_fit, found.fits), *map(_ridge, found.ridges)]
    parts += [_untold(step, solved) for step, solved in found.solved if solved.untold]
    parts += [_kept(step, solved) for step, solved in found.solved if solved.kept]
    parts += [_asked(step, digest) for step, digest in sorted(found.asked.items())]
    return "\n".join(parts)


def _values(found: Calibrated) -> Iterator[str]:
    for (folder, part), keys in sorted(found.values.values.items()):
        lines = [f"[values.{folder}.{part}]"]
        for key, each in sorted(keys.items()):
            value, said = _number(each.value), _text(each.fitted)
            interval = f"[{', '.join(map(_number, each.interval))}]"
            lines.append(
                f"{_key(key)} = {{ value = {value}, interval = {interval}, fitted = {said} }}"
            )
        yield "\n".join(lines) + "\n"


def _fit(fit: Fit) -> str:
    lines = [
        "[[fit]]",
        f"step = {fit.step}",
        f"evidence = {_text(fit.target.evidence)}",
        f"what = {_text(fit.target.what.en)}",
        f"unit = {_text(fit.target.unit.en)}",
        f"stated = {_number(fit.stated)}",
        f"tolerance = {_number(fit.tolerance)}",
        f"simulated = {_number(fit.simulated.value)}",
        f"interval = [{_number(fit.simulated.low)}, {_number(fit.simulated.high)}]",
        f"holds = {json.dumps(fit.holds)}",
        f"verdict = {_text(fit.verdict)}",
    ]
    if fit.best is not None:
        lines.append(f"best = {_number(fit.best)}")
        if fit.against is not None:
            lines.append(f"against = {_text(fit.against)}")
        lines.append(f"binding = {_list(fit.binding)}")
    return "\n".join(lines) + "\n"


def _ridge(ridge: Ridge) -> str:
    moves = ", ".join(f"{move:.2f}" for move in ridge.moves)
    reach = _plain(f"{ridge.reach:.2g}")
    return (
        f"[[ridge]]\nstep = {ridge.step}\nparameters = {_list(ridge.parameters)}\n"
        f"moves = [{moves}]\nstandard_error = {reach}\n"
    )


def _untold(step: int, solved: Solved) -> str:
    return f"[[untold]]\nstep = {step}\nparameters = {_list(solved.untold)}\n"


def _kept(step: int, solved: Solved) -> str:
    return f"[[kept]]\nstep = {step}\nparameters = {_list(names_of(solved.knobs))}\n"


def _asked(step: int, digest: str) -> str:
    return f"[[asked]]\nstep = {step}\nsha256 = {_text(digest)}\n"


def _list(texts: Sequence[str]) -> str:
    return "[" + ", ".join(map(_text, texts)) + "]"


def _key(path: str) -> str:
    return _text(path) if "." in path else path


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def as_written(value: float) -> float:
    """Return a figure as the file gives it back."""
    return float(f"{value:.{DIGITS}g}")


def _number(value: float) -> str:
    return _plain(f"{value:.{DIGITS}g}")


def _plain(digits: str) -> str:
    """A float as TOML writes it."""
    if digits in ("nan", "inf", "-inf"):
        return digits
    return digits if any(sign in digits for sign in ".en") else f"{digits}.0"
