"""Keys and tokens: who may read them, and what happens to damaged ones."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from sync.errors import PersonMustAct
from sync.secrets import Vault, fingerprint


def modes(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_what_is_put_is_private_and_comes_back(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        vault = Vault(tmp_path / "secrets")
        vault.put("runner", "garmin", {"api_key": "k", "linked_utc": "2026-03-01"})
    finally:
        os.umask(previous)
    assert vault.get("runner", "garmin") == {"api_key": "k", "linked_utc": "2026-03-01"}
    assert modes(tmp_path / "secrets") == "0o700"
    assert [(path.name, modes(path)) for path in (tmp_path / "secrets").iterdir()] == [("runner.garmin.json", "0o600")]


def test_two_athletes_keep_apart(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    vault.put("anna", "garmin", {"api_key": "a"})
    vault.put("ben", "garmin", {"api_key": "b"})
    vault.remove("anna", "garmin")
    assert (vault.get("anna", "garmin"), vault.get("ben", "garmin")) == (None, {"api_key": "b"})
    vault.remove("anna", "garmin")


def test_a_file_that_others_can_read_is_tightened(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    vault.put("runner", "strava", {"a": 1})
    path = tmp_path / "runner.strava.json"
    path.chmod(0o644)
    assert vault.get("runner", "strava") == {"a": 1}
    assert modes(path) == "0o600"


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'"text"'])
def test_a_damaged_file_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "runner.garmin.json").write_bytes(content)
    with pytest.raises(PersonMustAct) as error:
        Vault(tmp_path).get("runner", "garmin")
    assert error.value.do == "Run: springstep link garmin."


def test_no_name_leaves_the_folder(tmp_path: Path) -> None:
    for athlete in ("../x", "a/b", "", "A", "."):
        with pytest.raises(PersonMustAct):
            Vault(tmp_path).put(athlete, "garmin", {})


def test_a_systemd_credential_is_read_when_nothing_is_linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "springstep-garmin").write_text("a-key\n")
    (credentials / "springstep-intervals").write_text('{"api_key": "i"}')
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    vault = Vault(tmp_path / "secrets")
    assert vault.get("runner", "garmin") == {"api_key": "a-key", "linked_utc": None}
    assert vault.get("runner", "intervals") == {"api_key": "i"}
    vault.put("runner", "garmin", {"api_key": "linked"})
    assert vault.get("runner", "garmin") == {"api_key": "linked"}
    assert vault.get("runner", "strava") is None


def test_a_fingerprint_tells_links_apart_and_tells_nothing() -> None:
    first = {"api_key": "secret-key", "linked_utc": "2026-03-01", "access_token": "one"}
    renewed = {**first, "access_token": "two"}
    relinked = {**first, "linked_utc": "2026-03-02"}
    assert fingerprint(first) == fingerprint(renewed)
    assert fingerprint(first) != fingerprint(relinked)
    assert "secret" not in fingerprint(first)
