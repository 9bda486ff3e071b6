"""What is fuzzed: for each format the sound files it starts from, how they are spoilt, and the code that reads them.

The starting files are made by the made-up runner's writers and the tests' factories. ``SPRINGSTEP_REAL_DATA`` adds
recordings of its own, in memory only: a case that began as one is never written to a disk.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import bench.fuzz_mutations as mutations
from bench import fuzz_exports
from rules.facts.recorded import Recording
from sync.app.demo import garmin_shapes
from sync.app.demo.fit_writer import write
from sync.formats.outcome import Ignored, Read, Unreadable
from sync.formats.read import Member, members
from sync.formats.sport import with_sport
from sync.formats.tables.read import read_table
from sync.formats.unwrap import Limits
from sync.runs.import_service import PARSERS
from sync.sources.adapters.calendar_runs import planned_runs, unfold
from sync.storage.serialize.recordings import laps_to_facts, steps_to_facts, to_facts
from tests.factories_runs import START, bare_run, crc, lap, run, samples
from tests.factories_tables import GARMIN_HEADER
from tests.factories_xml import gpx, tcx
from tests.fakes import intervals, strava

HOME = ZoneInfo("Europe/Berlin")
FIRST, LAST = date(2026, 3, 23), date(2026, 4, 5)
MOST_REAL, MOST_REAL_BYTES = 60, 400_000


@dataclass(frozen=True, slots=True)
class Case:
    """``name`` is the file's; ``secret`` that it began as somebody's own recording."""

    name: str
    data: bytes
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """``make`` gives case ``number`` of a seed; ``read`` returns a word for what came out and raises nothing."""

    name: str
    make: Callable[[int, int], Case]
    read: Callable[[Case], str]


# --- what they start from -------------------------------------------------------------------------


@cache
def recordings() -> tuple[Recording, ...]:
    short = run(
        samples=samples(90), elapsed_s=90.0, timer_s=90.0, moving_s=80.0, laps=(lap(0, 45), lap(45, 45)),
        title="Evening run", description="Past the mill", gear="Old shoes",
    )  # fmt: skip
    ride = replace(short, sport="cycling", sub_sport="road", start_utc=START + timedelta(hours=1))
    return short, bare_run(samples=samples(30)), ride


@cache
def fits() -> tuple[Case, ...]:
    short, bare, ride = recordings()
    made = (write(short), write(replace(bare, samples=None)), write(short, ride), write(bare) + write(ride))
    return _cases("run.fit", *made)


@cache
def tcxs() -> tuple[Case, ...]:
    short, _, ride = recordings()
    return _cases("run.tcx", tcx(short), tcx(replace(ride, description=None)))


@cache
def gpxs() -> tuple[Case, ...]:
    short, bare, ride = recordings()
    return _cases("run.gpx", gpx(short), gpx(short, ride, zone="+02:00"), gpx(bare, zone=""))


@cache
def tables() -> tuple[Case, ...]:
    made = {
        "activities.csv": "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,"
        "Distance,Max Heart Rate,Relative Effort,Commute,Activity Private Note,Activity Gear,Filename,Athlete Weight,"
        "Bike Weight,Elapsed Time,Moving Time,Distance,Elevation Gain\n"
        + "".join(
            f'{4711 + n},"Feb {1 + n}, 2015, 3:16:50 PM",Lunch Run,Run,,1000,2.83,171,20,false,,,activities/{n}.fit.gz,'
            ",,1000.0,901.0,2831.8,7.6\n"
            for n in range(8)
        ),
        "Activities.csv": GARMIN_HEADER
        + "\n"
        + "".join(
            f'Running,2026-03-{day:02} 18:30:00,false,"Evening run","{4 + day / 10:.2f}",390,00:{25 + day}:05.3,140,'
            "161,3.1,171,180,5:10,4:01,35,30,1.10,4500,12.0,00:25:00,00:26:00\n"
            for day in range(1, 13)
        ),
        "log.csv": "Datum;Strecke (km);Dauer;Puls\n"
        + "".join(f"{day:02}.03.2026;{8 + day % 5},{day % 10};0:{45 + day}:10;14{day % 10}\n" for day in range(1, 13)),
        "log.json": json.dumps(
            [{"date": f"2026-03-{day:02}", "distance": 8.1, "time": "48:10", "type": "Run"} for day in range(1, 13)]
        ),
        "summarizedActivities.json": json.dumps([{"summarizedActivitiesExport": [
            {"activityId": 7000 + n, "name": "Run", "activityType": "running", "startTimeGmt": 1.7678814e12,
             "startTimeLocal": 1.767885e12, "duration": 2.7e6, "elapsedDuration": 2.8e6, "distance": 820000.0,
             "elevationGain": 5500.0, "avgHr": 141, "maxHr": 165, "workoutRpe": 60, "hrTimeInZone_1": 90000.0,
             "trainingEffectLabel": "TEMPO", "avgDoubleCadence": 171}
            for n in range(4)
        ]}]),
    }  # fmt: skip
    return tuple(Case(name, text.encode()) for name, text in made.items())


@cache
def answers() -> tuple[Case, ...]:
    """As `ServiceIngestor` gets them; the name before the dot says whose."""
    short, bare, _ = recordings()
    made = []
    for one in (short, replace(bare, mean_cadence_spm=170.0)):
        item, detail = garmin_shapes.list_item(1, one, "Run"), garmin_shapes.detail(1, one, "Run")
        streams = strava.streams(one)
        listed = [{"type": name, **stream} for name, stream in streams.items()]
        summary, whole = strava.summary(1, one, "Run"), strava.summary(1, one, "Run", detail=True)
        whole["laps"] = [
            {"start_date": "2026-03-14T06:30:00Z", "elapsed_time": 45, "moving_time": 44, "distance": 130.0}
        ]
        made += [
            ("garmin_json", {"list": item, "detail": detail}),
            ("strava_json", {"summary": summary, "detail": whole, "streams": streams}),
            ("strava_json", {"summary": summary, "detail": None, "streams": listed}),
            ("intervals_json", {"activity": intervals.item("i1", one, "Run")}),
        ]
    return tuple(Case(f"{form}.json", json.dumps(value).encode()) for form, value in made)


@cache
def feeds() -> tuple[Case, ...]:
    events = (
        (
            "UID:1\nSUMMARY:Tempo 3 x 10 min\nDTSTART;TZID=Europe/Berlin:20260325T180000\n"
            "DTEND;TZID=Europe/Berlin:20260325T190000"
        ),
        "UID:2\nSUMMARY:Long run\nDTSTART;VALUE=DATE:20260301\nRRULE:FREQ=WEEKLY;BYDAY=SU\nEXDATE;VALUE=DATE:20260405",
        "UID:3\nSUMMARY:Easy run\nDTSTART:20260326T230000Z\nDURATION:PT45M\nRDATE:20260327T230000Z,20260328T230000Z",
        "UID:4\nSUMMARY:Trail run\nDTSTART:20260328T073000\nRRULE:FREQ=DAILY;COUNT=5\nSTATUS:CONFIRMED\nSEQUENCE:2",
        "UID:4\nSUMMARY:Trail run\nRECURRENCE-ID:20260329T073000\nDTSTART:20260329T093000\nSEQUENCE:3",
    )
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:19701025T030000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\n"
        "TZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    whole = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//made up//EN\n{}END:VCALENDAR\n"
    each = [f"BEGIN:VEVENT\nDTSTAMP:20260301T000000Z\n{event}\nEND:VEVENT\n" for event in events]
    texts = (whole.format(zone + "".join(each)), *(whole.format(one) for one in each))
    return _cases("plan.ics", *(text.replace("\n", "\r\n").encode() for text in texts))


def named(made: Callable[[], Sequence[tuple[str, bytes]]]) -> tuple[Case, ...]:
    return tuple(Case(name, data) for name, data in made())


def _cases(name: str, *contents: bytes) -> tuple[Case, ...]:
    return tuple(Case(name, data) for data in contents)


@cache
def real(endings: tuple[str, ...]) -> tuple[Case, ...]:
    """Small recordings of the folder that the environment names, an even choice of them; their names are left there."""
    named = os.environ.get("SPRINGSTEP_REAL_DATA")
    if not named:
        return ()
    files = [
        path for path in sorted(Path(named).rglob("*"))
        if path.suffix.lower() in endings and path.is_file() and path.stat().st_size <= MOST_REAL_BYTES
    ]  # fmt: skip
    chosen = files[:: max(1, len(files) // MOST_REAL)]
    return tuple(Case(f"run{path.suffix.lower()}", path.read_bytes(), secret=True) for path in chosen)


# --- how they are spoilt --------------------------------------------------------------------------


def dice_of(name: str, seed: int, number: int) -> Random:
    return Random(f"{name}:{seed}:{number}")


def spoilt(
    name: str,
    starts: Callable[[], Sequence[Case]],
    kinds: tuple[mutations.Mutation, ...],
    endings: tuple[str, ...],
    seed: int,
    number: int,
) -> Case:
    """Every third case begins as a recording of the folder, if there is one."""
    dice = dice_of(name, seed, number)
    made, theirs = starts(), real(endings) if endings else ()
    case = dice.choice(theirs) if theirs and number % 3 == 2 else dice.choice(made)
    data = mutations.mutated(dice, case.data, dice.choice(made).data, kinds=kinds)
    if name == "fit" and dice.random() < 0.6:
        # A checksum that is right again brings the damage past the first door.
        data = data[:-2] + crc(data[:-2])
    return replace(case, data=data)


def packed(seed: int, number: int) -> Case:
    """Spoilt files in sound archives, sound files in spoilt ones, archives in archives, names that lead elsewhere."""
    dice = dice_of("archives", seed, number)
    sound = (*fits(), *gpxs(), *tcxs(), *tables())
    inside = [dice.choice(sound) for _ in range(dice.randrange(1, 5))]
    inside = [
        replace(one, data=mutations.mutated(dice, one.data, b"", kinds=mutations.ANY)) if dice.random() < 0.3 else one
        for one in inside
    ]
    data = _archive(dice, inside)
    for _ in range(dice.choice((0, 0, 1, 4))):
        data = _archive(dice, [Case(dice.choice(("inner.zip", "inner.fit.gz", "run.fit")), data)])
    if dice.random() < 0.7:
        data = mutations.mutated(dice, data, _archive(dice, inside), kinds=mutations.ANY)
    return Case(dice.choice(("export.zip", "run.fit.gz", "run.fit", "export")), data)


ODD_NAMES = (
    "../run.fit", "/run.fit", "C:\\run.fit", "a/" * 300 + "run.fit", "r\u202enuf.tif", "", " ", "run.fit/", "\0run.fit",
    "a" * 60_000, "__MACOSX/run.fit", ".run.fit", "run\n.fit", "activities/1.fit.gz", "ä ö.gpx", "%s{0}.tcx",
    "activities.csv",
)  # fmt: skip


@cache
def tight(megabytes: int) -> bytes:
    return gzip.compress(bytes(megabytes << 20), mtime=0)


def _archive(dice: Random, inside: Sequence[Case]) -> bytes:
    if dice.random() < 0.3:
        whole = b"".join(gzip.compress(one.data, mtime=0) for one in inside[: dice.randrange(1, 3)])
        return whole + dice.choice((b"", b"", b"\0" * 512, b"\x1f\x8b", b"rest"))
    if dice.random() < 0.05:
        small = tight(dice.choice((1, 30, 80)))
        inside = [*inside, Case("tight.fit.gz", small)]
    file = io.BytesIO()
    with zipfile.ZipFile(
        file, "w", dice.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2))
    ) as archive:
        for place, one in enumerate(inside):
            name = dice.choice(ODD_NAMES) if dice.random() < 0.2 else f"{place}-{one.name}"
            entry = zipfile.ZipInfo(name, (2026, 3, 14, 6, 30, 0))
            entry.compress_type = archive.compression
            archive.writestr(entry, one.data)
    return file.getvalue()


def kept(path: Path, _seed: int, _number: int) -> Case:
    """A case that was kept as a file."""
    return Case(path.name.rpartition("=")[2], path.read_bytes())


# --- what reads them ------------------------------------------------------------------------------


def read_file(case: Case) -> str:
    """As the importer does, with tables; what was read can be stored."""
    with tempfile.NamedTemporaryFile(prefix="fuzz") as file:
        file.write(case.data)
        file.flush()
        found = list(
            members(Path(file.name), case.name, Limits(), tables=lambda data, name: read_table(data, name, HOME))
        )
    return _said(found)


def _said(found: Sequence[Member]) -> str:
    said = []
    for one in found:
        outcomes = (bool(one.recordings), one.table is not None, one.problem is not None, one.ignored is not None)
        assert sum(outcomes) == 1, f"{sum(outcomes)} outcomes of one member"
        json.dumps([one.name, str(one.problem)], ensure_ascii=False)
        rows = () if one.table is None else [row.recording for row in one.table.rows]
        for recording in (*one.recordings, *rows):
            storable(recording)
        if one.problem is not None and one.problem.reason == "unforeseen":
            return f"unforeseen {(one.problem.detail or '')[:160]}"
        said.append("problem" if one.problem is not None else "ignored" if one.ignored is not None else "read")
    return max(said, default="nothing")


def storable(recording: Recording) -> None:
    json.dumps(to_facts(recording), allow_nan=False)
    json.dumps([laps_to_facts(recording), steps_to_facts(recording)])


def read_answer(case: Case) -> str:
    match PARSERS[case.name.removesuffix(".json")](case.data):
        case Read(recordings=found):
            for one in found:
                storable(with_sport(one))
            return "read"
        case Unreadable():
            return "problem"
        case Ignored():
            return "ignored"


def read_feed(case: Case) -> str:
    found = unfold(case.data, FIRST, LAST)
    if found is None:
        return "problem"
    return "read" if planned_runs(found.found, FIRST, LAST, HOME) else "nothing"


def of_exports(
    name: str, made: Callable[[], Sequence[tuple[str, bytes]]], kinds: tuple[mutations.Mutation, ...]
) -> Subject:
    return Subject(name, partial(spoilt, name, partial(named, made), kinds, ()), read_file)


SUBJECTS: dict[str, Subject] = {
    one.name: one
    for one in (
        Subject("fit", partial(spoilt, "fit", fits, mutations.ANY, (".fit",)), read_file),
        Subject("tcx", partial(spoilt, "tcx", tcxs, mutations.TEXT, (".tcx",)), read_file),
        Subject("gpx", partial(spoilt, "gpx", gpxs, mutations.TEXT, (".gpx",)), read_file),
        Subject("tables", partial(spoilt, "tables", tables, mutations.JSON, (".csv", ".json")), read_file),
        of_exports("exports", fuzz_exports.documents, mutations.JSON),
        of_exports("health", fuzz_exports.health, mutations.TEXT),
        of_exports("garmindb", fuzz_exports.databases, mutations.ANY),
        Subject("services", partial(spoilt, "services", answers, mutations.JSON, ()), read_answer),
        Subject("archives", packed, read_file),
        Subject("calendars", partial(spoilt, "calendars", feeds, mutations.CALENDAR, ()), read_feed),
    )
}
