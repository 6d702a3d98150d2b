"""What reports say, in English and French: words, numbers and the typography of both.

Strings are data, in `words.toml`; which of them is said of which result is decided in findings and
figures.
"""

import math
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Literal

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")

THIN = "\u202f"  # narrow no-break space: French punctuation and thousands
FIXED = "\u00a0"  # no-break space
MINUS = "\u2212"
UNKNOWN = "–"

WORDS: dict[str, dict[Language, str]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
"""What is said, by its key and the language; not typeset yet."""

FRENCH_UNITS: dict[str, str] = {
    "years": "années",
    "months": "mois",
    "days": "jours",
    "hours": "heures",
    "minutes": "minutes",
    "weeks per year": "semaines par an",
    "days per year": "jours par an",
    "minutes per day": "minutes par jour",
    "days per week": "jours par semaine",
    "hours per patient and year": "heures par patient et par an",
    "day of the year": "jour de l’année",
    "hour of the day": "heure de la journée",
    "inhabitants": "habitants",
    "per 100,000 inhabitants": "pour 100 000 habitants",
    "per practice": "par cabinet",
    "per pharmacy": "par pharmacie",
    "per day": "par jour",
    "per week": "par semaine",
    "per year": "par an",
    "per GP and day": "par médecin et par jour",
    "per inhabitant and year": "par habitant et par an",
    "share": "part",
    "share per year": "part par an",
    "ratio": "rapport",
    "euros": "euros",
    "euros per practice and year": "euros par cabinet et par an",
    "euros per inhabitant and year": "euros par habitant et par an",
    "euros per patient and year": "euros par patient et par an",
    "standard deviation of the logarithm": "écart-type du logarithme",
    "exponent": "exposant",
    "square roots of the mean load": "racines carrées de la charge moyenne",
    "person-years": "personnes-années",
}
"""Units of parameters and of outcomes, by their English words."""
SYMBOLS = {"EUR": "euros", "count": ""}
"""Units of outcomes that are no words of their own; things counted are named by the outcome."""


def say(key: str, language: Language, **parts: str) -> str:
    """Return a string of the table with its parts put in, typeset for the language."""
    return typeset(WORDS[key][language].format(**parts), language)


def typeset(text: str, language: Language) -> str:
    """Put unbreakable spaces where a plain space would let a line break, or be too wide.

    French: narrow before ; : ! ? % and inside guillemets, and between figures.
    English: before %.
    """
    if language == "en":
        return text.replace(" %", FIXED + "%")
    text = re.sub(r" (?=[;:!?%»])|(?<=«) ", THIN, text)
    return re.sub(r"(?<=\d) (?=\d{3}\b)", THIN, text)


def number(value: float, language: Language, decimals: int = 0, *, signed: bool = False) -> str:
    """Return a number as the language writes it; an en dash where it isn't known (NaN)."""
    if math.isnan(value):
        return UNKNOWN
    text = f"{abs(value):,.{decimals}f}"
    if language == "fr":
        text = text.replace(",", THIN).replace(".", ",")
    if not any(digit in text for digit in "123456789"):
        return text
    return (MINUS if value < 0 else "+" if signed else "") + text


def unit(symbol: str, language: Language) -> str:
    """Return a unit in words; raises KeyError for one that has no French."""
    english = SYMBOLS.get(symbol, symbol)
    french = FRENCH_UNITS[english] if english else ""
    return typeset(french if language == "fr" else english, language)


def plain(value: float, language: Language) -> str:
    """Return a number with the decimals that it has, up to six figures."""
    written = f"{Decimal(f'{value:.6g}'):f}"
    return number(value, language, len(written.partition(".")[2]))


def decimals_for(*values: float) -> int:
    """Return the decimals that figures of this size are worth: one below 20, none above."""
    known = [abs(value) for value in values if not math.isnan(value)]
    return 1 if known and 0 < max(known) < 20 else 0


def between(low: float, high: float, language: Language, decimals: int = 0) -> str:
    """Return an interval in words: "2.0 to 6.2"."""
    bounds = {"low": number(low, language, decimals), "high": number(high, language, decimals)}
    return say("between", language, **bounds)
