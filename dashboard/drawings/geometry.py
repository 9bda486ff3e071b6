"""Points, rotations and smooth outlines, in hundredths of a foot's length; y points up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians, sin

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Turn:
    """A rigid movement: turn by ``deg`` (counter-clockwise) about the origin, then shift."""

    deg: float = 0.0
    dx: float = 0.0
    dy: float = 0.0

    def __call__(self, point: Point) -> Point:
        c, s = cos(radians(self.deg)), sin(radians(self.deg))
        return point[0] * c - point[1] * s + self.dx, point[0] * s + point[1] * c + self.dy

    def after(self, first: Turn) -> Turn:
        """The movement that does ``first``, then this one."""
        dx, dy = self((first.dx, first.dy))
        return Turn(first.deg + self.deg, dx, dy)


def about(pivot: Point, deg: float) -> Turn:
    """A turn about ``pivot``."""
    x, y = Turn(deg)(pivot)
    return Turn(deg, pivot[0] - x, pivot[1] - y)


def part_way(first: Point, second: Point, share: float) -> Point:
    """The point that lies ``share`` of the way from ``first`` to ``second``."""
    return first[0] + (second[0] - first[0]) * share, first[1] + (second[1] - first[1]) * share


def distance(first: Point, second: Point) -> float:
    return hypot(second[0] - first[0], second[1] - first[1])


def path(points: Sequence[Point], *, closed: bool, tension: float = 0.17) -> str:
    """A smooth SVG path through ``points`` (there y points down).

    Uniform Catmull-Rom: each control point mirrors the one before it, so SVG's short ``s`` says all of it.
    """
    if closed:
        around = [points[-1], *points, points[0], points[1]]
    else:
        around = [points[0], *points, points[-1]]
    found = [f"M{_at(points[0])}"]
    at = _rounded(points[0])
    for n in range(len(around) - 3):
        a, b, c, d = around[n : n + 4]
        second = c[0] - (d[0] - b[0]) * tension, c[1] - (d[1] - b[1]) * tension
        if n == 0:
            first = b[0] + (c[0] - a[0]) * tension, b[1] + (c[1] - a[1]) * tension
            found.append(f"c{_by(first, at)} {_by(second, at)} {_by(c, at)}")
        else:
            found.append(f"s{_by(second, at)} {_by(c, at)}")
        at = _rounded(c)
    return "".join(found).replace(" -", "-") + ("z" if closed else "")


def line(points: Sequence[Point]) -> str:
    """A straight SVG path through ``points``."""
    return "M" + "L".join(_at(point) for point in points)


def decimal(value: float) -> str:
    """One decimal, and none that says nothing: the files stay small."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _at(point: Point) -> str:
    return f"{decimal(point[0])} {decimal(-point[1])}"


def _by(point: Point, start: Point) -> str:
    return f"{decimal(point[0] - start[0])} {decimal(start[1] - point[1])}"


def _rounded(point: Point) -> Point:
    return round(point[0], 1), round(point[1], 1)
