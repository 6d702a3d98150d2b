"""What reports say, in English and French: words, numbers and the typography of both.

Strings are data; which of them is said of which result is decided in findings and figures.
"""

import math
import re
from typing import Literal

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")

THIN = "\u202f"  # narrow no-break space: French punctuation and thousands
FIXED = "\u00a0"  # no-break space
MINUS = "\u2212"
UNKNOWN = "–"

# Plain spaces here; typeset() makes them unbreakable where each language asks for it.
WORDS: dict[str, dict[Language, str]] = {
    "avoided": {"en": "{value} {unit} avoided", "fr": "{value} {unit} évitées"},
    "added": {"en": "{value} {unit} added", "fr": "{value} {unit} ajoutées"},
    "of_stays": {"en": "% of hospitalisations", "fr": "% des hospitalisations"},
    "stays": {"en": "hospitalisations", "fr": "hospitalisations"},
    "wait_shorter": {
        "en": "median wait for a GP {value} {days} shorter",
        "fr": "attente médiane d’un médecin plus courte de {value} {days}",
    },
    "wait_longer": {
        "en": "median wait for a GP {value} {days} longer",
        "fr": "attente médiane d’un médecin plus longue de {value} {days}",
    },
    "delay_shorter": {
        "en": "information arrives {value} {days} sooner",
        "fr": "information reçue {value} {days} plus tôt",
    },
    "delay_longer": {
        "en": "information arrives {value} {days} later",
        "fr": "information reçue {value} {days} plus tard",
    },
    "days": {"en": "days", "fr": "jours"},
    "under_two_days": {"en": "days", "fr": "jour"},
    "finding": {
        "en": "{who}: {what} (95 % interval {interval})",
        "fr": "{who} : {what} (intervalle à 95 % : {interval})",
    },
    "rank": {
        "en": ", the largest of {count} effects; {told} of {count} are distinguishable from zero",
        "fr": ", le plus grand de {count} effets ; {told} sur {count} se distinguent de zéro",
    },
    "not_told": {
        "en": "No organisation’s effect on {what} is distinguishable from zero",
        "fr": "Aucune organisation n’a d’effet sur {what} qui se distingue de zéro",
    },
    "no_interval": {
        "en": "Effects on {what}: no interval, so nothing is distinguishable from chance",
        "fr": "Effets sur {what} : sans intervalle, rien ne se distingue du hasard",
    },
    "on_hospitalisations": {"en": "hospitalisations", "fr": "les hospitalisations"},
    "on_wait": {"en": "the median wait for a GP", "fr": "l’attente médiane d’un médecin"},
    "on_delay": {"en": "information delays", "fr": "les délais d’information"},
    "by_kind": {
        "en": "By condition: {told} of {count} effects are distinguishable from zero "
        "(about {chance} would be by chance); the largest, {who} – {kind}: {value} stays avoided "
        "per 100,000 inhabitants and year (95 % interval {interval})",
        "fr": "Par maladie : {told} effets sur {count} se distinguent de zéro "
        "(environ {chance} par hasard) ; le plus grand, {who} – {kind} : {value} séjours évités "
        "pour 100 000 habitants et par an (intervalle à 95 % : {interval})",
    },
    "by_kind_none": {
        "en": "By condition: none of {count} effects on hospitalisations is distinguishable "
        "from zero",
        "fr": "Par maladie : aucun des {count} effets sur les hospitalisations ne se distingue "
        "de zéro",
    },
    "between": {"en": "{low} to {high}", "fr": "{low} à {high}"},
    "axis_avoided": {
        "en": "Hospitalisations per 100,000 inhabitants and year (avoided to the right)",
        "fr": "Hospitalisations pour 100 000 habitants et par an (évitées à droite)",
    },
    "net": {"en": "Net avoided", "fr": "Évitées, net"},
    "net_with_interval": {
        "en": "Net avoided, 95 % interval",
        "fr": "Évitées, net, intervalle à 95 %",
    },
    "gross_avoided": {"en": "Gross avoided", "fr": "Évitées, brut"},
    "gross_induced": {"en": "Gross induced", "fr": "Induites, brut"},
    "column_net": {"en": "Net avoided, %\n(95 % interval)", "fr": "Évitées, net, %\n(int. à 95 %)"},
    "column_gp": {"en": "GP\nhours", "fr": "Heures\nmédecin"},
    "column_nurse": {"en": "Nurse\nhours", "fr": "Heures\ninfirmier"},
    "column_coordination": {"en": "Coord.\nhours", "fr": "Heures\ncoord."},
    "column_cost": {"en": "Cost,\nk€", "fr": "Coût,\nk€"},
    "columns_extra": {
        "en": "Extra, per 100,000 inh. and year",
        "fr": "En plus, pour 100 000 hab. et par an",
    },
    "axis_wait": {"en": "A – Wait for a GP, days", "fr": "A – Attente d’un médecin, jours"},
    "axis_delay": {"en": "B – Information delay, days", "fr": "B – Délai d’information, jours"},
    "log_scale": {"en": " (logarithmic scale)", "fr": " (échelle logarithmique)"},
    "median": {"en": "Median", "fr": "Médiane"},
    "mean": {"en": "Mean", "fr": "Moyenne"},
    "every_link": {"en": "All links", "fr": "Tous les liens"},
    "footer": {
        "en": "Parameter set: {parameter_set} · {replications} · {interval}\n{inhabitants} "
        "inhabitants · measured years: {years} · compared with: {baseline}",
        "fr": "Jeu de paramètres : {parameter_set} · {replications} · {interval}\n{inhabitants} "
        "habitants · années mesurées : {years} · comparé à : {baseline}",
    },
    "replications": {"en": "replications: {count}", "fr": "réplications : {count}"},
    "interval_paired": {
        "en": "95 % intervals: Student’s, differences paired by replication (Fieller’s for %)",
        "fr": "intervalles à 95 % : Student, différences appariées par réplication "
        "(Fieller pour les %)",
    },
    "interval_levels": {
        "en": "95 % intervals: Student’s, over replications (in the titles: of paired differences)",
        "fr": "intervalles à 95 % : Student, sur les réplications (dans les titres : de "
        "différences appariées)",
    },
    "interval_none": {
        "en": "no interval: it needs two replications",
        "fr": "sans intervalle : il faut deux réplications",
    },
    "small_territory": {
        "en": "under 5,000 inhabitants rare outcomes are noisy",
        "fr": "sous 5 000 habitants, les événements rares sont bruités",
    },
}


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


def decimals_for(*values: float) -> int:
    """Return the decimals that figures of this size are worth: one below 20, none above."""
    known = [abs(value) for value in values if not math.isnan(value)]
    return 1 if known and 0 < max(known) < 20 else 0


def between(low: float, high: float, language: Language, decimals: int = 0) -> str:
    """Return an interval in words: "2.0 to 6.2"."""
    bounds = {"low": number(low, language, decimals), "high": number(high, language, decimals)}
    return say("between", language, **bounds)
