"""The order of events that share an instant: one class each, lower first, then by insertion.

What SimPy does without delay (a room granted, a bed handed on) has the classes 0 and 1 of SimPy
itself, so it always comes before the next event of the model.
"""

END_OF_CARE = 2
"""Somebody leaves a room or a bed: places are free before anyone asks for them."""
CRISIS = 3
DEATH = 4
RECOVERY = 5
ONSET = 6
MESSAGE = 7
NOTICE = 8
CONSULTATION = 9
ROUTINE = 10
REQUEST = 11
PATIENCE = 12
"""Last: who is served at the very end of their patience is served."""
