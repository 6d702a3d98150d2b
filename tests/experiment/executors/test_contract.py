"""Work here, on threads, on processes and on a cluster: one contract for all of them."""

import itertools
import time
from collections import Counter

import pytest
from tests.experiment import fakes
from tests.experiment.executors.conftest import PLACES, WITH_WORKERS

from parcours_sim.experiment.errors import ProgramChangedError, ReplicationError
from parcours_sim.experiment.executors.job import Parcel


def places(parcels):
    return Counter((parcel.name, parcel.replication) for parcel in parcels)


def begun_at(place):
    return Counter((begun.scenario, begun.replication) for begun in place.journal())


def nothing(*_):
    return None


@pytest.mark.parametrize("place", PLACES, indirect=True)
class TestEveryPlace:
    def test_each_parcel_is_simulated_once_and_its_result_is_kept_whatever_the_order(self, place):
        kept = {}
        scenarios = (fakes.scenario("isole", mischief="dawdle"), fakes.scenario("msp", share=0.1))
        parcels = fakes.parcels(5, *scenarios)
        place.run(fakes.job(), parcels, kept.setdefault)
        assert places(kept) == places(parcels) == begun_at(place)
        for parcel, measured in kept.items():
            alone = fakes.measure(fakes.load(parcel.dump), 7, parcel.replication)
            assert measured.rows == alone.rows
            assert measured.stays.tolist() == alone.stays.tolist()

    @pytest.mark.parametrize("engine", ["reference", "compiled"])
    def test_work_runs_on_the_engine_of_its_job(self, place, engine):
        place.run(fakes.job(engine), fakes.parcels(3), nothing)
        assert [begun.engine for begun in place.journal()] == [engine] * 3

    def test_a_failure_names_its_scenario_and_replication_and_earlier_ones_are_kept(self, place):
        kept = []
        scenarios = (fakes.scenario("fine"), fakes.scenario("crooked", mischief="fail"))
        with pytest.raises(ReplicationError) as failed:
            place.run(
                fakes.job(), fakes.parcels(9, *scenarios), lambda parcel, _: kept.append(parcel)
            )
        assert (failed.value.scenario, failed.value.replication) == ("crooked", 2)
        assert "CrookedError: no such patient at 7" in str(failed.value)
        assert set(places(fakes.parcels(2, *scenarios))) <= set(places(kept))
        assert ("crooked", 2) not in places(kept)

    def test_a_scenario_that_cannot_be_read_is_a_failure_too(self, place):
        with pytest.raises(ReplicationError, match="'torn', replication 0: JSONDecodeError"):
            place.run(fakes.job(), [Parcel("torn", "a hash", 0, "{")], nothing)

    def test_an_error_in_keeping_passes_through(self, place):
        def refuse(*_):
            raise OSError("full")

        with pytest.raises(OSError, match="full"):
            place.run(fakes.job(), fakes.parcels(3), refuse)

    def test_an_error_in_making_parcels_passes_through_and_what_came_is_kept(self, place):
        kept = []

        def some():
            yield from fakes.parcels(3)
            raise OSError("no such disk")

        with pytest.raises(OSError, match="no such disk"):
            place.run(fakes.job(), some(), lambda parcel, _: kept.append(parcel))
        assert len(kept) <= 3

    def test_an_interrupt_passes_through_and_no_more_is_begun(self, place):
        kept = []

        def keep(parcel, _):
            kept.append(parcel)
            if len(kept) == 3:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            place.run(fakes.job(), fakes.parcels(40), keep)
        assert 3 <= len(place.journal()) < 20

    def test_of_a_million_parcels_only_a_few_are_taken_ahead(self, place):
        taken, kept = itertools.count(), itertools.count()
        ahead = []

        def a_million():
            (parcel,) = fakes.parcels(1)
            for number in range(1_000_000):
                next(taken)
                yield parcel._replace(replication=number)

        def keep(*_):
            done = next(kept)
            ahead.append(int(repr(taken)[6:-1]) - done)
            if done == 30:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            place.run(fakes.job(), a_million(), keep)
        assert max(ahead) <= 8

    def test_nothing_to_do_is_done_at_once(self, place):
        place.run(fakes.job(), [], nothing)
        assert place.journal() == []


@pytest.mark.parametrize("place", WITH_WORKERS, indirect=True)
class TestEveryPlaceWithWorkers:
    def test_an_interrupt_keeps_what_is_finished_but_not_yet_kept(self, place):
        kept = []

        def keep(parcel, _):
            if not kept:
                time.sleep(0.7)  # meanwhile the workers finish all that they have in hand
            kept.append(parcel)
            if len(kept) == 1:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            place.run(fakes.job(), fakes.parcels(20), keep)
        assert set(places(kept)) == set(places(fakes.parcels(4)))
        assert len(place.journal()) == 4

    def test_a_replication_that_never_ends_does_not_hold_up_an_interrupt(self, place):
        endless = fakes.scenario("endless", mischief="sleep 1000")
        began = []

        def keep(*_):
            began.append(time.monotonic())
            raise KeyboardInterrupt

        parcels = fakes.parcels(2, fakes.scenario("short"), endless)
        with pytest.raises(KeyboardInterrupt):
            place.run(fakes.job(), parcels, keep)
        assert time.monotonic() - began[0] < 5

    def test_a_failure_does_not_wait_for_what_runs_beside_it(self, place):
        crooked = fakes.scenario("crooked", mischief="fail_beside_a_sleeper 60")
        began = time.monotonic()
        with pytest.raises(ReplicationError, match="replication 0: CrookedError"):
            place.run(fakes.job(), fakes.parcels(2, crooked), nothing)
        assert time.monotonic() - began < 20


@pytest.mark.parametrize("place", ["on two processes", "on a cluster"], indirect=True)
def test_workers_of_another_model_refuse_and_simulate_nothing(place):
    kept = []
    job = fakes.job(own_version="model-2")
    with pytest.raises(ProgramChangedError, match=r"changed while it ran.*model-1.*model-2"):
        place.run(job, fakes.parcels(4), lambda parcel, _: kept.append(parcel))
    assert kept == place.journal() == []
