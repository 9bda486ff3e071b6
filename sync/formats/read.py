"""Bytes or a file -> leaves: one for each file inside, with exactly one outcome.

``leaves(path, name, limits)`` streams (an account export holds thousands of files); ``read(data, name, limits)`` is the
same for bytes in memory. Content decides the type, the name only whether something unreadable claimed to be an
activity. ``Problem.reason`` and ``ignored`` are text keys: ``problem.<reason>`` and ``ignored.<reason>``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import assert_never
from xml.parsers.expat import ExpatError

from rules.facts.problems import Problem
from rules.facts.recorded import Recording
from sync.formats.clock import with_believed_week
from sync.formats.exports.apple_health import TooLong, bundles, is_bundle, read_bundle, route_of
from sync.formats.exports.recognised import SPREADSHEET, recognised
from sync.formats.fit.decoders import LINKS, Decoder
from sync.formats.fit.file import is_fit, read_fit
from sync.formats.outcome import Ignored, Outcome, Read, Unreadable
from sync.formats.tables.sheets import TableRead, TooMuch
from sync.formats.totals import settled
from sync.formats.unwrap import Content, Limits, Opened, Refused, unwrap_bytes, unwrap_path
from sync.formats.xml.gpx import read_gpx
from sync.formats.xml.tcx import read_tcx
from sync.formats.xml.text import root_name
from sync.progress import BytesRead
from sync.settings.redact import file_name

ACTIVITY_ENDINGS = (".fit", ".tcx", ".gpx")
TABLE_NAME = re.compile(
    r"(?:\.(?:csv|tsv|tab|txt|jsonl|ndjson|json|db|sqlite3?)(?:\.gz)?|(?:^|/)[0-9a-f]{64})$", re.IGNORECASE
)
"""By its ending, or by the checksum under which an original is kept."""
Tables = Callable[[bytes, str], TableRead | None]
"""Reads a table of activities, ``None`` when it is none; it knows the runner's zone and units."""
MAYBE_TABLES = ("no-activity", "samsung-health", "runtastic", "huawei-health", "activity-database")
"""What was named by its beginning may still be a table that a reader knows."""
RECORDED = frozenset({"nike_json", "polar_json", "polar_csv"})
"""Exports of one file a run, with their readings: recordings, not rows."""
UNCLAIMED_REFUSALS = frozenset({"gzip-damaged", "too-large", "packed-too-tight"})
"""Refusals that only matter when the name claims an activity or an archive; else the file is none of our business."""


class Format(StrEnum):
    FIT = "fit"
    TCX = "tcx"
    GPX = "gpx"
    STRAVA_CSV = "strava_csv"
    GARMIN_CSV = "garmin_csv"
    GARMIN_EXPORT = "garmin_export"
    RUNNING_LOG = "running_log"
    GARMIN_LIST = "garmin_list"
    FITBIT_JSON = "fitbit_json"
    ZEPP_CSV = "zepp_csv"
    SAMSUNG_CSV = "samsung_csv"
    RUNTASTIC_JSON = "runtastic_json"
    GARMINDB = "garmindb"
    HUAWEI_JSON = "huawei_json"
    ENDURAIN_JSON = "endurain_json"
    NIKE_JSON = "nike_json"
    POLAR_JSON = "polar_json"
    POLAR_CSV = "polar_csv"
    APPLE_HEALTH = "apple_health"
    OTHER = "other"


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """One file after unwrapping.

    ``name`` is for people ("export.zip/activities/1.fit.gz"); ``sha256`` and ``data`` are of the unpacked content
    (``data`` is empty where nothing could be unpacked). One of ``recordings``, ``table``, ``problem`` and ``ignored``
    is set.
    """

    name: str
    sha256: str
    data: bytes
    format: Format
    recordings: tuple[Recording, ...] = ()
    table: TableRead | None = None
    problem: Problem | None = None
    ignored: str | None = None
    ignored_detail: str | None = None


def members(
    path: Path,
    name: str,
    limits: Limits,
    *,
    links: Sequence[Decoder] = LINKS,
    tables: Tables | None = None,
    count: BytesRead | None = None,
) -> Iterator[Member]:
    """The leaves of the file at ``path``, one in memory at a time. Raises OSError when the file cannot be read.

    Without ``tables`` no CSV and no JSON is looked into. ``count`` is called with what is read.
    """
    if hidden(name):
        yield _hidden(name)
        return
    for unwrapped in unwrap_path(path, name, limits, count):
        if isinstance(unwrapped, Opened):
            if count is not None:
                count.twice()
            yield from _workouts(unwrapped, limits)
            continue
        leaf = _member(unwrapped, name, links)
        yield leaf if tables is None else _with_table(leaf, tables)


def read(
    data: bytes, name: str, limits: Limits, *, links: Sequence[Decoder] = LINKS, tables: Tables | None = None
) -> list[Member]:
    """The leaves of ``data``, which is called ``name``. Without ``tables`` no CSV and no JSON is looked into."""
    if hidden(name):
        return [_hidden(name)]
    found = [
        leaf
        for unwrapped in unwrap_bytes(data, name, limits)
        for leaf in (
            _workouts(unwrapped, limits) if isinstance(unwrapped, Opened) else (_member(unwrapped, name, links),)
        )
    ]
    return found if tables is None else [_with_table(leaf, tables) for leaf in found]


def hidden(name: str) -> bool:
    """Files that their system hides: nobody meant to hand them in."""
    parts = name.replace("\\", "/").split("/")
    return parts[-1].startswith(".") or "__MACOSX" in parts


