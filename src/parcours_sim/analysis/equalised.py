"""What was done to make an organisation's professional time that of the baseline."""

from dataclasses import dataclass

PILOT = 4
"""Random worlds in which factors are found, however many are compared then."""
TOLERANCE = 1e-3
"""How near the hours of an organisation come to those of the baseline, as a share of them."""


@dataclass(frozen=True)
class Equalised:
    """One organisation at equal resources; hours are per replication, over the measured horizon.

    Attributes:
        scenario: its name.
        factor: what its GPs' slots are multiplied by.
        gp_hours: GP time that it gets more by that; less, where it is negative.
        left: by how much its mean professional hours still differ from the baseline's, as a share
            of these: in the worlds in which the factor was found, or in all that are compared.
    """

    scenario: str
    factor: float
    gp_hours: float
    left: float
