"""A run's curves as panels over one and the same time axis: pace, heart rate, height."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from dashboard.charts import CLAY, PLUM, SKY, STONE, ChartRow, Spec, drawing, layer, look, tips
from dashboard.format import Words
from rules.facts.kinds import HARD, Hills
from rules.units import FOOT_M, MISSING
from sync.wire.runs import Lines, RunLine, SegmentLine

ROLES = {"warmup": "#c9a13b", "work": CLAY, "recovery": SKY, "cooldown": "#7a9a5b", "steady": STONE, "pause": "#b0aca0"}
EFFORT_ROLES = ("work", "recovery")
PANEL_PX = 130
TIME_AXIS_PX = 45
AXIS: Spec = {
    "title": None,
    "orient": "right",
    "labelAlign": "right",
    "labelBaseline": "bottom",
    "labelPadding": -2,
    "labelOffset": -1,
    "ticks": False,
    "domain": False,
    "zindex": 1,
}
"""Values stand inside, on their line: every panel is as wide as the screen, and all share one time axis."""
ROOM = 1.12
"""To the right of a curve's end stand the values of its axis."""
TOUCHED = "touched"
"""The moment under the finger: a line through every panel."""
STRIPS = 90
"""What is known of a moment shows on an upright strip: a finger misses a line of one pixel."""
TIME = "datum.value >= 60 ? floor(datum.value / 60) + ':' + format(datum.value % 60, '02d') : datum.value"
PACE = "floor(60 / datum.value + 0.001) + ':' + format(round(3600 / datum.value) % 60, '02d')"

Column = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class _Curve:
    """One panel: the marks by the column they draw, and their common axis."""

    name: str
    columns: Mapping[str, Column]
    marks: Mapping[str, Spec]
    y: Spec
    more: Spec = field(default_factory=dict)

    def layer(self, t_s: Sequence[float], x: Spec) -> Spec:
        rows = [
            {"minutes": round(at_s / 60, 3), **dict(zip(self.columns, values, strict=True))}
            for at_s, *values in zip(t_s, *self.columns.values(), strict=True)
        ]
        drawn = [
            {"mark": mark, "encoding": {"x": x, "y": {"field": name, "type": "quantitative", **self.y}, **self.more}}
            for name, mark in self.marks.items()
        ]
        return {"data": {"values": rows}, "layer": drawn}


def run_panels(words: Words, lines: Lines, segments: Sequence[SegmentLine]) -> dict[str, Spec]:
    """``pace``, ``heart`` and ``height`` from top to bottom, as far as they were measured."""
    columns: dict[str, Column] = {
        "speed": _times(lines.speed_mps, words.speed(1)),
        "adjusted": _times(lines.grade_adjusted_mps, words.speed(1)),
        "heart": lines.heart_rate_bpm,
        "height": _times(lines.altitude_m, 1 / FOOT_M if words.units == "mi" else 1),
    }
    found = (_pace(columns), _line(columns, "heart"), _area(columns, "height"))
    curves = [curve for curve in found if curve is not None]
    strips = _strips(words, lines, segments) if curves else []
    panels = {}
    for curve in curves:
        last = curve is curves[-1]
        x = _time_axis(words, lines.t_s, labels=last)
        layers = [_bands(segments, x)] if segments else []
        layers += [curve.layer(lines.t_s, x), tips(strips, x, _titles(words, columns, segments))]
        panels[curve.name] = drawing(words, *layers, height=PANEL_PX + (TIME_AXIS_PX if last else 0))
    return panels


