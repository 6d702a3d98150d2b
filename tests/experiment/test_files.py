"""Files are replaced whole."""

import pytest

from parcours_sim.experiment.errors import FolderError
from parcours_sim.experiment.files import replacing, sha256


def test_the_old_file_stands_until_the_new_one_is_complete(tmp_path):
    path = tmp_path / "outcomes.csv"
    path.write_text("old")
    with replacing(path) as file:
        file.write("new\n")
        file.flush()
        assert path.read_text() == "old"
    assert path.read_bytes() == b"new\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_fails_half_way_changes_nothing(tmp_path):
    path = tmp_path / "outcomes.csv"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), replacing(path) as file:
        file.write(f"half{1 / 0}")
    assert path.read_text() == "old"


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    told = r"missing.x\.json: can't be written"
    with pytest.raises(FolderError, match=told), replacing(tmp_path / "missing" / "x.json"):
        pass


def test_the_digest_is_that_of_the_bytes(tmp_path):
    (tmp_path / "empty").touch()
    assert sha256(tmp_path / "empty").startswith("e3b0c44298fc1c149afbf4c8996fb924")
