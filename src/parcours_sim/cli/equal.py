"""Comparisons at equal resources: factors found before anything is compared, and kept beside it.

How they are found is in `analysis/equal_resources.py`. What was found stands in the results folder,
so that the same command simulates nothing again, and tables and figures say what was held equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from parcours_sim.experiment.errors import FolderError, Interrupted

from .asked import Asked
from .study import interrupts_as_exceptions, study_of

if TYPE_CHECKING:
    from parcours_sim.analysis.equalised import Equalised
    from parcours_sim.experiment.result import StudyResult
    from parcours_sim.scenario.scenario import Scenario

FILE = "equal_resources.json"


def at_equal_resources(
    parts: Mapping[str, Asked], loaded: Mapping[str, Sequence[Scenario]], command: Sequence[str]
) -> dict[str, list[Scenario]]:
    """Return scenarios as they are to be compared, by parameter set, the baseline first in each.

    They are as they were loaded unless equal resources are asked for. Nothing is written before the
    factors of all sets are known. Raises StudyError where hours can't be made equal, FolderError
    where a folder holds something else, and what `run_study` raises of replications.
    """
    found = {
        name: _found(parts[name], scenarios, command)
        for name, scenarios in loaded.items()
        if parts[name].equal_resources
    }
    for one in found.values():
        one.keep()
    return {
        name: found[name].scenarios() if name in found else list(scenarios)
        for name, scenarios in loaded.items()
    }


@dataclass(frozen=True)
class _Found:
    """What makes the resources of one comparison equal, and where it is kept."""

    folder: Path
    loaded: Sequence[Scenario]
    factors: tuple[Equalised, ...]
    question: Mapping[str, object]
    command: Sequence[str]

    def scenarios(self) -> list[Scenario]:
        """Return the scenarios with their factors; the baseline has none and stays as it is."""
        from parcours_sim.scenario.slots import with_slots

        factors = {each.scenario: each.factor for each in self.factors}
        return [with_slots(each, factors.get(each.name, 1.0)) for each in self.loaded]

    def keep(self) -> None:
        """Write it into the folder unless it is there."""
        from parcours_sim.experiment.asked_file import answered
        from parcours_sim.experiment.folder import ResultsFolder
        from parcours_sim.experiment.provenance import machine, now, versions

        if (self.folder / FILE).exists():
            return
        ResultsFolder(self.folder).make()
        made = {
            "command": list(self.command),
            "factors": [asdict(each) for each in self.factors],
            "scenarios": _hashes(self.scenarios()),
            "finished": now(),
            "versions": versions(),
            "machine": machine(),
        }
        answered(self.folder / FILE, self.question, made)


def _found(asked: Asked, scenarios: Sequence[Scenario], command: Sequence[str]) -> _Found:
    """Read factors where they were found before, or find them."""
    from parcours_sim.experiment.asked_file import answer_in, claim
    from parcours_sim.experiment.folder import ResultsFolder

    study = study_of(asked, scenarios, scenarios[0].name)
    folder = asked.folder(study.names)
    question, path = _question(asked, scenarios), folder / FILE
    if path.exists():
        claim(path, question)
        factors = _factors(answer_in(path), path)
    elif ResultsFolder(folder).manifest.exists():
        raise FolderError(
            f"{folder}: holds results of a comparison without --equal-resources; choose another "
            "--out"
        )
    else:
        factors = _sought(asked, scenarios, command)
    return _Found(folder, scenarios, factors, question, command)


def _question(asked: Asked, scenarios: Sequence[Scenario]) -> dict[str, object]:
    """Return all that factors follow from: however many replications are compared, they stay."""
    from parcours_sim.analysis.equalised import PILOT, TOLERANCE
    from parcours_sim.experiment.model import installed_model

    return {
        "baseline": scenarios[0].name,
        "scenarios": _hashes(scenarios),
        "parameter_set": scenarios[0].parameter_set,
        "seed": asked.seed,
        "pilot_replications": PILOT,
        "tolerance": TOLERANCE,
        "model_version": installed_model().version,
    }


def _sought(
    asked: Asked, scenarios: Sequence[Scenario], command: Sequence[str]
) -> tuple[Equalised, ...]:
    """Find factors in random worlds that are simulated aside, so that a refusal leaves nothing."""
    from parcours_sim.analysis.equal_resources import equalise
    from parcours_sim.analysis.equalised import PILOT
    from parcours_sim.experiment.laboratory import open_laboratory
    from parcours_sim.experiment.model import installed_model
    from parcours_sim.report.equal_texts import factors_text
    from parcours_sim.report.titles import titles_of

    model, how = installed_model(), asked.how(PILOT, command)
    with TemporaryDirectory() as aside, interrupts_as_exceptions():
        try:
            with open_laboratory(Path(aside), "pilot", model, how, asked.seed) as laboratory:
                laboratory.bench.stands_at("equal resources")
                found = equalise(scenarios, scenarios[0].name, laboratory)
                for line in factors_text(found, titles_of(scenarios), "en"):
                    laboratory.bench.says(line)
        except Interrupted:
            raise Interrupted(
                "interrupted: factors for equal resources weren't found yet, and nothing is stored"
            ) from None
    return found


def equalised_in(result: StudyResult, scenarios: Sequence[Scenario]) -> tuple[Equalised, ...]:
    """Read what made the resources of a study's scenarios equal; nothing where they aren't.

    What is left is that of all its worlds. Raises FolderError where the file is damaged.
    """
    from parcours_sim.experiment.asked_file import answer_in

    path = result.folder / FILE
    if not path.exists():
        return ()
    made = answer_in(path)
    if made.get("scenarios") != _hashes(scenarios):
        return ()  # a comparison may have been begun here at equal resources, and finished without

    from parcours_sim.analysis.equal_resources import left_of

    return left_of(_factors(made, path), result, scenarios)


def _factors(made: Mapping[str, Any], path: Path) -> tuple[Equalised, ...]:
    from parcours_sim.analysis.equalised import Equalised

    try:
        return tuple(Equalised(**each) for each in made["factors"])
    except (KeyError, TypeError) as error:
        raise FolderError(f"{path}: is damaged; choose another --out") from error


def _hashes(scenarios: Sequence[Scenario]) -> dict[str, str]:
    from parcours_sim.experiment.model import installed_model

    model = installed_model()
    return {each.name: model.identify(each) for each in scenarios}
