"""The tables of a scenario while they are put together, and where each of them came from.

Here live the memory of origins, which lets a mistake found in the whole be told at the file and key
that made it, the looking up of library parts, and the changing of single keys. The order in which
that happens lives in `assemble.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .changes import NUMBERS, change, in_place
from .errors import Collecting, Finding, described, key_path, listed, nearest
from .files import Tree, find_part, is_packaged, library_names, shown
from .findings import Location, unknown_key
from .fitted import Fitted, fitted_place, put_fitted
from .library import read_part
from .merge import Draft, Piece
from .shrinkage import Rules

COMMAND_LINE = "--set"

SPOILERS = {
    "horizon": ("horizon",),
    "territory": ("territory", "new"),
    "episodes": ("episodes", "new"),
    "organisation": ("organisation",),
    "before": ("organisation", "before"),
}
"""For the start of a key path, the keys of a file whose mistakes leave open what it leads to."""

REQUIRED = (
    *(("territory",), ("episodes",), ("before",)),
    *(("organisation", "ramp_months"), ("organisation", "practices")),
    *(("horizon", "start_date"), ("horizon", "years"), ("horizon", "warm_up_years")),
)
"""What a scenario file or a file that it extends must say, title and description aside."""


@dataclass
class Assembly:
    """A scenario in the making.

    Attributes:
        draft: the merged files.
        parameter_set: `documents` or `literature`.
        findings: what is wrong so far.
        fitted: the fitted values of the documents, and those of the literature if it is the set.
        rules: what the set makes of numbers that nobody evaluated.
        tree: what stands where; complete where nothing was found.
        origins: for the start of a key path, the file it came from and its key there.
        changed: the places that fits and changes put something else into, in their order.
    """

    draft: Draft
    parameter_set: str
    findings: list[Finding]
    fitted: tuple[Fitted, ...] = ()
    rules: Rules = field(default_factory=Rules)
    tree: Tree = field(default_factory=dict)
    origins: dict[Location, tuple[str, str]] = field(default_factory=dict)
    changed: list[Location] = field(default_factory=list)

    def came_from(self, file: str, place: Location, key: Location = ()) -> None:
        """Remember that what stands at a place came from that key of a file."""
        self.origins[place] = (file, key_path(key))

    def moved(self, places: Iterable[Location]) -> Location | None:
        """Return the place that the last change of any of these, or of what is in them, moved."""
        wanted = list(places)
        moved = [at for at in self.changed if any(_touch(at, place) for place in wanted)]
        return moved[-1] if moved else None

    def placed(
        self, place: Location, finding: Finding, follows_from: tuple[Location, ...] = ()
    ) -> Finding:
        """Return a finding about the whole, with the file and the key that caused it.

        What follows from several values is the doing of the last change of one of them. It is told
        at that change, or at their table where the table as a whole is wrong.
        """
        if moved := self.moved(follows_from or (place,)):
            if moved[: len(place)] == place and moved != place:
                return replace(finding, file=self.origins[moved][0], key=key_path(place))
            place = moved if follows_from else place
        for length in range(len(place), 0, -1):
            if origin := self.origins.get(place[:length]):
                file, start = origin
                key = ".".join(part for part in (start, key_path(place[length:])) if part)
                return replace(finding, file=file, key=key)
        return replace(finding, file=shown(self.draft.path), key=key_path(place))

    def note_missing(self) -> None:
        """Note each key that neither the file nor any file it extends gives."""
        wrong = {finding.key.split(".")[0] for finding in self.findings}
        for key in REQUIRED:
            if self.draft.whole and key not in self.draft.pieces and key[0] not in wrong:
                file, allowed = shown(self.draft.path), "one here or in a file that it extends"
                finding = Finding(file, key_path(key), "nothing", allowed, code="missing-key")
                self.findings.append(finding)

    def use(self, piece: Piece, place: Location, key: Location) -> Any:
        """Return what a file says, for this parameter set, and remember its origin."""
        self.came_from(shown(piece.path), place, key)
        item = deepcopy(piece.value)
        self._shrink(item, place)
        return in_place(item, self.parameter_set)

    def look_up(
        self, kind: str, name: str, piece: Piece, key: Location, place: Location
    ) -> Tree | None:
        """Return a part of the library, or None after noting why there is none.

        Args:
            kind: a folder of the library.
            name: the part's name.
            piece: what names it, whose folder is searched first.
            key: where it is named in that file.
            place: where the part will stand in the whole.
        """
        path = find_part(kind, name, piece.path.parent)
        if path is None:
            self.findings.append(_unknown_part(kind, name, piece.path, key))
            return None
        self.came_from(shown(path), place)
        with Collecting(self.findings):
            if part := read_part(kind, path, self.findings):
                fitted = self.fitted if is_packaged(path, kind) else ()
                return self._of_set(part, place, (kind, name), fitted)
        return None

    def _of_set(
        self, part: Tree, place: Location, whose: tuple[str, str], fitted: Iterable[Fitted]
    ) -> Tree:
        """Return a part of the library as this parameter set has it.

        That is the value fitted to the documents, moved where the rule of the literature says so;
        or the literature's own; and last the value fitted to the literature.
        """
        of_documents, *of_literature = *fitted, Fitted()  # which holds nothing
        self._fit(part, place, whose, of_documents)
        self._shrink(part, place)
        tables: Tree = in_place(part, self.parameter_set)
        for each in of_literature:
            self._fit(tables, place, whose, each)
        return tables

    def _fit(self, part: Tree, place: Location, whose: tuple[str, str], fitted: Fitted) -> None:
        put, wrong = put_fitted(part, *whose, fitted)
        self.findings += wrong
        for key in put:
            at = (*place, *key.split("."))
            self.came_from(fitted.file, at, fitted_place(*whose, key))
            self.changed.append(at)

    def _shrink(self, item: Any, place: Location) -> None:
        if isinstance(item, dict):
            for moved, rule in self.rules.apply(item, place):
                self.came_from(self.rules.file, moved, rule)

    def change(self, tree: Tree, path: str, new: Any, file: str, key: Location) -> None:
        """Put something else where a key path leads, or note why that cannot be.

        Args:
            tree: the tables to change.
            path: the key path in them.
            new: what to put there, as text where it was typed on the command line.
            file: who asks for it, a file or `--set`.
            key: where it is asked for.
        """
        typed = file == COMMAND_LINE and isinstance(new, str)
        finding = change(tree, path, in_place(new, self.parameter_set), typed=typed)
        if finding is None:
            keys = path.split(".")
            place = tuple(keys[:-1] if keys[-1] in NUMBERS else keys)
            self.came_from(file, place, key)
            self.changed.append(place)
        elif finding.code != "unknown-key" or not self._doubtful(path.split(".")[0]):
            self.findings.append(replace(finding, file=file, key=key_path(key)))

    def _doubtful(self, root: str) -> bool:
        """Return whether earlier mistakes may be why a key path below a root doesn't exist."""
        own = shown(self.draft.path)
        return not self.draft.whole or any(
            finding.file not in (own, COMMAND_LINE)
            or finding.key.split(".")[0] in SPOILERS.get(root, ())
            for finding in self.findings
        )


def _touch(one: Location, other: Location) -> bool:
    """Return whether two places are the same, or one of them lies in the other."""
    return all(left == right for left, right in zip(one, other, strict=False))


def _unknown_part(kind: str, name: str, path: Path, key: Location) -> Finding:
    names = library_names(kind, path.parent)
    organised = key[0] == "organisation"
    finding = unknown_key(key_path(key), name, names, organised=organised)
    if finding.code == "unknown-key":
        there = listed(names) if names else "a name of a file, and there is none"
        allowed = f"{there} (in library/{kind})"
        close = nearest(name, names)
        code = "unknown-name"
        finding = Finding("", finding.key, described(name), allowed, close, code)
    return replace(finding, file=shown(path))
