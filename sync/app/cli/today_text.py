"""Today as text: what it is, what to do, why, and when to stop."""

from __future__ import annotations

from datetime import date

from sync.app.cli.answers import card_lines
from sync.app.cli.command import Context
from sync.app.cli.strength import STRENGTH
from sync.app.cli.text_format import wrapped
from sync.wire.footwork import DrillView, EntryView, PrescriptionView, StrengthView
from sync.wire.pages import Today


def today_text(today: Today, context: Context) -> str:
    words, text = context.words, context.text
    head = text("today.head", day=words.day(today.day), athlete=today.athlete)
    blocks = [head + (f"  ({text('today.made_up')})" if today.made_up else ""), wrapped(today.says)]
    if today.stopped:
        blocks.append("\n".join(wrapped(f"! {flag.says}", hanging=2) for flag in today.stopped))
    if today.needs:
        blocks.append("\n".join(wrapped(f"! {text('today.needs', says=one)}", hanging=2) for one in today.needs))
    if today.empty:
        blocks.append("\n".join(wrapped(f"- {step}", 2, hanging=2) for step in today.next_steps))
    if today.latest_run is not None:
        run = today.latest_run
        line = text("today.latest", day=words.day(run.day), distance=words.distance(run.distance_m), says=run.says)
        blocks.append(wrapped(line, hanging=2))
    if today.wins:
        blocks.append("\n".join(wrapped(f"+ {win}", hanging=2) for win in today.wins))
    blocks += [work_text(work, context, today.day) for work in today.work]
    if today.before_next is not None:
        blocks.append(work_text(today.before_next, context, today.day))
    if today.primer is not None:
        blocks.append(work_text(today.primer, context, today.day))
    blocks += [work_text(work, context, today.day) for work in today.ahead]
    if today.strength is not None:
        blocks.append(strength_text(today.strength, context))
    if today.dose.offer is not None:
        says = " ".join(reason.says for reason in today.dose.offer.reasons)
        blocks.append(wrapped(f"? {text('today.offer', says=says)}", hanging=2))
    if today.cards:
        blocks.append("\n".join(line for card in today.cards for line in card_lines(card)))
    if today.changed:
        blocks.append("\n".join(wrapped(line, hanging=2) for line in today.changed))
    last = entry_text(today.last_entry, context) if today.last_entry else text("today.no_entry")
    blocks.append("\n".join([last, wrapped(today.adherence.says), text("today.dose", says=today.dose.says)]))
    blocks.append(wrapped(today.evidence_note))
    return "\n\n".join(block for block in blocks if block)


def work_text(work: PrescriptionView, context: Context, today: date) -> str:
    """One prescription: what, how long, when, each drill with its dose and cue, why, and the stop line."""
    text = context.text
    minutes = context.words.minutes(work.minutes)
    state = f"  [{text(f'session.{work.session.state}')}]" if work.session else ""
    lines = [text("today.work", title=work.title, minutes=minutes, id=work.prescription_id[:8]) + state]
    lines.append(wrapped(" ".join([*_day_of(work, context, today), work.when]), 2))
    for number, drill in enumerate(work.drills, 1):
        lines += drill_lines(number, drill, context)
    if work.reasons:
        lines.append(f"  {text('today.because')}")
        lines += [wrapped(f"- {reason.says}", 2, hanging=2) for reason in work.reasons]
    lines += [wrapped(f"! {warning.says}", 2, hanging=2) for warning in work.warnings]
    return "\n".join(lines)


def strength_text(card: StrengthView, context: Context) -> str:
    """The strength card: what, how long, each drill, why today, when to stop, and both sides of the evidence."""
    text = context.text
    minutes = context.words.number(card.minutes, 0 if card.minutes == int(card.minutes) else 1)
    state = f"  [{text(f'session.{card.told}')}]" if card.told else ""
    lines = [text("today.work", title=card.title, minutes=minutes, id=STRENGTH) + state]
    lines.append(wrapped(f"{card.when} {card.week}", 2))
    for number, drill in enumerate(() if card.told else card.drills, 1):
        lines += drill_lines(number, drill, context)
    lines += [wrapped(f"{text('today.because')} {reason.says}", 2, hanging=2) for reason in card.reasons]
    lines += [] if card.told else [wrapped(f"! {line}", 2, hanging=2) for line in card.warnings]
    return "\n".join([*lines, wrapped(card.evidence, 2)])


def _day_of(work: PrescriptionView, context: Context, today: date) -> list[str]:
    """The day of what stands for another one than ``today``, with the start of the run where that is known."""
    if work.window not in ("before", "morning"):
        return []
    day = context.words.day(work.day)
    if work.starts_local is None:
        return [] if work.day == today else [context.text("today.before_day", day=day)]
    start = context.words.time(work.starts_local)
    if work.day == today:
        return [context.text("today.run_at", start=start)]
    return [context.text("today.before_start", day=day, start=start)]


def drill_lines(number: int, drill: DrillView, context: Context) -> list[str]:
    """The dose, how it goes, the cue with the breath, and what to feel with when to stop."""
    return [
        wrapped(f"{number}. {drill.name}: {drill.dose}", 2, hanging=3),
        wrapped(drill.how, 5),
        wrapped(f"{drill.cue} {context.text('today.breath', breath=drill.breath)}", 5),
        wrapped(context.text("today.feel", feel=drill.feel, stop=drill.stop), 5),
    ]


def entry_text(entry: EntryView, context: Context) -> str:
    text = context.text
    where = f", {text(f'place.{entry.place}')}" if entry.place else ""
    waits = f"  ({text('today.waits')})" if entry.waiting else ""
    at = f"{context.words.day(entry.day)} {context.words.time(entry.at_local)}"
    return text("today.entry", what=text(f"what.{entry.what}"), score=entry.score, where=where, at=at) + waits
