"""The progress bar: on a terminal's standard error, or nowhere."""

import io
import sys

import pytest

from parcours_sim.experiment.progress import progress_bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown_on(stream: io.StringIO, monkeypatch, *, show: bool = True) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with progress_bar(3, 10, show=show) as advance:
        for _ in range(7):
            advance()
    return stream.getvalue()


def test_replications_done_before_count_and_the_end_is_reached(monkeypatch, capsys):
    assert "10/10" in shown_on(Terminal(), monkeypatch)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("stream", "show"), [(io.StringIO(), True), (Terminal(), False)])
def test_nothing_is_written_elsewhere_or_when_not_wanted(monkeypatch, stream, show):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert shown_on(stream, monkeypatch, show=show) == ""
