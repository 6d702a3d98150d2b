"""How care is organised: practice models, and layers over the territory.

An organisation moves information, contacts, access and routes. It has no key that scales crises,
admissions, visits to the emergency department, windows or the efficacy of treatment: effects must
emerge. The world that it works in is `territory.py`.
"""

from __future__ import annotations

from pydantic import BaseModel

from .kinds import Count, DaysOfWeek, Euros, PositiveRatio, Rate, Ratio, Time
from .quantity import MODEL, Name, Share
from .territory import Text


class LinkRatio(BaseModel):
    """How a practice model or a layer changes a link, as ratios to the territory's own values."""

    model_config = MODEL
    delay_ratio: Ratio
    loss_ratio: Ratio


class Access(BaseModel):
    """How a practice gives appointments."""

    model_config = MODEL
    colleagues_cover: bool
    """Whether another GP of the practice sees a patient whose own GP cannot soon."""
    own_gp_tolerance_days: Time
    """Wait for one's own GP beyond which a colleague is asked."""
    colleague_noticing_ratio: Share
    """Probability that a colleague notices signs, over that of one's own GP (continuity)."""
    urgent_slot_share: Share
    urgent_release_days: Time
    """How long before its time a slot kept for urgent requests opens to all."""
    walk_in_days_per_week: DaysOfWeek
    """Days of the week, from Monday, on which people come without an appointment."""
    slots_ratio: PositiveRatio
    """Slots a GP of this model offers over those of the territory's GPs."""


class Follow(BaseModel):
    """Sustained follow-up: which contacts happen, and what they contain."""

    model_config = MODEL
    gp_protocol_share: Share
    """Routine GP visits that measure, adjust and educate as the protocol asks."""
    nurse_protocol_share: Share
    pharmacist_protocol_share: Share
    protocol_visits_per_year: Rate
    """Consultations with the team's nurse, per patient with a chronic condition."""
    delegated_share: Share
    """Planned GP visits that the team's nurse makes instead."""
    recall_share: Share
    """Discharged patients whom an informed GP calls in."""


class PracticeModel(BaseModel):
    """A way of running a practice."""

    model_config = MODEL
    title: Text
    description: Text
    gps_per_practice: Count
    nurse_in_team_share: Share
    """Patients whose nurse is within the reach of the practice's links and protocols."""
    pharmacist_in_team_share: Share
    links: dict[Name, LinkRatio]
    access: Access
    follow: Follow
    coordination_share: Share
    """GP time spent on coordination instead of appointments."""
    funding_per_practice_eur_per_year: Euros


class Noticing(BaseModel):
    """What a layer adds to noticing one kind of episode: shares of the signs otherwise missed."""

    model_config = MODEL
    gp_share: Share
    nurse_share: Share
    pharmacist_share: Share


class Layer(BaseModel):
    """Something organised over a whole territory, on top of the practices."""

    model_config = MODEL
    title: Text
    description: Text
    reaches: Name
    """`everyone`, `age_75_and_over`, or the people with a condition."""
    links: dict[Name, LinkRatio]
    noticing: dict[Name, Noticing]
    """By kind of episode, in dedicated time or by a shared protocol."""
    recall_share: Share
    protocol_visits_per_year: Rate
    doctor_first_share: Share
    """Crises in which a doctor is called before the emergency department, where more than usual."""
    direct_admission_share: Share
    """Crises seen by a doctor first that go straight to a bed, when beds are asked for by day."""
    shared_slots_per_gp_per_day: Rate
    """Slots inside existing diaries that any practice's patients may use."""
    added_slots_per_gp_per_day: Rate
    """The same, on top of existing diaries."""
    shared_within_days: Time
    """How soon such a slot must be to count as an answer."""
    without_gp_taken_in_share: Share
    """Of people without a usual GP whom no practice would see, those whose unscheduled requests are
    answered."""
    patient_delay_ratio: Ratio
    """How long people bear signs before they ask for help, over how long they would otherwise."""
    expert_share: Share
    """Worsenings treated by a GP about which the GP asks the platform's experts too."""
    experts_per_100k: Rate
    """Experts who answer at the same time."""
    coordination_hours_per_patient_per_year: Rate
    funding_per_inhabitant_eur_per_year: Euros
    funding_per_patient_eur_per_year: Euros


class PracticeUse(BaseModel):
    """A practice model and the share of the territory's GPs who work in it."""

    model_config = MODEL
    share: Share
    model: PracticeModel


class LayerUse(BaseModel):
    """A layer and the share of the people it reaches who really are reached."""

    model_config = MODEL
    uptake_share: Share
    layer: Layer


class Organisation(BaseModel):
    """Practices by shares, and layers over them."""

    model_config = MODEL
    ramp_months: Time
    """Time over which the organisation comes into being."""
    practices: dict[Name, PracticeUse]
    layers: dict[Name, LayerUse]
