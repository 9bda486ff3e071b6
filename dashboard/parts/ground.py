"""What was underfoot: the share of each ground on the way, and the way itself drawn without any map of others."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from dashboard import markup
from dashboard.charts import Spec, drawing, layer, tip
from dashboard.context import PageContext
from dashboard.format import Words
from dashboard.markup import tag
from dashboard.parts.st_html import figure, html
from sync.wire.runs import RunPage

SIDE_PX = 270
LINE, START, FINISH = "#3f7fb5", "#2f8f7a", "#c8692f"


def show(context: PageContext, page: RunPage) -> None:
    """Nothing where no map told the shares and the way is not to be drawn."""
    words, shares = context.words, page.run.surface_shares
    if not shares and not page.course:
        return
    html(tag("h2", words.say("ground.title"), "ss-section"))
    with st.container(key="card-ground"):
        if shares:
            html(_bars(words, shares, page.run.distance_m) + tag("p", words.say("ground.licence"), "ss-quiet"))
        if page.course:
            html(tag("h3", words.say("ground.course", unit=words.units), "ss-label"))
            figure(course(words, page.course), key="chart-course", alt=words.say("ground.alt"))


def _bars(words: Words, shares: dict[str, float], distance_m: float | None) -> Markup:
    rows = [
        (words.name("surface", name), share, words.join([_length(words, share, distance_m), words.percent(share)]))
        for name, share in shares.items()
    ]
    return markup.bars(rows)


def _length(words: Words, share: float, distance_m: float | None) -> str:
    return "" if distance_m is None else words.distance(share * distance_m)


def course(words: Words, places: Sequence[tuple[float, float]]) -> Spec:
    """The way in the runner's long unit, east and north of its start, at one scale in both directions."""
    east, north = ([words.length(place[way]) for place in places] for way in (0, 1))
    reach = 1.08 * max(max(east) - min(east), max(north) - min(north), 0.05)
    ways = {"x": _axis("east", east, reach), "y": _axis("north", north, reach)}
    rows = [
        {"east": round(e, 4), "north": round(n, 4), "order": at}
        for at, (e, n) in enumerate(zip(east, north, strict=True))
    ]
    order: Spec = {"field": "order", "type": "quantitative"}
    line = layer(rows, {"type": "line", "color": LINE, "strokeWidth": 2}, **ways, order=order)
    # Both by shape and by colour: they often lie on each other.
    names = [words.say("ground.start"), words.say("ground.finish")]
    ends = layer(
        [{**rows[0], "what": names[0]}, {**rows[-1], "what": names[1]}],
        {"type": "point", "size": 120, "strokeWidth": 2.5, "opacity": 1},
        **ways,
        shape=_by_name(names, ["circle", "square"]),
        color=_by_name(names, [START, FINISH]),
        tooltip=[tip("what", " ")],
    )
    # Axes and legend around the square, not out of it: a metre is as long to the east as to the north.
    return drawing(words, line, ends, width=SIDE_PX, height=SIDE_PX, autosize={"type": "pad"})


def _axis(field: str, values: Sequence[float], reach: float) -> Spec:
    """An axis as long as ``reach`` with the values in its middle."""
    middle = (min(values) + max(values)) / 2
    scale = {"domain": [middle - reach / 2, middle + reach / 2], "nice": False}
    axis = {"title": None, "tickCount": 4, "grid": False, "format": ".1f"}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}


def _by_name(names: list[str], looks: list[str]) -> Spec:
    legend = {"title": None, "orient": "bottom"}
    return {"field": "what", "type": "nominal", "scale": {"domain": names, "range": looks}, "legend": legend}
