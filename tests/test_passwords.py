"""Passwords of a household: how they are kept, what a pass is worth, and who is let in."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.login import INSIDE, MOST_UNKNOWN, UNKNOWN, Tries
from rules.text import load_language
from sync.errors import PersonMustAct
from sync.service.messages import render_error
from sync.settings import passwords
from sync.settings.credentials import CredentialStore

NOW = datetime(2026, 3, 1, 12, 0)
EVERYONE = {"ann", "ben"}


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Ann's, made once: a hash takes its time on purpose."""
    made = CredentialStore(tmp_path_factory.mktemp("made"))
    passwords.put(made, "ann", "wiggle the toes")
    found = made.get("ann", passwords.SECRET)
    assert found is not None
    return found


@pytest.fixture
def vault(tmp_path: Path, secret: dict[str, Any]) -> CredentialStore:
    found = CredentialStore(tmp_path / "secrets")
    found.put("ann", passwords.SECRET, secret)
    return found


def test_only_the_right_password_fits(vault: CredentialStore) -> None:
    assert passwords.fits(vault, "ann", "wiggle the toes")
    assert not passwords.fits(vault, "ann", "wiggle the toes ")
    assert not passwords.fits(vault, "ann", "")
    assert not passwords.fits(vault, "ben", "wiggle the toes")
    assert (passwords.is_set(vault, "ann"), passwords.is_set(vault, "ben")) == (True, False)


def test_what_is_kept_is_private_salted_and_not_the_password(vault: CredentialStore) -> None:
    passwords.put(vault, "ben", "wiggle the toes")
    ann, ben = (vault.folder / f"{name}.password.json" for name in ("ann", "ben"))
    assert stat.S_IMODE(ann.stat().st_mode) == 0o600
    assert "wiggle" not in ann.read_text()
    first, second = json.loads(ann.read_text()), json.loads(ben.read_text())
    assert [name for name in ("salt", "hash", "key") if first[name] == second[name]] == []


def test_a_short_password_is_refused(vault: CredentialStore) -> None:
    with pytest.raises(PersonMustAct, match=r"settings\.password_short shortest=8"):
        passwords.put(vault, "ann", "1234567")
    assert passwords.fits(vault, "ann", "wiggle the toes")


def test_a_pass_is_its_holders_until_it_is_over(vault: CredentialStore) -> None:
    shown = passwords.issue(vault, "ann", NOW)
    last = NOW + passwords.PASS_LASTS - timedelta(seconds=1)
    assert passwords.holder(vault, shown, last, EVERYONE) == "ann"
    assert passwords.holder(vault, shown, last + timedelta(seconds=1), EVERYONE) is None
    assert passwords.holder(vault, shown, NOW, {"ben"}) is None


def test_a_forged_pass_is_nobodys(vault: CredentialStore) -> None:
    passwords.put(vault, "ben", "another password")
    athlete, until, seal = passwords.issue(vault, "ann", NOW).split(".")
    forged = [
        None,
        "",
        "ann",
        "ann..",
        f"ben.{until}.{seal}",
        f"{athlete}.{int(until) + 1}.{seal}",
        f"{athlete}.{until}.{seal[:-1]}{'0' if seal[-1] != '0' else '1'}",
        f"{athlete}.{until}.é",
        f"../ann.{until}.{seal}",
        f"{athlete}.²{until}.{seal}",
    ]
    assert [one for one in forged if passwords.holder(vault, one, NOW, EVERYONE) is not None] == []


def test_a_new_password_signs_every_browser_out(vault: CredentialStore) -> None:
    shown = passwords.issue(vault, "ann", NOW)
    passwords.put(vault, "ann", "wiggle the toes")
    assert passwords.holder(vault, shown, NOW, EVERYONE) is None
    again = passwords.issue(vault, "ann", NOW)
    passwords.remove(vault, "ann")
    assert passwords.holder(vault, again, NOW, EVERYONE) is None


def test_a_damaged_password_lets_nobody_in_and_says_what_to_do(vault: CredentialStore) -> None:
    shown = passwords.issue(vault, "ann", NOW)
    (vault.folder / "ann.password.json").write_text("{")
    with pytest.raises(PersonMustAct) as error:
        passwords.fits(vault, "ann", "wiggle the toes")
    assert render_error(error.value, load_language("en"))[1] == "Set a new one: springstep password ann"
    assert passwords.holder(vault, shown, NOW, EVERYONE) is None
    (vault.folder / "ann.password.json").write_text("{}")
    assert not passwords.fits(vault, "ann", "wiggle the toes")


def test_wrong_tries_wait_longer_and_longer_for_that_runner_only() -> None:
    tries, now = Tries(), NOW
    waits = []
    for _ in range(9):
        wait = tries.wait("ann", now)
        waits.append(wait.total_seconds())
        now += wait
        if wait:
            tries.wait("ann", now)
    assert waits == [0, 0, 0, 0, 0, 15, 30, 60, 120]
    assert tries.wait("ben", now) == timedelta(0)
    tries.right("ann")
    assert [tries.wait("ann", now).total_seconds() for _ in range(5)] == [0] * 5


def test_a_try_during_the_wait_makes_it_no_longer() -> None:
    tries = Tries()
    for _ in range(5):
        tries.wait("ann", NOW)
    assert [tries.wait("ann", NOW + timedelta(seconds=5)).total_seconds() for _ in range(3)] == [10, 10, 10]


def test_a_flood_of_unknown_names_frees_no_runner_from_waiting() -> None:
    tries = Tries()
    for _ in range(5):
        tries.wait("ann", NOW)
    for n in range(3 * MOST_UNKNOWN):
        tries.wait(f"{UNKNOWN}{n}", NOW + timedelta(seconds=1))
    assert tries.wait("ann", NOW + timedelta(seconds=1)).total_seconds() == 14
    assert len(tries.wrong) == MOST_UNKNOWN + 1


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        ("/", True),
        ("/log?score=3&where=big-toe-joint", True),
        ("/run?id=2026-11%2B1", True),
        ("//elsewhere.example", False),
        ("/\\elsewhere.example", False),
        ("https://elsewhere.example", False),
        ("/log?x=\r\nSet-Cookie: a=b", False),
        ("", False),
    ],
)
def test_the_door_leads_only_to_our_pages(path: str, inside: bool) -> None:
    assert bool(INSIDE.fullmatch(path)) is inside


def test_the_command_stores_one_from_a_pipe_and_says_who_has_none(tmp_path: Path) -> None:
    config = (
        '[athlete]\nid = "ann"\nname = "Ann"\n[[athletes]]\nid = "ben"\nname = "Ben"\n[dashboard]\npasswords = {}\n'
    )

    def typed(text: str, *words: str, on: str = "true") -> subprocess.CompletedProcess[str]:
        (tmp_path / "config.toml").write_text(config.format(on))
        command = [sys.executable, "-m", "sync", "--home", str(tmp_path), "password", *words]
        return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)

    stored = typed("wiggle the toes\n", "Ann")
    assert (stored.returncode, stored.stdout) == (0, "")
    assert "so they can't sign in: Ben" in stored.stderr
    assert passwords.fits(CredentialStore(tmp_path / "secrets"), "ann", "wiggle the toes")
    assert "passwords = true" in typed("wiggle the toes\n", "Ann", on="false").stderr
    removed = typed("", "ann", "--remove", on="false")
    assert removed.stderr == "Ann no longer has a password and is signed out everywhere.\n"
    assert not passwords.is_set(CredentialStore(tmp_path / "secrets"), "ann")
