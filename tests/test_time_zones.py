"""A change of time zone moves no past day, in whichever direction the runner went."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync.settings.config import Athlete, parse

MOVE = datetime(2026, 11, 28, 12)


def runner(before: str, after: str) -> Athlete:
    return parse(
        f'[athlete]\ntime_zone = "{after}"\nzones_before = [{{ until = {MOVE.isoformat()}, zone = "{before}" }}]\n'
    ).first


@pytest.mark.parametrize(
    ("before", "after"),
    [("Europe/Berlin", "America/New_York"), ("America/New_York", "Asia/Tokyo"), ("Etc/UTC", "Pacific/Kiritimati")],
)
def test_each_instant_keeps_its_day_and_comes_back(before: str, after: str) -> None:
    stayed, moved, there = runner(before, before), runner(before, after), runner(after, after)
    for hours in range(-400, 400):
        at = (MOVE + timedelta(hours=hours, minutes=7)).replace(tzinfo=UTC)
        expected = at.astimezone((stayed if hours < 0 else there).zone).replace(tzinfo=None, fold=0)
        local = at.astimezone(moved.zone)
        assert local.replace(tzinfo=None, fold=0) == expected
        assert local.astimezone(UTC) == at


def test_what_is_typed_after_a_move_west_means_the_new_zone() -> None:
    zone = runner("Europe/Berlin", "America/New_York").zone
    assert datetime(2026, 11, 28, 8, 30, tzinfo=zone).astimezone(UTC) == datetime(2026, 11, 28, 13, 30, tzinfo=UTC)
    assert datetime(2026, 11, 28, 6, 30, tzinfo=zone).astimezone(UTC) == datetime(2026, 11, 28, 5, 30, tzinfo=UTC)
