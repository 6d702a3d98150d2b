"""One share of a study or a sweep, for a job of an array: simulated, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from .asked import Asked
from .study import interrupts_as_exceptions
from .tables import print_json

if TYPE_CHECKING:
    from parcours_sim.experiment.campaign import Campaign, How


def simulate_shard(
    asked: Asked,
    folder: Path,
    opened: Callable[[Path, How], AbstractContextManager[Campaign]],
    command: Sequence[str],
    *,
    as_json: bool = False,
) -> None:
    """Simulate one share of a study or sweep into a folder, and print what came of it.

    Args:
        asked: names the shard.
        folder: where its results go.
        opened: opens a folder for the study, given also how to simulate.
        command: as typed.
        as_json: whether to print a JSON document instead of a sentence.
    """
    how = asked.how(asked.replications, command)
    with interrupts_as_exceptions(), opened(folder, how) as campaign:
        campaign.run()
        total, simulated = campaign.total, campaign.simulated
    if as_json:
        about = {"shard": str(how.shard), "replications": total, "simulated": simulated}
        print_json(about | {"folder": str(folder)})
    elif total:
        typer.echo(
            f"Shard {how.shard}: {total} replications are stored in {folder}, {simulated} of them "
            f"simulated now. When all shards are done: {_merging(asked)}"
        )
    else:
        typer.echo(
            f"Shard {how.shard} has nothing to do: there are fewer replications "
            f"({asked.replications}) than shards. {folder} holds none; `merge` takes it too."
        )


def _merging(asked: Asked) -> str:
    """Return the command that brings shards together and shows what was asked for."""
    # A folder doesn't say what is to be shown of a sweep.
    shown = "" if asked.outcome == Asked.outcome else f" --outcome {asked.outcome}"
    return f"parcours-sim merge DIR DIR … --out DIR{shown}"
