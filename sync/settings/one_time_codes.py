"""Codes that let a browser in once: to set springstep up, to join the household, to set a new password after a reset.

Kept are a salted scrypt hash, how long it counts and how often something wrong was tried (0600); the code itself is
printed or shown once and stands nowhere.
"""

from __future__ import annotations

import hmac
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import scrypt
from typing import Any, Literal

from sync.settings.paths import DataDir
from sync.settings.private_json import PrivateJson

Purpose = Literal["set-up", "invite", "reset"]
CodeVerdict = Literal["fits", "wrong", "over"]
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing in it looks like something else in it."""
ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
LENGTH: dict[Purpose, int] = {"set-up": 10, "invite": 16, "reset": 16}
"""50 and 80 random bits."""
CODE_LASTS: dict[Purpose, timedelta] = {
    "set-up": timedelta(hours=24),
    "invite": timedelta(days=7),
    "reset": timedelta(days=2),
}
WRONG_TRIES = 10
COST_N, COST_R, COST_P = 2**14, 8, 1
"""16 MiB a try: the code is random, and counts for days at most."""


@dataclass(frozen=True, slots=True)
class CodeBook:
    """One open code a purpose and runner; a new one makes the one before void."""

    file: PrivateJson

    @classmethod
    def of(cls, home: DataDir) -> CodeBook:
        return cls(PrivateJson(home.secrets / "codes.json"))

    def make(self, purpose: Purpose, athlete: str, now_utc: datetime) -> str:
        """A new code, to be shown once."""
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH[purpose]))
        salt = os.urandom(16)
        row = {
            "purpose": purpose,
            "athlete": athlete,
            "salt": salt.hex(),
            "hash": _hash(code, salt).hex(),
            "until_utc": (now_utc + CODE_LASTS[purpose]).isoformat(),
            "wrong": 0,
        }
        with self.file.changing() as content:
            if purpose != "set-up":
                _drop(content, athlete)
            content[_key(purpose, athlete)] = row
        return "-".join(code[at : at + 5] for at in range(0, len(code), 5)) if purpose == "set-up" else code

    def counts(self, purpose: Purpose, athlete: str, now_utc: datetime) -> bool:
        """Whether a code of that purpose would still be taken."""
        row = self.file.read().get(_key(purpose, athlete))
        return isinstance(row, dict) and _counts(row, now_utc)

    def use(self, purpose: Purpose, athlete: str, code: str, now_utc: datetime) -> CodeVerdict:
        """Whether it fits; one that fits is used up, and each that does not is counted."""
        said = normal(code)
        with self.file.changing() as content:
            row = content.get(_key(purpose, athlete))
            if not isinstance(row, dict) or not _counts(row, now_utc):
                return "over"
            if not _fits(row, said):
                row["wrong"] += 1
                return "over" if row["wrong"] >= WRONG_TRIES else "wrong"
            del content[_key(purpose, athlete)]
            return "fits"

    def find(self, code: str, now_utc: datetime) -> tuple[Purpose, str] | None:
        """Which invitation or reset it is, and whose; nothing is used up."""
        said = normal(code)
        for row in self.file.read().values():
            if row["purpose"] != "set-up" and _counts(row, now_utc) and _fits(row, said):
                return row["purpose"], row["athlete"]
        return None

    def drop(self, athlete: str) -> None:
        """Invitations and resets of that runner are void."""
        with self.file.changing() as content:
            _drop(content, athlete)


def normal(code: str) -> str:
    """As it was made, however it was typed."""
    return "".join(one for one in code.upper().translate(ALIKE) if one in LETTERS)


def _key(purpose: Purpose, athlete: str) -> str:
    return f"{purpose} {athlete}"


def _drop(content: dict[str, Any], athlete: str) -> None:
    for purpose in ("invite", "reset"):
        content.pop(f"{purpose} {athlete}", None)


def _counts(row: dict[str, Any], now_utc: datetime) -> bool:
    return int(row["wrong"]) < WRONG_TRIES and now_utc < datetime.fromisoformat(row["until_utc"])


def _fits(row: dict[str, Any], said: str) -> bool:
    if len(said) != LENGTH[row["purpose"]]:
        return False
    return hmac.compare_digest(_hash(said, bytes.fromhex(row["salt"])), bytes.fromhex(row["hash"]))


def _hash(code: str, salt: bytes) -> bytes:
    return scrypt(code.encode(), salt=salt, n=COST_N, r=COST_R, p=COST_P, maxmem=256 * COST_N * COST_R, dklen=32)
