"""A cluster: workers that are killed, that join late, that have other packages, or aren't there."""

import json
import socket
import time

import pytest
from tests.experiment import fakes

from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.errors import (
    ClusterError,
    Interrupted,
    ProgramChangedError,
    StudyError,
    WorkerDiedError,
)
from parcours_sim.experiment.executors import cluster as cluster_module
from parcours_sim.experiment.executors.cluster import Cluster
from parcours_sim.experiment.run import run_study
from parcours_sim.experiment.study import Study
from parcours_sim.scenario.resolve import load_scenario


def numbers(kept):
    return sorted(parcel.replication for parcel in kept)


def test_a_worker_killed_in_the_middle_costs_nothing_but_time(own_cluster):
    kept = []

    def keep(parcel, _):
        kept.append(parcel)
        if len(kept) == 3:
            own_cluster.kill_worker()

    slow = fakes.scenario("isole", mischief="sleep 0.2")
    own_cluster.executor.run(fakes.job(), fakes.parcels(16, slow), keep)
    assert numbers(kept) == list(range(16))
    begun = fakes.read_journal(own_cluster.journal)
    assert 16 <= len(begun) <= 18  # what the lost worker had in hand was begun again
    assert len({one.process for one in begun}) == 2


def test_a_worker_that_joins_late_works_too_and_has_work_waiting(own_cluster):
    own_cluster.kill_worker()
    own_cluster.wait_for(1)
    taken, kept, in_hand = [], [], []

    def parcels():
        for parcel in fakes.parcels(60, fakes.scenario("isole", mischief="sleep 0.1")):
            taken.append(parcel)
            yield parcel

    def keep(parcel, _):
        in_hand.append(len(taken) - len(kept))
        kept.append(parcel)
        if len(kept) == 2:
            own_cluster.add_worker()
            own_cluster.wait_for(2)

    own_cluster.executor.run(fakes.job(), parcels(), keep)
    assert numbers(kept) == list(range(60))
    assert len({one.process for one in fakes.read_journal(own_cluster.journal)}) == 2
    assert (max(in_hand[:3]), max(in_hand)) == (2, 4)  # two for each worker


def test_what_is_given_up_leaves_its_worker_free(own_cluster):
    def interrupt(*_):
        raise KeyboardInterrupt

    scenarios = (fakes.scenario("short"), fakes.scenario("endless", mischief="sleep 1000"))
    with pytest.raises(KeyboardInterrupt):
        own_cluster.executor.run(fakes.job(), fakes.parcels(2, *scenarios), interrupt)
    began = time.monotonic()
    own_cluster.executor.run(fakes.job(), fakes.parcels(6), lambda *_: None)
    assert time.monotonic() - began < 15


def test_a_replication_that_kills_every_worker_is_named(own_cluster, tmp_path):
    lives = tmp_path / "lives"
    lives.write_text("x" * 9)
    for _ in range(3):
        own_cluster.add_worker()
    own_cluster.wait_for(5)
    deadly = fakes.scenario("deadly", mischief=f"die {lives}")
    with pytest.raises(WorkerDiedError) as died:
        own_cluster.executor.run(fakes.job(), fakes.parcels(2, deadly), lambda *_: None)
    assert (died.value.scenario, died.value.replication) == ("deadly", 1)
    assert "its worker died each time it was tried" in str(died.value)


def test_other_versions_of_packages_are_refused_by_name(cluster_for_all, monkeypatch):
    theirs = cluster_module.versions()
    own = theirs | {"numpy": "0.9", "numba": "0.1"}
    monkeypatch.setattr(cluster_module, "versions", lambda: own)
    kept = []
    with pytest.raises(ProgramChangedError) as refused:
        cluster_for_all.executor.run(
            fakes.job(), fakes.parcels(4), lambda parcel, _: kept.append(parcel)
        )
    for name, asked in (("numpy", "0.9"), ("numba", "0.1")):
        assert f"{name} {theirs[name]} instead of {asked}" in str(refused.value)
    assert str(refused.value).startswith("worker tcp://127.0.0.1:")
    assert kept == []