def run_chart(words: Words, lines: Lines, segments: Sequence[SegmentLine], titles: Mapping[str, str]) -> Spec | None:
    """The panels, each under its title, as one chart with one time axis; a touch on one marks the moment in all."""
    panels = run_panels(words, lines, segments)
    if not panels:
        return None
    on = {"param": TOUCHED, "empty": False}
    joined = []
    for name, panel in panels.items():
        *drawn, strips = panel["layer"]
        rule = {
            "data": strips["data"],
            "transform": [{"filter": on}],
            "mark": {"type": "rule", "color": STONE, "strokeWidth": 1.5, "aria": False},
            "encoding": {"x": strips["encoding"]["x"]},
        }
        title = {"text": titles[name], "anchor": "start", "frame": "group", "fontSize": 13, "offset": 6}
        layers = [*drawn, rule, {**strips, "name": _strips_of(name)}]
        joined.append({"layer": layers, "height": PANEL_PX, "title": title})
    touch = {"type": "point", "on": "pointerover", "clear": False, "fields": ["minutes"], "toggle": False}
    return {
        "vconcat": joined,
        "spacing": 14,
        "padding": {"left": 0, "right": 0, "top": 4, "bottom": 4},
        "params": [{"name": TOUCHED, "select": touch, "views": [_strips_of(name) for name in panels]}],
        "resolve": {"scale": {"x": "shared"}},
        "config": look(words),
    }


def _strips_of(panel: str) -> str:
    return f"strips_{panel}"


def told_parts(run: RunLine, segments: Sequence[SegmentLine]) -> Sequence[SegmentLine]:
    """The parts to shade and to list: efforts only where the run is called one with efforts. Else words and shading
    would say two things of one run."""
    efforts = run.intensity in HARD or run.hills == Hills.HILL_REPEATS
    return segments if efforts else [part for part in segments if part.role not in EFFORT_ROLES]


def _time_axis(words: Words, t_s: Sequence[float], *, labels: bool) -> Spec:
    return {
        "field": "minutes",
        "type": "quantitative",
        "scale": {"domain": [0, ROOM * max(t_s) / 60], "nice": False},
        "axis": {
            "title": words.say("chart.time") if labels else None,
            "labels": labels,
            "ticks": labels,
            "grid": False,
            "values": time_ticks(max(t_s) / 60),
            "labelExpr": TIME,
        },
    }


# --- the curves -----------------------------------------------------------------------------------


def _pace(columns: Mapping[str, Column]) -> _Curve | None:
    """Drawn as speed, so that up is faster; read as pace."""
    known = _known(columns["speed"])
    if not known:
        return None
    low, high = float(np.quantile(known, 0.02)) * 0.93, float(np.quantile(known, 0.995)) * 1.05
    scale = {"domain": [max(0.0, low), max(high, low + 1)], "clamp": True, "nice": False, "zero": False}
    axis = {**AXIS, "labelExpr": PACE, "values": pace_ticks(max(low, 3), high)}
    styles: dict[str, Spec] = {
        "speed": {"color": SKY, "strokeWidth": 1.8},
        "adjusted": {"color": CLAY, "strokeWidth": 1.3, "strokeDash": [4, 3]},
    }
    measured = {name: columns[name] for name in styles if _known(columns[name])}
    marks = {name: {"type": "line", "clip": True, **styles[name]} for name in measured}
    return _Curve("pace", measured, marks, {"scale": scale, "axis": axis})


def _line(columns: Mapping[str, Column], name: str) -> _Curve | None:
    low, high = _span(columns[name])
    line: Spec = {"type": "line", "clip": True, "color": PLUM, "strokeWidth": 1.8}
    return _Curve(name, {name: columns[name]}, {name: line}, _measured(low, high)) if low < high else None


def _area(columns: Mapping[str, Column], name: str) -> _Curve | None:
    low, high = _span(columns[name])
    area: Spec = {"type": "area", "clip": True, "color": STONE, "opacity": 0.4, "line": {"color": STONE}}
    ground = {"y2": {"datum": low}}
    return _Curve(name, {name: columns[name]}, {name: area}, _measured(low, high), ground) if low < high else None


def _span(values: Column) -> tuple[float, float]:
    """Where a curve's axis begins and ends, with room around what was measured; nothing between them without any."""
    known = _known(values)
    if not known:
        return (0.0, 0.0)
    low, high = min(known), max(known)
    room = max(5.0, (high - low) * 0.08)
    return (low - room, high + room)


