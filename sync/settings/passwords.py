"""The page's passwords: one salted scrypt hash a runner, and the pass that a browser keeps after signing in.

Both rest on one secret of the runner's (0600, or the keyring). The key that signs passes is made with the password, so
that a new password signs every browser out.
"""

from __future__ import annotations

import hmac
import os
import re
from collections.abc import Container
from datetime import UTC, datetime, timedelta
from hashlib import scrypt, sha256
from typing import Any

from sync.errors import PersonMustAct
from sync.settings.credentials import CredentialStore

SECRET = "password"
SHORTEST = 8
COST_N, COST_R, COST_P = 2**15, 8, 3
"""OWASP's password storage cheat sheet, one of its equal settings: 32 MiB and a fraction of a second for each try."""
PASS_LASTS = timedelta(days=30)
UNTIL = re.compile(r"[0-9]{1,12}")


def put(vault: CredentialStore, athlete: str, password: str) -> None:
    """Raises PersonMustAct when it is shorter than eight characters."""
    if len(password) < SHORTEST:
        raise PersonMustAct("settings.password_short", shortest=SHORTEST)
    salt = os.urandom(16)
    cost = {"n": COST_N, "r": COST_R, "p": COST_P}
    secret = {"salt": salt.hex(), "hash": _hash(password, salt, cost).hex(), "key": os.urandom(32).hex(), **cost}
    vault.put(athlete, SECRET, secret)


def remove(vault: CredentialStore, athlete: str) -> None:
    vault.remove(athlete, SECRET)


def is_set(vault: CredentialStore, athlete: str) -> bool:
    return _secret(vault, athlete) is not None


def fits(vault: CredentialStore, athlete: str, password: str) -> bool:
    """Takes as long for a runner without a password as for a wrong one."""
    secret = _secret(vault, athlete)
    known = secret or {"salt": "00" * 16, "hash": "00" * 32, "n": COST_N, "r": COST_R, "p": COST_P}
    found = _hash(password, bytes.fromhex(known["salt"]), known)
    return hmac.compare_digest(found, bytes.fromhex(known["hash"])) and secret is not None


def issue(vault: CredentialStore, athlete: str, now_utc: datetime) -> str:
    """A pass for a browser; raises PersonMustAct for a runner without a password."""
    secret = _secret(vault, athlete)
    if secret is None:
        raise PersonMustAct("settings.no_password", athlete=athlete)
    body = f"{athlete}.{_seconds(now_utc + PASS_LASTS)}"
    return f"{body}.{_seal(secret, body)}"


def holder(vault: CredentialStore, shown: str | None, now_utc: datetime, known: Container[str]) -> str | None:
    """Whose pass it is, one of ``known``; None for one that is forged, over, or from before a new password."""
    athlete, _, rest = (shown or "").partition(".")
    until, _, seal = rest.partition(".")
    if athlete not in known or not UNTIL.fullmatch(until) or int(until) <= _seconds(now_utc):
        return None
    try:
        secret = _secret(vault, athlete)
    except PersonMustAct:
        return None  # the door says what to do about it
    if secret is None or not hmac.compare_digest(_seal(secret, f"{athlete}.{until}").encode(), seal.encode()):
        return None
    return athlete


def mark(vault: CredentialStore, athlete: str) -> str | None:
    """Tells one password, and one time of being signed out everywhere, from the next; None without a password."""
    secret = _secret(vault, athlete)
    return None if secret is None else sha256(str(secret["key"]).encode()).hexdigest()[:32]


def renew_key(vault: CredentialStore, athlete: str) -> None:
    """Every pass and session that rests on the key is over; the password stays."""
    secret = _secret(vault, athlete)
    if secret is not None:
        vault.put(athlete, SECRET, {**secret, "key": os.urandom(32).hex()})


def _secret(vault: CredentialStore, athlete: str) -> dict[str, Any] | None:
    try:
        secret = vault.get(athlete, SECRET)
    except PersonMustAct:
        raise PersonMustAct("settings.password_unreadable", athlete=athlete) from None
    return secret if secret is not None and secret.keys() >= {"salt", "hash", "key", "n", "r", "p"} else None


def _hash(password: str, salt: bytes, cost: dict[str, Any]) -> bytes:
    n, r, p = int(cost["n"]), int(cost["r"]), int(cost["p"])
    return scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=256 * n * r, dklen=32)


def _seal(secret: dict[str, Any], body: str) -> str:
    return hmac.new(bytes.fromhex(secret["key"]), body.encode(), sha256).hexdigest()


def _seconds(at_utc: datetime) -> int:
    return int(at_utc.replace(tzinfo=UTC).timestamp())
