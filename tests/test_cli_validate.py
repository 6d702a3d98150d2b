"""validate: its table, its files, its JSON and its exit status, on a model of three numbers."""

from __future__ import annotations

import csv
import json
import random
import re
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from parcours_sim.analysis.asked import digest
from parcours_sim.experiment.laboratory import MARK
from parcours_sim.scenario.targets import NotComparable, Row, Rows
from tests.analysis.fitting import A, step, target
from tests.experiment import fakes
from tests.test_cli_calibrate import (
    ALLOWED,
    Begun,
    call,
    fake_model,
    held,
    mistakes,
    stored,
)

UNIT = {"fr": "séjours", "en": "stays"}
STEPS = (
    step(
        *(3, [A], target("as fitted", 100.0, unit=UNIT)),
        target("too far", 200.0, unit=UNIT, note={"fr": "sa note", "en": "the note of it"}),
        replications=2,
        told_replications=2,
    ),
)
END = f"{A} ≤ 0.3"
ACCOUNT = """
[about]
parameter_set = "documents"
model = "model-1"
rounds = 2
settled = true

[values.episodes.heart_failure]
rate_per_year = { value = 0.25, interval = [0.2, 0.3], fitted = "L085 (step 3)" }

[[fit]]
step = 3
evidence = "L085"
what = "as fitted"
unit = "stays"
stated = 100.0
tolerance = 1.0
simulated = 100.0
interval = [99.9, 100.1]
holds = true
verdict = "reproduced"

[[fit]]
step = 3
evidence = "L085"
what = "too far"
unit = "stays"
stated = 200.0
tolerance = 1.0
simulated = 100.0
interval = [99.9, 100.1]
holds = false
verdict = "out of reach"
best = 104.25
against = "ends of ranges"
binding = ["END"]

[[asked]]
step = 3
sha256 = "DIGEST"
""".replace("END", END).replace("DIGEST", digest(STEPS[0]))
FRENCH = {
    "less stays": "moins de séjours",
    "more visits": "plus de passages",
    "visits, per [one] stay": "passages, par séjour",
    "never counted": "jamais compté",
}
KEYS = (
    *("evidence", "simulated", "low", "high", "stated", "stated_low", "stated_high"),
    *("origin", "verdict"),
)
COMMAND = ("validate", "--workers", 1, "--out", "lab")
FILES = (
    "documents.csv",
    "documents.md",
    "figures/documents/validation.png",
    "figures/documents/validation.svg",
)


def text(english: str) -> dict[str, str]:
    return {"fr": FRENCH[english], "en": english}


def row(what: str, outcome: str, low: float, high: float, **keys) -> Row:
    """A change of the second scenario against the first, in per cent."""
    usual = {"evidence": "L086", "what": text(what), "unit": {"fr": "% en plus", "en": "%"}}
    usual |= {"of": "msp", "against": "isole", "kind": "percent", "above": [f"{outcome} all"]}
    return Row(**(usual | {"low": low, "high": high, "stated": (low + high) / 2} | keys))


def rows() -> Rows:
    beside = {"what": text("visits, per [one] stay"), "unit": UNIT, "kind": "level"}
    beside |= {"above": ["ed_visits all"], "below": ["hospitalisations all"]}
    return Rows(
        replications=3,
        row=[
            row("less stays", "hospitalisations", -12.0, -8.0, beside=[beside]),
            row(
                "more visits",
                "ed_visits",
                20.0,
                40.0,
                reason={"fr": "passages [non] comptés ainsi", "en": "visits are [not] counted so"},
            ),
        ],
        not_comparable=[
            NotComparable(
                evidence="L087",
                what=text("never counted"),
                unit=UNIT,
                reason={"fr": "personne ne le compte", "en": "nobody counts it"},
            )
        ],
    )


def rows_of(scenario: Any, seed: int, replication: int) -> dict[str, float]:
    """A tenth fewer stays in the second scenario, as many visits, and a little chance."""
    chance = random.Random(f"{seed}-{replication}").random() * 0.1
    stays = 90.0 if scenario.name == "msp" else 100.0
    return {"hospitalisations": stays + chance, "ed_visits": 50.0 + chance}


def lines_of(printed: str) -> list[str]:
    return [" ".join(line.split()) for line in printed.splitlines()]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch) -> Iterator[Path]:
    """An empty folder to work in; Ctrl-C is heard again afterwards."""
    usual = signal.getsignal(signal.SIGINT)
    place = tmp_path / "here"
    place.mkdir()
    monkeypatch.chdir(place)
    yield place
    signal.signal(signal.SIGINT, usual)


