"""The same run over and over, each time with one trouble, which comes a little later each time.

Called as `python -m tests.crash.troubled FOLDER RUN TROUBLE FIRST STEP`, below `failing_writes.c`
where the trouble is a failing write. Prints a line of JSON, an `Attempt`, for each, until a run
isn't troubled any more. All in one process, so that an attempt takes some hundredths of a second;
those that end in death are made by a child.
"""

import ctypes
import errno
import json
import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any, NamedTuple

from tests.experiment import fakes

from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.errors import ExperimentError, FolderError
from parcours_sim.experiment.folder import ResultsFolder
from parcours_sim.experiment.merge import merge_folders
from parcours_sim.experiment.plan import Shard
from parcours_sim.experiment.run import open_study, run_study
from parcours_sim.experiment.store import Store

FOLDER = "troubled-disk"
"""In the paths of all that an attempt writes, so that no other file is counted."""
STUDY = fakes.study(replications=2)
Run = Callable[[Path], tuple[str, int]]
"""Runs the study in a folder; returns the digest of its results and how much was simulated now."""
SHORTER = fakes.study(replications=1)


@dataclass(frozen=True)
class Attempt:
    """A run that was troubled at its n-th write or line, and what the same command did then.

    `told` is how it ended, if it did not end well; `halves` names files that hold neither what they
    held before nor what they should hold; `digests` are those of the runs that ended well.
    """

    at: int
    told: str
    halves: list[str]
    stored: int
    simulated_again: int
    digests: list[str]
    left_over: list[str]


# What is run.


def alone(folder: Path) -> tuple[str, int]:
    return simulated(folder, How(1, "reference", progress=False))


def on_threads(folder: Path) -> tuple[str, int]:
    return simulated(folder, How(2, "compiled", progress=False))


def merged(folder: Path) -> tuple[str, int]:
    merge_folders([folder / "1", folder / "2"], folder)
    return alone(folder)


def simulated(folder: Path, how: How) -> tuple[str, int]:
    result = run_study(STUDY, folder, how, fakes.model())
    return result.digest, result.simulated


def nothing(folder: Path) -> None:
    """Leave the folder to be made by the run."""


def a_shorter_study(folder: Path) -> None:
    run_study(SHORTER, folder, How(1, "reference", progress=False), fakes.model())


def two_shards(folder: Path) -> None:
    for number in (1, 2):
        how = How(1, "reference", progress=False, shard=Shard(number, 2))
        with open_study(STUDY, folder / str(number), how, fakes.model()) as campaign:
            campaign.run()


RUNS = {
    "new": (nothing, alone),
    "new on threads": (nothing, on_threads),
    "extended": (a_shorter_study, alone),
    "merged": (two_shards, merged),
}


# What troubles it: each yields a function that tells whether the trouble has come by now.


@contextmanager
def failing_write(at: int, *, error: int, and_after: bool) -> Iterator[Callable[[], bool]]:
    """Let the n-th write fail, and those that follow it or not."""
    fail_at = ctypes.CDLL(None).fail_at  # of failing_writes.c
    fail_at.argtypes, fail_at.restype = [ctypes.c_long] * 3, ctypes.c_long
    fail_at(at, and_after, error)
    seen: list[int] = []
    try:
        yield lambda: seen[0] >= at
    finally:
        seen.append(fail_at(0, 0, 0))


@contextmanager
def no_file_longer_than(half_pages: int) -> Iterator[Callable[[], bool]]:
    """Let no file grow beyond so many halves of SQLite's pages: as a quota does, on any Unix."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (half_pages * 2048, usual[1]))
    try:
        yield lambda: half_pages < 40  # to which no file of this study grows
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


@contextmanager
def signal_at_line(number: int, *, name: str) -> Iterator[Callable[[], bool]]:
    """Send this process a signal at the n-th line that it executes in the package's experiments."""
    lines = count(1)

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if "/parcours_sim/experiment/" not in frame.f_code.co_filename:
            return None
        if event == "line" and next(lines) == number:
            os.kill(os.getpid(), getattr(signal, name))
        return trace

    sys.settrace(trace)
    try:
        yield lambda: next(lines) > number
    finally:
        sys.settrace(None)


