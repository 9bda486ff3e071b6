"""From a few key poses to the frames of one movement, there and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from math import ceil

from dashboard.drawings.body import Body, BodyPose, body
from dashboard.drawings.geometry import Point, distance
from dashboard.drawings.side import SideFoot, SidePose, side_foot
from dashboard.drawings.top import TopFoot, TopPose, top_foot

Pose = SidePose | TopPose | BodyPose
Foot = SideFoot | TopFoot | Body
STEP = 7.0
"""How far a point may move from one frame to the next, in hundredths of the foot; the limit is a quarter."""
MOST = 6
"""Frames of one movement: more make the file large, fewer make it jump."""


@dataclass(frozen=True, slots=True)
class Motion:
    """Every frame that differs, the order in which they are shown, and which of them are key poses."""

    feet: tuple[Foot, ...]
    order: tuple[int, ...]
    keys: tuple[int, ...]


def foot_of(pose: Pose) -> Foot:
    if isinstance(pose, BodyPose):
        return body(pose)
    return side_foot(pose) if isinstance(pose, SidePose) else top_foot(pose)


def motion_of(poses: Sequence[Pose]) -> Motion:
    """The frames from the first key pose to the last and back; the last and the first are held a moment."""
    if len(poses) == 1:
        return Motion((foot_of(poses[0]),), (0,), (0,))
    steps = [_steps(one, two) for one, two in pairwise(poses)]
    while sum(steps) + 1 > MOST and max(steps) > 2:
        steps[steps.index(max(steps))] -= 1
    feet: list[Foot] = [foot_of(poses[0])]
    keys = [0]
    for (one, two), count in zip(pairwise(poses), steps, strict=True):
        feet += [foot_of(_between(one, two, n / count)) for n in range(1, count + 1)]
        keys.append(len(feet) - 1)
    last = len(feet) - 1
    there = [n for frame in range(last + 1) for n in ([frame] * 2 if frame in keys else [frame])]
    back = there[::-1][2:-2]
    return Motion(tuple(feet), tuple(there + back), tuple(keys))


def furthest(one: Foot, two: Foot) -> float:
    """The longest way that a point of the outline goes from one frame to the other."""
    return max(distance(a, b) for a, b in zip(one.outline, two.outline, strict=True))


def landmark(foot: Foot, name: str) -> Point:
    """A joint of the side view or of the body, or the tip of a toe (``toe-1`` to ``toe-5``) of the top view."""
    if not isinstance(foot, TopFoot):
        return foot.joints[name]
    return foot.tips[int(name.removeprefix("toe-")) - 1]


def _steps(one: Pose, two: Pose) -> int:
    return max(2, ceil(furthest(foot_of(one), foot_of(two)) / STEP))


def _between(one: Pose, two: Pose, share: float) -> Pose:
    values = {field.name: getattr(one, field.name) * (1 - share) + getattr(two, field.name) * share
              for field in fields(one)}  # fmt: skip
    return replace(one, **values)
