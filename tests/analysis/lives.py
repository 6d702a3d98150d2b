"""Replications made of a few events, to compare two lives of one patient."""

from __future__ import annotations

import numpy as np

from parcours_sim.engine.record import LINE, TEXTS, Log, Replication, stay_key

KINDS = ("copd", "heart_failure")
DETAILS = ("", "planned", "answer", "follow-up", *KINDS, "nurse_to_gp", "hospital_to_gp", "gp")
Event = tuple
"""Day, patient, event, detail, number; and the generation, if not the first."""

STAY = ("crisis", "gets a bed", "admitted")
PATIENT, CANDIDATE = 7, 3
KIND = "heart_failure"


def replication(*events: Event, stays=()) -> Replication:
    """A replication with these events, sorted by time, and these (patient, kind, number) stays."""
    lines = np.zeros(len(events), LINE)
    for place, (day, person, event, detail, number, *generation) in enumerate(sorted(events)):
        lines[place] = (
            day,
            person,
            *(generation or (0,)),
            TEXTS.index(event),
            DETAILS.index(detail),
            number,
        )
    keys = sorted(stay_key(person, KINDS.index(kind), number) for person, kind, number in stays)
    return Replication(
        rows=(),
        stays=np.array(keys, np.int64),
        contacts=0,
        events=len(events),
        seconds=0.0,
        log=Log(lines, DETAILS),
    )


def episode(
    *events: tuple[float, str], person: int = PATIENT, kind: str = KIND, number: int = CANDIDATE
) -> list[Event]:
    """Events of one episode."""
    return [(day, person, event, kind, number) for day, event in events]


def admitted(day: float, **whose) -> list[Event]:
    """The end of an episode that leads to hospital."""
    return episode(*((day, event) for event in STAY), (day + 5.0, "discharged"), **whose)


ONE_STAY = ((PATIENT, KIND, CANDIDATE),)
EARLIER = [(1.0, PATIENT, "gp consultation", "planned", 40)]
BEGINS = episode((10.0, "episode begins"), (11.0, "patient notices"))
