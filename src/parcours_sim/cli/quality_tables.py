"""What `quality` prints: counts and harms of all organisations, or every change of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import typer

from .tables import plain_table, print_heading, print_table

if TYPE_CHECKING:
    from rich.table import Table

    from parcours_sim.analysis.criteria import Judged
    from parcours_sim.report.titles import Titles

Language = Literal["en", "fr"]


def print_organisations(
    by_name: Mapping[str, Sequence[Judged]], titles: Titles, language: Language
) -> None:
    """Print how many changes of each organisation have which verdict, and what each harms."""
    from parcours_sim.analysis.criteria import harms
    from parcours_sim.report.words import say

    print_table(_counts_table(by_name, titles, language))
    harmful = [each for own in by_name.values() for each in harms(own)]
    print_heading(say("quality_harms_head" if harmful else "quality_harms_none", language))
    if harmful:
        print_table(_harms_table(harmful, titles, language))
    typer.echo(f"· {say('quality_note', language)}")


def print_every_change(judged: Sequence[Judged], titles: Titles, language: Language) -> None:
    """Print what one organisation does to whom, and what exactly its outcomes are."""
    from parcours_sim.analysis.criteria import rows_judged
    from parcours_sim.care.outcomes import OUTCOMES
    from parcours_sim.report.quality_texts import finding_quality, outcome_title
    from parcours_sim.report.words import say

    who = titles.scenario(judged[0].scenario, language)
    print_heading(finding_quality(judged, who, language))
    print_table(_matrix(judged, titles, language))
    for key in ("quality_marks", "quality_note"):
        typer.echo(f"· {say(key, language)}")
    print_heading(say("quality_definitions", language))
    for _, outcome in rows_judged(judged):
        title = f"{outcome_title(outcome, language)} ({outcome})"
        told = say(
            "quality_definition", language, title=title, definition=OUTCOMES[outcome].definition
        )
        typer.echo(f"· {told}")


def _counts_table(
    by_name: Mapping[str, Sequence[Judged]], titles: Titles, language: Language
) -> Table:
    from parcours_sim.analysis.criteria import VERDICTS, counts, criteria
    from parcours_sim.report.quality_texts import criterion_title
    from parcours_sim.report.words import say

    heads = [say(f"column_{name}", language) for name in ("scenario", "criterion")]
    verdicts = tuple(say(f"quality_{verdict}", language) for verdict in VERDICTS)
    table = plain_table(*heads, *verdicts, right=verdicts)
    for name, own in by_name.items():
        for criterion in criteria():
            found = counts(each for each in own if each.criterion == criterion.name)
            title, numbers = criterion_title(criterion, language), map(str, found.values())
            table.add_row(titles.scenario(name, language), title, *numbers)
    return table


def _harms_table(harmful: Iterable[Judged], titles: Titles, language: Language) -> Table:
    from parcours_sim.report.quality_texts import change_with_interval, group_title, outcome_title
    from parcours_sim.report.words import say

    names = ("scenario", "outcome", "group", "change")
    heads = [say(f"column_{name}", language) for name in names]
    table = plain_table(*heads, right=(heads[-1],))
    for each in harmful:
        table.add_row(
            titles.scenario(each.scenario, language),
            outcome_title(each.outcome, language),
            group_title(each.group, titles, language),
            change_with_interval(each, language),
        )
    return table


def _matrix(judged: Sequence[Judged], titles: Titles, language: Language) -> Table:
    from parcours_sim.analysis.criteria import criteria, groups_judged, rows_judged
    from parcours_sim.report.quality_texts import criterion_title, group_title, outcome_title
    from parcours_sim.report.words import say

    groups, rows = groups_judged(judged), rows_judged(judged)
    heads = tuple(group_title(group, titles, language) for group in groups)
    table = plain_table(say("column_outcome", language), *heads, right=heads)
    cells = {(each.outcome, each.group): _cell(each, language) for each in judged}
    for criterion in criteria():
        outcomes = [outcome for name, outcome in rows if name == criterion.name]
        if outcomes:
            table.add_row(criterion_title(criterion, language), style="bold")
        for outcome in outcomes:
            own = (cells.get((outcome, group), "") for group in groups)
            table.add_row(f"  {outcome_title(outcome, language)}", *own)
    return table


def _cell(judged: Judged, language: Language) -> str:
    """Return a change with the mark of its verdict, which colours give in the figure."""
    from parcours_sim.report.quality_texts import change_text

    text = change_text(judged, language)
    return {"untold": f"({text})", "worse": f"{text} !"}.get(judged.verdict, text)
