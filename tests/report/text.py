"""Titles for the synthetic study, short ones and very long ones."""

from dataclasses import dataclass

from tests.analysis.synthetic import KINDS, SIX, Organisation

from parcours_sim.report.titles import Titles


@dataclass(frozen=True)
class Text:
    """A title in both languages."""

    fr: str
    en: str


TITLES = Titles(
    {"isole": Text("Exercice isolé", "Isolated practice"), "msp": Text("Maisons [MSP]", "MSP")},
    {"kind:copd": Text("Exacerbation de BPCO", "COPD exacerbation")},
)

LONG = "Maisons de santé pluriprofessionnelles avec système d’information partagé opérationnel"
SEVEN = (*SIX, Organisation("mixte", 0.01, 0.02))
LONG_TITLES = Titles(
    {name: Text(LONG, LONG) for name in ("isole", *(one.name for one in SEVEN))},
    {f"kind:{kind}": Text(LONG, LONG) for kind in KINDS},
)
