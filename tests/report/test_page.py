"""How figures become files: where, under which names, in which style, and what can't be written."""

import matplotlib
import pytest
from matplotlib.figure import Figure

from parcours_sim.experiment.errors import FolderError
from parcours_sim.report.page import drawing
from parcours_sim.report.style import STYLE


@pytest.mark.parametrize(("language", "ending"), [("en", ""), ("fr", ".fr")])
def test_figures_are_saved_in_a_new_folder_french_ones_with_an_ending(tmp_path, language, ending):
    folder = tmp_path / "a" / "b"
    with drawing(folder, language) as save:
        paths = save("one", Figure())
    assert paths == [folder / f"one{ending}.{form}" for form in ("png", "svg")]
    assert sorted(folder.iterdir()) == sorted(paths)


def test_what_is_made_inside_has_the_style_and_what_comes_later_has_not(tmp_path):
    before = matplotlib.rcParams["font.size"]
    with drawing(tmp_path, "en"):
        assert matplotlib.rcParams["font.size"] == STYLE["font.size"] != before
    assert matplotlib.rcParams["font.size"] == before


def test_a_folder_that_cannot_be_made_is_told_of(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match="can't be made"), drawing(tmp_path / "file", "en"):
        pass
