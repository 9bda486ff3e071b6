"""A house of two runners with passwords, under two names of the same page, for the walks in which nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from playwright.sync_api import Page

from sync.settings import passwords
from sync.settings.credentials import CredentialStore
from sync.settings.paths import DataDir
from sync.settings.sessions import SessionBook
from tests import stage
from tests.browser import Served, Watched, served
from tests.fakes.owner import serve
from tests.stage import Stage

NAME = "feet.home.arpa"
"""To a browser a name of the home network is no secure context; loopback is one."""
NAMED = f"--host-resolver-rules=MAP {NAME} 127.0.0.1"
CONFIG = (
    '[athlete]\nid = "ann"\nname = "Ann"\n\n[[athletes]]\nid = "ben"\nname = "Ben"\n\n'
    f'[dashboard]\npasswords = true\nallowed_hosts = ["{NAME}"]\n'
)
PASSWORDS = {"ann": "wiggle the toes", "ben": "spread and grip"}
AWAY = timedelta(minutes=10)
House = Stage
sent = partial(stage.sent, again=True)
"""What is sent again until it is answered may come twice."""


@contextmanager
def house_of_two(root: Path) -> Iterator[House]:
    with serve(root, config=CONFIG) as owner, served(root) as page:
        for athlete, password in PASSWORDS.items():
            passwords.put(vault(page), athlete, password)
        yield owner, page


def vault(page: Served) -> CredentialStore:
    return CredentialStore(DataDir(page.home).secrets)


def sign_in(phone: Watched, page: Served, athlete: str) -> None:
    """From now on this browser shows the cookie of a session of that runner."""
    token = SessionBook.of(vault(page)).begin(athlete, datetime.now(UTC).replace(tzinfo=None), "a phone")
    phone.page.context.add_cookies([{"name": "springstep", "value": token, "url": phone.url}])


def sign_out_everywhere(page: Served, athlete: str) -> None:
    SessionBook.of(vault(page)).end_all(athlete)


def hand_in(page: Page, athlete: str) -> None:
    page.get_by_label("Runner").fill(athlete)
    page.get_by_label("Password").fill(PASSWORDS[athlete])
    page.get_by_role("button", name="Sign in").tap()
