"""What a calibration told is held against the targets of today; what is out of date is said."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from parcours_sim.analysis import asked
from parcours_sim.analysis.asked import digest
from parcours_sim.analysis.fit_checks import checked_account, in_doubt
from parcours_sim.analysis.knobs import Knob, knobs_of
from parcours_sim.scenario import fitted
from parcours_sim.scenario.errors import Finding, ScenarioError
from parcours_sim.scenario.fit_account import Account, read_account
from parcours_sim.scenario.targets import Step, load_steps

Change = Callable[[str], str]
PACKAGED = fitted.fitted_folder()


@pytest.fixture(scope="module")
def steps() -> list[Step]:
    return load_steps()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with both packaged files, which is used in place of theirs."""
    for name in ("documents.toml", "literature.toml"):
        (tmp_path / name).write_bytes((PACKAGED / name).read_bytes())
    monkeypatch.setattr(fitted, "fitted_folder", lambda: tmp_path)
    return tmp_path


def changed(folder: Path, change: Change, parameter_set: str = "documents") -> None:
    path = folder / f"{parameter_set}.toml"
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, encoding="utf-8")


def refused(steps: list[Step], parameter_set: str = "documents") -> list[Finding]:
    with pytest.raises(ScenarioError) as error:
        checked_account(parameter_set, steps)
    assert {Path(finding.file).name for finding in error.value.findings} == {
        f"{parameter_set}.toml"
    }
    return list(error.value.findings)


def places(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.key, finding.code) for finding in findings]


def of_s16(text: str, old: str, new: str) -> str:
    """The text with one thing replaced in what it tells of the target of step 6."""
    before, name, after = text.partition('evidence = "S16"\n')
    assert name
    assert old in after.partition("[[")[0]
    return before + name + after.replace(old, new, 1)


def place_of_s16(parameter_set: str = "documents") -> str:
    fits = read_account(parameter_set).fit
    (place,) = [n for n, fit in enumerate(fits) if fit.evidence == "S16"]
    return f"fit.{place}"


@pytest.mark.parametrize("parameter_set", ["documents", "literature"])
def test_the_packaged_files_tell_of_the_targets_of_today(
    steps: list[Step], parameter_set: str
) -> None:
    assert checked_account(parameter_set, steps) == read_account(parameter_set)


def test_without_a_file_nothing_was_fitted_and_nothing_is_out_of_date(
    steps: list[Step], folder: Path
) -> None:
    (folder / "documents.toml").unlink()
    account = checked_account("documents", steps)
    assert account == Account()
    assert in_doubt(account, "documents", "another") == []


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('unit = "%"', 'unit = "stays"', "unit"),
        ("stated = -9.0", "stated = -9.2", "stated"),
        ("stated = -9.0", "stated = -9.000001", "stated"),
        ("tolerance = 1.0", "tolerance = 2.0", "tolerance"),
    ],
)
def test_a_fit_of_another_figure_than_the_target_has_is_refused(
    steps: list[Step], folder: Path, old: str, new: str, key: str
) -> None:
    changed(folder, lambda text: of_s16(text, old, new))
    (finding,) = refused(steps)
    assert (finding.key, finding.code) == (f"{place_of_s16()}.{key}", "not-the-target")
    assert old.rpartition(" ")[2] in finding.allowed
    assert new.rpartition(" ")[2] in finding.found
    assert "parcours-sim calibrate" in finding.allowed


def test_a_target_that_has_changed_since_it_was_fitted_is_told_at_its_fit(
    steps: list[Step],
) -> None:
    (old,) = [target for step in steps for target in step.target if target.evidence == "S16"]
    new = old.model_copy(update={"stated": -12.0, "tolerance_points": 0.5})
    later = [
        step.model_copy(update={"target": [new if t is old else t for t in step.target]})
        for step in steps
    ]
    assert places(refused(later)) == [
        (f"{place_of_s16()}.stated", "not-the-target"),
        (f"{place_of_s16()}.tolerance", "not-the-target"),
    ]


def test_a_target_of_the_other_parameter_set_needs_no_fit_and_may_have_none(
    steps: list[Step],
) -> None:
    first, *others = steps
    last = first.target[-1]
    moved = last.model_copy(update={"sets": ["literature"]})
    later = [first.model_copy(update={"target": [*first.target[:-1], moved]}), *others]
    assert checked_account("literature", later) == read_account("literature")
    (finding,) = refused(later)
    assert finding.code == "unknown-name"
    assert last.what.en[:20] in finding.found


