"""The config file as bytes on a disk: read with its hash, written whole, with earlier versions kept beside it.

The daemon alone writes it. What a person wrote meanwhile is never overwritten: the file must still have the hash that
was read. A link stays a link, and the file keeps its mode and its owner.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sync.errors import PersonMustAct
from sync.settings.atomic_files import atomic_write, sync_folder

VERSIONS_KEPT = 5
NEW_FILE_MODE = 0o600
ENCODING = "utf-8-sig"
"""Some editors put a mark before the first letter, which is no part of the text."""
WINDOWS_END = "\r\n"


@dataclass(frozen=True, slots=True)
class ConfigText:
    """What the file holds; ``digest`` is that of no bytes where there is no file."""

    text: str
    digest: str


def read_config(path: Path) -> ConfigText:
    """Raises OSError, or UnicodeDecodeError for what is no text."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        content = b""
    return ConfigText(content.decode(ENCODING), sha256(content).hexdigest())


def is_writable(path: Path) -> bool:
    """Whether the file may be replaced. One that nobody may write counts as fixed, for the administrator too."""
    target = path.resolve()
    folder = target.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return True
    return bool(mode & 0o222) and os.access(target, os.W_OK)


def write_config(path: Path, text: str, *, read: str, keep_version: bool = True) -> ConfigText:
    """Replaces the file if its digest is still ``read``; the text before becomes version 1 of five beside it.

    ``keep_version`` is False where the text before held a secret. Raises PersonMustAct when the file was changed
    meanwhile, or may not be written.
    """
    if not is_writable(path):
        raise PersonMustAct("settings.config_fixed", path=path)
    target = path.resolve()
    try:
        found = read_config(target)
        if found.digest != read:
            raise PersonMustAct("settings.config_changed", path=path)
        text = with_line_ends_of(found.text, text)
        if target.exists():
            if keep_version:
                _keep_version(target)
            _replace(target, text.encode())
        else:
            atomic_write(target, text.encode(), mode=NEW_FILE_MODE)
    except OSError as error:
        raise PersonMustAct("settings.config_unwritable", path=path, reason=error.strerror) from None
    return read_config(target)


def with_line_ends_of(before: str, text: str) -> str:
    """``text`` with the line ends of a file that has Windows' own throughout."""
    ends = before.count(WINDOWS_END)
    if not ends or ends != before.count("\n"):
        return text
    return text.replace(WINDOWS_END, "\n").replace("\n", WINDOWS_END)


def versions(path: Path) -> list[Path]:
    """The texts before, newest first."""
    target = path.resolve()
    return [found for number in range(1, VERSIONS_KEPT + 1) if (found := _version(target, number)).exists()]


def rewrite_versions(path: Path, changed: dict[Path, str]) -> None:
    """Puts another text into some of them, for a secret that must not lie there."""
    for version, text in changed.items():
        atomic_write(version, text.encode(), mode=stat.S_IMODE(version.stat().st_mode))
    if changed:
        sync_folder(path.resolve().parent)


def _version(target: Path, number: int) -> Path:
    return target.with_name(f"{target.name}.{number}")


def _keep_version(target: Path) -> None:
    for number in range(VERSIONS_KEPT - 1, 0, -1):
        if _version(target, number).exists():
            _version(target, number).replace(_version(target, number + 1))
    atomic_write(_version(target, 1), target.read_bytes(), mode=stat.S_IMODE(target.stat().st_mode))


def _replace(target: Path, content: bytes) -> None:
    """The new text under the old mode and owner. A file that is mounted by itself, or whose owner cannot be kept,
    is written in place: another file could not take its name."""
    before = target.stat()
    if (before.st_uid, before.st_gid) == (os.geteuid(), os.getegid()) or os.geteuid() == 0:
        temp = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            atomic_write(temp, content, mode=0o600)
            os.chown(temp, before.st_uid, before.st_gid)
            temp.chmod(stat.S_IMODE(before.st_mode))
            temp.replace(target)
            sync_folder(target.parent)
            return
        except OSError as error:
            if error.errno not in (errno.EBUSY, errno.EPERM, errno.EXDEV):
                raise
        finally:
            temp.unlink(missing_ok=True)
    with target.open("r+b") as out:
        out.write(content)
        out.truncate()
        out.flush()
        os.fsync(out.fileno())
