"""What is said of an attribution: channels, what is measured, the finding, what it rests on."""

from __future__ import annotations

from parcours_sim.analysis.attribution import Attribution, Credit
from parcours_sim.analysis.intervals import Estimate
from parcours_sim.analysis.tidy import ALL
from parcours_sim.care.outcomes import OUTCOMES
from parcours_sim.report.notes import SMALL_TERRITORY_INHABITANTS
from parcours_sim.report.titles import Titles
from parcours_sim.report.words import Language, between, number, say, typeset

AVOIDED = "hospitalisations"
"""Outcomes whose names begin so are avoided; of others there are fewer."""
MOST_DECIMALS = 2


def channel_title(channel: str, language: Language) -> str:
    """Return what a channel is called."""
    return say(f"channel_{channel}", language)


def what_is_shared(found: Attribution, titles: Titles, language: Language) -> str:
    """Return the quantity that is shared, such as hospitalisations avoided per year."""
    outcome = OUTCOMES[found.outcome]
    title = typeset(outcome.title_fr if language == "fr" else outcome.title_en, language)
    if found.group != ALL:
        kind = titles.group(found.group, language)
        title = say("attribution_of_kind", language, title=title, kind=kind)
    key = "sweep_avoided" if found.outcome.startswith(AVOIDED) else "attribution_fewer"
    return say(key, language, title=title, rate=say("sweep_rate", language))


def rate(found: Attribution, estimate: Estimate) -> Estimate:
    """Return an estimate per replication as one per 100,000 inhabitants and year."""
    return estimate.scaled(found.exposure.per_100k)


def decimals_of(found: Attribution) -> int:
    """Return the decimals that rates are shown with: enough for the total, two at most."""
    size = abs(rate(found, found.total).value)
    return 0 if size >= 1000 else 1 if size >= 10 else MOST_DECIMALS


def with_interval(estimate: Estimate, language: Language, decimals: int) -> str:
    """Return a value, with its interval if it has one."""
    value = number(estimate.value, language, decimals)
    if not estimate.has_interval:
        return value
    return f"{value} ({between(estimate.low, estimate.high, language, decimals)})"


def share_of(found: Attribution, credit: Credit, language: Language) -> str:
    """Return a channel's part in per cent of the total; nothing where that may be zero."""
    told = found.total.excludes_zero and credit.moves
    return number(100.0 * credit.share.value, language) if told else ""


def finding_attribution(found: Attribution, titles: Titles, language: Language) -> str:
    """Return the total in words, and the channel that most of it comes from."""
    total, places = rate(found, found.total), decimals_of(found)
    key = "attribution_finding" if total.has_interval else "attribution_without_interval"
    text = say(
        key,
        language,
        who=titles.scenario(found.scenario, language),
        what=what_is_shared(found, titles, language),
        value=number(total.value, language, places),
        interval=between(total.low, total.high, language, places),
    )
    if not total.has_interval:
        return text
    told = [each for each in found.moving if each.value.excludes_zero]
    if not told:
        return text + say("attribution_none_told", language)
    most = max(told, key=lambda each: each.value.value)
    if most.value.value <= 0.0:
        return text
    share = share_of(found, most, language)
    return text + say(
        "attribution_most",
        language,
        channel=channel_title(most.channel, language),
        value=number(rate(found, most.value).value, language, places),
        share=say("attribution_share", language, share=share) if share else "",
    )


def footer_attribution(found: Attribution, titles: Titles, language: Language) -> str:
    """Return what the figure rests on, in two lines."""
    count, years = found.total.replications, found.exposure.years
    text = say(
        "footer",
        language,
        parameter_set=found.parameter_set,
        replications=say("replications", language, count=str(count)),
        interval=say("attribution_interval" if count > 1 else "interval_none", language),
        inhabitants=number(found.exposure.inhabitants, language),
        years=number(years, language, 0 if years == round(years) else 2),
        baseline=titles.scenario(found.baseline, language),
    )
    if found.exposure.inhabitants < SMALL_TERRITORY_INHABITANTS:
        text += " · " + say("small_territory", language)
    return text + "\n" + say("attribution_method", language)
