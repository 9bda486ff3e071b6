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


def run_chart(words: Words, lines: Lines, segments: Sequence[SegmentLine]) -> alt.VConcatChart | None:
    """Speed with grade-adjusted speed, heart rate and height over one time axis, segments tinted by effort."""
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
    last = float(frame["minutes"].max()) if len(frame) else 0.0
    panels: list[alt.Chart | alt.LayerChart] = []
    if frame["speed"].notna().any():
        panels.append(_speed_panel(words, frame, segments))
    if frame["heart"].notna().any():
        title = words.say("chart.heart")
        panels.append(_panel(frame, "heart", title, PLUM, [alt.Tooltip("heart:Q", title=title, format=".0f")]))
    if frame["height"].notna().any():
        title = words.say("chart.height", unit="ft" if words.units == "mi" else "m")
        tip = [alt.Tooltip("height:Q", title=title, format=".0f")]
        panels.append(_panel(frame, "height", title, STONE, tip, area=True))
    if not panels:
        return None
    axis = alt.Axis(title=None, labels=False, ticks=False, grid=False)
    below = alt.Axis(
        title=words.say("chart.time"),
        grid=False,
        labelExpr="datum.value >= 60 ? floor(datum.value / 60) + ':' + format(datum.value % 60, '02d') + ' h' : datum.value",
        tickCount=6,
    )
    scale = alt.Scale(domain=[0, last], nice=False)
    dressed = [
        panel.encode(x=alt.X("minutes:Q", scale=scale, axis=below if n == len(panels) - 1 else axis))
        if isinstance(panel, alt.Chart)
        else alt.layer(
            *(
                layer.encode(x=alt.X("minutes:Q", scale=scale, axis=below if n == len(panels) - 1 else axis))
                if layer.name != "segments"
                else layer.encode(x=alt.X("from:Q", scale=scale, axis=axis))
                for layer in panel.layer
            )
        ).resolve_scale(color="independent")
        for n, panel in enumerate(panels)
    ]
    return alt.vconcat(*(panel.properties(height=PANEL_PX) for panel in dressed), spacing=10).resolve_scale(
        x="shared", color="independent"
    )


def _speed_panel(words: Words, frame: pd.DataFrame, segments: Sequence[SegmentLine]) -> alt.LayerChart:
    known = frame["speed"].dropna()
    low, high = float(known.quantile(0.02)) * 0.9, float(known.quantile(0.995)) * 1.06
    scale = alt.Scale(domain=[max(0.0, low), max(high, low + 1)], clamp=True, nice=False)
    pace = alt.Axis(
        title=words.say("chart.pace", unit=words.units),
        labelExpr="floor(60 / datum.value) + ':' + format(floor(3600 / datum.value) % 60, '02d')",
        values=_pace_ticks(max(low, 3), high),
        minExtent=44,
        maxExtent=44,
    )
    tips = [
        alt.Tooltip("clock:N", title=words.say("chart.time")),
        alt.Tooltip("pace:N", title=words.say("chart.speed")),
        alt.Tooltip("adjusted_pace:N", title=words.say("chart.adjusted")),
    ]
    series = {"speed": words.say("chart.speed"), "adjusted": words.say("chart.adjusted")}
    colours = alt.Scale(domain=list(series.values()), range=[SKY, SPRUCE])
    dashes = alt.Scale(domain=list(series.values()), range=[[1, 0], [5, 3]])
    legend = alt.Legend(title=None, orient="top", direction="horizontal", symbolType="stroke", symbolStrokeWidth=3)
    layers: list[alt.Chart] = []
    if segments:
        bands = pd.DataFrame(
            {
                "from": [segment.start_s / 60 for segment in segments],
                "to": [segment.end_s / 60 for segment in segments],
                "role": [words.name("role", segment.role) for segment in segments],
                "what": [_segment(words, segment) for segment in segments],
            }
        )
        names = {words.name("role", role): colour for role, colour in ROLES.items()}
        present = [name for name in names if name in set(bands["role"])]
        layers.append(
            alt.Chart(bands, name="segments")
            .mark_rect(opacity=0.2)
            .encode(
                x2="to:Q",
                color=alt.Color(
                    "role:N",
                    scale=alt.Scale(domain=present, range=[names[name] for name in present]),
                    legend=alt.Legend(title=None, orient="top", direction="horizontal", symbolType="square"),
                ),
                tooltip=[alt.Tooltip("role:N", title=words.say("chart.role")), alt.Tooltip("what:N", title=" ")],
            )
        )
    for column, title in series.items():
        if frame[column].notna().any():
            named = frame.assign(line=title)
            layers.append(
                alt.Chart(named)
                .mark_line(strokeWidth=1.6, clip=True)
                .encode(
                    y=alt.Y(f"{column}:Q", scale=scale, axis=pace),
                    color=alt.Color("line:N", scale=colours, legend=legend),
                    strokeDash=alt.StrokeDash("line:N", scale=dashes, legend=legend),
                    tooltip=tips,
                )
            )
    return alt.layer(*layers)