@pytest.fixture
def begun(tmp_path, monkeypatch) -> list[Begun]:
    """Put rows and a model so small in place; return what is simulated from then on."""
    found: list[Begun] = []
    model = fake_model(rows_of, found)
    fitted = tmp_path / "fitted"
    fitted.mkdir()
    (fitted / "documents.toml").write_text(ACCOUNT, encoding="utf-8")
    monkeypatch.setattr("parcours_sim.scenario.fitted.fitted_folder", lambda: fitted)
    monkeypatch.setattr("parcours_sim.experiment.model.installed_model", lambda: model)
    monkeypatch.setattr("parcours_sim.scenario.targets.load_steps", lambda: list(STEPS))
    monkeypatch.setattr("parcours_sim.scenario.targets.load_rows", rows)
    return found


@pytest.fixture
def undrawn(monkeypatch) -> None:
    """Leave the figure out, where it isn't what is asked about."""
    monkeypatch.setattr(
        "parcours_sim.report.validation_figure.draw_validation", lambda *_: list[Path]()
    )


@pytest.fixture
def printed(begun, undrawn) -> list[str]:
    done = call(*COMMAND)
    assert (done.exit_code, done.stderr) == (0, "")
    return lines_of(done.stdout)


@pytest.fixture
def document(begun, undrawn) -> list[dict[str, Any]]:
    done = call(*COMMAND, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "line",
    [
        r"L085 as fitted 100 \S+ to \S+ 100 stays 99 to 101 .* fitted, step 3 by construction",
        r"L085 too far 100 \S+ to \S+ 200 stays 199 to 201 .* fitted, step 3 out of reach",
        r"L086 less stays −9\.99 −\S+ to −\S+ −10 % −12 to −8 literature validated inside",
        r"L086 more visits 0 0 to 0 30 % 20 to 40 literature validated outside",
        r"L087 never counted – – .* not compared not comparable",
    ],
)
def test_every_row_is_printed_with_its_figures_and_its_verdict(printed, line):
    assert len([each for each in printed if re.fullmatch(line, each)]) == 1, printed


def test_what_is_told_beside_a_row_follows_it_and_is_called_predicted(printed):
    (place,) = [n for n, line in enumerate(printed) if line.startswith("L086 less stays")]
    assert re.fullmatch(
        r"visits, per \[one\] stay 0\.556 0\.55\d to 0\.55\d predicted", printed[place + 1]
    )
    assert sum("predicted" in line for line in printed) == 1


def test_why_is_said_of_every_row_that_does_not_agree_and_of_no_other(printed):
    assert [line for line in printed if line.startswith("·")] == [
        (
            "· L085, too far: out of reach, 104 at best in the worlds of the fit "
            f"({END}). the note of it."
        ),
        "· L086, more visits: outside. visits are [not] counted so.",
        "· L087, never counted: not comparable. nobody counts it.",
    ]


def test_rows_are_counted_by_verdict(printed):
    counted = "1 by construction, 1 out of reach, 1 inside, 1 outside, 1 not comparable"
    assert f"5 rows: {counted}." in printed


def test_files_are_named_and_are_there(begun):
    done = call(*COMMAND)
    assert (done.exit_code, done.stderr) == (0, "")
    assert lines_of(done.stdout)[-3:] == [
        "Results: lab",
        "Tables: lab: documents.csv, documents.md",
        f"Figures: {Path('lab', 'figures', 'documents')}: validation.png, validation.svg",
    ]
    assert set(held(Path("lab"))) >= {str(Path(name)) for name in FILES}


