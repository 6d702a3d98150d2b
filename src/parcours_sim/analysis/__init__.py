"""Analysis: what the stored replications say about each organisation.

Here live the tidy table of outcomes, the paired differences from the baseline with their
intervals, and the comparison of simulated figures with the evidence. Nothing here draws a figure
or words a result, which is for ``report``, and nothing runs a replication.
"""
