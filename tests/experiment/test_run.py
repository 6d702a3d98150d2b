"""Running a study: the same bytes however it is run, resumed, extended or renamed.

Which engine is chosen is in `test_engines.py`, both at once in `test_agreement.py`.
"""

import csv
import errno
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.experiment import fakes

from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.errors import (
    FolderError,
    Interrupted,
    ProgramChangedError,
    ReplicationError,
    StoreBusyError,
    StoreError,
    StudyError,
)
from parcours_sim.experiment.files import sha256
from parcours_sim.experiment.run import read_study, run_study
from parcours_sim.experiment.store import Store
from parcours_sim.scenario.resolve import (
    dump_scenario,
    load_dump,
    load_scenario,
    scenario_hash,
)

ROOT = Path(__file__).parents[2]


def run(folder: Path, study=None, *, workers: int = 1, **other):
    model = other.pop("model", fakes.model())
    how = How(workers, **{"engine": "reference", "progress": False} | other)
    return run_study(study or fakes.study(), folder, how, model)


def manifest_of(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text())


def shuffled(replications: int = 6):
    """Return a study whose replications don't finish in the order in which they began."""
    return fakes.study(
        fakes.scenario("isole", mischief="dawdle"),
        fakes.scenario("msp", share=0.2),
        replications=replications,
    )


@pytest.mark.parametrize(
    ("engine", "workers"), [("reference", 2), ("compiled", 1), ("compiled", 2), ("compiled", 3)]
)
def test_any_number_of_workers_in_any_order_writes_the_same_bytes(
    tmp_path, monkeypatch, engine, workers
):
    monkeypatch.setenv(fakes.JOURNAL, str(tmp_path / "journal"))
    finished = []
    put = Store.put
    monkeypatch.setattr(
        Store, "put", lambda self, key, found: finished.append(key) or put(self, key, found)
    )
    here = run(tmp_path / "here", shuffled())
    in_order, finished[:] = list(finished), []
    (tmp_path / "journal").write_text("")
    there = run(tmp_path / "there", shuffled(), workers=workers, engine=engine)
    assert (finished != in_order) == (workers > 1)
    assert set(finished) == set(in_order)
    first, second = (tmp_path / where / "outcomes.csv" for where in ("here", "there"))
    assert first.read_bytes() == second.read_bytes()
    assert here.digest == there.digest == sha256(first)
    for name, by_number in here.stays.items():
        for number, stays in by_number.items():
            assert stays.tolist() == there.stays[name][number].tolist()


def test_the_table_has_its_columns_and_rows_in_fixed_order(tmp_path):
    result = run(tmp_path)
    with (tmp_path / "outcomes.csv").open(newline="") as file:
        header, *lines = csv.reader(file)
    columns = ["scenario", "parameter_set", "replication", "outcome", "group", "value", "unit"]
    assert header == columns
    expected = [
        [scenario.name, "documents", str(number), outcome, group, repr(value), f"unit of {outcome}"]
        for scenario in fakes.study().scenarios
        for number in range(4)
        for outcome, group, value in fakes.simulate(scenario, 7, number).rows
    ]
    assert lines == expected
    assert [[*map(str, row[:5]), repr(row.value), row.unit] for row in result.outcomes()] == lines


def test_another_hash_seed_changes_no_byte(tmp_path):
    script = (
        "import sys; from pathlib import Path; from tests.experiment.test_run import run, shuffled;"
        "run(Path(sys.argv[1]), shuffled(3), workers=2)"
    )
    for seed in ("1", "2"):
        journal = str(tmp_path / f"{seed}.journal")
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / seed)],
            env={**os.environ, "PYTHONHASHSEED": seed, fakes.JOURNAL: journal},
            cwd=ROOT,
            check=True,
        )
    first, second = ((tmp_path / seed / "outcomes.csv").read_bytes() for seed in ("1", "2"))
    assert first == second


