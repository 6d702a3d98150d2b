"""Titles of scenarios and groups."""

from types import SimpleNamespace

from tests.report.text import TITLES, Text

from parcours_sim.report.titles import Titles, titles_of


def test_a_title_is_shown_in_the_language_asked_for():
    assert TITLES.scenario("isole", "fr") == "Exercice isolé"
    assert TITLES.group("kind:copd", "en") == "COPD exacerbation"


def test_what_has_no_title_is_shown_by_its_name():
    assert Titles().scenario("centre_de_sante", "fr") == "centre de sante"
    assert Titles().group("link:nurse_to_gp", "en") == "nurse to gp"
    assert Titles().group("all", "en") == "all"


def test_titles_come_from_the_scenarios_and_from_what_they_count_by():
    scenario = SimpleNamespace(
        name="isole",
        title=Text("Territoire : isolé", "Isolated"),
        episodes={"copd": SimpleNamespace(title=Text("BPCO", "COPD"))},
        territory=SimpleNamespace(
            links={"a": SimpleNamespace(title=Text("De a", "From a"))},
            conditions={"frail": SimpleNamespace(title=Text("Fragilité", "Frailty"))},
        ),
        organisation=SimpleNamespace(
            practices={"esp": SimpleNamespace(model=SimpleNamespace(title=Text("ESP", "Team")))}
        ),
    )
    titles = titles_of([scenario])  # type: ignore[list-item]
    assert titles.scenario("isole", "fr") == "Territoire\u202f: isolé"
    assert titles.group("kind:copd", "en") == "COPD"
    assert titles.group("link:a", "fr") == "De a"
    assert titles.group("condition:frail", "fr") == "Fragilité"
    assert titles.group("practice:esp", "en") == "Team"
