"""A right foot from above, toes up the page; the sole is the same outline seen from below.

Proportions in hundredths of the foot's length: width 38 at the ball and 25 at the heel, toe lengths falling from
the big toe to the little one, the joints' line oblique from 72 % (first) to 62 % (fifth), after Hawes and Sovak 1994.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.drawings.geometry import Point, Turn

HEADS: tuple[Point, ...] = ((-11.5, 72), (-1.5, 75), (5.5, 72.5), (11.5, 68.5), (16.6, 62.5))
LENGTHS = (26.0, 25.0, 22.0, 19.0, 16.5)
WIDTHS = (10.4, 6.8, 6.4, 6.2, 6.4)
REST_DEG = (3.0, -1.0, -4.0, -8.0, -13.0)
"""Which way each toe points at rest, counter-clockwise; a right foot's big toe leans a little inwards."""
FAN = (1.0, 0.4, -0.1, -0.6, -1.2)
"""How far each toe goes of a spread: big and little toe lead."""
BACK: tuple[Point, ...] = (
    (19.2, 55), (17.6, 42), (15.2, 26), (13, 11), (7, 2), (0, 0),
    (-7, 2), (-12.2, 11), (-11.6, 26), (-10.8, 42), (-14.5, 57),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TopPose:
    """Degrees for the spread, shares for what is foreshortened from above."""

    spread_deg: float = 0.0
    """How far the outer toes part from their place at rest."""
    curl: float = 0.0
    """0 long, 1 drawn in as far as toes go: shorter by two fifths from above."""
    big_toe: float = 0.0
    """0 flat, 1 lifted 70°: shorter from above."""
    others: float = 0.0
    """The same for the four small toes."""
    turn_deg: float = 0.0
    dx: float = 0.0
    dy: float = 0.0


@dataclass(frozen=True, slots=True)
class TopFoot:
    outline: tuple[Point, ...]
    tips: tuple[Point, ...]


def top_foot(pose: TopPose) -> TopFoot:
    whole = Turn(pose.turn_deg, pose.dx, pose.dy)
    found: list[Point] = [whole(point) for point in BACK]
    tips: list[Point] = []
    for n, (head, length, width) in enumerate(zip(HEADS, LENGTHS, WIDTHS, strict=True)):
        lifted = pose.big_toe if n == 0 else pose.others
        long = length * (1 - 0.4 * pose.curl) * (1 - 0.35 * lifted)
        turn = Turn(REST_DEG[n] + FAN[n] * pose.spread_deg, *head)
        half = width / 2
        toe: list[Point] = [
            (-half * 1.04, 5 if n else 2), (-half * 1.06, long * 0.72), (-half * 0.66, long - 1),
            (half * 0.66, long - 1), (half * 1.06, long * 0.72), (half * 1.04, 5),
        ]  # fmt: skip
        found += [whole(turn(point)) for point in toe]
        tips.append(whole(turn((0, long))))
    return TopFoot(tuple(found), tuple(tips))
