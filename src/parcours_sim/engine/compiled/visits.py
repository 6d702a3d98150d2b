"""What somebody in the hospital does next: with a room or a bed, at the end of care or patience."""

from __future__ import annotations

from parcours_sim.care import order
from parcours_sim.care.decisions import OTHER_STAY
from parcours_sim.care.hospital import stay
from parcours_sim.care.tallies import Count
from parcours_sim.engine.record import What

from .admission import begin_stay, care_for_crisis, end_stay, leave_care
from .draws import draw
from .hospital import (
    LOW,
    begin_care,
    board,
    end_boarding,
    free_place,
    get_room,
    leave_room,
    leave_unseen,
    let_go,
)
from .log import note
from .queue import hand_over, plan
from .state import BEDS, NOBODY, Handed, Reason, Stage, Step, Territory
from .warning import left_unseen, shown_to_room, treated_at_emergency


def place_granted(territory: Territory, place: int) -> None:
    """A room or a bed is somebody's."""
    visit = territory.visits[place]
    if visit.stage == Stage.WAITS_FOR_ROOM:
        if visit.triage == LOW:
            decide_wait(territory, place)
        else:
            enter_room(territory, place)
    elif visit.stage == Stage.WAITS_FOR_BED:
        board_ends(territory, place)
    else:
        note(territory, visit.patient, What.GETS_A_BED)
        begin_stay(territory, place, Count.HOSPITALISATIONS_DIRECT)
    let_go(territory, place)


def patience_ends(territory: Territory, place: int) -> None:
    """Somebody of low acuity has waited as long as they would."""
    decide_wait(territory, place)
    let_go(territory, place)


def decide_wait(territory: Territory, place: int) -> None:
    """The wait is over, by a room or by impatience, whichever comes first."""
    visit = territory.visits[place]
    if not visit.is_decided:
        visit.is_decided = True
        hand_over(territory, Handed.WAIT_DECIDED, place)


def wait_decided(territory: Territory, place: int) -> None:
    """Into the room, or away."""
    visit = territory.visits[place]
    if visit.has_place:
        enter_room(territory, place)
        return
    leave_unseen(territory, place)
    if visit.reason == Reason.CRISIS:
        leave_care(territory, visit.patient)
    elif visit.reason == Reason.UNSERVED:
        left_unseen(territory, visit.patient, visit.kind, visit.occurrence)
    let_go(territory, place)


def enter_room(territory: Territory, place: int) -> None:
    """Care begins."""
    visit = territory.visits[place]
    get_room(territory, place)
    if visit.reason == Reason.CRISIS:
        care_for_crisis(territory, place)
    elif visit.reason == Reason.UNSERVED:
        shown_to_room(territory, place)
    else:
        begin_care(territory, place, visit.is_admitted)


def care_ends(territory: Territory, place: int) -> None:
    """The end of care in a room, or of a stay in a bed."""
    visit = territory.visits[place]
    if visit.stage == Stage.IN_BED:
        leave_hospital(territory, place)
    elif visit.is_admitted:
        board(territory, place)
    else:
        leave_room(territory, place)
        go_home(territory, place)
        let_go(territory, place)


def go_home(territory: Territory, place: int) -> None:
    """Home from the emergency department."""
    visit = territory.visits[place]
    if visit.reason == Reason.CRISIS:
        leave_care(territory, visit.patient)
        note(territory, visit.patient, What.GOES_HOME)
    elif visit.reason == Reason.UNSERVED:
        treated_at_emergency(territory, visit.patient, visit.kind, visit.occurrence)


def board_ends(territory: Territory, place: int) -> None:
    """From the room into a bed."""
    visit, hospital = territory.visits[place], territory.hospital
    end_boarding(territory, place)
    leave_room(territory, place)
    if visit.patient != NOBODY:
        begin_stay(territory, place, Count.HOSPITALISATIONS_EMERGENCY)
        return
    visit.stage = Stage.IN_BED
    mark = draw(territory, 0, OTHER_STAY, visit.occurrence, visit.offset)[0]
    length = stay(mark, hospital.other_stay_days, hospital.other_stay_sd_days)
    ends = territory.clock.now + length
    plan(territory, ends, order.END_OF_CARE, Step.END_OF_CARE, place)


def leave_hospital(territory: Territory, place: int) -> None:
    """The end of a stay: the bed is free, and the patient home or dead."""
    visit = territory.visits[place]
    free_place(territory, BEDS)
    if visit.patient != NOBODY:
        end_stay(territory, visit.patient, visit.kind, visit.occurrence)
    let_go(territory, place)
