"""The command `reproduce`: does a results folder, simulated again, come out the same?

How it is done stands in `experiment/reproduce.py`; here are the options and the words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from secrets import randbelow
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from parcours_sim.experiment.engines import processors
from parcours_sim.scenario.errors import described

from .errors import FAILURE, in_plain_words, refusal
from .options import Json, Workers
from .study import interrupts_as_exceptions
from .tables_again import faults_of_tables

if TYPE_CHECKING:
    from parcours_sim.experiment.reproduce import Record, Reproduced, Sample

ENGINES = ("auto", "reference", "compiled")
SEEDS = 1_000_000
"""A sample's seed is drawn below it where none is given: short enough to be typed again."""
MOST_SHOWN = 10
"""Replications that differ and are printed, each with its first difference."""


def _engine(text: str) -> str:
    if text not in ENGINES:
        raise typer.BadParameter(f"found {described(text)}, allowed {', '.join(ENGINES)}")
    return text


@in_plain_words
def reproduce(
    ctx: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", exists=True, file_okay=False, help="A results folder that is finished."
        ),
    ],
    size: Annotated[
        int | None,
        typer.Option(
            "--sample",
            min=1,
            metavar="N",
            help="Simulate only so many replications, drawn at random from all of them.",
            show_default="all",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            "--sample-seed",
            min=0,
            metavar="N",
            help="A whole number that chooses the sample; same number, same sample.",
            show_default="by chance, and printed",
        ),
    ] = None,
    engine: Annotated[
        Literal["auto", "reference", "compiled"],
        typer.Option(
            parser=_engine,
            metavar="|".join(ENGINES),
            help="The program that simulates, as in `run`; results don't depend on it.",
        ),
    ] = "auto",
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Simulate a results folder again and say whether the same comes out, to the bit.

    Only the folder itself is read, and nothing is written anywhere. Exit status 0 if it is
    reproduced, 1 if not.
    """
    from parcours_sim.experiment.campaign import How
    from parcours_sim.experiment.reproduce import recorded, reproduce

    if size is None and seed is not None:
        raise refusal("--sample-seed", "it without --sample", "it with --sample N")
    with recorded(folder) as found_there:
        faults = (*found_there.faults, *faults_of_tables(found_there))
        record = replace(found_there, faults=faults)
        sample = None if size is None else record.sample(size, _seed(seed))
        if not as_json:
            _print_lines(before(record, sample))
        how = How(workers or max(1, min(processors(), size or record.total)), engine)
        with interrupts_as_exceptions():
            found = reproduce(record, how, sample)
    if as_json:
        typer.echo(json.dumps(document(found), indent=2, ensure_ascii=False))
    else:
        _print_lines(after(found))
    if not found.is_same:
        raise typer.Exit(FAILURE)


def before(record: Record, sample: Sample | None) -> Iterator[str]:
    """Say what is known before anything is simulated."""
    for change in record.changes:
        yield f"Changed since: {change}"
    for fault in record.faults:
        yield f"Not as recorded: {fault}"
    if not record.changes and not record.faults:
        yield "Nothing has changed since: model, libraries, platform and files are the same."
    if sample is not None:
        yield (
            f"Sample: {sample.size} of {record.total} replications; the same ones again with "
            f"--sample {sample.size} --sample-seed {sample.seed}"
        )


def after(found: Reproduced) -> Iterator[str]:
    """Say what came out: what differs, whether that is a reproduction, and the digest."""
    for difference in found.differences[:MOST_SHOWN]:
        yield str(difference)
    if len(found.differences) > MOST_SHOWN:
        yield f"… and {len(found.differences) - MOST_SHOWN} more (--json lists all)"
    yield verdict(found)
    yield _table(found)


def verdict(found: Reproduced) -> str:
    """Say whether a folder is reproduced, and on how many replications that rests."""
    again = f"{found.compared} of {found.record.total} replications were simulated again"
    if found.sample is not None:
        again += f" (--sample {found.sample.size} --sample-seed {found.sample.seed})"
    differing = len(found.differences)
    how = f"{differing} of them not the same" if differing else "all the same to the bit"
    return f"{_head(found)}. {again}, {how}."


def _head(found: Reproduced) -> str:
    if found.is_same:
        return "Reproduced" + " although the model version changed" * found.is_of_another_version
    if not found.differs:
        return "Not reproduced: the folder isn't as recorded"
    if found.is_of_another_version:
        return "Not reproduced, differs: the model version changed"
    return "Not reproduced"


def _table(found: Reproduced) -> str:
    """Say what is known of the table's digest."""
    record, name = found.record, found.record.table.name
    if found.digest is not None:
        recorded = "as recorded" if found.digest == record.digest else f"recorded {record.digest}"
        return f"{name} as it would be written now: sha256 {found.digest}, {recorded}."
    if record.faults:
        return f"{name} as it was recorded: sha256 {record.digest}."
    both = f"{name} as it is" if record.manifest.axes else f"{name} and what is stored"
    return f"{both}: sha256 {record.digest}, as recorded."


def document(found: Reproduced) -> dict[str, Any]:
    """Return all that is known as data."""
    record, sample = found.record, found.sample
    return {
        "folder": str(record.results.path),
        "reproduced": found.is_same,
        "verdict": verdict(found),
        "model_version": {"there": record.manifest.model_version, "here": record.model.version},
        "changed_since": record.changes,
        "not_as_recorded": record.faults,
        "sample": None if sample is None else {"size": sample.size, "seed": sample.seed},
        "engine": found.engine,
        "replications": {"compared": found.compared, "of": record.total},
        "differences": [difference._asdict() for difference in found.differences],
        "sha256": {"recorded": record.digest, "now": found.digest},
    }


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)


def _seed(asked: int | None) -> int:
    return randbelow(SEEDS) if asked is None else asked
