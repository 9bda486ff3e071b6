"""A table of activities as text, what is read from it, and numbers and times as people write them."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import Any, Literal

from rules.facts.problems import Problem
from rules.facts.recorded import Recording
from sync.formats.notation import plain_digits
from sync.formats.tables.header_words import heading

Units = Literal["km", "mi"]
METRES = {"km": 1000.0, "mi": 1609.344}
TableKind = Literal[
    "strava_csv", "garmin_csv", "garmin_export", "running_log", "garmin_list", "fitbit_json", "zepp_csv",
    "nike_json", "polar_json", "polar_csv", "samsung_csv", "runtastic_json", "huawei_json", "garmindb",
    "endurain_json",
]  # fmt: skip
FEET_M = 0.3048
LINES_ABOVE = 5
"""Lines above the header that are looked over for it."""
MOST_COLUMNS, MOST_CELLS, MOST_JSON_BYTES = 1_000, 4_000_000, 64 * 2**20
"""The widest export that we know has about 100 columns; ten years of runs in it are half a million cells."""
LONGEST_LINE, LONGEST_CELL, LONGEST_WORD = 1_000_000, 5_000, 200
"""Characters: of a line with all that its quotes span, of what is kept of a cell, and of a header's word."""


LISTS_OF_RUNS = ("activities", "workouts", "runs", "exercises", "sessions", "trainings")
"""Never "points" or "data": a track's readings look like short runs."""
CODE_PAGES = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1256", "cp1257", "cp932", "gb18030", "big5", "cp949")
"""Western, Central European, Cyrillic, Greek, Turkish, Arabic, Baltic, Japanese, Chinese twice, Korean."""
MOST_HEADER_BYTES = 16_384


class TooMuch(Exception):
    """A table that no runner's export is like; ``reason`` as in `Problem`. Reading on could take all day."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True, eq=False)
class TableRow:
    """One activity of a table. ``file_name`` is the recording that the same archive holds of it."""

    recording: Recording
    external_id: str | None = None
    file_name: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TableRead:
    """``taken`` says what the table did not, and how we know: ``{"units": "km", "units_by": "stride"}``.

    ``ask_units`` is the usual pace, in seconds a unit, that makes the unit doubtful; ``units_sure`` how likely the unit
    that was taken is the right one.
    """

    kind: TableKind
    rows: tuple[TableRow, ...]
    problems: tuple[Problem, ...] = ()
    taken: Mapping[str, Any] = field(default_factory=dict)
    ask_units: float | None = None
    units_sure: float = 1.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV as text; header words may repeat, so columns are found by position."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    by_word: Mapping[str, tuple[int, ...]] = field(init=False)
    """Where each word of the header stands: mapped once, for every row asks."""

    def __post_init__(self) -> None:
        found: dict[str, list[int]] = {}
        for place, name in enumerate(self.header):
            found.setdefault(header_word(name), []).append(place)
        object.__setattr__(self, "by_word", {name: tuple(places) for name, places in found.items()})

    def places(self, *names: str) -> tuple[int, ...]:
        """The positions of every column called so, whatever its case and what stands between its words."""
        wanted = dict.fromkeys(header_word(name) for name in names)
        return tuple(sorted(place for name in wanted for place in self.by_word.get(name, ())))

    def cell(self, row: Sequence[str], *names: str) -> str | None:
        """The first filled cell of the columns called so."""
        return next((row[place] for place in self.places(*names) if place < len(row) and row[place]), None)


@lru_cache(maxsize=4096)
def header_word(name: str) -> str:
    """A header as a word: "Distance (km)" and "distance_km" are the same."""
    return re.sub(r"[\W_]+", "_", name.casefold()).strip("_")


def sheet_of(data: bytes) -> Sheet | None:
    """``None`` when this is no table with a header and at least one row. Raises TooMuch."""
    text = _decoded(data)
    if text is None:
        return None
    if "\n" not in text:
        # Some spreadsheets still end their lines as old Macintoshes did.
        text = text.replace("\r", "\n")
    text, delimiter = _from_header(text)
    if delimiter is None:
        return None
    try:
        header, *rows = _rows(text, delimiter)
    except (csv.Error, ValueError):
        return None
    if not rows:
        return None
    # Strava wraps words that it forgot to translate into a span.
    return Sheet(tuple(unescape(re.sub(r"<[^>]*>", "", name)).strip() for name in header), tuple(rows))


def _rows(text: str, delimiter: str) -> Iterator[tuple[str, ...]]:
    """The rows that hold anything, no wider than the header's line, which comes first. Raises TooMuch and csv.Error."""
    taken, width, most, cells = 0, 0, 0, 0

    def lines() -> Iterator[str]:
        nonlocal taken
        for line in io.StringIO(text):
            # A row goes on over line ends inside quotes.
            taken += len(line)
            if taken > LONGEST_LINE:
                _width(line.count(delimiter) + 1 if not width else 0)
                raise TooMuch("table-line-too-long", f"{LONGEST_LINE:,}")
            yield line

    for row in csv.reader(lines(), delimiter=delimiter):
        taken = 0
        kept = tuple(plain_digits(cell.strip()[:LONGEST_CELL]) for cell in row[: most or None])
        if not any(kept):
            continue
        while len(kept) > width and not kept[-1]:
            # Spreadsheets fill their lines up with empty cells.
            kept = kept[:-1]
        if not width:
            width = _width(len(kept))
            # Cells below empty header words count in tables that are read by place.
            most = min(max(width, len(row)), MOST_COLUMNS)
            kept = tuple(name[:LONGEST_WORD] for name in kept)
        cells += len(kept)
        if cells > MOST_CELLS:
            raise TooMuch("table-too-large", f"{MOST_CELLS:,}")
        yield kept


