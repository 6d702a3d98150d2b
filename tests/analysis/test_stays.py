"""Gross avoided and induced stays."""

import numpy as np
import pytest
from tests.analysis.synthetic import KINDS, group_of, study, values

from parcours_sim.analysis.stays import check_stays, gross_stays, group_by_kind
from parcours_sim.engine.record import stay_key


def keys(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


def means(gross, group: str = "all") -> dict[str, float]:
    chosen = gross[gross["group"] == group]
    return dict(zip(chosen["measure"], chosen["mean"], strict=True))


def test_stays_are_told_apart_by_their_key():
    stays = {
        "isole": {0: keys(10, 20, 30), 1: keys(11, 21)},
        "msp": {0: keys(20, 25), 1: keys(11, 21)},
    }
    gross = gross_stays(stays, "isole")
    assert means(gross) == {"avoided": 1.0, "induced": 0.5, "net": 0.5}
    assert gross["replications"].tolist() == [2, 2, 2]


def test_only_replications_that_both_have_are_compared():
    gross = gross_stays({"isole": {0: keys(1), 1: keys(2)}, "msp": {1: keys()}}, "isole")
    assert means(gross) == {"avoided": 1.0, "induced": 0.0, "net": 1.0}
    assert gross["low"].isna().all()


def test_the_same_stays_differ_by_nothing():
    gross = gross_stays({"isole": {0: keys(1, 2)}, "copy": {0: keys(1, 2)}}, "isole")
    assert means(gross) == {"avoided": 0.0, "induced": 0.0, "net": 0.0}


def test_gross_avoided_minus_induced_is_the_net_difference_of_hospitalisations():
    outcomes, stays = study(replications=4)
    gross = gross_stays(stays, "isole", group_of)
    counts = outcomes.pivot_table(
        index=["outcome", "group", "replication"], columns="scenario", values="value"
    ).loc["hospitalisations"]
    for group in ("all", *(f"kind:{kind}" for kind in KINDS)):
        found = means(gross[gross["scenario"] == "msp"], group)
        paired = (counts["isole"] - counts["msp"]).loc[group].mean()
        assert found["net"] == pytest.approx(paired, rel=1e-12)
        assert found["avoided"] - found["induced"] == pytest.approx(paired, rel=1e-12)


def test_the_kind_of_a_stay_is_read_from_its_key():
    stay_keys = keys(stay_key(7, 0, 3), stay_key(7, 2, 3), stay_key(90_000, 1, 2**24 - 1))
    assert group_by_kind(["copd", "diabetes", "falls"])(stay_keys).tolist() == [
        "kind:copd",
        "kind:falls",
        "kind:diabetes",
    ]


def test_a_key_of_an_unknown_kind_is_refused():
    with pytest.raises(IndexError):
        group_by_kind(["copd"])(keys(stay_key(7, 1, 3)))


def test_unsorted_keys_are_refused():
    with pytest.raises(ValueError, match="strictly ascending"):
        gross_stays({"isole": {0: keys(2, 1)}, "msp": {0: keys(1)}}, "isole")


def test_stays_that_are_not_the_hospitalisations_are_refused_with_their_replication():
    outcomes = values("hospitalisations", isole=[2, 3])
    check_stays(outcomes, {"isole": {0: keys(5, 6), 1: keys(5, 6, 7)}})
    with pytest.raises(ValueError, match="isole, replication 1: 2 keys of stays for 3"):
        check_stays(outcomes, {"isole": {0: keys(5, 6), 1: keys(5, 6)}})
