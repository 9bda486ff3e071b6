"""Sound bytes into hostile ones. Each mutation is a pure function of its dice: the same seed gives the same bytes.

``mutated(dice, data, other, text=...)`` applies one to four of them; ``other`` is a second sound file to splice with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

Mutation = Callable[[Random, bytes, bytes], bytes]

NESTED = 900
"""Levels: the interpreter gives up at a thousand frames, and a reader that calls itself well before."""
LONG = (1_000, 30_000, 300_000)
MOST_BYTES = 3_000_000
NUMBER = re.compile(rb"-?\d+(?:[.,:/T-]\d+)*Z?")
EXTREMES = (
    b"", b"0", b"-0", b"-1", b"NaN", b"nan", b"inf", b"-Infinity", b"1e308", b"-1e308", b"1e-320", b"1e999", b"255",
    b"65535", b"2147483648", b"4294967295", b"9223372036854775808", b"18446744073709551616", b"9" * 400, b"9" * 5_000,
    b"0.1" * 50, b"1,5", b"1.234,5", b"\xd9\xa1\xd9\xa2", b"\xc2\xb2", b"0x1f", b"1_000", b"null", b"true", b"--",
    b"24:61:61", b"999999:59", b"0001-01-01T00:00:00Z", b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59Z",
    b"9999-12-31T23:59:59-14:00", b"0000-00-00T00:00:00Z", b"2026-02-30T25:00:00Z", b"2026-10-25T02:30:00",
    b"1969-12-31", b"00010101T000000Z", b"99991231T235959", b"99991231T235959Z", b"12/31/9999", b"01.01.0001",
    b"99999-01-01",
)  # fmt: skip
"""A number, a time or a date is replaced by one of these."""
WORDS = (
    b"\xed\xa0\xbc", b"\\ud83c", b"&#xD83C;", b"&#0;", b"\0", b"\xff\xfe", b"\xe2\x80\xae", b"\xef\xbb\xbf", b"]]>",
    b"<!--", b"<![CDATA[", b"&amp", b"&nothing;", b'"', b'""', b"\r", b"\r\n \r\n", b"\x85", b"\xe2\x80\xa8",
    b"\x1b[2J", b"=1+1", b"../../x", b"%s%n{0}", b";;;;", b",,,,", b"\t", b"{}", b"[]",
)  # fmt: skip
"""Half letters, forbidden characters, and what a format reads as its own sign."""
NESTS = (
    (b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":', b"}]"), (b"<a>", b"</a>"), (b"<trkseg>", b"</trkseg>"),
    (b"<Track>", b"</Track>"), (b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n"), (b"(", b")"), (b'"', b'"'),
)  # fmt: skip
CODECS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp1252", "cp037", "shift_jis", "utf-8-sig")
BINARY = (
    b"\0",
    b"\xff",
    b"\x7f",
    b"\x80",
    b"\0\0",
    b"\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\0\0\0\x80",
    b"\xff" * 4,
    b"\0" * 8,
)
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**31, 2**63, 10**400, -(10**400), 1e308, -1e308, 5e-324, float("nan"), float("inf"),
    "", " ", "NaN", "1e999", "x", "\ud83c", "\0", "9" * 5_000, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00",
    "0001-01-01 00:00:00", "9999-12-31T23:59:59-14:00", "9999-12-31 23:59:59", "2026-03-14T06:30:00+99:99",
    "2026-W11-6", "20260314", [], {}, [[]], [None], [1, "x", {}], {"": None}, {"typeKey": []}, {"data": ["x"]},
    {"data": [10**400]}, [{"data": 1}], list(range(2_000)), 3.9e12, 4e12 - 1, 1, 0.5,
)  # fmt: skip
"""What a service puts where a number, a time, a list or a table was."""

CALENDAR_LINES = (
    b"RRULE:FREQ=DAILY;INTERVAL=0", b"RRULE:FREQ=DAILY;INTERVAL=-1", b"RRULE:FREQ=WEEKLY;COUNT=99999999999",
    b"RRULE:FREQ=YEARLY;BYMONTH=13;BYMONTHDAY=31", b"RRULE:FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2",
    b"RRULE:FREQ=YEARLY", b"RRULE:FREQ=YEARLY;BYDAY=99MO;BYSETPOS=-366", b"RRULE:FREQ=DAILY;UNTIL=20260330",
    b"RRULE:FREQ=SECONDLY", b"RRULE:FREQ=DAILY;UNTIL=20260330T000000", b"RRULE:FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO,TU",
    b"RRULE:", b"RRULE:FREQ=", b"RRULE:FREQ=YEARLY;BYEASTER=0", b"RRULE:FREQ=DAILY;FREQ=WEEKLY",
    b"RRULE;X=1:FREQ=DAILY;BYHOUR=25", b"RDATE:20260325",
    b"RDATE;VALUE=PERIOD:20260325T060000Z/PT1H,20260326T060000Z/20250101T000000Z",
    b"EXDATE;TZID=Nowhere/None:20260325T180000", b"EXDATE;VALUE=DATE:20260325", b"RECURRENCE-ID:20260325T180000Z",
    b"RECURRENCE-ID;RANGE=THISANDFUTURE:20260325", b"DTSTART;TZID=:20260325T180000", b"DTSTART:20260325T246060",
    b"DTSTART;TZID=../../etc/hosts:20260325T180000", b"DTSTART;TZID=\xd9\xa1:20260325T180000",
    b"DTSTART;VALUE=DATE:20260325", b"DTSTART:00010101T000000Z", b"DTSTART;TZID=Pacific/Kiritimati:00010101T000000",
    b"DTSTART:99991231T235959Z", b"DTSTART;TZID=America/New_York:99991231T235959", b"DTEND:20250101T000000Z",
    b"DTEND;VALUE=DATE:20260325", b"DURATION:P99999999999D", b"DURATION:-PT1S", b"DURATION:P", b"SEQUENCE:x",
    b"SEQUENCE:999999999999999999999999", b"STATUS:CANCELLED", b"STATUS;X=:", b"SUMMARY:",
    b"SUMMARY;LANGUAGE=de:Lauf", b"UID:", b"BEGIN:VALARM", b"END:VEVENT", b"BEGIN:VTIMEZONE", b"BEGIN:VCALENDAR",
    b"END:VCALENDAR", b"BEGIN:VEVENT", b":", b";", b" Lauf", b"X-A" + b";B=C" * 2_000 + b":1",
)  # fmt: skip


def mutated(dice: Random, data: bytes, other: bytes, *, kinds: tuple[Mutation, ...]) -> bytes:
    """``data`` after one to four mutations; never longer than ``MOST_BYTES``."""
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 4))):
        data = dice.choice(kinds)(dice, data, other)[:MOST_BYTES]
    return data


def _piece(dice: Random, data: bytes, most: int = 4_000) -> tuple[int, int]:
    begin = dice.randrange(len(data) + 1)
    return begin, min(len(data), begin + dice.randrange(1, most))


def flip(dice: Random, data: bytes, _other: bytes) -> bytes:
    """One to forty bytes become others; near the head as often as anywhere, for that is what says how to read."""
    changed = bytearray(data)
    reach = dice.choice((64, len(changed)))
    for _ in range(dice.randrange(1, 40) if changed else 0):
        changed[dice.randrange(min(reach, len(changed)))] = dice.randrange(256)
    return bytes(changed)


def flip_bit(dice: Random, data: bytes, _other: bytes) -> bytes:
    changed = bytearray(data)
    if changed:
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def overwrite(dice: Random, data: bytes, _other: bytes) -> bytes:
    """The extremes of binary fields, anywhere."""
    begin, word = dice.randrange(len(data) + 1), dice.choice(BINARY)
    return data[:begin] + word + data[begin + len(word) :]


def cut(dice: Random, data: bytes, _other: bytes) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def drop(dice: Random, data: bytes, _other: bytes) -> bytes:
    begin, end = _piece(dice, data)
    return data[:begin] + data[end:]


def repeat(dice: Random, data: bytes, _other: bytes) -> bytes:
    begin, end = _piece(dice, data)
    return data[:end] + data[begin:end] * dice.choice((1, 2, 50)) + data[end:]


def splice(dice: Random, data: bytes, other: bytes) -> bytes:
    return data[: dice.randrange(len(data) + 1)] + other[dice.randrange(len(other) + 1) :]


def extreme(dice: Random, data: bytes, _other: bytes) -> bytes:
    """A number, time or date out of range, once or everywhere where the same one stands."""
    found = list(NUMBER.finditer(data))
    if not found:
        return data
    place, word = dice.choice(found), dice.choice(EXTREMES)
    if dice.random() < 0.1:
        return data.replace(place[0], word)
    return data[: place.start()] + word + data[place.end() :]


def column(dice: Random, data: bytes, _other: bytes) -> bytes:
    """Many numbers at once: extremes from one place on, so that a sum, a mean and a sort meet them too."""
    word, every = dice.choice(EXTREMES), dice.randrange(1, 9)
    begin, end = _piece(dice, data, 20_000)
    count = 0

    def one(found: re.Match[bytes]) -> bytes:
        nonlocal count
        count += 1
        return word if count % every == 0 else found[0]

    return data[:begin] + NUMBER.sub(one, data[begin:end]) + data[end:]


def odd_word(dice: Random, data: bytes, _other: bytes) -> bytes:
    begin = dice.randrange(len(data) + 1)
    return data[:begin] + dice.choice(WORDS) * dice.choice((1, 1, 3)) + data[begin:]


def nest(dice: Random, data: bytes, _other: bytes) -> bytes:
    """Deep brackets around a piece, or open ones alone."""
    opening, closing = dice.choice(NESTS)
    begin, end = _piece(dice, data)
    return data[:begin] + opening * NESTED + data[begin:end] + closing * dice.choice((NESTED, NESTED, 0)) + data[end:]


def long_line(dice: Random, data: bytes, _other: bytes) -> bytes:
    begin, word = (
        dice.randrange(len(data) + 1),
        dice.choice((b"a", b" ", b"9", b",", b'"', b"<", b"\xc3\xa4", b"a ", b"1:")),
    )
    return data[:begin] + word * (dice.choice(LONG) // len(word)) + data[begin:]


def one_line(dice: Random, data: bytes, _other: bytes) -> bytes:
    """Line ends that are others, or none."""
    return re.sub(rb"\r?\n", dice.choice((b"", b"\r", b"\n\r", b"\x0b", b"\r\r\n")), data)


def encoded(dice: Random, data: bytes, _other: bytes) -> bytes:
    """Another encoding than the text says or a reader expects."""
    return data.decode("utf-8", "replace").encode(dice.choice(CODECS), "replace")


def declared(dice: Random, data: bytes, _other: bytes) -> bytes:
    """A declaration that is not true."""
    name = dice.choice(
        (b"utf-16", b"ascii", b"utf-7", b"shift_jis", b"x-user-defined", b"\xff", b"", b"idna", b"rot13")
    )
    return re.sub(rb"encoding=\"[^\"]*\"", b'encoding="' + name + b'"', data, count=1)


def json_value(dice: Random, data: bytes, other: bytes) -> bytes:
    """One value of a JSON text by another, at any depth; what is no JSON is left to the other mutations."""
    try:
        whole = json.loads(data)
        places = list(_places(whole))
        holder, key = dice.choice(places)
        holder[key] = dice.choice(VALUES) if dice.random() < 0.9 else dice.choice(places)[0]
        return json.dumps(whole).encode()
    except (ValueError, IndexError, RecursionError):
        return odd_word(dice, data, other)


def calendar_line(dice: Random, data: bytes, _other: bytes) -> bytes:
    """A line more, where one ended: a rule, a zone or dates that few calendars hold."""
    ends = [found.end() for found in re.finditer(rb"\r?\n", data)]
    place = dice.choice(ends) if ends else len(data)
    return data[:place] + dice.choice(CALENDAR_LINES) + b"\r\n" + data[place:]


def _places(value: Any, levels: int = 8) -> list[tuple[Any, Any]]:
    keys = (
        list(value) if isinstance(value, dict) else list(range(min(len(value), 200))) if isinstance(value, list) else []
    )
    found = [(value, key) for key in keys]
    if levels:
        found += [place for key in keys for place in _places(value[key], levels - 1)]
    return found


ANY: tuple[Mutation, ...] = (flip, flip_bit, overwrite, cut, drop, repeat, splice)
TEXT: tuple[Mutation, ...] = (
    *ANY, extreme, extreme, extreme, column, odd_word, odd_word, nest, long_line, one_line, encoded, declared,
)  # fmt: skip
CALENDAR: tuple[Mutation, ...] = (*TEXT, *(calendar_line,) * 12)
JSON: tuple[Mutation, ...] = (*TEXT, *(json_value,) * 12)
