"""XML that can mean one thing only is read as that; numbers and clocks are read in the writer's own notation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

import pytest

from rules.facts.recorded import LapTrigger, Recording
from sync.formats.notation import plain_instant, plain_number
from sync.formats.outcome import Read, Unreadable
from sync.formats.xml import text
from sync.formats.xml.gpx import read_gpx
from sync.formats.xml.tcx import read_tcx
from sync.formats.xml.text import xml_instant
from tests.factories_runs import lap
from tests.factories_runs import run as made_run
from tests.factories_xml import gpx, tcx

ARABIC = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")
DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")


def run(**changes: object) -> Recording:
    """What both formats can hold."""
    return made_run(laps=(lap(0, 600, trigger=LapTrigger.MANUAL),), **changes)


def only(data: bytes, reader: object = read_gpx) -> Recording:
    outcome = reader(data)  # type: ignore[operator]
    assert isinstance(outcome, Read), outcome
    return outcome.recordings[0]


@pytest.mark.parametrize(
    ("title", "said"),
    [("Hills & strides", "Hills & strides"), ("5 < 10", "5 < 10"), ("Caf&eacute; run", "Café run"),
     ("bell\x07 run", "bell run"), ("bell&#7; run", "bell run"), ("a &amp; b", "a & b")],
)  # fmt: skip
def test_words_that_are_no_xml(title: str, said: str) -> None:
    document = gpx(run(title="TITLE")).decode().replace("TITLE", title)
    assert only(document.encode()).title == said


def test_prefixes_that_were_never_declared() -> None:
    bare = gpx(run()).decode().replace(' xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"', "")
    assert only(bare.encode()).mean_heart_rate_bpm == only(gpx(run())).mean_heart_rate_bpm
    bare = tcx(run()).decode().replace(' xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2"', "")
    assert only(bare.encode(), read_tcx).mean_cadence_spm == only(tcx(run()), read_tcx).mean_cadence_spm


def test_a_missing_end_and_a_lone_ampersand() -> None:
    document = gpx(run(title="TITLE")).decode().replace("TITLE", "a & b").partition("</trkseg>")[0]
    back = only(document.encode())
    assert (back.title, back.partial) == ("a & b", True)


def written(document: bytes, digits: Mapping[int, str | int]) -> bytes:
    """The document with every number between tags and in positions in other digits."""

    own = re.sub(r"(?<=>)[-\d.:TZ]+(?=<)", lambda found: found[0].translate(digits), document.decode())
    own = re.sub(r'((?:lat|lon)=")([^"]+)', lambda found: found[1] + found[2].translate(digits), own)
    return own.encode()


@pytest.mark.parametrize("digits", [ARABIC, DEVANAGARI], ids=["arabic", "devanagari"])
@pytest.mark.parametrize(("make", "reader"), [(gpx, read_gpx), (tcx, read_tcx)])
def test_all_decimal_digits(digits: dict[int, str], make: object, reader: object) -> None:
    plain, own = only(make(run()), reader), only(written(make(run()), digits), reader)  # type: ignore[operator]
    assert (own.start_utc, own.elapsed_s, own.distance_m) == (plain.start_utc, plain.elapsed_s, plain.distance_m)
    assert own.mean_heart_rate_bpm == plain.mean_heart_rate_bpm


@pytest.mark.parametrize(("make", "reader"), [(gpx, read_gpx), (tcx, read_tcx)])
def test_decimal_commas(make: object, reader: object) -> None:
    plain = only(make(run()), reader)  # type: ignore[operator]
    own = only(written(make(run()), str.maketrans(".", ",")), reader)  # type: ignore[operator]
    assert (own.start_utc, own.distance_m) == (plain.start_utc, plain.distance_m)


def test_clocks_with_dots() -> None:

    dotted = re.sub(r"(T\d\d):(\d\d):(\d\d)", r"\1.\2.\3", gpx(run()).decode())
    assert only(dotted.encode()).start_utc == only(gpx(run())).start_utc


@pytest.mark.parametrize(
    ("given", "plain"),
    [("2026-10-14T16.30.05Z", "2026-10-14T16:30:05Z"), ("2026/10/14 16.30", "2026-10-14 16:30:00"),
     ("۲۰۲۶-۱۰-۱۵T۱۶:۳۰:۰۰Z", "2026-10-15T16:30:00Z"), ("2026-10-14T16:30:05,25+02:00",
      "2026-10-14T16:30:05.25+02:00"),
     ("no instant", "no instant")],
)  # fmt: skip
def test_instants(given: str, plain: str) -> None:
    assert plain_instant(given) == plain


@pytest.mark.parametrize(
    "written",
    ["2026/03/14T{}Z", "2026-03-14 {} UTC", "2026-03-14T{}GMT", "2026-03-14T{}+00:00Z", "14.03.2026T{}Z",
     "2026-03-14t{}z", "2569-03-14T{}Z", "2026-03-14T{} AMZ"],
)  # fmt: skip
def test_instants_in_other_forms(written: str) -> None:
    assert xml_instant(written.format("06:30:05")) == (datetime(2026, 3, 14, 6, 30, 5), None)


@pytest.mark.parametrize("epoch", ["1773469805", "1773469805000"])
def test_instants_as_epochs(epoch: str) -> None:
    assert xml_instant(epoch) == (datetime(2026, 3, 14, 6, 30, 5), None)


@pytest.mark.parametrize("make", [gpx, tcx])
def test_encodings_that_are_not_what_is_declared(make: object) -> None:
    document = make(run()).decode().replace('encoding="UTF-8"', 'encoding="utf-16"')  # type: ignore[operator]
    reader = read_gpx if make is gpx else read_tcx
    for data in (document.encode(), document.encode("utf-16-le"), document.encode("utf-16-be")):
        assert only(data, reader).distance_m == only(make(run()), reader).distance_m  # type: ignore[operator]


def test_numbers() -> None:
    assert [plain_number(one) for one in ("48,15", "1,234.5", "٤٨٫١٥", "48.15")] == [
        "48.15",
        "1,234.5",
        "48.15",
        "48.15",
    ]


def test_entities_stay_dangerous() -> None:
    with pytest.raises(text.Dangerous):
        text.parse(b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x; & </a>', "trkpt")


def test_what_nothing_can_mend_says_in_which_line() -> None:
    broken = gpx(run()).decode().replace("<trk>", "<trk>\n</wrong>", 1)
    assert read_gpx(broken.encode()) == Unreadable("xml-wrong", "3")
    assert read_gpx(b"<gpx><trk><trkseg>") == Unreadable("xml-damaged")