KILLED = -1
"""The error by which `failing_writes.c` kills instead."""
TROUBLES = {
    "one write finds the disk full": partial(failing_write, error=errno.ENOSPC, and_after=False),
    "the disk is full": partial(failing_write, error=errno.ENOSPC, and_after=True),
    "one write is in error": partial(failing_write, error=errno.EIO, and_after=False),
    "the disk is in error": partial(failing_write, error=errno.EIO, and_after=True),
    "killed amid a write": partial(failing_write, error=KILLED, and_after=False),
    "killed at a line": partial(signal_at_line, name="SIGKILL"),
    "interrupted at a line": partial(signal_at_line, name="SIGINT"),
    "no file may grow": no_file_longer_than,
}
DEADLY = {"killed amid a write", "killed at a line", "interrupted at a line"}
"""After these there is no process to go on in: not even after Ctrl-C, which ends a command."""


# One attempt.


def attempts(base: Path, name: str, trouble: str, first: int, step: int) -> Iterator[Attempt]:
    """Trouble a run ever later, until a trouble doesn't come any more."""
    prepare, run = RUNS[name]
    prepare(base / "before")
    run(_prepared(base, "untroubled"))
    for at in count(first, step):
        folder = _prepared(base, str(at))
        ending = _troubled(run, folder, trouble, at)
        halves, stored = _halves(folder, base), _stored(folder)
        digest, again = run(folder)
        digests = [digest, *([ending.digest] if ending.digest else [])]
        left_over = [path.name for path in folder.glob("*.part")]
        yield Attempt(at, ending.told, halves, stored, again, digests, left_over)
        shutil.rmtree(folder)
        if not ending.came:
            return


def _prepared(base: Path, name: str) -> Path:
    """Return a folder as it is before the run: a copy, or none where the run is to make it."""
    folder = base / name
    if (base / "before").exists():
        shutil.copytree(base / "before", folder)
    return folder


class Ending(NamedTuple):
    """How a troubled run ended, and whether its trouble had come by then."""

    told: str
    digest: str
    came: bool


def _troubled(run: Run, folder: Path, trouble: str, at: int) -> Ending:
    if trouble in DEADLY:
        return _in_a_child(lambda: _run_troubled(run, folder, trouble, at))
    return _run_troubled(run, folder, trouble, at)


def _run_troubled(run: Run, folder: Path, trouble: str, at: int) -> Ending:
    told = digest = ""
    try:
        with TROUBLES[trouble](at) as came:
            digest, _ = run(folder)
    except ExperimentError as error:
        told = str(error)
    except KeyboardInterrupt:
        told = "interrupted"
    return Ending(told, digest, came())


def _in_a_child(attempt: Callable[[], Ending]) -> Ending:
    """Make an attempt in a process of its own, which its trouble may kill."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.write(theirs, json.dumps(attempt()).encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return Ending("killed", "", came=True)
    return Ending(*json.loads(told))


def _halves(folder: Path, base: Path) -> list[str]:
    """Name the files of a troubled folder that are neither as before nor as they should be."""
    now = ResultsFolder(folder)
    halves = []
    if now.manifest.exists():
        try:
            now.read_manifest()  # its checksum tells whether it is whole
        except FolderError:
            halves.append(now.manifest.name)
    for path in (now.scenarios, now.outcomes):
        whole = [
            (base / which / path.name).read_bytes()
            for which in ("before", "untroubled")
            if (base / which / path.name).exists()
        ]
        if path.exists() and path.read_bytes() not in whole:
            halves.append(path.name)
    return halves


def _stored(folder: Path) -> int:
    """Count what a troubled folder holds, in a copy, so that all is left as it is."""
    if not ResultsFolder(folder).store.exists():
        return 0
    with TemporaryDirectory() as other:
        copy = shutil.copytree(folder, Path(other) / "copy")
        with Store(ResultsFolder(copy).store) as store:
            return len(store)


def main(folder: str, run: str, trouble: str, first: str, step: str) -> None:
    base = Path(folder) / FOLDER
    base.mkdir()
    for attempt in attempts(base, run, trouble, int(first), int(step)):
        print(json.dumps(asdict(attempt)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
