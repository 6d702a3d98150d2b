"""What is said of a sweep, in both languages."""

import math

import pytest
from tests.report.swept import CALENDAR, GPS, SHARE, about, rows

from parcours_sim.analysis.paired import Exposure
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.experiment.sweep import Axis
from parcours_sim.report.sweep_texts import (
    axis_title,
    decimals_of,
    finding_sweep,
    measure_title,
    short_keys,
    sweep_footer,
    value_text,
)
from parcours_sim.report.sweep_view import SweepView, sweep_view
from parcours_sim.report.words import FRENCH_UNITS, plain, unit
from parcours_sim.scenario.units import UNITS

INHABITANTS = Axis("territory.inhabitants", (1_000.0, 50_000.0))
RISING = {"msp": lambda share: -100 * share}


def view_of(axes, effects, baseline="isole", exposure=None, **options) -> SweepView:
    swept = rows(axes, effects, baseline=baseline, **options)
    return sweep_view(swept, axes, about(axes, baseline, exposure or Exposure(20_000, 5)))


def said(text: str) -> str:
    """Return a text with plain spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("key", "english", "french"),
    [
        (SHARE.key, "(share)", "(part)"),
        (GPS.key, "(per 100,000 inhabitants)", "(pour 100\u202f000 habitants)"),
        ("horizon.years.value", "(years)", "(années)"),
        (
            "territory.links.nurse_to_gp.delay_sigma.low",
            "(standard deviation of the logarithm)",
            "(écart-type du logarithme)",
        ),
    ],
)
def test_an_axis_is_named_by_its_key_path_and_its_unit(key, english, french):
    axis = Axis(key, (1.0,))
    assert axis_title(axis, "en") == f"{key} {english}"
    assert axis_title(axis, "fr") == f"{key} {french}"


@pytest.mark.parametrize("key", [CALENDAR.key, "territory"])
def test_an_axis_without_a_unit_is_named_by_its_key_alone(key):
    assert axis_title(Axis(key, ("a",)), "fr") == key


def test_every_unit_of_a_parameter_and_of_an_outcome_has_its_french():
    of_outcomes = {unit(outcome.unit, "en") for outcome in OUTCOMES.values()} - {""}
    assert set(FRENCH_UNITS) == {*UNITS.values(), *of_outcomes}
    for outcome in OUTCOMES.values():
        assert bool(unit(outcome.unit, "fr")) == (outcome.unit != "count")


def test_short_keys_are_as_long_as_it_takes_to_tell_them_apart():
    before = Axis("before.practices.msp.share", (0.1,))
    assert short_keys([SHARE]) == ("msp.share",)
    assert short_keys([SHARE, GPS]) == ("msp.share", "professionals.gps_per_100k")
    assert short_keys([SHARE, before]) == (SHARE.key, before.key)
    links = "links.nurse_to_gp.delay_ratio"
    models = [Axis(f"organisation.practices.{name}.model.{links}", ()) for name in ("msp", "esp")]
    assert short_keys(models) == (f"msp.model.{links}", f"esp.model.{links}")
    assert short_keys([INHABITANTS, Axis("territory", ("a",))]) == (INHABITANTS.key, "territory")


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (0.1 + 0.2, "0.3", "0,3"),
        (20_000.0, "20,000", "20\u202f000"),
        (1_234_567.0, "1,234,567", "1\u202f234\u202f567"),
        (0.000025, "0.000025", "0,000025"),
        (-2.50, "−2.5", "−2,5"),
        ("always_open", "always_open", "always_open"),
    ],
)
def test_values_are_written_with_the_decimals_that_they_have(value, english, french):
    assert value_text(value, "en") == english
    assert value_text(value, "fr") == french


def test_what_is_not_a_number_is_written_as_unknown():
    assert plain(math.nan, "en") == "–"


@pytest.mark.parametrize(
    ("values", "decimals"),
    [([120.0, 3.0], 0), ([12.0], 1), ([-1.2], 2), ([0.05], 4), ([0.0], 0), ([math.nan], 0)],
)
def test_the_largest_value_has_three_figures(values, decimals):
    assert decimals_of(values) == decimals


@pytest.mark.parametrize(
    ("outcome", "baseline", "english", "french"),
    [
        (
            *("hospitalisations", "isole"),
            "Hospitalisations avoided per 100,000 inhabitants and year",
            "Hospitalisations évitées pour 100 000 habitants et par an",
        ),
        (
            *("ed_visits", "isole"),
            "ED visits, difference from the baseline, per 100,000 inhabitants and year",
            "Passages aux urgences, écart à la référence, pour 100 000 habitants et par an",
        ),
        (
            *("cost_eur", None),
            "Cost, euros per 100,000 inhabitants and year",
            "Coût, euros pour 100 000 habitants et par an",
        ),
        (
            *("gp_wait_median_days", "isole"),
            "Median wait for a GP, difference from the baseline, days",
            "Délai médian chez le généraliste, écart à la référence, jours",
        ),
    ],
)
def test_the_measure_says_what_is_counted_and_in_which_unit(outcome, baseline, english, french):
    view = view_of([SHARE], RISING, outcome=outcome, baseline=baseline)
    assert said(measure_title(view, "en")) == english
    assert said(measure_title(view, "fr")) == french


def test_the_finding_names_the_extremes_and_counts_what_leaves_zero_out():
    effects = RISING | {"esp": lambda share: 30 - 40 * share}
    view = view_of([SHARE], effects, half=20)
    assert said(finding_sweep(view, "en")) == (
        "Hospitalisations avoided per 100,000 inhabitants and year: from −26.0 (esp, msp.share = "
        "0.1) to 90.0 (MSP, msp.share = 0.9); intervals that leave zero out: 5 of 10 (about 0.5 "
        "would by chance)"
    )
    assert said(finding_sweep(view, "fr")) == (
        "Hospitalisations évitées pour 100 000 habitants et par an : de −26,0 (esp, msp.share = "
        "0,1) à 90,0 (Maisons [MSP], msp.share = 0,9) ; intervalles qui excluent zéro : 5 sur 10 "
        "(environ 0,5 par hasard)"
    )


def test_the_finding_of_one_scenario_names_it_once():
    view = view_of([SHARE, CALENDAR], {"msp": lambda share, _: -100 * share})
    text = said(finding_sweep(view, "en"))
    assert text.count("MSP") == 1
    assert "(msp.share = 0.9, professionals.calendar = france)" in text


@pytest.mark.parametrize(
    ("language", "nothing", "no_interval"),
    [
        ("en", "year, MSP: nothing is distinguishable from zero (", "no interval, so nothing is"),
        ("fr", "an, Maisons [MSP] : rien ne se distingue de zéro (", "sans intervalle, rien ne se"),
    ],
)
def test_what_cannot_be_told_from_zero_is_said_before_any_value(language, nothing, no_interval):
    view = view_of([SHARE], RISING, half=1_000)
    assert nothing in said(finding_sweep(view, language))
    alone = said(finding_sweep(view_of([SHARE], RISING, replications=1), language))
    assert alone.index(no_interval) < alone.index("90")


def test_levels_are_a_range_without_a_word_of_zero():
    text = said(finding_sweep(view_of([SHARE], RISING, baseline=None), "en"))
    assert text == (
        "Hospitalisations, per 100,000 inhabitants and year, MSP: from 3,910 (msp.share = 0.9) to "
        "3,990 (msp.share = 0.1)"
    )


@pytest.mark.parametrize(
    ("language", "told"), [("en", "; −5.00 at every point"), ("fr", "; −5,00 en tout point")]
)
def test_what_is_the_same_everywhere_is_said_once(language, told):
    view = view_of([SHARE], {"msp": lambda share: 5})
    assert told in said(finding_sweep(view, language))


def test_an_outcome_that_never_happened_is_said_to_be_unknown():
    view = view_of([SHARE], {"msp": lambda share: math.nan}, outcome="follow_up_days")
    assert "not known anywhere" in finding_sweep(view, "en")
    assert "inconnu partout" in finding_sweep(view, "fr")


def test_the_footer_says_what_a_sweep_rests_on():
    assert said(sweep_footer(view_of([SHARE], RISING), "en")) == (
        "Parameter set: documents · replications: 10 · "
        "95 % intervals: Student’s, differences paired by replication\n"
        "inhabitants: 20,000 · measured years: 5 · compared with: Isolated practice"
    )
    alone = said(sweep_footer(view_of([SHARE], RISING, baseline=None, replications=1), "fr"))
    assert alone == (
        "Jeu de paramètres : documents · réplications : 1 · "
        "sans intervalle : il faut deux réplications\n"
        "habitants : 20 000 · années mesurées : 5"
    )


def test_the_footer_says_which_inhabitants_and_years_are_varied_and_that_few_are_noisy():
    axes = [INHABITANTS, Axis("horizon.years", (1.0, 2.5))]
    view = view_of(axes, {"msp": lambda inhabitants, years: -1.0})
    english, french = (said(sweep_footer(view, language)) for language in ("en", "fr"))
    assert "inhabitants: varied, 1,000 to 50,000 · measured years: varied, 1 to 2.5" in english
    assert "habitants : variables, de 1 000 à 50 000" in french
    assert "noisy" in english
    assert "noisy" not in sweep_footer(view_of([SHARE], RISING), "en")


def test_the_footer_says_how_many_scenarios_are_drawn_unless_all_are():
    effects = dict.fromkeys(("msp", "esp", "cpts"), RISING["msp"])
    view = view_of([SHARE], effects)
    assert "drawn: the first 2 of 3 scenarios" in said(sweep_footer(view.first(2), "en"))
    assert "2 premiers scénarios sur 3" in said(sweep_footer(view.first(2), "fr"))
    assert "drawn" not in sweep_footer(view.first(3), "en")


def test_the_footer_breaks_its_lines_between_parts_only():
    view = view_of([INHABITANTS], {f"scenario_{n}": lambda _: -1.0 for n in range(9)}).first(8)
    lines = said(sweep_footer(view, "fr")).split("\n")
    assert len(lines) == 3
    assert not any(line.startswith("·") or line.endswith("·") for line in lines)
    assert all(len(line) <= 180 for line in lines)
