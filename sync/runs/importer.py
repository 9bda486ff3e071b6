"""Files and folders into the store: each file ends in exactly one of read, duplicate, ignored, problem.

The steps of one file, each of which gives the next one what it needs or ends it with a result: looked at → settled? →
known already? → given up? → unwrapped and read, member by member → recognised → stored → remembered. Nothing that is
looked at is ever changed, moved or deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import structlog

from rules.facts.problems import Problem
from sync.errors import DISK_FULL, unforeseen
from sync.formats.read import Member, members
from sync.formats.unwrap import Limits
from sync.progress import Arrived, BytesRead, Progress
from sync.runs import import_tables
from sync.runs.attempts import Attempts, GivenUp, key_of
from sync.runs.file_ledger import READER, FileLedger
from sync.runs.found_files import (
    FoundFile,
    files_below,
    hidden_below,
    look_at,
    place_of,
    size_of,
    still_growing,
    unchanged,
)
from sync.runs.import_report import FileResult, ImportReport, ImportSteps, MemberResult
from sync.runs.store_member import MemberStore
from sync.settings import redact
from sync.settings.config import Athlete, Config
from sync.settings.paths import DataDir
from sync.storage import recordings
from sync.storage.connect import is_damage
from sync.storage.database import Store

SETTLED = 0.0
NOT_READABLE = "not-readable"
MB = 1 << 20

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
        self.tables = import_tables.reader(
            athlete, config.imports.units, lambda: recordings.usual_mps(store, athlete.id)
        )
        self.attempts = Attempts(home.attempts)
        self.ledger = FileLedger(store, athlete.id, now=now)
        self.member_store = MemberStore(store, athlete, config.shoes, home.originals, self.ledger, now)

    def import_paths(
        self,
        paths: Sequence[Path],
        *,
        progress: Progress | None = None,
        stopping: Callable[[], bool] = lambda: False,
        after_each: Callable[[], None] = lambda: None,
        arrived: Callable[[Arrived], None] = lambda _arrived: None,
        day: date | None = None,
    ) -> ImportReport:
        """Every file in ``paths``, folders to any depth. Raises PersonMustAct for a path that is not there.

        ``day`` is the runner's word for when the recordings in them were, in place of their clocks'.
        """
        self.member_store = replace(self.member_store, told_day=day)
        found = [(path, root) for root in paths for path in files_below(root)]
        report = ImportReport()
        sizes = [size_of(path) for path, _ in found]
        steps = ImportSteps(BytesRead(sum(sizes)), arrived)
        for number, (path, root) in enumerate(found):
            if stopping():
                return report
            if progress is not None:
                progress(number, len(found))
            steps.begin(report, sizes[number])
            for result in self._import_file(path, root, steps):
                report.add(result)
            after_each()
        if progress is not None:
            progress(len(report.results), len(found))
        self.delete_gone([root for root in paths if root.is_dir()], [path for path, _ in found])
        return report

    def delete_gone(self, folders: Iterable[Path], present: Iterable[Path]) -> None:
        """A problem is over when its file below ``folders`` is gone; should the file return, it is read again."""
        self.ledger.delete_gone(folders, present)

    def tell_problem(self, source: str, problem: Problem) -> FileResult:
        """Keep a problem that something else than a file had."""
        return self.ledger.problem_of(source, problem.name, problem.name, problem.reason, problem.detail)

    def _import_file(self, path: Path, root: Path, steps: ImportSteps) -> list[MemberResult]:
        """What became of the file at ``path``, which was found at or below ``root``."""
        if hidden_below(path, root):
            return [MemberResult(FileResult(redact.file_name(path.name), "ignored", "hidden"))]
        try:
            file = look_at(path)
        except OSError as error:
            return [MemberResult(self.ledger.problem(place_of(path), path.name, NOT_READABLE, error.strerror))]
        if still_growing(file, self.now(), settle_s=self._settle_s(root)):
            return [MemberResult(FileResult(file.name, "ignored", "still-growing"))]
        if self.member_store.told_day is None and (known := self.ledger.results(file)) is not None:
            return [MemberResult(result) for result in known]
        key = key_of(file.place, file.size_bytes, file.modified_ns, READER)
        results = self._attempt(file, key, steps)
        if unchanged(file):
            # What the disk or its rights refused may be there next time, and no date of the file changes with them.
            if not any(each.result.reason == NOT_READABLE for each in results):
                self.ledger.record(file, [each.result for each in results])
            self.attempts.forget(key)
        return results

    def _settle_s(self, root: Path) -> float:
        """Only in a watched folder may a file still be growing; a file that is named is meant as it is."""
        watched = (self.home.inbox(self.athlete.id), *self.config.folders(self.athlete))
        return float(self.config.inbox.settle_seconds) if root in watched else SETTLED

    def _attempt(self, file: FoundFile, key: str, steps: ImportSteps) -> list[MemberResult]:
        """Read and stored, unless earlier tries ended the process or did not end themselves."""
        tried = self.attempts.attempt(
            key,
            lambda begin_step: self._import_members(file, begin_step, steps),
            on_overdue=lambda: self._problem(file, "takes-too-long"),
        )
        return [self._problem(file, f"gave-up-{tried.why}")] if isinstance(tried, GivenUp) else tried

    def _import_members(
        self, file: FoundFile, begin_step: Callable[[], None], steps: ImportSteps
    ) -> list[MemberResult]:
        """Every member unwrapped, read and stored before the next one; the file's problems are those it has now."""
        unread = members(file.path, file.name, self.limits, tables=self.tables, count=steps.count)
        results = []
        begin_step()
        while (result := self._import_next(file, unread)) is not None:
            results.append(result)
            steps.add(result)
            begin_step()
        self.ledger.delete_stale_problems(file, [each.result for each in results])
        return results

    def _import_next(self, file: FoundFile, unread: Iterator[Member]) -> MemberResult | None:
        """What became of the next member; None after the last. A file that cannot be read on ends with a problem."""
        try:
            member = next(unread, None)
            return None if member is None else self.member_store.keep(member, file.place)
        except OSError as error:
            if unforeseen(error).code == DISK_FULL or self._is_ours(error):
                raise
            return self._problem(file, NOT_READABLE, error.strerror)
        except Exception as error:
            if unforeseen(error).code == DISK_FULL or is_damage(error):
                # No fault of the file's: it is read again when the store takes something.
                raise
            # Whatever a strange file does to a decoder, the other files must still come in.
            log.exception("intake.file_not_understood", file=file.path.suffix)
            return self._problem(file, "not-understood")

    def _is_ours(self, error: OSError) -> bool:
        """Whether it was the home that refused, and not the file that is read."""
        return isinstance(error.filename, str) and Path(error.filename).is_relative_to(self.home.originals)

    def _problem(self, file: FoundFile, reason: str, detail: str | None = None) -> MemberResult:
        return MemberResult(self.ledger.problem(file.place, file.path.name, reason, detail))
