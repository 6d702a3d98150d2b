"""Running a study: simulate what is missing, write the results folder, read it back.

The same command resumes an interrupted study and extends a finished one, because only what the
store doesn't hold is ever run; see `campaign.py`.
"""

from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from parcours_sim.experiment.campaign import Campaign, How, campaign_in
from parcours_sim.experiment.checksum import json_checksum
from parcours_sim.experiment.engines import inhabitant_years
from parcours_sim.experiment.errors import FolderError, StudyError
from parcours_sim.experiment.folder import ResultsFolder, not_finished, not_of_this_version
from parcours_sim.experiment.manifest import Manifest, OutcomesEntry
from parcours_sim.experiment.model import Model, installed_model
from parcours_sim.experiment.plan import Arm, OneGroup
from parcours_sim.experiment.result import (
    Agreement,
    StudyResult,
    read_replications,
    write_outcomes,
)
from parcours_sim.experiment.store import Store
from parcours_sim.experiment.study import Study
from parcours_sim.scenario.errors import ScenarioError


def run_study(study: Study, folder: Path, how: How, model: Model | None = None) -> StudyResult:
    """Run what is missing of a study, write its folder and return all its results.

    Raises StudyError or FolderError before anything runs, StoreError when the store can't be
    used, ClusterError when a cluster can't, ReplicationError when a replication fails,
    ProgramChangedError when a worker runs another program, EnginesDisagreeError after all is
    compared, Interrupted on Ctrl-C. Whatever happens, finished replications are stored.
    """
    model = model or installed_model()
    with open_study(study, folder, how, model) as campaign:
        before = campaign.run()
        result = _finish(study, campaign)
    if how.engine != "both":
        return result
    return replace(result, agreement=Agreement(campaign.total, before))


def open_study(
    study: Study, folder: Path, how: How, model: Model
) -> AbstractContextManager[Campaign]:
    """Open a folder to simulate a study in it, or the share of it that `how` names."""
    plan, asked = plan_of(study, model), Manifest.of(study, model)
    return campaign_in(folder, plan, asked, [arm.dump for arm in plan.arms], model, how)


def read_study(folder: Path, model: Model | None = None) -> StudyResult:
    """Read the results of a finished study; nothing is run and nothing written.

    Raises FolderError when the folder isn't one of results, its study isn't finished, or another
    version of the program wrote it; StoreError when the store can't be used.
    """
    model = model or installed_model()
    results = ResultsFolder(folder)
    manifest = results.read_manifest()
    if manifest.axes:
        raise FolderError(f"{folder}: holds a sweep, not a comparison")
    if manifest.outcomes is None:
        raise not_finished(folder, manifest)
    study = study_of(results, manifest, manifest.outcomes.replications, model)
    with Store(results.store, writable=False) as store:
        replications = read_replications(store, study, manifest.key)
    return StudyResult(study, replications, model.unit, folder, manifest.outcomes.sha256)


def study_of(results: ResultsFolder, manifest: Manifest, count: int, model: Model) -> Study:
    """Return the study of a folder, whose scenarios must be the ones that the manifest names."""
    dumps = results.read_scenarios()
    if json_checksum(*dumps) != manifest.resolved:
        raise not_of_this_version(results.scenarios)
    try:
        scenarios = tuple(map(model.load, dumps))
        study = Study(scenarios, manifest.baseline, count, manifest.seed)
    except (ScenarioError, StudyError) as error:
        raise not_of_this_version(results.scenarios) from error
    if Manifest.of(study, model).scenarios != manifest.scenarios:
        raise not_of_this_version(results.scenarios)
    return study


def plan_of(study: Study, model: Model) -> OneGroup:
    """Return the plan of a study: all its scenarios side by side."""
    return OneGroup(
        arms=tuple(
            Arm(scenario.name, model.identify(scenario), model.dump(scenario))
            for scenario in study.scenarios
        ),
        inhabitant_years=tuple(map(inhabitant_years, study.scenarios)),
        replications=study.replications,
        seed=study.seed,
    )


def _finish(study: Study, campaign: Campaign) -> StudyResult:
    """Write what the store now holds of the study."""
    folder, manifest = campaign.folder, campaign.manifest
    replications = read_replications(campaign.store, study, manifest.key)
    result = StudyResult(study, replications, campaign.model.unit, folder.path)
    digest = write_outcomes(folder.outcomes, result)
    manifest.outcomes = OutcomesEntry(replications=study.replications, sha256=digest)
    folder.write_manifest(manifest)
    return replace(result, digest=digest, simulated=campaign.simulated)
