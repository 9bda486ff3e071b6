"""Runs as text: a table of them, and one with everything that speaks for its kind."""

from __future__ import annotations

from collections.abc import Sequence

from rules.units import MISSING
from sync.app.cli.command import Context
from sync.app.cli.text_format import table, wrapped
from sync.wire.runs import FacetLine, RunLine, RunPage


def runs_text(runs: Sequence[RunLine], total: int, context: Context, *, asked_for_some: bool = False) -> str:
    """``asked_for_some``: only certain days or a kind, so that none of them does not mean none at all."""
    words, text = context.words, context.text
    if not runs:
        return text("runs.none_of_these" if asked_for_some else "runs.none")
    rows = [
        [
            words.day(run.day),
            words.distance(run.distance_m),
            words.duration(run.duration_s),
            run.kind_says,
            run.id[:8],
            _shortened(run.title or ""),
        ]
        for run in runs
    ]
    shown = table(rows, right=frozenset({1, 2}))
    return shown if len(runs) == total else f"{shown}\n\n{text('runs.more', shown=len(runs), total=total)}"


def why_text(page: RunPage, context: Context) -> str:
    words, text, run = context.words, context.text, page.run
    facts = [
        words.distance(run.distance_m),
        words.duration(run.duration_s),
        text("why.climb", climb=words.climb(run.ascent_m)) if run.ascent_m is not None else "",
        text("why.pulse", bpm=round(run.mean_heart_rate_bpm)) if run.mean_heart_rate_bpm else "",
    ]
    when = words.day(run.day) if run.removed else f"{words.day(run.day)} {words.time(run.start_local)}"
    head = f"{when}  {run.title or ''}".rstrip()
    numbers = [] if run.removed else [", ".join(fact for fact in facts if fact)]
    blocks = ["\n".join([head, *numbers]), wrapped(f"{run.says} {page.why}".rstrip())]
    blocks += [facet_text(facet, context) for facet in page.facets]
    if page.thresholds:
        blocks.append("\n".join([text("why.thresholds"), *(wrapped(line, 2, hanging=2) for line in page.thresholds)]))
    sources = [
        f"{_source(one.source, context)}: {', '.join(one.names) or one.device or one.recording_id}"
        for one in page.recordings
    ]
    blocks.append("\n".join([text("why.from"), *(wrapped(line, 2, hanging=2) for line in sources)]))
    notes = [
        *([text("why.partial")] if run.partial else []),
        *([text("why.owed")] if run.owed else []),
        *([text("why.inferred")] if run.sport_inferred else []),
        *([text("why.assumed")] if run.offset_assumed else []),
        *(text(f"why.{name}") for name in ("clock_weeks", "clock_told", "mended") if getattr(run, name)),
    ]
    if notes:
        blocks.append("\n".join(wrapped(note) for note in notes))
    blocks.append(text("why.correct", id=run.id[:8]))
    return "\n\n".join(blocks)


def _source(source: str, context: Context) -> str:
    key = f"source.name.{source}"
    return context.language.say(key) if key in context.language else source


def facet_text(facet: FacetLine, context: Context) -> str:
    name = context.language.say(f"facet.{facet.facet}")
    unknown = facet.value in (None, "unknown")
    sure = "" if unknown else f" ({context.text('why.sure', percent=round(100 * facet.confidence))})"
    lines = [f"{name}: {facet.says}{sure}"]
    return "\n".join([*lines, *(wrapped(f"{_sign(one.weight)} {one.says}", 2, hanging=2) for one in facet.evidence)])


def _sign(weight: float) -> str:
    return "+" if weight > 0 else MISSING if weight < 0 else "·"


def _shortened(title: str, longest: int = 34) -> str:
    return title if len(title) <= longest else title[: longest - 1].rstrip() + "…"
