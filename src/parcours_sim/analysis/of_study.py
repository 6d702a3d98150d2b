"""From the stored results of a study to its comparison: which registry, which exposure."""

from collections.abc import Sequence

import pandas as pd

from parcours_sim.analysis.comparison import Comparison, compare
from parcours_sim.analysis.paired import Exposure
from parcours_sim.analysis.stays import group_by_kind
from parcours_sim.analysis.tidy import OUTCOME_COLUMNS
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.experiment.result import StudyResult

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
