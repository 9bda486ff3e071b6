"""An entry that could not be saved is called what a person would call it, at their own time."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from dashboard.format import Words
from rules.knowledge.languages import languages
from rules.text import load_language
from rules.units import UnitFormat
from sync.service import outbox
from sync.service.queries.entry_names import when_typed
from sync.wire.commands import AnswerCard, LogScore, MergeRuns, PlanRun, SplitRun, SwapDrill, TypedCommand
from tests.conftest import InProcess

AT = datetime(2026, 11, 28, 17, 20)
TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (datetime(2026, 11, 29, 7, 5), ["today at 07:05", "heute um 07:05", "hoy a las 07:05"]),
        (datetime(2026, 11, 28, 18, 20), ["on Saturday at 18:20", "am Samstag um 18:20", "el sábado a las 18:20"]),
        (datetime(2026, 11, 23, 0, 0), ["on Monday at 00:00", "am Montag um 00:00", "el lunes a las 00:00"]),
        (
            datetime(2026, 11, 22, 18, 20),
            ["on 22 November at 18:20", "am 22. November um 18:20", "el 22 de noviembre a las 18:20"],
        ),
        # A clock that was set back since.
        (
            datetime(2026, 11, 30, 18, 20),
            ["on 30 November at 18:20", "am 30. November um 18:20", "el 30 de noviembre a las 18:20"],
        ),
    ],
)
def test_when_it_was_typed(typed: datetime, says: list[str]) -> None:
    assert [when_typed(typed, TODAY, UnitFormat(load_language(code))) for code in ("en", "de", "es")] == says


def test_by_a_12_hour_clock() -> None:
    assert when_typed(datetime(2026, 11, 28, 18, 20), TODAY, UnitFormat(load_language("en"), clock="12h")) == (
        "on Saturday at 6:20 pm"
    )


def test_each_command_has_a_name_in_every_language() -> None:
    names = {one.model_fields["name"].default for one in get_args(get_args(TypedCommand)[0])}
    for code in languages():
        texts = Words.of(code).language.texts
        assert [name for name in names if "{when}" not in texts[f"waiting.{name}"].text] == [], code


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (LogScore(typed_utc=AT, at_utc=AT, what="stiffness", score=3), "The stiffness you logged"),
        (LogScore(typed_utc=AT, at_utc=AT, what="soreness", score=3), "The soreness you logged"),
        (PlanRun(typed_utc=AT, day=TODAY, kind="tempo"), "The run you planned"),
        (PlanRun(typed_utc=AT, day=TODAY, kind="rest"), "The rest day you planned"),
        (PlanRun(typed_utc=AT, day=TODAY, kind=None), "The planned run you removed"),
        (SwapDrill(typed_utc=AT, day=TODAY, drill="toe-curl"), "The drill you swapped"),
        (SwapDrill(typed_utc=AT, day=TODAY, drill="toe-curl", back=True), "The drill you brought back"),
        (AnswerCard(typed_utc=AT, card_id="c", answer="yes"), "The question you answered"),
        (MergeRuns(typed_utc=AT, run_a="a", run_b="b"), "The two runs you joined"),
        (SplitRun(typed_utc=AT, run_id="a"), "The run you split"),
    ],
)
def test_what_was_typed(tmp_path: Path, command: Any, says: str) -> None:
    problems: list[str] = []

    def fail(_command: Any) -> Any:
        raise RuntimeError

    outbox.put(tmp_path, command)
    outbox.ingest(tmp_path, perform=fail, tell=lambda problem, _whose: problems.append(problem.name))
    ((name, _, when),) = [problem.partition(", typed ") for problem in problems]
    assert when == "2026-11-28 17:20:00 UTC"
    assert load_language("en").say(f"waiting.{name}", when="") == f"{says} "


@pytest.mark.parametrize(
    ("code", "zone", "says"),
    [
        ("en", "Europe/Berlin", "The two runs you joined on 28 November at 18:20"),
        ("de", "America/New_York", "Die zwei Läufe, die du am 28. November um 12:20 zusammengelegt hast"),
        ("es", "Asia/Tokyo", "Las dos carreras que uniste el 29 de noviembre a las 02:20"),
    ],
)
def test_status_calls_it_so(springstep: InProcess, home: Path, code: str, zone: str, says: str) -> None:
    (home / "config.toml").write_text(f'[athlete]\nlanguage = "{code}"\ntime_zone = "{zone}"\n')
    typed = AT.replace(year=2025)
    outbox.put(home / "outbox", MergeRuns(typed_utc=typed, run_a="a", run_b="b"))
    springstep("today")
    said = " ".join(springstep("status").out.split())
    assert says in said
    assert "UTC" not in said
