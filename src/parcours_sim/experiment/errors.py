"""Errors of experiments that a user can act on, each a plain sentence or a few.

Errors in scenario files are not here: they are found before an experiment begins.
"""


class ExperimentError(Exception):
    """Any error below; its text is meant for the user."""


class StudyError(ExperimentError):
    """The study asked for makes no sense: wrong input, nothing has run."""


class FolderError(ExperimentError):
    """The results folder can't take this study, or can't be read."""


class StoreError(ExperimentError):
    """The store can't be opened, read or written."""


class BadStoreError(StoreError):
    """The file is damaged, isn't a store of this version, or may not be opened: wrong input."""


class StoreBusyError(StoreError):
    """Another run is writing this store."""


class ReplicationError(ExperimentError):
    """One replication failed; those finished before it are stored."""

    def __init__(self, scenario: str, replication: int, reason: str) -> None:
        """Name the scenario and the replication (counted from 0), and say what happened."""
        super().__init__(f"scenario {scenario!r}, replication {replication}: {reason}")
        self.scenario = scenario
        self.replication = replication
        self.reason = reason

    def __reduce__(self) -> tuple[type, tuple[str, int, str]]:
        """Rebuild from the three parts, so that the error survives a trip between processes."""
        return type(self), (self.scenario, self.replication, self.reason)


class ProgramChangedError(ExperimentError):
    """A worker runs another version of the model than the coordinator that started it."""


class ClusterError(ExperimentError):
    """The cluster that was asked for can't be used."""


class WorkerDiedError(ReplicationError):
    """The process computing a replication died each time it was tried."""


class EnginesDisagreeError(ExperimentError):
    """Replications came out differently on the two engines, or from what is stored of them."""


class Interrupted(ExperimentError):  # noqa: N818 - a request of the user, not a fault
    """The user asked to stop; what was finished is stored."""
