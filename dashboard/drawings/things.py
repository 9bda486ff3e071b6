"""What stands round the foot: floor, wall, step, towel, band, small things, a hand, a texture."""

from __future__ import annotations

from math import hypot

from dashboard.drawings.body import OTHER_LEG, Body
from dashboard.drawings.frames import Foot, landmark
from dashboard.drawings.geometry import Point, about, line, part_way, path
from dashboard.drawings.side import GROUND, SHIN, SideFoot


def thing(name: str, foot: Foot) -> str:
    """One thing as SVG, where this pose of the foot asks for it."""
    return _THINGS[name](foot)


def arrow(points: list[Point], *, both: bool = False) -> str:
    """A curved arrow along ``points``, its head where they end."""
    drawn = (
        f'<path class="ss-r" d="{path(points, closed=False)}"/>'
        if len(points) > 2
        else f'<path class="ss-r" d="{line(points)}"/>'
    )
    heads = [_head(points[-2], points[-1]), *([_head(points[1], points[0])] if both else [])]
    return drawn + "".join(f'<path class="ss-h" d="{head}"/>' for head in heads)


def _head(before: Point, end: Point, size: float = 5.0) -> str:
    length = hypot(end[0] - before[0], end[1] - before[1]) or 1.0
    ux, uy = (end[0] - before[0]) / length, (end[1] - before[1]) / length
    wings = [
        (end[0] - size * (ux * 0.9 + side * uy * 0.6), end[1] - size * (uy * 0.9 - side * ux * 0.6)) for side in (1, -1)
    ]
    tip = end[0] + ux * size * 0.35, end[1] + uy * size * 0.35
    return line([wings[0], tip, wings[1]]) + "z"


def _ground(_foot: Foot) -> str:
    return f'<path class="ss-g" d="{line([(-14, GROUND - 1), (122, GROUND - 1)])}"/>'


def _wall(_foot: Foot) -> str:
    ticks = "".join(line([(118, y), (123, y + 5)]) for y in range(0, 62, 9))
    return f'<path class="ss-g" d="{line([(118, GROUND - 1), (118, 66)])}{ticks}"/>'


def _near_wall(_foot: Foot) -> str:
    ticks = "".join(line([(104, y), (109, y + 5)]) for y in range(0, 62, 9))
    return f'<path class="ss-g" d="{line([(104, GROUND - 1), (104, 66)])}{ticks}"/>'


def _toe_wall(_foot: Foot) -> str:
    """So near that the toes stand up against it."""
    ticks = "".join(line([(92, y), (97, y + 5)]) for y in range(0, 54, 9))
    return f'<path class="ss-g" d="{line([(92, GROUND - 1), (92, 58)])}{ticks}"/>'


def _small_toes(foot: Foot) -> str:
    """The four small toes behind the big one: on the floor, or lifted together."""
    if not isinstance(foot, SideFoot):
        return ""
    turn = about((74, 6.5), foot.others_deg)
    toes = [turn(point) for point in ((74, 9.5), (84, 8.6), (92, 7.6), (95.5, 4), (92, 0.4), (82, 1.2))]
    return f'<path class="ss-g" d="{path(toes, closed=False)}"/>'


def _palms(_foot: Foot) -> str:
    """A hand on the instep and one under the sole."""
    above: list[Point] = [(28, 56), (44, 44), (60, 33), (66, 27), (70, 30), (64, 38), (50, 50), (40, 60)]
    below: list[Point] = [(20, -22), (34, -10), (56, -5), (64, -4), (65, -8), (56, -11), (42, -17), (34, -28)]
    return "".join(f'<path d="{path(hand, closed=False)}"/>' for hand in (above, below))


def _rubbing(_foot: Foot) -> str:
    return arrow([(74, -8), (88, -5)], both=True) + arrow([(76, 30), (90, 22)], both=True)


