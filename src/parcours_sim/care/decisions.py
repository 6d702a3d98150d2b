"""The decisions that are drawn, each with a fixed number of its own.

A draw is addressed by (seed, replication, entity, decision, occurrence, aspect); see `draws.py`.
The numbers below are the `decision`. They are part of every stored result: append, never renumber.
"""

# About a person of the territory (entity = person; aspect = condition, layer or 0)
HAS_CONDITION = 1
"""Word 0: mark of having the condition; 1: severity; 2: control at the start; 3: nurse followed."""
PROFESSIONALS = 2
"""Word 0: usual GP; 1: nurse; 2: pharmacy; 3: without a GP."""
TEAM = 3
"""Word 0: nurse in the team; 1: pharmacist; 3: hour of the day. Aspect = layer: word 2: reached."""
CALENDAR = 4
"""Word 0: phase of GP visits; 1: of nurse visits; 2: of dispensing; 3: of protocol visits."""
LIST_SIZE = 5
"""Entity = GP. Words 0 to 3: four exponentials whose sum is the weight of the GP's list."""
JOINING = 6
"""Entity = GP. Word 0: rank among GPs who join; 1: moment of the ramp; 2 and 3: leaves."""

# Routine care (occurrence = number of the contact on the patient's own calendar)
PLANNED_GP_VISIT = 10
"""Word 0: day within the interval; 1: booked ahead; 2: lead; 3: patience."""
GP_CONTACT = 11
"""Word 0: duration; 1: follows the protocol; 2: control improves; 3: delegated to the nurse."""
NURSE_CONTACT = 12
"""Aspect 0: word 0: follows the protocol; 1: duration. Aspect = condition: 2: control improves."""
DISPENSING = 13
"""Word 0: day within the interval; 1: follows the protocol; 2: control improves; 3: duration."""
PROTOCOL_VISIT = 14
"""Aspect 0: word 0: kept; 2: day within the interval. Aspect = condition: 2: control improves."""
CONTROL_DRIFT = 15
"""Word 0: time to the next step down (aspect = condition)."""

# Episodes (occurrence = number of the candidate; aspect = kind)
CANDIDATE = 20
"""Word 0: time since the candidate before; 1: kept; 2: sudden; 3: window."""
COURSE = 21
"""Word 0: resolves alone; 1: the patient notices; 2: after how long; 3: patience for a slot."""
ANSWER = 22
"""Word 0: time until treatment acts; 1: it works; 2: precautionary admission; 3: leaves for ED."""
CRISIS = 23
"""Word 0: doctor first; 1: admitted; 2: direct admission; 3: time in care."""
STAY = 24
"""Word 0: length; 1: death in hospital; 2: called in by the GP; 3: nurse ordered."""
HOME = 25
"""Word 0: own follow-up visit; 1: nurse's visit; 2: patience in the ED; 3: for a follow-up."""
LINK_LOST = 26
"""Word 0: the link is lost for this episode; 1: for a discharge (aspect = kind and link)."""
MESSAGE = 27
"""Word 0: same day; 1: delay (occurrence = contact, aspect = kind and link)."""
NOTICED_BY_GP = 28
NOTICED_BY_NURSE = 29
NOTICED_BY_PHARMACIST = 30
"""Word 0: noticed (occurrence = contact, aspect = kind)."""
DEATH = 31
"""Word 0: time since the candidate before; 1: kept."""
ADVICE = 32
"""Word 0: an expert is asked; 1: time to the answer; 2: time until it acts; 3: it works."""

# Everyone else (entity = GP or 0; occurrence = number within the day; aspect = day)
OTHER_REQUEST = 40
"""Word 0: gap; 1: kind of request; 2: patience; 3: lead."""
OTHER_OUTCOME = 41
"""Word 0: without a GP; 1: practice accepts; 2: leaves for ED; 3: duration."""
OTHER_EMERGENCY = 42
"""Word 0: gap; 1: low acuity; 2: admitted; 3: time in care."""
OTHER_STAY = 43
"""Word 0: length; 1: patience in the waiting room."""
WAIT_DRIVEN_EMERGENCY = 44
"""Word 0: time in care; 1: patience in the waiting room."""
