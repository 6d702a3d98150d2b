"""README and docs say what is so: commands run, files, keys, ids and names exist, examples work."""

import csv
import re
import shlex
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from parcours_sim.analysis.paired import DIFFERENCE_COLUMNS
from parcours_sim.care import order
from parcours_sim.cli import app
from parcours_sim.engine import simulate
from parcours_sim.experiment.result import OutcomeRow
from parcours_sim.report.price_table import COLUMNS as PRICE_COLUMNS
from parcours_sim.report.quality_table import COLUMNS as QUALITY_COLUMNS
from parcours_sim.scenario.evidence import load_ledger
from parcours_sim.scenario.resolve import flat_keys, load_scenario, named_scenarios
from parcours_sim.scenario.targets import load_rows, load_steps

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
SIMULATING = {"run", "compare", "sweep", "warm-up", "attribute"}
TINY = {
    "territory.inhabitants": "1000",
    "horizon.years": "0.1",
    "horizon.warm_up_years": "0.05",
}
ROOTS = ("horizon", "territory", "episodes", "before", "organisation")
FOLDERS = ("", "src/parcours_sim/")
"""Where a path in the docs begins: at the repository, or inside the package."""
KEPT = "results/reference/"
"""Results kept with the project; a source distribution has none."""
OF_THE_USER = ("results/", "library/", ".venv/")
"""Where paths in the docs begin that are the reader's own."""


@dataclass(frozen=True)
class Block:
    """A fenced code block: its language and its text."""

    language: str
    text: str


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str) -> list[Block]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [Block(language, inside) for language, inside in found]


