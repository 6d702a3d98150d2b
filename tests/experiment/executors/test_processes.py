"""Work on processes: shared among them, and workers that die."""

import os
from multiprocessing import active_children

import pytest
from tests.experiment import fakes

from parcours_sim.experiment.errors import WorkerDiedError
from parcours_sim.experiment.executors.processes import Processes


def numbers(kept):
    return sorted(parcel.replication for parcel in kept)


def test_work_is_shared_among_other_processes_that_stay(journal):
    parcels = fakes.parcels(12, fakes.scenario("isole", mischief="dawdle"))
    Processes(2).run(fakes.job(), parcels, lambda *_: None)
    workers = {begun.process for begun in journal()}
    assert len(workers) == 2
    assert os.getpid() not in workers


def test_all_processes_are_there_before_one_of_them_can_die():
    """Python 3.11 ends in a traceback where one dies while it starts another."""
    at_the_first_result = []
    Processes(3).run(
        fakes.job(),
        fakes.parcels(1, fakes.scenario("isole")),
        lambda *_: at_the_first_result.extend(active_children()),
    )
    assert len(at_the_first_result) == 3


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_worker_that_dies_costs_nothing_but_time(tmp_path, deaths):
    lives = tmp_path / "lives"
    lives.write_text("x" * deaths)
    kept = []
    parcels = fakes.parcels(8, fakes.scenario("isole", mischief=f"die {lives}"))
    Processes(2).run(fakes.job(), parcels, lambda parcel, _: kept.append(parcel))
    assert numbers(kept) == list(range(8))
    assert lives.read_text() == ""


def test_a_task_whose_worker_dies_three_times_is_named_and_no_innocent_one(tmp_path):
    lives = tmp_path / "lives"
    lives.write_text("xxxxxx")
    kept = []
    scenarios = (fakes.scenario("fine"), fakes.scenario("deadly", mischief=f"die {lives}"))
    with pytest.raises(WorkerDiedError) as died:
        Processes(2).run(
            fakes.job(), fakes.parcels(3, *scenarios), lambda parcel, _: kept.append(parcel)
        )
    assert (died.value.scenario, died.value.replication) == ("deadly", 1)
    assert lives.read_text() == "xxx"
    places = {(parcel.name, parcel.replication) for parcel in kept}
    assert {("fine", 0), ("deadly", 0), ("fine", 1)} <= places
    assert ("deadly", 1) not in places
