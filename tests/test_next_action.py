"""What a sync run does next, case by case, and how it ends: values in, values out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sync.errors import CodedText, PersonMustAct, TryLater
from sync.sources.backfill import Backfill
from sync.sources.base import ActivityRefused, ActivitySummary, Capabilities, Listing, TransientError
from sync.sources.next_action import (
    LONG_AGO,
    Action,
    AskExtra,
    AskIfThere,
    BeginBatch,
    Idle,
    ListNewest,
    ListOlder,
    Rest,
    fetch_trouble,
    next_action,
    next_due,
    work_left,
)
from sync.sources.rate_policy import BUG, PollSchedule, SourceHealth, after_error, after_success
from sync.sources.reconcile import Fetch, Recheck, SyncPlan
from sync.sources.run_state import (
    RunState,
    batch_begun,
    extra_asked,
    fetched,
    newest_listed,
    older_listed,
    rechecked,
)
from sync.sources.sync_counts import SyncCounts
from sync.sources.sync_policy import SyncPolicy
from sync.sources.sync_state import SyncState

NOW = datetime(2026, 3, 20, 9)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TODAY, TOMORROW = date(2026, 3, 20), datetime(2026, 3, 21)
POLICY = SyncPolicy(PollSchedule(1800, 7200), ZoneInfo("Europe/Berlin"), requests_a_day=100)
CAN = Capabilities(wellness=True, planned=True, gear=True)
WELL = replace(after_success(SourceHealth(), NOW - 5 * MINUTE), budget_day=TODAY, calls=10)
ALL_LISTED = Backfill(NOW - 30 * DAY, listed_all=True)
HALF_LISTED = Backfill(NOW - 30 * DAY)
ASKED = {"wellness": TODAY, "plan": TODAY, "gear": TODAY, "looked_back": TODAY}


def fetch(number: int) -> Fetch:
    return Fetch(str(number), NOW - number * DAY, "new")


def run(backfill: Backfill | None = ALL_LISTED, health: SourceHealth = WELL, **changes: Any) -> RunState:
    """A source that was listed five minutes ago: nothing is due, and nothing was done yet."""
    kept = SyncState(health=health, listed_until_utc=NOW - 5 * MINUTE, backfill=backfill, days=ASKED)
    return RunState("garmin", kept, "key", capabilities=CAN, **changes)


def with_days(state: RunState, **days: date) -> RunState:
    return replace(state, kept=replace(state.kept, days=days))


OLDER_PAGE = ListOlder(LONG_AGO, HALF_LISTED.before_utc, CAN.page)
LISTED = run(listed_newest=True)
CASES: list[tuple[str, RunState, Action]] = [
    ("nothing is due", run(), Idle()),
    ("never listed", run(None, SourceHealth()), ListNewest(NOW - 5 * MINUTE - 7 * DAY)),
    ("due again", run(health=replace(WELL, last_try_utc=NOW - 40 * MINUTE)), ListNewest(NOW - 5 * MINUTE - 7 * DAY)),
    ("a person wants it now", run(wish="now"), ListNewest(NOW - 5 * MINUTE - 7 * DAY)),
    ("backing off", run(health=replace(WELL, state="waiting", not_before_utc=NOW + DAY)), Rest(NOW + DAY)),
    (
        "backing off, and a person wants it now",
        run(health=replace(WELL, state="waiting", not_before_utc=NOW + DAY), wish="all"),
        Rest(NOW + DAY),
    ),
    (
        "refused",
        run(health=replace(WELL, state="act", login_not_before_utc=NOW + DAY, credential="key")),
        Rest(NOW + DAY),
    ),
    (
        "refused, and linked anew since",
        run(health=replace(WELL, state="act", login_not_before_utc=NOW + DAY, credential="another")),
        ListNewest(NOW - 5 * MINUTE - 7 * DAY),
    ),
    ("new runs, newest first", replace(LISTED, fetches=(fetch(1), fetch(2))), fetch(1)),
    ("told to stop", replace(LISTED, fetches=(fetch(1),), rechecks=(Recheck("5"),), stopping=True), Idle()),
    (
        "a week since three months were listed",
        with_days(run(wish="now"), looked_back=TODAY - 7 * DAY),
        ListNewest(NOW - 90 * DAY, look_back=True),
    ),
    ("six days since", with_days(run(wish="now"), looked_back=TODAY - 6 * DAY), ListNewest(NOW - 5 * MINUTE - 7 * DAY)),
    (
        "a week since, but the older runs are still coming",
        with_days(run(HALF_LISTED, wish="now"), looked_back=TODAY - 9 * DAY),
        ListNewest(NOW - 5 * MINUTE - 7 * DAY),
    ),
    (
        "a week since, but hardly any requests are left",
        with_days(run(health=replace(WELL, calls=75), wish="now"), looked_back=TODAY - 9 * DAY),
        ListNewest(NOW - 5 * MINUTE - 7 * DAY),
    ),
    ("one without an answer", replace(LISTED, fetches=(fetch(2),), troubled=1), fetch(2)),
    ("two in a row: is anyone there", replace(LISTED, fetches=(fetch(3),), troubled=2), AskIfThere(NOW - DAY)),
    ("the last two in a row", replace(LISTED, troubled=2), AskIfThere(NOW - DAY)),
    ("someone is there", replace(LISTED, fetches=(fetch(3),), troubled=5, asked_if_there=True), fetch(3)),
    (
        "six in a row: the rest waits",
        replace(LISTED, fetches=(fetch(3),), rechecks=(Recheck("5"),), troubled=6, asked_if_there=True),
        Recheck("5"),
    ),
    ("fetches before rechecks", replace(LISTED, fetches=(fetch(1),), rechecks=(Recheck("5"),)), fetch(1)),
    ("missing long enough", replace(LISTED, rechecks=(Recheck("5"),)), Recheck("5")),
    (
        "a full batch leaves the rest to the next one",
        replace(LISTED, fetches=(fetch(30),), counts=SyncCounts(taken=24, failed=1)),
        BeginBatch(),
    ),
    ("one is left of a batch", replace(LISTED, fetches=(fetch(30),), counts=SyncCounts(taken=23, failed=1)), fetch(30)),
    (
        "a full batch that has begun",
        replace(LISTED, fetches=(fetch(30),), counts=SyncCounts(taken=25), batch_begun=True),
        Idle(),
    ),
    ("older runs that are listed already", run(fetches=(fetch(40),)), BeginBatch()),
    ("older runs of a batch that has begun", run(fetches=(fetch(40),), batch_begun=True), fetch(40)),
    ("older runs to be listed", run(HALF_LISTED), OLDER_PAGE),
    ("older runs to be listed after the newest", run(HALF_LISTED, listed_newest=True), OLDER_PAGE),
    ("older runs, before anything was listed", run(None, fetches=(fetch(40),)), Idle()),
    (
        "the share of older runs is used up",
        run(HALF_LISTED, replace(WELL, calls=79), counts=SyncCounts(requests=1)),
        Idle(),
    ),
    (
        "the share of older runs is used up within a batch",
        run(fetches=(fetch(40),), batch_begun=True, counts=SyncCounts(requests=70)),
        Idle(),
    ),
    (
        "the share does not bind new runs",
        run(fetches=(fetch(1),), listed_newest=True, counts=SyncCounts(requests=70)),
        fetch(1),
    ),
    ("yesterday's requests are no today's", run(HALF_LISTED, replace(WELL, calls=99, budget_day=None)), OLDER_PAGE),
    ("the first listing of the day", with_days(LISTED), AskExtra("wellness", TODAY)),
    ("wellness is asked already", with_days(LISTED, wellness=TODAY), AskExtra("plan", TODAY)),
    ("gear of six days ago", with_days(LISTED, wellness=TODAY, plan=TODAY, gear=date(2026, 3, 14)), Idle()),
    (
        "gear of a week ago",
        with_days(LISTED, wellness=TODAY, plan=TODAY, gear=date(2026, 3, 13)),
        AskExtra("gear", TODAY),
    ),
    ("a source without extras", with_days(replace(LISTED, capabilities=Capabilities())), Idle()),
    ("a batch of older runs asks for no extras", with_days(run()), Idle()),
    ("all done", LISTED, Idle()),
]


@pytest.mark.parametrize(("state", "action"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_comes_next(state: RunState, action: Action) -> None:
    assert next_action(state, POLICY, NOW) == action


def test_by_night_nothing_besides_runs_is_asked() -> None:
    night = datetime(2026, 3, 20, 22)
    assert next_action(with_days(LISTED), POLICY, night) == Idle()


def test_a_runner_who_wants_no_older_runs_or_those_of_a_day_on() -> None:
    assert next_action(run(HALF_LISTED), replace(POLICY, backfill=False), NOW) == Idle()
    since = replace(POLICY, backfill_from=date(2025, 1, 1))
    assert next_action(run(HALF_LISTED), since, NOW) == replace(OLDER_PAGE, since_utc=datetime(2025, 1, 1))


# --- when -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "due_utc"),
    [
        (run(replace(ALL_LISTED, batch_utc=NOW - MINUTE / 2), fetches=(fetch(40),)), NOW + MINUTE / 2),
        (run(fetches=(fetch(40),)), NOW),
        (run(HALF_LISTED), NOW),
        (
            run(HALF_LISTED, replace(WELL, state="waiting", failures=1, not_before_utc=NOW + 3 * MINUTE)),
            NOW + 3 * MINUTE,
        ),
        (run(None, SourceHealth()), NOW),
    ],
    ids=["a minute after the last batch", "the first batch", "to be listed", "after the back-off", "never listed"],
)
def test_when_something_is_due(state: RunState, due_utc: datetime) -> None:
    assert next_due(state, POLICY, NOW) == due_utc


def test_older_runs_whose_share_is_used_up_wait_for_tomorrow_and_new_runs_do_not() -> None:
    spent = run(HALF_LISTED, replace(WELL, calls=80))
    assert next_due(spent, POLICY, NOW) == next_due(run(), POLICY, NOW) < NOW + 30 * MINUTE
    rare = replace(POLICY, schedule=PollSchedule(2 * 86_400, 2 * 86_400))
    assert next_due(spent, rare, NOW) == TOMORROW


# --- after what was done ------------------------------------------------------------------------------------


def item(number: int) -> ActivitySummary:
    return ActivitySummary(str(number), NOW - number * DAY, "a", "c", "running", True, {})


def plan(*numbers: int, suspicious: bool = False) -> SyncPlan:
    return SyncPlan((), tuple(fetch(number) for number in numbers), (), suspicious)


SINCE = NOW - 7 * DAY


@pytest.mark.parametrize(
    ("state", "listing", "until_utc", "backfill"),
    [
        (run(), Listing((item(1),), True), NOW, ALL_LISTED),
        (run(wish="all"), Listing((item(1),), True), NOW, Backfill(SINCE, began_utc=NOW)),
        (
            run(),
            Listing((item(1), item(3)), False),
            NOW - 5 * MINUTE,
            # The second of the edge may hold more than what was listed of it.
            replace(ALL_LISTED, before_utc=NOW - 3 * DAY + timedelta(seconds=1), listed_all=False),
        ),
        (run(), Listing((), False), NOW - 5 * MINUTE, ALL_LISTED),
    ],
    ids=["whole", "everything again", "cut: the rest is older history", "nothing of an unknown number"],
)
def test_after_the_newest_were_listed(
    state: RunState, listing: Listing, until_utc: datetime, backfill: Backfill
) -> None:
    after = newest_listed(state, listing, plan(1), POLICY, since_utc=SINCE, now_utc=NOW)
    assert (after.kept.listed_until_utc, after.kept.backfill) == (until_utc, backfill)
    assert (after.fetches, after.counts) == ((fetch(1),), SyncCounts(listed=len(listing.items)))


def test_the_first_listing_begins_the_older_runs() -> None:
    first = replace(run(None), kept=replace(run(None).kept, listed_until_utc=None))
    after = newest_listed(first, Listing((), True), plan(), POLICY, since_utc=SINCE, now_utc=NOW)
    assert after.kept.backfill == Backfill(SINCE, began_utc=NOW)
    without = replace(POLICY, backfill=False)
    after = newest_listed(first, Listing((), True), plan(), without, since_utc=SINCE, now_utc=NOW)
    assert after.kept.backfill == Backfill(SINCE, listed_all=True, began_utc=NOW)


def test_a_listing_that_lacks_much_is_counted_only_if_it_says_it_is_whole() -> None:
    for complete, suspicious in ((True, 1), (False, 0)):
        listing, short = Listing((), complete, left_out=2), plan(suspicious=True)
        after = newest_listed(run(), listing, short, POLICY, since_utc=SINCE, now_utc=NOW)
        assert after.counts == SyncCounts(left_out=2, suspicious=suspicious)


@pytest.mark.parametrize(
    ("listing", "before_utc", "listed_all"),
    [
        (Listing((item(31), item(50)), False), NOW - 50 * DAY + timedelta(seconds=1), False),
        (Listing((item(31),), True), NOW - 31 * DAY + timedelta(seconds=1), True),
        (Listing((), True), NOW - 30 * DAY, True),
        (Listing((), False), NOW - 30 * DAY - timedelta(seconds=2), False),
    ],
    ids=["a page", "the last page", "none", "a page that does not move on"],
)
def test_after_older_runs_were_listed(listing: Listing, before_utc: datetime, *, listed_all: bool) -> None:
    after = older_listed(run(HALF_LISTED), listing, plan(), NOW)
    assert after.batch_begun
    assert after.kept.backfill == Backfill(before_utc, listed_all, began_utc=NOW, batch_utc=NOW)
    assert work_left(after, POLICY) is not listed_all


def test_a_batch_is_marked_when_it_begins() -> None:
    after = batch_begun(run(fetches=(fetch(40),), troubled=1), NOW)
    assert after == run(replace(ALL_LISTED, batch_utc=NOW), fetches=(fetch(40),), batch_begun=True)


@pytest.mark.parametrize(
    ("outcome", "counts", "troubled"),
    [
        ("taken", SyncCounts(taken=1, new=1), 0),
        ("unreadable", SyncCounts(failed=1, new=1), 0),
        ("vanished", SyncCounts(failed=1), 0),
        ("trouble", SyncCounts(failed=1), 3),
        ("stumbled", SyncCounts(failed=1), 0),
    ],
)
def test_after_a_fetch(outcome: Any, counts: SyncCounts, troubled: int) -> None:
    after = fetched(run(fetches=(fetch(1), fetch(2)), troubled=2, asked_if_there=True), outcome)
    assert after == run(fetches=(fetch(2),), counts=counts, troubled=troubled, asked_if_there=troubled > 0)


def test_after_a_direct_question_and_an_extra() -> None:
    state = run(rechecks=(Recheck("5"), Recheck("6")))
    assert rechecked(state, gone=True) == run(rechecks=(Recheck("6"),), counts=SyncCounts(gone=1))
    assert rechecked(state, gone=False) == run(rechecks=(Recheck("6"),))
    asked = extra_asked(with_days(run()), "gear", TODAY, failed=True)
    assert asked == replace(with_days(run(), gear=TODAY), counts=SyncCounts(extras_failed=1))


# --- what ends a run ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (TransientError("502"), "trouble"),
        (ActivityRefused("403"), "refused"),
        (TryLater("429"), "ends the run"),
        (PersonMustAct("refused"), "ends the run"),
        (MemoryError(), "ends the run"),
        (ValueError("odd"), "stumbled"),
    ],
    ids=["a poisoned activity", "one not to be read", "asked to wait", "refused", "the whole machine", "unforeseen"],
)
def test_what_of_one_activity_ends_the_run(error: Exception, verdict: str) -> None:
    assert fetch_trouble(error) == verdict


BEFORE = replace(WELL, failures=1, login_not_before_utc=None)
WAITS = replace(BEFORE, state="waiting", last_try_utc=NOW)
ENDS: list[tuple[str, TryLater | PersonMustAct, bool, SourceHealth]] = [
    (
        "trouble: twice a minute after the second in a row",
        TransientError("502", why="trouble"),
        False,
        replace(WAITS, why="trouble", error=CodedText("502"), failures=2, not_before_utc=NOW + 2 * MINUTE),
    ),
    (
        "asked to wait",
        TryLater("429", why="busy", not_before_utc=NOW + 5 * MINUTE),
        False,
        replace(WAITS, why="busy", error=CodedText("429"), failures=2, not_before_utc=NOW + 5 * MINUTE),
    ),
    (
        "budget spent: no failure, and on tomorrow",
        TryLater("used up"),
        True,
        replace(WAITS, why="budget", error=CodedText("used up"), failures=1, not_before_utc=TOMORROW),
    ),
    (
        "a bug, though the budget is spent",
        TransientError("ValueError", why=BUG),
        True,
        replace(WAITS, why=BUG, error=CodedText("ValueError"), failures=2, not_before_utc=NOW + 2 * MINUTE),
    ),
    (
        "refused",
        PersonMustAct("refused", why="garmin.refused"),
        True,
        replace(
            BEFORE, state="act", why="garmin.refused", error=CodedText("refused"), failures=2, credential="key",
            login_not_before_utc=NOW + DAY, last_try_utc=NOW,
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("error", "spent", "health"), [case[1:] for case in ENDS], ids=[case[0] for case in ENDS])
def test_how_a_source_rests_after_what_ended_its_run(
    error: TryLater | PersonMustAct, health: SourceHealth, *, spent: bool
) -> None:
    after = after_error(BEFORE, NOW, error, spent=spent, every_s=1800, credential="key", jitter=lambda: 0.0)
    assert after == health


# --- counts -----------------------------------------------------------------------------------------------------


def test_counts_are_stored_under_the_names_they_always_had() -> None:
    every = SyncCounts(*range(1, 13))
    assert list(every.to_json().items()) == [
        ("listed", 1), ("left_out", 2), ("short", 3), ("taken", 4), ("failed", 5), ("new", 6), ("changed", 7),
        ("unfinished", 8), ("back", 9), ("gone", 10), ("beside_failed", 11), ("requests", 12),
    ]  # fmt: skip
    assert SyncCounts(listed=5, requests=1).to_json() == {"listed": 5, "requests": 1}
    assert SyncCounts(taken=2, new=1) + SyncCounts(taken=1, failed=1) == SyncCounts(taken=3, failed=1, new=1)


def test_older_runs_are_stored_under_the_names_they_always_had() -> None:
    every = Backfill(NOW, True, NOW - DAY, 3, NOW - MINUTE)
    stored = {
        "before_utc": "2026-03-20T09:00:00", "listed_all": True, "began_utc": "2026-03-19T09:00:00",
        "done_at_begin": 3, "slice_utc": "2026-03-20T08:59:00",
    }  # fmt: skip
    assert (every.to_json(), Backfill.from_json(stored)) == (stored, every)
    assert Backfill.from_json({"before_utc": "2026-03-20T09:00:00", "listed_all": False}) == Backfill(NOW)