def test_words_that_no_target_has_leave_that_target_without_a_fit(
    steps: list[Step], folder: Path
) -> None:
    changed(folder, lambda text: of_s16(text, "five years", "six years"))
    other, missing = refused(steps)
    assert (other.key, other.code) == (f"{place_of_s16()}.what", "unknown-name")
    assert (other.nearest or "").endswith("five years")
    assert (missing.key, missing.code) == ("fit", "missing-fit")
    assert "S16" in missing.found


def test_values_without_a_word_of_targets_are_refused(steps: list[Step], folder: Path) -> None:
    changed(folder, lambda text: text[: text.index("[[fit]]")] + text[text.index("[[kept]]") :])
    (finding,) = refused(steps)
    assert (finding.key, finding.code, finding.found) == ("fit", "missing-fit", "none")


@pytest.mark.parametrize(
    ("parameter_set", "other"), [("documents", "literature"), ("literature", "documents")]
)
def test_the_file_of_another_parameter_set_is_refused(
    steps: list[Step], folder: Path, parameter_set: str, other: str
) -> None:
    text = (folder / f"{other}.toml").read_text(encoding="utf-8")
    (folder / f"{parameter_set}.toml").write_text(text, encoding="utf-8")
    assert places(refused(steps, parameter_set)) == [("about.parameter_set", "another-set")]


def test_a_claim_told_as_fitted_under_the_literature_is_refused(
    steps: list[Step], folder: Path
) -> None:
    fit = next(
        f"[[fit]]{each}"
        for each in (folder / "documents.toml").read_text(encoding="utf-8").split("[[fit]]")
        if '"S16"' in each
    )
    changed(folder, lambda text: f"{text}\n{fit}", "literature")
    place = place_of_s16("literature")
    assert places(refused(steps, "literature")) == [(f"{place}.what", "unknown-name")]


@pytest.mark.parametrize("step", [55, 6])
def test_only_a_step_that_may_keep_the_librarys_values_is_told_to(
    steps: list[Step], folder: Path, step: int
) -> None:
    changed(folder, lambda text: f"{text}\n[[kept]]\nstep = {step}\nparameters = []\n")
    first, *others = refused(steps)
    assert (first.key, first.code, first.found) == ("kept.1.step", "unknown-step", str(step))
    # Nor may there be values of a step that says so.
    assert {finding.code for finding in others} <= {"not-the-parameters"}
    assert bool(others) == (step == 6)


@pytest.mark.parametrize("step", [55, 7])
def test_a_fit_of_another_step_than_the_targets_is_refused(
    steps: list[Step], folder: Path, step: int
) -> None:
    name = '\nevidence = "S16"'
    changed(folder, lambda text: text.replace(f"step = 6{name}", f"step = {step}{name}"))
    assert places(refused(steps)) == [(f"{place_of_s16()}.step", "not-the-target")]


def test_a_step_whose_values_are_neither_there_nor_told_as_kept_is_refused(
    steps: list[Step], folder: Path
) -> None:
    changed(folder, lambda text: re.sub(r"(?s)\[\[kept]].*?(?=\[\[asked]])", "", text))
    kept, *values = refused(steps)
    assert (kept.key, kept.code) == ("kept", "not-kept")
    assert {finding.code for finding in values} == {"not-the-parameters"}
    assert all(finding.key.startswith("values.territories.standard.") for finding in values)
    assert all("step 5" in finding.allowed for finding in (kept, *values))


def test_a_value_taken_out_and_one_that_no_step_frees_are_refused(
    steps: list[Step], folder: Path
) -> None:
    line = "shared_slots_per_gp_per_day = "
    other = "gp_extra_minutes = "
    changed(folder, lambda text: re.sub(f"{line}.*\n", "", text))
    key = f"values.layers.cpts.{line.partition(' ')[0]}"
    assert places(refused(steps)) == [(key, "not-the-parameters")]
    value = '{ value = 0.5, interval = [0.4, 0.6], fitted = "S20 (step 7)" }'
    table = "[values.layers.cpts]\n"
    changed(folder, lambda text: text.replace(table, f"{table}{other}{value}\n"))
    found = refused(steps)
    assert [(each.key, each.found) for each in found] == [
        ("values.layers.cpts.gp_extra_minutes", "a value"),
        (key, "nothing"),
    ]


