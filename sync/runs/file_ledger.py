"""What the store remembers of files: what became of each as it was last seen, and the problems they have.

Looking again at an unchanged folder so costs one ``stat`` a file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from sync.runs.found_files import FoundFile, place_of
from sync.runs.import_report import FileOutcome, FileResult
from sync.runs.import_tables import FILE
from sync.settings import redact
from sync.storage import housekeeping, seen_files
from sync.storage.database import Store
from sync.storage.rows.arrived import SeenFileRow

READER = f"{version('springstep')}+tables-4"
"""A newer program reads again what an older one could not."""


class FileLedger:
    """One athlete's; its memory of the store's rows lives as long as it does."""

    def __init__(self, store: Store, athlete_id: str, *, now: Callable[[], datetime]) -> None:
        self.store = store
        self.athlete_id = athlete_id
        self.now = now
        self._rows: dict[str, SeenFileRow] | None = None

    def results(self, file: FoundFile) -> list[FileResult] | None:
        """What became of the file, where it has not changed since and this program read it; what was read then is a
        duplicate now."""
        row = self._seen().get(file.place)
        if row is None or (row.size_bytes, row.modified_ns, row.reader) != (file.size_bytes, file.modified_ns, READER):
            return None
        return [_seen_again(leaf) for leaf in row.leaves]

    def record(self, file: FoundFile, results: Sequence[FileResult]) -> None:
        row = SeenFileRow(
            path=file.place,
            size_bytes=file.size_bytes,
            modified_ns=file.modified_ns,
            reader=READER,
            leaves=[[result.name, result.outcome, result.reason, result.problem_id] for result in results],
        )
        seen_files.upsert_seen_file(self.store, self.athlete_id, row, seen_utc=self.now())
        self._seen()[row.path] = row

    def problem(self, place: str, name: str, reason: str, detail: str | None = None) -> FileResult:
        """The file's problem, kept until it is over."""
        return self.problem_of(FILE, place, redact.file_name(name), reason, detail)

    def problem_of(self, source: str, place: str, name: str, reason: str, detail: str | None) -> FileResult:
        """A problem that ``source`` had, by a name that may be shown."""
        problem_id = housekeeping.upsert_problem(
            self.store,
            self.athlete_id,
            source=source,
            place=place,
            name=name,
            reason=reason,
            detail=detail,
            now_utc=self.now(),
        )
        return FileResult(name, "problem", reason, problem_id)

    def delete_stale_problems(self, file: FoundFile, results: Iterable[FileResult]) -> None:
        """The file's problems are those of ``results``; what it had before is over."""
        kept = [result.problem_id for result in results if result.problem_id is not None]
        housekeeping.delete_stale_problems(self.store, self.athlete_id, source=FILE, place=file.place, kept=kept)

    def delete_gone(self, folders: Iterable[Path], present: Iterable[Path]) -> None:
        """A problem is over when its file below ``folders`` is gone; should the file return, it is read again."""
        below = tuple(f"{place_of(folder)}{os.sep}" for folder in folders)
        known = housekeeping.problems(self.store, self.athlete_id)
        places = {row.place for row in known if row.source == FILE and row.place.startswith(below)}
        for place in places.difference(map(place_of, present)) if places else ():
            housekeeping.delete_stale_problems(self.store, self.athlete_id, source=FILE, place=place)
            seen_files.delete_seen_file(self.store, self.athlete_id, place)
            self._seen().pop(place, None)

    def _seen(self) -> dict[str, SeenFileRow]:
        if self._rows is None:
            self._rows = {row.path: row for row in seen_files.seen_files(self.store, self.athlete_id)}
        return self._rows


def _seen_again(leaf: Sequence[str | None]) -> FileResult:
    name, outcome, reason, problem_id = leaf
    still: dict[str | None, FileOutcome] = {"ignored": "ignored", "problem": "problem"}
    return FileResult(str(name), still.get(outcome, "duplicate"), reason, problem_id)
