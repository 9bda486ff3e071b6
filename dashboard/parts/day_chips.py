"""Today, yesterday or another day, as chips; another day comes from a month of the runner's own week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import streamlit as st
from markupsafe import Markup

from dashboard.context import PageContext
from dashboard.format import Words, capital, month_grid
from dashboard.markup import concat, tag
from dashboard.parts import tapmap
from dashboard.parts.st_html import html

DAYS = ("today", "yesterday", "other")
EARLIEST = timedelta(days=365)


def chip_of(day: date, today: date) -> str:
    return DAYS[min(2, (today - day).days)] if day <= today else "other"


def show(context: PageContext, day: date, *, of: str, on_pick: Callable[[date], None]) -> None:
    """``of`` tells one choice from another on the same page."""
    words, today, opened = context.words, context.today(), f"day-chips:{of}"
    now = "other" if st.session_state.get(opened) else chip_of(day, today)
    # One key whatever is chosen: drawn again under another, what is below would jump under the next tap.
    key = f"day-chips:{of}:chip"
    st.session_state[key] = now

    def tapped() -> None:
        chosen = st.session_state[key]
        if chosen == "other":
            st.session_state[opened] = f"{day:%Y-%m}"
            return
        st.session_state.pop(opened, None)
        on_pick(today - timedelta(days=DAYS.index(chosen)))

    st.pills(
        words.say("log.day"),
        DAYS,
        required=True,
        format_func=lambda one: _label(words, one),
        key=key,
        on_change=tapped,
    )
    if chip_of(day, today) == "other":
        html(tag("p", words.say("log.about", day=words.day(day)), "ss-quiet"))
    if opened in st.session_state:
        _month(context, day, today, opened, on_pick)


def _label(words: Words, chip: str) -> str:
    return capital(words.say("log.other_day" if chip == "other" else f"day.{chip}"))


def _month(context: PageContext, day: date, today: date, opened: str, on_pick: Callable[[date], None]) -> None:
    month = date.fromisoformat(f"{st.session_state[opened]}-01")

    def picked(value: str) -> None:
        if len(value) == 7:
            st.session_state[opened] = value
            return
        st.session_state.pop(opened, None)
        on_pick(date.fromisoformat(value))

    tapmap.show(month_html(context.words, month, day, today), key=f"{opened}:month", on_pick=picked)


def month_html(words: Words, month: date, chosen: date, today: date) -> Markup:
    """A month to choose a day from, none of them to come; arrows lead to the months beside it."""
    before, after = (month - timedelta(days=1)).replace(day=1), (month + timedelta(days=31)).replace(day=1)
    head = concat(
        (
            _arrow("‹", before, words.month(before), before >= (today - EARLIEST).replace(day=1)),
            tag("b", words.month(month)),
            _arrow("›", after, words.month(after), after <= today),
        )
    )
    names = concat(tag("th", words.weekday_short(one), scope="col") for one in words.weekdays())
    rows = concat(
        tag("tr", concat(tag("td", _day(words, one, month, chosen, today)) for one in week))
        for week in month_grid(month, words.week_start)
    )
    table = tag("table", tag("thead", tag("tr", names)) + tag("tbody", rows), "ss-pick")
    return tag("div", tag("div", head, "ss-row ss-split") + table)


def _arrow(sign: str, month: date, name: str, can: bool) -> Markup:
    return _button(sign, f"{month:%Y-%m}", name, can=can)


def _day(words: Words, day: date, month: date, chosen: date, today: date) -> Markup:
    if day.month != month.month:
        return Markup("")
    return _button(str(day.day), day.isoformat(), words.day(day), can=day <= today, pressed=day == chosen)


def _button(says: str, value: str, label: str, *, can: bool, pressed: bool = False) -> Markup:
    more: dict[str, Any] = {"data_pick": value} if can else {"disabled": "disabled"}
    if pressed:
        more["aria_pressed"] = "true"
    return tag("button", says, type="button", aria_label=label, **more)