def _width(columns: int) -> int:
    if columns > MOST_COLUMNS:
        raise TooMuch("table-too-wide", f"{columns:,}")
    return columns


def _from_header(text: str) -> tuple[str, str | None]:
    """The text from its header on, and what parts two cells; a title and a spreadsheet's "sep=;" are skipped."""
    for _ in range(LINES_ABOVE):
        first, _, rest = text.lstrip("\r\n").partition("\n")
        delimiter = max(",;\t|", key=first.count)
        if sum(bool(cell.strip('" \r')) for cell in first.split(delimiter)) == 1 and rest.count(delimiter):
            # A title, filled up with empty cells.
            text = rest
            continue
        if first.count(delimiter) and not first.casefold().startswith("sep="):
            return text, delimiter
        text = rest
    return text, None


def sheet_of_json(value: object) -> Sheet | None:
    """A JSON list of flat objects as a table, by itself or below a name for runs; ``None`` for any other shape.
    Raises TooMuch."""
    if isinstance(value, dict):
        value = next((value[name] for name in LISTS_OF_RUNS if name in value), None)
    if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
        return None
    header = tuple(dict.fromkeys(name for item in value for name in item))
    if _width(len(header)) * len(value) > MOST_CELLS:
        raise TooMuch("table-too-large", f"{MOST_CELLS:,}")
    rows = tuple(tuple(_plain(item.get(name)) for name in header) for item in value)
    return Sheet(header, rows)


def _plain(value: object) -> str:
    if isinstance(value, dict):
        # {"value": 8.02, "unit": "km"}
        number = next((value[name] for name in ("value", "qty", "amount") if name in value), None)
        unit = next((value[name] for name in ("unit", "units") if isinstance(value.get(name), str)), "")
        value = f"{number} {unit}" if isinstance(number, int | float) and not isinstance(number, bool) else None
    return plain_digits(str(value).strip()[:LONGEST_CELL]) if isinstance(value, str | int | float) else ""


def _decoded(data: bytes) -> str | None:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").lstrip("\ufeff")
    if b"\0" in data[:4096]:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode(_code_page(data), "replace")


def _code_page(data: bytes) -> str:
    """The code page under which the header's words are known: spreadsheets save in their country's and do not say so.

    Of several the one counts under which most columns are; the Western one where none is.
    """
    first = data[:MOST_HEADER_BYTES].split(b"\n", 1)[0]
    best, most = "cp1252", 0
    for page in CODE_PAGES:
        try:
            names = re.split(r"[,;\t|]", first.decode(page))
        except UnicodeDecodeError:
            continue
        known = sum(heading(name.strip('" \r')).role is not None for name in names)
        if known > most:
            best, most = page, known
    return best
