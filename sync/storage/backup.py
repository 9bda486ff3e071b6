"""Backups: a nightly copy of the store in the home, and one file with everything that was taken in and typed.

Secrets are in neither: they are made again with ``springstep link``. Copies of other kinds, from before a restore or a
change of the store's form, go with the rotation, once as many nightly ones are newer as are kept: what must not be kept
for good must leave them too.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import tarfile
import tomllib
from datetime import datetime
from pathlib import Path

import structlog

from sync.errors import PersonMustAct
from sync.settings.atomic_files import sync_folder
from sync.settings.config_edit import without_addresses
from sync.settings.config_file import ENCODING
from sync.settings.paths import DataDir
from sync.storage.database import Store
from sync.storage.holdings import holdings, lacking

log = structlog.get_logger()

NIGHTLY = re.compile(r"springstep-\d{4}-\d\d-\d\d\.duckdb")
ASIDE = re.compile(r"(replaced-\d+|springstep-before-\d+)\.duckdb(\.wal)?")
MAGIC = slice(8, 12), b"DUCK"
"""Where a database file says what it is."""
DATABASE = "springstep.duckdb"
ORIGINALS = "originals"
CONFIG = "config.toml"
SETTINGS = "settings.json"
"""Which settings the page wrote."""


def nightly(store: Store, folder: Path, now_utc: datetime, *, kept: int) -> Path | None:
    """Today's copy, opened once to see that it is sound; only the ``kept`` newest stay. None when ``kept`` is 0.

    With them go the copies made before something was changed, as soon as ``kept`` nightly ones are newer. A copy stays
    while the newest lacks much of what it holds.
    """
    made = None
    if kept > 0:
        made = folder / f"springstep-{now_utc:%Y-%m-%d}.duckdb"
        if not made.exists():
            copy(store, made)
    copies = sorted(path for path in folder.glob("springstep-*.duckdb") if NIGHTLY.fullmatch(path.name))
    for old in copies[: max(0, len(copies) - kept)]:
        if kept == 0 or not _holds_more(old, copies[-1]):
            old.unlink()
    if kept > 0 and len(copies) >= kept:
        oldest_s = copies[-kept].stat().st_mtime
        for aside in folder.iterdir():
            if ASIDE.fullmatch(aside.name) and aside.stat().st_mtime < oldest_s and not _holds_more(aside, copies[-1]):
                aside.unlink()
    return made


def _holds_more(old: Path, newest: Path) -> bool:
    """Whether ``old`` must stay beside ``newest``; one that cannot be read holds nothing to keep it for."""
    before, now = holdings(old), holdings(newest)
    short = [] if before is None or now is None else lacking(before, now)
    if short:
        log.warning("store.copy_kept", copy=old.name, newest=newest.name, lacking=short)
    return bool(short)


def copy(store: Store, to: Path) -> None:
    """A whole copy of ``store``, opened once. Raises PersonMustAct when it cannot be made."""
    store.copy(to)
    Store.open(to, read_only=True).close()


def _add_config(archive: tarfile.TarFile, home: DataDir) -> None:
    """The config without private calendar addresses: they are keys, and keys are in no backup."""
    text = home.config.read_bytes().decode("utf-8", "replace")
    content = without_addresses(text).encode()
    entry = archive.gettarinfo(home.config, CONFIG)
    entry.size, entry.type = len(content), tarfile.REGTYPE
    archive.addfile(entry, io.BytesIO(content))


def pack(store: Store, home: DataDir, to: Path) -> None:
    """Everything but secrets and logs into the one tar file ``to``."""
    part = to.with_name(f".{to.name}.part")
    database = home.backups / ".packing.duckdb"
    copy(store, database)
    try:
        with tarfile.open(part, "w") as archive:
            archive.add(database, DATABASE)
            if home.config.exists():
                _add_config(archive, home)
            if home.settings_note.exists():
                archive.add(home.settings_note, SETTINGS)
            if home.originals.exists():
                archive.add(home.originals, ORIGINALS)
        part.chmod(0o600)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(to)
        sync_folder(to.parent)
    finally:
        database.unlink(missing_ok=True)
        part.unlink(missing_ok=True)


def unpack(file: Path, home: DataDir) -> Path | None:
    """Bring back what `pack` or `nightly` made; nobody may have the store open. Gives where the old store lies now.

    Raises PersonMustAct, before anything is changed, for a file that is no backup or from a newer springstep.
    """
    home.make()
    fresh = home.backups / ".unpacking"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    try:
        _extract(file, fresh)
        Store.open(fresh / DATABASE).close()
        aside = _set_aside(home)
        (fresh / DATABASE).replace(home.database)
        for original in (fresh / ORIGINALS).glob("*/*/*"):
            to = home.originals / original.relative_to(fresh / ORIGINALS)
            to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            original.replace(to)
        if (fresh / CONFIG).exists() and _says_nothing(home.config):
            (fresh / CONFIG).replace(home.config)
        if (fresh / SETTINGS).exists() and not home.settings_note.exists():
            (fresh / SETTINGS).replace(home.settings_note)
        sync_folder(home.root)
        return aside
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _says_nothing(config: Path) -> bool:
    """Whether there is no config, or only the comments that a first start writes."""
    try:
        return not tomllib.loads(config.read_text(ENCODING))
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False


def start_empty(home: DataDir) -> Path | None:
    """A new store, whatever else lies there; nobody may have it open. Gives where the old one lies now, if any does."""
    home.make()
    aside = _set_aside(home)
    Store.open(home.database, backups=home.backups).close()
    sync_folder(home.root)
    return aside


def _extract(file: Path, to: Path) -> None:
    try:
        if not tarfile.is_tarfile(file):
            if _is_database(file):
                shutil.copyfile(file, to / DATABASE)
                return
            raise PersonMustAct("storage.no_backup", path=file)
        with tarfile.open(file) as archive:
            for member in archive.getmembers():
                safe = member.isfile() and not member.name.startswith("/") and ".." not in Path(member.name).parts
                ours = member.name in (DATABASE, CONFIG, SETTINGS) or member.name.startswith(f"{ORIGINALS}/")
                if safe and ours:
                    archive.extract(member, to, set_attrs=False)
    except (OSError, tarfile.TarError) as error:
        raise PersonMustAct("storage.backup_unreadable", path=file, reason=error) from None
    if not (to / DATABASE).exists() or not _is_database(to / DATABASE):
        raise PersonMustAct("storage.no_backup", path=file)


def _is_database(file: Path) -> bool:
    place, word = MAGIC
    with file.open("rb") as opened:
        return opened.read(place.stop)[place] == word


def _set_aside(home: DataDir) -> Path | None:
    """The store and its journal into the backups: a journal of another file must never be read into the next one."""
    number = 1
    while any((home.backups / f"replaced-{number}.duckdb{end}").exists() for end in ("", ".wal")):
        number += 1
    aside = home.backups / f"replaced-{number}.duckdb"
    moved = None
    for found, to in ((home.database, aside), (home.journal, aside.with_name(aside.name + ".wal"))):
        if found.exists():
            os.utime(found)
            found.replace(to)
            moved = moved or to
    # What the next store holds is what the runner chose: nothing of it is missing.
    home.typed_note.unlink(missing_ok=True)
    return moved
