"""The model's version changes with every source that decides what happens to people."""

import shutil

import pytest

from parcours_sim.engine import version

HERE, VERSION = version.PACKAGE, version.model_version.__wrapped__()


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """Copy the package, and give the copy and a function for its version."""
    copy = tmp_path / "parcours_sim"
    shutil.copytree(HERE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(version, "PACKAGE", copy)
    return copy, version.model_version.__wrapped__


def test_a_copy_of_the_sources_elsewhere_is_the_same_version(tree):
    copy, version_of_copy = tree
    assert version_of_copy() == VERSION
    for path in copy.rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert version_of_copy() == VERSION


@pytest.mark.parametrize(
    "changed",
    ["care/hazard.py", "care/order.py", "engine/reference/clock.py", "engine/compiled/queue.py"],
)
def test_a_changed_rule_or_engine_is_another_version(tree, changed):
    copy, version_of_copy = tree
    with (copy / changed).open("a") as source:
        source.write("# changed\n")
    assert version_of_copy() != VERSION


def test_a_source_renamed_added_or_taken_away_is_another_version(tree):
    copy, version_of_copy = tree
    versions = {version_of_copy()}
    (copy / "care" / "hazard.py").rename(copy / "care" / "peril.py")
    versions.add(version_of_copy())
    (copy / "care" / "peril.py").unlink()
    versions.add(version_of_copy())
    (copy / "care" / "new.py").write_text("")
    versions.add(version_of_copy())
    assert len(versions) == 4


@pytest.mark.parametrize("changed", ["scenario/checks.py", "report/style.py", "cli/show.py"])
def test_what_decides_nothing_about_people_leaves_the_version_alone(tree, changed):
    copy, version_of_copy = tree
    with (copy / changed).open("a") as source:
        source.write("# changed\n")
    assert version_of_copy() == VERSION
