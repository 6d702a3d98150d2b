"""Wrong files of targets and rows are refused as they are read, by file, key and nearest name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from parcours_sim.scenario import target_checks
from parcours_sim.scenario.errors import Finding, ScenarioError
from parcours_sim.scenario.evidence import load_ledger
from parcours_sim.scenario.targets import load_rows, load_steps

STEP = """
step = 1
title = { fr = "A", en = "A" }
repeated = true
out_of_reach = "best"
replications = 4
told_replications = 4
sets = ["documents"]

[[free]]
keys = ["episodes/copd rate_per_year"]
why = "stays"

[[target]]
evidence = "L085"
what = { en = "A", fr = "A" }
unit = { en = "%", fr = "%" }
of = "isole"
above = ["patients_hospitalised kind:copd"]
below = ["person_years condition:copd"]
factor = 100.0
"""
OTHER = (
    STEP.replace("step = 1", "step = 3")
    .replace("copd rate", "heart_failure rate")
    .replace('en = "A", fr', 'en = "B", fr')
)
"""A step that goes with the first."""
ABOVE = '"patients_hospitalised kind:copd"'
FREE = '"episodes/copd rate_per_year"'
CHANGE = 'of = "msp"\nagainst = "isole"\nkind = "percent"'
RATIO = CHANGE.replace("percent", "ratio")
BESIDE = """
[[target.beside]]
what = { en = "A", fr = "A" }
unit = { en = "%", fr = "%" }
kind = "level"
above = ["deaths all"]
below = ["person_years all"]
"""
ROW = """
[[row]]
evidence = "L085"
what = { en = "A", fr = "A" }
unit = { en = "%", fr = "%" }
of = "isole"
above = ["patients_hospitalised kind:copd"]
"""
ROWS = f"replications = 4\nnot_comparable = []\n{ROW}"
NO_ROWS = "replications = 4\nrow = []\n[[not_comparable]]\n"
WORDS = "".join(f'{name} = {{ en = "A", fr = "A" }}\n' for name in ("what", "unit", "reason"))
ABSENT = f'[[not_comparable]]\nevidence = "L085"\n{WORDS}'
DIRECTION = "S11"
"""Evidence that states a direction only."""


def findings(load: Callable[[], object]) -> list[Finding]:
    with pytest.raises(ScenarioError) as error:
        load()
    return list(error.value.findings)


def of_steps(tmp_path: Path, **texts: str) -> list[Finding]:
    """Return what is wrong with steps, each in the file `NAME.toml`."""
    for name, text in texts.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return findings(lambda: load_steps(tmp_path))


def of_rows(tmp_path: Path, text: str) -> list[Finding]:
    (tmp_path / "wrong.toml").write_text(text, encoding="utf-8")
    return findings(lambda: load_rows(tmp_path / "wrong.toml"))


def only(found: list[Finding]) -> Finding:
    """Return the one finding, having seen the file's name in it."""
    (finding,) = found
    assert finding.file.endswith("wrong.toml")
    return finding


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def refused_step(tmp_path: Path, old: str, new: str) -> Finding:
    return only(of_steps(tmp_path, wrong=changed(STEP, old, new)))


def refused_row(tmp_path: Path, old: str, new: str) -> Finding:
    return only(of_rows(tmp_path, changed(ROWS, old, new)))


def test_the_files_that_the_wrong_ones_are_made_of_are_right(tmp_path: Path):
    for name, text in (("b", OTHER), ("c", STEP + BESIDE)):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    assert [step.step for step in load_steps(tmp_path)] == [1, 3]
    (tmp_path / "rows.txt").write_text(ROWS, encoding="utf-8")
    assert len(load_rows(tmp_path / "rows.txt").row) == 1


