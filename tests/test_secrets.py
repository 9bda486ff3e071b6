"""Keys and tokens: who may read them, and what happens to damaged ones."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked, PasswordDeleteError

from rules.text import load_language
from sync.app.demo.fake_garmin import KEY
from sync.errors import PersonMustAct
from sync.service.messages import render_error
from sync.settings.credentials import CredentialStore, fingerprint
from sync.sources.linking import AccountLinker
from tests.linked_home import linked_home, short_run


def modes(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_what_is_put_is_private_and_comes_back(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        vault = CredentialStore(tmp_path / "secrets")
        vault.put("runner", "garmin", {"api_key": "k", "linked_utc": "2026-03-01"})
    finally:
        os.umask(previous)
    assert vault.get("runner", "garmin") == {"api_key": "k", "linked_utc": "2026-03-01"}
    assert modes(tmp_path / "secrets") == "0o700"
    assert [(path.name, modes(path)) for path in (tmp_path / "secrets").iterdir()] == [("runner.garmin.json", "0o600")]


def test_two_athletes_keep_apart(tmp_path: Path) -> None:
    vault = CredentialStore(tmp_path)
    vault.put("anna", "garmin", {"api_key": "a"})
    vault.put("ben", "garmin", {"api_key": "b"})
    vault.remove("anna", "garmin")
    assert (vault.get("anna", "garmin"), vault.get("ben", "garmin")) == (None, {"api_key": "b"})
    vault.remove("anna", "garmin")


def test_a_file_that_others_can_read_is_tightened(tmp_path: Path) -> None:
    vault = CredentialStore(tmp_path)
    vault.put("runner", "strava", {"a": 1})
    path = tmp_path / "runner.strava.json"
    path.chmod(0o644)
    assert vault.get("runner", "strava") == {"a": 1}
    assert modes(path) == "0o600"


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'"text"'])
def test_a_damaged_file_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "runner.garmin.json").write_bytes(content)
    with pytest.raises(PersonMustAct) as error:
        CredentialStore(tmp_path).get("runner", "garmin")
    assert render_error(error.value, load_language("en"))[1] == "Link it again: springstep link garmin"


def test_no_name_leaves_the_folder(tmp_path: Path) -> None:
    for athlete in ("../x", "a/b", "", "A", "."):
        with pytest.raises(PersonMustAct):
            CredentialStore(tmp_path).put(athlete, "garmin", {})


# --- systemd ------------------------------------------------------------------------------------------


@pytest.fixture
def credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "credentials"
    folder.mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    return folder


def test_a_systemd_credential_is_read_when_nothing_is_linked(tmp_path: Path, credentials: Path) -> None:
    (credentials / "springstep-garmin").write_text("a-key\n")
    (credentials / "springstep-intervals").write_text('{"api_key": "i"}')
    vault = CredentialStore(tmp_path / "secrets")
    assert (vault.get("runner", "garmin") or {})["api_key"] == "a-key"
    assert (vault.get("runner", "intervals") or {})["api_key"] == "i"
    vault.put("runner", "garmin", {"api_key": "linked"})
    assert vault.get("runner", "garmin") == {"api_key": "linked"}
    assert vault.get("runner", "strava") is None


def test_what_is_renewed_lies_beside_a_systemd_credential_and_ends_with_it(tmp_path: Path, credentials: Path) -> None:
    given = credentials / "springstep-strava"
    given.write_text('{"client_secret": "s", "refresh_token": "first"}')
    vault = CredentialStore(tmp_path / "secrets")
    credential = vault.get("runner", "strava")
    assert credential is not None
    vault.put("runner", "strava", {**credential, "refresh_token": "second"})
    assert "client_secret" not in (tmp_path / "secrets" / "runner.strava.json").read_text()
    assert vault.get("runner", "strava") == {**credential, "refresh_token": "second"}
    given.write_text('{"client_secret": "s", "refresh_token": "another"}')
    assert (vault.get("runner", "strava") or {})["refresh_token"] == "another"
    given.unlink()
    assert vault.get("runner", "strava") is None


def test_a_key_from_systemd_syncs_and_never_reaches_the_home(tmp_path: Path, credentials: Path) -> None:
    with linked_home(tmp_path / "home", light=True) as home:
        home.garmin.add(short_run(home.now - timedelta(days=1)))
        given = credentials / "springstep-garmin"
        given.write_text(json.dumps({"api_key": KEY, "test_server": True}))
        assert [(home.sync().result, home.sync(by_person=True).counts["requests"])] == [("ok", 1)]
        stored = (home.home.secrets / "runner.garmin.json").read_text()
        assert ("access_token" in stored, KEY in stored) == (True, False)
        given.write_text(json.dumps({"api_key": "another-key-that-is-wrong", "test_server": True}))
        assert home.sync(by_person=True).result == "act"
        given.write_text(json.dumps({"api_key": KEY, "test_server": True}))
        assert home.sync(by_person=True).result == "ok"


# --- keyring ------------------------------------------------------------------------------------------


class Drawer(KeyringBackend):
    """A keyring of the real library's kind that keeps what it is given in memory, and can be locked."""

    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.inside: dict[tuple[str, str], str] = {}
        self.locked = False

    def _open(self) -> dict[tuple[str, str], str]:
        if self.locked:
            raise KeyringLocked("a made-up reason with a-key in it")
        return self.inside

    def get_password(self, service: str, username: str) -> str | None:
        return self._open().get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self._open():
            raise PasswordDeleteError("not there")
        del self.inside[service, username]


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    before = keyring.get_keyring()
    made = Drawer()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_the_keyring_keeps_what_no_file_holds(tmp_path: Path, drawer: Drawer) -> None:
    vault = CredentialStore(tmp_path / "secrets", "keyring")
    assert vault.get("runner", "garmin") is None
    vault.put("runner", "garmin", {"api_key": "a-key"})
    assert vault.get("runner", "garmin") == {"api_key": "a-key"}
    assert list(drawer.inside) == [("springstep", "runner.garmin")]
    assert not (tmp_path / "secrets").exists()
    vault.remove("runner", "garmin")
    vault.remove("runner", "garmin")
    assert drawer.inside == {}


