"""The command line's commands and the options that all of them share.

Thin by intention: commands parse, call and print. Those that show what there is are in
`catalogue.py`, `show.py` and `diff.py`, those that simulate or draw in `studies.py`; errors become
plain words and an exit status in `errors.py`. Whatever is slow to import is imported where it is
used. The way in is `__init__.py`.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import parcours_sim

from . import PROGRAM
from .attribute import attribute
from .calibrate import calibrate
from .catalogue import check, list_scenarios, outcomes
from .diff import diff
from .errors import Invocation
from .evidence import evidence
from .merge import merge
from .price import price
from .quality import quality
from .reproduce import reproduce
from .show import show
from .studies import compare, plot, run
from .sweep import sweep
from .twin import twin
from .validate import validate
from .warm_up import warm_up

app = typer.Typer(
    name=PROGRAM,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Begin with: parcours-sim list, then parcours-sim compare isole msp "
    "--set territory.inhabitants=3000 --set horizon.years=1",
)
app.command("list")(list_scenarios)
app.command("outcomes")(outcomes)
app.command("show")(show)
app.command("diff")(diff)
app.command("check")(check)
app.command("evidence")(evidence)
app.command("run")(run)
app.command("compare")(compare)
app.command("sweep")(sweep)
app.command("attribute")(attribute)
app.command("price")(price)
app.command("quality")(quality)
app.command("merge")(merge)
app.command("reproduce")(reproduce)
app.command("plot")(plot)
app.command("twin")(twin)
app.command("warm-up")(warm_up)
app.command("calibrate")(calibrate)
app.command("validate")(validate)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"{PROGRAM} {parcours_sim.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    ctx: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and end."
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="If something fails, show where in the program.")
    ] = False,
) -> None:
    """Simulate how ways of organising primary care change avoidable hospitalisations."""
    ctx.obj = Invocation(debug=debug, command=(PROGRAM, *sys.argv[1:]))
