"""Episode kinds: what can go wrong, how much time it leaves, and who can notice.

A kind is a table in a scenario file; adding one needs no change in the code. The race between the
window and the response is run by the engine with the rules in `care/`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from .kinds import Euros, PositiveTime, Rate, Ratio, Sigma, Time
from .quantity import MODEL, Share
from .territory import Text


class Window(BaseModel):
    """Time from the first usable sign to the crisis: a share is sudden, the rest lognormal."""

    model_config = MODEL
    sudden_share: Share
    sudden_hours: PositiveTime
    sudden_sigma: Sigma
    gradual_days: PositiveTime
    gradual_sigma: Sigma
    resolves_alone_share: Share


class Noticing(BaseModel):
    """Who can notice the signs: at each contact, or the patient after a delay."""

    model_config = MODEL
    gp_share: Share
    nurse_share: Share
    pharmacist_share: Share
    patient_share: Share
    patient_delay_days: PositiveTime
    patient_delay_sigma: Sigma


class Treatment(BaseModel):
    """What a response in primary care does once it comes."""

    model_config = MODEL
    delay_days: Time
    delay_sigma: Sigma
    efficacy_share: Share
    precaution_share: Share
    """Patients admitted as a precaution because somebody looked."""


class Crisis(BaseModel):
    """What happens when no answer came in time."""

    model_config = MODEL
    triage: Literal["immediate", "urgent", "standard", "low"]
    admitted_share: Share
    stay_days: PositiveTime
    stay_sd_days: Time
    hospital_death_share: Share
    death_ratio_after_stay: Ratio
    """Mortality in the months after the stay over the usual one."""
    avoidable_share: Share
    """Stays that count as potentially avoidable in the French definition."""
    stay_eur: Euros


class Episode(BaseModel):
    """A kind of worsening episode."""

    model_config = MODEL
    title: Text
    at_risk: str
    """A condition of the territory, `age_75_and_over`, or `everyone` simulated one by one."""
    rate_per_year: Rate
    """Onsets per person at risk and year, at mean severity, fair control and usual times."""
    after_discharge: Literal["raised", "unchanged", "only"]
    """Whether a discharge raises the hazard, leaves it, or is the only time it exists."""
    depends_on_control: bool
    winter_amplitude_share: Share
    urgent: bool
    """Whether a warning about it travels as an urgent message."""
    drug_incident: bool
    window: Window
    noticing: Noticing
    treatment: Treatment
    crisis: Crisis
