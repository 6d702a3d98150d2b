"""Where scenario files are, and reading them as plain tables.

Here live the packaged folder, the names in it, the search for a scenario or a part of the library,
and the reading of one TOML file, with every way in which that can fail. What the tables must
contain lives in `scenario_file.py`, `territory.py`, `episode.py` and `organisation.py`.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from .errors import Finding, ScenarioError, described, listed, nearest

Tree = dict[str, Any]
"""A table as TOML gives it: keys to texts, numbers, booleans, dates, lists and tables."""

NAME = re.compile(r"[a-z][a-z0-9_]{0,49}")
NO_SCENARIOS = frozenset({"better_data", "evidence", "literature", "price"})
"""Packaged files beside the scenarios: ledger, better data, the rule of a set, prices."""
LARGEST_BYTES = 2_000_000
"""A file with as many episode kinds as there may be has about one million."""
LONGEST_PATH = 400
DEEPEST = 16
"""Tables inside tables; the deepest sensible file has about eight."""
KEY_PART = r"""(?:[\w-]+|"[^"\n]{0,60}"|'[^'\n]{0,60}')"""
ENDLESS_KEY = re.compile(rf"""(?<![\w.'"-]){KEY_PART}(?:[ \t]*\.[ \t]*{KEY_PART}){{50}}""")
"""A dotted key of more than fifty parts. Reading one takes time that grows with their square."""


def scenario_folder() -> Path:
    """Return the folder of the packaged scenarios, with their library, ledger and fitted values.

    An installed package carries it; in a development checkout it stands beside `src`.
    """
    packaged = Path(__file__).parent.parent / "scenarios"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "scenarios"


def named_scenarios() -> list[str]:
    """Return the names of the packaged scenarios, sorted."""
    stems = sorted(path.stem for path in scenario_folder().glob("*.toml"))
    return [stem for stem in stems if stem not in NO_SCENARIOS]


def shown(path: Path) -> str:
    """Return a path as messages show it: from the working folder or the packaged one if inside."""
    for folder in (Path.cwd(), scenario_folder().parent):
        if path.is_relative_to(folder):
            path = path.relative_to(folder)
    text = str(path)
    return text if text.isprintable() and len(text) <= LONGEST_PATH else described(text)


def find_scenario(reference: str | Path, beside: Path, asked_in: str, key: str) -> Path:
    """Return the file of a named scenario, or of a path ending in .toml relative to a folder.

    Raises:
        ScenarioError: `unknown-name`, placed at the file and key that asked for it.
    """
    text = str(reference)
    if text.endswith(".toml"):
        path = Path(beside, text)
        if asked_in and not is_file(path):
            found = f"{described(text)}, and nothing there"
            raise ScenarioError(
                [Finding(asked_in, key, found, "a scenario file", code="not-found")]
            )
        return path
    names = named_scenarios()
    if text in names:
        return scenario_folder() / f"{text}.toml"
    paths = [path.name for path in beside.glob("*.toml")] if asked_in else []
    close = nearest(text, names) or nearest(f"{text}.toml", paths)
    allowed = f"{listed(names)}, or a path that ends in .toml"
    raise ScenarioError(
        [Finding(asked_in or "scenario", key, described(text), allowed, close, "unknown-name")]
    )


def is_file(path: Path) -> bool:
    """Return whether there is a regular file; also for paths that no file could have."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Return whether there is a folder; also for paths that no folder could have."""
    try:
        return path.is_dir()
    except OSError:
        return False


def library_folders(kind: str, beside: Path) -> list[Path]:
    """Return where parts of a kind are looked up: beside the scenario file, then in the package."""
    return [beside / "library" / kind, _packaged(kind)]


def library_names(kind: str, beside: Path) -> list[str]:
    """Return the names of the parts of a kind that a file in that folder may use, sorted."""
    folders = library_folders(kind, beside)
    return sorted({path.stem for folder in folders for path in folder.glob("*.toml")})