def _measured(low: float, high: float) -> Spec:
    return {"scale": {"domain": [low, high], "nice": False, "zero": False}, "axis": {**AXIS, "tickCount": 4}}


def time_ticks(minutes: float) -> list[int]:
    """Round minutes up to the run's end, seven at most."""
    step = next((step for step in (5, 10, 15, 20, 30, 60, 120) if minutes / step < 7), 240)
    return list(range(0, int(minutes) + 1, step))


def pace_ticks(low: float, high: float) -> list[float]:
    """Speeds at round paces (whole or half minutes) between two speeds per hour, four at most."""
    fastest, slowest = 3600 / high, 3600 / low
    for step in (15, 30, 60, 120, 300):
        first = int(np.ceil(fastest / step)) * step
        paces = list(range(first, int(slowest) + 1, step))
        if len(paces) <= 4:
            return [3600 / pace for pace in paces]
    return []


# --- behind and before them -----------------------------------------------------------------------


def _bands(segments: Sequence[SegmentLine], x: Spec) -> Spec:
    rows = [
        {
            "minutes": segment.start_s / 60,
            "to": segment.end_s / 60,
            "colour": ROLES.get(segment.role, STONE),
            # Effort stands out; what is even or paused stays in the back.
            "tint": 0.08 if segment.role in ("steady", "pause") else 0.24,
        }
        for segment in segments
    ]
    return layer(
        rows,
        {"type": "rect", "aria": False},
        x=x,
        x2={"field": "to"},
        color={"field": "colour", "type": "nominal", "scale": None, "legend": None},
        opacity={"field": "tint", "type": "quantitative", "scale": None, "legend": None},
    )


def _strips(words: Words, lines: Lines, segments: Sequence[SegmentLine]) -> list[ChartRow]:
    """What is known of each share of the time, in words."""
    count, share = len(lines.t_s), -(-len(lines.t_s) // STRIPS)
    rows = []
    for first in range(0, count, share):
        at = min(first + share // 2, count - 1)
        rows.append(
            {
                "minutes": round(lines.t_s[first] / 60, 3),
                "to": round(lines.t_s[min(first + share, count - 1)] / 60, 3),
                "at": _clock(lines.t_s[at]),
                "speed": words.pace(lines.speed_mps[at]),
                "adjusted": words.pace(lines.grade_adjusted_mps[at]),
                "heart": words.bpm(lines.heart_rate_bpm[at]),
                "height": words.climb(lines.altitude_m[at]),
                "role": _part(words, lines.t_s[at], segments),
            }
        )
    return rows


def _titles(words: Words, columns: Mapping[str, Column], segments: Sequence[SegmentLine]) -> dict[str, str]:
    """What a strip says, and under which name: only what was measured at all."""
    names = {"speed": "speed", "adjusted": "adjusted", "heart": "heart_short", "height": "height_short"}
    found = {name: words.say(f"chart.{key}") for name, key in names.items() if _known(columns[name])}
    return {"at": words.say("chart.at"), **found, **({"role": words.say("chart.role")} if segments else {})}


def _part(words: Words, at_s: float, segments: Sequence[SegmentLine]) -> str:
    for segment in segments:
        if segment.start_s <= at_s < segment.end_s:
            long, pace = words.duration(segment.end_s - segment.start_s), words.pace(segment.speed_mps)
            return words.join([words.name("role", segment.role), long, pace])
    return MISSING


# --- numbers --------------------------------------------------------------------------------------


def _times(values: Column, factor: float) -> Column:
    return [None if value is None else round(value * factor, 2) for value in values]


def _known(values: Column) -> list[float]:
    return [value for value in values if value is not None]


def _clock(seconds: float) -> str:
    hours, minutes, seconds = int(seconds) // 3600, int(seconds) // 60 % 60, int(seconds) % 60
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
