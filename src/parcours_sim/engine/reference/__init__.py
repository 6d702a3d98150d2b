"""The reference engine: the pathway as SimPy stories that read like a patient's own.

A story is a generator that waits for events. `clock.py` runs them, `state.py` is what the engine
remembers, `diaries.py`, `hospital.py`, `worsening.py`, `contacts.py`, `life.py` and `others.py`
hold the stories, and `simulation.py` puts a territory together and runs it. Rules are in care/.
"""
