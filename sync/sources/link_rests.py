"""Which services asked to be left alone while an account was being linked, and until when.

It lies beside the keys and outlives a restart: Garmin's limit starts again with each try, so pressing the button once
more would only make the wait longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from sync.errors import SpringstepError, TryLater
from sync.settings.config import Athlete
from sync.settings.private_json import PrivateJson
from sync.sources.base import Clock
from sync.sources.names import Name
from sync.sources.rate_policy import LOGIN_REST, RequestBudget

FILE = "link-rests"
LIMITED = "source.garmin.login_limit"
"""Names no time: then a day is waited, as the runner is told."""


@dataclass(frozen=True, slots=True)
class LinkRests:
    """One runner's; ``folder`` is that of the keys. No name is written down, so that none has to be purged."""

    folder: Path
    athlete: Athlete
    clock: Clock

    def check(self, source: Name) -> None:
        """Raises TryLater, with the local time it ends at, while the service wants to be left alone."""
        now_utc, stored = self.clock(), self._book.read().get(self._key(source))
        until_utc = _instant(stored)
        # One that lies further off was noted by a clock that was put back meanwhile.
        if until_utc is None or not now_utc < until_utc <= now_utc + LOGIN_REST:
            return
        local = until_utc.replace(tzinfo=UTC).astimezone(self.athlete.zone)
        raise TryLater("source.link_rests", not_before_utc=until_utc, source=source, until=f"{local:%Y-%m-%d %H:%M}")

    @contextmanager
    def asking(self, source: Name) -> Iterator[None]:
        """Notes how long to wait when the service says so to what is asked inside."""
        try:
            yield
        except SpringstepError as error:
            until_utc = error.not_before_utc if isinstance(error, TryLater) else None
            if error.code == LIMITED:
                until_utc = self.clock() + LOGIN_REST
            if until_utc is not None:
                self._note(source, until_utc)
            raise

    def budget(self, source: Name, limit: int) -> RequestBudget:
        """One that lets no request out meanwhile; what needs none, such as tokens that still live, may go on."""
        return _Resting(limit, rests=self, at=source)

    @property
    def _book(self) -> PrivateJson:
        return PrivateJson(self.folder / FILE)

    def _key(self, source: Name) -> str:
        return sha256(f"{self.athlete.id}.{source}".encode()).hexdigest()[:16]

    def _note(self, source: Name, until_utc: datetime) -> None:
        now_utc = self.clock()
        with self._book.changing() as noted:
            for key in [key for key, value in noted.items() if (_instant(value) or now_utc) <= now_utc]:
                del noted[key]
            noted[self._key(source)] = until_utc.isoformat()


@dataclass(slots=True)
class _Resting(RequestBudget):
    rests: LinkRests | None = None
    at: Name = "garmin"

    def spend(self) -> None:
        if self.rests is not None:
            self.rests.check(self.at)
        RequestBudget.spend(self)


def _instant(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
