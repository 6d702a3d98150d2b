"""What reports say, in English and French: words, numbers and the typography of both.

Strings are data; which of them is said of which result is decided in findings and figures.
"""

import math
import re
from decimal import Decimal
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
    "of_set": {"en": "{parameter_set}: {what}", "fr": "{parameter_set} : {what}"},
    "footer": {
        "en": "Parameter set: {parameter_set} · {replications} · {interval}\n{inhabitants} "
        "inhabitants · measured years: {years} · compared with: {baseline}",
        "fr": "Jeu de paramètres : {parameter_set} · {replications} · {interval}\n{inhabitants} "
        "habitants · années mesurées : {years} · comparé à : {baseline}",
    },
    "replications": {"en": "replications: {count}", "fr": "réplications : {count}"},
    "item_gp": {"en": "GP consultations", "fr": "Consultations de généraliste"},
    "item_nurse": {"en": "Nurse visits", "fr": "Visites infirmières"},
    "item_dispensing": {"en": "Dispensing fees", "fr": "Honoraires de délivrance"},
    "item_ed": {"en": "ED visits", "fr": "Passages aux urgences"},
    "item_expert": {"en": "Expert advice", "fr": "Avis d’expert"},
    "item_stay": {"en": "Stays", "fr": "Séjours"},
    "item_coordination": {"en": "Coordination", "fr": "Coordination"},
    "item_all": {"en": "All together", "fr": "Ensemble"},
    "profession_gp": {"en": "GPs", "fr": "Médecins"},
    "profession_nurse": {"en": "Nurses", "fr": "Infirmiers"},
    "profession_pharmacist": {"en": "Pharmacists", "fr": "Pharmaciens"},
    "profession_coordination": {"en": "Coordination", "fr": "Coordination"},
    "payer_insurer": {"en": "Compulsory insurance", "fr": "Assurance Maladie"},
    "payer_households": {
        "en": "Patients and complementary insurers",
        "fr": "Patients et complémentaires",
    },
    "payer_teams": {"en": "Care teams", "fr": "Équipes de soins"},
    "price_per_stay_insurer": {
        "en": "Insurance, € per stay avoided",
        "fr": "Assurance Maladie, € par séjour évité",
    },
    "price_per_stay_everyone": {
        "en": "All, € per stay avoided",
        "fr": "Tous, € par séjour évité",
    },
    "price_note": {
        "en": "Thousands of euros more than under the baseline, per replication over all measured "
        "years, with 95 % intervals. Payers together pay the same under every account; care teams "
        "bear what nobody pays them for, and keep what they are paid too much.",
        "fr": "Milliers d’euros de plus que dans l’organisation de référence, par réplication sur "
        "toutes les années mesurées, avec intervalles à 95 %. Les payeurs paient ensemble autant "
        "dans chaque compte ; les équipes supportent ce que personne ne leur paie et gardent ce "
        "qu’on leur paie en trop.",
    },
    "equal_note": {
        "en": "At equal resources: slots of GPs are multiplied until GP time on offer and hours of "
        "nurses, pharmacists and coordination are together those of the baseline, to {tolerance} % "
        "in {worlds} random worlds; means over all that are compared differ by {left} % at most. "
        "{factors}. Hours and posts in the tables are of consultations that took place, so they "
        "needn’t cancel out.",
        "fr": "À moyens égaux : les créneaux des médecins sont multipliés jusqu’à ce que leur "
        "temps offert et les heures d’infirmiers, de pharmaciens et de coordination fassent "
        "ensemble celles de l’organisation de référence, à {tolerance} % près dans {worlds} mondes "
        "aléatoires ; les moyennes de tous ceux comparés s’en écartent de {left} % au plus. "
        "{factors}. Les heures et les postes des tableaux sont ceux des consultations qui ont eu "
        "lieu et ne se compensent donc pas forcément.",
    },
    "equal_factor": {
        "en": "{who}: × {factor} ({hours} GP hours)",
        "fr": "{who} : × {factor} ({hours} heures de médecin)",
    },
    "equal_footer": {
        "en": "at equal resources: GP slots × {low} to {high}",
        "fr": "à moyens égaux : créneaux des médecins × {low} à {high}",
    },
    "equal_footer_one": {
        "en": "at equal resources: GP slots × {low}",
        "fr": "à moyens égaux : créneaux des médecins × {low}",
    },
    "percent": {"en": "{value} %", "fr": "{value} %"},
    "group_all": {"en": "Everyone", "fr": "Tous"},
    "group_age:under_75": {"en": "Under 75", "fr": "Moins de 75 ans"},
    "group_age:75+": {"en": "75 and over", "fr": "75 ans et plus"},
    "group_gp:with": {"en": "With a usual GP", "fr": "Avec médecin traitant"},
    "group_gp:without": {"en": "Without a usual GP", "fr": "Sans médecin traitant"},
    "quality_harms": {
        "en": "{who}: of {count} changes, {better} for the better and {worse} for the worse; "
        "{untold} can’t be told from chance",
        "fr": "{who} : sur {count} changements, {better} en mieux et {worse} en moins bien ; "
        "{untold} ne se distinguent pas du hasard",
    },
    "quality_no_harm": {
        "en": "{who}: of {count} changes, {better} for the better, none for the worse; {untold} "
        "can’t be told from chance",
        "fr": "{who} : sur {count} changements, {better} en mieux, aucun en moins bien ; {untold} "
        "ne se distinguent pas du hasard",
    },
    "quality_colours": {
        "en": "Change against the baseline; without %: in the outcome’s own unit, where the "
        "baseline has none.\nBlue: for the better; orange, bold: for the worse; white: can’t be "
        "told from chance; ↓ less is better, ↑ more is better.\nNo cell: not counted, or none. Of "
        "cells where nothing really changes, about one in twenty is coloured by chance.",
        "fr": "Écart avec l’organisation de référence ; sans % : dans l’unité du résultat, quand "
        "la référence n’en a pas.\nBleu : en mieux ; orange, gras : en moins bien ; blanc : ne se "
        "distingue pas du hasard ; ↓ mieux si moins, ↑ mieux si plus.\nSans case : non compté, ou "
        "aucun. Des cases où rien ne change vraiment, environ une sur vingt est colorée par "
        "hasard.",
    },
    "quality_marks": {
        "en": "Change against the baseline; without %: in the outcome’s own unit, where the "
        "baseline has none. In parentheses: can’t be told from chance. !: for the worse. ↓ less is "
        "better, ↑ more is better.",
        "fr": "Écart avec l’organisation de référence ; sans % : dans l’unité du résultat, quand "
        "la référence n’en a pas. Entre parenthèses : ne se distingue pas du hasard. ! : en moins "
        "bien. ↓ mieux si moins, ↑ mieux si plus.",
    },
    "quality_note": {
        "en": "Each change is that of one outcome in one group of people. Of changes that are "
        "none, about one in twenty is told from zero by chance.",
        "fr": "Chaque changement est celui d’un résultat dans un groupe de personnes. Là où rien "
        "ne change vraiment, environ un écart sur vingt se distingue de zéro par hasard.",
    },
    "quality_definitions": {
        "en": "What exactly is counted",
        "fr": "Ce qui est compté exactement (en anglais)",
    },
    "quality_definition": {"en": "{title}: {definition}", "fr": "{title} : {definition}"},
    "quality_harms_head": {"en": "For the worse", "fr": "En moins bien"},
    "quality_harms_none": {
        "en": "For the worse: nothing that can be told from chance",
        "fr": "En moins bien : rien qui se distingue du hasard",
    },
    "quality_better": {"en": "better", "fr": "mieux"},
    "quality_worse": {"en": "worse", "fr": "moins bien"},
    "quality_untold": {"en": "can’t be told", "fr": "ne se distingue pas"},
    "quality_same": {"en": "unchanged", "fr": "inchangé"},
    "column_criterion": {"en": "criterion", "fr": "critère"},
    "column_outcome": {"en": "outcome", "fr": "résultat"},
    "column_group": {"en": "group", "fr": "groupe"},
    "column_change": {
        "en": "change (95 % interval)",
        "fr": "écart (intervalle à 95 %)",
    },
    "axis_bill": {
        "en": "A – Euros more per inhabitant and year",
        "fr": "A – Euros de plus par habitant et par an",
    },
    "axis_worth": {
        "en": "B – Share of worlds where it pays (dots: all),\nby k€ for a stay avoided",
        "fr": "B – Part des mondes où c’est rentable\n(points : tous), par k€ par séjour évité",
    },
    "price_column_per_stay": {
        "en": "€ per stay avoided\n(95 % interval)",
        "fr": "€ par séjour évité\n(int. à 95 %)",
    },
    "price_column_insurer": {
        "en": "Insurance,\n€ per inh.\nand year",
        "fr": "Ass. mal.,\n€ par hab.\net par an",
    },
    "price_column_gp": {"en": "GP\nposts", "fr": "Postes\nméd."},
    "price_column_nurse": {"en": "Nurse\nposts", "fr": "Postes\ninf."},
    "price_finding": {
        "en": "{who} avoids stays at the least price: {value} euros each (95 % interval "
        "{interval}), of {told} organisations out of {count} of which a price can be told",
        "fr": "{who} : le séjour évité le moins cher, {value} euros (intervalle à 95 % : "
        "{interval}), parmi {told} organisations sur {count} dont on peut dire le prix",
    },
    "price_saves": {
        "en": "{who} saves {value} euros for each stay that it avoids (95 % interval {interval}), "
        "the most of {told} organisations out of {count} of which a price can be told",
        "fr": "{who} : {value} euros économisés par séjour évité (intervalle à 95 % : {interval}), "
        "le plus parmi {told} organisations sur {count} dont on peut dire le prix",
    },
    "price_none": {
        "en": "No organisation avoids stays at a price that can be told from chance",
        "fr": "Aucune organisation n’évite des séjours à un prix qui se distingue du hasard",
    },
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
    "series_gp_wait_days": {
        "en": "Wait for a GP, visits wanted at once, days",
        "fr": "Attente d’un médecin, visites voulues au plus tôt, jours",
    },
    "series_appointments_held": {
        "en": "Appointments that patients hold",
        "fr": "Rendez-vous pris par les patients, à venir",
    },
    "series_episodes_begun": {
        "en": "Worsening episodes that begin, per week",
        "fr": "Aggravations qui débutent, par semaine",
    },
    "series_episodes_open": {
        "en": "Worsening episodes that are open",
        "fr": "Aggravations en cours",
    },
    "series_ed_present": {
        "en": "People in the emergency department",
        "fr": "Personnes présentes aux urgences",
    },
    "series_patients_in_hospital": {
        "en": "Patients in a hospital bed",
        "fr": "Patients dans un lit d’hôpital",
    },
    "finding_warm_up": {
        "en": "{who}, before the start: from the end of the warm-up on, {settled} of {count} "
        "series stay within ±{band} % of their later level",
        "fr": "{who}, avant le début : {settled} sur {count} séries à moins de {band} % de leur "
        "niveau ultérieur dès la fin de la mise en régime",
    },
    "finding_warm_up_unclear": {
        "en": "; chance leaves it open for {unclear}",
        "fr": " ; le hasard ne permet pas de le dire pour {unclear}",
    },
    "welch_weekly": {
        "en": "Mean of the replications, by week",
        "fr": "Moyenne des réplications, par semaine",
    },
    "welch_moving": {
        "en": "Its moving average over {weeks} weeks",
        "fr": "Sa moyenne mobile sur {weeks} semaines",
    },
    "welch_expected": {
        "en": "Same weeks of the years after the warm-up",
        "fr": "Mêmes semaines des années après la mise en régime",
    },
    "welch_band": {"en": "The same, ±{band} %", "fr": "Les mêmes, ±{band} %"},
    "welch_cut": {
        "en": "End of the scenario’s warm-up",
        "fr": "Fin de la mise en régime du scénario",
    },
    "welch_settled": {
        "en": "In the band from here on",
        "fr": "Dans la bande à partir d’ici",
    },
    "axis_weeks": {
        "en": "Weeks since the simulation began",
        "fr": "Semaines depuis le début de la simulation",
    },
    "footer_warm_up": {
        "en": "Parameter set: {parameter_set} · {replications} · {inhabitants} inhabitants · "
        "organisation before the start\n"
        "Welch’s procedure on weekly means, window of {weeks} weeks",
        "fr": "Jeu de paramètres : {parameter_set} · {replications} · {inhabitants} habitants · "
        "organisation d’avant le début\n"
        "Procédure de Welch sur des moyennes hebdomadaires, fenêtre de {weeks} semaines",
    },
    "sweep_rate": {
        "en": "per 100,000 inhabitants and year",
        "fr": "pour 100 000 habitants et par an",
    },
    "sweep_avoided": {"en": "{title} avoided {rate}", "fr": "{title} évitées {rate}"},
    "sweep_difference": {
        "en": "{title}, difference from the baseline",
        "fr": "{title}, écart à la référence",
    },
    "sweep_level": {"en": "{title}", "fr": "{title}"},
    "sweep_who": {"en": "{what}, {who}", "fr": "{what}, {who}"},
    "sweep_levels_found": {"en": "{what}: {range}", "fr": "{what} : {range}"},
    "sweep_found": {"en": "{what}: {range}; {told}", "fr": "{what} : {range} ; {told}"},
    "sweep_nothing_found": {"en": "{what}: {told}; {range}", "fr": "{what} : {told} ; {range}"},
    "sweep_everywhere": {"en": "{value} at every point", "fr": "{value} en tout point"},
    "sweep_range": {
        "en": "from {low} ({where_low}) to {high} ({where_high})",
        "fr": "de {low} ({where_low}) à {high} ({where_high})",
    },
    "sweep_told": {
        "en": "intervals that leave zero out: {told} of {count} (about {chance} would by chance)",
        "fr": "intervalles qui excluent zéro : {told} sur {count} (environ {chance} par hasard)",
    },
    "sweep_none_told": {
        "en": "nothing is distinguishable from zero (intervals that leave zero out: {told} of "
        "{count}; about {chance} would by chance)",
        "fr": "rien ne se distingue de zéro (intervalles qui excluent zéro : {told} sur {count} ; "
        "environ {chance} par hasard)",
    },
    "sweep_no_interval": {
        "en": "no interval, so nothing is distinguishable from chance",
        "fr": "sans intervalle, rien ne se distingue du hasard",
    },
    "sweep_unknown": {
        "en": "{what}: not known anywhere, since nothing of the kind happened",
        "fr": "{what} : inconnu partout, faute d’événements de ce type",
    },
    "sweep_with_intervals": {
        "en": "{what} (with 95 % intervals)",
        "fr": "{what} (avec intervalles à 95 %)",
    },
    "sweep_zero_inside": {
        "en": "95 % interval includes zero",
        "fr": "intervalle à 95 % contenant zéro",
    },
    "sweep_not_known": {"en": "not known", "fr": "inconnu"},
    "finding_validation": {
        "en": "The model beside evidence: {by_construction} figures by construction, {inside} "
        "inside their range, {outside} outside, {out_of_reach} out of reach, {not_comparable} not "
        "comparable",
        "fr": "Le modèle face aux données : {by_construction} chiffres par construction, {inside} "
        "dans leur intervalle, {outside} hors de l’intervalle, {out_of_reach} hors d’atteinte, "
        "{not_comparable} non comparables",
    },
    "footer_validation": {
        "en": "Parameter set: {parameter_set} · lines: 95 % intervals of the simulation · beyond "
        "the axis: at its end",
        "fr": "Jeu de paramètres : {parameter_set} · traits : intervalles à 95 % de la simulation "
        "· au-delà de l’axe : à son bout",
    },
    "axis_validation": {
        "en": "0: as stated, or midway · −1 and 1: ends of what agrees",
        "fr": "0 : comme énoncé, ou au milieu · −1 et 1 : bornes de l’accord",
    },
    "simulated_for_stated": {
        "en": "{simulated} for {stated} {unit}",
        "fr": "{simulated} pour {stated} {unit}",
    },
    "simulated_for_decrease": {
        "en": "{simulated} {unit} for a decrease",
        "fr": "{simulated} {unit} pour une baisse",
    },
    "simulated_for_increase": {
        "en": "{simulated} {unit} for an increase",
        "fr": "{simulated} {unit} pour une hausse",
    },
    "stated_decrease": {"en": "a decrease", "fr": "une baisse"},
    "stated_increase": {"en": "an increase", "fr": "une hausse"},
    "verdict_by_construction": {"en": "by construction", "fr": "par construction"},
    "verdict_inside": {"en": "inside", "fr": "dans l’intervalle"},
    "verdict_outside": {"en": "outside", "fr": "hors de l’intervalle"},
    "verdict_out_of_reach": {"en": "out of reach", "fr": "hors d’atteinte"},
    "verdict_not_comparable": {"en": "not comparable", "fr": "non comparable"},
    "role_fitted": {"en": "fitted", "fr": "calé"},
    "role_validated": {"en": "validated", "fr": "validé"},
    "role_not_compared": {"en": "not compared", "fr": "non comparé"},
    "role_predicted": {"en": "predicted", "fr": "prédit"},
    "in_step": {"en": "{role}, step {step}", "fr": "{role}, étape {step}"},
    "origin_documents": {"en": "documents", "fr": "documents"},
    "origin_literature": {"en": "literature", "fr": "littérature"},
    "origin_unverified": {"en": "unverified", "fr": "non vérifié"},
    "origin_assumption": {"en": "assumption", "fr": "hypothèse"},
    "or_more": {"en": "{low} or more", "fr": "{low} ou plus"},
    "or_less": {"en": "{high} or less", "fr": "{high} ou moins"},
    "from_to": {"en": "{low} to {high}", "fr": "{low} à {high}"},
    "at_best": {
        "en": "{said}, {best} at best in the worlds of the fit",
        "fr": "{said}, {best} au mieux dans les mondes du calage",
    },
    "why_not": {"en": "{evidence}, {what}: {said}.", "fr": "{evidence}, {what} : {said}."},
    "rows_counted": {"en": "{count} rows: {verdicts}.", "fr": "{count} lignes : {verdicts}."},
    "twin_avoided": {
        "en": "A stay that {second} avoids: {who}",
        "fr": "Un séjour évité par {second} : {who}",
    },
    "twin_induced": {
        "en": "A stay that {second} induces: {who}",
        "fr": "Un séjour provoqué par {second} : {who}",
    },
    "twin_asked": {
        "en": "The same stays under both organisations: {who}",
        "fr": "Les mêmes séjours sous les deux organisations : {who}",
    },
    "twin_none_avoided": {
        "en": "No stay of {first} is avoided by {second} in this random world.",
        "fr": "Aucun séjour de {first} n’est évité par {second} dans ce monde aléatoire.",
    },
    "twin_none_induced": {
        "en": "No stay is induced by {second} in this random world.",
        "fr": "Aucun séjour n’est provoqué par {second} dans ce monde aléatoire.",
    },
    "twin_who": {"en": "patient {number}, {about}", "fr": "patient {number}, {about}"},
    "twin_older": {"en": "aged 75 or over", "fr": "75 ans ou plus"},
    "twin_younger": {"en": "under 75", "fr": "moins de 75 ans"},
    "twin_no_gp": {"en": "without a usual GP", "fr": "sans médecin traitant"},
    "twin_same": {
        "en": "The two lives are the same to the last event.",
        "fr": "Les deux vies sont les mêmes jusqu’au dernier événement.",
    },
    "twin_parting": {
        "en": "The lives first part on {date}: {first} in A, {second} in B.",
        "fr": "Les vies se séparent le {date} : {first} en A, {second} en B.",
    },
    "twin_nothing": {"en": "nothing", "fr": "rien"},
    "twin_onset": {
        "en": "Why: “{kind}” begins on {date} in {life} and not in {other}. In the year before: "
        "{contacts}.",
        "fr": "Pourquoi : « {kind} » débute le {date} en {life}, pas en {other}. Dans l’année "
        "d’avant : {contacts}.",
    },
    "twin_contacts": {
        "en": "{event} {first} in A, {second} in B",
        "fr": "{event} {first} en A, {second} en B",
    },
    "twin_contacts_same": {
        "en": "as many contacts in both; what follows a protocol is not told of each",
        "fr": "autant de contacts des deux côtés ; lesquels suivent un protocole n’est pas dit",
    },
    "twin_event_only": {
        "en": "Why: “{event}” on {date} in {life}, and not in {other}.",
        "fr": "Pourquoi : « {event} » le {date} en {life}, pas en {other}.",
    },
    "twin_event_sooner": {
        "en": "Why: “{event}” on {date} in {life}, {days} later in {other}.",
        "fr": "Pourquoi : « {event} » le {date} en {life}, {days} plus tard en {other}.",
    },
    "twin_reason_none": {
        "en": "Why: the log tells no difference in this episode.",
        "fr": "Pourquoi : le journal ne dit aucune différence dans cet épisode.",
    },
    "twin_ending": {"en": "{life}: {what}.", "fr": "{life} : {what}."},
    "twin_no_episode": {"en": "no such worsening", "fr": "pas d’aggravation"},
    "twin_days": {"en": "{count} days", "fr": "{count} jours"},
    "twin_hours": {"en": "{count} hours", "fr": "{count} heures"},
    "twin_alike": {"en": "({count} events alike in both)", "fr": "({count} événements identiques)"},
    "twin_legend": {"en": "A: {first} · B: {second}", "fr": "A : {first} · B : {second}"},
    "footer_twin": {
        "en": "Parameter set: {parameter_set} · seed {seed}, replication {replication} · the same "
        "random world under both organisations",
        "fr": "Jeu de paramètres : {parameter_set} · graine {seed}, réplication {replication} · le "
        "même monde aléatoire sous les deux organisations",
    },
    "column_when": {"en": "when", "fr": "quand"},
    "column_day": {"en": "day", "fr": "jour"},
    "sort_contact": {"en": "contact", "fr": "contact"},
    "sort_worsening": {"en": "worsening", "fr": "aggravation"},
    "sort_noticing": {"en": "noticed", "fr": "remarqué"},
    "sort_message": {"en": "message", "fr": "message"},
    "sort_answer": {"en": "answered", "fr": "réponse"},
    "sort_crisis": {"en": "crisis, ED", "fr": "crise, urgences"},
    "sort_stay": {"en": "hospital stay", "fr": "séjour à l’hôpital"},
    "sort_death": {"en": "death", "fr": "décès"},
    "axis_twin": {"en": "Days from {date}", "fr": "Jours depuis le {date}"},
    "finding_evidence": {
        "en": "Numbers of {who}: {documented} have a source that was seen, {unverified} one that "
        "was not, {assumption} are assumed",
        "fr": "Nombres, {who} : {documented} ont une source vue, {unverified} une source non vue, "
        "{assumption} sont supposés",
    },
    "scenarios_counted": {"en": "{count} scenarios", "fr": "{count} scénarios"},
    "footer_evidence": {
        "en": "Parameter set: {parameter_set} · each number of a scenario counts once, whatever it "
        "weighs",
        "fr": "Jeu de paramètres : {parameter_set} · chaque nombre d’un scénario compte une fois, "
        "quel que soit son poids",
    },
    "axis_evidence": {"en": "Share of a scenario’s numbers, %", "fr": "Part des nombres, %"},
    "of_which_unverified": {
        "en": "Evidence that was believed without its source being seen:",
        "fr": "Données retenues sans que leur source ait été vue :",
    },
    "of_which_assumed": {
        "en": "Assumptions, by the data that would replace them:",
        "fr": "Hypothèses, selon les données qui les remplaceraient :",
    },
    "column_scenario": {"en": "scenario", "fr": "scénario"},
    "column_numbers": {"en": "numbers", "fr": "nombres"},
    "column_fitted": {"en": "fitted", "fr": "calés"},
    "column_grades": {"en": "grades", "fr": "notes"},
    "column_keys": {"en": "keys", "fr": "clés"},
    "column_scenarios": {"en": "scenarios", "fr": "scénarios"},
    "column_better": {"en": "would be replaced by", "fr": "serait remplacé par"},
    "column_holder": {"en": "held by", "fr": "détenu par"},
    "column_tells": {"en": "which tell", "fr": "qui disent"},
    "column_evidence": {"en": "evidence", "fr": "donnée"},
    "column_what": {"en": "what", "fr": "quoi"},
    "column_simulated": {"en": "simulated", "fr": "simulé"},
    "column_interval": {"en": "95 % interval", "fr": "intervalle à 95 %"},
    "column_stated": {"en": "stated", "fr": "énoncé"},
    "column_agrees": {"en": "agrees within", "fr": "accord"},
    "column_origin": {"en": "origin", "fr": "origine"},
    "column_role": {"en": "role", "fr": "rôle"},
    "column_verdict": {"en": "verdict", "fr": "verdict"},
    "sweep_parameter_set": {
        "en": "Parameter set: {parameter_set}",
        "fr": "Jeu de paramètres : {parameter_set}",
    },
    "sweep_interval_paired": {
        "en": "95 % intervals: Student’s, differences paired by replication",
        "fr": "intervalles à 95 % : Student, différences appariées par réplication",
    },
    "sweep_interval_levels": {
        "en": "95 % intervals: Student’s, over replications",
        "fr": "intervalles à 95 % : Student, sur les réplications",
    },
    "sweep_inhabitants": {"en": "inhabitants: {inhabitants}", "fr": "habitants : {inhabitants}"},
    "sweep_years": {"en": "measured years: {years}", "fr": "années mesurées : {years}"},
    "sweep_varied": {"en": "varied, {low} to {high}", "fr": "variables, de {low} à {high}"},
    "sweep_baseline": {"en": "compared with: {baseline}", "fr": "comparé à : {baseline}"},
    "sweep_drawn": {
        "en": "drawn: the first {drawn} of {count} scenarios, all are in sweep.csv",
        "fr": "sont tracés les {drawn} premiers scénarios sur {count}, tous sont dans sweep.csv",
    },
    "channel_warning": {"en": "Warning", "fr": "Alerte"},
    "channel_discharge": {"en": "Discharge", "fr": "Sortie d’hôpital"},
    "channel_medicines": {"en": "Medicines", "fr": "Médicaments"},
    "channel_expert_advice": {"en": "Expert advice", "fr": "Avis d’expert"},
    "channel_unscheduled": {"en": "Unscheduled demand", "fr": "Soins non programmés"},
    "channel_admission_route": {"en": "Admission route", "fr": "Voie d’admission"},
    "channel_control": {"en": "Sustained follow-up (control)", "fr": "Suivi au long cours"},
    "channel_capacity": {"en": "Capacity and pooling", "fr": "Capacité et mutualisation"},
    "attribution_total": {"en": "All channels", "fr": "Tous les canaux"},
    "attribution_still": {"en": "doesn’t move", "fr": "ne change pas"},
    "attribution_fewer": {"en": "{title}, fewer {rate}", "fr": "{title}, en moins {rate}"},
    "attribution_of_kind": {"en": "{title} ({kind})", "fr": "{title} ({kind})"},
    "attribution_finding": {
        "en": "{who}. {what}: {value} (95 % interval {interval})",
        "fr": "{who}. {what} : {value} (intervalle à 95 % : {interval})",
    },
    "attribution_without_interval": {
        "en": "{who}. {what}: {value}",
        "fr": "{who}. {what} : {value}",
    },
    "attribution_most": {
        "en": "; most of it through “{channel}”: {value}{share}",
        "fr": " ; surtout par « {channel} » : {value}{share}",
    },
    "attribution_none_told": {
        "en": "; no channel’s part is distinguishable from zero",
        "fr": " ; la part d’aucun canal ne se distingue de zéro",
    },
    "attribution_share": {"en": " ({share} %)", "fr": " ({share} %)"},
    "attribution_value": {
        "en": "Shapley value, 95 % interval",
        "fr": "Valeur de Shapley, intervalle à 95 %",
    },
    "attribution_alone": {"en": "It alone switched on", "fr": "Lui seul activé"},
    "attribution_last": {"en": "It alone switched off", "fr": "Lui seul désactivé"},
    "attribution_column_value": {"en": "Part\n(95 % interval)", "fr": "Part\n(int. à 95 %)"},
    "attribution_column_share": {"en": "% of\nthe total", "fr": "% du\ntotal"},
    "attribution_interval": {
        "en": "95 % intervals: Student’s, paired by replication",
        "fr": "intervalles à 95 % : Student, appariés par réplication",
    },
    "attribution_method": {
        "en": "Shapley value: what a channel adds, on average over all orders of switching them on",
        "fr": "Valeur de Shapley : ce qu’ajoute un canal, en moyenne sur tous les ordres "
        "d’activation",
    },
    "small_territory": {
        "en": "under 5,000 inhabitants rare outcomes are noisy",
        "fr": "sous 5 000 habitants, les événements rares sont bruités",
    },
}

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
