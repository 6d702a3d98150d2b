"""The commands `list`, `outcomes` and `check`: what there is, and whether files are right."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from .errors import WRONG_INPUT, in_plain_words
from .options import Json
from .tables import plain_table, print_table

GROUPS = (
    "Outcomes are counted for the group `all`; many also by age (age:under_75, age:75+), by kind "
    "of episode (kind:…), by practice model (practice:…) or by link (link:…). Totals (additive) "
    "are also shown per 100,000 inhabitants and year."
)


@in_plain_words
def list_scenarios(
    ctx: typer.Context,
    as_json: Json = False,
    page: Annotated[
        bool, typer.Option("--page", help="As docs/catalogue.md: with what each one moves.")
    ] = False,
) -> None:
    """List the named scenarios and studies that come with the program."""
    from parcours_sim.scenario.files import named_scenarios, read_toml, scenario_folder
    from parcours_sim.scenario.study_file import named_studies, study_folder

    if page:
        typer.echo("\n".join(_page()))
        return
    # Titles are never inherited, so a scenario's own file tells them.
    scenarios = {name: read_toml(scenario_folder() / f"{name}.toml") for name in named_scenarios()}
    studies = {name: read_toml(study_folder() / f"{name}.toml") for name in named_studies()}
    if as_json:
        about = ("title", "description", "extends")
        found = [
            {"kind": kind, "name": name} | {key: file.get(key) for key in about}
            for kind, files in (("scenario", scenarios), ("study", studies))
            for name, file in files.items()
        ]
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for kind, files in (("Scenario", scenarios), ("Study", studies)):
        table = plain_table(kind, "Title", "Description")
        for name, file in files.items():
            table.add_row(name, file["title"]["en"], file["description"]["en"])
        print_table(table)


def _page() -> list[str]:
    from parcours_sim.report.catalogue_page import page_lines
    from parcours_sim.scenario.files import named_scenarios, read_toml, scenario_folder
    from parcours_sim.scenario.resolve import load_scenario

    names = named_scenarios()
    files = (read_toml(scenario_folder() / f"{name}.toml") for name in names)
    return page_lines(
        [(load_scenario(name), file) for name, file in zip(names, files, strict=True)]
    )


@in_plain_words
def outcomes(ctx: typer.Context, as_json: Json = False) -> None:
    """List everything that is counted: id, unit and definition."""
    from parcours_sim.care.outcomes import OUTCOMES

    if as_json:
        every = [asdict(outcome) for outcome in OUTCOMES.values()]
        typer.echo(json.dumps(every, indent=2, ensure_ascii=False))
        return
    table: Table = plain_table("Outcome", "Unit", "Definition")
    for outcome in OUTCOMES.values():
        total = " (total)" if outcome.additive and outcome.unit != "count" else ""
        table.add_row(outcome.id, outcome.unit + total, outcome.definition)
    print_table(table)
    typer.echo(GROUPS)


@in_plain_words
def check(
    ctx: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="Files of scenarios, studies or a scenario library."),
    ],
) -> None:
    """Check files of scenarios and studies, and say everything that is wrong; nothing is run."""
    from parcours_sim.scenario.resolve import file_findings
    from parcours_sim.scenario.study_file import is_study

    from .study_check import faults_of

    wrong = False
    for file in files:
        faults = faults_of(file) if is_study(file) else list(map(str, file_findings(file)))
        wrong = wrong or bool(faults)
        for fault in faults:
            typer.echo(fault, err=True)
        if not faults:
            typer.echo(f"{file}: good")
    if wrong:
        raise typer.Exit(WRONG_INPUT)
