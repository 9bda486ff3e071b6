"""The simple rules that the classifier is held against."""

from __future__ import annotations

import math
from collections.abc import Mapping

from bench.labelled import PROVIDER_KIND, Labelled
from rules.classify.inputs import Input
from rules.facts.kinds import Kind

BASELINES = ("majority", "length only", "pulse > 80 %", "pace", "pace, pulse, laps", "watch's label")
FASTER = math.log(1.05) / 0.08
LONGER = math.log(1.5) / 0.5
PULSE_UP = math.log(1.04) / 0.05


def said_by(rule: str, one: Labelled, given: Mapping[str, Input], facet: str) -> str | None:
    """What the rule says for one facet; every rule but the first two leaves length to "length only"."""
    hard = _hard(rule, one, given)
    long = rule != "majority" and (value(given, "distance_vs_usual") >= LONGER or (one.run.moving_s or 0) >= 5400)
    match facet:
        case "intensity":
            return "hard" if hard else "easy"
        case "long":
            return "yes" if long else "no"
        case _:
            return (Kind.TEMPO if hard else Kind.LONG if long else Kind.EASY).value


def value(given: Mapping[str, Input], name: str) -> float:
    return given[name].value if name in given else 0.0


def _hard(rule: str, one: Labelled, given: Mapping[str, Input]) -> bool:
    fast = value(given, "speed_vs_usual") >= FASTER
    match rule:
        case "pulse > 80 %":
            return "heart_of_max" in given and given["heart_of_max"].values["percent"] >= 80
        case "pace":
            return fast
        case "pace, pulse, laps":
            laps = max(value(given, "repeats_told"), value(given, "repeats_planned")) > 0
            return fast or laps or value(given, "heart_vs_usual") >= PULSE_UP
        case "watch's label":
            return PROVIDER_KIND.get((one.te_label or "").upper()) is Kind.TEMPO
        case _:
            return False
