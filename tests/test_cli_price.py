"""price: who pays, under which account, at which unit costs; nothing is simulated again."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from parcours_sim.cli import app

TINY = (
    *("--set", "territory.inhabitants=1000", "--set", "horizon.years=0.2"),
    *("--set", "horizon.warm_up_years=0.05", "--replications", "3", "--workers", "1"),
)
GP = "territory.costs.gp_consultation_eur"


def call(*args):
    return CliRunner().invoke(app, [str(arg) for arg in args])


def values(path: Path) -> dict[tuple[str, str, str], str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (row["account"], row["measure"], row["of"]): row["value"]
            for row in csv.DictReader(file)
        }


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Return the folder of a finished comparison of msp with isole, and what was printed."""
    folder = tmp_path_factory.mktemp("compared") / "study"
    done = call("compare", "msp", *TINY, "--out", folder)
    assert done.exit_code == 0, done.stderr
    return folder, done.stdout


def test_a_comparison_never_shows_stays_without_posts_payers_and_price(compared):
    folder, printed = compared
    for head in ("Net avoided", "k€ per stay", "Insurance,", "Households,", "Coord.", "Nurse"):
        assert head in printed
    assert {"price.csv", "acceptability.csv"} <= {path.name for path in folder.iterdir()}
    assert {"price.png", "price.svg"} <= {path.name for path in (folder / "figures").iterdir()}


def test_the_comparison_as_data_holds_the_price_of_each_organisation(compared):
    document = json.loads(call("compare", "msp", *TINY, "--out", compared[0], "--json").stdout)
    baseline, msp = document["organisations"]
    assert baseline["price"] is None
    assert msp["price"]["paid"]["today"]["insurer"]["value"] == pytest.approx(
        float(values(compared[0] / "price.csv")["today", "paid", "insurer"])
    )


def test_price_shows_each_account_and_writes_what_compare_wrote(compared):
    folder, _ = compared
    before = {path.name: path.read_bytes() for path in folder.glob("*.csv")}
    done = call("price", folder)
    assert done.exit_code == 0, done.stderr
    for title in ("Fee for service alone", "Fees and lump sums, as today", "Payment per pathway"):
        assert title in done.stdout
    assert {path.name: path.read_bytes() for path in folder.glob("*.csv")} == before


def test_price_speaks_french(compared, tmp_path):
    done = call("price", compared[0], "--language", "fr", "--out", tmp_path / "fr")
    assert "Équipes de soins" in done.stdout
    assert "price.fr.png" in done.stdout


def test_doubling_a_unit_cost_doubles_that_item_alone(compared, tmp_path):
    folder, _ = compared
    done = call("price", folder, "--set", f"{GP}=60", "--out", tmp_path / "dear", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["unit_costs"] == {GP: "60"}
    usual, dear = values(folder / "price.csv"), values(tmp_path / "dear" / "price.csv")
    changed = {key for key in usual if usual[key] != dear[key]}
    bills = {key[2] for key in changed if key[1] == "bill"}
    assert bills == {"gp"}
    assert float(dear["", "bill", "gp"]) == pytest.approx(2.0 * float(usual["", "bill", "gp"]))
    assert {key[1] for key in changed} <= {"bill", "cost", "per_avoided", "paid"}


def test_another_file_of_prices_has_its_own_accounts(compared, tmp_path):
    from parcours_sim.scenario.files import scenario_folder

    text = (scenario_folder() / "price.toml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace('name = "fees"', 'name = "bare"'), encoding="utf-8")
    done = call("price", compared[0], "--prices", mine, "--out", tmp_path / "mine")
    assert done.exit_code == 0, done.stderr
    accounts = {key[0] for key in values(tmp_path / "mine" / "price.csv")}
    assert accounts == {"", "bare", "today", "plans", "pathway"}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--set", f"{GP}=60"), "--set: found it without --out"),
        (("--set", "territory.inhabitants=60", "--out", "x"), "a unit cost"),
        (("--set", "territory.costs.gp=60", "--out", "x"), "--set: territory.costs.gp: found an"),
        (("--set", f"{GP}=-1", "--out", "x"), "allowed 0 to 1,000,000,000"),
        (("--prices", "none.toml", "--out", "x"), "none.toml: found nothing there"),
    ],
)
def test_what_cannot_be_priced_is_refused_and_nothing_is_written(
    compared, tmp_path, monkeypatch, args, said
):
    monkeypatch.chdir(tmp_path)
    done = call("price", compared[0], *args)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_a_comparison_is_refused(tmp_path):
    done = call("price", tmp_path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "results folder" in done.stderr


def test_where_figures_cannot_be_written_nothing_is(compared, tmp_path):
    (tmp_path / "figures").write_text("a file", encoding="utf-8")
    folder = compared[0] if isinstance(compared, tuple) else compared
    done = call("price", folder, "--out", tmp_path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert [path.name for path in tmp_path.iterdir()] == ["figures"]
