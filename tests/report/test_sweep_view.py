"""What of a sweep's rows is shown: the measure, its unit and its direction."""

import pytest
from tests.report.swept import CALENDAR, EXPOSURE, GPS, SHARE, about, rows

from parcours_sim.analysis.intervals import UNKNOWN
from parcours_sim.analysis.paired import Exposure
from parcours_sim.experiment.sweep import Axis
from parcours_sim.report.sweep_view import exposure_along, is_numeric, sweep_view
from parcours_sim.scenario.territories import EVERYWHERE

INHABITANTS = Axis("territory.inhabitants", (1_000.0, 50_000.0))
TERRITORIES = Axis(
    "territory",
    ("north", "south"),
    ({"territory.inhabitants": 1_000.0}, {"territory.inhabitants": 3_000.0}),
)
YEARS = Axis("horizon.years.value", (1.0, 5.0))


def test_hospitalisations_are_shown_as_avoided_per_100_000_inhabitants_and_year():
    axes = (SHARE,)
    unmoved = Exposure(inhabitants=2_000, years=5)
    swept = rows(axes, {"msp": lambda share: -100 * share}, half=10)
    view = sweep_view(swept, axes, about(axes, exposure=unmoved))
    shown = view.at("msp", (0.3,))
    assert view.measure == "avoided"
    assert (shown.value, shown.low, shown.high) == pytest.approx((300, 200, 400), rel=1e-12)


def test_each_point_is_per_its_own_inhabitants_and_years():
    axes = (INHABITANTS, YEARS)
    swept = rows(axes, {"msp": lambda inhabitants, years: -inhabitants * years / 1_000}, half=0)
    view = sweep_view(swept, axes, about(axes))
    found = [view.at("msp", point).value for point in view.points]
    assert found == pytest.approx([100] * 4, rel=1e-12)
    assert (view.inhabitants, view.years) == ((1_000, 50_000), (1, 5))


@pytest.mark.parametrize(("outcome", "factor"), [("ed_visits", 10.0), ("gp_wait_median_days", 1.0)])
def test_other_outcomes_are_shown_as_differences_and_only_totals_per_inhabitant(outcome, factor):
    axes = (SHARE,)
    unmoved = Exposure(inhabitants=2_000, years=5)
    swept = rows(axes, {"msp": lambda share: -share}, half=0, outcome=outcome)
    view = sweep_view(swept, axes, about(axes, exposure=unmoved))
    assert view.measure == "difference"
    assert view.at("msp", (0.5,)).value == pytest.approx(-0.5 * factor, rel=1e-12)


def test_without_a_baseline_levels_are_shown_of_everyone():
    axes = (SHARE,)
    effects = {"isole": lambda share: 0.0, "msp": lambda share: -100 * share}
    view = sweep_view(rows(axes, effects, baseline=None), axes, about(axes, None))
    assert (view.measure, view.scenarios) == ("level", ("isole", "msp"))
    assert view.at("msp", (0.5,)).value == pytest.approx(3_950, rel=1e-12)


def test_the_baseline_itself_is_not_shown_and_what_has_no_row_is_unknown():
    axes = (SHARE,)
    view = sweep_view(rows(axes, {"msp": lambda share: -share}), axes, about(axes))
    assert view.scenarios == ("msp",)
    assert view.at("isole", (0.1,)) == view.at("msp", (0.2,)) == UNKNOWN


def test_numbers_are_drawn_by_size_and_texts_in_the_order_given():
    axes = (Axis(SHARE.key, (0.9, 0.1, 0.5)), Axis(CALENDAR.key, ("france", "always_open", "3")))
    view = sweep_view(rows(axes, {"msp": lambda share, _: -share}), axes, about(axes))
    assert view.steps(0) == (0.1, 0.5, 0.9)
    assert view.steps(1) == ("france", "always_open", "3")
    assert [is_numeric(axis) for axis in axes] == [True, False]
    assert not is_numeric(Axis("k", (1.0, "two")))


def test_the_first_scenarios_can_be_shown_alone_and_the_number_of_all_stays_known():
    axes = (SHARE,)
    effects = {name: lambda share: -share for name in ("msp", "esp", "cpts")}
    view = sweep_view(rows(axes, effects), axes, about(axes)).first(2)
    assert (view.scenarios, view.all_scenarios) == (("msp", "esp"), 3)
    assert {name for name, _ in view.shown} == {"msp", "esp"}


def test_a_key_that_moves_neither_inhabitants_nor_years_leaves_the_exposure():
    assert exposure_along((SHARE, GPS), EXPOSURE)((0.3, 60.0)) == EXPOSURE


def test_all_territories_together_are_no_point_and_per_the_inhabitants_of_all():
    axes = (TERRITORIES,)
    swept = [
        *rows(axes, {"msp": lambda _: -10.0}, half=0),
        *rows([Axis("territory", (EVERYWHERE,))], {"msp": lambda _: -20.0}, half=0),
    ]
    view = sweep_view(swept, axes, about(axes, exposure=Exposure(500, 2)))
    assert (view.points, view.everywhere) == ((("north",), ("south",)), ((EVERYWHERE,),))
    assert view.inhabitants == (1_000, 3_000)
    found = [view.at("msp", point).value for point in (*view.points, *view.everywhere)]
    assert found == pytest.approx([500, 500 / 3, 250], rel=1e-12)


def test_all_territories_together_at_a_value_of_another_axis_are_per_the_inhabitants_there():
    axes = (TERRITORIES, YEARS)
    exposure_at = exposure_along(axes, Exposure(500, 2))
    assert exposure_at((EVERYWHERE, 5.0)) == Exposure(4_000, 5)
    assert exposure_at((EVERYWHERE, EVERYWHERE)) == Exposure(8_000, 3)
    view = sweep_view(
        rows([TERRITORIES._replace(values=("north", EVERYWHERE)), YEARS], {"msp": lambda *_: -1.0}),
        axes,
        about(axes),
    )
    assert view.everywhere == ((EVERYWHERE, 1.0), (EVERYWHERE, 5.0))


def test_the_text_all_on_another_axis_is_a_point_like_any_other():
    axes = (Axis("territory.professionals.calendar", ("france", EVERYWHERE)),)
    view = sweep_view(rows(axes, {"msp": lambda _: -10.0}), axes, about(axes))
    assert (view.points, view.everywhere) == ((("france",), (EVERYWHERE,)), ())


def test_nothing_several_outcomes_or_the_baseline_alone_are_refused():
    axes = (SHARE,)
    effects = {"msp": lambda share: -share}
    several = [*rows(axes, effects), *rows(axes, effects, outcome="ed_visits")]
    with pytest.raises(ValueError, match=r"found \['hospitalisations', 'ed_visits'\]"):
        sweep_view(several, axes, about(axes))
    with pytest.raises(ValueError, match=r"found \[\]"):
        sweep_view([], axes, about(axes))
    with pytest.raises(ValueError, match="only the baseline"):
        sweep_view(rows(axes, {}), axes, about(axes))
