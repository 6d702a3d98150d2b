"""Damaged results folders: refused by name with what to do, or the right results; nothing else.

A folder is damaged in every way that is here: a byte or a bit flipped anywhere, files cut short at
any page, emptied, removed, or a folder in their place. Then it is read, run again, merged and read
value by value as sweeps do; each either ends in a sentence that names a file of it, or gives what
the folder would have given unharmed, to the bit.
"""

import random
import re
import shutil
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.experiment import fakes

from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.errors import ExperimentError, FolderError
from parcours_sim.experiment.manifest import Manifest
from parcours_sim.experiment.merge import merge_folders
from parcours_sim.experiment.plan import Shard
from parcours_sim.experiment.result import StudyResult
from parcours_sim.experiment.run import open_study, read_study, run_study
from parcours_sim.experiment.store import Store
from parcours_sim.experiment.study import Study
from parcours_sim.scenario.resolve import dump_scenario, load_dump, load_scenario, scenario_hash

PAGE = 4096
WAL_HEADER, WAL_FRAME = 32, 24 + PAGE
HOW = How(1, "reference", progress=False)
WHAT_TO_DO = (
    r"move it away|choose another --out|with another --out|is this a results folder|delete it|"
    r"check the path|can't be written|is not stored|the command that began it resumes|"
    r"brings them together"
)


def simulate(scenario, seed, replication, **how):
    """Simulate a real scenario as the fake model does one of its own."""
    share = len(scenario.name) / 10
    return fakes.simulate(fakes.scenario(scenario.name, share=share), seed, replication, **how)


MODEL = replace(
    fakes.model(), simulate=simulate, load=load_dump, dump=dump_scenario, identify=scenario_hash
)
STUDY = Study(tuple(map(load_scenario, ("isole", "msp"))), "isole", 3, 7)


class Truth(NamedTuple):
    """What folders give, unharmed."""

    digest: str
    content: tuple
    values: dict


class Folders(NamedTuple):
    """Folders to damage: one of a finished study, and one that a kill has left amid its work."""

    finished: Path
    killed: Path
    truth: Truth


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> Folders:
    base = tmp_path_factory.mktemp("whole")
    result = run_study(STUDY, base / "finished", HOW, MODEL)
    part = replace(HOW, shard=Shard(1, 2))
    with open_study(STUDY, base / "open", part, MODEL) as campaign:
        campaign.run()
        # Copied while it is open: what is written ahead hasn't found its place in the store yet.
        shutil.copytree(base / "open", base / "killed")
    assert (base / "killed" / "store.sqlite-wal").stat().st_size > PAGE
    truth = Truth(result.digest, content(result), values(base / "finished"))
    return Folders(base / "finished", base / "killed", truth)


def content(result: StudyResult) -> tuple:
    """Return all that a study holds, the time it took apart."""
    measured = [
        (one.rows, one.stays.tolist(), one.contacts, one.events)
        for by_number in result.replications
        for one in by_number
    ]
    scenarios = [dump_scenario(one) for one in result.study.scenarios]
    return (scenarios, measured, result.study.baseline, result.study.seed)


def values(folder: Path) -> dict:
    """Read values as a sweep does: one outcome of one group at a time."""
    with Store(folder / "store.sqlite", writable=False) as store:
        return {
            (scenario.name, outcome): store.values(
                scenario_hash(scenario), "model-1", 7, 3, outcome, "age:75+"
            )
            for scenario in STUDY.scenarios
            for outcome in fakes.OUTCOMES
        }


# Ways to damage a file.


def flipped_byte(path: Path, chance: random.Random) -> None:
    _change_one(path, chance, lambda byte: byte ^ chance.randrange(1, 256))


def flipped_bit(path: Path, chance: random.Random) -> None:
    _change_one(path, chance, lambda byte: byte ^ 1 << chance.randrange(8))


def _change_one(path: Path, chance: random.Random, changed: Callable[[int], int]) -> None:
    data = bytearray(path.read_bytes())
    used = [place for place, byte in enumerate(data) if byte]  # much of a store is empty
    place = chance.choice(used) if chance.random() < 0.8 else chance.randrange(len(data))
    data[place] = changed(data[place])
    path.write_bytes(data)


def scribbled(path: Path, chance: random.Random) -> None:
    path.write_bytes(chance.randbytes(3 * PAGE))


