"""The comparison in a terminal and as JSON."""

import io
import json

import pytest
from rich.console import Console
from tests.analysis.synthetic import ADDITIVE, EXPOSURE, comparison, study, values
from tests.report.priced import price, prices
from tests.report.text import LONG_TITLES, SEVEN, TITLES, Text

from parcours_sim.analysis.comparison import compare
from parcours_sim.analysis.paired import Exposure
from parcours_sim.analysis.summary import Summary, summarise
from parcours_sim.report.console import comparison_json, print_comparison
from parcours_sim.report.titles import Titles


def printed(summary: Summary, titles: Titles = TITLES, **options: object) -> str:
    file = io.StringIO()
    print_comparison(summary, titles, Console(file=file, **options))  # type: ignore[arg-type]
    return file.getvalue()


def words(text: str) -> str:
    return " ".join(text.split())


def small(inhabitants: float, **numbers: list[float]) -> Summary:
    exposure = Exposure(inhabitants, 1)
    outcomes = values("hospitalisations", **numbers)
    return summarise(compare(outcomes, {}, "isole", exposure, ADDITIVE))


def test_avoided_stays_stand_beside_their_interval_and_their_cost():
    text = printed(summarise(comparison()))
    row = next(line for line in text.splitlines() if line.startswith(" MSP"))
    net, percent, cost, per_100k, gross, induced = row.split()[1:7]
    assert int(net) == int(gross) - int(induced)
    assert per_100k == net  # 20,000 inhabitants over five years
    assert float(percent) > 0
    assert cost.startswith("−")
    assert "Net avoided" in text
    assert "Cost" in text


@pytest.mark.parametrize("titles", [TITLES, LONG_TITLES])
def test_a_pipe_gets_a_table_of_100_columns_with_nothing_cut(titles):
    text = printed(summarise(comparison(replications=3, organisations=SEVEN)), titles, width=80)
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "…" not in text


@pytest.mark.parametrize("titles", [TITLES, LONG_TITLES])
def test_posts_payers_and_price_stand_in_a_table_of_their_own_with_nothing_cut(titles):
    found = comparison(replications=3, organisations=SEVEN)
    told = prices(found.organisations) | {"esp": price("esp", is_told=False)}
    text = printed(summarise(found, told), titles, width=80)
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "…" not in text
    table = text[text.index("Insurance,") : text.index("ED visits,")]
    assert table.count("+0.50") == 4 * len(found.organisations)
    assert table.count("+150") == 4  # insurance and households pay a third each, of msp and esp
    assert "100.0" not in table.split("5.0")[0]
    assert " – " in table + " "
    assert "k€ per stay: –" in words(text)


def test_a_narrow_terminal_gets_more_tables_with_nothing_cut():
    text = printed(summarise(comparison(replications=3)), width=80, force_terminal=True)
    assert text.count("Organisation") == 4  # two of what is avoided, two of access
    assert "…" not in text


def test_brackets_in_a_title_are_printed_as_they_are():
    titles = Titles({"isole": Text("", "[red]isolated"), "msp": Text("", "[bold]centre")})
    text = printed(summarise(comparison(replications=2)), titles)
    assert "Compared with [red]isolated (isole)" in text
    assert text.count("\n [bold]centre") == 2


def test_the_notes_name_parameter_set_replications_and_what_cannot_be_told_from_zero():
    text = words(printed(small(20_000, isole=[100, 100, 100], msp=[90, 91, 89], esp=[99, 104, 98])))
    assert "Parameter set documents; replications: 3." in text
    assert "Net effect not distinguishable from zero: esp." in text
    assert "noisy" not in text


def test_one_replication_is_said_to_have_no_interval():
    text = words(printed(small(20_000, isole=[100], msp=[90])))
    assert "no interval can be given" in text
    assert "95 %" not in text


def test_an_interval_without_width_is_said_to_be_too_sure():
    assert "too sure" in words(printed(small(20_000, isole=[10, 11], msp=[9, 10])))
    assert "too sure" not in words(printed(small(20_000, isole=[10, 11], msp=[9, 11])))


def test_a_small_territory_is_said_to_be_noisy():
    text = words(printed(small(4_999, isole=[100, 99], msp=[90, 91])))
    assert "Under 5,000 inhabitants rare outcomes are noisy" in text
    assert "noisy" not in words(printed(small(5_000, isole=[100, 99], msp=[90, 91])))


def test_the_baseline_alone_is_shown_without_a_comparison():
    text = printed(small(20_000, isole=[100, 102]))
    assert text.startswith("Isolated practice: 101 hospitalisations")
    assert "Net avoided  " not in text


def test_json_has_the_same_figures_and_null_for_what_is_unknown():
    outcomes, stays = study(replications=2)
    summary = summarise(compare(outcomes, stays, "isole", EXPOSURE, ADDITIVE))
    content = json.loads(comparison_json(summary))
    assert content["parameter_set"] == "documents"
    assert content["replications"] == {"least": 2, "most": 2}
    first, second = content["organisations"][:2]
    assert first["scenario"] == "isole"
    assert first["avoided"]["value"] is None
    assert second["avoided"]["value"] == summary.compared[0].avoided.value
    assert second["avoided"]["low"] == summary.compared[0].avoided.low
    assert second["cost_eur_difference"]["value"] is not None
