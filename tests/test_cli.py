"""The commands that simulate nothing: list, outcomes, show, check; help, and how commands end."""

import errno
import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import parcours_sim
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.cli import app
from parcours_sim.cli.errors import ending
from parcours_sim.cli.options import load, read_changes
from parcours_sim.experiment.errors import (
    EnginesDisagreeError,
    FolderError,
    Interrupted,
    ReplicationError,
    StoreError,
    StudyError,
)
from parcours_sim.scenario.errors import Finding, ScenarioError
from parcours_sim.scenario.evidence import load_ledger
from parcours_sim.scenario.quantity import Quantity
from parcours_sim.scenario.resolve import (
    flat_keys,
    load_scenario,
    named_scenarios,
    scenario_hash,
)
from parcours_sim.scenario.study_file import named_studies, read_study

CORPUS = Path(__file__).parent / "corpus"
COMMANDS = (
    *("list", "outcomes", "show", "diff", "check"),
    *("run", "compare", "sweep", "merge", "plot", "warm-up", "reproduce"),
)
KINDS = ("scenario", "study")


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Call the command line from an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *args: CliRunner().invoke(app, [str(arg) for arg in args])


def values_of(text: str) -> dict[str, str]:
    """Return what `show --resolved` printed, by key."""
    return dict(re.findall(r"^([\w.+]+) = (.*)$", text, re.MULTILINE))


def test_list_names_every_scenario_and_study_with_its_title_from_any_folder(call):
    done = call("list")
    assert done.exit_code == 0
    titles = {name: load_scenario(name).title.en for name in named_scenarios()}
    titles |= {name: read_study(name)[0].title.en for name in named_studies()}
    for name, title in titles.items():
        line = next(line for line in done.stdout.splitlines() if line.split()[:1] == [name])
        assert title in line


def test_list_as_json_has_titles_in_both_languages(call):
    found = json.loads(call("list", "--json").stdout)
    of_kind = {kind: [one["name"] for one in found if one["kind"] == kind] for kind in KINDS}
    assert of_kind == {"scenario": named_scenarios(), "study": named_studies()}
    assert found[named_scenarios().index("isole")]["title"]["fr"] == "Exercice isolé"


def test_outcomes_gives_id_unit_and_definition_of_everything_counted(call):
    lines = call("outcomes").stdout.splitlines()
    for outcome in OUTCOMES.values():
        line = next(line for line in lines if line.split()[:1] == [outcome.id])
        assert outcome.unit in line
        assert outcome.definition in line


def test_outcomes_as_json_is_the_whole_registry(call):
    found = json.loads(call("outcomes", "--json").stdout)
    assert [one["id"] for one in found] == list(OUTCOMES)
    assert found[0]["additive"] is True


def test_show_says_what_a_scenario_is_made_of(call):
    text = call("show", "cpts").stdout
    scenario = load_scenario("cpts")
    for part in (scenario.title.en, scenario.description.en, scenario.territory.title.en):
        assert part in text
    assert re.search(r"31\.0% of GPs .*\(isole\)", text)
    assert re.search(r"80\.0% of people .*\(cpts\)", text)
    assert re.search(r"5 year\(s\) counted from 2025-01-01, after 1 year\(s\)", text)


def test_show_resolved_gives_every_key_its_value_and_its_range(call):
    printed = values_of(call("show", "paerpa", "--resolved").stdout)
    known = dict(flat_keys(load_scenario("paerpa")))
    assert list(printed) == list(known)
    for key, item in known.items():
        if isinstance(item, Quantity):
            value, low, high = map(float, re.findall(r"[-\d.e+]+", printed[key]))
            expected = pytest.approx((item.value, item.low, item.high), rel=1e-11)
            assert (value, low, high) == expected
        elif isinstance(item, str):
            assert printed[key] == item


def test_the_keys_that_show_prints_are_those_that_set_takes(call):
    for key, shown in list(values_of(call("show", "msp", "--resolved").stdout).items())[::25]:
        value = shown.split(" [")[0]
        assert call("show", "msp", "--set", f"{key}={value}").exit_code == 0, key


