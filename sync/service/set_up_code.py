"""The code for the first browser: made by whoever serves the page, printed there with the address and a QR code."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import segno

from rules.text import Language
from sync.settings.config import Config
from sync.settings.credentials import CredentialStore
from sync.settings.listening import PLACEHOLDER
from sync.settings.one_time_codes import CodeBook
from sync.settings.paths import DataDir
from sync.settings.set_up import set_up_due

PASSWORD_STORED_WITHIN = timedelta(seconds=3)
"""Between a code that was used and its password: no new one is said meanwhile."""


def vault(config: Config, home: DataDir) -> CredentialStore:
    return CredentialStore(home.secrets, config.secrets.keep_in)


def new_code_text(
    config: Config, home: DataDir, now_utc: datetime, language: Language, urls: tuple[str, ...]
) -> str | None:
    """A new code with where to type it, for a terminal; None where no browser is waited for. The one before is void."""
    if not set_up_due(config, vault(config, home)):
        return None
    code = CodeBook.of(home).make("set-up", config.first.id, now_utc)
    lines = [language.say("cli.set_up.open", url=f"{urls[0]}set-up"), language.say("cli.set_up.code", code=code)]
    if PLACEHOLDER not in urls[0]:
        lines += [language.say("cli.set_up.scan"), qr_text(f"{urls[0]}set-up#{code}")]
    lines += [language.say("cli.set_up.also", url=url) for url in urls[1:]]
    return "\n".join([*lines, language.say("cli.set_up.lasts")])


def qr_text(content: str) -> str:
    """For a terminal, dark or light: two rows of the code in a line of half blocks."""
    out = io.StringIO()
    segno.make(content, error="l", micro=False).terminal(out, compact=True)
    return out.getvalue().rstrip("\n")


@dataclass(slots=True)
class SetUpNotice:
    """Says a code at the start, and a new one when that one is over or was guessed at ten times."""

    settings: Callable[[], Config]
    home: DataDir
    now: Callable[[], datetime]
    text: Callable[[datetime], str | None]
    say: Callable[[str], None]
    over_since_utc: datetime | None = None

    def begin(self) -> None:
        """Each start has a code of its own."""
        if (said := self.text(self.now())) is not None:
            self.say(said)

    def look_after(self) -> None:
        """Call it now and then."""
        config, now_utc = self.settings(), self.now()
        counts = CodeBook.of(self.home).counts("set-up", config.first.id, now_utc)
        if counts or not set_up_due(config, vault(config, self.home)):
            self.over_since_utc = None
        elif self.over_since_utc is None:
            self.over_since_utc = now_utc
        elif now_utc - self.over_since_utc >= PASSWORD_STORED_WITHIN:
            self.over_since_utc = None
            self.begin()
