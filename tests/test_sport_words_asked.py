"""A word for a sport that nobody knows is asked about once; the answer is a rule for all its activities."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sync.wire.commands import AnswerCard, CorrectRun
from tests.factories_engine import NOW, Shop
from tests.factories_runs import START, run
from tests.factories_xml import gpx

LOG = "Date,Activity Type,Distance (km),Duration\n"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "home")


def table(path: Path, *rows: str) -> Path:
    path.write_text(LOG + "".join(f"{row}\n" for row in rows))
    return path


def cards(shop: Shop) -> list[tuple[str, str]]:
    return [(one["card_id"], one["says"]) for one in shop.ask("today")["cards"] if one["kind"] == "sport-word"]


def unknown(shop: Shop) -> list[str]:
    return [one["name"] for one in shop.ask("status")["problems"]]


def counted(shop: Shop) -> dict[str, Any]:
    """What a run may change: the load of the week, what the calendar adds up, and what is prescribed."""
    today, weeks = shop.ask("today"), shop.ask("calendar")["weeks"]
    shown = {name: today[name] for name in ("work", "ahead", "next_run") if name in today}
    return {**shown, "weeks": [one["distance_m"] for one in weeks]}


def test_unknown_words_are_counted_by_name_and_asked_once(shop: Shop, tmp_path: Path) -> None:
    rows = [f"2026-03-0{day},Kabaddi,5.0,00:30:00" for day in range(1, 6)]
    made = shop.take_in(table(tmp_path / "log.csv", *rows, "2026-03-06,Running,5.0,00:30:00"))
    assert (made.runs, made.other) == (1, 5)
    [line] = made.unknown_words
    assert line.startswith("Activities called “kabaddi”: 5.")
    assert [name for name, _ in cards(shop)] == ["sport-word:kabaddi"]
    assert unknown(shop) == ["kabaddi"]
    assert [one for one in shop.ask("today")["cards"] if one["kind"] == "is-run"] == []


@pytest.mark.parametrize(("answer", "runs"), [("yes", 3), ("no", 0)])
def test_the_answer_is_a_rule_that_holds_later_and_outlives_a_rebuild(
    shop: Shop, tmp_path: Path, answer: str, runs: int
) -> None:
    shop.take_in(table(tmp_path / "a.csv", "2026-03-01,Kabaddi,5.0,00:30:00", "2026-03-02,Kabaddi,5.0,00:30:00"))
    assert shop.perform(AnswerCard(typed_utc=NOW, card_id="sport-word:kabaddi", answer=answer)).refused is None
    assert (cards(shop), unknown(shop)) == ([], [])
    later = shop.take_in(table(tmp_path / "b.csv", "2026-03-03,Kabaddi,6.0,00:36:00"))
    assert (later.unknown_words, len(shop.runs())) == ([], runs)
    shop.engine.rebuild()
    assert len(shop.runs()) == runs
    other = "no" if answer == "yes" else "yes"
    shop.perform(AnswerCard(typed_utc=NOW, card_id="sport-word:kabaddi", answer=other))
    assert len(shop.runs()) == 3 - runs


def test_a_run_by_an_unknown_word_is_shown_marked_and_changes_nothing_until_it_is_answered(
    shop: Shop, tmp_path: Path
) -> None:
    for number in range(3):
        known = run(start_utc=START - timedelta(days=2 + number), file_id=None)
        (tmp_path / f"{number}.gpx").write_bytes(gpx(known))
        shop.take_in(tmp_path / f"{number}.gpx")
    before, learned = counted(shop), [one for one in shop.runs() if one["primary"]]
    (tmp_path / "new.gpx").write_bytes(gpx(run(file_id=None, sport="Gravel Run")))
    shop.take_in(tmp_path / "new.gpx")
    newest = shop.runs()[-1]
    assert (len(shop.runs()), newest["sport_inferred"], newest["primary"]) == (4, True, None)
    assert "gravel run" in newest["says"]
    assert (counted(shop), [one for one in shop.runs() if one["primary"]]) == (before, learned)
    assert [name for name, _ in cards(shop)] == ["sport-word:gravel_run"]
    shop.perform(AnswerCard(typed_utc=NOW, card_id="sport-word:gravel_run", answer="yes"))
    answered = shop.runs()[-1]
    assert (answered["sport_inferred"], answered["primary"] is not None, cards(shop)) == (False, True, [])
    shop.perform(AnswerCard(typed_utc=NOW, card_id="sport-word:gravel_run", answer="no"))
    assert len(shop.runs()) == 3


def test_one_activity_may_be_told_alone(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "new.gpx").write_bytes(gpx(run(file_id=None, sport="Gravel Run")))
    shop.take_in(tmp_path / "new.gpx")
    shop.perform(CorrectRun(typed_utc=NOW, run_id=shop.runs()[-1]["id"], is_run=True))
    assert (shop.runs()[-1]["primary"] is not None, cards(shop)) == (True, [])


def test_a_word_that_no_activity_has_is_refused(shop: Shop) -> None:
    assert shop.perform(AnswerCard(typed_utc=NOW, card_id="sport-word:kabaddi", answer="yes")).refused is not None
