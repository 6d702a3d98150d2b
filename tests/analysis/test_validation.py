"""Every row of evidence gets a verdict: what each one means, and that no row is left out."""

from __future__ import annotations

import math

import pytest
from tests.analysis.fitting import TEXT, A, step, target

from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.validation import FELL_SHORT, MISSED_ELSEWHERE, UNMOVED, validate
from parcours_sim.scenario.evidence import load_ledger
from parcours_sim.scenario.fit_account import Account, FitTold, KeptTold, read_account
from parcours_sim.scenario.targets import NotComparable, Row, Rows, load_rows, load_steps


def told(**keys) -> Account:
    """What a calibration tells of the target `x` of step 3."""
    usual = {"step": 3, "evidence": "L085", "what": "x", "unit": "A", "stated": 10.0}
    usual |= {"tolerance": 1.0, "simulated": 10.0, "interval": [9.9, 10.1]}
    return Account(fit=[FitTold(**(usual | {"holds": True, "verdict": "reproduced"} | keys))])


MET = told()
"""The calibration met it: half an interval, 0.5, is then chance."""
MISSED = told(holds=False, verdict="missed", best=8.5)
BEYOND = told(holds=False, verdict="out of reach", best=7.0, binding=["a ≤ 1"])
KEPT = Account(fit=BEYOND.fit, kept=[KeptTold(step=3, parameters=["a"])])
NOTHING = Account()


def row(**keys) -> Row:
    usual = {"evidence": "L085", "what": TEXT, "unit": TEXT, "of": "msp", "against": "isole"}
    usual |= {"kind": "percent", "above": ["hospitalisations all"]}
    return Row(**(usual | keys))


def rows(*given: Row, absent: tuple[NotComparable, ...] = ()) -> Rows:
    return Rows(replications=4, row=list(given), not_comparable=list(absent))


def figures(value: float, chance: float = 0.5):
    return lambda measures, *_: [Estimate(value, value - chance, value + chance, 4)] * len(measures)


def compared(steps, given: Rows, of=None, account: Account = NOTHING):
    return list(validate(steps, given, account, of or figures(10.0)))


def target_compared(value: float, account: Account):
    (found,) = compared([step(3, [A], target("x", 10.0))], rows(), figures(value), account)
    assert (found.low, found.stated, found.high) == (9.0, 10.0, 11.0)
    return found


@pytest.mark.parametrize(
    ("value", "account", "verdict"),
    [
        (10.5, MET, "by construction"),
        (11.4, MET, "by construction"),
        (11.6, MET, "outside"),
        (8.4, MET, "outside"),
        (math.nan, MET, "outside"),
        (10.5, MISSED, "by construction"),
        (11.4, MISSED, "outside"),
        (10.5, BEYOND, "by construction"),
        (11.5, BEYOND, "out of reach"),
    ],
)
def test_a_target_is_there_by_construction_or_outside_or_out_of_reach(value, account, verdict):
    found = target_compared(value, account)
    assert (found.verdict, found.role, found.step) == (verdict, "fitted", 3)
    is_beyond = verdict == "out of reach"
    assert (found.best, found.binding) == ((7.0, ("a ≤ 1",)) if is_beyond else (None, ()))


@pytest.mark.parametrize(
    ("account", "note"), [(MET, MISSED_ELSEWHERE), (MISSED, FELL_SHORT), (NOTHING, None)]
)
def test_a_target_that_is_outside_says_whether_it_was_ever_reproduced(account, note):
    assert target_compared(15.0, account).notes == ((note,) if note else ())
    assert target_compared(10.0, account).notes == ()


@pytest.mark.parametrize(("value", "verdict"), [(10.5, "inside"), (11.2, "out of reach")])
def test_a_target_whose_parameters_were_kept_was_not_fitted(value, verdict):
    found = target_compared(value, KEPT)
    assert (found.verdict, found.role, found.step) == (verdict, "validated", None)
    assert found.best == (7.0 if verdict == "out of reach" else None)


