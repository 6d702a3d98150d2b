"""Fitted values: what a calibration found for numbers of the library, a file by parameter set.

Here live the form of such a file, `scenarios/fitted/SET.toml`, the reading of it and the putting of
its values into one part of the library; and the reading of what it tells of each target. When
values are put is decided in `assembly.py`; ranges and what a number rests on stay those of the
library.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256
from os import stat_result
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from .changes import is_quantity, leaves
from .errors import Collecting, Finding, ScenarioError, described, key_path, listed, nearest
from .file_kinds import PARTS
from .files import Tree, packaged_names, read_toml, scenario_folder, shown
from .findings import schema_findings, unknown_key
from .quantity import MODEL, EvidenceId, Number, Words, refused


def _checked_interval(ends: list[float]) -> list[float]:
    if ends[0] > ends[1]:
        raise refused("out-of-bounds", f"{ends[0]:g} before {ends[1]:g}", "the lower end first")
    return ends


Interval = Annotated[
    list[Number], Field(min_length=2, max_length=2), AfterValidator(_checked_interval)
]
Figure = float
"""What was simulated; no number (`nan`) where there was no case to compute it from."""
OPEN = MODEL | ConfigDict(extra="ignore")
"""For what a calibration tells: a later one may tell more."""
AGAIN = "run parcours-sim calibrate again"
"""What mends a file that isn't what a calibration of today would write."""
WRITTEN = 1e-3
"""What digits left out of a file may change of how far off a figure is, in tolerances."""


class FittedValue(BaseModel):
    """What a calibration found for one number."""

    model_config = MODEL
    value: Number
    interval: Interval
    """Within which the fit leaves the value."""
    fitted: Words
    """What it was fitted to, such as `L084 (step 1)`."""


class FittedFile(BaseModel):
    """What is read of a file of fitted values; a calibration keeps its own account beside it."""

    model_config = MODEL
    values: dict[str, dict[str, dict[str, FittedValue]]]
    """By folder of the library, name of the part, and key path in that part."""


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
    simulated: Figure
    interval: Annotated[
        list[Figure], Field(min_length=2, max_length=2), AfterValidator(_checked_interval)
    ]
    holds: bool
    """Whether the simulated figure is near enough."""
    verdict: Literal["reproduced", "out of reach", "missed"]
    best: Number | None = None
    """The nearest figure that was found within the ranges, where the target is missed: in the
    random worlds of the calibration."""
    against: Words | None = None
    """What was shown to stand against a nearer one; nothing where nothing was."""
    binding: list[Words] = []
    """Which ends of ranges, or which other targets, that is."""


class KeptTold(BaseModel):
    """The parameters of a step that stay as the library has them."""

    model_config = OPEN
    step: Annotated[int, Field(ge=1)]
    parameters: list[Words]


class About(BaseModel):
    """What a file of fitted values tells of the calibration as a whole."""

    model_config = OPEN
    parameter_set: Words
    model: Words
    """Version of the model that the values were found with."""
    documents_sha256: Words | None = None
    """Of the documents' file as it was, where its values stand under those of this set."""


class Account(BaseModel):
    """What a file of fitted values tells of the calibration, target by target."""

    model_config = OPEN
    about: About | None = None
    """Nothing where there is no file."""
    fit: list[FitTold] = []
    kept: list[KeptTold] = []

    def of(self, evidence: str, what: str) -> FitTold | None:
        """Return what is told of a target, by its evidence and its words in English, if it is."""
        found = (fit for fit in self.fit if (fit.evidence, fit.what) == (evidence, what))
        return next(found, None)

    def is_kept(self, step: int) -> bool:
        """Whether the parameters of a step stay as the library has them."""
        return any(kept.step == step for kept in self.kept)


@dataclass(frozen=True)
class Fitted:
    """The fitted values of one parameter set.

    Attributes:
        file: as messages show it.
        values: by folder of the library and name of the part, fitted values by key path.
    """

    file: str = ""
    values: Mapping[tuple[str, str], Mapping[str, FittedValue]] = field(default_factory=dict)


