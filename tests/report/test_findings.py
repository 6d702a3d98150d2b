"""Sentences computed from data."""

import pytest
from tests.analysis.synthetic import ADDITIVE, EXPOSURE, KINDS, comparison, values
from tests.report.text import TITLES

from parcours_sim.analysis.comparison import Comparison, compare
from parcours_sim.report.findings import (
    finding_avoided,
    finding_by_kind,
    finding_delay,
    finding_wait,
)
from parcours_sim.report.titles import Titles


def of(outcome: str, **numbers: list[float]) -> Comparison:
    return compare(values(outcome, **numbers), {}, "isole", EXPOSURE, ADDITIVE)


def stays(**numbers: list[float]) -> Comparison:
    return of("hospitalisations", **numbers)


def test_the_organisation_that_avoids_most_is_named_with_its_interval():
    found = stays(isole=[1000, 1000], msp=[960, 958], esp=[990, 990])
    assert finding_avoided(found, TITLES, "en") == (
        "MSP: 4.1\u00a0% of hospitalisations avoided (95\u00a0% interval 2.8 to 5.4), "
        "the largest of 2 effects; 2 of 2 are distinguishable from zero"
    )
    assert finding_avoided(found, TITLES, "fr") == (
        "Maisons [MSP]\u202f: 4,1\u202f% des hospitalisations évitées (intervalle à 95\u202f%"
        "\u202f: 2,8 à 5,4), le plus grand de 2 effets\u202f; 2 sur 2 se distinguent de zéro"
    )


def test_a_single_organisation_has_no_rank():
    found = stays(isole=[1000, 1000], msp=[960, 958])
    assert finding_avoided(found, TITLES, "en").endswith("(95\u00a0% interval 2.8 to 5.4)")


def test_an_effect_whose_interval_holds_zero_is_none():
    found = stays(isole=[1000, 1000], msp=[900, 1001])
    assert finding_avoided(found, TITLES, "en") == (
        "No organisation’s effect on hospitalisations is distinguishable from zero"
    )


def test_a_large_uncertain_effect_does_not_hide_a_small_certain_one():
    found = stays(isole=[1000, 1000], msp=[700, 1001], esp=[990, 990])
    assert finding_avoided(found, TITLES, "en").startswith("esp: 1.0\u00a0% of hospital")


def test_an_organisation_that_only_adds_stays_is_said_to_add_them():
    found = stays(isole=[1000, 1000], msp=[1041, 1039])
    assert finding_avoided(found, TITLES, "en").startswith(
        "MSP: 4.0\u00a0% of hospitalisations added (95\u00a0% interval 2.7 to 5.3)"
    )


def test_one_replication_tells_nothing_from_chance():
    found = stays(isole=[1000], msp=[900])
    assert "no interval" in finding_avoided(found, TITLES, "en")
    assert "no interval" in finding_by_kind(found, ("all",), TITLES, "en")


@pytest.mark.parametrize(
    ("organised", "words"), [([0.5, 0.51], "shorter (95"), ([3.5, 3.51], "longer (95")]
)
def test_a_change_of_wait_has_a_direction(organised, words):
    found = of("gp_wait_median_days", isole=[2.0, 2.0], msp=organised)
    assert words in finding_wait(found, TITLES, "en")


def test_french_days_are_plural_from_two_on():
    found = of("information_delay_days", isole=[4.0, 4.0], msp=[1.0, 1.01])
    assert "reçue 3,00 jours plus tôt" in finding_delay(found, TITLES, "fr").replace("2,99", "3,00")
    found = of("information_delay_days", isole=[2.0, 2.0], msp=[1.0, 1.01])
    assert " jour plus tôt" in finding_delay(found, TITLES, "fr")


def test_a_bound_that_is_not_zero_is_not_written_as_zero():
    found = of("information_delay_days", isole=[2.0, 2.0, 2.0], msp=[1.97, 1.97, 1.985])
    assert finding_delay(found, TITLES, "en").endswith("interval 0.003 to 0.047)")


def test_effects_by_kind_are_counted_beside_those_that_chance_would_give():
    found = comparison(replications=4)
    kinds = found.groups("hospitalisations", "kind:")
    told = sum(
        found.difference(name, "hospitalisations", kind).excludes_zero
        for name in found.organisations
        for kind in kinds
    )
    assert len(kinds) == len(KINDS)
    text = finding_by_kind(found, kinds, Titles(), "en")
    assert text.startswith(
        f"By condition: {told} of 30 effects are distinguishable from zero "
        "(about 1.5 would be by chance); the largest, msp – heart failure: "
    )


def test_no_effect_by_kind_is_said_in_so_many_words():
    found = stays(isole=[10, 12, 11], msp=[11, 10, 12])
    assert finding_by_kind(found, ("all",), TITLES, "en") == (
        "By condition: none of 1 effects on hospitalisations is distinguishable from zero"
    )
