"""Two lives in words: who the patient is, where the lives part and why, and line by line.

What is told is found in `analysis/twin.py`; names of events are in `event_words.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from parcours_sim.analysis.twin import Twin, is_same
from parcours_sim.analysis.who import Who
from parcours_sim.engine.record import Entry

from .event_words import detail_text, event_name, event_text
from .titles import Titles
from .words import Language, number, say

LIVES = ("A", "B")
AROUND_DAYS = 30.0
"""How much is told before and after what is looked at."""
ROUTINE = ("nurse visit", "dispensing")
"""Events of which a run in one life only is told in one line."""
ENDINGS = (
    *("resolves alone", "averted", "admitted as a precaution", "admitted", "goes home"),
    *("overtaken in hospital", "ends with death", "dies", "leaves emergency department unseen"),
)


@dataclass(frozen=True)
class Line:
    """One line of the two lives: when, and what happens in each; or a run of so many events."""

    time_days: float
    events: tuple[Entry | None, Entry | None]
    count: int = 1


@dataclass(frozen=True)
class Teller:
    """Tells two lives in a language.

    Attributes:
        titles: of scenarios, kinds of episode and links.
        conditions: titles of the territory's conditions, in both languages.
        names: the two scenarios, the first life's first.
        start_date: the day (YYYY-MM-DD) at whose midnight time 0 is.
    """

    titles: Titles
    conditions: Mapping[str, Mapping[Language, str]]
    names: tuple[str, str]
    start_date: str
    language: Language

    def say(self, key: str, **parts: str) -> str:
        """Return a string of the words with its parts put in."""
        return say(key, self.language, **parts)

    def scenario(self, life: int) -> str:
        """Return the title of a life's scenario."""
        return self.titles.scenario(self.names[life], self.language)

    def when(self, time_days: float) -> str:
        """Return a time as a local date and time, to the minute."""
        moment = datetime.fromisoformat(self.start_date) + timedelta(days=time_days)
        return moment.strftime("%Y-%m-%d %H:%M")

    def heading(self, twin: Twin, who: Who) -> str:
        """Return what the two lives show, and whose they are."""
        about = [self.say("twin_older" if who.is_75_or_over else "twin_younger")]
        about += [self.conditions[name][self.language].lower() for name in who.conditions]
        about += [] if who.has_gp else [self.say("twin_no_gp")]
        told = self.say("twin_who", number=str(who.person), about=", ".join(about))
        return self.say(f"twin_{twin.change}", who=told, second=self.scenario(1))

    def sentences(self, twin: Twin) -> Iterator[str]:
        """Yield where the lives part, why the stay does, and how the episode ends in each."""
        if twin.parting is None:
            yield self.say("twin_same")
            return
        first, second = (
            self.event(entry) if entry else self.say("twin_nothing")
            for entry in twin.parting.events
        )
        date = self.when(twin.parting.time_days)
        yield self.say("twin_parting", date=date, first=first, second=second)
        if twin.kind:
            yield self._why(twin)
            for life, episode in zip(LIVES, twin.threads(), strict=True):
                yield self.say("twin_ending", life=life, what=self._ending(episode))

    def event(self, entry: Entry) -> str:
        """Return an event in words."""
        return event_text(entry, self.titles, self.language)

    def cells(self, line: Line) -> list[str]:
        """Return what a line says of each life."""
        if line.count == 1:
            return [self.event(entry) if entry else "" for entry in line.events]
        if all(line.events):
            return [self.say("twin_alike", count=str(line.count))] * 2
        return [f"{self.event(entry)} × {line.count}" if entry else "" for entry in line.events]

    def _why(self, twin: Twin) -> str:
        reason = twin.reason
        if reason.event is None:
            return self.say("twin_reason_none")
        date, life, other = (
            self.when(reason.event.time_days),
            LIVES[reason.life],
            LIVES[1 - reason.life],
        )
        if reason.contacts is not None:
            return self.say(
                "twin_onset",
                kind=detail_text(twin.kind, self.titles, self.language),
                date=date,
                life=life,
                other=other,
                contacts=self._contacts(reason.contacts),
            )
        event = self.event(reason.event)
        if reason.elsewhere is None:
            return self.say("twin_event_only", event=event, date=date, life=life, other=other)
        days = self._duration(reason.elsewhere.time_days - reason.event.time_days)
        return self.say(
            "twin_event_sooner", event=event, date=date, life=life, other=other, days=days
        )

    def _contacts(self, contacts: Mapping[str, tuple[int, int]]) -> str:
        differing = {event: pair for event, pair in contacts.items() if pair[0] != pair[1]}
        if not differing:
            return self.say("twin_contacts_same")
        return ", ".join(
            self.say(
                "twin_contacts",
                event=event_name(event, self.language),
                first=str(first),
                second=str(second),
            )
            for event, (first, second) in differing.items()
        )

    def _duration(self, days: float) -> str:
        if days < 1.0:
            return self.say("twin_hours", count=number(24.0 * days, self.language, 1))
        return self.say("twin_days", count=number(days, self.language, 1))

    def _ending(self, episode: Sequence[Entry]) -> str:
        if not episode:
            return self.say("twin_no_episode")
        last = next((each for each in reversed(episode) if each.event in ENDINGS), episode[-1])
        return f"{event_name(last.event, self.language)}, {self.when(last.time_days)}"


def lines_of(twin: Twin, around_days: float = AROUND_DAYS) -> list[Line]:
    """Return the two lives side by side, around what is looked at; runs of alike events in one.

    That is the episode at stake, or else the first moment at which the lives part.
    """
    begins, ends = looked_at(twin)
    lives = [
        [e for e in life if begins - around_days <= e.time_days <= ends + around_days]
        for life in twin.lives
    ]
    return list(_gathered(_merged(*lives), twin))


def looked_at(twin: Twin) -> tuple[float, float]:
    """Return from when to when something is looked at, in days."""
    if span := twin.span_days():
        return span
    apart = twin.parting.time_days if twin.parting else 0.0
    return apart, apart


def _merged(first: Sequence[Entry], second: Sequence[Entry]) -> Iterator[Line]:
    """Yield the events of both lives in order, what is alike in one line."""
    places = [0, 0]
    while places[0] < len(first) or places[1] < len(second):
        here = first[places[0]] if places[0] < len(first) else None
        there = second[places[1]] if places[1] < len(second) else None
        if here and there and is_same(here, there):
            yield Line(here.time_days, (here, there))
            places = [places[0] + 1, places[1] + 1]
        elif there is None or (here and here.time_days <= there.time_days):
            assert here is not None
            yield Line(here.time_days, (here, None))
            places[0] += 1
        else:
            yield Line(there.time_days, (None, there))
            places[1] += 1


def _gathered(lines: Iterable[Line], twin: Twin) -> Iterator[Line]:
    """Put runs of routine events into one line each."""
    for routine, run in groupby(lines, partial(_routine, twin=twin)):
        found = list(run)
        if routine:
            yield Line(found[0].time_days, found[0].events, len(found))
        else:
            yield from found


def _routine(line: Line, twin: Twin) -> tuple[str, ...]:
    """Return what makes lines one run: alike in both lives, or the same routine in one of them."""
    here, there = line.events
    if here and there:
        return ("both",) if here.detail != twin.kind else ()
    life, event = ("A", here) if here else ("B", there)
    return (life, event.event) if event and event.event in ROUTINE else ()
