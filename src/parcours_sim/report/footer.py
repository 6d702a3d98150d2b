"""The line below every figure: what its numbers rest on."""

from parcours_sim.analysis.comparison import Comparison
from parcours_sim.analysis.summary import summarise
from parcours_sim.report.equal_texts import equal_footer
from parcours_sim.report.notes import SMALL_TERRITORY_INHABITANTS
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import Language, number, say


def footer(
    comparison: Comparison,
    titles: Titles,
    language: Language,
    interval: str,
    *others: Comparison,
) -> str:
    """Return parameter set, replications, kind of interval, inhabitants, years and baseline.

    Others are comparisons of the same study under other parameter sets.
    """
    counts = [summarise(each).replications for each in (comparison, *others)]
    least, most = min(few for few, _ in counts), max(many for _, many in counts)
    count = str(most) if least == most else f"{least}–{most}"
    years = comparison.exposure.years
    text = say(
        "footer",
        language,
        parameter_set=", ".join(each.parameter_set for each in (comparison, *others)),
        replications=say("replications", language, count=count),
        interval=say(interval if most > 1 else "interval_none", language),
        inhabitants=number(comparison.exposure.inhabitants, language),
        years=number(years, language, 0 if years == round(years) else 2),
        baseline=titles.scenario(comparison.baseline, language),
    )
    equal = [one for each in (comparison, *others) for one in each.equal_resources]
    if equal:
        text += " · " + equal_footer(equal, language)
    if comparison.exposure.inhabitants < SMALL_TERRITORY_INHABITANTS:
        text += " · " + say("small_territory", language)
    return text
