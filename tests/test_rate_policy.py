"""Back-off, breaker, budgets and appointments as functions of stored values."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import CodedText, TryLater
from sync.sources.base import retry_after_utc
from sync.sources.rate_policy import (
    LONGEST_BREAK,
    PollSchedule,
    RequestBudget,
    SourceHealth,
    add_usage,
    after_person_must_act,
    after_success,
    after_try_later,
    back_off_s,
    calls_left,
    may_run,
    next_sync_at,
)

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 20, 9)
GARMIN = PollSchedule(day_s=1800, night_s=7200)
STRAVA = PollSchedule(day_s=3600, night_s=None)


def failing(times: int, *, retry_after_utc: datetime | None = None, jitter: float = 0.0) -> SourceHealth:
    health = after_success(SourceHealth(), NOW)
    for _ in range(times):
        health = after_try_later(
            health, NOW, error=CodedText("source.busy"), every_s=1800, retry_after_utc=retry_after_utc, jitter=jitter
        )
    return health


def test_back_off_doubles_to_ten_minutes() -> None:
    assert [back_off_s(failures, jitter=0) for failures in range(1, 7)] == [60, 120, 240, 480, 600, 600]


@given(st.integers(1, 50), st.floats(-1, 1))
def test_jitter_moves_a_back_off_by_a_tenth_at_most(failures: int, jitter: float) -> None:
    plain = back_off_s(failures, jitter=0)
    assert 0.9 * plain <= back_off_s(failures, jitter=jitter) <= 1.1 * plain


def test_retry_after_is_honoured_when_it_is_longer() -> None:
    far = NOW + timedelta(hours=3)
    assert failing(1, retry_after_utc=far).not_before_utc == far
    assert failing(1, retry_after_utc=NOW + timedelta(seconds=2)).not_before_utc == NOW + timedelta(seconds=60)


@pytest.mark.parametrize("failures", [1, 9], ids=["the first time", "the breaker is open"])
def test_no_service_s_word_rests_a_source_longer_than_a_day(failures: int) -> None:
    """A service that says "in ten days" or "next year" is asked again tomorrow."""
    ten_days = failing(failures, retry_after_utc=NOW + timedelta(days=10))
    assert ten_days.not_before_utc == NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("value", "until"),
    [
        (None, None),
        ("soon", None),
        ("3600", NOW + timedelta(hours=1)),
        ("864000", NOW + timedelta(days=1)),
        ("9" * 30, NOW + timedelta(days=1)),
        ("Fri, 20 Mar 2026 10:00:00 GMT", NOW + timedelta(hours=1)),
        ("Mon, 30 Mar 2026 09:00:00 GMT", NOW + timedelta(days=1)),
        ("Thu, 19 Mar 2026 09:00:00 GMT", None),
    ],
    ids=["none", "a word", "an hour", "ten days", "ages", "a date", "a date in ten days", "a date gone by"],
)
def test_a_retry_after_header_s_instant(value: str | None, until: datetime | None) -> None:
    assert retry_after_utc(value, NOW) == until


def test_the_breaker_opens_after_four_tries_and_closes_with_one_success() -> None:
    waits = [(failing(times).not_before_utc or NOW) - NOW for times in range(1, 12)]
    assert waits[:4] == [timedelta(seconds=s) for s in (60, 120, 240, 480)]
    assert waits[4:9] == [timedelta(minutes=m) for m in (30, 60, 120, 240, 360)]
    assert waits[-1] == LONGEST_BREAK
    assert after_success(failing(9), NOW) == SourceHealth(last_try_utc=NOW, last_success_utc=NOW)


def test_after_a_refused_sign_in_nothing_for_24_hours_unless_newly_linked() -> None:
    health = after_person_must_act(SourceHealth(), NOW, error=CodedText("source.garmin.key_refused"), credential="old")
    stored = SourceHealth.from_json(json.loads(json.dumps(health.to_json())))
    assert stored == health
    end = NOW + timedelta(hours=24)
    for hours in range(24):
        assert may_run(stored, NOW + timedelta(hours=hours), credential="old") == end
    assert may_run(stored, end, credential="old") is None
    assert may_run(stored, NOW + timedelta(minutes=1), credential="new") is None
    assert next_sync_at(stored, NOW, rhythm=GARMIN, zone=BERLIN, credential="old", jitter=0) == end
    assert next_sync_at(stored, NOW, rhythm=GARMIN, zone=BERLIN, credential="new", jitter=0) == NOW


def test_an_unknown_key_of_a_later_version_is_left_out() -> None:
    assert SourceHealth.from_json({"state": "ok", "colour": "blue"}) == SourceHealth()


@pytest.mark.parametrize(
    ("rhythm", "last", "due"),
    [
        (GARMIN, datetime(2026, 3, 20, 9, 0), datetime(2026, 3, 20, 9, 30)),
        (GARMIN, datetime(2026, 3, 20, 22, 0), datetime(2026, 3, 21, 0, 0)),
        (GARMIN, datetime(2026, 3, 21, 4, 0), datetime(2026, 3, 21, 5, 0)),
        (STRAVA, datetime(2026, 3, 20, 9, 0), datetime(2026, 3, 20, 10, 0)),
        (STRAVA, datetime(2026, 3, 20, 20, 30), datetime(2026, 3, 21, 5, 0)),
        (STRAVA, datetime(2026, 3, 21, 2, 0), datetime(2026, 3, 21, 5, 0)),
    ],
    ids=["by day", "by night", "never past the morning", "hourly", "rests at night", "rests until morning"],
)
def test_the_rhythm_follows_the_runners_day(rhythm: PollSchedule, last: datetime, due: datetime) -> None:
    health = after_success(SourceHealth(), last)
    assert next_sync_at(health, last, rhythm=rhythm, zone=BERLIN, credential=None, jitter=0) == due


@given(st.floats(-1, 1), st.integers(0, 24 * 60))
def test_a_day_of_passes_stays_within_its_number(jitter: float, start_minute: int) -> None:
    for rhythm, at_most in ((GARMIN, 45), (STRAVA, 20)):
        now = NOW + timedelta(minutes=start_minute)
        end, passes = now + timedelta(days=1), 0
        health = SourceHealth()
        while now < end:
            health, passes = after_success(health, now), passes + 1
            now = next_sync_at(health, now, rhythm=rhythm, zone=BERLIN, credential=None, jitter=jitter)
        assert passes <= at_most


def test_a_source_without_any_pass_is_due_at_once() -> None:
    assert next_sync_at(SourceHealth(), NOW, rhythm=GARMIN, zone=BERLIN, credential=None, jitter=0) == NOW


def test_budgets_are_by_day() -> None:
    health = add_usage(add_usage(SourceHealth(), NOW, 40), NOW + timedelta(hours=1), 15)
    assert (health.calls, calls_left(health, NOW, a_day=60)) == (55, 5)
    assert calls_left(health, NOW + timedelta(days=1), a_day=60) == 60
    assert add_usage(health, NOW + timedelta(days=1), 1).calls == 1
    assert after_success(health, NOW).calls == 55


def test_the_meter_stops_at_its_limit_and_pauses_between_calls() -> None:
    waited: list[float] = []
    meter = RequestBudget(limit=3, pause_s=0.5, wait=waited.append)
    for _ in range(3):
        meter.spend()
    with pytest.raises(TryLater):
        meter.spend()
    assert (meter.used, waited) == (3, [0.5, 0.5])


def test_waiting_is_not_forgotten_by_a_restart() -> None:
    health = replace(failing(2), budget_day=NOW.date(), calls=7)
    assert SourceHealth.from_json(json.loads(json.dumps(health.to_json()))) == health
