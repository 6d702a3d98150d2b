"""The kinds of file that people write, and telling one from another by the keys in it.

Here live the folders of the library with what each of their files contains, and the recognition of
a file that was named where a scenario belongs. Reading files lives in `files.py`, checking them in
`library.py` and `merge.py`.
"""

from __future__ import annotations

import re

from pydantic import BaseModel

from .episode import Episode
from .files import Tree
from .organisation import Layer, PracticeModel
from .quantity import EVIDENCE_ID
from .scenario_file import ScenarioFile
from .territory import Territory

PARTS: dict[str, type[BaseModel]] = {
    "territories": Territory,
    "episodes": Episode,
    "practices": PracticeModel,
    "layers": Layer,
}
"""The folders of the library, and what the files in each contain."""

KINDS: tuple[type[BaseModel], ...] = (ScenarioFile, *PARTS.values())
KEYS = frozenset(key for kind in KINDS for key in kind.model_fields)
"""What at least one table or value of such a file is called."""


def other_kind(tables: Tree) -> str:
    """Return what tables are, in words, if they cannot be meant as a scenario; or else nothing.

    A library file is known by having most of the keys of its kind, and none beyond.

    Example:
        >>> other_kind({"S01": {}, "L028": {}}), other_kind({"extends": "isole"})
        ('the ledger of evidence', '')
    """
    if not tables or tables.keys() <= ScenarioFile.model_fields.keys():
        return ""
    if "scenarios" in tables:
        return "a study"
    if tables.keys() == {"shrink"}:
        return "the rule of the parameter set literature"
    if all(re.fullmatch(EVIDENCE_ID, key) for key in tables):
        return "the ledger of evidence"
    for kind, model in PARTS.items():
        fields = model.model_fields.keys()
        if tables.keys() <= fields and len(tables) > len(fields) / 2:
            return f"a file for library/{kind}"
    return "" if KEYS & tables.keys() else "tables of something else"
