"""What tests of experiments share."""

import pytest
from tests.experiment import fakes


@pytest.fixture
def journal(tmp_path, monkeypatch):
    """Return what was simulated: a line for each simulation that began."""
    path = tmp_path / "journal"
    path.touch()
    monkeypatch.setenv(fakes.JOURNAL, str(path))
    return lambda: fakes.read_journal(path)
