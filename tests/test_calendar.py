"""Planned runs out of iCalendar: repeats, zones, other entries, and what is no calendar."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rules.facts import Kind
from rules.language import load
from sync.demo.fake_service import Answer, FakeService, Fault, Seen
from sync.errors import PersonMustAct
from sync.manners import Meter
from sync.sources.base import Trouble
from sync.sources.calendar import Calendar, names_a_run, planned_runs

SAY = load("en").say
BERLIN = ZoneInfo("Europe/Berlin")
FIRST, LAST = date(2026, 3, 23), date(2026, 4, 5)


def feed(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\nDTSTAMP:20260301T000000Z\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//made up//EN\n{body}END:VCALENDAR\n".replace("\n", "\r\n").encode()


TEMPO = "UID:1\nSUMMARY:Tempo 3 x 10 min\nDTSTART;TZID=Europe/Berlin:20260325T180000"
LONG_WEEKLY = (
    "UID:2\nSUMMARY:Long run\nDTSTART;VALUE=DATE:20260301\nRRULE:FREQ=WEEKLY;BYDAY=SU\nEXDATE;VALUE=DATE:20260405"
)
LATE = "UID:3\nSUMMARY:Easy run\nDTSTART:20260326T230000Z"
FLOATING = "UID:4\nSUMMARY:Trail run\nDTSTART:20260328T073000"


def read(*events: str) -> list[tuple[date, Kind | None, datetime | None, str | None]]:
    runs = planned_runs(feed(*events), FIRST, LAST, zone=BERLIN, say=SAY)
    return [(run.day, run.kind, run.start_utc, run.title) for run in runs]


def test_a_week_with_repeats_and_zones() -> None:
    assert read(TEMPO, LONG_WEEKLY, LATE, FLOATING) == [
        (date(2026, 3, 25), Kind.TEMPO, datetime(2026, 3, 25, 17), "Tempo 3 x 10 min"),
        (date(2026, 3, 27), Kind.EASY, datetime(2026, 3, 26, 23), "Easy run"),
        (date(2026, 3, 28), Kind.SURFACE, datetime(2026, 3, 28, 6, 30), "Trail run"),
        (date(2026, 3, 29), Kind.LONG, None, "Long run"),
    ]


def test_a_repeat_moved_by_hand_is_where_it_was_moved_to() -> None:
    moved = "UID:2\nRECURRENCE-ID;VALUE=DATE:20260329\nSUMMARY:Long run\nDTSTART;VALUE=DATE:20260328"
    assert [day for day, *_ in read(LONG_WEEKLY, moved)] == [date(2026, 3, 28)]


def test_cancelled_and_other_entries_are_left() -> None:
    cancelled = TEMPO + "\nSTATUS:CANCELLED"
    meeting = "UID:9\nSUMMARY:Long meeting\nDTSTART;VALUE=DATE:20260325"
    assert read(cancelled, meeting, "UID:8\nDTSTART:20260325T000000Z") == []


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Easy run 40 min", True), ("Langer Lauf", True), ("Tempodauerlauf 8 km", True), ("5x1k", True), ("Run", True),
        ("Long meeting", False), ("Easy Friday", False), ("Bike tempo 2x20", False), ("Dinner", False), ("", False),
        ("Trunk sale", False), ("Brunch", False),
    ],
)  # fmt: skip
def test_a_diary_holds_more_than_runs(title: str, *, expected: bool) -> None:
    assert names_a_run(title) is expected


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"])
def test_what_is_no_calendar_says_so(content: bytes) -> None:
    with pytest.raises(PersonMustAct):
        planned_runs(content, FIRST, LAST, zone=BERLIN, say=SAY)


class Feed(FakeService):
    def respond(self, seen: Seen) -> Answer:
        if seen.headers.get("if-none-match") == '"1"':
            return Answer(304)
        return Answer(200, feed(TEMPO), "text/calendar", {"ETag": '"1"'})


def calendar(address: str, redirect: str | None = None) -> Calendar:
    return Calendar(address, BERLIN, lambda: datetime(2026, 3, 23, 8), SAY, Meter(5), redirect, timeout_s=0.5)


def test_an_unchanged_feed_is_not_sent_again() -> None:
    with Feed() as service:
        source = calendar("webcal://plans.invalid/secret.ics", service.url)
        first = source.planned(FIRST, LAST)
        assert first is not None
        assert [run.kind for run in first] == [Kind.TEMPO]
        assert source.planned(FIRST, LAST) is None
        assert [seen.host for seen in service.log] == ["plans.invalid"] * 2


def test_a_file_will_do(tmp_path: Path) -> None:
    (tmp_path / "plan.ics").write_bytes(feed(TEMPO))
    runs = calendar(str(tmp_path / "plan.ics")).planned(FIRST, LAST)
    assert runs is not None
    assert len(runs) == 1
    with pytest.raises(PersonMustAct):
        calendar(str(tmp_path / "missing.ics")).planned(FIRST, LAST)


def test_refusals_and_trouble_of_a_feed() -> None:
    with Feed() as service:
        service.faults += [Fault("/", status=404), Fault("/", status=503), Fault("/", "stall", stall_s=2)]
        source = calendar("https://plans.invalid/secret.ics", service.url)
        with pytest.raises(PersonMustAct) as error:
            source.planned(FIRST, LAST)
        assert "secret" not in str(error.value)
        for _ in range(2):
            with pytest.raises(Trouble):
                source.planned(FIRST, LAST)
        assert source.planned(FIRST, LAST) is not None
