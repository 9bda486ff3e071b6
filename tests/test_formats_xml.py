"""TCX and GPX: what a recording says comes back, cut documents keep what they have, traps give a plain reason."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts.recorded import LapIntensity, LapTrigger, Recording, Samples
from sync.formats.outcome import Ignored, Outcome, Read, Unreadable
from sync.formats.xml.gpx import read_gpx
from sync.formats.xml.tcx import read_tcx
from sync.formats.xml.text import xml_instant
from tests.factories_runs import START, bare_run, differences, lap, sample_differences, samples
from tests.factories_xml import gpx, tcx


def recordings(outcome: Outcome) -> tuple[Recording, ...]:
    assert isinstance(outcome, Read), outcome
    return outcome.recordings


def tcx_run() -> Recording:
    """What TCX can hold of the made-up run."""
    return Recording(
        sport="running",
        start_utc=START,
        elapsed_s=600.0,
        timer_s=600.0,
        moving_s=599.0,
        distance_m=1800.0,
        mean_heart_rate_bpm=140.0,
        max_heart_rate_bpm=160.0,
        mean_cadence_spm=172.0,
        description="windy",
        device="Made-up Watch",
        laps=(
            lap(0, 300, ascent_m=None, descent_m=None, intensity=LapIntensity.ACTIVE, trigger=LapTrigger.MANUAL),
            lap(300, 300, ascent_m=None, descent_m=None, intensity=LapIntensity.REST, trigger=LapTrigger.DISTANCE),
        ),
        samples=samples(cadence_spm=np.full(600, 172.0), temperature_c=np.full(600, np.nan)),
        decoder="tcx",
    )


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


# --- GPX ------------------------------------------------------------------------------------------


def gpx_run(**changes: object) -> Recording:
    """What GPX can hold of the made-up run; distance and speed are derived from its positions."""
    return replace(
        bare_run(title="Morning by the sea", device="Made-up Watch", elapsed_s=599.0, timer_s=599.0, decoder="gpx"),
        samples=samples(cadence_spm=np.full(600, 172.0), power_w=np.full(600, 250.0)),
        mean_heart_rate_bpm=140.0,
        max_heart_rate_bpm=140.0,
        mean_cadence_spm=172.0,
        **changes,
    )


def test_a_gpx_comes_back_and_its_distance_is_measured() -> None:
    (back,) = recordings(read_gpx(gpx(gpx_run())))
    assert differences(gpx_run(), back, "distance_m", "moving_s", "samples") == {}
    made = gpx_run().samples
    assert set(sample_differences(made, back.samples)) <= {"distance_m", "speed_mps"}
    assert back.distance_m == pytest.approx(1797, rel=0.001)
    assert back.moving_s == 599
    assert back.samples is not None
    assert back.samples.speed_mps == pytest.approx(np.full(600, 3.0), rel=0.01)


def test_a_zone_in_the_times_is_the_local_time() -> None:
    (back,) = recordings(read_gpx(gpx(gpx_run(utc_offset_s=19800), zone="+05:30")))
    assert (back.start_utc, back.utc_offset_s) == (START, 19800)
    (back,) = recordings(read_gpx(gpx(gpx_run())))
    assert back.utc_offset_s is None


def test_several_tracks_are_several_recordings_in_order() -> None:
    later = gpx_run(start_utc=START + timedelta(hours=3))
    back = recordings(read_gpx(gpx(later, gpx_run())))
    assert [(one.leg, one.start_utc) for one in back] == [(0, START), (1, later.start_utc)]


def test_a_cut_gpx_keeps_the_points_before_the_cut() -> None:
    whole = gpx(gpx_run())
    (back,) = recordings(read_gpx(whole[: len(whole) // 2]))
    assert back.partial
    assert back.samples is not None
    assert 250 < len(back.samples) < 350
    assert back.title == "Morning by the sea"


def test_comments_that_never_close_take_no_time() -> None:
    assert read_gpx(b"<gpx>" + b"<!--" * 500_000) == Unreadable("xml-damaged")
    assert read_gpx(b"<gpx>" + b"<trk '" * 200_000) == Unreadable("xml-damaged")
    assert read_gpx(b"<gpx>" + b"<a>" * 200_000) == Unreadable("xml-damaged")


@pytest.mark.timeout(20)
def test_a_name_that_ends_no_tag_is_looked_over_once() -> None:
    assert read_gpx(b"<gpx>" + b"<a" + b"1:" * 100_000) == Unreadable("xml-damaged")


@pytest.mark.parametrize("name", ["idna", "rot13", "nowhere"])
def test_an_encoding_that_is_none_of_a_text_is_damage(name: str) -> None:
    assert read_gpx(gpx(gpx_run()).replace(b"UTF-8", name.encode())) == Unreadable("xml-damaged")


def test_a_track_without_times_is_a_problem_and_says_why() -> None:
    assert read_gpx(re.sub(rb"<time>[^<]*</time>", b"", gpx(gpx_run()))) == Unreadable("no-times")


def test_way_points_and_routes_are_no_activities() -> None:
    assert read_gpx(b'<gpx><wpt lat="2" lon="-30"><name>well</name></wpt></gpx>') == Ignored("route")
    assert read_gpx(b'<gpx><rte><rtept lat="2" lon="-30"/><rtept lat="2.1" lon="-30"/></rte></gpx>') == Ignored("route")
    assert read_gpx(b"<gpx><trk><trkseg></trkseg></trk></gpx>") == Ignored("route")


def document(inside: str, version: str = "1.1", more: str = "") -> bytes:
    """One track with a point a second from the start; ``{0}`` and ``{1}`` stand for where and when each was."""
    space = f"http://www.topografix.com/GPX/{version.replace('.', '/')}"
    inside = inside.replace("{0}", 'lat="2.0" lon="-30.0"').replace("{1}", 'lat="2.00003" lon="-30.0"')
    inside = inside.replace("{t0}", "<time>2026-03-14T06:30:00Z</time>").replace(
        "{t1}", "<time>2026-03-14T06:30:01Z</time>"
    )
    return f'<gpx version="{version}" creator="Made-up Watch" xmlns="{space}" {more}>{inside}</gpx>'.encode()


GARMIN = 'xmlns:tp="http://www.garmin.com/xmlschemas/TrackPointExtension/v{}"'
CLUETRUST = 'xmlns:gpxdata="http://www.cluetrust.com/XML/GPXDATA/1/0"'
STEPS_M = [0.0, 3.336]
MEASURED_ALONG = {"distance_m", "speed_mps"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(
            document("<trk><trkseg><trkpt {0}>{t0}</trkpt><trkpt {1}>{t1}</trkpt></trkseg></trk>"), {}, id="bare"
        ),
        pytest.param(
            document(
                "<name>by the sea</name><trk><trkseg><trkpt {0}><ele>12.5</ele>{t0}<speed>3.1</speed></trkpt>"
                "<trkpt {1}><ele>13</ele>{t1}<speed>3.2</speed></trkpt></trkseg></trk>",
                version="1.0",
            ),
            {"title": "by the sea", "altitude_m": [12.5, 13.0], "speed_mps": [3.1, 3.2]},
            id="GPX 1.0 with speed",
        ),
        *(
            pytest.param(
                document(
                    "<metadata><name>by the sea</name></metadata><trk><type>running</type><desc>windy</desc><trkseg>"
                    "<trkpt {0}>{t0}<extensions><tp:TrackPointExtension><tp:atemp>7</tp:atemp><tp:hr>140</tp:hr>"
                    "<tp:cad>85</tp:cad></tp:TrackPointExtension></extensions></trkpt><trkpt {1}>{t1}<extensions>"
                    "<power>251</power><tp:TrackPointExtension><tp:hr>141</tp:hr><tp:speed>3.3</tp:speed>"
                    "</tp:TrackPointExtension></extensions></trkpt></trkseg></trk>",
                    more=GARMIN.format(edition),
                ),
                {
                    "sport": "running",
                    "title": "by the sea",
                    "description": "windy",
                    "heart_rate_bpm": [140.0, 141.0],
                    "cadence_spm": [170.0, None],
                    "temperature_c": [7.0, None],
                    "power_w": [None, 251.0],
                    "speed_mps": [None, 3.3],
                },
                id=f"Garmin's extension, edition {edition}",
            )
            for edition in (1, 2)
        ),
        pytest.param(
            document(
                "<trk><name>by the sea</name><cmt>windy</cmt><trkseg><trkpt {0}>{t0}<extensions>"
                "<gpxdata:hr>140</gpxdata:hr><gpxdata:cadence>86</gpxdata:cadence><gpxdata:temp>8</gpxdata:temp>"
                "<gpxdata:distance>0</gpxdata:distance></extensions></trkpt><trkpt {1}>{t1}<extensions>"
                "<gpxdata:distance>3.5</gpxdata:distance></extensions></trkpt></trkseg></trk>",
                more=CLUETRUST,
            ),
            {
                "title": "by the sea",
                "description": "windy",
                "heart_rate_bpm": [140.0, None],
                "cadence_spm": [172.0, None],
                "temperature_c": [8.0, None],
                "distance_m": [0.0, 3.5],
                "speed_mps": [3.5, 3.5],
            },
            id="Cluetrust's extension",
        ),
        pytest.param(
            document(
                "<trk><trkseg><trkpt {0}>{t0}<extensions><heartrate>140</heartrate><watts>n/a</watts></extensions>"
                "</trkpt></trkseg><trkseg/><trkseg><trkpt {1}>{t1}<extensions><runcadence>88</runcadence></extensions>"
                "</trkpt></trkseg></trk><trk><trkseg><trkpt {0}/></trkseg></trk><wpt {0}><name>well</name></wpt>"
            ),
            # What lies between two segments is no distance.
            {
                "heart_rate_bpm": [140.0, None],
                "cadence_spm": [None, 176.0],
                "distance_m": [0.0, 0.0],
                "speed_mps": [None, None],
            },
            id="plain words, several segments, a track without times, a way-point",
        ),
    ],
)
def test_what_each_writer_of_gpx_means(written: bytes, expected: dict[str, object]) -> None:
    (back,) = recordings(read_gpx(written))
    assert back.samples is not None
    columns = {
        name: [
            None if np.isnan(one) else round(float(one), 3 if name in MEASURED_ALONG else 5)
            for one in getattr(back.samples, name)
        ]
        for name in Samples.COLUMNS
    }
    said = {name: getattr(back, name) for name in ("sport", "title", "description", "device", "start_utc")}
    nothing = {name: [None, None] for name in Samples.COLUMNS}
    assert said | columns == {
        "sport": None,
        "title": None,
        "description": None,
        "device": "Made-up Watch",
        "start_utc": START,
        **nothing,
        "t_s": [0.0, 1.0],
        "latitude_deg": [2.0, 2.00003],
        "longitude_deg": [-30.0, -30.0],
        "distance_m": STEPS_M,
        "speed_mps": [STEPS_M[1]] * 2,
        **expected,
    }


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        pytest.param(b'lat="2.00003"', b'lat="unknown"', id="a position in words"),
        pytest.param(b'lat="2.00003" ', b"", id="no latitude"),
        pytest.param(b"<ele>13</ele>", b"<ele>high</ele>", id="a height in words"),
        pytest.param(b"<ele>13</ele>", b"<ele>13</ele><fix>sometimes</fix>", id="a fix of no known kind"),
        pytest.param(b"2026-03-14T06:30:01Z", b"2026-3-14T6:30:1Z", id="no leading zeros"),
    ],
)
def test_one_odd_value_does_not_lose_the_run(right: bytes, wrong: bytes) -> None:
    point = "<trkpt {0}><ele>13</ele>{t0}</trkpt><trkpt {1}><ele>13</ele>{t1}</trkpt>"
    odd = document(f"<trk><trkseg>{point}</trkseg></trk>").replace(right, wrong)
    (back,) = recordings(read_gpx(odd))
    assert back.samples is not None
    assert (back.start_utc, list(back.samples.t_s)) == (START, [0.0, 1.0])


def test_a_comma_is_the_decimal_mark_where_no_point_is() -> None:
    point = "<trkpt {0}><ele>13.5</ele>{t0}</trkpt><trkpt {1}><ele>13.5</ele>{t1}</trkpt>"
    written = document(f"<trk><trkseg>{point}</trkseg></trk>")
    commas = re.sub(rb'(?<=[0-9])\.(?=[0-9]+["<])', b",", written).replace(b'version="1,1"', b'version="1.1"')
    assert commas.count(b",") == 6
    (back,), (expected,) = recordings(read_gpx(commas)), recordings(read_gpx(written))
    assert differences(expected, back) == {}


@pytest.mark.parametrize(
    "times",
    [
        pytest.param(["1901-12-13T20:45:52Z", "1901-12-13T20:45:53Z"], id="before satellites"),
        pytest.param(["2026-03-14T06:30:00Z"], id="one point"),
        pytest.param(["2026-03-14T06:30:00Z"] * 3, id="time stands still"),
        pytest.param(["yesterday", "soon"], id="no times at all"),
    ],
)
def test_clocks_that_tell_nothing(times: list[str]) -> None:
    points = "".join(f'<trkpt lat="2" lon="-30"><time>{time}</time></trkpt>' for time in times)
    outcome = read_gpx(f"<gpx><trk><trkseg>{points}</trkseg></trk></gpx>".encode())
    assert isinstance(outcome, Unreadable)


def test_a_jump_of_the_position_is_no_distance() -> None:
    made = samples(120)
    made.latitude_deg[60] += 0.5
    (back,) = recordings(read_gpx(gpx(replace(gpx_run(), samples=made))))
    assert back.distance_m == pytest.approx(3.0 * 119, rel=0.03)


def test_strava_numbers_and_sub_sports_in_the_type() -> None:
    named = {"9": ("running", None), "trail_running": ("running", "trail"), "Trail Run": ("running", "trail")}
    named |= {"cycling": ("cycling", None), "10": ("walking", None), "dancing": ("dancing", None)}
    for written, (sport, sub_sport) in named.items():
        (back,) = recordings(read_gpx(gpx(gpx_run(sport=written))))
        assert (back.sport, back.sub_sport) == (sport, sub_sport), written


# --- anything ------------------------------------------------------------------------------------

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