def fitted_folder() -> Path:
    """Return the folder of the fitted values that scenarios use."""
    return scenario_folder() / "fitted"


def fitted_file(parameter_set: str) -> Path:
    """Return where the fitted values of a parameter set stand, if there are any."""
    return fitted_folder() / f"{parameter_set}.toml"


def read_fitted(parameter_set: str, findings: list[Finding]) -> Fitted:
    """Return the fitted values of a parameter set; none where there is no file, or a wrong one.

    Args:
        parameter_set: `documents` or `literature`.
        findings: receives every mistake in the file.
    """
    path = fitted_file(parameter_set)
    with Collecting(findings):
        if state := _state(path):
            return _read(path, state.st_mtime_ns, state.st_size)
    return Fitted()


def read_account(parameter_set: str) -> Account:
    """Return what a calibration tells of each target; nothing where there is no file.

    Whether that is still so of the targets of today is for `analysis/fit_checks.py`.

    Raises:
        ScenarioError: with everything that is wrong in what it tells.
    """
    path = fitted_file(parameter_set)
    if not _state(path):
        return Account()
    told = _tables(path)
    tables = {"about": told.get("about", {}), **{key: told.get(key, []) for key in ("fit", "kept")}}
    found = [finding for _, finding in schema_findings(Account, tables)]
    account = Account() if found else Account.model_validate(tables)
    found += _of_another_set(account, parameter_set)
    found += _told_twice(account.fit)
    found += _at_odds(account.fit)
    if found:
        raise ScenarioError([replace(finding, file=shown(path)) for finding in found])
    return account


def leans_on(parameter_set: str) -> str:
    """Return the SHA-256 of the documents' file, where its values stand under those of this set.

    However its lines are broken; nothing for the documents themselves, or where they have no file.
    """
    file = fitted_file("documents")
    if parameter_set == "documents" or not _state(file):
        return ""
    return sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _state(path: Path) -> stat_result | None:
    """Return how a file of fitted values stands there, or None where there is nothing.

    Raises:
        ScenarioError: there is something else, which must not pass for nothing.
    """
    try:
        state = path.stat()
    except FileNotFoundError:
        if not path.is_symlink():
            return None
        found = "a link that leads nowhere"
    except OSError as error:
        found = (error.strerror or "no access").lower()
    else:
        if S_ISREG(state.st_mode):
            return state
        found = "a folder" if S_ISDIR(state.st_mode) else "no regular file"
    allowed = "a file that parcours-sim calibrate wrote, or nothing there"
    raise ScenarioError([Finding(shown(path), "", found, allowed, code="unreadable")])


def _tables(path: Path) -> Tree:
    tables = read_toml(path)
    if not tables:
        finding = Finding(shown(path), "", "nothing in it", f"fitted values; {AGAIN}", code="empty")
        raise ScenarioError([finding])
    return tables


def _of_another_set(account: Account, parameter_set: str) -> Iterator[Finding]:
    """Yield a finding where the file is another parameter set's."""
    own = account.about.parameter_set if account.about else parameter_set
    if own != parameter_set:
        allowed = f"{described(parameter_set)}, as the file is called; {AGAIN}"
        yield Finding("", "about.parameter_set", described(own), allowed, code="another-set")


def _at_odds(fits: list[FitTold]) -> Iterator[Finding]:
    """Yield a finding for each fit whose figure or verdict says other than whether it holds."""
    for place, fit in enumerate(fits):
        off = abs(fit.simulated - fit.stated) / fit.tolerance
        if fit.holds != (fit.verdict == "reproduced"):
            found = f"{described(fit.verdict)} beside holds = {described(fit.holds)}"
            allowed = f'"reproduced" where it holds, and nowhere else; {AGAIN}'
            yield Finding("", key_path(("fit", place, "verdict")), found, allowed, code="at-odds")
        # Not a number is never near enough.
        elif fit.holds != (off <= 1.0) and not abs(off - 1.0) < WRITTEN:
            found = f"{fit.simulated:g} beside holds = {described(fit.holds)}"
            allowed = (
                f"{fit.stated:g} ± {fit.tolerance:g} where it holds, and nowhere else; {AGAIN}"
            )
            yield Finding("", key_path(("fit", place, "simulated")), found, allowed, code="at-odds")


