"""Runs that several files of this folder look at, each made once."""

from functools import cache

import pytest
from tests.engine.small import ALONE, RATES, Run, busy, dotless, run

NAMES = (
    "isole",
    "regroupe",
    "esp",
    "msp",
    "centre_de_sante",
    "cpts",
    "paerpa",
    "mixte",
)


EXTREMES: dict[str, dict[str, str | float]] = {
    "short windows": {
        **{f"episodes.{kind}.window.sudden_share": 1.0 for kind in RATES},
        "territory.demand.symptomatic_patience_days": 0.05,
        "territory.demand.unserved_to_ed_share": 1.0,
    },
    "no slots": {
        "territory.professionals.gp_slots_per_year": 200.0,
        "territory.demand.unserved_to_ed_share": 0.7,
        "territory.hospital.ed_patience_hours": 30.0,
    },
    "walk-in": {
        "organisation.practices.isole.model.access.walk_in_days_per_week": 5.0,
        "territory.demand.other_patience_days": 200.0,
    },
    "always in care": {
        **{f"episodes.{kind}.treatment.precaution_share": 1.0 for kind in RATES},
        **{f"episodes.{kind}.rate_per_year": 8.0 for kind in RATES},
        **{f"episodes.{kind}.window.resolves_alone_share": 0.5 for kind in RATES},
    },
}
"""Territories in which the rare paths are the usual ones."""


@cache
def of(name: str) -> Run:
    """The run of a named scenario, or of an extreme one, in a busy territory."""
    if name not in EXTREMES:
        return run(busy(name))
    return run(busy("isole", **dotless(EXTREMES[name])))


@pytest.fixture(scope="session", params=NAMES)
def pressed(request: pytest.FixtureRequest) -> Run:
    """Every named scenario in a territory with too few rooms, beds and slots."""
    return of(request.param)


@pytest.fixture(scope="session", params=[*NAMES, *EXTREMES])
def any_run(request: pytest.FixtureRequest) -> Run:
    """The same, and territories in which the rare paths are the usual ones."""
    return of(request.param)


@pytest.fixture(scope="session")
def alone() -> Run:
    """Nobody but the people simulated one by one, from an empty start."""
    return run(busy("msp", **dotless(ALONE), horizon__warm_up_years=0.0))
