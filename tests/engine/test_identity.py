"""The same arguments give the same replication, whatever runs beside it and whatever it is called.

Common random numbers too: what an organisation doesn't touch is the same to the bit.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.engine.small import BUSY, RATES, busy, value

from parcours_sim.engine import simulate
from parcours_sim.scenario.resolve import load_scenario

CORPUS = Path(__file__).parents[1] / "corpus" / "good"
TINY = {"territory__inhabitants": 600, "horizon__years": 0.3}
ASTHMA = "territory__conditions__asthma__prevalence"
NOBODY_HAS_ASTHMA = {f"{ASTHMA}_under_75_share": 0.0, f"{ASTHMA}_75_and_over_share": 0.0}


def tiny(name="isole", **changes):
    return busy(name, **{**TINY, **changes})


def digest(found):
    """Give a digest of all that is part of a replication's identity."""
    told = None if found.log is None else tuple(found.log)
    keys = (found.stays.tolist(), found.traces.tolist())
    whole = (found.rows, keys, found.contacts, found.events, told)
    return hashlib.sha256(repr(whole).encode()).hexdigest()


def without(rows, *parts):
    """Give the rows whose group names none of these."""
    return [row for row in rows if not any(part in row[1] for part in parts)]


def test_the_same_arguments_give_the_same_replication():
    one, other = (simulate(tiny("cpts"), 1, 3, log=True) for _ in range(2))
    assert digest(one) == digest(other)
    assert one.stays.dtype == np.int64


def test_the_log_is_kept_on_demand_and_changes_nothing():
    silent, told = simulate(tiny(), 1, 0), simulate(tiny(), 1, 0, log=True)
    assert silent.log is None
    assert told.log
    assert silent.rows == told.rows
    assert silent.stays.tolist() == told.stays.tolist()
    assert silent.traces.tolist() == told.traces.tolist()
    assert len(silent.traces) > 0


def test_another_seed_or_replication_is_another_world():
    rows = {simulate(tiny(), seed, number).rows for seed, number in ((1, 0), (1, 1), (2, 0))}
    assert len(rows) == 3


SCRIPT = """
from tests.engine.test_identity import digest, tiny
from parcours_sim.engine import simulate
print(digest(simulate(tiny("cpts"), 1, 2, log=True)))
"""


@pytest.mark.parametrize("hash_seed", ["0", "12345"])
def test_another_process_with_another_hash_seed_gives_the_same(hash_seed):
    printed = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed.stdout.strip() == digest(simulate(tiny("cpts"), 1, 2, log=True))


def test_a_replication_does_not_depend_on_those_run_before_it():
    alone = digest(simulate(tiny(), 1, 2, log=True))
    upwards = [digest(simulate(tiny(), 1, number, log=True)) for number in (0, 1, 2)]
    downwards = [digest(simulate(tiny(), 1, number, log=True)) for number in (2, 1, 0)]
    assert upwards == downwards[::-1]
    assert upwards[2] == alone


def test_a_renamed_copy_gives_the_same_rows_and_stays(tmp_path):
    copy = tmp_path / "another_name.toml"
    copy.write_text(
        'extends = "msp"\n'
        'title = { fr = "Autre nom", en = "Another name" }\n'
        'description = { fr = "Une copie.", en = "A copy." }\n'
    )
    changes = {**BUSY, "territory.inhabitants": 600, "horizon.years": 0.3}
    one, other = (load_scenario(name, changes=changes) for name in ("msp", copy))
    assert one.name != other.name
    assert digest(simulate(one, 1, 0, log=True)) == digest(simulate(other, 1, 0, log=True))


def test_a_kind_that_nobody_can_have_changes_no_other_row():
    former = simulate(tiny(), 1, 0)
    found = simulate(tiny(CORPUS / "asthma_by_tables.toml", **NOBODY_HAS_ASTHMA), 1, 0)
    assert without(found.rows, "asthma") == list(former.rows)


def test_not_even_a_deadly_kind_that_nobody_can_have_changes_another_row():
    deadly = {"episodes__asthma_attack__crisis__death_ratio_after_stay": 9.0}
    asthma = tiny(CORPUS / "asthma_by_tables.toml", **NOBODY_HAS_ASTHMA, **deadly)
    assert without(simulate(asthma, 1, 0).rows, "asthma") == list(simulate(tiny(), 1, 0).rows)


def test_a_condition_and_a_kind_added_by_tables_alone_bring_hospitalisations():
    found = simulate(tiny(CORPUS / "asthma_by_tables.toml"), 1, 0)
    for outcome in ("episodes", "crises", "hospitalisations", "ed_visits", "bed_days"):
        assert value(found, outcome, "kind:asthma_attack") > 0, outcome
    assert value(found, "person_years", "condition:asthma") > 0


def test_a_condition_that_is_added_takes_nobody_elses_onsets_away():
    # Who has asthma besides may be in hospital for it; the candidates of the others stay.
    alone = {f"episodes__{kind}__rate_per_year": 0.0 for kind in RATES if kind != "copd"}
    without_stays = {"episodes__copd__crisis__admitted_share": 0.0}
    never = {"episodes__asthma_attack__rate_per_year": 0.0}
    rows = [
        value(
            simulate(tiny(name, **alone, **without_stays, **extra), 1, 0), "episodes", "kind:copd"
        )
        for name, extra in (("isole", {}), (CORPUS / "asthma_by_tables.toml", never))
    ]
    assert rows[0] > 5
    assert rows[1] == pytest.approx(rows[0], abs=1)


def test_an_organisation_that_has_not_begun_yet_changes_nothing():
    late = {"organisation__ramp_months": 0.0, "horizon__warm_up_years": 0.3}
    logs = [
        [entry for entry in simulate(tiny(name, **late), 1, 0, log=True).log if entry[0] < 0.0]
        for name in ("isole", "centre_de_sante")
    ]
    # Books are laid out ahead: what is booked for after the start may differ, what happens may not.
    told = [[e for e in log if not e.event.startswith("appointment")] for log in logs]
    happened = [[e._replace(occurrence=-1) for e in log] for log in told]
    assert happened[0] == happened[1]


def test_one_patients_stays_of_the_same_episode_have_the_same_length_in_two_organisations():
    lengths = []
    for name in ("isole", "msp"):
        begun, found = {}, {}
        for entry in simulate(tiny(name), 1, 0, log=True).log:
            if entry.event == "admitted":
                begun[entry.person] = (entry.time_days, entry.detail, entry.occurrence)
            elif entry.event == "discharged":
                since, kind, occurrence = begun.pop(entry.person)
                found[entry.person, kind, occurrence] = entry.time_days - since
        lengths.append(found)
    both = lengths[0].keys() & lengths[1].keys()
    assert len(both) > 10
    for key in both:
        assert lengths[0][key] == pytest.approx(lengths[1][key], rel=1e-9)