# --- one table ---


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("factor =", "facteur =", "target.0.facteur"),
        ("repeated =", "repeats =", "repeats"),
        ("why =", "reason =", "free.0.reason"),
    ],
)
def test_an_unknown_key_is_refused_where_it_stands(tmp_path: Path, old, new, key):
    found = of_steps(tmp_path, wrong=changed(STEP, old, new))
    (finding,) = [each for each in found if each.code == "unknown-key"]
    assert finding.file.endswith("wrong.toml")
    assert finding.key == key


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('of = "isole"', 'of = "isole"\nkind = "percent"', "without `against`"),
        ('of = "isole"', 'of = "isole"\nagainst = "msp"', "with `against`"),
        ('of = "isole"', 'of = "isole"\ndefinition = "d1"', "both or neither"),
        (f"above = [{ABOVE}]", "", "both or neither"),
    ],
)
def test_a_measure_that_does_not_hold_together_is_refused(tmp_path: Path, old, new, said):
    found = refused_step(tmp_path, old, new)
    assert said in found.found
    assert found.key == "target.0"


@pytest.mark.parametrize(
    "key", ["crises", "crises ", " all", "crises kind:copd all", "", "-", "- all"]
)
def test_an_outcome_without_a_group_is_refused_with_an_example(tmp_path: Path, key: str):
    found = refused_step(tmp_path, ABOVE, f'"{key}"')
    assert (found.key, found.code) == ("target.0.above.0", "bad-text")
    assert found.found == f'"{key}"'
    assert "hospitalisations kind:copd" in found.allowed


@pytest.mark.parametrize(
    "key", ["copd rate_per_year", "episodes/copd", "a/b/c rate", "episodes/copd rate per_year"]
)
def test_a_free_key_of_another_form_is_refused_with_an_example(tmp_path: Path, key: str):
    found = refused_step(tmp_path, FREE, f'"{key}"')
    assert (found.key, found.code) == ("free.0.keys.0", "bad-text")
    assert found.found == f'"{key}"'
    assert "episodes/copd rate_per_year" in found.allowed


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("replications = 4", "replications = 1", "replications"),
        ('"best"', '"worst"', "out_of_reach"),
        ('sets = ["documents"]', 'sets = ["both"]', "sets.0"),
        ('sets = ["documents"]', "sets = []", "sets"),
        ("factor = 100.0", "sets = []", "target.0.sets"),
        ("factor = 100.0", "factor = nan", "target.0.factor"),
        ("factor = 100.0", "tolerance_percent = 0.0", "target.0.tolerance_percent"),
        ("factor = 100.0", "tolerance_points = -1.0", "target.0.tolerance_points"),
        (f"keys = [{FREE}]", "keys = []", "free.0.keys"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_key(tmp_path: Path, old, new, key):
    assert refused_step(tmp_path, old, new).key == key


def test_a_file_that_is_no_toml_is_refused_by_name(tmp_path: Path):
    assert only(of_steps(tmp_path, wrong="step = = 1")).key == "line 1"


# --- names ---


def test_unknown_evidence_is_refused_with_the_nearest(tmp_path: Path):
    found = refused_step(tmp_path, '"L085"', '"L999"')
    assert (found.found, found.code) == ('"L999"', "unknown-name")
    assert found.key == "target.0.evidence"
    assert found.nearest in load_ledger()


def test_unknown_evidence_of_a_row_that_is_not_compared_is_refused_too(tmp_path: Path):
    words = f'evidence = "S99"\n{WORDS}'
    found = only(of_rows(tmp_path, NO_ROWS + words))
    assert (found.found, found.code) == ('"S99"', "unknown-name")
    assert found.key == "not_comparable.0.evidence"


@pytest.mark.parametrize(
    ("key", "found", "nearest"),
    [
        ("hospitalisation kind:copd", "hospitalisation", "hospitalisations"),
        ("-ed_visit all", "ed_visit", "ed_visits"),
        ("inhabitants_years all", "inhabitants_years", "inhabitant_years"),
        ("hospitalisations kind:copt", "kind:copt", "kind:copd"),
        ("hospitalisations copd", "copd", "condition:copd"),
        ("-hospitalisations age:75", "age:75", "age:75+"),
        ("hospitalisations practice:isolé", "practice:isolé", "practice:isole"),
        ("messages_sent link:nurse_to_gps", "link:nurse_to_gps", "link:nurse_to_gp"),
    ],
)
@pytest.mark.parametrize("where", ["above", "below", "beside"])
def test_an_outcome_or_a_group_that_is_none_is_refused_with_the_nearest(
    tmp_path: Path, where: str, key: str, found: str, nearest: str | None
):
    places = {"above": (STEP, ABOVE), "below": (STEP, '"person_years condition:copd"')}
    text, old = places.get(where, (STEP + BESIDE, '"person_years all"'))
    (finding,) = of_steps(tmp_path, wrong=changed(text, old, f'"{key}"'))
    place = {"beside": "target.0.beside.0.below.0"}.get(where, f"target.0.{where}.0")
    assert (finding.key, finding.code) == (place, "unknown-name")
    assert finding.found == f'"{found}"'
    assert finding.nearest == nearest


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("response_median_days condition:copd", "kind:copd"),
        ("person_years kind:copd", "condition:copd"),
        ("gp_wait_mean_days kind:copd", "condition:copd"),
        ("messages_sent age:75+", None),
        ("inhabitant_years age:75+", None),
    ],
)
def test_a_group_by_which_an_outcome_is_never_counted_is_refused(
    tmp_path: Path, key: str, nearest: str | None
):
    found = refused_step(tmp_path, ABOVE, f'"{key}"')
    assert (found.key, found.code) == ("target.0.above.0", "unknown-name")
    assert found.nearest == nearest
    assert found.allowed.startswith(f"a group of {key.partition(' ')[0]}: one of all")


