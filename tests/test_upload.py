"""A file handed in gets a name nothing can trip over, and never replaces another."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.service import upload


@pytest.mark.parametrize(
    ("given_name", "stored_name"),
    [
        ("run.fit", "run.fit"),
        ("../../etc/passwd", "passwd"),
        ("C:\\runs\\Morning run.fit", "Morning run.fit"),
        (".hidden.fit", "hidden.fit"),
        ("run.fit.crdownload", "run.fit"),
        ("run.fit~.part", "run.fit"),
        ("a\nb\x00c.gpx", "a_b_c.gpx"),
        ("", "upload"),
        ("...", "upload"),
        ("Läufe.zip", "Läufe.zip"),
        ("x" * 300 + ".tcx", "x" * 116 + ".tcx"),
    ],
)
def test_names(given_name: str, stored_name: str) -> None:
    assert upload.safe_name(given_name) == stored_name


@given(st.text(max_size=400))
def test_no_name_leaves_the_folder_or_hides(name: str) -> None:
    safe = upload.safe_name(name)
    assert safe
    assert "/" not in safe
    assert not safe.startswith(".")
    assert 0 < len(safe.encode()) <= upload.LONGEST_NAME_BYTES
    assert upload.safe_name(safe) == safe


def test_the_same_twice_is_one_file_and_another_gets_a_number(tmp_path: Path) -> None:
    first = upload.put(tmp_path / "inbox", "run.fit", [b"one ", b"file"])
    again = upload.put(tmp_path / "inbox", "run.fit", [b"one file"])
    other = upload.put(tmp_path / "inbox", "run.fit", [b"another"])
    assert (first.name, again, other.name) == ("run.fit", first, "run (2).fit")
    assert {path.name: path.read_bytes() for path in (tmp_path / "inbox").iterdir()} == {
        "run.fit": b"one file",
        "run (2).fit": b"another",
    }


def test_a_sender_that_leaves_half_way_leaves_nothing(tmp_path: Path) -> None:
    def half() -> object:
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        upload.put(tmp_path, "run.fit", half())  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
