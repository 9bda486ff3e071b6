"""A watch plugged in as a drive."""

from __future__ import annotations

from pathlib import Path

from sync.sources.adapters.folder import watch_folders


def test_watches_are_found_where_drives_appear_in_either_spelling(tmp_path: Path) -> None:
    old = tmp_path / "media" / "GARMIN" / "Garmin" / "Activity"
    new = tmp_path / "run" / "media" / "anna" / "FORERUNNER" / "GARMIN" / "ACTIVITY"
    other = tmp_path / "media" / "STICK" / "Music"
    for folder in (old, new, other):
        folder.mkdir(parents=True)
    places = [tmp_path / "media", tmp_path / "run" / "media", tmp_path / "nowhere", tmp_path / "media"]
    assert watch_folders(places) == (old, new)


def test_links_that_lead_elsewhere_are_not_followed(tmp_path: Path) -> None:
    real = tmp_path / "real" / "GARMIN" / "ACTIVITY"
    real.mkdir(parents=True)
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "loop").symlink_to(tmp_path)
    assert watch_folders([tmp_path / "media"]) == ()


def test_a_deep_disk_is_not_searched_to_its_end(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c" / "d" / "e" / "GARMIN" / "ACTIVITY"
    deep.mkdir(parents=True)
    assert watch_folders([tmp_path]) == ()
