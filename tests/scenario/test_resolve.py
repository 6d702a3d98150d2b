"""From a file to a scenario: extending, looking up, filling in, and refusing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from parcours_sim.scenario.errors import Finding, ScenarioError
from parcours_sim.scenario.files import scenario_folder
from parcours_sim.scenario.library import LEFT_ALONE
from parcours_sim.scenario.resolve import file_findings, load_scenario

Write = Callable[..., Path]
UPTAKE = '{ value = 0.5, low = 0.1, high = 1.0, assumption = "for this test only" }'


def codes(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.code, finding.key) for finding in findings]


def refusal(path: str | Path, **options: Any) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioError) as error:
        load_scenario(path, **options)
    return codes(list(error.value.findings))


def test_a_child_inherits_everything_but_title_and_description(write: Write) -> None:
    scenario, parent = load_scenario(write("")), load_scenario("isole")
    own = {"name": "trial", "title": scenario.title, "description": scenario.description}
    assert scenario == parent.model_copy(update=own)
    assert scenario.title.fr == "Essai"


def test_layers_are_replaced_whole_and_the_horizon_key_by_key(write: Write) -> None:
    years = UPTAKE.replace("0.5", "0.8")
    path = write(
        f"[organisation.layers]\npaerpa = {UPTAKE}\n[horizon]\nyears = {years}", "x", "cpts"
    )
    scenario, parent = load_scenario(path), load_scenario("cpts")
    assert list(scenario.organisation.layers) == ["paerpa"]
    assert scenario.organisation.practices == parent.organisation.practices
    assert scenario.horizon.years.value == 0.8
    assert scenario.horizon.warm_up_years == parent.horizon.warm_up_years


def test_own_episodes_are_merged_key_by_key(write: Write) -> None:
    text = (scenario_folder() / "library/episodes/copd.toml").read_text(encoding="utf-8")
    keys, tables = text.split("\n[", 1)
    own = "[new.episodes.NAME]\n" + keys + "\n[" + tables
    for table in ("window", "noticing", "treatment", "crisis"):
        own = own.replace(f"[{table}]", f"[new.episodes.NAME.{table}]")
    write(own.replace("NAME", "first"), "parent")
    path = write(own.replace("NAME", "second"), "child", "parent.toml")
    scenario = load_scenario(path, fitted=False)
    assert list(scenario.episodes)[-2:] == ["first", "second"]
    assert scenario.episodes["first"] == scenario.episodes["copd"]


def test_links_left_out_are_written_as_ratio_1_in_the_order_of_the_territory() -> None:
    scenario = load_scenario("paerpa")
    links = scenario.organisation.layers["paerpa"].layer.links
    assert list(links) == list(scenario.territory.links)
    left = links["pharmacist_to_gp"]
    assert (left.delay_ratio.value, left.loss_ratio.value) == (1.0, 1.0)
    assert left.delay_ratio.assumption == LEFT_ALONE
    assert links["hospital_to_gp"].delay_ratio.value < 1.0


def test_the_organisation_before_is_that_of_the_scenario_named(write: Write) -> None:
    scenario = load_scenario(write('before = "msp"'))
    assert scenario.before == load_scenario("msp").organisation
    assert scenario.organisation == load_scenario("isole").organisation


def test_the_organisation_before_carries_the_changes_of_its_own_file(write: Write) -> None:
    write('[changes]\n"organisation.ramp_months" = 11\n"horizon.years" = 3', "past")
    scenario = load_scenario(write('before = "past.toml"'))
    assert scenario.before.ramp_months.value == 11.0
    assert scenario.organisation.ramp_months.value != 11.0
    assert scenario.horizon.years.value != 3.0


def test_a_scenario_can_be_its_own_past(write: Write) -> None:
    body = f'before = "trial.toml"\n[organisation.layers]\ncpts = {UPTAKE}'
    scenario = load_scenario(write(body))
    assert scenario.before == scenario.organisation
    assert list(scenario.before.layers) == ["cpts"]


def test_the_set_of_the_literature_puts_its_variants_in_place(write: Write) -> None:
    variant = 'literature = { value = 0.2, low = 0.1, high = 0.3, assumption = "another reason" }'
    uptake = UPTAKE.replace(" }", f", {variant} }}")
    path = write(f"[organisation.layers]\ncpts = {uptake}")
    for parameter_set, value in (("documents", 0.5), ("literature", 0.2)):
        scenario = load_scenario(path, parameter_set=parameter_set)
        assert scenario.organisation.layers["cpts"].uptake_share.value == value
        assert scenario.parameter_set == parameter_set


def test_an_unknown_parameter_set_is_refused() -> None:
    assert refusal("isole", parameter_set="litterature") == [("unknown-choice", "")]


def test_a_library_beside_the_file_comes_first(write: Write, tmp_path: Path) -> None:
    text = (scenario_folder() / "library/layers/cpts.toml").read_text(encoding="utf-8")
    (tmp_path / "library" / "layers").mkdir(parents=True)
    own = text.replace('reaches = "everyone"', 'reaches = "age_75_and_over"')
    (tmp_path / "library" / "layers" / "cpts.toml").write_text(own, encoding="utf-8")
    scenario = load_scenario(write(f"[organisation.layers]\ncpts = {UPTAKE}"))
    assert scenario.organisation.layers["cpts"].layer.reaches == "age_75_and_over"


def test_a_mistake_in_a_library_file_is_told_at_that_file(write: Write, tmp_path: Path) -> None:
    (tmp_path / "library" / "layers").mkdir(parents=True)
    (tmp_path / "library" / "layers" / "odd.toml").write_text('reaches = "Nobody"')
    path = write(f"[organisation.layers]\nodd = {UPTAKE}")
    findings = file_findings(path)
    assert {Path(finding.file).name for finding in findings} == {"odd.toml"}
    assert ("bad-name", "reaches") in codes(findings)
    assert codes(file_findings(tmp_path / "library" / "layers" / "odd.toml")) == codes(findings)


@pytest.mark.parametrize(
    "name", ["isol", "", "isole.tml", "/etc/passwd", "evidence", "a\0b", "x" * 5000]
)
def test_an_unknown_name_is_refused(name: str) -> None:
    assert refusal(name) == [("unknown-name", "")]


@pytest.mark.parametrize("name", ["isol", "a\0b", "x" * 5000])
def test_checking_what_no_file_can_be_called_finds_an_unknown_name(name: str) -> None:
    assert codes(file_findings(name)) == [("unknown-name", "")]


def test_the_nearest_name_is_offered() -> None:
    with pytest.raises(ScenarioError) as error:
        load_scenario("isol")
    assert error.value.findings[0].nearest == "isole"


def test_what_cannot_be_read_is_refused_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "binary.toml").write_bytes(bytes(range(256)))
    (tmp_path / "deep.toml").write_text("a = " + "[" * 50_000)
    (tmp_path / "digits.toml").write_text("a = " + "9" * 50_000)
    (tmp_path / "large.toml").write_bytes(b"#" * 5_000_000)
    (tmp_path / "loop.toml").symlink_to(tmp_path / "loop.toml")
    os.mkfifo(tmp_path / "pipe.toml")
    expected = {
        "folder": "not-found",
        "binary": "not-toml",
        "deep": "too-deep",
        "digits": "not-toml",
        "large": "too-large",
        "loop": "not-found",
        "pipe": "not-found",
        "absent": "not-found",
        "a\0b": "not-found",
        "x" * 5000: "unreadable",
    }
    for name, code in expected.items():
        assert [each for each, _ in refusal(tmp_path / f"{name}.toml")] == [code], name


def test_a_file_named_after_no_scenario_is_refused(write: Write) -> None:
    assert refusal(write("", "My-File")) == [("bad-name", "")]


def test_a_file_that_extends_a_folder_is_refused(write: Write, tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    assert refusal(write("", extends="folder.toml")) == [("not-found", "extends")]
    assert refusal(write('before = "folder.toml"')) == [("not-found", "before")]


def test_without_a_library_it_is_said_that_there_is_no_file_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parcours_sim.scenario.files.library_folders", lambda *_: [tmp_path])
    with pytest.raises(ScenarioError) as error:
        load_scenario("isole", fitted=False)
    found = [each for each in error.value.findings if each.key == "episodes.0"]
    assert [each.code for each in found] == ["unknown-name"]
    assert found[0].allowed == "a name of a file, and there is none (in library/episodes)"


def test_a_library_file_named_after_no_part_is_found_by_its_check(tmp_path: Path) -> None:
    path = tmp_path / "library" / "layers" / "My-Layer.toml"
    path.parent.mkdir(parents=True)
    path.write_bytes((scenario_folder() / "library/layers/cpts.toml").read_bytes())
    assert codes(file_findings(path)) == [("bad-name", "")]


def test_a_file_written_anew_is_read_anew(write: Write) -> None:
    path = write(f"[organisation.layers]\ncpts = {UPTAKE}")
    stamp = path.stat()
    assert load_scenario(path).organisation.layers["cpts"].uptake_share.value == 0.5
    path.write_text(path.read_text(encoding="utf-8").replace("0.5", "0.6"), encoding="utf-8")
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert path.stat().st_size == stamp.st_size
    assert load_scenario(path).organisation.layers["cpts"].uptake_share.value == 0.6


def test_what_is_wrong_in_a_file_is_found_each_time(write: Write) -> None:
    # What is wrong is taken out of the tables that are read, not of those that are kept.
    path = write("horizon = 3")
    assert refusal(path) == refusal(path) == [("wrong-type", "horizon")]


def test_findings_of_both_parameter_sets_are_told_once(write: Write) -> None:
    path = write("[horizon]\nyears = 3\n")
    assert codes(file_findings(path)) == [("wrong-type", "horizon.years")]


def test_evidence_of_a_library_file_must_exist_also_in_a_variant(tmp_path: Path) -> None:
    text = (scenario_folder() / "library/layers/paerpa.toml").read_text(encoding="utf-8")
    path = tmp_path / "library" / "layers" / "paerpa.toml"
    path.parent.mkdir(parents=True)
    variant = 'literature = { value = 90.0, low = 70.0, high = 100.0, evidence = "L998" }'
    path.write_text(text.replace('evidence = "L118"', f'evidence = "L999", {variant}'))
    key = "funding_per_patient_eur_per_year"
    assert codes(file_findings(path)) == [
        ("unknown-evidence", f"{key}.evidence"),
        ("unknown-evidence", f"{key}.literature.evidence"),
    ]
