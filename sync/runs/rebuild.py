"""Everything derived, made again from the originals: one content a transaction, so that a kill leaves a sound store."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from rules.facts.recorded import Recording
from sync.formats.outcome import Read
from sync.formats.read import read
from sync.formats.tables.sheets import TableRead, TooMuch
from sync.formats.totals import settled
from sync.progress import Progress
from sync.runs import activities, import_tables, table_zones, told_days
from sync.runs.attempts import GivenUp, key_of
from sync.runs.file_ledger import READER
from sync.runs.import_report import FileResult, ImportReport
from sync.runs.import_service import PARSERS
from sync.runs.importer import Importer
from sync.storage import originals, recordings
from sync.storage.rows.arrived import OriginalRow
from sync.storage.serialize.recordings import FILE_FORMATS

ROUNDS = 3
"""A note whose rows a power cut left behind is settled by the second."""
log = structlog.get_logger()


def rebuild(
    importer: Importer, *, progress: Progress | None = None, stopping: Callable[[], bool] = lambda: False
) -> ImportReport:
    """Reads every original again. One that is missing or that nothing reads any more keeps what was made of it."""
    store, athlete = importer.store, importer.athlete
    found = originals.originals(store, athlete.id)
    report = ImportReport()
    for number, original in enumerate(found):
        if stopping():
            break
        if progress is not None:
            progress(number, len(found))
        report.results.append(_read_again(importer, original))
    if progress is not None:
        progress(len(report.results), len(found))
    learn_zones(importer)
    _count(importer, report)
    return report


def learn_zones(importer: Importer) -> None:
    """Tables whose rows began at another time than their recorded files are read again in the zone that this tells."""
    who = importer.athlete.id
    for _ in range(ROUNDS):
        changed = table_zones.learn(importer.store, who)
        if not changed:
            return
        for original in originals.originals(importer.store, who):
            if original.sha256 in changed:
                name = originals.first_name(importer.store, who, original.sha256) or original.sha256
                _made_anew(importer, original, name)


def _read_again(importer: Importer, original: OriginalRow) -> FileResult:
    """One original, noted while it is read: one that ended the process more than once keeps what was made of it."""
    name = originals.first_name(importer.store, importer.athlete.id, original.sha256) or original.sha256
    key = key_of("rebuild", importer.athlete.id, original.sha256, READER)

    def work(begin: Callable[[], None]) -> FileResult:
        begin()
        return _made_anew(importer, original, name)

    result = importer.attempts.attempt(key, work)
    if isinstance(result, GivenUp):
        log.warning("rebuild.kept_as_it_was", missing=False, format=original.format, gave_up=result.why)
        return FileResult(name, "ignored", "kept-as-it-was")
    return result


def _made_anew(importer: Importer, original: OriginalRow, name: str) -> FileResult:
    store, athlete = importer.store, importer.athlete
    content = originals.read(importer.home.originals, athlete.id, original.sha256)
    if content is not None and (table := _table(importer, content, original.format, name)) is not None:
        table = import_tables.only_possible(table, original.first_seen_utc)
        contents = import_tables.Contents(table, original.sha256, original.size_bytes)
        import_tables.keep_again(store, athlete, contents, now_utc=original.first_seen_utc)
        import_tables.tell_units(store, athlete, contents, name, importer.now())
        return FileResult(name, "read")
    found = _recordings(importer, content, original.format, name) if content is not None else ()
    if not found:
        log.warning("rebuild.kept_as_it_was", missing=content is None, format=original.format)
        return FileResult(name, "ignored", "kept-as-it-was")
    _again(importer, original, found)
    return FileResult(name, "read")


def _count(importer: Importer, report: ImportReport) -> None:
    """What there is now, rather than how it came about again."""
    counts = recordings.counts(importer.store, importer.athlete.id)
    joined = counts.recordings - counts.runs - counts.other
    report.recordings.update({"run": counts.runs, "joined": joined, "other": counts.other})


def _table(importer: Importer, content: bytes, content_format: str, name: str) -> TableRead | None:
    try:
        return importer.tables(content, name) if content_format in import_tables.SOURCES else None
    except TooMuch:
        return None


def _recordings(importer: Importer, content: bytes, content_format: str, name: str) -> tuple[Recording, ...]:
    if content_format in FILE_FORMATS:
        leaves = read(content, name, importer.limits, tables=importer.tables)
        return tuple(
            recording
            for leaf in leaves
            for recording in told_days.on_day(
                leaf.recordings,
                told_days.day_of(importer.store, importer.athlete.id, leaf.sha256),
                importer.athlete.zone,
            )
        )
    outcome = PARSERS[content_format](content) if content_format in PARSERS else None
    return tuple(settled(one) for one in outcome.recordings) if isinstance(outcome, Read) else ()


def _again(importer: Importer, original: OriginalRow, found: tuple[Recording, ...]) -> None:
    store, athlete = importer.store, importer.athlete
    with store.transaction():
        held = recordings.held_of_content(store, athlete.id, original.sha256)
        first = held[0] if held else None
        fates = activities.keep(
            store,
            athlete,
            activities.IncomingContent(
                source=first.source if first else "file",
                source_ref=first.source_ref if first else None,
                sha256=original.sha256,
                format=original.format,
                size_bytes=original.size_bytes,
                recordings=found,
            ),
            now_utc=original.first_seen_utc,
        )
        activities.drop(store, athlete, [row.recording_id for row in held if row.recording_id not in fates])
