"""Rows to charts: real axes, units, tooltips; colours that hold on light and on dark ground, never alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from dashboard.words import MILE_M, Words
from sync.wire import Lines, SegmentLine, SurfaceFelt

SPRUCE = "#2f8f7a"
CLAY = "#c8692f"
PLUM = "#a0568f"
SKY = "#3f7fb5"
STONE = "#8a8778"
ROLES = {"warmup": "#c9a13b", "work": CLAY, "recovery": SKY, "cooldown": "#7a9a5b", "steady": STONE, "pause": "#b0aca0"}
PANEL_PX = 130
AXIS_PX = 40
TIME_AXIS_PX = 45
"""The left axis of every panel, so that panels one above the other share their time axis."""


def run_panels(words: Words, lines: Lines, segments: Sequence[SegmentLine]) -> dict[str, alt.LayerChart]:
    """``pace``, ``heart`` and ``height`` over one and the same time axis, as far as they were measured."""
    per_m = 3600 / (MILE_M if words.units == "mi" else 1000)
    frame = pd.DataFrame(
        {
            "minutes": np.asarray(lines.t_s, dtype=float) / 60,
            "speed": _column(lines.speed_mps) * per_m,
            "adjusted": _column(lines.grade_adjusted_mps) * per_m,
            "heart": _column(lines.heart_rate_bpm),
            "height": _column(lines.altitude_m) / (0.3048 if words.units == "mi" else 1),
        }
    )
    frame["clock"] = [_clock(value) for value in frame["minutes"] * 60]
    frame["pace"] = [_pace(value) for value in frame["speed"]]
    frame["adjusted_pace"] = [_pace(value) for value in frame["adjusted"]]
    measured = [name for name in ("speed", "heart", "height") if frame[name].notna().any()]
    if not measured:
        return {}
    scale = alt.Scale(domain=[0, float(frame["minutes"].max())], nice=False)
    panels = {}
    for name in measured:
        x = alt.X("minutes:Q", scale=scale, axis=_time_axis(words, labels=name == measured[-1]))
        bands = _bands(words, segments, x) if segments else []
        drawn = _pace_lines(words, frame, x) if name == "speed" else [_line(words, frame, name, x)]
        key = "pace" if name == "speed" else name
        height = PANEL_PX + (TIME_AXIS_PX if name == measured[-1] else 0)
        panels[key] = clear(alt.layer(*bands, *drawn).properties(height=height))
    return panels


def clear(chart: Any) -> alt.LayerChart:
    """Without a ground of its own: the card's shows through."""
    plain: alt.LayerChart = chart.configure(background="transparent").configure_view(strokeWidth=0)
    return plain


def _time_axis(words: Words, *, labels: bool) -> alt.Axis:
    return alt.Axis(
        title=words.say("chart.time") if labels else None,
        labels=labels,
        ticks=labels,
        grid=False,
        tickCount=6,
        labelExpr="datum.value >= 60 ? floor(datum.value / 60) + ':' + format(datum.value % 60, '02d') : datum.value",
    )


def _bands(words: Words, segments: Sequence[SegmentLine], x: alt.X) -> list[alt.Chart]:
    bands = pd.DataFrame(
        {
            "minutes": [segment.start_s / 60 for segment in segments],
            "to": [segment.end_s / 60 for segment in segments],
            "role": [words.name("role", segment.role) for segment in segments],
            "colour": [ROLES.get(segment.role, STONE) for segment in segments],
            "what": [_segment(words, segment) for segment in segments],
            # Effort stands out; what is even or paused stays in the back.
            "tint": [0.08 if segment.role in ("steady", "pause") else 0.24 for segment in segments],
        }
    )
    tips = [alt.Tooltip("role:N", title=words.say("chart.role")), alt.Tooltip("what:N", title=" ")]
    return [
        alt.Chart(bands)
        .mark_rect()
        .encode(
            x=x,
            x2="to:Q",
            color=alt.Color("colour:N", scale=None, legend=None),
            opacity=alt.Opacity("tint:Q", scale=None, legend=None),
            tooltip=tips,
        )
    ]


def _pace_lines(words: Words, frame: pd.DataFrame, x: alt.X) -> list[alt.Chart]:
    """Drawn as speed, so that up is faster; read as pace."""
    known = frame["speed"].dropna()
    low, high = float(known.quantile(0.02)) * 0.93, float(known.quantile(0.995)) * 1.05
    scale = alt.Scale(domain=[max(0.0, low), max(high, low + 1)], clamp=True, nice=False, zero=False)
    axis = alt.Axis(
        title=None,
        labelExpr="floor(60 / datum.value + 0.001) + ':' + format(round(3600 / datum.value) % 60, '02d')",
        values=_pace_ticks(max(low, 3), high),
        minExtent=AXIS_PX,
        maxExtent=AXIS_PX,
    )
    tips = [
        alt.Tooltip("clock:N", title=words.say("chart.at")),
        alt.Tooltip("pace:N", title=words.say("chart.speed")),
        alt.Tooltip("adjusted_pace:N", title=words.say("chart.adjusted")),
    ]
    styles: dict[str, dict[str, Any]] = {
        "speed": {"color": SKY, "strokeWidth": 1.8},
        "adjusted": {"color": CLAY, "strokeDash": [4, 3]},
    }
    return [
        alt.Chart(frame)
        .mark_line(clip=True, **{"strokeWidth": 1.3, **style})
        .encode(x=x, y=alt.Y(f"{column}:Q", scale=scale, axis=axis), tooltip=tips)
        for column, style in styles.items()
        if frame[column].notna().any()
    ]


