"""What was underfoot: the share of each ground on the way, and the way itself drawn without any map of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard import markup
from dashboard.desk import Desk
from dashboard.markup import tag, text
from dashboard.parts.shown import html
from dashboard.words import Words
from sync.wire import RunPage

SIDE_PX = 280
LINE, START, FINISH = "#3f7fb5", "#2f8f7a", "#c8692f"


def show(desk: Desk, page: RunPage) -> None:
    """Nothing where no map told the shares and the way is not to be drawn."""
    words, shares = desk.words, page.run.surface_shares
    if not shares and not page.course:
        return
    html(tag("h2", text(words.say("ground.title")), "ss-section"))
    with st.container(key="card-ground"):
        if shares:
            html(_bars(words, shares, page.run.distance_m) + tag("p", text(words.say("ground.licence")), "ss-quiet"))
        if page.course:
            html(tag("h4", text(words.say("ground.course", unit=words.units)), "ss-label"))
            st.altair_chart(
                course(words, page.course), width="content", key="chart-course", alt=words.say("ground.alt")
            )


def _bars(words: Words, shares: dict[str, float], distance_m: float | None) -> str:
    rows = [
        (words.name("surface", name), share, words.join([_length(words, share, distance_m), words.percent(share)]))
        for name, share in shares.items()
    ]
    return markup.bars(rows)


def _length(words: Words, share: float, distance_m: float | None) -> str:
    return "" if distance_m is None else words.distance(share * distance_m)


def course(words: Words, places: Sequence[tuple[float, float]]) -> Any:
    """The way in the runner's long unit, east and north of its start, at one scale in both directions."""
    import altair as alt  # loads with the first drawing

    from dashboard.figures import clear

    rows = [
        {"east": words.length(east), "north": words.length(north), "order": number}
        for number, (east, north) in enumerate(places)
    ]
    ends = [
        {**rows[0], "what": words.say("ground.start")},
        {**rows[-1], "what": words.say("ground.finish")},
    ]
    x, y = (_axis(alt, name, [row[name] for row in rows], _reach(rows)) for name in ("east", "north"))
    line = alt.Chart(alt.Data(values=rows)).mark_line(color=LINE, strokeWidth=2).encode(x=x, y=y, order="order:Q")
    # Both by shape and by colour: they often lie on each other.
    names = [end["what"] for end in ends]
    legend = alt.Legend(title=None, orient="bottom")
    marks = (
        alt.Chart(alt.Data(values=ends))
        .mark_point(size=120, strokeWidth=2.5)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape("what:N", scale=alt.Scale(domain=names, range=["circle", "square"]), legend=legend),
            color=alt.Color("what:N", scale=alt.Scale(domain=names, range=[START, FINISH]), legend=legend),
            tooltip=[alt.Tooltip("what:N", title=" ")],
        )
    )
    return clear(alt.layer(line, marks).properties(width=SIDE_PX, height=SIDE_PX))


def _reach(rows: Sequence[dict[str, Any]]) -> float:
    """The longer side of the way, with a little room."""
    spans = [max(row[name] for row in rows) - min(row[name] for row in rows) for name in ("east", "north")]
    return 1.08 * max(*spans, 0.05)


def _axis(alt: Any, name: str, values: Sequence[float], reach: float) -> Any:
    middle = (min(values) + max(values)) / 2
    scale = alt.Scale(domain=[middle - reach / 2, middle + reach / 2], nice=False, zero=False)
    channel = alt.X if name == "east" else alt.Y
    return channel(f"{name}:Q", title=None, scale=scale, axis=alt.Axis(tickCount=4, grid=False, format=".1f"))
