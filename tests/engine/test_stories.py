"""Single turns of the stories, each told by a run in which little else can happen."""

import pytest
from tests.engine.small import ALONE, RATES, busy, dotless, run

from parcours_sim.care.flatten import flatten
from parcours_sim.care.population import place_of
from parcours_sim.engine.record import Trace, stay_key
from parcours_sim.engine.reference import worsening
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


# What is noted of single episodes, in worlds where one kind alone happens.


def keys_of(found, kind, entries):
    """Give the keys of the episodes of this kind that lines of the log are about."""
    position = [row.name for row in found.territory.kinds].index(kind)
    return {stay_key(entry.person, position, entry.occurrence) for entry in entries}


def traced(found, what):
    return set(found.replication.traced(what).tolist())


IN_TIME = {
    "window__sudden_share": 0.0,
    "window__gradual_days": 20.0,
    "window__resolves_alone_share": 0.0,
    "treatment__precaution_share": 0.0,
    "treatment__delay_days": 0.01,
}
"""Days to answer in, and treatment that acts at once."""


@pytest.mark.parametrize("efficacy", [0.0, 1.0])
def test_an_answer_in_time_is_noted_whether_or_not_it_works(efficacy):
    found = run(busy(**only("copd", **IN_TIME, treatment__efficacy_share=efficacy)))
    answered = traced(found, Trace.ANSWERED_IN_TIME)
    assert len(answered) > 20
    assert answered <= keys_of(found, "copd", found.of("treated"))
    averted = keys_of(found, "copd", found.of("averted"))
    assert averted <= answered
    assert bool(averted) is bool(efficacy)
    crises = keys_of(found, "copd", found.of("crisis"))
    if efficacy:
        assert crises.isdisjoint(answered)
    else:
        assert len(crises & answered) > 20


def test_an_answer_that_acts_after_the_window_is_not_noted():
    slow = {**IN_TIME, "treatment__delay_days": 3000.0, "treatment__delay_sigma": 0.0}
    found = run(busy(**only("copd", **slow)))
    assert len(found.of("treated")) > 20
    assert traced(found, Trace.ANSWERED_IN_TIME) == set()


def test_a_precaution_is_an_answer_in_time():
    found = run(busy(**only("acute_need", treatment__precaution_share=1.0)))
    decided = keys_of(found, "acute_need", found.of("admitted as a precaution"))
    assert len(decided) > 10
    assert decided <= traced(found, Trace.ANSWERED_IN_TIME)


def relieving(share):
    """Give a world in which whoever comes home is in danger, and informed visits relieve it."""
    return busy(
        **only("heart_failure", after_discharge="raised"),
        territory__after_discharge__excess_hazard_ratio=15.0,
        territory__after_discharge__informed_relief_share=share,
        territory__after_discharge__follow_up_days=2.0,
        territory__links__hospital_to_gp__delay_days=0.01,
        territory__links__hospital_to_gp__loss_share=0.0,
    )


def test_a_candidate_is_spared_only_where_relief_made_the_difference():
    assert traced(run(relieving(0.0)), Trace.SPARED) == set()
    found = run(relieving(1.0))
    spared = traced(found, Trace.SPARED)
    assert len(spared) > 10
    assert spared.isdisjoint(keys_of(found, "heart_failure", found.of("episode begins")))


def test_a_candidate_that_would_have_been_discarded_anyway_is_not_spared(monkeypatch):
    asked = []

    def is_spared(_territory, patient, kind, *_numbers):
        asked.append((patient.is_in_care, any(e.kind is kind for e in patient.open_episodes)))
        return True

    monkeypatch.setattr(worsening, "is_spared", is_spared)
    found = run(relieving(1.0))
    assert len(traced(found, Trace.SPARED)) == len(asked) > 100
    assert set(asked) == {(False, False)}


def test_what_begins_in_the_month_after_a_lost_letter_is_noted_and_nothing_later():
    links = {f"territory__links__hospital_to_{who}__loss_share": 1.0 for who in ("gp", "nurse")}
    found = run(busy(**only("heart_failure"), horizon__years=1.0, **links))
    lost, expected = {}, []
    for entry in found.log:
        if entry.event == "letter lost":
            lost[entry.person, entry.generation] = entry.time_days
        elif entry.event == "discharged":
            lost.pop((entry.person, entry.generation), None)  # of this stay no letter, so far
        elif entry.event == "episode begins":
            since = entry.time_days - lost.get((entry.person, entry.generation), -1e9)
            expected += [entry] if since <= 30.0 else []
    assert 10 < len(expected) < 0.9 * len(found.of("episode begins"))
    assert traced(found, Trace.LETTER_LATE) == keys_of(found, "heart_failure", expected)


