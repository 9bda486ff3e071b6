"""``springstep purge --runner NAME``: everything of a runner who was removed goes, from every file of the home.

The config names them to the end, so that what broke off can be asked for again.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import structlog

from sync.errors import PersonMustAct
from sync.runs.ground_map import map_file
from sync.runs.ground_map.tiles import around_runs
from sync.runs.retention import wipe
from sync.service import outbox
from sync.settings import passwords
from sync.settings.atomic_files import sync_folder
from sync.settings.credentials import CredentialStore
from sync.settings.household_edit import whom_to_purge
from sync.settings.one_time_codes import CodeBook
from sync.settings.sessions import SessionBook
from sync.sources import calendars
from sync.sources.names import NAMES
from sync.storage.remove_athlete import athletes_in, remove_athlete, remove_from_copy
from sync.wire.tasks import PurgeRunnerRequest, PurgeRunnerResult

if TYPE_CHECKING:
    from sync.app.daemon.app import App
    from sync.app.daemon.tasks import TaskProgress

log = structlog.get_logger()
TASK = "purge-runner"
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class NamesRunners(Protocol):
    """Whoever may write the config."""

    def forget_runner(self, athlete: str) -> bool: ...


def add_purge_runner(app: App, keeper: NamesRunners) -> None:
    """It runs among the long tasks, so that nothing of that runner's is fetched or read meanwhile."""

    def carry_out(request: PurgeRunnerRequest, progress: TaskProgress) -> PurgeRunnerResult:
        athlete = whom_to_purge(app.config, request.runner, known_to(app))
        result = purge_runner(app, athlete, progress)
        named = not keeper.forget_runner(athlete)
        app.changed()
        log.info("runner.purged", rows=result.rows, left=result.left, named=named)
        return result.model_copy(update={"named": named})

    app.task_kinds[TASK] = (PurgeRunnerRequest, carry_out)


def known_to(app: App) -> frozenset[str]:
    """Ids of all whom anything in the home belongs to."""
    folders = (app.home.originals, app.home.inbox("x").parent)
    named = (path.name for folder in folders if folder.is_dir() for path in folder.iterdir() if path.is_dir())
    return athletes_in(app.store) | {name for name in named if ID.fullmatch(name)}


def purge_runner(app: App, athlete: str, progress: Callable[[int, int | None], None]) -> PurgeRunnerResult:
    """Keys first, so that nothing comes in meanwhile; the copies of the store last, which take longest."""
    home, left = app.home, []
    _forget_keys(CredentialStore(home.secrets, app.config.secrets.keep_in), athlete)
    CodeBook.of(home).drop(athlete)
    _clear_outbox(home.outbox, athlete)
    home.compact_note.touch(mode=0o600)
    rows = remove_athlete(app.store, athlete)
    app.note_typed()
    originals = sum(path.is_file() for path in (home.originals / athlete).rglob("*"))
    for folder in (home.originals / athlete, home.inbox(athlete)):
        if folder.exists():
            shutil.rmtree(folder)
            sync_folder(folder.parent)
    _cut_map(app, progress)
    if not wipe(app.store, home):
        left.append(home.database.name)
    copies = _copies(home.backups)
    for number, copy in enumerate(copies):
        progress(number, len(copies))
        try:
            remove_from_copy(copy, athlete)
        except PersonMustAct as error:
            log.warning("runner.copy_kept", copy=copy.name, error=str(error))
            left.append(f"{home.backups.name}/{copy.name}")
    left += sorted(path.name for path in home.root.glob(f"{home.journal.name}.damaged-*"))
    return PurgeRunnerResult(athlete=athlete, rows=rows, originals=originals, left=left)


def _forget_keys(vault: CredentialStore, athlete: str) -> None:
    SessionBook.of(vault).shut_out(athlete)
    for name in (*NAMES, calendars.NAME, passwords.SECRET):
        vault.remove(athlete, name)
    for path in vault.folder.glob(f"{athlete}.*"):
        path.unlink(missing_ok=True)


def _clear_outbox(folder: Path, athlete: str) -> None:
    """What waits, and what was set aside because it could not be done."""
    for path in (*folder.glob("*.json*"), *(folder / outbox.BROKEN).glob("*")):
        try:
            theirs = json.loads(path.read_bytes()).get("athlete") == athlete
        except (OSError, ValueError, AttributeError):
            continue
        if theirs:
            path.unlink(missing_ok=True)


def _cut_map(app: App, progress: Callable[[int, int | None], None]) -> None:
    """The map shows where everyone runs: what only this runner's runs had brought onto it goes."""
    ground = map_file.load(app.home.map)
    if ground is None:
        return
    cut = around_runs(app.store, ground)
    if cut is None:
        map_file.remove(app.home.map)
    elif len(cut.stretches) + len(cut.corners) < len(ground.stretches) + len(ground.corners):
        map_file.keep(app.home.map, cut)
        for one in app.config.athletes:
            app.engine.label_by_map(one.id, progress=progress)


def _copies(folder: Path) -> list[Path]:
    """Copies of the store, newest first; what a copying that broke off left behind is taken away."""
    for path in folder.glob(".*"):
        if path.is_file():
            path.unlink()
    return sorted(folder.glob("[!.]*.duckdb"), reverse=True)
