"""The made-up runner: the same every time, nowhere on land, and read back by the real decoders as it was meant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from rules.facts.recorded import LapIntensity
from sync.app.demo import diary, fit_writer, ground, home, new_run, runner, season
from sync.errors import PersonMustAct
from sync.formats.fit.file import read_fit
from sync.formats.outcome import Read
from sync.settings.paths import DataDir

TODAY = date(2026, 11, 22)
FIRST = season.first_day(TODAY)
ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 18, 0)


def one(what: str) -> season.Outing:
    return next(found for found in season.outings(FIRST, TODAY) if found.what == what)


def test_sixteen_whole_weeks_and_this_one_up_to_today() -> None:
    planned = season.outings(FIRST, TODAY)
    assert (FIRST.weekday(), (TODAY - FIRST).days, planned[-1].day) == (0, 7 * 16 + 6, TODAY)
    assert {found.what for found in planned} == set(season.What.__args__)  # type: ignore[attr-defined]


def test_a_later_day_adds_runs_and_changes_none() -> None:
    later = season.outings(FIRST, TODAY + timedelta(days=40))
    assert later[: len(season.outings(FIRST, TODAY))] == season.outings(FIRST, TODAY)
    assert later[-1].day > TODAY


def test_one_week_has_six_runs_and_never_two_days_without_one() -> None:
    busy = [found for found in season.outings(FIRST, TODAY) if found.number // 7 == 12]
    ran = {found.day for found in season.outings(FIRST, TODAY)}
    gaps = [day for day in home.days(FIRST, TODAY) if day not in ran and day + timedelta(days=1) not in ran]
    assert (len(busy), [day for day in gaps if day > FIRST and day < TODAY]) == (6, [])


def test_the_same_outing_gives_the_same_file() -> None:
    first, again = (fit_writer.write(runner.recordings(one("easy"), ZONE)[0]) for _ in range(2))
    assert first == again


@pytest.mark.parametrize("what", season.What.__args__)  # type: ignore[attr-defined]
def test_each_kind_is_read_back_as_it_was_meant(what: str) -> None:
    (meant, *_) = runner.recordings(one(what), ZONE)
    outcome = read_fit(fit_writer.write(meant))
    assert isinstance(outcome, Read)
    (found,) = outcome.recordings
    assert meant.samples is not None
    assert found.samples is not None
    assert (found.sport, found.start_utc, found.partial, len(found.samples), len(found.laps), len(found.steps)) == (
        "running",
        meant.start_utc,
        False,
        len(meant.samples),
        len(meant.laps),
        len(meant.steps),
    )
    assert (found.sub_sport, found.training_effect_label) == (meant.sub_sport, meant.training_effect_label)
    assert found.distance_m == pytest.approx(meant.distance_m, abs=0.1)
    assert np.nanmean(found.samples.heart_rate_bpm) == pytest.approx(np.mean(meant.samples.heart_rate_bpm), abs=0.01)


def test_the_heart_lags_behind_the_legs() -> None:
    """In 3-minute repeats speed is there at once; the pulse keeps rising and is highest at the end."""
    (watch,) = runner.recordings(one("intervals"), ZONE)
    assert watch.samples is not None
    for lap in watch.laps:
        if lap.intensity is LapIntensity.ACTIVE:
            begin = (lap.start_utc - watch.start_utc).total_seconds()
            at = np.searchsorted(watch.samples.t_s, begin + np.array([20, 60, 170]))
            pulse, speed = watch.samples.heart_rate_bpm[at], watch.samples.speed_mps[at]
            assert pulse[0] + 8 < pulse[1] < pulse[2]
            assert abs(speed[0] - speed[2]) < 0.5


def test_nobody_lives_there() -> None:
    """Every position lies within 30 km of the spot in the ocean that is farthest from land."""
    for found in season.outings(FIRST, TODAY)[::9]:
        for recording in runner.recordings(found, ZONE):
            assert recording.samples is not None
            north = (recording.samples.latitude_deg - ground.LATITUDE_DEG) * ground.METRES_PER_DEGREE
            east = (recording.samples.longitude_deg - ground.LONGITUDE_DEG) * ground.METRES_PER_DEGREE
            away = np.hypot(north, east)
            assert not np.any(away[np.isfinite(away)] > 30_000)


def test_the_track_is_an_oval_of_400_m() -> None:
    oval = ground.route("oval")
    steps = np.hypot(np.diff(oval.east_m, append=oval.east_m[0]), np.diff(oval.north_m, append=oval.north_m[0]))
    assert np.sum(steps) == pytest.approx(400, abs=0.5)
    assert np.ptp(np.hypot(oval.east_m - oval.east_m.mean(), oval.north_m - oval.north_m.mean())) > 35


def test_the_phone_saw_the_same_run() -> None:
    both = next(found for found in season.outings(FIRST, TODAY) if found.on_phone_too)
    watch, phone = runner.recordings(both, ZONE)
    assert watch.distance_m is not None
    assert phone.distance_m is not None
    assert phone.start_utc - watch.start_utc == timedelta(seconds=14)
    assert abs(phone.elapsed_s / watch.elapsed_s - 1) < 0.05
    assert abs(phone.distance_m / watch.distance_m - 1) < 0.03


def test_the_diary_raises_no_red_flag() -> None:
    who = diary.Typist("demo", FIRST, ZONE)
    sore = [entry.score for day in home.days(FIRST, TODAY) if (entry := diary.evening(who, day))]
    bad = [entry.day for day in home.days(FIRST, TODAY) if (entry := diary.self_check(who, day))]
    assert (max(sore) <= 5, sum(score >= 4 for score in sore) >= 3, len(bad)) == (True, True, 9)


def test_a_new_demo_home(tmp_path: Path) -> None:
    place = DataDir(tmp_path / "demo")
    config, made = home.lay_out(place, NOW)
    again = home.lay_out(place, NOW + timedelta(days=3))
    assert (config.first.made_up, made.first, again) == (True, FIRST, (config, made))
    assert place.root.stat().st_mode & 0o777 == 0o700


def test_runs_that_are_not_over_yet_are_not_there(tmp_path: Path) -> None:
    place = DataDir(tmp_path / "demo")
    config, made = home.lay_out(place, NOW)
    planned = one("long")
    start = datetime.combine(planned.day, planned.start, config.first.zone).astimezone(UTC).replace(tzinfo=None)
    early = home.drop_in(place, config.first, made.first, planned.day, start + timedelta(minutes=20))
    late = home.drop_in(place, config.first, made.first, planned.day, start + timedelta(hours=4))
    inbox = place.inbox("demo")
    assert (early, late, list(inbox.iterdir())) == ([], [inbox / late[0].name], [inbox / late[0].name])


def test_a_real_home_is_never_taken_for_the_demo(tmp_path: Path) -> None:
    place = DataDir(tmp_path / "real")
    place.make("runner")
    before = sorted(tmp_path.rglob("*"))
    for touch in (lambda: home.lay_out(place, NOW), lambda: home.reset(place)):
        with pytest.raises(PersonMustAct):
            touch()
    assert sorted(tmp_path.rglob("*")) == before


def test_reset_deletes_the_demo_and_only_that(tmp_path: Path) -> None:
    place = DataDir(tmp_path / "demo")
    home.lay_out(place, NOW)
    assert (home.reset(place), place.root.exists(), home.reset(place)) == (True, False, False)


def test_the_real_homes_name_does_not_lead_to_the_demo() -> None:
    found = home.find(None, {"SPRINGSTEP_HOME": "/somewhere/real", "XDG_DATA_HOME": "/somewhere/data"})
    assert found.root == Path("/somewhere/data/springstep-demo")


def test_the_new_run_ended_a_minute_ago_and_is_whole() -> None:
    fresh = new_run.just_finished(NOW, 2511, ZONE)
    assert fresh.start_utc + timedelta(seconds=fresh.elapsed_s) == pytest.approx(
        NOW - timedelta(seconds=60), abs=timedelta(seconds=1)
    )
    assert (fresh.laps[0].start_utc, len(fresh.laps)) == (fresh.start_utc, 4)
    assert isinstance(read_fit(fit_writer.write(fresh)), Read)


def test_the_demos_garmin_is_linked_to_this_machine_only(tmp_path: Path) -> None:
    place = DataDir(tmp_path / "demo")
    config, _ = home.lay_out(place, NOW)
    with new_run.garmin(place, config, lambda: NOW) as (adapt, _ready):
        assert str(adapt(config).testing.redirect_garmin).startswith("http://127.0.0.1:")
    assert config.testing.redirect_garmin is None
    assert [path.stat().st_mode & 0o777 for path in place.secrets.iterdir()] == [0o600]
