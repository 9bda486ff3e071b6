"""The foot as a map: the model's own outline from three sides, and the places on it that can be tapped.

Hundredths of a foot's length, y up, as in the drawn drills. A place is at least 18 wide and high, which is a thumb's
44 pixels where a foot is drawn 250 pixels long.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.drawings.geometry import Point, Turn, path
from dashboard.drawings.side import SidePose, side_foot
from dashboard.drawings.top import HEADS, LENGTHS, REST_DEG, TopPose, top_foot

VIEWS = ("sole", "top", "inner")
Corners = tuple[Point, ...]
FROM_ABOVE: dict[str, Corners] = {
    "toes": ((-24, 80), (-4, 80), (24, 69), (24, 106), (-24, 106)),
    "big-toe-joint": ((-24, 59), (-4, 59), (-4, 80), (-24, 80)),
    "ball": ((-4, 57), (24, 50), (24, 69), (-4, 80)),
}
ZONES: dict[str, dict[str, Corners]] = {
    "sole": {
        **FROM_ABOVE,
        "plantar-fascia": ((-24, 25), (24, 25), (24, 50), (-4, 57), (-4, 59), (-24, 59)),
        "heel": ((-24, -5), (24, -5), (24, 25), (-24, 25)),
    },
    "top": {**FROM_ABOVE, "other": ((-24, -5), (24, -5), (24, 50), (-4, 57), (-4, 59), (-24, 59))},
    "inner": {
        "toes": ((80, -6), (105, -6), (105, 16), (80, 16)),
        "big-toe-joint": ((61, -6), (80, -6), (80, 22), (61, 22)),
        "plantar-fascia": ((27, -6), (61, -6), (61, 14), (27, 14)),
        "heel": ((-4, -6), (27, -6), (27, 22), (-4, 22)),
        "other": ((-4, 22), (27, 22), (27, 14), (61, 14), (61, 22), (80, 22), (80, 62), (-4, 62)),
    },
}
"""What a tap on each part of a view names; from above the skin over the ball is named as the ball."""


@dataclass(frozen=True, slots=True)
class FootView:
    """One side of a foot: of the right one from above and below, of the left one from its inner side."""

    outline: str
    closed: bool
    lines: tuple[str, ...]
    """What lies inside the outline: pads, or nails."""
    zones: dict[str, str]
    width: float
    height: float


def view_of(name: str) -> FootView:
    zones = {place: straight(zone) for place, zone in ZONES[name].items()}
    if name == "inner":
        return FootView(path(side_foot(SidePose()).outline, closed=False), False, (), zones, 109, 68)
    lines = tuple(_nails()) if name == "top" else tuple(_pads())
    return FootView(path(top_foot(TopPose()).outline, closed=True), True, lines, zones, 48, 111)


def straight(zone: Corners) -> str:
    """A closed path of straight lines."""
    return "M" + "L".join(f"{x:g} {-y:g}" for x, y in zone) + "z"


def _nails() -> list[str]:
    found = []
    for head, length, deg in zip(HEADS, LENGTHS, REST_DEG, strict=True):
        turn, half = Turn(deg, *head), length * 0.09
        nail: list[Point] = [(-half, length - 1.6), (-half, length - 4.4), (half, length - 4.4), (half, length - 1.6)]
        found.append(path([turn(point) for point in nail], closed=True))
    return found


def _pads() -> list[str]:
    """The heel's cushion and the two of the ball, as in the drawn drills."""
    found = []
    for x, y, r in ((0, 13, 8), (-9, 66, 7), (10, 60, 6)):
        ring: list[Point] = [(x - r, y), (x, y + r), (x + r, y), (x, y - r)]
        found.append(path(ring, closed=True, tension=0.27))
    return found
