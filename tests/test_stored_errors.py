"""A sentence that an older springstep stored is shown as it is; a code is said in the reader's language."""

from __future__ import annotations

from datetime import datetime

import pytest

from rules.text import load_language
from sync.app.daemon.job_schedule import note_says
from sync.errors import CodedText, PersonMustAct
from sync.service.messages import error_text, render_answer, render_error
from sync.service.queries.status import problem_line
from sync.service.socket_call import refusal_of
from sync.sources.rate_policy import SourceHealth
from sync.storage.rows.arrived import ProblemRow

EN, DE = load_language("en"), load_language("de")
NOW = datetime(2026, 3, 20, 8)


def test_the_health_of_a_source() -> None:
    old = SourceHealth.from_json({"state": "act", "says": "Garmin refused the key.", "do_now": "Link again."})
    assert old.error is not None
    assert render_error(old.error, DE) == ("Garmin refused the key.", "Link again.")
    new = SourceHealth.from_json(
        SourceHealth("waiting", error=CodedText("source.busy", {"source": "garmin"})).to_json()
    )
    assert new.error is not None
    assert (error_text(new.error, EN), error_text(new.error, DE)) == (
        "Garmin asks springstep to wait. Nothing is lost.",
        "Garmin bittet springstep zu warten. Nichts ist verloren.",
    )


@pytest.mark.parametrize(
    ("stored", "english", "german"),
    [
        ("These two are now one run.", "These two are now one run.", "These two are now one run."),
        (CodedText("command.merged").to_text(), "These two are now one run.", "Die beiden sind jetzt ein Lauf."),
        (
            CodedText("refused.no_run", {"id": "abc"}).to_text(),
            "There is no run abc. Nothing was changed.",
            "Es gibt keinen Lauf „abc“. Nichts wurde geändert.",
        ),
    ],
)
def test_a_receipt(stored: str, english: str, german: str) -> None:
    assert render_answer(CodedText.from_text(stored), EN) == english
    assert render_answer(CodedText.from_text(stored), DE) == german


def test_the_note_of_a_job() -> None:
    assert note_says("The disk is full.") == "The disk is full."
    assert (
        note_says(CodedText("source.busy", {"source": "strava"}).to_text())
        == "Strava asks springstep to wait. Nothing is lost."
    )


def test_a_problem() -> None:
    def said(detail: str) -> list[str]:
        row = ProblemRow("p", "calendar", "calendar", "calendar", "calendar-unread", detail, NOW, NOW)
        return [problem_line(row, language).reason for language in (EN, DE)]

    assert said("The calendar is odd.")[1].startswith("The calendar is odd. ")
    new = said(CodedText("source.calendar.broken").to_text())
    assert [text.split(".")[0] for text in new] == [
        "What came back isn't a calendar file",
        "Was zurückkam, ist keine Kalenderdatei",
    ]


def test_the_answer_of_an_older_daemon() -> None:
    old = refusal_of(409, b'{"error": "person-must-act", "says": "No.", "do": "Wait."}')
    assert isinstance(old, PersonMustAct)
    assert render_error(old, DE) == ("No.", "Wait.")


def test_a_code_of_a_later_version_is_shown_as_it_is() -> None:
    assert error_text(PersonMustAct("later.code", path="x"), EN) == "later.code path='x'"
