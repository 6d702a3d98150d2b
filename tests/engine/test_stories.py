"""Single turns of the stories, each told by a run in which little else can happen."""

import pytest
from tests.engine.small import ALONE, RATES, busy, dotless, run

from parcours_sim.care.flatten import flatten
from parcours_sim.care.population import place_of
from parcours_sim.engine.reference.hospital import cared_for, direct_bed, wait_for_room
from parcours_sim.engine.reference.simulation import build
from parcours_sim.scenario.resolve import load_scenario

PRACTICE = "organisation__practices__isole__model"
QUIET = {f"episodes__{kind}__rate_per_year": 0.0 for kind in RATES}
NOBODY = {
    "territory__people__share_75_and_over": 0.0,
    **{
        f"territory__conditions__{condition}__prevalence_{band}_share": 0.0
        for condition in load_scenario("isole").territory.conditions
        for band in ("under_75", "75_and_over")
    },
}
"""Nobody is simulated one by one."""


def only(kind, **changes):
    """Give changes under which this kind of episode happens alone."""
    chosen = {f"episodes__{kind}__{key}": new for key, new in changes.items()}
    return {**QUIET, f"episodes__{kind}__rate_per_year": RATES[kind], **chosen}


def test_who_finds_no_slot_leaves_for_the_emergency_department_in_the_warm_up_too():
    found = run(
        busy(
            **NOBODY,
            **QUIET,
            territory__hospital__ed_visits_per_inhabitant_per_year=0.0,
            territory__demand__unserved_to_ed_share=1.0,
            territory__professionals__gp_slots_per_year=500.0,
        )
    )
    arrivals = found.of("arrives at emergency department")
    before = sum(entry.time_days < -1.0 for entry in arrivals)
    days = found.territory
    rate_before = before / (-1.0 - days.begins)
    rate_after = (len(arrivals) - before) / (days.ends + 1.0)
    assert rate_before > 0.4 * rate_after > 0.0


def test_consultations_of_people_not_simulated_one_by_one_cost_what_they_cost():
    found = run(busy(**NOBODY, **QUIET, territory__hospital__ed_visits_per_inhabitant_per_year=0.0))
    costs = load_scenario("isole").territory.costs
    expected = costs.gp_consultation_eur.value * found.count("gp_contacts")
    expected += costs.ed_visit_eur.value * found.count("ed_visits")
    assert found.count("gp_contacts") > 1000
    assert found.count("cost_care_eur") == pytest.approx(expected, rel=1e-9)


def test_someone_new_does_not_inherit_the_drifts_of_who_died():
    # Nobody's control ever drifts while they live, so newcomers are all as good as at the start.
    condition = "territory__conditions__heart_failure"
    found = run(
        busy(
            **QUIET,
            **{
                f"{condition}__control__starts_good_share": 1.0,
                f"{condition}__control__starts_poor_share": 0.0,
                f"{condition}__control__drift_per_year": 20.0,
                f"{condition}__death_share_per_year": 0.9999,
                f"{PRACTICE}__follow__gp_protocol_share": 0.0,
            },
        )
    )
    territory = found.territory
    failing = [c.name for c in territory.conditions].index("heart_failure")
    last_deaths = {entry.person: entry.time_days for entry in found.of("dies")}
    now = territory.clock.now
    newcomers = [
        patient
        for patient in territory.patients
        if place_of(patient, territory.held, failing) >= 0
        and now - last_deaths.get(patient.person, -1e9) < 200.0
    ]
    assert len(newcomers) > 10
    for patient in newcomers:
        place = place_of(patient, territory.held, failing)
        assert territory.held[place].drifts_at > last_deaths[patient.person]


def test_a_precaution_is_a_stay_and_the_end_of_its_episode():
    found = run(busy(**only("acute_need", treatment__precaution_share=1.0)))
    decided = [(e.person, e.occurrence) for e in found.of("admitted as a precaution")]
    assert len(decided) > 10
    crises = {(e.person, e.occurrence) for e in found.of("crisis")}
    assert crises.isdisjoint(decided)
    assert found.count("hospitalisations_precautionary") == found.count("episodes_precaution") > 0


