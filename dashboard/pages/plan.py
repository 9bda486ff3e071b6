"""What is coming, and what did I choose?"""

from __future__ import annotations

from datetime import date, time
from typing import Literal

import streamlit as st
from markupsafe import Markup

from dashboard import csv_export, markup
from dashboard.context import PageContext
from dashboard.format import Words, capital
from dashboard.markup import concat, tag
from dashboard.parts import assess, choices, csv_buttons, dose, kept_time, receipt, strength
from dashboard.parts.st_html import html
from rules.facts.kinds import Kind
from sync.wire.commands import PauseWork, PlanRun, ResumeWork
from sync.wire.pages import DayAhead, DayView, PlannedView, PlanPage

RACE = "race"
COLUMNS = ("day", "foot", "range", "gathers", "curl", "balance", "extension", "spread", "wall", "cramps")
CLEAR = "clear"
DAY, KIND, AT = "plan:day", "plan:kind", "plan:at"
PAUSES = ("ill", "travel", "injury", "rest", "other")


def page(context: PageContext) -> None:
    render(context, context.ask(context.client.plan))


def render(context: PageContext, plan: PlanPage) -> None:
    words = context.words
    html(tag("h1", words.say("plan.title"), "ss-page"))
    with st.container(key="card-week"):
        html(tag("h2", words.say("plan.week"), "ss-title") + week_html(context, plan))
        if plan.care_says:
            html(tag("p", plan.care_says, "ss-quiet"))
    with st.container(key="card-add"):
        _add(context, plan)
    _pause(context, plan)
    with st.container(key="card-dose"):
        dose.show(context, plan.dose)
    with st.container(key="card-strength"):
        strength.wish(context, plan.preferences, plan.strength_says)
    html(tag("h2", words.say("plan.choices"), "ss-section"))
    with st.container(key="card-choices"):
        choices.show(context, plan.preferences)
    with st.container(key="card-check"):
        html(tag("h2", words.say("assess.title"), "ss-title"))
        if plan.assessment_due:
            html(tag("p", words.say("assess.due"), "ss-says"))
        html(assess_table(context, plan))
        assess.link(context, words.say("assess.open"))
    csv_buttons.buttons(context, dose=lambda: csv_export.dose(plan.dose), checks=lambda: csv_export.checks(plan))


def week_html(context: PageContext, plan: PlanPage) -> Markup:
    ahead = {one.day: one for one in plan.ahead}
    items = concat(
        tag("li", _day(context, day, [one for one in plan.planned if one.day == day.day], ahead.get(day.day)))
        for day in plan.week
    )
    return tag("ol", items, "ss-week")


def _day(context: PageContext, day: DayView, planned: list[PlannedView], ahead: DayAhead | None) -> Markup:
    words = context.words
    head = tag("b", f"{words.weekday_short(day.day.weekday())} {day.day.day}", "ss-week-day")
    lines = [
        tag(
            "p",
            markup.kind_chip(words, one.kind) + " " + words.join([one.title or "", one.start_local or "", one.says]),
        )
        for one in planned
    ]
    lines += [tag("p", markup.run_chip(words, run) + " " + markup.numbers(words, run)) for run in day.runs]
    lines += [
        tag("p", f"{work.title}, {words.say('work.minutes', minutes=words.number(work.minutes))}", "ss-quiet")
        for work in day.work
    ]
    if day.paused:
        lines.append(tag("p", words.say("calendar.paused", why=day.paused), "ss-quiet"))
    if ahead is not None and ahead.says:
        what = words.say("plan.training") if ahead.training else words.join(ahead.care)
        lines.append(tag("p", tag("b", f"{capital(what)}.") + " " + ahead.says if what else ahead.says, "ss-quiet"))
    return head + tag("div", concat(lines) or tag("p", words.say("plan.free"), "ss-quiet"))


def _add(context: PageContext, plan: PlanPage) -> None:
    """Which day, then what: for tomorrow, which is asked most, one tap stores."""
    words = context.words
    html(tag("h2", words.say("plan.add"), "ss-title"))
    days = [view.day for view in plan.week]
    usual = days[1] if len(days) > 1 else None
    if st.session_state.setdefault(DAY, usual) not in (None, *days):
        st.session_state[DAY] = usual  # the page stood open past midnight
    day = st.pills(
        words.say("plan.day"),
        days,
        format_func=lambda one: f"{words.weekday_short(one.weekday())} {one.day}",
        key=DAY,
    )
    if day is not None:
        # One key whatever the day: under another, a quick second tap would meet the pills of the day before it.
        st.session_state[KIND] = _chosen(plan, day)
        kept_time.show(
            "plan:time",
            keep=context.athlete.id,
            label=words.say("plan.time"),
            day=day,
            first=context.today(),
            at=st.session_state.get(AT),
            sent=st.session_state.get("plan:sent", ""),
            on_kept=lambda of, typed: _kept(of, typed, days),
        )
        st.pills(
            words.say("plan.kind"),
            [*(str(kind) for kind in Kind), RACE, "rest"],
            format_func=lambda one: words.name("kind", one),
            key=KIND,
            on_change=_planned,
            args=(context,),
        )
        with st.container():
            if st.session_state[KIND] is not None:
                st.button(
                    words.say("plan.clear"), key="plan:clear", type="tertiary", on_click=_cleared, args=(context,)
                )
    receipt.show(context, context.receipt("plan"))


