"""A drill that hurt rests with all that trains the same; silence after pain keeps the work light; evenings count."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rules.dose.ladder import current_level, review
from rules.facts.answers import DrillAnswer, Place, SkipReason, When
from rules.facts.foot_work import DiaryEntry
from rules.knowledge.loader import knowledge
from rules.state.feet import FootState
from rules.state.limits import families
from sync.wire.commands import Assess, LogScore, LogSession, RateDrills
from tests.factories_engine import Shop

SCREENED = dict.fromkeys(("diabetes_or_numb", "fracture_or_surgery", "under_18"), False)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Nobody has run, the safety screen is answered: a foot day stands for today."""
    found = Shop(tmp_path / "home")
    found.perform(Assess(typed_utc=found.now, day=found.now.date(), screen=SCREENED))
    found.engine.refresh()
    return found


def today(shop: Shop) -> dict[str, Any]:
    shop.engine.refresh()
    return shop.ask("today")


def drills(shop: Shop) -> set[str]:
    """Every drill that stands for today, on whichever card."""
    shown = today(shop)
    works = [*shown["work"], *([shown["primer"]] if shown["primer"] else [])]
    return {drill["drill"] for work in works for drill in work["drills"]}


def do(shop: Shop, **more: Any) -> None:
    work = today(shop)["work"]
    name = work[0]["prescription_id"] if work else None
    shop.perform(LogSession(typed_utc=shop.now, at_utc=shop.now, prescription_id=name, **more))


def test_a_drill_that_hurt_rests_a_fortnight_with_its_family(shop: Shop) -> None:
    do(shop, session_id="first", drills={"arch-lift": DrillAnswer.HURT, "toe-curl": DrillAnswer.RIGHT})
    resting = {name for name, drill in knowledge().drills.items() if drill.not_with & families("arch-lift")}
    assert "arch-lift" in resting
    seen, told = set[str](), set[str]()
    until = f"{shop.now.date() + timedelta(days=13):%-d %b}"
    for _ in range(13):
        shop.later(days=1)
        seen |= drills(shop)
        told |= {one["says"] for work in today(shop)["work"] for one in work["reasons"] if until in one["says"]}
        if today(shop)["work"] and today(shop)["work"][0]["session"] is None:
            do(shop)
    assert seen
    assert not seen & resting
    [says] = told
    assert says.startswith("Arch lift: that hurt on")
    for _ in range(8):
        shop.later(days=1)
        seen |= drills(shop)
        if today(shop)["work"] and today(shop)["work"][0]["session"] is None:
            do(shop)
    assert seen & resting


def test_a_skip_that_names_no_drill_rests_the_loaded_ones(shop: Shop) -> None:
    shop.later(days=40)
    assert "toe-curl" in drills(shop)
    do(shop, state="skipped", reason=SkipReason.PAIN)
    shop.perform(LogScore(typed_utc=shop.now, at_utc=shop.now, what="soreness", score=1, place=Place.TOES))
    loaded = {name for name, drill in knowledge().drills.items() if drill.load >= 2}
    seen: set[str] = set()
    for _ in range(13):
        shop.later(days=1)
        seen |= drills(shop)
    assert seen
    assert not seen & loaded


def lighter(shop: Shop) -> bool:
    shown = today(shop)
    works = [*shown["work"], *([shown["primer"]] if shown["primer"] else [])]
    return any("lighter version" in reason["says"] for work in works for reason in work["reasons"])


def test_silence_after_pain_stays_light_until_three_sessions_went_well(shop: Shop) -> None:
    do(shop, session_id="first")
    rated = RateDrills(typed_utc=shop.now, session_id="first", drills={"toe-curl": DrillAnswer.HURT})
    assert "Where does it hurt" in shop.perform(rated).says
    assert next(card["kind"] for card in today(shop)["cards"]) == "pain"
    found = []
    for _ in range(4):
        shop.later(days=3)
        found.append(lighter(shop))
        do(shop)
    assert found == [True, True, True, False]


@pytest.mark.parametrize(
    ("said", "morning", "expected"),
    [((4, 20), None, True), ((3, 20), None, False), ((4, 13), None, False), ((5, 21), 1, False)],
)
def test_an_evenings_soreness_lightens_the_next_morning(
    shop: Shop, said: tuple[int, int], morning: int | None, *, expected: bool
) -> None:
    score, hour = said
    shop.now = shop.now.replace(hour=hour)
    shop.perform(LogScore(typed_utc=shop.now, at_utc=shop.now, what="soreness", score=score, place=Place.HEEL))
    shop.now = (shop.now + timedelta(days=3 if expected is None else 1)).replace(hour=7)
    if morning is not None:
        shop.perform(LogScore(typed_utc=shop.now, at_utc=shop.now, what="soreness", score=morning, place=Place.HEEL))
    shown = today(shop)
    works = [*shown["work"], *([shown["primer"]] if shown["primer"] else [])]
    says = {reason["says"] for work in works for reason in work["reasons"]}
    assert any("last evening" in one for one in says) is expected


NOW = datetime(2026, 3, 20, 12, 0)


def sore(scores: list[int]) -> FootState:
    """One forefoot score a day, the last one today, through the ladder day by day."""
    state = FootState("ada", NOW.date() - timedelta(days=len(scores)), NOW, NOW.date() - timedelta(days=60))
    for number, score in enumerate(scores):
        at = NOW - timedelta(days=len(scores) - 1 - number)
        entry = DiaryEntry(str(number), "soreness", at, at.date(), score, Place.TOES, when=When.WAKING)
        fields = {"today": at.date(), "now_utc": at, "diary": (*state.diary, entry)}
        state = FootState(**{**{name: getattr(state, name) for name in state.__slots__}, **fields})
        rows = review(state)
        fields = {"dose_changes": (*state.dose_changes, *rows)}
        state = FootState(**{**{name: getattr(state, name) for name in state.__slots__}, **fields})
    return state


@pytest.mark.parametrize(
    ("later", "level"), [([4, 3, 4, 4, 3], "dialled_back"), ([4, 4, 5, 4, 4], "stopped"), ([1, 1, 1, 1, 1], "steady")]
)
def test_the_ladder_stops_only_what_the_days_scale_would_spare(later: list[int], level: str) -> None:
    """A mean of 3.6 is "go on": the level stays lighter, and nothing stops for weeks."""
    state = sore([1] * 10 + [4, 4, 4] + later * 6)
    found = current_level(state.dose_changes)
    assert found.level == level
