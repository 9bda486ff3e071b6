"""The config while the daemon runs: an edit of the file is taken over, and the page's changes are written into it."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from sync.app.daemon.job_schedule import Every
from sync.app.daemon.move_addresses import move_addresses
from sync.app.daemon.purge_runner import add_purge_runner
from sync.app.daemon.scheduler import Job, at_once
from sync.errors import PersonMustAct
from sync.service.settings_view import by_page, settings_page
from sync.settings import config_edit, form, household_edit, passwords
from sync.settings.atomic_files import atomic_write
from sync.settings.config import Config, parse
from sync.settings.config_edit import SettingValue
from sync.settings.config_file import ENCODING, read_config, rewrite_versions, versions, write_config
from sync.settings.credentials import CredentialStore
from sync.settings.live_config import LiveConfig
from sync.settings.one_time_codes import CodeBook
from sync.settings.rights import household_refusal
from sync.settings.sessions import SessionBook
from sync.wire.settings import HouseholdAnswer, HouseholdChange, SettingsChange, SettingsPage, SettingsQuestion

if TYPE_CHECKING:
    from sync.app.daemon.app import App

log = structlog.get_logger()
LOOK_EVERY = timedelta(seconds=2)


class SettingsKeeper:
    """``live`` is the file as the daemon sees it; any thread may call anything."""

    def __init__(self, app: App, live: LiveConfig) -> None:
        self._app = app
        self._live = live
        self._started = live.from_file
        self._kept_from: Config | None = None
        """The settings in which no private address stands any more, or must stay."""
        self._lock = threading.RLock()

    def look(self) -> None:
        """Takes a valid edit of the file over; of an invalid one the mistakes are kept for the page and the log."""
        with self._lock:
            before, mistakes = self._app.config, self._live.mistakes
            config = self._live.look()
            if not self._live.mistakes and self._live.from_file is not self._kept_from:
                if move_addresses(self._live.path, self._app.home, self._live.from_file, self._app.now):
                    config = self._live.look()
                self._kept_from = self._live.from_file
                self._live.keep()
            if self._live.mistakes != mistakes:
                if self._live.mistakes:
                    log.error("settings.invalid", mistakes=list(self._live.mistakes))
                self._app.changed()
            if config == before:
                return
            config = self._zones_kept(before, config)
            self._app.use(config)
            log.info("settings.changed", restart=list(form.needs_restart(self._started, self._live.from_file)))

    def page(self, question: SettingsQuestion) -> SettingsPage:
        self.look()
        config = self._app.config
        return settings_page(
            self._live.path,
            self._app.home,
            config,
            config.athlete(question.athlete),
            mistakes=self._live.mistakes,
            restart=form.needs_restart(self._started, self._live.from_file),
        )

    def change(self, change: SettingsChange) -> SettingsPage:
        """Writes one setting. Raises PersonMustAct when the file changed since it was read, is invalid, or fixed."""
        with self._lock:
            self.look()
            if self._live.mistakes:
                raise PersonMustAct("settings.config_invalid")
            config = self._app.config
            athlete = config.athlete(change.athlete)
            found = read_config(self._live.path)
            text = form.changed_text(found.text, config, athlete, change.name, change.value, self._app.now())
            write_config(self._live.path, text, read=change.digest)
            self._note(form.place_of(athlete, change.name), change.value)
            log.info("settings.written", name=change.name)
            return self.page(SettingsQuestion(athlete=athlete.id))

    def protect(self, question: SettingsQuestion) -> SettingsPage:
        """From now on everyone signs in. Raises PersonMustAct while the administrator has no password to do it with."""
        with self._lock:
            self.look()
            if self._live.mistakes:
                raise PersonMustAct("settings.config_invalid")
            config = self._app.config
            if not passwords.is_set(self._vault(), config.first.id):
                raise PersonMustAct("settings.no_password", athlete=config.first.id)
            found = read_config(self._live.path)
            text = config_edit.edited(found.text, "dashboard", {"passwords": True})
            parse(text)
            write_config(self._live.path, text, read=found.digest)
            log.info("settings.protected")
            return self.page(question)

    def household(self, change: HouseholdChange) -> HouseholdAnswer:
        """Writes who lives here. Raises PersonMustAct like `change`, and where an administrator does not ask.

        Whoever is removed is signed out everywhere, and no link lets them in; what is theirs stays.
        """
        with self._lock:
            self.look()
            if self._live.mistakes:
                raise PersonMustAct("settings.config_invalid")
            config, found = self._app.config, read_config(self._live.path)
            if household_refusal(config, config.athlete(change.athlete)) is not None:
                raise PersonMustAct("settings.not_an_administrator")
            athlete = change.name
            match change.act:
                case "add":
                    text, athlete = household_edit.with_runner(found.text, config, change.name)
                case "remove":
                    text = household_edit.removed(found.text, config, athlete)
                case "bring_back":
                    text = household_edit.brought_back(found.text, athlete)
            write_config(self._live.path, text, read=found.digest)
            self.look()
            if change.act == "remove":
                CodeBook.of(self._app.home).drop(athlete)
                SessionBook.of(self._vault()).shut_out(athlete)
            log.info("settings.household", act=change.act, athlete=athlete)
            return HouseholdAnswer(athlete=athlete)

    def forget_runner(self, athlete: str) -> bool:
        """Takes every word of a runner out of the file, of its earlier versions and of what the page noted.

        False where the file may not be written, or is invalid.
        """
        with self._lock:
            noted = by_page(self._app.home.settings_note)
            kept = {place: value for place, value in noted.items() if not place.startswith(f"{athlete}.")}
            if kept != noted:
                atomic_write(self._app.home.settings_note, json.dumps(kept, sort_keys=True).encode())
            path = self._live.path
            try:
                found = read_config(path)
                text = household_edit.without_runner(found.text, athlete)
                if text != found.text:
                    write_config(path, text, read=found.digest, keep_version=False)
                before = {one: one.read_text(ENCODING) for one in versions(path)}
                after = {one: household_edit.without_runner(text, athlete) for one, text in before.items()}
                rewrite_versions(path, {one: text for one, text in after.items() if text != before[one]})
            except (OSError, ValueError, PersonMustAct) as error:
                log.warning("settings.runner_stays", error=type(error).__name__)
                return False
            self.look()
            return True

    def _vault(self) -> CredentialStore:
        return CredentialStore(self._app.home.secrets, self._app.config.secrets.keep_in)

    def _zones_kept(self, before: Config, after: Config) -> Config:
        """A zone that was changed in the file by hand moves no past day either."""
        moved = [
            (was, now)
            for now in after.athletes
            for was in before.athletes
            if was.id == now.id and was.time_zone != now.time_zone and was.zones_before == now.zones_before
        ]
        if not moved:
            return after
        try:
            found = read_config(self._live.path)
            text = found.text
            for was, now in moved:
                other = None if now.id == after.first.id else now.id
                kept = form.zone_kept(was, self._app.now())
                text = config_edit.edited(text, config_edit.FIRST, kept, athlete=other)
            parse(text)
            write_config(self._live.path, text, read=found.digest)
        except PersonMustAct as error:
            log.warning("settings.zone_not_noted", error=str(error))
            return after
        return self._live.look()

    def _note(self, place: str, value: SettingValue) -> None:
        noted = by_page(self._app.home.settings_note) | {place: value}
        atomic_write(self._app.home.settings_note, json.dumps(noted, sort_keys=True).encode())


def keep_settings(app: App, live: LiveConfig) -> Job:
    """The calls that the page makes, and the job that looks at the file."""
    keeper = SettingsKeeper(app, live)
    if live.mistakes:
        log.error("settings.invalid", mistakes=list(live.mistakes))
    add_purge_runner(app, keeper)
    app.calls["settings"] = (SettingsQuestion, keeper.page)
    app.calls["set"] = (SettingsChange, keeper.change)
    app.calls["protect"] = (SettingsQuestion, keeper.protect)
    app.calls["household"] = (HouseholdChange, keeper.household)
    return Job("settings", Every(LOOK_EVERY), at_once(keeper.look))
