"""Ctrl-C at any moment: a run ends within seconds, with a sentence, and resumes to the same."""

import os
import random
import re
import signal
import time

import pytest
from tests.crash import command_line
from tests.crash.crashable import TASKS, Crashable, expected
from tests.crash.test_disk import assert_lost_nothing, attempts
from tests.crash.troubled import STUDY
from tests.experiment import fakes

from parcours_sim.engine import compile_engine
from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.run import run_study

LONGEST_SECONDS = 5
SENTENCES = (
    r"interrupted: \d+ of \d+ replications are stored in study; the same command resumes",
    r"interrupted\. What is finished is stored; the same command resumes\.",
    r"interrupted\. The same command resumes\.",
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="sends signals to process groups")


@pytest.mark.parametrize(
    ("engine", "workers", "presses"),
    [
        *(("reference", 1, 2), ("reference", 2, 1), ("reference", 2, 2)),
        *(("compiled", 1, 2), ("compiled", 2, 1), ("compiled", 2, 2)),
    ],
)
def test_an_interrupt_ends_within_seconds_with_a_sentence_and_resumes(
    tmp_path, engine, workers, presses
):
    crashable = Crashable(tmp_path / "study", engine=engine, workers=workers, seconds="0.03")
    run = crashable.start()
    crashable.wait_until_begun(5)
    for _ in range(presses):
        os.killpg(run.pid, signal.SIGINT)  # as Ctrl-C does: to the workers too
        time.sleep(0.001)
    _, complaint = run.communicate(timeout=LONGEST_SECONDS)
    assert run.returncode == 1
    stored = crashable.stored()
    assert complaint == (
        f"interrupted: {len(stored)} of {TASKS} replications are stored in "
        f"{crashable.folder}; the same command resumes\n"
    )
    assert len(stored) >= 5 - 2 * workers
    again = crashable.start()
    _, complaint = again.communicate(timeout=30)
    assert (again.returncode, complaint) == (0, "")
    assert crashable.outcomes() == expected(tmp_path)


@pytest.mark.parametrize(
    ("engine", "workers"), [("reference", 1), ("reference", 2), ("compiled", 2), ("both", 2)]
)
def test_long_replications_do_not_hold_up_an_interrupt(tmp_path, engine, workers):
    crashable = Crashable(tmp_path / "study", engine=engine, workers=workers, seconds="60")
    run = crashable.start()
    crashable.wait_until_begun(workers)
    os.killpg(run.pid, signal.SIGINT)
    _, complaint = run.communicate(timeout=LONGEST_SECONDS)
    assert run.returncode == 1
    assert complaint.startswith(f"interrupted: 0 of {TASKS} replications")


def interrupt_at_any_line(tmp_path, run: str, step: int) -> int:
    digest = run_study(STUDY, tmp_path / "untroubled", How(1, progress=False), fakes.model()).digest
    made = attempts(tmp_path, run, "interrupted at a line", step=step)
    assert_lost_nothing(made, digest)
    told = r"interrupted(: \d of 4 replications are stored in .*; the same command resumes)?"
    assert all(re.fullmatch(told, one.told) for one in made[:-1])
    return len(made) - 1


def test_a_run_interrupted_at_a_line_is_resumed(tmp_path):
    assert interrupt_at_any_line(tmp_path, "new", 61) > 10


@pytest.mark.verify
@pytest.mark.parametrize("run", ["new", "new on threads", "extended", "merged"])
def test_a_run_interrupted_at_any_line_is_resumed(tmp_path, run):
    print(f"{run}: interrupted at {interrupt_at_any_line(tmp_path, run, 11)} lines")


class Pressed:
    """The real command line, interrupted again and again in one folder until it is done there."""

    def __init__(self, tmp_path, *study: str) -> None:
        self.tmp_path = tmp_path
        self.study = study
        self.folder = self.new_folder("untroubled")
        compile_engine()  # else the life of the first run, and of no other, would be long
        began = time.monotonic()
        command_line.completed(self.folder, *study)
        self.life = time.monotonic() - began
        self.expected = command_line.tables(self.folder)
        self.folder = self.new_folder("0")

    def new_folder(self, name: str):
        folder = self.tmp_path / name
        folder.mkdir()
        return folder

    def press(self, seconds: float) -> bool:
        """Press Ctrl-C so long after the program has begun; tell whether it was heard."""
        run = command_line.begun(self.folder, *self.study)
        time.sleep(0.001 + seconds)
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGINT)
        pressed = time.monotonic()
        _, err = run.communicate(timeout=60)
        assert time.monotonic() - pressed < LONGEST_SECONDS
        if run.returncode == 0:
            assert err == ""
            return False
        assert run.returncode == 1
        assert re.fullmatch("|".join(SENTENCES), err.strip()), err
        return True

    def press_until_heard(self, times: int, instants: random.Random) -> int:
        """Press at random moments until it was heard so often; return how often that took."""
        heard = pressed = 0
        while heard < times:
            assert pressed < 4 * times, f"heard {heard} times of {pressed}"
            heard += self.press(instants.uniform(0, self.life))
            pressed += 1
            if (self.folder / "study" / "outcomes.csv").exists():
                self.resume()
                self.folder = self.new_folder(str(pressed))
        self.resume()
        return pressed

    def resume(self) -> None:
        command_line.completed(self.folder, *self.study)
        assert command_line.tables(self.folder) == self.expected


@pytest.mark.timeout(600)
def test_ctrl_c_at_a_random_moment_ends_the_command_line_with_a_sentence(tmp_path):
    pressed = Pressed(tmp_path, *command_line.RUN, "--engine", "compiled", "--workers", "2")
    pressed.press_until_heard(1, random.Random(6))


@pytest.mark.verify
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    ("study", "engine", "workers"),
    [
        *((command_line.COMPARE, "compiled", 1), (command_line.COMPARE, "compiled", 2)),
        *((command_line.RUN, "reference", 1), (command_line.RUN, "reference", 2)),
        (command_line.RUN, "compiled", 2),
    ],
)
def test_ctrl_c_at_any_moment_ends_the_command_line_with_a_sentence(
    tmp_path, study, engine, workers
):
    pressed = Pressed(tmp_path, *study, "--engine", engine, "--workers", str(workers))
    times = pressed.press_until_heard(5, random.Random(workers))
    print(f"{engine} on {workers}: 5 of {times} were heard")
