"""The titles under which scenarios, kinds of episode and links are shown, in both languages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from parcours_sim.analysis.tidy import ALL, KIND, LINK, PRACTICE
from parcours_sim.report.words import Language, typeset
from parcours_sim.scenario.scenario import Scenario


class Title(Protocol):
    """A title in French and in English, as scenario files give it."""

    @property
    def fr(self) -> str:
        """In French."""

    @property
    def en(self) -> str:
        """In English."""


@dataclass(frozen=True)
class Titles:
    """Titles by name of scenario, and by group of outcomes ("kind:copd", "link:nurse_gp").

    Groups of everyone, of ages and of whoever has a usual GP are named by the words of reports.
    """

    scenarios: Mapping[str, Title] = field(default_factory=dict)
    groups: Mapping[str, Title] = field(default_factory=dict)

    def scenario(self, name: str, language: Language) -> str:
        """Return a scenario's title, or its name where it has none."""
        return _shown(self.scenarios.get(name), name, language)

    def group(self, name: str, language: Language) -> str:
        """Return a group's title, or what follows its colon where it has none."""
        return _shown(self.groups.get(name), name.partition(":")[2] or ALL, language)


def titles_of(scenarios: Iterable[Scenario]) -> Titles:
    """Return the titles that resolved scenarios carry, those of the groups they count by too."""
    by_name: dict[str, Title] = {}
    by_group: dict[str, Title] = {}
    for scenario in scenarios:
        by_name[scenario.name] = scenario.title
        by_group |= {KIND + name: kind.title for name, kind in scenario.episodes.items()}
        by_group |= {LINK + name: link.title for name, link in scenario.territory.links.items()}
        conditions, practices = scenario.territory.conditions, scenario.organisation.practices
        by_group |= {f"condition:{name}": each.title for name, each in conditions.items()}
        by_group |= {PRACTICE + name: each.model.title for name, each in practices.items()}
    return Titles(by_name, by_group)


def _shown(title: Title | None, name: str, language: Language) -> str:
    if title is None:
        return name.replace("_", " ")
    return typeset(title.fr if language == "fr" else title.en, language)