def _told_twice(fits: list[FitTold]) -> Iterator[Finding]:
    """Yield a finding for each fit of a target that an earlier one is of."""
    told: set[tuple[str, str]] = set()
    for place, fit in enumerate(fits):
        if (fit.evidence, fit.what) in told:
            found = f"{described(fit.what)} of {fit.evidence} a second time"
            yield Finding("", key_path(("fit", place)), found, "each target once", code="twice")
        told.add((fit.evidence, fit.what))


@lru_cache(maxsize=8)
def _read(path: Path, _changed_ns: int, _size: int) -> Fitted:
    """Read a file of fitted values, once for as long as it stays the same.

    Raises:
        ScenarioError: with everything that is wrong in it.
    """
    tables = {"values": _tables(path).get("values", {})}
    found = [finding for _, finding in schema_findings(FittedFile, tables)]
    found = found or list(_unknown_parts(tables["values"]))
    if found:
        raise ScenarioError([replace(finding, file=shown(path)) for finding in found])
    parts = FittedFile.model_validate(tables).values
    return Fitted(
        shown(path),
        {(kind, name): keys for kind, names in parts.items() for name, keys in names.items()},
    )


def _unknown_parts(values: Tree) -> Iterator[Finding]:
    """Yield a finding for each folder and each part that the packaged library doesn't have."""
    for kind, parts in values.items():
        if kind not in PARTS:
            yield _unknown_name(("values", kind), list(PARTS))
            continue
        names = packaged_names(kind)
        yield from (
            _unknown_name(("values", kind, part), names) for part in parts if part not in names
        )


def _unknown_name(place: tuple[str, ...], names: list[str]) -> Finding:
    found, close = described(place[-1]), nearest(place[-1], names)
    return Finding("", key_path(place), found, listed(names), close, "unknown-name")


def put_fitted(part: Tree, kind: str, name: str, fitted: Fitted) -> tuple[list[str], list[Finding]]:
    """Put fitted values into a part of the library, which is changed in place.

    Args:
        part: its tables.
        kind: its folder.
        name: its name.
        fitted: what there is to put; values of other parts are passed over.

    Returns:
        The key paths in the part that now hold a fitted value, and what is wrong with others.
    """
    put: list[str] = []
    findings: list[Finding] = []
    for key, found in fitted.values.get((kind, name), {}).items():
        place = fitted_place(kind, name, key)
        quantity = _at(part, key)
        if not is_quantity(quantity):
            paths = [path for path, item in leaves(part) if is_quantity(item)]
            wrong = unknown_key(key_path(place), key, paths, organised=False)
        elif not quantity["low"] <= found.value <= quantity["high"]:
            allowed = f"a value within the library’s range, {quantity['low']} to {quantity['high']}"
            where = key_path((*place, "value"))
            wrong = Finding("", where, str(found.value), allowed, code="outside-range")
        else:
            quantity |= {"value": found.value, "fitted": found.fitted}
            put.append(key)
            continue
        findings.append(replace(wrong, file=fitted.file))
    return put, findings


def fitted_place(kind: str, name: str, key: str) -> tuple[str, str, str, str]:
    """Return where the fitted value of a key of a part stands in its file."""
    return "values", kind, name, key


def _at(part: Tree, key: str) -> Any:
    item: Any = part
    for each in key.split("."):
        item = item.get(each) if isinstance(item, dict) and not is_quantity(item) else None
    return item
