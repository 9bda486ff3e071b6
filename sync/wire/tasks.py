"""Tasks of the daemon: what is asked for, how far it is, and what came of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sync.wire.commands import Wire


class ImportRequest(Wire):
    """Import files and folders by their absolute paths on the daemon's machine."""

    athlete: str | None = None
    paths: list[str]
    day: date | None = None
    """The runner's word for when the recordings in them were, in place of their clocks'."""


class SyncRequest(Wire):
    athlete: str | None = None
    source: str | None = None
    full: bool = False


class SyncTaskResult(Wire):
    """One object a source: ``result`` ok, waiting or act, with what to do now."""

    passes: list[dict[str, Any]] = []


class PurgeRequest(Wire):
    """What came only from that source goes; the link too."""

    athlete: str | None = None
    source: str


class PurgeResult(Wire):
    source: str
    copies: int


class PurgeRunnerRequest(Wire):
    """Everything of a runner who was removed, by id or name."""

    runner: str


class PurgeRunnerResult(Wire):
    """``left`` names what could not be cleared of them, ``named`` whether the config still does."""

    athlete: str
    rows: int
    originals: int
    left: list[str] = []
    named: bool = False


class DoctorRequest(Wire):
    athlete: str | None = None
    source: str


class DoctorResult(Wire):
    """``lines`` can be pasted into a bug report, ``says`` is the answer in words."""

    ok: bool
    lines: list[str]
    says: str = ""


class MapRequest(Wire):
    """Keep what the OpenStreetMap extract at ``path`` shows around everyone's runs; None takes the map out."""

    path: str | None = None


class MapResult(Wire):
    """``ways`` and ``size_bytes`` are of the map that is kept now, ``runs`` the runs that were judged by it again."""

    ways: int = 0
    size_bytes: int = 0
    runs: int = 0
    removed: bool = False


class RebuildRequest(Wire):
    athlete: str | None = None


class BackupRequest(Wire):
    """Everything but secrets and logs into one file on the daemon's machine."""

    path: str


class Task(Wire):
    """A long piece of work and how far it is; ``result`` stands when it ended."""

    work_id: str
    what: str
    done: int
    total: int | None
    files: int | None = None
    runs: int | None = None
    """Of an import: files that are done, those inside archives too, and runs that were found in them."""
    left_s: float | None = None
    ended: bool = False
    result: dict[str, Any] | None = None
    failed: str | None = None
    failed_code: dict[str, Any] | None = None
    """The same as a code and values, for whoever speaks another language."""
    must_act: bool = False
    """It failed for something that the person has to change."""


class TableLine(Wire):
    """A table of activities: ``units`` km, mi or m, and what told them (None: the table names them)."""

    name: str
    kind: str
    rows: int
    units: str | None
    units_by: str | None
    says: str


class ProblemLine(Wire):
    problem_id: str
    source: str
    name: str
    reason: str
    first_seen_utc: datetime
    last_seen_utc: datetime


class ImportSummary(Wire):
    """What one import, or several close to one another, came to; files = those read, and those that failed for the
    first time."""

    ended_utc: datetime
    files: int = 0
    runs: int = 0
    joined: int = 0
    other: int = 0
    known: int = 0
    problems: int = 0


class ImportCounts(Wire):
    """files found = read + duplicate + ignored + problem; recordings = runs + joined + other."""

    found: int = 0
    read: int = 0
    duplicate: int = 0
    ignored: int = 0
    problem: int = 0
    recordings: int = 0
    runs: int = 0
    joined: int = 0
    other: int = 0
    problems: list[ProblemLine] = []
    ignored_names: list[str] = []
    tables: list[TableLine] = []
    unknown_words: list[str] = []
    """Words for sports that nobody knows, each with how many activities it names and how to answer."""
