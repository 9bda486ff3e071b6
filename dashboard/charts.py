"""Rows to Vega-Lite charts: real axes, units, tooltips; colours that hold on light and on dark ground, never alone.

The data stand in the chart itself: as a table of its own they would cost the phone twice the time to read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from dashboard.format import Words
from rules.locale_forms import number_signs
from rules.units import MISSING
from sync.wire.pages import SurfaceFelt

SPRUCE = "#2f8f7a"
CLAY = "#c8692f"
PLUM = "#a0568f"
SKY = "#3f7fb5"
STONE = "#8a8778"
SIGNED = "datum.value == 0 ? '0' : format(datum.value, '+.1f')"

Spec = dict[str, Any]
ChartRow = dict[str, Any]
Series = Sequence[tuple[date, float]]


def drawing(words: Words, *layers: Spec, **more: Any) -> Spec:
    """Layers over one another."""
    return {"layer": list(layers), "config": look(words), **more}


def look(words: Words) -> Spec:
    """No ground of its own: the card's shows through. What the browser counts has the signs of that language."""
    decimal, group = number_signs(words.language.code)
    number = {"decimal": decimal, "thousands": group, "grouping": [3], "currency": ["", ""]}
    return {"background": "transparent", "view": {"stroke": None}, "locale": {"number": number}}


def layer(rows: Iterable[ChartRow], mark: Spec, **encoding: Spec | list[Spec] | None) -> Spec:
    known = {channel: how for channel, how in encoding.items() if how is not None}
    return {"data": {"values": list(rows)}, "mark": mark, "encoding": known}


def tips(rows: Iterable[ChartRow], x: Spec, titles: Mapping[str, str]) -> Spec:
    """Upright strips that nobody sees, from ``x`` to the row's ``to``: a touch anywhere on one tells what is there."""
    mark = {"type": "rect", "opacity": 0, "aria": False}
    return layer(rows, mark, x=x, x2={"field": "to"}, tooltip=[tip(name, title) for name, title in titles.items()])


def tip(field: str, title: str) -> Spec:
    """A line of a tooltip: its text as it stands in the row."""
    return {"field": field, "type": "nominal", "title": title}


# --- the diary and the load -----------------------------------------------------------------------


def stiffness_chart(
    words: Words,
    entries: Series,
    level: Series,
    marks: Sequence[tuple[date, str]],
    shoes: Sequence[tuple[date, str]] = (),
) -> Spec:
    """Each logged day as a dot, the smooth level as a line, dose and shoe changes as rules with their words."""
    x = _day_axis(words)
    y: Spec = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [0, 10]},
        "axis": {"title": None, "values": [0, 2, 4, 6, 8, 10]},
    }
    layers = [layer(_days(entries), {"type": "circle", "size": 38, "color": SKY, "opacity": 0.75}, x=x, y=y)]
    if level:
        layers.append(layer(_days(level), {"type": "line", "color": SPRUCE, "strokeWidth": 2.5}, x=x, y=y))
    for rows, colour, dash in ((marks, CLAY, [4, 3]), (shoes, PLUM, [1, 3])):
        if rows:
            mark = {"type": "rule", "color": colour, "strokeDash": dash, "strokeWidth": 1.5}
            layers.append(layer(({"day": _at(day)} for day, _ in rows), mark, x=x))
    if level:
        layers.append(_named_beside(words.say("chart.level"), level, entries, SPRUCE, x, y))
    said = {
        "score": {day: words.number(score) for day, score in entries},
        "level": {day: words.number(value, 1) for day, value in level},
        "dose": _joined(words, marks),
        "shoes": _joined(words, shoes),
    }
    return drawing(words, *layers, _day_tips(words, x, said), height=240)


def weeks_chart(words: Words, weeks: Series) -> Spec:
    title = words.say("chart.week", unit=words.units)
    rows = [
        {"day": _at(day), "value": round(words.length(metres), 2), "says": words.number(words.length(metres), 1)}
        | {"from": words.day_short(day)}
        for day, metres in weeks
    ]
    x = {
        "field": "day",
        "type": "ordinal",
        "timeUnit": "yearmonthdate",
        "title": None,
        "axis": {"format": _axis_day(words), "labelOverlap": True, "grid": False, "labelAngle": 0},
    }
    bars = {"type": "bar", "color": SPRUCE, "cornerRadiusEnd": 2, "width": {"band": 0.8}}
    y = {"field": "value", "type": "quantitative", "title": None}
    tooltip = [tip("from", words.say("print.week_from")), tip("says", title)]
    return drawing(words, layer(rows, bars, x=x, y=y, tooltip=tooltip), height=180)


