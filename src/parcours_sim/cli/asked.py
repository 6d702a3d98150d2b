"""What is asked for: the options of a command that simulates, and the study file it names, if any.

An option that was typed goes before what a study file says, and that before the option's default.
Options themselves are in `options.py`, what is done with them in `study.py` and in
`sweep_asked.py`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from parcours_sim.experiment.engines import Choice, processors
from parcours_sim.scenario.errors import described

from .errors import refusal
from .options import BOTH, SETS, check_outcome, over, read_changes

if TYPE_CHECKING:
    from parcours_sim.experiment.campaign import How
    from parcours_sim.scenario.study_file import StudyFile

RESULTS = Path("results")
EITHER = ({"replications", "precision"}, {"vary", "territories"})
"""Two ways each to say one thing; where either is typed, what the study says of both is dropped."""
LONGEST_NAME = 120
"""Characters of a folder's name that this program chooses."""


@dataclass(frozen=True)
class Asked:
    """Options by their names; those that a command doesn't have keep what stands here."""

    replications: int = 10
    seed: int = 1
    changes: list[str] | None = None
    workers: int | None = None
    engine: Choice = "auto"
    parameter_set: str = "documents"
    out: Path | None = None
    events: Path | None = None
    cluster: str | None = None
    shard: str | None = None
    precision: list[str] | None = None
    max_replications: int = 1_000
    vary: list[str] | None = None
    territories: Path | None = None
    outcome: str = "hospitalisations"
    equal_resources: bool = False

    @classmethod
    def of(cls, ctx: typer.Context, study: StudyFile | None = None) -> Asked:
        """Return what a command line asks for, or else the study file that it names."""
        names = {field.name for field in fields(cls)}
        options = {name: value for name, value in ctx.params.items() if name in names}
        said = options_of(study) if study is not None else {}
        if is_typed(ctx, "replications") and is_typed(ctx, "precision"):
            raise refusal("--precision", "it with --replications", "one of the two")
        given = {name for name in names if is_typed(ctx, name)}
        dropped = given.union(*(pair for pair in EITHER if pair & given))
        changes = {"changes": over(said.pop("changes", ()), options.get("changes") or ())}
        untyped = {name: value for name, value in said.items() if name not in dropped}
        asked = cls(**options | untyped | changes)
        if is_typed(ctx, "max_replications") and not asked.precision:
            allowed = "it with --precision OUTCOME=HALF-WIDTH"
            raise refusal("--max-replications", "it without --precision", allowed)
        return asked

    def check(self) -> None:
        """Raise ScenarioError where options don't go together, or can't be used."""
        from parcours_sim.report.eventlog import FORMATS

        check_outcome(self.outcome)
        if self.precision:
            self._check_precision()
        if self.parameter_set == BOTH:
            self._check_both()
        if self.equal_resources and self.shard is not None:
            allowed = "it without, since what made resources equal is kept in one folder"
            raise refusal("--equal-resources", "it with --shard", allowed)
        if self.events is None:
            return
        if self.shard is not None:
            raise refusal("--events", "it with --shard", "it without, since a shard writes no log")
        if self.events.suffix.lower() not in FORMATS or self.events.is_dir():
            allowed = f"a file that ends in {' or '.join(FORMATS)}"
            raise refusal("--events", described(str(self.events)), allowed)
        if not self.events.parent.is_dir() and self.events.parent != self.out:
            raise refusal("--events", described(str(self.events)), "a file in an existing folder")

    def _check_precision(self) -> None:
        from parcours_sim.analysis.precision import read_targets

        read_targets(self.precision or ())
        if self.shard is not None:
            raise refusal("--shard", "it with a precision", "it with --replications N")

    def _check_both(self) -> None:
        """Refuse what one study writes where there are two."""
        for option, value in (("--shard", self.shard), ("--events", self.events)):
            if value is not None:
                allowed = f"it with one parameter set: {' or '.join(SETS)}"
                raise refusal(option, f"it with parameter set {BOTH}", allowed)

    def check_axes(self, keys: Collection[str]) -> None:
        """Raise ScenarioError for a sweep along too many axes, or along none."""
        from parcours_sim.scenario.study_file import MOST_KEYS

        count = f"{len(keys) or 'no'} key{'s' * (len(keys) > 1)}"
        if self.territories is not None and len(keys) >= MOST_KEYS:
            raise refusal("--vary", f"{count} beside --territories", "one key at most beside it")
        if len(keys) > MOST_KEYS or not (keys or self.territories):
            allowed = "one or two, or --territories FILE.csv and one at most"
            raise refusal("--vary", count, allowed)

    def folder(self, names: Sequence[str], *more: str) -> Path:
        """Return where the results go: what was asked for, or a name that says what they are of."""
        if self.out is not None:
            return self.out
        parts = [
            *names,
            *([self.parameter_set] if self.parameter_set != "documents" else []),
            *([f"seed={self.seed}"] if self.seed != 1 else []),
            *(f"{key}={value}" for key, value in read_changes(self.changes).items()),
            *more,
            *(["equal-resources"] if self.equal_resources else []),
            *([f"shard={self.shard}"] if self.shard is not None else []),
        ]
        name = re.sub(r"[^A-Za-z0-9_.=-]", "_", "-".join(parts))
        if len(name) > LONGEST_NAME:
            name = f"{name[:LONGEST_NAME]}-{sha256('-'.join(parts).encode()).hexdigest()[:8]}"
        return RESULTS / name

    def how(self, tasks: int, command: Sequence[str]) -> How:
        """Return how a number of tasks is to be simulated."""
        from parcours_sim.experiment.campaign import How
        from parcours_sim.experiment.plan import WHOLE, Shard

        workers = self.workers or max(1, min(processors(), tasks))
        shard = WHOLE if self.shard is None else Shard.read(self.shard)
        return How(workers, self.engine, command=command, cluster=self.cluster, shard=shard)


def study_named(names: Sequence[str], kind: Literal["comparison", "sweep"]) -> StudyFile | None:
    """Return the study that a command line names, or None where it names scenarios.

    Raises ScenarioError where it is wrong, of the other kind, or not alone.
    """
    from parcours_sim.scenario.study_file import is_study, read_study

    studies = [name for name in names if is_study(name)]
    if not studies:
        return None
    if len(names) > 1:
        raise refusal(described(studies[0]), "a study among others", "one study, or scenarios")
    study, _ = read_study(studies[0])
    if study.is_sweep != (kind == "sweep"):
        command = "sweep" if study.is_sweep else "compare"
        raise refusal(described(studies[0]), f"a study for `{command}`", f"a {kind}")
    return study


def options_of(study: StudyFile) -> dict[str, Any]:
    """Return what a study file asks for, by the names of options."""
    said: dict[str, Any] = {
        name: getattr(study, name)
        for name in ("replications", "seed", "parameter_set", "outcome")
        if getattr(study, name) is not None
    }
    for name, table in (("changes", study.set), ("precision", study.precision)):
        if table is not None:
            said[name] = _typed(table)
    if study.territories is not None:
        said["territories"] = Path(study.territories)
    return said


def _typed(table: Mapping[str, Any]) -> list[str]:
    """Return a table as one would type it: KEY=VALUE each."""
    return [
        f"{key}={str(value).lower() if isinstance(value, bool) else value}"
        for key, value in table.items()
    ]


def is_typed(ctx: typer.Context, name: str) -> bool:
    """Tell whether an option was typed, and isn't only what it is by default."""
    source = ctx.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"
