"""The rule of the parameter set `literature`: what it moves, how far, and what it leaves alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from parcours_sim.scenario import shrinkage
from parcours_sim.scenario.checks import TOLERANCE
from parcours_sim.scenario.errors import Finding, ScenarioError
from parcours_sim.scenario.files import named_scenarios
from parcours_sim.scenario.quantity import Quantity
from parcours_sim.scenario.resolve import flat_keys, load_scenario
from parcours_sim.scenario.shrinkage import OF_CEILINGS, Rules, read_rules

Write = Callable[..., Path]
DELAY = "organisation.practices.esp.model.links.nurse_to_gp.delay_ratio"
LINK = r"territory\.links\.\w+\.(delay_days|loss_share)"
RATIO = r"(organisation|before)\..*\.links\.\w+\.(delay|loss)_ratio"
MUST_MOVE = rf"{LINK}|{RATIO}|.*\.uptake_share|episodes\.\w+\.treatment\.efficacy_share"
MATCH_NOTHING_YET = {
    "organisation.layers.*.layer.noticing.*.*_share",
    "organisation.layers.*.layer.doctor_first_share",
}
"""Rules for keys that layers may lack."""


def numbers(name: str | Path, parameter_set: str, **changes: str) -> dict[str, Quantity]:
    scenario = load_scenario(name, parameter_set=parameter_set, changes=changes)
    return {key: item for key, item in flat_keys(scenario) if isinstance(item, Quantity)}


@pytest.fixture(scope="module")
def rules() -> Rules:
    findings: list[Finding] = []
    found = read_rules(findings)
    assert findings == []
    return found


def is_own(quantity: Quantity) -> bool:
    """Return whether a value of the literature is a table of its own, not the rule's doing."""
    return not re.match(r"half-way from ", quantity.assumption or "")


@pytest.mark.parametrize("name", named_scenarios())
def test_what_coordination_could_gain_lies_half_way_to_nothing(name: str, rules: Rules) -> None:
    documents, literature = numbers(name, "documents"), numbers(name, "literature")
    seen = 0
    for key, item in documents.items():
        if not re.fullmatch(MUST_MOVE, key) or (key.endswith("_ratio") and item.value == 1.0):
            continue
        seen += 1
        moved = literature[key]
        found = rules.of(key)
        assert found, key
        towards = found[0].end_of(item.model_dump())
        low, high = sorted((item.value, towards))
        assert low < moved.value < high, key
        if not is_own(moved):
            assert moved.value == pytest.approx((item.value + towards) / 2, rel=1e-9), key
    assert seen >= 17


@pytest.mark.parametrize("name", named_scenarios())
def test_every_number_that_differs_says_why_and_nothing_else_changes(
    name: str, rules: Rules
) -> None:
    documents, literature = numbers(name, "documents"), numbers(name, "literature")
    assert documents.keys() == literature.keys()
    own = []
    for key, item in documents.items():
        moved = literature[key]
        if moved == item:
            continue
        if moved.fitted:  # by the calibration of the literature; what it rests on stays
            assert (moved.low, moved.high, moved.evidence) == (item.low, item.high, item.evidence)
            continue
        if is_own(moved):
            own.append(key)
            continue
        rule = rules.of(key)
        assert rule, key
        assert (moved.evidence, moved.note, moved.fitted) == (None, None, None)
        assert moved.assumption
        fitted = f", fitted to {item.fitted}," if item.fitted else ""
        assert moved.assumption.startswith(f"half-way from {item.value:.12g}{fitted} to "), key
        assert moved.assumption.endswith(rule[0].reason), key
        assert moved.low <= min(item.low, moved.value)
        assert moved.high >= max(item.high, moved.value)
    # Only these rest on a published figure of their own.
    assert {key.split(".", 2)[2] for key in own} <= {
        "paerpa.uptake_share",
        "paerpa.layer.direct_admission_share",
        "cpts.layer.shared_slots_per_gp_per_day",
        "plateforme_experts.uptake_share",
    }


