"""The one comparison people see: what each organisation avoids, beside what it takes.

Which figures stand in it and how they are computed; how they are printed is the report's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from parcours_sim.analysis.comparison import Comparison
from parcours_sim.analysis.equalised import Equalised
from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.paired import Exposure
from parcours_sim.analysis.price import Price


@dataclass(frozen=True)
class OrganisationSummary:
    """One organisation against the baseline; counts, hours and costs per replication.

    Avoided stays and the resources that they take stand in one record, so that neither is
    shown without the other. In the baseline's own record everything compared is unknown (NaN).
    The price is absent there, and where no replications are at hand to make bills of.
    """

    scenario: str
    hospitalisations: Estimate
    avoided: Estimate
    avoided_percent: Estimate
    avoided_per_100k: Estimate
    gross_avoided: Estimate
    gross_induced: Estimate
    ed_visits_difference: Estimate
    direct_admissions: Estimate
    gp_wait_median_days: Estimate
    gp_hours_difference: Estimate
    nurse_hours_difference: Estimate
    coordination_hours_difference: Estimate
    cost_eur_difference: Estimate
    variance_ratio: float
    price: Price | None


@dataclass(frozen=True)
class Summary:
    """All organisations of a study, the baseline first, with what is needed to read them."""

    baseline: str
    parameter_set: str
    exposure: Exposure
    organisations: tuple[OrganisationSummary, ...]
    equal_resources: tuple[Equalised, ...] = ()

    @property
    def compared(self) -> tuple[OrganisationSummary, ...]:
        """The organisations other than the baseline."""
        return tuple(row for row in self.organisations if row.scenario != self.baseline)

    @property
    def replications(self) -> tuple[int, int]:
        """The smallest and largest number of replications behind the rows."""
        counts = [row.avoided.replications for row in self.compared]
        counts = counts or [row.hospitalisations.replications for row in self.organisations]
        return min(counts), max(counts)


def summarise(comparison: Comparison, prices: Mapping[str, Price] | None = None) -> Summary:
    """Return the summary of a comparison: net, gross, access and resources by organisation."""
    names = (comparison.baseline, *comparison.organisations)
    return Summary(
        baseline=comparison.baseline,
        parameter_set=comparison.parameter_set,
        exposure=comparison.exposure,
        organisations=tuple(
            _organisation(comparison, name, (prices or {}).get(name)) for name in names
        ),
        equal_resources=comparison.equal_resources,
    )


def _organisation(comparison: Comparison, name: str, price: Price | None) -> OrganisationSummary:
    avoided = comparison.difference(name, "hospitalisations").scaled(-1)
    return OrganisationSummary(
        scenario=name,
        hospitalisations=comparison.level(name, "hospitalisations"),
        avoided=avoided,
        avoided_percent=comparison.percent(name, "hospitalisations").scaled(-1),
        avoided_per_100k=avoided.scaled(comparison.exposure.per_100k),
        gross_avoided=comparison.gross_stays(name, "avoided"),
        gross_induced=comparison.gross_stays(name, "induced"),
        ed_visits_difference=comparison.difference(name, "ed_visits"),
        direct_admissions=comparison.level(name, "hospitalisations_direct"),
        gp_wait_median_days=comparison.level(name, "gp_wait_median_days"),
        gp_hours_difference=comparison.difference(name, "gp_hours"),
        nurse_hours_difference=comparison.difference(name, "nurse_hours"),
        coordination_hours_difference=comparison.difference(name, "coordination_hours"),
        cost_eur_difference=comparison.difference(name, "cost_eur"),
        variance_ratio=comparison.variance_ratio(name, "hospitalisations"),
        price=price,
    )
