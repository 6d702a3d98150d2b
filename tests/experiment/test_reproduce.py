"""Simulating a finished folder again: what is compared, what is named, and that nothing is touched.

What is printed of it is in `test_cli_reproduce.py`.
"""

import json
import os
import platform
import shutil
import signal
import threading
from dataclasses import replace
from functools import partial

import pytest
from tests.experiment import fakes

from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.errors import (
    BadStoreError,
    FolderError,
    Interrupted,
    ReplicationError,
    StoreBusyError,
    StudyError,
)
from parcours_sim.experiment.files import sha256
from parcours_sim.experiment.folder import ResultsFolder
from parcours_sim.experiment.reproduce import recorded, reproduce
from parcours_sim.experiment.run import run_study
from parcours_sim.experiment.store import ReplicationKey, Store
from parcours_sim.experiment.sweep import Axis, Sweep, run_sweep

SHARE = Axis("organisation.share", (0.1, 0.2))


def how(workers=1, engine="reference"):
    return How(workers, engine, progress=False)


def run(folder, study=None, **other):
    return run_study(study or fakes.study(), folder, how(**other), fakes.model())


def again(folder, model=None, sample=None, **other):
    """Simulate a folder again; `sample` is a size and a seed."""
    with recorded(folder, model or fakes.model()) as record:
        drawn = record.sample(*sample) if sample else None
        return reproduce(record, how(**other), drawn)


def key(number=1, *, name="msp", share=0.27, mischief=""):
    """Return the key of a replication of the usual study."""
    scenario_hash = fakes.identify(fakes.scenario(name, share=share, mischief=mischief))
    return ReplicationKey(scenario_hash, "model-1", 7, number)


def measured(number=1):
    return fakes.measure(fakes.scenario("msp", share=0.27), 7, number)


def tree(folder):
    """Return all that can be seen of a folder: names, bytes, and when what was changed."""
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    times = {path.name: path.stat().st_mtime_ns for path in (folder, *folder.iterdir())}
    return files, times


def change_manifest(folder, change):
    results = ResultsFolder(folder)
    manifest = results.read_manifest()
    change(manifest)
    results.write_manifest(manifest)


def change_scenarios(folder, change):
    path = folder / "scenarios.resolved.json"
    found = json.loads(path.read_text())
    path.write_text(json.dumps(change(found)))


@pytest.mark.parametrize(
    ("engine", "workers"), [("reference", 1), ("reference", 2), ("compiled", 2), ("auto", 1)]
)
def test_a_finished_study_comes_out_the_same_however_it_is_simulated(
    tmp_path, journal, engine, workers
):
    first = run(tmp_path / "study")
    begun = len(journal())
    found = again(tmp_path / "study", engine=engine, workers=workers)
    assert found.is_same
    assert (found.compared, found.record.total, found.differences) == (8, 8, ())
    assert found.digest == found.record.digest == first.digest
    assert (found.record.changes, found.record.faults) == ((), ())
    assert len(journal()) - begun == 8
    assert found.engine == ("compiled" if engine == "auto" else engine)


@pytest.mark.parametrize("sample", [None, (3, 5)])
def test_nothing_in_the_folder_is_touched_not_even_meanwhile(tmp_path, sample):
    run(tmp_path / "study")
    before, meanwhile = tree(tmp_path / "study"), []

    def looking(*which, **options):
        meanwhile.append(tree(tmp_path / "study") == before)
        return fakes.simulate(*which, **options)

    again(tmp_path / "study", replace(fakes.model(), simulate=looking), sample)
    assert all(meanwhile)
    assert len(meanwhile) == (sample[0] if sample else 8)
    assert tree(tmp_path / "study") == before


def test_what_a_killed_run_has_left_beside_the_store_is_read_and_left_there(tmp_path):
    run(tmp_path / "study")
    with Store(tmp_path / "study" / "store.sqlite") as store:
        store.put(key(number=9), measured(9))
        shutil.copytree(tmp_path / "study", tmp_path / "killed")
    assert (tmp_path / "killed" / "store.sqlite-wal").stat().st_size
    before = tree(tmp_path / "killed")
    with recorded(tmp_path / "killed", fakes.model()) as record:
        assert key(number=9) in record.store
        assert reproduce(record, how()).is_same
    assert tree(tmp_path / "killed") == before


