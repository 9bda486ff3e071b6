"""What moves like a run, at the edges of speed, step rate and length."""

from __future__ import annotations

import pytest

from rules.measure.sport_guess import Movement, moves_like_a_run, too_fast_for_a_run


@pytest.mark.parametrize(
    ("movement", "run"),
    [
        (Movement(600.0, 1800.0, 4.0, 170.0), True),
        (Movement(600.0, 1800.0, None, None), True),
        (Movement(120.0, 300.0, 3.0, None), True),
        (Movement(119.0, 400.0, 4.0, None), False),
        (Movement(120.0, 299.0, 3.0, None), False),
        (Movement(1000.0, 1900.0, 3.0, None), True),
        (Movement(1000.0, 1899.0, 3.0, None), False),
        (Movement(1000.0, 5600.0, 7.0, 170.0), True),
        (Movement(1000.0, 3600.0, 7.0, None), True),
        (Movement(1000.0, 3601.0, 7.0, None), False),
        (Movement(1000.0, 5601.0, 7.0, 170.0), False),
        (Movement(1000.0, 5000.0, 7.1, 170.0), False),
        (Movement(600.0, 1800.0, 4.0, 139.0), False),
        (Movement(600.0, 1800.0, 4.0, 221.0), False),
        (Movement(0.0, 0.0, None, None), False),
    ],
)
def test_what_moves_like_a_run(movement: Movement, run: bool) -> None:
    assert moves_like_a_run(movement) is run


@pytest.mark.parametrize(
    ("movement", "fast"),
    [
        (Movement(600.0, 4200.0, None, None), False),
        (Movement(600.0, 4201.0, None, None), True),
        (Movement(119.0, 4201.0, None, None), False),
    ],
)
def test_what_is_no_run_whatever_it_is_called(movement: Movement, fast: bool) -> None:
    assert too_fast_for_a_run(movement) is fast
