"""Files out of their wrappings: each counted once, content before name, nothing unpacked without limits."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import struct
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text import load_language
from sync.app.demo.fit_writer import write
from sync.formats.read import Format, Member, hidden, members, read
from sync.formats.unwrap import Limits
from tests.factories_runs import START, bare_run, differences, run, samples

LIMITS = Limits()
FIT = write(bare_run(samples=samples(60), elapsed_s=60.0, timer_s=60.0))
GPX = (
    b'<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="made up" xmlns="http://www.topografix.com/GPX/1/1">'
    b"<trk><type>running</type><trkseg>"
    b'<trkpt lat="2" lon="-30"><time>2026-03-14T06:30:00Z</time></trkpt>'
    b'<trkpt lat="2.0001" lon="-30"><time>2026-03-14T06:30:04Z</time></trkpt>'
    b"</trkseg></trk></gpx>"
)


def zipped(*members: tuple[str, bytes], **options: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", **{"compression": zipfile.ZIP_DEFLATED, **options}) as archive:
        for name, data in members:
            archive.writestr(
                zipfile.ZipInfo(name), data, compress_type=options.get("compression", zipfile.ZIP_DEFLATED)
            )
    return made.getvalue()


def told(leaf: Member) -> tuple[str, str]:
    """Name and outcome, as short as it can be said."""
    if leaf.problem is not None:
        assert leaf.problem.name == leaf.name
        return leaf.name, f"problem {leaf.problem.reason}"
    if leaf.ignored is not None:
        return leaf.name, f"ignored {leaf.ignored}"
    return leaf.name, f"read {leaf.format} {len(leaf.recordings)}"


CASES = {
    "a plain FIT": ("run.fit", FIT, "read fit 1"),
    "a FIT without any ending": ("12345", FIT, "read fit 1"),
    "a FIT that calls itself GPX": ("run.gpx", FIT, "read fit 1"),
    "a packed FIT": ("run.fit.gz", gzip.compress(FIT), "read fit 1"),
    "a packed FIT with no ending": ("run", gzip.compress(FIT), "read fit 1"),
    "a GPX": ("run.gpx", GPX, "read gpx 1"),
    "a packed GPX": ("run.GPX.GZ", gzip.compress(GPX), "read gpx 1"),
    "a chained FIT": ("two.fit", FIT + write(bare_run(elapsed_s=9.0)), "read fit 2"),
    "a hidden file": (".run.fit", FIT, "ignored hidden"),
    "a text": ("notes.txt", b"ran well", "ignored no-activity"),
    "JSON": ("list.json", b'{"runs": []}', "ignored no-activity"),
    "a database": ("data.db", b"SQLite format 3\0" + bytes(100), "ignored no-activity"),
    "other XML": ("page.xml", b"<html><body/></html>", "ignored no-activity"),
    "a picture": ("foot.jpg", b"\xff\xd8\xff\xe0" + bytes(50), "ignored no-activity"),
    "an empty text": ("empty.txt", b"", "ignored no-activity"),
    "a packed text": ("notes.txt.gz", gzip.compress(b"ran well"), "ignored no-activity"),
    "an empty FIT": ("run.fit", b"", "problem empty"),
    "a sign-in page saved as FIT": ("run.fit", b"<!doctype html><html>Sign in</html>", "problem xml-damaged"),
    "an error saved as FIT": ("run.fit", b'{"error": "gone"}', "problem not-what-its-name-says"),
    "noise saved as FIT": ("run.fit", bytes(range(200)), "problem not-what-its-name-says"),
    "a FIT header and nothing else": ("run.fit", FIT[:14], "problem fit-damaged"),
    "a gzip that is none": ("run.fit.gz", b"\x1f\x8b" + bytes(40), "problem gzip-damaged"),
    "a broken packed text": ("notes.txt.gz", b"\x1f\x8b" + bytes(40), "ignored no-activity"),
    "a broken ZIP": ("export.zip", b"PK\x03\x04" + bytes(100), "problem zip-damaged"),
    "a GPX that is no XML": ("run.gpx", b"<gpx><trk>", "problem xml-damaged"),
    "an XML bomb": (
        "run.gpx",
        b'<!DOCTYPE gpx [<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;">]><gpx><trk><name>&b;</name></trk></gpx>',
        "problem xml-dangerous",
    ),
    "XML that reaches out": (
        "run.tcx",
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><TrainingCenterDatabase>&a;</TrainingCenterDatabase>',
        "problem xml-dangerous",
    ),
}


@pytest.mark.parametrize(("name", "data", "expected"), CASES.values(), ids=CASES.keys())
def test_one_file_one_outcome(name: str, data: bytes, expected: str, tmp_path: Path) -> None:
    (leaf,) = read(data, name, LIMITS)
    assert told(leaf) == (name, expected)
    on_disk = tmp_path / "given"
    on_disk.write_bytes(data)
    assert [told(one) for one in members(on_disk, name, LIMITS)] == [(name, expected)]


def test_the_checksum_is_of_the_unpacked_content() -> None:
    plain, packed = read(FIT, "a.fit", LIMITS)[0], read(gzip.compress(FIT), "b.fit.gz", LIMITS)[0]
    (member,) = read(zipped(("c.fit", FIT)), "c.zip", LIMITS)
    assert plain.sha256 == packed.sha256 == member.sha256 == hashlib.sha256(FIT).hexdigest()
    assert plain.data == packed.data == member.data == FIT


def test_a_cut_gzip_gives_what_unpacks() -> None:
    long = write(run())
    packed = gzip.compress(long)
    (leaf,) = read(packed[: len(packed) // 2], "run.fit.gz", LIMITS)
    assert leaf.recordings[0].partial
    assert leaf.recordings[0].start_utc == START


def test_each_member_of_a_zip_is_a_file() -> None:
    export = zipped(
        ("activities/1.fit", FIT),
        ("activities/2.fit.gz", gzip.compress(FIT)),
        ("activities/3.gpx", GPX),
        ("activities/empty/", b""),
        ("activities.csv", b"Activity ID,Name\n"),
        ("__MACOSX/activities/._1.fit", b"junk"),
        (".DS_Store", b"junk"),
        ("parts/more.zip", zipped(("4.fit", FIT), ("broken.fit", b"no"))),
        ("really.fit", zipped(("5_ACTIVITY.fit", FIT))),
        ("../outside.fit", FIT),
        ("/etc/outside.fit", FIT),
        ("C:\\outside.fit", FIT),
    )
    assert [told(leaf) for leaf in read(export, "export.zip", LIMITS)] == [
        ("export.zip/activities/1.fit", "read fit 1"),
        ("export.zip/activities/2.fit.gz", "read fit 1"),
        ("export.zip/activities/3.gpx", "read gpx 1"),
        ("export.zip/activities.csv", "ignored no-activity"),
        ("export.zip/__MACOSX/activities/._1.fit", "ignored hidden"),
        ("export.zip/.DS_Store", "ignored hidden"),
        ("export.zip/parts/more.zip/4.fit", "read fit 1"),
        ("export.zip/parts/more.zip/broken.fit", "problem not-what-its-name-says"),
        ("export.zip/really.fit/5_ACTIVITY.fit", "read fit 1"),
        ("export.zip/../outside.fit", "problem path-outside"),
        ("export.zip//etc/outside.fit", "problem path-outside"),
        ("export.zip/C:\\outside.fit", "problem path-outside"),
    ]


def test_a_member_without_a_name_is_a_file_like_any_other() -> None:
    """`ZipInfo.is_dir` of Python 3.11 looks at the last letter of a name."""
    leaves = read(zipped(("", FIT), ("1.fit", FIT)), "export.zip", LIMITS)
    assert [told(leaf) for leaf in leaves] == [("export.zip/", "read fit 1"), ("export.zip/1.fit", "read fit 1")]


def test_an_export_streams(tmp_path: Path) -> None:
    """The first run is there before the last member is looked at."""
    path = tmp_path / "export.zip"
    path.write_bytes(zipped(*((f"{index}.fit", FIT) for index in range(50))))
    stream = members(path, "export.zip", LIMITS)
    assert told(next(stream)) == ("export.zip/0.fit", "read fit 1")
    path.unlink()
    assert len(list(stream)) == 49


def test_a_damaged_member_harms_only_itself() -> None:
    export = bytearray(zipped(("1.fit", FIT), ("2.fit", FIT), compression=zipfile.ZIP_STORED))
    place = export.index(b".FIT") + 200
    export[place] ^= 0xFF
    assert [told(leaf)[1] for leaf in read(bytes(export), "e.zip", LIMITS)] == ["problem zip-damaged", "read fit 1"]


def test_limits_hold_for_every_wrapping() -> None:
    small = replace(LIMITS, max_bytes=100_000)
    big = bytes(3 << 20)
    assert told(read(big, "big.fit", small)[0])[1] == "problem too-large"
    assert told(read(gzip.compress(big), "big.fit.gz", small)[0])[1] == "problem too-large"
    assert told(read(zipped(("big.fit", big)), "e.zip", small)[0]) == ("e.zip/big.fit", "problem too-large")
    assert told(read(big, "film.mp4", small)[0])[1] == "ignored no-activity"
    # Zeros pack a thousand times: no recording does.
    assert told(read(gzip.compress(big), "bomb.fit.gz", LIMITS)[0])[1] == "problem packed-too-tight"
    assert told(read(zipped(("bomb.fit", big)), "e.zip", LIMITS)[0])[1] == "problem packed-too-tight"


def test_members_are_counted_through_every_level() -> None:
    inner = zipped(*((f"{index}.fit", FIT) for index in range(5)))
    outer = zipped(("a.zip", inner), ("b.zip", inner))
    outcomes = [told(leaf)[1] for leaf in read(outer, "e.zip", replace(LIMITS, max_members=4))]
    assert outcomes == ["read fit 1"] * 3 + ["problem too-many-members"] * 2


def test_entries_that_share_their_bytes_are_stopped_together() -> None:
    """Forty names for the same packed bytes: each is within its own limit, all of them are not."""
    noise = hashlib.shake_256(b"made up").digest(40_000)
    export = zipped(("0.fit", noise + bytes(6 << 20)))
    directory, end = export.index(b"PK\x01\x02"), export.index(b"PK\x05\x06")
    entry = export[directory:end]
    counts = struct.pack("<HHII", 40, 40, 40 * len(entry), directory)
    shared = export[:directory] + 40 * entry + export[end : end + 8] + counts + b"\0\0"
    outcomes = Counter(told(leaf)[1] for leaf in read(shared, "e.zip", LIMITS))
    assert outcomes["problem not-what-its-name-says"] <= 2
    # Newer Pythons see the overlap themselves.
    assert outcomes["problem packed-too-tight"] + outcomes["problem zip-damaged"] >= 38


def test_zips_do_not_nest_for_ever() -> None:
    nested = zipped(("run.fit", FIT))
    for depth in range(4):
        nested = zipped((f"{depth}.zip", nested))
    assert [told(leaf)[1] for leaf in read(nested, "e.zip", LIMITS)] == ["problem nested-too-deep"]


def test_a_locked_member_says_so() -> None:
    export = bytearray(zipped(("1.fit", FIT), compression=zipfile.ZIP_STORED))
    for magic, flags_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        export[export.index(magic) + flags_at] |= 1
    assert told(read(bytes(export), "e.zip", LIMITS)[0])[1] == "problem zip-locked"


def test_a_sport_that_was_not_named_is_inferred_or_left_open() -> None:
    unnamed = bare_run(sport=None, samples=samples())
    (leaf,) = read(write(unnamed), "x.fit", LIMITS)
    assert differences(
        replace(leaf.recordings[0], sport=None, sport_inferred=False),
        leaf.recordings[0],
    ) == {"sport": (None, "running"), "sport_inferred": (False, True)}
    standing = bare_run(sport=None, samples=samples(going_mps=0.1))
    (leaf,) = read(write(standing), "x.fit", LIMITS)
    assert (leaf.recordings[0].sport, leaf.recordings[0].sport_inferred) == (None, False)


def test_hidden_names() -> None:
    assert [hidden(name) for name in (".a.fit", "x/.a.fit", "__MACOSX/a.fit", "x/a.fit", "a.fit")] == [
        True, True, True, False, False,
    ]  # fmt: skip


@given(data=st.binary(max_size=400), name=st.sampled_from(["a.fit", "a.gpx", "a.tcx.gz", "a.zip", "a.txt"]))
def test_any_bytes_under_any_name_give_outcomes(data: bytes, name: str) -> None:
    for start in (b"", b"PK\x03\x04", b"\x1f\x8b\x08\x00", b"\x0e\x10\x00\x00\x40\x00\x00\x00.FIT", b"<gpx>"):
        for leaf in read(start + data, name, LIMITS):
            assert sum((bool(leaf.recordings), leaf.problem is not None, leaf.ignored is not None)) == 1


def test_every_reason_has_its_sentence() -> None:
    sources = "".join(path.read_text() for path in (Path(__file__).parent.parent / "sync" / "formats").glob("*.py"))
    reasons = set(re.findall(r"(?:Unreadable|_Refusal)\(\"([a-z-]+)\"", sources))
    reasons |= set(re.findall(r"Refused\(\w+, \"([a-z-]+)\"", sources))
    ignored = set(re.findall(r"Ignored\(\"([a-z-]+)\"", sources)) | {"hidden", "no-activity"}
    assert len(reasons) > 8
    for language in ("en", "de"):
        texts = load_language(language)
        missing = {f"problem.{reason}" for reason in reasons} | {f"ignored.{reason}" for reason in ignored}
        assert {key for key in missing if key not in texts} == set()


def test_format_words_are_the_ones_kept_in_the_store() -> None:
    kept = ["fit", "tcx", "gpx", "strava_csv", "garmin_csv", "garmin_export", "running_log", "other", "garmin_list"]
    kept += ["fitbit_json", "zepp_csv", "nike_json", "polar_json", "polar_csv", "apple_health"]
    kept += ["endurain_json", "garmindb", "huawei_json", "runtastic_json", "samsung_csv"]
    assert sorted(str(one) for one in Format) == sorted(kept)
