"""Linking from the page: the daemon asks the service, keeps the key in the vault alone, and answers in words."""

from __future__ import annotations

import base64
import json
import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import SecretStr

from rules.text import load_language
from sync.errors import PersonMustAct
from sync.service.messages import NAMES_IN_ERRORS, in_words
from sync.settings.credentials import GIVEN, CredentialStore
from sync.sources.base import person_must_act
from sync.sources.calendars import drop_calendar, linked_calendars
from sync.sources.linking import AccountLinker, StravaConsent, pasted, told_as_linking
from sync.sources.names import NAMES
from sync.wire.sources import (
    CalendarLine,
    LinkAnswer,
    LinkLine,
    LinkRequest,
    LinksPage,
    LinksQuestion,
    UnlinkRequest,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sync.app.daemon.app import App
    from sync.settings.config import Athlete

CONSENT_WAITS = timedelta(minutes=15)
LARGEST_TOKEN_FILE = 16 * 1024


class LinkDesk:
    """A consent that was begun lies in memory only, for a quarter of an hour; a restart forgets it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._consents: dict[str, tuple[datetime, StravaConsent]] = {}
        self._lock = threading.Lock()

    def link(self, request: LinkRequest) -> LinkAnswer:
        """Raises PersonMustAct or TryLater with why nothing was linked."""
        athlete = self._app.config.athlete(request.athlete)
        says: list[str] = []
        linker = self._linker(athlete, says)
        with told_as_linking():
            go_to = self._ask(request, linker, athlete)
        if go_to is None:
            self._app.changed()
        return LinkAnswer(says=says, go_to=go_to)

    def _ask(self, request: LinkRequest, linker: AccountLinker, athlete: Athlete) -> str | None:
        """Links the account. For Strava's first step, where the browser must go instead."""
        match request.source:
            case "garmin" if request.token_files:
                linker.garmin(tokens=tokens_text(request.token_files))
            case "garmin":
                linker.garmin(key=_plain(request.key))
            case "intervals":
                linker.intervals(key=_plain(request.key))
            case "calendar":
                linker.calendar(address=_plain(request.address))
                self.calendars_changed(athlete)
            case "strava" if request.answer is not None:
                linker.strava_allowed(self._consent(athlete), pasted(_plain(request.answer)))
                self._consents.pop(athlete.id, None)
            case "strava":
                consent, go_to = linker.strava_consent(
                    request.client_id, _plain(request.client_secret), request.back_to
                )
                with self._lock:
                    self._consents[athlete.id] = self._app.now(), consent
                return go_to
        return None

    def unlink(self, request: UnlinkRequest) -> LinkAnswer:
        athlete = self._app.config.athlete(request.athlete)
        vault = self._vault()
        if request.source == "calendar":
            if not drop_calendar(vault, athlete.id, request.calendar_id or ""):
                raise person_must_act("calendar.not_linked")
            self.calendars_changed(athlete)
        else:
            vault.remove(athlete.id, request.source)
            if vault.get(athlete.id, request.source) is not None:
                raise PersonMustAct("source.given", why="given", name=request.source)
        self._app.changed()
        language = load_language(athlete.language)
        name = language.say(f"source.name.{request.source}")
        return LinkAnswer(says=[language.say("link.unlinked", source=name)])

    def links(self, question: LinksQuestion) -> LinksPage:
        athlete, vault = self._app.config.athlete(question.athlete), self._vault()
        found = [(name, vault.get(athlete.id, name)) for name in NAMES]
        return LinksPage(
            links=[
                LinkLine.model_validate({"source": name, "kind": _kind(one)}) for name, one in found if one is not None
            ],
            calendars=[
                CalendarLine(calendar_id=one.calendar_id, host=one.host) for one in linked_calendars(vault, athlete.id)
            ],
        )  # fmt: skip

    def calendars_changed(self, athlete: Athlete) -> None:
        """The feeds are read again at once; without any, what they had planned goes."""
        from sync.app.daemon.calendar_jobs import forget_calendar_state

        forget_calendar_state(self._app, athlete)

    def _vault(self) -> CredentialStore:
        return CredentialStore(self._app.home.secrets, self._app.config.secrets.keep_in)

    def _consent(self, athlete: Athlete) -> StravaConsent:
        with self._lock:
            begun = self._consents.get(athlete.id)
        if begun is None or self._app.now() - begun[0] > CONSENT_WAITS:
            raise person_must_act("strava.state")
        return begun[1]

    def _linker(self, athlete: Athlete, says: list[str]) -> AccountLinker:
        language = load_language(athlete.language)

        def tell(key: str, **values: object) -> None:
            says.append(language.say(key, **in_words(values, language, NAMES_IN_ERRORS)))

        return AccountLinker(
            self._vault(), self._app.config, athlete, self._app.now, _nobody_to_ask, tell, language.say
        )


def _nobody_to_ask(key: str, _secret: bool) -> str:
    raise PersonMustAct("cli.nothing_typed", key=key)


def _plain(secret: SecretStr | None) -> str:
    """What was typed; a form left empty is refused like a wrong key."""
    return "" if secret is None else secret.get_secret_value().strip()


def tokens_text(files: list[SecretStr]) -> str:
    """The two files of a garth folder as the text that GARTH_TOKEN holds: never a path. Raises PersonMustAct."""
    try:
        found = [
            json.loads(one.get_secret_value()) for one in files if len(one.get_secret_value()) < LARGEST_TOKEN_FILE
        ]
        first = next(one for one in found if "oauth_token_secret" in one)
        second = next(one for one in found if "access_token" in one)
    except (ValueError, TypeError, StopIteration):
        raise person_must_act("garmin.not_tokens") from None
    return base64.b64encode(json.dumps([first, second]).encode()).decode()


def _kind(credential: Mapping[str, Any]) -> str:
    if GIVEN in credential:
        return "given"
    if "client_id" in credential:
        return "app"
    return "tokens" if "oauth1" in credential else "key"


def add_link_calls(app: App) -> None:
    desk = LinkDesk(app)
    app.calls["link"] = (LinkRequest, desk.link)
    app.calls["unlink"] = (UnlinkRequest, desk.unlink)
    app.calls["links"] = (LinksQuestion, desk.links)
