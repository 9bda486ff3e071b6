"""A runner is removed from the household, and later purged: the text of the config, the real program, the real page."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sync.app.daemon.app import open_app
from sync.errors import PersonMustAct
from sync.service import outbox
from sync.settings import household_edit, passwords
from sync.settings.config import ConfigMistakes, parse
from sync.settings.credentials import CredentialStore
from sync.settings.live_config import LiveConfig
from sync.settings.one_time_codes import CodeBook
from sync.settings.paths import DataDir
from sync.storage import backup, runs
from sync.storage.database import Store
from sync.wire.commands import LogScore
from tests.browser import browser, served, visit
from tests.page_requests import Caller
from tests.shell import Shell, until, write_runs

pytestmark = pytest.mark.timeout(600)
ANN = '# mine\n[athlete]\nid = "ann"\nname = "Ann"   # that is me\n\n'
ZED = '[[athletes]]\nid = "zanzi"\nname = "Zanzibar"\nadmin = true\n\n'
CY = '[[athletes]]\nid = "cy"\nname = "Cy"\n\n'
REST = "[dashboard]\npasswords = true\n"
TEXT = ANN + ZED + CY + REST
SAID = "wiggle the toes"


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def test_one_who_is_removed_keeps_their_name_and_nobody_inherits_it() -> None:
    gone = household_edit.removed(TEXT, parse(TEXT), "zanzi")
    config = parse(gone)
    assert [one.id for one in config.athletes] == ["ann", "cy"]
    assert ([one.name for one in config.removed], [one.id for one in config.admins]) == (["Zanzibar"], ["ann"])
    for taken in ("zanzibar", "ZANZI"):
        with pytest.raises(PersonMustAct, match="name_taken"):
            household_edit.with_runner(gone, config, taken)
    with pytest.raises(PersonMustAct, match="runner_removed"):
        config.athlete("zanzibar")
    assert household_edit.brought_back(gone, "zanzi") == TEXT
    assert household_edit.without_runner(gone, "zanzi") == ANN + CY + REST
    assert household_edit.without_runner(ANN + REST, "zanzi") == ANN + REST
    assert parse(household_edit.without_runner(ANN + ZED, "zanzi")).others == ()


def test_a_household_in_one_line_is_changed_there() -> None:
    one_line = 'athletes = [{id = "zanzi", name = "Zanzibar"}, {id = "cy", name = "Cy"}]\n' + ANN
    gone = household_edit.removed(one_line, parse(one_line), "zanzi")
    assert [one.id for one in parse(gone).athletes] == ["ann", "cy"]
    assert [one.id for one in parse(household_edit.without_runner(gone, "zanzi")).others] == ["cy"]
    more, _id = household_edit.with_runner(one_line, parse(one_line), "Dora")
    assert [one.name for one in parse(more).athletes] == ["Ann", "Zanzibar", "Cy", "Dora"]


def test_the_first_runner_stays() -> None:
    with pytest.raises(PersonMustAct, match="last_administrator"):
        household_edit.removed(TEXT, parse(TEXT), "ann")
    with pytest.raises(ConfigMistakes):
        parse('[athlete]\nid = "ann"\nname = "Ann"\nremoved = true\n')


@pytest.mark.parametrize(
    ("name", "whom"),
    [("zanzi", "zanzi"), ("ZANZIBAR", "zanzi"), ("old", "old"), ("cy", "runner_not_removed"),
     ("Ann", "last_administrator"), ("nobody", "no_runner")],
)  # fmt: skip
def test_whom_a_purge_means(name: str, whom: str) -> None:
    config = parse(household_edit.removed(TEXT, parse(TEXT), "zanzi"))
    try:
        found = household_edit.whom_to_purge(config, name, {"ann", "cy", "zanzi", "old"})
    except PersonMustAct as error:
        found = error.code.removeprefix("settings.")
    assert found == whom


CANARIES = ("zanzi", "canary-file", "canary words", "canary-key")
"""Long enough to stand in no compressed file by chance."""


def holding(root: Path) -> list[tuple[str, str]]:
    """Every file below it that holds, or is named after, one of the canaries."""
    found = []
    for path in sorted(root.rglob("*")):
        content = (path.read_bytes() if path.is_file() else b"").lower() + str(path.relative_to(root)).lower().encode()
        found += [(str(path.relative_to(root)), one) for one in CANARIES if one.encode() in content]
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Zanzibar and Cy have runs, entries and keys; a nightly copy and earlier versions of the config lie there too."""
    tmp_path = tmp_path_factory.mktemp("household")
    shell = Shell(tmp_path / "home")
    root = shell.home.root
    root.mkdir(mode=0o700)
    (root / "config.toml").write_text(TEXT)
    (root / "config.toml.1").write_text(TEXT.replace("# mine", "# before"))
    (root / "settings.json").write_text('{"cy.units": "km", "zanzi.units": "mi"}')
    LiveConfig(root / "config.toml", kept=shell.home.settings_in_force).keep()
    first, second = write_runs(tmp_path / "in", 2)
    first = first.rename(first.with_name("canary-file.fit"))
    with open_app(shell.home, parse(TEXT), "test", role="busy", now=now) as app:
        app.engine.import_paths([first], athlete="zanzi")
        app.engine.import_paths([second], athlete="cy")
        said = LogScore(athlete="zanzi", what="stiffness", score=4, note="canary words", at_utc=now(), typed_utc=now())
        assert app.perform(said).stored
    vault = CredentialStore(shell.home.secrets)
    for who in ("ann", "zanzi", "cy"):
        vault.put(who, "garmin", {"api_key": f"{'canary' if who == 'zanzi' else who}-key-0123456789"})
        passwords.put(vault, who, SAID)
    with Store.open(shell.home.database) as store:
        backup.nightly(store, shell.home.backups, now(), kept=7)
    outbox.put(shell.home.outbox, LogScore(athlete="zanzi", what="soreness", score=1, at_utc=now(), typed_utc=now()))
    return root


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Shell:
    """A copy for each test."""
    shutil.copytree(made, tmp_path / "home")
    (tmp_path / "home").chmod(0o700)
    return Shell(tmp_path / "home")


