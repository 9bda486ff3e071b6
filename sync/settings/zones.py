"""A time zone that remembers where its runner lived before: a move changes no past day."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

Past = tuple[tuple[datetime, str], ...]
"""Until when (naive UTC) a runner's days were those of which zone."""


@lru_cache(maxsize=64)
def zone_with_past(name: str, past: Past) -> ZoneInfo:
    return _ZoneWithPast.of(name, past) if past else ZoneInfo(name)


class _ZoneWithPast(ZoneInfo):
    _past: tuple[tuple[datetime, datetime, datetime, ZoneInfo], ...] = ()
    """Until when: by UTC, by the clock of the zone that follows, by its own; and the zone. The earliest first."""
    _now: ZoneInfo

    @classmethod
    def of(cls, name: str, past: Past) -> Self:
        made = cls.no_cache(name)
        made._now = ZoneInfo(name)
        zones = [(until, ZoneInfo(zone)) for until, zone in sorted(past)]
        after = [zone for _, zone in zones[1:]] + [made._now]
        made._past = tuple(
            (until, _wall(until, then), _wall(until, zone), zone)
            for (until, zone), then in zip(zones, after, strict=True)
        )
        return made

    def fromutc(self, dt: datetime) -> datetime:
        at_utc = dt.replace(tzinfo=None)
        zone = next((zone for until, _, _, zone in self._past if at_utc < until), self._now)
        local = zone.fromutc(dt.replace(tzinfo=zone))
        # Hours that a move westwards gives twice: what a runner types means the later ones, so the earlier are marked.
        twice = self._at(local.replace(fold=0)) is not zone
        return local.replace(tzinfo=self, fold=1 if twice else local.fold)

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        return None if dt is None else self._at(dt).utcoffset(dt)

    def dst(self, dt: datetime | None) -> timedelta | None:
        return None if dt is None else self._at(dt).dst(dt)

    def tzname(self, dt: datetime | None) -> str | None:
        return None if dt is None else self._at(dt).tzname(dt)

    def _at(self, dt: datetime) -> ZoneInfo:
        """Of a time by the clock."""
        wall = dt.replace(tzinfo=None, fold=0)
        for _, until, own_until, zone in self._past:
            if wall < until or (dt.fold and wall < own_until):
                return zone
        return self._now


def _wall(at_utc: datetime, zone: ZoneInfo) -> datetime:
    return zone.fromutc(at_utc.replace(tzinfo=zone)).replace(tzinfo=None, fold=0)
