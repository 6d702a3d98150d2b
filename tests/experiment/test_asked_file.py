"""A folder's results are of one question, and another is refused."""

import json
import re

import pytest

from parcours_sim.experiment.asked_file import answered, claim
from parcours_sim.experiment.errors import FolderError

ASKED = {"scenario": "msp", "seed": 1, "scenario_hash": "f" * 64}
MADE = {"replications": 20}


def test_the_same_question_is_asked_again_in_the_same_folder(tmp_path):
    path = tmp_path / "asked.json"
    claim(path, ASKED)
    answered(path, ASKED, MADE)
    claim(path, ASKED)
    assert json.loads(path.read_text(encoding="utf-8")) == {"asked": ASKED, "made": MADE}


@pytest.mark.parametrize(("key", "value"), [("scenario", "cpts"), ("seed", 2)])
def test_another_question_is_refused_saying_what_differs_and_nothing_changes(tmp_path, key, value):
    path = tmp_path / "asked.json"
    answered(path, ASKED, MADE)
    before = path.read_bytes()
    said = f"{tmp_path}: holds results of something else: {key} is {ASKED[key]} there and {value}"
    with pytest.raises(FolderError, match=re.escape(said)):
        claim(path, {**ASKED, key: value})
    assert path.read_bytes() == before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"asked": 3}', "null", "{}", "[" * 100_000])
def test_a_damaged_file_is_refused_and_not_overwritten(tmp_path, text):
    path = tmp_path / "asked.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FolderError, match=r"asked\.json: is damaged; choose another --out"):
        claim(path, ASKED)
    assert path.read_text(encoding="utf-8") == text


def test_bytes_that_are_no_text_are_damage_too(tmp_path):
    path = tmp_path / "asked.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FolderError, match="is damaged"):
        claim(path, ASKED)
