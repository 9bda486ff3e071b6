"""Planned runs from an iCalendar feed or file: only what looks like running, repeated events unfolded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from http.client import HTTPException
from pathlib import Path
from zoneinfo import ZoneInfo

from rules.facts.foot_work import PlannedRun
from sync.sources.adapters.calendar_fetch import MOST_BYTES, WITHIN_S, fetch
from sync.sources.adapters.calendar_runs import Unfolded, planned_runs, unfold_apart
from sync.sources.base import Clock, person_must_act, try_later
from sync.sources.rate_policy import RequestBudget

NAME = "calendar"


@dataclass(slots=True)
class CalendarFeed:
    """``address`` is https, webcal, or a file's path. ``seen`` is the ETag of the last answer.

    ``gave_up`` holds checksums of contents that could not be unfolded in time, ``left_out`` counts the last one's
    series that were not unfolded. ``inside`` are hosts of private networks that may be asked.
    """

    address: str
    zone: ZoneInfo
    clock: Clock
    meter: RequestBudget
    redirect: str | None = None
    timeout_s: float = WITHIN_S
    seen: str | None = field(default=None)
    gave_up: set[str] = field(default_factory=set)
    left_out: int = 0
    inside: tuple[str, ...] = ()

    name = NAME

    def planned(self, first: date, last: date) -> tuple[PlannedRun, ...] | None:
        """None when nothing changed there since ``seen``. Raises PersonMustAct or TryLater."""
        text = self._text()
        if text is None:
            return None
        content = hashlib.sha256(text).hexdigest()
        found = "too_heavy" if content in self.gave_up else unfold_apart(text, first, last)
        match found:
            case "too_heavy":
                # The same content would only cost the same time again.
                self.gave_up.add(content)
                raise person_must_act("calendar.too_heavy")
            case "broken":
                raise person_must_act("calendar.broken")
            case Unfolded(found=entries, left_out=left_out):
                self.left_out = left_out
                return planned_runs(entries, first, last, self.zone)

    def _text(self) -> bytes | None:
        if "://" not in self.address:
            try:
                with Path(self.address).expanduser().open("rb") as file:
                    held = file.read(MOST_BYTES + 1)
            except OSError as error:
                raise person_must_act("calendar.refused", status=error.strerror) from None
            if len(held) > MOST_BYTES:
                raise person_must_act("calendar.too_large", mb=MOST_BYTES >> 20)
            return held
        address = self.address.replace("webcal://", "https://", 1)
        headers = {"Accept": "text/calendar"} | ({"If-None-Match": self.seen} if self.seen else {})
        self.meter.spend()
        try:
            answer = fetch(
                address, headers=headers, inside=self.inside, within_s=self.timeout_s, test_server=self.redirect
            )
        except (OSError, HTTPException, ValueError):
            raise try_later(self.name, None, None, self.clock()) from None
        if answer.status == 304:
            return None
        if answer.status in (401, 403, 404, 410):
            raise person_must_act("calendar.refused", status=answer.status)
        if answer.status >= 300:
            retry_after = answer.headers.get("retry-after")
            raise try_later(self.name, answer.status, retry_after, self.clock())
        if answer.content is None:
            raise person_must_act("calendar.too_large", mb=MOST_BYTES >> 20)
        self.seen = answer.headers.get("etag")
        return answer.content