@pytest.mark.parametrize("key", ["-deaths practice:isole", "inhabitant_years all", "ed_visits all"])
def test_an_outcome_by_a_group_of_its_own_is_accepted_with_a_minus_too(tmp_path: Path, key: str):
    path = tmp_path / "right.toml"
    path.write_text(changed(STEP, ABOVE, f'"{key}"'), encoding="utf-8")
    assert load_steps(tmp_path)[0].target[0].above == [key]


def test_a_group_must_be_one_of_every_scenario_that_the_figure_is_read_of(tmp_path: Path):
    key = '"hospitalisations practice:msp_avec_si"'
    text = changed(changed(STEP, 'of = "isole"', CHANGE), ABOVE, key) + BESIDE
    text = changed(text, '"deaths all"', '"deaths practice:msp_avec_si"')
    found = only(of_steps(tmp_path, wrong=text))
    assert (found.key, found.found) == ("target.0.above.0", '"practice:msp_avec_si"')


@pytest.mark.parametrize(
    ("key", "new", "code", "nearest"),
    [
        ("of", 'of = "isol"', "unknown-name", "isole"),
        ("of", 'of = "evidence"', "unknown-name", None),
        ("against", 'of = "isole"\nkind = "percent"\nagainst = "mspp"', "unknown-name", "msp"),
        ("of", 'of = "isole.toml"', "bad-name", None),
    ],
)
def test_a_scenario_that_is_not_named_is_refused_with_the_nearest(
    tmp_path: Path, key: str, new: str, code: str, nearest: str | None
):
    found = refused_step(tmp_path, 'of = "isole"', new)
    assert (found.key, found.code, found.nearest) == (f"target.0.{key}", code, nearest)
    assert code == "bad-name" or found.allowed.startswith("one of bus_prevention_grand_est, centre")


def test_a_change_against_the_same_scenario_is_refused(tmp_path: Path):
    found = refused_step(tmp_path, 'of = "isole"', changed(CHANGE, "msp", "isole"))
    assert (found.key, found.code) == ("target.0.against", "twice")


