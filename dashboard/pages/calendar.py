"""What did the month look like: runs, foot work, and how the feet felt?"""

from __future__ import annotations

from datetime import date, timedelta
from html import escape

import streamlit as st

from dashboard import csv_export, markup
from dashboard.context import PageContext
from dashboard.format import Words, month_grid
from dashboard.markup import tag, text
from dashboard.pages.today import adherence_line
from dashboard.parts import csv_buttons, tapmap
from dashboard.parts.st_html import html
from sync.wire.pages import CalendarPage, DayView, WeekView

WORK_SIGNS = {"done": "✓", "partial": "◐", "skipped": "–", "due": "○"}


def page(context: PageContext) -> None:
    today = context.today()
    month = named_month(st.query_params.get("month"), today)
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
    html(tag("h1", text(words.month(month)), "ss-page"))
    before, after = (month - timedelta(days=1)).replace(day=1), (month + timedelta(days=32)).replace(day=1)
    with st.container(horizontal=True, key="months"):
        for target, label in ((before, words.say("calendar.before")), (after, words.say("calendar.after"))):
            st.button(
                label,
                key=f"month-{label}",
                on_click=lambda target=target: st.query_params.update(month=f"{target:%Y-%m}"),
            )
    with st.container(key="card-month"):
        tapmap.show(
            grid_html(words, answer, month, today),
            key="month",
            on_pick=lambda day: st.query_params.update(day=day),
        )
        html(_legend(words))
    chosen = st.query_params.get("day")
    days = {view.day.isoformat(): view for view in answer.days}
    if chosen in days:
        _day(context, days[chosen], today)
    with st.container(key="card-kept"):
        html(adherence_line(context, answer.adherence))
    csv_buttons.buttons(context, days=lambda: csv_export.days(answer), weeks=lambda: csv_export.weeks(answer))


def grid_html(words: Words, answer: CalendarPage, month: date, today: date) -> str:
    """A table of days; each day is a button that says all it shows."""
    days = {view.day: view for view in answer.days}
    weeks = {view.first: view for view in answer.weeks}
    head = "".join(f'<th scope="col">{escape(words.weekday_short(day))}</th>' for day in words.weekdays())
    rows = ""
    for week in month_grid(month, words.week_start):
        cells = "".join(_cell(words, days.get(day), day, month, today) for day in week)
        rows += (
            f"<tr>{cells}{_week(words, next((weeks[day] for day in week if day in weeks and day <= today), None))}</tr>"
        )
    caption = escape(words.month(month))
    return (
        f'<table class="ss-month"><caption>{caption}</caption><thead><tr>{head}'
        f'<th scope="col">{escape(words.say("calendar.week"))}</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _cell(words: Words, view: DayView | None, day: date, month: date, today: date) -> str:
    quiet = " out" if day.month != month.month else ""
    now = " today" if day == today else ""
    if view is None:
        return f'<td class="day{quiet}{now}"><span class="n">{day.day}</span></td>'
    marks = "".join(f'<i class="ss-mark ss-{run.primary or "unknown"}"></i>' for run in view.runs[:2])
    state = work_state(view, today)
    sign = WORK_SIGNS.get(state or "", "")
    felt = "" if view.stiffness is None else f'<b class="felt f{round(view.stiffness)}">{round(view.stiffness)}</b>'
    label = escape(says(words, view, today))
    return (
        f'<td class="day{quiet}{now}"><button type="button" data-pick="{day.isoformat()}" aria-label="{label}">'
        f'<span class="n">{day.day}</span><span class="m">{marks}</span><span class="w">{sign}</span>'
        f"{felt}</button></td>"
    )


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


def _week(words: Words, week: WeekView | None) -> str:
    if week is None:
        return '<td class="week"></td>'
    share = min(1.0, week.done / week.due) if week.due else 0.0
    done = f"{week.done}/{week.due}" if week.due else str(week.done)
    kept = " kept" if week.kept else ""
    distance = escape(words.number(words.length(week.distance_m)))
    label = escape(
        words.say("calendar.week_says", done=week.done, due=week.due, distance=words.distance(week.distance_m))
    )
    return (
        f'<td class="week{kept}"><span class="ss-hidden">{label}</span><span aria-hidden="true">{done}'
        f'<i><b style="width:{100 * share:.0f}%"></b></i>{distance}</span></td>'
    )


def _legend(words: Words) -> str:
    kinds = "".join(
        f'<span><i class="ss-mark ss-{kind}"></i> {text(words.name("kind", kind))}</span>' for kind in markup.KINDS
    )
    work = "".join(
        tag("span", f"{sign} {text(words.say(f'calendar.work_{state}'))}") for state, sign in WORK_SIGNS.items()
    )
    felt = f'<span><b class="felt f3">3</b> {text(words.say("calendar.felt"))}</span>'
    return tag("div", kinds + work + felt, "ss-legend ss-month-legend")


def _day(context: PageContext, view: DayView, today: date) -> None:
    words = context.words
    with st.container(key="card-day"):
        html(tag("h2", text(words.day(view.day)), "ss-title"))
        if view.paused:
            html(tag("p", text(words.say("calendar.paused", why=view.paused)), "ss-quiet"))
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
            else ""
            if view.runs
            else tag("p", text(words.say("calendar.nothing")), "ss-quiet")
        )