def _line(words: Words, frame: pd.DataFrame, column: str, x: alt.X) -> alt.Chart:
    known = frame[column].dropna()
    low, high = float(known.min()), float(known.max())
    room = max(5.0, (high - low) * 0.08)
    scale = alt.Scale(domain=[low - room, high + room], nice=False, zero=False)
    y = alt.Y(f"{column}:Q", scale=scale, axis=alt.Axis(title=None, tickCount=4, minExtent=AXIS_PX, maxExtent=AXIS_PX))
    tips = [
        alt.Tooltip("clock:N", title=words.say("chart.at")),
        alt.Tooltip(f"{column}:Q", title=words.say(f"chart.{column}_short"), format=".0f"),
    ]
    chart = alt.Chart(frame)
    if column == "height":
        area: alt.Chart = chart.mark_area(opacity=0.4, color=STONE, line={"color": STONE}, clip=True)
        filled: alt.Chart = area.encode(x=x, y=y, y2=alt.datum(low - room), tooltip=tips)
        return filled
    line: alt.Chart = chart.mark_line(strokeWidth=1.8, color=PLUM, clip=True).encode(x=x, y=y, tooltip=tips)
    return line


def _segment(words: Words, segment: SegmentLine) -> str:
    parts = [words.duration(segment.end_s - segment.start_s), words.pace(segment.speed_mps)]
    if segment.mean_heart_rate_bpm:
        parts.append(words.say("run.bpm", n=round(segment.mean_heart_rate_bpm)))
    return words.join(parts)


