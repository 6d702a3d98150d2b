"""Everything that is counted: the registry of outcomes, and the tallies that engines keep.

An outcome has an id, a unit, a definition in words, and the quality criterion it speaks for. Events
count by their date, in the measured horizon only; stays, waits and times in care are clipped to
it. Means, shares and medians are worked out at the end by `rows`, from sums and counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

ACCESS, COORDINATION, ORIENTATION, PERSON, EFFORT, RUN = (
    "accessibility",
    "coordination",
    "orientation",
    "attention to the person",
    "effort",
    "population",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A counted quantity.

    `additive` outcomes are totals over the horizon and can be shown per 100,000 inhabitants and
    year; the others are means, medians or shares.
    """

    id: str
    unit: str
    additive: bool
    criterion: str
    title_en: str
    title_fr: str
    definition: str


def _outcome(
    id: str, unit: str, additive: bool, criterion: str, en: str, fr: str, definition: str
) -> tuple[str, Outcome]:
    return id, Outcome(id, unit, additive, criterion, en, fr, definition)


OUTCOMES: dict[str, Outcome] = dict(
    [
        _outcome("hospitalisations", "count", True, ORIENTATION, "Hospitalisations", "Hospitalisations",
                 "Unplanned hospital stays that begin in the horizon, of people simulated one by one "
                 "(chronic patients and everyone aged 75 and over), by any route."),
        _outcome("hospitalisations_emergency", "count", True, ORIENTATION, "Emergency admissions", "Admissions par les urgences",
                 "Those that came through the emergency department."),
        _outcome("hospitalisations_direct", "count", True, ORIENTATION, "Direct admissions", "Admissions directes",
                 "Those that went straight to a bed, after a doctor's call or as a precaution."),
        _outcome("hospitalisations_precautionary", "count", True, ORIENTATION, "Precautionary admissions", "Admissions de précaution",
                 "Direct admissions decided by a professional who answered a warning."),
        _outcome("hospitalisations_avoidable", "count", True, ORIENTATION, "Potentially avoidable stays", "Hospitalisations potentiellement évitables",
                 "Stays weighted by the share of their kind that the French definition counts as potentially avoidable."),
        _outcome("readmissions_30_days", "count", True, ORIENTATION, "Readmissions within 30 days", "Réadmissions à 30 jours",
                 "Stays that begin within 30 days of the last discharge, whatever their kind."),
        _outcome("readmissions_90_days", "count", True, ORIENTATION, "Readmissions within 90 days", "Réadmissions à 90 jours",
                 "Stays that begin within 90 days of the last discharge, whatever their kind."),
        _outcome("readmissions_same_kind_30_days", "count", True, ORIENTATION, "Returns for the same cause within 30 days", "Retours pour la même cause à 30 jours",
                 "Stays that begin within 30 days of the last discharge from a stay of the same kind."),
        _outcome("readmissions_same_kind_180_days", "count", True, ORIENTATION, "Returns for the same cause within 180 days", "Retours pour la même cause à 180 jours",
                 "Stays that begin within 180 days of the last discharge from a stay of the same kind."),
        _outcome("readmissions_same_kind_365_days", "count", True, ORIENTATION, "Returns for the same cause within a year", "Retours pour la même cause à un an",
                 "Stays that begin within 365 days of the last discharge from a stay of the same kind."),
        _outcome("discharges", "count", True, ORIENTATION, "Discharges alive", "Sorties vivantes",
                 "Stays that end in the horizon with the patient going home."),
        _outcome("bed_days", "days", True, ORIENTATION, "Bed-days", "Journées d’hospitalisation",
                 "Days in a hospital bed of people simulated one by one, clipped to the horizon."),
        _outcome("ed_visits", "count", True, ACCESS, "ED visits", "Passages aux urgences",
                 "All arrivals at the emergency department, of everyone."),
        _outcome("ed_visits_unscheduled", "count", True, ACCESS, "ED visits for unscheduled care", "Passages aux urgences pour soins non programmés",
                 "Visits of low acuity: those that primary care could have seen, and those driven by waits."),
        _outcome("ed_visits_wait_driven", "count", True, ACCESS, "ED visits driven by waits or no GP", "Passages faute de rendez-vous ou de médecin",
                 "Visits of people who asked for a GP appointment and had none in time, or have no GP."),
        _outcome("ed_visits_admitted", "count", True, ORIENTATION, "ED visits followed by admission", "Passages suivis d’hospitalisation",
                 "Visits that end in a hospital bed."),
        _outcome("ed_left_unseen", "count", True, ACCESS, "Left the ED unseen", "Partis des urgences sans être vus",
                 "People of low acuity who left the waiting room at the end of their patience."),
        _outcome("ed_wait_minutes", "minutes", False, ACCESS, "Wait in the ED", "Attente aux urgences",
                 "Mean time from arrival at the emergency department to a room, of those who got one."),
        _outcome("ed_stay_minutes", "minutes", False, ACCESS, "Time in the ED", "Durée de passage aux urgences",
                 "Mean time from arrival to leaving the room, boarding included."),
        _outcome("boarding_hours", "hours", True, ACCESS, "Boarding", "Attente d’un lit aux urgences",
                 "Time that admitted people spend in an ED room after their care, until a bed is free."),
        _outcome("episodes", "count", True, RUN, "Worsening episodes", "Épisodes d’aggravation",
                 "Onsets of worsening episodes."),
        _outcome("episodes_resolved_alone", "count", True, RUN, "Resolved alone", "Résolus spontanément",
                 "Episodes that ended by themselves."),
        _outcome("episodes_avoided", "count", True, COORDINATION, "Crises averted", "Crises évitées",
                 "Episodes that a response in primary care ended before the crisis."),
        _outcome("episodes_open", "count", True, RUN, "Open at the end", "Ouverts à la fin",
                 "Episodes still open at the end of the horizon."),
        _outcome("episodes_cut_short", "count", True, RUN, "Cut short", "Interrompus",
                 "Episodes that ended with death or inside a hospital stay for something else."),
        _outcome("crises", "count", True, COORDINATION, "Crises", "Crises",
                 "Episodes that no response ended in time."),
        _outcome("drug_incidents", "count", True, COORDINATION, "Drug incidents", "Incidents médicamenteux",
                 "Crises of kinds caused by medicines."),
        _outcome("candidates_discarded", "count", True, RUN, "Candidates discarded", "Candidats écartés",
                 "Candidate onsets and deaths that fell in a stay or during the same kind of episode."),
        _outcome("deaths", "count", True, PERSON, "Deaths", "Décès", "Deaths of people simulated one by one."),
        _outcome("deaths_in_hospital", "count", True, PERSON, "Deaths in hospital", "Décès à l’hôpital",
                 "Deaths that ended a hospital stay."),
        _outcome("deaths_after_stay", "count", True, PERSON, "Deaths in or within a year of a stay", "Décès pendant ou dans l’année d’un séjour",
                 "Deaths in hospital or within 365 days of a discharge, by the kind of that stay."),
        _outcome("gp_requests", "count", True, ACCESS, "Requests to GPs", "Demandes aux généralistes",
                 "Requests for a GP appointment, of everyone."),
        _outcome("gp_unserved_share", "share", False, ACCESS, "Requests without an appointment", "Demandes sans rendez-vous",
                 "Share of requests for which nothing was on offer within the patience of who asked."),
        _outcome("gp_wait_mean_days", "days", False, ACCESS, "Mean wait for a GP", "Délai moyen chez le généraliste",
                 "Mean time from request to appointment; a booked-ahead visit waits from its booking."),
        _outcome("gp_wait_median_days", "days", False, ACCESS, "Median wait for a GP", "Délai médian chez le généraliste",
                 "Median of the same in calendar days, interpolated within the day."),
        _outcome("gp_wait_same_or_next_day", "share", False, ACCESS, "Same or next day", "Le jour même ou le lendemain",
                 "Share of appointments on the calendar day of the request or the next."),
        _outcome("gp_wait_five_days_or_more", "share", False, ACCESS, "Five days or more", "Cinq jours ou plus",
                 "Share of appointments at least five calendar days after the request."),
        _outcome("information_delay_days", "days", False, COORDINATION, "Information delay", "Délai de l’information",
                 "Mean time of messages from sender to receiver, of those that arrive."),
        _outcome("messages_sent", "count", True, COORDINATION, "Messages sent", "Messages envoyés",
                 "Messages about an episode or a discharge, lost ones included."),
        _outcome("messages_lost", "count", True, COORDINATION, "Messages lost", "Messages perdus",
                 "Messages that a link lost."),
        _outcome("response_days", "days", False, COORDINATION, "First sign to treatment", "Du premier signe au traitement",
                 "Mean time from the first usable sign to a treatment in primary care, where one came."),
        _outcome("follow_ups_informed", "count", True, COORDINATION, "Informed follow-up visits", "Visites de suivi informées",
                 "First contacts after a discharge with a professional who had the letter."),
        _outcome("follow_up_days", "days", False, COORDINATION, "Discharge to GP", "De la sortie au généraliste",
                 "Mean time from discharge to the first GP contact, where one came before a new stay."),
        _outcome("follow_up_within_15_days", "share", False, COORDINATION, "GP seen within 15 days of discharge", "Généraliste vu dans les 15 jours",
                 "Share of discharges followed by a GP contact within 15 days."),
        _outcome("gp_contacts", "count", True, EFFORT, "GP consultations", "Consultations de généraliste",
                 "GP consultations of everyone."),
        _outcome("nurse_contacts", "count", True, EFFORT, "Nurse visits", "Visites infirmières",
                 "Nurse visits and protocol consultations of people simulated one by one."),
        _outcome("protocol_contacts", "count", True, PERSON, "Protocol consultations", "Consultations protocolisées",
                 "Nurse consultations that a protocol of the practice or a layer adds or takes over from the GP."),
        _outcome("pharmacist_contacts", "count", True, EFFORT, "Dispensings", "Délivrances",
                 "Dispensings to people simulated one by one."),
        _outcome("missed_contacts", "count", True, PERSON, "Contacts missed", "Contacts manqués",
                 "Planned contacts that did not happen: in hospital, no slot within patience, a full round."),
        _outcome("gp_hours", "hours", True, EFFORT, "GP time with patients", "Temps médecin auprès des patients",
                 "Hours of GP consultations."),
        _outcome("nurse_hours", "hours", True, EFFORT, "Nurse time", "Temps infirmier",
                 "Hours of the nurse contacts counted."),
        _outcome("pharmacist_hours", "hours", True, EFFORT, "Pharmacist time", "Temps pharmacien",
                 "Hours of the dispensings counted."),
        _outcome("coordination_hours", "hours", True, EFFORT, "Coordination time", "Temps de coordination",
                 "GP time kept for coordination, and hours that layers spend on the people they reach."),
        _outcome("cost_care_eur", "EUR", True, EFFORT, "Cost of care", "Coût des soins",
                 "GP consultations, nurse visits, dispensing fees, ED visits and stays at unit costs."),
        _outcome("cost_coordination_eur", "EUR", True, EFFORT, "Cost of coordination", "Coût de la coordination",
                 "Collective funding of practices and layers. Time spent is in coordination_hours."),
        _outcome("cost_eur", "EUR", True, EFFORT, "Cost", "Coût", "Cost of care and of coordination."),
        _outcome("person_years", "person-years", True, RUN, "Person-years", "Personnes-années",
                 "People simulated one by one, times the horizon; places are refilled after a death."),
        _outcome("patients_hospitalised", "count", True, RUN, "Patients hospitalised", "Patients hospitalisés",
                 "People with at least one stay of the kind in a year, summed over the years."),
    ]
)  # fmt: skip
"""Every outcome by its id."""

