"""The command `show`: a scenario in words, every value that it uses, and where each comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .errors import in_plain_words
from .options import Changes, Json, Name, ParameterSet, load

if TYPE_CHECKING:
    from parcours_sim.scenario.coverage import Coverage
    from parcours_sim.scenario.organisation import Organisation
    from parcours_sim.scenario.quantity import Quantity
    from parcours_sim.scenario.scenario import Scenario


@in_plain_words
def show(
    ctx: typer.Context,
    name: Name,
    resolved: Annotated[
        bool,
        typer.Option(
            "--resolved",
            help="Also every key, its value and its plausible range; the unit ends the key.",
        ),
    ] = False,
    evidence: Annotated[
        bool,
        typer.Option("--evidence", help="As --resolved, and after each value where it comes from."),
    ] = False,
    as_json: Json = False,
    changes: Changes = None,
    parameter_set: ParameterSet = "documents",
) -> None:
    """Show a scenario: its territory, its organisation, and where its numbers come from."""
    from parcours_sim.scenario.coverage import coverage_of

    (scenario,) = load([name], parameter_set, changes)
    if as_json:
        document = _summary(scenario)
        if resolved or evidence:
            document["keys"] = dict(_keys(scenario, evidence))
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    typer.echo("\n".join(_in_words(scenario)))
    if resolved or evidence:
        typer.echo("")
        for key, about in _keys(scenario, evidence):
            typer.echo("\n".join(_lines_of_key(key, about)))
    typer.echo("\n" + _counted(coverage_of(scenario)))


def _summary(scenario: Scenario) -> dict[str, Any]:
    from parcours_sim.scenario.coverage import coverage_of
    from parcours_sim.scenario.resolve import scenario_hash

    coverage = coverage_of(scenario)
    territory, horizon, organisation = scenario.territory, scenario.horizon, scenario.organisation
    return {
        "name": scenario.name,
        "title": scenario.title.model_dump(),
        "description": scenario.description.model_dump(),
        "parameter_set": scenario.parameter_set,
        "hash": scenario_hash(scenario),
        "territory": {
            "title": territory.title.model_dump(),
            "inhabitants": territory.inhabitants.value,
        },
        "horizon": {
            "start_date": horizon.start_date,
            "years": horizon.years.value,
            "warm_up_years": horizon.warm_up_years.value,
        },
        "episodes": list(scenario.episodes),
        "practices": {name: use.share.value for name, use in organisation.practices.items()},
        "layers": {name: use.uptake_share.value for name, use in organisation.layers.items()},
        "numbers": dict(coverage.origins),
        "fitted": coverage.fitted,
    }


def _in_words(scenario: Scenario) -> Iterator[str]:
    territory, horizon = scenario.territory, scenario.horizon
    yield f"{scenario.name}: {scenario.title.en}"
    yield scenario.description.en
    yield ""
    yield f"Parameter set  {scenario.parameter_set}"
    yield f"Territory      {territory.title.en}"
    yield f"Inhabitants    {territory.inhabitants.value:,g}"
    yield (
        f"Horizon        {horizon.years.value:g} year(s) counted from {horizon.start_date}, after "
        f"{horizon.warm_up_years.value:g} year(s) of warm-up"
    )
    yield f"Episode kinds  {', '.join(kind.title.en for kind in scenario.episodes.values())}"
    yield "Practices"
    yield from _shares(scenario.organisation)
    if scenario.before != scenario.organisation:
        yield "Before the start, practices"
        yield from _shares(scenario.before)


def _shares(organisation: Organisation) -> Iterator[str]:
    for name, use in organisation.practices.items():
        yield f"  {use.share.value:7.1%} of GPs  {use.model.title.en} ({name})"
    yield "Layers" if organisation.layers else "Layers: none"
    for name, layer_use in organisation.layers.items():
        reached = _people(layer_use.layer.reaches)
        share = f"{layer_use.uptake_share.value:7.1%} of {reached}"
        yield f"  {share}  {layer_use.layer.title.en} ({name})"


def _people(reached: str) -> str:
    """Return whom a layer is for, in words."""
    groups = {"everyone": "people", "age_75_and_over": "people aged 75 and over"}
    return groups.get(reached) or f"people with the condition {reached}"


def _keys(scenario: Scenario, evidence: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each key path with its value, and for numbers their range and what they rest on."""
    from parcours_sim.scenario.quantity import Quantity
    from parcours_sim.scenario.resolve import flat_keys

    for key, item in flat_keys(scenario):
        if isinstance(item, Quantity):
            about = {"value": item.value, "low": item.low, "high": item.high}
            yield key, about | (_source(item) if evidence else {})
        else:
            yield key, {"value": item}


def _source(quantity: Quantity) -> dict[str, Any]:
    from parcours_sim.scenario.coverage import row_of

    row = row_of(quantity)
    rest = {"note": quantity.note, "fitted": quantity.fitted}
    if row is None:
        return {"assumption": quantity.assumption} | rest
    about = {"evidence": row.id, "origin": row.origin, "statement": row.statement}
    return about | {"source": row.source} | rest


def _lines_of_key(key: str, about: dict[str, Any]) -> Iterator[str]:
    if "low" not in about:
        value = about["value"]
        yield f"{key} = {str(value).lower() if isinstance(value, bool) else value}"
        return
    yield f"{key} = {about['value']:.12g} [{about['low']:.12g}, {about['high']:.12g}]"
    if "assumption" in about:
        yield f"    assumption: {about['assumption']}"
    elif "evidence" in about:
        yield f"    {about['evidence']} ({about['origin']}): {about['statement']}"
        yield f"    source: {about['source']}"
    if about.get("fitted"):
        yield f"    fitted to {about['fitted']}"
    if about.get("note"):
        yield f"    note: {about['note']}"


def _counted(coverage: Coverage) -> str:
    numbers = coverage.origins
    evidence = {origin: count for origin, count in numbers.items() if origin != "assumption"}
    parts = ", ".join(f"{count} {origin}" for origin, count in sorted(evidence.items()))
    return (
        f"{coverage.numbers} numbers: {sum(evidence.values())} from evidence"
        f"{f' ({parts})' if parts else ''}, {numbers['assumption']} assumptions; "
        f"{coverage.fitted} fitted"
    )
