"""Results folders brought together: the shards of a study or a sweep, simulated apart.

Each shard has the manifest of the whole. Every replication is copied once; what several folders
hold must be the same in all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parcours_sim.experiment.agreement import first_difference
from parcours_sim.experiment.errors import FolderError, StoreError
from parcours_sim.experiment.folder import ResultsFolder
from parcours_sim.experiment.interrupts import first_interrupt_only
from parcours_sim.experiment.manifest import Manifest
from parcours_sim.experiment.store import Store


def merge_folders(folders: Sequence[Path], out: Path) -> int:
    """Copy what results folders of one study or sweep hold into another; return how much was new.

    `out` may hold a part already, and may be one of them. Raises FolderError where a folder isn't
    one of results or is another study's, StoreError where two hold different results, BadStoreError
    where a store is damaged. What was copied before an error stays, and is whole.
    """
    results = ResultsFolder(out)
    manifests = [ResultsFolder(folder).read_manifest() for folder in folders]
    for folder, manifest in zip(folders[1:], manifests[1:], strict=True):
        _check_same(folders[0], manifests[0], folder, manifest)
    results.make()
    with first_interrupt_only(), Store(results.store) as store:
        asked = manifests[0].model_copy(
            update={
                "replications": max(manifest.replications for manifest in manifests),
                "outcomes": None,
                "runs": [],
            }
        )
        merged = results.claim(asked)
        merged.runs += [
            run for manifest in manifests for run in manifest.runs if run not in merged.runs
        ]
        results.write_manifest(merged)
        results.write_scenarios(ResultsFolder(folders[0]).read_scenarios())
        sources = [folder for folder in folders if folder.resolve() != out.resolve()]
        return sum(_copied(ResultsFolder(folder), store) for folder in sources)


def _check_same(first: Path, there: Manifest, folder: Path, here: Manifest) -> None:
    if differences := list(there.differences(here)):
        raise FolderError(
            f"{folder}: not a shard of the same study as {first}\n  " + "\n  ".join(differences)
        )


def _copied(source: ResultsFolder, store: Store) -> int:
    copied = 0
    with Store(source.store, writable=False) as shard:
        for key in shard:
            found = shard.get(key)
            if key not in store:
                store.put(key, found)
                copied += 1
            elif parting := first_difference(store.get(key), found):
                raise StoreError(
                    f"{source.store}: {key} differs from what {store.path} holds: "
                    f"{parting[1]}; there {parting[0]}"
                )
    return copied
