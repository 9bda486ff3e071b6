"""An iCalendar feed into planned runs, in a process of its own: a rule that never ends ends with the process.

``python -m sync.sources.adapters.calendar_runs FIRST LAST`` reads a feed from stdin and gives JSON.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from rules.facts.foot_work import PlannedRun
from rules.measure import titles
from sync.sources.adapters.calendar_cut import cut_feed
from sync.sources.base import revision_of

RUNNING = re.compile(
    r"(?<!\w)(?:runs?|running|jogs?|jogging|long ?run|parkrun|fartlek|strides|marathon|half[ -]marathon|[58]k|10k|"
    r"\w*lauf|läufe|laufen|joggen|footing|course à pied|sortie longue|rodaje|carrera|trote|correr|corsa|corrida|"
    r"hardlop\w*|hardloop\w*|duurloop\w*|löpning|löprunda|löppass|långpass|løping|løpetur|løb|løbetur|juoksu\w*|lenkki|"
    r"bieg|biegi|biegu|bieganie|wybieganie|rozbieganie|běh|běhání|beh|behanie|futás|futóedzés|koşu\w*|"
    r"бег|бега|бегать|пробежк\w*|біг|пробіжк\w*)(?!\w)|"
    r"ランニング|ジョギング|ジョグ|跑步|晨跑|夜跑|慢跑|长跑|長跑|달리기|러닝|조깅|\U0001f3c3",
    re.IGNORECASE,
)
"""A diary holds more than runs: "Long meeting" and "Easy Friday" are none."""
SURE = frozenset({"tempo", "intervals", "hill_repeats"})
OTHER = re.compile(
    r"(?<!\w)(bike|ride|cycling|swim|yoga|gym|rad|radfahren|schwimmen|vélo|natation)(?!\w)", re.IGNORECASE
)
CALLED_OFF = re.compile(
    r"\W*(?:cancell?ed|abgesagt|storniert|annulée?|annullat[oa]|cancelad[oa]|geannuleerd|aflyst|avlyst|inställt|"
    r"peruttu|odwołan[eya]|zrušeno|zrušené|törölve|отменено|キャンセル|已取消|취소됨)\b",
    re.IGNORECASE,
)
"""What Outlook writes before the title of an entry that is called off, beside its status or instead of it."""
NO_RUN = re.compile(
    r"(?<!\w)(?:(?:trial|dry|test|school|bank|bull|mock|print|production) runs?|"
    r"run(?:ning)? (?:errands|late|through|over|out|off|of show)|errands)(?!\w)",
    re.IGNORECASE,
)
"""A run by its word alone."""
MOST_EVENTS = 500
CPU_S, WALL_S = 8, 120.0
"""For one feed. A real one takes well under a second, once it is cut; a busy machine may be slow."""
Refusal = Literal["broken", "too_heavy"]


@dataclass(frozen=True, slots=True)
class PlannedFound:
    """One entry with a run's name; ``begins`` is an ISO date, or an instant with or without an offset."""

    title: str
    uid: str
    begins: str


@dataclass(frozen=True, slots=True)
class Unfolded:
    """``left_out`` counts the series that were not unfolded, see `calendar_cut`."""

    found: tuple[PlannedFound, ...]
    left_out: int = 0


def unfold_apart(text: bytes, first: date, last: date) -> Unfolded | Refusal:
    """`unfold` in a process that may spend 8 seconds of a processor."""
    words = [sys.executable, "-m", "sync.sources.adapters.calendar_runs", first.isoformat(), last.isoformat()]
    try:
        done = subprocess.run(words, input=text, capture_output=True, timeout=WALL_S, check=False)
    except subprocess.TimeoutExpired:
        return "too_heavy"
    if done.returncode != 0:
        return "too_heavy"
    facts = json.loads(done.stdout)
    if facts is None:
        return "broken"
    return Unfolded(tuple(PlannedFound(**one) for one in facts["found"]), facts["left_out"])


def unfold(text: bytes, first: date, last: date) -> Unfolded | None:
    """The entries of those days that name a run; ``None`` when it is no calendar."""
    import icalendar
    import recurring_ical_events

    small = cut_feed(text, first, last, names_a_run)
    if small is None:
        return None
    try:
        calendar = icalendar.Calendar.from_ical(small.text)
        events = recurring_ical_events.of(calendar, skip_bad_series=True).between(first, last + timedelta(days=1))
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError):
        # A zone's name is looked up as a file's.
        return None
    return Unfolded(tuple(found for event in events[:MOST_EVENTS] for found in _found(event)), small.left_out)


def planned_runs(found: Iterable[PlannedFound], first: date, last: date, zone: ZoneInfo) -> tuple[PlannedRun, ...]:
    """The runs of those days in the runner's zone, in order."""
    runs = [_run(one, zone) for one in found]
    return tuple(sorted((run for run in runs if first <= run.day <= last), key=lambda run: (run.day, run.title or "")))


def names_a_run(title: str) -> bool:
    """Whether an entry of a diary is a run."""
    if CALLED_OFF.match(title) or NO_RUN.search(title):
        return False
    if RUNNING.search(title):
        return True
    return not OTHER.search(title) and bool(SURE & set(titles.meanings(title)))


def _found(event: Any) -> Iterator[PlannedFound]:
    title = str(event.get("SUMMARY", "")).strip()
    if str(event.get("STATUS", "")).upper() != "CANCELLED" and names_a_run(title):
        yield PlannedFound(title, str(event.get("UID", "")), event.get("DTSTART").dt.isoformat())


def _run(found: PlannedFound, zone: ZoneInfo) -> PlannedRun:
    start_utc = None
    if "T" in found.begins:
        begins = datetime.fromisoformat(found.begins)
        # A time without a zone is meant in the runner's own.
        aware = begins if begins.tzinfo is not None else begins.replace(tzinfo=zone)
        start_utc = aware.astimezone(UTC).replace(tzinfo=None)
        day = aware.astimezone(zone).date()
    else:
        day = date.fromisoformat(found.begins)
    named = revision_of([found.uid, day.isoformat(), found.title])
    return PlannedRun(
        day=day, kind=titles.kind_of_title(found.title), source="ical", start_utc=start_utc, title=found.title,
        planned_id=f"ical:{named}",
    )  # fmt: skip


def main(first: str, last: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    unfolded = unfold(sys.stdin.buffer.read(), date.fromisoformat(first), date.fromisoformat(last))
    json.dump(None if unfolded is None else asdict(unfolded), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
