"""From the stored results of a study to its comparison: which registry, which exposure."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from parcours_sim.analysis.comparison import Comparison, compare
from parcours_sim.analysis.intervals import EMPTY, FloatArray
from parcours_sim.analysis.paired import Exposure
from parcours_sim.analysis.precision import Sample
from parcours_sim.analysis.stays import group_by_kind
from parcours_sim.analysis.tidy import ALL, OUTCOME_COLUMNS
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.experiment.result import StudyResult
from parcours_sim.experiment.store import StoredReplication

ADDITIVE = frozenset(name for name, outcome in OUTCOMES.items() if outcome.additive)


def compare_study(result: StudyResult, kinds: Sequence[str]) -> Comparison:
    """Compare the scenarios of a study with its baseline, or the first one where it has none.

    kinds are the names of the episode kinds in the engine's order, sorted(scenario.episodes).
    Raises ValueError where stays and hospitalisations disagree.
    """
    baseline = result.study.baseline or result.study.names[0]
    scenario = result.study.scenarios[result.study.names.index(baseline)]
    exposure = Exposure(scenario.territory.inhabitants.value, scenario.horizon.years.value)
    outcomes = pd.DataFrame(result.outcomes(), columns=list(OUTCOME_COLUMNS))
    return compare(outcomes, result.stays, baseline, exposure, ADDITIVE, group_by_kind(kinds))


def samples_of(result: StudyResult, outcomes: Sequence[str], count: int) -> list[Sample]:
    """Return what the first replications of a study say of outcomes, of everyone.

    For each scenario but the baseline its differences from it; without a baseline, its own values.
    """
    study = result.study
    values = {
        name: {outcome: _values(of_name[:count], outcome) for outcome in outcomes}
        for name, of_name in zip(study.names, result.replications, strict=True)
    }
    samples = []
    for name in study.names:
        for outcome in outcomes if name != study.baseline else ():
            own = values[name][outcome]
            reference = own if study.baseline is None else values[study.baseline][outcome]
            difference = own if study.baseline is None else own - reference
            samples.append(Sample(name, outcome, difference, reference))
    return samples


def _values(replications: Sequence[StoredReplication], outcome: str) -> FloatArray:
    """Return an outcome of everyone by replication: 0 for a total that isn't there, else NaN."""
    absent = 0.0 if outcome in ADDITIVE else EMPTY
    rows = ({row[:2]: row[2] for row in one.rows} for one in replications)
    return np.array([row.get((outcome, ALL), absent) for row in rows])
