"""Checksums: what tells that a stored file still holds what was written.

Neither SQLite nor JSON has any: a bit that a disk flips inside a number would be read as another
number. That of a replication lies beside it in the store; those of a manifest and of the resolved
scenarios are the manifest's last lines.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence

import numpy as np

FEW_BYTES = 16
"""For each replication; two that differ have the same checksum once in 10**38."""


def replication_checksum(
    about: Iterable[str | float], rows: Sequence[tuple[str, str, float]], stays: bytes
) -> bytes:
    """Return the checksum of a replication: what identifies it and all that it measured.

    Numbers count to the bit, the sign of a zero apart, which the store doesn't keep. Raises
    TypeError or ValueError where text stands for a number or a number for text.
    """
    outcomes, groups, values = zip(*rows, strict=True) if rows else ((), (), ())
    texts = "\n".join((*map(str, about), str(len(rows)), *outcomes, *groups))
    numbers = np.array(values, dtype="<f8") + 0.0
    parts = (texts.encode(), numbers.tobytes(), stays)
    return hashlib.blake2b(b"".join(parts), digest_size=FEW_BYTES).digest()


def json_checksum(*texts: str) -> str:
    """Return the checksum of JSON objects, whatever their layout; `checksum` itself is left out."""
    documents = [json.loads(text) for text in texts]
    for document in documents:
        document.pop("checksum", None)
    return hashlib.sha256(json.dumps(documents, sort_keys=True).encode()).hexdigest()
