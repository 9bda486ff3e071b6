"""The drawn drills: current, small, still where they must be, and made by feet that keep their bones."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from dashboard.drawings.body import LIMBS, Body, BodyPose, body, body_bone_lengths
from dashboard.drawings.frames import furthest
from dashboard.drawings.geometry import distance
from dashboard.drawings.make import FOLDER, drawn
from dashboard.drawings.read import DrawingError, drawing_of, names, read
from dashboard.drawings.side import SideFoot, SidePose, bone_lengths, side_foot
from dashboard.drawings.svg import drawn_points
from rules.knowledge.loader import knowledge
from rules.knowledge.strength import strength_drills

QUARTER = 25.0
"""A quarter of a foot that is 100 long: no point moves further from one frame to the next."""


STAYS = {"bridge": ("shoulder", "ankle", "toe"), "side-plank": ("elbow", "ankle"), "step-down": ("ankle", "toe")}
"""What carries the body and does not move while the rest does."""


def test_every_drill_and_exercise_has_its_drawing_and_every_drawing_a_drill() -> None:
    assert names() == sorted([*knowledge().drills, *(drill.drill_id for drill in strength_drills())])


def test_the_files_are_those_that_the_numbers_make() -> None:
    assert {file.name: file.read_text() for file in FOLDER.glob("*.svg")} == drawn()


def files() -> list[Any]:
    return [pytest.param(name, text, id=name) for name, text in drawn().items()]


@pytest.mark.parametrize(("name", "text"), files())
def test_a_file_is_small_holds_no_words_and_moves_by_css_alone(name: str, text: str) -> None:
    assert len(text.encode()) <= (2000 if ".still." in name else 6000)
    tree = ElementTree.fromstring(text)
    kinds = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert kinds <= {"svg", "g", "path", "circle"} | (set() if ".still." in name else {"style"})
    assert not [element for element in tree.iter() if element.tag.endswith("text") or (element.tail or "").strip()]
    assert re.findall(r"https?://[^\"]+", text) == ["http://www.w3.org/2000/svg"]
    classes = {one for element in tree.iter() for one in element.get("class", "").split()}
    assert all(one.startswith("ss-") for one in classes)
    # Every line takes the page's own colour: what is readable there is readable here, light or dark.
    assert set(re.findall(r'stroke(?:="|:)([^";}]+)', text)) <= {
        "currentColor",
        "none",
        "var(--drawing-accent,currentColor)",
    }
    if ".still." not in name:
        assert "prefers-reduced-motion:reduce" in text


@pytest.mark.parametrize(("name", "text"), files())
def test_nothing_is_drawn_outside_the_picture(name: str, text: str) -> None:
    left, top, width, height = map(float, re.findall(r'viewBox="([^"]+)"', text)[0].split())
    points = [(-x if "scale(-1 1)" in text else x, -y) for x, y in drawn_points(text)]
    outside = [(x, y) for x, y in points if not (left <= x <= left + width and top <= y <= top + height)]
    assert outside == []


@pytest.mark.parametrize("name", names())
def test_no_point_jumps_and_no_bone_grows(name: str) -> None:
    move = read(name).motion
    order = [*move.order, move.order[0]]
    assert all(furthest(move.feet[one], move.feet[two]) <= QUARTER for one, two in pairwise(order))
    rest = bone_lengths(side_foot(SidePose()))
    for foot in move.feet:
        if isinstance(foot, SideFoot):
            assert bone_lengths(foot) == pytest.approx(rest, abs=1e-6)
        if isinstance(foot, Body):
            assert body_bone_lengths(foot) == pytest.approx(body_bone_lengths(body(BodyPose())), abs=1e-6)


@pytest.mark.parametrize("name", STAYS)
def test_what_carries_the_body_stays_and_no_knee_bends_forwards(name: str) -> None:
    bodies = [foot for foot in read(name).motion.feet if isinstance(foot, Body)]
    for joint in STAYS[name]:
        ways = [distance(bodies[0].joints[joint], one.joints[joint]) for one in bodies]
        assert max(ways) <= 1.5, (joint, ways)
    for one in bodies:
        drawn_joints = {joint for limb in LIMBS for joint in limb}
        assert min(one.joints[joint][1] for joint in drawn_joints) >= 0
        (hip_x, hip_y), (knee_x, knee_y), (ankle_x, ankle_y) = (one.joints[joint] for joint in ("hip", "knee", "ankle"))
        bent = (ankle_x - hip_x) * (knee_y - hip_y) - (ankle_y - hip_y) * (knee_x - hip_x)
        assert bent >= -0.01, "all three face the way on which their knee is"


@pytest.mark.parametrize(
    "pose",
    [
        {"toe_deg": 71},
        {"toe_deg": -46},
        {"heel_deg": 61},
        {"heel_deg": -1},
        {"tip_deg": -61},
        {"arch": 11},
        {"elbow": 3},
    ],
    ids=str,
)
def test_a_joint_that_goes_too_far_is_not_drawn(pose: dict[str, float]) -> None:
    with pytest.raises(DrawingError):
        drawing_of("made-up", {"rig": "side", "seconds": 4, "pose": [pose]})


def test_an_unknown_thing_is_not_drawn() -> None:
    with pytest.raises(DrawingError):
        drawing_of("made-up", {"rig": "side", "seconds": 4, "pose": [{}], "things": ["elephant"]})