def test_what_is_told_beside_a_level_is_no_change(tmp_path: Path):
    text = changed(STEP + BESIDE, 'kind = "level"', 'kind = "points"')
    found = only(of_steps(tmp_path, wrong=text))
    assert (found.key, found.code) == ("target.0.beside.0.kind", "missing-key")


def test_a_scenario_that_cannot_be_loaded_is_told_once(tmp_path: Path, monkeypatch):
    def broken(name: str, **_: object) -> None:
        raise ScenarioError([Finding(f"{name}.toml", "horizon.years", "0", "more than 0")])

    monkeypatch.setattr(target_checks, "load_scenario", broken)
    text = changed(STEP, ABOVE, f'{ABOVE}, "hospitalisation all"') + BESIDE
    found = of_steps(tmp_path, wrong=text)
    assert [each.file.rpartition("/")[2] for each in found] == ["isole.toml", "wrong.toml"]


# --- free parameters ---


@pytest.mark.parametrize(
    ("key", "code", "nearest"),
    [
        ("episodes/copt rate_per_year", "unknown-name", FREE.strip('"')),
        ("episode/copd rate_per_year", "unknown-name", FREE.strip('"')),
        ("../isole episodes", "unknown-name", None),
        ("episodes/copd rate_per_yeer", "unknown-key", FREE.strip('"')),
        (
            "episodes/copd crisis.admited_share",
            "unknown-key",
            "episodes/copd crisis.admitted_share",
        ),
        ("episodes/copd crisis", "unknown-key", None),
        ("episodes/copd rate_per_year.value", "unknown-key", FREE.strip('"')),
    ],
)
def test_a_free_parameter_that_is_no_number_of_the_library_is_refused_with_the_nearest(
    tmp_path: Path, key: str, code: str, nearest: str | None
):
    found = refused_step(tmp_path, FREE, f'{FREE}, "{key}"')
    assert (found.key, found.code, found.found) == ("free.0.keys.1", code, f'"{key}"')
    assert nearest is None or found.nearest == nearest


def test_a_free_parameter_without_room_to_move_is_refused(tmp_path: Path, monkeypatch):
    fixed = {"rate_per_year": {"value": 1.0, "low": 1.0, "high": 1.0}}
    monkeypatch.setattr(target_checks, "packaged_numbers", lambda *_: fixed)
    found = refused_step(tmp_path, 'why = "stays"', 'why = "visits"')
    assert (found.key, found.code) == ("free.0.keys.0", "out-of-bounds")


def test_a_parameter_that_is_free_twice_in_a_step_is_refused(tmp_path: Path):
    keys = f'["episodes/copd crisis.admitted_share", {FREE}]'
    more = f'why = "stays"\n[[free]]\nkeys = {keys}\nwhy = "visits"'
    found = refused_step(tmp_path, 'why = "stays"', more)
    assert (found.key, found.code) == ("free.1.keys.1", "twice")
    assert found.allowed.endswith("wrong.toml: free.0.keys.0")


def test_a_parameter_that_is_free_in_two_steps_of_a_set_is_refused(tmp_path: Path):
    other = changed(OTHER, "heart_failure rate", "copd rate")
    (found,) = of_steps(tmp_path, early=STEP, late=other)
    assert found.file.endswith("late.toml")
    assert (found.key, found.code) == ("free.0.keys.0", "twice")
    assert found.allowed.endswith("early.toml: free.0.keys.0")
    other = changed(other, 'sets = ["documents"]', 'sets = ["literature"]')
    (tmp_path / "late.toml").write_text(other, encoding="utf-8")
    assert len(load_steps(tmp_path)) == 2


# --- figures, tolerances and sets ---


