"""Expert advice: about whom a GP asks, how long a case waits, when the answer is there.

The experts of a platform are a counter: the case that came first is read first. From its turn on an
answer takes as long as answers take (L108), and no less than its reading. Where no platform is, an
expert is weeks away (L031), longer than windows last, and nobody is asked.
"""

from __future__ import annotations

from .counter import take_turn
from .distributions import lognormal
from .parameters import Advice
from .person import Person
from .practices import is_reached
from .setting import Setting
from .tallies import Count, count_for

NO_PLATFORM = -1


def platform_of(territory: Setting, patient: Person, mark: float) -> int:
    """The layer whose experts are asked about a worsening that a GP has just treated.

    Of layers that reach the patient the one through which most is asked; NO_PLATFORM where the
    worsening's mark is not below its share.
    """
    found, most = NO_PLATFORM, mark
    for layer in range(len(territory.layers)):
        share = territory.layers[layer].expert_share
        if share > most and is_reached(territory, patient, layer):
            found, most = layer, share
    return found


def answer_after(advice: Advice, mark: float) -> float:
    """Days from a case's turn to its answer: at least its reading, and late ones at the limit."""
    days = lognormal(mark, advice.answer_days, advice.answer_sigma)
    return max(advice.reading_days, min(days, advice.answer_limit_days))


def send_case(territory: Setting, patient: Person, kind: int, platform: int, mark: float) -> float:
    """Put a case in a platform's queue, count what it takes, and return when its answer is there.

    A case whose reading begins after the horizon is one that waits at its end.
    """
    advice, now, row = territory.advice, territory.clock.now, territory.layers[platform]
    first, end = row.first_expert, row.end_expert
    begins = take_turn(territory.experts_free_at, first, end, now, advice.reading_days)
    count_for(territory, patient, Count.EXPERT_REQUESTS, kind)
    count_for(territory, patient, Count.EXPERT_WAIT_DAYS, kind, begins - now)
    count_for(territory, patient, Count.GP_HOURS, -1, 24.0 * advice.asking_days)
    if begins >= territory.ends:
        count_for(territory, patient, Count.EXPERT_REQUESTS_WAITING, kind)
    return begins + answer_after(advice, mark)


def count_answer(territory: Setting, patient: Person, kind: int, days: float) -> None:
    """Count an answer by its date, some days after the request."""
    count_for(territory, patient, Count.EXPERT_ANSWERS, kind)
    count_for(territory, patient, Count.EXPERT_ANSWER_DAYS, kind, days)
