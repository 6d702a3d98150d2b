"""Mutants: what slips of the hand, bad disks and foreign tools make of good scenario files.

Here live the world of files that mutants are made of, the mutations of text and of tables, changes
and dumps gone wrong, and the judgement of what loading them did. Everything follows from a seed:
`mutant(world, seed)` is the same file again. The promises themselves are in `test_fuzz.py`.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from parcours_sim.care.flatten import flatten
from parcours_sim.scenario.errors import Finding, ScenarioError
from parcours_sim.scenario.files import named_scenarios, scenario_folder
from parcours_sim.scenario.resolve import dump_scenario, load_dump, scenario_hash
from parcours_sim.scenario.scenario import Scenario

GOOD = Path(__file__).parents[1] / "corpus" / "good"
LONGEST_SECONDS = 2.0
"""Of processor time, for one file."""

READERS = {
    "practices": "[organisation.practices]\n{name} = {whole}",
    "layers": "[organisation.layers]\n{name} = {whole}",
    "episodes": 'episodes = ["{name}"]',
    "territories": 'territory = "{name}"\nepisodes = ["copd"]',
}
"""What a scenario says to use one part of the library."""
HEAD = """extends = "{parent}"
title = { fr = "Lecteur", en = "Reader" }
description = { fr = "Il lit une pièce.", en = "It reads one part." }
"""
PARENTS = {"asthma_plan": "asthma_by_tables.toml"}
"""What readers of parts extend that are for conditions of another file than `isole`."""
WHOLE = '{ value = 1.0, low = 0.0, high = 1.0, assumption = "chosen for a test only" }'

NUMBERS = (
    *("nan", "inf", "-inf", "1e999", "1e308", "-1e308", "5e-324", "-0.0", "0", "0.0", "-1", "1"),
    *("1e-6", "1e-7", "0.5", "1.0000001", "1.5", "2", "7", "24", "24.0", "52", "100", "366.0"),
    *("1000", "1e4", "1e6", "1000001", "5e6", "1e9", "0x10", "0o17", "1_000", "08", "1.", ".5"),
    *("1,5", "1e", "--1", "9" * 400, "9" * 5000, "0x" + "f" * 300, "true", "2025-02-30", '"1"'),
)
"""Numbers at the bounds, beyond them, and what people write for numbers."""

WORDS = (
    *("", " ", "x", "isole", "copd", "everyone", "age_75_and_over", "../isole", "isole.toml", "é"),
    *("x" * 5000, "Isole", "a b", "a.b", "\u0000", "\u001b[31m", "[key]", "value", "2025-01-01"),
    *("30/02/2025", "S01", "L999", "france", "always_open", "only", "low", "none", "n/a", "🩺"),
)
"""Texts that are names, nearly names, or nothing."""

NOISE = (
    "\0",
    "\ufeff",
    "\ufffe",
    "\x1b[31m",
    "\r",
    "\t",
    '"',
    "'''",
    "[",
    "]]",
    "{",
    "=",
    "#",
    "é",
)

VALUES: tuple[Any, ...] = (
    *(True, False, 0, -1, 1, 10**30, 10**400, 0.0, 0.5, -0.5, 1e308, float("nan"), float("inf")),
    *("", "text", "x" * 300, [], [1], ["copd", "copd"], {}, {"value": 1}, {"a": {"b": {}}}),
    *(date(2025, 1, 1), datetime(2025, 1, 1, 12)),
)
"""Values of every kind that TOML knows."""


@dataclass(frozen=True)
class World:
    """A folder of good files, with the scenario through which each of them is read."""

    folder: Path
    readers: dict[str, str]

    def text(self, name: str) -> str:
        """Return what a file holds."""
        return (self.folder / name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Mutant:
    """A file with something wrong in it: where it stands, what it holds, and how it came to be."""

    seed: int
    name: str
    content: bytes
    made_by: tuple[str, ...]


def world_in(folder: Path) -> World:
    """Lay out the good corpus, the named scenarios and the whole library in one folder."""
    folder = folder / GOOD.name  # as some files of the corpus call it
    shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    shutil.copytree(scenario_folder() / "library", folder / "library", dirs_exist_ok=True)
    for path in scenario_folder().glob("*.toml"):
        if path.stem in named_scenarios():
            shutil.copy(path, folder)
    readers = {path.name: path.name for path in sorted(folder.glob("*.toml"))}
    for path in sorted((folder / "library").glob("*/*.toml")):
        reader = folder / f"reads_{path.parent.name}_{path.stem}.toml"
        body = READERS[path.parent.name].replace("{name}", path.stem).replace("{whole}", WHOLE)
        head = HEAD.replace("{parent}", PARENTS.get(path.stem, "isole"))
        reader.write_text(head + body, encoding="utf-8")
        readers[path.relative_to(folder).as_posix()] = reader.name
    return World(folder, readers)


def mutant(world: World, seed: int) -> Mutant:
    """Return the mutant of a seed: one good file after one to three mutations."""
    chance = random.Random(seed)
    name = chance.choice(sorted(world.readers))
    text = world.text(name)
    made_by = []
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        change = chance.choice(MUTATIONS)
        other = world.text(chance.choice(sorted(world.readers)))
        text = change(chance, text, other)
        made_by.append(change.__name__)
    content = text.encode("utf-8", errors="surrogatepass")
    if chance.random() < 0.1:
        content = flipped(chance, content)
        made_by.append("flipped")
    return Mutant(seed, name, content, tuple(made_by))


# Mutations of text.


def flipped(chance: random.Random, content: bytes) -> bytes:
    """Bytes replaced by others, as on a bad disk."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def line_dropped(chance: random.Random, text: str, _: str) -> str:
    lines = text.splitlines(keepends=True)
    if lines:
        del lines[chance.randrange(len(lines))]
    return "".join(lines)


