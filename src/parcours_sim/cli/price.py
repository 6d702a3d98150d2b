"""The command `price`: who pays for what each organisation takes, under each account."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from parcours_sim.scenario.errors import ScenarioError, described

from . import options
from .errors import in_plain_words, refusal
from .study import Finished, figures_within, finished_study
from .tables import known, plain_table, print_files, print_heading, print_json, print_table

if TYPE_CHECKING:
    from parcours_sim.analysis.intervals import Estimate
    from parcours_sim.analysis.price import Price
    from parcours_sim.report.titles import Titles
    from parcours_sim.scenario.price_file import Prices
    from parcours_sim.scenario.scenario import Scenario

Language = Literal["en", "fr"]
UNIT_COST = re.compile(r"territory\.costs\.\w+|episodes\.\w+\.crisis\.stay_eur")
"""Keys that change a bill and nothing else."""


@in_plain_words
def price(
    ctx: typer.Context,
    folder: options.Finished,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="Another unit cost, such as territory.costs.gp_consultation_eur=60; may be "
            "repeated. Nothing is simulated again.",
            show_default=False,
        ),
    ] = None,
    prices: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.toml",
            help="Other accounts, rates of reimbursement and hours of a full-time post.",
            show_default="scenarios/price.toml",
        ),
    ] = None,
    out: options.Beside = None,
    language: Annotated[Language, typer.Option(help="Language of tables and figure.")] = "en",
    as_json: options.Json = False,
) -> None:
    """Tell who pays for what each organisation takes beside what it avoids.

    Accounts share the same bill out among compulsory insurance, households and care teams: fees
    alone, fees and lump sums as today, personal plans (PAERPA), a sum per person and year (Article
    51). They move euros, not patients.
    """
    from parcours_sim.analysis.price import price_study
    from parcours_sim.scenario.price_file import read_prices

    for option, value in (("--set", changes), ("--prices", prices)):
        if value and out is None:
            allowed = "it with --out DIR: the results folder keeps prices at its own costs"
            raise refusal(option, "it without --out", allowed)
    rules, finished = read_prices(prices), finished_study(folder)
    scenarios = [_at_other_costs(each, changes) for each in finished.scenarios]
    found, where = price_study(finished.result, scenarios, rules), out or folder
    files = _written(found, finished, where, language)
    if as_json:
        about = {
            "baseline": finished.comparison.baseline,
            "parameter_set": finished.comparison.parameter_set,
            "unit_costs": options.read_changes(changes),
        }
        print_json(about | _document(found, files))
        return
    _print(found, rules, finished, language)
    print_files(where, files)


def _written(
    found: dict[str, Price], finished: Finished, where: Path, language: Language
) -> list[Path]:
    """Write tables and figure; return their paths."""
    from parcours_sim.report.price_figure import draw_prices
    from parcours_sim.report.price_table import write_price_tables

    drawn = figures_within(where)
    files = write_price_tables(found, finished.comparison, where)
    return files + draw_prices(found, finished.comparison, finished.titles, drawn, language)


def _print(found: dict[str, Price], rules: Prices, finished: Finished, language: Language) -> None:
    from parcours_sim.report.equal_texts import equal_note

    for account in rules.account:
        print_heading(account.title.fr if language == "fr" else account.title.en)
        print_table(_table(found, account.name, finished.titles, language))
    if finished.comparison.equal_resources:
        said = equal_note(finished.comparison.equal_resources, finished.titles, language)
        typer.echo(f"· {said}")
    _print_notes(rules, language)


def _at_other_costs(scenario: Scenario, changes: Sequence[str] | None) -> Scenario:
    """Return a scenario at other unit costs; refuse keys that change more than its bill."""
    from parcours_sim.scenario.vary import varied

    asked = options.read_changes(changes)
    for key in asked:
        if not UNIT_COST.fullmatch(key.removesuffix(".value")):
            allowed = "territory.costs.NAME or episodes.NAME.crisis.stay_eur: a unit cost"
            raise refusal(f"--set {key}", described(key), allowed)
    try:
        return varied(scenario, asked, {}) if asked else scenario
    except ScenarioError as error:
        findings = [replace(finding, file="--set") for finding in error.findings]
        raise ScenarioError(findings) from None


def _table(found: dict[str, Price], account: str, titles: Titles, language: Language) -> Any:
    from parcours_sim.analysis.bills import PAYERS
    from parcours_sim.report.price_texts import per_stay_text
    from parcours_sim.report.words import say

    heads = [say(f"payer_{payer}", language) for payer in PAYERS]
    per_stay = [say(f"price_per_stay_{of}", language) for of in ("insurer", "everyone")]
    numbers = (*heads, *per_stay)
    table = plain_table(say("column_scenario", language), *numbers, right=numbers)
    for name, each in found.items():
        paid = [_thousands(each.paid[account][payer], language) for payer in PAYERS]
        costs = (each.insurer_per_avoided[account], each.per_avoided)
        told = (per_stay_text(cost, language).replace("\n", " ") for cost in costs)
        table.add_row(titles.scenario(name, language), *paid, *told)
    return table


def _thousands(euros: Estimate, language: Language) -> str:
    """Return thousands of euros with their interval."""
    from parcours_sim.report.words import between, number

    shown = euros.scaled(1e-3)
    value = number(shown.value, language, 1, signed=True)
    if not shown.has_interval:
        return value
    return f"{value} ({between(shown.low, shown.high, language, 1)})"


def _print_notes(rules: Prices, language: Language) -> None:
    from parcours_sim.report.words import say

    typer.echo(f"· {say('price_note', language)}")
    for account in rules.account:
        title = account.title.fr if language == "fr" else account.title.en
        words = account.description.fr if language == "fr" else account.description.en
        typer.echo(f"· {title}{' :' if language == 'fr' else ':'} {words}")


def _document(found: dict[str, Price], files: Sequence[Path]) -> dict[str, Any]:
    from parcours_sim.report.price_table import rows_of, worth_of

    organisations = [
        {
            "scenario": name,
            "rows": [{key: known(value) for key, value in row.items()} for row in rows_of(each)],
            "acceptability": list(worth_of(each)),
        }
        for name, each in found.items()
    ]
    return {"organisations": organisations, "files": [str(path) for path in files]}
