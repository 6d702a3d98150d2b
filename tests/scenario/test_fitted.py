"""Fitted values: whose numbers they replace, and what is refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from parcours_sim.scenario import fitted
from parcours_sim.scenario.errors import Finding, ScenarioError
from parcours_sim.scenario.files import named_scenarios, scenario_folder
from parcours_sim.scenario.fit_account import read_account
from parcours_sim.scenario.quantity import Quantity
from parcours_sim.scenario.resolve import (
    dump_scenario,
    flat_keys,
    load_dump,
    load_scenario,
    scenario_hash,
)

Write = Callable[..., Path]
Fit = Callable[..., Path]

RATE = "episodes.heart_failure.rate_per_year"
EFFICACY = "episodes.heart_failure.treatment.efficacy_share"
RECALL = "organisation.practices.esp.model.follow.recall_share"


def number(name: str | Path, key: str, parameter_set: str = "documents", **options) -> Quantity:
    scenario = load_scenario(name, parameter_set=parameter_set, **options)
    item = dict(flat_keys(scenario))[key]
    assert isinstance(item, Quantity)
    return item


@pytest.fixture
def fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fit:
    """Return a function that writes a file of fitted values of one part, and has it used."""
    monkeypatch.setattr(fitted, "fitted_folder", lambda: tmp_path)

    def written(lines: str, part: str = "episodes.heart_failure", name: str = "documents") -> Path:
        path = tmp_path / f"{name}.toml"
        path.write_text(f"# Found.\n[values.{part}]\n{lines}\n", encoding="utf-8")
        return path

    return written


def found(value: float, to: str = "L084 (step 1)") -> str:
    return f'{{ value = {value}, interval = [{value}, {value + 0.1}], fitted = "{to}" }}'


def refused(parameter_set: str = "documents") -> Finding:
    with pytest.raises(ScenarioError) as error:
        load_scenario("esp", parameter_set=parameter_set)
    (finding,) = error.value.findings
    return finding


def test_a_fitted_value_replaces_that_of_the_library_and_nothing_else(fit: Fit) -> None:
    library = number("isole", RATE)
    fit(f"rate_per_year = {found(0.25)}")
    now = number("isole", RATE)
    assert now.fitted == "L084 (step 1)"
    assert now.value == 0.25
    assert now == library.model_copy(update={"value": 0.25, "fitted": now.fitted})
    assert number("isole", RATE, fitted=False) == library


def test_a_dotted_key_leads_into_a_table_of_the_part(fit: Fit) -> None:
    fit(f'"demand.booked_ahead_share" = {found(0.3)}', "territories.standard")
    assert number("esp", "territory.demand.booked_ahead_share").value == 0.3


def test_practices_and_the_organisation_before_have_their_fitted_values(
    fit: Fit, write: Write
) -> None:
    fit(f'"follow.recall_share" = {found(0.25)}', "practices.esp")
    path = write('before = "esp"')
    assert number("esp", RECALL).value == 0.25
    assert number(path, RECALL.replace("organisation", "before")).value == 0.25


def test_the_literature_moves_what_was_fitted_to_the_documents_and_then_takes_its_own(
    fit: Fit,
) -> None:
    # 0.6 in the library, which the rule would move to 0.45: half-way to its low of 0.3.
    fit(f'"treatment.efficacy_share" = {found(0.7)}')
    moved = number("isole", EFFICACY, "literature")
    assert moved.value == pytest.approx(0.5, rel=1e-9)
    assert moved.fitted is None
    assert (moved.assumption or "").startswith(
        "half-way from 0.7, fitted to L084 (step 1), to 0.3: "
    )
    assert number("isole", EFFICACY, "literature", fitted=False).value == pytest.approx(0.45)
    fit(f'"treatment.efficacy_share" = {found(0.4, "L084 (step 2)")}', name="literature")
    own = number("isole", EFFICACY, "literature")
    assert (own.value, own.fitted) == (0.4, "L084 (step 2)")
    assert own.assumption == moved.assumption
    assert number("isole", EFFICACY).value == 0.7


def test_a_value_of_the_literatures_own_is_not_that_fitted_to_the_documents(fit: Fit) -> None:
    key = "organisation.layers.paerpa.layer.direct_admission_share"
    fit(f"direct_admission_share = {found(0.5)}", "layers.paerpa")
    assert number("paerpa", key).value == 0.5
    assert number("paerpa", key, "literature").value == 0.3
    fit(f"direct_admission_share = {found(0.2)}", "layers.paerpa", "literature")
    assert number("paerpa", key, "literature").value == 0.2


def test_what_the_user_sets_is_no_longer_fitted(fit: Fit, write: Write) -> None:
    fit(f"rate_per_year = {found(0.25)}")
    path = write(f'[changes]\n"{RATE}" = 0.8')
    changed = number(path, RATE)
    assert (changed.value, changed.fitted) == (0.8, None)
    typed = number("isole", RATE, changes={RATE: "0.7"})
    assert (typed.value, typed.fitted) == (0.7, None)
    assert number("isole", RATE, changes={f"{RATE}.low": "0.01"}).fitted == "L084 (step 1)"


def test_a_users_own_part_of_the_same_name_is_not_fitted(
    fit: Fit, write: Write, tmp_path: Path
) -> None:
    fit(f"rate_per_year = {found(0.25)}")
    own = tmp_path / "library" / "episodes" / "heart_failure.toml"
    own.parent.mkdir(parents=True)
    own.write_bytes((scenario_folder() / "library/episodes/heart_failure.toml").read_bytes())
    path = write('episodes = ["heart_failure", "copd"]')
    assert number(path, RATE).fitted is None


def test_what_a_value_was_fitted_to_is_kept_in_a_dump_but_makes_no_other_scenario(
    fit: Fit,
) -> None:
    fit(f"rate_per_year = {found(0.25)}")
    one = load_scenario("isole")
    assert load_dump(dump_scenario(one)) == one
    fit(f"rate_per_year = {found(0.25, 'something else')}")
    other = load_scenario("isole")
    assert one != other
    assert scenario_hash(one) == scenario_hash(other)
    assert scenario_hash(one) != scenario_hash(load_scenario("isole", fitted=False))


def test_a_file_written_anew_is_read_anew(fit: Fit) -> None:
    for value in (0.25, 0.15, 0.2):
        fit(f"rate_per_year = {found(value)}")
        assert number("isole", RATE).value == value


@pytest.mark.parametrize(
    ("lines", "part", "code", "key"),
    [
        (f"rate_per_year = {found(90)}", "episodes.heart_failure", "outside-range", "V.value"),
        (f"rate_per_yeer = {found(0.25)}", "episodes.heart_failure", "unknown-key", "W"),
        (f"window = {found(0.25)}", "episodes.heart_failure", "unknown-key", None),
        (f"rate_per_year = {found(0.25)}", "episodes.heart_failur", "unknown-name", None),
        (f"rate_per_year = {found(0.25)}", "episode.heart_failure", "unknown-name", None),
        ("rate_per_year = 0.9", "episodes.heart_failure", "wrong-type", "V"),
        ("rate_per_year = { value = 0.9, interval = [0, 1] }", *(None, "missing-key", "V.fitted")),
        ('rate_per_year = { value = 0.9, fitted = "x" }', None, "missing-key", "V.interval"),
        (
            'rate_per_year = { value = 0.9, interval = [2, 1], fitted = "x" }',
            *(None, "out-of-bounds", "V.interval"),
        ),
        (
            'rate_per_year = { value = 0.9, interval = [1], fitted = "x" }',
            *(None, "wrong-type", "V.interval"),
        ),
        (
            'rate_per_year = { value = nan, interval = [0, 1], fitted = "x" }',
            *(None, "not-finite", "V.value"),
        ),
        (
            'rate_per_year = { value = 0.9, interval = [0, 1], fitted = "x", low = 0.1 }',
            *(None, "unknown-key", "V.low"),
        ),
        ("rate_per_year = ", None, "not-toml", None),
    ],
)
def test_a_wrong_fitted_value_is_told_with_its_file_and_key(
    fit: Fit, lines: str, part: str | None, code: str, key: str | None
) -> None:
    path = fit(lines, part or "episodes.heart_failure")
    finding = refused()
    assert finding.file.endswith(path.name)
    assert finding.code == code
    if key:
        place = "values.episodes.heart_failure.rate_per_year"
        assert finding.key == key.replace("V", place).replace("W", place.replace("year", "yeer"))


@pytest.mark.parametrize(
    ("value", "is_refused"), [(0.2, False), (0.3, False), (0.19, True), (0.31, True)]
)
def test_a_value_outside_its_interval_is_refused(fit: Fit, value: float, is_refused: bool) -> None:
    fit(f'rate_per_year = {{ value = {value}, interval = [0.2, 0.3], fitted = "x" }}')
    if not is_refused:
        assert number("esp", RATE).value == value
        return
    finding = refused()
    assert (finding.key, finding.code) == (f"values.{RATE}", "out-of-bounds")
    assert (finding.found, finding.allowed.partition(";")[0]) == (
        f"{value}",
        "a value within its interval, 0.2 to 0.3",
    )


def test_a_wrong_value_fitted_to_the_literature_leaves_the_documents_alone(fit: Fit) -> None:
    path = fit(f"rate_per_year = {found(90)}", name="literature")
    assert number("esp", RATE).fitted is None
    assert refused("literature").file.endswith(path.name)


def test_a_fitted_number_that_only_the_whole_refuses_is_told_at_its_file(fit: Fit) -> None:
    # Either is within its range; together they leave no rest.
    lines = f""""demand.symptomatic_share" = {found(0.65)}
