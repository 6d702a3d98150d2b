"""The model's version: a digest of every source that decides what happens to people."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


@cache
def model_version() -> str:
    """Hex SHA-256 of the sources of care/ and engine/, in the order of their paths.

    Stored replications carry it: a change of any rule makes a new version, and results of the old
    one are no longer taken for its own.
    """
    digest = sha256()
    for part in ("care", "engine"):
        sources = (*(PACKAGE / part).rglob("*.py"), *(PACKAGE / part).rglob("*.toml"))
        for path in sorted(sources):
            digest.update(path.relative_to(PACKAGE).as_posix().encode())
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
