"""What a pass decides, case by case, and the two laws as properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.sources.reconcile import (
    RETRY_AFTER,
    Fetch,
    LocalItem,
    Recheck,
    RemoteItem,
    SyncPlan,
    answered,
    fetch_failed,
    reconcile,
    taken,
)

NOW = datetime(2026, 3, 20, 8)
SINCE = NOW - timedelta(days=7)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def seen(number: int, *, revision: str = "a", core: str = "c", days_ago: float = 1.0) -> RemoteItem:
    return RemoteItem(str(number), NOW - timedelta(days=days_ago), revision, core, "running")


def known(number: int, *, days_ago: float = 1.0, **changes: object) -> LocalItem:
    made = LocalItem(
        str(number), NOW - timedelta(days=days_ago), "a", "c", "running", taken="a", taken_core="c", tried_utc=NOW - DAY
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def decided(
    items: list[RemoteItem],
    rows: list[LocalItem],
    *,
    complete: bool = True,
    now_utc: datetime = NOW,
    since_utc: datetime = SINCE,
) -> SyncPlan:
    by_id = {row.source_id: row for row in rows}
    return reconcile(items, by_id, now_utc=now_utc, since_utc=since_utc, complete=complete)


def test_new_is_fetched_newest_first() -> None:
    items = [seen(1, days_ago=3), seen(2, days_ago=1), seen(3, days_ago=2)]
    assert [(fetch.source_id, fetch.why, fetch.original) for fetch in decided(items, []).fetches] == [
        ("2", "new", True),
        ("3", "new", True),
        ("1", "new", True),
    ]


def test_same_is_left_alone() -> None:
    assert decided([seen(1)], [known(1)]) == SyncPlan(rows=(), fetches=(), rechecks=(), suspicious=False)


def test_an_edited_title_is_fetched_without_the_file() -> None:
    decision = decided([seen(1, revision="b")], [known(1)])
    assert decision.fetches == (Fetch("1", NOW - DAY, "changed", original=False),)
    assert decision.rows == (known(1, revision="b", attempts=0, tried_utc=None),)


def test_a_trimmed_run_is_fetched_with_its_file() -> None:
    decision = decided([seen(1, revision="b", core="d")], [known(1)])
    assert decision.fetches == (Fetch("1", NOW - DAY, "changed", original=True),)


def test_the_same_item_twice_is_fetched_once() -> None:
    assert len(decided([seen(1), seen(1)], []).fetches) == 1


def test_unlisted_is_not_gone() -> None:
    rows = [known(number, days_ago=number / 2) for number in range(1, 6)]
    decision = decided([seen(number, days_ago=number / 2) for number in range(1, 5)], rows)
    assert decision.rechecks == ()
    assert decision.rows == (replace(rows[4], missing_since_utc=NOW),)


def test_missing_for_hours_is_asked_about_once_a_day() -> None:
    there = [known(number, days_ago=number) for number in range(1, 5)]
    items = [seen(number, days_ago=number) for number in range(1, 5)]
    missing = known(5, days_ago=2, missing_since_utc=NOW - timedelta(hours=7))
    assert decided(items, [*there, missing]).rechecks == (Recheck("5"),)
    asked = answered(missing, NOW, there=True)
    assert decided(items, [*there, replace(asked, missing_since_utc=NOW)]).rechecks == ()
    again = replace(asked, missing_since_utc=NOW - DAY, asked_utc=NOW - DAY)
    assert decided(items, [*there, again]).rechecks == (Recheck("5"),)


@pytest.mark.parametrize(
    ("missing_for", "asked"),
    [
        (timedelta(hours=1), False),
        (timedelta(hours=5, minutes=59), False),
        (timedelta(hours=6), True),
        (timedelta(days=3), True),
    ],
    ids=["an hour", "almost six hours", "six hours", "days"],
)
def test_the_source_is_asked_only_after_six_hours_of_missing(missing_for: timedelta, *, asked: bool) -> None:
    """Services lose runs from their lists for an hour or two and list them again."""
    there = [known(number, days_ago=number) for number in range(1, 5)]
    missing = known(5, days_ago=2, missing_since_utc=NOW - missing_for)
    items = [seen(number, days_ago=number) for number in range(1, 5)]
    assert decided(items, [*there, missing]).rechecks == ((Recheck("5"),) if asked else ())


@pytest.mark.parametrize(
    ("ahead", "since_utc"),
    [(HOUR, NOW + HOUR), (HOUR + timedelta(seconds=1), NOW)],
    ids=["a clock set right by a little", "a clock that was wrong"],
)
def test_missing_since_an_instant_still_to_come(ahead: timedelta, since_utc: datetime) -> None:
    """Else a run that was found missing under a wrong clock would be asked about only when the clock catches up."""
    there = [known(number, days_ago=number) for number in range(1, 5)]
    missing = known(5, days_ago=2, missing_since_utc=NOW + ahead)
    decision = decided([seen(number, days_ago=number) for number in range(1, 5)], [*there, missing])
    kept = {row.source_id: row for row in (missing, *decision.rows)}
    assert (kept["5"].missing_since_utc, decision.rechecks) == (since_utc, ())


@pytest.mark.parametrize(
    ("ahead", "fetched"),
    [(HOUR, False), (HOUR + timedelta(seconds=1), True)],
    ids=["within one run", "a clock that was wrong"],
)
def test_a_failed_try_that_lies_ahead(ahead: timedelta, *, fetched: bool) -> None:
    """What a run tried lies after the instant that it began with; further ahead lies only what a wrong clock wrote."""
    row = known(1, taken=None, taken_core=None, attempts=1, tried_utc=NOW + ahead)
    assert [fetch.source_id for fetch in decided([], [row], complete=False).fetches] == (["1"] if fetched else [])


def test_gone_is_gone_only_after_the_direct_answer() -> None:
    row = answered(known(5, missing_since_utc=NOW - DAY), NOW, there=False)
    assert row.gone
    assert decided([], [row]) == SyncPlan(rows=(), fetches=(), rechecks=(), suspicious=False)


def test_what_comes_back_is_fetched_again() -> None:
    row = known(1, gone=True)
    assert [fetch.why for fetch in decided([seen(1)], [row]).fetches] == ["back"]


@pytest.mark.parametrize("listed", [[], [seen(1, days_ago=0.5)]], ids=["suddenly empty", "suddenly short"])
def test_a_listing_that_lacks_much_concludes_nothing(listed: list[RemoteItem]) -> None:
    rows = [known(number, days_ago=number / 2, missing_since_utc=NOW - DAY) for number in range(1, 7)]
    decision = decided(listed, rows)
    assert decision.suspicious
    assert decision.rechecks == ()


def test_an_incomplete_listing_concludes_nothing() -> None:
    rows = [known(1), known(2), known(3, missing_since_utc=NOW - DAY)]
    decision = decided([seen(1), seen(2)], rows, complete=False)
    assert (decision.suspicious, decision.rechecks) == (True, ())


def test_outside_the_window_nothing_is_missed() -> None:
    old = known(9, days_ago=30, missing_since_utc=NOW - DAY)
    assert decided([seen(1)], [known(1), old]).rechecks == ()


def test_an_unfinished_one_is_fetched_though_not_listed_now() -> None:
    row = known(1, days_ago=40, taken=None, taken_core=None, tried_utc=None)
    assert decided([], [row], complete=False).fetches == (Fetch("1", row.start_utc, "unfinished", original=True),)


def test_a_failed_one_rests_longer_each_time_and_is_owed_for_ever() -> None:
    row = known(1, taken=None, taken_core=None, tried_utc=None)
    now = NOW
    for pause in RETRY_AFTER:
        row = fetch_failed(row, now)
        assert decided([], [row], complete=False, now_utc=now + pause - timedelta(seconds=1)).fetches == ()
        now += pause
        assert len(decided([], [row], complete=False, now_utc=now).fetches) == 1
    for _ in range(40):
        row = fetch_failed(row, now)
        assert decided([], [row], complete=False, now_utc=now + 29 * DAY).fetches == ()
        now += 30 * DAY
        assert len(decided([], [row], complete=False, now_utc=now).fetches) == 1
    assert len(decided([seen(1, revision="b")], [row], now_utc=now).fetches) == 1


def test_a_full_look_tries_anew_all_that_is_owed_and_nothing_else() -> None:
    owed = [known(number, taken=None, taken_core=None, attempts=9, tried_utc=NOW) for number in (1, 2)]
    by_id = {row.source_id: row for row in (*owed, known(3))}
    decision = reconcile([seen(1), seen(3)], by_id, now_utc=NOW, since_utc=SINCE, complete=False, anew=True)
    assert sorted(fetch.source_id for fetch in decision.fetches) == ["1", "2"]
    kept = {row.source_id: (row.attempts, row.tried_utc) for row in decision.rows}
    assert kept == {"1": (0, None), "2": (0, None)}


# --- the two laws -----------------------------------------------------------------------------------

items = st.lists(
    st.builds(
        RemoteItem,
        source_id=st.integers(1, 12).map(str),
        start_utc=st.integers(0, 200).map(lambda hours: NOW - timedelta(hours=hours)),
        revision=st.sampled_from("ab"),
        core=st.sampled_from("cd"),
        sport=st.just("running"),
    ),
    max_size=20,
    unique_by=lambda item: item.source_id,
)


def performed(decision: SyncPlan, rows: dict[str, LocalItem]) -> dict[str, LocalItem]:
    together = rows | {row.source_id: row for row in decision.rows}
    for fetch in decision.fetches:
        together[fetch.source_id] = taken(together[fetch.source_id], NOW)
    return together


@given(items)
def test_a_second_pass_over_an_unchanged_world_does_nothing(listed: list[RemoteItem]) -> None:
    rows = performed(reconcile(listed, {}, now_utc=NOW, since_utc=SINCE, complete=True), {})
    again = reconcile(listed, rows, now_utc=NOW + timedelta(minutes=30), since_utc=SINCE, complete=True)
    assert (again.rows, again.fetches, again.rechecks) == ((), (), ())


@given(items, st.lists(items, max_size=6), st.booleans())
def test_a_short_listing_never_loses_a_run(
    first: list[RemoteItem], later: list[list[RemoteItem]], complete: bool
) -> None:
    rows = performed(reconcile(first, {}, now_utc=NOW, since_utc=SINCE, complete=True), {})
    now = NOW
    for listed in later:
        now += timedelta(hours=8)
        rows = performed(reconcile(listed, rows, now_utc=now, since_utc=SINCE, complete=complete), rows)
    assert {item.source_id for item in first} <= rows.keys()
    assert not any(row.gone for row in rows.values())
