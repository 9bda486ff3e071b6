"""Clocks that cannot be believed, ways that are none, totals that end early; what holds of every format's totals."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts.recorded import LapTrigger, Recording, Samples
from sync.formats.clock import named_days, possible, with_believed_week
from sync.formats.outcome import Read
from sync.formats.read import read
from sync.formats.samples import way_so_far
from sync.formats.sport import infer_sport
from sync.formats.totals import consistent
from sync.formats.unwrap import Limits
from sync.formats.xml.gpx import read_gpx
from sync.formats.xml.tcx import read_tcx
from tests.factories_runs import START, bare_run, lap, samples
from tests.factories_runs import run as made_run
from tests.factories_xml import gpx, tcx

NOW = datetime(2026, 3, 20)
WEEKS = timedelta(weeks=1024)


def run(**changes: object) -> Recording:
    laps = (lap(0, 600, trigger=LapTrigger.MANUAL),)
    return made_run(**{"laps": laps, "utc_offset_s": None, **changes})


def back(data: bytes) -> Recording:
    outcome = read_gpx(data) if b"<gpx" in data else read_tcx(data)
    assert isinstance(outcome, Read), outcome
    return outcome.recordings[0]


def stamp(at: datetime) -> str:
    return at.isoformat() + "Z"


# --- clocks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [gpx, tcx])
@pytest.mark.parametrize("wrong", [START - WEEKS, START + timedelta(days=300), datetime(1999, 12, 31, 23)])
def test_a_reading_that_stands_alone_does_not_move_the_run(make: object, wrong: datetime) -> None:
    document = make(run()).decode()  # type: ignore[operator]
    early = document.replace(f"ime>{stamp(START)}<", f"ime>{stamp(wrong)}<", 1)
    recording = back(early.encode())
    assert abs(recording.start_utc - START) <= timedelta(seconds=1)
    assert recording.elapsed_s == pytest.approx(599, abs=2)


@pytest.mark.parametrize("hours", [-7, 9, 26])
def test_an_id_counts_only_near_its_laps(hours: int) -> None:
    document = tcx(run()).decode()
    wall = document.replace(f"<Id>{stamp(START)}<", f"<Id>{stamp(START + timedelta(hours=hours))}<")
    assert back(wall.encode()).start_utc == START
    near = document.replace(f"<Id>{stamp(START)}<", f"<Id>{stamp(START - timedelta(seconds=5))}<")
    assert back(near.encode()).start_utc == START - timedelta(seconds=5)


@pytest.mark.parametrize(
    ("name", "day"),
    [("running_2026-03-14.tcx", [date(2026, 3, 14)]), ("export.zip/20260314-0630.gpx", [date(2026, 3, 14)]),
     ("2026_03_14.fit", [date(2026, 3, 14)]), ("Run 14-03-2026.gpx", [date(2026, 3, 14)]),
     ("1773466200.gpx", [date(2026, 3, 14)]), ("1773466200123.fit", [date(2026, 3, 14)]), ("12345678901.fit", []),
     ("2026-03-14_to_2026-03-15.gpx", []), ("run.gpx", [])],
)  # fmt: skip
def test_the_day_in_a_name(name: str, day: list[date]) -> None:
    assert named_days(name) == day


def test_a_day_in_a_name_that_may_be_either() -> None:
    assert sorted(named_days("03-04-2026.gpx")) == [date(2026, 3, 4), date(2026, 4, 3)]


def test_the_week_number_ran_over() -> None:
    early = run(start_utc=START - WEEKS, laps=())
    assert with_believed_week(early, "running_2026-03-14.tcx").start_utc == START
    assert with_believed_week(early, "running.tcx").start_utc == START - WEEKS
    named = (START - WEEKS).date()
    assert with_believed_week(early, f"{named}.tcx").start_utc == START - WEEKS
    document = re.sub(r"20\d\d-\d\d-\d\dT", lambda found: (START - WEEKS).strftime("%Y-%m-%dT"), tcx(run()).decode())
    (leaf,) = read(document.encode(), "run_2026-03-14.tcx", Limits())
    assert leaf.recordings[0].start_utc == START
    # The other way round too: a clock that counts a run over that there was none.
    late = run(start_utc=START + WEEKS, laps=())
    assert with_believed_week(late, "14.03.2026.fit").start_utc == START


def test_a_document_that_names_its_day_tells_the_week() -> None:
    early = re.sub(r"(?<=<time>)20\d\d-\d\d-\d\d", f"{(START - WEEKS).date()}", gpx(run()).decode())
    told = re.sub(r"(?<=<metadata><time>)[^<]*", f"{START.isoformat()}Z", early)
    (leaf,) = read(told.encode(), "run.gpx", Limits())
    assert leaf.recordings[0].start_utc == START
    (leaf,) = read(early.encode(), "run.gpx", Limits())
    assert leaf.recordings[0].start_utc == START - WEEKS


@pytest.mark.parametrize("late", [timedelta(days=1), timedelta(hours=1)])
def test_a_few_fixes_of_an_earlier_hour_do_not_begin_the_run(late: timedelta) -> None:
    document = gpx(run()).decode()
    first = f"<time>{stamp(START)}</time>"
    assert first in document
    (leaf,) = read(document.replace(first, f"<time>{stamp(START - late)}</time>").encode(), "run.gpx", Limits())
    moved = leaf.recordings[0]
    assert timedelta() < moved.start_utc - START <= timedelta(seconds=10)
    assert moved.elapsed_s < run().elapsed_s


def test_laps_and_id_in_another_zone_than_the_points() -> None:
    document = tcx(run()).decode()
    wall = stamp(START + timedelta(hours=2))
    shifted = document.replace(f"<Id>{stamp(START)}<", f"<Id>{wall}<")
    shifted = shifted.replace(f'StartTime="{stamp(START)}"', f'StartTime="{wall}"')
    moved = back(shifted.encode())
    assert (moved.start_utc, moved.mean_heart_rate_bpm) == (START, back(document.encode()).mean_heart_rate_bpm)


def test_no_run_before_2000_or_days_ahead() -> None:
    days = [datetime(1970, 1, 1, 1), datetime(1989, 12, 31), datetime(2000, 1, 2), NOW, NOW + timedelta(hours=47),
            NOW + timedelta(hours=49), datetime(2065, 1, 1)]  # fmt: skip
    assert [possible(day, NOW) for day in days] == [False, False, True, True, True, False, False]


# --- ways -----------------------------------------------------------------------------------------


def track(*stretches: tuple[int, int, float]) -> bytes:
    """Segments of (first second, seconds, metres north of the first) at 3 m/s, a point a second."""
    segments = []
    for first, long, north in stretches:
        points = "".join(
            f'<trkpt lat="{48 + (north + 3 * s) / 111_195:.7f}" lon="11">'
            f"<time>{stamp(START + timedelta(seconds=first + s))}</time></trkpt>"
            for s in range(long + 1)
        )
        segments.append(f"<trkseg>{points}</trkseg>")
    return f"<gpx><trk><type>running</type>{''.join(segments)}</trk></gpx>".encode()


def test_between_two_segments_nothing_was_run() -> None:
    driven = back(track((0, 300, 0), (1200, 300, 9000)))
    assert driven.distance_m == pytest.approx(1800, rel=0.01)
    # Also where the clock runs on without a pause.
    assert back(track((0, 300, 0), (305, 300, 1020))).distance_m == pytest.approx(1800, rel=0.01)


def test_within_a_pause_nothing_was_run() -> None:
    moved = track((0, 300, 0), (900, 300, 2500)).decode().replace("</trkseg><trkseg>", "")
    recording = back(moved.encode())
    assert recording.distance_m == pytest.approx(1800, rel=0.01)
    assert recording.moving_s == pytest.approx(600, abs=5)


@pytest.mark.parametrize("late", [1, 4, 5, -2])
def test_a_repeated_fix_is_no_new_fix(late: int) -> None:
    points = []
    for s in range(0, 600, 3):
        fix = f'lat="{48 + 3 * s / 111_195:.7f}" lon="11"'
        # A reading of the pulse between the fixes repeats the last one under a second of its own.
        points += [(fix, s), (fix, s + late)]
    body = "".join(f"<trkpt {fix}><time>{stamp(START + timedelta(seconds=s))}</time></trkpt>" for fix, s in points)
    recording = back(f"<gpx><trk><trkseg>{body}</trkseg></trk></gpx>".encode())
    assert recording.distance_m == pytest.approx(3 * 597, rel=0.02)
    assert recording.moving_s == pytest.approx(597, abs=15)


WAY = np.arange(0.0, 1803.0, 3.0)


@pytest.mark.parametrize(
    ("written", "so_far"),
    [
        (WAY, WAY),
        (np.full(601, 3.0), np.cumsum(np.full(601, 3.0))),
        (WAY / 1000, WAY),
        (WAY / 1609.344, WAY),
        (WAY + 40_330, WAY),
        (WAY * 1.08, WAY * 1.08),
        (WAY * 2, WAY * 2),
    ],
    ids=["so far", "steps", "km", "miles", "an earlier leg", "another calibration", "told by nothing"],
)
def test_a_distance_column_is_checked_against_the_positions(written: np.ndarray, so_far: np.ndarray) -> None:
    assert np.allclose(way_so_far(np.arange(601.0), written, WAY), so_far, rtol=0.01, atol=3.1)


def test_an_earlier_leg_is_seen_without_positions_too() -> None:
    nothing = np.full(601, np.nan)
    assert np.allclose(way_so_far(np.arange(601.0), WAY + 40_330, nothing), WAY)
    assert np.allclose(way_so_far(np.arange(601.0), WAY + 12, nothing), WAY + 12)


@pytest.mark.parametrize("written", [np.zeros(601), np.full(601, 1800.0), WAY[::-1]], ids=["zero", "the end", "back"])
def test_a_distance_column_that_never_counts_up_is_none(written: np.ndarray) -> None:
    assert np.allclose(way_so_far(np.arange(601.0), written, WAY), WAY)


@pytest.mark.parametrize("written", [np.full(601, 3.0), WAY / 1000], ids=["steps", "km"])
def test_the_laps_tell_a_distance_column_where_there_are_no_positions(written: np.ndarray) -> None:
    nothing = np.full(601, np.nan)
    assert np.allclose(way_so_far(np.arange(601.0), written, nothing, told_m=1800.0), WAY, atol=3.1)


@pytest.mark.parametrize("lap_m", [1.8, 0.0, 42_130.0], ids=["km", "none", "an earlier leg"])
def test_positions_contradict_the_ways_of_laps(lap_m: float) -> None:
    document = re.sub(r"(</TotalTimeSeconds><DistanceMeters>)[^<]+<", rf"\g<1>{lap_m}<", tcx(run()).decode())
    assert back(document.encode()).distance_m == pytest.approx(1800, abs=10)


def test_laps_that_end_early_do_not_speak_for_the_run() -> None:
    document = tcx(run()).decode()
    document = re.sub(r"<TotalTimeSeconds>[^<]+<", "<TotalTimeSeconds>400.0<", document)
    document = re.sub(
        r"(<TotalTimeSeconds>[^<]+</TotalTimeSeconds>)<DistanceMeters>[^<]+<", r"\1<DistanceMeters>1200<", document
    )
    recording = back(document.encode())
    assert recording.timer_s == pytest.approx(599, abs=2)
    assert recording.distance_m == pytest.approx(1800, abs=5)


# --- totals ---------------------------------------------------------------------------------------

times = st.one_of(st.none(), st.floats(0, 1e5))


@given(elapsed=st.floats(0, 1e5), timer=times, moving=times)
def test_moving_timer_and_elapsed_never_contradict(elapsed: float, timer: float | None, moving: float | None) -> None:
    one = consistent(bare_run(elapsed_s=elapsed, timer_s=timer, moving_s=moving))
    order = [value for value in (one.moving_s, one.timer_s, one.elapsed_s) if value is not None]
    assert order == sorted(order)
    assert one.elapsed_s == elapsed


# --- sport ----------------------------------------------------------------------------------------


def moved(mps: float, spm: float) -> Samples:
    return samples(900, going_mps=mps, cadence_spm=np.full(900, spm))


@pytest.mark.parametrize(
    ("mps", "spm", "sub_sport", "sport"),
    [
        (4.2, np.nan, None, None),  # a slow ride, or a fast run
        (4.2, 180.0, None, "running"),  # steps tell
        (2.8, np.nan, None, "running"),
        (2.8, np.nan, "trail", "running"),
        (2.8, np.nan, "open_water", None),
        (2.8, 170.0, "lap_swimming", None),
        (2.8, np.nan, "mountain", None),
    ],
)
def test_speed_alone_makes_no_run_of_a_ride_or_a_swim(
    mps: float, spm: float, sub_sport: str | None, sport: str | None
) -> None:
    made = replace(bare_run(sport=None, samples=moved(mps, spm)), sub_sport=sub_sport)
    assert infer_sport(made)[0] == sport
