"""Runs a study of fakes in a folder, slowly enough to be stopped half-way.

Called as `python -m tests.crash.study_to_crash FOLDER ENGINE WORKERS SECONDS`, the last
being those of a replication. Ends with status 1 and a sentence when interrupted, as the command
line does.
"""

import signal
import sys
from pathlib import Path

from tests.experiment import fakes

from parcours_sim.experiment.campaign import How
from parcours_sim.experiment.engines import Choice
from parcours_sim.experiment.errors import ExperimentError
from parcours_sim.experiment.run import run_study
from parcours_sim.experiment.study import Study

REPLICATIONS = 15


def study(seconds: str) -> Study:
    """Return the study that is crashed."""
    return fakes.study(
        fakes.scenario("isole", mischief=f"sleep {seconds}"),
        fakes.scenario("msp", share=0.2, mischief=f"sleep {seconds}"),
        replications=REPLICATIONS,
    )


def main(folder: str, engine: Choice, workers: str, seconds: str) -> None:
    try:
        run_study(
            study(seconds),
            Path(folder),
            How(int(workers), engine),
            fakes.model(),
        )
    except ExperimentError as error:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.exit(str(error))


if __name__ == "__main__":
    main(*sys.argv[1:])
