"""What a folder's results are of, kept beside them: something else in the same folder is refused.

A laboratory's folder (`laboratory.py`) keeps a store that any scenario may go into; files made from
it, under names of their own, are of one question. Here is what that question was, and how it was
answered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from parcours_sim.experiment.errors import FolderError
from parcours_sim.experiment.files import replacing

ASKED, MADE = "asked", "made"
SHOWN = 50
"""Characters of a value in messages."""
Said = Mapping[str, object]
"""JSON: texts, numbers, lists and tables by name."""


def claim(path: Path, asked: Said) -> None:
    """Write what is asked for, where nothing else was; raises FolderError where something was."""
    if path.exists():
        former = _read(path)
        differs = [key for key in asked if former.get(key) != asked[key]]
        if differs:
            key = differs[0]
            there, here = (str(each.get(key))[:SHOWN] for each in (former, asked))
            raise FolderError(
                f"{path.parent}: holds results of something else: {key} is {there} there and "
                f"{here} here; choose another --out"
            )
        return
    _write(path, {ASKED: asked})


def answered(path: Path, asked: Said, made: Said) -> None:
    """Add how it was answered; raises FolderError where it can't be written."""
    _write(path, {ASKED: asked, MADE: made})


def answer_in(path: Path) -> Said:
    """Return how it was answered; raises FolderError where the file is damaged."""
    return _read(path, MADE)


def _read(path: Path, part: str = ASKED) -> Said:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))[part]
        if isinstance(found, dict):
            return found
    except OSError as error:
        raise FolderError(f"{path}: can't be read: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise FolderError(f"{path}: is damaged; choose another --out, or remove that file")


def _write(path: Path, content: Said) -> None:
    with replacing(path) as file:
        json.dump(content, file, indent=2, ensure_ascii=False)
        file.write("\n")