def emptied(path: Path, _: random.Random) -> None:
    path.write_bytes(b"")


def removed(path: Path, _: random.Random) -> None:
    path.unlink()


def a_folder_instead(path: Path, _: random.Random) -> None:
    path.unlink()
    path.mkdir()


def cut_at(place: int) -> Callable[[Path, random.Random], None]:
    def cut(path: Path, _: random.Random) -> None:
        path.write_bytes(path.read_bytes()[:place])

    return cut


class Damaged(NamedTuple):
    """A copy of a folder with one file damaged."""

    folder: Path
    file: str
    is_finished: bool


def damaged(folders: Folders, which: str, file: str, damage: Callable, seed: int, base: Path):
    """Return a damaged copy of one of the folders."""
    copy = shutil.copytree(getattr(folders, which), base / f"{which} {file} {seed}")
    damage(copy / file, random.Random(f"{which} {file} {seed}"))
    return Damaged(copy, file, is_finished=which == "finished")


# What may come of it.


def outcomes(one: Damaged, truth: Truth) -> Iterator[str]:
    """Use a damaged folder in every way; see that each is refused, or right; say which."""
    uses = {"read": _read, "values": _values, "merged": _merged, "run": _run}
    for name, use in uses.items():
        copy = shutil.copytree(one.folder, one.folder.with_name(f"{one.folder.name} {name}"))
        try:
            use(copy, one.is_finished, truth)
        except ExperimentError as error:
            told = str(error).replace("\n", " ")
            assert re.search(WHAT_TO_DO, told), told
            assert str(copy) in told
            yield f"{name}: refused"
        else:
            yield f"{name}: right"
        shutil.rmtree(copy)


def _read(folder: Path, is_finished: bool, truth: Truth) -> None:
    found = read_study(folder, MODEL)
    assert is_finished
    assert content(found) == truth.content
    assert found.digest == truth.digest


def _run(folder: Path, _: bool, truth: Truth) -> None:
    found = run_study(STUDY, folder, HOW, MODEL)
    assert content(found) == truth.content
    assert found.digest == truth.digest
    again = read_study(folder, MODEL)
    assert content(again) == truth.content


def _merged(folder: Path, _: bool, truth: Truth) -> None:
    merge_folders([folder], folder / "merged")
    _run(folder / "merged", True, truth)


def _values(folder: Path, is_finished: bool, truth: Truth) -> None:
    """Read values; of a store that has lost some, which a sweep would not read, the rest."""
    for place, found in values(folder).items():
        assert found.items() <= truth.values[place].items()


FINISHED_FILES = ("store.sqlite", "manifest.json", "scenarios.resolved.json", "outcomes.csv")
KILLED_FILES = ("store.sqlite-wal", "store.sqlite-shm", "store.sqlite")


def assert_refused_or_right(cases: Iterator[Damaged], truth: Truth) -> Counter:
    found: Counter = Counter()
    for one in cases:
        for outcome in outcomes(one, truth):
            found[f"{one.file} {outcome}"] += 1
        shutil.rmtree(one.folder)
    for what, times in sorted(found.items()):
        print(f"{times:6} {what}")
    return found


def flips(folders: Folders, base: Path, times: int) -> Iterator[Damaged]:
    """Flip bytes and bits in every file, so often in each."""
    places = [("finished", file) for file in FINISHED_FILES]
    places += [("killed", file) for file in (*KILLED_FILES, "manifest.json")]
    for which, file in places:
        for seed in range(times):
            yield damaged(folders, which, file, (flipped_byte, flipped_bit)[seed % 2], seed, base)


def test_a_flipped_byte_is_told_or_does_not_matter(tmp_path, folders):
    found = assert_refused_or_right(flips(folders, tmp_path, 2), folders.truth)
    assert found["manifest.json run: refused"] > 0
    assert found["outcomes.csv run: right"] == 2


@pytest.mark.verify
@pytest.mark.timeout(1200)
def test_a_byte_flipped_anywhere_is_told_or_does_not_matter(tmp_path, folders):
    found = assert_refused_or_right(flips(folders, tmp_path, 80), folders.truth)
    assert found["store.sqlite read: refused"] > 30


