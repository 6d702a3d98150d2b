"""Scenarios: from files that people write to one checked, resolved and frozen scenario.

Here live the reading of TOML files and of what they extend, the quantities with their range and
evidence, the schema that refuses wrong input by file and key, the evidence ledger, the hash and
the JSON dump. Nothing here knows how care happens or how time passes: the flat parameters that
the rules read are made in ``care``.
"""
