"""The reference engine: the pathway as SimPy stories that read like a patient's own.

A story is a generator that waits for events. `clock.py` runs them, `state.py` is what the engine
remembers; then, each using those before: `diaries.py`, `hospital.py`, `messages.py`, `endings.py`,
`discharge.py`, `admission.py`, `warning.py`, `worsening.py`, `contacts.py`, `routine.py` and
`others.py`. `simulation.py` puts a territory together and runs it. Rules are in care/.
"""
