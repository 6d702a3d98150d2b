"""A store that is asked as one goes: nothing is simulated twice, whoever asks, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.experiment import fakes

from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.errors import FolderError, Interrupted
from parcours_sim.experiment.laboratory import MARK, STORE, Question, open_laboratory
from parcours_sim.experiment.run import run_study

ISOLE, MSP = fakes.scenario("isole"), fakes.scenario("msp", share=0.27)


def opened(folder: Path, what: str = "calibration", workers: int = 1, seed: int = 7, **model):
    return open_laboratory(folder, what, fakes.model(**model), How(workers, progress=False), seed)


def rows_of(found) -> list[list[tuple[str, str, float]]]:
    return [sorted(each.rows) for each in found]


def measured_otherwise(scenario, seed, replication, *, stopped=None):
    """Another work than the model's own: the same rows, each a thousand higher."""
    found = fakes.simulate(scenario, seed, replication, stopped=stopped)
    return replace(found, rows=tuple((*row[:2], row[2] + 1000.0) for row in found.rows))


def test_a_question_is_answered_with_what_the_model_measures_in_as_many_worlds(tmp_path, journal):
    with opened(tmp_path / "lab") as laboratory:
        found = laboratory.answer(Question(ISOLE, 3))
    expected = [fakes.measure(ISOLE, 7, number).rows for number in range(3)]
    assert rows_of(found) == [sorted(rows) for rows in expected]
    assert {one.engine for one in journal()} == {"compiled"}


def test_nothing_is_simulated_twice(tmp_path, journal):
    with opened(tmp_path / "lab") as laboratory:
        first = rows_of(laboratory.answer(Question(ISOLE, 3)))
        assert rows_of(laboratory.answer(Question(ISOLE, 3))) == first
        assert rows_of(laboratory.answer(Question(ISOLE, 2))) == first[:2]
        assert rows_of(laboratory.answer(Question(ISOLE, 5)))[:3] == first
        assert laboratory.simulated == 5
    assert [(one.scenario, one.replication) for one in journal()] == [
        ("isole", number) for number in range(5)
    ]


def test_a_second_opening_answers_from_the_store(tmp_path, journal):
    with opened(tmp_path / "lab") as laboratory:
        first = rows_of(laboratory.answer(Question(ISOLE, 3)))
    with opened(tmp_path / "lab") as laboratory:
        assert rows_of(laboratory.answer(Question(ISOLE, 3))) == first
        assert laboratory.simulated == 0
    assert len(journal()) == 3


def test_two_scenarios_with_one_hash_share(tmp_path, journal):
    with opened(tmp_path / "lab") as laboratory:
        first = rows_of(laboratory.answer(Question(ISOLE, 3)))
        assert rows_of(laboratory.answer(Question(fakes.scenario("renamed"), 3))) == first
        other = rows_of(laboratory.answer(Question(MSP, 3)))
    assert [one.scenario for one in journal()] == ["isole"] * 3 + ["msp"] * 3
    assert other != first


def test_what_is_measured_otherwise_is_kept_apart(tmp_path, journal):
    asked = Question(ISOLE, 2, "otherwise", measured_otherwise)
    with opened(tmp_path / "lab") as laboratory:
        usual, other = laboratory.answer(Question(ISOLE, 2)), laboratory.answer(asked)
        assert rows_of(laboratory.answer(asked)) == rows_of(other)
    for one, another in zip(usual, other, strict=True):
        higher = {row[:2]: row[2] + 1000.0 for row in one.rows}
        assert {row[:2]: row[2] for row in another.rows} == higher
    assert len(journal()) == 4


@pytest.mark.parametrize("changed", [{"seed": 8}, {"version": "model-2"}])
def test_another_seed_or_model_simulates_anew(tmp_path, journal, changed):
    for how in ({}, changed):
        with opened(tmp_path / "lab", **how) as laboratory:
            laboratory.answer(Question(ISOLE, 2))
            assert laboratory.simulated == 2
    assert len(journal()) == 4


def test_workers_change_no_answer(tmp_path):
    answers = []
    for workers in (1, 2):
        with opened(tmp_path / str(workers), workers=workers) as laboratory:
            answers.append([each.rows for each in laboratory.answer(Question(ISOLE, 6))])
    assert answers[0] == answers[1]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_keeps_what_is_stored_and_says_that_it_resumes(tmp_path, journal, workers):
    folder = tmp_path / "lab"
    with (
        fakes.interrupted_when_stored(2),
        pytest.raises(Interrupted, match="the same command resumes") as caught,
        opened(folder, workers=workers) as laboratory,
    ):
        laboratory.answer(Question(ISOLE, 9))
    assert str(folder) in str(caught.value)
    with opened(folder) as laboratory:
        found = laboratory.answer(Question(ISOLE, 9))
        assert laboratory.simulated <= 7
    assert rows_of(found) == [sorted(fakes.measure(ISOLE, 7, number).rows) for number in range(9)]


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def results_of_a_study(folder: Path) -> None:
    run_study(fakes.study(replications=2), folder, How(1, progress=False), fakes.model())


def another_kind(folder: Path) -> None:
    with opened(folder, "validation"):
        pass


def a_file_of_mine(folder: Path) -> None:
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (another_kind, "holds a validation, not a calibration"),
        (results_of_a_study, "not a calibration; choose another --out"),
        (a_file_of_mine, "holds mine.txt, not a calibration"),
    ],
)
def test_a_folder_that_holds_something_else_is_refused_and_left_as_it_is(
    tmp_path: Path, before: Callable[[Path], None], said: str
):
    folder = tmp_path / "other"
    before(folder)
    there = held(folder)
    with pytest.raises(FolderError, match=said), opened(folder):
        pass
    assert held(folder) == there


def test_an_empty_folder_is_used_and_marked(tmp_path):
    with opened(tmp_path):
        pass
    assert {path.name for path in tmp_path.iterdir()} >= {MARK, STORE}
    assert (tmp_path / MARK).read_text() == "calibration\n"


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(FolderError, match="is a file, not a folder"), opened(tmp_path / "file"):
        pass


def test_a_folder_within_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(FolderError, match="lies in a file"), opened(tmp_path / "file" / "lab"):
        pass


def test_a_mark_that_is_no_text_is_refused(tmp_path):
    (tmp_path / MARK).write_bytes(b"\xff\xfe\xff")
    with pytest.raises(FolderError, match=f"holds {MARK}, not a calibration"), opened(tmp_path):
        pass


def test_what_fails_in_a_replication_is_raised_and_the_rest_is_stored(tmp_path, journal):
    wicked = fakes.scenario("isole", mischief="fail")
    with pytest.raises(Exception, match="no such patient"), opened(tmp_path / "lab") as laboratory:
        laboratory.answer(Question(wicked, 4))
    with opened(tmp_path / "lab") as laboratory:
        laboratory.answer(Question(wicked, 2))
        assert laboratory.simulated == 0
