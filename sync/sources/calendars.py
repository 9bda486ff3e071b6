"""A runner's linked calendars. Who knows a private iCal address can read the calendar: it lies among the keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from sync.settings.credentials import CredentialStore

NAME = "calendar"


@dataclass(frozen=True, slots=True)
class LinkedCalendar:
    """``calendar_id`` tells one from the next without telling anything of it; ``host`` may be shown."""

    calendar_id: str
    address: str
    linked_utc: str

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""


def linked_calendars(vault: CredentialStore, athlete: str) -> tuple[LinkedCalendar, ...]:
    """Raises PersonMustAct when the vault cannot be read."""
    found = vault.get(athlete, NAME) or {}
    return tuple(
        LinkedCalendar(_id(row["address"]), row["address"], row.get("linked_utc", ""))
        for row in found.get("calendars", ())
    )


def keep_calendars(vault: CredentialStore, athlete: str, addresses: Sequence[str], now_utc: datetime) -> None:
    """Adds them; one that is linked already stays as it is."""
    kept = linked_calendars(vault, athlete)
    known = {one.address for one in kept}
    new = [LinkedCalendar(_id(one), one, now_utc.isoformat()) for one in dict.fromkeys(addresses) if one not in known]
    _put(vault, athlete, [*kept, *new])


def drop_calendar(vault: CredentialStore, athlete: str, calendar_id: str) -> bool:
    """False when none of that id is linked."""
    kept = linked_calendars(vault, athlete)
    left = [one for one in kept if one.calendar_id != calendar_id]
    if len(left) == len(kept):
        return False
    if left:
        _put(vault, athlete, left)
    else:
        vault.remove(athlete, NAME)
    return True


def _put(vault: CredentialStore, athlete: str, calendars: Sequence[LinkedCalendar]) -> None:
    rows: list[dict[str, Any]] = [{"address": one.address, "linked_utc": one.linked_utc} for one in calendars]
    vault.put(athlete, NAME, {"calendars": rows})


def _id(address: str) -> str:
    return sha256(address.encode()).hexdigest()[:12]
