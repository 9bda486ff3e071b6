"""What the Settings page writes into config.toml: one setting, nothing else, and never over an edit."""

from __future__ import annotations

import os
import stat
from datetime import datetime
from pathlib import Path

import pytest

from sync.errors import PersonMustAct
from sync.settings.config import Config, ConfigMistakes, Secrets, parse
from sync.settings.config_example import example_text
from sync.settings.config_file import read_config, versions, write_config
from sync.settings.form import RESTART, SETTINGS, changed_text, needs_restart, states, written_by_persons
from sync.settings.live_config import LiveConfig

NOW = datetime(2026, 11, 28, 19)
HOUSE = '# ours\n[athlete]\nid = "ann"   # never change\nname = "Ann"\n\n[[athletes]]\nid = "ben"\nname = "Ben"\n'
ZONE_KEPT = 'zones_before = [{until = 2026-11-28T19:00:00, zone = "Europe/Berlin"}]\n'


def change(text: str, name: str, value: str | int | bool | None, athlete: str | None = None) -> str:
    config = parse(text)
    return changed_text(text, config, config.athlete(athlete), name, value, NOW)


@pytest.mark.parametrize(
    ("before", "name", "value", "athlete", "after"),
    [
        ("", "units", "mi", None, '[athlete]\nunits = "mi"\n'),
        ("# mine\n", "maps", True, None, "# mine\n\n[dashboard]\nmaps = true\n"),
        (HOUSE, "units", "mi", "ben", HOUSE + 'units = "mi"\n'),
        (HOUSE, "name", " Anna ", "ann", HOUSE.replace('"Ann"', '"Anna"')),
        ("[athlete]\nbirth_year = 1980 # so\n", "birth_year", None, None, "[athlete]\n"),
        (
            '[athlete]\ntime_zone = "Europe/Berlin"\n', "time_zone", "Asia/Tokyo", None,
            '[athlete]\ntime_zone = "Asia/Tokyo"\n' + ZONE_KEPT,
        ),
    ],
)  # fmt: skip
def test_one_setting_changes_and_nothing_else(
    before: str, name: str, value: str | int | bool | None, athlete: str | None, after: str
) -> None:
    assert change(before, name, value, athlete) == after


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("units", "furlong"), ("name", "  "), ("name", "A\nB"), ("name", "x" * 61), ("time_zone", "Mars/Olympus"),
        ("birth_year", 1492), ("birth_year", True), ("keep_days", 0), ("maps", "yes"), ("keep_in", "keyring"),
        ("redirect_garmin", "http://127.0.0.1:1"), ("folders", "/etc"), ("port", 80), ("addresses", "https://x"),
    ],
)  # fmt: skip
def test_what_is_no_value_or_not_in_the_form_is_refused(name: str, value: str | int | bool) -> None:
    with pytest.raises((PersonMustAct, ConfigMistakes)):
        change(HOUSE, name, value)


def test_a_second_runner_may_not_take_the_firsts_name() -> None:
    with pytest.raises(ConfigMistakes):
        change(HOUSE, "name", "Ann", "ben")


def test_no_secret_path_or_address_is_in_the_form() -> None:
    keys = {setting.key for setting in SETTINGS}
    assert keys & {*Secrets.model_fields, *type(Config().testing).model_fields} == set()
    assert keys & {"folders", "places", "addresses", "address", "port", "allowed_hosts", "api", "oauth"} == set()
    assert {setting.section for setting in SETTINGS} & {"secrets", "testing", "calendar", "inbox", "usb"} == set()


def test_each_setting_says_whose_it_is() -> None:
    text = '[athlete]\nunits = "mi"\nclock = "12h"\n[dashboard]\nmaps = true\n'
    config = parse(text)
    found = {
        one.name: one.origin
        for one in states(text, config, config.first, {"runner.units": "mi", "runner.clock": "24h"}, fixed=False)
    }
    expected = {setting.name: "default" for setting in SETTINGS} | {"units": "yours", "clock": "file", "maps": "file"}
    assert found == expected
    assert {one.origin for one in states(text, config, config.first, {}, fixed=True)} == {"fixed"}


def test_what_a_copy_of_the_example_brought_counts_as_not_set() -> None:
    assert written_by_persons(example_text()) == set()
    edited = example_text().replace('units = "km"', 'units = "mi"').replace("port = 8501", "port = 8600")
    assert written_by_persons(edited) == {("athlete", "units"), ("dashboard", "port")}
    assert written_by_persons('[dashboard]\naddress = "127.0.0.1"\n') == {("dashboard", "address")}


def test_the_few_that_need_a_restart_are_named() -> None:
    assert needs_restart(Config(), parse("[dashboard]\nport = 8600\nmaps = true\n")) == ("[dashboard] port",)
    for section, keys in RESTART.items():
        assert set(keys) <= set(type(getattr(Config(), section)).model_fields)


# --- the file -----------------------------------------------------------------------------------------


def write(path: Path, text: str) -> None:
    write_config(path, text, read=read_config(path).digest)


