"""Plans: which replications a share of one holds."""

import doctest

import pytest

from parcours_sim.experiment import plan
from parcours_sim.experiment.errors import StudyError
from parcours_sim.experiment.plan import Shard


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(plan).failed == 0


@pytest.mark.parametrize(("replications", "shards"), [(10, 3), (2, 5), (7, 1), (8, 8)])
def test_every_world_belongs_to_exactly_one_shard(replications, shards):
    numbers = [
        number
        for shard in range(1, shards + 1)
        for number in Shard(shard, shards).numbers(replications)
    ]
    assert sorted(numbers) == list(range(replications))


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "1/", "/3", "a/b", "-1/3", "1/3/5", "1.0/2"])
def test_what_is_no_shard_is_refused(text):
    with pytest.raises(StudyError, match=r"--shard: found .*, allowed i/n"):
        Shard.read(text)
