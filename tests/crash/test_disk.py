"""A disk that is full or gives errors, at any write: it is told, nothing is half written, and the
same command completes afterwards.

Not covered: reads that fail, and a computer that loses its power, whose disk may keep a later write
without an earlier one.
"""

import errno
import json
import os
import re
import subprocess
import sys
from itertools import cycle
from pathlib import Path

import pytest
from tests.crash.command_line import COMPARE, completed, start, tables
from tests.crash.troubled import FOLDER, RUNS, STUDY, Attempt
from tests.experiment import fakes

from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.run import run_study

ROOT = Path(__file__).parents[2]
DISKS = (
    *("one write finds the disk full", "the disk is full"),
    *("one write is in error", "the disk is in error"),
)
FILES = {"", "store.lock", "store.sqlite", "manifest.json", "scenarios.resolved.json"}
"""Those of a results folder, itself included, that can't be written before there are results."""
WORDS = (
    r"can't be (made|written): (No space left on device|Input/output error|File too large)",
    r"the disk is full; make room, and the same command resumes",
    r"the disk gave an error; once it works, the same command resumes",
    r"it can't be written; check the rights on the folder",
    r"it can't be opened; check the path, the rights on the folder and the room on the disk",
)


def attempts(folder: Path, run: str, trouble: str, *, step: int, **environment) -> list[Attempt]:
    """Trouble a run ever later; see `troubled.py`. All of them must be made and come to an end."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.troubled", str(folder), run, trouble, "1", str(step)],
        cwd=ROOT,
        env={**os.environ, "FAILING_FOLDER": FOLDER, **environment},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return [Attempt(**json.loads(line)) for line in done.stdout.splitlines()]


def assert_lost_nothing(made: list[Attempt], digest: str) -> None:
    """See that after each attempt the same command gives the untroubled results."""
    for attempt in made:
        assert set(attempt.digests) == {digest}, attempt
        assert (attempt.halves, attempt.left_over) == ([], []), attempt


def assert_told(made: list[Attempt]) -> set[str]:
    """See that each failure is told in a sentence that names a file; return their names."""
    place = rf".*/{FOLDER}/\d+(?:/\d)?(?:/([\w.]+))?"
    told = [one.told for one in made if one.told]
    matches = [re.fullmatch(f"{place}: ({'|'.join(WORDS)})", one) for one in told]
    assert None not in matches, told
    return {match[1] or "" for match in matches if match}


@pytest.fixture(scope="module")
def digest(tmp_path_factory) -> str:
    """Return the digest of the study, run without any trouble."""
    folder = tmp_path_factory.mktemp("untroubled")
    return run_study(STUDY, folder, How(1, progress=False), fakes.model()).digest


@pytest.mark.parametrize(
    ("run", "trouble"), [("new", "the disk is full"), ("extended", "one write is in error")]
)
def test_a_disk_that_fails_is_told_and_the_same_command_completes(
    tmp_path, failing_disk, digest, run, trouble
):
    made = attempts(tmp_path, run, trouble, step=6, **failing_disk)
    assert len(made) > 10
    assert_lost_nothing(made, digest)
    assert {"store.sqlite", "manifest.json"} <= assert_told(made)


@pytest.mark.verify
@pytest.mark.parametrize("trouble", DISKS)
@pytest.mark.parametrize("run", RUNS)
def test_a_disk_that_fails_at_any_write_is_told_and_the_same_command_completes(
    tmp_path, failing_disk, digest, run, trouble
):
    made = attempts(tmp_path, run, trouble, step=1, **failing_disk)
    assert_lost_nothing(made, digest)
    names = assert_told(made)
    assert names >= FILES - ({""} if run in {"extended", "merged"} else set())
    assert "outcomes.csv" in names
    print(f"{run}, {trouble}: {len(made) - 1} writes, {sum(bool(one.told) for one in made)} told")


@pytest.mark.skipif(os.name == "nt", reason="no limits of files here")
def test_files_that_may_not_grow_are_told_and_the_same_command_completes(tmp_path, digest):
    made = attempts(tmp_path, "new", "no file may grow", step=3)
    assert_lost_nothing(made, digest)
    assert "store.sqlite" in assert_told(made)


@pytest.mark.verify
@pytest.mark.timeout(900)
def test_the_command_line_on_a_disk_that_fails_ends_in_a_sentence_and_resumes(
    tmp_path, failing_disk
):
    (tmp_path / "untroubled").mkdir()
    completed(tmp_path / "untroubled", *COMPARE)
    for at, error in zip(range(1, 500, 40), cycle((errno.ENOSPC, errno.EIO)), strict=False):
        folder = tmp_path / f"{FOLDER} {at}"
        folder.mkdir()
        failing = {"FAILING_FOLDER": FOLDER, "FAILING_AT": str(at), "FAILING_AFTER": "1"}
        run = start(folder, *COMPARE, **failing_disk, **failing, FAILING_ERROR=str(error))
        _, err = run.communicate(timeout=60)
        if run.returncode == 0:
            assert err == ""
            break
        assert run.returncode in {1, 2}
        assert re.match(r"study(/figures)?(/[\w.-]+)?: ", err), err
        assert "Traceback" not in err
        completed(folder, *COMPARE)
        assert tables(folder) == tables(tmp_path / "untroubled")
    else:
        raise AssertionError("the disk never holds")
    print(f"{at // 40} times")
