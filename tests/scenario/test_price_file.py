"""scenarios/price.toml: what it may say, and where it is refused."""

from __future__ import annotations

import pytest

from parcours_sim.scenario.errors import Finding, ScenarioError
from parcours_sim.scenario.files import named_scenarios, scenario_folder
from parcours_sim.scenario.price_file import TODAY, read_prices

TEXT = (scenario_folder() / "price.toml").read_text(encoding="utf-8")
GP_HOURS = "full_time.gp_hours_per_year.evidence"
FOLLOWED = "long_term_illness.followed_share"


def refused(folder, text: str) -> Finding:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        read_prices(path)
    (finding,) = error.value.findings
    assert finding.file.endswith("mine.toml")
    return finding


def test_the_packaged_file_has_todays_account_among_others_and_is_no_scenario():
    names = [account.name for account in read_prices().account]
    assert TODAY in names
    assert len(names) > 1
    assert "price" not in named_scenarios()


@pytest.mark.parametrize(
    ("old", "new", "key", "code"),
    [
        ('name = "today"', 'name = "yesterday"', "account", "missing-key"),
        ('name = "fees"', 'name = "today"', "account.1.name", "twice"),
        (
            'collective = "nothing"',
            'collective = "gifts"',
            "account.0.collective",
            "unknown-choice",
        ),
        ('evidence = "L022"', 'evidence = "L999"', GP_HOURS, "unknown-evidence"),
        ("value = 0.75, low", "value = 1.75, low", FOLLOWED, "out-of-bounds"),
        ("gp_share =", "gps_share =", "insured.gps_share", "unknown-key"),
    ],
)
def test_a_wrong_file_is_refused_with_its_key(tmp_path, old, new, key, code):
    assert TEXT.count(old) == 1
    if code == "unknown-key":
        path = tmp_path / "mine.toml"
        path.write_text(TEXT.replace(old, new), encoding="utf-8")
        with pytest.raises(ScenarioError) as error:
            read_prices(path)
        assert {each.code for each in error.value.findings} == {"unknown-key", "missing-key"}
        return
    finding = refused(tmp_path, TEXT.replace(old, new))
    assert (finding.key, finding.code) == (key, code)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ScenarioError) as error:
        read_prices(tmp_path / "none.toml")
    assert error.value.findings[0].code == "not-found"
