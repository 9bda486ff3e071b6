"""What did the month look like: runs, foot work, and how the feet felt?"""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st
from markupsafe import Markup

from dashboard import csv_export, markup, query, signs
from dashboard.context import PageContext
from dashboard.format import Words, month_grid
from dashboard.markup import concat, tag
from dashboard.pages.today import adherence_line
from dashboard.parts import csv_buttons, tapmap
from dashboard.parts.st_html import html
from dashboard.signs import Sign
from sync.wire.pages import CalendarPage, DayView, WeekView

WORK_SIGNS: dict[str, Sign] = {"done": "done", "partial": "partial", "skipped": "skipped", "due": "open"}


def page(context: PageContext) -> None:
    today = context.today()
    month = named_month(query.get("month"), today)
    grid = month_grid(month, context.words.week_start)
    answer = context.ask(lambda: context.client.calendar(grid[0][0], grid[-1][-1]))
    render(context, answer, month, today)


def named_month(given: str | None, today: date) -> date:
    try:
        return date.fromisoformat(f"{given}-01")
    except ValueError:
        return today.replace(day=1)


def render(context: PageContext, answer: CalendarPage, month: date, today: date) -> None:
    words = context.words
    html(tag("h1", words.month(month), "ss-page"))
    before, after = (month - timedelta(days=1)).replace(day=1), (month + timedelta(days=32)).replace(day=1)
    with st.container(horizontal=True, key="months"):
        for target, label in ((before, words.say("calendar.before")), (after, words.say("calendar.after"))):
            st.button(
                label,
                key=f"month-{label}",
                on_click=lambda target=target: query.write(month=f"{target:%Y-%m}"),
            )
    chosen = query.get("day")
    with st.container(key="card-month"):
        tapmap.show(
            grid_html(words, answer, month, today, chosen),
            key="month",
            on_pick=lambda day: query.write(day=day),
        )
        html(_legend(words))
    days = {view.day.isoformat(): view for view in answer.days}
    if chosen in days:
        _day(context, days[chosen], today)
    with st.container(key="card-kept"):
        html(adherence_line(context, answer.adherence))
    csv_buttons.buttons(context, days=lambda: csv_export.days(answer), weeks=lambda: csv_export.weeks(answer))


def grid_html(words: Words, answer: CalendarPage, month: date, today: date, chosen: str | None = None) -> Markup:
    """A table of days; each day is a button that says all it shows. What a week came to stands beside it, and below
    it where a phone has no room for an eighth column."""
    days = {view.day: view for view in answer.days}
    weeks = {view.first: view for view in answer.weeks}
    named = [*(words.weekday_short(day) for day in words.weekdays()), words.say("calendar.week")]
    rows = []
    for dates in month_grid(month, words.week_start):
        cells = [_cell(words, days.get(day), day, month, today, chosen) for day in dates]
        week = next((weeks[day] for day in dates if day in weeks and day <= today), None)
        rows.append(tag("tr", concat([*cells, _week(words, week)])))
        if week is not None:
            rows.append(tag("tr", _week(words, week, below=True), "below"))
    head = tag("thead", tag("tr", concat(_head(name, name == named[-1]) for name in named)))
    return tag("table", tag("caption", words.month(month)) + head + tag("tbody", concat(rows)), "ss-month")


def _head(name: str, week: bool) -> Markup:
    return tag("th", name, "week" if week else "", scope="col")


def _cell(words: Words, view: DayView | None, day: date, month: date, today: date, chosen: str | None) -> Markup:
    picked = day.isoformat() == chosen
    states = {"out": day.month != month.month, "today": day == today, "picked": picked}
    cls = " ".join(["day", *(name for name, holds in states.items() if holds)])
    number = tag("span", str(day.day), "n")
    if view is None:
        return tag("td", number, cls)
    marks = concat(tag("i", "", f"ss-mark ss-{run.primary or 'unknown'}") for run in view.runs[:2])
    state = work_state(view, today)
    sign = signs.sign(WORK_SIGNS[state]) if state else markup.NOTHING
    felt = markup.NOTHING if view.stiffness is None else _felt(round(view.stiffness))
    shown = number + tag("span", marks, "m") + tag("span", sign, "w") + felt
    label = says(words, view, today)
    given = {"type": "button", "data_pick": day.isoformat(), "aria_pressed": "true" if picked else "false"}
    return tag("td", tag("button", shown, **given, aria_label=label), cls)


