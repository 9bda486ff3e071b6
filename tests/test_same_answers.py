"""``status``, ``runs`` and ``import`` say the same whether a daemon runs or not: real processes, two homes alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sync.app.demo.fit_writer import write
from tests.linked_home import MORNING, short_run
from tests.shell import Shell

OF_THE_MACHINE = ("owner", "owner_pid", "home", "inbox", "database_bytes", "work", "passes", "sources", "backup_utc")
"""What may differ in ``status``: where the home lies, who owns it, and what only a daemon does there."""


def a_folder(root: Path) -> Path:
    folder = root / "runs"
    (folder / "more").mkdir(parents=True)
    for day in range(3):
        (folder / "more" / f"{day}.fit").write_bytes(write(short_run(MORNING.replace(day=10 + day))))
    (folder / "again.fit").write_bytes((folder / "more" / "0.fit").read_bytes())
    (folder / "broken.fit").write_bytes(b"\x0e\x10 no fit at all .FIT")
    (folder / "notes.txt").write_text("none of our business")
    (folder / "future.gpx").write_text(
        '<gpx version="1.1"><trk><type>running</type><trkseg>'
        + "".join(f'<trkpt lat="0.00{n}" lon="0"><time>2065-01-01T07:0{n}:00Z</time></trkpt>' for n in range(1, 9))
        + "</trkseg></trk></gpx>"
    )
    return folder


def answers(shell: Shell, folder: Path) -> dict[str, Any]:
    imported, again = (shell("import", str(folder), "--json") for _ in (1, 2))
    status = shell("status", "--json")
    listed = shell("runs", "--json")
    nowhere = shell("import", str(folder / "nowhere"))
    return {
        "codes": [one.code for one in (imported, again, status, listed, nowhere)],
        "imported": without_times(imported.json),
        "again": without_times(again.json),
        "status": {name: value for name, value in without_times(status.json).items() if name not in OF_THE_MACHINE},
        "sources": [(line["source"], line["state"]) for line in status.json["sources"] if line["source"] != "inbox"],
        "runs": listed.json,
        "nowhere": (nowhere.out, nowhere.err),
        "words": shell("runs").out,
    }


def without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_times(one) for name, one in value.items() if not name.endswith(("seen_utc", "ended_utc"))}
    return [without_times(one) for one in value] if isinstance(value, list) else value


def test_with_a_daemon_and_without_one(tmp_path: Path) -> None:
    """And a fresh interpreter says what a forked one does (`tests/forked.py`)."""
    folder = a_folder(tmp_path)
    alone, kept = Shell(tmp_path / "alone", fresh=True), Shell(tmp_path / "kept")
    without = answers(alone, folder)
    with kept.daemon():
        beside = answers(kept, folder)
    assert beside == without
    assert (without["imported"]["found"], without["imported"]["runs"], without["imported"]["problem"]) == (7, 3, 2)
    assert len(without["runs"]) == 3
