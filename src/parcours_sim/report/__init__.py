"""Reports: the forms in which people read results.

Here live the figures, the tables as files, the manifest of a results folder and the export of
event logs. Nothing here computes a statistic: numbers arrive ready from ``analysis``.
"""