@pytest.mark.parametrize(
    ("new", "key", "code"),
    [
        ("tolerance_points = 1.0\ntolerance_percent = 5.0", "tolerance_points", "both"),
        ("low = 2.0\nhigh = 1.0", "low", "out-of-bounds"),
        ("stated = 0.0", "tolerance_points", "missing-key"),
        ("stated = 0.0\ntolerance_percent = 5.0", "tolerance_points", "missing-key"),
        ('sets = ["documents", "literature"]', "sets.1", "unknown-choice"),
    ],
)
def test_what_a_target_says_must_make_a_figure_to_be_fitted_to(
    tmp_path: Path, new: str, key: str, code: str
):
    found = refused_step(tmp_path, "factor = 100.0", new)
    assert (found.key, found.code) == (f"target.0.{key}", code)


@pytest.mark.parametrize(
    ("new", "key", "allowed"),
    [
        ("tolerance_percent = 1e-320", "percent", "0.0001 per cent of the figure or more"),
        ("tolerance_percent = 0.9e-4", "percent", "0.0001 per cent of the figure or more"),
        ("tolerance_points = 1e-300", "points", "a millionth of the figure stated"),
        ("stated = -1e4\ntolerance_points = 0.009", "points", "0.01 or more"),
        ("stated = 0.0\ntolerance_points = 1e-300", "points", "1e-06 or more beside a stated 0"),
    ],
)
def test_a_tolerance_too_small_for_any_simulated_figure_is_refused(
    tmp_path: Path, new: str, key: str, allowed: str
):
    found = refused_step(tmp_path, "factor = 100.0", new)
    assert (found.key, found.code) == (f"target.0.tolerance_{key}", "out-of-bounds")
    assert allowed in found.allowed


@pytest.mark.parametrize(
    "new", ["tolerance_percent = 1e-4", "stated = -1e4\ntolerance_points = 0.01"]
)
def test_the_smallest_tolerances_are_accepted(tmp_path: Path, new: str):
    (tmp_path / "right.toml").write_text(changed(STEP, "factor = 100.0", new), encoding="utf-8")
    assert load_steps(tmp_path)


def test_targets_know_where_they_stand(tmp_path: Path):
    (tmp_path / "right.toml").write_text(STEP, encoding="utf-8")
    file, key = load_steps(tmp_path)[0].target[0].stands or ("", "")
    assert file.endswith("right.toml")
    assert key == "target.0"


def test_a_stated_0_with_a_tolerance_in_points_is_accepted(tmp_path: Path):
    text = changed(
        STEP, "factor = 100.0", "stated = 0.0\ntolerance_points = 1.0\nlow = 1.0\nhigh = 1.0"
    )
    (tmp_path / "right.toml").write_text(text, encoding="utf-8")
    assert load_steps(tmp_path)[0].target[0].stated == 0.0


def test_a_target_without_a_stated_figure_is_refused(tmp_path: Path):
    assert load_ledger()[DIRECTION].value is None
    found = refused_step(tmp_path, '"L085"', f'"{DIRECTION}"')
    assert (found.key, found.code) == ("target.0.stated", "missing-key")
    assert DIRECTION in found.found


def test_a_set_of_a_step_without_a_target_is_refused(tmp_path: Path):
    text = changed(STEP, 'sets = ["documents"]', 'sets = ["documents", "literature"]')
    text = changed(text, "factor = 100.0", 'sets = ["literature"]')
    found = only(of_steps(tmp_path, wrong=text))
    assert (found.key, found.code) == ("sets.0", "missing-key")


# --- repeats ---


def test_two_steps_of_one_number_are_refused(tmp_path: Path):
    (found,) = of_steps(tmp_path, a=STEP, b=changed(OTHER, "step = 3", "step = 1"))
    assert found.file.endswith("b.toml")
    assert (found.key, found.code) == ("step", "twice")
    assert found.allowed.endswith("a.toml")


def test_two_targets_of_the_same_evidence_and_words_are_refused(tmp_path: Path):
    other = changed(OTHER, 'en = "B", fr', 'en = "A", fr')
    (found,) = of_steps(tmp_path, a=STEP, b=other)
    assert found.file.endswith("b.toml")
    assert (found.key, found.code) == ("target.0.what.en", "twice")
    assert found.allowed.endswith("a.toml: target.0")