"demand.booked_ahead_share" = {found(0.4)}"""
    path = fit(lines, "territories.standard")
    finding = refused()
    assert (finding.code, finding.key) == ("sum", "territory.demand")
    assert finding.file.endswith(path.name)


def test_anything_else_in_the_file_is_the_calibrations_own(fit: Fit) -> None:
    path = fit(f"rate_per_year = {found(0.25)}")
    text = path.read_text(encoding="utf-8")
    path.write_text(f"made = 2025\n{text}\n[[fit]]\nrow = 3\n", encoding="utf-8")
    assert number("isole", RATE).value == 0.25


@pytest.mark.parametrize("parameter_set", ["documents", "literature"])
def test_the_packaged_fitted_values_suit_every_scenario(parameter_set: str) -> None:
    findings: list[Finding] = []
    packaged = fitted.read_fitted(parameter_set, findings)
    assert findings == []
    loaded = [load_scenario(name, parameter_set=parameter_set) for name in named_scenarios()]
    told = {
        item.fitted
        for scenario in loaded
        for _, item in flat_keys(scenario)
        if isinstance(item, Quantity)
    }
    of_files = {each.fitted for part in packaged.values.values() for each in part.values()}
    assert of_files <= told


def a_folder(path: Path) -> None:
    path.mkdir()


def a_link_that_leads_nowhere(path: Path) -> None:
    path.symlink_to(path.with_name("gone.toml"))


def a_link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def an_empty_file(path: Path) -> None:
    path.write_text("# Nothing.\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (a_folder, "unreadable"),
        (a_link_that_leads_nowhere, "unreadable"),
        (a_link_to_itself, "unreadable"),
        pytest.param(
            a_pipe,
            "unreadable",
            marks=pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here"),
        ),
        (an_empty_file, "empty"),
    ],
)
def test_what_is_there_and_is_no_file_of_fitted_values_does_not_pass_for_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Callable[[Path], None], code: str
) -> None:
    monkeypatch.setattr(fitted, "fitted_folder", lambda: tmp_path)
    made(tmp_path / "documents.toml")
    of_values = refused()
    with pytest.raises(ScenarioError) as error:
        read_account("documents")
    assert list(error.value.findings) == [of_values]
    assert of_values.file.endswith("documents.toml")
    assert (of_values.key, of_values.code) == ("", code)


def test_a_link_to_a_file_of_fitted_values_is_one(fit: Fit, tmp_path: Path) -> None:
    path = fit(f"rate_per_year = {found(0.25)}", name="elsewhere")
    (tmp_path / "documents.toml").symlink_to(path)
    assert number("isole", RATE).value == 0.25
