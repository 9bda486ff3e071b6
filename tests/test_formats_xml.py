"""TCX and GPX: what a recording says comes back, cut documents keep what they have, traps give a plain reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts.recorded import LapTrigger
from sync.formats.outcome import Ignored, Read, Unreadable
from sync.formats.xml.gpx import read_gpx
from sync.formats.xml.tcx import read_tcx
from sync.formats.xml.text import xml_instant
from tests.factories_runs import START, differences, lap, sample_differences, samples
from tests.factories_xml import gpx, tcx
from tests.xml_recordings import gpx_run, recordings, tcx_run


def test_a_tcx_comes_back() -> None:
    (back,) = recordings(read_tcx(tcx(tcx_run())))
    assert differences(tcx_run(), back) == {}


def test_blanks_before_the_declaration_do_no_harm() -> None:
    (back,) = recordings(read_tcx(b"          " + tcx(tcx_run())))
    assert differences(tcx_run(), back) == {}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
def test_encodings(encoding: str) -> None:
    made = replace(tcx_run(), description="Fußweg, été")
    declared = {"utf-16": "UTF-16", "utf-8-sig": "UTF-8", "latin-1": "ISO-8859-1"}[encoding]
    text = tcx(made).decode().replace('encoding="UTF-8"', f'encoding="{declared}"')
    (back,) = recordings(read_tcx(text.encode(encoding)))
    assert back.description == "Fußweg, été"


def test_a_sport_called_other_names_none() -> None:
    (back,) = recordings(read_tcx(tcx(replace(tcx_run(), sport="hiking"))))
    assert back.sport is None


def test_a_tcx_without_points_keeps_its_laps() -> None:
    made = tcx(tcx_run()).decode()
    while "<Track>" in made:
        head, _, rest = made.partition("<Track>")
        made = head + rest.partition("</Track>")[2]
    (back,) = recordings(read_tcx(made.encode()))
    assert differences(tcx_run(), back, "samples", "moving_s", "mean_cadence_spm") == {}
    assert back.samples is None


def test_a_cut_tcx_keeps_the_points_before_the_cut() -> None:
    whole = tcx(tcx_run())
    (back,) = recordings(read_tcx(whole[: len(whole) * 3 // 4]))
    assert back.partial
    assert back.samples is not None
    assert 400 < len(back.samples) < 500
    assert len(back.laps) == 2


def test_courses_and_workouts_are_no_activities() -> None:
    for word in ("Course", "Workout"):
        document = (
            f"<TrainingCenterDatabase><{word}s><{word}><Name>x</Name></{word}></{word}s></TrainingCenterDatabase>"
        )
        assert read_tcx(document.encode()) == Ignored("route", word)
    assert read_tcx(b"<TrainingCenterDatabase></TrainingCenterDatabase>") == Unreadable("nothing-recorded")
    assert read_tcx(
        b'<TrainingCenterDatabase><Activities><Activity Sport="Running"/></Activities></TrainingCenterDatabase>'
    ) == Unreadable("no-times")


def test_the_legs_of_a_multisport_session_are_recordings() -> None:
    legs = [
        replace(
            tcx_run(),
            sport=sport,
            start_utc=START + timedelta(hours=hour),
            laps=tuple(replace(one, start_utc=one.start_utc + timedelta(hours=hour)) for one in tcx_run().laps),
        )
        for hour, sport in enumerate(("cycling", "running"))
    ]
    inner = [tcx(leg).decode().partition("<Activities>")[2].partition("</Activities>")[0] for leg in legs]
    document = (
        "<TrainingCenterDatabase xmlns:ns3='x'><Activities><MultiSportSession><Id>2026-03-14T06:30:00Z</Id>"
        f"<FirstSport>{inner[0]}</FirstSport><NextSport>{inner[1]}</NextSport>"
        "</MultiSportSession></Activities></TrainingCenterDatabase>"
    )
    back = recordings(read_tcx(document.encode()))
    assert [(one.sport, one.leg, one.start_utc, len(one.laps)) for one in back] == [
        ("cycling", 0, START, 2),
        ("running", 1, START + timedelta(hours=1), 2),
    ]


WHOLE_TCX = tcx(replace(tcx_run(), samples=samples(8)))
WHOLE_GPX = gpx(replace(gpx_run(), samples=samples(8)))
FLIPS = st.tuples(st.integers(min_value=0, max_value=len(WHOLE_GPX) - 1), st.sampled_from(b"<>&\"'/\x00\xff"))


@given(length=st.integers(min_value=0, max_value=max(len(WHOLE_TCX), len(WHOLE_GPX))))
def test_cutting_anywhere_gives_an_outcome(length: int) -> None:
    for reader, whole in ((read_tcx, WHOLE_TCX), (read_gpx, WHOLE_GPX)):
        outcome = reader(whole[:length])
        if isinstance(outcome, Read) and length < len(whole):
            assert all(one.partial for one in outcome.recordings) or length >= len(whole.rstrip())


@given(
    st.lists(
        st.tuples(st.integers(min_value=0, max_value=len(WHOLE_GPX) - 1), st.sampled_from(b"<>&\"'/\x00\xff")),
        max_size=6,
    )
)
def test_flipped_characters_give_an_outcome(flips: list[tuple[int, int]]) -> None:
    for reader, whole in ((read_tcx, WHOLE_TCX), (read_gpx, WHOLE_GPX)):
        data = bytearray(whole)
        for place, character in flips:
            data[place % len(data)] = character
        assert isinstance(reader(bytes(data)), Read | Ignored | Unreadable)


@given(
    t_s=st.lists(st.integers(min_value=0, max_value=20_000), min_size=2, max_size=30, unique=True),
    heart=st.lists(st.one_of(st.none(), st.integers(min_value=40, max_value=220)), min_size=30, max_size=30),
    sparse=st.booleans(),
)
def test_times_and_heart_rates_of_any_pattern_come_back(t_s: list[int], heart: list[int | None], sparse: bool) -> None:
    t_s = sorted(time - min(t_s) for time in t_s)
    rates = np.array([np.nan if rate is None else rate for rate in heart[: len(t_s)]], dtype=float)
    cadence = np.full(len(t_s), np.nan if sparse else 160.0)
    made = replace(samples(len(t_s), heart_rate_bpm=rates, cadence_spm=cadence), t_s=np.array(t_s, dtype=float))
    (from_gpx,) = recordings(read_gpx(gpx(replace(gpx_run(), samples=made))))
    ended = float(t_s[-1]) + 1
    one_lap = replace(tcx_run(), samples=made, laps=(lap(0, ended, trigger=LapTrigger.MANUAL),))
    (from_tcx,) = recordings(read_tcx(tcx(one_lap)))
    assert set(sample_differences(made, from_gpx.samples)) <= {"distance_m", "speed_mps"}
    assert set(sample_differences(made, from_tcx.samples)) <= {"temperature_c"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-14T06:30:00Z", (START, None)),
        ("2026-03-14T06:30:00.123456789Z", (START + timedelta(microseconds=123456), None)),
        ("2026-03-14T08:30:00+02:00", (START, 7200)),
        (" 2026-03-14T06:30:00 ", (START, None)),
        ("0001-01-01T00:00:00+10:00", None),
        ("14.03.2026", None),
        ("", None),
        (None, None),
    ],
)
def test_instants(text: str | None, expected: tuple[datetime, int | None] | None) -> None:
    assert xml_instant(text) == expected
