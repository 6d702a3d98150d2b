"""Wrong input, said so that the person who wrote it can mend it.

Here live the finding (where, what was found, what is allowed, the nearest right name), the one
exception that carries findings, and the words for values in messages. What is checked, and when,
lives in the modules that raise.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

LONGEST = 60
"""Characters of a user's value that a message repeats."""
LONGEST_KEY = 160
"""Characters of one part of a key path; a path under `[changes]` is one, with two names in it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with the input.

    Attributes:
        file: the file it stands in, or `--set` for the command line.
        key: the key path inside that file, empty where the whole file is meant.
        found: what is there, in words.
        allowed: what may be there, in words.
        nearest: an existing name that looks like the one found, if any.
        code: a stable word for the kind of mistake, such as `unknown-key`.
    """

    file: str
    key: str
    found: str
    allowed: str
    nearest: str | None = None
    code: str = "wrong-input"

    def __str__(self) -> str:
        """Return one line, for example `x.toml: horizon.years: found 0, allowed more than 0`."""
        place = f"{self.file}: {self.key}" if self.key else self.file
        line = f"{place}: found {self.found}, allowed {self.allowed}"
        return f"{line}; nearest: {self.nearest}" if self.nearest else line


class ScenarioError(Exception):
    """Wrong input: every finding, in the order of reading, each mentioned once.

    Attributes:
        findings: at least one.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(dict.fromkeys(findings))
        super().__init__(self.findings)

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)


@dataclass
class Collecting:
    """Inside `with Collecting(findings):` a `ScenarioError` ends the block and is added to a list.

    What comes after the block goes on, so that one reading finds as much as it can.

    Attributes:
        findings: receives those of the error.
        stopped: whether there was one.
    """

    findings: list[Finding]
    stopped: bool = False

    def __enter__(self) -> None:
        """Begin; there is nothing to prepare."""

    def __exit__(self, kind: object, error: object, trace: object) -> bool:
        """Keep the findings, and let any other exception pass."""
        if not isinstance(error, ScenarioError):
            return False
        self.findings.extend(error.findings)
        self.stopped = True
        return True


def nearest(name: str, candidates: Iterable[str], closeness: float = 0.6) -> str | None:
    """Return the candidate that looks most like the name, or None if none is close (0 to 1).

    Capital letters make no difference.
    """
    by_small = {each.lower(): each for each in reversed(list(candidates))}
    matches = get_close_matches(name[:LONGEST].lower(), by_small, n=1, cutoff=closeness)
    return by_small[matches[0]] if matches else None


def key_path(parts: Iterable[str | int]) -> str:
    """Join the parts of a key path with dots; parts that TOML would quote are quoted."""
    return ".".join(_part(str(part)) for part in parts)


def _part(part: str) -> str:
    return part if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", part) else _quoted(part, LONGEST_KEY)


def described(value: object) -> str:
    """Return a value in words that fit into one line of a message, control characters escaped."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        # Longer whole numbers cannot even be written out: Python limits their digits.
        return str(value) if abs(value) < 10**20 else "a whole number of more than 20 digits"
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else str(value).replace("inf", "infinity")
    if isinstance(value, str):
        return _quoted(value)
    kinds = {dict: "a table", list: "an array", type(None): "nothing"}
    return kinds.get(type(value)) or _short(f"the {type(value).__name__} {value}")


def _quoted(text: str, most: int = LONGEST) -> str:
    return _short(json.dumps(text, ensure_ascii=not text.isprintable()), most)


def _short(text: str, most: int = LONGEST) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def listed(names: Iterable[str], most: int = 12) -> str:
    """Return `one of a, b, c`, cut after some names; `nothing` where there is no name."""
    every = list(names)
    more = ", …" if len(every) > most else ""
    return f"one of {', '.join(every[:most])}{more}" if every else "no key here"
