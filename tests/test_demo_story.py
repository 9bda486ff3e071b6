"""The made-up season played through the real owner: what it must show, and that playing on spoils nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from rules.facts.answers import Place
from sync.app.daemon.app import open_app
from sync.app.demo import home as demo_home
from sync.app.demo import play, season
from sync.settings.paths import DataDir
from sync.storage import issued, runs, typed
from sync.wire.commands import LogScore
from sync.wire.pages import Today

NOW = datetime(2026, 11, 22, 18, 0)
FIRST = season.first_day(date(2026, 11, 22))


def left_at(place: DataDir, played_until_utc: datetime) -> None:
    """A demo that was stopped while it was made."""
    demo_home.lay_out(place, NOW)
    demo_home.remember(place, demo_home.Marker(FIRST, played_until_utc, playing=True))


def test_a_week_is_played_once_and_what_was_typed_in_it_stays(tmp_path: Path) -> None:
    place = DataDir(tmp_path / "demo")
    left_at(place, NOW - timedelta(days=4))
    play.prepare(place, NOW)
    config, made = demo_home.lay_out(place, NOW)
    with open_app(place, config, "demo", role="busy", now=lambda: NOW) as owner:
        before = [(run.run_id, run.day) for run in runs.runs(owner.store, "demo")]
        typed_score = LogScore(typed_utc=NOW, what="stiffness", score=7, at_utc=NOW, place=Place.HEEL)
        owner.perform(typed_score)
        today = owner.ask("today", {}, athlete="demo")
    assert (made.played_until_utc, made.playing, len(before), before[0][1]) == (NOW, False, 3, date(2026, 11, 22))
    assert isinstance(today, Today)
    assert (today.made_up, [work.window for work in today.work if work.run_id == before[0][0]]) == (True, ["after"])

    later = NOW + timedelta(hours=1)
    play.prepare(place, later)
    with open_app(place, config, "demo", role="busy", now=lambda: later) as owner:
        assert [(run.run_id, run.day) for run in runs.runs(owner.store, "demo")] == before
        assert [row.score for row in typed.diary(owner.store, "demo") if row.entry_id == typed_score.entry_id] == [7]


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_season_shows_what_the_ladder_does(tmp_path: Path) -> None:
    """A step up to the towel, a dial-back of two minutes and its way back; hard days' blocks on time; a week of six
    runs within its budget."""
    place = DataDir(tmp_path / "demo")
    play.prepare(place, NOW)
    config, _ = demo_home.lay_out(place, NOW)
    with open_app(place, config, "demo", role="busy", now=lambda: NOW) as owner:
        verdicts = [row.verdict for row in issued.dose_changes(owner.store, "demo")]
        seen = runs.runs(owner.store, "demo")
        sessions = {row.prescription_id: row for row in typed.sessions(owner.store, "demo")}
        given = issued.prescriptions(owner.store, "demo", first_day=FIRST)
        flags = typed.flags(owner.store, "demo")
        checks = typed.assessments(owner.store, "demo")
    assert verdicts == [
        "start",
        "offer",
        "step_up",
        "dial_back",
        "way_back",
        "way_back",
        "manual",
        "manual",
    ]
    assert (len(seen), flags, len(checks)) == (len(season.outings(FIRST, date(2026, 11, 22))), [], 9)
    starts = {run.day: run.start_utc for run in seen}
    on_time = [
        one
        for one in given
        if one.time_window == "before"
        and (done := sessions.get(one.prescription_id)) is not None
        and one.day in starts
        and timedelta() <= starts[one.day] - done.at_utc <= timedelta(minutes=180)
    ]
    busy = [one for one in given if one.counts and 12 <= (one.day - FIRST).days / 7 < 13]
    assert len(on_time) >= 5
    assert len({one.day for one in busy}) <= 3
