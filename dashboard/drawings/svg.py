"""One movement as an animated SVG and as a still: lines in the page's own colour, moved by CSS alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.drawings.body import HEAD_RADIUS, LIMBS, Body
from dashboard.drawings.frames import Foot, Motion, landmark
from dashboard.drawings.geometry import Point, decimal, distance, line, part_way, path
from dashboard.drawings.side import SideFoot
from dashboard.drawings.things import arrow, thing

STYLE = (
    ".{p} path,.{p} circle{{fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}}"
    ".{p} .ss-g{{opacity:.6;stroke-width:1.2}}.{p} .ss-t{{stroke-width:2.6}}"
    ".{p} .ss-r{{stroke:var(--drawing-accent,currentColor)}}"
    ".{p} .ss-h{{stroke:none;fill:var(--drawing-accent,currentColor)}}"
)

LIMB = ".{p} .ss-b{{stroke-width:5}}"


EDGE = 4.0
"""Room round what is drawn, so that no line is cut."""
PATH = re.compile(r' d="([^"]+)"')
COMMAND = re.compile(r"([MLcsz])([^MLcsz]*)")
NUMBER = re.compile(r"-?\d*\.?\d+")


@dataclass(frozen=True, slots=True)
class ArrowSpec:
    """An arrow beside the way that one landmark goes between two key poses."""

    of: str
    start: int
    end: int
    off: float = 9.0
    """How far outside the way it lies."""
    dx: float = 0.0
    dy: float = 0.0
    """Where it is moved to when the way itself is too near."""
    longer: float = 1.0
    """A short way is drawn longer, so that it is seen."""
    both: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn: the movement, how long one turn of it takes, things and arrows."""

    name: str
    motion: Motion
    seconds: float
    things: tuple[str, ...]
    arrows: tuple[ArrowSpec, ...]
    moving_things: tuple[str, ...] = ()
    sole: bool = False
    still: int = -1
    """Which key pose the still shows in full lines."""


def animated(drawing: Drawing) -> str:
    """The moving picture: one group a frame, each shown in its turn. Without motion: the still's two poses."""
    prefix = f"ss-{drawing.name}"
    move = drawing.motion
    style = (STYLE + LIMB if isinstance(move.feet[0], Body) else STYLE).format(p=prefix)
    slots = len(move.order)
    body = "".join(thing(name, move.feet[0]) for name in drawing.things)
    for n, foot in enumerate(move.feet):
        shown = [slot for slot, frame in enumerate(move.order) if frame == n]
        if len(move.feet) > 1:
            style += f".{prefix} .ss-{n}{{animation:{prefix}-{n} {decimal(drawing.seconds)}s step-end infinite}}"
            style += f"@keyframes {prefix}-{n}{{{_keyframes(shown, slots)}}}"
        body += f'<g class="ss-{n}">{_foot(foot, drawing)}{_moving(foot, drawing)}</g>'
    full, faint = _still_frames(drawing)
    if len(move.feet) > 1:
        others = ",".join(f".{prefix} .ss-{n}" for n in range(len(move.feet)) if n not in (full, faint))
        still = f"{others}{{visibility:hidden}}" if others else ""
        still += f".{prefix} .ss-{faint}{{opacity:.3}}" if faint != full else ""
        style += f"@media(prefers-reduced-motion:reduce){{.{prefix} g{{animation:none!important}}{still}}}"
    body += "".join(_arrow(drawing, spec) for spec in drawing.arrows)
    return _svg(prefix, drawing, f"<style>{style}</style>{body}")


def still(drawing: Drawing) -> str:
    """One picture without motion or style sheet: where it starts, faint, and where it goes."""
    move = drawing.motion
    full, faint = _still_frames(drawing)
    feet = [move.feet[full]]
    start = f'<g opacity=".3">{_foot(move.feet[faint], drawing)}</g>' if faint != full else ""
    body = "".join(thing(name, feet[0]) for name in drawing.things) + start
    body += (
        _foot(feet[0], drawing) + _moving(feet[0], drawing) + "".join(_arrow(drawing, spec) for spec in drawing.arrows)
    )
    body = body.replace(' class="ss-h"', ' fill="currentColor" stroke="none"').replace(' class="ss-g"', ' opacity=".6"')
    body = body.replace(' class="ss-t"', "").replace(' class="ss-r"', "").replace(' class="ss-b"', ' stroke-width="5"')
    round_ends = 'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"'
    inner = f'<g fill="none" stroke="currentColor" {round_ends}>{body}</g>'
    return _svg(f"ss-{drawing.name}-still", drawing, inner)