def packaged_names(kind: str) -> list[str]:
    """Return the names of the parts of a kind in the packaged library, sorted."""
    return sorted(path.stem for path in _packaged(kind).glob("*.toml"))


def is_packaged(path: Path, kind: str) -> bool:
    """Return whether a library file is the package's own, and no user's of the same name."""
    return path.parent.resolve() == _packaged(kind).resolve()


def _packaged(kind: str) -> Path:
    return scenario_folder() / "library" / kind


def find_part(kind: str, name: str, beside: Path) -> Path | None:
    """Return the library file of a part, or None where there is none."""
    paths = [folder / f"{name}.toml" for folder in library_folders(kind, beside)]
    return next((path for path in paths if is_file(path)), None)


def read_toml(path: Path, what: str = "a scenario file") -> Tree:
    """Return the tables of a TOML file.

    Args:
        path: the file.
        what: what ought to be there, in words.

    Raises:
        ScenarioError: `not-found`, `unreadable`, `too-large`, `not-toml`, `duplicate-key` or
            `too-deep`, placed at the line where there is one.
    """
    try:
        tables: Tree = _copied(_tables(_content(path, what)))
        return tables
    except UnicodeDecodeError:
        found, allowed = "bytes that are no text", "a TOML file in UTF-8"
        raise _refused(path, found, allowed, code="not-toml") from None
    except RecursionError:
        raise _too_deep(path) from None
    except ValueError as error:  # of which tomllib's own error is a kind
        raise _not_toml(path, str(error)) from None
    except OSError as error:
        reason = error.strerror or "no access"
        raise _refused(path, reason, "a file that can be read", code="unreadable") from None


def _content(path: Path, what: str) -> bytes:
    if not path.is_file():
        found = "a folder" if path.is_dir() else "nothing there"
        raise _refused(path, found, what, code="not-found")
    if (size := path.stat().st_size) > LARGEST_BYTES:
        raise _refused(path, f"{size} bytes", f"at most {LARGEST_BYTES}", code="too-large")
    return path.read_bytes()


@lru_cache(maxsize=64)
def _tables(content: bytes) -> Tree:
    """Return the tables that some bytes write; kept, for parts of the library are read often."""
    # Some editors begin a file with a byte order mark, which TOML does not know.
    text = content.decode("utf-8-sig").replace("\r\n", "\n")
    if ENDLESS_KEY.search(text):
        raise RecursionError
    tables = tomllib.loads(text)
    if _depth(tables) > DEEPEST:
        raise RecursionError
    return tables


def _copied(item: Any) -> Any:
    """Return tables that may be changed without changing those that are kept."""
    if isinstance(item, dict):
        return {key: _copied(inside) for key, inside in item.items()}
    return [_copied(inside) for inside in item] if isinstance(item, list) else item


def _depth(tables: Tree) -> int:
    """Return how deep tables and arrays stand inside each other; without recursion, on purpose."""
    depth = 0
    level: list[Any] = [tables]
    while level and depth <= DEEPEST:
        depth += 1
        inside = [item.values() if isinstance(item, dict) else item for item in level]
        level = [value for row in inside for value in row if isinstance(value, dict | list)]
    return depth


def _refused(path: Path, found: str, allowed: str, key: str = "", *, code: str) -> ScenarioError:
    return ScenarioError([Finding(shown(path), key, found, allowed, code=code)])


def _too_deep(path: Path) -> ScenarioError:
    allowed = f"at most {DEEPEST} inside each other"
    return _refused(path, "more tables and arrays", allowed, code="too-deep")


def _not_toml(path: Path, reason: str) -> ScenarioError:
    line = re.search(r"at (line \d+)", reason)
    twice = re.search(r"overwrite a value|twice|[Dd]uplicate|mutate immutable", reason)
    code = "duplicate-key" if twice else "not-toml"
    allowed = "each key once" if twice else "a TOML file"
    found = reason[:1].lower() + reason[1:150]
    if "digits" in reason and not line:  # Python's own limit, and advice for programmers
        found = "a whole number of thousands of digits"
    return _refused(path, found, allowed, line[1] if line else "", code=code)
