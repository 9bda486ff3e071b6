"""Who is signed in on which device, kept on the server: ending a session here ends it, whatever the browser still has.

Only a hash of what the browser holds is kept. A session counts as long as the password it began with: a new password,
or none, ends all of a runner's sessions. Browsers that signed in with an earlier springstep hold a signed pass instead;
it stays valid until it is over or ended.
"""

from __future__ import annotations

import secrets
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sync.errors import PersonMustAct
from sync.settings import passwords
from sync.settings.credentials import CredentialStore
from sync.settings.private_json import PrivateJson

SESSION_LASTS = passwords.PASS_LASTS
SEEN_NOTED_AFTER = timedelta(minutes=15)
TOKEN_BYTES = 32
MOST_OF_A_RUNNER = 50
"""The oldest goes first: a program that signs in again and again fills no disk."""


@dataclass(frozen=True, slots=True)
class Session:
    """``id`` is what the list of devices names it by; it opens nothing."""

    id: str
    athlete: str
    began_utc: datetime
    seen_utc: datetime
    device: str


@dataclass(frozen=True, slots=True)
class SessionBook:
    file: PrivateJson
    vault: CredentialStore

    @classmethod
    def of(cls, vault: CredentialStore) -> SessionBook:
        return cls(PrivateJson(vault.folder / "sessions.json"), vault)

    def begin(self, athlete: str, now_utc: datetime, device: str) -> str:
        """The token for the browser. Raises PersonMustAct for a runner without a password."""
        mark = passwords.mark(self.vault, athlete)
        if mark is None:
            raise PersonMustAct("settings.no_password", athlete=athlete)
        token, at = secrets.token_urlsafe(TOKEN_BYTES), now_utc.isoformat()
        row = {"athlete": athlete, "began_utc": at, "seen_utc": at, "device": device[:80], "password": mark}
        with self.file.changing() as content:
            rows = _rows(content)
            kept = {id_: one for id_, one in rows.items() if _lasts(one, now_utc)}
            own = sorted((one["began_utc"], id_) for id_, one in kept.items() if one["athlete"] == athlete)
            for _began, oldest in own[: max(0, len(own) - MOST_OF_A_RUNNER + 1)]:
                del kept[oldest]
            content["sessions"] = {**kept, _id(token): row}
        return token

    def holder(self, shown: str | None, now_utc: datetime, known: Container[str]) -> str | None:
        """Whose browser it is, one of ``known``; None for one that is not, or no longer, signed in."""
        if not shown:
            return None
        content, id_ = self.file.read(), _id(shown)
        if "." in shown:
            return None if id_ in _ended(content) else passwords.holder(self.vault, shown, now_utc, known)
        row = _rows(content).get(id_)
        if row is None or row["athlete"] not in known or not _lasts(row, now_utc):
            return None
        return str(row["athlete"]) if self._fits(row) else None

    def note_seen(self, shown: str, now_utc: datetime) -> None:
        """When the device was last here, to a quarter of an hour."""
        row = _rows(self.file.read()).get(_id(shown))
        if row is None or now_utc - datetime.fromisoformat(row["seen_utc"]) < SEEN_NOTED_AFTER:
            return
        with self.file.changing() as content:
            if (found := _rows(content).get(_id(shown))) is not None:
                found["seen_utc"] = now_utc.isoformat()

    def end(self, shown: str, now_utc: datetime) -> None:
        """This browser's session."""
        with self.file.changing() as content:
            _rows(content).pop(_id(shown), None)
            if "." in shown:
                before = {one: until for one, until in _ended(content).items() if until > now_utc.isoformat()}
                content["ended"] = {**before, _id(shown): (now_utc + SESSION_LASTS).isoformat()}

    def end_one(self, athlete: str, id_: str) -> None:
        """A device of that runner, by the id in their list."""
        with self.file.changing() as content:
            rows = _rows(content)
            if id_ in rows and rows[id_]["athlete"] == athlete:
                del rows[id_]

    def end_all(self, athlete: str) -> None:
        """All of the runner's devices, those that hold a pass of an earlier springstep too; the password stays."""
        passwords.renew_key(self.vault, athlete)
        with self.file.changing() as content:
            content["sessions"] = {id_: one for id_, one in _rows(content).items() if one["athlete"] != athlete}

    def shut_out(self, athlete: str) -> None:
        """Signed out everywhere and without a password: only an invitation lets that runner in again."""
        passwords.remove(self.vault, athlete)
        self.end_all(athlete)

    def devices(self, athlete: str, now_utc: datetime) -> tuple[Session, ...]:
        """The runner's sessions, the one seen last first."""
        rows = {
            id_: one
            for id_, one in _rows(self.file.read()).items()
            if one["athlete"] == athlete and _lasts(one, now_utc) and self._fits(one)
        }
        found = (
            Session(
                id_,
                athlete,
                datetime.fromisoformat(one["began_utc"]),
                datetime.fromisoformat(one["seen_utc"]),
                str(one["device"]),
            )
            for id_, one in rows.items()
        )
        return tuple(sorted(found, key=lambda one: one.seen_utc, reverse=True))

    def _fits(self, row: Mapping[str, Any]) -> bool:
        try:
            mark = passwords.mark(self.vault, row["athlete"])
        except PersonMustAct:
            return False  # signing in says what to do about it
        return mark is not None and mark == row["password"]


def session_id(token: str) -> str:
    """By which the list of devices names the session of this browser."""
    return _id(token)


def _id(token: str) -> str:
    """32 random bytes need no slow hash."""
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def _rows(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found = content.get("sessions")
    return found if isinstance(found, dict) else {}


def _ended(content: Mapping[str, Any]) -> dict[str, str]:
    found = content.get("ended")
    return found if isinstance(found, dict) else {}


def _lasts(row: Mapping[str, Any], now_utc: datetime) -> bool:
    return now_utc < datetime.fromisoformat(row["began_utc"]) + SESSION_LASTS
