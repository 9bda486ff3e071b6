"""The foot from its inner side, toes to the right: four bones from heel to toe tip, a leg, and the skin that follows.

Lengths are hundredths of the foot's length. The first joint of the big toe lies at 72 % (70–75 % is usual; arch length
.73 of foot length in Hawes and Sovak 1994), the top of the instep at a quarter of the foot's length (arch height index
.34 of the heel-to-ball length, Williams and McClay 2000).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, degrees, sqrt

from dashboard.drawings.geometry import Point, Turn, about, distance, part_way

HEEL: Point = (8, 4)
NAVICULAR: Point = (42, 16)
BALL: Point = (72, 6.5)
MIDDLE: Point = (86, 5.5)
TIP: Point = (97, 5)
ANKLE: Point = (27, 26)
SHIN: Point = (27, 60)
BONES = (("heel", "navicular"), ("navicular", "ball"), ("ball", "middle"), ("middle", "tip"), ("ankle", "shin"))
GROUND = -0.5

SKIN: tuple[tuple[str, float, str, Point], ...] = (
    # the frame, the share of the second frame, the second frame, where the point lies in the foot at rest
    ("leg", 0.0, "leg", (18, 60)),
    ("leg", 0.0, "leg", (19, 46)),
    ("leg", 0.55, "rear", (16.5, 31)),
    ("rear", 0.2, "leg", (7.5, 20)),
    ("rear", 0.0, "rear", (2, 9)),
    ("rear", 0.0, "rear", (5.5, 1)),
    ("rear", 0.0, "rear", (15, 0)),
    ("rear", 0.0, "rear", (24, 1.5)),
    ("rear", 0.5, "fore", (42, 6)),
    ("fore", 0.0, "fore", (58, 2.5)),
    ("fore", 0.0, "fore", (66, 0)),
    ("fore", 0.25, "toe", (74, 0)),
    ("fore", 0.7, "toe", (79.5, 2.4)),
    ("toe", 0.4, "tip", (86.5, 1.2)),
    ("tip", 0.0, "tip", (93, 0)),
    ("tip", 0.0, "tip", (99, 2)),
    ("tip", 0.0, "tip", (99.6, 6)),
    ("tip", 0.0, "tip", (96, 9.6)),
    ("toe", 0.5, "tip", (87, 10.6)),
    ("toe", 0.25, "fore", (79, 11.6)),
    ("fore", 0.35, "toe", (71, 14)),
    ("fore", 0.0, "fore", (60, 20.5)),
    ("rear", 0.5, "fore", (47, 28)),
    ("rear", 0.4, "leg", (38, 35)),
    ("leg", 0.0, "leg", (35.5, 47)),
    ("leg", 0.0, "leg", (37, 60)),
)


@dataclass(frozen=True, slots=True)
class SidePose:
    """Angles in degrees, shifts in hundredths of a foot. At rest everything is 0."""

    toe_deg: float = 0.0
    """The big toe's first joint against the sole: up is positive."""
    tip_deg: float = 0.0
    """The toe's second joint: a curl is negative."""
    heel_deg: float = 0.0
    """How far the heel is raised over the ball; the toes stay flat."""
    arch: float = 0.0
    """How much the arch rises; the ball comes nearer to the heel by as much as the bones' lengths ask for."""
    lean_deg: float = 0.0
    """The leg against the sole: forward is positive."""
    others_deg: float = 0.0
    """The small toes behind the big one, where they are drawn: up is positive."""
    pitch_deg: float = 0.0
    """The whole foot about the heel: toes up is positive."""
    dx: float = 0.0
    dy: float = 0.0


@dataclass(frozen=True, slots=True)
class SideFoot:
    """One pose worked out: where the joints are and the skin round them."""

    joints: dict[str, Point]
    outline: tuple[Point, ...]
    others_deg: float = 0.0


def side_foot(pose: SidePose) -> SideFoot:
    """The foot in this pose, its bones as long as ever."""
    rear, fore = _arched(pose.arch)
    raised = about(fore(BALL), -pose.heel_deg)
    rear, fore = raised.after(rear), raised.after(fore)
    toe_turn = about(fore(BALL), pose.toe_deg + pose.heel_deg)
    toe = toe_turn.after(fore)
    if pose.arch:
        # The toes stay on the floor although the bone behind them tilts.
        toe = about(fore(BALL), -fore.deg + pose.toe_deg).after(fore)
    tip = about(toe(MIDDLE), pose.tip_deg).after(toe)
    leg = about(rear(ANKLE), -pose.lean_deg + pose.heel_deg).after(rear)
    if pose.arch:
        leg = about(rear(ANKLE), -rear.deg - pose.lean_deg).after(rear)
    whole = Turn(0, pose.dx, pose.dy).after(about(HEEL, pose.pitch_deg))
    frames = {name: whole.after(turn) for name, turn in
              {"rear": rear, "fore": fore, "toe": toe, "tip": tip, "leg": leg}.items()}  # fmt: skip
    joints = {
        "heel": frames["rear"](HEEL), "navicular": frames["rear"](NAVICULAR), "ball": frames["fore"](BALL),
        "middle": frames["toe"](MIDDLE), "tip": frames["tip"](TIP), "ankle": frames["rear"](ANKLE),
        "shin": frames["leg"](SHIN),
    }  # fmt: skip
    outline = tuple(part_way(frames[one](at), frames[other](at), share) for one, share, other, at in SKIN)
    return SideFoot(joints, outline, pose.others_deg)


def bone_lengths(foot: SideFoot) -> dict[str, float]:
    return {f"{one}-{other}": distance(foot.joints[one], foot.joints[other]) for one, other in BONES}


def _arched(rise: float) -> tuple[Turn, Turn]:
    """Heel and ball stay on the ground, the navicular rises, the two bones keep their lengths."""
    if not rise:
        return Turn(), Turn()
    rear_length, fore_length = distance(HEEL, NAVICULAR), distance(NAVICULAR, BALL)
    top = NAVICULAR[1] + rise
    along = HEEL[0] + sqrt(rear_length**2 - (top - HEEL[1]) ** 2)
    ball: Point = (along + sqrt(fore_length**2 - (top - BALL[1]) ** 2), BALL[1])
    rear = about(HEEL, _angle(HEEL, (along, top)) - _angle(HEEL, NAVICULAR))
    turned = _angle((along, top), ball) - _angle(NAVICULAR, BALL)
    fore = Turn(0, along - NAVICULAR[0], top - NAVICULAR[1]).after(about(NAVICULAR, turned))
    return rear, fore


def _angle(first: Point, second: Point) -> float:
    return degrees(atan2(second[1] - first[1], second[0] - first[0]))
