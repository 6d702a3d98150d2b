"""The command `twin`: one patient's two lives, under two organisations, in one random world."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from parcours_sim.scenario.errors import described

from . import options
from .errors import in_plain_words, refusal
from .tables import plain_table, print_files, print_json, print_table

if TYPE_CHECKING:
    from parcours_sim.analysis.twin import Twin
    from parcours_sim.analysis.who import Who
    from parcours_sim.engine import Engine, Replication
    from parcours_sim.engine.record import Entry
    from parcours_sim.report.twin_words import Teller
    from parcours_sim.scenario.scenario import Scenario

First = Annotated[str, typer.Argument(metavar="A", help="A scenario by name, or a .toml file.")]
Second = Annotated[str, typer.Argument(metavar="B", help="Another one, of the same world.")]


@in_plain_words
def twin(
    ctx: typer.Context,
    first: First,
    second: Second,
    patient: Annotated[
        int | None,
        typer.Option(
            "--patient",
            min=0,
            metavar="N",
            help="Whose lives, by number, as in an event log's column person.",
            show_default="the clearest stay that B avoids, and that it induces",
        ),
    ] = None,
    replication: Annotated[
        int, typer.Option(min=0, metavar="N", help="Which random world, from 0.")
    ] = 0,
    around_days: Annotated[
        float, typer.Option(min=0.0, metavar="DAYS", help="How much is told before and after.")
    ] = 30.0,
    changes: options.Changes = None,
    parameter_set: options.ParameterSet = "documents",
    seed: options.Seed = 1,
    out: Annotated[
        Path | None,
        typer.Option(
            parser=options.folder,
            metavar="DIR",
            help="Where to draw the figures.",
            show_default="they are not drawn",
        ),
    ] = None,
    language: Annotated[
        Literal["en", "fr"], typer.Option(help="Language of what is told and of the figures.")
    ] = "en",
    as_json: options.Json = False,
) -> None:
    """Lay one patient's two lives side by side: the first in A, the second in B.

    Says where they part and why: which message, which wait, who noticed. Without --patient it picks
    the clearest stay that B avoids and the clearest that it induces: if there is any, one whose
    worsening begins in both lives; among these, the one before which the fewest events differ.
    """
    scenarios = _of_one_world(options.load([first, second], parameter_set, changes))
    patients, twins = _lives(scenarios, seed, replication, patient)
    teller = _teller(scenarios, language)
    drawn: list[Path] = []
    if out is not None:
        from parcours_sim.report.twin_figure import draw_twin
        from parcours_sim.report.words import say

        numbers = {"seed": str(seed), "replication": str(replication)}
        footer = say("footer_twin", language, parameter_set=parameter_set, **numbers)
        for each in twins:
            drawn += draw_twin(each, patients[each.person], teller, footer, out, around_days)
    if as_json:
        about = {"parameter_set": parameter_set, "seed": seed, "replication": replication}
        print_json(_document(scenarios, patients, twins, teller) | about | _files(drawn))
        return
    _print(patients, twins, teller, around_days, asked=patient is not None)
    if out is not None:
        print_files(out, drawn)


def _of_one_world(scenarios: list[Scenario]) -> tuple[Scenario, Scenario]:
    """See that two scenarios differ by their organisation alone."""
    from parcours_sim.experiment.pairing import difference_of_worlds

    first, second = scenarios
    if differs := difference_of_worlds(first, second):
        found = f"{differs.key} is {differs.here} in {first.name}, {differs.there} in {second.name}"
        allowed = "two scenarios of one world: they may differ by their organisation only"
        raise refusal("scenario", found, allowed)
    return first, second


def _lives(
    scenarios: tuple[Scenario, Scenario], seed: int, replication: int, patient: int | None
) -> tuple[dict[int, Who], list[Twin]]:
    """Return everyone simulated one by one, and the lives that are told."""
    from parcours_sim.analysis.twin import clearest, twin_of
    from parcours_sim.analysis.who import patients_of

    patients = patients_of(scenarios[0], seed, replication)
    if patient is not None and patient not in patients:
        near = min(patients, key=lambda number: abs(number - patient))
        allowed = f"one of the {len(patients):,} people who are simulated one by one"
        raise refusal("--patient", described(patient), allowed, str(near))
    first, second = (_simulated(each, seed, replication) for each in scenarios)
    kinds = sorted(scenarios[0].episodes)
    if patient is not None:
        return patients, [twin_of(patient, first, second, kinds)]
    return patients, [each for each in clearest(first, second, kinds) if each is not None]


def _simulated(scenario: Scenario, seed: int, replication: int) -> Replication:
    from parcours_sim.engine import simulate
    from parcours_sim.experiment.engines import chosen_engine, inhabitant_years, make_ready
    from parcours_sim.experiment.model import installed_model
    from parcours_sim.experiment.progress import say

    model = installed_model()
    sizes = [2.0 * inhabitant_years(scenario)]
    is_small = chosen_engine("auto", model, sizes, 1) == "reference"
    engine: Engine = "reference" if is_small else "compiled"
    make_ready(engine, model, say)
    return simulate(scenario, seed, replication, log=True, engine=engine)


def _teller(scenarios: Sequence[Scenario], language: Literal["en", "fr"]) -> Teller:
    from parcours_sim.report.titles import titles_of
    from parcours_sim.report.twin_words import Teller

    first, second = scenarios
    conditions = first.territory.conditions.items()
    return Teller(
        titles_of(scenarios),
        {name: {"en": each.title.en, "fr": each.title.fr} for name, each in conditions},
        (first.name, second.name),
        first.horizon.start_date,
        language,
    )


def _print(
    patients: dict[int, Who], twins: list[Twin], teller: Teller, around_days: float, *, asked: bool
) -> None:
    typer.echo(teller.say("twin_legend", first=teller.scenario(0), second=teller.scenario(1)))
    told = {each.change for each in twins}
    for change in () if asked else ("avoided", "induced"):
        if change not in told:
            parts = {"first": teller.scenario(0), "second": teller.scenario(1)}
            typer.echo(teller.say(f"twin_none_{change}", **parts))
    for each in twins:
        typer.echo(f"\n{teller.heading(each, patients[each.person])}")
        for sentence in teller.sentences(each):
            typer.echo(f"· {sentence}")
        print_table(_table(each, teller, around_days))


def _table(twin: Twin, teller: Teller, around_days: float) -> Any:
    from parcours_sim.report.twin_words import lines_of
    from parcours_sim.report.words import number

    day, when = teller.say("column_day"), teller.say("column_when")
    table = plain_table(when, day, "A", "B", right=(day,))
    for line in lines_of(twin, around_days):
        cells = teller.cells(line)
        days = number(line.time_days, teller.language, 2)
        table.add_row(teller.when(line.time_days), days, *cells)
    return table


def _document(
    scenarios: Sequence[Scenario], patients: dict[int, Who], twins: list[Twin], teller: Teller
) -> dict[str, Any]:
    return {
        "scenarios": [scenario.name for scenario in scenarios],
        "start_date": teller.start_date,
        "twins": [_as_data(each, patients[each.person], teller) for each in twins],
    }


def _as_data(twin: Twin, who: Who, teller: Teller) -> dict[str, Any]:
    reason = twin.reason
    return {
        "change": twin.change,
        "patient": twin.person,
        "is_75_or_over": who.is_75_or_over,
        "has_gp": who.has_gp,
        "conditions": list(who.conditions),
        "kind": twin.kind or None,
        "occurrence": twin.occurrence if twin.kind else None,
        "parting": None
        if twin.parting is None
        else {
            "time_days": twin.parting.time_days,
            "events": [entry and entry._asdict() for entry in twin.parting.events],
        },
        "reason": {
            "cause": reason.cause,
            "life": "AB"[reason.life],
            "event": reason.event and reason.event._asdict(),
            "elsewhere": reason.elsewhere and reason.elsewhere._asdict(),
            "contacts": reason.contacts and {key: list(of) for key, of in reason.contacts.items()},
        },
        "told": [teller.heading(twin, who), *teller.sentences(twin)],
        "lives": [list(_entries(life)) for life in twin.lives],
    }


def _entries(life: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    return (entry._asdict() for entry in life)


def _files(drawn: Sequence[Path]) -> dict[str, list[str]]:
    return {"files": [str(path) for path in drawn]}