def test_linking_and_syncing_go_through_the_keyring(tmp_path: Path, drawer: Drawer) -> None:
    with linked_home(tmp_path / "home", light=True, tree={"secrets": {"keep_in": "keyring"}}) as home:
        home.garmin.add(short_run(home.now - timedelta(days=1)))
        linker = AccountLinker(
            home.vault,
            home.config,
            home.config.athlete(),
            home.clock,
            ask=lambda *_: "",
            tell=lambda *_args, **_values: None,
            page_text=str,
        )
        linker.garmin(key=KEY)
        assert home.sync().result == "ok"
        assert len(home.starts()) == 1
        assert "access_token" in drawer.inside["springstep", "runner.garmin"]
        assert list(home.home.secrets.iterdir()) == []


def test_a_locked_keyring_says_what_to_do_and_nothing_else(tmp_path: Path, drawer: Drawer) -> None:
    drawer.locked = True
    vault = CredentialStore(tmp_path, "keyring")
    for attempt in (lambda: vault.get("runner", "garmin"), lambda: vault.put("runner", "garmin", {"api_key": "a-key"})):
        with pytest.raises(PersonMustAct) as error:
            attempt()
        says, do = render_error(error.value, load_language("en"))
        assert "a-key" not in f"{error.value} {says}"
        assert "Unlock" in (do or "")


def test_a_machine_without_a_keyring_says_so(tmp_path: Path, drawer: Drawer) -> None:
    keyring.set_keyring(NoKeyring())
    with pytest.raises(PersonMustAct, match="NoKeyringError"):
        CredentialStore(tmp_path, "keyring").get("runner", "garmin")


# --- fingerprints -------------------------------------------------------------------------------------


def test_a_fingerprint_tells_links_apart_and_tells_nothing() -> None:
    first = {"api_key": "secret-key", "linked_utc": "2026-03-01", "access_token": "one"}
    renewed = {**first, "access_token": "two"}
    relinked = {**first, "linked_utc": "2026-03-02"}
    assert fingerprint(first) == fingerprint(renewed)
    assert fingerprint(first) != fingerprint(relinked)
    assert "secret" not in fingerprint(first)
