"""Files and folders into the store: each file ends in exactly one of read, duplicate, ignored, problem.

A ledger remembers what became of a file of that size and time, so that looking again at an unchanged folder costs one
``stat`` a file. Nothing that is looked at is ever changed, moved or deleted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import structlog

from rules.facts import Problem, Recording
from sync.errors import PersonMustAct
from sync.formats.clock import possible
from sync.formats.read import Member, members
from sync.formats.tables.sheets import TableRead
from sync.formats.unwrap import Limits
from sync.progress import Progress
from sync.runs import activities, gear, import_tables
from sync.runs.attempts import Attempts, key_of
from sync.runs.import_report import FileOutcome, FileResult, ImportReport
from sync.settings import redact
from sync.settings.config import Athlete, Config
from sync.settings.paths import DataDir
from sync.storage import housekeeping, originals
from sync.storage.database import Store, to_json
from sync.storage.rows import SeenFileRow

FILE = import_tables.FILE
GROWING = (".part", ".crdownload", ".download", ".tmp", "~")
SETTLED = 0.0
MB = 1 << 20
READER = f"{version('springstep')}+tables-3"
"""A newer program reads again what an older one could not."""

log = structlog.get_logger()


class Importer:
    """Takes files in for one athlete; its memory of the ledger lives as long as it does."""

    def __init__(
        self, store: Store, config: Config, home: DataDir, athlete: Athlete, *, now: Callable[[], datetime]
    ) -> None:
        self.store = store
        self.config = config
        self.home = home
        self.athlete = athlete
        self.now = now
        self.limits = Limits(
            max_bytes=config.imports.max_file_mb * MB,
            max_ratio=float(config.imports.max_ratio),
            max_members=config.imports.max_members,
            max_nested_bytes=config.imports.max_archive_mb * MB,
        )
        self.attempts = Attempts(home.attempts)
        self.tables = import_tables.reader(athlete, config.imports.units)
        self._seen: dict[str, SeenFileRow] | None = None

    def import_paths(
        self,
        paths: Sequence[Path],
        *,
        progress: Progress | None = None,
        stopping: Callable[[], bool] = lambda: False,
        after_each: Callable[[], None] = lambda: None,
    ) -> ImportReport:
        """Every file in ``paths``, folders to any depth. Raises PersonMustAct for a path that is not there."""
        found = [(path, root) for root in paths for path in files_below(root)]
        report = ImportReport()
        for number, (path, root) in enumerate(found):
            if stopping():
                return report
            if progress is not None:
                progress(number, len(found))
            if any(part.startswith(".") for part in path.relative_to(root).parts):
                report.results.append(FileResult(redact.file_name(path.name), "ignored", "hidden"))
            else:
                self._import_file(path, report, settle_s=self._settle_s(root))
            after_each()
        if progress is not None:
            progress(len(report.results), len(found))
        self.delete_gone([root for root in paths if root.is_dir()], [path for path, _ in found])
        return report

    def delete_gone(self, folders: Iterable[Path], present: Iterable[Path]) -> None:
        """A problem is over when its file below ``folders`` is gone; should the file return, it is read again."""
        below = tuple(f"{_place(folder)}{os.sep}" for folder in folders)
        known = housekeeping.problems(self.store, self.athlete.id)
        places = {row.place for row in known if row.source == FILE and row.place.startswith(below)}
        for place in places.difference(map(_place, present)) if places else ():
            housekeeping.delete_stale_problems(self.store, self.athlete.id, source=FILE, place=place)
            self.store.execute("forget_seen_file", athlete=self.athlete.id, path=place)
            self._ledger().pop(place, None)

    def _settle_s(self, root: Path) -> float:
        """Only in a watched folder may a file still be growing; a file that is named is meant as it is."""
        watched = (self.home.inbox(self.athlete.id), *self.config.folders(self.athlete))
        return float(self.config.inbox.settle_seconds) if root in watched else SETTLED

    def _import_file(self, path: Path, report: ImportReport, *, settle_s: float) -> None:
        try:
            before = path.stat()
        except OSError as error:
            report.results.append(self._problem(_place(path), path.name, "not-readable", error.strerror))
            return
        age_s = self.now().replace(tzinfo=UTC).timestamp() - before.st_mtime if settle_s else 0.0
        if path.name.lower().endswith(GROWING) or (settle_s and 0 <= age_s < settle_s):
            report.results.append(FileResult(redact.file_name(path.name), "ignored", "still-growing"))
            return
        known = self._ledger().get(_place(path))
        if known is not None and _unchanged(known, before):
            report.results.extend(_again(leaf) for leaf in known.leaves)
            return
        key = key_of(_place(path), before.st_size, before.st_mtime_ns, READER)
        if (why := self.attempts.given_up(key)) is not None:
            fates = [self._problem(_place(path), path.name, f"gave-up-{why}", None)]
        else:

            def overdue() -> None:
                self._problem(_place(path), path.name, "takes-too-long", None)

            with self.attempts.trying(key, overdue) as begin:
                fates = list(self._import_members(path, report, begin))
        report.results.extend(fates)
        after = path.stat() if path.exists() else None
        if after is not None and (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns):
            self._remember(path, before, fates)
            self.attempts.forget(key)

    def _import_members(self, path: Path, report: ImportReport, begin: Callable[[], None]) -> Iterator[FileResult]:
        problems: list[str] = []
        unread = members(path, redact.file_name(path.name), self.limits, tables=self.tables)
        while True:
            result: FileResult | None
            begin()
            try:
                leaf = next(unread, None)
                if leaf is None:
                    break
                result = self._import_member(leaf, _place(path), report)
            except OSError as error:
                result = self._problem(_place(path), path.name, "not-readable", error.strerror)
            except Exception:
                # Whatever a strange file does to a decoder, the other files must still come in.
                log.exception("intake.file_not_understood", file=path.suffix)
                result = self._problem(_place(path), path.name, "not-understood", None)
            if result.problem_id is not None:
                problems.append(result.problem_id)
            yield result
        housekeeping.delete_stale_problems(self.store, self.athlete.id, source=FILE, place=_place(path), kept=problems)

    def _import_member(self, leaf: Member, place: str, report: ImportReport) -> FileResult:
        if leaf.problem is not None:
            return self._problem(place, leaf.name, leaf.problem.reason, leaf.problem.detail)
        if leaf.table is not None:
            return self._import_table(leaf, leaf.table, place, report)
        if leaf.ignored is not None or not leaf.recordings:
            if leaf.ignored == "no-activity" and (found := gear.read_gear(leaf.data, self.athlete)):
                told = gear.upsert_told(self.store, self.athlete, self.config.shoes, found)
                return FileResult(leaf.name, "read" if told else "duplicate")
            return FileResult(leaf.name, "ignored", leaf.ignored)
        starts = [one.start_utc for one in leaf.recordings]
        impossible = next((at for at in starts if not possible(at, self.now())), None)
        if impossible is not None:
            return self._problem(place, leaf.name, "impossible-date", f"{impossible.date()}")
        athlete_id = self.athlete.id
        refs = import_tables.upload_refs(leaf.name)
        if self.store.fetch_value("original_known", athlete=athlete_id, sha256=leaf.sha256):
            with self.store.transaction():
                activities.add_names(self.store, athlete_id, leaf.sha256, [leaf.name])
                held = [row.recording_id for row in activities.held(self.store, athlete_id, leaf.sha256)]
                for name in held:
                    activities.add_refs(self.store, self.athlete, name, FILE, [f"{FILE}:{leaf.sha256}", *sorted(refs)])
                if refs:
                    activities.recluster(self.store, self.athlete, held, again=False)
            return FileResult(leaf.name, "duplicate")
        # The content must be safe before anything in the store points to it.
        originals.keep(self.home.originals, athlete_id, leaf.sha256, leaf.data)
        with self.store.transaction():
            copy = all(self._same_file_known(recording, leaf.sha256) for recording in leaf.recordings)
            arrival = activities.IncomingContent(
                source=FILE,
                source_ref=None,
                sha256=leaf.sha256,
                format=leaf.format.value,
                size_bytes=len(leaf.data),
                recordings=leaf.recordings,
                names=(leaf.name,),
                refs=refs,
            )
            kept = activities.keep(self.store, self.athlete, arrival, now_utc=self.now())
        if copy:
            # The same device wrote the same activity at the same moment: kept, since it may be the better copy.
            return FileResult(leaf.name, "duplicate")
        report.recordings.update(kept.values())
        return FileResult(leaf.name, "read")

    def _import_table(self, leaf: Member, read: TableRead, place: str, report: ImportReport) -> FileResult:
        table = import_tables.only_possible(read, self.now())
        if not table.rows:
            return self._problem(place, leaf.name, "impossible-date", table.problems[-1].detail)
        report.tables.append((leaf.name, table))
        contents = import_tables.Contents(table, leaf.sha256, len(leaf.data))
        known = bool(self.store.fetch_value("original_known", athlete=self.athlete.id, sha256=leaf.sha256))
        outcome: FileOutcome = "duplicate"
        if known:
            activities.add_names(self.store, self.athlete.id, leaf.sha256, [leaf.name])
        else:
            originals.keep(self.home.originals, self.athlete.id, leaf.sha256, leaf.data)
            fates = import_tables.keep(self.store, self.athlete, contents, [leaf.name], now_utc=self.now())
            if fates is not None:
                outcome = "read"
                report.recordings.update(fates.values())
                gear.upsert_told(self.store, self.athlete, self.config.shoes, gear.worn(table, contents.source))
            if not self.store.fetch_value("original_known", athlete=self.athlete.id, sha256=leaf.sha256):
                # A newer table holds every row of it already.
                originals.delete(self.home.originals, self.athlete.id, leaf.sha256)
        doubt = None
        if self.store.fetch_value("original_known", athlete=self.athlete.id, sha256=leaf.sha256):
            doubt = import_tables.tell_units(self.store, self.athlete, contents, leaf.name, self.now())
        if not table.problems:
            return FileResult(leaf.name, outcome, None, doubt)
        impossible = next((problem for problem in table.problems if problem.reason == "impossible-date"), None)
        reason, detail = "rows-without-start", f"{len(table.problems)}/{len(table.problems) + len(table.rows)}"
        if impossible is not None:
            reason, detail = "rows-impossible", impossible.detail or detail
        result = self._problem(place, leaf.name, reason, detail)
        return FileResult(leaf.name, outcome, None, result.problem_id)

    def _same_file_known(self, recording: Recording, sha256: str) -> bool:
        file_id = recording.file_id
        if file_id is None or file_id.serial_number is None or file_id.time_created_utc is None:
            return False
        return bool(
            self.store.fetch_value(
                "same_file_known",
                athlete=self.athlete.id,
                sha256=sha256,
                serial_number=file_id.serial_number,
                time_created_utc=file_id.time_created_utc,
                start_utc=recording.start_utc,
            )
        )

    def _problem(self, place: str, name: str, reason: str, detail: str | None) -> FileResult:
        name = redact.file_name(name)
        problem_id = housekeeping.upsert_problem(
            self.store,
            self.athlete.id,
            source=FILE,
            place=place,
            name=name,
            reason=reason,
            detail=detail,
            now_utc=self.now(),
        )
        return FileResult(name, "problem", reason, problem_id)

    def _ledger(self) -> dict[str, SeenFileRow]:
        if self._seen is None:
            self._seen = {
                row.path: row for row in self.store.fetch_all("seen_files", SeenFileRow, athlete=self.athlete.id)
            }
        return self._seen

    def _remember(self, path: Path, found: os.stat_result, fates: Sequence[FileResult]) -> None:
        row = SeenFileRow(
            path=_place(path),
            size_bytes=found.st_size,
            modified_ns=found.st_mtime_ns,
            reader=READER,
            leaves=[[result.name, result.outcome, result.reason, result.problem_id] for result in fates],
        )
        self.store.execute(
            "put_seen_file",
            athlete=self.athlete.id,
            path=row.path,
            size_bytes=row.size_bytes,
            modified_ns=row.modified_ns,
            reader=row.reader,
            leaves=to_json(row.leaves),
            seen_utc=self.now(),
        )
        self._ledger()[row.path] = row

    def tell_problem(self, source: str, problem: Problem) -> FileResult:
        """Keep a problem that something else than a file had."""
        problem_id = housekeeping.upsert_problem(
            self.store,
            self.athlete.id,
            source=source,
            place=problem.name,
            name=problem.name,
            reason=problem.reason,
            detail=problem.detail,
            now_utc=self.now(),
        )
        return FileResult(problem.name, "problem", problem.reason, problem_id)


def files_below(root: Path) -> Iterator[Path]:
    """The files at ``root`` in order of name, hidden ones included. Raises PersonMustAct when there is nothing."""
    if root.is_dir():
        for folder, folders, names in os.walk(root):
            folders.sort()
            # A pipe would be waited for without end.
            yield from (path for name in sorted(names) if (path := Path(folder, name)).is_file() or not path.exists())
    elif root.exists():
        yield root
    else:
        raise PersonMustAct(f"There is no file or folder {root}.")


def _place(path: Path) -> str:
    """Where a file lies, as the store may know it."""
    return redact.file_name(str(path))


def _unchanged(known: SeenFileRow, found: os.stat_result) -> bool:
    return (known.size_bytes, known.modified_ns, known.reader) == (found.st_size, found.st_mtime_ns, READER)


def _again(leaf: Sequence[str | None]) -> FileResult:
    name, outcome, reason, problem_id = leaf
    was: dict[str | None, FileOutcome] = {"ignored": "ignored", "problem": "problem"}
    return FileResult(str(name), was.get(outcome, "duplicate"), reason, problem_id)
