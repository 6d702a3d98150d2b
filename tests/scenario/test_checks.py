"""Rules that span a whole scenario, where a file of the corpus would be long."""

import pytest

from parcours_sim.scenario.checks import MOST_ROWS, whole_findings


@pytest.mark.parametrize(("place", "most"), MOST_ROWS)
def test_more_tables_than_numbers_can_tell_apart_are_refused(place, most):
    def findings(count):
        tree = {f"number_{i}": {} for i in range(count)}
        for key in reversed(place):
            tree = {key: tree}
        return [each for _, each, _ in whole_findings(tree) if each.code == "too-many"]

    assert findings(most) == []
    (found,) = findings(most + 1)
    assert (found.key, found.found) == (".".join(place), f"{most + 1} tables")
    assert found.allowed == f"at most {most}"
