"""From what pydantic refuses to findings that name file, key, found, allowed and nearest.

Here live the translation of validation errors, the rule that an organisation has no key for
effects, and the check that named evidence exists. Rules that span several tables live in
`checks.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .errors import Finding, described, key_path, listed, nearest
from .evidence import load_ledger
from .organisation import Layer, Organisation, PracticeModel
from .quantity import Sourced
from .scenario_file import OrganisationPart

Location = tuple[str | int, ...]

CODES = {
    "extra_forbidden": "unknown-key",
    "missing": "missing-key",
    "finite_number": "not-finite",
    "literal_error": "unknown-choice",
}
"""Codes for pydantic's own kinds of error; the others are of a wrong type, or name a code."""

LIMITS = {
    "greater_than_equal": "{0}, {1[ctx][ge]} or more",
    "too_short": "{0} of {1[ctx][min_length]} or more",
    "too_long": "{0} of {1[ctx][max_length]} at most",
}
"""How much of a type is allowed, by pydantic's own kinds of error."""

EFFECTS = (
    *("crisis", "crises", "admission", "admit", "hospitali", "stays", "ed_visit", "emergency"),
    *("window", "efficacy", "hazard", "onset", "episode", "incident", "death", "mortality"),
)
"""Words of keys that would write an effect into an organisation."""

EMERGES = (
    "no key for effects: an organisation moves information, contacts, access and routes, "
    "and effects on crises, admissions, visits, windows and efficacy must emerge"
)


def schema_findings(model: type[BaseModel], tables: object) -> list[tuple[Location, Finding]]:
    """Check tables against a model; return each mistake with where it is, the file left empty."""
    try:
        model.model_validate(tables)
    except ValidationError as error:
        errors = _each_once(model, error.errors(include_url=False))
        return [_translated(model, place, details) for place, details in errors]
    return []


def _each_once(
    model: type[BaseModel], errors: list[ErrorDetails]
) -> Iterator[tuple[Location, ErrorDetails]]:
    """Yield errors with their places; of what fits no type of a union, the innermost, once."""
    placed = [(_untagged(model, details["loc"]), details) for details in errors]
    of_unions = [place for place, details in placed if place != details["loc"]]
    told = {place[:end] for place in of_unions for end in range(len(place))}
    for place, details in placed:
        if place == details["loc"]:
            yield place, details
        elif place not in told:
            told.add(place)
            yield place, details


def _untagged(model: type[BaseModel], place: Location) -> Location:
    """Return a location without the names that pydantic gives to the types of a union."""
    kept: Location = ()
    for part in place:
        here = _walk(model, kept)[-1]
        is_tag = isinstance(here, tuple) and any(_is_called(kind, part) for kind in here)
        kept = kept if is_tag else (*kept, part)
    return kept


def _is_called(kind: Any, part: str | int) -> bool:
    name: str = (get_origin(kind) or kind).__name__
    return str(part).split("[")[0] == name


def _translated(
    model: type[BaseModel], place: Location, details: ErrorDetails
) -> tuple[Location, Finding]:
    kind = details["type"]
    if kind == "extra_forbidden":
        return place, _unknown_key(model, place)
    if kind == "string_pattern_mismatch":
        return _badly_named(model, place, details["input"])
    owner, annotation = [None, *_walk(model, place)][-2:]
    found = "nothing" if kind == "missing" else described(details["input"])
    allowed = _words(annotation)
    if kind in LIMITS:
        found, allowed = _sized(found, details["input"]), LIMITS[kind].format(allowed, details)
    code = CODES.get(kind, kind if "-" in kind else "wrong-type")
    if code == "wrong-type" and _is_quantity(owner) and place[-1] == "assumption":
        code, allowed = "missing-evidence", "a reason in words"
    context = details.get("ctx", {}) if "-" in kind else {}
    return place, Finding(
        "", key_path(place), context.get("found", found), context.get("allowed", allowed), code=code
    )


