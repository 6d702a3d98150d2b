"""No array of the compiled engine is read or written beyond its end."""

import os
import subprocess
import sys

import pytest

from parcours_sim.scenario.resolve import named_scenarios

CHILD = f"""
from tests.engine.test_engines_agree import SMALL, difference, world
from parcours_sim.scenario.resolve import load_scenario
for name in {named_scenarios()!r}:
    print(name, difference(load_scenario(name, changes=SMALL), 0), flush=True)
for number in range(12):
    print(world(number), difference(world(number).scenario(), number), flush=True)
"""


@pytest.mark.verify
@pytest.mark.timeout(1800)
def test_with_every_bound_checked_the_engines_agree_all_the_same(tmp_path):
    environment = os.environ | {"NUMBA_BOUNDSCHECK": "1", "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", CHILD], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    lines = done.stdout.splitlines()
    assert len(lines) == len(named_scenarios()) + 12
    assert [line for line in lines if not line.endswith(" None")] == []
    assert list(tmp_path.glob("parcours_sim/*-checked/compiled_*/loop.run-*.nbc")) != []
