"""What is coming, and what did I choose?"""

from __future__ import annotations

from datetime import date
from typing import Literal

import streamlit as st

from dashboard import csv_export, markup
from dashboard.context import Desk
from dashboard.markup import tag, text
from dashboard.parts import assess, choices, csv_buttons, dose, receipt
from dashboard.parts.st_html import html
from rules.facts import Kind
from sync.wire import DayView, PauseWork, Plan, PlannedView, PlanRun, ResumeWork

CLEAR = "clear"
PAUSES = ("ill", "travel", "injury", "rest", "other")


def page(desk: Desk) -> None:
    render(desk, desk.ask(desk.client.plan))


def render(desk: Desk, plan: Plan) -> None:
    words = desk.words
    html(tag("h1", text(words.say("plan.title")), "ss-page"))
    with st.container(key="card-week"):
        html(tag("h2", text(words.say("plan.week")), "ss-title") + week_html(desk, plan))
    with st.container(key="card-add"):
        _add(desk, plan)
    _pause(desk, plan)
    with st.container(key="card-dose"):
        dose.show(desk, plan.dose)
    html(tag("h2", text(words.say("plan.choices")), "ss-section"))
    with st.container(key="card-choices"):
        choices.show(desk, plan.preferences)
    with st.container(key="card-check"):
        html(tag("h2", text(words.say("assess.title")), "ss-title"))
        if plan.assessment_due:
            html(tag("p", text(words.say("assess.due")), "ss-says"))
        html(assess_table(desk, plan))
        assess.behind(desk, words.say("assess.open"))
    csv_buttons.buttons(desk, dose=lambda: csv_export.dose(plan.dose), checks=lambda: csv_export.checks(plan))


def week_html(desk: Desk, plan: Plan) -> str:
    items = "".join(
        tag("li", _day(desk, day, [one for one in plan.planned if one.day == day.day])) for day in plan.week
    )
    return tag("ol", items, "ss-week")


def _day(desk: Desk, day: DayView, planned: list[PlannedView]) -> str:
    words = desk.words
    head = tag("b", text(f"{words.weekday_short(day.day.weekday())} {day.day.day}"), "ss-week-day")
    lines = [
        tag(
            "p",
            markup.kind_chip(words, one.kind)
            + f" {text(words.join([one.title or '', one.start_local or '', one.says]))}",
        )
        for one in planned
    ]
    lines += [
        tag("p", markup.kind_chip(words, run.primary) + f" {text(markup.numbers(words, run))}") for run in day.runs
    ]
    lines += [
        tag("p", text(f"{work.title}, {words.say('work.minutes', minutes=words.number(work.minutes))}"), "ss-quiet")
        for work in day.work
    ]
    if day.paused:
        lines.append(tag("p", text(words.say("calendar.paused", why=day.paused)), "ss-quiet"))
    return head + tag("div", "".join(lines) or tag("p", text(words.say("plan.free")), "ss-quiet"))


def _add(desk: Desk, plan: Plan) -> None:
    """Which day, then what: the second tap stores."""
    words = desk.words
    html(tag("h2", text(words.say("plan.add")), "ss-title"))
    days = [view.day for view in plan.week]
    day = st.pills(
        words.say("plan.day"),
        days,
        format_func=lambda one: f"{words.weekday_short(one.weekday())} {one.day}",
        key="plan:day",
    )
    at = st.time_input(words.say("plan.time"), value=None, key="plan:time", step=900) if day else None
    if day is not None:
        st.pills(
            words.say("plan.kind"),
            [*(str(kind) for kind in Kind), "rest", CLEAR],
            format_func=lambda one: words.say("plan.clear") if one == CLEAR else words.name("kind", one),
            key=f"plan:kind:{day}",
            on_change=_planned,
            args=(desk, day, f"{at:%H:%M}" if at else None),
        )
    receipt.show(desk, desk.receipt("plan"))


def _planned(desk: Desk, day: date, start_local: str | None) -> None:
    kind = st.session_state[f"plan:kind:{day}"]
    if kind is None:
        return
    wanted: Kind | Literal["rest"] | None = None if kind == CLEAR else "rest" if kind == "rest" else Kind(kind)
    command = PlanRun(
        athlete=desk.athlete.id,
        typed_utc=desk.now_utc(),
        day=day,
        kind=wanted,
        start_local=start_local if wanted else None,
    )
    desk.send(command, about="plan")


def _pause(desk: Desk, plan: Plan) -> None:
    words = desk.words
    with st.container(key="card-pause"):
        if plan.paused:
            html(tag("p", text(words.say("plan.paused", why=plan.paused)), "ss-says"))
            st.button(words.say("plan.resume"), key="plan:resume", type="primary", on_click=_resume, args=(desk,))
        else:
            with st.expander(words.say("plan.pause")):
                until = st.date_input(words.say("plan.until"), value=None, min_value=desk.today(), key="plan:until")
                with st.container(horizontal=True, key="pause-reasons"):
                    for reason in PAUSES:
                        st.button(
                            words.say(f"plan.pause_{reason}"),
                            key=f"pause-{reason}",
                            on_click=_stop,
                            args=(desk, reason, until),
                        )
        receipt.show(desk, desk.receipt("pause"))


def _stop(desk: Desk, reason: str, until: date | None) -> None:
    command = PauseWork(
        athlete=desk.athlete.id,
        typed_utc=desk.now_utc(),
        reason=reason,  # type: ignore[arg-type]
        from_day=desk.today(),
        until_day=until,
    )
    desk.send(command, about="pause")


def _resume(desk: Desk) -> None:
    desk.send(ResumeWork(athlete=desk.athlete.id, typed_utc=desk.now_utc(), day=desk.today()), about="pause")


def assess_table(desk: Desk, plan: Plan) -> str:
    """The last checks, own trend only: one row a check and foot."""
    words = desk.words
    rows = [
        (
            words.day_short(date.fromisoformat(str(one["day"]))),
            words.name("side", side),
            _cell(one.get(side, {}).get("range_0_10")),
            words.name("place", one[side]["gathers"]) if one.get(side, {}).get("gathers") else "–",
            _cell(one.get(side, {}).get("curl_ease_0_10")),
            _cell(one.get(side, {}).get("balance_s")),
        )
        for one in plan.assessments[:4]
        for side in ("left", "right")
    ]
    if not rows:
        return tag("p", text(words.say("assess.never")), "ss-quiet")
    head = [words.say(f"assess.col_{name}") for name in ("day", "foot", "range", "gathers", "curl", "balance")]
    label = words.say("assess.title")
    return markup.wide(markup.table(head, rows, label, "ss-table ss-lines"), label)


def _cell(value: object) -> str:
    return "–" if value is None else f"{value:g}" if isinstance(value, int | float) else str(value)
