"""A resolved scenario with other values in place: the points of a sweep.

Changing the resolved scenario takes milliseconds where reading its files again takes tenths of a
second; what comes out is the same, to the hash.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pydantic import ValidationError

from .changes import change
from .checks import whole_findings
from .errors import Finding, ScenarioError
from .findings import schema_findings
from .identity import dump_scenario
from .scenario import Scenario

Value = float | str
OPTION = "--vary"


def varied(
    scenario: Scenario, values: Mapping[str, Value], reach: Mapping[str, Iterable[Value]]
) -> Scenario:
    """Return a scenario with other values at some key paths.

    Args:
        scenario: stays as it is.
        values: what to put at each key path; texts are read as `--set` reads them.
        reach: by key path, every value that it takes elsewhere in the same sweep. Plausible ranges
            are widened to hold them all, since the ceilings from which candidate episodes are drawn
            follow from ranges: so all points of a sweep share their random numbers.

    Raises:
        ScenarioError: a key path or a value can't be; the findings name the option `--vary`.
    """
    tree = json.loads(dump_scenario(scenario))
    findings: list[Finding] = []
    for key, value in values.items():
        for each in (*reach.get(key, ()), value):
            if finding := change(tree, key, each, typed=isinstance(each, str)):
                findings.append(finding)
                break
    if not findings:
        findings = _wrong(tree)
    if findings:
        raise ScenarioError([replace(finding, file=OPTION) for finding in findings])
    return Scenario.model_validate(tree)


def _wrong(tree: dict[str, object]) -> list[Finding]:
    try:
        Scenario.model_validate(tree)
    except ValidationError:
        return [finding for _, finding in schema_findings(Scenario, tree)]
    return [finding for _, finding, _ in whole_findings(tree)]