@pytest.mark.parametrize(
    ("what", "named"),
    [
        ("row", ("hospitalisations (all) = ", "hospitalisations (all) = ")),
        ("length", ("deaths (kind:heart_failure) = ", "contacts = 1001")),
        ("stays", ("stay ", "nothing more")),
        ("contacts", ("contacts = 1001", "contacts = 1002")),
    ],
)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_replication_that_comes_out_otherwise_is_named_with_the_first_difference(
    tmp_path, what, named, workers
):
    wrong = fakes.scenario("msp", mischief=f"differ {what}")
    run(tmp_path, fakes.study(fakes.scenario("isole"), wrong))
    found = again(tmp_path, engine="compiled", workers=workers)
    assert not found.is_same
    (difference,) = found.differences
    assert difference[:2] == ("msp", 1)
    assert difference.stored.startswith(named[0])
    assert difference.now.startswith(named[1])
    assert difference.stored != difference.now
    assert str(difference) == (
        f"scenario 'msp', replication 1: stored {difference.stored}; now {difference.now}"
    )


@pytest.mark.parametrize("what", ["events", "seconds"])
def test_how_many_events_and_seconds_a_run_took_is_no_result(tmp_path, what):
    run(tmp_path, fakes.study(fakes.scenario("isole", mischief=f"differ {what}")))
    assert again(tmp_path, engine="compiled").is_same


def test_the_digest_is_that_of_the_table_as_it_would_be_written_now(tmp_path):
    wrong = fakes.scenario("msp", mischief="differ row")
    study = fakes.study(wrong, fakes.scenario("isole"), fakes.scenario("copy"))
    run(tmp_path / "then", study)
    now = run(tmp_path / "now", study, engine="compiled")
    found = again(tmp_path / "then", engine="compiled")
    assert found.digest == now.digest != found.record.digest


def test_the_sign_of_a_zero_makes_no_other_table(tmp_path):
    def with_zero(zero, *which, **options):
        found = fakes.simulate(*which, **options)
        return replace(found, rows=(("deaths", "nobody", zero), *found.rows))

    with_minus = replace(fakes.model(), simulate=partial(with_zero, -0.0))
    run_study(fakes.study(), tmp_path, how(), with_minus)
    assert again(tmp_path, with_minus).is_same
    assert again(tmp_path, replace(fakes.model(), simulate=partial(with_zero, 0))).is_same


def test_a_renamed_copy_is_simulated_once(tmp_path, journal):
    run(tmp_path / "study", fakes.study(fakes.scenario("isole"), fakes.scenario("copy")))
    begun = len(journal())
    found = again(tmp_path / "study")
    assert found.is_same
    assert len(journal()) - begun == found.compared == found.record.total == 4


def test_a_single_run_and_an_extended_study_are_reproduced_too(tmp_path):
    single = replace(fakes.study(fakes.scenario("isole"), replications=2), baseline=None)
    run(tmp_path, single)
    run(tmp_path, replace(single, replications=3))
    assert again(tmp_path).is_same


def test_an_extension_that_never_finished_leaves_the_finished_part_to_reproduce(tmp_path):
    run(tmp_path, fakes.study(replications=2))
    with fakes.interrupted_when_stored(5), pytest.raises(Interrupted):
        run(tmp_path, fakes.study(replications=4))
    found = again(tmp_path)
    assert found.is_same
    assert found.compared == found.record.total == 4


def test_a_sample_is_chosen_by_its_seed_and_only_it_is_simulated(tmp_path, journal):
    run(tmp_path / "study", fakes.study(replications=50))

    def simulated(*sample):
        before = len(journal())
        assert again(tmp_path / "study", sample=sample).is_same
        return {(begun.scenario, begun.replication) for begun in journal()[before:]}

    few = simulated(10, 3)
    assert len(few) == 10
    assert simulated(10, 3) == few
    assert simulated(20, 3) > few
    assert simulated(10, 4) != few
    assert {name for name, _ in few} == {"isole", "msp"}