def _panel(
    frame: pd.DataFrame, column: str, title: str, colour: str, tips: list[alt.Tooltip], *, area: bool = False
) -> alt.Chart:
    known = frame[column].dropna()
    low, high = float(known.min()), float(known.max())
    room = max(5.0, (high - low) * 0.08)
    chart = alt.Chart(frame)
    base = low - room
    mark = (
        chart.mark_area(opacity=0.45, color=colour, line={"color": colour}, clip=True)
        if area
        else chart.mark_line(strokeWidth=1.6, color=colour, clip=True)
    )
    axis = alt.Axis(title=title, tickCount=4, minExtent=44, maxExtent=44)
    encoded = mark.encode(
        y=alt.Y(f"{column}:Q", scale=alt.Scale(domain=[base, high + room], nice=False), axis=axis),
        tooltip=[alt.Tooltip("clock:N", title=" "), *tips],
    )
    return encoded.encode(y2=alt.datum(base)) if area else encoded


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
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%d.%m.", grid=False, tickCount=6, labelOverlap=True))
    axis = alt.Axis(title=words.say("chart.stiffness"), values=[0, 2, 4, 6, 8, 10])
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
    return alt.layer(*layers).properties(height=240)


def weeks_chart(words: Words, weeks: Sequence[tuple[date, float]]) -> alt.Chart:
    frame = _days([(day, words.length(metres)) for day, metres in weeks], "distance")
    return (
        alt.Chart(frame)
        .mark_bar(color=SPRUCE, cornerRadiusEnd=2, width={"band": 0.8})
        .encode(
            x=alt.X(
                "day:O",
                timeUnit="yearmonthdate",
                title=None,
                axis=alt.Axis(format="%d.%m.", labelOverlap=True, grid=False, labelAngle=0),
            ),
            y=alt.Y("distance:Q", title=words.say("chart.week", unit=words.units)),
            tooltip=[
                _day_tip(words),
                alt.Tooltip("distance:Q", title=words.say("chart.week", unit=words.units), format=".1f"),
            ],
        )
        .properties(height=180)
    )


def load_chart(words: Words, short: Sequence[tuple[date, float]], long: Sequence[tuple[date, float]]) -> alt.LayerChart:
    """Two running means of the daily load: shown as they are, no ratio, no colour of danger."""
    names = [words.say("chart.load_7"), words.say("chart.load_28")]
    colours = alt.Scale(domain=names, range=[SKY, SPRUCE])
    dashes = alt.Scale(domain=names, range=[[1, 0], [6, 3]])
    legend = alt.Legend(title=None, orient="top")
    layers = [
        alt.Chart(_days(rows, "load").assign(line=name))
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X("day:T", title=None, axis=alt.Axis(format="%d.%m.", grid=False, tickCount=6, labelOverlap=True)),
            y=alt.Y("load:Q", title=words.say("chart.load")),
            color=alt.Color("line:N", scale=colours, legend=legend),
            strokeDash=alt.StrokeDash("line:N", scale=dashes, legend=legend),
            tooltip=[_day_tip(words), alt.Tooltip("load:Q", title=name, format=".0f")],
        )
        for name, rows in zip(names, (short, long), strict=True)
    ]
    return alt.layer(*layers).properties(height=180)


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
    title = words.say("chart.felt")
    base = alt.Chart(frame).encode(y=alt.Y("group:N", title=None, sort=None, axis=alt.Axis(labelLimit=160)))
    tip = [alt.Tooltip("group:N", title=" ")] + [
        alt.Tooltip(f"{name}:Q", title=words.say(f"chart.felt_{name}"), format="+.1f")
        for name in ("low", "mean", "high")
    ]
    return alt.layer(
        alt.Chart(pd.DataFrame({"x": [0.0]})).mark_rule(color=STONE, strokeDash=[3, 3]).encode(x=alt.X("x:Q", scale=x)),
        base.mark_rule(color=SPRUCE, strokeWidth=2).encode(
            x=alt.X("low:Q", scale=x, title=title), x2="high:Q", tooltip=tip
        ),
        base.mark_point(filled=True, size=90, color=SPRUCE, opacity=1).encode(x=alt.X("mean:Q", scale=x), tooltip=tip),
    ).properties(height=max(80, 44 * len(known)))


def shares_chart(words: Words, shares: dict[str, float]) -> alt.Chart:
    """One bar of parts (zones, surfaces) with their seconds and share."""
    total = sum(shares.values()) or 1.0
    frame = pd.DataFrame(
        {
            "part": list(shares),
            "minutes": [seconds / 60 for seconds in shares.values()],
            "share": [words.percent(seconds / total) for seconds in shares.values()],
            "time": [words.duration(seconds) for seconds in shares.values()],
        }
    )
    return (
        alt.Chart(frame)
        .mark_bar(color=SPRUCE, cornerRadiusEnd=3)
        .encode(
            y=alt.Y("part:N", title=None, sort=None, axis=alt.Axis(labelLimit=140)),
            x=alt.X("minutes:Q", title=words.say("chart.minutes")),
            tooltip=[
                alt.Tooltip("part:N", title=" "),
                alt.Tooltip("time:N", title=words.say("chart.time")),
                alt.Tooltip("share:N", title="%"),
            ],
        )
        .properties(height=max(70, 34 * len(frame)))
    )


def _days(rows: Sequence[tuple[date, float]], column: str) -> pd.DataFrame:
    return pd.DataFrame({"day": [pd.Timestamp(day) for day, _ in rows], column: [value for _, value in rows]})


def _day_tip(words: Words) -> alt.Tooltip:
    return alt.Tooltip("day:T", title=words.say("chart.day"), format="%d.%m.%Y")


def _value_tip(words: Words, column: str, shape: str = ".0f") -> alt.Tooltip:
    return alt.Tooltip(f"{column}:Q", title=words.say(f"chart.{column}"), format=shape)
