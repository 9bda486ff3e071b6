"""GPX: what each writer means by it, cut documents keep what they have, and traps give a plain reason."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from rules.facts.recorded import Samples
from sync.formats.outcome import Ignored, Unreadable
from sync.formats.xml.gpx import read_gpx
from tests.factories_runs import START, differences, sample_differences, samples
from tests.factories_xml import gpx
from tests.xml_recordings import gpx_run, recordings


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