def test_a_late_letter_is_as_bad_as_a_lost_one_and_one_that_comes_at_once_is_not():
    def noted(same_day_share):
        links = {}
        for link in ("hospital_to_gp", "hospital_to_nurse"):
            links[f"territory__links__{link}__loss_share"] = 0.0
            links[f"territory__links__{link}__same_day_share"] = same_day_share
        return traced(run(busy(**only("heart_failure"), **links)), Trace.LETTER_LATE)

    assert len(noted(0.0)) > 10
    assert noted(1.0) == set()


TELL_THE_GP = ("nurse_to_gp", "pharmacist_to_gp", "patient_to_gp")


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_messages_that_are_lost_are_noted_by_who_sent_them(share):
    links = {}
    for link in TELL_THE_GP:
        links[f"territory__links__{link}__loss_share"] = share
        links[f"territory__links__{link}__same_day_share"] = 1.0  # nothing is late
    found = run(busy(**only("copd", noticing__nurse_share=0.9), **links))
    lost = found.of("message lost")
    by_patients = [entry for entry in lost if entry.detail == "patient_to_gp"]
    by_others = [entry for entry in lost if entry.detail != "patient_to_gp"]
    assert traced(found, Trace.CALL_LATE) == keys_of(found, "copd", by_patients)
    assert traced(found, Trace.PROFESSIONAL_LATE) == keys_of(found, "copd", by_others)
    assert bool(by_patients) is bool(by_others) is bool(share)


@pytest.mark.parametrize(
    ("patients_notice", "notice", "late"),
    [
        (1.0, ("patient notices",), Trace.CALL_LATE),
        # Nobody else has answered before, so whoever notices an episode first tells the GP.
        (0.0, ("nurse notices", "pharmacist notices"), Trace.PROFESSIONAL_LATE),
    ],
)
def test_messages_that_come_late_are_noted_by_who_sent_them(patients_notice, notice, late):
    links = {}
    for link in TELL_THE_GP:
        links[f"territory__links__{link}__loss_share"] = 0.0
        links[f"territory__links__{link}__same_day_share"] = 0.0
    shares = {"patient_share": patients_notice, "nurse_share": 0.9, "gp_share": 0.0}
    noticing = {f"noticing__{name}": share for name, share in shares.items()}
    followed = {"territory__conditions__copd__nurse_followed_share": 1.0}
    found = run(busy(**only("copd", **noticing), **links, **followed))
    assert found.of("message lost") == []
    told = keys_of(found, "copd", found.of(*notice))
    assert traced(found, late) == told
    assert len(told) > 10


def test_visits_for_want_of_a_gp_are_counted_apart_where_the_gp_is_absent():
    def visits(**changes):
        found = run(busy(**only("copd"), **changes, territory__demand__unserved_to_ed_share=1.0))
        names = ("ed_visits_gp_absent", "ed_visits_wait_driven")
        return [found.count(name, "kind:copd") for name in names]

    without = {"territory__people__patients_without_gp_share": 1.0}
    absent, driven = visits(**without, territory__demand__practice_accepts_share=0.0)
    assert absent == driven > 10
    full = {
        "territory__people__patients_without_gp_share": 0.0,
        "territory__demand__symptomatic_patience_days": 0.01,
        "territory__professionals__gp_slots_per_year": 1000.0,
    }
    absent, driven = visits(**full, territory__professionals__gp_leave_weeks=0.0)
    assert driven > 10
    assert absent == 0
    absent, driven = visits(**full, territory__professionals__gp_leave_weeks=20.0)
    assert driven > absent > 10


def test_visits_after_a_doctor_are_all_or_none_of_the_crises_that_come_to_the_emergency_door():
    def visits(share):
        shares = {
            f"territory__hospital__doctor_first_{band}_share": share
            for band in ("under_75", "75_and_over")
        }
        nobody_treats = {"noticing__patient_share": 0.0, "noticing__gp_share": 0.0}
        found = run(
            busy(
                **only("copd", **nobody_treats, noticing__nurse_share=0.0),
                **shares,
                episodes__copd__noticing__pharmacist_share=0.0,
                territory__hospital__direct_admission_share=0.0,
            )
        )
        names = ("ed_visits_after_doctor", "ed_visits")
        return [found.count(name, group) for group in ("kind:copd", "all") for name in names]

    after, of_copd, others_after, everybody = visits(1.0)
    assert after == of_copd > 10
    assert others_after < everybody  # who comes for want of an appointment has seen nobody
    assert visits(0.0)[0] == visits(0.0)[2] == 0.0
