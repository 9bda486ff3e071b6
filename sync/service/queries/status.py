"""Status: every source with what to do now, the last sync runs, problems, sizes and versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rules.classify.judge import RULES_VERSION as LABEL_RULES
from rules.state.feet import RULES_VERSION as FOOT_RULES
from rules.text import Language, load_language
from sync.errors import CodedText
from sync.service import outbox
from sync.service.import_summary import to_read
from sync.service.messages import render_answer
from sync.service.queries import sport_words
from sync.service.queries.context import QueryContext, query
from sync.service.queries.entry_names import problem_name
from sync.storage import housekeeping
from sync.storage import runs as stored_runs
from sync.storage.holdings import athletes_held
from sync.storage.rows.arrived import ProblemRow
from sync.wire.pages import SourceLine, Status, SyncRunLine
from sync.wire.tasks import ProblemLine

SourceStatus = Callable[[QueryContext, Language], SourceLine]

SOURCES: dict[str, SourceStatus] = {}
"""Each source's own line, in the order to show; a source registers itself by its name."""


@query("status")
def status(asking: QueryContext, _params: Mapping[str, str]) -> Status:
    language = load_language(asking.athlete.language)
    who = asking.athlete.id
    return Status(
        owner=asking.owner,
        owner_pid=asking.owner_pid if asking.owner == "daemon" else None,
        version=version("springstep"),
        rules_version=f"{LABEL_RULES}, {FOOT_RULES}",
        duckdb_version=version("duckdb"),
        schema_version=asking.store.schema_version,
        home=str(asking.home.root),
        inbox=str(asking.home.inbox(who)),
        runs=stored_runs.count_runs(asking.store, who),
        activities=stored_runs.count_activities(asking.store, who),
        database_bytes=size_of(asking.home.database),
        originals_bytes=sum(size_of(path) for path in asking.home.originals.rglob("*") if path.is_file()),
        outbox_waiting=len(outbox.paths(asking.home.outbox)),
        sources=[inbox_line(asking, language), *(line(asking, language) for line in SOURCES.values())],
        passes=[
            SyncRunLine(
                source=row.source,
                started_utc=row.started_utc,
                ended_utc=row.ended_utc,
                result=row.result,
                counts=dict(row.counts),
            )
            for row in housekeeping.sync_runs(asking.store, who)
        ],
        problems=[
            *(
                problem_line(row, language, name=problem_name(asking, row, language))
                for row in housekeeping.problems(asking.store, who)
            ),
            *sport_words.problem_lines(asking, language),
        ],
        work=list(asking.tasks),
        arrived=to_read(asking.store, who),
        backup_utc=newest_backup(asking.home.backups),
        made_up=asking.athlete.made_up,
        map_utc=written_utc(asking.home.map),
        map_bytes=size_of(asking.home.map),
        removed=[one.name for one in asking.config.removed],
        unnamed=unnamed(asking),
    )


def unnamed(asking: QueryContext) -> list[str]:
    """Ids of those who were taken out of the config by hand while something of theirs is here."""
    config = asking.config
    known = {one.id for one in (config.first, *config.others)}
    return [one for one in athletes_held(asking.store) if one not in known]


def inbox_line(asking: QueryContext, language: Language) -> SourceLine:
    """The inbox is watched while the daemon runs."""
    watched = next((job for job in housekeeping.jobs(asking.store) if job.name == "inbox"), None)
    running = asking.owner == "daemon"
    inbox = str(asking.home.inbox(asking.athlete.id))
    return SourceLine(
        source="inbox",
        state="ok" if running else "waiting",
        says=language.say("answer.source_inbox" if running else "answer.nobody_owns"),
        do_now=language.say("answer.source_folder_do", inbox=inbox),
        last_success_utc=watched.last_success_utc if watched else None,
        next_due_utc=watched.next_due_utc if watched and running else None,
        tried_live=True,
    )


def problem_line(row: ProblemRow, language: Language, *, name: str | None = None) -> ProblemLine:
    """``name`` where the stored one is not what a person would call it."""
    key = f"problem.{row.reason}"
    detail = _detail(row.detail or "", language)
    return ProblemLine(
        problem_id=row.problem_id,
        source=row.source,
        name=row.name if name is None else name,
        reason=language.say(key, detail=detail) if key in language else row.reason,
        first_seen_utc=row.first_seen_utc,
        last_seen_utc=row.last_seen_utc,
    )


def _detail(stored: str, language: Language) -> str:
    """An error is said in the runner's language; a word, a number or an older springstep's sentence stands as it is."""
    return render_answer(CodedText.from_text(stored), language)


def size_of(path: Path) -> int:
    """Bytes, 0 for what is not there (any more)."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def newest_backup(folder: Path) -> datetime | None:
    """Naive UTC of the newest backup."""
    times = [time for path in folder.glob("*.duckdb") if (time := written_utc(path)) is not None]
    return max(times, default=None)


def written_utc(path: Path) -> datetime | None:
    """Naive UTC of the last write; None for what is not there (any more)."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None, microsecond=0)
    except OSError:
        return None
