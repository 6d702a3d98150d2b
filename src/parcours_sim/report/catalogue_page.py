"""The catalogue as a page: every named scenario, what it is about, what it moves, what it rests on.

Made from the scenario files alone (`parcours-sim list --page`), so that it never says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parcours_sim.scenario.coalitions import as_before, mixable
from parcours_sim.scenario.coverage import numbers_of
from parcours_sim.scenario.files import Tree
from parcours_sim.scenario.scenario import Scenario

from .words import say, typeset

HEAD = """\
# The catalogue of organisations

Every named scenario, in English and French: what it extends, which channels it moves against the
organisation before the start, and which evidence its own organisation names. Made by
`parcours-sim list --page`; the files are in `scenarios/`.
"""
CHANGED = "organisation."


def page_lines(scenarios: Sequence[tuple[Scenario, Tree]]) -> list[str]:
    """Return the page, line by line, of resolved scenarios and of the files that they stand in."""
    lines = HEAD.splitlines()
    for scenario, file in scenarios:
        lines += ["", f"## `{scenario.name}`", "", *_about(scenario, file)]
    return lines


def _about(scenario: Scenario, file: Tree) -> Iterator[str]:
    yield f"**{scenario.title.en}.** {scenario.description.en}"
    yield ""
    french = f"{scenario.title.fr}. {scenario.description.fr}"
    yield f"*{typeset(french, 'fr')}*"
    yield ""
    yield f"- extends: {_parent(file)}"
    yield f"- moves: {', '.join(_moved(scenario)) or 'nothing'}"
    yield f"- evidence: {', '.join(_evidence(scenario)) or 'none: assumptions only'}"


def _parent(file: Tree) -> str:
    return f"`{file['extends']}`" if "extends" in file else "nothing"


def _moved(scenario: Scenario) -> list[str]:
    """Return the channels that a scenario moves against the organisation before it."""
    players = mixable(scenario, as_before(scenario)).players
    return [say(f"channel_{channel}", "en") for channel in players]


def _evidence(scenario: Scenario) -> list[str]:
    """Return the rows of the ledger that the organisation's numbers name, in order."""
    rows = (quantity.evidence for key, quantity in numbers_of(scenario) if key.startswith(CHANGED))
    return sorted({row for row in rows if row})