def _badly_named(model: type[BaseModel], place: Location, name: str) -> tuple[Location, Finding]:
    """Return the finding for a key, a name or an id of evidence that is not spelt as one."""
    if place[-1] == "[key]":
        return place[:-1], bad_name(key_path(place[:-1]), name)
    if place[-1] == "evidence" and _is_quantity(_walk(model, place)[-2]):
        return place, _unknown_evidence(place, name)
    return place, bad_name(key_path(place), name)


def bad_name(key: str, name: str) -> Finding:
    """Return the finding for a name that is none, as `Name` describes it."""
    allowed = "a name of lower-case letters, digits and underscores, 50 at most, a letter first"
    return Finding("", key, described(name), allowed, code="bad-name")


def _unknown_key(model: type[BaseModel], place: Location) -> Finding:
    walked = _walk(model, place[:-1])
    owner = walked[-1]
    keys = list(owner.model_fields) if _is_model(owner) else []
    organised = any(kind in walked for kind in (Organisation, OrganisationPart))
    organised = organised or model in (PracticeModel, Layer)
    return unknown_key(key_path(place), str(place[-1]), keys, organised=organised)


def unknown_key(path: str, key: str, keys: list[str], *, organised: bool) -> Finding:
    """Return the finding for a key that does not exist, or that an organisation may not have.

    Args:
        path: the whole key path.
        key: its part that is unknown.
        keys: what exists at that place.
        organised: whether the place belongs to an organisation.
    """
    named = any(word in key.lower() for word in EFFECTS)
    # A slip of the pen in a key that exists is no attempt to write an effect.
    if organised and named and not nearest(key, keys, closeness=0.9):
        return Finding("", path, "a key for an effect", EMERGES, code="forbidden-effect")
    return Finding("", path, "an unknown key", listed(keys), nearest(key, keys), "unknown-key")


def evidence_findings(tables: object, place: Location = ()) -> Iterator[tuple[Location, Finding]]:
    """Yield each quantity, at any depth, whose evidence the ledger does not have."""
    if isinstance(tables, list):
        tables = dict(enumerate(tables))
    if not isinstance(tables, dict):
        return
    named = tables.get("evidence")
    ledger = load_ledger()
    if isinstance(named, str) and "value" in tables and named not in ledger:
        where = (*place, "evidence")
        yield where, _unknown_evidence(where, named)
    for key, inside in tables.items():
        if isinstance(inside, dict | list):
            yield from evidence_findings(inside, (*place, key))


def _unknown_evidence(place: Location, named: str) -> Finding:
    allowed, close = "an id of the evidence ledger", load_ledger().nearest(named)
    return Finding("", key_path(place), described(named), allowed, close, "unknown-evidence")


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _is_quantity(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Sourced)


def _walk(model: type[BaseModel], place: Location) -> list[Any]:
    """Return the types along a location, from the model to what stands at its end.

    Where there are several, as in a union, they are a tuple.
    """
    walked: list[Any] = [model]
    for part in place:
        here = walked[-1]
        if _is_model(here):
            field = here.model_fields.get(str(part))
            walked.append(_bare(field.annotation) if field else None)
        else:
            here = next(filter(get_args, here), None) if isinstance(here, tuple) else here
            inside = get_args(here)
            walked.append(_bare(inside[-1]) if inside else None)
    return walked


def _bare(annotation: Any) -> Any:
    """Return a type, or several, without the constraints around it and without its None."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        kinds = tuple(_bare(kind) for kind in get_args(annotation) if kind is not NoneType)
        return kinds if len(kinds) > 1 else kinds[0]
    return annotation


def _sized(found: str, value: object) -> str:
    """Return what was found, and how much of it if it is an array or a table."""
    return f"{found} of {len(value)}" if isinstance(value, list | dict) else found


def _words(annotation: Any) -> str:
    """Return what a type allows, in words."""
    if _is_quantity(annotation):
        return "a table with value, low, high and evidence or assumption"
    if get_origin(annotation) is Literal:
        return listed(get_args(annotation))
    if isinstance(annotation, tuple):
        kinds = [kind for kind in annotation if kind is not int or float not in annotation]
        return " or ".join(map(_words, kinds))
    words = {str: "a text", float: "a finite number", bool: "true or false", list: "an array"}
    words |= {int: "a whole number"}
    return words.get(get_origin(annotation) or annotation, "a table")
