"""Where keys and tokens lie: files only the owner can read (0600 in a 0700 folder), or the desktop's keyring.

A systemd credential named ``springstep-garmin`` (or ``-strava``, ``-intervals``) is read when nothing was linked by
hand; systemd gives it to the daemon alone. What a service renews is kept beside it, without the credential itself, and
a new credential makes it void.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import structlog

from sync.errors import PersonMustAct
from sync.settings.atomic_files import atomic_write, sync_folder

log = structlog.get_logger()

SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*\.[a-z0-9][a-z0-9_-]*")
KEYRING_SERVICE = "springstep"
GIVEN = "given"
"""Key of what was renewed for a systemd credential; its value tells for which one."""
CredentialPlace = Literal["files", "keyring"]


@dataclass(frozen=True, slots=True)
class CredentialStore:
    """``get``, ``put`` and ``remove`` by athlete and source; values are JSON objects, never logged."""

    folder: Path
    place: CredentialPlace = "files"

    def get(self, athlete: str, source: str) -> dict[str, Any] | None:
        """What was linked, else a systemd credential, else None. Raises PersonMustAct when it cannot be read."""
        stored, given = self._stored(athlete, source), _from_systemd(source)
        if stored is not None and GIVEN not in stored:
            return stored
        if given is None:
            return None
        mark = _mark(given)
        renewed = stored if stored is not None and stored[GIVEN] == mark else {}
        return {**given, **renewed, GIVEN: mark}

    def put(self, athlete: str, source: str, value: Mapping[str, Any]) -> None:
        """Durable when it returns: a token that a service has rotated exists nowhere else."""
        given = (_from_systemd(source) or {}) if GIVEN in value else {}
        own = {key: one for key, one in value.items() if key not in given or given[key] != one}
        name, text = _name(athlete, source), json.dumps(own, sort_keys=True)
        if self.place == "keyring":
            with _keyring() as keyring:
                keyring.set_password(KEYRING_SERVICE, name, text)
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.chmod(0o700)
        atomic_write(self._path(name), text.encode(), mode=0o600)

    def remove(self, athlete: str, source: str) -> None:
        name = _name(athlete, source)
        if self.place == "keyring":
            with _keyring() as keyring:
                if keyring.get_password(KEYRING_SERVICE, name) is not None:
                    keyring.delete_password(KEYRING_SERVICE, name)
            return
        path = self._path(name)
        if path.exists():
            path.unlink()
            sync_folder(self.folder)

    def stamp(self, sources: Collection[str]) -> frozenset[tuple[str, int, int]]:
        """Changes whenever a file of one of these sources does, whoever wrote it; a keyring tells nothing."""
        found = set()
        for path in self.folder.glob("*.json"):
            if path.stem.rpartition(".")[2] in sources:
                with suppress(OSError):
                    now = path.stat()
                    found.add((path.name, now.st_mtime_ns, now.st_ino))
        return frozenset(found)

    def _stored(self, athlete: str, source: str) -> dict[str, Any] | None:
        name = _name(athlete, source)
        text = self._from_keyring(name) if self.place == "keyring" else self._from_file(name)
        if text is None:
            return None
        try:
            value = json.loads(text)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise PersonMustAct("settings.credentials_damaged", source=source, name=source)
        return value

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _from_file(self, name: str) -> str | None:
        path = self._path(name)
        if not path.exists():
            return None
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            log.warning("secret.tightened", name=name)
            path.chmod(0o600)
        return path.read_text(encoding="utf-8")

    def _from_keyring(self, name: str) -> str | None:
        with _keyring() as keyring:
            found = keyring.get_password(KEYRING_SERVICE, name)
        return None if found is None else str(found)


def fingerprint(credential: Mapping[str, Any]) -> str:
    """Tells one link from the next without telling anything of it."""
    lasting = {name: credential.get(name) for name in ("linked_utc", "api_key", "client_id")}
    return sha256(json.dumps(lasting, sort_keys=True, default=str).encode()).hexdigest()[:12]


def _mark(given: Mapping[str, Any]) -> str:
    return sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()[:12]


def _name(athlete: str, source: str) -> str:
    name = f"{athlete}.{source}"
    if not SAFE_NAME.fullmatch(name):
        raise PersonMustAct("settings.unsafe_athlete_id", athlete=athlete)
    return name


def _from_systemd(source: str) -> dict[str, Any] | None:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return None
    path = Path(folder) / f"springstep-{source}"
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8").strip()
    try:
        value = json.loads(text)
    except ValueError:
        return {"api_key": text, "linked_utc": None}
    return value if isinstance(value, dict) else {"api_key": text, "linked_utc": None}


@contextmanager
def _keyring() -> Iterator[Any]:
    """The desktop's keyring; that it is locked or absent is for the person to change."""
    try:
        import keyring
        import keyring.errors
    except ImportError as missing:
        raise PersonMustAct("settings.no_keyring") from missing
    try:
        yield keyring
    except keyring.errors.KeyringError as error:
        # Its own words may name what was to be kept.
        raise PersonMustAct("settings.keyring_fails", reason=type(error).__name__) from None
