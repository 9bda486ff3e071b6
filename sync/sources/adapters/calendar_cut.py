"""A calendar feed, cut to what may hold a run in the window, before anything is unfolded.

A feed of a few lines can stand for more entries than anyone can count: every second for ever. So it is looked
over as text, line by line; what is kept is small, and no rule in it gives more than a few entries a day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MOST_SERIES = 2_000
"""Entries with a run's name in the window: a coach plans two a day."""
MOST_STEPS = 150_000
"""Days that all rules together may be followed over, from their starts on: four hundred years, in about a second."""
MOST_A_DAY = 6
MOST_LINES, MOST_LINES_AROUND, LONGEST_LINE = 400, 20_000, 200_000
"""Lines of one entry, and around the entries; letters of one line."""
RHYTHMS = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
"""Nobody runs every hour, minute or second."""
INTERVAL = re.compile(r"0{0,3}[1-9]\d{0,3}", re.ASCII)
"""A rule that steps by nothing, or back, never ends."""
NARROW = frozenset({"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "BYEASTER"})
MONTHS = re.compile(r"(?:0?[1-9]|1[0-2])(?:,(?:0?[1-9]|1[0-2]))*", re.ASCII)
"""Days or weeks narrowed down may never come, and each would be looked at until the year 9999."""
WITHIN_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
MARGIN = timedelta(days=2)
"""Time zones, on both sides of the window."""
KEPT = frozenset({
    "UID", "SUMMARY", "STATUS", "DTSTART", "DTEND", "DURATION", "DTSTAMP", "SEQUENCE", "RECURRENCE-ID", "RRULE",
    "RDATE", "EXDATE",
})  # fmt: skip
VALUE = re.compile(r'(?:"[^"]*"|[^":])*:?')
DAY = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Cut:
    """``left_out`` counts the series that no runner plans: too many a day, too long ago, or too many at all."""

    text: bytes
    left_out: int


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One VEVENT as name -> lines; ``name`` of a line is what stands before its first ``;`` or ``:``."""

    lines: tuple[tuple[str, str], ...]

    def values(self, name: str) -> list[str]:
        return [_value(line) for one, line in self.lines if one == name]

    @property
    def uid(self) -> str:
        return next(iter(self.values("UID")), "")

    @property
    def starts(self) -> date | None:
        return next((day_of(value) for value in self.values("DTSTART")), None)

    @property
    def repeats(self) -> bool:
        return any(name in ("RRULE", "RDATE", "RECURRENCE-ID") for name, _ in self.lines)


def cut_feed(text: bytes, first: date, last: date, names_a_run: Callable[[str], bool]) -> Cut | None:
    """The feed with what could be a run from ``first`` to ``last``; ``None`` when it is no calendar."""
    others, entries = _parts(_unfolded(text.decode("utf-8-sig", "replace")))
    if not others:
        return None
    first, last = first - MARGIN, last + MARGIN
    runs = {one.uid for one in entries if any(names_a_run(_plain(title)) for title in one.values("SUMMARY"))}
    kept: list[FeedEntry] = []
    left_out, steps = 0, 0.0
    for one in entries:
        if one.uid not in runs or one.starts is None:
            continue
        if _over(one, first) if one.repeats else not first <= one.starts <= last:
            continue
        cost = sum(_steps(rule, one.starts, last) for rule in one.values("RRULE"))
        if cost + steps > MOST_STEPS or len(kept) >= MOST_SERIES:
            left_out += 1
            continue
        steps += cost
        kept.append(_within(one, first, last))
    body = [line for one in kept for line in ("BEGIN:VEVENT", *(line for _, line in one.lines), "END:VEVENT")]
    whole = [others[0], *others[1:-1], *body, others[-1]]
    return Cut("\r\n".join([*whole, ""]).encode(), left_out)


def _steps(rule: str, starts: date, last: date) -> float:
    """How many entries following the rule up to the window may cost; infinite for a rhythm that no runner has."""
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    a_day = 1.0
    for name in WITHIN_DAY:
        a_day *= parts.get(name, "").count(",") + 1
    if parts.get("FREQ") not in RHYTHMS or a_day > MOST_A_DAY or not INTERVAL.fullmatch(parts.get("INTERVAL", "1")):
        return float("inf")
    if parts["FREQ"] in ("DAILY", "WEEKLY") and (
        NARROW & parts.keys() or not MONTHS.fullmatch(parts.get("BYMONTH", "1"))
    ):
        return float("inf")
    if parts["FREQ"] == "WEEKLY":
        a_day *= (parts.get("BYDAY", "").count(",") + 1) / 7
    return max(0, (last - starts).days) * a_day


def _over(one: FeedEntry, first: date) -> bool:
    """Whether its rule ended before the window and nothing but the rule repeats it."""
    ends = [day_of(rule.upper().partition("UNTIL=")[2]) for rule in one.values("RRULE")]
    return bool(ends) and not one.values("RDATE") and all(end is not None and end < first for end in ends)


def _within(one: FeedEntry, first: date, last: date) -> FeedEntry:
    """Its own dates, added or left out, only where they lie in the window."""
    lines = []
    for name, line in one.lines:
        if name in ("RDATE", "EXDATE"):
            values = _value(line)
            head = line.removesuffix(values).removesuffix(":")
            near = [value for value in values.split(",") if (day := day_of(value)) and first <= day <= last]
            if near:
                lines.append((name, f"{head}:{','.join(near)}"))
        else:
            lines.append((name, line))
    return FeedEntry(tuple(lines))


def day_of(value: str) -> date | None:
    """The day of an iCalendar instant, date or period; ``None`` where there is none."""
    found = DAY.match(value.strip())
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _value(line: str) -> str:
    """What stands behind the first colon that no quotes hold: Outlook's zones are called "(UTC+01:00) Berlin"."""
    return VALUE.sub("", line, count=1)


def _plain(title: str) -> str:
    return re.sub(r"\\([,;\\])", r"\1", title)


def _unfolded(text: str) -> Iterator[str]:
    """Whole lines: one that begins with a blank goes on the line before."""
    held: list[str] = []
    size = 0
    for line in text.splitlines():
        if line[:1] in (" ", "\t") and held:
            size += len(line)
            if size <= LONGEST_LINE:
                held.append(line[1:])
            continue
        if held:
            yield "".join(held)
        held, size = [line[:LONGEST_LINE]], len(line)
    if held:
        yield "".join(held)


def _parts(lines: Iterable[str]) -> tuple[list[str], list[FeedEntry]]:
    """What stands around the entries (the calendar's own lines and its time zones), and the entries.

    The first list is empty when it is no calendar. Alarms, tasks and whatever else an entry holds are left out.
    """
    around: list[str] = []
    entries: list[FeedEntry] = []
    inside: list[str] = []
    entry: list[tuple[str, str]] = []
    for line in lines:
        name = re.split("[;:]", line, maxsplit=1)[0].strip().upper()
        what = line.partition(":")[2].strip().upper()
        if name == "BEGIN":
            inside.append(what)
            entry = [] if what == "VEVENT" else entry
        elif name == "END":
            if not inside or inside.pop() != what:
                return [], []
            if what == "VEVENT" and inside == ["VCALENDAR"]:
                entries.append(FeedEntry(tuple(entry)))
        elif inside == ["VCALENDAR", "VEVENT"] and name in KEPT and len(entry) < MOST_LINES:
            entry.append((name, line))
        if name == "RRULE" and "FREQ=YEARLY" not in what:
            continue  # An entry's is held above; a time zone changes twice a year.
        if len(around) < MOST_LINES_AROUND and (inside[:2] == ["VCALENDAR", "VTIMEZONE"] or _own(inside, name, what)):
            around.append(line)
    return (around, entries) if around and not inside else ([], [])


def _own(inside: list[str], name: str, what: str) -> bool:
    """Whether a line is the calendar's own or ends a time zone."""
    if name == "END":
        return what in ("VTIMEZONE", "VCALENDAR")
    return inside == ["VCALENDAR"]
