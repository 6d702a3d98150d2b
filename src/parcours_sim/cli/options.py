"""Options that several commands share, and reading scenarios as they ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parcours_sim.experiment.engines import CHOICES, Choice
from parcours_sim.scenario.errors import (
    Collecting,
    Finding,
    ScenarioError,
    described,
    listed,
    nearest,
)

from .errors import refusal

if TYPE_CHECKING:
    from parcours_sim.scenario.scenario import Scenario

SETS = ("documents", "literature")
BOTH = "both"
"""What `--parameter-set` says where results under either set are to stand side by side."""

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME|FILE",
        help="A scenario by name (see parcours-sim list), or the path of a .toml file.",
    ),
]
Names = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME|FILE",
        help="Scenarios by name (see parcours-sim list), or paths of .toml files.",
    ),
]
Finished = Annotated[
    Path,
    typer.Argument(
        metavar="DIR",
        exists=True,
        file_okay=False,
        help="The results folder of a comparison that is finished.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Put another value in place, in the unit that the key's name ends with; may be given "
        "several times. Keys are those of: parcours-sim show NAME --resolved. "
        "Example: --set territory.inhabitants=3000",
        show_default="nothing is changed",
    ),
]
ParameterSet = Annotated[
    str,
    typer.Option(
        metavar="documents|literature",
        help="Whose values to use: those of the two source documents, or, where they differ, "
        "those of the literature.",
    ),
]
EitherSet = Annotated[
    str,
    typer.Option(
        metavar="documents|literature|both",
        help="Whose values to use: those of the two source documents, or, where they differ, "
        "those of the literature. both: under either set, side by side; results go to a folder of "
        "each below --out.",
    ),
]
Replications = Annotated[
    int,
    typer.Option(
        min=1, metavar="N", help="Number of random worlds in which each scenario is simulated."
    ),
]
Precision = Annotated[
    list[str] | None,
    typer.Option(
        "--precision",
        metavar="OUTCOME=HALF-WIDTH",
        help="Instead of --replications: as many as it takes for 95 % intervals so narrow. In per "
        "cent of the baseline's mean, such as hospitalisations=1%, or in the outcome's own unit "
        "per replication; may be given several times.",
        show_default="a number of replications",
    ),
]
MaxReplications = Annotated[
    int, typer.Option(min=2, metavar="N", help="With --precision: no more replications than these.")
]
Seed = Annotated[
    int,
    typer.Option(
        min=0,
        metavar="N",
        help="A whole number that chooses the random worlds; same seed, same ones.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help="Number of threads (compiled engine) or processes (reference engine) that simulate; "
        "results don't depend on it.",
        show_default="one per processor",
    ),
]


def _engine(text: str) -> str:
    if text not in CHOICES:
        allowed = ", ".join(CHOICES)
        raise typer.BadParameter(f"found {described(text)}, allowed {allowed}")
    return text


Engine = Annotated[
    Choice,
    typer.Option(
        parser=_engine,
        metavar="|".join(CHOICES),
        help="The program that simulates; results don't depend on it. auto: the compiled one, "
        "unless the reference one is done before it is compiled. both: run each replication on "
        "either and compare them.",
    ),
]


def folder(text: str) -> Path:
    """Read a folder's name; an empty one, as an unset variable gives it, isn't the present one."""
    if not text.strip():
        raise typer.BadParameter("found nothing, allowed the name of a folder")
    return Path(text)


EqualResources = Annotated[
    bool,
    typer.Option(
        "--equal-resources",
        help="Hold professional time constant: an organisation that takes more of nurses, "
        "pharmacists and coordination than the baseline has correspondingly fewer GP slots, one "
        "that takes less has more. Factors are found first, in a few of the random worlds.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        parser=folder,
        metavar="DIR",
        help="Folder of the results; the same command resumes what it holds.",
        show_default="results/, then the scenarios and what was changed",
    ),
]
Beside = Annotated[
    Path | None,
    typer.Option(
        parser=folder,
        metavar="DIR",
        help="Where to write tables and figures.",
        show_default="the results folder",
    ),
]
Events = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.csv|FILE.parquet",
        help="Also write the event log of the first replication: what happened to whom, when; "
        "times in days since the start.",
        show_default="no event log",
    ),
]


Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="tcp://HOST:PORT",
        help="Simulate on a Dask cluster, whose scheduler has this address (needs the extra "
        "`cluster`).",
        show_default="this machine simulates",
    ),
]
Shard = Annotated[
    str | None,
    typer.Option(
        metavar="i/n",
        help="Simulate only the i-th of n shares, in a folder of its own, for `merge`.",
        show_default="everything",
    ),
]


def read_changes(texts: Sequence[str] | None) -> dict[str, str]:
    """Return what `--set` asks for, by key path.

    Raises ScenarioError where a text is no KEY=VALUE or a key comes twice, with and without the
    word `value` at its end, say; whether keys exist is found out when a scenario is loaded.
    """
    from parcours_sim.scenario.changes import bare

    changes: dict[str, str] = {}
    seen: set[str] = set()
    findings: list[Finding] = []
    for text in texts or ():
        key, equals, value = (part.strip() for part in text.partition("="))
        if not (key and equals and value):
            allowed = "KEY=VALUE, such as territory.inhabitants=3000"
            findings.append(Finding("--set", "", described(text), allowed))
        elif bare(key) in seen:
            findings.append(Finding("--set", key, "it a second time", "each key once"))
        seen.add(bare(key))
        changes[key] = value
    if findings:
        raise ScenarioError(findings)
    return changes


def check_outcome(name: str) -> None:
    """Raise ScenarioError where nothing is called so that is counted."""
    from parcours_sim.care.outcomes import OUTCOMES

    if name not in OUTCOMES:
        allowed = "an outcome of: parcours-sim outcomes"
        raise refusal("--outcome", described(name), allowed, nearest(name, OUTCOMES))


def check_parameter_set(name: str) -> None:
    """Raise ScenarioError where there is no such parameter set; `both` is more than one."""
    from parcours_sim.scenario.resolve import PARAMETER_SETS

    if name not in PARAMETER_SETS:
        close = nearest(name, PARAMETER_SETS)
        raise refusal("--parameter-set", described(name), listed(PARAMETER_SETS), close)


def over(said: Sequence[str], typed: Sequence[str]) -> list[str]:
    """Return the changes that a study says, but for the keys that were typed, and then those."""
    keys = {_key(text) for text in typed}
    return [*(text for text in said if _key(text) not in keys), *typed]


def _key(text: str) -> str:
    from parcours_sim.scenario.changes import bare

    return bare(text.partition("=")[0].strip())


def load(names: Sequence[str], parameter_set: str, changes: Sequence[str] | None) -> list[Scenario]:
    """Load scenarios, each given once, with the same changes made to all.

    Raises ScenarioError with everything that is wrong with any of them.
    """
    from parcours_sim.scenario.resolve import load_scenario

    for name in names:
        if list(names).count(name) > 1:
            raise refusal("scenario", f"{described(name)} twice", "each scenario once")
    asked = read_changes(changes)
    scenarios: list[Scenario] = []
    wrong: dict[str, tuple[Finding, ...]] = {}
    for name in names:
        try:
            scenarios.append(load_scenario(name, parameter_set=parameter_set, changes=asked))
        except ScenarioError as error:
            wrong[name] = error.findings
    if wrong:
        raise ScenarioError(list(_findings_of_all(wrong, len(names))))
    return scenarios


def sets_of(parameter_set: str) -> tuple[str, ...]:
    """Return the parameter sets under which something is asked for; raises ScenarioError."""
    if parameter_set == BOTH:
        return SETS
    if parameter_set not in SETS:
        known = (*SETS, BOTH)
        close = nearest(parameter_set, known)
        raise refusal("--parameter-set", described(parameter_set), listed(known), close)
    return (parameter_set,)


def load_sets(
    names: Sequence[str], parameter_set: str, changes: Sequence[str] | None
) -> dict[str, list[Scenario]]:
    """Load scenarios under each parameter set that is asked for.

    Raises ScenarioError with everything that is wrong with any of them under any set.
    """
    findings: list[Finding] = []
    loaded: dict[str, list[Scenario]] = {}
    for one in sets_of(parameter_set):
        with Collecting(findings):
            loaded[one] = load(names, one, changes)
    if findings:
        raise ScenarioError(findings)
    return loaded


def _findings_of_all(wrong: dict[str, tuple[Finding, ...]], count: int) -> Iterator[Finding]:
    """Yield all findings; one about an option says for which scenario, unless it is for all."""
    for name, findings in wrong.items():
        for finding in findings:
            everywhere = sum(finding in others for others in wrong.values()) == count
            of_option = finding.file.startswith("--") and not everywhere
            yield replace(finding, file=f"{finding.file} ({name})") if of_option else finding
