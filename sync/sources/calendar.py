"""Planned runs from an iCalendar feed or file: only what looks like running, repeated events unfolded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import requests

from rules import titles
from rules.facts import PlannedRun
from sync.manners import Meter
from sync.sources.base import Clock, Say, person_must_act, revision_of, try_later
from sync.sources.redirect import TIMEOUT_S, session

RUNNING = re.compile(
    r"(?<!\w)(runs?|running|jogs?|jogging|long ?run|parkrun|fartlek|strides|marathon|half[ -]marathon|[58]k|10k|"
    r"\w*lauf|läufe|laufen|joggen|footing|course à pied|sortie longue|rodaje|carrera|corsa|corrida|hardlopen|löpning)"
    r"(?!\w)",
    re.IGNORECASE,
)
"""A diary holds more than runs: "Long meeting" and "Easy Friday" are none."""
SURE = frozenset({"tempo", "intervals", "hill_repeats"})
OTHER = re.compile(
    r"(?<!\w)(bike|ride|cycling|swim|yoga|gym|rad|radfahren|schwimmen|vélo|natation)(?!\w)", re.IGNORECASE
)
MOST_BYTES = 8 * 2**20
MOST_EVENTS = 500
NAME = "calendar"


@dataclass(slots=True)
class Calendar:
    """``address`` is https, webcal, or a file's path. ``seen`` is the ETag of the last answer."""

    address: str
    zone: ZoneInfo
    clock: Clock
    say: Say
    meter: Meter
    redirect: str | None = None
    timeout_s: float = TIMEOUT_S
    seen: str | None = field(default=None)

    name = NAME

    def planned(self, first: date, last: date) -> tuple[PlannedRun, ...] | None:
        """None when nothing changed there since ``seen``. Raises PersonMustAct or TryLater."""
        text = self._text()
        return None if text is None else planned_runs(text, first, last, zone=self.zone, say=self.say)

    def _text(self) -> bytes | None:
        if "://" not in self.address:
            try:
                return Path(self.address).expanduser().read_bytes()
            except OSError as error:
                raise person_must_act(self.say, "calendar.refused", status=error.strerror) from None
        address = self.address.replace("webcal://", "https://", 1)
        headers = {"Accept": "text/calendar"} | ({"If-None-Match": self.seen} if self.seen else {})
        self.meter.spend()
        try:
            way = session(timeout_s=self.timeout_s, redirect=self.redirect)
            answer = way.get(address, headers=headers, stream=True)
            content = answer.raw.read(MOST_BYTES + 1, decode_content=True)
        except (requests.RequestException, OSError):
            raise try_later(self.say, self.name, None, None, self.clock()) from None
        except Exception as error:
            if type(error).__module__.startswith("urllib3"):
                raise try_later(self.say, self.name, None, None, self.clock()) from None
            raise
        if answer.status_code == 304:
            return None
        if answer.status_code in (401, 403, 404, 410):
            raise person_must_act(self.say, "calendar.refused", status=answer.status_code)
        if answer.status_code >= 300:
            retry_after = answer.headers.get("Retry-After")
            raise try_later(self.say, self.name, answer.status_code, retry_after, self.clock())
        if len(content) > MOST_BYTES:
            raise person_must_act(self.say, "calendar.broken")
        self.seen = answer.headers.get("ETag")
        return bytes(content)


def planned_runs(text: bytes, first: date, last: date, *, zone: ZoneInfo, say: Say) -> tuple[PlannedRun, ...]:
    """The runs of those days, in order. Raises PersonMustAct when it is no calendar."""
    import icalendar
    import recurring_ical_events

    try:
        calendar = icalendar.Calendar.from_ical(text)
        found = recurring_ical_events.of(calendar, skip_bad_series=True).between(first, last + timedelta(days=1))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise person_must_act(say, "calendar.broken") from None
    runs = [run for event in found[:MOST_EVENTS] for run in _run(event, zone)]
    return tuple(sorted((run for run in runs if first <= run.day <= last), key=lambda run: (run.day, run.title or "")))


def names_a_run(title: str) -> bool:
    """Whether an entry of a diary is a run."""
    if RUNNING.search(title):
        return True
    return not OTHER.search(title) and bool(SURE & set(titles.meanings(title)))


def _run(event: Any, zone: ZoneInfo) -> Iterator[PlannedRun]:
    title = str(event.get("SUMMARY", "")).strip()
    if str(event.get("STATUS", "")).upper() == "CANCELLED" or not names_a_run(title):
        return
    begins = event.get("DTSTART").dt
    start_utc = None
    if isinstance(begins, datetime):
        # A time without a zone is meant in the runner's own.
        aware = begins if begins.tzinfo is not None else begins.replace(tzinfo=zone)
        start_utc = aware.astimezone(UTC).replace(tzinfo=None)
        day = aware.astimezone(zone).date()
    else:
        day = begins
    named = revision_of([str(event.get("UID", "")), day.isoformat(), title])
    yield PlannedRun(
        day=day, kind=titles.kind_of_title(title), source="ical", start_utc=start_utc, title=title,
        planned_id=f"ical:{named}",
    )  # fmt: skip
