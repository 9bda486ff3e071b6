"""The real daemon takes settings over within ten seconds: from the page's call, and from an editor."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sync.errors import PersonMustAct
from sync.settings.config_file import versions
from sync.wire.settings import SettingsPage
from tests.browser import served
from tests.page_requests import Caller
from tests.shell import Shell, until

WITHIN_S = 10.0
pytestmark = pytest.mark.timeout(180)


def origins(page: SettingsPage) -> dict[str, str]:
    return {line.name: line.origin for line in page.settings if line.origin != "default"}


def test_the_daemon_takes_changes_over(home: Path) -> None:
    shell, config = Shell(home), home / "config.toml"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    config.write_text('# ours\n[athlete]\nclock = "12h" # by hand\n')
    config.chmod(0o640)
    with shell.daemon():
        client = shell.client()
        first = client.settings()
        assert (first.fixed_by, origins(first)) == (None, {"clock": "file"})
        english = client.today().adherence.says

        after = client.set("language", "de", read=first.digest)
        assert origins(after) == {"clock": "file", "language": "yours"}
        assert client.today().adherence.says != english
        assert config.read_text() == '# ours\n[athlete]\nclock = "12h" # by hand\nlanguage = "de"\n'
        assert config.stat().st_mode & 0o777 == 0o640
        with pytest.raises(PersonMustAct, match=r"settings\.config_changed"):
            client.set("units", "mi", read=first.digest)

        began = time.monotonic()
        config.write_text('[athlete]\nlanguage = "en"\n[dashboard]\nport = 8600\n')
        until(lambda: client.today().adherence.says == english, WITHIN_S)
        assert time.monotonic() - began < WITHIN_S
        now = client.settings()
        assert (origins(now), now.restart) == ({"language": "file"}, ["[dashboard] port"])

        config.write_text('[athlete]\nlanguage = "dutch"\n')
        until(lambda: client.settings().mistakes, WITHIN_S)
        broken = client.settings()
        assert (broken.value("language"), broken.fixed_by) == ("en", "invalid")
        assert client.today().adherence.says == english
        with pytest.raises(PersonMustAct, match=r"settings\.config_invalid"):
            client.set("units", "mi", read=broken.digest)
        assert "dutch" in (home / "log" / "daemon.log").read_text()

        config.write_text('[athlete]\nlanguage = "en"\ntime_zone = "Europe/Berlin"\n')
        until(lambda: not client.settings().mistakes, WITHIN_S)
        assert 'zone = "' in config.read_text(), "the zone before is noted for the days before"
        config.chmod(0o444)
        now = client.settings()
        assert ({line.origin for line in now.settings}, now.fixed_by) == ({"fixed"}, "read_only")
    assert client.settings().fixed_by == "away"
    assert len(versions(config)) == 2


def test_a_restart_with_an_invalid_file_goes_on(home: Path) -> None:
    """The daemon and the page of one start, after an edit that went wrong and a power cut; the passwords hold."""
    shell, config = Shell(home), home / "config.toml"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    config.write_text('[athlete]\nunits = "mi"\n[dashboard]\npasswords = true\n')
    with shell.daemon():
        until(lambda: (home / "settings-in-force.json").exists(), WITHIN_S)
    config.write_text('[athlete]\nunits = "mi"\n[dashboard]\npasswords = yes\n')
    with shell.daemon(), served(home) as page:
        found = shell.client().settings()
        assert (found.value("units"), found.fixed_by, len(found.mistakes)) == ("mi", "invalid", 1)
        assert Caller(page.port).get("/log").status == 303
        assert Caller(page.port).join() == 403
        assert "settings.invalid" in (home / "log" / "daemon.log").read_text()
        config.write_text('[athlete]\nunits = "km"\n[dashboard]\npasswords = true\n')
        until(lambda: shell.client().settings().value("units") == "km", WITHIN_S)
    config.write_text("[athlete\n")
    said = shell("status")
    assert (said.code, "cannot be read as TOML" in said.err) == (2, True)