def test_kept_parameters_that_are_not_those_of_the_step_are_refused(
    steps: list[Step], folder: Path
) -> None:
    some = 'parameters = ["territories/standard links.nurse_to_gp.delay_days"'
    changed(folder, lambda text: text.replace(some, 'parameters = ["elsewhere"'))
    (finding,) = refused(steps)
    assert (finding.key, finding.code) == ("kept.0.parameters", "not-the-parameters")
    assert finding.found.startswith("elsewhere, ")
    assert "step 5: territories/standard links.nurse_to_gp.delay_days, " in finding.allowed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("direct_admission_share ≤ ", "direct_admission_shore ≤ "),
        ("direct_admission_share ≤ 0.9", "direct_admission_share ≤ 0.8"),
        ("direct_admission_share ≤ 0.9", "direct_admission_share ≥ 0.9"),
    ],
)
def test_an_end_that_no_range_of_the_step_has_is_refused(
    steps: list[Step], folder: Path, old: str, new: str
) -> None:
    changed(folder, lambda text: text.replace(f'"layers/paerpa {old}', f'"layers/paerpa {new}'))
    (finding,) = refused(steps)
    assert (finding.key.rpartition(".")[2], finding.code) == ("binding", "unknown-name")
    assert "step 8" in finding.allowed


@pytest.mark.parametrize(
    ("evidence", "is_refused"),
    [("L084", False), ("L084, L092b", False), ("L093", True), ("S16", True)],
)
def test_only_targets_of_the_same_step_stand_against_one_another(
    steps: list[Step], folder: Path, evidence: str, is_refused: bool
) -> None:
    told = "other targets of its step"
    binding = f'against = "{told}"\nbinding = ["{told}: {evidence}"]'
    changed(folder, lambda text: beyond_for_others(text, binding))
    if not is_refused:
        checked_account("documents", steps)
        return
    (finding,) = refused(steps)
    assert (finding.key.rpartition(".")[2], finding.code) == ("binding", "unknown-name")
    assert finding.allowed.startswith("other targets of its step 2")


def beyond_for_others(text: str, binding: str) -> str:
    """The text with L093 (step 2) told as missed, for what is said to bind it."""
    before, name, after = text.partition('evidence = "L093"\n')
    fit, more, rest = after.partition("\n[[")
    head = fit.partition("simulated = ")[0]
    figures = 'simulated = 21.0\ninterval = [20.0, 22.0]\nholds = false\nverdict = "out of reach"'
    return f"{before}{name}{head}{figures}\nbest = 21.1\n{binding}\n{more}{rest}"


def test_a_step_that_keeps_where_a_target_is_missed_is_refused_with_values_of_its_own(
    steps: list[Step], folder: Path
) -> None:
    """As if step 8, of which the target is missed and values stand there, were one that keeps."""
    later = [
        step.model_copy(update={"out_of_reach": "keep"}) if step.step == 8 else step
        for step in steps
    ]
    assert ("kept", "not-kept") in places(refused(later))


def test_a_value_that_says_it_was_fitted_to_something_else_is_refused(
    steps: list[Step], folder: Path
) -> None:
    changed(folder, lambda text: text.replace('"S20 (step 7)"', '"L028 (step 7)"', 1))
    (finding,) = refused(steps)
    assert finding.key.startswith("values.layers.cpts.")
    assert (finding.key.rpartition(".")[2], finding.code) == ("fitted", "not-the-target")
    assert "L028 (step 7)" in finding.found
    assert "S20 (step 7)" in finding.allowed


TOGETHER = '[values.episodes.hypoglycaemia]\n"crisis.avoidable_share" = '


def test_values_that_move_together_and_have_gone_different_ways_are_refused(
    steps: list[Step], folder: Path
) -> None:
    changed(
        folder,
        lambda text: re.sub(
            re.escape(TOGETHER) + r"\{ value = [\d.]+, interval = \[[^]]*]",
            f"{TOGETHER}{{ value = 0.05, interval = [0.04, 0.06]",
            text,
        ),
    )
    assert places(refused(steps)) == [
        ('values.episodes.hypoglycaemia."crisis.avoidable_share"', "torn-apart")
    ]