def test_a_flipped_bit_in_any_value_or_name_of_the_store_is_told(tmp_path, folders):
    """Within values no page of SQLite's looks wrong: only the checksum can tell."""
    store = folders.finished / "store.sqlite"
    with Store(store, writable=False) as opened:
        stored = opened.get(next(iter(opened)))
    data = store.read_bytes()
    places = [
        data.index(needle)
        for needle in (
            *(struct.pack(">d", value) for _, _, value in stored.rows[1:4]),
            stored.stays[:1].astype("<i8").tobytes(),
            b"hospitalisationsage:75+",
        )
    ]
    for place in places:
        copy = shutil.copytree(folders.finished, tmp_path / str(place))
        changed = bytearray(data)
        changed[place + 5] ^= 1
        (copy / "store.sqlite").write_bytes(changed)
        for use in (_read, _values, _run):
            with pytest.raises(ExperimentError, match=r"store\.sqlite: it is damaged"):
                use(copy, True, folders.truth)


@pytest.mark.parametrize("damage", [scribbled, emptied, removed, a_folder_instead])
def test_a_file_scribbled_over_emptied_or_gone_is_told_or_made_anew(tmp_path, folders, damage):
    cases = [
        *(("finished", file) for file in (*FINISHED_FILES, "store.lock")),
        *(("killed", file) for file in (*KILLED_FILES, "manifest.json", "store.lock")),
    ]
    made = (damaged(folders, *case, damage, 0, tmp_path) for case in cases)
    assert_refused_or_right(made, folders.truth)


def cuts(folders: Folders, base: Path, step: int) -> Iterator[Damaged]:
    """Cut files at page boundaries, and text files at every so many parts of them."""
    for file, first, page in (
        ("store.sqlite-wal", WAL_HEADER, WAL_FRAME),
        ("store.sqlite-wal", WAL_HEADER + 100, WAL_FRAME),
        ("store.sqlite-shm", 0, PAGE),
        ("store.sqlite", 0, PAGE),
    ):
        for place in range(first, (folders.killed / file).stat().st_size, page * step):
            yield damaged(folders, "killed", file, cut_at(place), place, base)
    for file in FINISHED_FILES:
        size = (folders.finished / file).stat().st_size
        page = PAGE if file == "store.sqlite" else size // 12
        for place in range(page, size, page * step):
            yield damaged(folders, "finished", file, cut_at(place), place, base)


def test_a_file_that_is_cut_short_is_told_or_made_anew(tmp_path, folders):
    found = assert_refused_or_right(cuts(folders, tmp_path, 8), folders.truth)
    assert found["store.sqlite read: right"] == 0


@pytest.mark.verify
@pytest.mark.timeout(600)
def test_a_file_cut_at_any_page_is_told_or_made_anew(tmp_path, folders):
    found = assert_refused_or_right(cuts(folders, tmp_path, 1), folders.truth)
    assert found["store.sqlite read: right"] == 0


def test_a_store_of_the_layout_without_checksums_is_refused_with_what_to_do(tmp_path, folders):
    copy = shutil.copytree(folders.finished, tmp_path / "old")
    with Store(copy / "store.sqlite") as store:
        store._connection.execute("PRAGMA user_version = 1")
    for use in (_read, _run):
        with pytest.raises(ExperimentError, match=r"store\.sqlite: .*layout 1.*another --out"):
            use(copy, True, folders.truth)


@pytest.mark.parametrize("key", ["seed", "replications", "title"])
def test_a_number_or_a_title_changed_by_hand_is_told(tmp_path, folders, key):
    """In text a flipped bit can make a digit of another digit, which reads as well."""
    copy = shutil.copytree(folders.finished, tmp_path / "changed")
    name = "scenarios.resolved.json" if key == "title" else "manifest.json"
    text = (copy / name).read_text(encoding="utf-8")
    pattern = r'("en": ")(\w)' if key == "title" else rf'("{key}": )(\d)'
    changed = re.sub(pattern, lambda found: found[1] + chr(ord(found[2]) ^ 1), text, count=1)
    assert changed != text
    (copy / name).write_text(changed, encoding="utf-8")
    with pytest.raises(FolderError, match=rf"{name}: damaged"):
        read_study(copy, MODEL)


def test_a_manifest_is_read_however_its_lines_are_broken(tmp_path, folders):
    copy = shutil.copytree(folders.finished, tmp_path / "laid out")
    path = copy / "manifest.json"
    manifest = Manifest.model_validate_json(path.read_text())
    path.write_text(manifest.model_dump_json())
    assert content(read_study(copy, MODEL)) == folders.truth.content