def line_doubled(chance: random.Random, text: str, _: str) -> str:
    lines = text.splitlines(keepends=True)
    if lines:
        lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    return "".join(lines)


def lines_swapped(chance: random.Random, text: str, _: str) -> str:
    lines = text.splitlines(keepends=True)
    if lines:
        one, other = (chance.randrange(len(lines)) for _ in range(2))
        lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


def cut_short(chance: random.Random, text: str, _: str) -> str:
    return text[: chance.randrange(len(text) + 1)]


def spliced(chance: random.Random, text: str, other: str) -> str:
    """The beginning of one file and the end of another."""
    return text[: chance.randrange(len(text) + 1)] + other[chance.randrange(len(other) + 1) :]


def lines_borrowed(chance: random.Random, text: str, other: str) -> str:
    lines, others = text.splitlines(keepends=True), other.splitlines(keepends=True)
    first = chance.randrange(len(others) + 1)
    place = chance.randrange(len(lines) + 1)
    lines[place:place] = others[first : first + chance.randint(1, 12)]
    return "".join(lines)


def number_replaced(chance: random.Random, text: str, _: str) -> str:
    return one_replaced(chance, text, r"(?<![\w\"])-?\d+(\.\d+)?", chance.choice(NUMBERS))


def word_replaced(chance: random.Random, text: str, _: str) -> str:
    word = json.dumps(chance.choice(WORDS), ensure_ascii=chance.random() < 0.5)
    return one_replaced(chance, text, r'"[^"\n]*"', word)


def quote_removed(chance: random.Random, text: str, _: str) -> str:
    return one_replaced(chance, text, r'["\'{}\[\]=]', "")


def noise_inserted(chance: random.Random, text: str, _: str) -> str:
    place = chance.randrange(len(text) + 1)
    return text[:place] + chance.choice(NOISE) + text[place:]


def key_misspelt(chance: random.Random, text: str, _: str) -> str:
    """Letters of one key exchanged, dropped, doubled or made capital."""
    found = list(re.finditer(r"[\w]+(?=\s*=)|(?<=[\[.])\w+(?=[\].])", text))
    if not found:
        return text
    key = chance.choice(found)
    return text[: key.start()] + misspelt(chance, key[0]) + text[key.end() :]


def misspelt(chance: random.Random, key: str) -> str:
    if not key:
        return "x"
    place = chance.randrange(len(key))
    before, letter, after = key[:place], key[place], key[place + 1 :]
    return chance.choice(
        (before + after, before + letter * 2 + after, before + letter.upper() + after, key + "s",
         before + after[:1] + letter + after[1:], f"{before} {letter}{after}", f"{key}.{key}",
         f'"{key}"', f"'{before}'")
    )  # fmt: skip


