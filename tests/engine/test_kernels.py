"""Compiling functions of ours: with all that they call, and kept in a folder of this version."""

import math
import tempfile
from pathlib import Path
from types import FunctionType

import pytest
from numba import njit
from tests.care.twins import twin

from parcours_sim.care import access, draws, hazard, hospital
from parcours_sim.care.distributions import duration
from parcours_sim.care.tallies import Count
from parcours_sim.engine import kernels
from parcours_sim.engine.kernels import cache_folder, compiled, entry, linked

SCALE = 3


def doubled(number):
    return 2 * number


def scaled(number, by=10):
    return doubled(number) * SCALE + by


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Give a user's cache of its own, and the function that looks for the folder in it."""
    monkeypatch.setattr(kernels, "user_cache_path", lambda name: tmp_path / name)
    return cache_folder.__wrapped__


def test_a_linked_function_sees_what_its_names_are_replaced_by():
    replaced = linked(scaled, lambda value: math.floor if value is doubled else value)
    assert replaced(2.5) == 2 * SCALE + 10
    assert replaced(2.5, by=1) == 2 * SCALE + 1
    assert linked(scaled, lambda value: 7 if value == SCALE else value)(1) == 2 * 7 + 10


def test_the_function_itself_and_its_module_stay_as_they_are():
    twin = linked(scaled, lambda value: math.floor if value is doubled else value)
    assert scaled(2.5) == 5 * SCALE + 10
    assert (twin.__name__, twin.__module__) == (scaled.__name__, scaled.__module__)
    assert twin.__qualname__ == scaled.__qualname__


def test_names_that_a_function_does_not_use_are_not_asked_for():
    asked = set()
    linked(scaled, asked.add)
    assert asked == {doubled, SCALE}


def test_a_function_is_compiled_once_with_what_it_calls_in_its_compiled_form():
    found = compiled(hospital.stay)
    assert compiled(hospital.stay) is found
    assert twin(hospital.stay)(0.3, 11.3, 10.1) == hospital.stay(0.3, 11.3, 10.1)
    assert found.py_func.__globals__["duration"] is compiled(duration)
    assert hospital.stay.__globals__["duration"] is duration


def test_a_function_is_compiled_once_for_all_the_constants_that_it_is_called_with():
    function = FunctionType(hospital.is_readmission.__code__, {}, "of_this_test")
    rule = compiled(function)

    @njit
    def calls():
        return rule(1.0, 0.0, 2) + rule(1.0, 0.0, 0) + rule(1.0, 0.0, Count.DISCHARGES)

    assert calls() == 2
    assert len(rule.signatures) == 1


def test_a_compiled_function_refuses_in_the_words_of_the_interpreted_one():
    with pytest.raises(ValueError, match="above its ceiling"):
        twin(hazard.is_kept)(0.5, 2.0, 1.0)


def test_what_simpy_calls_is_compiled_and_the_policy_around_it_is_read():
    address = (1, 2, 3, 4, 5, 6)
    assert kernels.block(*address) == draws.block(*address)
    assert kernels.block.signatures
    assert kernels.find_offer.__code__ is access.find_offer.__code__
    find_slot = kernels.find_offer.__globals__["find_slot"]
    assert find_slot.__code__ is access.find_slot.__code__
    assert find_slot.__globals__["offer"] is kernels.offer
    assert access.find_slot.__globals__["offer"] is access.offer


def test_the_machine_code_of_an_entry_is_kept_in_the_folder_of_this_version(tmp_path, monkeypatch):
    monkeypatch.setattr(kernels, "cache_folder", lambda: tmp_path)
    before = kernels.settings.CACHE_DIR
    kept = entry(hazard.is_kept)
    assert before == kernels.settings.CACHE_DIR
    assert not list(tmp_path.rglob("*.nbi"))
    assert kept(0.5, 0.2, 1.0) is False
    assert [path.name.split("-")[0] for path in tmp_path.rglob("*.nbi")] == ["hazard.is_kept"]
    again = entry(hazard.is_kept)
    assert again(0.5, 0.2, 1.0) is False
    assert sum(again.stats.cache_hits.values()) == 1


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Give a rule as an entry that has not been called, but whose machine code is on disk."""
    monkeypatch.setattr(kernels, "cache_folder", lambda: tmp_path)
    assert not kernels.is_kept(entry(hazard.is_kept))
    entry(hazard.is_kept)(0.5, 0.2, 1.0)
    return entry(hazard.is_kept)


def test_what_is_kept_is_known_without_loading_it(kept, monkeypatch):
    assert kernels.is_kept(kept)
    assert not kept.signatures
    codegen = type(kept.targetctx.codegen())
    monkeypatch.setattr(codegen, "magic_tuple", lambda _self: ("another processor",))
    assert not kernels.is_kept(kept)


@pytest.mark.parametrize("damaged", ["*.nbi", "*.nbc"])
def test_a_damaged_file_of_compiled_code_costs_nothing_but_time(kept, damaged, tmp_path):
    for path in tmp_path.rglob(damaged):
        path.write_bytes(path.read_bytes()[:40])
    assert kept(0.5, 0.2, 1.0) is False


def test_compiled_code_is_kept_in_the_users_cache_under_the_version_of_the_model(
    cache, tmp_path, monkeypatch
):
    monkeypatch.setattr(kernels, "model_version", lambda: "0123456789abcdef" + 48 * "0")
    monkeypatch.setattr(kernels.settings, "BOUNDSCHECK", None)
    assert cache() == tmp_path / "parcours_sim" / "0123456789abcdef"
    assert cache().is_dir()
    assert not list(cache().iterdir())  # nothing is left of the trial


def test_another_version_of_the_model_has_another_folder(cache, monkeypatch):
    folders = set()
    for version in ("a" * 64, "b" * 64):
        monkeypatch.setattr(kernels, "model_version", lambda version=version: version)
        folders.add(cache())
    assert len(folders) == 2


def test_code_that_checks_its_bounds_has_a_folder_of_its_own(cache, monkeypatch):
    folders = []
    for checks in (None, 0, 1):
        monkeypatch.setattr(kernels.settings, "BOUNDSCHECK", checks)
        folders.append(cache())
    assert folders[0] == folders[1] != folders[2]
    assert folders[2].name == f"{folders[0].name}-checked"


@pytest.mark.parametrize("obstacle", ["no folder can be made", "no file can be written"])
def test_where_the_cache_cannot_be_written_a_temporary_folder_is_used(
    obstacle, cache, tmp_path, monkeypatch
):
    # Whoever runs the tests may write anywhere, so permissions would prove nothing.
    if obstacle == "no folder can be made":
        (tmp_path / "parcours_sim").write_text("in the way")
    else:

        def refuses(**_named):
            raise PermissionError("read-only")

        monkeypatch.setattr(kernels.tempfile, "TemporaryFile", refuses)
    folder = cache()
    try:
        assert folder.is_dir()
        assert folder.parent == Path(tempfile.gettempdir())
        assert tmp_path not in folder.parents
        (folder / "kept").write_text("something")
    finally:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
