"""Simulated figures beside the evidence they were fitted to: which target, how it is computed.

A table of targets, each a ratio of sums of outcomes, and the check of a baseline's replications
against it. The figures are the ledger's. Nothing is fitted here; what an organisation changes is
for `comparison.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.scenario.evidence import Ledger, load_ledger

Key = tuple[str, str]
"""An outcome and a group."""

FACTOR = 1.5
"""How far a simulated figure may be from the stated one, either way."""
INHABITANT_YEARS: Key = ("inhabitant_years", "all")
"""Not an outcome: inhabitants times years, so that figures per inhabitant are ratios too."""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure of the ledger and how the model's own is computed from its outcomes.

    The model's is `factor` times the sum of `above` over the sum of `below` (over 1 without one).
    `noted` is a figure in the ledger row's note, for rows whose value is another figure; such a
    one has no range of its own.
    """

    step: int
    """Of the calibration: 1 stays, 2 returns and deaths, 3 access and the emergency department."""
    evidence: str
    what: str
    unit: str
    above: tuple[Key, ...]
    below: tuple[Key, ...] = ()
    factor: float = 1.0
    noted: float | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A target with the figure stated, its range if it has one, and the simulated figure."""

    target: Target
    stated: float
    low: float | None
    high: float | None
    simulated: float
    """NaN where the replications have no case to compute it from."""

    @property
    def ratio(self) -> float:
        """Simulated over stated."""
        return self.simulated / self.stated

    @property
    def holds(self) -> bool:
        """Whether the simulated figure is within the factor allowed; never for one not computed."""
        return 1.0 / FACTOR <= self.ratio <= FACTOR


def of_kind(outcome: str, *kinds: str) -> tuple[Key, ...]:
    """An outcome of some kinds of episode."""
    return tuple((outcome, f"kind:{kind}") for kind in kinds)


def person_years(condition: str) -> tuple[Key, ...]:
    """Years lived with a condition."""
    return (("person_years", f"condition:{condition}"),)


def _all(outcome: str) -> tuple[Key, ...]:
    return ((outcome, "all"),)


def _under_75(outcome: str) -> tuple[Key, ...]:
    return ((outcome, "age:under_75"),)


HF, COPD, HIGH, LOW = "heart_failure", "copd", "hyperglycaemia", "hypoglycaemia"
STAYS, HOSPITALISED, AVOIDABLE = (
    "hospitalisations",
    "patients_hospitalised",
    "hospitalisations_avoidable",
)
OLDER = "age:75+"

TARGETS: tuple[Target, ...] = (
    Target(1, "L084", "heart failure: stays per patient and year", "stays",
           of_kind(STAYS, HF), person_years(HF), noted=0.17),
    Target(1, "L084", "heart failure: patients with a stay in a year", "%",
           of_kind(HOSPITALISED, HF), person_years(HF), 100.0),
    Target(1, "L085", "COPD: patients with a stay in a year", "%",
           of_kind(HOSPITALISED, COPD), person_years(COPD), 100.0),
    Target(1, "L082", "diabetes: stays per 100 patients and year", "stays",
           of_kind(STAYS, HIGH, LOW), person_years("diabetes"), 100.0, noted=2.0),
    Target(1, "L087", "hypoglycaemia: stays per 100 patients and year", "stays",
           of_kind(STAYS, LOW), person_years("diabetes"), 100.0),
    Target(1, "L076", "heart failure: avoidable stays per 100,000 inhabitants", "stays",
           of_kind(AVOIDABLE, HF), (INHABITANT_YEARS,), 1e5, noted=190.0),
    Target(1, "L076", "COPD: avoidable stays per 100,000 inhabitants", "stays",
           of_kind(AVOIDABLE, COPD), (INHABITANT_YEARS,), 1e5, noted=87.0),
    Target(1, "L076", "diabetes: avoidable stays per 100,000 inhabitants", "stays",
           of_kind(AVOIDABLE, HIGH, LOW), (INHABITANT_YEARS,), 1e5, noted=4.0),
    Target(2, "L084", "heart failure: stays per patient hospitalised", "stays",
           of_kind(STAYS, HF), of_kind(HOSPITALISED, HF), noted=1.31),
    Target(2, "L092b", "heart failure: returns within 30 days", "%",
           of_kind("readmissions_same_kind_30_days", HF), of_kind("discharges", HF), 100.0),
    Target(2, "L093", "heart failure: returns within 6 months", "%",
           of_kind("readmissions_same_kind_180_days", HF), of_kind("discharges", HF), 100.0),
    Target(2, "L094", "heart failure: returns within a year", "%",
           of_kind("readmissions_same_kind_365_days", HF), of_kind("discharges", HF), 100.0),
    Target(2, "L098", "COPD: returns within 6 months", "%",
           of_kind("readmissions_same_kind_180_days", COPD), of_kind("discharges", COPD), 100.0),
    Target(2, "L170", "heart failure: deaths within a year of a stay", "%",
           of_kind("deaths_after_stay", HF), of_kind(HOSPITALISED, HF), 100.0),
    Target(2, "L173", "COPD: deaths within a year of a stay", "%",
           of_kind("deaths_after_stay", COPD), of_kind(HOSPITALISED, COPD), 100.0),
    Target(2, "L186", "COPD: exacerbations that lead to hospital", "%",
           of_kind(STAYS, COPD), of_kind("episodes", COPD), 100.0),
    Target(2, "L129", "anticoagulants: stays per 100 patients and year", "stays",
           of_kind(STAYS, "anticoagulant"), person_years("anticoagulated"), 100.0),
    Target(3, "L028", "wait for a GP, median, under 75", "days",
           _under_75("gp_wait_median_days")),
    Target(3, "L028", "wait for a GP, mean, under 75", "days",
           _under_75("gp_wait_mean_days"), noted=6.0),
    Target(3, "L028", "GP on the same or next day, under 75", "%",
           _under_75("gp_wait_same_or_next_day"), (), 100.0, noted=49.0),
    Target(3, "L028", "GP after five days or more, under 75", "%",
           _under_75("gp_wait_five_days_or_more"), (), 100.0, noted=25.0),
    Target(3, "L030", "requests without an appointment", "%",
           _all("gp_unserved_share"), (), 100.0),
    Target(3, "L060", "ED visits per 100 inhabitants and year", "visits",
           _all("ed_visits"), (INHABITANT_YEARS,), 100.0, noted=31.0),
    Target(3, "L061", "ED visits followed by admission", "%",
           _all("ed_visits_admitted"), _all("ed_visits"), 100.0),
    Target(3, "L062", "the same at 75 and over", "%",
           (("ed_visits_admitted", OLDER),), (("ed_visits", OLDER),), 100.0),
    Target(3, "L063", "ED visits made by people aged 75 and over", "%",
           (("ed_visits", OLDER),), _all("ed_visits"), 100.0),
    Target(3, "L066", "ED visits for want of an appointment", "%",
           _all("ed_visits_wait_driven"), _all("ed_visits"), 100.0),
)  # fmt: skip
"""What steps 1 to 3 of the calibration were fitted to."""

NOT_COMPARED: Mapping[str, str] = {
    "L075": "its total also counts dehydration, angina and asthma, which are not modelled; "
    "L076 gives the conditions that are",
    "L125": "a share of all medical admissions by adverse reactions to any drug, planned stays "
    "and all ages included; the model has drug incidents of anticoagulants and of treatments of "
    "diabetes alone, and stays of chronic patients and people aged 75 and over alone",
}
"""Evidence of these steps that no outcome of the model measures, and why."""


def readings(
    replications: Sequence[Iterable[tuple[str, str, float]]], inhabitants: float, years: float
) -> dict[Key, float]:
    """Every outcome by group, as its mean over the rows of some replications.

    An additive outcome that a replication lacks counts as zero; a mean, median or share is that of
    the replications that have it.

    Raises:
        ValueError: there is no replication.
    """
    if not replications:
        raise ValueError("no replication to read")
    found: dict[Key, list[float]] = {}
    for rows in replications:
        for outcome, group, value in rows:
            found.setdefault((outcome, group), []).append(value)
    means = {
        key: math.fsum(values) / (len(replications) if OUTCOMES[key[0]].additive else len(values))
        for key, values in found.items()
    }
    return {**means, INHABITANT_YEARS: inhabitants * years}


def check(
    values: Mapping[Key, float],
    targets: Sequence[Target] = TARGETS,
    ledger: Ledger | None = None,
) -> list[Check]:
    """Each target with what the ledger states and what `readings` gives, in the same order."""
    ledger = load_ledger() if ledger is None else ledger
    return [_checked(target, values, ledger) for target in targets]


def _checked(target: Target, values: Mapping[Key, float], ledger: Ledger) -> Check:
    row = ledger[target.evidence]
    below = _total(target.below, values) if target.below else 1.0
    simulated = target.factor * _total(target.above, values) / below if below else math.nan
    if target.noted is not None:
        return Check(target, target.noted, None, None, simulated)
    if row.value is None:
        raise ValueError(f"{row.id} states no figure to compare with")
    return Check(target, row.value, row.low, row.high, simulated)


def _total(keys: Sequence[Key], values: Mapping[Key, float]) -> float:
    """The sum of some outcomes: a count without a case is 0, a mean without one is NaN."""
    return math.fsum(values.get(key, 0.0 if _is_count(key) else math.nan) for key in keys)


def _is_count(key: Key) -> bool:
    return key[0] in OUTCOMES and OUTCOMES[key[0]].additive
