"""From a merged draft to the whole tables of a scenario, in the order that a reader would expect.

First the world (territory, episode kinds, the user's own), then the horizon, the organisation and
the one before it, and last the changes: those of the files, then those of the command line. How one
part is looked up or changed lives in `assembly.py`; checking the whole in `checks.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .assembly import COMMAND_LINE, Assembly
from .changes import flattened
from .errors import Collecting, Finding, described, key_path
from .files import Tree, find_scenario, shown
from .findings import Location
from .fitted import Fitted, read_fitted
from .library import fill_links
from .merge import Draft, Piece, read_draft
from .shrinkage import Rules, read_rules

FITTED_BY = {"documents": ("documents",), "literature": ("documents", "literature")}
"""By parameter set, the sets whose fitted values it takes, in their order."""


def assembled(
    path: Path, parameter_set: str, changes: Mapping[str, Any], *, fitted: bool | Fitted = True
) -> Assembly:
    """Return the tables of a scenario with everything looked up, filled in and changed.

    Args:
        path: the scenario's file.
        parameter_set: which variants to put in place.
        changes: key paths and values of the command line, applied last.
        fitted: whether numbers of the library that were fitted have their fitted values; or those
            to take instead of the set's own.
    """
    findings: list[Finding] = []
    draft = read_draft(path, findings)
    work = Assembly(
        draft,
        parameter_set,
        findings,
        fitted=_fitted_of(parameter_set, fitted, findings),
        rules=read_rules(findings) if parameter_set == "literature" else Rules(),
    )
    work.note_missing()
    work.tree |= {"name": draft.name, "parameter_set": parameter_set}
    work.tree |= {key: draft.value(key) for key in ("title", "description")}
    _add_territory(work)
    _add_episodes(work)
    work.tree["horizon"] = {
        key: work.use(piece, ("horizon", key), ("horizon", key))
        for key, piece in draft.under("horizon").items()
    }
    work.tree["organisation"] = _organisation(work, draft, "organisation")
    _add_before(work)
    for key_of_change, new, file, key in _changes(draft):
        if not key_of_change.startswith("organisation."):
            work.change(work.tree, key_of_change, new, file, key)
    for key_of_change, new in changes.items():
        work.change(work.tree, key_of_change, new, COMMAND_LINE, tuple(key_of_change.split(".")))
    return work


def _fitted_of(
    parameter_set: str, asked: bool | Fitted, findings: list[Finding]
) -> tuple[Fitted, ...]:
    """Return the fitted values that a parameter set takes, in their order."""
    if asked is False:
        return ()
    *others, own = FITTED_BY[parameter_set]
    last = read_fitted(own, findings) if asked is True else asked
    return (*(read_fitted(each, findings) for each in others), last)


def _add_territory(work: Assembly) -> None:
    piece = work.draft.pieces.get(("territory",))
    if piece is None:
        return
    territory = work.look_up("territories", piece.value, piece, ("territory",), ("territory",))
    if territory:
        work.tree["territory"] = territory
        _add_new(work, "conditions", territory["conditions"], ("territory", "conditions"))


def _add_episodes(work: Assembly) -> None:
    episodes = work.tree["episodes"] = {}
    piece = work.draft.pieces.get(("episodes",), Piece([], work.draft.path))
    for number, name in enumerate(piece.value):
        place, key = ("episodes", name), ("episodes", number)
        if episode := work.look_up("episodes", name, piece, key, place):
            episodes[name] = episode
    _add_new(work, "episodes", episodes, ("episodes",))


def _add_new(work: Assembly, kind: str, table: Tree, place: Location) -> None:
    """Add a user's own conditions or episode kinds, under names that are not taken."""
    for name, piece in work.draft.under("new", kind).items():
        key = ("new", kind, name)
        if name in table:
            found, allowed = f"{described(name)} a second time", "a new name, or a key in changes"
            finding = Finding(shown(piece.path), key_path(key), found, allowed)
            work.findings.append(replace(finding, code="duplicate-name"))
        table[name] = work.use(piece, (*place, name), key)


def _add_before(work: Assembly) -> None:
    """Build the organisation before the start: that of a named scenario, perhaps of this one."""
    piece = work.draft.pieces.get(("before",))
    if piece is None:
        return
    with Collecting(work.findings):
        asked_at = shown(piece.path), "before"
        path = find_scenario(piece.value, piece.path.parent, *asked_at)
        draft = read_draft(path, work.findings, asked_at)
        work.tree["before"] = _organisation(work, draft, "before")


def _organisation(work: Assembly, draft: Draft, root: str) -> Tree:
    """Return the organisation of a draft, with the changes that its own files make to it.

    Args:
        work: receives findings and origins.
        draft: the scenario whose organisation it is.
        root: where it will stand, `organisation` or `before`.
    """
    organisation: Tree = {"layers": _uses(work, draft, root, "layers", "uptake_share", "layer")}
    if ("organisation", "practices") in draft.pieces:
        organisation["practices"] = _uses(work, draft, root, "practices", "share", "model")
    if ramp := draft.pieces.get(("organisation", "ramp_months")):
        place = (root, "ramp_months")
        organisation["ramp_months"] = work.use(ramp, place, ("organisation", "ramp_months"))
    for path, new, file, key in _changes(draft):
        if path.startswith("organisation."):
            inside = path.removeprefix("organisation")
            work.change({root: organisation}, f"{root}{inside}", new, file, key)
    return organisation


def _uses(
    work: Assembly, draft: Draft, root: str, kind: str, amount: str, part: str
) -> dict[str, Tree]:
    """Return the practice models, or the layers, of an organisation, each with its amount."""
    named = draft.pieces.get(("organisation", kind))
    if named is None:
        return {}
    work.came_from(shown(named.path), (root, kind), ("organisation", kind))
    uses: dict[str, Tree] = {}
    for name, quantity in named.value.items():
        place, key = (root, kind, name), ("organisation", kind, name)
        uses[name] = {amount: work.use(Piece(quantity, named.path), (*place, amount), key)}
        if model := work.look_up(kind, name, named, key, (*place, part)):
            _fill_links(work, model, (*place, part))
            uses[name][part] = model
    return uses


def _fill_links(work: Assembly, model: Tree, place: Location) -> None:
    if "territory" in work.tree:
        found = fill_links(model, list(work.tree["territory"]["links"]))
        work.findings += [work.placed((*place, "links", name), item) for name, item in found]


def _changes(draft: Draft) -> Iterator[tuple[str, Any, str, Location]]:
    """Yield each change of the files: key path, what to put there, the file and the key in it."""
    for start, piece in draft.under("changes").items():
        for path, new in flattened({start: piece.value}):
            yield path, new, shown(piece.path), ("changes", path)
