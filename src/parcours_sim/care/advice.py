"""Expert advice: about whom a GP asks, how long a case waits, when the answer is there.

A platform's experts are a counter: the case that came first is read first. Beyond that wait and the
reading, an answer takes as long as answers take (L108). Where no platform is, an expert is weeks
away (L031), longer than windows last, and nobody is asked.
"""

from __future__ import annotations

from .counter import take_turn
from .distributions import lognormal
from .parameters import Advice
from .person import Person
from .practices import is_reached
from .setting import Setting
from .tallies import Count, count_for


def expert_share(territory: Setting, patient: Person) -> float:
    """Share of the worsenings that a GP treats about which an expert is asked, as organised now."""
    share = 0.0
    for layer in range(len(territory.layers)):
        if is_reached(territory, patient, layer):
            share = max(share, territory.layers[layer].expert_share)
    return share


def is_expert_asked(territory: Setting, patient: Person, mark: float) -> bool:
    """Whether the GP who has just treated a patient asks an expert too."""
    return mark < expert_share(territory, patient)


def answer_after(advice: Advice, mark: float) -> float:
    """Days until an answer, beyond the queue and the reading; late ones come at the limit."""
    return min(lognormal(mark, advice.answer_days, advice.answer_sigma), advice.answer_limit_days)


def send_case(territory: Setting, patient: Person, kind: int, mark: float) -> float:
    """Put a case in the experts' queue, count what it takes, and return when its answer is there.

    A case whose reading begins after the horizon is one that waits at its end.
    """
    advice, now = territory.advice, territory.clock.now
    experts = territory.experts_free_at
    begins = take_turn(experts, 0, len(experts), now, advice.reading_days)
    count_for(territory, patient, Count.EXPERT_REQUESTS, kind)
    count_for(territory, patient, Count.EXPERT_WAIT_DAYS, kind, begins - now)
    count_for(territory, patient, Count.GP_HOURS, -1, 24.0 * advice.asking_days)
    if begins >= territory.ends:
        count_for(territory, patient, Count.EXPERT_REQUESTS_WAITING, kind)
    return begins + advice.reading_days + answer_after(advice, mark)


def count_answer(territory: Setting, patient: Person, kind: int, days: float) -> None:
    """Count an answer by its date, some days after the request."""
    count_for(territory, patient, Count.EXPERT_ANSWERS, kind)
    count_for(territory, patient, Count.EXPERT_ANSWER_DAYS, kind, days)
