"""Linking as a person does it: from a shell and, for Strava, with a browser; nothing refused is kept."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from rules.text import load_language
from sync.app.cli.command import now_utc
from sync.app.demo.fake_garmin import KEY, FakeGarmin
from sync.errors import PersonMustAct
from sync.settings.config import from_tree
from sync.settings.config import load_config as load_config
from sync.settings.credentials import CredentialStore
from sync.sources.adapters.garmin import EXCHANGE
from sync.sources.adapters.garmin_tokens import saved_tokens
from sync.sources.linking import AccountLinker, pasted
from sync.sources.redirect import on_this_machine
from tests.fakes.__main__ import PORTS, furnish
from tests.fakes.strava import CLIENT_ID, CLIENT_SECRET, FakeStrava
from tests.linked_home import short_run

EN = load_language("en")


class Desk:
    """A person at a terminal: answers by what is asked, and reads what is told."""

    def __init__(self, root: Path, redirects: dict[str, str], *answers: str) -> None:
        self.told: list[str] = []
        self.answers = list(answers)
        self.hidden: list[bool] = []
        self.browse: Callable[[str], None] | None = None
        self.vault = CredentialStore(root / "secrets")
        config = from_tree({"testing": redirects})
        self.linker = AccountLinker(self.vault, config, config.athlete(), now_utc, self.ask, self.tell, EN.say)

    def ask(self, key: str, secret: bool) -> str:
        assert key in EN
        self.hidden.append(secret)
        if not self.answers:
            # Nothing more is typed: the browser will come.
            threading.Event().wait(5)
            return ""
        return self.answers.pop(0)

    def tell(self, key: str, **values: Any) -> None:
        text = EN.say(key, **values)
        self.told.append(text)
        if self.browse is not None and "/oauth/authorize" in text:
            threading.Thread(target=self.browse, args=(text.split()[-1],), daemon=True).start()


@pytest.fixture
def garmin() -> Iterator[FakeGarmin]:
    with FakeGarmin(clock=now_utc) as fake:
        yield fake


@pytest.fixture
def strava() -> Iterator[FakeStrava]:
    with FakeStrava(clock=now_utc) as fake:
        yield fake


# --- Garmin -------------------------------------------------------------------------------------------


def test_a_garmin_key_is_asked_hidden_exchanged_once_and_kept(tmp_path: Path, garmin: FakeGarmin) -> None:
    desk = Desk(tmp_path, {"redirect_garmin": garmin.url}, "1", KEY)
    desk.linker.garmin()
    assert [seen.path for seen in garmin.log] == [EXCHANGE]
    kept = desk.vault.get("runner", "garmin")
    assert kept is not None
    assert (kept["api_key"], kept["test_server"], "access_token" in kept) == (KEY, True, True)
    assert desk.hidden == [False, True]
    assert KEY not in " ".join(desk.told)
    assert "password" in desk.told[0]
    assert EN.say("source.untried") in desk.told


def test_a_key_at_the_first_question_counts_and_another_answer_sends_nothing(
    tmp_path: Path, garmin: FakeGarmin
) -> None:
    desk = Desk(tmp_path, {"redirect_garmin": garmin.url}, KEY)
    desk.linker.garmin()
    assert (len(garmin.log), desk.hidden) == (1, [False])
    with pytest.raises(PersonMustAct, match=r"source\.garmin\.choice"):
        Desk(tmp_path, {"redirect_garmin": garmin.url}, "9").linker.garmin()
    assert len(garmin.log) == 1


def test_a_refused_key_is_not_kept(tmp_path: Path, garmin: FakeGarmin) -> None:
    desk = Desk(tmp_path, {"redirect_garmin": garmin.url})
    with pytest.raises(PersonMustAct):
        desk.linker.garmin(key="another-key-that-is-wrong")
    assert len(garmin.log) == 1
    assert desk.vault.get("runner", "garmin") is None


@pytest.mark.parametrize("key", ["", "short", "with a blank in it, surely", "ö" * 40])
def test_what_is_no_key_is_not_even_sent(tmp_path: Path, garmin: FakeGarmin, key: str) -> None:
    with pytest.raises(PersonMustAct):
        Desk(tmp_path, {"redirect_garmin": garmin.url}).linker.garmin(key=key)
    assert garmin.log == []


# --- Strava -------------------------------------------------------------------------------------------


def browser(fake: FakeStrava, *, change: Callable[[str], str] = lambda url: url) -> Callable[[str], None]:
    """Opens the consent page at the made-up Strava, allows it, and follows back."""

    def open_page(url: str) -> None:
        assert url.startswith(fake.url), url
        answer = requests.get(url, allow_redirects=False, timeout=5)
        requests.get(change(answer.headers["Location"]), timeout=5)

    return open_page


def test_strava_by_browser(tmp_path: Path, strava: FakeStrava) -> None:
    desk = Desk(tmp_path, {"redirect_strava": strava.url}, str(CLIENT_ID), CLIENT_SECRET)
    desk.browse = browser(strava)
    desk.linker.strava(waits_s=20)
    kept = desk.vault.get("runner", "strava")
    assert kept is not None
    assert kept["refresh_token"] == strava.refresh_token
    assert "7 days" in desk.told[0]
    assert "subscription" in desk.told[0]
    assert CLIENT_SECRET not in " ".join(desk.told)


def test_strava_by_pasting_where_the_browser_ended(tmp_path: Path, strava: FakeStrava) -> None:
    strava.codes.add("pasted-code")
    desk = Desk(tmp_path, {"redirect_strava": strava.url}, str(CLIENT_ID), CLIENT_SECRET, "pasted-code")
    desk.linker.strava(waits_s=20)
    assert desk.vault.get("runner", "strava") is not None


def test_strava_with_the_box_unticked_is_not_kept(tmp_path: Path, strava: FakeStrava) -> None:
    strava.asks = "read"
    desk = Desk(tmp_path, {"redirect_strava": strava.url}, str(CLIENT_ID), CLIENT_SECRET)
    desk.browse = browser(strava)
    with pytest.raises(PersonMustAct, match=r"source\.strava\.scope"):
        desk.linker.strava(waits_s=20)
    assert desk.vault.get("runner", "strava") is None
    assert strava.asked("token") == []


def test_a_strangers_answer_does_not_count(tmp_path: Path, strava: FakeStrava) -> None:
    desk = Desk(tmp_path, {"redirect_strava": strava.url}, str(CLIENT_ID), CLIENT_SECRET)
    desk.browse = browser(strava, change=lambda url: url.replace("state=", "state=x"))
    with pytest.raises(PersonMustAct):
        desk.linker.strava(waits_s=1.5)
    assert strava.asked("token") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", {"code": "abc"}),
        ("http://127.0.0.1:1/linked?state=s&code=c&scope=read", {"state": "s", "code": "c", "scope": "read"}),
        ("http://127.0.0.1:1/linked?error=access_denied", {"error": "access_denied"}),
        ("  ", {}),
    ],
)
def test_what_may_be_pasted(text: str, expected: dict[str, str]) -> None:
    assert pasted(text) == expected


def test_the_home_for_trying_leads_to_the_made_up_services_only(tmp_path: Path) -> None:
    furnish(tmp_path / "home")
    config = load_config(tmp_path / "home" / "config.toml")
    for name in PORTS:
        address = getattr(config.testing, f"redirect_{name}")
        assert on_this_machine(address, f"redirect_{name}") == address
    assert saved_tokens(str(tmp_path / "home" / "garth"))["oauth1"]["oauth_token"] == "made-up"
    with pytest.raises(FileExistsError):
        furnish(tmp_path / "home")


# --- from a shell ---------------------------------------------------------------------------------------


@pytest.mark.timeout(600)
def test_link_sync_status_doctor_and_purge_from_a_shell(tmp_path: Path) -> None:
    home = tmp_path / "home"

    def springstep(*words: str, typed: str = "") -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "sync", "--home", str(home), *words],
            input=typed, capture_output=True, text=True, timeout=170, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    with FakeGarmin(clock=now_utc) as garmin:
        assert isinstance(garmin, FakeGarmin)
        garmin.add(short_run((now_utc() - timedelta(days=1)).replace(microsecond=0)), "Morning run")
        home.mkdir(mode=0o700)
        (home / "config.toml").write_text(f'[testing]\nredirect_garmin = "{garmin.url}"\n')
        assert springstep("link", "garmin", typed=f"1\n{KEY}\n")[0] == 0
        assert [stat.S_IMODE(path.stat().st_mode) for path in (home / "secrets").iterdir()] == [0o600]
        code, out, err = springstep("sync", "--json")
        assert code == 0, err
        (passed,) = json.loads(out)["passes"]
        assert (passed["source"], passed["counts"]["taken"]) == ("garmin", 1)
        answer = json.loads(springstep("status", "--json")[1])
        states = {one["source"]: one["state"] for one in answer["sources"]}
        assert (answer["runs"], states["garmin"], states["strava"]) == (1, "ok", "off")
        garmin.forget()
        code, out, _ = springstep("doctor", "--source", "garmin")
        assert code == 0
        assert "shapes: as expected" in out
        assert [KEY in out, "Morning" in out, len(garmin.log)] == [False, False, 1]
        assert springstep("purge", "garmin")[0] == 0
        assert list((home / "secrets").iterdir()) == []
        code, _, err = springstep("sync")
        assert code == 2
        assert "springstep link" in err
        everything = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
        assert KEY.encode() not in everything
