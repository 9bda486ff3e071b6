"""What a service says while an account is linked: told in words of its own, asked once, and nothing kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from rules.text import load_language
from sync.app.daemon.link_calls import tokens_text
from sync.app.demo.fake_service import Answer, FakeService, Seen, as_json
from sync.errors import SpringstepError, TryLater
from sync.service.messages import error_text, render_error
from sync.settings.config import parse
from sync.settings.credentials import CredentialStore
from sync.sources.base import try_later
from sync.sources.linking import AccountLinker, StravaConsent, pasted, told_as_linking

NOW = datetime(2026, 3, 21, 7, 30)
WALL = b"<!doctype html><html>Just a moment"
OAUTH1 = {"oauth_token": "a", "oauth_token_secret": "b", "domain": "garmin.com"}
OAUTH2 = {"access_token": "c", "expires_at": 0}
TOKENS = tokens_text([SecretStr(json.dumps(one)) for one in (OAUTH1, OAUTH2)])
CONSENT = StravaConsent("12345", "a" * 40, "state")
LINK: dict[str, Callable[[AccountLinker], None]] = {
    "garmin": lambda linker: linker.garmin(key="k" * 30),
    "tokens": lambda linker: linker.garmin(tokens=TOKENS),
    "intervals": lambda linker: linker.intervals(key="k" * 20),
    "strava": lambda linker: linker.strava_allowed(
        CONSENT, {"code": "abc", "state": "state", "scope": "activity:read"}
    ),
}
SERVICE = {"garmin": "garmin", "tokens": "garmin", "intervals": "intervals", "strava": "strava"}
ANSWERS = {
    "wrong": as_json({"message": "no"}, 401),
    "limit": Answer(429, b"{}", "application/json", {"Retry-After": "3600"}),
    "limit in odd digits": Answer(429, b"{}", "application/json", {"Retry-After": "\u00b2"}),
    "down": Answer(500, b"oops", "text/plain"),
    "wall": Answer(403, WALL, "text/html"),
    "a page": Answer(200, WALL, "text/html"),
    "nothing": Answer(200, b"", "application/json"),
    "cut": Answer(200, b'{"x":', "application/json"),
    "another shape": Answer(200, b"[1, 2]", "application/json"),
}
REFUSED = {
    "garmin": "garmin.key_refused", "tokens": "garmin.tokens_refused", "intervals": "intervals.key_refused",
    "strava": "strava.code_refused",
}  # fmt: skip
LIMITED = {"garmin": "garmin.login_limit", "tokens": "garmin.login_limit"}


class Service(FakeService):
    answer: Answer

    def respond(self, _seen: Seen) -> Answer:
        return self.answer


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as made:
        yield made


def linker_at(folder: Path, name: str, url: str) -> AccountLinker:
    config = parse(f'[testing]\nredirect_{name} = "{url}"\n')
    vault, language = CredentialStore(folder), load_language("en")
    return AccountLinker(
        vault, config, config.first, lambda: NOW, lambda _key, _secret: "", lambda _key, **_values: None, language.say
    )


@pytest.mark.parametrize("says", ANSWERS)
@pytest.mark.parametrize("source", LINK)
def test_each_answer_is_told_in_words_and_nothing_is_kept(
    source: str, says: str, service: Service, tmp_path: Path
) -> None:
    service.answer = ANSWERS[says]
    with pytest.raises(SpringstepError) as error:
        LINK[source](linker_at(tmp_path, SERVICE[source], service.url))
    code = error.value.code.removeprefix("source.")
    if says == "wrong":
        assert code == REFUSED[source]
    elif says.startswith("limit"):
        assert code == LIMITED.get(source, "busy")
    else:
        assert code in ("trouble", "unreachable")
    for language in ("en", "de"):
        assert "source." not in error_text(error.value, load_language(language))
    assert (len(service.log), list(tmp_path.glob("*.json"))) == (1, [])


@pytest.mark.parametrize("code", ["en", "de", "es"])
@pytest.mark.parametrize("error", [try_later("garmin", status, None, NOW) for status in (None, 429, 500)], ids=str)
def test_a_service_that_is_away_is_one_clear_sentence_while_linking(error: TryLater, code: str) -> None:
    """Not "Nothing is lost. Nothing was linked.", which a sync and a form would say together."""
    with pytest.raises(TryLater) as told, told_as_linking():
        raise error
    says, do = render_error(told.value, load_language(code))
    assert (told.value.exit_code, told.value.not_before_utc) == (error.exit_code, error.not_before_utc)
    assert (says.count("."), do is not None) == (1, True)
    assert {"en": "so nothing was linked", "de": "also wurde nichts verbunden", "es": "no se ha enlazado nada"}[
        code
    ] in says
    assert re.search("lost|verloren|pierde", says) is None


@pytest.mark.parametrize(
    ("link", "code"),
    [
        (lambda linker: linker.strava_consent("\u00b2", "a" * 40, "http://pi/strava-back"), "strava.not_an_app"),
        (lambda linker: linker.strava_allowed(CONSENT, {"code": "c", "state": "\u00e9"}), "strava.state"),
        (lambda linker: linker.strava_allowed(CONSENT, {"code": "c", "state": "other"}), "strava.state"),
        (lambda linker: linker.strava_allowed(CONSENT, {"error": "access_denied", "state": "state"}), "strava.scope"),
        (lambda linker: linker.strava_allowed(CONSENT, pasted("http://[x/?code=1&state=other")), "strava.state"),
        (lambda linker: linker.strava_allowed(CONSENT, {}), "strava.scope"),
        (lambda linker: linker.calendar(address="https://me:word@cal.example/x.ics"), "calendar.with_a_name"),
        (lambda linker: linker.calendar(address="https://cal.example:99999/x.ics"), "calendar.not_https"),
        (lambda linker: linker.calendar(address="https://0x7f000001/x.ics"), "calendar.inside"),
        (lambda linker: linker.calendar(address="https://[::ffff:a9fe:a9fe]/x.ics"), "calendar.inside"),
        (lambda linker: linker.calendar(address="/etc/passwd"), "calendar.not_https"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_asked(
    link: Callable[[AccountLinker], None], code: str, service: Service, tmp_path: Path
) -> None:
    with pytest.raises(SpringstepError) as error:
        link(linker_at(tmp_path, "strava", service.url))
    assert (error.value.code, service.log) == (f"source.{code}", [])


@pytest.mark.parametrize("source", LINK)
def test_a_service_that_asked_to_wait_is_not_asked_again_and_the_runner_is_told_until_when(
    source: str, service: Service, tmp_path: Path
) -> None:
    """Over a restart, too: another linker at the same keys knows it."""
    service.answer = ANSWERS["limit"]
    said = []
    for _ in range(3):
        with pytest.raises(SpringstepError) as error:
            LINK[source](linker_at(tmp_path, SERVICE[source], service.url))
        said.append(error.value)
    later = "2026-03-22 07:30" if SERVICE[source] == "garmin" and LIMITED.get(source) else "2026-03-21 08:30"
    assert [one.code for one in said[1:]] == ["source.link_rests"] * 2
    assert said[2].values["until"] == later
    assert len(service.log) == 1
    with pytest.raises(SpringstepError) as error:
        LINK[source](
            replace(linker_at(tmp_path, SERVICE[source], service.url), clock=lambda: NOW + timedelta(hours=24))
        )
    assert (error.value.code != "source.link_rests", len(service.log)) == (True, 2)
