"""One plain workload in SimPy, salabim and Ciw and on both engines: do they agree, and how fast.

`python -m benchmarks.peers [--quick]`. What is simulated stands in `workload.py`, the same for all,
and in `town.toml` for the engines. Each program has a file of its own, written as its users would;
whether statistics agree is decided in `agreement.py`.
"""
