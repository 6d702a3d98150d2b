"""Every row of evidence gets a verdict: what each one means, and that no row is left out."""

from __future__ import annotations

import math

import pytest
from tests.analysis.fitting import TEXT, A, step, target

from parcours_sim.analysis import validation
from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.validation import validate
from parcours_sim.scenario.evidence import load_ledger
from parcours_sim.scenario.targets import NotComparable, Row, Rows, load_rows, load_steps

FOUND = '[[fit]]\nevidence = "L085"\nwhat = "x"\n'
MET = FOUND + "holds = true\n"
"""The calibration met it: half an interval, 0.5, is then chance."""
BEST = FOUND + 'best = 7.0\nbinding = ["a ≤ 1"]\n'


def row(**keys) -> Row:
    usual = {"evidence": "L085", "what": TEXT, "unit": TEXT, "of": "msp", "against": "isole"}
    usual |= {"kind": "percent", "above": ["hospitalisations all"]}
    return Row(**(usual | keys))


def rows(*given: Row, absent: tuple[NotComparable, ...] = ()) -> Rows:
    return Rows(replications=4, row=list(given), not_comparable=list(absent))


def figures(value: float, chance: float = 0.5):
    return lambda measures, *_: [Estimate(value, value - chance, value + chance, 4)] * len(measures)


@pytest.fixture
def fits(tmp_path, monkeypatch):
    """Return a function that writes what a calibration said."""
    monkeypatch.setattr(validation, "fitted_folder", lambda: tmp_path)
    return lambda text: (tmp_path / "documents.toml").write_text(text, encoding="utf-8")


def compared(steps, given: Rows, of=None, parameter_set: str = "documents"):
    return list(validate(steps, given, parameter_set, of or figures(10.0)))


@pytest.mark.parametrize(
    ("value", "said", "verdict"),
    [
        (10.5, FOUND, "by construction"),
        (11.4, MET, "by construction"),
        (11.6, MET, "outside"),
        (8.4, MET, "outside"),
        (11.4, FOUND, "outside"),
        (11.5, BEST, "out of reach"),
        (10.5, BEST, "by construction"),
        (math.nan, FOUND, "outside"),
    ],
)
def test_a_target_is_there_by_construction_or_outside_or_out_of_reach(fits, value, said, verdict):
    fits(said)
    (found,) = compared([step(3, [A], target("x", 10.0))], rows(), figures(value))
    assert (found.verdict, found.role, found.step) == (verdict, "fitted", 3)
    assert (found.low, found.stated, found.high) == (9.0, 10.0, 11.0)
    is_beyond = verdict == "out of reach"
    assert (found.best, found.binding) == ((7.0, ("a ≤ 1",)) if is_beyond else (None, ()))


@pytest.mark.parametrize(("value", "verdict"), [(10.5, "inside"), (11.5, "outside")])
@pytest.mark.parametrize("where", ["step", "target"])
def test_a_target_of_another_parameter_set_is_compared_like_a_row(fits, value, verdict, where):
    fits(BEST)
    aimed = target("x", 10.0, sets=["literature"] if where == "target" else ["documents"])
    sets = ["literature"] if where == "step" else ["documents"]
    (found,) = compared([step(1, [A], aimed, sets=sets)], rows(), figures(value))
    assert (found.verdict, found.role, found.step, found.best) == (verdict, "validated", None, None)


@pytest.mark.parametrize(
    ("value", "low", "high", "verdict"),
    [
        (10.0, 10.0, 12.0, "inside"),
        (12.0, 10.0, 12.0, "inside"),
        (9.9, 10.0, 12.0, "outside"),
        (12.1, 10.0, 12.0, "outside"),
        (50.0, 10.0, None, "inside"),
        (9.9, 10.0, None, "outside"),
        (math.nan, 10.0, 12.0, "outside"),
    ],
)
def test_a_row_is_inside_its_range_or_outside(fits, value, low, high, verdict):
    asked = row(low=low, high=high, range_note="so", note="this", reason="that")
    (found,) = compared([], rows(asked), figures(value))
    assert (found.verdict, found.role) == (verdict, "validated")
    assert (found.of, found.against) == ("msp", "isole")
    assert found.note == "this; range: so; that"


@pytest.mark.parametrize(
    ("sign", "value", "chance", "verdict"),
    [
        ("decrease", -2.0, 1.0, "inside"),
        ("decrease", -2.0, 3.0, "outside"),
        ("decrease", 2.0, 1.0, "outside"),
        ("increase", 2.0, 1.0, "inside"),
        ("increase", 2.0, 3.0, "outside"),
        ("increase", -2.0, 1.0, "outside"),
        ("increase", math.nan, 1.0, "outside"),
    ],
)
def test_a_direction_agrees_where_it_is_beyond_chance(fits, sign, value, chance, verdict):
    (found,) = compared([], rows(row(evidence="S11", sign=sign)), figures(value, chance))
    assert found.verdict == verdict


def test_what_nothing_measures_is_told_with_its_reason(fits):
    absent = NotComparable(evidence="L086", what=TEXT, reason="not modelled")
    (found,) = compared([], rows(absent=(absent,)))
    evidence = load_ledger()["L086"]
    assert (found.verdict, found.role, found.note) == (
        "not comparable",
        "not compared",
        "not modelled",
    )
    assert (found.stated, found.origin) == (evidence.value, evidence.origin)
    assert math.isnan(found.simulated.value)


def test_what_is_told_beside_a_figure_is_read_of_the_same_scenarios(fits):
    asked = []

    def read(measures, fitted, replications):
        asked.extend(measures)
        assert (fitted, replications) == (True, 4)
        return [Estimate(float(n), 0.0, 1.0, 4) for n, _ in enumerate(measures)]

    beside = [{"what": TEXT, "unit": TEXT, "kind": kind, "above": ["deaths all"]} for kind in
              ("points", "level")]  # fmt: skip
    (found,) = compared([], rows(row(beside=beside)), read)
    assert [told.simulated.value for told in found.beside] == [1.0, 2.0]
    assert [(each.of, each.against) for each in asked[1:]] == [("msp", "isole"), ("msp", None)]


def test_without_a_calibration_nothing_is_called_out_of_reach(fits):
    (found,) = compared([step(1, [A], target("x", 10.0))], rows(), figures(20.0))
    assert found.verdict == "outside"


@pytest.mark.parametrize("parameter_set", ["documents", "literature"])
def test_every_row_of_evidence_is_there_whatever_the_figures(parameter_set):
    steps, given = load_steps(), load_rows()
    found = compared(steps, given, figures(1e9), parameter_set)
    expected = [t.evidence for s in steps for t in s.target]
    expected += [r.evidence for r in given.row] + [r.evidence for r in given.not_comparable]
    assert [each.evidence for each in found] == expected
    asked = {r.id for r in load_ledger().rows() if r.role in ("calibration", "validation")}
    assert asked <= set(expected)
