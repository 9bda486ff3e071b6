"""Status as text: who is at work, each source with what to do now, problems, sizes and versions."""

from __future__ import annotations

from datetime import UTC, datetime

from sync.app.cli.command import Context
from sync.app.cli.text_format import named_once, table, wrapped
from sync.wire.pages import SourceLine, Status, SyncRunLine
from sync.wire.tasks import Task


def status_text(status: Status, context: Context) -> str:
    words, text = context.words, context.text
    app = text(f"status.owner_{status.owner}", pid=status.owner_pid)
    blocks = [app, *page_lines(context)]
    if status.work:
        blocks.append("\n".join(work_line(work, context) for work in status.work))
    blocks.append("\n".join(source_lines(source, context) for source in status.sources))
    if status.passes:
        rows = [pass_cells(one, context) for one in status.passes[:5]]
        blocks.append(f"{text('status.passes')}\n{table(rows)}")
    if status.problems:
        lines = [wrapped(f"- {one.name}: {one.reason}", 2, hanging=2) for one in status.problems]
        blocks.append("\n".join([text("status.problems", count=len(status.problems)), *lines]))
    else:
        blocks.append(text("status.no_problems"))
    left = [text("status.removed", name=one) for one in status.removed]
    left += [text("status.unnamed", name=one) for one in status.unnamed]
    blocks.append("\n".join(left))
    backup = local_text(status.backup_utc, context) if status.backup_utc else text("status.never")
    figures = [
        [text("status.runs"), text("status.runs_value", runs=status.runs, activities=status.activities)],
        [text("status.waiting"), str(status.outbox_waiting)],
        [text("status.database"), words.size(status.database_bytes)],
        [text("status.originals"), words.size(status.originals_bytes)],
        [text("status.backup"), backup],
        [text("status.home"), status.home],
        [text("status.inbox"), status.inbox],
        [
            text("status.version"),
            f"springstep {status.version}, rules {status.rules_version}, DuckDB {status.duckdb_version}",
        ],
    ]
    blocks.append(table(figures))
    return "\n\n".join(block for block in blocks if block)


def page_lines(context: Context) -> list[str]:
    """Where the page is, while it runs; and how the first browser comes in, while that is still to happen."""
    from sync.service.set_up_code import vault
    from sync.settings.page_note import as_served, read_page_note
    from sync.settings.set_up import set_up_due

    note, config = read_page_note(context.home), as_served(context.config, context.home)
    lines = [context.text("status.page", url=note.urls[0])] if note else []
    if set_up_due(config, vault(config, context.home)):
        lines.append(context.text("status.set_up"))
    return ["\n".join(lines)] if lines else []


def source_lines(source: SourceLine, context: Context) -> str:
    name = context.language.say(f"source.name.{source.source}")
    lines = [wrapped(named_once(name, source.says), hanging=2)]
    if source.do_now:
        lines.append(wrapped(f"-> {source.do_now}", 2, hanging=3))
    return "\n".join(lines)


def pass_cells(one: SyncRunLine, context: Context) -> list[str]:
    language = context.language

    def word(key: str, value: str) -> str:
        return language.say(key) if key in language else value

    counts = ", ".join(f"{word(f'sync_count.{name}', name)}: {count}" for name, count in one.counts.items())
    source, result = word(f"source.name.{one.source}", one.source), word(f"sync_result.{one.result}", one.result)
    return ["  " + local_text(one.started_utc, context), source, result, counts]


def work_line(work: Task, context: Context) -> str:
    left = context.text("status.left", left=context.words.duration(work.left_s)) if work.left_s else ""
    if work.files is not None:
        return context.text("status.arriving", what=work.what, files=work.files, runs=work.runs or 0) + left
    total = "?" if work.total is None else str(work.total)
    return context.text("status.work", what=work.what, done=work.done, total=total) + left


def local_text(at_utc: datetime, context: Context) -> str:
    local = at_utc.replace(tzinfo=UTC).astimezone(context.athlete.zone)
    return f"{context.words.day(local.date())} {context.words.time(local)}"
