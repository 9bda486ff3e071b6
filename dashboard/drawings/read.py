"""A drawing's numbers: read from ``rules/knowledge/drawings``, checked before anything is drawn."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from importlib.resources import files
from typing import Any

from dashboard.drawings.body import BodyPose
from dashboard.drawings.frames import Pose, motion_of
from dashboard.drawings.side import SidePose
from dashboard.drawings.svg import ArrowSpec, Drawing
from dashboard.drawings.things import THINGS
from dashboard.drawings.top import TopPose

LIMITS = {"toe_deg": (-45.0, 70.0), "tip_deg": (-60.0, 20.0), "heel_deg": (0.0, 60.0), "lean_deg": (-25.0, 40.0),
          "arch": (0.0, 10.0), "spread_deg": (-4.0, 18.0), "curl": (0.0, 1.0), "big_toe": (0.0, 1.0),
          "others": (0.0, 1.0), "others_deg": (-20.0, 60.0), "trunk_deg": (0.0, 240.0)}  # fmt: skip
"""How far each joint may go in any drawing; the big toe lifts 65–75° passively in adults (Hopson 1995)."""

RIGS: dict[str, type[Pose]] = {"side": SidePose, "top": TopPose, "sole": TopPose, "body": BodyPose}


class DrawingError(ValueError):
    """A drawing's file that cannot be drawn: which one, and why."""


def names() -> list[str]:
    """Every drawing that the knowledge holds."""
    folder = files("rules.knowledge").joinpath("drawings")
    return sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml"))


def read(name: str) -> Drawing:
    """One drawing. Raises :class:`DrawingError` for an unknown key, thing or angle."""
    text = files("rules.knowledge").joinpath("drawings", f"{name}.toml").read_text(encoding="utf-8")
    return drawing_of(name, tomllib.loads(text))


def drawing_of(name: str, told: dict[str, Any]) -> Drawing:
    unknown = set(told) - {"rig", "seconds", "things", "moving", "pose", "arrow", "still"}
    if unknown:
        raise DrawingError(f"{name}: {sorted(unknown)}")
    rig = told["rig"]
    poses = [_pose(name, rig, pose) for pose in told["pose"]]
    things, moving = tuple(told.get("things", ())), tuple(told.get("moving", ()))
    if not {*things, *moving} <= THINGS:
        raise DrawingError(f"{name}: {sorted({*things, *moving} - THINGS)}")
    arrows = tuple(ArrowSpec(**arrow) for arrow in told.get("arrow", ()))
    return Drawing(
        name, motion_of(poses), float(told["seconds"]), things, arrows, moving, rig == "sole", told.get("still", -1)
    )


def _pose(name: str, rig: str, told: dict[str, float]) -> Pose:
    kind = RIGS[rig]
    known = {field.name for field in fields(kind)}
    for key, value in told.items():
        low, high = LIMITS.get(key, (-180.0, 180.0))
        if key not in known or not low <= value <= high:
            raise DrawingError(f"{name}: {key} = {value}")
    # A raised heel bends the same joint as a lifted toe.
    bent = told.get("toe_deg", 0.0) + told.get("heel_deg", 0.0)
    if not LIMITS["toe_deg"][0] <= bent <= LIMITS["toe_deg"][1]:
        raise DrawingError(f"{name}: {bent}")
    return kind(**told)
