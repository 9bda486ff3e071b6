"""Planned runs out of iCalendar: repeats, zones, other entries, and what is no calendar."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rules.facts.kinds import Kind
from sync.app.demo.fake_service import Answer, FakeService, Fault, Seen
from sync.errors import PersonMustAct
from sync.sources.adapters.calendar import CalendarFeed
from sync.sources.adapters.calendar_runs import names_a_run, planned_runs, unfold
from sync.sources.base import TransientError
from sync.sources.rate_policy import RequestBudget

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
    unfolded = unfold(feed(*events), FIRST, LAST)
    assert unfolded is not None
    runs = planned_runs(unfolded.found, FIRST, LAST, BERLIN)
    return [(run.day, run.kind, run.start_utc, run.title) for run in runs]


def test_a_week_with_repeats_and_zones() -> None:
    assert read(TEMPO, LONG_WEEKLY, LATE, FLOATING) == [
        (date(2026, 3, 25), Kind.TEMPO, datetime(2026, 3, 25, 17), "Tempo 3 x 10 min"),
        (date(2026, 3, 27), Kind.EASY, datetime(2026, 3, 26, 23), "Easy run"),
        (date(2026, 3, 28), Kind.SURFACE, datetime(2026, 3, 28, 6, 30), "Trail run"),
        (date(2026, 3, 29), Kind.LONG, None, "Long run"),
    ]


def test_a_zone_whose_quoted_name_holds_a_colon() -> None:
    """Its clock is the runner's own, and so are the days that are left out of a series."""
    berlin = 'TZID="(UTC+01:00) Amsterdam, Berlin, Bern, Rom"'
    weekly = f"RRULE:FREQ=WEEKLY;BYDAY=WE\nEXDATE;{berlin}:20260401T180000"
    found = read(f"UID:7\nSUMMARY:Tempo run\nDTSTART;{berlin}:20260318T180000\n{weekly}")
    assert [start_utc for _, _, start_utc, _ in found] == [datetime(2026, 3, 25, 17)]


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
        ("Trunk sale", False), ("Brunch", False), ("Run errands", False), ("Trial run of the boiler", False),
        ("Canceled: Tempo run", False), ("Abgesagt: Tempolauf", False), ("Annulé : course à pied", False),
        ("Løping", True), ("Bieg długi 18 km", True), ("Duurloop 12 km", True), ("朝ランニング", True),
        ("Бег 10 км", True), ("\U0001f3c3 12 km", True), ("Juoksulenkki", True), ("Biegły sądowy", False),
    ],
)  # fmt: skip
def test_a_diary_holds_more_than_runs(title: str, *, expected: bool) -> None:
    assert names_a_run(title) is expected


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"])
def test_what_is_no_calendar_says_so(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "plan.ics").write_bytes(content)
    with pytest.raises(PersonMustAct):
        calendar(str(tmp_path / "plan.ics")).planned(FIRST, LAST)


class Feed(FakeService):
    def respond(self, seen: Seen) -> Answer:
        if seen.headers.get("if-none-match") == '"1"':
            return Answer(304)
        return Answer(200, feed(TEMPO), "text/calendar", {"ETag": '"1"'})


def calendar(address: str, redirect: str | None = None) -> CalendarFeed:
    return CalendarFeed(address, BERLIN, lambda: datetime(2026, 3, 23, 8), RequestBudget(5), redirect, timeout_s=0.5)


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
            with pytest.raises(TransientError):
                source.planned(FIRST, LAST)
        assert source.planned(FIRST, LAST) is not None


HOSTILE = {
    "every second": ("UID:5\nSUMMARY:Run\nDTSTART:20200101T000000Z\nRRULE:FREQ=SECONDLY",),
    "every second, a thousand million times": (
        "UID:5\nSUMMARY:Run\nDTSTART:20200101T000000Z\nRRULE:FREQ=SECONDLY;COUNT=1000000000",
    ),
    "every hour": ("UID:5\nSUMMARY:Run\nDTSTART:20200101T000000Z\nRRULE:FREQ=HOURLY",),
    "every second of every day by another rule": (
        "UID:5\nSUMMARY:Run\nDTSTART:20200101T000000Z\nRRULE:FREQ=DAILY"
        + "".join(f";{name}={','.join(map(str, range(most)))}" for name, most in (("BYHOUR", 24), ("BYMINUTE", 60))),
    ),
    "a day that never comes": (
        "UID:5\nSUMMARY:Run\nDTSTART:20260301T060000Z\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "UID:6\nSUMMARY:Run\nDTSTART:20260301T060000Z\nRRULE:FREQ=DAILY;BYMONTH=13",
        "UID:7\nSUMMARY:Run\nDTSTART:20260301T060000Z\nRRULE:FREQ=DAILY;BYDAY=MO;BYSETPOS=5",
    ),
    "every no days": ("UID:5\nSUMMARY:Run\nDTSTART:20260324T060000Z\nRRULE:FREQ=DAILY;INTERVAL=0",),
    "every day before": ("UID:5\nSUMMARY:Run\nDTSTART:20260324T060000Z\nRRULE:FREQ=DAILY;INTERVAL=-1",),
    "every day since the year one": ("UID:5\nSUMMARY:Run\nDTSTART;VALUE=DATE:00010101\nRRULE:FREQ=DAILY",),
    "thousands of daily rules": tuple(
        f"UID:s{n}\nSUMMARY:Run\nDTSTART;VALUE=DATE:19700101\nRRULE:FREQ=DAILY" for n in range(3000)
    ),
}


@pytest.mark.parametrize("why", HOSTILE)
def test_what_stands_for_too_much_is_left_out_and_the_rest_is_read(why: str) -> None:
    unfolded = unfold(feed(*HOSTILE[why], TEMPO), FIRST, LAST)
    assert unfolded is not None
    assert unfolded.left_out > 0
    assert [found.title for found in unfolded.found if found.uid == "1"] == ["Tempo 3 x 10 min"]


def test_a_zone_with_an_endless_name_is_no_calendar_and_raises_nothing() -> None:
    assert unfold(feed(TEMPO.replace("Berlin", "9" * 5_000)), FIRST, LAST) is None


@pytest.mark.slow
def test_much_is_read_where_little_of_it_counts() -> None:
    """A diary of ten years, a rule without an end, and dates by the thousand cost nothing to look over."""
    diary = (f"UID:d{n}\nSUMMARY:Run {n}\nDTSTART:20150101T{n % 24:02}0000Z" for n in range(100_000))
    dates = ",".join(
        f"{year}{month:02}{day:02}" for year in range(1900, 2100) for month in (3, 4) for day in range(1, 29)
    )
    many = f"UID:6\nSUMMARY:Easy run\nDTSTART;VALUE=DATE:19000101\nRDATE;VALUE=DATE:{dates}"
    counted = "UID:7\nSUMMARY:Long run\nDTSTART;VALUE=DATE:20260301\nRRULE:FREQ=WEEKLY;BYDAY=SU;COUNT=1000000000"
    inside = "UID:8\nSUMMARY:Run\nDTSTART;VALUE=DATE:20260324\nBEGIN:VALARM\nRDATE;VALUE=DATE:20260325\nEND:VALARM"
    unfolded = unfold(feed(*diary, many, counted, inside), FIRST, LAST)
    assert unfolded is not None
    assert unfolded.left_out == 0
    days = {uid: sorted(found.begins[8:] for found in unfolded.found if found.uid == uid) for uid in "678"}
    assert days["6"][:3] == ["01", "02", "03"]
    assert (days["7"], days["8"]) == (["05", "29"], ["24"])
