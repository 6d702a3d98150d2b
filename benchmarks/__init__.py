"""Measurements of speed and memory, run by `make bench`; they are no tests and assert nothing."""
