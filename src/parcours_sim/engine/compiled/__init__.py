"""The compiled engine: the same care as an event loop over flat arrays, compiled by Numba.

It is the twin of `reference/`: what is a story there is an event here that finds what it needs in
rows (`state.py`) and plans the next (`queue.py`), in modules of the same names; what a visit to the
hospital comes to, told there by generators, is in `visits.py`. Every module is plain Python; what
compiles it is `engine/kernels.py`. The loop is in `loop.py`.
"""
