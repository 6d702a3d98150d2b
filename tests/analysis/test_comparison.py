"""A comparison as a whole: its parts agree, and what is unknown says so."""

import math

import numpy as np
import pytest
from tests.analysis.synthetic import ADDITIVE, EXPOSURE, KINDS, comparison, study, values

from parcours_sim.analysis.comparison import compare


def test_gross_and_net_of_a_comparison_agree():
    found = comparison(replications=5)
    for name in found.organisations:
        net = found.gross_stays(name, "net")
        paired = found.difference(name, "hospitalisations").scaled(-1)
        assert (net.value, net.low, net.high) == pytest.approx(
            (paired.value, paired.low, paired.high), rel=1e-9
        )


def test_groups_are_those_of_the_outcome_with_the_prefix():
    found = comparison(replications=2)
    assert len(found.groups("hospitalisations", "kind:")) == 5
    assert found.groups("information_delay_days", "link:")[0] == "link:nurse_gp"
    assert found.groups("deaths", "kind:") == ()


def test_what_was_not_counted_is_unknown():
    found = compare(values("deaths", isole=[1, 2], msp=[1, 3]), {}, "isole", EXPOSURE, ADDITIVE)
    assert math.isnan(found.difference("msp", "hospitalisations").value)
    assert math.isnan(found.gross_stays("msp", "avoided").value)
    assert math.isnan(found.variance_ratio("msp", "crises"))
    assert found.level("msp", "deaths").value == 2


def test_stays_that_contradict_the_outcomes_are_refused():
    outcomes, stays = study(replications=2)
    stays["msp"][1] = stays["msp"][1][:-1]
    with pytest.raises(ValueError, match="msp, replication 1"):
        compare(outcomes, stays, "isole", EXPOSURE, ADDITIVE)


def test_stays_put_in_the_wrong_group_are_refused():
    outcomes, stays = study(replications=2)
    kinds = sorted(KINDS)  # not the order in which the keys number them

    def wrong(keys: np.ndarray) -> np.ndarray:
        return np.array([f"kind:{kinds[int(key) % 10]}" for key in keys], dtype=np.str_)

    with pytest.raises(ValueError, match=r"kind:.*gross avoided − induced.*differ by"):
        compare(outcomes, stays, "isole", EXPOSURE, ADDITIVE, wrong)