def of_measure(step: Step, **keys: object) -> Step:
    first, *others = step.target
    return step.model_copy(update={"target": [first.model_copy(update=keys), *others]})


@pytest.mark.parametrize(
    "change",
    [
        {"of": "isole"},
        {"above": ["hospitalisations all"]},
        {"below": ["inhabitant_years all"]},
        {"factor": 12.0},
        {"low": 0.1, "high": 0.2},
    ],
)
def test_a_measure_that_has_changed_since_it_was_fitted_is_refused_by_its_step(
    steps: list[Step], change: dict[str, object]
) -> None:
    first, *others = steps
    (finding,) = refused([of_measure(first, **change), *others])
    assert (finding.key, finding.code) == ("asked.0.sha256", "not-the-step")
    assert finding.found.endswith("of step 1")
    assert "parcours-sim calibrate" in finding.allowed


def test_words_and_numbers_of_worlds_may_change(steps: list[Step]) -> None:
    first, *others = steps
    text = first.title.model_copy(update={"fr": "Autrement", "en": "Otherwise"})
    worlds = {"replications": 3, "told_replications": 4}
    later = of_measure(first.model_copy(update={"title": text, **worlds}), note=text)
    assert checked_account("documents", [later, *others]) == read_account("documents")


def test_ranges_of_what_is_free_are_part_of_what_a_step_asks(
    steps: list[Step], monkeypatch: pytest.MonkeyPatch
) -> None:
    def wider(step: Step) -> list[Knob]:
        first, *others = knobs_of(step)
        places = (replace(first.places[0], high=9.0), *first.places[1:])
        return [replace(first, places=places), *others]

    before = [digest(step) for step in steps]
    monkeypatch.setattr(asked, "knobs_of", wider)
    assert all(now != then for now, then in zip(map(digest, steps), before, strict=True))


def test_without_a_digest_of_a_step_or_with_one_of_none_a_file_is_refused(
    steps: list[Step], folder: Path
) -> None:
    changed(folder, lambda text: text.replace("[[asked]]\nstep = 1\n", "[[asked]]\nstep = 77\n"))
    other, missing = refused(steps)
    assert (other.key, missing.key) == ("asked.0.sha256", "asked")
    assert other.found.endswith("of step 77")
    assert other.allowed.startswith("no such step")
    assert missing.found == "nothing of step 1"


def test_a_calibration_that_had_not_settled_is_told_of(steps: list[Step], folder: Path) -> None:
    changed(folder, lambda text: text.replace("settled = true", "settled = false"))
    account = checked_account("documents", steps)
    assert account.about is not None
    (said,) = in_doubt(account, "documents", account.about.model)
    assert "documents.toml: about.settled: " in said
    assert f"of {account.about.rounds} rounds" in said


@pytest.mark.parametrize("parameter_set", ["documents", "literature"])
def test_a_fit_with_another_version_of_the_model_is_said_and_taken(
    steps: list[Step], folder: Path, parameter_set: str
) -> None:
    account = checked_account(parameter_set, steps)
    assert account.about is not None
    version = account.about.model
    assert in_doubt(account, parameter_set, version) == []
    (said,) = in_doubt(account, parameter_set, "000")
    assert f"{parameter_set}.toml: about.model: " in said
    assert f"{version[:12]} instead of 000" in said
    assert "\n" not in said


def test_a_fit_upon_another_file_of_the_documents_is_said_and_taken(
    steps: list[Step], folder: Path
) -> None:
    changed(folder, lambda text: f"{text}\n# Another.\n")
    account = checked_account("literature", steps)
    assert account.about is not None
    (said,) = in_doubt(account, "literature", account.about.model)
    assert "literature.toml: about.documents_sha256: " in said
    (folder / "documents.toml").unlink()
    (said,) = in_doubt(account, "literature", account.about.model)
    assert said.count("instead of none") == 1


def test_lines_of_the_documents_file_may_end_otherwise(steps: list[Step], folder: Path) -> None:
    path = folder / "documents.toml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    account = checked_account("literature", steps)
    assert account.about is not None
    assert in_doubt(account, "literature", account.about.model) == []
