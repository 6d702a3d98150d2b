"""How likely a worsening or a death is at one moment: hazards, and the thinning that keeps them.

Candidates are drawn at a ceiling that no organisation moves; each is kept by comparing its own
mark with the hazard of the moment. An organisation acts on the hazard only through the contacts
that move control and through an informed visit after a discharge.
"""

from __future__ import annotations

import math

from .calendar import season_factor
from .parameters import ONLY_AFTER_DISCHARGE, RAISED_AFTER_DISCHARGE, UNCHANGED, Kind
from .person import Person
from .population import is_at_risk, place_of
from .setting import Setting


def excess_after_discharge(
    days_since: float, ratio: float, decay_days: float, relief_share: float, relieved: bool
) -> float:
    """What the usual hazard is raised by after a discharge, in multiples of it (L092b).

    It falls exponentially; once an informed professional has seen the patient, `relief_share` of
    what is left is gone.

    >>> excess_after_discharge(0.0, 4.0, 40.0, 0.5, True)
    2.0
    """
    excess = ratio * math.exp(-days_since / decay_days)
    return excess * (1.0 - relief_share) if relieved else excess


def onset_hazard(
    rate_per_day: float,
    severity_ratio: float,
    control_ratio: float,
    season_ratio: float,
    after_discharge: int,
    excess: float,
) -> float:
    """Hazard of an onset, per day; `after_discharge` 0 unchanged, 1 raised, 2 only then.

    >>> onset_hazard(0.001, 2.0, 1.0, 1.0, 1, 3.0)
    0.008
    """
    hazard = rate_per_day * severity_ratio * control_ratio * season_ratio
    if after_discharge == RAISED_AFTER_DISCHARGE:
        return hazard * (1.0 + excess)
    if after_discharge == ONLY_AFTER_DISCHARGE:
        return hazard * excess
    return hazard


def is_kept(mark: float, hazard: float, ceiling: float) -> bool:
    """Thinning: whether a candidate drawn at `ceiling` happens under `hazard` (both per day).

    Raises:
        ValueError: the hazard passes its ceiling, which would bias every result.
    """
    if hazard > ceiling * (1.0 + 1e-9):
        raise ValueError("a hazard is above its ceiling")
    return mark * ceiling < hazard


def is_spared(
    territory: Setting,
    patient: Person,
    kind: Kind,
    severity: float,
    control_ratio: float,
    mark: float,
    ceiling: float,
) -> bool:
    """Whether a candidate that is not kept would have been, had no informed visit relieved it."""
    if not patient.is_relieved or kind.after_discharge == UNCHANGED:
        return False
    patient.is_relieved = False
    hazard = hazard_of_onset(territory, patient, kind, severity, control_ratio)
    patient.is_relieved = True
    return is_kept(mark, hazard, ceiling)


def death_hazard(
    rate_per_day: float, ratio_after_stay: float, days_since: float, days: float
) -> float:
    """Hazard of death, per day: raised by `ratio_after_stay` for `days` after a stay (L170, L173).

    >>> death_hazard(0.0004, 2.0, 400.0, 365.0)
    0.0004
    """
    return rate_per_day * ratio_after_stay if days_since < days else rate_per_day


def hazard_of_onset(
    territory: Setting, patient: Person, kind: Kind, severity: float, control_ratio: float
) -> float:
    """Hazard of an onset of this kind in a patient at this moment, per day."""
    now, after = territory.clock.now, territory.after
    excess = 0.0
    if kind.after_discharge != UNCHANGED and patient.discharged_at > -math.inf:
        excess = excess_after_discharge(
            now - patient.discharged_at,
            after.excess_ratio,
            after.excess_decay_days,
            after.informed_relief_share,
            patient.is_relieved,
        )
    season = season_factor(
        now, kind.winter_amplitude, territory.demand.winter_peak_day, territory.start_day
    )
    return onset_hazard(
        kind.rate_per_day, severity, control_ratio, season, kind.after_discharge, excess
    )


def hazard_of_death(territory: Setting, patient: Person) -> float:
    """Hazard of death of a patient at this moment, per day."""
    ratio = 1.0
    if patient.last_kind >= 0:
        ratio = territory.kinds[patient.last_kind].death_ratio_after_stay
    since = territory.clock.now - patient.discharged_at
    return death_hazard(patient.death_rate_per_day, ratio, since, territory.after.death_ratio_days)


def death_ceiling(territory: Setting, patient: Person) -> float:
    """The rate at which candidate deaths of a patient are drawn, per day: no hazard passes it."""
    highest = -math.inf
    for position in range(len(territory.kinds)):
        kind = territory.kinds[position]
        if can_happen_to(territory, patient, kind):
            highest = max(highest, kind.death_ratio_ceiling)
    return patient.death_rate_per_day * (highest if highest > -math.inf else 1.0)


def can_happen_to(territory: Setting, patient: Person, kind: Kind) -> bool:
    """Whether a kind of episode can happen to a patient."""
    has_condition = place_of(patient, territory.held, kind.condition) >= 0
    return is_at_risk(kind, patient.older, has_condition)


def severity_of(territory: Setting, patient: Person, kind: Kind) -> tuple[float, float]:
    """Hazard ratio of the patient's class of severity for a kind, and its highest plausible one."""
    if kind.condition < 0:
        return 1.0, 1.0
    held = territory.held[place_of(patient, territory.held, kind.condition)]
    return held.severity, held.severity_ceiling
