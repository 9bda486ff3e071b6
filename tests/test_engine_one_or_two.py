"""One run or two: splitting and merging, questions about pairs, and what was typed about a copy."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from sync.app.demo.fit_writer import write
from sync.wire.commands import AnswerCard, CorrectRun, LogScore, MergeRuns, SplitRun, UndoCorrection
from tests.factories_engine import NOW, Shop
from tests.factories_files import drop, outing, phone
from tests.factories_runs import START, samples
from tests.factories_xml import gpx


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "home")


def ids(shop: Shop) -> list[str]:
    return [str(one["id"]) for one in shop.runs()]


def split_of(run_id: str) -> SplitRun:
    return SplitRun(typed_utc=NOW, run_id=run_id)


def test_split_and_merge_undo_each_other_and_outlive_a_rebuild(shop: Shop, tmp_path: Path) -> None:
    shop.take_in(drop(tmp_path / "in", {"a.fit": write(outing()), "b.gpx": gpx(phone(outing()))}))
    [before] = shop.runs()
    assert shop.perform(split_of(str(before["id"]))).says == "Split into 2 activities."
    apart = ids(shop)
    assert len(apart) == 2
    assert before["id"] in apart
    shop.engine.rebuild()
    assert ids(shop) == apart
    shop.perform(MergeRuns(typed_utc=NOW, run_a=apart[1], run_b=apart[0]))
    assert shop.runs() == [before]
    shop.engine.rebuild()
    assert shop.runs() == [before]


def test_what_was_typed_about_a_copy_holds_for_the_run_that_has_it(shop: Shop, tmp_path: Path) -> None:
    phone_first = drop(tmp_path / "one", {"b.gpx": gpx(phone(outing()))})
    shop.take_in(phone_first)
    [old_id] = ids(shop)
    shop.perform(CorrectRun(typed_utc=NOW, run_id=old_id, intensity="race"))
    shop.take_in(drop(tmp_path / "two", {"a.fit": write(outing())}))
    [found] = shop.runs()
    assert found["id"] != old_id
    assert (found["intensity"], found["corrected"]) == ("race", True)
    assert shop.ask("run", id=old_id)["run"] == found
    shop.engine.rebuild()
    assert shop.runs() == [found]
    shop.perform(UndoCorrection(typed_utc=NOW, run_id=old_id))
    assert [one["corrected"] for one in shop.runs()] == [False]


def test_not_a_run_and_back(shop: Shop, tmp_path: Path) -> None:
    shop.take_in(drop(tmp_path / "in", {"a.fit": write(outing())}))
    [before] = shop.runs()
    run_id = str(before["id"])
    assert shop.perform(CorrectRun(typed_utc=NOW, run_id=run_id, is_run=False)).refused is None
    assert shop.runs() == []
    shop.engine.rebuild()
    assert shop.runs() == []
    shop.perform(CorrectRun(typed_utc=NOW, run_id=run_id, is_run=True))
    assert ids(shop) == [run_id]


def test_a_track_of_unknown_sport_is_asked_about_and_can_become_a_run(shop: Shop, tmp_path: Path) -> None:
    walked = phone(outing(), samples=samples(580, going_mps=1.2), distance_m=700.0, sport=None, title=None)
    shop.take_in(drop(tmp_path / "in", {"a.gpx": gpx(walked)}))
    assert shop.runs() == []
    [card] = [card for card in shop.ask("today")["cards"] if card["kind"] == "is-run"]
    shop.perform(AnswerCard(typed_utc=NOW, card_id=card["card_id"], answer="yes"))
    assert len(shop.runs()) == 1
    assert [one for one in shop.ask("today")["cards"] if one["kind"] == "is-run"] == []


def test_a_doubtful_pair_is_a_question_and_either_answer_sticks(shop: Shop, tmp_path: Path) -> None:
    """The phone's clock stands an hour ahead."""
    ahead = phone(outing(), start_utc=START + timedelta(hours=1), elapsed_s=598.0, samples=samples(598))
    shop.take_in(drop(tmp_path / "in", {"a.fit": write(outing()), "b.gpx": gpx(ahead)}))
    first, second = ids(shop)
    [card] = [card for card in shop.ask("today")["cards"] if card["kind"] == "same-run"]
    assert {card["run_id"], card["other_id"]} == {first, second}
    assert [name for name in ("a.fit", "b.gpx", "10 min") if name not in card["says"]] == []
    shop.perform(AnswerCard(typed_utc=NOW, card_id=card["card_id"], answer="no"))
    assert len(ids(shop)) == 2
    shop.perform(MergeRuns(typed_utc=NOW, run_a=first, run_b=second))
    assert len(ids(shop)) == 1


def test_the_diary_outlives_a_rebuild(shop: Shop, tmp_path: Path) -> None:
    shop.take_in(drop(tmp_path / "in", {"a.fit": write(outing())}))
    shop.perform(LogScore(typed_utc=NOW, what="stiffness", score=4, at_utc=NOW))
    before = {name: shop.ask(name) for name in ("diary", "today", "runs")}
    shop.engine.rebuild()
    assert {name: shop.ask(name) for name in ("diary", "today", "runs")} == before
