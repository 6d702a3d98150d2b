"""Hospital stays avoided and induced, one by one: the gross figures behind the net one.

A stay is known by its key (patient, kind of episode, occurrence), the same under every
organisation, so two replications of one world can be compared stay by stay.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from parcours_sim.analysis.intervals import FloatArray, t_interval
from parcours_sim.analysis.tidy import ALL, KIND

KeyArray = NDArray[np.int64]
# Keys by scenario and number of replication.
Stays = Mapping[str, Mapping[int, KeyArray]]
# Names the group ("kind:copd", say) of each key.
GroupOfKeys = Callable[[KeyArray], NDArray[np.str_]]

# Where a key holds the number of its kind: the layout of engine.record.stay_key.
KIND_SHIFT = 24
KIND_MASK = 0xFF

MEASURES = ("avoided", "induced", "net")
GROSS_COLUMNS = ("scenario", "baseline", "group", "measure", "mean", "low", "high", "replications")


def gross_stays(stays: Stays, baseline: str, group_of: GroupOfKeys | None = None) -> pd.DataFrame:
    """Return stays avoided, induced and net of each organisation, per replication.

    avoided: the baseline has them and the organisation hasn't; induced: the reverse; net is
    avoided minus induced, hence the opposite of the paired difference of hospitalisations.
    Means over the replications that both have, with 95 % t intervals; by group too where
    group_of names the group of a key.
    Raises ValueError where keys aren't strictly ascending, KeyError without the baseline.
    """
    rows = []
    for scenario in stays:
        if scenario == baseline:
            continue
        counts = _counts(stays[baseline], stays[scenario], group_of)
        for group, by_measure in counts.items():
            for measure, values in zip(MEASURES, by_measure, strict=True):
                found = t_interval(values)
                rows.append(
                    (
                        scenario,
                        baseline,
                        group,
                        measure,
                        found.value,
                        found.low,
                        found.high,
                        found.replications,
                    )
                )
    return pd.DataFrame(rows, columns=list(GROSS_COLUMNS))


def group_by_kind(kinds: Sequence[str]) -> GroupOfKeys:
    """Return what names the kind of episode ("kind:copd") of each key.

    kinds are in the order in which the engine numbers them. The result raises IndexError for a
    key of another kind.
    """
    names: NDArray[np.str_] = np.array([KIND + kind for kind in kinds], dtype=np.str_)

    def group_of(keys: KeyArray) -> NDArray[np.str_]:
        return np.take(names, (keys >> KIND_SHIFT) & KIND_MASK)

    return group_of


def check_stays(outcomes: pd.DataFrame, stays: Stays) -> None:
    """Raise ValueError where a replication's keys aren't as many as its hospitalisations.

    It is what makes gross avoided minus gross induced equal the net difference.
    """
    chosen = outcomes[(outcomes["outcome"] == "hospitalisations") & (outcomes["group"] == ALL)]
    for row in chosen.itertuples(index=False):
        keys = stays.get(str(row.scenario), {}).get(int(str(row.replication)))
        if keys is not None and len(keys) != row.value:
            raise ValueError(
                f"{row.scenario}, replication {row.replication}: {len(keys)} keys of stays "
                f"for {row.value} hospitalisations"
            )


def _counts(
    before: Mapping[int, KeyArray], after: Mapping[int, KeyArray], group_of: GroupOfKeys | None
) -> dict[str, tuple[FloatArray, FloatArray, FloatArray]]:
    shared = sorted(before.keys() & after.keys())
    changes = [_changes(before[number], after[number]) for number in shared]
    groups = {ALL: [(len(lost), len(new)) for lost, new in changes]}
    if group_of is not None:
        named = [(group_of(lost), group_of(new)) for lost, new in changes]
        found = sorted({str(name) for pair in named for side in pair for name in side})
        for group in found:
            groups[group] = [
                (int((lost == group).sum()), int((new == group).sum())) for lost, new in named
            ]
    return {group: _measures(pairs) for group, pairs in groups.items()}


def _changes(before: KeyArray, after: KeyArray) -> tuple[KeyArray, KeyArray]:
    for keys in (before, after):
        if not (np.diff(keys) > 0).all():
            raise ValueError("the keys of stays must be strictly ascending")
    lost = np.setdiff1d(before, after, assume_unique=True)
    new = np.setdiff1d(after, before, assume_unique=True)
    return lost, new


def _measures(pairs: list[tuple[int, int]]) -> tuple[FloatArray, FloatArray, FloatArray]:
    table = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1], table[:, 0] - table[:, 1]