def test_the_same_seed_draws_the_same_sample_with_any_version_of_python(tmp_path):
    run(tmp_path, fakes.study(replications=50))
    with recorded(tmp_path, fakes.model()) as record:
        assert sorted(record.sample(5, 3).drawn) == [6, 25, 75, 87, 92]


def test_a_sample_finds_a_difference_if_it_holds_it_and_makes_no_table(tmp_path):
    run(tmp_path)
    fakes.put_another(tmp_path / "store.sqlite", key(), replace(measured(), contacts=3))
    found = [again(tmp_path, sample=(4, seed)) for seed in range(12)]
    assert {one.digest for one in found} == {None}
    assert {one.is_same for one in found} == {True, False}
    for one in found:
        assert one.compared == 4
        assert one.is_same == (one.differences == ())


@pytest.mark.parametrize("size", [0, 9])
def test_a_sample_larger_than_there_is_or_of_nothing_is_refused(tmp_path, size):
    run(tmp_path)
    with (
        recorded(tmp_path, fakes.model()) as record,
        pytest.raises(StudyError, match=f"--sample: found {size}, allowed 1 to 8"),
    ):
        record.sample(size, 1)


def test_another_version_of_the_model_is_named_and_may_give_the_same(tmp_path):
    run(tmp_path)
    found = again(tmp_path, fakes.model("2" * 64))
    assert found.record.changes == ("model version: there model-1, here 222222222222",)
    assert found.is_of_another_version
    assert found.is_same


def test_another_version_of_the_model_may_give_something_else(tmp_path):
    run(tmp_path)

    def other(*which, **options):
        found = fakes.simulate(*which, **options)
        return replace(found, rows=(*found.rows, ("pain", "all", 1.0)))

    found = again(tmp_path, replace(fakes.model("model-2"), simulate=other))
    assert (found.is_of_another_version, found.is_same) == (True, False)
    assert [one[:2] for one in found.differences] == [
        (name, number) for name in ("isole", "msp") for number in range(4)
    ]
    assert found.digest != found.record.digest


def test_other_versions_of_libraries_and_another_platform_are_named(tmp_path):
    run(tmp_path)

    def elsewhere(manifest):
        (record,) = manifest.runs
        later = record.model_copy(deep=True)
        record.versions |= {"numpy": "0.1", "python": "3.0.0", "numba": None}
        record.machine["platform"] = "another"
        del record.versions["scipy"]
        later.machine["cpu_count"] = 1
        manifest.runs.append(later)

    (own,) = ResultsFolder(tmp_path).read_manifest().runs
    change_manifest(tmp_path, elsewhere)
    found = again(tmp_path)
    versions = own.versions
    assert found.record.changes == (
        f"python: there 3.0.0 and {versions['python']}, here {versions['python']}",
        f"numba: there none and {versions['numba']}, here {versions['numba']}",
        f"numpy: there 0.1 and {versions['numpy']}, here {versions['numpy']}",
        f"platform: there another and {platform.platform()}, here {platform.platform()}",
    )
    assert found.is_same


def test_a_scenario_that_is_not_the_manifests_is_named_and_simulated_as_it_is(tmp_path):
    run(tmp_path)
    change_scenarios(tmp_path, lambda found: [found[0], found[1] | {"share": 0.28}])
    found = again(tmp_path)
    there, here = (key(share=share).scenario_hash[:12] for share in (0.27, 0.28))
    (fault,) = found.record.faults
    named = f"holds msp (documents {here}) where the manifest has msp (documents {there})"
    assert fault == f"scenarios.resolved.json: {named}"
    assert not found.is_same
    assert {one.scenario for one in found.differences} == {"msp"}
    assert len(found.differences) == 4


def test_a_scenario_under_another_name_is_no_reproduction_though_all_comes_out(tmp_path):
    run(tmp_path)
    change_scenarios(tmp_path, lambda found: [found[0], found[1] | {"name": "other"}])
    found = again(tmp_path)
    (fault,) = found.record.faults
    assert "holds other (" in fault
    assert (found.differs, found.is_same) == (False, False)


