"""Days and times as a runner types them; the clock comes in as an argument."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sync.errors import PersonMustAct

TODAY = {
    word: days
    for days, words in {
        0: ("today", "heute", "hoy"),
        1: ("tomorrow", "morgen", "manana"),
        -1: ("yesterday", "gestern", "ayer"),
    }.items()
    for word in words
}
WEEKDAYS = (
    ("monday", "montag", "lunes"),
    ("tuesday", "dienstag", "martes"),
    ("wednesday", "mittwoch", "miercoles"),
    ("thursday", "donnerstag", "jueves"),
    ("friday", "freitag", "viernes"),
    ("saturday", "samstag", "sabado"),
    ("sunday", "sonntag", "domingo"),
)
SLACK = timedelta(minutes=5)
"""Two clocks of a household may differ by this much."""


def local_day(now_utc: datetime, zone: ZoneInfo) -> date:
    return now_utc.replace(tzinfo=UTC).astimezone(zone).date()


def day(typed: str, today: date, *, past: bool = False) -> date:
    """``today``, ``tomorrow``, a weekday, ``+3`` or ``2026-11-24``.

    A weekday is the next one, today not meant; of what has been (``past``) the last one, today meant as well.
    """
    word = plain(typed)
    if word in TODAY:
        return today + timedelta(days=TODAY[word])
    if re.fullmatch(r"[+-]\d{1,3}", word):
        return today + timedelta(days=int(word))
    for number, names in enumerate(WEEKDAYS):
        if len(word) >= 2 and any(name.startswith(word) for name in names):
            if past:
                return today - timedelta(days=(today.weekday() - number) % 7)
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise PersonMustAct("cli.not_a_day", typed=typed) from None


def plain(typed: str) -> str:
    """Small letters without accents: ``Sábado`` is ``sabado``."""
    apart = unicodedata.normalize("NFD", typed.strip().lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def weekday(typed: str) -> int:
    """0 is Monday. Raises PersonMustAct for what is no weekday."""
    word = plain(typed)
    for number, names in enumerate(WEEKDAYS):
        if len(word) >= 2 and any(name.startswith(word) for name in names):
            return number
    raise PersonMustAct("cli.not_a_day", typed=typed)


def instant_utc(typed: str | None, now_utc: datetime, zone: ZoneInfo) -> datetime:
    """``07:10`` is today, ``yesterday 21:00`` and ``2026-11-24 07:10`` are what they say; None is now.

    Raises PersonMustAct for what cannot be understood, and for a time still to come.
    """
    if typed is None:
        return now_utc
    *days, clock = re.sub(r"(?<=\d)T(?=\d)", " ", typed).split() or [""]
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})", clock)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59 or len(days) > 1:
        raise PersonMustAct("cli.not_a_time", typed=typed)
    today = local_day(now_utc, zone)
    on = day(days[0], today, past=True) if days else today
    local = datetime.combine(on, time(int(found[1]), int(found[2])), tzinfo=zone)
    instant = local.astimezone(UTC).replace(tzinfo=None)
    if instant > now_utc + SLACK:
        raise PersonMustAct("cli.time_to_come", typed=typed)
    return instant
