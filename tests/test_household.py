"""The household from the page: a first password on this machine, a runner more, who may; beside the real daemon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.errors import PersonMustAct
from sync.settings import passwords
from sync.settings.config import parse
from sync.settings.credentials import CredentialStore
from sync.settings.household_edit import free_id, with_runner
from sync.settings.paths import DataDir
from tests.browser import Served, served
from tests.page_requests import Caller
from tests.shell import Shell

pytestmark = pytest.mark.timeout(300)
WRITTEN = (
    '# mine\n[athlete]\nid = "ann"\nname = "Ann"   # that is me\nlanguage = "de"\nunits = "mi"\n\n'
    "[store]\nthreads = 4\n"
)


def test_a_runner_more_leaves_everything_else_as_it_was_written() -> None:
    made, id_ = with_runner(WRITTEN, parse(WRITTEN), " Zoë Q. ")
    assert made.startswith(WRITTEN)
    new = parse(made).others[-1]
    assert (id_, new.id, new.name, new.language, new.units, new.admin) == (
        "zoe-q",
        "zoe-q",
        "Zoë Q.",
        "de",
        "mi",
        False,
    )
    again, third = with_runner(made, parse(made), "Zoe Q")
    assert (third, len(parse(again).others)) == ("zoe-q-2", 2)


@pytest.mark.parametrize("name", ["", "  ", "Ann", "aNN", "a\nb", "x" * 61])
def test_a_name_that_cannot_be_changes_nothing(name: str) -> None:
    with pytest.raises(PersonMustAct):
        with_runner(WRITTEN, parse(WRITTEN), name)


@pytest.mark.parametrize(
    ("name", "id_"), [("Ben", "ben"), ("李", "runner"), ("--", "runner"), ("A" * 60, "a" * 36), ("ann", "ann-2")]
)
def test_an_id_is_made_of_a_name(name: str, id_: str) -> None:
    assert free_id(name, {"ann"}) == id_


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("household")
    (root / "config.toml").write_text(WRITTEN.replace('language = "de"\n', ""))
    with Shell(root).daemon(), served(root) as running:
        yield running


def test_from_no_password_to_a_household(page: Served) -> None:
    ann = Caller(page.port)
    shown = ann.get("/household").body
    assert ("Ann" in shown, "./first-password" in shown, "<form" in shown) == (True, True, False)
    assert ann.post("/first-password", {"password": "wiggle the toes"}).status == 303
    assert ann.get("/devices").status == 200
    assert Caller(page.port).get("/log").status == 303
    assert "passwords = true" in (page.home / "config.toml").read_text()
    # Nobody sets it up again.
    again = Caller(page.port).post("/set-up", {"code": "0000000000", "password": "another password"})
    assert again.headers["location"] == "./sign-in"

    added = ann.post("/household", {"name": "Ben"}, Referer=f"http://127.0.0.1:{page.port}/household")
    found = re.search(r'class="ss-link">[^<#]+/join#([0-9A-Z]{16})<', added.body)
    assert found is not None
    assert ann.post("/household", {"name": "ben"}).status == 409
    ben = Caller(page.port)
    assert ben.post("/join", {"code": found[1], "password": "spread and grip"}).status == 303
    assert (ben.get("/log").status, ben.get("/household").status) == (200, 403)
    assert ben.post("/household", {"name": "Cleo"}).status == 403
    assert [one.id for one in parse((page.home / "config.toml").read_text()).athletes] == ["ann", "ben"]


def test_without_the_daemon_nobody_is_added(tmp_path: Path) -> None:
    config = WRITTEN + "[dashboard]\npasswords = true\n"
    (tmp_path / "config.toml").write_text(config)
    passwords.put(CredentialStore(DataDir(tmp_path).secrets), "ann", "wiggle the toes")
    with served(tmp_path) as page:
        caller = Caller(page.port)
        assert caller.post("/sign-in", {"password": "wiggle the toes"}).status == 303
        assert caller.post("/household", {"name": "Ben"}).status == 409
    assert (tmp_path / "config.toml").read_text() == config
