"""The numbers the foot work decides by: rows of ``knowledge/thresholds.toml``, overridden by name from ``[rules]``."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from rules.knowledge.typed_toml import KnowledgeError, ListOf, Shape, typed

HERE = Path(__file__).parent
SHAPES: dict[str, Shape] = {
    "unit": str,
    "least": float,
    "most": float,
    "facts": ListOf(str),
    "studies": ListOf(str),
    "source": str,
    "why": str,
}
"""A row's keys beside ``value``, which is whole or real as the field of `Thresholds` says."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """One field a row of ``thresholds.toml``; units and sources stand there."""

    start_minutes: float
    start_days: int
    min_days: int
    max_days: int
    max_minutes: float
    min_minutes: float
    step_minutes: float
    step_minutes_most: float
    max_extra_reps: int
    step_gap_days: int
    entry_jump: float
    light_start_days: int
    band_from_days: int
    ready_baseline_days: int
    ready_recent_days: int
    ready_every_days: int
    ready_drop: float
    ready_drop_share: float
    ready_least_baseline: float
    ready_least_entries: int
    ready_adherence: float
    ready_quiet_days: int
    declined_days: int
    sore_score: int
    sore_days: int
    sore_window_days: int
    stop_above: int
    lighter_from: int
    morning_rise: int
    morning_times: int
    cut_share: float
    relief_entries: int
    relief_floor: float
    relief_above_usual: float
    usual_entries: int
    no_relief_days: int
    next_morning_wait_days: int
    pain_asks_hours: int
    pain_lightens_days: int
    pain_lighter_sessions: int
    pain_rests_days: int
    on_time_minutes: int
    care_minutes: float
    care_after_hard_minutes: float
    care_full_week_minutes: float
    short_care_minutes: float
    ceiling_weeks: float
    day_minutes: float
    day_sittings: int
    unloaded_before_minutes: int
    run_overdue_minutes: int
    warm_minutes: int
    warm_up_from_minutes: int
    race_warm_up_from_minutes: int
    warm_up_late_minutes: int
    foot_day_from_hour: int
    habit_probability: float
    habit_weeks: int
    habit_least_weeks: int
    self_check_days: int
    revisit_days: int
    expected_weeks: int
    minimalist_step_days: int
    minimalist_barefoot_days: int
    texture_blocks: int
    feels_days: int
    new_surface_runs: int
    new_surface_days: int
    new_shoe_runs: int
    new_shoe_km: float
    shoes_worn_days: int
    spike_days: int
    spike_share: float
    week_ratio: float
    week_km: float
    pace_share: float
    first_tempo_days: int
    history_days: int
    minimalist_share: float
    trend_days: int
    trend_entries: int
    group_entries: int
    felt_better_probability: float
    felt_better_points: float
    win_points: float
    level_days: int
    level_entries: int
    usual_stiffness_days: int
    load_short_days: int
    load_long_days: int
    polarisation_days: int
    polarisation_easy_zone: int
    polarisation_hard_zone: int
    polarisation_least_share: float
    waking_from_hour: int
    waking_until_hour: int
    evening_from_hour: int
    after_work_minutes: int
    questions_at_once: int
    big_toe_asks_days: int
    big_toe_window_days: int
    big_toe_times: int
    big_toe_score: int
    professional_asks_days: int
    illness_days: int
    illness_back_days: int
    silent_days: int
    silent_asks_days: int
    constant_score: float
    constant_weeks: int
    constant_every_weeks: int
    swap_days: int
    short_minutes: float
    longer_minutes: float
    quiet_days: int
    not_now_days: int
    changes_told_days: int
    fresh_hours: int
    watch_asks_days: int
    watch_most_minutes: int
    watch_same_minutes: int
    family_level_days: int
    texture_waits_days: int
    tolerance_days: int
    tolerance_share: float
    tolerance_sessions: int
    tolerance_sessions_two: int
    tolerance_answers: int
    tolerance_score: int
    tolerance_stiffer: float
    ceiling_low_minutes: float
    ceiling_middle_minutes: float
    ceiling_high_minutes: float
    ceiling_middle_km: float
    ceiling_high_km: float
    ceiling_slack_km: float
    heel_raise_days: int
    strength_days: int
    strength_rest_days: int


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """What ``thresholds.toml`` says of one number."""

    name: str
    value: float
    unit: str
    least: float
    most: float
    facts: tuple[str, ...]
    studies: tuple[str, ...]
    source: str
    why: str


