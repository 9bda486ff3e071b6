"""What a runner may answer about the feet: where, on which side, when, and why the work was not done."""

from __future__ import annotations

from enum import StrEnum


class Place(StrEnum):
    BIG_TOE_JOINT = "big-toe-joint"
    TOES = "toes"
    BALL = "ball"
    PLANTAR_FASCIA = "plantar-fascia"
    HEEL = "heel"
    OTHER = "other"


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class When(StrEnum):
    WAKING = "waking"
    BEFORE = "before"
    AFTER = "after"
    EVENING = "evening"


class DrillAnswer(StrEnum):
    """How one drill of a session went."""

    TOO_EASY = "too-easy"
    RIGHT = "right"
    TOO_HARD = "too-hard"
    HURT = "hurt"


class SkipReason(StrEnum):
    """Why a session was not done; all but TIME and FORGOT leave the adherence denominator."""

    TIME = "time"
    FORGOT = "forgot"
    REST = "rest"
    PAIN = "pain"
    ILL = "ill"
    TRAVEL = "travel"
