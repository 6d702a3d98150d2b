"""The unit of a number, told by the last words of its key.

`delay_days` is in days, `funding_per_patient_eur_per_year` in euros per patient and year. Here
lives the table of such words. Which keys there are is said by `territory.py`, `episode.py`,
`organisation.py` and `scenario.py`; how large a number may be, by `kinds.py`.
"""

from __future__ import annotations

UNITS: dict[str, str] = {
    # Time
    "years": "years",
    "months": "months",
    "days": "days",
    "hours": "hours",
    "minutes": "minutes",
    "leave_weeks": "weeks per year",
    "days_per_year": "days per year",
    "days_per_week": "days per week",
    "hours_per_patient_per_year": "hours per patient and year",
    "peak_day": "day of the year",
    "opens_hour": "hour of the day",
    "closes_hour": "hour of the day",
    "begins_hour": "hour of the day",
    "ends_hour": "hour of the day",
    # How many
    "inhabitants": "inhabitants",
    "per_100k": "per 100,000 inhabitants",
    "per_practice": "per practice",
    "per_pharmacy": "per pharmacy",
    # How often
    "per_day": "per day",
    "minutes_per_day": "minutes per day",
    "per_week": "per week",
    "per_year": "per year",
    "per_gp_per_day": "per GP and day",
    "per_inhabitant_per_year": "per inhabitant and year",
    # One thing over another
    "share": "share",
    "share_75_and_over": "share",
    "share_per_year": "share per year",
    "ratio": "ratio",
    "ratio_after_stay": "ratio",
    # Money
    "eur": "euros",
    "per_practice_eur_per_year": "euros per practice and year",
    "per_inhabitant_eur_per_year": "euros per inhabitant and year",
    "per_patient_eur_per_year": "euros per patient and year",
    # Shapes
    "sigma": "standard deviation of the logarithm",
    "exponent": "exponent",
    "safety_factor": "square roots of the mean load",
}
"""The words that keys end with, and the unit that they stand for."""


def unit_of(key: str) -> str:
    """Return the unit of the number that a key path leads to, in words.

    Where several entries of `UNITS` end the key's last name, the longest tells the unit.

    Raises:
        KeyError: the name ends with no entry of `UNITS`, as those of texts and booleans do.

    Example:
        >>> unit_of("territory.links.nurse_to_gp.delay_days")
        'days'
        >>> unit_of("territory.professionals.nurse_days_per_year")
        'days per year'
    """
    words = key.rpartition(".")[2].split("_")
    endings = ("_".join(words[start:]) for start in range(len(words)))
    known = next((ending for ending in endings if ending in UNITS), None)
    if known is None:
        raise KeyError(f"{key}: its last words are those of no unit")
    return UNITS[known]