@pytest.mark.parametrize(("text", "key"), [(ROW, "row.1"), (ABSENT, "not_comparable.0")])
def test_two_rows_of_the_same_evidence_and_words_are_refused(tmp_path: Path, text: str, key: str):
    rows = ROWS if text == ROW else ROWS.replace("not_comparable = []", "")
    found = only(of_rows(tmp_path, rows + text))
    assert (found.key, found.code) == (f"{key}.what.en", "twice")


def test_the_same_words_for_other_evidence_are_accepted(tmp_path: Path):
    path = tmp_path / "rows.toml"
    path.write_text(ROWS + ROW.replace("L085", "L186"), encoding="utf-8")
    assert len(load_rows(path).row) == 2


# --- rows ---


@pytest.mark.parametrize(
    "new", [f'evidence = "{DIRECTION}"', 'evidence = "L085"\nstated = 6.0', 'evidence = "L138"']
)
def test_a_row_that_no_figure_could_be_outside_of_is_refused(tmp_path: Path, new: str):
    found = refused_row(tmp_path, 'evidence = "L085"', new)
    assert (found.key, found.code) == ("row.0", "missing-key")


@pytest.mark.parametrize("new", ["low = 1.0", "high = 1.0"])
def test_a_row_with_one_end_of_a_range_is_accepted(tmp_path: Path, new: str):
    path = tmp_path / "rows.toml"
    path.write_text(changed(ROWS, '"L085"', f'"{DIRECTION}"\n{new}'), encoding="utf-8")
    assert len(load_rows(path).row) == 1


@pytest.mark.parametrize(
    ("new", "key", "code"),
    [
        (f'{CHANGE}\nsign = "decrease"\nlow = 1.0', "sign", "both"),
        ('of = "isole"\nsign = "increase"', "sign", "out-of-bounds"),
        (f'{RATIO}\nsign = "increase"', "sign", "out-of-bounds"),
        ('of = "isole"\nlow = 3.0\nhigh = 2.0', "low", "out-of-bounds"),
        ('of = "isole"\nbelow = ["inhabitant_year all"]', "below.0", "unknown-name"),
        ('of = "isol"', "of", "unknown-name"),
    ],
)
def test_a_row_is_held_to_what_a_target_is_and_to_its_sign(tmp_path: Path, new, key, code):
    found = refused_row(tmp_path, 'of = "isole"', new)
    assert (found.key, found.code) == (f"row.0.{key}", code)


# --- all together ---


def test_the_mistakes_of_all_files_are_told_together(tmp_path: Path):
    found = of_steps(
        tmp_path,
        a=changed(STEP, "factor =", "facteur ="),
        b=changed(STEP, 'of = "isole"', 'of = "isol"').replace("copd rate", "copt rate"),
        c="step = = 1",
        d=changed(STEP, '"L085"', '"L999"'),
    )
    told = {(each.file.rpartition("/")[2], each.key) for each in found}
    assert told == {
        ("a.toml", "target.0.facteur"),
        *(("b.toml", key) for key in ("target.0.of", "free.0.keys.0")),
        ("c.toml", "line 1"),
        *(("d.toml", key) for key in ("target.0.evidence", "step")),
    }


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_a_folder_without_a_step_is_refused(tmp_path: Path, name: str):
    (tmp_path / "empty").mkdir()
    (found,) = findings(lambda: load_steps(tmp_path / name))
    assert found.file.endswith(name)
    assert found.code == "not-found"


def test_missing_rows_of_validation_are_called_by_that_name(tmp_path: Path):
    (found,) = findings(lambda: load_rows(tmp_path / "rows.toml"))
    assert found.file.endswith("rows.toml")
    assert (found.code, found.allowed) == ("not-found", "the rows of validation")