@pytest.mark.parametrize("name", named_scenarios())
def test_no_number_that_sets_a_ceiling_of_hazards_is_moved(name: str) -> None:
    ceilings = [re.compile(key.replace(".", r"\.").replace("*", r"[^.]+")) for key in OF_CEILINGS]
    documents, literature = numbers(name, "documents"), numbers(name, "literature")
    of_ceilings = [key for key in documents if any(each.fullmatch(key) for each in ceilings)]
    assert len(of_ceilings) > 20
    for key in of_ceilings:
        moved, item = literature[key], documents[key]
        assert (moved.low, moved.high) == (item.low, item.high), key
        assert moved == item or moved.fitted, key


def test_shares_of_gps_are_not_moved() -> None:
    documents, literature = numbers("mixte", "documents"), numbers("mixte", "literature")
    shares = [key for key in documents if re.fullmatch(r"\w+\.practices\.\w+\.share", key)]
    assert len(shares) == 7
    assert sum(literature[key].value for key in shares) == pytest.approx(2, rel=TOLERANCE)
    for key in shares:
        assert literature[key] == documents[key]


def test_every_rule_is_for_some_key(rules: Rules) -> None:
    keys = {key for name in named_scenarios() for key in numbers(name, "documents")}
    idle = {
        pattern
        for expression, rule, _ in rules.rules
        for pattern in rule.keys
        if shrinkage._expression(pattern) == expression
        if not any(expression.fullmatch(key) for key in keys)
    }
    assert idle <= MATCH_NOTHING_YET


def test_no_key_has_two_rules(rules: Rules) -> None:
    for key in numbers("cpts", "documents"):
        assert sum(bool(each[0].fullmatch(key)) for each in rules.rules) <= 1, key


def test_the_organisation_before_the_start_is_moved_too(write: Write) -> None:
    path = write('before = "esp"')
    before = DELAY.replace("organisation", "before", 1)
    assert numbers(path, "documents")[before].value == 0.33
    assert numbers(path, "literature")[before].value == pytest.approx(0.665, rel=1e-9)


def test_what_the_user_changes_is_not_moved(write: Write) -> None:
    table = '{ value = 0.5, low = 0.1, high = 1.0, assumption = "for this test only" }'
    path = write(f'[changes]\n"{DELAY}" = {table}', extends="esp")
    loss = DELAY.replace("delay", "loss")
    changed = numbers(path, "literature", **{loss: "0.2"})
    assert (changed[DELAY].value, changed[DELAY].assumption) == (0.5, "for this test only")
    assert (changed[loss].value, changed[loss].assumption) == (0.2, "set by the user")


def test_the_end_of_a_range_can_be_set_where_the_value_was_moved() -> None:
    changed = numbers("esp", "literature", **{f"{DELAY}.low": "0.2"})[DELAY]
    assert (changed.low, changed.value) == (0.2, pytest.approx(0.665, rel=1e-9))


def test_what_a_scenario_file_says_itself_is_moved_unless_it_has_a_value_of_its_own(
    write: Write,
) -> None:
    plain = 'value = 0.6, low = 0.1, high = 1.0, assumption = "for this test only"'
    own = f"{plain}, literature = {{ {plain.replace('0.6', '0.5')} }}"
    path = write(f"[organisation.layers]\ncpts = {{ {plain} }}\npaerpa = {{ {own} }}")
    found = numbers(path, "literature")
    assert found["organisation.layers.cpts.uptake_share"].value == pytest.approx(0.3, rel=1e-9)
    assert found["organisation.layers.paerpa.uptake_share"].value == 0.5


RULE = {
    "keys": f'["{DELAY.replace("esp", "*")}"]',
    "towards": "1.0",
    "share": "0.25",
    "reason": '"for this test only"',
}


