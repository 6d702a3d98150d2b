"""A quantity holds together: its range, its bounds, and either evidence or an assumption."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from parcours_sim.scenario.quantity import Amount, Positive, Quantity, Share

REASON = "for this test only"


def made(kind: type[Quantity], value: Any, low: Any, high: Any, **said: Any) -> Quantity:
    said = said or {"assumption": REASON}
    return kind.model_validate({"value": value, "low": low, "high": high, **said})


def code(kind: type[Quantity], *numbers: Any, **said: Any) -> str:
    with pytest.raises(ValidationError) as error:
        made(kind, *numbers, **said)
    return error.value.errors()[0]["type"]


@given(st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3).map(sorted))
def test_any_rising_numbers_within_the_bounds_are_taken(numbers: list[float]) -> None:
    low, value, high = numbers
    share = made(Share, value, low, high)
    assert (share.low, share.value, share.high) == (low, value, high)


@pytest.mark.parametrize("numbers", [(1.0, 2.0, 3.0), (4.0, 2.0, 3.0), (2.0, 3.0, 1.0)])
def test_a_value_outside_its_range_is_refused(numbers: tuple[float, ...]) -> None:
    assert code(Quantity, *numbers) == "outside-range"


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        (Share, (0.5, 0.0, 1.01)),
        (Share, (0.5, -0.01, 1.0)),
        (Share, (1.2, 0.0, 1.0)),
        (Amount, (0.5, -0.01, 1.0)),
        (Positive, (0.0, 0.0, 1.0)),
    ],
)
def test_bounds_of_the_kind_hold_for_the_whole_range(
    kind: type[Quantity], numbers: tuple[float, ...]
) -> None:
    assert code(kind, *numbers) == "out-of-bounds"


@pytest.mark.parametrize("said", [{"note": "x"}, {"evidence": "S01", "assumption": REASON}])
def test_either_evidence_or_assumption_is_needed(said: dict[str, str]) -> None:
    assert code(Quantity, 1.0, 1.0, 1.0, **said) == "missing-evidence"


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_numbers_are_finite(number: float) -> None:
    assert code(Quantity, number, number, number) == "finite_number"


@pytest.mark.parametrize("number", [True, "1.0", None, [1.0]])
def test_nothing_is_turned_into_a_number(number: object) -> None:
    assert code(Quantity, number, number, number) == "float_type"


def test_a_quantity_is_frozen() -> None:
    quantity = made(Quantity, 1.0, 1.0, 1.0)
    with pytest.raises(ValidationError):
        quantity.value = 2.0  # type: ignore[misc]
