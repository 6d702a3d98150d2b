"""Small invented studies with known answers, for the tests of analysis and report.

No engine runs here: one shared world of stays per replication, from which each organisation
drops some and adds some, as common random numbers would.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from parcours_sim.analysis.comparison import Comparison, compare
from parcours_sim.analysis.paired import Exposure

KINDS = ("heart_failure", "copd", "diabetes", "anticoagulant", "fragile_return")
LINKS = ("nurse_gp", "pharmacist_gp", "patient_gp", "hospital_gp", "hospital_nurse")
ADDITIVE = frozenset({"hospitalisations", "hospitalisations_direct", "ed_visits", "cost_eur"})
EXPOSURE = Exposure(inhabitants=20_000, years=5)


@dataclass(frozen=True)
class Organisation:
    """The share of the shared stays that it avoids, and of as many others that it induces."""

    name: str
    avoids: float
    induces: float = 0.0
    wait_days: float = 2.0
    delay_days: float = 3.0
    hours: float = 0.0


BASELINE = Organisation("isole", avoids=0.0)
SIX = (
    Organisation("regroupe", 0.012, 0.010, wait_days=1.7, delay_days=2.6, hours=-120),
    Organisation("esp", 0.030, 0.012, delay_days=1.6, hours=900),
    Organisation("msp", 0.065, 0.022, wait_days=1.3, delay_days=0.8, hours=2_400),
    Organisation("centre_de_sante", 0.055, 0.025, wait_days=1.5, delay_days=1.0, hours=2_900),
    Organisation("cpts", 0.020, 0.018, wait_days=1.1, delay_days=2.4, hours=700),
    Organisation("paerpa", 0.012, 0.014, delay_days=2.2, hours=1_100),
)


def table(rows: list[tuple[str, int, str, str, float]]) -> pd.DataFrame:
    """A tidy table from (scenario, replication, outcome, group, value)."""
    frame = pd.DataFrame(rows, columns=["scenario", "replication", "outcome", "group", "value"])
    return frame.assign(parameter_set="documents", unit="count")


def values(outcome: str, **by_scenario: list[float]) -> pd.DataFrame:
    """A tidy table of one outcome: each scenario's values in the order of replications."""
    rows = [
        (scenario, number, outcome, "all", float(value))
        for scenario, column in by_scenario.items()
        for number, value in enumerate(column)
    ]
    return table(rows)


def group_of(keys: np.ndarray) -> np.ndarray:
    """The kind is the last digit of a synthetic key."""
    return np.array([f"kind:{KINDS[int(key) % 10]}" for key in keys], dtype=np.str_)


def study(
    organisations: tuple[Organisation, ...] = SIX,
    replications: int = 10,
    stays_per_replication: int = 4_000,
    seed: int = 7,
) -> tuple[pd.DataFrame, dict[str, dict[int, np.ndarray]]]:
    """The tidy outcomes and the stays' keys of an invented study, the baseline first."""
    rows: list[tuple[str, int, str, str, float]] = []
    stays: dict[str, dict[int, np.ndarray]] = {}
    for organisation in (BASELINE, *organisations):
        stays[organisation.name] = {}
        for number in range(replications):
            world = np.random.default_rng([seed, number])
            keys = _keys(world, organisation, stays_per_replication)
            stays[organisation.name][number] = keys
            own = _outcomes(world, organisation, keys)
            rows += [(organisation.name, number, *row) for row in own]
    return table(rows), stays


def comparison(replications: int = 10, **options: object) -> Comparison:
    """The comparison of study(), gross stays by kind included."""
    outcomes, stays = study(replications=replications, **options)  # type: ignore[arg-type]
    return compare(outcomes, stays, "isole", EXPOSURE, ADDITIVE, group_of)


def _keys(world: np.random.Generator, organisation: Organisation, expected: int) -> np.ndarray:
    places = np.arange(3 * expected, dtype=np.int64)
    kind = world.choice(len(KINDS), size=len(places), p=[0.42, 0.3, 0.1, 0.1, 0.08])
    in_the_world = world.random(len(places)) < 1 / 3
    mark = world.random(len(places))
    kept = in_the_world & (mark >= organisation.avoids * (1.6 - 0.3 * kind))
    induced = ~in_the_world & (mark < organisation.induces / 2)
    return (places * 10 + kind)[kept | induced]


def _outcomes(
    world: np.random.Generator, organisation: Organisation, keys: np.ndarray
) -> list[tuple[str, str, float]]:
    count = float(len(keys))
    noise = world.normal(size=4)
    kinds = keys % 10
    wait = organisation.wait_days + 0.15 * noise[0] + 0.002 * (count % 50)
    links = [
        organisation.delay_days * (0.4 + 0.45 * place) + 0.002 * (count % 70)
        for place in range(len(LINKS))
    ]
    return [
        ("hospitalisations", "all", count),
        *(
            ("hospitalisations", f"kind:{name}", float((kinds == place).sum()))
            for place, name in enumerate(KINDS)
        ),
        ("hospitalisations_direct", "all", round(0.2 * count)),
        ("ed_visits", "all", 31_000 + 1.4 * count + round(80 * noise[1])),
        ("gp_wait_median_days", "all", wait),
        ("gp_wait_mean_days", "all", 2.6 * wait + 0.2 * abs(noise[2])),
        ("information_delay_days", "all", float(np.mean(links)) + 0.05 * noise[3]),
        *(
            ("information_delay_days", f"link:{name}", delay + 0.05 * noise[3])
            for name, delay in zip(LINKS, links, strict=True)
        ),
        ("gp_hours", "all", 90_000 - 0.4 * organisation.hours + 300 * noise[2]),
        ("nurse_hours", "all", 60_000 + 0.9 * organisation.hours + 200 * noise[1]),
        ("coordination_hours", "all", max(0.0, 0.5 * organisation.hours)),
        ("cost_eur", "all", 5_200 * count + 60 * organisation.hours),
    ]
