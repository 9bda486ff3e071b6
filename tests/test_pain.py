"""Foot work that hurt, from the command line and through the engine: it asks, it lightens, and the answer is heard."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rules.facts.answers import Place, SkipReason
from sync.storage import typed
from sync.wire.commands import LogScore, LogSession, Receipt, RemoveEntry, RemoveSession, TypedCommand
from tests.factories_engine import Shop
from tests.shell import Shell

LATER = "You saved this before and have removed it since, so it doesn't count. If it should, enter it again."
ASKS = "Where does it hurt, and how much, from 0 to 10? Until you say, the next foot work is the lighter version."


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Nobody has run: a foot day stands for today."""
    found = Shop(tmp_path / "home")
    found.engine.refresh()
    return found


def work(shop: Shop) -> dict[str, Any]:
    found: dict[str, Any] = shop.ask("today")["work"][0]
    return found


def skip(shop: Shop, reason: SkipReason, **back: float) -> Receipt:
    at = shop.now - timedelta(**back)
    return shop.perform(
        LogSession(
            typed_utc=shop.now,
            at_utc=at,
            prescription_id=work(shop)["prescription_id"],
            state="skipped",
            reason=reason,
        )
    )


def sore(shop: Shop, score: int) -> Receipt:
    return shop.perform(LogScore(typed_utc=shop.now, at_utc=shop.now, what="soreness", score=score, place=Place.HEEL))


def next_day(shop: Shop, whole: float = 0.0, **by: float) -> dict[str, Any]:
    """Today a day or more later, when the next foot day stands; ``whole`` is how long one is that nothing lightens."""
    shop.later(**by or {"days": 1})
    shop.engine.refresh()
    today = shop.ask("today")
    return {
        "asks": [card["says"] for card in today["cards"] if card["kind"] == "pain"],
        "stopped": [flag["flag"] for flag in today["stopped"]],
        "lighter": [
            reason["says"].split(",")[0]
            for one in (*today["work"], *([today["primer"]] if today["primer"] else []))
            for reason in one["reasons"]
            if "lighter version" in reason["says"]
        ],
        "shorter": [one["minutes"] < whole for one in today["work"]],
    }


QUESTION = "Your foot work hurt on Fri 20 Mar 2026. " + ASKS
HURT = "Your last foot work hurt"


CASES: dict[str, tuple[Callable[[Shop], object], dict[str, Any]]] = {
    "nobody has said how much": (lambda shop: skip(shop, SkipReason.PAIN), {
        "asks": [QUESTION], "stopped": [], "lighter": [HURT], "shorter": [True],
    }),
    "two": (lambda shop: (skip(shop, SkipReason.PAIN), sore(shop, 2)), {
        "asks": [], "stopped": [], "lighter": [], "shorter": [False],
    }),
    "five": (lambda shop: (skip(shop, SkipReason.PAIN), sore(shop, 5)), {
        "asks": [], "stopped": [], "lighter": [HURT + " (soreness 5 of 10)"], "shorter": [True],
    }),
    "six": (lambda shop: (skip(shop, SkipReason.PAIN), sore(shop, 6)), {
        "asks": [], "stopped": ["soreness"], "lighter": [], "shorter": [],
    }),
    "no time": (lambda shop: skip(shop, SkipReason.TIME), {
        "asks": [], "stopped": [], "lighter": [], "shorter": [False],
    }),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_next_session_knows_what_hurt(shop: Shop, case: str) -> None:
    do, expected = CASES[case]
    whole = work(shop)["minutes"]
    do(shop)
    assert next_day(shop, whole) == expected


def test_a_skip_asks_at_once_and_for_two_days(shop: Shop) -> None:
    assert skip(shop, SkipReason.PAIN).says == f"Saved: skipped. {ASKS}"
    assert next_day(shop, hours=47)["asks"] == [QUESTION]
    assert next_day(shop, hours=2)["asks"] == []
    assert skip(shop, SkipReason.PAIN, hours=49).says == "Saved: skipped."


def test_what_arrives_again_after_it_was_taken_back_is_not_called_stored(shop: Shop) -> None:
    session = LogSession(typed_utc=shop.now, at_utc=shop.now, minutes=5)
    entry = LogScore(typed_utc=shop.now, at_utc=shop.now, what="soreness", score=3)
    gone: list[tuple[TypedCommand, TypedCommand]] = [
        (session, RemoveSession(typed_utc=shop.now, session_id=session.session_id)),
        (entry, RemoveEntry(typed_utc=shop.now, entry_id=entry.entry_id)),
    ]
    for command, removal in gone:
        said = shop.perform(command).says
        again = f"{said} (You'd already sent this; it counts once.)"
        assert shop.perform(command) == Receipt(
            command_id=command.command_id, stored=True, again=True, says=again, said=said
        )
        assert shop.perform(removal).stored
        assert shop.perform(command) == Receipt(command_id=command.command_id, stored=False, again=True, says=LATER)
    assert typed.sessions(shop.store, shop.athlete.id) == []
    assert typed.diary(shop.store, shop.athlete.id) == []


def test_the_command_line_asks_and_the_command_it_prints_answers(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    with shell.daemon():
        skipped = shell("done", "--skip", "pain")
        assert (skipped.code, skipped.err) == (0, "")
        assert "Where does it hurt" in skipped.out
        assert "springstep log soreness N --where PLACE" in skipped.out
        asked = shell("today").out
        assert "? Your foot work hurt on" in asked
        printed = re.search(r"^ *springstep (log soreness N --where PLACE)$", asked, re.MULTILINE)
        assert printed is not None
        words = printed[1].replace("N", "6", 1).replace("PLACE", "ball").split()
        answered = shell(*words)
        assert answered.code == 0
        today = json.loads(shell("today", "--json").out)
        assert [card for card in today["cards"] if card["kind"] == "pain"] == []
        assert [flag["flag"] for flag in today["stopped"]] == ["soreness"]
        assert "springstep log soreness N" not in shell("today").out


def test_a_skip_for_want_of_time_prints_no_question(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    with shell.daemon():
        assert Shell(tmp_path, fresh=True)("done", "--skip", "time").out == "Saved: skipped.\n"
        assert "log soreness N" not in Shell(tmp_path, fresh=True)("today").out
