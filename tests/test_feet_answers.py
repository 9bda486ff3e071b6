"""What the runner reads about their feet: the same on every page, whole, and at once where it matters."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from rules.dose.ladder import current_level
from rules.facts.answers import Place
from rules.facts.foot_work import Prescription, Window
from rules.facts.kinds import Kind, Surface
from rules.plan.texture import bare_block
from rules.state.feet import SCREEN
from sync.app.cli.command import Context
from sync.app.cli.today_text import today_text
from sync.app.demo.fit_writer import write
from sync.service.footwork_state import load_state
from sync.settings.config import parse
from sync.settings.paths import DataDir
from sync.storage.database import to_json
from sync.storage.serialize.prescriptions import prescription_to_facts
from sync.wire.commands import (
    AnswerCard,
    Assess,
    ClearFlag,
    CorrectRun,
    LogScore,
    LogSession,
    PauseWork,
    PlanRun,
    RaiseFlag,
    RemoveEntry,
    SetDose,
    SetPreference,
)
from sync.wire.pages import Today
from tests.factories_engine import NOW, Shop
from tests.factories_runs import bare_run

TODAY = NOW.date()
GERMAN = parse('[athlete]\nid="ada"\nname="Ada"\ntime_zone="Europe/Berlin"\nlanguage="de"\n')


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "home")


def sore(score: int, place: Place | None = Place.TOES, **more: Any) -> LogScore:
    return LogScore(**{"typed_utc": NOW, "what": "soreness", "score": score, "at_utc": NOW, "place": place, **more})


def text(shop: Shop) -> str:
    """``springstep today`` as it is printed, without its line ends."""
    context = Context(home=DataDir(shop.root), config_path=shop.root / "config.toml", athlete_name=None)
    return " ".join(today_text(Today.model_validate(shop.ask("today")), context).split())


# --- warning signs --------------------------------------------------------------------------------


def test_a_warning_sign_says_at_once_what_to_do(shop: Shop) -> None:
    says = shop.perform(RaiseFlag(typed_utc=NOW, flag="numb", at_utc=NOW)).says
    assert "see a doctor or physio" in says
    assert says.endswith("Your drills are paused until you clear this.")


def test_an_emergency_comes_before_everything_else(shop: Shop) -> None:
    says = shop.perform(RaiseFlag(typed_utc=NOW, flag="calf-breathless", at_utc=NOW)).says
    assert says.index("Call the emergency number now.") < says.index("Noted.")


@pytest.mark.parametrize(("score", "place", "told"), [(5, Place.TOES, False), (6, Place.HEEL, True), (8, None, True)])
def test_soreness_above_five_says_at_once_what_to_do(score: int, place: Place | None, told: bool, shop: Shop) -> None:
    says = shop.perform(sore(score, place)).says
    assert ("see a doctor or physio" in says) is told
    assert bool(shop.ask("today")["stopped"]) is told


def test_soreness_of_last_week_stops_nothing_and_says_nothing(shop: Shop) -> None:
    says = shop.perform(sore(8, at_utc=NOW - timedelta(days=6))).says
    assert says == "Saved for Sat 14 Mar 2026: soreness 8 (toes)."
    assert shop.ask("today")["stopped"] == []


def test_stiffness_is_no_warning_sign(shop: Shop) -> None:
    command = LogScore(typed_utc=NOW, what="stiffness", score=9, at_utc=NOW)
    assert shop.perform(command).says == "Saved for Fri 20 Mar 2026: stiffness 9."


def test_a_flag_raised_twice_in_a_day_stops_the_ladder_twice(shop: Shop) -> None:
    says = []
    for flag_id in ("one", "two"):
        shop.perform(RaiseFlag(typed_utc=NOW, flag="numb", at_utc=NOW, flag_id=flag_id))
        says.append(shop.ask("today")["dose"]["level"])
        shop.perform(ClearFlag(typed_utc=NOW, flag_id=flag_id, because="gone"))
        says.append(shop.ask("today")["dose"]["level"])
    assert says == ["stopped", "steady", "stopped", "steady"]


def test_a_warning_sign_is_read_where_no_run_has_come_yet(shop: Shop) -> None:
    shop.perform(RaiseFlag(typed_utc=NOW, flag="hop-pain", at_utc=NOW))
    assert "Pain when hopping on that foot: stop the drills" in text(shop)


def test_the_day_of_a_score_is_the_day_it_was_logged_for(shop: Shop) -> None:
    shop.perform(sore(7, at_utc=NOW - timedelta(days=1)))
    assert [row["day"] for row in shop.ask("today")["stopped"]] == ["2026-03-19"]


def test_the_screen_says_what_follows_from_it(shop: Shop) -> None:
    screen = {"under_18": True, "diabetes_or_numb": False}
    says = shop.perform(Assess(typed_utc=NOW, day=TODAY, left={}, right={}, screen=screen)).says
    assert "with a grown-up" in says
    assert "Diabetes" not in says
    assert "You're under 18" in text(shop)


# --- one word on every page -----------------------------------------------------------------------


def planned_work(shop: Shop) -> list[str]:
    return [work["title"] for day in shop.ask("plan")["week"] for work in day["work"]]


def test_while_the_drills_are_stopped_no_page_asks_for_any(shop: Shop) -> None:
    shop.engine.refresh()
    assert planned_work(shop) == ["Foot day"]
    shop.perform(RaiseFlag(typed_utc=NOW, flag="numb", at_utc=NOW, flag_id="one"))
    assert (shop.ask("today")["work"], planned_work(shop)) == ([], [])
    shop.perform(ClearFlag(typed_utc=NOW, flag_id="one", because="seen"))
    assert planned_work(shop) == [work["title"] for work in shop.ask("today")["work"]] == ["Foot day"]


def test_work_that_was_done_before_a_stop_stays_in_the_calendar(shop: Shop) -> None:
    shop.engine.refresh()
    [work] = shop.ask("today")["work"]
    shop.perform(LogSession(typed_utc=NOW, at_utc=NOW, prescription_id=work["prescription_id"]))
    shop.perform(RaiseFlag(typed_utc=NOW, flag="numb", at_utc=NOW))
    [shown] = shop.ask("calendar", first=str(TODAY), last=str(TODAY))["days"][0]["work"]
    assert shown["session"]["state"] == "done"


def test_nothing_stands_for_days_that_are_paused(shop: Shop) -> None:
    tomorrow = TODAY + timedelta(days=1)
    shop.perform(PlanRun(typed_utc=NOW, day=tomorrow, kind=Kind.TEMPO))
    assert planned_work(shop) == ["Foot day", "Warm-up for your hard run"]
    shop.perform(PauseWork(typed_utc=NOW, reason="travel", from_day=tomorrow, until_day=tomorrow))
    assert planned_work(shop) == ["Foot day"]
    assert shop.ask("today")["before_next"] is None


def test_the_warm_up_for_a_race_is_called_one(shop: Shop) -> None:
    shop.perform(PlanRun(typed_utc=NOW, day=TODAY + timedelta(days=1), kind=Kind.TEMPO, race=True))
    assert planned_work(shop) == ["Foot day", "Warm-up for your race"]


def test_the_self_check_is_due_on_both_pages_or_on_none(shop: Shop) -> None:
    keys = []
    for _ in range(2):
        cards = [card["kind"] for card in shop.ask("today")["cards"]]
        keys.append(("self-check" in cards, shop.ask("plan")["assessment_due"]))
        shop.perform(Assess(typed_utc=NOW, day=TODAY, left={"range_0_10": 6}, right={}))
    assert keys == [(True, True), (False, False)]


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("skipped", "You skipped today's foot work."),
        ("partial", "You did part of today's foot work. That counts."),
    ],
)
def test_a_session_skipped_or_done_in_part_is_not_called_due_or_done(
    shop: Shop, state: Literal["skipped", "partial"], says: str
) -> None:
    shop.engine.refresh()
    [work] = shop.ask("today")["work"]
    told = LogSession(typed_utc=NOW, at_utc=NOW, prescription_id=work["prescription_id"], state=state)
    shop.perform(told)
    assert shop.ask("today")["says"] == says


def test_a_level_set_by_hand_is_named_once(shop: Shop) -> None:
    shop.engine.refresh()
    shop.perform(SetDose(typed_utc=NOW, day=TODAY, days_per_week=4))
    [change, *_] = shop.ask("plan")["dose"]["history"]
    assert (change["says"], change["reasons"]) == ("Set by you: 6 min, 4 days a week.", [])
    assert "Fri 20 Mar 2026: You chose 6 minutes, 4 days a week." in text(shop)


def test_work_done_from_an_older_plan_of_the_day_is_done(shop: Shop) -> None:
    """The page stood open, the plan was succeeded meanwhile, and the runner tapped the older one."""
    shop.perform(SetPreference(typed_utc=NOW, key="equipment", value=["towel", "band"]))
    [older] = shop.ask("today")["work"]
    shop.perform(Assess(typed_utc=NOW, day=TODAY, left={}, right={}, screen={"under_18": True}))
    shop.perform(LogSession(typed_utc=NOW, at_utc=NOW, prescription_id=older["prescription_id"]))
    today = shop.ask("today")
    [work] = today["work"]
    assert (work["session"]["state"], today["says"]) == ("done", "Today's foot work is done.")


def test_an_entry_taken_back_takes_the_lighter_plan_back(shop: Shop) -> None:
    slip = sore(8)
    shop.perform(slip)
    assert shop.ask("today")["dose"]["level"] == "dialled_back"
    shop.perform(RemoveEntry(typed_utc=NOW, entry_id=slip.entry_id))
    today = shop.ask("today")
    assert (today["dose"]["level"], today["stopped"]) == ("steady", [])
    assert today["changed"][0] == (
        "Fri 20 Mar 2026: The entry that made the plan lighter was changed or removed: 6 minutes again."
    )


# --- what is coming -------------------------------------------------------------------------------


def calendar_says(shop: Shop, kind: str | None, title: str) -> None:
    """A run of tomorrow at 18:30 in Berlin, as a pass of the calendar stores it."""
    shop.store.execute(
        "upsert_planned", athlete=shop.athlete.id, planned_id="ical:1", source="ical", day=TODAY + timedelta(days=1),
        kind=kind, start_utc=datetime(2026, 3, 21, 17, 30), title=title, probability=1.0, seq=1,
    )  # fmt: skip


def asked(shop: Shop) -> list[dict[str, Any]]:
    return [card for card in shop.ask("today")["cards"] if card["kind"] == "ask-plan"]


def test_a_run_in_the_calendar_that_says_nothing_of_its_kind_is_asked_about(shop: Shop) -> None:
    calendar_says(shop, None, "Run club")
    [card] = asked(shop)
    assert card["says"].startswith("Your calendar shows a run on Sat 21 Mar 2026 (“Run club”).")
    assert [value for value, _ in card["answers"]] == ["easy", "tempo", "long", "hills"]
    shop.perform(AnswerCard(typed_utc=NOW, card_id=card["card_id"], answer="tempo"))
    block = shop.ask("today")["before_next"]
    assert (block["day"], block["starts_local"]) == ("2026-03-21", "2026-03-21T18:30:00")
    assert asked(shop) == []


def test_an_answer_about_a_plan_that_makes_no_sense_changes_nothing(shop: Shop) -> None:
    for card_id, answer in (("plan:tomorrow", "tempo"), ("plan:2026-03-21", "sprint")):
        assert shop.perform(AnswerCard(typed_utc=NOW, card_id=card_id, answer=answer)).stored
    assert shop.ask("plan")["planned"] == []


def test_the_runners_word_goes_before_the_calendars(shop: Shop) -> None:
    calendar_says(shop, "tempo", "Intervals")
    assert shop.ask("today")["before_next"] is not None
    shop.perform(PlanRun(typed_utc=NOW, day=TODAY + timedelta(days=1), kind=Kind.EASY))
    assert shop.ask("today")["before_next"] is None
    assert [one["source"] for one in shop.ask("plan")["planned"]] == ["runner"]
    shop.perform(PlanRun(typed_utc=NOW, day=TODAY + timedelta(days=1), kind=None))
    assert shop.ask("today")["before_next"] is not None


def test_a_habit_is_confirmed_or_refused_with_a_tap(shop: Shop, tmp_path: Path) -> None:
    """Five Saturdays in a row were hard."""
    for week in range(1, 6):
        start = NOW - timedelta(days=7 * week - 1)
        hard = bare_run(start_utc=start, elapsed_s=3000.0, timer_s=3000.0, distance_m=9000.0)
        (tmp_path / f"{week}.fit").write_bytes(write(hard))
    shop.take_in(*sorted(tmp_path.glob("*.fit")))
    for one in shop.runs():
        shop.engine.perform(CorrectRun(typed_utc=NOW, run_id=str(one["id"]), kind=Kind.TEMPO), follow=False)
    shop.engine.refresh()
    [card] = asked(shop)
    assert card["says"] == "Hard run on Sat 21 Mar 2026 again? You usually run hard then (90 %)."
    assert "usually run hard" in str(shop.ask("today")["before_next"]["reasons"])
    shop.perform(AnswerCard(typed_utc=NOW, card_id=card["card_id"], answer="tempo"))
    assert "You planned a hard run." in str(shop.ask("today")["before_next"]["reasons"])
    assert asked(shop) == []


def test_the_answer_after_a_bare_block_is_about_its_texture(shop: Shop, tmp_path: Path) -> None:
    shop.perform(LogScore(typed_utc=NOW, what="stiffness", score=3, at_utc=NOW - timedelta(days=60)))
    shop.perform(Assess(typed_utc=NOW, day=TODAY, screen=dict.fromkeys(SCREEN, False)))
    trail = bare_run(start_utc=NOW - timedelta(hours=2), elapsed_s=3000.0, timer_s=3000.0, distance_m=8000.0)
    (tmp_path / "trail.fit").write_bytes(write(trail))
    shop.take_in(tmp_path / "trail.fit")
    [one] = shop.runs()
    shop.perform(CorrectRun(typed_utc=NOW, run_id=str(one["id"]), kind=Kind.SURFACE, surface=Surface.TRAIL))
    [care] = shop.ask("today")["work"]
    assert (care["counts"], care["minutes"] <= 2) == (False, True)
    shop.perform(LogSession(typed_utc=NOW, at_utc=NOW, prescription_id=care["prescription_id"]))
    [_, work] = shop.ask("today")["work"]
    assert "texture-walk" in [drill["drill"] for drill in work["drills"]]
    shop.perform(LogSession(typed_utc=NOW, at_utc=NOW, prescription_id=work["prescription_id"]))
    shop.perform(AnswerCard(typed_utc=NOW, card_id=f"feel:{one['id']}", answer="tighter"))
    state = load_state(shop.store, shop.athlete, shop.config, shop.now + timedelta(days=7))
    assert [(feel.feel, feel.texture) for feel in state.feels] == [("tighter", "rug")]
    assert bare_block(state, state.today, current_level(state.dose_changes), None).texture == "grass"


# --- the whole of it ------------------------------------------------------------------------------


def given(shop: Shop, day: date) -> str:
    """A foot day of that day, as it would have been issued then."""
    work = Prescription(
        f"base-{day}", shop.athlete.id, day, Window.BASE, None, None, 5.0, (), (), (), "feet-1",
        inputs={"plan": "given", "avoid": []},
    )  # fmt: skip
    facts = prescription_to_facts(work)
    facts |= {name: to_json(one) for name, one in facts.items() if isinstance(one, dict | list)}
    shop.store.execute("insert_prescription", athlete=shop.athlete.id, issued_utc=NOW, **facts)
    return work.prescription_id


def test_weeks_kept_and_the_score_look_back_further_than_a_month(shop: Shop) -> None:
    """Three times a week for twelve weeks is 0.935 by the published formula."""
    monday = TODAY - timedelta(days=TODAY.weekday() + 7 * 12)
    for day in (monday + timedelta(days=7 * week + add) for week in range(12) for add in (0, 2, 4)):
        done = LogSession(typed_utc=NOW, at_utc=_evening(day), prescription_id=given(shop, day))
        shop.engine.perform(done, follow=False)
    shop.now = datetime(TODAY.year, TODAY.month, TODAY.day, 6) - timedelta(days=TODAY.weekday() + 1)
    kept = shop.ask("today")["adherence"]
    assert (kept["weeks_kept"], kept["score"]) == (12, 0.935)
    assert (kept["done_28"], kept["due_28"]) == (12, 12)
    assert (kept["done_7"], kept["minutes_7"], kept["minutes_due_7"], kept["excused_7"]) == (3, 15.0, 15.0, 0)


def test_a_week_of_the_calendar_counts_as_the_share_does(shop: Shop) -> None:
    monday = TODAY - timedelta(days=TODAY.weekday() + 7)
    days = [monday + timedelta(days=add) for add in (0, 2, 4)]
    named = [given(shop, day) for day in days]
    for day, name in zip(days[:2], named, strict=False):
        shop.engine.perform(LogSession(typed_utc=NOW, at_utc=_evening(day), prescription_id=name), follow=False)
    shop.engine.perform(PauseWork(typed_utc=NOW, reason="ill", from_day=days[2], until_day=days[2]), follow=False)
    week = shop.ask("calendar", first=str(monday), last=str(monday + timedelta(days=6)))["weeks"][0]
    assert (week["due"], week["done"], week["kept"]) == (2, 2, True)


def _evening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 18)


def test_every_drill_in_the_terminal_has_its_breath_and_its_stop(shop: Shop) -> None:
    said = text(shop)
    [work] = shop.ask("today")["work"]
    for drill in work["drills"]:
        assert f"Breath: {drill['breath']} You should feel: {drill['feel']} Take care: {drill['stop']}" in said


def test_what_stands_for_tomorrow_names_its_day(shop: Shop) -> None:
    shop.perform(PlanRun(typed_utc=NOW, day=TODAY + timedelta(days=1), kind=Kind.TEMPO, start_local="18:30"))
    assert "Sat 21 Mar 2026, run at 18:30." in text(shop)
    shop.later(days=1)
    assert " Run at 18:30. After at least five minutes of easy movement" in text(shop)


def test_numbers_have_the_runners_decimal_sign(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "home", config=GERMAN)
    for days in range(4):
        shop.perform(sore(5, at_utc=NOW - timedelta(days=days)))
    shop.perform(sore(8))
    [said] = [one for one in shop.ask("today")["changed"] if "üblich" in one]
    assert said.startswith("Fr 20. März 2026: Eine Stufe hinunter, vorerst leichter: 4 min")
    for days in range(1, 6):
        shop.later(days=1)
        shop.perform(sore(0 if days < 4 else 1, at_utc=shop.now, typed_utc=shop.now))
    assert any("Es hat sich beruhigt (0,4)" in one for one in shop.ask("today")["changed"])


def test_the_floor_is_called_a_floor_and_the_ceiling_a_ceiling(shop: Shop) -> None:
    less = [shop.perform(SetDose(typed_utc=NOW, day=TODAY, step="less")).refused for _ in range(5)]
    assert less == [None] * 4 + ["2 minutes on 2 days a week is the least. To do less, take a break."]


def test_a_score_tapped_within_an_hour_of_foot_work_is_one_after_the_work(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "home")
    shop.engine.refresh()
    assert shop.ask("today")["preset_when"] == "before"
    [due] = shop.ask("today")["work"]
    shop.perform(
        LogSession(
            session_id="s", typed_utc=NOW, at_utc=NOW, state="done", prescription_id=due["prescription_id"], reason=None
        )
    )
    assert shop.ask("today")["preset_when"] == "after"
    shop.later(hours=1)
    assert shop.ask("today")["preset_when"] == "before"


def test_a_place_is_taken_from_the_entry_before_and_never_made_up(shop: Shop) -> None:
    assert shop.ask("today")["preset_place"] is None
    shop.perform(sore(2, Place.HEEL))
    assert shop.ask("today")["preset_place"] == "heel"
    shop.later(hours=1)
    shop.perform(sore(2, None, at_utc=shop.now, typed_utc=shop.now))
    assert shop.ask("today")["preset_place"] is None