def table_renamed(chance: random.Random, text: str, other: str) -> str:
    """The head of one table replaced by that of another, or by a name that is none."""
    heads = re.findall(r"^\[.*\]$", other, re.MULTILINE)
    heads += ["[organisation]", "[changes]", "[new]", "[[horizon]]", "[x]", "[]", "[changes.a.b.c]"]
    return one_replaced(chance, text, r"^\[.*\]$", chance.choice(heads))


def one_replaced(chance: random.Random, text: str, pattern: str, new: str) -> str:
    """Replace one place where a pattern fits, whichever chance says."""
    found = list(re.finditer(pattern, text, re.MULTILINE))
    if not found:
        return text
    place = chance.choice(found)
    return text[: place.start()] + new + text[place.end() :]


# Mutations of tables.


def of_tables(change: Callable[[random.Random, dict[str, Any]], None]) -> Callable[..., str]:
    """Turn a change of tables into one of the text that writes them; broken text stays as it is."""

    def changed(chance: random.Random, text: str, _: str) -> str:
        try:
            tables = tomllib.loads(text)
        except (ValueError, RecursionError):
            return text
        change(chance, tables)
        return "".join(f"{json.dumps(key)} = {toml(tables[key])}\n" for key in tables)

    changed.__name__ = change.__name__
    return changed


def toml(value: Any) -> str:
    """Return a value as TOML writes it, tables inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(value[key])}" for key in value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(each) for each in value) + "]"
    if isinstance(value, str | bool):
        return json.dumps(value)
    if isinstance(value, int):
        return hex(value) if value > 10**30 else str(value)
    return str(value) if isinstance(value, float | datetime) else value.isoformat()


def places(item: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each place in tables and arrays, as what holds it and its key."""
    rows = item.items() if isinstance(item, dict) else enumerate(item)
    for key, inside in list(rows):
        yield item, key
        if isinstance(inside, dict | list):
            yield from places(inside)


def quantities(tables: Any) -> list[dict[str, Any]]:
    found = [holder for holder, key in places(tables) if key == "value"]
    return [holder for holder in found if isinstance(holder, dict)]


def value_of_another_kind(chance: random.Random, tables: dict[str, Any]) -> None:
    if found := list(places(tables)):
        holder, key = chance.choice(found)
        holder[key] = chance.choice(VALUES)


def key_left_out(chance: random.Random, tables: dict[str, Any]) -> None:
    if found := list(places(tables)):
        holder, key = chance.choice(found)
        del holder[key]


def key_renamed(chance: random.Random, tables: dict[str, Any]) -> None:
    found = [(holder, key) for holder, key in places(tables) if isinstance(holder, dict)]
    if found:
        holder, key = chance.choice(found)
        name = chance.choice((misspelt(chance, key), chance.choice(WORDS)))
        holder[name] = holder.pop(key)


def value_moved(chance: random.Random, tables: dict[str, Any]) -> None:
    """What stands at one place put at another too."""
    found = list(places(tables))
    if len(found) > 1:
        (holder, key), (taker, other) = chance.sample(found, 2)
        taker[other] = json.loads(json.dumps(holder[key], default=str))


def value_wrapped(chance: random.Random, tables: dict[str, Any]) -> None:
    if found := list(places(tables)):
        holder, key = chance.choice(found)
        inside = holder[key]
        holder[key] = chance.choice(([inside], {"value": inside}, {str(key): inside}))


def quantity_at_a_bound(chance: random.Random, tables: dict[str, Any]) -> None:
    """A quantity whose value and range are all one odd number: what the schema may well accept."""
    if found := quantities(tables):
        quantity = chance.choice(found)
        number = chance.choice((0.0, 5e-324, 1e-6, 0.5, 1.0, 7.0, 24.0, 52.0, 366.0, 1e3, 1e4, 1e6))
        quantity.update(value=number, low=number, high=number)