def _chosen(plan: PlanPage, day: date) -> str | None:
    """What the runner has planned for this day; None while nothing is, or only a calendar or a habit says so."""
    own = [one for one in plan.planned if one.day == day and one.source == "runner"]
    return None if not own else RACE if own[0].race else own[0].kind or "rest"


def _kept(day: date, at: time | None, days: list[date]) -> None:
    st.session_state[AT] = at
    if day in days:
        st.session_state[DAY] = day


def _cleared(context: PageContext) -> None:
    st.session_state[KIND] = CLEAR
    _planned(context)


def _planned(context: PageContext) -> None:
    """Day and time as they are now: they may have been chosen a moment before the tap."""
    day, kind, at = (st.session_state.get(key) for key in (DAY, KIND, AT))
    if day is None or kind is None:
        return
    race = kind == RACE
    wanted: Kind | Literal["rest"] | None = (
        None if kind == CLEAR else "rest" if kind == "rest" else Kind.TEMPO if race else Kind(kind)
    )
    command = PlanRun(
        athlete=context.athlete.id,
        typed_utc=context.now_utc(),
        day=day,
        kind=wanted,
        start_local=f"{at:%H:%M}" if at and wanted else None,
        race=race,
    )
    if context.send(command, about="plan").refused is None:
        st.session_state["plan:sent"] = command.command_id


def _pause(context: PageContext, plan: PlanPage) -> None:
    words = context.words
    with st.container(key="card-pause"):
        if plan.paused:
            html(tag("p", words.say("plan.paused", why=plan.paused), "ss-says"))
            st.button(words.say("plan.resume"), key="plan:resume", type="primary", on_click=_resume, args=(context,))
        else:
            with st.expander(words.say("plan.pause")):
                until = st.date_input(
                    words.say("plan.until"),
                    value=None,
                    min_value=context.today(),
                    format=words.say("day.picker"),
                    key="plan:until",
                )
                with st.container(horizontal=True, key="pause-reasons"):
                    for reason in PAUSES:
                        st.button(
                            words.say(f"plan.pause_{reason}"),
                            key=f"pause-{reason}",
                            on_click=_stop,
                            args=(context, reason, until),
                        )
        receipt.show(context, context.receipt("pause"))


def _stop(context: PageContext, reason: str, until: date | None) -> None:
    command = PauseWork(
        athlete=context.athlete.id,
        typed_utc=context.now_utc(),
        reason=reason,  # type: ignore[arg-type]
        from_day=context.today(),
        until_day=until,
    )
    context.send(command, about="pause")


def _resume(context: PageContext) -> None:
    context.send(
        ResumeWork(athlete=context.athlete.id, typed_utc=context.now_utc(), day=context.today()), about="pause"
    )


def assess_table(context: PageContext, plan: PlanPage) -> Markup:
    """The last checks, own trend only: one row a check and foot."""
    words = context.words
    rows = [
        (
            words.day_short(date.fromisoformat(str(one["day"]))),
            words.name("side", side),
            _cell(words, one.get(side, {}).get("range_0_10")),
            words.name("place", one[side]["gathers"]) if one.get(side, {}).get("gathers") else "–",
            _cell(words, one.get(side, {}).get("curl_ease_0_10")),
            _cell(words, one.get(side, {}).get("balance_s")),
            _cell(words, one.get(side, {}).get("extension_deg")),
            words.language.say(f"check.spread_{spread}") if (spread := one.get(side, {}).get("spread")) else "–",
            _cell(words, one.get(side, {}).get("knee_to_wall_cm")),
            "–" if (cramps := one.get("night_cramps")) is None else words.say(f"assess.{'yes' if cramps else 'no'}"),
        )
        for one in plan.assessments[:4]
        for side in ("left", "right")
    ]
    if not rows:
        return tag("p", words.say("assess.never"), "ss-quiet")
    head = [words.say(f"assess.col_{name}") for name in COLUMNS]
    label = words.say("assess.title")
    return markup.wide(markup.table(head, rows, label, "ss-table ss-lines"), label)


def _cell(words: Words, value: object) -> str:
    if not isinstance(value, int | float):
        return "–" if value is None else str(value)
    return words.number(value, 0 if float(value).is_integer() else 1)
