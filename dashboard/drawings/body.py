"""The whole body as a figure of bones, for the exercises of the strength card that no foot can show.

Lengths are hundredths, of a body that is 110 tall: segments as shares of a person's height after Drillis and Contini
1966 (trunk from shoulder to hip .288, thigh .245, shank .246, upper arm .186, forearm .146, foot .152 of which two
thirds lie before the ankle).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians, sin

from dashboard.drawings.geometry import Point, distance

TRUNK, THIGH, SHANK, UPPER_ARM, FOREARM, FOOT = 32.0, 27.0, 27.0, 20.0, 16.0, 11.0
NECK = 13.0
"""From the shoulder to the middle of the head."""
HEAD_RADIUS = 6.5
LIMBS = (("shoulder", "hip", "knee", "ankle", "toe"), ("shoulder", "elbow", "hand"))
OTHER_LEG = ("hip", "other-knee", "other-ankle", "other-toe")


@dataclass(frozen=True, slots=True)
class BodyPose:
    """Where the hip is, and which way each bone points from it outwards: 0° to the right, counter-clockwise."""

    x: float = 0.0
    y: float = 0.0
    trunk_deg: float = 90.0
    head_deg: float = 90.0
    upper_arm_deg: float = -90.0
    forearm_deg: float = -90.0
    thigh_deg: float = -90.0
    shank_deg: float = -90.0
    foot_deg: float = 0.0
    other_thigh_deg: float = -90.0
    other_shank_deg: float = -90.0
    other_foot_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Body:
    """One pose worked out: where the joints are, and the farthest points of what is drawn of it."""

    joints: dict[str, Point]
    outline: tuple[Point, ...]


def body(pose: BodyPose) -> Body:
    hip = (pose.x, pose.y)
    joints = {"hip": hip, "shoulder": _off(hip, pose.trunk_deg, TRUNK)}
    bones = (
        ("shoulder", "head", pose.head_deg, NECK),
        ("shoulder", "elbow", pose.upper_arm_deg, UPPER_ARM),
        ("elbow", "hand", pose.forearm_deg, FOREARM),
        ("hip", "knee", pose.thigh_deg, THIGH),
        ("knee", "ankle", pose.shank_deg, SHANK),
        ("ankle", "toe", pose.foot_deg, FOOT),
        ("hip", "other-knee", pose.other_thigh_deg, THIGH),
        ("other-knee", "other-ankle", pose.other_shank_deg, SHANK),
        ("other-ankle", "other-toe", pose.other_foot_deg, FOOT),
    )
    for start, end, deg, length in bones:
        joints[end] = _off(joints[start], deg, length)
    x, y = joints["head"]
    round_head = [(x + dx * HEAD_RADIUS, y + dy * HEAD_RADIUS) for dx, dy in ((1, 0), (0, 1), (-1, 0), (0, -1))]
    return Body(joints, (*(joints[name] for limb in LIMBS for name in limb), *round_head))


def body_bone_lengths(found: Body) -> dict[str, float]:
    pairs = [(one, other) for limb in (*LIMBS, OTHER_LEG) for one, other in pairwise(limb)]
    return {f"{one}-{other}": distance(found.joints[one], found.joints[other]) for one, other in pairs}


def _off(start: Point, deg: float, length: float) -> Point:
    return start[0] + length * cos(radians(deg)), start[1] + length * sin(radians(deg))