def test_show_evidence_says_after_each_number_where_it_comes_from(call):
    text = call("show", "isole", "--evidence").stdout
    ledger = load_ledger()
    for key, item in flat_keys(load_scenario("isole")):
        if not isinstance(item, Quantity):
            continue
        after = text.split(f"\n{key} = ")[1].split("\n", 3)
        if item.evidence is None:
            assert after[1] == f"    assumption: {item.assumption}"
        else:
            row = ledger[item.evidence]
            assert after[1] == f"    {row.id} ({row.origin}): {row.statement}"
            assert after[2] == f"    source: {row.source}"


def test_show_counts_what_is_evidence_and_what_is_assumed(call):
    last = call("show", "isole").stdout.splitlines()[-1]
    total, evidence, assumed = map(
        int, re.match(r"(\d+) numbers: (\d+) from evidence .*, (\d+) assumptions", last).groups()
    )
    ledger = load_ledger()
    numbers = [item for _, item in flat_keys(load_scenario("isole")) if isinstance(item, Quantity)]
    rows = [ledger[item.evidence].origin for item in numbers if item.evidence]
    assert total == len(numbers)
    assert evidence == sum(origin != "assumption" for origin in rows)
    assert evidence + assumed == total


@pytest.fixture
def fitted_rate(tmp_path, monkeypatch):
    """Put a fitted value in place for one number; return its key."""
    found = '{ value = 0.2, interval = [0.18, 0.22], fitted = "L084 (step 1)" }'
    folder = tmp_path / "fitted"
    folder.mkdir()
    text = f"[values.episodes.heart_failure]\nrate_per_year = {found}\n"
    (folder / "documents.toml").write_text(text)
    monkeypatch.setattr("parcours_sim.scenario.fitted.fitted_folder", lambda: folder)
    return "episodes.heart_failure.rate_per_year"


def test_show_says_what_a_number_was_fitted_to_beside_what_it_rests_on(call, fitted_rate):
    key = fitted_rate
    text = call("show", "isole", "--evidence").stdout
    after = text.split(f"\n{key} = ")[1].splitlines()
    assert after[0].startswith("0.2 [")
    assert after[1].startswith("    assumption: ")
    assert after[2] == "    fitted to L084 (step 1)"
    assert text.endswith("assumptions; 1 fitted\n")
    document = json.loads(call("show", "isole", "--evidence", "--json").stdout)
    assert document["keys"][key]["fitted"] == "L084 (step 1)"
    assert document["fitted"] == 1
    again = call("show", "isole", "--set", f"{key}=0.25").stdout
    assert again.endswith("assumptions; 0 fitted\n")


def test_diff_says_what_a_number_was_fitted_to(call, fitted_rate):
    words = ("diff", "isole", "--parameter-set", "both")
    (tmp,) = Path().glob("fitted")
    text = (tmp / "documents.toml").read_text().replace("0.2,", "0.22,").replace("L084", "L085")
    (tmp / "literature.toml").write_text(text)
    lines = call(*words).stdout
    assert re.search(r"documents: fitted to L084 \(step 1\); assumption: ", lines)
    assert re.search(r"literature: fitted to L085 \(step 1\); assumption: ", lines)
    found = json.loads(call(*words, "--json").stdout)["differences"]
    (row,) = (each for each in found if each["key"] == fitted_rate)
    assert (row["left"]["value"], row["right"]["value"]) == (0.2, 0.22)
    assert row["right"]["fitted"] == "L085 (step 1)"


def test_show_with_a_change_shows_it_and_names_the_user_as_its_reason(call):
    done = call("show", "isole", "--evidence", "--set", "territory.inhabitants=3000")
    assert re.search(
        r"^territory\.inhabitants = 3000 \[\d+, \d+\]\n    assumption: set by the user$",
        done.stdout,
        re.MULTILINE,
    )
    assert "Inhabitants    3,000" in done.stdout


