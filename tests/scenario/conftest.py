"""What tests of scenario files share: writing a small file, and reading what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

HEAD = """
title = { fr = "Essai", en = "Trial" }
description = { fr = "Un essai.", en = "A trial." }
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a scenario file with titles into a folder of its own."""

    def written(body: str, name: str = "trial", extends: str | None = "isole") -> Path:
        path = tmp_path / f"{name}.toml"
        first = f'extends = "{extends}"' if extends else ""
        path.write_text(first + HEAD + body, encoding="utf-8")
        return path

    return written