def test_a_purge_leaves_no_word_of_a_removed_runner(home: Shell) -> None:
    root = home.home.root
    assert len(holding(root)) > 10
    (root / "config.toml").write_text(household_edit.removed(TEXT, parse(TEXT), "zanzi"))
    assert 'springstep purge --runner "Zanzibar"' in home("status").out
    kept = home("purge", "--runner", "Zanzibar", typed="yes\n")
    assert (kept.code, kept.out) == (0, "Nothing was deleted.\n")
    assert "canary-file" in {one for _file, one in holding(root)}
    gone = home("purge", "--runner", "zanzibar", typed="Zanzibar\n")
    assert (gone.code, "1 originals" in gone.out) == (0, True), gone
    assert holding(root) == []
    assert (root / "config.toml").read_text() == ANN + CY + REST
    assert (root / "settings.json").read_text() == '{"cy.units": "km"}'
    # Everybody else's is there, in the copy of last night too, and nothing is told as lost.
    status = home("status", "--json").json
    assert (status["removed"], status["problems"]) == ([], [])
    assert CredentialStore(home.home.secrets).get("cy", "garmin") is not None
    for copy in (home.home.database, *home.home.backups.glob("*.duckdb")):
        with Store.open(copy, read_only=True) as store:
            assert [len(runs.runs(store, who)) for who in ("cy", "zanzi")] == [1, 0]


@pytest.mark.parametrize("words", [(), ("garmin", "--runner", "Zanzibar")])
def test_a_purge_names_one_thing(home: Shell, words: tuple[str, ...]) -> None:
    assert home("purge", *words).code == 2


def test_a_runner_taken_out_by_hand_can_be_purged_too(home: Shell) -> None:
    """Also out of the earlier texts of the config."""
    (home.home.root / "config.toml").write_text(ANN + CY + REST)
    assert (home("status", "--json").json["unnamed"], "--runner zanzi\n" in home("status").out) == (["zanzi"], True)
    assert home("purge", "--runner", "zanzi", "--yes").code == 0
    assert holding(home.home.root) == []
    assert home("status", "--json").json["unnamed"] == []


