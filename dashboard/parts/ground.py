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

SIDE_PX = 270
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

    east, north = ([words.length(place[way]) for place in places] for way in (0, 1))
    reach = 1.08 * max(max(east) - min(east), max(north) - min(north), 0.05)
    x = alt.X("east:Q", title=None, scale=alt.Scale(domain=_around(east, reach), nice=False), axis=_axis(alt))
    y = alt.Y("north:Q", title=None, scale=alt.Scale(domain=_around(north, reach), nice=False), axis=_axis(alt))
    rows = [{"east": e, "north": n, "order": at} for at, (e, n) in enumerate(zip(east, north, strict=True))]
    line = alt.Chart(alt.InlineData(values=rows)).mark_line(color=LINE, strokeWidth=2).encode(x=x, y=y, order="order:Q")
    # Both by shape and by colour: they often lie on each other.
    names = [words.say("ground.start"), words.say("ground.finish")]
    ends = [{**rows[0], "what": names[0]}, {**rows[-1], "what": names[1]}]
    legend = alt.Legend(title=None, orient="bottom")
    marks = (
        alt.Chart(alt.InlineData(values=ends))
        .mark_point(size=120, strokeWidth=2.5, opacity=1)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape("what:N", scale=alt.Scale(domain=names, range=["circle", "square"]), legend=legend),
            color=alt.Color("what:N", scale=alt.Scale(domain=names, range=[START, FINISH]), legend=legend),
            tooltip=[alt.Tooltip("what:N", title=" ")],
        )
    )
    # Axes and legend around the square, not out of it: a metre is as long to the east as to the north.
    around = alt.AutoSizeParams(type="pad")
    return clear(alt.layer(line, marks).properties(width=SIDE_PX, height=SIDE_PX, autosize=around))


def _around(values: Sequence[float], reach: float) -> list[float]:
    """Ends of an axis as long as ``reach`` with the values in its middle."""
    middle = (min(values) + max(values)) / 2
    return [middle - reach / 2, middle + reach / 2]


def _axis(alt: Any) -> Any:
    return alt.Axis(tickCount=4, grid=False, format=".1f")