def test_an_episode_whose_answer_fell_through_is_answered_by_a_later_message():
    # Everyone leaves the waiting room unseen, so nobody is treated there; nurses come every day.
    found = run(
        busy(
            **only(
                "copd",
                window__sudden_share=0.0,
                window__gradual_days=30.0,
                window__resolves_alone_share=1.0,
                noticing__nurse_share=1.0,
            ),
            territory__conditions__copd__nurse_followed_share=1.0,
            territory__conditions__copd__nurse_visits_per_week=7.0,
            territory__professionals__nurse_visits_per_day=100.0,
            territory__professionals__gp_slots_per_year=50.0,
            territory__demand__unserved_to_ed_share=1.0,
            territory__hospital__ed_patience_hours=0.01,
            territory__hospital__ed_rooms_per_100k=10.0,
        )
    )
    left = {}
    for entry in found.log:
        if entry.event == "leaves emergency department unseen" and entry.person >= 0:
            left.setdefault(entry.person, []).append(entry.time_days)
    begun = {entry.person for entry in found.of("episode begins")}
    more_than_once = [person for person, times in left.items() if len(times) > 1]
    assert len(left) > 10
    assert len(more_than_once) > 0.3 * len(begun & left.keys())


def test_a_window_that_closes_in_the_emergency_department_is_a_crisis_there():
    found = run(
        busy(
            **only(
                "acute_need",
                window__sudden_share=1.0,
                window__sudden_hours=1.0,
                window__resolves_alone_share=0.0,
                noticing__patient_share=1.0,
                noticing__patient_delay_days=0.01,
                treatment__precaution_share=0.0,
                crisis__admitted_share=1.0,
            ),
            territory__links__patient_to_gp__delay_days=0.001,
            territory__demand__symptomatic_patience_days=0.001,
            territory__demand__unserved_to_ed_share=1.0,
        )
    )
    assert found.count("ed_visits_wait_driven", "kind:acute_need") > 20
    assert found.count("episodes_cut_short") == 0
    ended = found.count("crises") + found.count("episodes_avoided")
    assert found.count("hospitalisations") > 0.8 * found.count("crises") > 20
    assert ended == pytest.approx(found.count("episodes"), abs=6)


def test_a_visit_ends_at_home_for_an_episode_that_resolves_alone():
    found = run(
        busy(
            **only(
                "acute_need",
                window__sudden_share=1.0,
                window__sudden_hours=1.0,
                window__resolves_alone_share=1.0,
                noticing__patient_share=1.0,
                noticing__patient_delay_days=0.01,
                treatment__precaution_share=0.0,
            ),
            territory__links__patient_to_gp__delay_days=0.001,
            territory__demand__symptomatic_patience_days=0.001,
            territory__demand__unserved_to_ed_share=1.0,
        )
    )
    assert found.count("ed_visits_wait_driven", "kind:acute_need") > 20
    assert found.count("crises") == found.count("hospitalisations") == 0


def test_boarders_come_before_direct_admissions():
    parameters = flatten(busy(**dotless(ALONE)))
    territory = build(parameters, 1, 0, keeps_log=False)
    called, former, latter = [], *territory.patients[:2]
    beds = [territory.beds.request(priority=0) for _ in range(territory.beds.capacity)]

    def asks_directly():
        yield from direct_bed(territory, former)
        called.append("direct")

    def boards():
        visit = yield from wait_for_room(territory, latter, 2, 0.5)
        yield from cared_for(territory, latter, visit, 0.5, is_admitted=True)
        called.append("boarder")

    territory.clock.tell(asks_directly())
    territory.clock.tell(boards())
    begins = parameters.begins
    territory.clock.run(until=begins + 5.0)
    assert called == []
    for day, expected in ((6.0, ["boarder"]), (7.0, ["boarder", "direct"])):
        territory.beds.release(beds.pop())
        territory.clock.run(until=begins + day)
        assert called == expected


def test_a_practice_before_the_start_may_differ_from_the_one_after_it():
    keys = {"before__practices__isole__model__access__slots_ratio": 0.3}
    former = run(busy(horizon__warm_up_years=0.4))
    found = run(busy(horizon__warm_up_years=0.4, **keys))
    consultations = [
        sum(entry.time_days < -20.0 for entry in each.of("gp consultation"))
        for each in (former, found)
    ]
    assert consultations[1] < 0.8 * consultations[0]


def test_coordination_time_of_a_layer_is_counted_for_the_people_it_reaches():
    found = run(
        busy(
            "paerpa",
            organisation__ramp_months=0.0,
            organisation__layers__paerpa__uptake_share=1.0,
            organisation__layers__paerpa__layer__coordination_hours_per_patient_per_year=2.0,
        )
    )
    older = found.count("person_years", "age:75+")
    assert found.count("coordination_hours") == pytest.approx(2.0 * older, rel=1e-6)