def _step(_foot: Foot) -> str:
    edge, floor = line([(52, GROUND - 1), (52, -16), (-14, -16)]), line([(52, GROUND - 1), (122, GROUND - 1)])
    return f'<path class="ss-g" d="{edge}{floor}"/>'


def _towel(foot: Foot) -> str:
    """Folds gather where the toes draw it to."""
    if not isinstance(foot, SideFoot):
        return ""
    x = foot.joints["tip"][0]
    folds: list[Point] = [(58, -0.8)]
    width = (116 - 62) / 6
    drawn = max(0.0, 97 - x)
    for n in range(7):
        height = 1.0 + (drawn * 0.35 if n in (2, 4) else 0.0)
        folds.append((62 + n * width - drawn * n / 7, height if n % 2 == 0 else -0.8))
    return f'<path class="ss-t" d="{path(folds, closed=False)}"/>'


def _rolled_towel(_foot: Foot) -> str:
    roll: list[Point] = [(92, 4), (86, 9), (80, 4), (86, -0.5)]
    return f'<path class="ss-t" d="{path(roll, closed=True)}"/>'


def _band(foot: Foot) -> str:
    """Round the toe, its end held up and back."""
    if not isinstance(foot, SideFoot):
        return ""
    middle, tip = foot.joints["middle"], foot.joints["tip"]
    at = part_way(middle, tip, 0.4)
    return f'<path class="ss-t" d="{line([(at[0] + 1, at[1] - 6), (at[0] - 2, at[1] + 6), (66, 62)])}"/>' + _grip(
        (66, 62)
    )


def _grip(at: Point) -> str:
    x, y = at
    fist = [(x - 6, y - 3), (x - 6, y + 5), (x, y + 8), (x + 6, y + 5), (x + 6, y - 3), (x, y - 5)]
    return f'<path d="{path(fist, closed=True)}"/>'


def _hand(foot: Foot) -> str:
    """Four fingers over the toes from above, the thumb below: drawing them back."""
    if not isinstance(foot, SideFoot):
        return ""
    tip, middle = foot.joints["tip"], foot.joints["middle"]
    length = hypot(tip[0] - middle[0], tip[1] - middle[1])
    ux, uy = (tip[0] - middle[0]) / length, (tip[1] - middle[1]) / length

    def at(along: float, across: float) -> Point:
        return middle[0] + ux * along - uy * across, middle[1] + uy * along + ux * across

    fingers = [at(34, 15), at(20, 9), at(11, 7.5), at(4, 7), at(2, 9.5), at(5, 12), at(14, 13), at(18, 18), at(30, 26)]
    thumb = [at(34, 3), at(22, -2), at(14, -8), at(7, -9.5), at(4, -7), at(8, -5), at(15, -2), at(19, 2)]
    return (f'<path d="{path(fingers, closed=False)}"/><path d="{path(thumb, closed=False)}"/>')  # fmt: skip


def _objects(_foot: Foot) -> str:
    return "".join(f'<circle class="ss-t" cx="{x}" cy="-2.6" r="2.6"/>' for x in (108, 115))


def _object_held(foot: Foot) -> str:
    x, y = landmark(foot, "tip" if isinstance(foot, SideFoot) else "toe-1")
    return f'<circle class="ss-t" cx="{x - 5:.1f}" cy="{-(y - 7):.1f}" r="2.6"/>' + _objects(foot)


def _texture(_foot: Foot) -> str:
    blades = "".join(
        line([(x, GROUND - 1), (x + (2 if n % 2 else -2), 3.5 + n % 3)]) for n, x in enumerate(range(-12, 122, 6))
    )
    return f'<path class="ss-g" d="{blades}"/>'


def _other_foot(foot: Foot) -> str:
    """The other leg, lifted behind the standing one and carried along with it."""
    dx, dy = _carried(foot)
    lifted: list[Point] = [(4, 60), (4, 50), (-12, 41), (-15, 33), (3, 31), (15, 33), (18, 48), (18, 60)]
    return f'<path class="ss-g" d="{path([(x + dx, y + dy) for x, y in lifted], closed=False)}"/>'


