"""Climb that proves nothing: raw GPS altitude, treadmills, more than anybody climbs."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.classify.judge import Judge
from rules.classify.primary_kind import ClassifySettings
from rules.facts.kinds import HILLY, Facet, Kind
from rules.facts.labels import FacetLabel, Labels
from rules.measure.features import measure
from tests.test_classify_columns import run
from tests.test_classify_recordings import recording


@cache
def flat_season() -> Judge:
    judge = Judge(settings=ClassifySettings(use_titles=False))
    for at in range(24):
        judge.label(run(2 * at, 7 + at % 4, climb_per_km=4))
    return judge


def hills(one: Any) -> FacetLabel:
    return labels(one).facets[Facet.HILLS]


def labels(one: Any) -> Labels:
    return deepcopy(flat_season()).label(one)


@pytest.mark.parametrize(
    ("km", "climb_per_km", "more", "value", "rule"),
    [
        (9, 40, {}, "hills", None),
        (5, 190, {"pace_s": 800}, "hills", None),  # a race up a mountain
        (9, 700, {}, None, "climb_impossible"),  # steeper than anybody runs
        (9, 300, {"pace_s": 360}, None, "climb_impossible"),  # 3,000 m an hour
        (9, 40, {"sub_sport": "treadmill_running"}, None, "climb_indoors"),
        (9, 40, {"sub_sport": "VirtualRun"}, None, "climb_indoors"),
        (9, 40, {"sub_sport": "trail_running"}, "hills", None),
        (9, 8, {"descent_per_km": 900}, None, "climb_impossible"),
    ],
)
def test_climb_that_nobody_ran_names_no_hills(
    km: float, climb_per_km: float, more: dict[str, Any], value: str | None, rule: str | None
) -> None:
    found = hills(run(50, km, climb_per_km=climb_per_km, **more))
    assert found.value == value
    assert [one.rule for one in found.evidence if one.rule in ("climb_impossible", "climb_indoors")] == [rule][
        : rule is not None
    ]


def test_a_treadmill_named_hills_by_its_title_is_hilly() -> None:
    judge = Judge()
    named = run(50, climb_per_km=40, sub_sport="treadmill", title="Hill repeats")
    assert judge.label(named).facets[Facet.HILLS].value in HILLY


def test_an_impossible_climb_is_no_part_of_what_is_usual() -> None:
    plain, noisy = deepcopy(flat_season()), deepcopy(flat_season())
    for at in range(30):
        noisy.label(run(50 + at, climb_per_km=900))
    after = run(90, climb_per_km=14)
    assert noisy.label(after).facets[Facet.HILLS].probabilities == plain.label(after).facets[Facet.HILLS].probabilities


@settings(max_examples=12, deadline=None)
@given(st.floats(0, 12), st.floats(0, 90), st.integers(0, 999), st.sampled_from([None, False]), st.sampled_from([1, 5]))
def test_altitude_without_a_barometer_never_names_hills(
    noise_m: float, hills_m: float, seed: int, barometer: bool | None, every_s: int
) -> None:
    made = recording([(1800.0, 2.8)], day=60, hills_m=hills_m, every_s=every_s)
    assert made.samples is not None
    shaky = np.random.default_rng(seed).normal(0, noise_m, len(made.samples.altitude_m))
    samples = replace(made.samples, altitude_m=made.samples.altitude_m + shaky)
    found = labels(measure(replace(made, samples=samples, has_barometer=barometer)))
    assert (found.facets[Facet.HILLS].value, Kind.HILLS in found.possible) == (None, False)


@pytest.mark.parametrize(
    ("barometer", "told_m", "source"),
    [(None, 300.0, "gps"), (None, 20.0, "device"), (True, 300.0, "barometer"), (False, 20.0, "gps")],
)
def test_a_total_far_above_what_its_own_altitude_climbs_was_summed_from_noise(
    barometer: bool | None, told_m: float, source: str
) -> None:
    flat = recording([(2700.0, 2.8)], day=60, hills_m=5)
    made = measure(replace(flat, ascent_m=told_m, has_barometer=barometer))
    assert made.climb.source == source
    assert (labels(made).facets[Facet.HILLS].value is None) == (source == "gps")