def load_chart(words: Words, short: Series, long: Series) -> Spec:
    """Two running means of the daily load: shown as they are, no ratio, no colour of danger."""
    names = [words.say("chart.load_7"), words.say("chart.load_28")]
    x = _day_axis(words)
    height: Spec = {"field": "value", "type": "quantitative", "title": None}
    rows = [{**row, "line": name} for name, series in zip(names, (short, long), strict=True) for row in _days(series)]
    colour = {"domain": names, "range": [SKY, SPRUCE]}
    dash = {"domain": names, "range": [[1, 0], [6, 3]]}
    lines = layer(
        rows,
        {"type": "line", "strokeWidth": 2},
        x=x,
        y=height,
        color={"field": "line", "type": "nominal", "scale": colour, "legend": None},
        strokeDash={"field": "line", "type": "nominal", "scale": dash, "legend": None},
    )
    ends = [
        _named_beside(name, series, other, tone, x, height, below=series is long)
        for name, series, other, tone in zip(names, (short, long), (long, short), (SKY, SPRUCE), strict=True)
        if series
    ]
    said = {
        key: {day: words.number(value) for day, value in series}
        for key, series in (("load_7", short), ("load_28", long))
    }
    return drawing(words, lines, *ends, _day_tips(words, x, said), height=200)


def felt_chart(words: Words, rows: Sequence[SurfaceFelt]) -> Spec | None:
    """Next-morning stiffness against the usual: a dot with its interval, zero as a line."""
    known = [row for row in rows if row.mean is not None and row.low is not None and row.high is not None]
    if not known:
        return None
    values = [
        {"group": f"{row.group} (n = {row.n})", **{name: getattr(row, name) for name in ("low", "mean", "high")}}
        for row in known
    ]
    reach = max(1.0, 1.1 * max(abs(value[name]) for value in values for name in ("low", "mean", "high")))
    step = max(0.5, math.floor(2 * reach) / 2)
    axis = {"title": None, "values": [-step, 0.0, step], "labelExpr": SIGNED}
    y = {"field": "group", "type": "nominal", "title": None, "sort": None, "axis": {"labelLimit": 160}}
    tooltip = [tip("group", " ")] + [
        {**tip(name, words.say(f"chart.felt_{name}")), "type": "quantitative", "format": "+.1f"}
        for name in ("low", "mean", "high")
    ]

    def x(field: str) -> Spec:
        scale = {"domain": [-reach, reach]}
        return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}

    return drawing(
        words,
        layer([{"zero": 0}], {"type": "rule", "color": STONE, "strokeDash": [3, 3]}, x=x("zero")),
        layer(
            values,
            {"type": "rule", "color": SPRUCE, "strokeWidth": 2.5},
            x=x("low"),
            x2={"field": "high"},
            y=y,
            tooltip=tooltip,
        ),
        layer(
            values,
            {"type": "point", "filled": True, "size": 90, "color": SPRUCE, "opacity": 1},
            x=x("mean"),
            y=y,
            tooltip=tooltip,
        ),
        height=60 + 40 * len(known),
    )


NAME_SHARE = 0.45
"""As much of a phone's chart as a line's name may take, from its right end."""
LOW_SHARE = 0.15
"""Of a chart's height: what stands lower has no room for a name below it."""


def _named_beside(
    name: str, series: Series, others: Series, colour: str, x: Spec, y: Spec, *, below: bool = False
) -> Spec:
    """A line's name at its end, clear of all that is drawn there: nobody has to look up a colour."""
    last = max(day for day, _ in series)
    first = last - NAME_SHARE * (last - min(day for day, _ in series))
    near = [value for day, value in [*series, *others] if day >= first]
    at, dy = (min(near), 14) if below else (max(near), -10)
    if below and at < LOW_SHARE * max(value for _, value in [*series, *others]):
        at, dy = max(near), -26  # below it would stand among the days of the axis: over the other name
    mark = {"type": "text", "align": "right", "dy": dy, "fontWeight": "bold", "color": colour, "aria": False}
    return layer(_days([(last, at)]), {**mark, "text": name}, x=x, y=y)


def _day_axis(words: Words) -> Spec:
    axis = {"format": _axis_day(words), "grid": False, "tickCount": 6, "labelOverlap": True}
    return {"field": "day", "type": "temporal", "title": None, "axis": axis}


def _axis_day(words: Words) -> str:
    """d3's pattern for a day: the browser writes it, and knows English months only."""
    return words.say("day.axis")


def _days(rows: Series) -> list[ChartRow]:
    return [{"day": _at(day), "value": round(value, 2)} for day, value in rows]


def _at(day: date, hour: int = 0) -> str:
    """An hour where the browser is: a bare date it would take for midnight in Greenwich."""
    return f"{day}T{hour:02d}:00:00"


def _joined(words: Words, rows: Iterable[tuple[date, str]]) -> dict[date, str]:
    said: dict[date, str] = {}
    for day, says in rows:
        said[day] = words.join([said.get(day, ""), says])
    return said


def _day_tips(words: Words, x: Spec, said: Mapping[str, Mapping[date, str]]) -> Spec:
    """One strip a day, from noon to noon, with all that is known of it: ``said`` holds the texts by their name."""
    found = {name: texts for name, texts in said.items() if texts}
    rows = [
        {"day": _at(day - timedelta(days=1), 12), "to": _at(day, 12), "date": words.day(day, year=True)}
        | {name: texts.get(day, MISSING) for name, texts in found.items()}
        for day in sorted(set().union(*found.values()))
    ]
    titles = {"date": words.say("chart.day"), **{name: words.say(f"chart.{name}") for name in found}}
    return tips(rows, x, titles)
