"""The command `quality`: for whom each organisation is better or worse, by four criteria."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from parcours_sim.scenario.errors import described, listed, nearest

from . import options
from .errors import in_plain_words, refusal
from .quality_tables import print_every_change, print_organisations
from .study import Finished, figures_within, finished_study
from .tables import known, print_files, print_json

if TYPE_CHECKING:
    from parcours_sim.analysis.criteria import Judged

Language = Literal["en", "fr"]


@in_plain_words
def quality(
    ctx: typer.Context,
    folder: options.Finished,
    scenario: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Show every outcome and every group of people of this organisation.",
            show_default="how many changes of each organisation are for the better, and every harm",
        ),
    ] = None,
    out: options.Beside = None,
    language: Annotated[
        Language, typer.Option(help="Language of what is printed and of the figures.")
    ] = "en",
    as_json: options.Json = False,
) -> None:
    """Tell for whom each organisation is better or worse than the baseline.

    By the criteria of the quality of a pathway: accessibility, coordination, adequate orientation,
    attention to the person. A change counts where its interval leaves zero out; each group of
    people is judged apart, so a harm to a few is listed even if everyone together gains.
    """
    from parcours_sim.analysis.criteria import judge
    from parcours_sim.report.quality_figure import draw_quality
    from parcours_sim.report.quality_table import write_quality

    finished = finished_study(folder)
    shown = _organisations(finished, scenario)
    judged = judge(finished.comparison)
    where = out or folder
    drawn = figures_within(where)
    files = [where / "quality.csv"]
    write_quality(judged, finished.comparison, files[0])
    files += draw_quality(judged, finished.comparison, finished.titles, drawn, language)
    by_name = {name: [each for each in judged if each.scenario == name] for name in shown}
    if as_json:
        print_json(_document(finished, by_name, files))
        return
    if scenario is None:
        print_organisations(by_name, finished.titles, language)
    else:
        print_every_change(by_name[scenario], finished.titles, language)
    print_files(where, files)


def _organisations(finished: Finished, asked: str | None) -> tuple[str, ...]:
    """Return the organisations to be shown: all, or the one that is asked for."""
    names = finished.comparison.organisations
    if asked is None:
        return names
    if asked not in names:
        raise refusal("--scenario", described(asked), listed(names), nearest(asked, names))
    return (asked,)


def _document(
    finished: Finished, by_name: Mapping[str, Sequence[Judged]], files: Sequence[Path]
) -> dict[str, Any]:
    from parcours_sim.analysis.criteria import counts, criteria
    from parcours_sim.report.quality_table import row_of

    organisations = [
        {
            "scenario": name,
            "counts": {
                criterion.name: counts(each for each in own if each.criterion == criterion.name)
                for criterion in criteria()
            },
            "rows": [{key: known(value) for key, value in row_of(each).items()} for each in own],
        }
        for name, own in by_name.items()
    ]
    return {
        "baseline": finished.comparison.baseline,
        "parameter_set": finished.comparison.parameter_set,
        "organisations": organisations,
        "files": [str(path) for path in files],
    }
