"""Both engines at once: what is compared, said, stored and remembered."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from tests.experiment import fakes

from parcours_sim.experiment.agreement import first_difference, first_different_event
from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.errors import EnginesDisagreeError, Interrupted, ReplicationError
from parcours_sim.experiment.result import Agreement
from parcours_sim.experiment.run import run_study
from parcours_sim.experiment.store import ReplicationKey, Store


def run(folder, study=None, **how):
    model = how.pop("model", fakes.model())
    how = How(**{"workers": 1, "engine": "both", "progress": False} | how)
    return run_study(study or fakes.study(), folder, how, model)


def differing(what: str, replications: int = 4):
    """Return a study in which the compiled engine is wrong in replication 1 of msp."""
    wrong = fakes.scenario("msp", mischief=f"differ {what}")
    return fakes.study(fakes.scenario("isole"), wrong, replications=replications)


def told(folder, study, **how) -> list[str]:
    """Return the lines with which a comparison that fails ends."""
    with pytest.raises(EnginesDisagreeError) as failed:
        run(folder, study, **how)
    return str(failed.value).splitlines()


def stored(folder) -> int:
    with Store(folder / "store.sqlite", writable=False) as store:
        return len(store)


def runs(folder) -> list[dict]:
    return json.loads((folder / "manifest.json").read_text())["runs"]


@pytest.mark.parametrize("workers", [1, 2])
def test_every_replication_runs_on_both_and_gives_the_results_of_either(tmp_path, journal, workers):
    result = run(tmp_path / "both", workers=workers)
    assert (result.agreement, result.simulated) == (Agreement(8, before=0), 8)
    once = [(begun.scenario, begun.replication, begun.engine) for begun in journal()]
    assert len(once) == len(set(once)) == 16
    assert {engine for *_, engine in once} == {"reference", "compiled"}
    assert result.digest == run(tmp_path / "one", engine="reference").digest


def test_one_engine_alone_says_nothing_of_agreement(tmp_path):
    assert run(tmp_path, engine="compiled").agreement is None


def test_what_one_engine_has_stored_is_compared_too(tmp_path, journal):
    first = run(tmp_path, engine="reference")
    again = run(tmp_path)
    assert (again.agreement, again.simulated) == (Agreement(8, before=0), 0)
    assert again.digest == first.digest
    assert len(journal()) == 8 + 16


def test_the_same_command_again_compares_nothing_anew_and_leaves_the_folder_as_it_was(
    tmp_path, journal
):
    run(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert run(tmp_path).agreement == Agreement(8, before=8)
    before["journal"] = (tmp_path / "journal").read_bytes()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_more_replications_are_compared_and_the_earlier_ones_are_not_again(tmp_path):
    run(tmp_path, fakes.study(replications=2))
    result = run(tmp_path, fakes.study(replications=3))
    assert result.agreement == Agreement(6, before=4)
    assert [one["agreed"] for one in runs(tmp_path)] == [
        {"isole": [0, 1], "msp": [0, 1]},
        {"isole": [2], "msp": [2]},
    ]


def test_an_interrupted_comparison_resumes(tmp_path, journal):
    with fakes.interrupted_when_stored(3), pytest.raises(Interrupted, match="3 of 8 replications"):
        run(tmp_path)
    (record,) = runs(tmp_path)
    assert (record["engine"], record["finished"]) == ("both", None)
    agreed = sum(map(len, record["agreed"].values()))
    assert agreed == 3
    assert run(tmp_path).agreement == Agreement(8, before=3)
    assert len(journal()) == 16


def test_a_copy_of_a_scenario_is_compared_once(tmp_path):
    study = fakes.study(fakes.scenario("isole"), fakes.scenario("copy"))
    assert run(tmp_path, study).agreement == Agreement(4, before=0)
    assert run(tmp_path, study).agreement == Agreement(4, before=4)


def test_a_store_that_was_lost_is_made_anew_whatever_the_manifest_says(tmp_path):
    first = run(tmp_path)
    (tmp_path / "store.sqlite").unlink()
    again = run(tmp_path)
    assert (again.agreement, again.simulated) == (Agreement(8, before=0), 8)
    assert again.digest == first.digest


@pytest.mark.parametrize(
    ("what", "reference", "compiled"),
    [
        ("row", "hospitalisations (all) = {value!r}", "hospitalisations (all) = {next!r}"),
        ("length", "deaths (kind:heart_failure) = ", "contacts = 1001"),
        ("contacts", "contacts = 1001", "contacts = 1002"),
        ("events", "events = 5000", "events = 5001"),
        ("stays", "stay ", "nothing more"),
        ("traces", "trace ", "nothing more"),
        ("another trace", "trace ", "trace 7"),
    ],
)
def test_any_difference_is_told_with_its_place(tmp_path, what, reference, compiled):
    study = differing(what)
    value = fakes.simulate(study.scenarios[1], 7, 1).rows[0][2]
    numbers = {"value": value, "next": float(np.nextafter(value, 9.0))}
    lines = told(tmp_path, study)
    assert lines[0].startswith("1 of 8 replications differ, and nothing of them was added")
    place, ours, theirs = lines[1].replace("; ", ": ", 1).split(": ")
    assert place == "scenario 'msp', replication 1"
    assert ours.startswith("reference engine " + reference.format(**numbers))
    assert theirs.startswith("compiled engine " + compiled.format(**numbers))
    assert lines[3:] == ["This is a fault of the program, not of your input."]


def test_traces_are_compared_where_both_have_some_as_a_store_has_none(tmp_path):
    measured = fakes.simulate(fakes.scenario("isole"), 7, 0)
    other = replace(measured, traces=(*measured.traces[:-1], 7))
    key = ReplicationKey("a", "b", 7, 0)
    assert first_difference(measured, other) == (f"trace {measured.traces[-1]}", "trace 7")
    with Store(tmp_path / "store.sqlite") as store:
        store.put(key, measured)
        assert first_difference(store.get(key), other) is None
    assert first_difference(replace(measured, traces=()), other) is None


def test_the_first_event_that_differs_is_told_with_time_patient_and_event(tmp_path):
    assert told(tmp_path, differing("row"))[2] == (
        "  event 7: reference engine time 0.5, patient 46 (generation 0), visit gp, occurrence 7; "
        "compiled engine time 0.75, patient 46 (generation 0), visit gp, occurrence 7"
    )


def test_event_logs_that_do_not_differ_are_told_too(tmp_path):
    assert told(tmp_path, differing("unlogged"))[2] == "  the event logs are the same"


def test_a_log_that_ends_early_differs_where_it_ends():
    log = fakes.event_log(7, 0)
    assert first_different_event(log, log[:5]) == (
        "event 6: reference engine time 0.25, patient 45 (generation 0), visit gp, occurrence 7; "
        "compiled engine nothing more"
    )


def test_a_zero_that_is_negative_agrees_with_what_the_store_makes_of_it(tmp_path):
    measured = fakes.simulate(fakes.scenario("isole"), 7, 0)
    negative = replace(measured, rows=(("deaths", "all", -0.0),))
    key = ReplicationKey("a", "b", 7, 0)
    with Store(tmp_path / "store.sqlite") as store:
        store.put(key, negative)
        assert first_difference(store.get(key), negative) is None
        assert first_difference(store.get(key), measured) is not None


def test_the_time_it_took_is_no_difference(tmp_path):
    assert run(tmp_path, differing("seconds")).agreement == Agreement(8, before=0)


@pytest.mark.parametrize("workers", [1, 2])
def test_of_what_differs_nothing_is_stored_and_the_rest_is(tmp_path, workers):
    study = differing("row")
    told(tmp_path, study, workers=workers)
    assert stored(tmp_path) == 7
    (record,) = runs(tmp_path)
    assert record["agreed"] == {"isole": [0, 1, 2, 3], "msp": [0, 2, 3]}
    assert record["simulated"] == 7
    assert not (tmp_path / "outcomes.csv").exists()
    assert run(tmp_path, study, engine="reference").simulated == 1


def test_every_replication_that_differs_is_told_and_compared_again_next_time(tmp_path, journal):
    study = fakes.study(
        fakes.scenario("c"),
        fakes.scenario("a", mischief="differ row", share=0.1),
        fakes.scenario("b", mischief="differ row", share=0.2),
    )
    for compared in (12, 2):
        before = len(journal())
        lines = told(tmp_path, study)
        assert lines[0].startswith(f"2 of {compared} replications differ")
        assert [line.split(": ")[0] for line in lines if line.startswith("scenario")] == [
            "scenario 'a', replication 1",
            "scenario 'b', replication 1",
        ]
        assert len(journal()) - before == 2 * compared + 4  # again, with event logs


def test_what_is_stored_and_differs_from_both_engines_is_told_and_left_alone(tmp_path):
    run(tmp_path, engine="reference")
    measured = fakes.simulate(fakes.scenario("isole"), 7, 2)
    (value,) = (value for *what, value in measured.rows if what == ["deaths", "all"])
    rows = tuple(
        (outcome, group, 0.25 if (outcome, group) == ("deaths", "all") else value)
        for outcome, group, value in measured.rows
    )
    key = ReplicationKey(fakes.identify(fakes.scenario("isole")), "model-1", 7, 2)
    fakes.put_another(tmp_path / "store.sqlite", key, replace(measured, rows=rows))
    (_, line, _) = told(tmp_path, fakes.study())
    expected = f"stored deaths (all) = 0.25; both engines deaths (all) = {value!r}"
    assert line == f"scenario 'isole', replication 2: {expected}"
    with closing(sqlite3.connect(tmp_path / "store.sqlite")) as store:
        assert store.execute("SELECT count(*) FROM outcomes WHERE value = 0.25").fetchone() == (1,)


def test_a_failure_on_the_way_keeps_what_was_compared(tmp_path):
    with pytest.raises(ReplicationError, match="scenario 'isole', replication 2"):
        run(tmp_path, fakes.study(fakes.scenario("isole", mischief="fail")))
    assert stored(tmp_path) == 2
    assert runs(tmp_path)[0]["agreed"] == {"isole": [0, 1]}