def quantity_out_of_order(chance: random.Random, tables: dict[str, Any]) -> None:
    if found := quantities(tables):
        quantity = chance.choice(found)
        keys = [key for key in ("value", "low", "high") if key in quantity]
        ends = [quantity[key] for key in keys]
        chance.shuffle(ends)
        quantity.update(zip(keys, ends, strict=True))


def variant_added(chance: random.Random, tables: dict[str, Any]) -> None:
    """A number for the parameter set of the literature, or what is none."""
    if found := quantities(tables):
        quantity = chance.choice(found)
        other = {key: quantity[key] for key in quantity if chance.random() < 0.8}
        quantity["literature"] = chance.choice((other, other, chance.choice(VALUES)))


TEXT_MUTATIONS = (
    *(line_dropped, line_doubled, lines_swapped, cut_short, spliced, lines_borrowed),
    *(number_replaced, number_replaced, word_replaced, word_replaced, quote_removed),
    *(noise_inserted, key_misspelt, key_misspelt, table_renamed),
)
TABLE_MUTATIONS = (
    *(value_of_another_kind, key_left_out, key_renamed, value_moved, value_wrapped),
    *(quantity_at_a_bound, quantity_at_a_bound, quantity_out_of_order, variant_added),
)
MUTATIONS = (*TEXT_MUTATIONS, *(of_tables(change) for change in TABLE_MUTATIONS))


# What is not a file: changes of the command line, and dumps.


def changes_gone_wrong(paths: list[str], seed: int) -> dict[str, str | float]:
    """Return one to three key paths, right or nearly so, with values of every sort."""
    chance = random.Random(seed)
    changes: dict[str, str | float] = {}
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        path = chance.choice(paths)
        parts = path.split(".")
        place = chance.randrange(len(parts))
        slip = [*parts[:place], misspelt(chance, parts[place]), *parts[place + 1 :]]
        part = f"{path}.{chance.choice(('value', 'low', 'high', 'evidence', 'x', ''))}"
        shorter, longer = ".".join(parts[:place]), ".".join([*parts[:place], *parts])
        key = chance.choice((*[path] * 6, part, part, ".".join(slip), shorter, longer))
        number = chance.choice(NUMBERS)
        table = WHOLE.replace(chance.choice(("1.0", "0.0", "assumption", '"')), number)
        typed = (number, number, table, WHOLE, chance.choice(WORDS), f"{{ value = {number} }}")
        changes[key] = chance.choice((*typed, chance.choice((0.0, 0.5, 1.0, 8.0, 1e308, -1.0))))
        if chance.random() < 0.2:
            changes[f"{key}.{chance.choice(('value', 'low', 'high'))}"] = chance.choice(NUMBERS)
    return changes


def dump_gone_wrong(text: str, seed: int) -> str:
    """Return a dump after a mutation of its text or of its tables."""
    chance = random.Random(seed)
    if chance.random() < 0.5:
        return chance.choice(TEXT_MUTATIONS)(chance, text, text)
    tables = json.loads(text)
    chance.choice(TABLE_MUTATIONS)(chance, tables)
    return json.dumps(tables, default=str)


# Judgement.


def verdict(load: Callable[[], Scenario]) -> tuple[Finding, ...]:
    """Load something and return the findings for which it was refused; none where it was accepted.

    Raises:
        AssertionError: it took too long, a finding says too little, or what was accepted cannot be
            written, read again and put together.
    """
    begun = time.process_time()
    findings: tuple[Finding, ...] = ()
    try:
        scenario = load()
    except ScenarioError as error:
        findings = error.findings
        assert findings, "refused without a finding"
    seconds = time.process_time() - begun
    assert seconds < LONGEST_SECONDS, f"it took {seconds:.1f} s"
    for finding in findings:
        assert is_plain(finding), finding
    if not findings:
        again = load_dump(dump_scenario(scenario))
        assert again == scenario, "another scenario came back from the dump"
        assert scenario_hash(again) == scenario_hash(scenario)
        flatten(scenario)
    return findings


def is_plain(finding: Finding) -> bool:
    """Whether a finding says where, what and what else, in one line that any terminal shows."""
    parts = (finding.file, finding.found, finding.allowed)
    named = all(part.strip() for part in parts) and re.fullmatch(r"[a-z-]+", finding.code)
    return bool(named) and str(finding).isprintable() and len(str(finding)) < 2000
