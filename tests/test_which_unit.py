"""Kilometres or miles: nobody is turned into another runner in silence, and the answer repairs what was taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.formats.tables.sheets import Units
from sync.formats.tables.which_unit import Effort, Told, clock, unit_of
from tests.factories_tables import GARMIN_HEADER
from tests.shell import Shell


def usual(pace_s: float, *more: Effort) -> list[Effort]:
    """Runs about that pace, and others."""
    return [Effort(far, far * pace_s * share) for far, share in ((5, 0.95), (8, 1), (10, 1), (16, 1.05))] + [*more]


RIDE = Effort(20, 3600)
"""3:00 a unit: as kilometres a run, as miles nobody's."""


@pytest.mark.parametrize(
    ("why", "efforts", "home", "expected"),
    [
        ("nothing to tell it from", [], "mi", ("mi", "runner", True)),
        ("a usual runner", usual(360), "km", ("km", "pace", True)),
        ("a slow runner who counts in kilometres", usual(480), "km", ("km", "runner", False)),
        ("a very slow one", usual(640), "km", ("km", "runner", False)),
        ("no runner's kilometre", usual(900), "km", ("mi", "pace", True)),
        ("a usual runner who counts in miles", usual(560), "mi", ("mi", "pace", True)),
        ("a quick one", usual(420), "mi", ("mi", "runner", False)),
        ("a champion's miles, or rather kilometres", usual(340), "mi", ("km", "pace", False)),
        ("nobody's miles", usual(270), "mi", ("km", "pace", True)),
        ("one stray row proves nothing", usual(500, RIDE), "mi", ("mi", "pace", True)),
        ("rows that nobody runs as miles", usual(500, RIDE, RIDE, RIDE), "mi", ("km", "record", True)),
        ("best paces that nobody sprints as miles", [Effort(8, 3900, 120)] * 4, "mi", ("km", "record", True)),
        ("best paces that nobody sprints at all", [Effort(8, 3900, 60)] * 4, "mi", ("mi", "pace", True)),
    ],
)
def test_what_tells_the_unit(why: str, efforts: list[Effort], home: Units, expected: tuple[str, str, bool]) -> None:
    told = unit_of(efforts, home)
    assert (told.units, told.by, told.sure) == expected, why


def test_only_a_doubt_is_asked() -> None:
    assert (Told("km", "runner", sure=False, pace_s=492.4).asked_s, clock(492.4), clock(479.6)) == (
        492.4,
        "8:12",
        "8:00",
    )
    assert Told("km", "pace", sure=True, pace_s=300).asked_s is None


SLOW = "".join(
    f'Running,2026-07-0{day} 06:00:00,false,"Road","5.00","400","00:{minutes}:00","151","183","3.7","176","192","--",'
    '"--","20","20","--","--","--","--","--"\n'
    for day, minutes in ((1, 41), (2, 42), (4, 43))
)


@pytest.mark.timeout(600)  # nine processes
def test_a_slow_runners_kilometres_stay_kilometres_and_the_answer_repairs(home: Path, tmp_path: Path) -> None:
    """The real program: read as the home counts, asked in status, and an answer ends the question."""
    shell = Shell(home)
    table = tmp_path / "Activities.csv"
    table.write_text(f"{GARMIN_HEADER}\n{SLOW}")
    said = shell("import", "--json", table)
    assert (said.code, said.json["read"], len(said.json["problems"])) == (1, 1, 1)
    # Neither another import nor another reading makes a second question of it.
    assert (shell("import", table).code, shell("rebuild").code) == (1, 0)
    (asked,) = shell("status", "--json").json["problems"]
    assert (asked["name"], "8:24" in asked["reason"], "[import]" in asked["reason"]) == ("Activities.csv", True, True)
    read = shell("runs", "--json").json
    assert [run["distance_m"] for run in read] == [5000.0] * 3

    shell.home.config.write_text('[import]\nunits = "mi"\n')
    assert shell("rebuild").code == 0
    repaired = shell("runs", "--json").json
    assert [run["distance_m"] for run in repaired] == [8046.7] * 3
    assert [run["id"] for run in repaired] == [run["id"] for run in read]
    assert shell("status", "--json").json["problems"] == []
