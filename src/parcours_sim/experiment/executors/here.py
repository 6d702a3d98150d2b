"""Work in the thread that asks for it, one replication after the other."""

from collections.abc import Iterable

from parcours_sim.experiment.executors.job import Job, Keep, Parcel, R


class Here:
    """This thread alone."""

    def run(self, job: Job[R], parcels: Iterable[Parcel], keep: Keep[R]) -> None:
        """Simulate parcels in their order; see `Executor`."""
        for parcel in parcels:
            keep(parcel, job.run(parcel))