IDS: tuple[str, ...] = (*OUTCOMES, "ed_rooms_granted", "ed_left", "gp_waits", "gp_wait_days",
                        "gp_same_or_next_day", "gp_five_days_or_more", "gp_unserved",
                        "messages_arrived", "message_days", "responses", "response_time_days",
                        "follow_ups", "follow_up_time_days", "follow_ups_15",
                        "ed_wait_days", "ed_stay_days")  # fmt: skip
"""What engines add up: the additive outcomes, and the sums behind means and shares."""
POSITION = {name: position for position, name in enumerate(IDS)}

WAIT_BINS = 91
"""Waits for a GP are kept by calendar days, 0 to 90 and more, for their median."""


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of a scenario: everyone, age bands, and each kind, practice model, link, condition."""

    labels: tuple[str, ...]
    kinds: int
    practices: int
    links: int
    conditions: int
    """Positions at which the four families begin."""


ALL, UNDER_75, OLDER = 0, 1, 2


def groups(
    kinds: Sequence[str], practices: Sequence[str], links: Sequence[str], conditions: Sequence[str]
) -> Groups:
    """Lay out the groups: their labels, and where each family begins.

    >>> groups(["copd"], ["isole"], [], []).labels
    ('all', 'age:under_75', 'age:75+', 'kind:copd', 'practice:isole')
    """
    labels = ["all", "age:under_75", "age:75+"]
    starts = []
    families = (("kind", kinds), ("practice", practices), ("link", links), ("condition", conditions))
    for family, names in families:
        starts.append(len(labels))
        labels += [f"{family}:{name}" for name in names]
    return Groups(tuple(labels), *starts)


def grouped_median(counts: Sequence[float]) -> float | None:
    """Median of whole days, interpolated within the day as for grouped data; none without a case.

    >>> grouped_median([2, 2])
    0.5
    """
    half, below = sum(counts) / 2.0, 0.0
    if half == 0.0:
        return None
    for day, count in enumerate(counts):
        if below + count >= half and count > 0:
            return max(0.0, day - 0.5 + (half - below) / count)
        below += count
    return None


Read = Callable[[str, int], float]

RATIOS: dict[str, tuple[str, str, float]] = {
    "ed_wait_minutes": ("ed_wait_days", "ed_rooms_granted", 1440.0),
    "ed_stay_minutes": ("ed_stay_days", "ed_left", 1440.0),
    "gp_unserved_share": ("gp_unserved", "gp_requests", 1.0),
    "gp_wait_mean_days": ("gp_wait_days", "gp_waits", 1.0),
    "gp_wait_same_or_next_day": ("gp_same_or_next_day", "gp_waits", 1.0),
    "gp_wait_five_days_or_more": ("gp_five_days_or_more", "gp_waits", 1.0),
    "information_delay_days": ("message_days", "messages_arrived", 1.0),
    "response_days": ("response_time_days", "responses", 1.0),
    "follow_up_days": ("follow_up_time_days", "follow_ups", 1.0),
    "follow_up_within_15_days": ("follow_ups_15", "discharges", 1.0),
}
"""Means and shares: what is added up, over what, times a factor for the unit."""


def rows(
    tallies: Sequence[float], labels: Sequence[str], waits: Sequence[Sequence[float]]
) -> Iterable[tuple[str, str, float]]:
    """The outcomes of a replication as (outcome, group, value), in the order of the registry.

    `tallies` are the sums by outcome and group (see `IDS`), flat; `waits` the waits for a GP by
    calendar day, for each of the groups all, under 75, and 75 and over. The group `all` always has
    a row; other groups have one where something was counted. A mean without a case has none.
    """

    def read(name: str, group: int) -> float:
        return tallies[POSITION[name] * len(labels) + group]

    for name in OUTCOMES:
        for group, label in enumerate(labels):
            value = _value(name, group, read, waits)
            if value is not None and (group == ALL or value != 0.0 or name in RATIOS):
                yield name, label, value


def _value(
    name: str, group: int, read: Read, waits: Sequence[Sequence[float]]
) -> float | None:
    if name == "gp_wait_median_days":
        return grouped_median(waits[group]) if group < len(waits) else None
    if name == "cost_eur":
        return read("cost_care_eur", group) + read("cost_coordination_eur", group)
    if name in RATIOS:
        above, below, factor = RATIOS[name]
        count = read(below, group)
        return read(above, group) / count * factor if count > 0.0 else None
    return read(name, group)