def _second_foot(foot: Foot) -> str:
    """The other foot beside the first, a little further away, in the same pose; behind it the floor goes on."""
    if not isinstance(foot, SideFoot):
        return ""
    return f'<path class="ss-g" d="{path([(x - 16, y + 6) for x, y in foot.outline], closed=False)}"/>'


def _thigh(foot: Foot) -> str:
    """The bent knee of someone who sits."""
    dx, dy = _carried(foot)
    upper: list[Point] = [(37, 60), (38.5, 67), (35, 75), (26, 79), (8, 79), (-16, 78)]
    under: list[Point] = [(18, 60), (14, 64), (6, 65), (-16, 64)]
    return "".join(f'<path d="{path([(x + dx, y + dy) for x, y in side], closed=False)}"/>' for side in (upper, under))


def _carried(foot: Foot) -> Point:
    """How far the leg has moved from its place at rest."""
    x, y = foot.joints["shin"] if isinstance(foot, SideFoot) else SHIN
    return x - SHIN[0], y - SHIN[1]


def _head_turns(_foot: Foot) -> str:
    """A head from above, its nose, and the way it turns."""
    nose = line([(91, 63), (95, 66), (90, 67)])
    return f'<circle cx="84" cy="-60" r="9"/><path d="{nose}"/>' + arrow([(71, 74), (84, 80), (97, 74)], both=True)


def _reaching_foot(_foot: Foot) -> str:
    """The other leg, stretched out: its toes touch the floor in front."""
    front: list[Point] = [(44, 60), (66, 38), (92, 20), (103, 14), (117, 6), (122, 1.5), (118, -0.5), (106, 3)]
    back: list[Point] = [(106, 3), (96, 7), (84, 11), (58, 32), (34, 56)]
    leg = "".join(f'<path class="ss-g" d="{path(side, closed=False)}"/>' for side in (front, back))
    return leg + arrow([(128, 12), (118, 24), (104, 34)], both=True)


def _hand_on_wall(_foot: Foot) -> str:
    return (
        f'<path d="{path([(84, 66), (100, 60), (112, 58), (117, 60)], closed=False)}{line([(117, 54), (117, 65)])}"/>'
    )


def _floor(_foot: Foot) -> str:
    return f'<path class="ss-g" d="{line([(0, 0), (130, 0)])}"/>'


def _stair(_foot: Foot) -> str:
    """The lowest one, seen from its side, and the wall that the hand is on."""
    ticks = "".join(line([(81, y), (86, y + 5)]) for y in range(2, 116, 9))
    stair, wall = line([(8, 9), (55, 9), (55, 0), (100, 0)]), line([(81, 0), (81, 120)])
    return f'<path class="ss-g" d="{stair}{wall}{ticks}"/>'


def _other_leg(foot: Foot) -> str:
    if not isinstance(foot, Body):
        return ""
    return f'<path class="ss-b" opacity=".5" d="{line([foot.joints[name] for name in OTHER_LEG])}"/>'


_THINGS = {
    "ground": _ground,
    "wall": _wall,
    "near-wall": _near_wall,
    "toe-wall": _toe_wall,
    "small-toes": _small_toes,
    "palms": _palms,
    "rubbing": _rubbing,
    "step": _step,
    "towel": _towel,
    "rolled-towel": _rolled_towel,
    "band": _band,
    "hand": _hand,
    "objects": _objects,
    "object-held": _object_held,
    "texture": _texture,
    "other-foot": _other_foot,
    "second-foot": _second_foot,
    "thigh": _thigh,
    "head-turns": _head_turns,
    "reaching-foot": _reaching_foot,
    "hand-on-wall": _hand_on_wall,
    "floor": _floor,
    "stair": _stair,
    "other-leg": _other_leg,
}
THINGS = frozenset(_THINGS)