def _felt(score: int) -> Markup:
    return tag("b", str(score), f"felt f{score}")


def work_state(view: DayView, today: date) -> str | None:
    """``done``, ``partial``, ``skipped``, ``due`` (today or later), or None when nothing was asked or it passed by."""
    states = {session.state for session in view.sessions}
    for state in ("done", "partial", "skipped"):
        if state in states:
            return state
    return "due" if view.work and view.day >= today else None


def says(words: Words, view: DayView, today: date) -> str:
    parts = [words.day(view.day)]
    for run in view.runs:
        kind = words.name("kind", run.primary) if run.primary else words.say("run.unsure")
        parts.append(f"{kind} {words.distance(run.distance_m)}")
    if state := work_state(view, today):
        parts.append(words.say(f"calendar.work_{state}"))
    if view.stiffness is not None:
        parts.append(words.say("calendar.stiffness", score=words.number(view.stiffness, 0)))
    return ", ".join(parts)


def _week(words: Words, week: WeekView | None, *, below: bool = False) -> Markup:
    if week is None:
        return tag("td", "", "week")
    share = min(1.0, week.done / week.due) if week.due else 0.0
    done = f"{week.done}/{week.due}" if week.due else str(week.done)
    label = words.say("calendar.week_says", done=week.done, due=week.due, distance=words.distance(week.distance_m))
    bar = Markup('<i><b style="width:{:.0f}%"></b></i>').format(100 * share)
    far = words.distance(week.distance_m) if below else words.number(words.length(week.distance_m))
    shown = tag("span", bar.join([done, far]), aria_hidden="true")
    cls = f"week{' kept' if week.kept else ''}"
    return tag("td", tag("span", label, "ss-hidden") + shown, cls, colspan="7" if below else "")


def _legend(words: Words) -> Markup:
    kinds = concat(
        tag("span", tag("i", "", f"ss-mark ss-{kind}") + " " + words.name("kind", kind)) for kind in markup.KINDS
    )
    work = concat(
        tag("span", signs.sign(name) + " " + words.say(f"calendar.work_{state}")) for state, name in WORK_SIGNS.items()
    )
    felt = tag("span", _felt(3) + " " + words.say("calendar.felt"))
    return tag("div", kinds + work + felt, "ss-legend ss-month-legend")


def _day(context: PageContext, view: DayView, today: date) -> None:
    words = context.words
    with st.container(key="card-day"):
        html(tag("h2", words.day(view.day), "ss-title"))
        if view.paused:
            html(tag("p", words.say("calendar.paused", why=view.paused), "ss-quiet"))
        for run in view.runs:
            html(markup.run_card(words, run, today))
            st.page_link(context.pages["run"], label=words.say("today.look"), query_params={"id": run.id})
        lines = [
            f"{work.title} · {words.say('work.minutes', minutes=words.number(work.minutes))}" for work in view.work
        ]
        lines += [
            words.join(
                [words.name("session", session.state), words.name("skip", session.reason) if session.reason else ""]
            )
            for session in view.sessions
        ]
        if view.stiffness is not None:
            lines.append(words.say("calendar.stiffness", score=words.number(view.stiffness, 1)))
        if view.soreness is not None:
            lines.append(words.say("calendar.soreness", score=words.number(view.soreness, 1)))
        html(
            markup.listing(lines)
            if lines
            else markup.NOTHING
            if view.runs
            else tag("p", words.say("calendar.nothing"), "ss-quiet")
        )
