"""The results folder of one study: what its files are called, and whether a study may use it.

The manifest is written before anything runs and again at the end; it alone says whose folder
this is. The results themselves are in the store.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from parcours_sim.experiment.checksum import json_checksum
from parcours_sim.experiment.errors import FolderError, StudyError
from parcours_sim.experiment.files import replacing
from parcours_sim.experiment.manifest import Manifest

OTHER_FILES = ("scenarios.resolved.json", "outcomes.csv", "differences.csv", "sweep.csv")


def not_of_this_version(path: Path) -> FolderError:
    """Return the error for a file of a results folder that this program can't make sense of."""
    return FolderError(
        f"{path}: damaged, or written by another version of parcours_sim; "
        "the command that made it, with another --out, makes it anew"
    )


def not_finished(path: Path, manifest: Manifest) -> FolderError:
    """Return the error for a folder that doesn't hold all that a table is made of."""
    shards = {run.shard for run in manifest.runs}
    if None in shards or not manifest.runs or manifest.runs[-1].finished is None:
        return FolderError(f"{path}: the study isn't finished; the command that began it resumes")
    held = " and ".join(sorted(map(str, shards)))
    return FolderError(
        f"{path}: holds shard {held} of a study, not the whole; when all shards are done, "
        "parcours-sim merge DIR DIR … --out DIR brings them together"
    )


class ResultsFolder:
    """The paths of a results folder, its manifest and its scenarios."""

    def __init__(self, path: Path) -> None:
        """Name the folder; nothing is read or made yet."""
        self.path = path
        self.store = path / "store.sqlite"
        self.manifest = path / "manifest.json"
        self.scenarios = path / "scenarios.resolved.json"
        self.outcomes = path / "outcomes.csv"
        self.sweep = path / "sweep.csv"

    def make(self) -> None:
        """Make the folder where there is none.

        Raises FolderError when it can't be made, or holds files that aren't ours and that
        would be overwritten.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FolderError(f"{self.path}: can't be made: {error.strerror or error}") from error
        present = [name for name in OTHER_FILES if (self.path / name).exists()]
        if present and not self.manifest.exists():
            raise FolderError(
                f"{self.path}: holds {present[0]} but no {self.manifest.name}, so it isn't a "
                "results folder; choose another --out"
            )

    def claim(self, asked: Manifest) -> Manifest:
        """See that the folder is free for a study or has been its own, and return its manifest.

        More replications than before may be asked for, and also fewer as long as the results
        aren't there. Raises FolderError when the folder belongs to another study, saying what
        differs, and StudyError when finished replications would be dropped.
        """
        if not self.manifest.exists():
            return asked
        found = self.read_manifest()
        differences = list(found.differences(asked))
        if differences:
            raise FolderError(
                f"{self.path}: holds the results of another study; choose another --out\n  "
                + "\n  ".join(differences)
            )
        finished = found.outcomes.replications if found.outcomes else 0
        if asked.replications < finished:
            raise StudyError(
                f"{self.path}: holds the results of {finished} replications; ask for as many "
                "or more, or choose another --out"
            )
        return found.model_copy(
            update={"replications": asked.replications, "resolved": asked.resolved}
        )

    def read_manifest(self) -> Manifest:
        """Read the manifest.

        Raises FolderError when there is none, it isn't ours, or it isn't as it was written.
        """
        text = self._read(self.manifest)
        try:
            manifest = Manifest.model_validate_json(text)
        except ValidationError as error:
            raise not_of_this_version(self.manifest) from error
        if manifest.checksum != json_checksum(text):
            raise not_of_this_version(self.manifest)
        return manifest

    def write_manifest(self, manifest: Manifest) -> None:
        """Write the manifest, whole or not at all."""
        manifest.checksum = json_checksum(manifest.model_dump_json())
        with replacing(self.manifest) as file:
            file.write(manifest.model_dump_json(indent=2) + "\n")

    def read_scenarios(self) -> list[str]:
        """Return the dumps of the resolved scenarios; raises FolderError when they can't be."""
        try:
            found = json.loads(self._read(self.scenarios))
        except (ValueError, RecursionError) as error:
            raise not_of_this_version(self.scenarios) from error
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise not_of_this_version(self.scenarios)
        return [json.dumps(scenario) for scenario in found]

    def write_scenarios(self, dumps: Iterable[str]) -> None:
        """Write the dumps of the resolved scenarios as one list."""
        with replacing(self.scenarios) as file:
            scenarios = [json.loads(dump) for dump in dumps]
            file.write(json.dumps(scenarios, ensure_ascii=False, indent=2) + "\n")

    def _read(self, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise FolderError(f"{path}: can't be read; is this a results folder?") from error
