"""Two lives in words: who, where they part, why, and side by side."""

from __future__ import annotations

import pytest
from tests.analysis.lives import (
    BEGINS,
    CANDIDATE,
    EARLIER,
    KIND,
    KINDS,
    ONE_STAY,
    PATIENT,
    admitted,
    episode,
    replication,
)

from parcours_sim.analysis.twin import clearest, twin_of
from parcours_sim.analysis.who import Who
from parcours_sim.report.titles import Titles
from parcours_sim.report.twin_words import Teller, lines_of, looked_at
from parcours_sim.scenario.territory import Text

WHO = Who(PATIENT, is_75_or_over=True, has_gp=False, conditions=("heart_failure",))
TITLES = Titles(
    {"isole": Text(fr="Exercice isolé", en="Isolated practice"), "msp": Text(fr="MSP", en="MSP")},
    {f"kind:{KIND}": Text(fr="Décompensation cardiaque", en="Decompensation")},
)
CONDITIONS = {"heart_failure": {"en": "Heart failure", "fr": "Insuffisance cardiaque"}}
AVERTED = episode((14.0, "treated"), (15.0, "averted"))
ADMITTED = [*EARLIER, *BEGINS, *admitted(16.0)]


def teller(language="en") -> Teller:
    return Teller(TITLES, CONDITIONS, ("isole", "msp"), "2025-01-01", language)


def avoided(first, second):
    found, _ = clearest(replication(*first, stays=ONE_STAY), replication(*second), KINDS)
    assert found is not None
    return found


def told(twin, language="en") -> list[str]:
    texts = [teller(language).heading(twin, WHO), *teller(language).sentences(twin)]
    return [" ".join(text.split()) for text in texts]


def test_a_stay_avoided_by_an_earlier_treatment_is_told():
    assert told(avoided(ADMITTED, [*EARLIER, *BEGINS, *AVERTED])) == [
        "A stay that MSP avoids: patient 7, aged 75 or over, heart failure, without a usual GP",
        "The lives first part on 2025-01-15 00:00: nothing in A, treated (Decompensation) in B.",
        "Why: “treated (Decompensation)” on 2025-01-15 00:00 in B, and not in A.",
        "A: admitted, 2025-01-17 00:00.",
        "B: crisis averted, 2025-01-16 00:00.",
    ]


def test_in_french_it_is_told_in_french():
    about = "75 ans ou plus, insuffisance cardiaque, sans médecin traitant"
    treated = "traité (Décompensation cardiaque)"
    assert told(avoided(ADMITTED, [*EARLIER, *BEGINS, *AVERTED]), "fr") == [
        f"Un séjour évité par MSP : patient 7, {about}",
        f"Les vies se séparent le 2025-01-15 00:00 : rien en A, {treated} en B.",
        f"Pourquoi : « {treated} » le 2025-01-15 00:00 en B, pas en A.",
        "A : hospitalisé, 2025-01-17 00:00.",
        "B : crise évitée, 2025-01-16 00:00.",
    ]


@pytest.mark.parametrize(("later", "days"), [(12.5, "2.5 days"), (10.25, "6.0 hours")])
def test_how_much_later_it_comes_in_the_other_life_is_told(later, days):
    def answer(day):
        return [(day, PATIENT, "gp consultation", "answer", 50)]

    first = [*BEGINS, *answer(later), *admitted(16.0)]
    sentences = told(avoided(first, [*BEGINS, *answer(10.0), *AVERTED]))
    assert f"in B, {days} later in A." in sentences[2]


def test_a_worsening_that_never_begins_is_explained_by_contacts_that_differ():
    visits = [(float(day), PATIENT, "protocol visit", "", day) for day in (2, 4)]
    sentences = told(avoided(ADMITTED, [*EARLIER, *visits]))
    assert sentences[2] == (
        "Why: “Decompensation” begins on 2025-01-11 00:00 in A and not in B. In the year before: "
        "protocol visit 0 in A, 2 in B."
    )
    assert sentences[-1] == "B: no such worsening."
    same = told(avoided(ADMITTED, EARLIER))
    assert "as many contacts in both" in same[2]


def test_lives_with_the_same_stays_are_told_apart_and_the_same_lives_are_not():
    first, second = (
        replication(*ADMITTED, stays=ONE_STAY),
        replication(*ADMITTED[1:], stays=ONE_STAY),
    )
    sentences = told(twin_of(PATIENT, first, second, KINDS))
    assert sentences[0].startswith("The same stays under both organisations: patient 7")
    assert sentences[1].startswith("The lives first part on 2025-01-02 00:00: GP consultation")
    assert len(sentences) == 2
    assert told(twin_of(PATIENT, first, first, KINDS))[1:] == [
        "The two lives are the same to the last event."
    ]


# --- side by side ---


def rows(twin, around_days=30.0):
    lines = lines_of(twin, around_days)
    return [(line.time_days, *teller().cells(line)) for line in lines]


def test_what_is_alike_stands_in_one_line_and_what_differs_in_two():
    found = rows(avoided(ADMITTED, [*EARLIER, *BEGINS, *AVERTED]))
    assert found == [
        (1.0, "GP consultation (planned)", "GP consultation (planned)"),
        (10.0, "worsening begins (Decompensation)", "worsening begins (Decompensation)"),
        (11.0, "patient notices (Decompensation)", "patient notices (Decompensation)"),
        (14.0, "", "treated (Decompensation)"),
        (15.0, "", "crisis averted (Decompensation)"),
        (16.0, "admitted (Decompensation)", ""),
        (16.0, "crisis (Decompensation)", ""),
        (16.0, "gets a bed (Decompensation)", ""),
        (21.0, "discharged (Decompensation)", ""),
    ]


def test_runs_of_routine_are_gathered_but_not_across_what_is_at_stake():
    visits = [(float(day), PATIENT, "nurse visit", "", day) for day in (2, 3, 4, 12, 13)]
    alone = [(float(day), PATIENT, "nurse visit", "", day) for day in (17, 18, 19)]
    found = rows(avoided([*ADMITTED, *visits], [*EARLIER, *BEGINS, *AVERTED, *visits, *alone]))
    told_of = [cells for _, *cells in found]
    assert told_of[0] == ["(4 events alike in both)"] * 2
    assert told_of[3] == ["(2 events alike in both)"] * 2
    assert ["", "nurse visit × 3"] in told_of


def test_no_more_is_told_than_so_many_days_around():
    twin = avoided([*ADMITTED, (60.0, PATIENT, "dispensing", "", 0)], [*EARLIER, *BEGINS, *AVERTED])
    assert looked_at(twin) == (10.0, 21.0)
    assert next(iter(rows(twin, 5.0)))[0] == 10.0
    assert [row[0] for row in rows(twin, 40.0)][-1] == 60.0


def test_no_event_is_told_twice_or_lost():
    twin = avoided(ADMITTED, [*EARLIER, *BEGINS, *AVERTED])
    lines = lines_of(twin, 1e6)
    for life in (0, 1):
        told_of = sum(line.count for line in lines if line.events[life])
        assert told_of == len(twin.lives[life])
    assert twin.occurrence == CANDIDATE
