"""The shape of the source tree: which part may import which, and that every module says its use."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"
PACKAGE = "parcours_sim"
# A part imports itself and what stands after it, never what stands before it.
ORDER = ("cli", "report", "analysis", "experiment", "engine", "care", "scenario")
FORBIDDEN = {
    "engine": {"pandas", "matplotlib"},
    "care": {"pandas", "matplotlib", "numba", "simpy"},
    "scenario": {"pandas", "matplotlib", "numba", "simpy"},
}


def imported_names(tree: ast.Module, package: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Yield the line and absolute dotted name of every import, those inside functions included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # `from . import x` may name a module: each imported name is followed.
            base = package[: len(package) - node.level + 1] if node.level else ()
            stem = ".".join((*base, *filter(None, [node.module])))
            yield from ((node.lineno, f"{stem}.{alias.name}") for alias in node.names)


def part_of(name: str) -> str | None:
    """Return the part that a dotted name belongs to; None for other packages and the root."""
    pieces = name.split(".")
    return pieces[1] if pieces[0] == PACKAGE and len(pieces) > 1 and pieces[1] in ORDER else None


def fault_of_import(part: str, name: str) -> str | None:
    """Say what is wrong with `part` importing `name`, or None."""
    target = part_of(name)
    if target is not None and ORDER.index(target) < ORDER.index(part):
        return f"{part} must not import {target}"
    library = name.split(".")[0]
    if library in FORBIDDEN.get(part, set()):
        return f"{part} must not import {library}"
    return None


def faults(source: Path) -> list[str]:
    """Return every breach of the rules in the package below `source`, as `file:line: what`."""
    found = []
    for path in sorted((source / PACKAGE).rglob("*.py")):
        relative = path.relative_to(source)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not ast.get_docstring(tree):
            found.append(f"{relative}:1: no docstring")
        part = relative.with_suffix("").parts[1]
        if part in {"__init__", "__main__"}:
            continue  # lazy: what it loads is watched by running it, below
        if part not in ORDER:
            found.append(f"{relative}:1: not a part of the layout")
            continue
        for line, name in imported_names(tree, relative.parent.parts):
            fault = fault_of_import(part, name)
            if fault:
                found.append(f"{relative}:{line}: {fault}")
    return found


def modules_loaded_by(statement: str) -> set[str]:
    """Return the top-level packages that a fresh interpreter has loaded after the statement."""
    code = f"import sys; {statement}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.fixture
def tree(tmp_path):
    """Write a small package and return its faults."""

    def write(files: dict[str, str]) -> list[str]:
        for name, text in files.items():
            path = tmp_path / PACKAGE / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return faults(tmp_path)

    return write


def test_imports_go_one_way_and_every_module_says_what_lives_there():
    assert faults(SOURCE) == []


def test_every_part_of_the_layout_has_modules():
    present = {path.stem for path in (SOURCE / PACKAGE).iterdir() if path.suffix in {"", ".py"}}
    assert set(ORDER) <= present


def test_importing_the_package_loads_no_heavy_library():
    loaded = modules_loaded_by("import parcours_sim")
    assert PACKAGE in loaded
    assert loaded.isdisjoint({"pandas", "matplotlib", "numba", "numpy", "simpy"})


def test_loading_the_schema_loads_neither_pandas_nor_matplotlib_nor_numba():
    loaded = modules_loaded_by("import parcours_sim.scenario.evidence")
    assert "pydantic" in loaded
    assert loaded.isdisjoint({"pandas", "matplotlib", "numba", "simpy"})


def test_loading_the_commands_loads_neither_the_schema_nor_anything_heavier():
    loaded = modules_loaded_by("import parcours_sim.cli.commands")
    assert "typer" in loaded
    assert loaded.isdisjoint({"pydantic", "pandas", "matplotlib", "numba", "simpy"})


def test_the_watch_on_loaded_modules_sees_a_heavy_library():
    assert {"pandas", "numpy"} <= modules_loaded_by("import pandas")


def test_the_public_names_are_imported_on_first_use():
    import parcours_sim

    for name in parcours_sim.__all__:
        assert getattr(parcours_sim, name)
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        _ = parcours_sim.simulat


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("care/a.py", "from parcours_sim.engine import simulate", "care must not import engine"),
        ("care/a.py", "from parcours_sim import cli", "care must not import cli"),
        ("care/a.py", "from ..engine import simulate", "care must not import engine"),
        ("care/deep/a.py", "from ...report import figures", "care must not import report"),
        ("engine/a.py", "from .. import analysis", "engine must not import analysis"),
        ("scenario/a.py", "import parcours_sim.care.draws", "scenario must not import care"),
        ("scenario/a.py", "def f():\n    import numba", "scenario must not import numba"),
        ("care/__init__.py", "import simpy", "care must not import simpy"),
        ("engine/a.py", "from pandas import DataFrame", "engine must not import pandas"),
        ("engine/a.py", "import matplotlib.pyplot as plt", "engine must not import matplotlib"),
        ("analysis/a.py", "import parcours_sim.cli", "analysis must not import cli"),
    ],
)
def test_a_forbidden_import_is_found_with_its_place(tree, name, text, fault):
    line = 2 + text.count("\n")
    assert tree({name: f'"""A module."""\n{text}\n'}) == [f"{PACKAGE}/{name}:{line}: {fault}"]


def test_a_module_without_docstring_or_outside_the_layout_is_found(tree):
    found = tree({"care/a.py": "x = 1\n", "utilities.py": '"""Odds and ends."""\n'})
    assert found == [
        f"{PACKAGE}/care/a.py:1: no docstring",
        f"{PACKAGE}/utilities.py:1: not a part of the layout",
    ]


def test_allowed_imports_are_no_fault(tree):
    allowed = {
        "__init__.py": '"""The package."""\n',
        "cli.py": '"""A module."""\nfrom parcours_sim.report import figures\nimport pandas\n',
        "care/a.py": '"""A module."""\nfrom . import b\nfrom ..scenario.quantity import Share\n',
        "engine/a.py": '"""A module."""\nimport numba\nimport simpy\nfrom .record import R\n',
    }
    assert tree(allowed) == []
