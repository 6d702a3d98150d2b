"""The compiled engine: the same care as an event loop over flat arrays, compiled by Numba.

It is the twin of `reference/`, module by module: what is a story there is an event here that finds
what it needs in rows (`state.py`) and plans the next (`queue.py`). Every module is plain Python;
what compiles it is `engine/kernels.py`. The loop and the order of events are in `loop.py`.
"""
