"""An organisation has no key for effects; what it may say is listed here by kind."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import BaseModel

from parcours_sim.scenario.findings import EFFECTS, schema_findings
from parcours_sim.scenario.organisation import Layer, Organisation, PracticeModel

ROUTES = {"direct_admission_share"}
"""Keys with a word of an effect in them that are about a route, not about how many take it."""


def keys_of(model: Any) -> set[str]:
    """Return every key of a model and of the models inside it."""
    if isinstance(model, type) and issubclass(model, BaseModel):
        if "assumption" in model.model_fields:
            return set()
        inside = [keys_of(field.annotation) for field in model.model_fields.values()]
        return set(model.model_fields).union(*inside)
    return set().union(*(keys_of(part) for part in get_args(model)))


def test_no_key_of_an_organisation_is_named_after_an_effect() -> None:
    keys = keys_of(Organisation)
    assert len(keys) > 30
    assert {key for key in keys if any(word in key for word in EFFECTS)} == ROUTES


@pytest.mark.parametrize("model", [PracticeModel, Layer, Organisation])
@pytest.mark.parametrize(
    "key",
    [
        *("crisis_ratio", "crises_avoided_share", "admission_ratio", "ed_visit_ratio"),
        *("window_days_ratio", "efficacy_ratio", "hazard_ratio", "stays_ratio", "onset_ratio"),
    ],
)
def test_a_key_for_an_effect_is_refused_with_the_reason(model: type[BaseModel], key: str) -> None:
    found = [finding for _, finding in schema_findings(model, {key: 0.9}) if finding.key == key]
    assert [finding.code for finding in found] == ["forbidden-effect"]
    assert "must emerge" in found[0].allowed


@pytest.mark.parametrize("key", ["direct_admision_share", "recal_share"])
def test_a_slip_of_the_pen_is_an_unknown_key_with_the_right_one(key: str) -> None:
    found = [finding for _, finding in schema_findings(Layer, {key: 0.9}) if finding.key == key]
    assert [finding.code for finding in found] == ["unknown-key"]
    assert found[0].nearest in ("direct_admission_share", "recall_share")


def test_the_world_may_have_keys_with_such_words() -> None:
    from parcours_sim.scenario.episode import Treatment

    assert "efficacy_share" in Treatment.model_fields
    found = [finding.code for _, finding in schema_findings(Treatment, {"efficacy_ratio": 1})]
    assert "forbidden-effect" not in found