def test_the_table_file_has_the_figures_of_the_json(begun, document):
    with Path("lab/documents.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    predicted = [each for each in found if each["role"] == "predicted"]
    assert [each["what"] for each in predicted] == ["visits, per [one] stay"]
    found = [each for each in found if each not in predicted]
    for column in ("simulated", "simulated_low", "simulated_high", "low", "high", "stated", "best"):
        cells = [float(each[column]) if each[column] else None for each in found]
        assert cells == [each[column] for each in document]
    assert [each["verdict"] for each in found] == [each["verdict"] for each in document]


def test_the_page_has_a_line_for_every_row_and_for_what_is_predicted(document):
    page = Path("lab/documents.md").read_text(encoding="utf-8").splitlines()
    told = [each for row in document for each in (row, *row["beside"])]
    assert [line.split(" | ")[1] for line in page[2:]] == [each["what"] for each in told]


def test_as_json_every_row_is_an_object_with_all_keys(document):
    assert [each["verdict"] for each in document] == [
        *("by construction", "out of reach", "inside", "outside", "not comparable")
    ]
    assert all(set(KEYS) <= set(each) for each in document)
    fitted, beyond, inside, _, absent = document
    assert (fitted["evidence"], fitted["origin"], fitted["step"]) == ("L085", "literature", 3)
    assert [fitted[key] for key in ("low", "stated", "high")] == [99.0, 100.0, 101.0]
    assert fitted["simulated"] == pytest.approx(100.05, abs=0.05)
    assert (beyond["best"], beyond["binding"]) == (104.25, [END])
    assert [inside[key] for key in ("stated_low", "stated", "stated_high")] == [-12, -10, -8]
    assert [told["what"] for told in inside["beside"]] == ["visits, per [one] stay"]
    assert absent["simulated"] is None


def test_in_french_what_is_compared_is_said_in_french_and_the_figure_is(begun):
    done = call(*COMMAND, "--language", "fr")
    assert (done.exit_code, done.stderr) == (0, "")
    printed = done.stdout.replace("\u202f", " ").replace("\u00a0", " ")
    table = [line for line in lines_of(printed) if not line.startswith("·")]
    for english, french in FRENCH.items():
        assert sum(french in line for line in table) == 1
        assert not any(english in line for line in table)
    said = " ".join(lines_of(printed))
    for french in ("calé, étape 3", "par construction", "prédit", "littérature", "intervalle à"):
        assert french in said
    assert "· L086, plus de passages : hors de l’intervalle. passages [non] comptés ainsi." in said
    assert "5 lignes : 1 par construction, 1 hors d’atteinte, 1 dans l’intervalle" in said
    words = r"\b(validated|inside|outside|reach|predicted|stated|evidence|rows)\b"
    assert not re.search(words, said)
    assert any("100 séjours" in line for line in table)
    assert any("30 % en plus" in line for line in table)
    assert {path.name for path in Path("lab/figures/documents").iterdir()} == {
        *("validation.fr.png", "validation.fr.svg")
    }


def test_worlds_are_others_than_those_of_the_calibration(begun, undrawn):
    call(*COMMAND)
    assert {(one.seed, one.engine) for one in begun} == {(2, "compiled")}
    assert {one.scenario for one in begun} == {"isole", "msp"}
    begun.clear()
    call(*COMMAND, "--seed", 5)
    assert {one.seed for one in begun} == {5}


def test_under_another_parameter_set_nothing_of_the_first_is_fitted_or_overwritten(begun):
    call(*COMMAND)
    before = held(Path("lab"))
    begun.clear()
    done = call(*COMMAND, "--parameter-set", "literature", "--json")
    assert {one.parameter_set for one in begun} == {"literature"}
    first, second, *_ = json.loads(done.stdout)
    assert [each["role"] for each in (first, second)] == ["validated", "validated"]
    assert [each["verdict"] for each in (first, second)] == ["inside", "outside"]
    after = held(Path("lab"))
    for name in (str(Path(name)) for name in FILES):
        assert after[name] == before[name]
        assert name.replace("documents", "literature") in after


def test_the_same_command_again_simulates_nothing_and_writes_the_same_bytes(begun):
    first = call(*COMMAND)
    wrote = {name: Path("lab", name).read_bytes() for name in FILES}
    assert len(begun) == stored("lab") == 6
    for name in FILES:
        Path("lab", name).unlink()
    begun.clear()
    again = call(*COMMAND)
    assert begun == []
    assert again.stdout == first.stdout
    assert {name: Path("lab", name).read_bytes() for name in FILES} == wrote


def test_results_do_not_depend_on_the_number_of_workers(begun, undrawn):
    for workers in (1, 2):
        assert call("validate", "--workers", workers, "--out", f"lab{workers}").exit_code == 0
    assert Path("lab1/documents.csv").read_bytes() == Path("lab2/documents.csv").read_bytes()


@pytest.mark.parametrize("count", [1, 5])
def test_ctrl_c_says_how_to_resume_and_what_follows_is_as_if_it_had_not_come(begun, count):
    assert call("validate", "--workers", 1, "--out", "whole").exit_code == 0
    begun.clear()
    with fakes.interrupted_when_stored(count):
        done = call(*COMMAND)
    said = "interrupted: what was simulated is stored in lab; the same command resumes\n"
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", said)
    assert not [*Path("lab").glob("*.csv*"), *Path("lab").glob("*.md*")]
    assert not Path("lab/figures").exists()
    assert len(begun) == stored("lab") == count
    assert call(*COMMAND).exit_code == 0
    assert len(begun) == 6
    for name in FILES:
        assert Path("lab", name).read_bytes() == Path("whole", name).read_bytes()


def test_ctrl_c_leaves_a_former_table_as_it_was(begun):
    Path("lab").mkdir()
    Path("lab", MARK).write_text("validation\n")
    Path("lab/documents.csv").write_text("former")
    with fakes.interrupted_when_stored(3):
        assert call(*COMMAND).exit_code == 1
    assert Path("lab/documents.csv").read_text() == "former"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--parameter-set", "litterature"), rf"{ALLOWED.format('litterature')}.*: literature"),
        (("--parameter-set", "both"), ALLOWED.format("both")),
        (("--language", "de"), r"(?s)--language.*'de' is not one of.*en.*fr"),
        (("--workers", 0), "--workers"),
        (("--seed", -1), "--seed"),
        (("--out", ""), "--out"),
        (("documents",), "unexpected extra argument"),
    ],
)
def test_wrong_input_is_refused_before_anything_is_simulated(begun, elsewhere, words, said):
    done = call(*COMMAND, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert re.search(said, done.stderr)
    assert "Traceback" not in done.stderr
    assert begun == []
    assert list(elsewhere.iterdir()) == []


def fitted_file() -> Path:
    from parcours_sim.scenario.fitted import fitted_folder

    return fitted_folder() / "documents.toml"


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_link_that_leads_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to("gone.toml")


def with_other_text(old: str, new: str, path: Path) -> None:
    assert old in ACCOUNT
    path.write_text(ACCOUNT.replace(old, new, 1), encoding="utf-8")


KEPT = '\n[[kept]]\nstep = 55\nparameters = ["a"]\n\n[[fit]]'


@pytest.mark.parametrize(
    ("made", "key"),
    [
        (a_folder, ""),
        (a_link_that_leads_nowhere, ""),
        (partial(with_other_text, ACCOUNT, ""), ""),
        (partial(with_other_text, '"documents"', '"literature"'), "about.parameter_set"),
        (partial(with_other_text, '"as fitted"', '"as fited"'), "fit.0.what"),
        (partial(with_other_text, ACCOUNT[ACCOUNT.index("[[fit]]") :], ""), "fit"),
        (partial(with_other_text, "stated = 100.0", "stated = 99.0"), "fit.0.stated"),
        (partial(with_other_text, "tolerance = 1.0", "tolerance = 9.0"), "fit.0.tolerance"),
        (partial(with_other_text, "holds = true", "holds = false"), "fit.0.verdict"),
        (partial(with_other_text, "[[fit]]", KEPT), "kept.0.step"),
        (
            partial(
                with_other_text,
                "rate_per_year = { value = 0.25",
                '"crisis.admitted_share" = { value = 0.8',
            ),
            "values.episodes.heart_failure",
        ),
    ],
)
def test_a_wrong_fitted_file_is_refused_before_anything_is_simulated(begun, elsewhere, made, key):
    made(fitted_file())
    done = call(*COMMAND)
    assert (done.exit_code, done.stdout) == (2, "")
    first = done.stderr.splitlines()[0]
    assert re.search(rf"documents\.toml: {re.escape(key)}.*found .*, allowed ", first)
    assert "parcours-sim calibrate" in first
    assert "Traceback" not in done.stderr
    assert begun == []
    assert list(elsewhere.iterdir()) == []


def test_a_fit_of_another_version_is_said_on_standard_error_and_in_the_json(begun, undrawn):
    before = call(*COMMAND, "--json")
    assert before.stderr == ""
    table = Path("lab/documents.csv").read_bytes()
    assert [each["fit_doubts"] for each in json.loads(before.stdout)] == [[]] * 5
    with_other_text('"model-1"', '"000"', fitted_file())
    done = call(*COMMAND, "--json")
    assert done.exit_code == 0
    (said,) = done.stderr.splitlines()
    assert re.search(r"documents\.toml: about\.model: .*000 instead of model-1", said)
    rows = json.loads(done.stdout)
    assert [each["fit_doubts"] for each in rows] == [[said]] * 5
    assert [{**each, "fit_doubts": []} for each in rows] == json.loads(before.stdout)
    assert Path("lab/documents.csv").read_bytes() == table


@pytest.mark.parametrize(("before", "said"), mistakes("calibration"))
def test_a_folder_that_holds_something_else_is_refused_and_left_as_it_is(begun, before, said):
    before(Path("lab"))
    there = held(Path("lab"))
    done = call(*COMMAND)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"{said}, not a validation; choose another --out\n"
    assert held(Path("lab")) == there
    assert begun == []


def test_an_out_that_is_a_file_is_refused(begun):
    Path("lab").write_text("mine")
    done = call(*COMMAND)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "lab: is a file, not a folder; choose another --out\n"
    assert Path("lab").read_text() == "mine"


def test_without_out_results_are_in_the_usual_folder(begun, undrawn):
    assert call("validate", "--workers", 1).exit_code == 0
    assert Path("results/validation/documents.csv").is_file()
