"""What the runner types: stored once, said back in one sentence, in the log for good, and refused with a reason."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rules.facts.answers import Place, SkipReason
from rules.facts.kinds import Kind
from rules.text import load_language
from sync.app.demo.fit_writer import write
from sync.errors import CodedText
from sync.service.messages import render_answer
from sync.storage import issued, typed
from sync.storage.database import Store
from sync.wire.commands import (
    AnswerCard,
    Assess,
    ChooseStep,
    ClearFlag,
    CorrectRun,
    LogScore,
    LogSession,
    PauseWork,
    PlanRun,
    RaiseFlag,
    Receipt,
    RemoveEntry,
    ResumeWork,
    SetDose,
    SetPreference,
    TypedCommand,
)
from tests.factories_engine import NOW, Shop
from tests.factories_runs import run

TODAY = NOW.date()


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "home")


def score(points: int = 4, **more: Any) -> LogScore:
    return LogScore(**{"typed_utc": NOW, "what": "stiffness", "score": points, "at_utc": NOW, **more})


def rows(shop: Shop) -> dict[str, Any]:
    """Everything that was typed, as it lies in the store."""
    questions = (typed.diary, typed.flags, typed.sessions, typed.pauses, typed.assessments, typed.planned)
    return {question.__name__: question(shop.store, shop.athlete.id) for question in questions}


def test_the_same_command_again_is_stored_once_and_says_so(shop: Shop) -> None:
    command = score()
    first = shop.perform(command)
    stored = rows(shop)
    again = shop.perform(command)
    assert first == Receipt(command_id=command.command_id, stored=True, says="Saved for Fri 20 Mar 2026: stiffness 4.")
    assert again == first.model_copy(
        update={
            "again": True,
            "says": f"{first.says} (You'd already sent this; it counts once.)",
            "said": first.says,
        }
    )
    assert rows(shop) == stored
    assert [row.command_id for row in typed.commands(shop.store, shop.athlete.id)] == [command.command_id]


def test_the_same_command_from_many_threads_is_stored_once(tmp_path: Path) -> None:
    command = score()
    with Store.open(tmp_path / "store.duckdb") as store:
        shop = Shop(tmp_path / "home", store)
        receipts: list[Receipt] = []
        threads = [threading.Thread(target=lambda: receipts.append(shop.perform(command))) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(receipt.again for receipt in receipts) == [False, True, True, True, True, True]
        assert len(typed.diary(store, shop.athlete.id)) == 1


def test_an_entry_can_be_amended_and_removed(shop: Shop) -> None:
    entry = score(place=Place.BALL)
    said = [
        shop.perform(entry).says,
        shop.perform(score(6, entry_id=entry.entry_id, place=Place.BALL)).says,
    ]
    assert said == [
        "Saved for Fri 20 Mar 2026: stiffness 4 (ball of the foot).",
        "Changed for Fri 20 Mar 2026: stiffness 6 (ball of the foot).",
    ]
    assert [row.score for row in typed.diary(shop.store, shop.athlete.id)] == [6]
    assert shop.perform(RemoveEntry(typed_utc=NOW, entry_id=entry.entry_id)).stored
    assert typed.diary(shop.store, shop.athlete.id) == []


def test_days_are_the_runners_own_and_instants_any_zone(shop: Shop) -> None:
    late = datetime(2026, 3, 20, 23, 30, tzinfo=UTC)
    shop.perform(score(at_utc=late, typed_utc=late))
    [found] = typed.diary(shop.store, shop.athlete.id)
    assert (found.at_utc, found.day) == (datetime(2026, 3, 20, 23, 30), date(2026, 3, 21))


REFUSED: dict[str, tuple[TypedCommand, str]] = {
    "an entry that is not there": (
        RemoveEntry(typed_utc=NOW, entry_id="x"), "That entry doesn't exist. Nothing was changed.",
    ),
    "a flag that is not there": (
        ClearFlag(typed_utc=NOW, flag_id="x", because="gone"), "That warning sign doesn't exist. Nothing was changed.",
    ),
    "work that was never issued": (
        LogSession(typed_utc=NOW, at_utc=NOW, prescription_id="x"),
        "That foot work doesn't exist. Nothing was changed.",
    ),
    "a run that is not there": (
        CorrectRun(typed_utc=NOW, run_id="abc", long=True), "There is no run abc. Nothing was changed.",
    ),
    "a pause that ends first": (
        PauseWork(typed_utc=NOW, reason="ill", from_day=TODAY, until_day=TODAY - timedelta(days=1)),
        "That pause would end before it starts. Nothing was changed.",
    ),
    "a plan for a day that is over": (
        PlanRun(typed_utc=NOW, day=TODAY - timedelta(days=1), kind=Kind.TEMPO),
        "Thu 19 Mar 2026 is over, so nothing was planned. Choose a day from today on.",
    ),
    "a time that is none": (
        PlanRun(typed_utc=NOW, day=TODAY, kind=Kind.TEMPO, start_local="half six"),
        "“half six” isn't a time. Nothing was saved. Write it as HH:MM.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_done_is_refused_with_a_sentence_and_changes_nothing(case: str, shop: Shop) -> None:
    command, sentence = REFUSED[case]
    before = rows(shop)
    receipt = shop.perform(command)
    assert (receipt.stored, receipt.refused, receipt.says) == (False, sentence, sentence)
    assert rows(shop) == before
    stored = [row.refused for row in typed.commands(shop.store, shop.athlete.id)]
    english = load_language("en")
    assert [render_answer(CodedText.from_text(one or ""), english) for one in stored] == [sentence]
    assert sentence not in str(stored)


def test_a_step_that_is_not_offered_is_refused(shop: Shop) -> None:
    receipt = shop.perform(ChooseStep(typed_utc=NOW, change_id="x", choice="minutes"))
    assert (receipt.stored, bool(receipt.refused)) == (False, True)


def test_a_flag_stops_the_work_until_it_is_cleared(shop: Shop) -> None:
    flag = RaiseFlag(typed_utc=NOW, flag="numbness", at_utc=NOW)
    shop.perform(flag)
    assert shop.ask("today")["stopped"]
    shop.perform(ClearFlag(typed_utc=NOW, flag_id=flag.flag_id, because="gone"))
    assert not shop.ask("today")["stopped"]


def test_a_planned_run_has_its_time_in_the_runners_zone_and_can_be_taken_back(shop: Shop) -> None:
    day = date(2026, 3, 30)
    shop.perform(PlanRun(typed_utc=NOW, day=day, kind=Kind.TEMPO, start_local="18:30"))
    [found] = typed.planned(shop.store, shop.athlete.id)
    assert (found.day, found.kind, found.start_utc) == (day, "tempo", datetime(2026, 3, 30, 16, 30))
    shop.perform(PlanRun(typed_utc=NOW, day=day, kind=None))
    assert typed.planned(shop.store, shop.athlete.id) == []


def test_resuming_ends_a_pause_the_day_before(shop: Shop) -> None:
    shop.perform(PauseWork(typed_utc=NOW, reason="travel", from_day=TODAY - timedelta(days=3)))
    shop.perform(ResumeWork(typed_utc=NOW, day=TODAY))
    assert [row.until_day for row in typed.pauses(shop.store, shop.athlete.id)] == [TODAY - timedelta(days=1)]


def test_work_that_was_issued_is_done_once_and_stays_as_it_was_issued(shop: Shop, tmp_path: Path) -> None:
    easy = run(start_utc=NOW - timedelta(hours=2), title="Easy run", laps=(), steps=(), workout_name=None, file_id=None)
    (tmp_path / "a.fit").write_bytes(write(easy))
    shop.take_in(tmp_path / "a.fit")
    [work] = shop.ask("today")["work"]
    before = issued.prescriptions(shop.store, shop.athlete.id)
    done = LogSession(typed_utc=NOW, at_utc=NOW, prescription_id=work["prescription_id"])
    assert shop.perform(done).says == f"Saved: done, {work['minutes']:g} min."
    [run_row] = shop.runs()
    shop.perform(CorrectRun(typed_utc=NOW, run_id=str(run_row["id"]), intensity="race"))
    shop.later(minutes=5)
    shop.engine.refresh()
    shop.engine.rebuild()
    after = issued.prescriptions(shop.store, shop.athlete.id)
    assert after[: len(before)] == before
    assert shop.ask("today")["work"][0]["session"]["state"] == "done"


def test_a_correction_of_open_work_issues_a_successor(shop: Shop, tmp_path: Path) -> None:
    hour = run(start_utc=NOW - timedelta(hours=2), title=None, laps=(), steps=(), workout_name=None, file_id=None)
    (tmp_path / "a.fit").write_bytes(write(hour))
    shop.take_in(tmp_path / "a.fit")
    before = issued.prescriptions(shop.store, shop.athlete.id)
    [found] = shop.runs()
    shop.perform(CorrectRun(typed_utc=NOW, run_id=str(found["id"]), kind=Kind.HILLS))
    after = issued.prescriptions(shop.store, shop.athlete.id)
    assert after[: len(before)] == before
    assert [row.kind for row in after[len(before) :] if row.supersedes] == ["hills"]


def test_foot_work_follows_its_run_when_a_better_copy_arrives(shop: Shop, tmp_path: Path) -> None:
    watch = run(start_utc=NOW - timedelta(hours=2), title="Easy run", laps=(), steps=(), workout_name=None)
    phone = replace(watch, file_id=None, samples=None, sport="running")
    for name, recording in (("phone.fit", phone), ("watch.fit", watch)):
        (tmp_path / name).write_bytes(write(recording))
    shop.take_in(tmp_path / "phone.fit")
    [before] = shop.runs()
    known = [row.run_id for row in issued.prescriptions(shop.store, shop.athlete.id)]
    assert before["id"] in known
    shop.take_in(tmp_path / "watch.fit")
    [after] = shop.runs()
    assert after["id"] != before["id"]
    moved = [row.run_id for row in issued.prescriptions(shop.store, shop.athlete.id)]
    assert moved[: len(known)] == [after["id"] if run_id == before["id"] else run_id for run_id in known]


def test_refreshing_with_nothing_new_issues_nothing(shop: Shop) -> None:
    shop.engine.refresh()
    store, runner = shop.store, shop.athlete.id
    before = issued.prescriptions(store, runner), issued.dose_changes(store, runner)
    shop.engine.refresh()
    assert before == (issued.prescriptions(store, runner), issued.dose_changes(store, runner))
    assert [row.verdict for row in before[1]] == ["start"]


def test_the_log_holds_every_command_as_it_was_typed(shop: Shop) -> None:
    commands: list[TypedCommand] = [
        score(),
        SetPreference(typed_utc=NOW, key="anchors", value=["coffee", "desk"]),
        Assess(typed_utc=NOW, day=TODAY, left={"range_0_10": 6}, right={"range_0_10": 7}),
        LogSession(typed_utc=NOW, at_utc=NOW, state="skipped", reason=SkipReason.ILL),
        SetDose(typed_utc=NOW, day=TODAY, days_per_week=2),
        AnswerCard(typed_utc=NOW, card_id="expect_weeks:2026-W12", answer="seen"),
    ]
    for command in commands:
        assert shop.perform(command).refused is None
    log = typed.commands(shop.store, shop.athlete.id)
    assert [row.payload for row in log] == [command.model_dump(mode="json") for command in commands]
    assert [row.seq for row in log] == sorted(row.seq for row in log)