def test_an_address_where_nothing_answers_is_an_error_that_names_it(monkeypatch):
    monkeypatch.setattr(cluster_module, "LONGEST_CONNECTING_SECONDS", 0.5)
    began = time.monotonic()
    with pytest.raises(ClusterError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9; start"):
        Cluster("tcp://127.0.0.1:9").run(fakes.job(), fakes.parcels(1), lambda *_: None)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("address", ["nowhere", "gopher://127.0.0.1:8786", ""])
def test_an_address_that_is_none_is_an_error_too(monkeypatch, address):
    monkeypatch.setattr(cluster_module, "LONGEST_CONNECTING_SECONDS", 0.5)
    with pytest.raises(ClusterError, match="no scheduler answers at"):
        Cluster(address).run(fakes.job(), fakes.parcels(1), lambda *_: None)


@pytest.mark.parametrize(
    "address",
    [
        *("", "foo", "10.0.0.7:8786", "gopher://10.0.0.7:8786", "tcp://", "tcp://:8786"),
        *("tcp://10.0.0.7", "tcp://10.0.0.7:0", "tcp://10.0.0.7:70000", "tcp://10.0.0.7:port"),
        *("tcp://10.0.0.7:8786/status", " tcp://10.0.0.7:8786"),
    ],
)
def test_an_address_of_another_form_is_refused_at_once(address):
    with pytest.raises(StudyError) as refused:
        How(1, cluster=address)
    assert str(refused.value).startswith(f"--cluster: found {address!r}, allowed tcp://HOST:PORT")


@pytest.mark.parametrize(
    "address", ["tcp://10.0.0.7:8786", "tls://node-7.example.org:8786", "tcp://[::1]:8786"]
)
def test_an_address_that_dask_prints_is_taken(address):
    assert How(1, cluster=address).cluster == address


@pytest.mark.parametrize("listens", [True, False])
def test_a_new_folder_is_not_made_for_a_cluster_that_does_not_answer(
    tmp_path, monkeypatch, capfd, listens
):
    monkeypatch.setattr(cluster_module, "LONGEST_CONNECTING_SECONDS", 0.5)
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        if listens:
            mute.listen()
        address = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
        how = How(1, "reference", progress=False, cluster=address)
        began = time.monotonic()
        with pytest.raises(ClusterError, match=f"no scheduler answers at {address}"):
            run_study(fakes.study(), tmp_path / "there", how, fakes.model())
    assert time.monotonic() - began < 5
    assert not list(tmp_path.iterdir())
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("progress", [True, False])
def test_that_workers_are_waited_for_is_said_once(own_cluster, monkeypatch, capfd, progress):
    monkeypatch.setattr(cluster_module, "PATIENT_SECONDS", 0.5)
    for _ in range(2):
        own_cluster.kill_worker()
    with cluster_module.connected(own_cluster.address) as client:
        while client.nthreads():
            time.sleep(0.05)
    in_hand = cluster_module._Crew.most_in_hand
    turns = []

    def most_in_hand(crew):
        turns.append(1)
        if len(turns) == 6:
            own_cluster.add_worker()
        return in_hand(crew)

    monkeypatch.setattr(cluster_module._Crew, "most_in_hand", most_in_hand)
    Cluster(own_cluster.address, progress).run(fakes.job(), fakes.parcels(3), lambda *_: None)
    said = f"Waiting for workers: the cluster at {own_cluster.address} has none"
    err = capfd.readouterr().err
    assert [line.startswith(said) for line in err.splitlines()] == [True] * progress


def small_study():
    """Return a study of the real model in a small territory."""
    changes = {"territory.inhabitants": 400, "horizon.years": 0.25, "horizon.warm_up_years": 0.1}
    scenarios = tuple(load_scenario(name, changes=changes) for name in ("isole", "msp"))
    return Study(scenarios, "isole", 3, 1)


@pytest.mark.parametrize("engine", ["compiled", "both"])
def test_a_study_on_a_cluster_has_the_digest_of_one_here(cluster_for_all, tmp_path, engine):
    how = How(1, engine, progress=False, cluster=cluster_for_all.address)
    there = run_study(small_study(), tmp_path / "there", how)
    here = run_study(small_study(), tmp_path / "here", How(1, "compiled", progress=False))
    assert there.digest == here.digest
    (run,) = json.loads((tmp_path / "there" / "manifest.json").read_text())["runs"]
    assert (run["cluster"], run["engine"], run["simulated"]) == (True, engine, 6)


def test_an_interrupted_study_on_a_cluster_resumes_anywhere(cluster_for_all, tmp_path):
    study = fakes.study(replications=10)
    how = How(1, "reference", progress=False, cluster=cluster_for_all.address)
    with fakes.interrupted_when_stored(3), pytest.raises(Interrupted, match=r"of 20 .* resumes"):
        run_study(study, tmp_path / "there", how, fakes.model())
    again = run_study(study, tmp_path / "there", How(1, "reference", progress=False), fakes.model())
    here = run_study(study, tmp_path / "here", How(1, "reference", progress=False), fakes.model())
    assert again.digest == here.digest
    assert 0 < again.simulated <= 17