@pytest.mark.parametrize("sample", [None, (2, 1)])
def test_a_table_that_is_missing_or_another_is_named(tmp_path, sample):
    run(tmp_path)
    table = tmp_path / "outcomes.csv"
    table.write_text(table.read_text() + "\n")
    another = again(tmp_path, sample=sample)
    (fault,) = another.record.faults
    assert fault == (
        f"outcomes.csv: has sha256 {sha256(table)[:12]}…, recorded {another.record.digest[:12]}…"
    )
    table.unlink()
    missing = again(tmp_path, sample=sample)
    assert missing.record.faults == ("outcomes.csv: can't be read: No such file or directory",)
    assert [one.is_same for one in (another, missing)] == [False, False]
    assert [one.differs for one in (another, missing)] == [False, False]


@pytest.mark.parametrize("sample", [None, (2, 1)])
def test_a_store_that_makes_another_table_is_named(tmp_path, sample):
    run(tmp_path)
    (name, group, value), *others = measured().rows
    other = replace(measured(), rows=((name, group, value + 1), *others))
    fakes.put_another(tmp_path / "store.sqlite", key(), other)
    found = again(tmp_path, sample=sample)
    (fault,) = found.record.faults
    assert fault.startswith("store.sqlite: makes another table, with sha256 ")
    assert not found.is_same


def test_a_replication_that_the_store_lacks_is_named(tmp_path):
    run(tmp_path)
    with Store(tmp_path / "store.sqlite") as store:
        store._connection.execute("DELETE FROM replications WHERE replication = 2")
        store._connection.commit()
    found = again(tmp_path)
    assert found.record.faults == ("store.sqlite: lacks 2 of 8 replications",)
    assert [str(one) for one in found.differences] == [
        f"scenario {name!r}, replication 2: stored nothing; now there are results"
        for name in ("isole", "msp")
    ]
    assert found.digest == found.record.digest


def test_a_replication_that_is_not_as_it_was_written_is_named(tmp_path):
    run(tmp_path)
    with Store(tmp_path / "store.sqlite") as store:
        store._connection.execute("UPDATE replications SET stays = x'00' WHERE replication = 2")
        store._connection.commit()
    found = again(tmp_path)
    fault = "store.sqlite: 2 of 8 replications aren't as they were written"
    assert found.record.faults == (fault,)
    assert [one[:3] for one in found.differences] == [
        (name, 2, "something damaged") for name in ("isole", "msp")
    ]


def test_an_outcome_that_is_counted_no_longer_makes_another_table_and_no_crash(tmp_path):
    def unit(outcome):
        return {name: f"unit of {name}" for name in fakes.OUTCOMES[1:]}[outcome]

    run(tmp_path)
    found = again(tmp_path, replace(fakes.model("model-2"), unit=unit))
    assert found.digest != found.record.digest
    assert not found.is_same


def test_a_folder_that_is_not_finished_is_refused(tmp_path):
    with pytest.raises(ReplicationError):
        run(tmp_path, fakes.study(fakes.scenario("isole", mischief="fail")))
    with pytest.raises(FolderError, match="isn't finished; the command that began it resumes"):
        again(tmp_path)