def test_the_same_command_again_runs_nothing_and_leaves_the_folder_as_it_was(tmp_path):
    first = run(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    again = run(tmp_path)
    assert (first.simulated, again.simulated) == (8, 0)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert again.digest == first.digest


def test_more_replications_leave_the_earlier_ones_alone(tmp_path):
    run(tmp_path, fakes.study(replications=2))
    short = (tmp_path / "outcomes.csv").read_text().splitlines()
    assert run(tmp_path, fakes.study(replications=3)).simulated == 2
    longer = (tmp_path / "outcomes.csv").read_text().splitlines()
    assert [line for line in longer if ",2," not in line] == short
    run(tmp_path / "at once", fakes.study(replications=3))
    assert (tmp_path / "at once" / "outcomes.csv").read_text().splitlines() == longer
    assert len(manifest_of(tmp_path)["runs"]) == 2


def test_fewer_replications_than_are_finished_are_refused(tmp_path):
    run(tmp_path)
    before = (tmp_path / "outcomes.csv").read_bytes()
    with pytest.raises(StudyError, match="holds the results of 4 replications"):
        run(tmp_path, fakes.study(replications=3))
    assert (tmp_path / "outcomes.csv").read_bytes() == before


def test_an_unfinished_study_may_be_asked_for_less(tmp_path):
    broken = fakes.study(fakes.scenario("isole", mischief="fail"))
    with pytest.raises(ReplicationError):
        run(tmp_path, broken)
    less = fakes.study(fakes.scenario("isole", mischief="fail"), replications=2)
    assert run(tmp_path, less).simulated == 0
    assert manifest_of(tmp_path)["outcomes"]["replications"] == 2


def test_a_renamed_copy_differs_by_exactly_nothing_and_is_run_once(tmp_path):
    result = run(tmp_path, fakes.study(fakes.scenario("isole"), fakes.scenario("copy")))
    assert result.simulated == 4
    original, copy = result.replications
    assert [one.rows for one in original] == [one.rows for one in copy]
    names = {row.scenario for row in result.outcomes()}
    assert names == {"isole", "copy"}


def test_a_failure_keeps_what_was_finished_and_the_manifest_tells(tmp_path):
    wicked = fakes.study(fakes.scenario("isole", mischief="fail"))
    with pytest.raises(ReplicationError, match="scenario 'isole', replication 2"):
        run(tmp_path, wicked)
    with Store(tmp_path / "store.sqlite") as store:
        assert len(store) == 2
    (record,) = manifest_of(tmp_path)["runs"]
    assert (record["simulated"], record["finished"]) == (2, None)
    assert not (tmp_path / "outcomes.csv").exists()


def test_an_interrupt_is_told_with_how_to_resume(tmp_path):
    with (
        fakes.interrupted_when_stored(3),
        pytest.raises(Interrupted, match=r"3 of 8 replications are stored in .* resumes"),
    ):
        run(tmp_path)
    assert run(tmp_path).simulated == 5


def test_the_manifest_says_what_made_the_results(tmp_path):
    result = run(tmp_path, command=("parcours-sim", "compare", "isole", "msp"))
    manifest = manifest_of(tmp_path)
    scenarios = fakes.study().scenarios
    assert manifest["model_version"] == "model-1"
    assert (manifest["seed"], manifest["replications"]) == (7, 4)
    assert manifest["baseline"] == "isole"
    assert [one["hash"] for one in manifest["scenarios"]] == [*map(fakes.identify, scenarios)]
    assert manifest["outcomes"] == {"replications": 4, "sha256": result.digest}
    (record,) = manifest["runs"]
    assert record["command"] == ["parcours-sim", "compare", "isole", "msp"]
    assert (record["engine"], record["workers"]) == ("reference", 1)
    assert record["simulated"] == 8
    assert record["started"] <= record["finished"]
    assert record["seconds"] > 0
    assert record["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert record["versions"]["numpy"]
    assert record["machine"]["cpu_count"] == os.cpu_count()


def test_a_finished_study_is_read_back_without_its_scenario_files(tmp_path):
    result = run(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    found = read_study(tmp_path, fakes.model())
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert list(found.outcomes()) == list(result.outcomes())
    assert found.study.baseline == "isole"
    assert found.digest == result.digest


def test_an_unfinished_study_is_not_read(tmp_path):
    with pytest.raises(ReplicationError):
        run(tmp_path, fakes.study(fakes.scenario("isole", mischief="fail")))
    with pytest.raises(FolderError, match="isn't finished"):
        read_study(tmp_path, fakes.model())


@pytest.mark.parametrize("file", range(6))
def test_a_disk_full_at_any_of_the_files_is_told_and_the_same_command_resumes(
    tmp_path, monkeypatch, file
):
    run(tmp_path / "untroubled")
    written = []
    really = Path.replace

    def replace(self, target):
        written.append(target)
        if len(written) > file:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return really(self, target)

    with monkeypatch.context() as full:
        full.setattr(Path, "replace", replace)
        with pytest.raises(FolderError, match="can't be written: No space left"):
            run(tmp_path / "full")
    run(tmp_path / "full")
    first, second = (tmp_path / where / "outcomes.csv" for where in ("untroubled", "full"))
    assert first.read_bytes() == second.read_bytes()


def test_an_interrupt_on_threads_keeps_what_is_finished_and_resumes_on_either_engine(tmp_path):
    study = fakes.study(replications=20)
    with fakes.interrupted_when_stored(3), pytest.raises(Interrupted, match=r"of 40 .* resumes"):
        run(tmp_path, study, workers=2, engine="compiled")
    with Store(tmp_path / "store.sqlite") as store:
        stored = len(store)
    assert 3 <= stored < 20
    resumed = run(tmp_path, study)
    assert resumed.simulated == 40 - stored
    assert resumed.digest == run(tmp_path / "untroubled", study).digest
    assert [one["engine"] for one in manifest_of(tmp_path)["runs"]] == ["compiled", "reference"]


@pytest.mark.parametrize("workers", [0, -1])
def test_no_workers_at_all_are_refused(tmp_path, workers):
    with pytest.raises(StudyError, match=f"workers: found {workers}"):
        run(tmp_path / "new", workers=workers)
    assert not (tmp_path / "new").exists()


def test_an_engine_that_there_is_not_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(StudyError) as refused:
        run(tmp_path / "new", engine="fast")
    allowed = "auto, reference, compiled, both"
    assert str(refused.value) == f"engine: found 'fast', allowed {allowed}"
    assert not (tmp_path / "new").exists()


def test_two_runs_on_one_folder_refuse_each_other(tmp_path):
    run(tmp_path)
    with Store(tmp_path / "store.sqlite"), pytest.raises(StoreBusyError):
        run(tmp_path)


def test_a_damaged_store_is_refused_by_name(tmp_path):
    run(tmp_path)
    store = tmp_path / "store.sqlite"
    store.write_bytes(store.read_bytes()[:5000])
    with pytest.raises(StoreError, match=r"store\.sqlite: it is damaged"):
        run(tmp_path)


@pytest.mark.parametrize(
    ("study", "version", "told"),
    [
        (fakes.study(seed=8), "model-1", "seed: there 7, asked for 8"),
        (fakes.study(), "model-2", "model_version: there model-1, asked for model-2"),
        (fakes.study(), "2" * 64, f"model_version: there model-1, asked for {'2' * 12}\n"),
        (
            replace(fakes.study(), baseline=None),
            "model-1",
            "baseline: there isole, asked for none",
        ),
        (fakes.study(fakes.scenario("isole")), "model-1", "scenarios: there isole, msp"),
        (
            fakes.study(fakes.scenario("isole"), fakes.scenario("msp", share=0.5)),
            "model-1",
            "msp: its values differ",
        ),
    ],
)
def test_another_study_in_the_folder_is_refused_saying_what_differs(tmp_path, study, version, told):
    run(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(FolderError) as refused:
        run(tmp_path, study, model=fakes.model(version))
    assert told in f"{refused.value}\n"
    assert "choose another --out" in str(refused.value)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_of_a_single_run_says_that_it_has_no_baseline(tmp_path):
    run(tmp_path, replace(fakes.study(), baseline=None))
    with pytest.raises(FolderError, match=r"baseline: there none, asked for isole"):
        run(tmp_path)


@pytest.mark.parametrize("text", ["{", '{"name": "a web page"}', "[]", '"\udcff"'])
def test_a_manifest_that_is_not_ours_is_refused_by_name(tmp_path, text):
    (tmp_path / "manifest.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(FolderError, match=r"manifest\.json: "):
        run(tmp_path)


def test_files_of_another_making_are_not_overwritten(tmp_path):
    (tmp_path / "outcomes.csv").write_text("mine")
    with pytest.raises(FolderError, match=r"holds outcomes\.csv but no manifest\.json"):
        run(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["outcomes.csv"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FolderError, match=r"file: can't be made"):
        run(tmp_path / "file")


def as_the_real_one():
    """Return the fake model, but reading scenarios as the real one does."""
    return replace(fakes.model(), load=load_dump, dump=dump_scenario, identify=scenario_hash)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: {},
        lambda _: [1],
        lambda _: [],
        lambda found: found[:1],
        lambda found: [found[0], {}],
        lambda found: [found[0], found[1] | {"horizon": {"months": 3}}],
        lambda found: [found[0], found[1] | {"name": "another"}],
        lambda found: [found[0], found[1] | {"parameter_set": "literature"}],
    ],
    ids=["a table", "a number", "none", "one", "empty", "other keys", "renamed", "another set"],
)
def test_results_of_another_version_are_refused_naming_the_file(tmp_path, change):
    model = replace(
        as_the_real_one(),
        simulate=lambda _, *which, **how: fakes.simulate(fakes.scenario("x"), *which, **how),
    )
    scenarios = tuple(map(load_scenario, ("isole", "msp")))
    run(tmp_path, fakes.Study(scenarios, "isole", 1, 1), model=model)
    assert read_study(tmp_path, model).study.names == ("isole", "msp")
    file = tmp_path / "scenarios.resolved.json"
    file.write_text(json.dumps(change(json.loads(file.read_text()))))
    with pytest.raises(FolderError) as refused:
        read_study(tmp_path, model)
    assert str(refused.value) == (
        f"{file}: damaged, or written by another version of parcours_sim; "
        "the command that made it, with another --out, makes it anew"
    )


def test_a_program_that_changes_while_it_runs_stores_nothing_of_its_new_self(tmp_path):
    with pytest.raises(ProgramChangedError, match="changed while it ran"):
        run(tmp_path, workers=2, model=fakes.model(own="model-2"))
    with Store(tmp_path / "store.sqlite") as store:
        assert len(store) == 0
    assert run(tmp_path, workers=2).simulated == 8
