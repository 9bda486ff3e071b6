"""Mobility work that a watch recorded: asked about once, stored on yes, never taken for granted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rules.facts.recorded import Recording
from sync.app.demo.fit_writer import write
from sync.storage import typed
from sync.wire.commands import AnswerCard, LogSession
from tests.factories_engine import NOW, Shop
from tests.factories_runs import run, samples

STARTED = NOW - timedelta(hours=2)


def recorded(**changes: Any) -> Recording:
    """372 seconds of stretching, as a watch writes them."""
    return run(
        **{
            "sport": "training",
            "sub_sport": "flexibility_training",
            "start_utc": STARTED,
            "elapsed_s": 372.0,
            "timer_s": 372.0,
            "distance_m": None,
            "laps": (),
            "steps": (),
            "samples": samples(372, going_mps=0.0),
            **changes,
        }
    )


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "home")


def take(shop: Shop, recording: Recording) -> None:
    file = shop.root / "work.fit"
    file.write_bytes(write(recording))
    shop.take_in(file)


def asked(shop: Shop) -> list[dict[str, Any]]:
    return [card for card in shop.ask("today")["cards"] if card["kind"] == "was-work"]


def test_yes_stores_the_session_at_its_own_time_and_for_the_plan_of_the_day(shop: Shop) -> None:
    take(shop, recorded())
    [due] = shop.ask("today")["work"]
    [card] = asked(shop)
    assert card["says"].startswith("Your watch recorded 6 min of mobility work on Fri 20 Mar 2026 at 11:00.")
    shop.perform(AnswerCard(typed_utc=NOW, card_id=card["card_id"], answer="yes"))
    [stored] = typed.sessions(shop.store, shop.athlete.id)
    assert (stored.at_utc, stored.state, stored.minutes, stored.prescription_id) == (
        STARTED + timedelta(seconds=372),
        "done",
        6.2,
        due["prescription_id"],
    )
    assert asked(shop) == []


def test_no_stores_nothing_and_is_not_asked_again(shop: Shop) -> None:
    take(shop, recorded())
    [card] = asked(shop)
    shop.perform(AnswerCard(typed_utc=NOW, card_id=card["card_id"], answer="no"))
    assert (typed.sessions(shop.store, shop.athlete.id), asked(shop)) == ([], [])


@pytest.mark.parametrize(
    "other",
    [
        {"sub_sport": "yoga"},
        {"elapsed_s": 3700.0},
        {"start_utc": NOW - timedelta(days=3)},
    ],
    ids=["yoga", "longer than an hour", "three days ago"],
)
def test_what_is_hardly_foot_work_is_not_asked_about(shop: Shop, other: dict[str, Any]) -> None:
    take(shop, recorded(**other))
    assert asked(shop) == []


def test_work_that_was_tapped_at_the_same_time_is_not_asked_about(shop: Shop) -> None:
    take(shop, recorded())
    shop.perform(LogSession(typed_utc=NOW, at_utc=STARTED + timedelta(minutes=20), minutes=6))
    assert asked(shop) == []