def test_a_folder_without_results_is_refused_and_nothing_is_made_in_it(tmp_path):
    with pytest.raises(FolderError, match=r"manifest\.json: can't be read"):
        again(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", [None, "{", "[]", "[{}]", '["a"]'])
def test_scenarios_that_cannot_be_read_are_refused_by_the_name_of_their_file(tmp_path, text):
    run(tmp_path)
    file = tmp_path / "scenarios.resolved.json"
    file.unlink()
    if text is not None:
        file.write_text(text)
    with pytest.raises(FolderError, match=r"scenarios\.resolved\.json: "):
        again(tmp_path)


def test_a_store_that_is_missing_or_none_is_refused_by_name(tmp_path):
    run(tmp_path)
    store = tmp_path / "store.sqlite"
    store.write_bytes(b"a shopping list" * 1000)
    with pytest.raises(BadStoreError, match=r"store\.sqlite: it isn't a parcours_sim store"):
        again(tmp_path)
    store.unlink()
    with pytest.raises(FolderError, match=r"store\.sqlite: missing"):
        again(tmp_path)
    assert not store.exists()


def test_both_engines_at_once_are_refused(tmp_path):
    run(tmp_path)
    with pytest.raises(StudyError, match="engine: found 'both'"):
        again(tmp_path, engine="both")


def test_a_run_and_a_reproduction_keep_out_of_each_others_way(tmp_path):
    run(tmp_path)
    with (
        Store(tmp_path / "store.sqlite"),
        pytest.raises(StoreBusyError, match="a run is writing it; wait until it ends"),
    ):
        again(tmp_path)
    with recorded(tmp_path, fakes.model()), pytest.raises(StoreBusyError):
        run(tmp_path, fakes.study(replications=5))
    with recorded(tmp_path, fakes.model()):
        assert again(tmp_path).is_same  # but any number may read
    run(tmp_path, fakes.study(replications=5))


def test_a_copy_of_a_folder_without_its_lock_is_reproduced(tmp_path):
    run(tmp_path)
    (tmp_path / "store.lock").unlink()
    assert again(tmp_path).is_same
    assert not (tmp_path / "store.lock").exists()


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize(("engine", "workers"), [("reference", 1), ("compiled", 2)])
def test_an_interrupt_ends_within_seconds_and_says_how_far_it_came(tmp_path, engine, workers):
    run(tmp_path)
    before = tree(tmp_path)

    press_once = threading.Lock()

    def slow(one, seed, number, **options):
        if number:
            one.mischief = "sleep 60"
            if press_once.acquire(blocking=False):
                threading.Timer(0.2, signal.raise_signal, [signal.SIGINT]).start()
        return fakes.simulate(one, seed, number, **options)

    with pytest.raises(Interrupted, match=r"2 of 8 .* compared, 0 of them differ"):
        again(tmp_path, replace(fakes.model(), simulate=slow), engine=engine, workers=workers)
    assert tree(tmp_path) == before


def test_a_replication_that_fails_now_is_named(tmp_path):
    run(tmp_path)

    def broken(*_which, **_options):
        raise ZeroDivisionError("no beds")

    with pytest.raises(ReplicationError, match=r"scenario 'isole', replication 0: ZeroDivision"):
        again(tmp_path, replace(fakes.model(), simulate=broken))


@pytest.fixture
def swept(tmp_path):
    """Return the folder of a finished sweep."""
    folder = tmp_path / "sweep"
    made = Sweep(fakes.study(replications=3), (SHARE,), fakes.model())
    result = run_sweep(made, folder, how())
    (folder / "sweep.csv").write_text("its table")
    result.note_table(sha256(folder / "sweep.csv"))
    return folder


@pytest.mark.parametrize("sample", [None, (4, 2)])
def test_a_sweep_is_made_again_from_its_folder(swept, journal, sample):
    begun, before = len(journal()), tree(swept)
    found = again(swept, sample=sample)
    assert found.is_same
    assert found.record.total == 9  # the baseline once, msp at two points
    assert len(journal()) - begun == found.compared == (4 if sample else 9)
    assert found.digest is None
    assert found.record.table == swept / "sweep.csv"
    assert tree(swept) == before


def test_a_sweep_that_comes_out_otherwise_names_scenario_and_point(swept):
    there = fakes.measure(fakes.scenario("msp", share=0.2), 7, 2)
    other = replace(there, contacts=3)
    fakes.put_another(swept / "store.sqlite", key(2, share=0.2), other)
    found = again(swept)
    (difference,) = found.differences
    assert difference[:3] == ("msp at organisation.share=0.2", 2, "contacts = 3")
    assert not found.is_same


def test_a_sweep_that_lacks_something_or_has_another_table_is_no_reproduction(swept):
    (swept / "sweep.csv").write_text("another table")
    with Store(swept / "store.sqlite") as store:
        store._connection.execute("DELETE FROM replications WHERE replication = 2")
        store._connection.commit()
    found = again(swept, sample=(1, 1))
    first, second = found.record.faults
    assert first.startswith("sweep.csv: has sha256 ")
    assert second == "store.sqlite: lacks 3 of 9 replications"
    assert not found.is_same
