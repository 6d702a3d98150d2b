"""What the events of a log are called in English and French, and what sort of event each is."""

from __future__ import annotations

from typing import Literal

from parcours_sim.engine.record import Entry

from .titles import Titles
from .words import Language, typeset

Sort = Literal["contact", "worsening", "noticing", "message", "answer", "crisis", "stay", "death"]

EVENTS: dict[str, tuple[Sort, str, str]] = {
    "appointment booked": ("contact", "appointment booked", "rendez-vous pris"),
    "appointment given back": ("contact", "appointment given back", "rendez-vous rendu"),
    "gp consultation": ("contact", "GP consultation", "consultation du médecin"),
    "nurse visit": ("contact", "nurse visit", "passage de l’infirmier"),
    "protocol visit": ("contact", "protocol visit", "consultation de protocole"),
    "dispensing": ("contact", "dispensing", "délivrance en pharmacie"),
    "informed follow-up": ("contact", "informed follow-up", "suivi par un soignant informé"),
    "episode begins": ("worsening", "worsening begins", "début d’aggravation"),
    "patient notices": ("noticing", "patient notices", "le patient remarque"),
    "gp notices": ("noticing", "GP notices", "le médecin remarque"),
    "nurse notices": ("noticing", "nurse notices", "l’infirmier remarque"),
    "pharmacist notices": ("noticing", "pharmacist notices", "le pharmacien remarque"),
    "message lost": ("message", "message lost", "message perdu"),
    "message arrives": ("message", "message arrives", "message reçu"),
    "expert asked": ("message", "expert asked", "avis d’expert demandé"),
    "expert answers": ("answer", "expert answers", "l’expert répond"),
    "treated": ("answer", "treated", "traité"),
    "resolves alone": ("answer", "resolves alone", "se résout seul"),
    "averted": ("answer", "crisis averted", "crise évitée"),
    "admitted as a precaution": ("stay", "admitted as a precaution", "hospitalisé par précaution"),
    "crisis": ("crisis", "crisis", "crise"),
    "overtaken in hospital": ("stay", "overtaken in hospital", "survenu à l’hôpital"),
    "ends with death": ("death", "ends with death", "finit par le décès"),
    "arrives at emergency department": ("crisis", "arrives at the ED", "arrivée aux urgences"),
    "gets a room": ("crisis", "gets a room", "installé aux urgences"),
    "leaves emergency department unseen": ("crisis", "leaves the ED unseen", "part sans être vu"),
    "leaves emergency department": ("crisis", "leaves the ED", "quitte les urgences"),
    "goes home": ("answer", "goes home", "rentre chez soi"),
    "gets a bed": ("stay", "gets a bed", "obtient un lit"),
    "admitted": ("stay", "admitted", "hospitalisé"),
    "discharged": ("stay", "discharged", "sorti"),
    "letter lost": ("message", "letter lost", "lettre perdue"),
    "dies": ("death", "dies", "décès"),
}
"""Sort, then name in English and in French, by the event's own name in the log."""
DETAILS: dict[str, tuple[str, str]] = {
    "planned": ("planned", "prévu"),
    "answer": ("about the worsening", "pour l’aggravation"),
    "follow-up": ("after the stay", "après le séjour"),
    "patient": ("patient", "patient"),
    "nurse": ("nurse", "infirmier"),
    "pharmacist": ("pharmacist", "pharmacien"),
    "gp": ("GP", "médecin"),
    "hospital": ("hospital", "hôpital"),
}
"""Details that are no kind of episode and no link, which have titles of their own."""


def sort_of(event: str) -> Sort:
    """Return what sort of event it is."""
    return EVENTS[event][0]


def event_name(event: str, language: Language) -> str:
    """Return what an event is called."""
    _, english, french = EVENTS[event]
    return typeset(french if language == "fr" else english, language)


def event_text(entry: Entry, titles: Titles, language: Language) -> str:
    """Return an event in words, with what it is about in parentheses."""
    name = event_name(entry.event, language)
    return f"{name} ({detail_text(entry.detail, titles, language)})" if entry.detail else name


def detail_text(detail: str, titles: Titles, language: Language) -> str:
    """Return what an event is about: a purpose, a profession, a kind of episode or a link."""
    if detail in DETAILS:
        return DETAILS[detail][1 if language == "fr" else 0]
    group = f"link:{detail}" if f"link:{detail}" in titles.groups else f"kind:{detail}"
    return titles.group(group, language)
