"""Care: what happens to people, written once as pure functions of numbers.

Here live the addressed draws and their distributions, the calendar, the population, the rules of
the pathway (windows, detection, links, routing, admission, length of stay) and the list of
outcomes. Functions here take and return scalars or arrays, keep no state and schedule nothing:
clocks and queues are in ``engine``, and nothing here imports simpy, numba, pandas or matplotlib.
"""