def _column(values: Sequence[float | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return (
        f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
        if whole >= 3600
        else f"{whole // 60}:{whole % 60:02d}"
    )


def _pace(per_hour: float) -> str:
    if not per_hour or np.isnan(per_hour) or per_hour < 1:
        return "–"
    seconds = round(3600 / per_hour)
    return f"{seconds // 60}:{seconds % 60:02d}"


def _pace_ticks(low: float, high: float) -> list[float]:
    """Speeds at round paces (whole or half minutes) between two speeds per hour, four at most."""
    fastest, slowest = 3600 / high, 3600 / low
    for step in (15, 30, 60, 120, 300):
        first = int(np.ceil(fastest / step)) * step
        paces = list(range(first, int(slowest) + 1, step))
        if len(paces) <= 4:
            return [3600 / pace for pace in paces]
    return []


# --- the diary and the load -----------------------------------------------------------------------


def stiffness_chart(
    words: Words,
    entries: Sequence[tuple[date, float]],
    level: Sequence[tuple[date, float]],
    marks: Sequence[tuple[date, str]],
    shoes: Sequence[tuple[date, str]] = (),
) -> alt.LayerChart:
    """Each logged day as a dot, the smooth level as a line, dose and shoe changes as rules with their words."""
    score = alt.Scale(domain=[0, 10])
    x = alt.X("day:T", title=None, axis=alt.Axis(format=_axis_day(words), grid=False, tickCount=6, labelOverlap=True))
    axis = alt.Axis(title=None, values=[0, 2, 4, 6, 8, 10])
    dots = (
        alt.Chart(_days(entries, "score"))
        .mark_circle(size=38, color=SKY, opacity=0.75)
        .encode(x=x, y=alt.Y("score:Q", scale=score, axis=axis), tooltip=[_day_tip(words), _value_tip(words, "score")])
    )
    layers: list[alt.Chart] = [dots]
    if level:
        layers.append(
            alt.Chart(_days(level, "level"))
            .mark_line(color=SPRUCE, strokeWidth=2.5)
            .encode(x=x, y=alt.Y("level:Q", scale=score), tooltip=[_day_tip(words), _value_tip(words, "level", ".1f")])
        )
    for rows, colour, dash, what in ((marks, CLAY, [4, 3], "dose"), (shoes, PLUM, [1, 3], "shoes")):
        if rows:
            frame = pd.DataFrame({"day": [pd.Timestamp(day) for day, _ in rows], "what": [text for _, text in rows]})
            layers.append(
                alt.Chart(frame)
                .mark_rule(color=colour, strokeDash=dash, strokeWidth=1.5)
                .encode(x=x, tooltip=[_day_tip(words), alt.Tooltip("what:N", title=words.say(f"chart.{what}"))])
            )
    return clear(alt.layer(*layers).properties(height=240))


def weeks_chart(words: Words, weeks: Sequence[tuple[date, float]]) -> alt.LayerChart:
    frame = _days([(day, words.length(metres)) for day, metres in weeks], "distance")
    bars = (
        alt.Chart(frame)
        .mark_bar(color=SPRUCE, cornerRadiusEnd=2, width={"band": 0.8})
        .encode(
            x=alt.X(
                "day:O",
                timeUnit="yearmonthdate",
                title=None,
                axis=alt.Axis(format=_axis_day(words), labelOverlap=True, grid=False, labelAngle=0),
            ),
            y=alt.Y("distance:Q", title=None),
            tooltip=[
                _day_tip(words),
                alt.Tooltip("distance:Q", title=words.say("chart.week", unit=words.units), format=".1f"),
            ],
        )
    )
    return clear(alt.layer(bars).properties(height=180))


def load_chart(words: Words, short: Sequence[tuple[date, float]], long: Sequence[tuple[date, float]]) -> alt.LayerChart:
    """Two running means of the daily load: shown as they are, no ratio, no colour of danger."""
    names = [words.say("chart.load_7"), words.say("chart.load_28")]
    colours = alt.Scale(domain=names, range=[SKY, SPRUCE])
    dashes = alt.Scale(domain=names, range=[[1, 0], [6, 3]])
    legend = alt.Legend(title=None, orient="bottom", columns=1, labelLimit=240)
    layers = [
        alt.Chart(_days(rows, "load").assign(line=name))
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X(
                "day:T", title=None, axis=alt.Axis(format=_axis_day(words), grid=False, tickCount=6, labelOverlap=True)
            ),
            y=alt.Y("load:Q", title=None),
            color=alt.Color("line:N", scale=colours, legend=legend),
            strokeDash=alt.StrokeDash("line:N", scale=dashes, legend=legend),
            tooltip=[_day_tip(words), alt.Tooltip("load:Q", title=name, format=".0f")],
        )
        for name, rows in zip(names, (short, long), strict=True)
    ]
    return clear(alt.layer(*layers).properties(height=180))


def felt_chart(words: Words, rows: Sequence[SurfaceFelt]) -> alt.LayerChart | None:
    """Next-morning stiffness against the usual: a dot with its interval, zero as a line."""
    known = [row for row in rows if row.mean is not None and row.low is not None and row.high is not None]
    if not known:
        return None
    frame = pd.DataFrame(
        {
            "group": [f"{row.group} (n = {row.n})" for row in known],
            "mean": [row.mean for row in known],
            "low": [row.low for row in known],
            "high": [row.high for row in known],
        }
    )
    reach = max(1.0, float(frame[["low", "high"]].abs().max().max()) * 1.1)
    x = alt.Scale(domain=[-reach, reach])
    step = max(0.5, float(np.floor(2 * reach)) / 2)
    base = alt.Chart(frame).encode(y=alt.Y("group:N", title=None, sort=None, axis=alt.Axis(labelLimit=160)))
    tip = [alt.Tooltip("group:N", title=" ")] + [
        alt.Tooltip(f"{name}:Q", title=words.say(f"chart.felt_{name}"), format="+.1f")
        for name in ("low", "mean", "high")
    ]
    zero = alt.Chart(pd.DataFrame({"x": [0.0]})).mark_rule(color=STONE, strokeDash=[3, 3])
    line = base.mark_rule(color=SPRUCE, strokeWidth=2.5)
    dot = base.mark_point(filled=True, size=90, color=SPRUCE, opacity=1)
    axis = alt.Axis(
        title=None, values=[-step, 0.0, step], labelExpr="datum.value == 0 ? '0' : format(datum.value, '+.1f')"
    )
    chart = alt.layer(
        zero.encode(x=alt.X("x:Q", scale=x, axis=axis)),
        line.encode(x=alt.X("low:Q", scale=x, axis=axis), x2="high:Q", tooltip=tip),
        dot.encode(x=alt.X("mean:Q", scale=x, axis=axis), tooltip=tip),
    )
    return clear(chart.properties(height=60 + 40 * len(known)))


def _axis_day(words: Words) -> str:
    """d3's pattern for a day: the browser writes it, and knows English months only."""
    return "%d.%m." if words.language.code == "de" else "%-d %b"


def _days(rows: Sequence[tuple[date, float]], column: str) -> pd.DataFrame:
    return pd.DataFrame({"day": [pd.Timestamp(day) for day, _ in rows], column: [value for _, value in rows]})


def _day_tip(words: Words) -> alt.Tooltip:
    year = "%Y" if words.language.code == "de" else " %Y"
    return alt.Tooltip("day:T", title=words.say("chart.day"), format=_axis_day(words) + year)


def _value_tip(words: Words, column: str, shape: str = ".0f") -> alt.Tooltip:
    return alt.Tooltip(f"{column}:Q", title=words.say(f"chart.{column}"), format=shape)
