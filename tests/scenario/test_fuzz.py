"""Whatever a file, a change or a dump holds: it is accepted whole, or refused in plain words.

A fault is told with its seed, and what showed it is kept in a file: what it teaches belongs into
tests/corpus.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.scenario.fuzz import (
    GOOD,
    MUTATIONS,
    World,
    changes_gone_wrong,
    dump_gone_wrong,
    mutant,
    verdict,
    world_in,
)

from parcours_sim.scenario.errors import Finding
from parcours_sim.scenario.resolve import (
    PARAMETER_SETS,
    dump_scenario,
    file_findings,
    flat_keys,
    load_dump,
    load_scenario,
)

THOUSAND = 1000
CPTS = load_scenario("cpts")
PATHS = [path for path, _ in flat_keys(CPTS)]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return world_in(tmp_path_factory.mktemp("world"))


def findings_of_mutant(world: World, seed: int) -> tuple[Finding, ...]:
    """Put a mutant in the place of its original, and return what loading it found.

    Raises:
        AssertionError: the mutant shows a fault; the message names the seed and the kept file.
    """
    made = mutant(world, seed)
    path, reader = world.folder / made.name, world.folder / world.readers[made.name]
    healthy = path.read_bytes()
    path.write_bytes(made.content)
    parameter_set = PARAMETER_SETS[seed % 2]
    try:
        findings = verdict(lambda: load_scenario(reader, parameter_set=parameter_set))
        if seed % 5 == 0:
            assert set(findings) <= set(file_findings(reader)), (
                "the check misses what loading finds"
            )
    except Exception as fault:
        kept = world.folder.parent / f"mutant_{seed}.toml"
        kept.write_bytes(made.content)
        made_by = ", ".join(made.made_by)
        raise AssertionError(
            f"seed {seed}: {made.name} after {made_by}, under {parameter_set}, "
            f"read by {reader.name}, kept as {kept}: {fault!r}"
        ) from fault
    finally:
        path.write_bytes(healthy)
    return findings


def tally(world: World, seeds: Iterable[int]) -> Counter[str]:
    """Count the codes found over many mutants, and `accepted`; fail with all faults at once."""
    found: Counter[str] = Counter()
    faults = []
    for seed in seeds:
        try:
            findings = findings_of_mutant(world, seed)
        except AssertionError as fault:
            faults.append(str(fault))
        else:
            found.update({finding.code for finding in findings} or {"accepted"})
    assert not faults, "\n".join(faults)
    return found


def test_a_mutant_is_accepted_whole_or_refused_in_plain_words(world: World) -> None:
    found = tally(world, range(300))
    assert found["accepted"] > 20
    assert len(found) > 10


@pytest.mark.verify
@pytest.mark.parametrize("thousand", range(1, 7))
def test_thousands_of_mutants_are_too(world: World, thousand: int) -> None:
    found = tally(world, range(thousand * THOUSAND, (thousand + 1) * THOUSAND))
    assert found["accepted"] > 80
    assert len(found) > 12


def findings_of_changes(seed: int) -> tuple[Finding, ...]:
    changes = changes_gone_wrong(PATHS, seed)
    try:
        findings = verdict(lambda: load_scenario("cpts", changes=changes))
        assert {finding.file for finding in findings} <= {"--set"}
    except Exception as fault:
        raise AssertionError(f"seed {seed}: {changes!r:.500}: {fault!r}") from fault
    return findings


def tally_of_changes(seeds: Iterable[int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for seed in seeds:
        found.update({finding.code for finding in findings_of_changes(seed)} or {"accepted"})
    return found


def test_changes_of_the_command_line_are_too() -> None:
    found = tally_of_changes(range(80))
    assert found["accepted"] > 5
    assert len(found) > 6


@pytest.mark.verify
def test_thousands_of_changes_are_too() -> None:
    found = tally_of_changes(range(1000, 3000))
    assert found["accepted"] > 100
    assert len(found) > 10


def findings_of_dump(text: str, seed: int, folder: Path) -> tuple[Finding, ...]:
    changed = dump_gone_wrong(text, seed)
    try:
        findings = verdict(lambda: load_dump(changed))
        assert {finding.file for finding in findings} <= {"dump"}
    except Exception as fault:
        kept = folder / f"dump_{seed}.json"
        kept.write_text(changed, encoding="utf-8", errors="surrogatepass")
        raise AssertionError(f"seed {seed}: kept as {kept}: {fault!r}") from fault
    return findings


def tally_of_dumps(seeds: Iterable[int], folder: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    text = dump_scenario(CPTS)
    for seed in seeds:
        findings = findings_of_dump(text, seed, folder)
        found.update({finding.code for finding in findings} or {"accepted"})
    return found


def test_dumps_are_too(tmp_path: Path) -> None:
    found = tally_of_dumps(range(60), tmp_path)
    assert found["accepted"] > 5
    assert len(found) > 5


@pytest.mark.verify
def test_thousands_of_dumps_are_too(tmp_path: Path) -> None:
    found = tally_of_dumps(range(1000, 3000), tmp_path)
    assert found["accepted"] > 100
    assert len(found) > 8


def test_a_seed_gives_the_same_mutant_again(world: World, tmp_path: Path) -> None:
    other = world_in(tmp_path)
    assert [mutant(world, seed) for seed in range(50)] == [
        mutant(other, seed) for seed in range(50)
    ]
    assert len({mutant(world, seed).content for seed in range(50)}) >= 48


def test_every_mutation_takes_part(world: World) -> None:
    used = {name for seed in range(600) for name in mutant(world, seed).made_by}
    assert used == {change.__name__ for change in MUTATIONS} | {"flipped"}


def test_the_files_that_mutants_are_made_of_are_good(world: World) -> None:
    # Those of the corpus are tried by test_corpus.py.
    of_corpus = {path.name for path in GOOD.glob("*.toml")}
    for reader in sorted(set(world.readers.values()) - of_corpus):
        assert verdict(lambda reader=reader: load_scenario(world.folder / reader)) == (), reader


def test_a_fault_is_told_with_its_seed_and_the_mutant_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: object, **__: object) -> None:
        raise KeyError("low")

    monkeypatch.setattr("tests.scenario.test_fuzz.load_scenario", faulty)
    with pytest.raises(AssertionError, match=r"seed 3: .* kept as .*mutant_3\.toml: KeyError"):
        findings_of_mutant(world, 3)
    kept = world.folder.parent / "mutant_3.toml"
    assert kept.read_bytes() == mutant(world, 3).content