@pytest.fixture
def ruled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that puts a rule file of one rule in place of the packaged one."""

    def written(**other: str) -> None:
        path = tmp_path / "literature.toml"
        lines = [f"{key} = {value}" for key, value in (RULE | other).items() if value]
        path.write_text("[[shrink]]\n" + "\n".join(lines), encoding="utf-8")
        monkeypatch.setattr(shrinkage, "rule_file", lambda: path)

    return written


def test_a_rule_says_how_far_it_moves_a_number(ruled: Callable[..., None]) -> None:
    ruled()
    moved = numbers("esp", "literature")[DELAY]
    assert moved.value == pytest.approx(0.33 + 0.25 * 0.67, rel=1e-9)
    assert moved.assumption == "25 % of the way from 0.33 to 1: for this test only"


def test_a_range_is_widened_to_hold_what_was_moved_out_of_it(ruled: Callable[..., None]) -> None:
    ruled(towards="3", share="0.5")
    moved = numbers("esp", "literature")[DELAY]
    assert (moved.low, moved.value, moved.high) == (0.17, 1.665, 1.665)


def test_a_number_can_be_moved_to_the_end_of_its_own_range(ruled: Callable[..., None]) -> None:
    ruled(towards='"high"', share="1.0")
    assert numbers("esp", "literature")[DELAY].value == 1.0


def test_a_number_that_is_moved_beyond_what_its_kind_allows_is_told_at_the_rule(
    ruled: Callable[..., None],
) -> None:
    ruled(keys='["organisation.practices.*.model.follow.recall_share"]', towards="4", share="0.5")
    with pytest.raises(ScenarioError) as error:
        load_scenario("esp", parameter_set="literature")
    (finding, *_) = error.value.findings
    assert Path(finding.file).name == "literature.toml"
    assert (finding.code, finding.key) == ("out-of-bounds", "shrink.0")


@pytest.mark.parametrize(
    ("wrong", "code", "key"),
    [
        ({"keys": '["organisation"]'}, "bad-name", "shrink.0.keys.0"),
        ({"keys": '["organisation.practices.**"]'}, "bad-name", "shrink.0.keys.0"),
        ({"keys": '["before.layers.*.uptake_share"]'}, "bad-name", "shrink.0.keys.0"),
        ({"keys": '["horizon.years"]'}, "bad-name", "shrink.0.keys.0"),
        ({"keys": '["episodes.*.rate_per_year"]'}, "bad-name", "shrink.0.keys.0"),
        ({"keys": '["episodes.copd.*_year"]'}, "bad-name", "shrink.0.keys.0"),
        ({"keys": '["episodes.*.*"]'}, "bad-name", "shrink.0.keys.0"),
        ({"keys": "[]"}, "wrong-type", "shrink.0.keys"),
        ({"keys": '"organisation.ramp_months"'}, "wrong-type", "shrink.0.keys"),
        ({"share": "1.5"}, "out-of-bounds", "shrink.0.share"),
        ({"share": "nan"}, "not-finite", "shrink.0.share"),
        ({"towards": '"middle"'}, "unknown-choice", "shrink.0.towards"),
        ({"reason": '"none"'}, "missing-evidence", "shrink.0.reason"),
        ({"reason": ""}, "missing-key", "shrink.0.reason"),
        ({"half": "0.5"}, "unknown-key", "shrink.0.half"),
    ],
)
def test_a_wrong_rule_is_told_with_its_file_and_key(
    ruled: Callable[..., None], wrong: dict[str, str], code: str, key: str
) -> None:
    ruled(**wrong)
    with pytest.raises(ScenarioError) as error:
        load_scenario("esp", parameter_set="literature")
    (finding,) = error.value.findings
    assert (finding.code, finding.key) == (code, key)
    assert Path(finding.file).name == "literature.toml"
    assert load_scenario("esp").parameter_set == "documents"
