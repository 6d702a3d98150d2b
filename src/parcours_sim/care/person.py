"""Someone simulated one by one: who they are, and how they are now.

Numbers only, so that a person can be a row of an array as well as an object; where the uniforms
behind them come from is in `population.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

NEVER = -math.inf
NO_KIND = -1


@dataclass(slots=True, eq=False)
class Person:
    """A place in the population; people who die are replaced in it by someone alike."""

    number: int
    """Place among the people simulated one by one."""
    person: int
    """Number of the inhabitant in the territory, the entity of all their draws."""
    older: bool
    """Aged 75 and over."""
    gp: int
    """Usual GP; for people without one, the GP of the practice that they try."""
    has_gp: bool
    is_accepted: bool
    """Whether the practice sees them: always for its own patients, for some of the others."""
    acceptance_mark: float
    """Of being seen where a layer has practices see people without a GP; 0 for all who have one."""
    nurse: int
    pharmacy: int
    nurse_interval_days: float
    """Infinite where no nurse comes."""
    gp_interval_days: float
    dispensing_interval_days: float
    death_rate_per_day: float
    first_held: int
    end_held: int
    """The stretch of the person's conditions among all that are held."""
    nurse_mark: float
    """Of having the nurse in the practice's team."""
    pharmacist_mark: float
    hour_mark: float
    """The hour of the day at which nurses come and errands are run."""
    age_group: int
    practice_group: int
    gp_group: int
    """Groups in which the person is counted."""
    generation: int = 0
    """How many people have had this place before."""
    is_in_care: bool = False
    """In a room of the emergency department, waiting for one, or in a bed."""
    is_in_bed: bool = False
    home_at: float = NEVER
    """End of the current or last stay in a bed."""
    discharged_at: float = NEVER
    last_kind: int = NO_KIND
    """Kind of the last stay."""
    is_relieved: bool = False
    """An informed professional has seen the person since the last stay."""
    gp_has_letter: bool = False
    nurse_has_letter: bool = False
    has_late_letter: bool = False
    """A letter about the last stay was lost, or took time."""
    awaits_follow_up: bool = False
    year_of_stay: int = -1
    """Last year of the measured horizon with a stay."""


@dataclass(slots=True, eq=False)
class Held:
    """A condition that somebody has: how severe, and how well it is held now."""

    condition: int
    severity: float
    """Hazard ratio of the person's class of severity."""
    severity_ceiling: float
    control: int
    """GOOD, FAIR or POOR, as of the last drift that was due."""
    drifts_at: float
    """When control next drifts down."""
    drifts: int
    """Drifts drawn so far."""
