"""Two pages for the physiotherapist: diary, adherence, prescriptions, assessments."""

from __future__ import annotations

from datetime import date, timedelta

from markupsafe import Markup

from dashboard import markup
from dashboard.context import PageContext
from dashboard.drawings import files as drawings
from dashboard.format import Words
from dashboard.markup import concat, tag
from dashboard.pages.plan import assess_table
from dashboard.parts.st_html import html
from sync.wire.footwork import EntryView, PrescriptionView
from sync.wire.pages import CalendarPage, Diary, PlanPage

DAYS = 28
PICTURES = 10


def page(context: PageContext) -> None:
    today = context.today()
    first = today - timedelta(days=DAYS - 1)
    diary = context.ask(lambda: context.client.diary(first, today))
    calendar = context.ask(lambda: context.client.calendar(first, today))
    plan = context.ask(context.client.plan)
    render(context, diary, calendar, plan)


def render(context: PageContext, diary: Diary, calendar: CalendarPage, plan: PlanPage) -> None:
    words = context.words
    span = f"{words.day_short(calendar.first)} – {words.day_short(calendar.last)} {calendar.last.year}"
    html(tag("p", words.say("print.how"), "ss-quiet ss-noprint"))
    html(
        tag("h1", words.say("print.title", name=context.athlete.name), "ss-page")
        + tag("p", span, "ss-quiet")
        + tag("p", words.say("print.note"), "ss-note")
    )
    kept = calendar.adherence
    html(
        tag("h2", words.say("print.adherence"), "ss-section")
        + tag("p", kept.says)
        + markup.wide(_weeks(words, calendar), words.say("print.adherence"))
        + tag("h2", words.say("print.diary"), "ss-section")
        + markup.wide(diary_table(words, diary.entries), words.say("print.diary"))
    )
    html(
        tag("div", "", "ss-break")
        + tag("h2", words.say("print.work"), "ss-section")
        + markup.wide(work_table(words, calendar), words.say("print.work"))
        + work_pictures(calendar)
        + tag("h2", words.say("print.dose"), "ss-section")
        + tag("p", plan.dose.says)
        + markup.listing(f"{words.day_short(change.day)}: {change.says}" for change in plan.dose.history[:6])
        + tag("h2", words.say("assess.title"), "ss-section")
        + assess_table(context, plan)
    )


def _weeks(words: Words, calendar: CalendarPage) -> Markup:
    rows = [
        (words.day_short(week.first), f"{week.done}/{week.due}", words.distance(week.distance_m))
        for week in calendar.weeks
    ]
    head = [words.say(f"print.week_{name}") for name in ("from", "done", "distance")]
    return markup.table(head, rows, words.say("print.adherence"))


def diary_table(words: Words, entries: list[EntryView]) -> Markup:
    """One row a day: every score of that day in order."""
    by_day: dict[date, list[EntryView]] = {}
    for entry in sorted(entries, key=lambda one: one.at_utc):
        by_day.setdefault(entry.day, []).append(entry)
    rows = [
        (
            words.day_short(day),
            ", ".join(_score(words, one) for one in found if one.what == "stiffness") or "–",
            ", ".join(_score(words, one) for one in found if one.what == "soreness") or "–",
            " ".join(one.note for one in found if one.note),
        )
        for day, found in by_day.items()
    ]
    head = [words.say(f"print.diary_{name}") for name in ("day", "stiffness", "soreness", "note")]
    return markup.table(head, rows, words.say("print.diary"))


def _score(words: Words, entry: EntryView) -> str:
    where = words.name("place", entry.place) if entry.place else ""
    side = words.name("side", entry.side) if entry.side else ""
    more = ", ".join(part for part in (where, side) if part)
    return f"{entry.score} ({more})" if more else str(entry.score)


def work_table(words: Words, calendar: CalendarPage) -> Markup:
    """One row for each kind of work: its latest drills, how often it was issued, and what became of it."""
    found: dict[str, list[PrescriptionView]] = {}
    for day in calendar.days:
        for work in day.work:
            found.setdefault(work.title, []).append(work)
    rows = []
    for title, issued in found.items():
        states = [work.session.state for work in issued if work.session is not None]
        counts = [str(states.count(state)) for state in ("done", "partial", "skipped")]
        dose = ", ".join(f"{drill.name} {drill.dose}" for drill in issued[-1].drills)
        rows.append((title, dose, str(len(issued)), *counts))
    names = ("title", "drills", "issued", "done", "partial", "skipped")
    head = [words.say(f"print.work_{name}") for name in names]
    return markup.table(head, rows, words.say("print.work"), "ss-table ss-work")


def work_pictures(calendar: CalendarPage) -> Markup:
    """Each drill of these weeks as it is drawn, the newest first, no more than stay on the sheet."""
    found: dict[str, str] = {}
    for day in reversed(calendar.days):
        for work in day.work:
            for drill in work.drills:
                if drawings.still(drill.drill):
                    found.setdefault(drill.drill, drill.name)
    cells = concat(
        tag("figure", drawings.still(drill) + tag("figcaption", name)) for drill, name in list(found.items())[:PICTURES]
    )
    return tag("div", cells, "ss-drawn") if cells else markup.NOTHING