@pytest.mark.parametrize(("value", "verdict"), [(10.5, "inside"), (11.2, "outside")])
@pytest.mark.parametrize("account", [NOTHING, told(what="y"), told(evidence="L084")])
def test_a_target_that_no_calibration_tells_of_is_compared_like_a_row(value, verdict, account):
    found = target_compared(value, account)
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
def test_a_row_is_inside_its_range_or_outside(value, low, high, verdict):
    said = {name: {"en": name, "fr": name.upper()} for name in ("range_note", "note", "reason")}
    asked = row(low=low, high=high, **said)
    (found,) = compared([], rows(asked), figures(value))
    assert (found.verdict, found.role) == (verdict, "validated")
    assert (found.of, found.against) == ("msp", "isole")
    assert [note.en for note in found.notes] == ["note", "range: range_note", "reason"]
    assert [note.fr for note in found.notes] == ["NOTE", "intervalle : RANGE_NOTE", "REASON"]


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
def test_a_direction_agrees_where_it_is_beyond_chance(sign, value, chance, verdict):
    (found,) = compared([], rows(row(evidence="S11", sign=sign)), figures(value, chance))
    assert (found.verdict, found.sign, found.stated) == (verdict, sign, None)
    assert (found.low, found.high) == ((None, 0.0) if sign == "decrease" else (0.0, None))


def test_what_nothing_measures_is_told_with_its_reason():
    reason = {"en": "not modelled", "fr": "non modélisé"}
    absent = NotComparable(evidence="L086", what=TEXT, unit=TEXT, reason=reason)
    (found,) = compared([], rows(absent=(absent,)))
    evidence = load_ledger()["L086"]
    assert (found.verdict, found.role) == ("not comparable", "not compared")
    assert found.notes == (absent.reason,)
    assert (found.stated, found.origin) == (evidence.value, evidence.origin)
    assert math.isnan(found.simulated.value)


def test_what_is_told_beside_a_figure_is_read_of_the_same_scenarios():
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


def test_what_is_told_beside_a_figure_is_read_as_it_says():
    asked = []

    def read(measures, *_):
        asked.extend(measures)
        return [Estimate(1.0, 0.0, 2.0, 4)] * len(measures)

    counts = {"above": ["deaths all"], "below": ["ed_visits all"], "factor": 100.0}
    beside = [{"what": TEXT, "unit": TEXT, "kind": "level", **counts}]
    compared([], rows(row(beside=beside)), read)
    assert {key: getattr(asked[1], key) for key in counts} == counts


@pytest.mark.parametrize(("of_rows", "of_step", "read"), [(4, 12, 12), (30, 12, 30)])
def test_a_target_is_read_in_the_worlds_of_its_step_or_those_of_rows_if_more(
    of_rows, of_step, read
):
    asked = []

    def figure(measures, _, replications):
        asked.append(replications)
        return [Estimate(10.0, 9.0, 11.0, 4)] * len(measures)

    steps = [step(3, [A], target("x", 10.0), told_replications=of_step)]
    compared(steps, Rows(replications=of_rows, row=[], not_comparable=[]), figure)
    assert asked == [read]


def test_a_target_has_the_origin_and_the_range_of_its_evidence():
    aims = [target("x", 10.0, low=7.0, high=12.0), target("y", 10.0, evidence="S15")]
    first, second = compared([step(3, [A], *aims)], rows())
    assert (first.origin, second.origin) == ("literature", "documents")
    assert (first.stated_low, first.stated_high) == (7.0, 12.0)
    assert (second.stated_low, second.stated_high) == (None, None)


def test_a_target_that_no_parameter_moves_says_so():
    told_so = told(holds=False, verdict="out of reach", best=8.0, against="no parameter moves it")
    found = target_compared(8.0, told_so)
    assert (found.verdict, found.notes) == ("out of reach", (UNMOVED,))
    assert target_compared(7.0, BEYOND).notes == ()


@pytest.mark.parametrize("parameter_set", ["documents", "literature"])
def test_every_row_of_evidence_is_there_whatever_the_figures(parameter_set):
    steps, given = load_steps(), load_rows()
    found = compared(steps, given, figures(1e9), read_account(parameter_set))
    expected = [t.evidence for s in steps for t in s.target]
    expected += [r.evidence for r in given.row] + [r.evidence for r in given.not_comparable]
    assert [each.evidence for each in found] == expected
    asked = {r.id for r in load_ledger().rows() if r.role in ("calibration", "validation")}
    assert asked <= set(expected)
