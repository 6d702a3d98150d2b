"""A sweep's outcome in a terminal."""

import io

import pytest
from rich.console import Console
from tests.report.swept import EXPOSURE, GPS, SHARE, about, rows
from tests.report.text import LONG_TITLES, SEVEN, TITLES, Text

from parcours_sim.analysis.paired import Exposure
from parcours_sim.experiment.sweep import Axis
from parcours_sim.report.sweep_console import print_sweep
from parcours_sim.report.titles import Titles
from parcours_sim.scenario.territories import EVERYWHERE

MANY = Axis(GPS.key, tuple(50.0 + number for number in range(45)))
EFFECTS = {"msp": lambda share: 60 - 100 * share, "esp": lambda share: -300.0}


def printed(
    axes, effects, titles=TITLES, baseline="isole", exposure=EXPOSURE, width=80, more=(), **options
) -> str:
    file = io.StringIO()
    terminal = options.pop("force_terminal", None)
    console = Console(file=file, width=width, force_terminal=terminal, color_system=None)
    swept = [*rows(axes, effects, baseline=baseline, **options), *more]
    print_sweep(swept, axes, about(axes, baseline, exposure, titles), console)
    return file.getvalue()


def cells(text: str, start: str) -> list[str]:
    """Return the words of the first line that begins with a value."""
    return next(line for line in text.splitlines() if line.startswith(f" {start} ")).split()


def test_points_are_rows_and_scenarios_columns_with_intervals_and_a_star_off_zero():
    text = printed((SHARE,), EFFECTS)
    assert " ".join(cells(text, "0.1")) == "0.1 −50* (−70 to −30) 300* (280 to 320)"
    assert " ".join(cells(text, "0.5")) == "0.5 −10 (−30 to 10) 300* (280 to 320)"
    assert cells(text, "msp.share") == ["msp.share", "MSP", "esp"]
    assert "Hospitalisations avoided per 100,000 inhabitants and year: from −50" in text
    assert "* leaves zero out" in text
    assert "Replications" not in text
    assert "replications: 10" in text


def test_a_star_never_stands_beside_a_bound_that_reads_zero():
    text = printed((SHARE,), {"msp": lambda share: -20.2, "esp": lambda share: -300.0}, half=20)
    assert " ".join(cells(text, "0.1")) == "0.1 20.2* (0.2 to 40.2) 300.0* (280.0 to 320.0)"


def test_at_most_40_points_are_shown_and_how_many_more_there_are_is_said():
    lines = printed((MANY,), {"msp": lambda gps: -gps}).splitlines()
    shown = [line for line in lines if line.startswith((" 5", " 6", " 7", " 8", " 9"))]
    assert len(shown) == 40
    assert any(line.startswith("· More points, in sweep.csv only: 5.") for line in lines)
    assert "sweep.csv" not in printed((GPS,), {"msp": lambda gps: -gps})


def test_all_territories_together_are_always_shown():
    names = tuple(f"town{number}" for number in range(45))
    axis = Axis("territory", names, tuple({"territory.inhabitants": 1_000.0} for _ in names))
    together = list(rows([Axis("territory", (EVERYWHERE,))], {"msp": lambda _: -9.0}, half=0))
    text = printed((axis,), {"msp": lambda _: -1.0}, half=0, more=together)
    assert cells(text, "town39")[0] == "town39"
    assert " town40 " not in text
    assert cells(text, EVERYWHERE)[1] == "4.0*"
    assert "sweep.csv only: 5." in text
    assert "Inhabitants: 1,000;" in text


def test_a_point_of_two_axes_has_a_column_for_each():
    text = printed((SHARE, GPS), {"msp": lambda share, gps: -share * gps})
    assert cells(text, "0.3")[:2] == ["0.3", "60"]
    assert "gps_per_100k" in text


@pytest.mark.parametrize("titles", [TITLES, LONG_TITLES])
@pytest.mark.parametrize("axes", [(SHARE,), (SHARE, GPS)])
def test_a_pipe_gets_tables_of_100_columns_with_nothing_cut(titles, axes):
    effects = {one.name: lambda *_: -12_345.0 for one in SEVEN}
    text = printed(axes, effects, titles)
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "…" not in text
    assert text.count("12,345* (12,325 to 12,365)") == len(SEVEN) * (20 if GPS in axes else 5)


def test_a_narrow_terminal_gets_more_tables_with_nothing_cut():
    effects = {one.name: lambda _: -12_345.0 for one in SEVEN}
    text = printed((SHARE,), effects, width=60, force_terminal=True)
    assert max(len(line) for line in text.splitlines()) <= 60
    assert text.count("12,345* (12,325 to 12,365)") == len(SEVEN) * 5
    assert text.count("\n msp.share ") == len(SEVEN)


def test_brackets_in_a_title_are_printed_as_they_are():
    titles = Titles({"msp": Text("", "[bold]centre"), "isole": Text("", "[red]isolated")})
    text = printed((SHARE,), EFFECTS, titles)
    assert "[bold]centre" in text
    assert "compared with: [red]isolated" in text


def test_one_replication_and_a_small_territory_are_said():
    text = printed((SHARE,), EFFECTS, replications=1, exposure=Exposure(1_500, 1))
    assert "no interval can be given" in text
    assert "Under 5,000 inhabitants rare outcomes are noisy" in text
    assert "(" not in text.split("───")[-1].split("·")[0]
    assert "leaves zero out" not in text


def test_levels_have_intervals_and_no_stars():
    text = printed((SHARE,), EFFECTS, baseline=None)
    assert cells(text, "0.1")[1:4] == ["4,050", "(4,000", "to"]
    assert "*" not in text
    assert "compared with" not in text
