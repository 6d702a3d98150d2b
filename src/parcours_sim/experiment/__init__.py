"""Experiments: which replications are run, where, and how their results are kept.

Here live studies (scenarios compared with a baseline), the workers that run replications, and the
store that keeps each result as it comes, so that an interrupted study resumes. What one
replication does is in ``engine``; what the results mean is in ``analysis``.
"""
