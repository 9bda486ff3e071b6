"""What became of the files of one import, and how that is reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rules.text import Language
from sync.formats.tables.sheets import TableRead
from sync.progress import Arrived, BytesRead
from sync.runs.activity_clusters import ActivityOutcome
from sync.storage.rows.arrived import ProblemRow
from sync.wire.tasks import ImportCounts, ProblemLine, TableLine

FileOutcome = Literal["read", "duplicate", "ignored", "problem"]


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file; ``problem_id`` names its problem."""

    name: str
    outcome: FileOutcome
    reason: str | None = None
    problem_id: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class MemberResult:
    """What became of one member of a file, of each new recording in it, and the table it was, by name."""

    result: FileResult
    recordings: Sequence[ActivityOutcome] = ()
    table: tuple[str, TableRead] | None = None


@dataclass(slots=True)
class ImportReport:
    """Counts of one import, as they grow."""

    results: list[FileResult] = field(default_factory=list)
    recordings: Counter[ActivityOutcome] = field(default_factory=Counter)
    tables: list[tuple[str, TableRead]] = field(default_factory=list)

    def add(self, member: MemberResult) -> None:
        self.results.append(member.result)
        self.recordings.update(member.recordings)
        if member.table is not None:
            self.tables.append(member.table)

    def counts(self, problems: Iterable[ProblemRow], language: Language) -> ImportCounts:
        outcomes = Counter(result.outcome for result in self.results)
        met = {result.problem_id for result in self.results}
        return ImportCounts(
            found=len(self.results),
            read=outcomes["read"],
            duplicate=outcomes["duplicate"],
            ignored=outcomes["ignored"],
            problem=outcomes["problem"],
            recordings=self.recordings.total(),
            runs=self.recordings["run"],
            joined=self.recordings["joined"],
            other=self.recordings["other"],
            problems=sorted(
                (problem_line(row, language) for row in problems if row.problem_id in met), key=lambda line: line.name
            ),
            ignored_names=sorted(
                f"{result.name}: {_result_says(result, language)}"
                for result in self.results
                if result.outcome == "ignored"
            ),
            tables=[table_line(name, table, language) for name, table in self.tables],
        )


@dataclass(slots=True)
class ImportSteps:
    """How far an import is, told after each member and each megabyte."""

    count: BytesRead
    tell: Callable[[Arrived], None]
    files: int = 0
    runs: int = 0

    def __post_init__(self) -> None:
        self.count.moved = self.say

    def begin(self, report: ImportReport, size_bytes: int) -> None:
        """The next file, after what ``report`` holds."""
        self.files, self.runs = len(report.results), report.recordings["run"]
        self.count.begin(size_bytes)
        self.say()

    def add(self, member: MemberResult) -> None:
        self.files += 1
        self.runs += sum(outcome == "run" for outcome in member.recordings)
        self.say()

    def say(self) -> None:
        self.tell(Arrived(self.files, self.runs, self.count.share))


def problem_line(row: ProblemRow, language: Language) -> ProblemLine:
    key = f"problem.{row.reason}"
    return ProblemLine(
        problem_id=row.problem_id,
        source=row.source,
        name=row.name,
        reason=language.say(key, detail=row.detail or "") if key in language else row.reason,
        first_seen_utc=row.first_seen_utc,
        last_seen_utc=row.last_seen_utc,
    )


def table_line(name: str, table: TableRead, language: Language) -> TableLine:
    """What was taken for granted of a table, and what told it."""
    taken = table.taken
    units = taken.get("units") or {1000.0: "km", 1.0: "m", 1609.344: "mi"}.get(taken.get("metres_a_unit", 0.0))
    by = taken.get("units_by")
    words = {
        "name": name,
        "rows": len(table.rows),
        "units": language.say(f"table.units.{units or 'mi'}"),
        "by": language.say(f"table.by.{by or 'name'}"),
    }
    says = language.say(f"table.{'told' if by is not None else 'named'}", **words)
    return TableLine(name=name, kind=table.kind, rows=len(table.rows), units=units, units_by=by, says=says)


def _result_says(result: FileResult, language: Language) -> str:
    key = f"ignored.{result.reason}"
    return language.say(key) if key in language else str(result.reason)
