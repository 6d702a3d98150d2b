"""Shards simulated apart and merged give the results of the whole."""

import json
import sqlite3
from contextlib import closing

import pytest
from tests.experiment import fakes

from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.checksum import json_checksum
from parcours_sim.experiment.errors import FolderError, Interrupted, StoreError
from parcours_sim.experiment.merge import merge_folders
from parcours_sim.experiment.plan import Shard
from parcours_sim.experiment.reproduce import recorded
from parcours_sim.experiment.run import open_study, read_study, run_study
from parcours_sim.experiment.store import Store


def simulate(folder, number, of, study=None, workers=1):
    """Simulate one shard of a study of seven replications in a folder."""
    how = How(workers, "reference", progress=False, shard=Shard(number, of))
    study = study or fakes.study(replications=7)
    with open_study(study, folder, how, fakes.model()) as campaign:
        campaign.run()
        return campaign.total, campaign.simulated


def again(folder, model):
    with recorded(folder, model):
        pass


def whole(folder):
    how = How(1, "reference", progress=False)
    return run_study(fakes.study(replications=7), folder, how, fakes.model())


def test_shards_of_any_number_of_workers_merge_to_the_digest_of_the_whole(tmp_path, journal):
    folders = [tmp_path / f"shard {number}" for number in (1, 2, 3)]
    done = [simulate(folder, place, 3, workers=2) for place, folder in enumerate(folders, 1)]
    assert done == [(6, 6), (4, 4), (4, 4)]
    assert merge_folders(folders, tmp_path / "merged") == 14
    begun = len(journal())
    merged = whole(tmp_path / "merged")
    assert (merged.simulated, len(journal())) == (0, begun)
    assert merged.digest == whole(tmp_path / "at once").digest
    assert len(json.loads((tmp_path / "merged" / "manifest.json").read_text())["runs"]) == 3


@pytest.mark.parametrize("read", [read_study, again])
def test_a_shard_alone_is_not_read_as_a_study_but_sent_to_be_merged(tmp_path, read):
    simulate(tmp_path, 1, 2)
    simulate(tmp_path, 1, 2)  # which has nothing to do
    with pytest.raises(FolderError, match=r"holds shard 1/2 of a study, .* parcours-sim merge DIR"):
        read(tmp_path, fakes.model())
    simulate(tmp_path, 2, 2)
    with pytest.raises(FolderError, match="holds shard 1/2 and 2/2 of a study, not the whole"):
        read(tmp_path, fakes.model())


def test_a_shard_that_was_interrupted_is_to_be_resumed(tmp_path):
    with fakes.interrupted_when_stored(3), pytest.raises(Interrupted):
        simulate(tmp_path, 1, 2)
    with pytest.raises(FolderError, match="isn't finished; the command that began it resumes"):
        read_study(tmp_path, fakes.model())


def test_a_manifest_that_says_nothing_of_shards_is_read(tmp_path):
    digest = whole(tmp_path).digest
    path = tmp_path / "manifest.json"
    older = json.loads(path.read_text())
    assert older["runs"][0].pop("shard") is None
    older["checksum"] = json_checksum(json.dumps(older))
    path.write_text(json.dumps(older))
    assert read_study(tmp_path, fakes.model()).digest == digest


def test_a_shard_resumes_and_merging_again_adds_nothing(tmp_path):
    simulate(tmp_path / "one", 1, 2)
    assert simulate(tmp_path / "one", 1, 2) == (8, 0)
    assert merge_folders([tmp_path / "one"], tmp_path / "merged") == 8
    assert merge_folders([tmp_path / "one"], tmp_path / "merged") == 0


def test_what_no_shard_brought_the_whole_simulates(tmp_path):
    simulate(tmp_path / "one", 1, 2)
    merge_folders([tmp_path / "one"], tmp_path / "merged")
    assert whole(tmp_path / "merged").simulated == 6


def test_a_shard_may_be_merged_into_another(tmp_path):
    simulate(tmp_path / "one", 1, 2)
    simulate(tmp_path / "two", 2, 2)
    assert merge_folders([tmp_path / "one", tmp_path / "two"], tmp_path / "one") == 6
    assert whole(tmp_path / "one").simulated == 0


def test_a_shard_of_another_study_is_refused_saying_what_differs(tmp_path):
    simulate(tmp_path / "one", 1, 2)
    simulate(tmp_path / "other", 2, 2, fakes.study(replications=7, seed=8))
    with pytest.raises(FolderError, match=r"not a shard of the same study(.|\n)*seed: there 7"):
        merge_folders([tmp_path / "one", tmp_path / "other"], tmp_path / "merged")
    assert not (tmp_path / "merged").exists()


def test_a_folder_without_results_is_refused(tmp_path):
    with pytest.raises(FolderError, match="can't be read; is this a results folder"):
        merge_folders([tmp_path], tmp_path / "merged")


def test_two_folders_that_hold_different_results_of_one_replication_are_refused(tmp_path):
    for folder in ("one", "two"):
        simulate(tmp_path / folder, 1, 2)
    different = fakes.simulate(fakes.scenario("isole", share=0.5), 7, 0)
    path = tmp_path / "two" / "store.sqlite"
    with Store(path) as store:
        key = next(iter(store))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM outcomes WHERE replication_id = 1")
        connection.execute("DELETE FROM replications WHERE id = 1")
    with Store(path) as store:
        store.put(key, different)
    with pytest.raises(StoreError, match=r"replication 0 of seed 7.*differs from what"):
        merge_folders([tmp_path / "one", tmp_path / "two"], tmp_path / "merged")