def claims_activity(name: str) -> bool:
    """Whether the name says FIT, TCX or GPX, packed or not."""
    return name.lower().removesuffix(".gz").endswith(ACTIVITY_ENDINGS)


def _hidden(name: str) -> Member:
    return Member(name, hashlib.sha256(name.encode()).hexdigest(), b"", Format.OTHER, ignored="hidden")


def _workouts(opened: Opened, limits: Limits) -> Iterator[Member]:
    """The running workouts of an Apple Health export, each as one small bundle."""
    name, found = file_name(opened.name), 0
    mark = hashlib.sha256(name.encode()).hexdigest()
    try:
        for bundle in bundles(opened.reopen, limits.max_health_bytes):
            found += 1
            route = route_of(bundle)
            inside = f"{name}/{route or f'workout-{found}'}"
            yield replace(_read_content(inside, hashlib.sha256(bundle).hexdigest(), bundle, ()), name=inside)
    except TooLong:
        detail = f"{limits.max_health_bytes / (1 << 30):g}"
        yield Member(name, mark, b"", Format.OTHER, problem=Problem(name, "health-too-large", detail))
        return
    except (ExpatError, ValueError) as error:
        yield Member(name, mark, b"", Format.OTHER, problem=Problem(name, "xml-damaged", str(error)))
        return
    if not found:
        yield Member(name, mark, b"", Format.OTHER, ignored="no-running-workout")


def _member(unwrapped: Content | Refused, top_name: str, links: Sequence[Decoder]) -> Member:
    inside = unwrapped.name.removeprefix(top_name).removeprefix("/")
    name = file_name(unwrapped.name)
    match unwrapped:
        case Refused(reason=reason, sha256=sha256, detail=detail):
            if inside and hidden(inside):
                return Member(name, sha256, b"", Format.OTHER, ignored="hidden")
            if reason in UNCLAIMED_REFUSALS and not (claims_activity(name) or name.lower().endswith(".zip")):
                return Member(name, sha256, b"", Format.OTHER, ignored="no-activity", ignored_detail=reason)
            if reason == SPREADSHEET:
                return Member(name, sha256, b"", Format.OTHER, ignored=reason)
            return Member(name, sha256, b"", Format.OTHER, problem=Problem(name, reason, detail))
        case Content(data=data):
            sha256 = hashlib.sha256(data).hexdigest()
            if inside and any(part.startswith(".") or part == "__MACOSX" for part in inside.split("/")):
                return Member(name, sha256, data, Format.OTHER, ignored="hidden")
            return _read_content(name, sha256, data, links)
        case _:
            assert_never(unwrapped)


def _with_table(leaf: Member, tables: Tables) -> Member:
    if leaf.ignored not in MAYBE_TABLES or not TABLE_NAME.search(leaf.name):
        return leaf
    try:
        table = tables(leaf.data, leaf.name)
    except TooMuch as much:
        return replace(leaf, problem=Problem(leaf.name, much.reason, much.detail), ignored=None, ignored_detail=None)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        # It never said that it was a list of runs.
        return leaf
    if table is None or not (table.rows or table.problems):
        return leaf
    if not table.rows:
        # It said that it was a list of runs.
        worst = next((one for one in table.problems if one.reason.startswith("table-")), None)
        reason, detail = (worst.reason, worst.detail) if worst else ("table-unreadable", f"{len(table.problems)}")
        return replace(leaf, problem=Problem(leaf.name, reason, detail), ignored=None, ignored_detail=None)
    if table.kind in RECORDED:
        recordings = tuple(settled(row.recording) for row in table.rows)
        return replace(leaf, format=Format(table.kind), recordings=recordings, ignored=None, ignored_detail=None)
    return replace(leaf, format=Format(table.kind), table=table, ignored=None, ignored_detail=None)


def _read_content(name: str, sha256: str, data: bytes, links: Sequence[Decoder]) -> Member:
    try:
        kind, outcome = read_content(data, claims=claims_activity(name), links=links)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        # Nobody foresaw this damage: one bad file must not end an import of thousands.
        kind, outcome = Format.OTHER, Unreadable("unforeseen", f"{type(error).__name__}: {error}")
    match outcome:
        case Read(recordings=recordings):
            return Member(
                name, sha256, data, kind, recordings=tuple(settled(with_believed_week(one, name)) for one in recordings)
            )
        case Ignored(reason=reason, detail=detail):
            return Member(name, sha256, data, kind, ignored=reason, ignored_detail=detail)
        case Unreadable(reason=reason, detail=detail):
            return Member(name, sha256, data, kind, problem=Problem(name, reason, detail))
        case _:
            assert_never(outcome)


def read_content(data: bytes, *, claims: bool, links: Sequence[Decoder] = LINKS) -> tuple[Format, Outcome]:
    """One unpacked file by its content; ``claims`` says that its name promised an activity."""
    if is_bundle(data):
        return Format.APPLE_HEALTH, read_bundle(data)
    if is_fit(data):
        return Format.FIT, read_fit(data, links)
    root = root_name(data)
    if root == "TrainingCenterDatabase":
        return Format.TCX, read_tcx(data)
    if root == "gpx":
        return Format.GPX, read_gpx(data)
    if not claims:
        return Format.OTHER, Ignored(recognised(data) or "no-activity")
    if not data:
        return Format.OTHER, Unreadable("empty")
    return Format.OTHER, Unreadable("not-what-its-name-says" if root is None else "xml-damaged")
