"""The ledger: every row loads, and a wrong row is refused by id and field."""

import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from parcours_sim.scenario.errors import ScenarioError
from parcours_sim.scenario.evidence import EvidenceRow, Ledger, load_ledger, read_ledger

SCENARIOS = Path(__file__).parents[2] / "scenarios"
GOOD = {
    "id": "L028",
    "statement": "Wait for an appointment",
    "value": 2.0,
    "low": 1.0,
    "high": 6.0,
    "unit": "days",
    "source": "DREES",
    "origin": "literature",
    "role": "calibration",
    "grade": "A+D",
}
# Rows in which the source's own figure lies outside its plausible range. There are none; one that
# appears must be argued here.
OUTSIDE_THEIR_RANGE: set[str] = set()


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return read_ledger(SCENARIOS / "evidence.toml")


def refused(changes: dict[str, object]) -> list[tuple[str, ...]]:
    with pytest.raises(ValidationError) as caught:
        EvidenceRow.model_validate({**GOOD, **changes})
    return [tuple(map(str, error["loc"])) for error in caught.value.errors()]


def test_every_table_of_the_file_becomes_a_row(ledger):
    tables = tomllib.loads((SCENARIOS / "evidence.toml").read_text(encoding="utf-8"))
    assert len(ledger) == len(tables) == 192
    for row in ledger.rows():
        written = row.model_dump(exclude_none=True, exclude={"id"})
        assert written == tables[row.id]


def test_rows_come_from_each_kind_of_source(ledger):
    letters = [row.id[0] for row in ledger.rows()]
    assert {letter: letters.count(letter) for letter in "SLX"} == {"S": 26, "L": 149, "X": 17}


def test_the_loaded_ledger_is_the_packaged_file_and_is_read_once(ledger):
    assert load_ledger() == ledger
    assert load_ledger() is load_ledger()


def test_statements_of_the_documents_and_only_they_have_their_french_sentence(ledger):
    with_quote = {row.id for row in ledger.rows() if row.quote}
    assert with_quote == {row.id for row in ledger.rows() if row.id.startswith("S")}


def test_quotes_keep_french_accents_and_typography(ledger):
    assert ledger["S01"].quote == (
        "près de 40\N{NO-BREAK SPACE}% des médecins généralistes exerçaient encore"
        " sous ce mode classique"
    )
    assert "l’exercice en équipe" in ledger["S10"].quote


def test_values_lie_within_their_ranges_but_for_named_exceptions(ledger):
    outside = set()
    for row in ledger.rows():
        if row.value is not None:
            below = row.low is not None and row.value < row.low
            above = row.high is not None and row.value > row.high
            if below or above:
                outside.add(row.id)
    assert outside == OUTSIDE_THEIR_RANGE


def test_only_directions_and_findings_in_words_have_no_value(ledger):
    without = {row.id for row in ledger.rows() if row.value is None}
    assert without == {"S11", "S12", "S18", "L131", "L136", "L138"}
    assert all(row.low is row.high is None for row in ledger.rows() if row.id in without)


def test_everything_but_the_documents_statements_carries_a_grade(ledger):
    assert {row.id for row in ledger.rows() if not row.grade} == {
        row.id for row in ledger.rows() if row.origin == "documents"
    }


@pytest.mark.parametrize(("grade", "origin"), [("M", "unverified"), ("X", "assumption")])
def test_grades_of_doubt_go_with_their_origin(ledger, grade, origin):
    graded = {row.id for row in ledger.rows() if row.grade == grade}
    assert graded == {row.id for row in ledger.rows() if row.origin == origin}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"id": "Z01"}, "id"),
        ({"id": "L1"}, "id"),
        ({"value": "2"}, "value"),
        ({"value": float("nan")}, "value"),
        ({"high": float("inf")}, "high"),
        ({"origin": "rumour"}, "origin"),
        ({"role": "decoration"}, "role"),
        ({"grade": "C"}, "grade"),
        ({"unit": ""}, "unit"),
        ({"vlaue": 2.0}, "vlaue"),
    ],
)
def test_a_wrong_field_is_refused_by_name(changes, place):
    assert refused(changes) == [(place,)]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"value": 7.0}, "must rise"),
        ({"value": None, "low": 7.0}, "must rise"),
        ({"value": 0.5}, "must rise"),
        ({"origin": "assumption"}, "origin of L028"),
        ({"origin": "documents"}, "origin of L028"),
        ({"quote": "une phrase"}, "quote belongs"),
        ({"id": "S28", "origin": "documents"}, "quote belongs"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(changes, reason):
    assert refused(changes) == [()]
    with pytest.raises(ValidationError, match=reason):
        EvidenceRow.model_validate({**GOOD, **changes})


@pytest.mark.parametrize(
    ("text", "key", "found"),
    [
        (
            '[L001]\nstatement = "Prevalence"\nunit = "%"\norigin = "literature"\nrole = "input"',
            "L001.source",
            "nothing",
        ),
        ("L001 = 5", "L001", "5"),
        ("[LL01]", "LL01.id", '"LL01"'),
        ("[L001\nvalue = 1", "line 1", "expected"),
    ],
)
def test_a_wrong_ledger_is_refused_with_its_file_id_and_field(tmp_path, text, key, found):
    path = tmp_path / "evidence.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_ledger(path)
    places = {finding.key: finding for finding in caught.value.findings}
    assert found in places[key].found
    assert places[key].file.endswith("evidence.toml")


def test_a_missing_ledger_is_called_by_that_name(tmp_path):
    with pytest.raises(ScenarioError) as error:
        read_ledger(tmp_path / "evidence.toml")
    (found,) = error.value.findings
    assert found.file.endswith("evidence.toml")
    assert (found.code, found.allowed) == ("not-found", "the ledger of evidence")


def test_a_table_cannot_carry_the_id_of_another(ledger):
    row = {**GOOD, "id": "L029"}
    with pytest.raises(ValidationError, match="L028 must not carry the id L029"):
        Ledger.model_validate({"L028": row})


def test_an_unknown_id_is_answered_with_the_nearest(ledger):
    assert "S99" not in ledger
    assert ledger.nearest("X1a") == "X01a"
    with pytest.raises(KeyError, match="nearest: X01a"):
        ledger["X1a"]


def test_rows_cannot_be_changed(ledger):
    with pytest.raises(ValidationError, match="frozen"):
        ledger["L028"].value = 3.0