def _still_frames(drawing: Drawing) -> tuple[int, int]:
    keys = drawing.motion.keys
    full = keys[drawing.still]
    return full, keys[0] if keys[0] != full else keys[-1]


def _keyframes(shown: Sequence[int], slots: int) -> str:
    """``visibility`` from slot to slot; each slot lasts the same."""
    found, before = [], None
    for slot in range(slots):
        now = slot in shown
        if now != before:
            found.append(f"{decimal(100 * slot / slots)}%{{visibility:{'visible' if now else 'hidden'}}}")
            before = now
    return "".join(found)


def _foot(foot: Foot, drawing: Drawing) -> str:
    if isinstance(foot, SideFoot):
        return f'<path d="{path(foot.outline, closed=False)}"/>'
    if isinstance(foot, Body):
        limbs = "".join(line([foot.joints[name] for name in limb]) for limb in LIMBS)
        x, y = foot.joints["head"]
        head = f'<circle cx="{decimal(x)}" cy="{decimal(-y)}" r="{HEAD_RADIUS}"/>'
        return f'<path class="ss-b" d="{limbs}"/>{head}'
    drawn = f'<path d="{path(foot.outline, closed=True)}"/>'
    return drawn + (_pads() if drawing.sole else "")


def _pads() -> str:
    return "".join(
        f'<circle class="ss-g" cx="{decimal(x)}" cy="{decimal(-y)}" r="{r}"/>'
        for x, y, r in ((0, 13, 8), (-9, 66, 7), (10, 60, 6))
    )


def _moving(foot: Foot, drawing: Drawing) -> str:
    return "".join(thing(name, foot) for name in drawing.moving_things)


def _arrow(drawing: Drawing, spec: ArrowSpec) -> str:
    """Beside the way of its landmark, on the side away from the ball of the foot."""
    move = drawing.motion
    first, last = move.keys[spec.start], move.keys[spec.end]
    step = 1 if last > first else -1
    way = [landmark(foot, spec.of) for foot in move.feet[first : last + step if last + step >= 0 else None : step]]
    centre = _centre(move.feet[first])
    moved: list[Point] = []
    for x, y in way:
        away = distance((x, y), centre) or 1.0
        moved.append((x + (x - centre[0]) / away * spec.off + spec.dx, y + (y - centre[1]) / away * spec.off + spec.dy))
    if spec.longer != 1.0:
        end = part_way(moved[0], moved[-1], spec.longer)
        moved = [moved[0], end]
    return arrow(moved, both=spec.both)


def _centre(foot: Foot) -> Point:
    if isinstance(foot, SideFoot):
        return foot.joints["ball"]
    if isinstance(foot, Body):
        return foot.joints["hip"]
    return (2.0, 55.0)


def _svg(name: str, drawing: Drawing, inner: str) -> str:
    flipped = f'<g transform="scale(-1 1)">{inner}</g>' if drawing.sole else inner
    box = " ".join(decimal(value) for value in _box(drawing, inner))
    return f'<svg xmlns="http://www.w3.org/2000/svg" class="{name}" viewBox="{box}" role="img">{flipped}</svg>\n'


def _box(drawing: Drawing, inner: str) -> tuple[float, float, float, float]:
    """Left, top, width and height: every frame and every thing lies inside, and the side view is always as wide."""
    points = [point for foot in drawing.motion.feet for point in foot.outline] + drawn_points(inner)
    left, right = min(x for x, _ in points) - EDGE, max(x for x, _ in points) + EDGE
    low, high = min(y for _, y in points) - EDGE, max(y for _, y in points) + EDGE
    if isinstance(drawing.motion.feet[0], SideFoot):
        left, right = min(left, -18.0), max(right, 126.0)
    if drawing.sole:
        left, right = -right, -left
    return left, -high, right - left, high - low


def drawn_points(inner: str) -> list[Point]:
    """Where the straight and the curved lines of a drawing begin, turn and end; y up."""
    found: list[Point] = []
    for data in PATH.findall(inner):
        x = y = 0.0
        for letter, numbers in COMMAND.findall(data):
            values = [float(value) for value in NUMBER.findall(numbers)]
            pairs = list(zip(values[::2], values[1::2], strict=True))
            ends = {"c": pairs[2::3], "s": pairs[1::2]}.get(letter, pairs)
            for dx, dy in ends:
                x, y = (dx, dy) if letter in "ML" else (x + dx, y + dy)
                found.append((x, -y))
    return found