def test_mode_and_link_stay_and_five_versions_are_kept(tmp_path: Path) -> None:
    real, link = tmp_path / "dots" / "springstep.toml", tmp_path / "config.toml"
    real.parent.mkdir()
    real.write_text("# 0\n")
    real.chmod(0o640)
    link.symlink_to(real)
    for number in range(1, 9):
        write(link, f"# {number}\n")
    assert link.is_symlink()
    assert (real.read_text(), stat.S_IMODE(real.stat().st_mode)) == ("# 8\n", 0o640)
    assert [path.read_text() for path in versions(link)] == [f"# {number}\n" for number in (7, 6, 5, 4, 3)]
    assert {stat.S_IMODE(path.stat().st_mode) for path in versions(link)} == {0o640}
    assert len(list(real.parent.iterdir())) == 6


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_the_owner_stays(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("# 0\n")
    os.chown(path, 1234, 2345)
    write(path, "# 1\n")
    assert (path.stat().st_uid, path.stat().st_gid, path.read_text()) == (1234, 2345, "# 1\n")


def test_an_edit_made_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    read = read_config(path).digest
    path.write_text("# by hand\n")
    with pytest.raises(PersonMustAct, match=r"settings\.config_changed"):
        write_config(path, "# by the page\n", read=read)
    assert (path.read_text(), versions(path)) == ("# by hand\n", [])


def test_a_file_that_nobody_may_write_is_fixed(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("# mounted\n")
    path.chmod(0o444)
    with pytest.raises(PersonMustAct, match=r"settings\.config_fixed"):
        write(path, "# mine\n")
    assert path.read_text() == "# mounted\n"


def test_an_invalid_edit_leaves_the_last_valid_settings_in_force(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[athlete]\nunits = "mi"\n')
    live = LiveConfig(path)
    path.write_text('[athlete]\nunits = "miles"\n')
    assert live.look().first.units == "mi"
    assert live.mistakes == ('config.toml: [athlete] units must be "km" or "mi", not "miles"',)
    path.write_text('[athlete]\nunits = "km"\n# well\n')
    assert (live.look().first.units, live.mistakes) == ("km", ())


def test_a_file_that_goes_away_takes_no_setting_with_it(tmp_path: Path) -> None:
    """Some editors take it away before they put the new one there; a disk may be gone for a while."""
    path = tmp_path / "config.toml"
    path.write_text("[dashboard]\npasswords = true\n")
    live = LiveConfig(path)
    path.unlink()
    assert (live.look().dashboard.sign_in, live.unreadable and live.unreadable.code) == (
        True,
        "settings.config_unreadable",
    )
    path.write_text("")
    assert (live.look().dashboard.sign_in, live.mistakes) == (False, ())


def test_a_file_written_on_windows_is_read_and_keeps_its_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    written = b'\xef\xbb\xbf# mine\r\n[athlete]\r\nid = "ann"   # me\r\n\r\n[map]\r\n'.replace(b"[map]", b"[store]")
    path.write_bytes(written)
    live = LiveConfig(path, kept=tmp_path / "kept.json")
    live.keep()
    assert (live.look().first.id, live.mistakes, (tmp_path / "kept.json").exists()) == ("ann", (), True)
    found = read_config(path)
    write_config(path, change(found.text, "units", "mi"), read=found.digest)
    added = b'# mine\r\n[athlete]\r\nid = "ann"   # me\r\nunits = "mi"\r\n\r\n[store]\r\n'
    assert path.read_bytes() == added
    assert versions(path)[0].read_bytes() == written


def test_a_start_with_an_invalid_file_goes_on_with_what_was_valid_last(tmp_path: Path) -> None:
    path, kept = tmp_path / "config.toml", tmp_path / "kept.json"
    secret = "https://calendar.example/private-canary/basic.ics"
    path.write_text(f'[athlete]\nunits = "mi"\n[calendar]\naddresses = ["{secret}"]\n')
    LiveConfig(path, kept=kept).keep()
    assert ("private-canary" in kept.read_text(), kept.stat().st_mode & 0o777) == (False, 0o600)
    path.write_text('[athlete]\nunits = "miles"\n')
    again = LiveConfig(path, kept=kept)
    assert (again.look().first.units, again.from_file.first.units) == ("mi", "mi")
    assert again.mistakes == ('config.toml: [athlete] units must be "km" or "mi", not "miles"',)
    again.keep()
    assert "miles" not in kept.read_text()
    path.write_text('[athlete]\nunits = "km"\n')
    assert (again.look().first.units, again.mistakes) == ("km", ())
    # Of another file nothing is known, and what cannot be read helps nobody.
    other = tmp_path / "other.toml"
    other.write_text("[athlete\n")
    path.write_text("[athlete\n")
    for broken in (other, path):
        with pytest.raises(ConfigMistakes):
            LiveConfig(broken, kept=kept if broken is other else None)
    kept.write_text("{}")
    with pytest.raises(ConfigMistakes):
        LiveConfig(path, kept=kept)