def prose(text: str) -> str:
    """Return a page without its code blocks."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def in_backticks(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", prose(text))


def commands(text: str) -> list[list[str]]:
    """Return the words of every documented command, in order."""
    lines = [block.text.splitlines() for block in blocks(text) if block.language == "console"]
    return [shlex.split(line.removeprefix("$ ")) for block in lines for line in block]


def example_files(text: str) -> dict[str, str]:
    """Return the example files of a page by the name that their first line gives."""
    files = {}
    for block in blocks(text):
        named = re.match(r"# ([\w/]+\.toml)\b", block.text)
        if block.language == "toml" and named:
            files[named[1]] = block.text
    return files


def shortened(words: list[str]) -> list[str]:
    """Return a command that simulates, on a territory so small that it takes a moment."""
    kept: list[str] = []
    rest = iter(words)
    for word in rest:
        if word in ("--replications", "--workers"):
            next(rest)
        elif word == "--set":
            change = next(rest)
            kept += [] if change.partition("=")[0] in TINY else [word, change]
        else:
            kept.append(word)
    for key, value in TINY.items():
        kept += ["--set", f"{key}={value}"]
    return [*kept, "--replications", "2", "--workers", "1"]


@cache
def key_paths() -> frozenset[str]:
    """Return every key path of every named scenario, and the tables on the way to it."""
    found: set[str] = set()
    for name in named_scenarios():
        for key, _ in flat_keys(load_scenario(name)):
            parts = key.split(".")
            found |= {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
    return frozenset(found)


def is_key(path: str) -> bool:
    pattern = re.compile(re.escape(path).replace(r"\*", r"\w+"))
    return any(pattern.fullmatch(key) for key in key_paths())


def found_path(path: str) -> Path | None:
    """Return what a path in the docs stands for, or None."""
    return next((ROOT / base / path for base in FOLDERS if (ROOT / base / path).exists()), None)


def anchors(page: Path) -> set[str]:
    """Return the names under which headings can be linked to."""
    headings = re.findall(r"^#+ (.+)$", prose(page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_there_are_pages_with_commands_and_examples():
    assert {"README.md", "docs/model.md", "docs/design.md", "docs/verification.md"} <= set(NAMES)
    assert sum(len(commands(read(name))) for name in NAMES) > 15
    assert sum(len(example_files(read(name))) for name in NAMES) > 5


@pytest.mark.parametrize("name", NAMES)
def test_every_documented_command_runs_on_the_files_of_its_page(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for file, text in example_files(read(name)).items():
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        Path(file).write_text(text, encoding="utf-8")
    for program, *words in commands(read(name)):
        if program != "parcours-sim":
            continue
        asked = shortened(words) if words[0] in SIMULATING else words
        done = CliRunner().invoke(app, asked)
        assert done.exit_code == 0, f"{words}\n{done.stderr}"


@pytest.mark.parametrize("name", NAMES)
def test_other_commands_are_targets_of_the_makefile_or_the_installation(name):
    targets = set(re.findall(r"^(\w+):", read("Makefile"), re.MULTILINE))
    for words in commands(read(name)):
        if words[0] == "make":
            assert set(words[1:]) <= targets, words
        elif words[0] != "parcours-sim":
            assert words == ["pip", "install", "."]
    for target in re.findall(r"`make (\w+)`", read(name)):
        assert target in targets


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_a_console_block_is_a_command(name):
    for block in blocks(read(name)):
        if block.language == "console":
            assert all(line.startswith("$ ") for line in block.text.splitlines()), block.text


@pytest.mark.parametrize("name", NAMES)
def test_every_key_path_named_exists(name):
    pattern = re.compile(rf"(?:{'|'.join(ROOTS)})(?:\.[a-z0-9_*]+)+")
    text = read(name)
    written = re.findall(r'^"([\w.]+)" = ', text, re.MULTILINE)
    named = [word.partition("=")[0] for word in in_backticks(text)]
    keys = [*written, *(word for word in named if pattern.fullmatch(word))]
    assert [key for key in keys if not is_key(key)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_evidence_id_named_is_in_the_ledger(name):
    ids = set(re.findall(r"\b[SLX]\d{2,3}[a-z]?\b", read(name)))
    assert sorted(row for row in ids if row not in load_ledger()) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_relative_link_leads_somewhere(name):
    page = ROOT / name
    for target in re.findall(r"\]\(([^)\s]+)\)", read(name)):
        file, _, anchor = target.partition("#")
        if file.startswith(KEPT) and not (ROOT / KEPT).exists():
            continue
        linked = page.parent / file if file else page
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), target


@pytest.mark.parametrize("name", NAMES)
def test_every_path_and_every_name_in_a_file_exists(name):
    for word in in_backticks(read(name)):
        file, _, inside = word.partition("::")
        if not re.fullmatch(r"[\w.-]+/[\w./-]*", file) or file.startswith(OF_THE_USER):
            continue
        path = found_path(file)
        assert path is not None, word
        if inside:
            defined = rf"^\s*(?:(?:def|class) {inside}\b|{inside}\b[^=\n]*= )"
            assert re.search(defined, path.read_text(encoding="utf-8"), re.MULTILINE), word


def test_the_asthma_example_is_a_scenario_in_which_asthma_happens(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = example_files(read("docs/add-an-episode.md"))["asthma.toml"]
    Path("asthma.toml").write_text(text, encoding="utf-8")
    small = {"territory.inhabitants": 1500, "horizon.years": 0.5, "horizon.warm_up_years": 0}
    result = simulate(load_scenario("asthma.toml", changes=small), 1, 0)
    counted = {(outcome, group): value for outcome, group, value in result.rows}
    assert counted["person_years", "condition:asthma"] == pytest.approx(0.5 * 74, rel=0.05)
    attacks = counted["episodes", "kind:asthma_attack"]
    assert 0 < attacks < 0.5 * counted["person_years", "condition:asthma"]
    assert counted["crises", "kind:asthma_attack"] > 0


def test_the_order_of_events_in_the_docs_is_that_of_the_code():
    rows = re.findall(r"^\| (\d+) \| `([A-Z_]+)` \|", read("docs/design.md"), re.MULTILINE)
    classes = {name: value for name, value in vars(order).items() if name.isupper()}
    assert {name: int(number) for number, name in rows} == classes
    assert [int(number) for number, _ in rows] == sorted(classes.values())


def test_the_columns_of_the_tables_in_the_readme_are_those_written():
    listed = [word for word in in_backticks(read("README.md")) if word.count(",") > 3]
    assert [word.split(",") for word in listed] == [
        list(OutcomeRow._fields),
        list(DIFFERENCE_COLUMNS),
        list(PRICE_COLUMNS),
        list(QUALITY_COLUMNS),
    ]


def test_the_reference_table_has_all_organisations_of_the_reference_comparison():
    block = re.search(
        r"<!-- reference:begin -->(.*)<!-- reference:end -->", read("README.md"), re.DOTALL
    )
    rows = re.findall(r"^\| `(\w+)`", block[1], re.MULTILINE)
    study = tomllib.loads((ROOT / "scenarios/studies/reference.toml").read_text(encoding="utf-8"))
    assert [study["baseline"], *rows] == study["scenarios"]


@pytest.mark.parametrize(("column", "parameter_set"), [(0, "documents"), (1, "literature")])
def test_figures_of_the_reference_table_are_those_of_the_reference_results(column, parameter_set):
    kept = (ROOT / KEPT / parameter_set / "differences.csv").read_text(encoding="utf-8")
    net = {
        line["scenario"]: tuple(-float(line[key]) for key in ("mean_difference", "high", "low"))
        for line in csv.DictReader(kept.splitlines())
        if (line["outcome"], line["group"]) == ("hospitalisations", "all")
    }
    figures = r"(−?[\d.]+) \((−?[\d.]+) to (−?[\d.]+)\)"
    pattern = rf"^\| `(\w+)`[^|]*\| {figures} \| [^|]* \| {figures} \|"
    shown = re.findall(pattern, read("README.md"), re.MULTILINE)
    assert len(shown) == len(net)
    for scenario, *both in shown:
        told = (float(each.replace("−", "-")) for each in both[3 * column : 3 * column + 3])
        assert tuple(told) == pytest.approx(net[scenario], abs=0.051), scenario


def test_every_row_of_the_proofs_has_a_promise_a_test_and_how_it_was_broken():
    rows = re.findall(r"^\| (.*) \|$", read("docs/verification.md"), re.MULTILINE)
    proofs = [row.split(" | ") for row in rows if not row.endswith("seen red")]
    assert len(proofs) > 40
    for proof in proofs:
        promise, test, broken = proof
        assert promise.strip(), proof
        assert re.fullmatch(r"`tests/[\w/]+\.py::test_\w+`", test), proof
        assert broken.strip(), proof


def test_the_french_summary_is_typeset_as_french_is():
    french = re.sub(r"`[^`]*`", "", read("README.md").split("## En français\n")[1])
    assert "'" not in french
    assert re.findall(r"[^\u202f][;?!%]", french) == []
    assert re.findall(r"[^\u00a0]:", french) == []
    assert re.findall(r"\d \d{3}", french) == []
    assert len(re.findall("[\u00a0\u202f]", french)) > 5


@pytest.mark.parametrize("name", [*NAMES, "CHANGELOG.md"])
def test_pages_name_no_address_and_no_folder_of_one_machine(name):
    assert re.findall(r"https?://\S+|(?<![\w.])/(?:\w+/)+\w*", read(name)) == []


VALIDATION = ROOT / "results" / "reference" / "validation"


def test_the_table_of_validation_is_the_one_that_the_command_made():
    page = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    made = (VALIDATION / "documents.md").read_text(encoding="utf-8")
    assert made in page
    verdicts = [line["verdict"] for line in validation("documents")]
    for verdict in set(verdicts):
        assert f"{verdicts.count(verdict)} {verdict}" in made_one_line(page), verdict
    assert f"Of {len(verdicts)} rows" in page


@pytest.mark.parametrize("parameter_set", ["documents", "literature"])
def test_the_validation_that_is_kept_has_a_row_for_all_evidence_that_is_compared(parameter_set):
    rows = load_rows()
    expected = [
        *((one.evidence, one.what.en) for step in load_steps() for one in step.target),
        *((row.evidence, row.what.en) for row in (*rows.row, *rows.not_comparable)),
    ]
    assert [(line["evidence"], line["what"]) for line in validation(parameter_set)] == expected


def test_every_row_that_was_never_fitted_and_is_outside_says_why():
    reasons = {(row.evidence, row.what.en): row.reason for row in load_rows().row}
    outside = [line for line in validation("documents") if line["verdict"] == "outside"]
    of_rows = [line for line in outside if line["role"] == "validated"]
    assert len(of_rows) > 10
    assert [line["what"] for line in of_rows if not reasons[line["evidence"], line["what"]]] == []
    assert [line["what"] for line in outside if not line["note"]] == []


def validation(parameter_set: str) -> list[dict[str, str]]:
    """Give the rows that `make validate` keeps, without what was predicted beside them."""
    text = (VALIDATION / f"{parameter_set}.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return [row for row in rows if row["role"] != "predicted"]


def made_one_line(text: str) -> str:
    """Give a text without its line breaks."""
    return " ".join(text.split())


def test_the_catalogue_is_what_the_scenario_files_say():
    found = CliRunner().invoke(app, ["list", "--page"])
    assert found.exit_code == 0
    assert (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8") == found.stdout