def test_show_as_json_holds_what_the_text_holds(call):
    summary = json.loads(call("show", "cpts", "--json").stdout)
    assert summary["hash"] == scenario_hash(load_scenario("cpts"))
    assert summary["layers"] == {"cpts": 0.8}
    assert "keys" not in summary
    resolved = json.loads(call("show", "cpts", "--json", "--resolved").stdout)
    assert list(resolved["keys"]) == [key for key, _ in flat_keys(load_scenario("cpts"))]
    sourced = json.loads(call("show", "cpts", "--json", "--evidence").stdout)["keys"]
    assert sourced["horizon.years"]["evidence"] == "S26"
    assert sourced["horizon.warm_up_years"]["assumption"]


def test_the_parameter_set_asked_for_is_the_one_shown(call):
    uptake = "organisation.layers.paerpa.uptake_share"
    shown = {
        name: values_of(call("show", "paerpa", "--resolved", "--parameter-set", name).stdout)
        for name in ("documents", "literature")
    }
    assert shown["documents"][uptake].split()[0] == "0.3"
    assert shown["literature"][uptake].split()[0] == "0.1"


def test_check_passes_good_files_and_names(call):
    done = call("check", CORPUS / "good" / "own_practice.toml", "isole")
    assert done.exit_code == 0
    assert done.stdout.count("good\n") == 2
    assert done.stderr == ""


def test_check_says_everything_that_is_wrong_with_any_file(call):
    files = [CORPUS / "bad" / "many_mistakes_at_once.toml", CORPUS / "bad" / "title_missing.toml"]
    done = call("check", *files, "isole")
    assert done.exit_code == 2
    assert done.stdout == "isole: good\n"
    assert len([line for line in done.stderr.splitlines() if files[0].name in line]) > 3
    assert "title_missing.toml: title: found nothing" in done.stderr


def test_version_is_that_of_the_package(call):
    assert call("--version").stdout == f"parcours-sim {parcours_sim.__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_explains_each_command(call, command):
    every = call("--help")
    assert every.exit_code == 0
    assert re.search(rf"^\W*{command}  +\w", every.stdout, re.MULTILINE)
    assert call(command, "--help").exit_code == 0


def test_help_says_the_default_of_each_option_of_a_study(call, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    text = " ".join(re.sub("[│\n]", " ", call("compare", "--help").stdout).split())
    for option, default in {
        "--baseline": "isole",
        "--replications": "10",
        "--seed": "1",
        "--set": "(nothing is changed)",
        "--workers": "(one per processor)",
        "--engine": "auto",
        "--parameter-set": "documents",
        "--out": "(results/, then",
        "--events": "(no event log)",
    }.items():
        after = text.partition(f"{option} ")[2].partition("[default: ")[2]
        assert after.startswith(default), option


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("show", "isol"), 'scenario: found "isol".*nearest: isole'),
        (("show", "nowhere.toml"), "nowhere.toml: found nothing there"),
        (("show", CORPUS / "bad" / "title_missing.toml"), "title_missing.toml: title"),
        (("show", "isole", "--set", "territory.inhabitant=3"), "nearest: territory.inhabitants"),
        (("show", "isole", "--set", "territory.inhabitants"), "--set: found .* allowed KEY=VALUE"),
        (("show", "isole", "--set", "=3"), "--set: found .* allowed KEY=VALUE"),
        (("show", "isole", "--set", "horizon.years=nan"), "--set: horizon.years"),
        (
            ("show", "isole", "--set", "horizon.years=1", "--set", "horizon.years=2"),
            "horizon.years: found it a second time",
        ),
        (("show", "isole", "--parameter-set", "litterature"), "nearest: literature"),
        (("check", "nothing.toml"), "nothing.toml: found nothing there"),
        (("show",), "Missing argument"),
        (("shw", "isole"), "No such command"),
        (("list", "--jsn"), "No such option"),
    ],
)
def test_wrong_input_is_refused_with_status_2_and_a_sentence(call, args, said, tmp_path):
    done = call(*args)
    assert done.exit_code == 2
    assert re.search(said, done.stderr)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_changes_are_read_at_the_first_equals_sign():
    assert read_changes(["a.b = x=y ", "c=3"]) == {"a.b": "x=y", "c": "3"}