def check_thresholds(tree: Mapping[str, Any], file: str) -> tuple[dict[str, ThresholdRow], list[str]]:
    """The rows and every mistake in them."""
    rows: dict[str, ThresholdRow] = {}
    mistakes: list[str] = []
    known = {one.name: one.type for one in fields(Thresholds)}
    for name, told in tree.items():
        if name not in known:
            mistakes.append(f"{file}: `{name}` is no threshold{_nearest(name, known)}")
            continue
        row, wrong = _typed_row(name, told)
        if wrong:
            mistakes += [f"{file}: {text}" for text in wrong]
            continue
        missing = [key for key in ("value", "unit", "least", "most", "source", "why") if key not in row]
        if missing:
            mistakes.append(f"{file}: [{name}] lacks {', '.join(missing)}")
            continue
        facts, studies = tuple(row.get("facts", ())), tuple(row.get("studies", ()))
        one = ThresholdRow(
            name, row["value"], row["unit"], row["least"], row["most"], facts, studies, row["source"], row["why"]
        )
        if wrong := _value_mistakes(name, row["value"], one):
            mistakes += [f"{file}: {text}" for text in wrong]
            continue
        rows[name] = replace(one, value=_typed(name, one.value))
    mistakes += [f"{file}: [{name}] is missing" for name in known if name not in tree]
    return rows, mistakes


def _typed_row(name: str, row: Any) -> tuple[Mapping[str, Any], list[str]]:
    if not isinstance(row, dict):
        return {}, [f"`{name}` must be a table, not {row!r}"]
    found: dict[str, Any] = {}
    mistakes: list[str] = []
    for key, value in row.items():
        if key == "value":
            found[key] = value
        elif key in SHAPES:
            found[key], wrong = typed(value, SHAPES[key], f"{name}.{key}")
            mistakes += wrong
        else:
            mistakes.append(f"`{name}.{key}` is not known here")
    return found, mistakes


@cache
def threshold_rows() -> Mapping[str, ThresholdRow]:
    """The shipped rows, in the order of the file. Raises KnowledgeError with every mistake."""
    file = HERE / "thresholds.toml"
    rows, mistakes = check_thresholds(tomllib.loads(file.read_text(encoding="utf-8")), file.name)
    if mistakes:
        raise KnowledgeError(tuple(mistakes))
    return rows


def thresholds(overrides: Mapping[str, Any] | None = None) -> Thresholds:
    """The shipped thresholds with ``overrides`` by name. Raises KnowledgeError with every mistake at once."""
    return _override(overrides) if overrides else _shipped()


@cache
def _shipped() -> Thresholds:
    values: dict[str, Any] = {name: row.value for name, row in threshold_rows().items()}
    return Thresholds(**values)


def _override(overrides: Mapping[str, Any]) -> Thresholds:
    rows = threshold_rows()
    mistakes: list[str] = []
    for name, value in overrides.items():
        if name not in rows:
            mistakes.append(f"[rules] has no `{name}`{_nearest(name, rows)}")
        else:
            mistakes += [f"[rules] {text}" for text in _value_mistakes(name, value, rows[name])]
    if mistakes:
        raise KnowledgeError(tuple(mistakes))
    merged = {name: row.value for name, row in rows.items()} | dict(overrides)
    return Thresholds(**{name: _typed(name, value) for name, value in merged.items()})


def _value_mistakes(name: str, value: Any, row: ThresholdRow) -> list[str]:
    whole = _whole(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or (whole and not isinstance(value, int)):
        return [f"`{name}` must be a {'whole number' if whole else 'number'} of {row.unit}, not {value!r}"]
    if not row.least <= value <= row.most:
        return [f"`{name}` must lie between {row.least:g} and {row.most:g} {row.unit}, not {value:g}"]
    return []


def _whole(name: str) -> bool:
    return bool(Thresholds.__annotations__[name] == "int")


def _typed(name: str, value: float) -> Any:
    return int(value) if _whole(name) else float(value)


def _nearest(name: str, known: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"; did you mean `{near[0]}`?" if near else ""
