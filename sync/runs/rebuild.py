"""Everything derived, made again from the originals: one content a transaction, so that a kill leaves a sound store."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from rules.facts import Recording
from sync.formats.outcome import Read
from sync.formats.read import read
from sync.formats.sport import with_sport
from sync.formats.tables.sheets import TableRead, TooMuch
from sync.formats.unwrap import Limits
from sync.runs import activities, import_tables
from sync.runs.attempts import key_of
from sync.runs.import_report import Fate, Tally
from sync.runs.import_service import PARSERS
from sync.runs.importer import READER, Intake, Progress
from sync.storage import originals
from sync.storage.rows import CountsRow, NameRow, OriginalRow, RecordingRow
from sync.storage.serialize.recordings import FILE_FORMATS

log = structlog.get_logger()


def rebuild(intake: Intake, *, progress: Progress | None = None, stopping: Callable[[], bool] = lambda: False) -> Tally:
    """Reads every original again. One that is missing or that nothing reads any more keeps what was made of it."""
    store, athlete = intake.store, intake.athlete
    found = store.ask("originals", OriginalRow, athlete=athlete.id)
    tally = Tally()
    for number, original in enumerate(found):
        if stopping():
            break
        if progress is not None:
            progress(number, len(found))
        tally.fates.append(_read_again(intake, original))
    if progress is not None:
        progress(len(tally.fates), len(found))
    _count(intake, tally)
    return tally


def _read_again(intake: Intake, original: OriginalRow) -> Fate:
    """One original, noted while it is read: one that ended the process more than once keeps what was made of it."""
    found = intake.store.ask("names_of", NameRow, athlete=intake.athlete.id, sha256=original.sha256)
    name = found[0].name if found else original.sha256
    key = key_of("rebuild", intake.athlete.id, original.sha256, READER)
    if (why := intake.attempts.given_up(key)) is not None:
        log.warning("rebuild.kept_as_it_was", missing=False, format=original.format, gave_up=why)
        return Fate(name, "ignored", "kept-as-it-was")
    with intake.attempts.trying(key) as begin:
        begin()
        return _made_anew(intake, original, name)


def _made_anew(intake: Intake, original: OriginalRow, name: str) -> Fate:
    store, athlete = intake.store, intake.athlete
    content = originals.read(intake.home.originals, athlete.id, original.sha256)
    if content is not None and (table := _table(intake, content, original.format, name)) is not None:
        table = import_tables.only_possible(table, original.first_seen_utc)
        contents = import_tables.Contents(table, original.sha256, original.size_bytes)
        import_tables.keep_again(store, athlete, contents, now_utc=original.first_seen_utc)
        import_tables.tell_units(store, athlete, contents, name, intake.now())
        return Fate(name, "read")
    recordings = _recordings(content, original.format, name, intake.limits) if content is not None else ()
    if not recordings:
        log.warning("rebuild.kept_as_it_was", missing=content is None, format=original.format)
        return Fate(name, "ignored", "kept-as-it-was")
    _again(intake, original, recordings)
    return Fate(name, "read")


def _count(intake: Intake, tally: Tally) -> None:
    """What there is now, rather than how it came about again."""
    counts = intake.store.ask_one("recording_counts", CountsRow, athlete=intake.athlete.id)
    assert counts is not None
    joined = counts.recordings - counts.runs - counts.other
    tally.recordings.update({"run": counts.runs, "joined": joined, "other": counts.other})


def _table(intake: Intake, content: bytes, content_format: str, name: str) -> TableRead | None:
    try:
        return intake.tables(content, name) if content_format in import_tables.SOURCES else None
    except TooMuch:
        return None


def _recordings(content: bytes, content_format: str, name: str, limits: Limits) -> tuple[Recording, ...]:
    if content_format in FILE_FORMATS:
        return tuple(recording for leaf in read(content, name, limits) for recording in leaf.recordings)
    outcome = PARSERS[content_format](content) if content_format in PARSERS else None
    return tuple(with_sport(one) for one in outcome.recordings) if isinstance(outcome, Read) else ()


def _again(intake: Intake, original: OriginalRow, recordings: tuple[Recording, ...]) -> None:
    store, athlete = intake.store, intake.athlete
    with store.transaction():
        held = store.ask("recordings_of_sha", RecordingRow, athlete=athlete.id, sha256=original.sha256)
        first = held[0] if held else None
        fates = activities.keep(
            store,
            athlete,
            activities.Arrival(
                source=first.source if first else "file",
                source_ref=first.source_ref if first else None,
                sha256=original.sha256,
                format=original.format,
                size_bytes=original.size_bytes,
                recordings=recordings,
            ),
            now_utc=original.first_seen_utc,
        )
        activities.drop(store, athlete, [row.recording_id for row in held if row.recording_id not in fates])