def test_the_small_world_of_the_documentation_works_for_every_scenario():
    small = ["territory.inhabitants=3000", "horizon.years=1", "horizon.warm_up_years=0.5"]
    scenarios = load(named_scenarios(), "documents", small)
    for scenario in scenarios:
        horizon = scenario.horizon
        assert scenario.territory.inhabitants.value == 3000
        assert (horizon.years.value, horizon.warm_up_years.value) == (1, 0.5)


def test_a_change_that_suits_only_some_scenarios_names_the_others():
    with pytest.raises(ScenarioError) as refused:
        load(["cpts", "isole"], "documents", ["organisation.layers.cpts.uptake_share=0.5"])
    (finding,) = refused.value.findings
    assert finding.file == "--set (isole)"


def test_a_mistake_in_an_option_is_said_once_for_all_scenarios():
    with pytest.raises(ScenarioError) as refused:
        load(["cpts", "isole"], "documents", ["horizon.yeers=0.5"])
    (finding,) = refused.value.findings
    assert (finding.file, finding.nearest) == ("--set", "horizon.years")


def folder_error(cause: Exception | None) -> FolderError:
    error = FolderError("results/x: no")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (ScenarioError([Finding("a.toml", "b", "c", "d")]), 2, "a.toml: b: found c, allowed d"),
        (StudyError("seed: found -1"), 2, "seed: found -1"),
        (folder_error(None), 2, "results/x: no"),
        (folder_error(FileExistsError()), 2, "results/x: no"),
        (folder_error(OSError(errno.ENOSPC, "full")), 1, "results/x: no"),
        (StoreError("store.sqlite: damaged"), 1, "store.sqlite: damaged"),
        (
            ReplicationError("msp", 3, "KeyError: 7"),
            1,
            "'msp', replication 3.*same command resumes",
        ),
        (EnginesDisagreeError("1 of 4 replications differ"), 1, r"1 of 4 replications differ$"),
        (Interrupted("interrupted: 2 of 4; the same command resumes"), 1, "same command resumes"),
        (KeyboardInterrupt(), 1, "interrupted.*same command resumes"),
        (OSError(errno.ENOSPC, "No space left on device", "f.png"), 1, "f.png: No space left"),
        (ZeroDivisionError("by zero"), 1, "fault of the program.*same command resumes"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_each_kind_of_error_has_its_status_and_says_what_to_do(error, status, said):
    found_status, words = ending(error)
    assert found_status == status
    assert re.search(said, words, re.DOTALL)


def test_an_unforeseen_error_is_a_sentence_and_a_traceback_only_on_request(call, monkeypatch):
    def broken(*_args, **_options):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("parcours_sim.scenario.resolve.load_scenario", broken)
    done = call("show", "isole")
    assert done.exit_code == 1
    assert done.stderr.startswith("parcours-sim failed: ZeroDivisionError: by zero\n")
    assert "Traceback" not in done.stderr
    debugged = call("--debug", "show", "isole")
    assert debugged.exit_code == 1
    assert "Traceback" in debugged.stderr
    assert "in broken" in debugged.stderr


def test_ctrl_c_says_how_to_resume_and_a_second_one_is_not_heard(call, monkeypatch):
    def interrupted(*_args, **_options):
        raise KeyboardInterrupt

    usual = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr("parcours_sim.scenario.resolve.load_scenario", interrupted)
    try:
        done = call("show", "isole")
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, usual)
    assert done.exit_code == 1
    assert done.stderr.startswith("interrupted.")


def test_starting_loads_nothing_heavy():
    code = (
        "import sys; from parcours_sim.cli import main; sys.argv = ['parcours-sim', 'list']\n"
        "try: main()\n"
        "except SystemExit: print(*{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "isole" in done.stdout
    loaded = set(done.stdout.splitlines()[-1].split())
    heavy = {"pandas", "matplotlib", "numba", "numpy", "scipy", "simpy", "pyarrow"}
    assert {"typer", "rich"} <= loaded
    assert loaded.isdisjoint(heavy)
