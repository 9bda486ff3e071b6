"""The command line alone lives a week: what is asked is answered, drills are rated, and nobody owns the store."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from rules.knowledge.loader import knowledge
from sync.service import outbox
from sync.service.client import Client
from sync.settings.paths import DataDir
from tests.shell import InProcess

pytestmark = pytest.mark.usefixtures("_logging_restored")


def today(springstep: InProcess) -> dict[str, Any]:
    found: dict[str, Any] = springstep("today", "--json").json
    return found


def test_what_waits_acts_with_the_next_command(springstep: InProcess, home: Path) -> None:
    assert springstep("log", "soreness", "5", "--where", "heel").code == 0
    assert len(outbox.waiting(DataDir(home).outbox)) == 1
    shown = today(springstep)
    assert outbox.waiting(DataDir(home).outbox) == []
    assert shown["last_entry"]["score"] == 5
    assert not shown["last_entry"]["waiting"]


def test_foot_work_that_nobody_issued_is_done_with_its_drills(springstep: InProcess) -> None:
    """`today` issues nothing by itself: what it showed is what was done."""
    work = today(springstep)["work"][0]
    hurt, right = work["drills"][1]["drill"], work["drills"][2]["drill"]
    assert springstep("done", "--drill", f"{hurt}=hurt").code == 0
    stored = today(springstep)["work"][0]
    assert stored["prescription_id"] == work["prescription_id"]
    assert stored["session"]["drills"] == {hurt: "hurt"}
    assert springstep("done", "--drill", f"{right}=right").code == 0
    assert today(springstep)["work"][0]["session"]["drills"] == {hurt: "hurt", right: "right"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["done", "--drill", "toe-curl"], "doesn't say how a drill went"),
        (["done", "--drill", "nose=hurt"], "doesn't name one drill"),
        (["step", "minutes"], "There is no offer"),
        (["step", "no", "--by-hand"], "can't make that change yourself"),
        (["answer", "self_check"], "gave no answer"),
        (["answer", "nothing-like-it", "yes"], "No open question begins with"),
        (["answer", "self_check", "yes"], "doesn't answer this question"),
        (["answer", "self_check", "nose=no"], "has no question nose"),
        (["plan", "tempo"], "Something is missing: DAY."),
        (["plan", "--at", "07:00"], "Something is missing: KIND, DAY."),
        (["plan", "tempo", "tomorrow", "27:00"], "“27:00”"),
        (["plan", "tempo", "tomorrow", "monday"], "“tomorrow monday” isn't a day"),
        (["log", "soreness", "8", "--place", "heel"], "springstep log --help"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_said_with_what_can(springstep: InProcess, words: list[str], says: str) -> None:
    said = springstep(*words)
    assert (said.code, said.out) == (2, "")
    assert says in said.err


def test_cards_are_listed_and_answered_by_the_beginning_of_their_id(springstep: InProcess) -> None:
    asked = springstep("answer", "--json").json
    assert [card["kind"] for card in asked] == ["self-check", "expect_weeks"]
    assert "springstep answer self_check_first:" in springstep("answer").out
    assert springstep("answer", "self", "not-now").code == 0
    assert [card["kind"] for card in springstep("answer", "--json").json] == ["expect_weeks"]


def test_the_self_check_fits_in_a_line(springstep: InProcess) -> None:
    screen = "diabetes_or_numb=no,fracture_or_surgery=no,under_18=no,left.range_0_10=5,left.gathers=toes"
    assert springstep("answer", "self_check", screen).code == 0
    shown = today(springstep)
    assert all("self_check" not in card["card_id"] for card in shown["cards"] + shown["later_cards"])


def test_pain_is_answered_as_a_place_and_a_score(springstep: InProcess) -> None:
    assert springstep("done", "--skip", "pain").code == 0
    asked = [card["card_id"] for card in today(springstep)["cards"]]
    assert asked[0].startswith("pain:")
    assert springstep("answer", "pain", "knee=4").code == 2
    assert springstep("answer", "pain", "heel=4").code == 0
    shown = today(springstep)
    assert (shown["last_entry"]["score"], shown["last_entry"]["place"]) == (4, "heel")


def test_a_race_is_planned_as_one_and_stands_in_the_week_ahead(springstep: InProcess) -> None:
    assert springstep("plan", "race", "+3", "--at", "9:00").code == 0
    week = today(springstep)["week"]
    assert len(week) == 7
    (race,) = week[3]["runs"]
    assert (race["kind"], race["race"], race["start_local"]) == ("tempo", True, "09:00")
    assert springstep("plan", "tempo", "+3").code == 0
    assert [run["race"] for run in today(springstep)["week"][3]["runs"]] == [False]


def test_json_tells_of_each_work_what_it_is_for(springstep: InProcess) -> None:
    work = today(springstep)["work"][0]
    assert (work["window"], work["work"], work["run"]) == ("base", "training", None)
    assert sum(drill["seconds"] for drill in work["drills"]) == pytest.approx(60 * work["minutes"], abs=30)
    assert json.dumps(today(springstep)["week"][0]["work"][0]["title"])


def test_each_question_of_the_self_check_says_what_its_answer_is_for(springstep: InProcess, home: Path) -> None:
    questions = Client(home, now=datetime.now).plan().self_check
    changes = {one["id"] for one in questions if one["changes_plan"]}
    assert changes == {"diabetes_or_numb", "fracture_or_surgery", "under_18", "gathers"}
    assert {one["use"] for one in questions if one["id"] not in changes} == {
        "Only shown as your own trend; your plan stays as it is."
    }


def test_strength_is_wished_for_done_skipped_and_put_away(springstep: InProcess) -> None:
    assert "springstep strength on" in springstep("strength").out
    assert today(springstep)["strength"] is None
    assert springstep("strength", "--json").json == []
    assert springstep("strength", "on").code == 0
    assert today(springstep)["strength"]["told"] is None
    assert "Strength for calves" in springstep("today").out
    assert springstep("done", "strength").code == 0
    assert today(springstep)["strength"]["told"] == "done"
    assert "1 of 2" in springstep("strength").out
    said = springstep("done", "strength", "--skip", "pain")
    assert (said.code, "springstep log soreness" in said.out) == (0, True)
    assert today(springstep)["strength"]["told"] == "skipped"
    assert springstep("done", "strength", "--minutes", "9").code == 2
    assert springstep("strength", "off").code == 0
    assert today(springstep)["strength"] is None


def test_json_tells_of_each_drill_its_element_and_load(springstep: InProcess) -> None:
    drills = [drill for work in today(springstep)["work"] for drill in work["drills"]]
    known = knowledge().drills
    assert drills
    assert [(one["element"], one["load"]) for one in drills] == [
        (known[one["drill"]].element, known[one["drill"]].load) for one in drills
    ]


def test_the_week_ahead_is_shown_and_a_run_is_planned_with_its_time_as_people_write_it(springstep: InProcess) -> None:
    assert springstep("plan", "tempo", "tomorrow", "7:00").code == 0
    ahead = springstep("plan", "--json").json
    assert [(run["kind"], run["start_local"]) for run in ahead[1]["runs"]] == [("tempo", "07:00")]
    days = [block.split("\n  ") for block in springstep("plan").out.strip().split("\n\n")]
    assert len(days) == len(ahead) == 7
    assert days[1][1:] == ["07:00 · Tempo run planned", f"Warm-up. {ahead[1]['says']}"]