def test_a_running_daemon_purges_and_goes_on(home: Shell) -> None:
    root = home.home.root
    (root / "config.toml").write_text(household_edit.removed(TEXT, parse(TEXT), "zanzi"))
    with home.daemon():
        # What Zanzibar typed waits for them, and holds up nobody else.
        assert home("today").code == 0
        assert len(list(home.home.outbox.glob("*.json"))) == 1
        assert home("purge", "--runner", "zanzi", "--yes").code == 0
        assert holding(root) == []
        # The name is free again, and whoever has it now inherits nothing.
        config = root / "config.toml"
        config.write_text(config.read_text() + "\n" + ZED)
        until(lambda: home.client().healthy() and (root / "inbox" / "zanzi").is_dir())
        assert home("--athlete", "zanzi", "runs", "--json").json == []


def test_a_config_that_may_not_be_written_says_what_is_left(home: Shell) -> None:
    config = home.home.root / "config.toml"
    config.write_text(household_edit.removed(TEXT, parse(TEXT), "zanzi"))
    config.chmod(0o400)
    gone = home("purge", "--runner", "zanzi", "--yes")
    assert (gone.code, "still names them" in gone.err) == (1, True)
    named = {"config.toml", "config.toml.1", "settings-in-force.json"}
    assert {name for name, _one in holding(home.home.root)} == named


@pytest.mark.pages
def test_removing_from_the_page_asks_twice(home: Shell) -> None:
    """In a browser: two questions, then signed out everywhere; back again only with an invitation."""
    root = home.home.root
    with home.daemon(), served(root) as page, browser() as chromium:
        zed, cy = Caller(page.port), Caller(page.port)
        assert zed.post("/sign-in", {"athlete": "zanzi", "password": SAID}).status == 303
        assert cy.post("/sign-in", {"athlete": "cy", "password": SAID}).status == 303
        assert (zed.get("/log").status, cy.post("/household", {"remove": "zanzi", "sure": "twice"}).status) == (
            200,
            403,
        )
        # Another administrator removes neither the first one nor themselves.
        assert zed.post("/household", {"remove": "ann", "sure": "twice"}).status == 409
        assert zed.post("/household", {"remove": "zanzi", "sure": "twice"}).status == 303
        link = CodeBook.of(DataDir(root)).make("reset", "zanzi", now())
        with visit(chromium, page.url) as seen:
            it = seen.page
            it.goto(f"{page.url}/sign-in?next=/household")
            it.fill("input[name=athlete]", "Ann")
            it.fill("input[name=password]", SAID)
            it.locator("button[type=submit]").tap()
            row = it.locator("li", has_text="Zanzibar")
            row.get_by_role("button", name="Remove", exact=True).tap()
            it.get_by_role("link", name="No, keep them").tap()
            assert [one.id for one in parse((root / "config.toml").read_text()).removed] == []
            row.get_by_role("button", name="Remove", exact=True).tap()
            it.get_by_role("button", name="Yes, remove Zanzibar").tap()
            assert zed.get("/log").status == 200
            it.get_by_role("button", name="Remove Zanzibar now").tap()
            it.get_by_role("heading", name="Removed").wait_for()
            expect(it.locator("li", has_text="Ann").get_by_role("button", name="Remove")).to_have_count(0)
            assert seen.look() == []
        config = parse((root / "config.toml").read_text())
        assert ([one.id for one in config.athletes], [one.id for one in config.removed]) == (["ann", "cy"], ["zanzi"])
        # The session, the password, a link that was under way: none lets them in.
        assert (zed.get("/log").status, zed.join()) == (303, 403)
        assert Caller(page.port).post("/sign-in", {"athlete": "zanzi", "password": SAID}).status == 403
        assert Caller(page.port).post("/join", {"code": link, "password": "another password"}).status == 403
        assert not passwords.is_set(CredentialStore(home.home.secrets), "zanzi")
        # What is theirs is still there, and comes back with them.
        ann = Caller(page.port)
        assert ann.post("/sign-in", {"athlete": "ann", "password": SAID}).status == 303
        assert ann.post("/household", {"name": "zanzi"}).status == 409
        back = ann.post("/household", {"bring_back": "zanzi"}, Referer=f"http://127.0.0.1:{page.port}/household").body
        code = re.search(r"/join#([0-9A-Z]{16})<", back)
        assert code is not None
        assert zed.post("/join", {"code": code[1], "password": "spread and grip"}).status == 303
        assert len(home("--athlete", "zanzi", "runs", "--json").json) == 1
    assert (root / "config.toml").read_text() == TEXT
