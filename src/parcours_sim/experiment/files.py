"""Writing files whole: a reader sees the old file or the new one, never half of one.

Which files a results folder holds is in `folder.py`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest
from pathlib import Path
from typing import TextIO

from parcours_sim.experiment.errors import FolderError


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Open a text file that takes the place of `path` once it is complete and on the disk.

    Lines end as written, on every system. Raises FolderError when it can't be written.
    """
    with in_place_of(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def in_place_of(path: Path) -> Iterator[Path]:
    """Give the path of a file to write, which takes the place of `path` once it is complete.

    What fails half-way leaves nothing. Raises FolderError when it can't be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        yield part
        part.replace(path)
    except BaseException as error:
        with suppress(OSError):
            part.unlink()
        if not isinstance(error, OSError):
            raise
        raise FolderError(f"{path}: can't be written: {error.strerror or error}") from error


def make_folder(folder: Path) -> None:
    """Make a folder and those that it lies in, unless it is there; FolderError if it can't be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(f"{folder}: can't be made: {error.strerror or error}") from error


def sha256(path: Path) -> str:
    """Return the hex digest of a file's bytes."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
