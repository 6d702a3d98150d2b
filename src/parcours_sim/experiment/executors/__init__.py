"""Where work runs: here, on threads, on processes, on a cluster; one contract, in `job.py`."""
